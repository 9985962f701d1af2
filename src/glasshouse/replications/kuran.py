"""Kuran 1991 on preference falsification: a small change of one private threshold that brings, or does not, a revolution."""

from typing import ClassVar

import numpy as np

from glasshouse.replications.replication import Chart, Line, Outcome, Replication, exactly, near
from glasshouse.replications.sandbox import Simulation, build_population
from glasshouse.replications.threshold_models import ThresholdCrowd

SOCIETIES = {
    "A": ((0, 20, 20, 30, 40, 50, 60, 70, 80, 100), 10.0),
    "A'": ((0, 10, 20, 30, 40, 50, 60, 70, 80, 100), 90.0),
    "B": ((0, 20, 30, 30, 40, 50, 60, 70, 80, 100), 10.0),
    "B'": ((0, 10, 30, 30, 40, 50, 60, 70, 80, 100), 20.0),
    "C": ((0, 20, 20, 20, 20, 20, 20, 20, 60, 100), 10.0),
    "C'": ((0, 10, 20, 20, 20, 20, 20, 20, 60, 100), 90.0),
}
"""Thresholds of ten people in per cent, and the share in open opposition at rest."""


class Kuran(Replication):
    """Pairs of societies of ten, of which the second differs from the first by one person's threshold."""

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
        near(f"T1.{key}", f"open opposition at rest, society {name}", share, 0.0, "exact for the list", "%")
        for key, (name, (_, share)) in zip("efghij", SOCIETIES.items(), strict=True)
    )

    def play(self, seed: int) -> Outcome:
        """All six populations side by side; deterministic."""
        thresholds = np.array([people for people, _ in SOCIETIES.values()]) / 10.0
        play = Simulation(build_population({"threshold": thresholds}), (ThresholdCrowd(),))
        shares = 10.0 * play.history(12, seed, ["rioters"])["rioters"]
        found = {target.name: exactly(share) for target, share in zip(self.targets, shares[-1], strict=True)}
        weeks = np.arange(len(shares), dtype=float)
        lines = tuple(Line(name, weeks, shares[:, place], "steps") for place, name in enumerate(SOCIETIES))
        chart = Chart(
            "Open opposition after one person's threshold changes",
            "steps",
            "in open opposition, per cent",
            lines,
            "A and A', B and B', C and C' differ by one person: A' and C' tip over, B' does not, A, B and C stay quiet.",
        )
        return Outcome(found, (chart,))
