"""The page of simulated audits: what is true, what each method finds, and what to ask for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from glasshouse.analysis.audit.cross_count import WRONG_BY
from glasshouse.analysis.audit.draws import Range
from glasshouse.analysis.audit.methods import METHODS
from glasshouse.analysis.audit.power import MOST
from glasshouse.analysis.audit.report import NOTICE, AuditReport, Group
from glasshouse.analysis.audit.scoring import Score
from glasshouse.report import charts, templates
from glasshouse.report.audit_charts import findings
from glasshouse.report.audit_words import TITLES, request_text, truth_text
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic

FIGURES = {"power": "found where true", "false_alarm": "false alarms", "covered": "intervals that hold the truth"}
"""Figures of a method that are repeated over draws."""


@dataclass(frozen=True)
class _Part:
    """What the page shows of one group."""

    anchor: str
    group: Group
    truth: str
    requests: Table
    chart: Figure
    scores: Table
    ranges: Table | None


def write_audit(report: AuditReport, path: Path) -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    report : AuditReport
        The report.
    path : Path
        Where the file goes; folders are created as needed.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, audit_page(report), "the report of audits")


def audit_page(report: AuditReport) -> str:
    """The report of simulated audits as a page.

    Parameters
    ----------
    report : AuditReport
        The report.

    Returns
    -------
    str
        The whole page.
    """
    plan, scenario = report.plan, report.scenario
    first = plan.questions[0]
    facts = [
        (key.replace("_", " "), Cell(_text(value), style="code")) for key, value in report.provenance.facts().items()
    ]
    return templates.page(
        "audit.html",
        scenario=scenario,
        run=scenario.run,
        plan=plan,
        times=first.times,
        wrong=WRONG_BY[first.yardstick],
        notice=NOTICE,
        parts=[_part(report, place, group) for place, group in enumerate(report.groups)],
        methods=Table(
            ("Method", "What the auditor sees", "When it answers another question"),
            [(one.title, one.sees, one.misleads) for one in METHODS],
        ),
        command=_command(report),
        facts=Table(("What", "Value"), facts),
        source=to_toml(scenario),
    )


def _part(report: AuditReport, place: int, group: Group) -> _Part:
    scored = [one for one in report.scores if one.group == group.name]
    asked = [(one.title, request_text(one)) for one in report.requests if one.group == group.name]
    ranges = [one for one in report.ranges if one.group == group.name]
    return _Part(
        f"group-{place + 1}",
        group,
        truth_text(group),
        Table(("Least request", "Size"), asked, numbers=(1,)),
        _chart(place, group, scored, report.plan.questions[place].times),
        Table(
            ("Method", "Cases", "Found where true", "False alarms", "Median estimate", "Intervals hold", "Misleads"),
            [_row(one) for one in scored],
            numbers=(1, 2, 3, 4, 5),
        ),
        _ranges(report, ranges) if ranges else None,
    )


def _row(one: Score) -> tuple[object, ...]:
    estimate = "none" if math.isnan(one.estimate) else f"{one.estimate:.2f}"
    return (
        TITLES[one.method],
        f"{one.cases:,}" if one.cases else "none",
        _percent(one.power),
        _percent(one.false_alarm),
        estimate,
        _percent(one.covered),
        Cell(", ".join(one.faults) or "no", style="strong" if one.faults else "plain"),
    )


def _chart(place: int, group: Group, scored: Sequence[Score], times: float) -> Figure:
    rows = [{"method": TITLES[one.method], "power": 100 * one.power, "alarms": 100 * one.false_alarm} for one in scored]
    words = "; ".join(f"{TITLES[one.method]}: {one.power:.0%} and {one.false_alarm:.0%}" for one in scored)
    return Figure(
        "What each method finds",
        charts.svg(findings(rows), f"audits-{place}"),
        f"Audits that find “{group.name}” worse off where it is, and audits that find a difference where there is none. {words}.",
        f"Share of audits. Filled dot: the group is wrongly listed {times:g} times as often, and the audit finds it worse off. "
        "Hollow diamond: all groups are wrongly listed equally often, and it finds a difference (line: the stated 5 %).",
    )


def _ranges(report: AuditReport, ranges: Sequence[Range]) -> Table:
    titles = {one.kind: one.title for one in report.requests}
    rows: list[tuple[object, ...]] = []
    for one in ranges:
        if one.figure == "truth":
            name, figure = "In truth", "ratio of wrongly listed a head"
        else:
            name = TITLES.get(one.subject) or titles[one.subject]
            figure = FIGURES.get(one.figure, "least request, cases")
        rows.append(
            (name, figure, *(_value(one.figure, end) for end in (one.low, one.median, one.high)), f"{one.draws}")
        )
    return Table(("Method or request", "Figure", "5 %", "Median", "95 %", "Draws"), rows, numbers=(2, 3, 4, 5))


def _value(figure: str, value: float) -> str:
    if math.isnan(value):
        return "undefined"
    if figure == "cases":
        return f"over {MOST:,}" if math.isinf(value) else f"{value:,.0f}"
    return f"{value:.2f}" if figure == "truth" else _percent(value)


def _percent(value: float) -> str:
    return "undefined" if math.isnan(value) else f"{100 * value:.0f} %"


def _command(report: AuditReport) -> str:
    plan, first = report.plan, report.plan.questions[0]
    groups = " ".join(f"--group '{question.group}'" for question in plan.questions)
    return (
        f"glasshouse audit scenario.toml --citizens {report.scenario.society.citizens} {groups} --cases {plan.practice.cases} "
        f"--times {first.times:g} --yardstick {first.yardstick} --audits {plan.audits} --draws {plan.draws}"
    )


def _text(value: object) -> str:
    return ", ".join(f"{key} {text}" for key, text in value.items()) if isinstance(value, dict) else str(value)
