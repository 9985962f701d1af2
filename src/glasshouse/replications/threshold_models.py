"""Threshold models: Granovetter 1978 on who joins a riot once enough others have, and Kuran 1991 on open opposition."""

from statistics import NormalDist
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, exactly, near
from glasshouse.replications.sandbox import Simulation, build_population, generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

MEAN = 25.0
"""Mean threshold in per cent of the crowd."""

RESTS = {
    8.0: 0.092, 10.0: 0.770, 11.0: 1.713, 12.0: 4.021, 12.1: 4.553, 12.2: 5.479, 12.3: 100.0, 20.0: 99.99, 30.0: 99.34,
    40.0: 96.26, 60.0: 83.54, 90.0: 68.59,
}  # fmt: skip
"""Lowest fixed point of 100 Phi((r - 25) / s) = r in per cent, by s."""

CHANCES = {8.0: 0.000, 12.2: 0.199, 13.0: 0.383, 15.0: 0.800}
"""Share of crowds of 100 with thresholds drawn at random that end above 50, by s."""

CRITICAL = 12.222087
EDGES = CRITICAL + np.linspace(-1e-4, 1e-4, 5)
"""Standard deviations between which the jump is looked for."""


POPULATIONS = {
    "A": ((0, 20, 20, 30, 40, 50, 60, 70, 80, 100), 10.0),
    "A'": ((0, 10, 20, 30, 40, 50, 60, 70, 80, 100), 90.0),
    "B": ((0, 20, 30, 30, 40, 50, 60, 70, 80, 100), 10.0),
    "B'": ((0, 10, 30, 30, 40, 50, 60, 70, 80, 100), 20.0),
    "C": ((0, 20, 20, 20, 20, 20, 20, 20, 60, 100), 10.0),
    "C'": ((0, 10, 20, 20, 20, 20, 20, 20, 60, 100), 90.0),
}
"""Thresholds of ten people in per cent, and the share in open opposition at rest."""


class ThresholdCrowd(Mechanism):
    """Joins once as many as the own threshold have: r(t+1) = #{i: k_i <= r(t)}, r(0) = 0 (Granovetter 1978)."""

    name: ClassVar[str] = "threshold_crowd"
    sums: ClassVar = (Sum("rioters", "persons", "who has joined"),)
    district_columns: ClassVar = (Column("rioting", "i8", "persons", "who had joined when last counted"),)

    @staticmethod
    def citizen(me, here, add):
        # Everybody sees everybody, as counted last.
        if me.present and me.threshold <= here.rioting:
            add("rioters")

    @staticmethod
    def district(here, total):
        # Counts those who have joined.
        here.rioting = total.rioters


def rest(thresholds: NDArray[np.float64], sweeps: int) -> NDArray[np.float64]:
    """Simulate populations until nobody joins any more.

    Parameters
    ----------
    thresholds : ndarray of float, shape (populations, people)
        Thresholds, in persons.
    sweeps : int
        Greatest number of weeks.

    Returns
    -------
    ndarray of float, shape (populations,)
        Number of persons who have joined.
    """
    simulation = Simulation(build_population({"threshold": thresholds}), (ThresholdCrowd(),))
    before = np.full(len(thresholds), -1.0)
    for snapshot in simulation.weeks(sweeps, 0):
        now = snapshot.total("rioters")
        if (now == before).all():
            break
        before = now
    return before


