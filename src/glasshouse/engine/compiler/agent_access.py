"""Other citizens in the sequential schedule: a citizen whose turn it is sees and changes them as they stand.

`ties(j)` and `tie(j, k)` walk the contacts of any citizen, `read("field", j)` gives a trait or column of his and
`write("column", j, value)` changes one that the mechanism owns. That is what models need that live on a grid, where sites
and those who stand on them are citizens alike. In the synchronous schedule it would make results depend on the order of
citizens, so kernels are given none of it there.
"""

from collections.abc import Mapping

import numpy as np

from glasshouse.engine.compiler.symbols import narrow, wide
from glasshouse.model.entities import NOBODY

VERBS = frozenset({"read", "write", "tie", "ties"})
"""What the citizen's kernels of the sequential schedule take beside all else."""

HELPERS = f"""
@inline
def _other(j, size):
    return np.uint64(j) if 0 <= j and j < size else np.uint64(0)


@inline
def _degree(starts, j):
    if 0 <= j and j < starts.shape[0] - 1:
        return np.int64(starts[np.uint64(j) + np.uint64(1)]) - np.int64(starts[np.uint64(j)])
    return 0


@inline
def _contact(starts, contacts, j, k):
    if 0 <= k and k < _degree(starts, j):
        return np.int64(contacts[np.uint64(starts[np.uint64(j)]) + np.uint64(k)])
    return {NOBODY}
"""
"""Of whom there is not, the pass reads the first citizen; the twin stops there, so that no model comes to rely on it."""


def reading(name: str, dtype: np.dtype[np.generic], array: str, index: str) -> str:
    """Expression for a field of the citizen at `index` in an array of records.

    Parameters
    ----------
    name : str
        The field.
    dtype : numpy.dtype
        How it is stored.
    array : str
        Variable that holds the records.
    index : str
        Expression for the citizen.

    Returns
    -------
    str
    """
    # The index is checked because compiled code does not: beyond the end it would read other memory.
    return f"{wide(dtype)}({array}[_other({index}, {array}.shape[0])]['{name}'])"


def writing(name: str, dtype: np.dtype[np.generic], index: str, value: str) -> str:
    """Statements that change a column of another citizen.

    Parameters
    ----------
    name : str
        The column.
    dtype : numpy.dtype
        How it is stored.
    index : str
        Expression for the citizen.
    value : str
        Expression for the value.

    Returns
    -------
    str
    """
    return (
        f"_at = _whole({index})\n"
        # A citizen's own columns are in variables until the end of their turn, so a write to oneself would be lost.
        "if 0 <= _at and _at < _state.shape[0] and _at != _entity:\n"
        f"    _state[np.uint64(_at)]['{name}'] = {narrow(dtype, value)}"
    )


CALLS = {"ties": "_degree(_tie_start", "tie": "_contact(_tie_start, _ties"}
"""How the calls of the verbs that walk the contacts begin once they are rewritten."""

USES: Mapping[str, frozenset[str]] = {
    "_state": frozenset({"_state"}),
    "_traits": frozenset({"_traits"}),
    "ties": frozenset({"_tie_start"}),
    "tie": frozenset({"_tie_start", "_ties"}),
    "write": frozenset({"_state", "_entity"}),
}
"""Names of the loop that the rewritten verbs and arrays lean on."""
