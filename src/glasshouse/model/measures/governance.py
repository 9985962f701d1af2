"""What the regime does for the state: compliance, quality of governance, what it knows, what it spends."""

import numpy as np

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.ratio_measure import ArmsRatioMeasure, RatioMeasure
from glasshouse.model.scale import BELOW_ONE, POSITIVE, SHARE, SIGNED

MIN_DISTRICTS = 3
"""Districts that a correlation over districts takes: over two it is -1 or 1 by arithmetic."""
ROUNDING = 1e-20
"""A sum of squares that is smaller by this factor than what it is a part of is rounding noise."""

UNREST = 2.0
"""Excess kurtosis of protest avoided, since single populations with unrest have most protest; it fits docs/coverage.md."""


class Compliance(ArmsRatioMeasure):
    """Harm of breaches avoided. Share; more is better."""

    name, title = "compliance", "Harm of breaches avoided"
    numerator, denominator = "regime.breach_harm", "reference.breach_harm"
    complement = True
    unit, better, source = "share", "more", "facts.md C8, F19"
    scale = BELOW_ONE
    people = False


class GovernanceSoon(RatioMeasure):
    """Problems that the state solves within 12 weeks over problems that ended or began. Share; more is better."""

    name, title = "governance", "Problems solved within 12 weeks"
    numerator, denominator = "problems_fixed_soon", "problems_arrived"
    unit, better, source = "share", "more", "definition"
    scale = SHARE
    people = False


class DebtOutstanding(RatioMeasure):
    """Debts in default that are not paid yet, for contracts kept and judgments enforced. ww; less is better."""

    name, title = "debt_outstanding", "Debts in default and unpaid"
    numerator, denominator = "debt_outstanding", "adults"
    unit, better, source = "ww per adult", "less", "definition; facts.md A4.4, C9"
    scale = POSITIVE
    people = False


class IncorrectTreatment(RatioMeasure):
    """Contexts restricted without deserving conduct, or deserved and not restricted. Contexts; less is better."""

    name, title = "incorrect_treatment", "Contexts treated otherwise than conduct deserves"
    numerator, denominator = "restrictions_undeserved + restrictions_missed", "adults"
    factor = 1000.0
    unit, better, source = "per 1,000 adults", "less", "definition; error rates as in Kleinberg et al. 2017"
    scale = POSITIVE
    people = False


class ServiceEquality(Measure):
    """Problems solved within 12 weeks: the worst-served group over everybody outside it. Ratio; more is better."""

    name, title = "service_equality", "Problems solved within 12 weeks: worst-served group over the rest"
    formula = (
        "least over the declared groups of (problems solved within 12 weeks / problems that began, in the group) "
        "/ (the same in the rest)"
    )
    unit, better, source = "ratio", "more", "definition; facts.md C7, F23"
    scale = POSITIVE
    no_interval = "the group that few replicates serve worst need not be the worst-served"
    less_bias = True
    people, by_group = False, False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        shares = {
            group: ratio(one.problems_fixed_soon, one.problems_arrived)
            for group in (*sums.group_names, *(f"not {name}" for name in sums.group_names))
            for one in (sums.of(group),)
        }
        ratios = np.stack([ratio(shares[group], shares[f"not {group}"]) for group in sums.group_names])
        known = np.isfinite(ratios)
        return np.where(known.any(axis=0), np.where(known, ratios, np.inf).min(axis=0), np.nan)


class Waiting(RatioMeasure):
    """Mean duration of the problems that ended. Weeks; less is better."""

    name, title = "waiting", "Duration of a problem"
    numerator, denominator = "weeks_to_end", "problems_ended"
    unit, better, source = "weeks", "less", "definition"
    scale = POSITIVE
    people = False


class ServiceGap(RatioMeasure):
    """Open problems that the state does not know of. Share; less is better."""

    name, title = "unheard", "Open problems that the state does not know of"
    numerator, denominator = "problems_known", "problems_open"
    complement = True
    unit, better, source = "share", "less", "definition"
    scale = SHARE
    kurtosis = 0.5  # unrest makes single populations speak up; fits docs/coverage.md
    people = False


class Information(Measure):
    """How well reports tell where problems are. Correlation; more is better."""

    name, title = "information", "Reports that tell where the problems are"
    formula = "correlation over three districts or more of reported problems a head with open problems a head"
    unit, better, source = "correlation", "more", "definition; facts.md C4, F20"
    scale = SIGNED
    people, by_group, by_district = False, False, True

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        reported, true = (ratio(one, sums.adults) for one in (sums.problems_reported, sums.problems_open))
        known = np.isfinite(reported) & np.isfinite(true)
        if known.sum() < MIN_DISTRICTS:
            return np.array(np.nan)
        apart = [one[known] - one[known].mean() for one in (reported, true)]
        variation = [(one**2).sum() for one in apart]
        if any(
            left <= ROUNDING * (one[known] ** 2).sum() for left, one in zip(variation, (reported, true), strict=True)
        ):
            return np.array(np.nan)
        return np.asarray((apart[0] * apart[1]).sum() / np.sqrt(variation[0] * variation[1]))


class Cost(RatioMeasure):
    """Budget spent on control and rewards, a head and year. ww; less is better."""

    name, title = "cost", "Spending on control and rewards"
    numerator, denominator = "cost_control + cost_rewards", "adults"
    factor = 52.0
    unit, better, source = "ww per adult and year", "less", "definition"
    scale = POSITIVE
    people, by_group = False, False


class Service(RatioMeasure):
    """Budget left for service, a head and year. ww; more is better."""

    name, title = "service_spending", "Spending on service"
    numerator, denominator = "cost_service", "adults"
    factor = 52.0
    unit, better, source = "ww per adult and year", "more", "definition"
    scale = POSITIVE
    people, by_group = False, False


class Unrest(RatioMeasure):
    """Protest participation. Per thousand adults and year; neither direction is better by itself."""

    name, title = "protest", "Protest participation"
    numerator, denominator = "protests", "adults"
    factor = 52_000.0
    unit, better, source = "per 1,000 adults and year", "neither", "facts.md B4"
    scale = POSITIVE
    kurtosis = 1.0  # unrest is in few populations, and in one arm more than in the other; fits docs/coverage.md
    people = False


class Complaints(RatioMeasure):
    """Complaints made. Per thousand adults and year; neither direction is better by itself."""

    name, title = "complaint_rate", "Complaints"
    numerator, denominator = "complaints", "adults"
    factor = 52_000.0
    unit, better, source = "per 1,000 adults and year", "neither", "definition"
    scale = POSITIVE
    people = False


class ScrutinyCapped(RatioMeasure):
    """Adults whose every breach would draw scrutiny: more watching adds false records alone. Share; neither is better."""

    name, title = "scrutiny_capped", "Adults whose every breach draws scrutiny"
    numerator, denominator = "scrutiny_capped", "adults"
    unit, better, source = "share", "neither", "definition"
    scale = SHARE
    people = False


class Records(RatioMeasure):
    """Records made about citizens. Per adult and year; neither direction is better by itself."""

    name, title = "records", "Records made"
    numerator, denominator = "records", "adults"
    factor = 52.0
    unit, better, source = "per adult and year", "neither", "definition"
    scale = POSITIVE
    people = False
