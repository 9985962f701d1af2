"""The page of remedies: what each averts from which month on, for whom, and what a month of delay costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from glasshouse.analysis.remedies.plan import week_of
from glasshouse.analysis.remedies.report import NOTICE, Averted, RemedyReport
from glasshouse.model.measure import Measure
from glasshouse.report import templates
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.i18n import Words, words
from glasshouse.report.i18n import mark as _
from glasshouse.report.instrument_parts import Drawing, chart, estimate_text, facts_table
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
    title: str
    added: str
    chart: Figure
    averted: Table
    delays: Table | None
    groups: Table | None


def write_remedy(report: RemedyReport, path: Path, language: str = "en") -> None:
    """Write the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    report : RemedyReport
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
    write_atomic(path, remedy_page(report, language), "the report of remedies")


def remedy_page(report: RemedyReport, language: str = "en") -> str:
    """The report of remedies as a page.

    Parameters
    ----------
    report : RemedyReport
        The report.
    language : str, default "en"
        The language of the page outside its documentation, a key of `LANGUAGES`.

    Returns
    -------
    str
        The whole page.
    """
    plan, scenario, told = report.plan, report.scenario, words(language)
    weeks = [(f"{month:g}", told.figures(f"{week_of(scenario, month):,}")) for month in plan.months]
    return templates.page(
        "remedy.html",
        language,
        words=told,
        scenario=scenario,
        run=scenario.run,
        years=report.years,
        notice=told.gettext(NOTICE),
        parts=[_part(report, place, one, told) for place, one in enumerate(plan.harms)],
        remedies=Table(
            _heads(told, _("Remedy"), _("What it changes")),
            [(told.gettext(one.name), told.gettext(one.kind.title)) for one in plan.remedies],
        ),
        weeks=Table(_heads(told, _("Month of the regime"), _("Week of the run")), weeks, numbers=(0, 1)),
        sets=_sets(report, told),
        set_text=set_text(report, told),
        command=_command(report),
        facts=facts_table(report.provenance.facts()),
        source=to_toml(scenario),
        script=templates.script("chart_tools.js"),
    )


def _part(report: RemedyReport, place: int, harm: type[Measure], told: Words) -> _Part:
    mine = [one for one in report.averted if one.harm == harm.name]
    whole = [one for one in mine if one.group == EVERYBODY]
    delays = [one for one in report.delays if one.harm == harm.name and one.group == EVERYBODY]
    unit = told.gettext(harm.unit)
    later = _("from month {first} to {last}")
    return _Part(
        f"harm-{place + 1}",
        told.gettext(harm.title),
        added_text(report, harm, told),
        _chart(report, place, harm, whole, told),
        Table(
            _heads(told, _("Remedy"), _("Begins in month"), _("Averted, {unit}"), _("Certain"), unit=unit),
            [
                (told.gettext(one.remedy), f"{one.month:g}", _shown(one.averted, told), _sure(one.averted, told))
                for one in whole
            ],
            numbers=(1, 2),
        ),
        Table(
            _heads(told, _("Remedy"), _("Later by"), _("What waiting costs per month, {unit}"), unit=unit),
            [
                (
                    told.gettext(one.remedy),
                    told.say(later, first=f"{one.first:g}", last=f"{one.last:g}"),
                    _shown(one.cost, told),
                )
                for one in delays
            ],
            numbers=(2,),
        )
        if delays
        else None,
        _groups(mine, harm, told) if len(mine) > len(whole) else None,
    )


def _heads(told: Words, *texts: str, **given: str) -> list[str]:
    """Headings of columns."""
    return [told.say(text, **given) for text in texts]


def _groups(entries: Sequence[Averted], harm: type[Measure], told: Words) -> Table:
    rows = [
        (
            told.gettext(one.group),
            told.gettext(one.remedy),
            f"{one.month:g}",
            _shown(one.without, told),
            _shown(one.averted, told),
        )
        for one in entries
        if one.group != EVERYBODY
    ]
    texts = (_("Group"), _("Remedy"), _("Begins in month"), _("Without a remedy, {unit}"), _("Averted"))
    return Table(_heads(told, *texts, unit=told.gettext(harm.unit)), rows, numbers=(2, 3, 4))


def _chart(report: RemedyReport, place: int, harm: type[Measure], whole: Sequence[Averted], told: Words) -> Figure:
    rows = [
        {"remedy": told.gettext(one.remedy), "month": one.month, "mean": mean, "low": low, "high": high}
        for one in whole
        for mean, low, high in [_limits(one.averted)]
        if math.isfinite(mean)
    ]
    names = [told.gettext(one.name) for one in report.plan.remedies]
    said = _("{remedy} from month {month}: {averted}")
    each = "; ".join(
        told.say(said, remedy=told.gettext(one.remedy), month=f"{one.month:g}", averted=_shown(one.averted, told))
        for one in whole
    )
    title, unit = _("{harm}: what each remedy averts"), told.gettext(harm.unit)
    one = Drawing(
        f"remedies-{place}",
        (told.say(title, harm=told.gettext(harm.title)), title.format(harm=harm.title)),
        averted_by_month(rows, names, (told.gettext(_("month of the regime")), unit)),
        rows,
        (
            told.say(
                _("Averted by each remedy by the month in which it begins, {unit}. {each}."), unit=unit, each=each
            ),
            told.gettext(
                _(
                    "Each point is a remedy that begins in that month of the regime; the line through it is its 95 % interval. "
                    "The fall from one point to the next is the cost of the delay between them."
                )
            ),
        ),
    )
    return chart(one, report.scenario, report.provenance.facts(), told)


def _limits(value: Estimate) -> tuple[float, float, float]:
    low, high = (value.low, value.high) if math.isfinite(value.low) else (value.mean, value.mean)
    return value.mean, low, high


def _sets(report: RemedyReport, told: Words) -> Table | None:
    if not report.sets:
        return None
    rows = [
        (
            Cell(", ".join(map(told.gettext, one.safeguards)), style="strong" if one.enough else "plain"),
            f"{one.size}",
            estimate_text(one.removed, told, 100, " %"),
            told.gettext(_("yes")) if one.enough else told.gettext(_("no")),
        )
        for one in report.sets
    ]
    texts = (_("Safeguards"), _("How many"), _("Removed of what the regime adds"), _("Enough"))
    return Table(_heads(told, *texts), rows, numbers=(1, 2))


def _shown(value: Estimate, told: Words) -> str:
    return estimate_text(value, told, change=True)


def _sure(value: Estimate, told: Words) -> str:
    if math.isnan(value.low):
        return told.gettext(_("no interval"))
    return told.gettext(_("less harm") if value.low > 0 else _("more harm") if value.high < 0 else _("no"))


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
