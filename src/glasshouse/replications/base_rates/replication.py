"""Base rates: what a flag is worth where what it looks for is rare."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.base_rates.charts import checks_chart, rate_chart
from glasshouse.replications.base_rates.mechanisms import SCORED, Comparison, Score, Screening
from glasshouse.replications.base_rates.simulations import checks, worth
from glasshouse.replications.base_rates.targets import (
    BITS,
    CASES,
    CHECKED,
    CHECKS,
    FILES,
    IMPOSSIBLE,
    PAIRS,
    RARE,
    SCREENED,
    SCREENS,
    TIMES,
    targets,
)
from glasshouse.replications.replication import Outcome, Replication, exactly
from glasshouse.replications.sandbox import Simulation, build_population


class BaseRates(Replication):
    """Checks of many for what few have done: most flags are wrong, and being checked often makes a wrong one likely."""

    name: ClassVar[str] = "base-rates"
    title: ClassVar[str] = "Base rates: what a flag is worth"
    citation: ClassVar[str] = (
        "S. Axelsson, “The Base-Rate Fallacy and the Difficulty of Intrusion Detection”, ACM TISSEC 3(3), 2000, 186-205; "
        "A. Chouldechova, “Fair Prediction with Disparate Impact”, Big Data 5(2), 2017, 153-163; I. P. Fellegi, "
        "A. B. Sunter, “A Theory for Record Linkage”, Journal of the American Statistical Association 64, 1969, 1183-1210"
    )
    equations: ClassVar[str] = (
        "guilty among the flagged: p s / (p s + (1-p) f);  one half at full detection if f = p / (1-p)\n"
        "false alarms from predictive value and share missed: p/(1-p) (1-PPV)/PPV (1-FNR)\n"
        "at least one wrong flag in k checks: 1 - (1-f)^k\n"
        "three fields agree: weight sum log2(m/u) bits, odds 2^weight / N"
    )
    confidence: ClassVar[str] = "all derived; .66 and .58 are printed by Axelsson"
    targets: ClassVar = targets()

    differs: ClassVar = {
        "T10.e 0.01 x 100": (
            "Chance at the default seed, 3.2 standard errors below the formula. Over a hundred other seeds the mean distance is 0.03 "
            "standard errors and its spread 1.06, so nothing is amiss with the simulation."
        )
    }

    def simulate(self, seed: int) -> Outcome:
        # Every check as often as its band was worked out for.
        found = {f"{case.name} formula": exactly(case.value) for case in CASES}
        found |= {"T10.c alarms": exactly(RARE["T10.c"][2]), "T10.i bits": exactly(BITS)}
        rates, hits, alarms = np.array([row[:3] for row in RARE.values()]).T
        found |= dict(zip(RARE, worth(checks(rates, hits, alarms, CHECKED), CHECKS, seed), strict=True))
        groups = np.array(list(IMPOSSIBLE))
        people = {"weight": np.ones((len(groups), SCORED), np.uint8)}
        scored = Simulation(build_population(people, places={"rate": groups}), (Score(),)).last(1, seed)
        wrongly = scored.total("wrongly") / scored.total("innocent")
        found |= {f"T10.d {p:g}": exactly(share) for p, share in zip(groups, wrongly, strict=True)}
        files = np.array(list(FILES))
        pairs = Simulation(
            build_population({"weight": np.ones((len(files), PAIRS), np.uint8)}, places={"file": files}),
            (Comparison(),),
        )
        found |= {f"T10.i {n:g}": one for n, one in zip(FILES, worth(pairs, TIMES, seed), strict=True)}
        ever = _screened(seed)
        for f, k, _ in SCREENS:
            found[f"T10.e {f:g} x {k}"] = exactly(ever[k - 1, 0 if f == 0.01 else 1])
        return Outcome(found, (rate_chart(found), checks_chart(ever)))


def _screened(seed: int) -> NDArray[np.float64]:
    """Share that was ever flagged (checks, false alarms of .01 and .001)."""
    people = {"weight": np.ones((2, SCREENED), np.uint8)}
    simulation = Simulation(build_population(people, places={"alarm": np.array([0.01, 0.001])}), (Screening(),))
    share: NDArray[np.float64] = simulation.history(100, seed, ["ever"])["ever"] / SCREENED
    return share
