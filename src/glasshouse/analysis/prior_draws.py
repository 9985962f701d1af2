"""Scenarios drawn from the prior ranges of what is uncertain: the plausible settings over which figures are repeated."""

from glasshouse.model.measure import FloatArray
from glasshouse.rng import derive
from glasshouse.scenario.scenario import Scenario, override
from glasshouse.study.design import settings_of
from glasshouse.study.design_points import latin_hypercube
from glasshouse.study.factor import Factor
from glasshouse.study.prior_factors import prior_factors


def drawn_points(scenario: Scenario, draws: int) -> tuple[tuple[Factor, ...], FloatArray]:
    """The settings that are drawn, and their values in each draw.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    draws : int
        How many draws.

    Returns
    -------
    tuple of (tuple of Factor, ndarray of float)
        The settings, and an array of shape (draws, settings).
    """
    factors = prior_factors(scenario)
    return factors, latin_hypercube(factors, draws, derive(scenario.run.seed, "audit", "draws") >> 1)


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
    factors, points = drawn_points(scenario, draws)
    seed = scenario.run.seed
    return [
        override(
            scenario,
            {**settings_of(factors, point), "run.replicates": 1, "run.seed": derive(seed, "audit", "draw", place) >> 1},
        )
        for place, point in enumerate(points)
    ]
