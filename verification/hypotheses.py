"""The rows of the system that is modelled, S0 to S16: for each a scenario, mechanisms, and claims.

What a row claims stands in claim files (`claims`): signed claims about the sign of one measure, which say what the mechanism
does, and open claims, any condition, which may fail (`open_claims`). A row's scenario extends `rows/base` and lets the regime
differ from the reference arm in what the row is about. Its strength are the settings that make it, each with the value at which
the row vanishes: with all of them there nothing is left.

A row's claims are tested under parameter uncertainty: the same question at draws from the priors. Parameters of the row's
mechanisms that have a prior are drawn by a Latin hypercube, the same in both arms; what makes the row keeps the
scenario's values. Every draw has a population of its own, simulated in both arms with common random numbers. A claim passes
if the effect has its sign in so many draws that a coin would do so with a chance below 1 %, and if the 95 % interval of the
mean effect over draws excludes zero.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from scipy.stats import binom

from glasshouse.analysis import claims
from glasshouse.engine import run as engine
from glasshouse.errors import ScenarioError
from glasshouse.model.measure import Measure
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms.abroad import Abroad
from glasshouse.model.mechanisms.attitudes import Attitudes
from glasshouse.model.mechanisms.budget import Budget
from glasshouse.model.mechanisms.commercial_scores import CommercialScores
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.controllers import Controllers
from glasshouse.model.mechanisms.firms import Firms
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.function_creep import FunctionCreep
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.loyalty import Loyalty
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.officials import Officials
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.shocks import Shocks
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.results import estimate
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.study.design import settings_of
from glasshouse.study.design_points import latin_hypercube
from glasshouse.study.prior_factors import prior_factors

CHANCE = 0.01
"""The most that a claim about nothing may pass with."""


@dataclass(frozen=True)
class Dial:
    """A setting of the regime that makes a row, and its value at zero strength."""

    setting: str
    zero: Any


@dataclass(frozen=True)
class Signed:
    """What a claim of a row says: that the regime's effect on a measure has a sign, +1 or -1, in a sentence."""

    measure: type[Measure]
    sign: Literal[-1, 1]
    sentence: str


@dataclass(frozen=True)
class Row:
    """One row of section 2 of the model.

    `mechanisms` carry it; a test draws their uncertain parameters. `citizens` is the size of a population in which the
    effect can be told from Monte Carlo noise, more where what it counts is rare.
    """

    name: str
    title: str
    scenario: str
    mechanisms: tuple[type[Mechanism], ...]
    claim_names: tuple[str, ...]
    strength: tuple[Dial, ...]
    citizens: int = 3000
    open_claim_names: tuple[str, ...] = ()

    @property
    def open_claims(self) -> tuple[claims.Claim, ...]:
        """The row's claims that may hold or fail."""
        return tuple(claims.load(name) for name in self.open_claim_names)

    @cached_property
    def claims(self) -> tuple[Signed, ...]:
        """What the row's claim files say, each the sign of one measure."""
        return tuple(_signed(claims.load(name)) for name in self.claim_names)

    def placebo(self) -> Scenario:
        """The row's scenario at zero strength."""
        return override(load(self.scenario), {dial.setting: dial.zero for dial in self.strength})


def _signed(claim: claims.Claim) -> Signed:
    if claim.expression.sign is None:
        raise ScenarioError(f"{claim.name}: a row claims the sign of a measure, not {claim.expression.text}.")
    name, sign = claim.expression.sign
    return Signed(next(measure for measure in MEASURES if measure.name == name), sign, claim.sentence)


_WATCHING = (
    Dial("observation.coverage", 0.1),
    Dial("observation.speech_coverage", 0.08),
)
"""The watching of ordinary policing, as `rows/base` has it."""

_LAW = (
    *(
        Dial(f"safeguards.{name}", 0.0)
        for name in ("notice", "appeal", "review", "audit", "speech", "purpose", "expiry")
    ),
)
"""The safeguards of a state under the rule of law, as `rows/s00-likeness` has them."""

