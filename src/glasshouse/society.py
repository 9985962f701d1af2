"""The people a run is about: who they are, where they live and work, and whom they know.

A `Society` is synthetic and fixed: synthesis draws it from published marginals, and nothing else makes one. What changes
from week to week lives in the engine's state, one record per citizen and world, laid out beside the traits here.

Order is part of the contract. Citizens are sorted by district, inside a district by household, and every district but
the last holds a multiple of `ALIGN` citizens, so that a block of citizens never spans two districts and never shares a
word of shown signals with another block.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALIGN = 64
"""Citizens of a district come in multiples of this (the last district takes what is left)."""

NOBODY = 0xFFFFFFFF
"""The index that means «none»: no workplace, no look-alike."""

CITIZEN = np.dtype(
    [
        ("workplace", "u4"),  # index of the firm, or NOBODY
        ("lookalike", "u4"),  # a citizen of the same district and cell whose records may be mistaken for one's own
        ("income", "f4"),  # disposable income over the median of the society, annual
        ("exposure", "f4"),  # e of the model: share of daily activity that passes through instrumented channels
        ("risk_aversion", "f4"),  # rho of the model, share
        ("propensity", "f4"),  # breach propensity relative to the mean, mean 1
        ("complaint_threshold", "f4"),  # standard normal score; the voice mechanism gives it mean and spread
        ("protest_threshold", "f4"),  # standard normal score, correlated with the former
        ("temper", "f4"),  # standard normal score: the persistent personal term of the voice noise
        ("connection", "f4"),  # tie to officials, share
        ("household_size", "u1"),  # members, oneself included
        ("household_place", "u1"),  # position among them: the first member's index is one's own index minus this
        ("age", "u1"),  # five-year band: 0 = 0-4 ... 18 = 90+
        ("education", "u1"),  # 0 none, 1 primary, 2 lower secondary, 3 upper secondary, 4 college
        ("female", "u1"),
        ("urban", "u1"),
        ("migrant", "u1"),  # lives away from the place of registration
        ("minority", "u1"),
        ("party", "u1"),
        ("abroad", "u1"),
        ("adult", "u1"),  # 15 or older: has conduct, a voice and a record of his own
        ("cell", "u1"),  # minority + 2 migrant + 4 poorest fifth + 8 rural: the group cell that sums are kept for
    ],
    align=True,
)

DISTRICT = np.dtype(
    [
        ("first", "u4"),  # index of its first citizen
        ("size", "u4"),  # citizens
        ("urban_share", "f4"),
        ("wealth", "f4"),  # mean of its citizens' income, as in CITIZEN
        ("need", "f4"),  # problem arrivals relative to the mean district, mean 1
        ("capacity", "f4"),  # service capacity a head relative to the mean district, mean 1
        ("accuracy", "f4"),  # the official's accuracy, share
        ("career", "f4"),  # career pressure on the official, share
        ("discretion", "f4"),  # share
    ],
    align=True,
)

FIRM = np.dtype(
    [
        ("size", "u4"),  # employees
        ("district", "u4"),
        ("connection", "f4"),  # political connection, share
        ("leverage", "f4"),  # debt over assets
        ("governance", "f4"),  # quality of its own governance, standard normal score
        ("foreign", "u1"),
        ("own_account", "u1"),  # a self-employed unit
    ],
    align=True,
)

GROUPS = {"minority": 1, "migrant": 2, "poorest fifth": 4, "rural": 8}
"""Bit of `cell` that marks each group; a group's figure is the sum over the cells that have the bit."""

CELLS = 16


@dataclass(frozen=True)
class Society:
    """Synthetic citizens, districts and firms with the ties between citizens.

    `citizens`, `districts`, `firms` are structured arrays of the dtypes above. Ties are undirected and stored from both
    ends as compressed rows: the contacts of citizen i are `ties[tie_start[i]:tie_start[i + 1]]`, coworkers, neighbours,
    kin elsewhere and online contacts. Household members are contacts too, but not stored: they are the indices around i.
    """

    citizens: NDArray[np.void]
    districts: NDArray[np.void]
    firms: NDArray[np.void]
    tie_start: NDArray[np.int64]
    ties: NDArray[np.uint32]
