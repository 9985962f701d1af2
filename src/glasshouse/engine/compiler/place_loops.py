"""The text of what concerns places: the loops over firms and districts, the step of the centre, a citizen's workplace.

The loops come after the citizens' in a week and run on one thread; what their kernels add goes straight to the totals of
the week, cell 0. The centre is under the regime as soon as one district is, and under a change of it likewise.
"""

from glasshouse.engine.compiler.records import fields
from glasshouse.engine.compiler.statements import Emitter, Kernels, fields_used, indent
from glasshouse.engine.compiler.symbols import Symbol

FIRMS = "week, _key0, _key1, _firm, _units, _district, _places, _centre, _p, _treated, _sums"
"""Arguments of the loop over firms."""

DISTRICTS = "week, _key0, _key1, _district, _places, _centre, _p, _treated, _sums"
"""Arguments of the loop over districts."""

TOTAL = """
def _total(_sums, _begin, _finish, _slot):
    _found = 0
    for _place in range(_begin, _finish):
        for _cell in range(_sums.shape[1]):
            _found += _sums[_place, _cell, _slot]
    return _found
"""
"""A sum over the rows and groups of some places."""


def firms(emitter: Emitter, kernels: Kernels) -> str:
    """The loop over firms, each under the regime of its district.

    Parameters
    ----------
    emitter : Emitter
        Writes statements for the layout.
    kernels : sequence
        The firms' kernels.

    Returns
    -------
    str
    """
    layout, used = emitter.layout, fields_used(kernels)
    home = "np.int64(_units[_entity]['district'])" if "district" in fields(layout.firm_traits) else "0"
    text = [
        f"def firms({FIRMS}):",
        # Firms belong to no group; their sums go to cell 0.
        "    _cell = 0",
        *indent(emitter.loads("nation", used, "_centre[0]", layout.centre), 1),
        "    for _entity in range(_units.shape[0]):",
        f"        _row = {home}",
        "        _regime = np.int64(_treated[_row])",
        *indent(emitter.parameters(kernels), 2),
        *indent(emitter.loads("here", used, "_district[_row]", layout.district), 2),
        *indent(emitter.loads("here", used, "_places[_row]", layout.district_traits), 2),
        *indent(emitter.loads("firm", used, "_firm[_entity]", layout.firm), 2),
        *indent(emitter.loads("firm", used, "_units[_entity]", layout.firm_traits), 2),
        *(f"        {emitter.call(m, k)}" for m, k in kernels),
        *indent(emitter.stores("firm", kernels, "_firm[_entity]", layout.firm), 2),
    ]
    return "\n".join(text)


def districts(emitter: Emitter, kernels: Kernels, centres: Kernels) -> str:
    """The loop over districts and the step of the centre after it.

    Parameters
    ----------
    emitter : Emitter
        Writes statements for the layout.
    kernels : sequence
        The districts' kernels.
    centres : sequence
        The centre's kernels.

    Returns
    -------
    str
    """
    layout, district, centre = emitter.layout, fields_used(kernels), fields_used(centres)
    text = [
        f"def districts({DISTRICTS}):",
        "    _cell = 0",
        *indent(emitter.loads("nation", district | centre, "_centre[0]", layout.centre), 1),
        "    _furthest = np.int64(0)",
        "    for _row in range(_sums.shape[0]):",
        "        _entity = _row",
        "        _regime = np.int64(_treated[_row])",
        # The centre has one table: that of the district that is furthest on.
        "        _furthest = max(_furthest, _regime)",
        *indent(emitter.parameters(kernels), 2),
        *indent(emitter.loads("here", district, "_district[_row]", layout.district), 2),
        *indent(emitter.loads("here", district, "_places[_row]", layout.district_traits), 2),
        *indent(emitter.totals(district, "_total(_sums, _row, _row + 1, {slot})"), 2),
        *(f"        {emitter.call(m, k)}" for m, k in kernels),
        *indent(emitter.stores("here", kernels, "_district[_row]", layout.district), 2),
        # Without a district there is no row that the centre could add to.
        "    if _sums.shape[0] == 0:",
        "        return",
        "    _entity = 0",
        "    _row = 0",
        "    _regime = _furthest",
        *indent(emitter.parameters(centres), 1),
        *indent(emitter.totals(centre, "_total(_sums, 0, _sums.shape[0], {slot})"), 1),
        *(f"    {emitter.call(m, k)}" for m, k in centres),
        *indent(emitter.stores("nation", centres, "_centre[0]", layout.centre), 1),
    ]
    return "\n".join(text)


def workplace(emitter: Emitter, used: set[Symbol]) -> list[str]:
    """Loads of a citizen's workplace; without one they read the record after the last firm's, and traits of 0.

    Parameters
    ----------
    emitter : Emitter
        Writes statements for the layout.
    used : set of Symbol
        Fields that the citizens' kernels use.

    Returns
    -------
    list of str
    """
    layout = emitter.layout
    if not any(symbol.record == "work" for symbol in used):
        return []
    job = "np.int64(_traits[_u]['workplace'])" if "workplace" in fields(layout.traits) else "-1"
    return [
        # The record after the last firm's keeps its initial values, so that those without a workplace need no branch.
        f"_job = {job}",
        "_employed = 0 <= _job and _job < _units.shape[0]",
        "if not _employed:",
        "    _job = _units.shape[0]",
        "_w = np.uint64(_job)",
        *emitter.loads("work", used, "_firm[_w]", layout.firm),
        *emitter.loads("work", used, "_units[_w]", layout.firm_traits, condition="_employed"),
    ]
