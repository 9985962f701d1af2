"""The figures by which a run is followed over time, in the report, in progress and on the page."""

from dataclasses import dataclass

from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import Cost, GovernanceSoon, Unrest, Waiting
from glasshouse.model.measures.listing import ListedShare, UndeservedShare, UnlawfulShare, WronglyListedShare
from glasshouse.model.measures.speech import BelievedRisk
from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import POSITIVE


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
    measure : type of Measure
        Computes it from the sums of one arm.
    factor : float
        From the value of the measure to the unit.
    """

    name: str
    heading: str
    explained: str
    unit: str
    measure: type[Measure]
    factor: float = 1.0


class ComplaintsOfProblems(RatioMeasure):
    """Complaints for every 100 weeks with an open problem. Per 100 weeks; neither direction is better by itself."""

    name, title = "complaints_of_problems", "Complaints about an open problem"
    numerator, denominator = "complaints", "problems_open"
    factor = 100.0
    unit, better, source = "per 100 weeks", "neither", "definition"
    scale = POSITIVE


SERIES = (
    Series(
        "listed",
        "Adults on a list",
        "Restricted in travel, credit, benefits or licences, at any moment.",
        "% of adults",
        ListedShare,
        100,
    ),
    Series(
        "wrongly",
        "Wrongful restrictions",
        "Of restrictions in force, those without cause by the regime's own rule: misread, mixed up or invented records.",
        "% of restrictions",
        WronglyListedShare,
        100,
    ),
    Series(
        "undeserved",
        "Undeserved restrictions",
        "Of restrictions in force, those of people whose conduct does not deserve them.",
        "% of restrictions",
        UndeservedShare,
        100,
    ),
    Series(
        "unlawful",
        "Unlawful restrictions",
        "Of restrictions in force, those that a later court would call unlawful: records outside the catalogue, no hearing, "
        "too long.",
        "% of restrictions",
        UnlawfulShare,
        100,
    ),
    Series(
        "fear",
        "Fear of speaking",
        "How likely the average adult believes it to be that speaking up brings a sanction.",
        "believed chance, %",
        BelievedRisk,
        100,
    ),
    Series(
        "complaints",
        "Complaints",
        "Complaints for every 100 weeks that somebody lives with an open problem.",
        "per 100 weeks",
        ComplaintsOfProblems,
    ),
    Series(
        "protest",
        "Protest",
        "Citizens protesting, for every thousand adults and year.",
        "per 1,000 adults",
        Unrest,
    ),
    Series(
        "solved",
        "Problems solved in time",
        "Of all problems of everyday life, those the state solves within 12 weeks.",
        "% of problems",
        GovernanceSoon,
        100,
    ),
    Series(
        "living",
        "Living with a problem",
        "How long a problem lasts until it ends in whatever way.",
        "weeks",
        Waiting,
    ),
    Series(
        "spending",
        "Spending on control",
        "Control and rewards together; a welfare-week is a week of the median citizen's welfare.",
        "welfare-weeks an adult and year",
        Cost,
    ),
)
