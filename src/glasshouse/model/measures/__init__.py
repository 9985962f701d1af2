"""The catalogue of measures: what a regime does to people first, then what it does to the state."""

from collections.abc import Iterable

from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Measure
from glasshouse.model.measures.administration import (
    AvoidedPerCost,
    Backlog,
    BeliefError,
    CreepRate,
    ForecastLift,
    ForecastPrecision,
    ForecastRecall,
    Freed,
    LeftOut,
    LoyaltyValidity,
    Overloaded,
    OverloadedAtOnce,
    ReachingCentre,
    Recovery,
    Reinvested,
    Replaced,
    StabilityMargin,
    Surprise,
    UpwardTruth,
)
from glasshouse.model.measures.aftermath import HarmNotRefunded, RecognitionWait, RefundWait, VictimsRecognised
from glasshouse.model.measures.benefits import MistakesRecorded, TakeUp
from glasshouse.model.measures.firms_and_abroad import (
    Approval,
    ApprovalInformed,
    Awareness,
    FirmHarm,
    FirmShare,
    FirmsListed,
    ForeignCompliance,
    ForeignSilence,
    ReachAbroad,
    ScoreConnection,
    ScoreLeverage,
    ScoreQuality,
    SilenceAbroad,
    ThroughFirms,
)
from glasshouse.model.measures.governance import (
    Complaints,
    Compliance,
    Cost,
    DebtOutstanding,
    GovernanceSoon,
    IncorrectTreatment,
    Information,
    Records,
    ScrutinyCapped,
    Service,
    ServiceEquality,
    ServiceGap,
    Unrest,
    Waiting,
)
from glasshouse.model.measures.listing import (
    RESTRICTED_SUMS,
    ContextSpread,
    FalseDiscovery,
    ListedShare,
    Missed,
    TrapHazard,
    TrapHazardMany,
    TrapLong,
    TripsRefused,
    UndeservedShare,
    UnlawfulContexts,
    UnlawfulListings,
    UnlawfulShare,
    WeeksWronglyListed,
    WronglyListedShare,
    WrongSpellTail,
    spread_over,
)
from glasshouse.model.measures.protest_events import (
    Crowds,
    CrowdsMiddle,
    CrowdsRepressed,
    EventsBeyondChance,
    ProtestEvents,
    Repressed,
)
from glasshouse.model.measures.redress import AppealWait, AppealWin, RedressRight, RedressUse, Reviewed, RoutineWin
from glasshouse.model.measures.score import (
    ExitRate,
    Exposure,
    Gaming,
    Isolation,
    Scored,
    ScoreMobility,
    ScoreMobilityFive,
    ScoreTruth,
    SharingSpread,
    Views,
)
from glasshouse.model.measures.speech import (
    BelievedRisk,
    Chilling,
    ChillingByFear,
    Control,
    ControlAtEqualGrievance,
    ControlExpected,
    FalsificationGap,
    LatentUnrest,
)
from glasshouse.model.measures.welfare import (
    CoerciveShare,
    Collateral,
    HarmlessShare,
    MinorShare,
    SanctionPerHarm,
    ThirdPartyShare,
    UnlawfulSanctions,
    UnrelatedShare,
    WelfareLost,
)
from glasshouse.model.pairing import Pairing
from glasshouse.model.statistics.speech_pairs import Latent, SameProblem

CATALOGUE: tuple[type[Measure], ...] = (
    ListedShare,
    WronglyListedShare,
    UndeservedShare,
    UnlawfulShare,
    UnlawfulListings,
    FalseDiscovery,
    UnlawfulContexts,
    Missed,
    ContextSpread,
    WeeksWronglyListed,
    WrongSpellTail,
    TrapHazard,
    TrapHazardMany,
    TrapLong,
    TripsRefused,
    RedressUse,
    RedressRight,
    AppealWin,
    RoutineWin,
    AppealWait,
    Reviewed,
    VictimsRecognised,
    RecognitionWait,
    RefundWait,
    HarmNotRefunded,
    WelfareLost,
    HarmlessShare,
    UnlawfulSanctions,
    SanctionPerHarm,
    UnrelatedShare,
    Collateral,
    ThirdPartyShare,
    CoerciveShare,
    MinorShare,
    TakeUp,
    MistakesRecorded,
    Gaming,
    ScoreTruth,
    Exposure,
    Views,
    SharingSpread,
    Isolation,
    ScoreMobility,
    ScoreMobilityFive,
    ExitRate,
    Scored,
    Chilling,
    ChillingByFear,
    LatentUnrest,
    BelievedRisk,
    FalsificationGap,
    Control,
    ControlExpected,
    ControlAtEqualGrievance,
    Compliance,
    GovernanceSoon,
    Waiting,
    ServiceGap,
    DebtOutstanding,
    IncorrectTreatment,
    ServiceEquality,
    Information,
    Cost,
    Service,
    Unrest,
    Complaints,
    Records,
    ScrutinyCapped,
    ForecastPrecision,
    ForecastRecall,
    ForecastLift,
    LoyaltyValidity,
    StabilityMargin,
    Overloaded,
    OverloadedAtOnce,
    Surprise,
    Recovery,
    Backlog,
    Freed,
    Reinvested,
    AvoidedPerCost,
    UpwardTruth,
    ReachingCentre,
    LeftOut,
    BeliefError,
    Replaced,
    CreepRate,
    ProtestEvents,
    EventsBeyondChance,
    Crowds,
    CrowdsMiddle,
    Repressed,
    CrowdsRepressed,
    FirmsListed,
    FirmShare,
    ThroughFirms,
    ScoreConnection,
    ScoreQuality,
    ScoreLeverage,
    ForeignCompliance,
    FirmHarm,
    ReachAbroad,
    SilenceAbroad,
    ForeignSilence,
    Awareness,
    Approval,
    ApprovalInformed,
)
"""Every built-in measure, in the order in which tables show them."""

PAIRINGS: tuple[type[Pairing], ...] = (SameProblem, Latent)
"""The paired sums that the measures need."""


def measures_of(sums: Iterable[Sum]) -> tuple[type[Measure], ...]:
    """The built-in measures of a run.

    Parameters
    ----------
    sums : iterable of Sum
        What the run keeps.

    Returns
    -------
    tuple of Measure types
        Those of the catalogue; the measure of how far restrictions spread has as many contexts as the run.
    """
    contexts = sum(total.name in RESTRICTED_SUMS for total in sums)
    return tuple(spread_over(contexts) if measure is ContextSpread else measure for measure in CATALOGUE)
