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
from glasshouse.report import templates
from glasshouse.report.audit_charts import findings
from glasshouse.report.audit_words import TITLES, request_text, request_title, truth_text
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.i18n import Words, words
from glasshouse.report.i18n import mark as _
from glasshouse.report.instrument_parts import Drawing, chart, facts_table
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic

FIGURES = {
    "power": _("found where true"),
    "false_alarm": _("false alarms"),
    "covered": _("intervals that hold the truth"),
}
"""Figures of a method that are repeated over draws."""


@dataclass(frozen=True)
class _Part:
    """What the page shows of one group."""

    anchor: str
    title: str
    truth: str
    requests: Table
    chart: Figure
    scores: Table
    ranges: Table | None


def write_audit(report: AuditReport, path: Path, language: str = "en") -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    report : AuditReport
        The report.
    path : Path
        Where the file goes; folders are created as needed.
    language : str, default "en"
        The language of the page, a key of `LANGUAGES`.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, audit_page(report, language), "the report of audits")


def audit_page(report: AuditReport, language: str = "en") -> str:
    """The report of simulated audits as a page.

    Parameters
    ----------
    report : AuditReport
        The report.
    language : str, default "en"
        The language of the page outside its documentation, a key of `LANGUAGES`.

    Returns
    -------
    str
        The whole page.
    """
    plan, scenario, told = report.plan, report.scenario, words(language)
    first = plan.questions[0]
    return templates.page(
        "audit.html",
        language,
        words=told,
        scenario=scenario,
        run=scenario.run,
        plan=plan,
        times=told.figures(f"{first.times:g}"),
        wrong=told.gettext(WRONG_BY[first.yardstick]),
        notice=told.gettext(NOTICE),
        parts=[_part(report, place, group, told) for place, group in enumerate(report.groups)],
        methods=Table(
            [
                told.gettext(text)
                for text in (_("Method"), _("What the auditor sees"), _("When it answers another question"))
            ],
            [tuple(map(told.gettext, (one.title, one.sees, one.misleads))) for one in METHODS],
        ),
        command=_command(report),
        facts=facts_table(report.provenance.facts()),
        source=to_toml(scenario),
        script=templates.script("chart_tools.js"),
    )


def _part(report: AuditReport, place: int, group: Group, told: Words) -> _Part:
    scored = [one for one in report.scores if one.group == group.name]
    requests = [one for one in report.requests if one.group == group.name]
    ranges = [one for one in report.ranges if one.group == group.name]
    name = told.gettext(group.name)
    heads = (
        _("Method"), _("Cases"), _("Found where true"), _("False alarms"), _("Median estimate"), _("Intervals hold"),
        _("Misleads"),
    )  # fmt: skip
    return _Part(
        f"group-{place + 1}",
        f"{name[0].upper()}{name[1:]}",
        truth_text(group, told),
        Table(
            [told.gettext(_("Least request")), told.gettext(_("Size"))],
            [(request_title(one, told), request_text(one, told)) for one in requests],
            numbers=(1,),
        ),
        _chart(report, place, group, scored, told),
        Table([told.gettext(text) for text in heads], [_row(one, told) for one in scored], numbers=(1, 2, 3, 4, 5)),
        _ranges(report, ranges, told) if ranges else None,
    )


def _row(one: Score, told: Words) -> tuple[object, ...]:
    none = told.gettext(_("none"))
    return (
        told.gettext(TITLES[one.method]),
        told.figures(f"{one.cases:,}") if one.cases else none,
        _percent(one.power, told),
        _percent(one.false_alarm, told),
        none if math.isnan(one.estimate) else told.figures(f"{one.estimate:.2f}"),
        _percent(one.covered, told),
        Cell(
            ", ".join(map(told.gettext, one.faults)) or told.gettext(_("no")), style="strong" if one.faults else "plain"
        ),
    )


def _chart(report: AuditReport, place: int, group: Group, scored: Sequence[Score], told: Words) -> Figure:
    rows = [
        {"method": told.gettext(TITLES[one.method]), "power": 100 * one.power, "alarms": 100 * one.false_alarm}
        for one in scored
    ]
    shares = "; ".join(f"{row['method']}: {row['power']:.0f} % / {row['alarms']:.0f} %" for row in rows)
    title = _("What each method finds about “{group}”")
    one = Drawing(
        f"audits-{place}",
        (told.say(title, group=told.gettext(group.name)), title.format(group=group.name)),
        findings(rows, told.gettext(_("share of audits, %"))),
        rows,
        (
            told.say(
                _(
                    "Audits that find “{group}” worse off where it is, and audits that find a difference where there is none. "
                    "{shares}."
                ),
                group=told.gettext(group.name),
                shares=shares,
            ),
            told.say(
                _(
                    "Share of audits. Filled dot: the group is wrongly listed {times} times as often, and the audit finds it "
                    "worse off. Hollow diamond: all groups are wrongly listed equally often, and it finds a difference (line: "
                    "the stated 5 %)."
                ),
                times=told.figures(f"{report.plan.questions[place].times:g}"),
            ),
        ),
    )
    return chart(one, report.scenario, report.provenance.facts(), told)


def _ranges(report: AuditReport, ranges: Sequence[Range], told: Words) -> Table:
    titles = {one.kind: request_title(one, told) for one in report.requests}
    rows: list[tuple[object, ...]] = []
    for one in ranges:
        if one.figure == "truth":
            name, figure = told.gettext(_("In truth")), _("ratio of wrongly listed a head")
        else:
            name = told.gettext(TITLES[one.subject]) if one.subject in TITLES else titles[one.subject]
            figure = FIGURES.get(one.figure, _("least request, cases"))
        ends = (_value(one.figure, end, told) for end in (one.low, one.median, one.high))
        rows.append((name, told.gettext(figure), *ends, f"{one.draws}"))
    heads = (_("Method or request"), _("Figure"), "5 %", _("Median"), "95 %", _("Draws"))
    return Table([told.gettext(text) for text in heads], rows, numbers=(2, 3, 4, 5))


def _value(figure: str, value: float, told: Words) -> str:
    if math.isnan(value):
        return told.gettext(_("undefined"))
    if figure == "cases":
        most = told.say(_("over {cases}"), cases=told.figures(f"{MOST:,}"))
        return most if math.isinf(value) else told.figures(f"{value:,.0f}")
    return told.figures(f"{value:.2f}") if figure == "truth" else _percent(value, told)


def _percent(value: float, told: Words) -> str:
    return told.gettext(_("undefined")) if math.isnan(value) else f"{100 * value:.0f} %"


def _command(report: AuditReport) -> str:
    plan, first = report.plan, report.plan.questions[0]
    groups = " ".join(f"--group '{question.group}'" for question in plan.questions)
    return (
        f"glasshouse audit scenario.toml --citizens {report.scenario.society.citizens} {groups} --cases {plan.practice.cases} "
        f"--times {first.times:g} --yardstick {first.yardstick} --audits {plan.audits} --draws {plan.draws}"
    )
