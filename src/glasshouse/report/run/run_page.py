"""The report of a run: figures computed once, drawn, and put into one page."""

from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.listing import ListedShare
from glasshouse.model.measures.speech import Control
from glasshouse.population.marginals_files import load
from glasshouse.report import templates
from glasshouse.report.elements import Cell, Table
from glasshouse.report.i18n import mark as _
from glasshouse.report.i18n import words
from glasshouse.report.run import assumptions, did, first_screen, lives, sections, side_by_side
from glasshouse.report.run.folds import folds
from glasshouse.report.run.report_data import ReportData, collect
from glasshouse.results.result import Result
from glasshouse.scenario.toml_text import to_toml

MAPS = (ListedShare, GovernanceSoon)
"""Measures of which the report has a map: where people are restricted, and where the state solves less or more."""


UNITS = (
    (
        _("welfare-week"),
        _(
            "what the median citizen lives on for one week; who loses one is as much worse off as that citizen without it"
        ),
    ),
    (_("percentage point"), _("the difference of two percentages: from 24 % to 23 % is one point less")),
    (_("per 1,000 adults and year"), _("how often it happens in a year among a thousand adults")),
    (_("share"), _("how many of all, in per cent")),
)
"""Units in everyday words."""


def page(result: Result, language: str = "en") -> str:
    """The report of a run.

    Parameters
    ----------
    result : Result
        A finished run.
    language : str, default "en"
        The language of the first screen, of charts and of the line of each section, a key of `LANGUAGES`; what sections hold
        inside is English.

    Returns
    -------
    str
        The whole page.
    """
    data, translated = collect(result), words(language)
    listed = assumptions.view(data.scenario)
    maps = [side_by_side.districts(measure, [data], f"m{number}") for number, measure in enumerate(MAPS)]
    verdict = sections.verdict(data.of(Control).effect, data.of(GovernanceSoon).effect, translated)
    field = did.view(result)
    return templates.page(
        "run/report.html",
        language,
        data=data,
        words=translated,
        first=first_screen.view(data, translated, listed.assumed, listed.parameters),
        parts=folds(data, translated, listed, verdict, field=field is not None),
        over_time=sections.over_time(data, translated),
        maps=maps,
        verdict=verdict,
        by_definition=sections.by_definition(data),
        gains=sections.control_and_governance(data),
        field=field,
        by_group=sections.who_bears_it(data, translated),
        burdens=sections.burdens(data),
        meanings=load(data.scenario.society.marginals).meanings.given(),
        lives=None if data.lives is None else lives.view(data.lives),
        costs=sections.costs(data),
        every_measure=sections.every_measure(data),
        units=[(translated.gettext(unit), translated.gettext(text)) for unit, text in UNITS],
        assumptions=listed,
        facts=_facts(data),
        source=to_toml(data.scenario),
        script=templates.script("chart_tools.js"),
    )


def _facts(data: ReportData) -> Table:
    facts = data.provenance.facts().items()
    return Table(
        ("What", "Value"), [(str(key).replace("_", " "), Cell(_plain(value), style="code")) for key, value in facts]
    )


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {text}" for key, text in value.items() if text)
    if isinstance(value, tuple):
        return "; ".join(map(_plain, value)) or "none"
    return str(value)
