"""The figures by which a run is followed over time, in the report, in progress and on the page."""

from collections.abc import Callable
from dataclasses import dataclass

from glasshouse.model.measure import FloatArray, Sums, ratio
from glasshouse.model.measures.governance import Cost, GovernanceSoon, Unrest, Waiting
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare, WronglyListedShare


@dataclass(frozen=True)
class Series:
    """One figure that a run is followed by.

    Attributes
    ----------
    name, heading : str
        Key and title.
    explained : str
        What it measures, as a sentence.
    unit : str
        Unit in which it is shown.
    formula : callable
        Computes it from the sums of one arm.
    factor : float
        From the value of the formula to the unit.
    """

    name: str
    heading: str
    explained: str
    unit: str
    formula: Callable[[Sums], FloatArray]
    factor: float = 1.0


def _risk(sums: Sums) -> FloatArray:
    return ratio(sums.risk_sum, sums.adults)


def _complaining(sums: Sums) -> FloatArray:
    return ratio(sums.complaints, sums.problems_open)


SERIES = (
    Series(
        "listed",
        "Adults on a list",
        "Restricted in travel, credit, benefits or licences, at any moment.",
        "% of adults",
        ListedShare.value,
        100,
    ),
    Series(
        "wrongly",
        "Wrongful restrictions",
        "Of restrictions in force, those without cause by the regime's own rule: misread, mixed up or invented records.",
        "% of restrictions",
        WronglyListedShare.value,
        100,
    ),
    Series(
        "unlawful",
        "Unlawful restrictions",
        "Of restrictions in force, those that a later court would call unlawful: records outside the catalogue, no hearing, "
        "too long.",
        "% of restrictions",
        UnlawfulShare.value,
        100,
    ),
    Series(
        "fear",
        "Fear of speaking",
        "How likely the average adult believes it to be that speaking up brings a sanction.",
        "believed chance, %",
        _risk,
        100,
    ),
    Series(
        "complaints",
        "Complaints",
        "Complaints for every 100 weeks that somebody lives with an open problem.",
        "per 100 weeks",
        _complaining,
        100,
    ),
    Series(
        "protest",
        "Protest",
        "Citizens protesting, for every thousand adults and year.",
        "per 1,000 adults",
        Unrest.value,
    ),
    Series(
        "solved",
        "Problems solved in time",
        "Of all problems of everyday life, those the state solves within 12 weeks.",
        "% of problems",
        GovernanceSoon.value,
        100,
    ),
    Series(
        "living",
        "Living with a problem",
        "How long a problem lasts until it ends in whatever way.",
        "weeks",
        Waiting.value,
    ),
    Series(
        "spending",
        "Spending on control",
        "Control and rewards together; a welfare-week is a week of the median citizen's welfare.",
        "welfare-weeks an adult and year",
        Cost.value,
    ),
)
