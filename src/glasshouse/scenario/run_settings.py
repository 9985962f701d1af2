"""When each district joins the regime: known from scenario and luck alone, before anything is run."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.rng import derive
from glasshouse.scenario.scenario import Run


def replicate_seed(run: Run, replicate: int) -> int:
    """The seed of a replicate: its society, its weeks and its roll-out are drawn with it."""
    return derive(run.seed, "replicate", replicate)


def adoption_weeks(run: Run, seed: int, districts: int) -> NDArray[np.int64]:
    """The week in which each district joins: all at the start, or one after the other, in drawn order.

    A roll-out over n weeks takes in an equal share of districts in the first week and in each of the n after it. A
    regime that starts at the end of the run is joined by nobody within it.
    """
    shares = np.arange(1, run.rollout + 2) / (run.rollout + 1)
    inside = np.ceil(shares * districts)
    order = np.argsort([derive(seed, "rollout", d) for d in range(districts)], kind="stable")
    weeks = np.empty(districts, np.int64)
    weeks[order] = run.start + np.searchsorted(inside, np.arange(districts), side="right")
    return weeks
