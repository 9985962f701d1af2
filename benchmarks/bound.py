"""The bound: what a week would cost if the pass only moved its bytes and made its gathers, beside what it costs.

    python benchmarks/bound.py [--sizes 100000,1000000] [--threads 1,2] [--rounds 7]

The flagship's two arms live for some weeks first. In each round every arm is stepped through one week and the two are compared;
then the same arrays are moved by loops that compute nothing, compiled in the same way and run on the same blocks and
threads:

- state: every word of every record is read and written back, its inbox among them;
- traits: every word is read;
- gathers: all tie lists are read, the shown bits of all contacts looked up, and the words of shown bits written;
- messages: as many as the arm sent that week are read and added to the records of their receivers;
- comparison: of both arms' records one word of each 64 bytes is read, since memory moves lines of 64 bytes, and the
  traits likewise.

An arm's bound is the time of its first four together, in one loop but for the messages. A pass that looks at the contacts of
some citizens only, or reads some columns only, may need less than this. The share reached is the bound over what the week
costs, in the median of the rounds. All times are processor time of all threads together, so that waiting for a processor
does not count.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from numpy.typing import ArrayLike

from glasshouse.engine.arms import Arms, arms_of
from glasshouse.engine.backends.cpu import HEADER, CompiledBackend
from glasshouse.engine.backends.generated_module import GeneratedModule
from glasshouse.engine.backends.native.machine_code import type_of
from glasshouse.engine.backends.threads import LoopThreads
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.measures import PAIRINGS
from glasshouse.population.synthesis import synthesise
from glasshouse.scenario.scenario import load

STATE = """        for _k in range({words}):
            _state[_i, _k] = _state[_i, _k] ^ _mask
"""
TRAITS = """        for _k in range({traits}):
            _read = _read ^ np.int64(_traits[_i, _k])
"""
GATHERS = """        _q = np.uint64(_tie_start[_i])
        _end = np.uint64(_tie_start[_i + 1])
        while _q < _end:
            _j = np.uint64(_ties[_q])
            _read = _read ^ np.int64(_plane[_j >> np.uint64({shift})] >> (_j & np.uint64({last})))
            _q += np.uint64(1)
        if (_i & {last}) == {last}:
            _next[np.uint64(_i) >> np.uint64({shift})] = np.uint64(_read)
"""
LOOP = """
@outer
def {name}(_begin, _finish, _mask, _blocks, _state, _traits, _tie_start, _ties, _plane, _next, _out):
    for _row in range(_begin, _finish):
        _read = 0
        for _i in range(_blocks[_row, 0], _blocks[_row, 1]):
{body}
        _out[_row] = _read
"""
OTHERS = """
@outer
def messages(_mask, _blocks, _sent, _target, _amount, _state):
    for _row in range(_blocks.shape[0]):
        for _channel in range(_sent.shape[1]):
            for _k in range(_sent[_row, _channel]):
                _to = np.uint64(_target[_channel, _blocks[_row, 0] + _k])
                if _to < np.uint64(_state.shape[0]):
                    _state[_to, 0] = _state[_to, 0] ^ (np.int64(_amount[_channel, _blocks[_row, 0] + _k]) & _mask)


@outer
def comparison(_begin, _finish, _blocks, _reference, _regime, _traits, _out):
    for _row in range(_begin, _finish):
        _read = 0
        for _i in range(_blocks[_row, 0], _blocks[_row, 1]):
            for _k in range({lines}):
                _read = _read ^ np.int64(_reference[_i, _k * {line}]) ^ np.int64(_regime[_i, _k * {line}])
            _read = _read ^ np.int64(_traits[_i, 0])
        _out[_row] = _read
