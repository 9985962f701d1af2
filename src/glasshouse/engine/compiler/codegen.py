"""The text of the compiled pass: every kernel of a week chained into loops over citizens, firms, districts, the centre.

A block is at most `BLOCK` citizens of one district. It owns their records, its words of shown signals, its row of sums
and its stretch of each post channel, so that blocks can run on any thread in any order and leave the same bytes.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.agent_access import HELPERS
from glasshouse.engine.compiler.layout import INDEX, LANES, ModelLayout, digest, fields, helpers_of
from glasshouse.engine.compiler.pairing import kernels as pair_kernels
from glasshouse.engine.compiler.place_loops import TOTAL, districts, firms, workplace
from glasshouse.engine.compiler.rewrite import plain_source
from glasshouse.engine.compiler.statements import Emitter, identifiers, indent
from glasshouse.engine.compiler.symbols import CROWDS, narrow, wide
from glasshouse.model.component import KERNELS
from glasshouse.model.entities import NOBODY
from glasshouse.model.pairing import Pairing
from glasshouse.rng import EVERYDAY, philox4x32, stream

BLOCK = 1024

CITIZENS = (
    "week, _key0, _key1, _blocks, _state, _traits, _district, _places, _centre, _p, _treated, _plane, _next, _tie_start, "
    "_ties, _sums, _post_target, _post_amount, _post_count, _firm, _units, _ahead, _turns"
)
"""Arguments of the loop over citizens, after its range."""

DRAW = """
def _draw(key0, key1, stream, group, word, entity, week):
    date = np.uint32(np.int64(week) & 0xFFFFFFFF)
    words = philox4x32(np.uint32(entity), np.uint32(group), date, np.uint32(stream), key0, key1)
    return words[word] * 2.0**-32
"""

WHOLE = """
def _whole(x):
    if -9223372036854775808.0 <= x and x < 9223372036854775808.0:
        return int(x)
    return 9223372036854775807 if x > 0 else -9223372036854775808
"""
"""`int(x)` with the same result on every machine: a number beyond 64 bits becomes the nearest end."""

FIT = """
def _fit(x, low, high):
    if low <= x and x <= high:
        return int(x)
    return high if x > high else low
"""
"""A whole number within the range of the field that will hold it."""

ADDRESS = f"""
def _address(citizen):
    return int(citizen) if citizen >= 0 and citizen < {NOBODY} else {NOBODY}
