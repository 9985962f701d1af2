"""What is asked about remedies: which, from which month of the regime on, held against which harms."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glasshouse.analysis.remedies import harms, remedy
from glasshouse.analysis.remedies.remedy import Remedy, Treatment, lacking
from glasshouse.analysis.remedies.smallest_set import SetQuestion
from glasshouse.errors import RunningError
from glasshouse.model.measure import Measure
from glasshouse.results.totals import YEAR
from glasshouse.scenario.scenario import Scenario

MONTHS = (3, 6, 12, 24, 36)
"""Months of the regime in which a remedy begins, where none is named, as far as the regime lasts."""


def week_of(scenario: Scenario, month: float) -> int:
    """The week of the run in which a month of the regime begins.

    Parameters
    ----------
    scenario : Scenario
        The regime, with its start.
    month : float
        Months since the start of the regime; a month is 52 / 12 weeks.

    Returns
    -------
    int
        The nearest week.
    """
    return scenario.run.start + round(month * YEAR / 12)


@dataclass(frozen=True)
class RemedyPlan:
    """What is asked.

    Attributes
    ----------
    remedies : tuple of Remedy
        The remedies.
    months : tuple of float
        Months of the regime in which each begins, in rising order.
    harms : tuple of type of Measure
        The harms.
    sets : SetQuestion or None
        What is asked about sets of safeguards; None for nothing.
    """

    remedies: tuple[Remedy, ...]
    months: tuple[float, ...]
    harms: tuple[type[Measure], ...]
    sets: SetQuestion | None = None

    def treatments(self, scenario: Scenario) -> dict[str, Treatment]:
        """An arm for each remedy and month.

        Parameters
        ----------
        scenario : Scenario
            The regime.

        Returns
        -------
        dict of str to Treatment
            The treatments by the name of the arm.
        """
        return {
            arm(one, month): Treatment((one,), week_of(scenario, month))
            for one in self.remedies
            for month in self.months
        }


def arm(one: Remedy, month: float) -> str:
    """The name of the arm of a remedy.

    Parameters
    ----------
    one : Remedy
        The remedy.
    month : float
        Month of the regime in which it begins.

    Returns
    -------
    str
        For instance `stop in month 12`.
    """
    return f"{one.name} in month {month:g}"


def plan_of(scenario: Scenario, options: Mapping[str, Any]) -> RemedyPlan:
    """The plan that some keyword arguments describe.

    Parameters
    ----------
    scenario : Scenario
        The regime.
    options : mapping of str to object
        `remedies`, `at`, `measures`, `share`, `safeguards` and `largest`, each of which may be missing; others are not
        read.

    Returns
    -------
    RemedyPlan
        The plan, with the usual value for what is missing.

    Raises
    ------
    AnalysisError
        If there is no such remedy or harm.
    """
    last = (_end(scenario) - scenario.run.start) * 12 / YEAR
    months = options.get("at") or [month for month in MONTHS if month < last]
    asked = tuple(harms.harm(name) for name in dict.fromkeys(options.get("measures") or harms.USUAL))
    begin = tuple(sorted({float(month) for month in months}))
    sets = None
    if options.get("share") is not None and begin:
        given = {key: options[key] for key in ("safeguards", "largest") if options.get(key)}
        sets = SetQuestion(asked[0], options["share"], week_of(scenario, begin[0]), **given)
    wanted = tuple(Remedy.named(name) for name in dict.fromkeys(options.get("remedies") or remedy.USUAL))
    return RemedyPlan(wanted, begin, asked, sets)


def check(scenario: Scenario, plan: RemedyPlan) -> None:
    """Refuse remedies that a scenario cannot have.

    Parameters
    ----------
    scenario : Scenario
        The regime.
    plan : RemedyPlan
        What is asked.

    Raises
    ------
    RunningError
        If a month is not one of the regime, the scenario lacks what a remedy changes, or a number is impossible.
    """
    months = plan.months
    tried = [*plan.remedies, *(Remedy.named(name) for name in (plan.sets.safeguards if plan.sets else ()))]
    missing = lacking(tried, scenario.mechanisms)
    if missing:
        raise RunningError(f"{scenario.name}: these remedies change {', '.join(missing)}, which the scenario lacks.")
    end = _end(scenario)
    if not months:
        raise RunningError(f"{scenario.name}: the regime is in force for less than {MONTHS[0]} months. Name a month.")
    for month in months:
        if not (math.isfinite(month) and scenario.run.start < week_of(scenario, month) < end):
            last = math.floor((end - 1 - scenario.run.start) * 12 / YEAR)
            raise RunningError(
                f"{scenario.name}: month {month:g} is not one of the regime, which begins in week {scenario.run.start} and is "
                f"in force until week {end}. Give a month above 0, and {last} at most."
            )


def _end(scenario: Scenario) -> int:
    """The week before which the regime is in force."""
    return scenario.run.until or scenario.run.weeks
