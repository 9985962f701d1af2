"""Scenarios drawn from the prior ranges of what is uncertain: the plausible settings over which figures are repeated."""

from glasshouse.rng import derive
from glasshouse.scenario.scenario import Scenario, override
from glasshouse.study.design import settings_of
from glasshouse.study.design_points import latin_hypercube
from glasshouse.study.prior_factors import prior_factors


def drawn_scenarios(scenario: Scenario, draws: int) -> list[Scenario]:
    """Scenarios whose uncertainties are drawn from their prior ranges.

    Parameters
    ----------
    scenario : Scenario
        The scenario; what it does not leave uncertain stays.
    draws : int
        How many.

    Returns
    -------
    list of Scenario
        A Latin hypercube of the priors, each with one replicate and a random seed of its own.
    """
    factors = prior_factors(scenario)
    seed = scenario.run.seed
    points = latin_hypercube(factors, draws, derive(seed, "audit", "draws") >> 1)
    return [
        override(
            scenario,
            {**settings_of(factors, point), "run.replicates": 1, "run.seed": derive(seed, "audit", "draw", place) >> 1},
        )
        for place, point in enumerate(points)
    ]
