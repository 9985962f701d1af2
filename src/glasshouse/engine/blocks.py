"""Blocks of citizens: what one thread steps at a time."""

import numpy as np
from numpy.typing import NDArray

BLOCK_SIZE = 1024
"""Citizens of a block, unless another size is asked for: some hundred kilobytes of state, which a core's cache holds."""


def block_bounds(districts: NDArray[np.void], size: int = BLOCK_SIZE) -> NDArray[np.int64]:
    """The blocks of a population's districts.

    Parameters
    ----------
    districts : structured array
        Traits of the districts, of which `first` and `size` are used.
    size : int
        The most citizens that a block holds, a multiple of 64, so that no two blocks share a word of shown signals.

    Returns
    -------
    array of int64, shape (blocks, 3)
        First citizen, citizen after the last, and district, for each block.
    """
    rows = [
        (start, min(start + size, int(d["first"]) + int(d["size"])), number)
        for number, d in enumerate(districts)
        for start in range(int(d["first"]), int(d["first"]) + int(d["size"]), size)
    ]
    return np.array(rows, np.int64).reshape(-1, 3)
