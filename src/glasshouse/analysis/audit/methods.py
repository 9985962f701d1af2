"""The methods of simulated auditors: each makes an estimate and an interval of what it sees, and none sees the truth.

All answer one question: how many times as often is a member of the group wrongly listed, a head, as one of the rest?
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.audit.desk import Desk
from glasshouse.analysis.audit.rates import LEVEL, TwoRates, ratio_interval, score
from glasshouse.model.measure import FloatArray


@dataclass(frozen=True)
class Audits:
    """What many audits by one method found.

    Attributes
    ----------
    estimate, low, high : ndarray of float, shape (audits,)
        The estimate of the ratio and its 95 % interval; NaN, 0 and infinity where the audit sets none.
    """

    estimate: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def finding(self) -> NDArray[np.int64]:
        """1 where an audit finds the group worse off (two-sided, 5 %), −1 where it finds it better off, else 0."""
        return (self.low > 1.0).astype(np.int64) - (self.high < 1.0).astype(np.int64)

    @property
    def finds(self) -> NDArray[np.bool_]:
        """Whether an audit finds a difference at all, in either direction."""
        found: NDArray[np.bool_] = self.finding != 0
        return found


@dataclass(frozen=True)
class Method:
    """A way to audit.

    Attributes
    ----------
    name, title : str
        Its name in tables, and what it is called.
    sees : str
        What the auditor is given.
    misleads : str
        When its answer is about something else than the question.
    examines : bool
        Whether somebody has to examine, or write to, each case.
    audit : callable
        Makes the audits of a `Desk`.
    """

    name: str
    title: str
    sees: str
    misleads: str
    examines: bool
    audit: Callable[[Desk], Audits]


def direct(found: TwoRates, level: float = LEVEL) -> Audits:
    """Audits whose estimate is the ratio of two rates.

    Parameters
    ----------
    found : TwoRates
        What they counted.
    level : float
        Error rate of the interval and of the finding.

    Returns
    -------
    Audits
        With the score interval.
    """
    return Audits(found.ratio, *ratio_interval(found, level))


def scaled(flags: TwoRates, found: TwoRates) -> Audits:
    """Audits whose estimate is the ratio of listings a head times the ratio of what is wrong among the listed.

    Parameters
    ----------
    flags : TwoRates
        Listed among adults.
    found : TwoRates
        Wrong among the listed.

    Returns
    -------
    Audits
        The limits are those of Donner and Zou (2012, Statistical Methods in Medical Research 21:347) for a product of
        independent estimates: distances to the limits of each factor, on the scale of logarithms, are added as squares.
    """
    first, second = flags.ratio, found.ratio
    ends = [ratio_interval(part) for part in (flags, found)]
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = first * second
        limits = []
        for side, sign in ((0, -1), (1, 1)):
            limit, other = ends[0][side], ends[1][side]
            distance = np.hypot(np.log(limit / first), np.log(other / second))
            # Where the cases give no ratio, or that of zero, both factors are taken at their limits.
            limits.append(
                np.where(np.isfinite(np.log(second)), np.exp(np.log(estimate) + sign * distance), limit * other)
            )
    return Audits(estimate, np.nan_to_num(limits[0]), np.where(np.isnan(limits[1]), np.inf, limits[1]))


def _flag_rates(desk: Desk) -> Audits:
    return direct(desk.flags())


def _files(desk: Desk) -> Audits:
    practice = desk.practice
    return scaled(desk.flags(), desk.files((1 - practice.specificity, practice.sensitivity)))


def _lot(desk: Desk) -> Audits:
    return direct(desk.together(*desk.lot(), desk.group))


def _error_rates(desk: Desk) -> Audits:
    world = desk.world
    kinds = np.stack([world.right, world.wrong])
    decided, won = ((kinds * world.appeals[:, place]).sum(axis=0) for place in (1, 2))
    return scaled(desk.flags(), desk.office_counts(won, decided))


def _appeals(desk: Desk) -> Audits:
    kinds = np.stack([desk.world.right, desk.world.wrong])
    return direct(desk.office_counts((kinds * desk.world.appeals[:, 0]).sum(axis=0)))


def _complaints(desk: Desk) -> Audits:
    return direct(desk.office_counts(desk.world.complaining))


def _interview(desk: Desk) -> Audits:
    return scaled(desk.flags(), desk.files(desk.practice.objecting, desk.practice.answering))


def _scan_with_groups(desk: Desk) -> Audits:
    return direct(desk.together(*desk.lot(), desk.group), LEVEL / len(desk.world.groups))


def _scan_without_groups(desk: Desk) -> Audits:
    """Compare by the other traits and report the one whose difference stands out most, corrected for looking often."""
    events, cases = desk.lot()
    others = [desk.together(events, cases, group) for group in desk.world.groups if group != desk.group]
    if not others:
        nothing = np.full(desk.audits, np.nan)
        return Audits(nothing, np.zeros(desk.audits), np.full(desk.audits, np.inf))
    worst = np.argmax(np.abs([score(one) for one in others]), axis=0)
    parts = (np.array([getattr(one, name) for one in others]) for name in TwoRates.__annotations__)
    found = TwoRates(*(part[worst, np.arange(desk.audits)] for part in parts))
    return direct(found, LEVEL / len(others))


METHODS = (
    Method(
        "files",
        "Files drawn by lot from the listed",
        "files of the listed, examined, and counts of the listed by group",
        "examiners repeat the office's mistakes",
        True,
        _files,
    ),
    Method(
        "lot",
        "People drawn by lot",
        "people drawn from all adults, examined",
        "examiners err: wrongs are so rare that few of those found are",
        True,
        _lot,
    ),
    Method(
        "scan_with_groups",
        "Scan of all groups",
        "the same lot, compared by every declared group with a correction for looking often",
        "as by lot, with less power the more groups are scanned",
        True,
        _scan_with_groups,
    ),
    Method(
        "scan_without_groups",
        "Scan without the label",
        "the same lot, compared by the other groups because the label asked about is not known",
        "the other traits overlap little with the group, or matter themselves",
        True,
        _scan_without_groups,
    ),
    Method(
        "interview",
        "Interview of the listed",
        "answers of those of the listed who answer, and counts of the listed by group",
        "who answers, and who objects, depends on being wronged, and differs between groups",
        True,
        _interview,
    ),
    Method(
        "flag_rates",
        "Counts of the listed",
        "counts of the listed by group, from the office",
        "groups differ in what is rightly listed (base rates)",
        False,
        _flag_rates,
    ),
    Method(
        "error_rates",
        "Error rates on decided appeals",
        "counts of the listed and of appeals decided and won, by group",
        "only appeals reveal an error: who appeals, and who wins, is no random sample",
        False,
        _error_rates,
    ),
    Method(
        "appeals",
        "Appeals made",
        "counts of people who appealed, by group",
        "groups differ in fear, notice and help, and the rightly listed appeal too",
        False,
        _appeals,
    ),
    Method(
        "complaints",
        "Complaints",
        "counts of people who complained of anything, by group",
        "complaints are about problems of all kinds, and fear keeps them back",
        False,
        _complaints,
    ),
)
"""All methods. A difference-in-differences answers another question, what joining the regime did: see `results/did.py`."""
