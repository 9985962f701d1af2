"""What the regime does for the state: compliance, quality of governance, what it knows, what it spends."""

import numpy as np

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.ratio_measure import ArmsRatioMeasure, RatioMeasure


class Compliance(ArmsRatioMeasure):
    """Harm of breaches avoided. Share; more is better."""

    name, title = "compliance", "Harm of breaches avoided"
    numerator, denominator = "regime.breach_harm", "reference.breach_harm"
    complement = True
    unit, better, source = "share", "more", "facts.md C8, F19"
    people = False


class GovernanceSoon(RatioMeasure):
    """Problems that the state solves within 12 weeks over problems that ended or began. Share; more is better."""

    name, title = "governance", "Problems solved within 12 weeks"
    numerator, denominator = "problems_fixed_soon", "problems_arrived"
    unit, better, source = "share", "more", "definition"
    people = False


class Waiting(RatioMeasure):
    """Mean duration of the problems that ended. Weeks; less is better."""

    name, title = "waiting", "Duration of a problem"
    numerator, denominator = "weeks_to_end", "problems_ended"
    unit, better, source = "weeks", "less", "definition"
    people = False


class ServiceGap(RatioMeasure):
    """Open problems that the state does not know of. Share; less is better."""

    name, title = "unheard", "Open problems that the state does not know of"
    numerator, denominator = "problems_known", "problems_open"
    complement = True
    unit, better, source = "share", "less", "definition"
    people = False


class Information(Measure):
    """How well reports tell where problems are. Correlation; more is better."""

    name, title = "information", "Reports that tell where the problems are"
    formula = "correlation over districts of reported problems a head with open problems a head"
    unit, better, source = "correlation", "more", "definition; facts.md C4, F20"
    people, by_group, by_district = False, False, True

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        reported, true = (ratio(one, sums.adults) for one in (sums.problems_reported, sums.problems_open))
        apart = reported - reported.mean(), true - true.mean()
        spread = np.sqrt((apart[0] ** 2).sum() * (apart[1] ** 2).sum())
        return ratio((apart[0] * apart[1]).sum(), spread)


class Cost(RatioMeasure):
    """Budget spent on control and rewards, a head and year. ww; less is better."""

    name, title = "cost", "Spending on control and rewards"
    numerator, denominator = "cost_control + cost_rewards", "adults"
    factor = 52.0
    unit, better, source = "ww per adult and year", "less", "definition"
    people, by_group = False, False


class Service(RatioMeasure):
    """Budget left for service, a head and year. ww; more is better."""

    name, title = "service_spending", "Spending on service"
    numerator, denominator = "cost_service", "adults"
    factor = 52.0
    unit, better, source = "ww per adult and year", "more", "definition"
    people, by_group = False, False


class Unrest(RatioMeasure):
    """Protest participation. Per thousand adults and year; neither direction is better by itself."""

    name, title = "protest", "Protest participation"
    numerator, denominator = "protests", "adults"
    factor = 52_000.0
    unit, better, source = "per 1,000 adults and year", "neither", "facts.md B4"
    people = False


class Complaints(RatioMeasure):
    """Complaints made. Per thousand adults and year; neither direction is better by itself."""

    name, title = "complaint_rate", "Complaints"
    numerator, denominator = "complaints", "adults"
    factor = 52_000.0
    unit, better, source = "per 1,000 adults and year", "neither", "definition"
    people = False


class Records(RatioMeasure):
    """Records made about citizens. Per adult and year; neither direction is better by itself."""

    name, title = "records", "Records made"
    numerator, denominator = "records", "adults"
    factor = 52.0
    unit, better, source = "per adult and year", "neither", "definition"
    people = False
