"""The table of assumptions: every value of a run with its unit, meaning, prior range and source."""

from collections.abc import Sequence

from glasshouse.model.component import Component
from glasshouse.report.html import details, escape, table
from glasshouse.scenario.parameter_provenance import Value, values
from glasshouse.scenario.scenario import Scenario


def section(scenario: Scenario) -> str:
    """All parameters, a fold for each mechanism, with how many are assumed."""
    tables = [_fold("society", "The synthetic society", list(values(scenario.society, scenario.society)))]
    change = scenario.run.change if scenario.run.change <= scenario.run.weeks else 0
    laters = scenario.later if change else (None,) * len(scenario.mechanisms)
    for regime, reference, later in zip(scenario.mechanisms, scenario.reference, laters, strict=True):
        found = list(values(regime, reference, later))
        tables.append(_fold(regime.name, _summary(regime), found, change))
    every = [
        value
        for regime, reference in zip(scenario.mechanisms, scenario.reference, strict=True)
        for value in values(regime, reference)
    ]
    assumed = sum(value.assumed for value in every)
    return (
        f"<p>The mechanisms have {len(every)} parameters; for {assumed} of them no publication gives the size, and they are "
        "assumptions. Each has a range over which a study should vary it before its result is believed. Values that this "
        "scenario changes are in bold. Sources such as «A5.4» are rows of the project's fact sheet, "
        "<code>docs/facts.md</code>; the scenario file, printed under Provenance, gives the reason for every value it sets.</p>"
        + "".join(tables)
    )


def _summary(mechanism: Component) -> str:
    return (type(mechanism).__doc__ or "").strip().split("\n")[0].rstrip(".")


def _fold(name: str, summary: str, found: Sequence[Value], change: int = 0) -> str:
    """The table of one mechanism, with a column for the later regime if there is one from the week `change` on."""
    rows = [_row(value, change > 0) for value in found]
    later = (f"From week {change:,}",) if change else ()
    head = ("Parameter", "Meaning", "Unit", "Without", "With", *later, "Prior range", "Source")
    return details(f"{escape(name)}: {escape(summary)}", table(head, rows, numbers=(3, 4, 5) if change else (3, 4)))


def _row(value: Value, changes: bool) -> tuple[str, ...]:
    def shown(text: str) -> str:
        return f"<strong>{escape(text)}</strong>" if text != value.usual else escape(text)

    return (
        f"<code>{escape(value.name)}</code>",
        escape(value.meaning),
        escape(value.unit),
        shown(value.reference),
        shown(value.regime),
        *((shown(value.later),) if changes else ()),
        escape(value.prior),
        escape(value.source) or "<em>assumption</em>",
    )
