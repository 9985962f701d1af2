"""How the regime runs itself: forecasts, queues, budgets, officials, creep."""

import numpy as np

from glasshouse.model.measure import FloatArray, Measure, Sums, ratio
from glasshouse.model.ratio_measure import CorrelationMeasure, RatioMeasure
from glasshouse.model.scale import BELOW_ONE, IDENTITY, POSITIVE, SHARE, Scale

BURSTS = 2.0
"""Excess kurtosis of forecasts that come true, most of them in a few weeks of unrest; it fits docs/coverage.md."""


MANY_DISTRICTS, FEWEST_DISTRICTS = 0.1, 2
"""Share of the districts, and the least number of them, whose overload in one week counts as overload of many at once."""


class ForecastPrecision(RatioMeasure):
    """Visits to people who will protest in the reference arm, over visits. Share; more is better for the state."""

    name, title = "forecast_precision", "Visits that the forecast gets right"
    numerator, denominator = "visits_right", "visits"
    unit, better, source = "share", "more", "facts.md B6.8, F22"
    scale = SHARE
    kurtosis = BURSTS
    people = False


class ForecastRecall(RatioMeasure):
    """The same over all citizen-weeks of people who will protest. Share; more is better for the state."""

    name, title = "forecast_recall", "Coming protesters who are visited"
    numerator, denominator = "visits_right", "forecast_true"
    unit, better, source = "share", "more", "definition"
    scale = SHARE
    kurtosis = BURSTS
    people = False


class ForecastLift(Measure):
    """How much more often than chance a visit goes to a citizen who will protest. Ratio; more is better for the state."""

    name, title = "forecast_lift", "Visits that the forecast gets right, against chance"
    formula = "precision of visits / share of adult-weeks of citizens who will protest - 1, less the same of the reference if any"
    unit, better, source = "ratio", "more", "facts.md B6.8, F22"
    scale = Scale("log", low=-1.0)
    kurtosis = BURSTS
    people = False

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        lifts = [
            ratio(ratio(arm.visits_right, arm.visits), ratio(arm.forecast_true, arm.forecast_made)) - 1.0
            for arm in (reference, regime)
        ]
        # A reference arm without visits has no forecast, and so no lift to take away.
        return lifts[1] - np.nan_to_num(lifts[0])


class LoyaltyValidity(CorrelationMeasure):
    """Measured loyalty against private support. Correlation; more means that the index sees what it claims to see."""

    name, title = "loyalty_validity", "Measured loyalty and private support"
    count, x, y = "loyalty_measured", "loyalty", "support"
    unit, better, source = "correlation", "neither", "Kuran 1991"
    people = False


class StabilityMargin(RatioMeasure):
    """Capacity left when known problems are met, averaged over districts and weeks. Share; more is better.

    The margin is (capacity - known problems) / capacity, at least -10.
    """

    name, title = "stability_margin", "Capacity to spare"
    numerator, denominator = "margin_sum", "district_weeks"
    unit, better, source = "share", "more", "facts.md A1.2"
    scale = BELOW_ONE
    kurtosis = 0.5  # unrest strains single districts; fits docs/coverage.md
    people, by_group = False, False


class Overloaded(RatioMeasure):
    """District-weeks with more known problems than capacity. Share; less is better."""

    name, title = "overloaded", "District-weeks beyond capacity"
    numerator, denominator = "overloaded", "district_weeks"
    unit, better, source = "share", "less", "facts.md A1.2"
    scale = SHARE
    people, by_group = False, False


class OverloadedAtOnce(Measure):
    """Weeks in which many districts have more known problems than capacity at once. Share; less is better."""

    name, title = "overloaded_at_once", "Weeks with many districts beyond capacity at once"
    formula = (
        f"weeks in which at least {MANY_DISTRICTS:.0%} of the districts, and no fewer than {FEWEST_DISTRICTS}, have more known "
        "problems than capacity / weeks"
    )
    unit, better, source = "share", "less", "facts.md A1.2"
    scale = SHARE
    people, by_group, by_week = False, False, True

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        districts = np.atleast_1d(sums.district_weeks)
        counted = districts > 0
        if not counted.any():
            return np.array(np.nan)
        many = np.maximum(MANY_DISTRICTS * districts, FEWEST_DISTRICTS)
        return np.asarray((np.atleast_1d(sums.overloaded) >= many)[counted].mean())


class Surprise(Measure):
    """Largest weekly unrest over the mean of the year before it. Ratio; less is better for the state."""

    name, title = "surprise", "The largest week of protest"
    formula = "largest weekly protests / mean weekly protests of the 52 weeks before"
    unit, better, source = "ratio", "less", "Kuran 1991"
    scale = POSITIVE
    no_interval = "the largest week of few replicates tells nothing of larger ones"
    people, by_group, by_week = False, False, True

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        protests = np.atleast_1d(np.asarray(sums.protests, float))
        if len(protests) <= 52:
            return np.array(np.nan)
        week = 52 + int(np.argmax(protests[52:]))
        return ratio(protests[week], protests[week - 52 : week].mean())