CATALOGUE = (
    Row(
        "S0",
        "not wholly unlike national security elsewhere",
        "rows/s00-likeness",
        (Observation, Safeguards, Lists),
        (),
        _LAW,
        citizens=6000,
        open_claim_names=("s00-restricted", "s00-treatment", "s00-complaints"),
    ),
    Row(
        "S1",
        "many agencies, internal and external",
        "rows/s01-many-agencies",
        (Lists, Observation, Points),
        ("s01-contexts",),
        (Dial("lists.threshold", (12.0, 1000.0, 1000.0, 1000.0)),),
        citizens=6000,
        open_claim_names=("s01-thrice", "s01-wrong"),
    ),
    Row(
        "S2a",
        "a self-managing process: it heals",
        "rows/s02-heal",
        (Controllers,),
        ("s02-backlog",),
        (Dial("controllers.heal", 0.0),),
    ),
    Row(
        "S2b",
        "a self-managing process: it optimises",
        "rows/s02-optimise",
        (Controllers, Lists, Safeguards),
        (),
        (Dial("controllers.optimise", 0.0),),
        citizens=6000,
        open_claim_names=("s02-restricted", "s02-unreviewed"),
    ),
    Row(
        "S2c",
        "a self-managing process: it protects itself",
        "rows/s02-protect",
        (Controllers, Observation, Attitudes),
        (),
        (Dial("controllers.protect", 0.0),),
        citizens=6000,
        open_claim_names=("s02-protest", "s02-alerts"),
    ),
    Row(
        "S3",
        "stability as the capacity to manage problems",
        "rows/s03-stability-margin",
        (Shocks, Problems),
        (),
        (Dial("budget.upkeep", 0.003), Dial("budget.automation", 0.0), Dial("controllers.heal", 0.0)),
        open_claim_names=("s03-capacity",),
    ),
    Row(
        "S4",
        "automation frees resources",
        "rows/s04-automation",
        (Budget,),
        ("s04-freed",),
        (Dial("budget.automation", 0.0),),
        citizens=6000,
        open_claim_names=("s04-service", "s04-errors"),
    ),
    Row(
        "S5",
        "coerced and co-opted into managing themselves",
        "rows/s05-coercion",
        (Observation, Attitudes, Voice, Conduct),
        ("s05-silence", "s05-show"),
        (*_WATCHING, Dial("sanctions.reward", 0.0)),
        citizens=8000,
    ),
    Row(
        "S6",
        "integration and sharing of data",
        "rows/s06-integration",
        (Lists, Points),
        ("s06-unrelated", "s06-views"),
        (Dial("lists.integration", 0.0), Dial("lists.sharing", (0.0,) * 16)),
        citizens=6000,
    ),
    Row(
        "S7",
        "data to forecast and assess risk",
        "rows/s07-forecast",
        (Forecast,),
        ("s07-forecast",),
        (Dial("forecast.quality", 0.5), Dial("forecast.by_points", 0.0)),
        citizens=6000,
    ),
    Row(
        "S8",
        "it augments existing control",
        "rows/s08-augmentation",
        (Observation, Conduct),
        ("s08-records",),
        (*_WATCHING, Dial("observation.covert", 0.03)),
    ),
    Row(
        "S9",
        "reach over companies and people abroad",
        "rows/s09-reach",
        (Abroad, Firms),
        ("s09-abroad", "s09-firms"),
        (Dial("abroad.pressure", 0.0), Dial("firms.demand", 0.0)),
        citizens=16_000,
    ),
    Row(
        "S10",
        "measuring individual loyalty",
        "rows/s10-loyalty",
        (Loyalty, Attitudes),
        (),
        _WATCHING,
        open_claim_names=("s10-loyalty",),
    ),
    Row(
        "S11",
        "control may improve while the quality of governance does not",
        "rows/s11-control-without-governance",
        (Observation, Attitudes),
        ("s11-problems",),
        (
            *_WATCHING,
            Dial("observation.covert", 0.03),
            Dial("observation.misread", 0.05),
            Dial("budget.upkeep", 0.0),
            Dial("budget.automation", 0.0),
            Dial("budget.reinvestment", 0.0),
        ),
        citizens=16_000,
        open_claim_names=("s11-protest",),
    ),
    Row(
        "S12",
        "contradictory demands",
        "rows/s12-contradiction",
        (Officials,),
        ("s12-left-out",),
        (Dial("officials.contradiction", 0.0),),
    ),
    Row(
        "S13",
        "the same method manages officials",
        "rows/s13-officials",
        (Officials,),
        ("s13-left-out", "s13-reaching-centre"),
        (Dial("officials.hide", 0.0), Dial("officials.falsify", 0.0)),
        citizens=6000,
    ),
    Row(
        "S14a",
        "it expands power",
        "rows/s14-creep",
        (FunctionCreep,),
        ("s14-creep",),
        (Dial("function_creep.rate", 0.0),),
        citizens=6000,
    ),
    Row(
        "S14b",
        "it expands power by central decision",
        "rows/s14-central",
        (FunctionCreep, Lists),
        (),
        (Dial("function_creep.central", 0.0),),
        citizens=6000,
        open_claim_names=("s14-contexts", "s14-unrelated"),
    ),
    Row(
        "S14c",
        "it expands to further kinds of conduct",
        "rows/s14-conduct",
        (Observation, Conduct),
        (),
        (Dial("observation.points", (1.0, 6.0, 3.0, 3.0, 4.0, 0.0, 0.0, 0.0)),),
        citizens=6000,
        open_claim_names=("s14-conduct-restricted", "s14-conduct-wrong"),
    ),
    Row(
        "S15",
        "hosted visibly and invisibly",
        "rows/s15-announced",
        (Observation, Attitudes),
        ("s15-announced",),
        (Dial("observation.coverage", 0.1),),
    ),
    Row(
        "S15b",
        "companies keep scores beside it",
        "rows/s15-commercial",
        (CommercialScores,),
        (),
        (Dial("commercial_scores.court_list", 0.0),),
        open_claim_names=("s15-refused", "s15-refused-wrongly"),
    ),
    Row(
        "S16",
        "it challenges countries that do not want to be part of it",
        "rows/s16-countermeasures",
        (Abroad, Firms),
        ("s16-public", "s16-firms"),
        (Dial("abroad.shield", 0.0), Dial("firms.countermeasure", 0.0)),
        citizens=24_000,
    ),
)
"""Every row, in the order of the model's section 2."""


