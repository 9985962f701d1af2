"""Tests a row's claims under parameter uncertainty: the same question at draws from the priors.

Parameters of the row's mechanisms that have a prior are drawn by a Latin hypercube, the same in both arms; what
makes the row keeps the scenario's values. Every draw has a population of its own, simulated in both arms with common
random numbers.
A claim passes if the effect has its sign in so many draws that a coin would do so with a chance below 1 %, and if the
95 % interval of the mean effect over draws excludes zero.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypotheses import Row, Signed

from glasshouse.engine import run as engine
from glasshouse.results import estimate
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.study import design

CHANCE = 0.01
"""The most that a claim about nothing may pass with."""


@dataclass(frozen=True)
class Finding:
    """What a trial found about one claim: the effect at each draw, and how many of them must have the claim's sign."""

    claim: Signed
    effects: tuple[float, ...]
    least: int

    @property
    def right(self) -> int:
        """Draws in which the effect has the claim's sign; none or an undefined effect does not."""
        return sum(self.claim.sign * effect > 0.0 for effect in self.effects)

    @property
    def mean(self) -> estimate.Estimate:
        """Mean effect over draws with its 95 % interval."""
        return estimate.from_replicates(np.array(self.effects))

    @property
    def passes(self) -> bool:
        """Whether the claim holds."""
        mean = self.mean
        nearest = mean.low if self.claim.sign > 0 else -mean.high
        return self.right >= self.least and nearest > 0.0


def try_row(row: Row, draws: int, rng: np.random.Generator) -> tuple[Finding, ...]:
    """Tries a row's claims at `draws` draws from the priors of its mechanisms."""
    scenario = small(row, load(row.scenario))
    effects: list[list[float]] = [[] for _ in row.claims]
    for number, drawn in enumerate(drawings(row, scenario, draws, rng)):
        result = engine.run(override(scenario, {**drawn, "run.seed": number + 1}))
        for place, claim in enumerate(row.claims):
            effects[place].append(result.effect(claim.measure).mean)
    least = fewest(draws)
    return tuple(Finding(claim, tuple(found), least) for claim, found in zip(row.claims, effects, strict=True))


def small(row: Row, scenario: Scenario) -> Scenario:
    """The scenario in a society as large as the row needs, for two years from the regime's first week, twice."""
    settings = {
        "society.citizens": row.citizens,
        "society.district_size": 256,
        "run.weeks": 104,
        "run.start": 0,
        "run.replicates": 2,
    }
    return override(scenario, settings)


def fewest(draws: int) -> int:
    """The fewest draws of the right sign that a fair coin reaches with a chance below `CHANCE`; draws + 1 if none."""
    from scipy.stats import binom

    return next(k for k in range(draws + 2) if binom.sf(k - 1, draws, 0.5) < CHANCE)


def drawings(row: Row, scenario: Scenario, draws: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Settings at draws from the priors: uniform in each prior, a vector scaled as a whole within its prior.

    Held are the row's strength and whatever the scenario lets differ between the worlds.
    """
    carrying = {mechanism.name for mechanism in row.mechanisms}
    factors = [
        factor
        for factor in design.priors(scenario, {dial.setting for dial in row.strength})
        if factor.key.partition(".")[0] in carrying
    ]
    return [design.at(factors, point) for point in design.latin_hypercube(factors, draws, rng)]
