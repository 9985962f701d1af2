"""Synthetic applicants on the published percentages, and a bank's policies on them (Liu et al. 2018)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.measure import FloatArray
from glasshouse.replications.fair_lending.mechanisms import LendingRound
from glasshouse.replications.sandbox import Simulation, build_population

APPLICANTS = 10_000
"""Applicants of a group: the tables give hundredths of a per cent, so that these are the published shares exactly."""

GROUPS = ("black", "white")

WEIGHTS = {"black": 18_274 / (18_274 + 133_165), "white": 133_165 / (18_274 + 133_165)}
"""Shares of the two groups by the number of scored people in the source."""

FICO = np.arange(300.0, 851.0, 50.0)

MASSES = (2.1, 4.2, 5.4, 6.5, 7.9, 9.6, 12.0, 13.8, 17.0, 15.8, 5.7)
"""Per cent of the population between one of the FICO scores and the next: the map from levels to the FICO range."""

LOSSES = (-4.0, -10.0)
"""What a loan that is not repaid brings the bank, where one that is repaid brings 1."""

POLICIES = ("maximum utility", "demographic parity", "equal opportunity")


@cache
def table() -> Mapping[str, FloatArray]:
    """Read the published percentages.

    Returns
    -------
    mapping of str to ndarray
        Columns of the table, and `fico`, the FICO score of each level; each (levels).
    """
    path = resources.files("glasshouse") / "replications" / "data" / "transrisk.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = list(csv.DictReader(lines))
    columns = {name: np.array([float(row[name]) for row in found]) for name in found[0]}
    edges = np.concatenate([[0.0], np.cumsum(MASSES)])
    return {**columns, "fico": np.interp(columns["score"], edges, FICO)}


@dataclass(frozen=True)
class LoanGroup:
    """Applicants of a group for one copy: how many are accepted in round 0 and how many more in each round after it.

    `repaying` names the group whose repayment curve holds, the own one where it is empty.
    """

    group: str
    heads: float = 1.0
    more: float = 0.0
    loss: float = LOSSES[0]
    limited: bool = True
    repaying: str = ""


def lending(lots: list[LoanGroup]) -> Simulation:
    """Build a simulation with one copy for each group of applicants, the best scores first.

    Parameters
    ----------
    lots : list of LoanGroup
        Applicants of each copy.

    Returns
    -------
    Simulation
        The mechanism `LendingRound` on these copies.
    """
    columns = table()
    traits: dict[str, list[FloatArray]] = {"score": [], "repays": []}
    for lot in lots:
        up_to = np.rint(columns[f"{lot.group}_at_or_below"] * (APPLICANTS / 100.0)).astype(int)
        counts = np.diff(up_to, prepend=0)[::-1]
        repays = 1.0 - columns[f"{lot.repaying or lot.group}_bad"] / 100.0
        traits["score"].append(np.repeat(columns["fico"][::-1], counts))
        traits["repays"].append(np.repeat(repays[::-1], counts))
    places: dict[str, NDArray[Any]] = {
        "heads": np.array([lot.heads for lot in lots]),
        "more": np.array([lot.more for lot in lots]),
        "loss": np.array([lot.loss for lot in lots]),
        "limited": np.array([lot.limited for lot in lots]),
    }
    return Simulation(
        build_population({name: np.stack(rows) for name, rows in traits.items()}, places=places), (LendingRound(),)
    )


@dataclass(frozen=True)
class Curve:
    """What comes of accepting 0, 1, …, all applicants of a group, per head of the group; linear in between."""

    repaid: FloatArray
    utility: FloatArray
    change: FloatArray

    @property
    def caught(self) -> FloatArray:
        """True-positive rate: share of those who would repay that is accepted, by number accepted.

        Returns
        -------
        ndarray of float, shape (applicants + 1,)
            Shares.
        """
        shares: FloatArray = self.repaid / self.repaid[-1]
        return shares


HEADS = np.arange(APPLICANTS + 1.0)


def curves(lots: list[LoanGroup], seed: int) -> list[Curve]:
    """Simulate one more applicant accepted in every round.

    Parameters
    ----------
    lots : list of LoanGroup
        Applicants of each copy.
    seed : int
        Random seed; the rounds are deterministic.

    Returns
    -------
    list of Curve
        The curve of each copy.
    """
    history = lending(lots).history(APPLICANTS, seed, ["repaid", "utility", "change"])
    cut = {name: np.vstack([np.zeros(len(lots)), rows]) / APPLICANTS for name, rows in history.items()}
    return [Curve(*(cut[name][:, place] for name in ("repaid", "utility", "change"))) for place in range(len(lots))]


def crossing(change: FloatArray) -> float:
    """Find the share accepted beyond which the mean change of scores is negative.

    Parameters
    ----------
    change : ndarray of float, shape (applicants + 1,)
        Mean change of scores by number accepted.

    Returns
    -------
    float
        The last share at which the change crosses zero.
    """
    last = int(np.flatnonzero(change >= 0.0)[-1])
    return float(last + change[last] / (change[last] - change[last + 1])) / APPLICANTS


def policies(groups: Mapping[str, Curve]) -> dict[str, dict[str, float]]:
    """Find how many a bank accepts of each group under each policy, gaining most within its rule.

    All curves are linear between heads, so that the best share, or true-positive rate, is one at which some curve
    bends.

    Parameters
    ----------
    groups : mapping of str to Curve
        Curve of each group.

    Returns
    -------
    dict of str to dict of str to float
        Heads accepted by policy and group.
    """

    def gain(heads: Mapping[str, FloatArray]) -> FloatArray:
        by_group = np.array([WEIGHTS[g] * np.interp(heads[g], HEADS, groups[g].utility) for g in GROUPS])
        both: FloatArray = by_group.sum(axis=0)
        return both

    rates = np.unique(np.concatenate([groups[g].caught for g in GROUPS]))
    by_rate = {g: np.interp(rates, groups[g].caught, HEADS) for g in GROUPS}
    most = int(gain(by_rate).argmax())
    alike = float(gain(dict.fromkeys(GROUPS, HEADS)).argmax())
    return {
        "maximum utility": {g: float(groups[g].utility.argmax()) for g in GROUPS},
        "demographic parity": dict.fromkeys(GROUPS, alike),
        "equal opportunity": {g: float(by_rate[g][most]) for g in GROUPS},
    }


def cut(score: FloatArray, accepted: FloatArray, *, wrong_way: bool = False) -> float:
    """Compute the lowest score accepted, moved towards the level above it by the share of its applicants refused.

    Parameters
    ----------
    score : ndarray of float, shape (applicants,)
        Scores.
    accepted : ndarray of float, shape (applicants,)
        Accepted in whole (1), in part, or not (0).
    wrong_way : bool
        Whether to move it by the share accepted, as the authors' code does for the lines of harm alone.

    Returns
    -------
    float
        A FICO score.
    """
    level = float(score[accepted > 0.0].min())
    above_it = float(table()["fico"][table()["fico"] > level].min(initial=850.0))
    share = float(accepted[score == level].mean())
    return level + (share if wrong_way else 1.0 - share) * (above_it - level)
