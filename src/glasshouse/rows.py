"""The rows of the system that is modelled, S1 to S16: for each a scenario, mechanisms, and claims that can fail.

A row's scenario extends `rows/base` and lets the regime differ from the reference world in what the row is about. Its
strength are the settings that make it, each with the value at which the row vanishes: with all of them there nothing of
the effect may be left.
"""

from dataclasses import dataclass
from typing import Any, Literal

from glasshouse.measure import Measure
from glasshouse.measures.listing import ContextSpread
from glasshouse.measures.machine import (
    Backlog,
    CreepRate,
    ForecastLift,
    Freed,
    LeftOut,
    LoyaltyValidity,
    StabilityMargin,
    Told,
)
from glasshouse.measures.reach import ForeignCompliance, ForeignSilence, ReachAbroad
from glasshouse.measures.score import Gaming, Views
from glasshouse.measures.speech import BelievedRisk, Chilling, ControlExpected
from glasshouse.measures.state import GovernanceSoon, Records, Service
from glasshouse.measures.welfare import UnrelatedShare
from glasshouse.mechanism import Mechanism
from glasshouse.mechanisms.abroad import Abroad
from glasshouse.mechanisms.attitudes import Attitudes
from glasshouse.mechanisms.conduct import Conduct
from glasshouse.mechanisms.controllers import Controllers
from glasshouse.mechanisms.creep import Creep
from glasshouse.mechanisms.firms import Firms
from glasshouse.mechanisms.forecast import Forecast
from glasshouse.mechanisms.governance import Governance
from glasshouse.mechanisms.lists import Lists
from glasshouse.mechanisms.loyalty import Loyalty
from glasshouse.mechanisms.observation import Observation
from glasshouse.mechanisms.officials import Officials
from glasshouse.mechanisms.points import Points
from glasshouse.mechanisms.problems import Problems
from glasshouse.mechanisms.shocks import Shocks
from glasshouse.mechanisms.voice import Voice
from glasshouse.scenario import Scenario, load, override


@dataclass(frozen=True)
class Dial:
    """A setting of the regime that makes a row, and its value at zero strength."""

    setting: str
    zero: Any


@dataclass(frozen=True)
class Claim:
    """What a row says of one measure: that the regime's effect on it has a sign, +1 or -1, in a sentence."""

    measure: type[Measure]
    sign: Literal[-1, 1]
    sentence: str


@dataclass(frozen=True)
class Row:
    """One row of section 2 of the model.

    `mechanisms` carry it; a trial draws their uncertain parameters. `citizens` is the size of a society in which the
    effect can be told from luck, more where what it counts is rare.
    """

    name: str
    title: str
    scenario: str
    mechanisms: tuple[type[Mechanism], ...]
    claims: tuple[Claim, ...]
    strength: tuple[Dial, ...]
    citizens: int = 3000

    def placebo(self) -> Scenario:
        """The row's scenario at zero strength."""
        return override(load(self.scenario), {dial.setting: dial.zero for dial in self.strength})


_WATCHING = (
    Dial("observation.coverage", 0.1),
    Dial("observation.speech_coverage", 0.08),
)
"""The watching of ordinary policing, as `rows/base` has it."""

