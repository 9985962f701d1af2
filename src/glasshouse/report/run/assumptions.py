"""The table of assumptions: every value of a run with its unit, meaning, prior range and source."""

from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.model.component import Component
from glasshouse.report.elements import Cell, Table
from glasshouse.scenario.parameter_provenance import Value, values
from glasshouse.scenario.scenario import Scenario


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
        _table("society", "The synthetic population", list(values(scenario.society, scenario.society, None, scenario)))
    ]
    change = scenario.run.change if scenario.run.change <= scenario.run.weeks else 0
    laters = scenario.later if change else (None,) * len(scenario.mechanisms)
    for regime, reference, later in zip(scenario.mechanisms, scenario.reference, laters, strict=True):
        found = list(values(regime, reference, later, scenario))
        tables.append(_table(regime.name, _summary(regime), found, change))
    every = [
        value
        for regime, reference in zip(scenario.mechanisms, scenario.reference, strict=True)
        for value in values(regime, reference)
    ]
    return Assumptions(len(every), sum(value.assumed for value in every), tuple(tables))


def _summary(mechanism: Component) -> str:
    return (type(mechanism).__doc__ or "").strip().split("\n")[0].rstrip(".")


def _table(name: str, summary: str, found: Sequence[Value], change: int = 0) -> ParameterTable:
    """The parameters of one mechanism, with a column for the later regime if there is one from the week `change` on."""
    rows = [_row(value, change > 0) for value in found]
    later = (f"From week {change:,}",) if change else ()
    head = ("Parameter", "Meaning", "Unit", "Without", "With", *later, "Prior range", "Source")
    return ParameterTable(name, summary, Table(head, rows, numbers=(3, 4, 5) if change else (3, 4)))


def _row(value: Value, changes: bool) -> tuple[str | Cell, ...]:
    def shown(text: str) -> str | Cell:
        return Cell(text, style="strong") if text != value.usual else text

    return (
        Cell(value.name, style="code"),
        value.meaning,
        value.unit,
        shown(value.reference),
        shown(value.regime),
        *((shown(value.later),) if changes else ()),
        value.prior,
        value.source or Cell("assumption", style="emphasis"),
    )
