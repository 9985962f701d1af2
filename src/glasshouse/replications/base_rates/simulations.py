"""Simulation of checks, and the share of flags that are right."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.base_rates.mechanisms import Check
from glasshouse.replications.sandbox import Simulation, build_population
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate


def checks(
    rates: NDArray[np.float64], hits: NDArray[np.float64], alarms: NDArray[np.float64], persons: int
) -> Simulation:
    """A population of that many for each rate, detection and false alarm."""
    places = {"rate": rates, "hit": hits, "alarm": alarms}
    return Simulation(build_population({"weight": np.ones((len(rates), persons), np.uint8)}, places=places), (Check(),))


def worth(simulation: Simulation, weeks: int, seed: int) -> list[Estimate]:
    """Share of the guilty, or of pairs of one person, among all that are flagged in all weeks, by copy."""
    sums = simulation.history(weeks, seed, ["flagged", "rightly"])
    flagged, rightly = sums["flagged"], sums["rightly"]

    def share(copy: int) -> Estimate:
        return estimate.pooled(
            lambda weeks: float(rightly[weeks, copy].sum() / flagged[weeks, copy].sum()), len(flagged)
        )

    return [share(copy) for copy in range(flagged.shape[1])]
