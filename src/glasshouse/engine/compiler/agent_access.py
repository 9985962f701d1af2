"""Access to other citizens in the sequential schedule, where each citizen sees and changes them as they stand.

`ties(j)` and `tie(j, k)` walk the contacts of any citizen, `read("field", j)` gives one of their traits or columns, and
`write("column", j, value)` changes a column that the mechanism owns. Models on a grid need that: their sites and those who
stand on them are citizens alike. In the synchronous schedule it would make results depend on the order of citizens, so
kernels have none of it there.
"""

from collections.abc import Mapping

import numpy as np

from glasshouse.engine.compiler.symbols import narrow, wide
from glasshouse.model.entities import NOBODY

VERBS = frozenset({"read", "write", "tie", "ties"})
"""Arguments that only citizens' kernels of the sequential schedule can ask for."""

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
"""For a citizen that does not exist the pass reads the first one; the interpreter stops, so that no model relies on it."""


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
"""Variables of the loop that the rewritten verbs and arrays use."""
