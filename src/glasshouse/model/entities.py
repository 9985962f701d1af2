"""The people a run is about: who they are, where they live and work, and whom they know.

A `Population` is synthetic and fixed: synthesis draws it from published marginals, and nothing else makes one. What changes
from week to week lives in the engine's state, one record per citizen and arm, laid out beside the traits here.

Order is part of the contract. Citizens are sorted by district, inside a district by household, and every district but
the last holds a multiple of `ALIGN` citizens, so that a block of citizens never spans two districts and never shares a
word of shown signals with another block.
"""

from dataclasses import dataclass
from math import inf
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Trait

T = TypeVar("T", int, NDArray[np.int64])

ALIGN = 64
"""Citizens of a district come in multiples of this (the last district takes what is left)."""

NOBODY = 0xFFFFFFFF
"""The index that means “none”, as of those who have no workplace."""

COLLEGE = 4
"""The highest level of the trait `education`."""

GROUPS = (
    "woman",
    "lone parent",
    "under 25",
    "50 and over",
    "poorest fifth",
    "below median income",
    "minority",
    "migrant",
    "rural",
    "college",
)
"""Groups to which a citizen belongs for good, each with factors of its own in the model."""

RECIPIENT = "recipient"
"""The group of those who draw a benefit: it is counted anew each week, since they give benefits up and claim them again."""

DECLARABLE = (*GROUPS, RECIPIENT)
"""Groups that a scenario can declare, so that its sums are kept for each of them."""

DEFAULT_GROUPS = ("minority", "migrant", "poorest fifth", "rural")
"""Groups of a scenario that declares none."""

MOST_GROUPS = 4
"""Groups that a scenario can declare at most."""

CELLS = 1 << MOST_GROUPS
"""Group cells: one for each way to belong to some of the declared groups and not to the others."""

CITIZEN_TRAITS = (
    Trait("workplace", "u4", "index", f"firm where the citizen works; {NOBODY:,} stands for none", high=NOBODY),
    Trait("income", "f4", "ratio", "disposable income of a year over the median of the population", high=inf),
    Trait("exposure", "f4", "share", "exposure e: share of daily activity that passes through instrumented channels"),
    Trait("risk_aversion", "f4", "share", "risk aversion rho"),
    Trait("propensity", "f4", "ratio", "propensity to breach rules over its mean", high=inf),
    Trait(
        "complaint_threshold",
        "f4",
        "standard normal score",
        "threshold to complain, to which the mechanism that asks gives mean and spread",
        low=-inf,
        high=inf,
    ),
    Trait(
        "protest_threshold",
        "f4",
        "standard normal score",
        "threshold to protest, correlated with the threshold to complain",
        low=-inf,
        high=inf,
    ),
    Trait("temper", "f4", "standard normal score", "persistent personal term of the voice noise", low=-inf, high=inf),
    Trait("connection", "f4", "share", "tie to officials"),
    Trait("household_size", "u1", "persons", "members of the household, oneself included", low=1.0, high=9.0),
    Trait(
        "household_place",
        "u1",
        "position",
        "place among them; the first member's index is one's own index minus this",
        high=8.0,
    ),
    Trait("age", "u1", "five-year band", "age: 0 is 0 to 4 years, 18 is 90 and more", high=18.0),
    Trait(
        "education",
        "u1",
        "level",
        f"schooling: 0 none, 1 primary, 2 lower secondary, 3 upper secondary, {COLLEGE} college",
        high=COLLEGE,
    ),
    Trait("female", "u1", "yes or no", "is a woman"),
    Trait("urban", "u1", "yes or no", "lives in town"),
    Trait("migrant", "u1", "yes or no", "lives away from the place of registration"),
    Trait("minority", "u1", "yes or no", "belongs to an ethnic minority"),
    Trait("party", "u1", "yes or no", "is a member of the Party"),
    Trait("abroad", "u1", "yes or no", "lives abroad"),
    Trait("adult", "u1", "yes or no", "is 15 or older: has conduct, a voice and a record of their own"),
    Trait(
        "groups",
        "u2",
        "groups",
        "groups that one belongs to: the sum of 2^k over the groups k, from 0, in this order: " + ", ".join(GROUPS),
        high=2.0 ** len(GROUPS) - 1.0,
    ),
    Trait(
        "cell",
        "u1",
        "group cell",
        "cell that sums are kept for: 1 for the first declared group + 2 for the second + 4 + 8, as far as one belongs to them; "
        "16 times as much for recipients, who are found week by week",
        high=CELLS * CELLS - 1.0,
    ),
)
"""What a citizen is for good, in the order of the record."""

