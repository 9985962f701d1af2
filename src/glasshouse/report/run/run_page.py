"""The report of a run: figures computed once, drawn, and put into one page."""

from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.listing import ListedShare
from glasshouse.model.measures.speech import Control
from glasshouse.population.marginals_files import load
from glasshouse.report import templates
from glasshouse.report.elements import Cell, Table
from glasshouse.report.run import assumptions, did, lives, sections, side_by_side
from glasshouse.report.run.report_data import ReportData, collect
from glasshouse.results.result import Result
from glasshouse.scenario.toml_text import to_toml

MAPS = (ListedShare, GovernanceSoon)
"""Measures of which the report has a map: where people are restricted, and where the state solves less or more."""


def page(result: Result) -> str:
    """The report of a run.

    Parameters
    ----------
    result : Result
        A finished run.

    Returns
    -------
    str
        The whole page.
    """
    data = collect(result)
    return templates.page(
        "run/report.html",
        data=data,
        tiles=sections.tiles(data),
        over_time=sections.over_time(data),
        maps=[side_by_side.districts(measure, [data], f"m{number}") for number, measure in enumerate(MAPS)],
        verdict=sections.verdict(data.of(Control).effect, data.of(GovernanceSoon).effect),
        by_definition=sections.by_definition(data),
        gains=sections.control_and_governance(data),
        field=did.view(result) if did.staggered(result) else None,
        by_group=sections.who_bears_it(data),
        burdens=sections.burdens(data),
        meanings=load(data.scenario.society.marginals).meanings.given(),
        lives=None if data.lives is None else lives.view(data.lives),
        costs=sections.costs(data),
        every_measure=sections.every_measure(data),
        assumptions=assumptions.view(data.scenario),
        facts=_facts(data),
        source=to_toml(data.scenario),
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
