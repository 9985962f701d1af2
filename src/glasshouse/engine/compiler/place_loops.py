"""The text of what concerns places: the loops over firms and districts, the centre's step, and a citizen's workplace.

The loops come after the citizens' in a week and run on one thread; what their kernels add goes straight to the totals of
the week, cell 0. The centre lives under the regime as soon as one district does, and under the later one likewise.
"""

from glasshouse.engine.compiler.layout import fields
from glasshouse.engine.compiler.statements import Emitter, Kernels, identifiers, indent

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


def firms(lines: Emitter, kernels: Kernels) -> str:
    """The loop over firms, each under the regime of its district."""
    layout, arguments = lines.layout, identifiers(kernels)
    home = "np.int64(_units[_entity]['district'])" if "district" in fields(layout.firm_traits) else "0"
    text = [
        f"def firms({FIRMS}):",
        "    _cell = 0",
        *indent(lines.loads("nation", arguments, "_centre[0]", layout.centre), 1),
        "    for _entity in range(_units.shape[0]):",
        f"        _row = {home}",
        "        _regime = np.int64(_treated[_row])",
        *indent(lines.parameters(kernels), 2),
        *indent(lines.loads("here", arguments, "_district[_row]", layout.district), 2),
        *indent(lines.loads("here", arguments, "_places[_row]", layout.district_traits), 2),
        *indent(lines.loads("firm", arguments, "_firm[_entity]", layout.firm), 2),
        *indent(lines.loads("firm", arguments, "_units[_entity]", layout.firm_traits), 2),
        *(f"        {lines.call(m, k)}" for m, k in kernels),
        *indent(lines.stores("firm", kernels, "_firm[_entity]", layout.firm), 2),
    ]
    return "\n".join(text)


def districts(lines: Emitter, kernels: Kernels, centres: Kernels) -> str:
    """The loop over districts and the step of the centre after it."""
    layout, district, centre = lines.layout, identifiers(kernels), identifiers(centres)
    text = [
        f"def districts({DISTRICTS}):",
        "    _cell = 0",
        *indent(lines.loads("nation", district | centre, "_centre[0]", layout.centre), 1),
        "    _furthest = np.int64(0)",
        "    for _row in range(_sums.shape[0]):",
        "        _entity = _row",
        "        _regime = np.int64(_treated[_row])",
        "        _furthest = max(_furthest, _regime)",
        *indent(lines.parameters(kernels), 2),
        *indent(lines.loads("here", district, "_district[_row]", layout.district), 2),
        *indent(lines.loads("here", district, "_places[_row]", layout.district_traits), 2),
        *indent(lines.totals(district, "_total(_sums, _row, _row + 1, {slot})"), 2),
        *(f"        {lines.call(m, k)}" for m, k in kernels),
        *indent(lines.stores("here", kernels, "_district[_row]", layout.district), 2),
        # Without a district there is no row that the centre could add to.
        "    if _sums.shape[0] == 0:",
        "        return",
        "    _entity = 0",
        "    _row = 0",
        "    _regime = _furthest",
        *indent(lines.parameters(centres), 1),
        *indent(lines.totals(centre, "_total(_sums, 0, _sums.shape[0], {slot})"), 1),
        *(f"    {lines.call(m, k)}" for m, k in centres),
        *indent(lines.stores("nation", centres, "_centre[0]", layout.centre), 1),
    ]
    return "\n".join(text)


def workplace(lines: Emitter, arguments: set[str]) -> list[str]:
    """Loads of a citizen's workplace; who has none reads the record after the last firm's, and traits of 0."""
    layout = lines.layout
    if not any(name.startswith("work_") for name in arguments):
        return []
    found = ["_job = np.int64(_traits[_u]['workplace'])" if "workplace" in fields(layout.traits) else "_job = -1"]
    found += ["_employed = 0 <= _job and _job < _units.shape[0]", "if not _employed:", "    _job = _units.shape[0]"]
    found += ["_w = np.uint64(_job)"]
    found += lines.loads("work", arguments, "_firm[_w]", layout.firm)
    return found + lines.loads("work", arguments, "_units[_w]", layout.firm_traits, where="_employed")