class Recovery(Measure):
    """Weeks from the heaviest week until the load is as before. Weeks; less is better."""

    name, title = "recovery", "Weeks to recover from the heaviest load"
    formula = (
        "weeks from the week with most known problems until they are within 10 % of the mean of the year before the "
        "problems began to rise to it; undefined where that does not happen"
    )
    unit, better, source = "weeks", "less", "facts.md A1.2, A1.3"
    scale = POSITIVE
    people, by_group, by_week = False, False, True

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        load = np.atleast_1d(np.asarray(sums.problems_known, float))
        if len(load) <= 104:
            return np.array(np.nan)
        peak = 65 + int(np.argmax(load[65:]))
        usual = load[peak - 65 : peak - 13].mean()
        after = np.flatnonzero(load[peak:] <= 1.1 * usual)
        return np.array(float(after[0]) if len(after) else np.nan)


class Backlog(RatioMeasure):
    """Appeals and known problems that wait. Per thousand adults; less is better."""

    name, title = "backlog", "Cases that wait"
    numerator, denominator = "appeals_waiting + problems_known", "adults"
    factor = 1000.0
    unit, better, source = "per 1,000 adults", "less", "definition"
    scale = POSITIVE
    people = False


class Freed(RatioMeasure):
    """Budget that automation frees. ww; neither direction is better by itself."""

    name, title = "freed", "Budget freed by automation"
    numerator, denominator = "freed", "adults"
    factor = 52.0
    unit, better, source = "ww per adult and year", "neither", "definition"
    scale = POSITIVE
    people, by_group = False, False


class Reinvested(RatioMeasure):
    """Of the budget freed, what went into more control. Share; neither direction is better by itself."""

    name, title = "reinvested", "Freed budget that went into more control"
    numerator, denominator = "reinvested", "freed"
    unit, better, source = "share", "neither", "facts.md C2, F16"
    scale = SHARE
    people, by_group = False, False


class AvoidedPerCost(Measure):
    """Protest that the regime avoids, over what it costs more. Per 1,000 ww; neither direction is better by itself.

    What a protest avoided costs, its inverse, has no mean: where hardly any is avoided it grows without limit.
    """

    name, title = "avoided_per_cost", "Protests avoided for what control costs"
    formula = (
        "1,000 * (protests, reference - regime) / (control and rewards, regime - reference); undefined where the regime costs "
        "no more"
    )
    unit, better, source = "per 1,000 ww", "neither", "definition"
    scale = IDENTITY
    kurtosis = 2.0  # as that of protest avoided; fits docs/coverage.md
    people, by_group = False, False

    @staticmethod
    def between(reference: Sums, regime: Sums, pairs: Sums) -> FloatArray:
        spent = regime.cost_control + regime.cost_rewards - reference.cost_control - reference.cost_rewards
        avoided = reference.protests - regime.protests
        return np.where(spent > 0, 1000.0 * ratio(avoided, spent), np.nan)


class UpwardTruth(Measure):
    """Reported over true problems of officials' making, relative to all others. Ratio; 1 is a report without favour."""

    name, title = "upward_truth", "Officials' faults in the reports upward"
    formula = "(reported / open problems that are officials' fault) / (the same for all other problems)"
    unit, better, source = "ratio", "more", "Pan and Chen 2018; facts.md C4, F20"
    scale = POSITIVE
    people = False

    @staticmethod
    def value(sums: Sums) -> FloatArray:
        faults = ratio(sums.problems_fault_reported, sums.problems_fault)
        others = ratio(sums.problems_reported - sums.problems_fault_reported, sums.problems_open - sums.problems_fault)
        return ratio(faults, others)


class ReachingCentre(RatioMeasure):
    """Problems in the reports that reach the centre over open problems. Share; more is better."""

    name, title = "reaching_centre", "Problems that reach the centre"
    numerator, denominator = "problems_reaching_centre", "problems_open"
    unit, better, source = "share", "more", "Wallace 2016; facts.md C4"
    scale = SHARE
    people, by_group = False, False


class LeftOut(RatioMeasure):
    """Reports that officials leave out. Share; less is better."""

    name, title = "left_out", "Problems left out of the reports"
    numerator, denominator = "problems_reaching_centre", "problems_reported"
    complement = True
    unit, better, source = "share", "less", "Wallace 2016; facts.md C4"
    scale = SHARE
    people, by_group = False, False


class BeliefError(RatioMeasure):
    """How far the centre, which believes what people say, underrates private opposition. Share; less is better."""

    name, title = "belief_error", "Opposition that the centre does not see"
    numerator, denominator = "adults - stated_sum", "opposition_sum"
    complement = True
    unit, better, source = "share", "less", "Kuran 1991; facts.md B2"
    scale = BELOW_ONE
    people = False


class Replaced(RatioMeasure):
    """Officials found out and replaced. Per hundred districts and year; neither direction is better by itself."""

    name, title = "officials_replaced", "Officials replaced"
    numerator, denominator = "officials_replaced", "district_weeks"
    factor = 5200.0
    unit, better, source = "per 100 districts and year", "neither", "definition"
    scale = POSITIVE
    people, by_group = False, False


class CreepRate(RatioMeasure):
    """Kinds recorded beyond the founding purpose. Kinds a district; less is better."""

    name, title = "creep", "Kinds recorded beyond the founding purpose"
    numerator, denominator = "creep_held", "district_weeks"
    unit, better, source = "kinds a district", "less", "facts.md B6.6, F25"
    scale = POSITIVE
    people, by_group = False, False
