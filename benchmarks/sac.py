"""The common workload “score-and-chill” as a Glasshouse mechanism, and a runner that reports as its peers do.

    python benchmarks/sac.py --peers FOLDER --n 1000000 --ticks 30 --threads 2

FOLDER holds the peers (`common.py` states the rule; `kernels_numba.py` makes the graph that the C++ kernel sees too).
"""

import sys
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.declarations import Column, Signal, Sum
from glasshouse.model.entities import ALIGN, FIRM, Population
from glasshouse.model.mechanism import Mechanism

PERSON = np.dtype([("grievance", "f4"), ("aversion", "f4"), ("cell", "u1")], align=True)
PLACE = np.dtype([("first", "u4"), ("size", "u4")])
DISTRICT_SIZE = 1 << 16


class ScoreAndChill(Mechanism):
    """Who is aggrieved speaks up; who is seen speaking loses score; who has lost too much is listed and falls silent.

    speaks = not listed and g + alpha * (share of contacts that spoke last week) > beta + rho * R * (2 - s); a speaker
    is seen with probability `seen` and loses `loss`, all others gain `gain`; below `floor` one is listed for `spell`.
    """

    name: ClassVar[str] = "score_and_chill"
    columns: ClassVar = (
        Column("score", "f4", "points", "score s", initial=1.0),
        Column("left", "u1", "weeks", "weeks on the list still to come", high=255),
    )
    signals: ClassVar = (Signal("speaking", "spoke up this week"),)
    sums: ClassVar = (
        Sum("speakers", "citizens", "who spoke up"),
        Sum("listed", "citizens", "who is listed"),
        Sum("score_sum", "points", "score added up", 1 << 20),
    )
    draws: ClassVar = ("seen",)

    alpha: float = 0.5
    beta: float = 0.3
    rho: float = 0.6
    seen: float = 0.2
    loss: float = 0.1
    gain: float = 0.01
    floor: float = 0.495
    spell: float = 20.0

    @staticmethod
    def citizen(me, contacts, p, draw, add):
        """One week of one citizen; contacts are looked at only where they can change what the citizen does."""
        speaks = False
        if me.left == 0:
            bar = p.beta + p.rho * me.aversion * (2.0 - me.score)
            if me.grievance > bar:
                speaks = True
            elif me.grievance + p.alpha > bar:
                speaks = me.grievance + p.alpha * (contacts.speaking / max(contacts.number, 1)) > bar
        me.speaking = speaks
        hit = False
        if speaks:
            add("speakers")
            hit = draw("seen") < p.seen
        score = max(me.score - p.loss, 0.0) if hit else min(me.score + p.gain, 1.0)
        me.score = score
        if me.left > 0:
            me.left = me.left - 1
        elif score < p.floor:
            me.left = int(p.spell)
        if me.left > 0:
            add("listed")
        add("score_sum", score)


def population(
    grievance: NDArray[np.float32], aversion: NDArray[np.float32], starts: NDArray[np.int64], ties: NDArray[np.int32]
) -> Population:
    """The peers' agents and graph as a population of one group."""
    people = np.zeros(len(grievance), PERSON)
    people["grievance"], people["aversion"] = grievance, aversion
    first = np.arange(0, len(people), DISTRICT_SIZE)
    places = np.zeros(len(first), PLACE)
    places["first"], places["size"] = first, np.minimum(DISTRICT_SIZE, len(people) - first)
    assert DISTRICT_SIZE % ALIGN == 0
    return Population(people, places, np.zeros(0, FIRM), starts.astype(np.int64), ties.astype(np.uint32))


def main() -> None:
    """Runs the workload and prints one JSON line."""
    sys.path.insert(0, sys.argv.pop(sys.argv.index("--peers") + 1))
    sys.argv.remove("--peers")
    import common
    import kernels_numba

    given = common.args()
    bench = common.Bench("glasshouse", given)
    graph = kernels_numba.random_csr(given.n, given.n * common.MEAN_DEGREE // 2, given.seed)
    bench.lap("graph_s")
    people = population(*common.initial(given.n, given.seed), *graph)
    layout = ModelLayout((ScoreAndChill,), people.citizens.dtype, people.districts.dtype)
    threads = CompiledBackend(layout, threads=given.threads)
    arm = ArmState.fresh(layout, people, np.stack([layout.pack([ScoreAndChill()])] * 3))
    bench.lap("model_s")
    week = 0

    def step() -> tuple[int, int, float]:
        nonlocal week
        threads.step(arm, given.seed, week)
        week += 1
        speakers, listed, score = arm.totals.sum(axis=(0, 1))
        return int(speakers), int(listed), float(score) / (1 << 20) / given.n

    bench.ticks(step)


if __name__ == "__main__":
    main()
