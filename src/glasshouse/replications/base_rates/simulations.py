"""Simulation of checks, and the share of flags that are right."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.scale import IDENTITY
from glasshouse.replications.base_rates.mechanisms import Check
from glasshouse.replications.sandbox import Simulation, build_population
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate


def checks(
    rates: NDArray[np.float64], hits: NDArray[np.float64], alarms: NDArray[np.float64], persons: int
) -> Simulation:
    """Build a simulation of checks, with one population for each combination of rates.

    Parameters
    ----------
    rates : ndarray of float, shape (copies,)
        Share of guilty.
    hits : ndarray of float, shape (copies,)
        Chance that a guilty person is flagged.
    alarms : ndarray of float, shape (copies,)
        Chance that an innocent person is flagged.
    persons : int
        Persons in each copy.

    Returns
    -------
    Simulation
        The mechanism `Check` on these copies.
    """
    places = {"rate": rates, "hit": hits, "alarm": alarms}
    return Simulation(build_population({"weight": np.ones((len(rates), persons), np.uint8)}, places=places), (Check(),))


def worth(simulation: Simulation, weeks: int, seed: int) -> list[Estimate]:
    """Estimate the share of flags that are right, over all weeks together.

    Parameters
    ----------
    simulation : Simulation
        Simulation with the sums `flagged` and `rightly`.
    weeks : int
        Number of weeks.
    seed : int
        Random seed.

    Returns
    -------
    list of Estimate
        One estimate for each copy, with an interval over weeks.
    """
    sums = simulation.history(weeks, seed, ["flagged", "rightly"])
    flagged, rightly = sums["flagged"], sums["rightly"]

    def share(copy: int) -> Estimate:
        return intervals.pooled(
            lambda weeks: float(rightly[weeks, copy].sum() / flagged[weeks, copy].sum()), len(flagged), IDENTITY
        )

    return [share(copy) for copy in range(flagged.shape[1])]