"""


class CountingBackend(CompiledBackend):
    """The backend, which notes how many messages each block sent."""

    def settle(self, state: ArmState, seed: int, week: int) -> None:
        self.sent = state.post_count.copy()
        super().settle(state, seed, week)


class Movers:
    """The loops that move an arm's arrays and compute nothing, compiled for the arrays of a population."""

    def __init__(self, layout: ModelLayout, arms: dict[str, ArmState], threads: int) -> None:
        self.threads = LoopThreads(threads)
        arm = arms["regime"]
        self.traits = words_of(arm.population.citizens)
        self.out = np.zeros(len(arm.blocks), np.int64)
        state = words_of(arm.citizens)
        per_word = 64 // layout.bits
        line = 64 // state.itemsize
        numbers = {
            "words": state.shape[1], "traits": self.traits.shape[1], "shift": per_word.bit_length() - 1,
            "last": per_word - 1, "line": line, "lines": -(-state.shape[1] // line),
        }  # fmt: skip
        parts = {"state": STATE, "traits": TRAITS, "gathers": GATHERS, "together": STATE + TRAITS + GATHERS}
        text = "".join(
            LOOP.format(name=name, body="\n".join("    " + line for line in body.format(**numbers).splitlines()))
            for name, body in parts.items()
        )
        text = HEADER + "\nimport numpy as np\n" + text + OTHERS.format(**numbers)
        examples = {name: (0, 0, *self._moved(arm)) for name in parts}
        examples["messages"] = 0, *self._letters(arm, arm.post_count)
        examples["comparison"] = 0, 0, *self._compared(arms)
        kinds = {name: tuple(map(type_of, given)) for name, given in examples.items()}
        self.loops: SimpleNamespace = GeneratedModule(text, None).load(kinds)

    def _moved(self, arm: ArmState) -> tuple[object, ...]:
        population = arm.population
        # The plane of next week's signals is written, as in the pass; the pass writes all of it anew each week.
        return (
            0, arm.blocks, words_of(arm.citizens), self.traits, population.tie_start, population.ties, arm.shown,
            arm.showing, self.out,
        )  # fmt: skip

    def _letters(self, arm: ArmState, sent: np.ndarray) -> tuple[object, ...]:
        return arm.blocks, sent, arm.post_target, arm.post_amount, words_of(arm.citizens)

    def _compared(self, arms: dict[str, ArmState]) -> tuple[object, ...]:
        reference, regime = (words_of(arms[name].citizens) for name in ("reference", "regime"))
        return arms["regime"].blocks, reference, regime, self.traits, self.out

    def move(self, name: str, arm: ArmState) -> None:
        """Moves some arrays of an arm."""
        self.threads.run(getattr(self.loops, name), len(arm.blocks), self._moved(arm))

    def deliver(self, arm: ArmState, sent: np.ndarray) -> None:
        """Reads so many messages and touches their receivers, on one thread, as the pass does it."""
        self.loops.messages(0, *self._letters(arm, sent))

    def compare(self, arms: dict[str, ArmState]) -> None:
        """Reads what the comparison of two arms reads."""
        self.threads.run(self.loops.comparison, len(self.out), self._compared(arms))


def words_of(records: np.ndarray) -> np.ndarray:
    """Records as rows of the widest whole numbers that they are made of."""
    kind = next(k for k in ("i8", "i4", "i2", "i1") if records.dtype.itemsize % np.dtype(k).itemsize == 0)
    return records.view(kind).reshape(len(records), -1)


def measure(citizens: int, threads: int, rounds: int) -> dict[str, list[float]]:
    """Processor seconds of each part in each round."""
    scenario = load("social-governance", (f"society.citizens={citizens}",))
    layout = ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    backend = CountingBackend(layout, PAIRINGS, threads=threads)
    arms = Arms(layout, synthesise(scenario.society, 1, 2), arms_of(scenario)).states
    # Two arms are measured, as in `citizen_weeks.py`: the look-ahead arm that controllers read would be a third.
    del arms["ahead"]
    arms["regime"].ahead = None
    arms["regime"].active_table[:] = 1
    movers = Movers(layout, arms, threads)
    found: dict[str, list[float]] = {}

    def timed(name: str, job: Callable[[], object]) -> None:
        begun = time.process_time()
        job()
        found.setdefault(name, []).append(time.process_time() - begun)

    warm = 30 if citizens <= 1_000_000 else 10
    for week in range(warm + rounds):
        if week == warm:
            found.clear()
        for name, arm in arms.items():
            timed(name, lambda arm=arm, week=week: backend.step(arm, 1, week))
            sent = backend.sent
            if week >= warm:
                for part in ("state", "traits", "gathers", "together"):
                    timed(f"{name} {part}", lambda arm=arm, part=part: movers.move(part, arm))
                timed(f"{name} messages", lambda arm=arm, sent=sent: movers.deliver(arm, sent))
        timed("comparison", lambda: backend.compare(arms["reference"], arms["regime"]))
        if week >= warm:
            timed("comparison bound", lambda: movers.compare(arms))
    backend.close()
    movers.threads.close()
    return found


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    print("Nanoseconds of processor time a citizen-week; the comparison's a citizen and week.\n")
    print("| citizens | threads | | state | traits | gathers | messages | bound | measured | share reached |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for citizens in map(int, given.sizes.split(",")):
        for threads in map(int, given.threads.split(",")):
            report(citizens, threads, measure(citizens, threads, given.rounds))


def report(citizens: int, threads: int, found: dict[str, list[float]]) -> None:
    """The lines of one size and number of threads: each arm, the comparison, and all together."""
    begin = f"| {citizens:,} | {threads} |"
    whole, bounds = np.array(found["comparison"]), np.array(found["comparison bound"])
    for name in ("reference", "regime"):
        bound = np.add(found[f"{name} together"], found[f"{name} messages"])
        parts = (found[f"{name} {part}"] for part in ("state", "traits", "gathers", "messages"))
        each = " | ".join(f"{statistics.median(part) * 1e9 / citizens:.1f}" for part in parts)
        print(f"{begin} {name} | {each} | {ending(bound, np.array(found[name]), citizens)}")
        whole, bounds = whole + found[name], bounds + bound
    print(f"{begin} comparison | | | | | {ending(found['comparison bound'], found['comparison'], citizens)}")
    print(f"{begin} week | | | | | {ending(bounds, whole, citizens)}", flush=True)


def ending(bound: ArrayLike, measured: ArrayLike, citizens: int) -> str:
    """The last three cells of a line."""
    share, unit = np.median(np.divide(bound, measured)), 1e9 / citizens
    return f"{np.median(bound) * unit:.1f} | {np.median(measured) * unit:.1f} | {100 * share:.0f} % |"


if __name__ == "__main__":
    main()
