"""The text of the compiled pass: every kernel of a week chained into loops over citizens, firms, districts, the centre.

A block is some citizens of one district (`engine.blocks`). It owns their records, its words of shown signals, its row of
sums and its stretch of each post channel, so that blocks can run on any thread in any order and leave the same bytes.

Names of the generated file that begin with an underscore belong to the loops; a kernel cannot use them.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.agent_access import HELPERS
from glasshouse.engine.compiler.contacts import count_signals
from glasshouse.engine.compiler.in_place import in_place
from glasshouse.engine.compiler.layout import ModelLayout, digest
from glasshouse.engine.compiler.pairing import kernels as pair_kernels
from glasshouse.engine.compiler.place_loops import TOTAL, districts, firms, workplace
from glasshouse.engine.compiler.records import INDEX, fields
from glasshouse.engine.compiler.rewrite import helpers_of
from glasshouse.engine.compiler.source import plain_source
from glasshouse.engine.compiler.statements import Emitter, fields_used, indent
from glasshouse.engine.compiler.symbols import COUNTED, CROWDS, Symbol, narrow, shared_word, wide
from glasshouse.model.component import KERNELS
from glasshouse.model.entities import CELLS, MOST_GROUPS, NOBODY
from glasshouse.model.pairing import Pairing
from glasshouse.rng import EVERYDAY, philox4x32, stream

CITIZENS = (
    "week, _key0, _key1, _blocks, _state, _traits, _district, _places, _centre, _p, _treated, _plane, _next, _tie_start, "
    "_ties, _sums, _post_target, _post_amount, _post_count, _firm, _units, _ahead, _turns"
)
"""Arguments of the loop over citizens, after its range."""

DRAW = """
def _draw(key0, key1, stream, group, word, entity, week):
    date = np.uint32(np.int64(week) & 0xFFFFFFFF)
    a, b, c, d = philox4x32(np.uint32(entity), np.uint32(group), date, np.uint32(stream), key0, key1)
    return np.uint32(a if word == 0 else b if word == 1 else c if word == 2 else d) * 2.0**-32
