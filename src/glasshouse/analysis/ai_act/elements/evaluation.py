"""Elements A to B4: who is evaluated, how, over what time and on what basis."""

from collections.abc import Callable, Sequence

import numpy as np

from glasshouse.analysis.ai_act.elements.element import Element, Formula, GroupQuestion, Question, RunStatistics
from glasshouse.analysis.ai_act.record_kinds import RecordKinds
from glasshouse.analysis.ai_act.totals import YEAR
from glasshouse.model.agencies import BENEFIT, COURT, DEBT, ORDER, TRADE, TRAFFIC
from glasshouse.model.measure import FloatArray, ratio

Choice = Callable[[RecordKinds], Sequence[int]]
"""Chooses some kinds of records."""

ALLOCATED = (
    "exact for a sum of inputs (Shapley value); points in police files are shared out by what is expected to be left"
)


def _passed_on(r: RunStatistics) -> FloatArray:
    others = r.sums().collateral_ww + r.sums().employee_ww
    return ratio(others, others + r.sums().sanction_ww)


def _half_life(*, court: bool) -> Formula:
    def weeks(r: RunStatistics) -> FloatArray:
        chosen = [agency for agency in range(r.records.agencies.number) if (agency == COURT) == court]
        lost = ratio(r.totals.files.lost[chosen].sum(), r.totals.files.at_risk[chosen].sum())
        return np.asarray(np.log(2.0) / -np.log1p(-lost)) if 0 < lost < 1 else np.asarray(np.nan)

    return weeks


def _variance(choice: Choice) -> Formula:
    return lambda r: ratio(r.totals.scores.covariance[list(choice(r.records))].sum(), r.totals.scores.variance.sum())


def _like(breach: int) -> Choice:
    return lambda records: records.like(breach)


def _false(records: RecordKinds) -> Sequence[int]:
    return [place for place, kind in enumerate(records.kinds) if not kind.rightful]


def information(later: FloatArray) -> FloatArray:
    """Mutual information of the class of a score and later restriction (Shannon 1948).

    Parameters
    ----------
    later : ndarray, shape (contexts, classes, 2)
        People by the class of their score and by whether they are restricted a quarter later.

    Returns
    -------
    ndarray of float, shape (2,)
        The mutual information and the entropy of later restriction in bits, as means over contexts.
    """

    def entropy(counts: FloatArray) -> float:
        shares = counts[counts > 0] / counts.sum()
        return float(-(shares * np.log2(shares)).sum())

    known = [table for table in later if table.sum() > 0]
    if not known:
        return np.full(2, np.nan)
    after = [entropy(table.sum(axis=0)) for table in known]
    mutual = [e + entropy(table.sum(axis=1)) - entropy(table.ravel()) for e, table in zip(after, known, strict=True)]
    return np.array([np.mean(mutual), np.mean(after)])


def _per_head(r: RunStatistics, group: str, inside: bool) -> FloatArray:
    sums = r.sums(cells=r.group(group, inside=inside))
    return ratio(sums.points_wrong, sums.adults)


def _wrong_ratio(group: str) -> Formula:
    return lambda r: ratio(_per_head(r, group, True), _per_head(r, group, False))


BASIS = tuple(
    Question(
        f"variance_{name}",
        f"Variance of the score: {title}",
        "share",
        _variance(choice),
        "covariance of these points with the score / its variance, over adults, each quarter, all contexts added up; "
        "further kinds count with what they are like"
        if name == "traffic"
        else "as above",
        ALLOCATED,
        paragraphs,
    )
    for name, title, choice, paragraphs in (
        ("traffic", "records of traffic breaches", _like(TRAFFIC), "157"),
        ("order", "records of public-order breaches", _like(ORDER), "157"),
        ("protest", "records of protest", lambda records: [records.protest], "157"),
        ("debt", "records of debt default", _like(DEBT), "157"),
        ("benefit", "records of benefit or tax irregularities", _like(BENEFIT), "157"),
        ("trade", "records of trade breaches", _like(TRADE), "157"),
        ("misread", "complaints misread as offences", lambda records: [records.misread], "159"),
        ("mistaken", "records of somebody else's or nobody's act", lambda records: records.wrong, "159"),
    )
)