DISTRICT_TRAITS = (
    Trait("first", "u4", "index", "its first citizen", high=NOBODY),
    Trait("size", "u4", "persons", "its citizens", low=1.0, high=NOBODY),
    Trait("urban_share", "f4", "share", "share of its citizens who live in town"),
    Trait("wealth", "f4", "ratio", "mean income of its citizens over the median of the population", high=inf),
    Trait("need", "f4", "ratio", "arrivals of problems over those of the mean district", high=inf),
    Trait("capacity", "f4", "ratio", "service capacity a head over that of the mean district", high=inf),
    Trait("accuracy", "f4", "share", "accuracy of the official"),
    Trait("career", "f4", "share", "career pressure on the official"),
    Trait("discretion", "f4", "share", "discretion of the official"),
)
"""What a district is for good, in the order of the record."""

FIRM_TRAITS = (
    Trait("size", "u4", "persons", "its employees", high=NOBODY),
    Trait("district", "u4", "index", "district where it stands", high=NOBODY),
    Trait("connection", "f4", "share", "political connection"),
    Trait("leverage", "f4", "ratio", "debt over assets", high=inf),
    Trait("governance", "f4", "standard normal score", "quality of its own governance", low=-inf, high=inf),
    Trait("foreign", "u1", "yes or no", "is foreign-owned"),
    Trait("own_account", "u1", "yes or no", "is a self-employed unit"),
    Trait("representative", "u4", "index", "its legal representative, the eldest of its employees", high=NOBODY),
)
"""What a firm is for good, in the order of the record."""


def cells_in_week(cell: T, member: Any) -> T:
    """The group cells of a week.

    Parameters
    ----------
    cell : int or ndarray of int
        The trait `cell` of one or several citizens.
    member : bool or ndarray of bool
        Whether each is a recipient this week.

    Returns
    -------
    int or ndarray of int
        0 to `CELLS` - 1.
    """
    found: T = (cell | (cell >> MOST_GROUPS) * member) & (CELLS - 1)
    return found


def record_type(traits: tuple[Trait, ...]) -> np.dtype[Any]:
    """The record that holds these traits, each in its declared place.

    Parameters
    ----------
    traits : tuple of Trait
        In the order of the record.

    Returns
    -------
    numpy.dtype
        A structured type with a field for each trait.
    """
    return np.dtype([(trait.name, trait.dtype) for trait in traits], align=True)


CITIZEN = record_type(CITIZEN_TRAITS)
DISTRICT = record_type(DISTRICT_TRAITS)
FIRM = record_type(FIRM_TRAITS)


@dataclass(frozen=True)
class Population:
    """Synthetic citizens, districts and firms with the ties between citizens.

    `citizens`, `districts`, `firms` are structured arrays of the dtypes above. Ties are undirected and stored from both
    ends as compressed rows: the contacts of citizen i are `ties[tie_start[i]:tie_start[i + 1]]`, coworkers, neighbours,
    kin elsewhere and online contacts. Household members are contacts too, but not stored: they are the indices around i.

    Parameters
    ----------
    citizens, districts, firms : structured array
        Records of the dtypes `CITIZEN`, `DISTRICT` and `FIRM`; citizens sorted by district and household.
    tie_start : array of int64, shape (citizens + 1,)
        Where each citizen's ties begin.
    ties : array of uint32
        Index of the contact, for each tie from either end.
    """

    citizens: NDArray[np.void]
    districts: NDArray[np.void]
    firms: NDArray[np.void]
    tie_start: NDArray[np.int64]
    ties: NDArray[np.uint32]
