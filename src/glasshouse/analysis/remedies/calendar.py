"""The arms of several remedies at several dates: one calendar of changes for all, and the tables of each arm on it.

All arms of an experiment share the dates on which their regime changes. So the dates of the scenario and of all remedies are
put together, and an arm in which nothing changes on a date has the same tables before and after it.
"""

from collections.abc import Mapping
from dataclasses import replace

from glasshouse.analysis.remedies.remedy import Tables, Treatment
from glasshouse.engine.arms import ArmSpec
from glasshouse.errors import AnalysisError
from glasshouse.results.totals import REFERENCE, REGIME
from glasshouse.scenario.changes import MOST, Change
from glasshouse.scenario.scenario import Scenario


def arms_with(scenario: Scenario, treatments: Mapping[str, Treatment]) -> tuple[Scenario, dict[str, ArmSpec]]:
    """The arms that compare a regime with and without remedies.

    Parameters
    ----------
    scenario : Scenario
        The scenario of the regime.
    treatments : mapping of str to Treatment
        What is tried, by the name of its arm.

    Returns
    -------
    tuple of Scenario and dict of str to ArmSpec
        The scenario with a date for every change of any arm, and the arms: `reference`, `regime`, and one each.

    Raises
    ------
    AnalysisError
        If there are more dates than a scenario can have.
    """
    dates = {change.week for change in scenario.changes}.union(*(one.dates for one in treatments.values()))
    weeks = sorted(week for week in dates if week < scenario.run.weeks)
    if len(weeks) > MOST:
        raise AnalysisError(
            f"These remedies change the rules on {len(weeks)} dates. Ask for fewer months: {MOST} at most."
        )
    in_force = {week: _in_force(scenario, week) for week in weeks}

    def spec(treatment: Treatment) -> ArmSpec:
        tables = tuple(treatment.tables(week, in_force[week], scenario.reference) for week in weeks)
        return ArmSpec(scenario.reference, scenario.mechanisms, tables)

    dated = replace(scenario, changes=tuple(Change(week, in_force[week]) for week in weeks))
    treated = {name: spec(one) for name, one in treatments.items()}
    return dated, {REFERENCE: ArmSpec(scenario.reference), REGIME: spec(Treatment()), **treated}


def _in_force(scenario: Scenario, week: int) -> Tables:
    """The tables that the regime has in a week."""
    tables = scenario.mechanisms
    for change in scenario.changes:
        if change.week <= week:
            tables = change.tables
    return tables