CATALOGUE = (
    Row(
        "S1",
        "many agencies, internal and external",
        "rows/s01-many-agencies",
        (Lists, Observation, Points),
        (Claim(ContextSpread, 1, "Restrictions spread over more contexts of life."),),
        (Dial("lists.threshold", (12.0, 1000.0, 1000.0, 1000.0)),),
        citizens=6000,
    ),
    Row(
        "S2",
        "a self-managing process",
        "rows/s02-self-management",
        (Controllers,),
        (Claim(Backlog, -1, "Fewer cases wait where a controller moves staff to backlogs."),),
        (Dial("controllers.heal", 0.0),),
    ),
    Row(
        "S3",
        "stability as the capacity to manage problems",
        "rows/s03-stability-margin",
        (Shocks, Problems),
        (Claim(StabilityMargin, -1, "A wave of problems uses up the capacity to spare."),),
        (Dial("shocks.dated_size", 0.0),),
    ),
    Row(
        "S4",
        "automation frees resources",
        "rows/s04-automation",
        (Governance,),
        (
            Claim(Service, 1, "What automation saves and control does not take goes to service."),
            Claim(Freed, 1, "Automation frees budget that control consumed."),
        ),
        (Dial("governance.automation", 0.0),),
    ),
    Row(
        "S5",
        "coerced and co-opted into managing themselves",
        "rows/s05-coercion",
        (Observation, Attitudes, Voice, Conduct),
        (
            Claim(Chilling, 1, "Complaints about the same problem fall silent."),
            Claim(Gaming, 1, "Credit is earned by show where a reward is at stake."),
        ),
        (*_WATCHING, Dial("sanctions.reward", 0.0)),
        citizens=8000,
    ),
    Row(
        "S6",
        "integration and sharing of data",
        "rows/s06-integration",
        (Lists, Points),
        (
            Claim(UnrelatedShare, 1, "More sanctions fall in contexts whose agency holds nothing."),
            Claim(Views, 1, "More agencies count a citizen's records."),
        ),
        (Dial("lists.integration", 0.0), Dial("lists.sharing", (0.0,) * 16)),
        citizens=6000,
    ),
    Row(
        "S7",
        "data to forecast and assess risk",
        "rows/s07-forecast",
        (Forecast,),
        (Claim(ForecastLift, 1, "Visits find coming protesters more often than chance."),),
        (Dial("forecast.quality", 0.5), Dial("forecast.by_points", 0.0)),
        citizens=6000,
    ),
    Row(
        "S8",
        "it augments existing control",
        "rows/s08-augmentation",
        (Observation, Conduct),
        (Claim(Records, 1, "The state records more by the means that it had."),),
        (*_WATCHING, Dial("observation.covert", 0.03)),
    ),
    Row(
        "S9",
        "reach over companies and people abroad",
        "rows/s09-reach",
        (Abroad, Firms),
        (
            Claim(ReachAbroad, 1, "People abroad lose welfare."),
            Claim(ForeignCompliance, 1, "Foreign firms meet political demands."),
        ),
        (Dial("abroad.pressure", 0.0), Dial("firms.demand", 0.0)),
        citizens=16_000,
    ),
    Row(
        "S10",
        "measuring individual loyalty",
        "rows/s10-loyalty",
        (Loyalty, Attitudes),
        (Claim(LoyaltyValidity, -1, "The index goes less with what people privately think."),),
        _WATCHING,
    ),
    Row(
        "S11",
        "control may improve while the quality of governance does not",
        "rows/s11-control-without-governance",
        (Observation, Attitudes),
        (
            Claim(ControlExpected, 1, "Protest is avoided."),
            Claim(GovernanceSoon, -1, "Fewer problems are solved within 12 weeks."),
        ),
        (
            *_WATCHING,
            Dial("observation.covert", 0.03),
            Dial("observation.misread", 0.05),
            Dial("governance.upkeep", 0.0),
            Dial("governance.automation", 0.0),
            Dial("governance.reinvestment", 0.0),
        ),
        citizens=16_000,
    ),
    Row(
        "S12",
        "contradictory demands",
        "rows/s12-contradiction",
        (Officials,),
        (Claim(LeftOut, 1, "Officials leave more problems out of their reports."),),
        (Dial("officials.contradiction", 0.0),),
    ),
    Row(
        "S13",
        "the same method manages officials",
        "rows/s13-officials",
        (Officials,),
        (
            Claim(LeftOut, 1, "Officials leave more problems out of their reports."),
            Claim(Told, -1, "Fewer open problems reach the centre."),
        ),
        (Dial("officials.hide", 0.0), Dial("officials.falsify", 0.0)),
        citizens=6000,
    ),
    Row(
        "S14",
        "it expands power",
        "rows/s14-creep",
        (Creep,),
        (Claim(CreepRate, 1, "Kinds of conduct come to be recorded beyond the founding purpose."),),
        (Dial("creep.rate", 0.0),),
        citizens=6000,
    ),
    Row(
        "S15",
        "hosted visibly and invisibly",
        "rows/s15-announced",
        (Observation, Attitudes),
        (Claim(BelievedRisk, 1, "Announced coverage raises the believed risk of speaking."),),
        (Dial("observation.coverage", 0.1),),
    ),
    Row(
        "S16",
        "it challenges countries that do not want to be part of it",
        "rows/s16-countermeasures",
        (Abroad, Firms),
        (
            Claim(ForeignSilence, -1, "A foreign public says more of what it would say."),
            Claim(ForeignCompliance, -1, "Foreign firms meet fewer political demands."),
        ),
        (Dial("abroad.shield", 0.0), Dial("firms.countermeasure", 0.0)),
        citizens=24_000,
    ),
)
"""Every row, in the order of the model's section 2."""