"""
"""The citizen that something is sent to, as the post holds him; whoever cannot exist is nobody."""


class CodeGenerator:
    """Source of the passes of one weave; `text` is the whole file, `name` its hash."""

    def __init__(self, layout: ModelLayout, pairings: Sequence[type[Pairing]] = ()) -> None:
        self.layout = layout
        self.pair = pair_kernels(layout, pairings)
        self.lines = Emitter(layout)
        self.citizen, self.firm, self.district, self.centre = (layout.kernels(kind) for kind in KERNELS)

    @cached_property
    def text(self) -> str:
        """The whole file: constants, helpers, kernels, then the loops that call them."""
        woven = (*self.citizen, *self.firm, *self.district, *self.centre)
        kernels = [rewritten for _, rewritten in woven] + self.pair
        helpers, tables = helpers_of(kernels)
        parts = [
            '"""Woven from the mechanisms of a Glasshouse run; written anew when any of them changes."""',
            "import numpy as np",
        ]
        parts += [
            f"{name} = np.array({table.tolist()!r}, {wide(table.dtype)})" for name, table in sorted(tables.items())
        ]
        parts += ["@inline\n" + plain_source(philox4x32), *("@inline" + text for text in (DRAW, WHOLE, FIT, ADDRESS))]
        if self.layout.signals:
            parts.append("@inline\n" + self.look())
        parts.append("@inline" + TOTAL)
        if self.layout.schedule == "sequential":
            parts.append(HELPERS)
        parts += ["@inline\n" + helper.source for helper in helpers]
        parts += ["@inline\n" + rewritten.source for rewritten in kernels]
        if self.layout.schedule == "sequential":
            parts.append("@outer" + ORDER)
        loops = [self.citizens(), districts(self.lines, self.district, self.centre), self.post(), self.pairs(), REDUCE]
        if self.firm:
            loops.append(firms(self.lines, self.firm))
        parts += ["@outer\n" + loop for loop in loops]
        return "\n\n\n".join(part.strip() for part in parts) + "\n"

    @cached_property
    def name(self) -> str:
        """Name of the file's content."""
        return f"week_{digest(self.text)}"

    def look(self) -> str:
        """The look at the contacts: counts of each signal among household members and among all contacts."""
        signals, bits = self.layout.signals, self.layout.bits
        packs = range((len(signals) + LANES - 1) // LANES)
        per_word = 64 // bits
        shift, step = per_word.bit_length() - 1, bits.bit_length() - 1
        mask = (1 << bits) - 1

        def gather(index: str) -> list[str]:
            word = f"_word = _plane[{index} >> np.uint64({shift})]"
            pick = f"(_word >> (({index} & np.uint64({per_word - 1})) << np.uint64({step}))) & np.uint64({mask})"
            return [word, f"_shown = {pick}", *(f"_count{n} += {spread('_shown', n, bits)}" for n in packs)]

        counts = ", ".join(
            f"np.int64(({'_home' if crowd == 'household' else '_count'}{signal // LANES} >> np.uint64({16 * (signal % LANES)})) "
            f"& np.uint64(0xFFFF))"
            for crowd in sorted(CROWDS)
            for signal in sorted(range(len(signals)), key=lambda s: signals[s].name)
        )
        lines = [
            "def _look(_entity, _place, _size, _plane, _tie_start, _ties):",
            *(f"    _count{n} = np.uint64(0)" for n in packs),
            "    _member = _entity - _place",
            "    _end = _member + _size",
            "    while _member < _end:",
            "        if _member != _entity:",
            "            _j = np.uint64(_member)",
            *(f"            {line}" for line in gather("_j")),
            "        _member += 1",
            *(f"    _home{n} = _count{n}" for n in packs),
            "    _q = np.uint64(_tie_start[_entity])",
            "    _stop = np.uint64(_tie_start[_entity + 1])",
            "    while _q < _stop:",
            "        _j = np.uint64(_ties[_q])",
            *(f"        {line}" for line in gather("_j")),
            "        _q += np.uint64(1)",
            f"    return ({counts},)",
        ]
        return "\n".join(lines)

    def citizens(self) -> str:
        """The loop over blocks and citizens or, in the sequential schedule, over citizens in the order of their turns."""
        layout = self.layout
        in_turn = layout.schedule == "sequential"
        arguments = identifiers(self.citizen)
        block = [
            "_first = _blocks[_row, 0]",
            "_home = _blocks[_row, 2]",
            "_regime = np.int64(_treated[_home])",
            *self.lines.parameters(self.citizen),
            *self.lines.loads("here", arguments, "_district[_home]", layout.district),
            *self.lines.loads("here", arguments, "_places[_home]", layout.district_traits),
        ]
        if in_turn:
            loop = ["for _turn in range(_begin, _finish):", "    _i = _turns[_turn, 0]", "    _row = _turns[_turn, 1]"]
            inner = indent(["_u = np.uint64(_i)", *self.one(arguments), *self.shows_at_once()], 1)
        else:
            loop = ["for _row in range(_begin, _finish):"]
            inner = ["    _stop = _blocks[_row, 1]", "    _word = np.uint64(0)", "    for _i in range(_first, _stop):"]
            inner += indent(["_u = np.uint64(_i)", *self.one(arguments), *self.shows()], 2)
        lines = [
            f"def citizens(_begin, _finish, {CITIZENS}):",
            *indent(
                [*self.lines.loads("nation", arguments, "_centre[0]", layout.centre), *loop, *indent(block, 1), *inner],
                1,
            ),
        ]
        return "\n".join(lines)

    def one(self, arguments: set[str]) -> list[str]:
        """What happens to one citizen but for showing it."""
        layout, shown = self.layout, [signal.name for signal in self.layout.signals]
        uses = {name for _, k in self.citizen for name in k.uses}
        looks = "looked" in arguments
        kept = sorted({n[3:] for _, k in self.citizen for n in k.returns if n.startswith("me_")} - set(shown))
        inboxes = sorted({inbox.name for m in layout.mechanisms for inbox in m.inboxes})
        body = ["_entity = _i"]
        if "_cell" in uses:
            body.append("_cell = " + ("np.int64(_traits[_u]['cell'])" if "cell" in fields(layout.traits) else "0"))
        if looks or {"contacts_number", "household_number"} & arguments:
            housed = "household_size" in fields(layout.traits)
            body += [f"_{part} = " + (f"np.int64(_traits[_u]['household_{part}'])" if housed else alone)
                     for part, alone in (("place", "0"), ("size", "1"))]  # fmt: skip
            body += ["household_number = _size - 1"]
            body += ["contacts_number = np.int64(_tie_start[_u + np.uint64(1)]) - np.int64(_tie_start[_u]) + _size - 1"]
        shared_draws = sorted(name for name in uses if name.startswith("_everyday"))
        if shared_draws:
            number = stream(EVERYDAY)
            body.append(
                f"_words = philox4x32(np.uint32(_i), np.uint32(0), np.uint32(week), np.uint32({number}), _key0, _key1)"
            )
            body += [f"{name} = _words[{name[-1]}] * 2.0**-32" for name in shared_draws]
        if looks:
            counts = sorted(f"{crowd}_{name}" for crowd in CROWDS for name in shown)
            body += ["looked = False", f"{' = '.join(counts)} = np.int64(0)"]
        if f"me_{INDEX}" in arguments:
            body.append(f"me_{INDEX} = _i")
        body += workplace(self.lines, arguments)
        body += self.lines.loads("ahead", arguments, "_ahead[_u]", layout.state)
        body += self.lines.loads("me", arguments, "_traits[_u]", layout.traits)
        body += self.lines.loads("me", arguments, "_state[_u]", layout.state)
        if shown:
            word, shift = self.place_of_signals()
            body.append(f"_own = _plane[{word}] >> {shift}")
            body += [f"me_{name} = bool((_own >> np.uint64({bit})) & np.uint64(1))" for bit, name in enumerate(shown)]
        body += [self.lines.call(mechanism, rewritten) for mechanism, rewritten in self.citizen]
        body += [f"_state[_u]['{name}'] = {narrow(layout.state[name], 'me_' + name)}" for name in kept]
        return body + [f"_state[_u]['{name}'] = 0" for name in inboxes]

    def place_of_signals(self) -> tuple[str, str]:
        """Expressions for the word that holds a citizen's signals and for the place of their first bit in it."""
        per_word = 64 // self.layout.bits
        shift = f"((_u & np.uint64({per_word - 1})) * np.uint64({self.layout.bits}))"
        return f"_u >> np.uint64({per_word.bit_length() - 1})", shift

    def shown_bits(self) -> str:
        """Expression for the citizen's signals as bits."""
        names = [signal.name for signal in self.layout.signals]
        return " | ".join(f"np.uint64(1 if me_{name} else 0) << np.uint64({bit})" for bit, name in enumerate(names))

    def shows(self) -> list[str]:
        """Gathers the signals of the block's citizens and stores a word when it is full; contacts see it next week."""
        if not self.layout.signals:
            return []
        word, shift = self.place_of_signals()
        last = 64 // self.layout.bits - 1
        return [
            f"_word |= ({self.shown_bits()}) << {shift}",
            f"if (_i & {last}) == {last} or _i == _stop - 1:",
            f"    _next[{word}] = _word",
            "    _word = np.uint64(0)",
        ]

    def shows_at_once(self) -> list[str]:
        """Stores the citizen's signals where those who come after him this week see them."""
        if not self.layout.signals:
            return []
        word, shift = self.place_of_signals()
        kept = f"_plane[{word}] & ~(np.uint64({(1 << self.layout.bits) - 1}) << {shift})"
        return [f"_plane[{word}] = ({kept}) | (({self.shown_bits()}) << {shift})"]

    def pairs(self) -> str:
        """The loop over pairs of records, one of each world, after both have lived a week."""
        layout = self.layout
        arguments = {name for rewritten in self.pair for name in rewritten.arguments}
        shown = [signal.name for signal in layout.signals]
        word, shift = self.place_of_signals()
        cell = "np.int64(_traits[_u]['cell'])" if "cell" in (layout.traits.names or ()) else "0"
        lines = [
            "def pairs(_begin, _finish, _blocks, _reference, _regime, _traits, _plane0, _plane1, _sums):",
            "    for _row in range(_begin, _finish):",
            "        for _i in range(_blocks[_row, 0], _blocks[_row, 1]):",
            "            _u = np.uint64(_i)",
            f"            _cell = {cell}",
            *indent(self.lines.loads("me", arguments, "_traits[_u]", layout.traits), 3),
        ]
        for world, (record, state) in enumerate((("reference", "_reference[_u]"), ("regime", "_regime[_u]"))):
            lines += indent(self.lines.loads(record, arguments, state, layout.state), 3)
            for bit, name in enumerate(shown):
                if f"{record}_{name}" in arguments:
                    own = f"(_plane{world}[{word}] >> ({shift} + np.uint64({bit})))"
                    lines.append(f"            {record}_{name} = bool({own} & np.uint64(1))")
        lines += [f"            {rewritten.name}({', '.join(rewritten.arguments)})" for rewritten in self.pair]
        return "\n".join([*lines, "            pass"])

    def post(self) -> str:
        """Delivers what the citizens sent, channel by channel and block by block, into next week's inboxes."""
        lines = [
            "def post(_blocks, _state, _post_target, _post_amount, _post_count):",
            "    for _row in range(_blocks.shape[0]):",
            "        _first = _blocks[_row, 0]",
        ]
        for channel, (_, inbox) in enumerate(self.layout.channels):
            lines += [
                f"        for _k in range(_post_count[_row, {channel}]):",
                f"            _to = np.uint64(_post_target[{channel}, _first + _k])",
                "            if _to < np.uint64(_state.shape[0]):",
                f"                _waiting = np.int64(_state[_to]['{inbox}'])",
                f"                _amount = np.int64(_post_amount[{channel}, _first + _k])",
                f"                _state[_to]['{inbox}'] = {self.received(inbox)}",
                f"        _post_count[_row, {channel}] = 0",
            ]
        return "\n".join(lines)

    def received(self, inbox: str) -> str:
        """Expression for an inbox that holds `_waiting` once `_amount` has come."""
        packed = self.layout.packings["citizen"].get(inbox)
        return packing.total("_waiting", "_amount", packed) if packed else narrow(np.dtype("i4"), "_waiting + _amount")


REDUCE = """
def reduce(_blocks, _rows, _totals):
    _totals[:] = 0
    for _row in range(_rows.shape[0]):
        _home = _blocks[_row, 2]
        for _cell in range(_rows.shape[1]):
            for _slot in range(_rows.shape[2]):
                _totals[_home, _cell, _slot] += _rows[_row, _cell, _slot]
                _rows[_row, _cell, _slot] = 0
"""

ORDER = """
def order(_key0, _key1, week, _stream, _keys):
    for _i in range(_keys.shape[0]):
        _drawn = philox4x32(np.uint32(_i), np.uint32(0), np.uint32(week), _stream, _key0, _key1)[0]
        _keys[_i] = (np.uint64(_drawn) << np.uint64(32)) | np.uint64(_i)
"""
"""What citizens take their turns by in the sequential schedule: a draw each, and their number below it."""


def spread(shown: str, pack: int, bits: int) -> str:
    """Expression that puts each of four signal bits into a 16-bit lane of its own."""
    lanes = range(pack * LANES, min(bits, (pack + 1) * LANES))
    terms = []
    for lane in lanes:
        place = 16 * (lane % LANES)
        bit = f"({shown} & np.uint64({1 << lane}))"
        terms.append(
            f"({bit} << np.uint64({place - lane}))" if place >= lane else f"({bit} >> np.uint64({lane - place}))"
        )
    return " + ".join(terms)


def blocks(districts: NDArray[np.void], size: int = BLOCK) -> NDArray[np.int64]:
    """First citizen, citizen after the last, and district, for each block of a society's districts.

    `size` is the most that a block holds, a multiple of 64, so that no two blocks share a word of shown signals.
    """
    rows = [
        (start, min(start + size, int(d["first"]) + int(d["size"])), number)
        for number, d in enumerate(districts)
        for start in range(int(d["first"]), int(d["first"]) + int(d["size"]), size)
    ]
    return np.array(rows, np.int64).reshape(-1, 3)
