"""Claims, drawn: a row for each with its sentence and the share of the plausible space in which it holds."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from glasshouse.analysis.claim_panel import panel
from glasshouse.analysis.claim_result import ClaimResult
from glasshouse.errors import AnalysisError
from glasshouse.report import charts
from glasshouse.report.elements import Figure, Table, fold, paragraphs, together
from glasshouse.report.study import discovery_charts, sensitivity_charts
from glasshouse.report.templates import render

WIDE = 56
"""Characters of a line of a sentence beside the chart."""


OWN, OTHERS = "each claim holds", "claims hold that were written for other scenarios"


PANEL = (
    "In each cell the share of the study's points at which the claim holds under this pair of definitions, with its 95 % "
    "interval in brackets, the points at which it is undefined, which the share leaves out, and the answer. The last column "
    "and the last row have each term by itself."
)
"""How to read the table of a claim under each definition."""


@dataclass(frozen=True)
class _Group:
    """Claims that stand in one chart; `folded` ones are about other scenarios and stand beside those about this one."""

    tested: Sequence[ClaimResult]
    figure: Figure
    folded: bool


def drawn(tested: Sequence[ClaimResult], name: str) -> Markup:
    """The chart of claims with its words.

    Claims that were written for another scenario than the study's are folded away, unless there are no others.

    Parameters
    ----------
    tested : sequence of ClaimResult
        The claims.
    name : str
        A name that no other chart of the page has.

    Returns
    -------
    markupsafe.Markup
        The charts, or why there is none.
    """
    if not tested:
        return paragraphs(
            "No claim could be tested against this study: it stored none of the measures that claims are about."
        )
    own = [one for one in tested if one.claim.scenario.name == one.scenario]
    others = [one for one in tested if one not in own]
    groups = [_Group(own, _figure(own, OWN, name), folded=False)] if own else []
    if others:
        groups.append(_Group(others, _figure(others, OTHERS, f"{name}-others" if own else name), folded=bool(own)))
    return render("study/claims.html", groups=groups)


def _figure(tested: Sequence[ClaimResult], which: str, name: str) -> Figure:
    alt = " ".join(f"{one.claim.sentence} {_short(one)}, {one.answer}." for one in tested)
    caption = (
        "A dot is the share of the study's points at which a claim holds; a point is one way in which all that is uncertain "
        "could be, and the line is the 95 % interval. Filled: it mostly holds. Hollow: mostly not. Grey: it depends. This is "
        "no probability that a sentence is true of a country."
    )
    return Figure(f"In how much of the plausible space {which}", charts.svg(dots(tested), name), alt, caption)


def dots(tested: Sequence[ClaimResult]) -> charts.Spec:
    """The chart: claims from top to bottom, their shares from 0 to 100 % with intervals, numbers to the right.

    Parameters
    ----------
    tested : sequence of ClaimResult
        The claims with their results.

    Returns
    -------
    dict
        The chart in Vega-Lite.
    """
    sentences = [one.claim.sentence for one in tested]
    rows = [_row(one, sentences.count(one.claim.sentence) > 1) for one in tested]
    y = _claim_axis(rows)
    ends = "datum.value == 0 ? '0 %: nowhere' : datum.value == 1 ? '100 %: everywhere' : format(datum.value, '.0%')"
    x = {
        "field": "share",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1]},
        "axis": {
            "orient": "top",
            "values": [0, 0.25, 0.5, 0.75, 1],
            "labelExpr": ends,
            "domain": False,
            "ticks": False,
        },
    }
    fill = {"field": "fill", "type": "nominal", "scale": None}
    text = {"type": "text", "align": "left", "fontSize": 13, "color": "#1c1c1a"}
    layers: list[charts.Spec] = [
        {"mark": {"type": "rule", "color": "#777", "strokeDash": [2, 2]}, "encoding": {"x": {"datum": 0.5}}},
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 3, "color": charts.REGIME},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "transform": [{"filter": "isValid(datum.share)"}],
            "mark": {
                "type": "point",
                "filled": True,
                "size": 130,
                "stroke": charts.REGIME,
                "strokeWidth": 2,
                "opacity": 1,
            },
            "encoding": {"y": y, "x": x, "fill": fill},
        },
        {"mark": text, "encoding": {"y": y, "x": {"value": 392}, "text": {"field": "label"}}},
    ]
    return charts.framed(
        {"data": {"values": rows}, "width": 380, "height": {"step": 50}, "padding": {"right": 10}, "layer": layers}
    )


def reasons(one: ClaimResult, name: str) -> Markup:
    """What decides a claim and where it fails, as HTML with charts; a sentence where that is not known.

    Parameters
    ----------
    one : ClaimResult
        The claim with its result.
    name : str
        A name that no other chart of the page has.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    parts: list[Markup] = []
    try:
        parts.append(_decides(one, f"{name}-decides"))
    except AnalysisError as error:
        parts.append(paragraphs(f"What decides it is not known: {error}"))
    try:
        parts.append(discovery_charts.drawn(one.where, f"{name}-where"))
    except AnalysisError as error:
        parts.append(paragraphs(f"Where it fails is not known: {error}"))
    return together(*parts)


