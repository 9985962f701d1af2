"""What a notebook shows: the charts of the reports and of the page, from the same code, as HTML that a cell displays."""

from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.errors import ScenarioError
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report.html import escape, figure
from glasshouse.report.run import sections, side_by_side
from glasshouse.report.study import claim_reasons, exploration, outcomes
from glasshouse.report.study.study_page import headline
from glasshouse.results.result import Result
from glasshouse.results.time_series import SERIES
from glasshouse.study.findings import Findings

STYLE = """
.glasshouse { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; max-width: 72rem; }
.glasshouse .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.2rem; }
.glasshouse figure { margin: 0 0 1rem; } .glasshouse figure svg { max-width: 100%; }
.glasshouse .map { max-width: 42rem; } .glasshouse .map.single { max-width: 21rem; }
"""


@dataclass(frozen=True)
class Shown:
    """HTML that Jupyter and its like display; `html` is whole and loads nothing."""

    html: str

    def _repr_html_(self) -> str:
        return f'<style>{STYLE}</style><div class="glasshouse">{self.html}</div>'


def of_results(results: Sequence[Result]) -> Shown:
    """One result as its report draws it, or up to four side by side as the page compares them.

    ScenarioError for none or more.
    """
    if not 1 <= len(results) <= side_by_side.MOST:
        raise ScenarioError(f"{len(results)} results cannot be shown side by side. Give one to {side_by_side.MOST}.")
    if len(results) == 1:
        lead = f"<p><b>{escape(results[0].headline)}</b></p>"
        return Shown(f"{lead}{sections.over_time(results[0])}{side_by_side.mapped(ListedShare, results, 'nmap')}")
    drawn = (side_by_side.course(series, results, f"n{number}") for number, series in enumerate(SERIES))
    charts = "".join(figure(one.heading, one.svg, one.said) for one in drawn)
    return Shown(f'<div class="charts">{charts}</div>{side_by_side.mapped(ListedShare, results, "nmap")}')


def of_study(findings: Findings) -> Shown:
    """A study's headline, its claims, where harm is large and what harm answers to, as its page draws them.

    AnalysisError where no run is done yet.
    """
    harms = outcomes.harms(findings)
    parts = {
        **{one.title: one.html for one in claim_reasons.parts(findings)},
        "Where harm is large": exploration.response_maps(findings, findings.design, harms),
        "What harm answers to": exploration.answers(findings, findings.design, harms),
    }
    told = "".join(f"<h2>{escape(title)}</h2>{html}" for title, html in parts.items())
    return Shown(f"<p><b>{escape(headline(findings))}</b></p>{told}")