def _even(people: int, spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Thresholds in heads at the middle quantiles of Normal(25 %, spread): the continuum, as near as heads come."""
    inverse = NormalDist().inv_cdf
    # A table of quantiles is exact enough between its points only where there are as many points as people.
    middle = np.array([inverse((place + 0.5) / people) for place in range(people)])
    heads: NDArray[np.float64] = (MEAN + spread[:, None] * middle) * (people / 100.0)
    return heads


class Granovetter(Replication):
    """Two crowds that differ by one person, and crowds whose thresholds spread more or less."""

    name: ClassVar[str] = "granovetter"
    title: ClassVar[str] = "Threshold models of collective behavior"
    citation: ClassVar[str] = (
        "M. Granovetter, “Threshold Models of Collective Behavior”, American Journal of Sociology 83(6), 1978, 1420-1443"
    )
    equations: ClassVar[str] = "r(0) = 0;  r(t+1) = #{ i : k_i <= r(t) }, all at once, until it repeats"
    confidence: ClassVar[str] = "crowds of 100 and 12.2: secondary accounts; the other digits: derived"
    targets: ClassVar = (
        near("T1.a", "who joins, thresholds 0, 1, …, 99", 100.0, 0.0, "published, exact", "persons"),
        near("T1.b", "who joins if threshold 1 becomes 2", 1.0, 0.0, "published, exact", "persons"),
        *(
            near(f"T1.c {s:g}", f"who joins, thresholds Normal(25, {s:g})", r, 1e-3 if s < 20 else 6e-3,
                 "derived: lowest fixed point, as many digits as are given", "%")
            for s, r in RESTS.items()
        ),
        near("T1.d", "spread at which the riot becomes general", 12.2, 0.1, "published as about 12.2", "%"),
        near("T1.d derived", "the same, in the continuum", CRITICAL, 1e-4, "derived; 1,000,000 people, steps of 0.00005", "%"),
        *(
            near(f"T1.d {s:g}", f"crowds of 100 that end above 50, spread {s:g}", c, 0.015,
                 "20,000 random crowds: four standard errors", "share")
            for s, c in CHANCES.items()
        ),
    )  # fmt: skip

    def simulate(self, seed: int) -> Outcome:
        # All set-ups; only the random crowds are random.
        ladder = np.arange(100.0)[None]
        broken = np.where(ladder == 1.0, 2.0, ladder)
        found: dict[str, Estimate] = {
            "T1.a": exactly(rest(ladder, 200)[0]),
            "T1.b": exactly(rest(broken, 200)[0]),
        }
        spreads = np.array(list(RESTS))
        people = 1_000_000
        rests = rest(_even(people, spreads), 4000) / people * 100.0
        found |= {f"T1.c {s:g}": exactly(r) for s, r in zip(RESTS, rests, strict=True)}
        jumped = int(np.argmax(rest(_even(people, EDGES), 4000) > people / 2))
        critical = exactly((EDGES[jumped - 1] + EDGES[jumped]) / 2)
        found |= {"T1.d": critical, "T1.d derived": critical}
        for s in CHANCES:
            drawn = generator(seed, self.name, f"{s:g}").normal(MEAN, s, (20_000, 100))
            found[f"T1.d {s:g}"] = estimate.from_replicates((rest(drawn, 200) > 50.0).astype(float))
        return Outcome(found, (self._chart(),))

    @staticmethod
    def _chart() -> Chart:
        """Granovetter's second figure: who joins, by the spread of thresholds."""
        spreads = np.concatenate([np.linspace(1.0, 12.2, 60), np.linspace(12.3, 100.0, 90)])
        joined = rest(_even(20_000, spreads), 2000) / 200.0
        ours = Line("Glasshouse", spreads, joined)
        printed = Line("published jump", np.array([12.2, 12.2]), np.array([6.0, 100.0]), published=True)
        return Chart(
            "Who joins at rest, by the spread of thresholds",
            "standard deviation of thresholds around a mean of 25, per cent of the crowd",
            "who joins, per cent of the crowd",
            (ours, printed),
            "Hardly anybody joins below a spread of 12.2; then almost all do, and fewer the wider thresholds spread.",
        )


class Kuran(Replication):
    """Pairs of populations of ten, of which the second differs from the first by one person's threshold."""

    name: ClassVar[str] = "kuran"
    title: ClassVar[str] = "Now out of never: preference falsification and bandwagon"
    citation: ClassVar[str] = (
        "T. Kuran, “Now Out of Never: The Element of Surprise in the East European Revolution of 1989”, World Politics "
        "44(1), 1991, 7-48"
    )
    equations: ClassVar[str] = (
        "S(0) = 0;  S(t+1) = 100 mean(T_i <= S(t))\nperson i opposes openly once the share in open opposition, per cent, "
        "is at least the threshold T_i"
    )
    confidence: ClassVar[str] = "the lists are recalled, not read: a test of the logic, not of Kuran's own numbers"
    targets: ClassVar = tuple(
        near(f"T1.{key}", f"open opposition at rest, population {name}", share, 0.0, "exact for the list", "%")
        for key, (name, (_, share)) in zip("efghij", POPULATIONS.items(), strict=True)
    )

    def simulate(self, seed: int) -> Outcome:
        # All six populations side by side; deterministic.
        thresholds = np.array([people for people, _ in POPULATIONS.values()]) / 10.0
        simulation = Simulation(build_population({"threshold": thresholds}), (ThresholdCrowd(),))
        shares = 10.0 * simulation.history(12, seed, ["rioters"])["rioters"]
        found = {target.name: exactly(share) for target, share in zip(self.targets, shares[-1], strict=True)}
        weeks = np.arange(len(shares), dtype=float)
        lines = tuple(Line(name, weeks, shares[:, place], "steps") for place, name in enumerate(POPULATIONS))
        chart = Chart(
            "Open opposition after one person's threshold changes",
            "steps",
            "in open opposition, per cent",
            lines,
            "A and A', B and B', C and C' differ by one person: A' and C' tip over, B' does not, A, B and C stay quiet.",
        )
        return Outcome(found, (chart,))
