"""The catalogue of measures: what a regime does to people first, then what it does to the state."""

from glasshouse.measure import Measure
from glasshouse.measures.listing import (
    FalseDiscovery,
    ListedShare,
    Missed,
    UndeservedShare,
    WeeksWronglyListed,
    WronglyListedShare,
)
from glasshouse.measures.speech import Chilling, Control, FalsificationGap, SameProblem
from glasshouse.measures.state import (
    Complaints,
    Compliance,
    Cost,
    GovernanceSoon,
    Information,
    Records,
    Service,
    ServiceGap,
    Unrest,
    Waiting,
)
from glasshouse.measures.welfare import Collateral, HarmlessShare, SanctionPerHarm, UnrelatedShare, WelfareLost
from glasshouse.pairing import Pairing

CATALOGUE: tuple[type[Measure], ...] = (
    ListedShare,
    WronglyListedShare,
    UndeservedShare,
    FalseDiscovery,
    Missed,
    WeeksWronglyListed,
    WelfareLost,
    HarmlessShare,
    SanctionPerHarm,
    UnrelatedShare,
    Collateral,
    Chilling,
    FalsificationGap,
    Control,
    Unrest,
    Complaints,
    Compliance,
    GovernanceSoon,
    Waiting,
    ServiceGap,
    Information,
    Records,
    Cost,
    Service,
)
"""Every built-in measure, in the order in which tables show them."""

PAIRINGS: tuple[type[Pairing], ...] = (SameProblem,)
"""The paired sums that the measures need."""
