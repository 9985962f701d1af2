"""The table of assumptions: every value of a run with its unit, meaning, prior range and source."""

from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.model.component import Component
from glasshouse.report.elements import Cell, Table
from glasshouse.scenario.parameter_provenance import Value, tables_by_mechanism, values
from glasshouse.scenario.scenario import Scenario

DECLARED = {
    "agencies": "The agencies that the scenario declares",
    "conduct_kinds": "The kinds of conduct that the scenario declares",
}
"""Headings of the tables in which a scenario declares something, by name of the table."""


@dataclass(frozen=True)
class ParameterTable:
    """The parameters of one mechanism, or of the population."""

    name: str
    summary: str
    table: Table


@dataclass(frozen=True)
class Assumptions:
    """Every parameter of a run, how many there are, and how many of them are assumed."""

    parameters: int
    assumed: int
    tables: tuple[ParameterTable, ...]


def view(scenario: Scenario) -> Assumptions:
    """Every parameter with its unit, meaning, value, prior range and source.

    Parameters
    ----------
    scenario : Scenario
        What was run.

    Returns
    -------
    Assumptions
        A table for the population and one for each mechanism.
    """
    tables = [
        _table("society", "The synthetic population", list(values(scenario.society, scenario.society, (), scenario)))
    ]
    for table in scenario.declared.tables:
        declared = list(values(table, table, (), scenario))
        tables.append(_table(table.name, DECLARED[table.name], declared))
    for regime, reference, changed in tables_by_mechanism(scenario):
        known = [dated for dated in changed if dated.week <= scenario.run.weeks]
        found = list(values(regime, reference, known, scenario))
        tables.append(_table(regime.name, _summary(regime), found, [dated.week for dated in known]))
    every = [
        value
        for regime, reference in zip(scenario.mechanisms, scenario.reference, strict=True)
        for value in values(regime, reference)
    ]
    return Assumptions(len(every), sum(value.assumed for value in every), tuple(tables))


def _summary(mechanism: Component) -> str:
    return (type(mechanism).__doc__ or "").strip().split("\n")[0].rstrip(".")


def _table(name: str, summary: str, found: Sequence[Value], weeks: Sequence[int] = ()) -> ParameterTable:
    """The parameters of one mechanism, with a column for each week from which a change of the mechanism is in force."""
    rows = [_row(value) for value in found]
    dated = tuple(f"From week {week:,}" for week in weeks)
    head = ("Parameter", "Meaning", "Unit", "Without", "With", *dated, "Prior range", "Source")
    return ParameterTable(name, summary, Table(head, rows, numbers=tuple(range(3, 5 + len(weeks)))))


def _row(value: Value) -> tuple[str | Cell, ...]:
    def shown(text: str) -> str | Cell:
        return Cell(text, style="strong") if text != value.usual else text

    return (
        Cell(value.name, style="code"),
        value.meaning,
        value.unit,
        shown(value.reference),
        shown(value.regime),
        *(shown(one.value) for one in value.changed),
        value.prior,
        value.source or Cell("assumption", style="emphasis"),
    )
