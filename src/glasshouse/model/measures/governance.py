"""What the regime does for the state: compliance, quality of governance, what it knows, what it spends."""

import numpy as np

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio


class Compliance(Measure):
    """Harm of breaches avoided. Share; more is better."""

    name, title = "compliance", "Harm of breaches avoided"
    formula = "1 - harm of breaches in the regime / harm of breaches in the reference"
    unit, better, source = "share", "more", "facts.md C8, F19"
    people = False

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        return 1.0 - ratio(regime.breach_harm, reference.breach_harm)


class GovernanceSoon(Measure):
    """Problems that the state solves within 12 weeks over problems that ended or began. Share; more is better."""

    name, title = "governance", "Problems solved within 12 weeks"
    formula = "problems that the state solved within 12 weeks / problems that began"
    unit, better, source = "share", "more", "definition"
    people = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.problems_fixed_soon, sums.problems_arrived)


class Waiting(Measure):
    """Mean duration of the problems that ended. Weeks; less is better."""

    name, title = "waiting", "Duration of a problem"
    formula = "weeks of ended problems / ended problems"
    unit, better, source = "weeks", "less", "definition"
    people = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return ratio(sums.weeks_to_end, sums.problems_ended)


class ServiceGap(Measure):
    """Open problems that the state does not know of. Share; less is better."""

    name, title = "unheard", "Open problems that the state does not know of"
    formula = "1 - citizen-weeks with a known problem / citizen-weeks with an open problem"
    unit, better, source = "share", "less", "definition"
    people = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 1.0 - ratio(sums.problems_known, sums.problems_open)


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


class Cost(Measure):
    """Budget spent on control and rewards, a head and year. ww; less is better."""

    name, title = "cost", "Spending on control and rewards"
    formula = "52 * (control + rewards) / adult-weeks"
    unit, better, source = "ww per adult and year", "less", "definition"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52.0 * ratio(sums.cost_control + sums.cost_rewards, sums.adults)


class Service(Measure):
    """Budget left for service, a head and year. ww; more is better."""

    name, title = "service_spending", "Spending on service"
    formula = "52 * service / adult-weeks"
    unit, better, source = "ww per adult and year", "more", "definition"
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52.0 * ratio(sums.cost_service, sums.adults)


class Unrest(Measure):
    """Protest participation. Per thousand adults and year; neither direction is better by itself."""

    name, title = "protest", "Protest participation"
    formula = "52,000 * protests / adult-weeks"
    unit, better, source = "per 1,000 adults and year", "neither", "facts.md B4"
    people = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52_000.0 * ratio(sums.protests, sums.adults)


class Complaints(Measure):
    """Complaints made. Per thousand adults and year; neither direction is better by itself."""

    name, title = "complaint_rate", "Complaints"
    formula = "52,000 * complaints / adult-weeks"
    unit, better, source = "per 1,000 adults and year", "neither", "definition"
    people = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52_000.0 * ratio(sums.complaints, sums.adults)


class Records(Measure):
    """Records made about citizens. Per adult and year; neither direction is better by itself."""

    name, title = "records", "Records made"
    formula = "52 * records / adult-weeks"
    unit, better, source = "per adult and year", "neither", "definition"
    people = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        return 52.0 * ratio(sums.records, sums.adults)
