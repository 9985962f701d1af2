"""What a notebook shows: the charts of the reports and of the page, from the same code, as HTML that a cell displays."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from glasshouse.errors import ScenarioError
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report import templates
from glasshouse.report.elements import Figure, Section
from glasshouse.report.run import sections, side_by_side
from glasshouse.report.run.report_data import ReportData, collect
from glasshouse.report.study import claim_reasons, exploration, outcomes
from glasshouse.report.study.study_page import headline
from glasshouse.report.templates import render
from glasshouse.results.result import Result
from glasshouse.study.findings import Findings


@dataclass(frozen=True)
class Shown:
    """HTML that Jupyter and its like display.

    Parameters
    ----------
    html : markupsafe.Markup
        The whole content; it loads nothing.
    """

    html: Markup

    def _repr_html_(self) -> str:
        return templates.page("notebook.html", html=self.html)


def of_results(results: Sequence[Result]) -> Shown:
    """One result as its report draws it, or up to four side by side as the web page compares them.

    Parameters
    ----------
    results : sequence of Result
        Finished runs.

    Returns
    -------
    Shown
        Time series and a map.

    Raises
    ------
    ScenarioError
        For no result or more than four.
    """
    if not 1 <= len(results) <= side_by_side.MAX_RUNS:
        raise ScenarioError(
            f"{len(results)} results cannot be shown side by side. Give one to {side_by_side.MAX_RUNS}."
        )
    data = [collect(result) for result in results]
    single = len(data) == 1
    figures = sections.over_time(data[0]) if single else _compared(data)
    mapped = side_by_side.districts(ListedShare, data, "nmap")
    return Shown(render("notebook_results.html", data=data[0], single=single, figures=figures, map=mapped))


def _compared(data: Sequence[ReportData]) -> list[Figure]:
    drawn = (side_by_side.course(number, data, f"n{number}") for number in range(len(data[0].series)))
    return [Figure(one.heading, one.svg, one.description) for one in drawn]


def of_study(findings: Findings) -> Shown:
    """A study's headline, its claims, where harm is large and what harm depends on, as its page draws them.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    Shown
        The sections.

    Raises
    ------
    AnalysisError
        If no run is done yet.
    """
    harms = outcomes.harms(findings)
    parts = (
        *claim_reasons.parts(findings),
        Section("maps", "Where harm is large", exploration.response_maps(findings, findings.design, harms)),
        Section("sensitivity", "What harm depends on", exploration.answers(findings, findings.design, harms)),
    )
    return Shown(render("notebook_study.html", headline=headline(findings), parts=parts))
