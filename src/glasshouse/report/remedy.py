"""The page of remedies: what each averts from which month on, for whom, and what a month of delay costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from glasshouse.analysis.remedies.plan import week_of
from glasshouse.analysis.remedies.report import NOTICE, Averted, RemedyReport
from glasshouse.model.measure import Measure
from glasshouse.report import charts, templates
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.remedy_charts import averted_by_month
from glasshouse.report.remedy_words import added_text, set_text
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic


@dataclass(frozen=True)
class _Part:
    """What the page shows of one harm."""

    anchor: str
    harm: type[Measure]
    added: str
    chart: Figure
    averted: Table
    delays: Table | None
    groups: Table | None


def write_remedy(report: RemedyReport, path: Path) -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    report : RemedyReport
        The report.
    path : Path
        Where the file goes; folders are created as needed.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, remedy_page(report), "the report of remedies")


def remedy_page(report: RemedyReport) -> str:
    """The report of remedies as a page.

    Parameters
    ----------
    report : RemedyReport
        The report.

    Returns
    -------
    str
        The whole page.
    """
    plan, scenario = report.plan, report.scenario
    facts = [
        (key.replace("_", " "), Cell(_text(value), style="code")) for key, value in report.provenance.facts().items()
    ]
    weeks = [(f"{month:g}", f"{week_of(scenario, month):,}") for month in plan.months]
    return templates.page(
        "remedy.html",
        scenario=scenario,
        run=scenario.run,
        years=report.years,
        notice=NOTICE,
        parts=[_part(report, place, one) for place, one in enumerate(plan.harms)],
        remedies=Table(("Remedy", "What it changes"), [(one.name, one.kind.title) for one in plan.remedies]),
        weeks=Table(("Month of the regime", "Week of the run"), weeks, numbers=(0, 1)),
        sets=_sets(report),
        set_text=set_text(report),
        command=_command(report),
        facts=Table(("What", "Value"), facts),
        source=to_toml(scenario),
    )


def _part(report: RemedyReport, place: int, harm: type[Measure]) -> _Part:
    mine = [one for one in report.averted if one.harm == harm.name]
    whole = [one for one in mine if one.group == EVERYBODY]
    delays = [one for one in report.delays if one.harm == harm.name and one.group == EVERYBODY]
    months = f"per month, {harm.unit}"
    return _Part(
        f"harm-{place + 1}",
        harm,
        added_text(report, harm),
        _chart(report, place, harm, whole),
        Table(
            ("Remedy", "Begins in month", f"Averted, {harm.unit}", "Certain"),
            [(one.remedy, f"{one.month:g}", _shown(one.averted), _sure(one.averted)) for one in whole],
            numbers=(1, 2),
        ),
        Table(
            ("Remedy", "Later by", f"What waiting costs {months}"),
            [(one.remedy, f"from month {one.first:g} to {one.last:g}", _shown(one.cost)) for one in delays],
            numbers=(2,),
        )
        if delays
        else None,
        _groups(mine, harm) if len(mine) > len(whole) else None,
    )


def _groups(entries: Sequence[Averted], harm: type[Measure]) -> Table:
    rows = [
        (one.group, one.remedy, f"{one.month:g}", _shown(one.without), _shown(one.averted))
        for one in entries
        if one.group != EVERYBODY
    ]
    head = ("Group", "Remedy", "Begins in month", f"Without a remedy, {harm.unit}", "Averted")
    return Table(head, rows, numbers=(2, 3, 4))


def _chart(report: RemedyReport, place: int, harm: type[Measure], whole: Sequence[Averted]) -> Figure:
    rows = [
        {"remedy": one.remedy, "month": one.month, "mean": mean, "low": low, "high": high}
        for one in whole
        for mean, low, high in [_limits(one.averted)]
        if math.isfinite(mean)
    ]
    names = [one.name for one in report.plan.remedies]
    words = "; ".join(f"{one.remedy} from month {one.month:g}: {_shown(one.averted)}" for one in whole)
    return Figure(
        "What each remedy averts",
        charts.svg(averted_by_month(rows, names, harm.unit), f"remedies-{place}"),
        f"{harm.title}, averted by each remedy by the month in which it begins, {harm.unit}. {words}.",
        "Each point is a remedy that begins in that month of the regime; the line through it is its 95 % interval. The fall "
        "from one point to the next is the cost of the delay between them.",
    )


def _limits(value: Estimate) -> tuple[float, float, float]:
    low, high = (value.low, value.high) if math.isfinite(value.low) else (value.mean, value.mean)
    return value.mean, low, high


def _sets(report: RemedyReport) -> Table | None:
    if not report.sets:
        return None
    rows = [
        (
            Cell(", ".join(one.safeguards), style="strong" if one.enough else "plain"),
            f"{one.size}",
            one.removed.text(100, " %"),
            "yes" if one.enough else "no",
        )
        for one in report.sets
    ]
    return Table(("Safeguards", "How many", "Removed of what the regime adds", "Enough"), rows, numbers=(1, 2))


def _shown(value: Estimate) -> str:
    return value.change(1.0, "")


def _sure(value: Estimate) -> str:
    if math.isnan(value.low):
        return "no interval"
    return "less harm" if value.low > 0 else "more harm" if value.high < 0 else "no"


def _command(report: RemedyReport) -> str:
    plan = report.plan
    words = [f"glasshouse remedy scenario.toml --citizens {report.scenario.society.citizens}"]
    words += [f"--remedy {one.name}" for one in plan.remedies]
    words += [f"--at {month:g}" for month in plan.months]
    words += [f"--measure {one.name}" for one in plan.harms]
    if plan.sets is not None:
        words += [f"--share {plan.sets.share:g} --largest {plan.sets.largest}"]
        words += [f"--safeguard {name}" for name in plan.sets.safeguards]
    return " ".join(words)


def _text(value: object) -> str:
    return ", ".join(f"{key} {text}" for key, text in value.items()) if isinstance(value, dict) else str(value)
