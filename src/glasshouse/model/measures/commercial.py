"""What commercial scores do: who has one, who is favoured and refused, and how much of it the courts' list brings about."""

from collections.abc import Mapping
from typing import ClassVar

from glasshouse.model.measure import Measure
from glasshouse.model.ratio_measure import RatioMeasure
from glasshouse.model.scale import SHARE


class _Commercial(RatioMeasure):
    """A ratio of sums of `commercial_scores`, whose terms are here, since most scenarios lack these sums."""

    terms: ClassVar[Mapping[str, str]] = {
        "commercial_users": "citizen-weeks with a commercial score",
        "commercial_favoured": "citizen-weeks favoured by a company",
        "commercial_refused": "citizen-weeks refused by a company",
        "commercial_refused_listed": "citizen-weeks refused for the courts' list alone",
        "commercial_refused_wrongly": "citizen-weeks refused for false bills or wrong listings",
        "commercial_refused_paying": "citizen-weeks refused whatever the bills",
        "adults": "adult-weeks",
    }
    unit, source = "share", "definition"
    scale = SHARE


class CommercialUsers(_Commercial):
    """Adults with a commercial score. Share; neither is better."""

    name, title = "commercial_users", "Adults with a commercial score"
    numerator, denominator = "commercial_users", "adults"
    better = "neither"


class CommerciallyFavoured(_Commercial):
    """Users whom the company favours. Share; neither is better."""

    name, title = "commercially_favoured", "Users of a commercial score who are favoured"
    numerator, denominator = "commercial_favoured", "commercial_users"
    better = "neither"


class CommerciallyRefused(_Commercial):
    """Users whom the company refuses. Share; less is better."""

    name, title = "commercially_refused", "Users of a commercial score who are refused"
    numerator, denominator = "commercial_refused", "commercial_users"
    better = "less"


class RefusedByList(_Commercial):
    """Refusals that would not be but for the courts' list, of all refusals by companies. Share; neither is better."""

    name, title = "refused_by_list", "Refusals by companies for the courts' list alone"
    numerator, denominator = "commercial_refused_listed", "commercial_refused"
    better = "neither"


class CommerciallyRefusedWrongly(_Commercial):
    """Refusals for bills entered falsely or wrong court listings, of all refusals by companies. Share; less is better."""

    name, title = "commercially_refused_wrongly", "Refusals by companies that were wrong"
    numerator, denominator = "commercial_refused_wrongly", "commercial_refused"
    better = "less"


class RefusedWhateverPaid(_Commercial):
    """Refusals of users whom income and little life online alone put below the line. Share of refusals; less is better."""

    name, title = "refused_whatever_paid", "Refusals by companies of people whatever they paid"
    numerator, denominator = "commercial_refused_paying", "commercial_refused"
    better = "less"


COMMERCIAL: tuple[type[Measure], ...] = (
    CommercialUsers,
    CommerciallyFavoured,
    CommerciallyRefused,
    RefusedByList,
    CommerciallyRefusedWrongly,
    RefusedWhateverPaid,
)
"""Measures of a scenario with the table `commercial_scores`."""