def by_definition(one: ClaimResult) -> Markup | None:
    """The share of a claim under each definition of its terms, as a table with the sentence that follows.

    Parameters
    ----------
    one : ClaimResult
        The claim with its result.

    Returns
    -------
    markupsafe.Markup or None
        None for a claim whose terms have one definition alone. Folded where the claim was written for another scenario.
    """
    found = panel(one)
    if found is None:
        return None
    written = "" if one.claim.scenario.name == one.scenario else f" (written for {one.claim.scenario.name})"
    title = f"“{one.claim.sentence}” under each definition{written}"
    parts = (paragraphs(found.conclusion), Table(found.head, found.rows), paragraphs(PANEL))
    return fold(title, *parts) if written else render("study/claim_panel.html", title=title, parts=parts)


def _decides(one: ClaimResult, name: str) -> Markup:
    """How far each setting moves the claim, drawn and in words."""
    found, sentence = one.decides, one.decided()
    # That a point was run once is said of the claim already.
    words = found.sentences() if found.replicates > 1 else found.sentences()[:-1]
    caption = (
        f"How far each setting moves the claim's margin, its distance from turning. {sensitivity_charts.legend(found)} Where "
        "many settings are tested, some dark bars are false positives: the sentence above corrects for that."
    )
    picture = Figure("What decides the claim", charts.svg(sensitivity_charts.bars(found), name), sentence, caption)
    return together(paragraphs(sentence), picture, fold("In words", paragraphs(*words)))


def _row(one: ClaimResult, named: bool) -> dict[str, object]:
    share = one.share
    fill = {"yes": charts.REGIME, "mostly": charts.REGIME, "no": "#ffffff", "mostly not": "#ffffff"}
    return {
        # Two claims may have one sentence, and a row each.
        "claim": "\n".join(textwrap.wrap(one.claim.sentence + (f" ({one.claim.name})" if named else ""), WIDE)),
        "share": _known(share.mean),
        "low": _known(share.low),
        "high": _known(share.high),
        "fill": fill.get(one.answer, "#b9b9b4"),
        "label": f"{_short(one)}, {one.answer}",
    }


def _known(number: float) -> float | None:
    return None if np.isnan(number) else number


def _short(one: ClaimResult) -> str:
    """For example “41 % of 128 points, 12 undefined”."""
    if not one.share.replicates:
        return "undefined at every point"
    undefined = f", {one.undefined:,} undefined" if one.undefined else ""
    return f"{one.share.mean:.0%} of {one.share.replicates:,} points{undefined}"


def _claim_axis(rows: Sequence[Mapping[str, Any]]) -> charts.Spec:
    return {
        "field": "claim",
        "type": "nominal",
        "sort": [row["claim"] for row in rows],
        "title": None,
        "axis": {"labelLimit": 460, "domain": False, "ticks": False, "labelPadding": 10, "labelFontSize": 13,
                 "labelExpr": "split(datum.label, '\\n')", "labelLineHeight": 16},
    }  # fmt: skip