@dataclass(frozen=True)
class TrialResult:
    """The effect on one claim's measure at each draw, and how many of them must have the claim's sign."""

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


def test_row(row: Row, draws: int, rng: np.random.Generator, replicates: int) -> tuple[TrialResult, ...]:
    """Tests a row's claims at `draws` draws from the priors of its mechanisms, with so many replicates of each."""
    scenario = override(small_scenario(row, load(row.scenario)), {"run.replicates": replicates})
    effects: list[list[float]] = [[] for _ in row.claims]
    for number, drawn in enumerate(prior_draws(row, scenario, draws, rng)):
        result = engine.run(override(scenario, {**drawn, "run.seed": number + 1}))
        for place, claim in enumerate(row.claims):
            effects[place].append(result.effect(claim.measure).mean)
    least = min_right_signs(draws)
    return tuple(TrialResult(claim, tuple(found), least) for claim, found in zip(row.claims, effects, strict=True))


def small_scenario(row: Row, scenario: Scenario) -> Scenario:
    """The scenario with a population as large as the row needs, for two years from the regime's first week, twice."""
    settings = {
        "society.citizens": row.citizens, "society.district_size": 256, "run.weeks": 104, "run.start": 0, "run.replicates": 2,
    }  # fmt: skip
    return override(scenario, settings)


def min_right_signs(draws: int) -> int:
    """The fewest draws of the right sign that a fair coin reaches with a chance below `CHANCE`; draws + 1 if none."""
    return next(k for k in range(draws + 2) if binom.sf(k - 1, draws, 0.5) < CHANCE)


def prior_draws(row: Row, scenario: Scenario, draws: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Settings at draws from the priors: uniform in each prior, a vector scaled as a whole within its prior.

    Left as they are: the row's strength and whatever the scenario lets differ between the arms.
    """
    carrying = {mechanism.name for mechanism in row.mechanisms}
    known = prior_factors(scenario, {dial.setting for dial in row.strength})
    factors = [factor for factor in known if factor.key.partition(".")[0] in carrying]
    return [settings_of(factors, point) for point in latin_hypercube(factors, draws, rng)]