"""
"""A number from 0 to 1."""

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
"""The citizen that something is sent to, as the post stores the number; one that cannot exist is nobody."""

CONTACTS_NUMBER, HOUSEHOLD_NUMBER = Symbol("contacts", "number"), Symbol("household", "number")
"""How many others each crowd holds."""


class CodeGenerator:
    """Source of the compiled pass of one model.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    pairings : sequence of Pairing classes
        Comparisons of two arms that the pass carries out.
    """

    def __init__(self, layout: ModelLayout, pairings: Sequence[type[Pairing]] = ()) -> None:
        self.layout = layout
        self.pair = pair_kernels(layout, pairings)
        self.emitter = Emitter(layout)
        self.citizen, self.firm, self.district, self.centre = (layout.kernels(kind) for kind in KERNELS)
        self.shown = [signal.name for signal in layout.signals]
        if layout.schedule == "synchronous":
            # In turns others change the records too, so a citizen's own columns are in variables until their turn ends.
            self.citizen = in_place(self.citizen, layout.state, layout.traits)

    @cached_property
    def text(self) -> str:
        """The whole file: constants, helpers, kernels, then the loops that call them.

        Returns
        -------
        str
            Source text of the compiled pass.
        """
        kernels = [kernel for _, kernel in (*self.citizen, *self.firm, *self.district, *self.centre)] + self.pair
        helpers, tables = helpers_of(kernels)
        in_turn = self.layout.schedule == "sequential"
        # `inline` and `outer` are the decorators that a backend puts before this text.
        inline = [plain_source(philox4x32), DRAW, WHOLE, FIT, ADDRESS, TOTAL]
        inline += [count_signals(self.layout)] if self.layout.signals else []
        inline += [function.source for function in (*helpers, *kernels)]
        loops = [
            self._citizens(),
            districts(self.emitter, self.district, self.centre),
            self._post(),
            self._pairs(),
            REDUCE,
        ]
        loops += [firms(self.emitter, self.firm)] if self.firm else []
        loops += [ORDER] if in_turn else []
        parts = [
            '"""Compiled from the mechanisms of a Glasshouse run; written anew when any of them changes."""',
            "import numpy as np",
            *(f"{name} = np.array({table.tolist()!r}, {wide(table.dtype)})" for name, table in sorted(tables.items())),
            *([HELPERS] if in_turn else []),
            *("@inline\n" + function.strip() for function in inline),
            *("@outer\n" + loop.strip() for loop in loops),
        ]
        return "\n\n\n".join(part.strip() for part in parts) + "\n"

    @cached_property
    def name(self) -> str:
        """Name of the file's content.

        Returns
        -------
        str
            `week_` and the digest of the file's text.
        """
        return f"week_{digest(self.text)}"

    def _citizens(self) -> str:
        """The loop over blocks and citizens or, in the sequential schedule, over citizens in the order of their turns."""
        layout, used = self.layout, fields_used(self.citizen)
        block = [
            "_first = _blocks[_row, 0]",
            "_home = _blocks[_row, 2]",
            "_regime = np.int64(_treated[_home])",
            *self.emitter.parameters(self.citizen),
            *self.emitter.loads("here", used, "_district[_home]", layout.district),
            *self.emitter.loads("here", used, "_places[_home]", layout.district_traits),
        ]
        step = ["_u = np.uint64(_i)", *self._loads(used), *self._calls_and_stores()]
        if layout.schedule == "sequential":
            loop = ["for _turn in range(_begin, _finish):", "    _i = _turns[_turn, 0]", "    _row = _turns[_turn, 1]"]
            inner = indent([*step, *self._show_at_once()], 1)
        else:
            loop = ["for _row in range(_begin, _finish):"]
            inner = ["    _stop = _blocks[_row, 1]", "    _word = np.uint64(0)", "    for _i in range(_first, _stop):"]
            inner += indent([*step, *self._show_next_week()], 2)
        nation = self.emitter.loads("nation", used, "_centre[0]", layout.centre)
        lines = [
            f"def citizens(_begin, _finish, {CITIZENS}):",
            *indent([*nation, *loop, *indent(block, 1), *inner], 1),
        ]
        return "\n".join(lines)

    def _loads(self, used: set[Symbol]) -> list[str]:
        """Loads of all that the kernels use of one citizen."""
        layout, variables = self.layout, {name for _, kernel in self.citizen for name in kernel.loop_variables}
        traits = fields(layout.traits)
        # Only what some kernel uses is loaded: memory traffic is what a week costs.
        lines = ["_entity = _i"]
        if "_cell" in variables:
            lines += self._cell("_state")
        # Without households in the traits everybody lives alone.
        if COUNTED in variables or {CONTACTS_NUMBER, HOUSEHOLD_NUMBER} & used:
            housed = "household_size" in traits
            lines += [
                "_place = " + ("np.int64(_traits[_u]['household_place'])" if housed else "0"),
                "_size = " + ("np.int64(_traits[_u]['household_size'])" if housed else "1"),
                f"{HOUSEHOLD_NUMBER.identifier} = _size - 1",
                f"{CONTACTS_NUMBER.identifier} = np.int64(_tie_start[_u + np.uint64(1)]) - np.int64(_tie_start[_u]) + _size - 1",
            ]
        lines += self._shared_draws()
        # The compiler needs every count to have a value, though most citizens never count.
        if COUNTED in variables:
            counts = sorted(Symbol(crowd, name).identifier for crowd in CROWDS for name in self.shown)
            lines += [f"{COUNTED} = False", f"{' = '.join(counts)} = np.int64(0)"]
        if Symbol("me", INDEX) in used:
            lines.append(f"{Symbol('me', INDEX).identifier} = _i")
        lines += workplace(self.emitter, used)
        lines += self.emitter.loads("ahead", used, "_ahead[_u]", layout.state)
        lines += self.emitter.loads("me", used, "_traits[_u]", layout.traits)
        lines += self.emitter.loads("me", used, "_state[_u]", layout.state)
        if self.shown:
            word, shift = self._place_of_signals()
            # A citizen's own signals are last week's until a kernel assigns them.
            lines.append(f"_own = _plane[{word}] >> {shift}")
            for bit, name in enumerate(self.shown):
                lines.append(f"{Symbol('me', name).identifier} = bool((_own >> np.uint64({bit})) & np.uint64(1))")
        return lines

    def _cell(self, state: str) -> list[str]:
        """Finds the group cell of a citizen, of whose records one is in `state`, as `entities.cells_in_week` does."""
        if "cell" not in fields(self.layout.traits):
            return ["_cell = 0"]
        lines, column = ["_cell = np.int64(_traits[_u]['cell'])"], self.layout.membership
        if column is not None:
            lines += [
                f"if _cell >= {CELLS}:",
                f"    _value = np.int64({state}[_u]['{column.name}'])",
                f"    if _value > 0 and _value <= {column.members}:",
                f"        _cell |= _cell >> {MOST_GROUPS}",
                f"    _cell &= {CELLS - 1}",
            ]
        return lines

    def _shared_draws(self) -> list[str]:
        """The generator call that all citizen kernels share, and the words of it that are used."""
        words = sorted({word for _, kernel in self.citizen for word in kernel.shared_words})
        if not words:
            return []
        number = stream(EVERYDAY)
        return [
            f"_words = philox4x32(np.uint32(_i), np.uint32(0), np.uint32(week), np.uint32({number}), _key0, _key1)",
            *(f"{shared_word(word)} = _words[{word}] * 2.0**-32" for word in words),
        ]

    def _calls_and_stores(self) -> list[str]:
        """The kernels of the week for one citizen, and the stores of what they assigned."""
        inboxes = sorted({inbox.name for m in self.layout.mechanisms for inbox in m.inboxes})
        lines = [self.emitter.call(mechanism, kernel) for mechanism, kernel in self.citizen]
        lines += self.emitter.stores("me", self.citizen, "_state[_u]", self.layout.state)
        # What was sent has been read: next week's inboxes start empty.
        return lines + [f"_state[_u]['{name}'] = 0" for name in inboxes]

    def _place_of_signals(self) -> tuple[str, str]:
        """Expressions for the word that holds a citizen's signals and for the place of their first bit in it."""
        per_word = 64 // self.layout.bits
        shift = f"((_u & np.uint64({per_word - 1})) * np.uint64({self.layout.bits}))"
        return f"_u >> np.uint64({per_word.bit_length() - 1})", shift

    def _shown_bits(self) -> str:
        """Expression for the citizen's signals as bits."""
        symbols = [Symbol("me", name) for name in self.shown]
        return " | ".join(f"np.uint64(1 if {s.identifier} else 0) << np.uint64({n})" for n, s in enumerate(symbols))

    def _show_next_week(self) -> list[str]:
        """Gathers the signals of the block's citizens and stores a word when it is full; contacts see it next week."""
        if not self.shown:
            return []
        word, shift = self._place_of_signals()
        # Words are written whole, and a block owns its words: no thread changes a bit beside another thread's.
        last = 64 // self.layout.bits - 1
        return [
            f"_word |= ({self._shown_bits()}) << {shift}",
            f"if (_i & {last}) == {last} or _i == _stop - 1:",
            f"    _next[{word}] = _word",
            "    _word = np.uint64(0)",
        ]

    def _show_at_once(self) -> list[str]:
        """Stores the citizen's signals where those who come later this week see them."""
        if not self.shown:
            return []
        word, shift = self._place_of_signals()
        # In turns there is one plane only: citizens see the present signals.
        others = f"_plane[{word}] & ~(np.uint64({(1 << self.layout.bits) - 1}) << {shift})"
        return [f"_plane[{word}] = ({others}) | (({self._shown_bits()}) << {shift})"]

    def _pairs(self) -> str:
        """The loop over pairs of records, one of each arm, after both have been stepped through the week."""
        layout = self.layout
        used = {symbol for kernel in self.pair for symbol in kernel.fields}
        word, shift = self._place_of_signals()
        lines = [
            "def pairs(_begin, _finish, _blocks, _reference, _regime, _traits, _plane0, _plane1, _sums):",
            "    for _row in range(_begin, _finish):",
            "        for _i in range(_blocks[_row, 0], _blocks[_row, 1]):",
            "            _u = np.uint64(_i)",
            # The group of a pair is that of its record in the reference.
            *indent(self._cell("_reference"), 3),
            *indent(self.emitter.loads("me", used, "_traits[_u]", layout.traits), 3),
        ]
        for arm, record in enumerate(("reference", "regime")):
            lines += indent(self.emitter.loads(record, used, f"_{record}[_u]", layout.state), 3)
            for bit, name in enumerate(self.shown):
                symbol = Symbol(record, name)
                if symbol in used:
                    own = f"(_plane{arm}[{word}] >> ({shift} + np.uint64({bit})))"
                    lines.append(f"            {symbol.identifier} = bool({own} & np.uint64(1))")
        lines += [f"            {kernel.name}({', '.join(kernel.arguments)})" for kernel in self.pair]
        # A loop needs a body even where no pairing is compared.
        return "\n".join([*lines, "            pass"])

    def _post(self) -> str:
        """Delivers what the citizens sent, channel by channel and block by block, into next week's inboxes."""
        lines = [
            "def post(_blocks, _state, _post_target, _post_amount, _post_count):",
            "    for _row in range(_blocks.shape[0]):",
            "        _first = _blocks[_row, 0]",
        ]
        # One thread delivers in a fixed order, so that sums that are cut to a range come out the same each time.
        for channel, (_, inbox) in enumerate(self.layout.channels):
            lines += [
                f"        for _k in range(_post_count[_row, {channel}]):",
                f"            _to = np.uint64(_post_target[{channel}, _first + _k])",
                # Nothing is sent to nobody: the address of nobody is beyond every population.
                "            if _to < np.uint64(_state.shape[0]):",
                f"                _waiting = np.int64(_state[_to]['{inbox}'])",
                f"                _amount = np.int64(_post_amount[{channel}, _first + _k])",
                f"                _state[_to]['{inbox}'] = {self._received(inbox)}",
                f"        _post_count[_row, {channel}] = 0",
            ]
        return "\n".join(lines)

    def _received(self, inbox: str) -> str:
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
"""The keys by which citizens are ordered in the sequential schedule: a draw each, and their number below it."""
