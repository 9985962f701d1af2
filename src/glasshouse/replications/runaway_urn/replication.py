"""Ensign and others 2018 on predictive policing: where patrols go by what patrols have found, they run away from the truth."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.replication import Outcome, Replication, exactly
from glasshouse.replications.runaway_urn.charts import runaway_chart, weights_chart
from glasshouse.replications.runaway_urn.mechanisms import ExpectedUrn, PatrolUrn
from glasshouse.replications.runaway_urn.simulations import (
    DAYS,
    MIXED,
    PLACES,
    POLYA,
    RULES,
    Case,
    build_simulation,
    discovered,
    mixed,
    rule,
    shares,
)
from glasshouse.replications.runaway_urn.targets import LATER, ROOTS, targets
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate


class RunawayUrn(Replication):
    """Two places with different rates of incidents, one patrol, and urns that learn from what patrols and people report."""

    name: ClassVar[str] = "runaway-urn"
    title: ClassVar[str] = "Runaway feedback loops in predictive policing"
    citation: ClassVar[str] = (
        "D. Ensign, S. A. Friedler, S. Neville, C. Scheidegger, S. Venkatasubramanian, “Runaway Feedback Loops in "
        "Predictive Policing”, Proceedings of Machine Learning Research 81 (FAT* 2018), 160-171, arXiv 1706.09847"
    )
    equations: ClassVar[str] = (
        "p = n_A / (n_A + n_B); a patrol in A (probability p) adds (a, b) to (n_A, n_B), one in B adds (c, d)\n"
        "discovered only: (l_A, 0); (0, l_B)    with weight w on what is reported: (l_A, w l_B); (w l_A, l_B)\n"
        "corrected: what is discovered is recorded with probability (share of the other place) / (larger share)\n"
        "with decay rows are Poisson numbers, and each count then loses Binomial(count, 0.01) and is never below 1\n"
        "mean drift: f(p) = (c + d - a - b) p^2 + (a - 2c - d) p + c; equal rates, discovered only: p tends to a "
        "Beta(n_A, n_B) number"
    )
    confidence: ClassVar[str] = (
        "limits derived; rates, start counts and rules from the authors' code; shares by day measured by an independent "
        "program"
    )
    targets: ClassVar = targets()
    brief: ClassVar[bool] = False

    def simulate(self, seed: int) -> Outcome:
        # Urns that only add, urns in expectation, corrected urns without decay, and 1000 runs of 1000 days.
        days = shares(build_simulation(PatrolUrn, [rule(*key) for key in RULES], 1000), DAYS, seed)
        rested, resting = _rests()
        found = {**_polya(seed), **rested, **_slow(seed), **_days(days)}
        return Outcome(found, (runaway_chart(days), weights_chart(days, resting)))


def _polya(seed: int) -> Mapping[str, Estimate]:
    """Urns that add one of what was drawn, against their limit."""
    from scipy.stats import beta, kstest

    cases = [Case((1.0, 0.0), (0.0, 1.0), start, random=False) for start in POLYA]
    found = shares(build_simulation(PatrolUrn, cases, 4000), np.array([20_000]), seed)[0]
    return {
        f"T3.a {a:g},{b:g}": exactly(kstest(urns, beta(a, b).cdf).pvalue)
        for (a, b), urns in zip(POLYA, found, strict=True)
    }


def _rests() -> tuple[Mapping[str, Estimate], dict[str, NDArray[np.float64]]]:
    """Where the expected urns come to rest: for the targets, and by weight for the picture."""
    weights = np.round(np.linspace(0.05, 1.0, 20), 2)
    keys = [(pair, float(w)) for pair in PLACES for w in weights]
    at_rest = shares(build_simulation(ExpectedUrn, [mixed(*key) for key in keys], 1), np.array([6000]), 0)[0, :, 0]
    by_key = dict(zip(keys, at_rest, strict=True))
    found = {
        f"T3.{key} w={w:g}": exactly(by_key[pair, w])
        for key, (pair, roots) in zip("bc", ROOTS.items(), strict=True)
        for w in roots
    }
    lines = {pair: np.array([by_key[pair, float(w)] for w in weights]) for pair in PLACES}
    return found, {"weight": weights, **lines}


def _slow(seed: int) -> Mapping[str, Estimate]:
    """Long runs without decay: the correction, and a place with a tenth more incidents."""
    cases = [discovered(pair, corrected=True, loss=0.0) for pair in PLACES]
    cases.append(Case((1.1, 0.0), (0.0, 1.0), (1.0, 1.0), random=False))
    early, late = shares(build_simulation(PatrolUrn, cases, 400), np.array([2000, 20_000]), seed)
    return {
        "T3.d top-2": estimate.from_replicates(late[0]),
        "T3.d top-2 spread": exactly(late[0].std(ddof=1)),
        "T3.d top-vs-random": estimate.from_replicates(late[1]),
        "trend": estimate.from_replicates(late[2] - early[2]),
    }


def _days(found: NDArray[np.float64]) -> Mapping[str, Estimate]:
    """Means over the 1000 runs on the days of the targets."""
    at = {int(day): place for place, day in enumerate(DAYS)}
    means = {
        f"{key} day {day}": estimate.from_replicates(found[at[day], RULES.index((pair, named))])
        for key, (pair, named, values, _) in LATER.items()
        for day in values
    }
    last = {
        f"T3.i {pair} {w}": estimate.from_replicates(found[-1, RULES.index((pair, w))])
        for pair in PLACES
        for w in MIXED
    }
    spread = found[-1, RULES.index(("top-2", "discovered"))].std(ddof=1)
    return {**means, **last, "T3.e spread": exactly(spread)}