EVALUATION: tuple[Element, ...] = (
    Element("A", "The act", "Is such a system placed on the market, put into service or used, and by whom?", "149–150"),
    Element(
        "B1",
        "Whom it evaluates",
        "Are natural persons or groups of persons evaluated, directly or through a score of something else?",
        "152, 173",
        (
            Question(
                "on_file",
                "Adults with points on file, at any moment",
                "share",
                lambda r: ratio(r.totals.files.people, r.totals.adult_weeks),
                "adult-weeks with a point in some agency's file / adult-weeks",
                "a file without points is no evaluation",
                "152",
            ),
            Question(
                "pass_through",
                "Harm that reaches people through somebody else's score",
                "share",
                _passed_on,
                "welfare lost by household members and employees of the restricted / all welfare lost through restrictions",
                "how much of a restriction spills over is assumed (sanctions.spill, employee_spill)",
                "152",
            ),
        ),
    ),
    Element(
        "B2",
        "Evaluation or classification",
        "Is there a number, a ranking or a label, profiling included?",
        "151–154",
        (
            Question(
                "information",
                "What the score tells about treatment a quarter later",
                "bits",
                lambda r: information(r.totals.scores.later)[0],
                "mutual information of score class (nothing, below half, below, at threshold) and restriction, mean of contexts",
                "classes are cut at the regime's own thresholds",
                "154",
            ),
            Question(
                "information_share",
                "Uncertainty about that treatment which the score removes",
                "share",
                lambda r: ratio(*information(r.totals.scores.later)),
                "the same / entropy of restriction",
                "classes are cut at the regime's own thresholds",
                "154",
            ),
        ),
    ),
    Element(
        "B3",
        "Over a certain period of time",
        "Does it rest on data that span time, rather than on one grade from one narrow setting?",
        "155",
        (
            Question(
                "half_life",
                "Half-life of an event in the score: all agencies but the court",
                "weeks",
                _half_life(court=False),
                "from the points that expired or were struck in a week / points on file",
                "points expire by chance at a steady rate (points.half_life)",
                "155",
            ),
            Question(
                "half_life_court",
                "Half-life of an event in the score: court",
                "weeks",
                _half_life(court=True),
                "the same; rightful court points stay until the debt is paid",
                "repayment out of income (conduct.repayment)",
                "155",
            ),
            Question(
                "old_share",
                "Points in the score that are older than a year",
                "share",
                lambda r: ratio(r.totals.scores.old_score.sum(), r.totals.scores.score.sum()),
                "points from events of more than 52 weeks ago / all points, as the lists count them",
                ALLOCATED,
                "155",
            ),
            Question(
                "old_variance",
                "Variance of the score from events older than a year",
                "share",
                lambda r: ratio(r.totals.scores.old_covariance.sum(), r.totals.scores.variance.sum()),
                "covariance of these points with the score / its variance",
                ALLOCATED,
                "155",
            ),
            Question(
                "updates",
                "Records made",
                "per adult and year",
                lambda r: YEAR * ratio(r.sums().records, r.totals.adult_weeks),
                "records true and false / adult-years",
                "detection as the scenario assumes it (observation.coverage, covert)",
                "155",
            ),
        ),
    ),
    Element(
        "B4",
        "Its basis",
        "Does it rest on social behaviour, or on known, inferred or predicted characteristics, and from how many sources?",
        "157–159",
        (
            *BASIS,
            Question(
                "variance_wrongful",
                "Variance of the score from all records that are wrong",
                "share",
                _variance(_false),
                "the two lines above added up",
                ALLOCATED,
                "159",
            ),
            Question(
                "wrong_points",
                "Points on file that are wrong",
                "share",
                lambda r: ratio(r.sums().points_wrong, r.sums().points_held),
                "wrongful points / points on file, by the regime's own rule",
                "error rates as the scenario assumes them (observation.misread, false_positive_rate, mismatch_rate)",
                "159",
            ),
            GroupQuestion(
                "wrong_points_{}",
                "Wrong points a head: {} over others",
                "ratio",
                _wrong_ratio,
                "wrongful points per adult of the group / of everybody else",
                "unequal intensity of observation is assumed (observation.intensity_…)",
                "159",
            ),
            Question(
                "sources",
                "Agencies that hold points on a person with a file",
                "agencies",
                lambda r: ratio(r.totals.files.files, r.totals.files.people),
                "files with points / adults with points on file",
                "these agencies stand for the many of a real system",
                "157",
            ),
        ),
    ),
)
