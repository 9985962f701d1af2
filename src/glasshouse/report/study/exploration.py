"""What a study lets one see: trade-offs, maps of harm, what harm depends on, and which safeguards avoid it.

Maps, sensitivity and rankings are of harms alone: no page says which settings control people best.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from markupsafe import Markup

from glasshouse.analysis.distribution_indices import delta, pawn
from glasshouse.analysis.sensitivity import morris, sobol
from glasshouse.analysis.sensitivity_indices import Method, Sensitivity
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.report.elements import paragraphs, together
from glasshouse.report.study import harm_maps, outcomes, parallel_coordinates, safeguard_charts, sensitivity_charts
from glasshouse.report.study.methods import analyses
from glasshouse.report.study.outcomes import unit_of
from glasshouse.report.templates import render
from glasshouse.study.design import Design
from glasshouse.study.findings import Findings

DRAWN = 2
"""Harms of which maps and sensitivity are drawn."""


def tradeoffs(findings: Findings, harms: Sequence[type[Measure]]) -> Markup:
    """The parallel coordinates, if a harm and anything of the state were kept.

    Parameters
    ----------
    findings : Findings
        What the study found.
    harms : sequence of type of Measure
        Harms, the most informative first.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    state = [
        (kind, measures[0])
        for kind, group in (("control", outcomes.CONTROL), ("governance", outcomes.GOVERNANCE))
        if (measures := outcomes.drawable(findings, group))
    ]
    if not state or not harms:
        return paragraphs(
            "To show trade-offs a study keeps a harm and a measure of control or governance, defined at most points."
        )
    chosen = [*state, *(("harm", harm) for harm in harms[:3])]
    means = {measure: findings.means(measure.name) for _, measure in chosen}
    known = np.asarray(np.isfinite(np.stack(list(means.values()))).all(axis=0))
    if known.sum() < 2:
        return paragraphs(
            "At no two points are control or governance and harm defined together, so that no trade-off is drawn."
        )
    axes = [
        parallel_coordinates.Axis(
            measure.title, kind, means[measure][known] * outcomes.factor_of(measure), _short(measure),
            kind != "harm" and measure.better != "less",
        )
        for kind, measure in chosen
    ]  # fmt: skip
    return together(_left_out(~known), parallel_coordinates.parallel(axes, len(state), "para"))


def _left_out(missing: np.ndarray) -> Markup:
    """How many points are not in a picture because an outcome is undefined there."""
    count = int(missing.sum())
    note = f"{count:,} of {len(missing):,} points are left out: an outcome is undefined there, or a run is not done."
    return paragraphs(note) if count else Markup()


def _short(measure: type[Measure]) -> str:
    """The unit on an axis."""
    return " ww" if measure.unit.startswith("ww ") else unit_of(measure)


def response_maps(findings: Findings, design: Design, harms: Sequence[type[Measure]]) -> Markup:
    """A map of the first harms over the two settings that each depends on most.

    Parameters
    ----------
    findings : Findings
        What the study found.
    design : Design
        The design of the study.
    harms : sequence of type of Measure
        Harms, the most informative first.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    if len(design.factors) < 2 or design.kind in ("one-at-a-time", "morris") or not harms:
        return paragraphs(_why_no_map(design, harms))
    maps = []
    for place, harm in enumerate(harms[:DRAWN]):
        outcome = findings.means(harm.name)
        known = np.isfinite(outcome)
        here = replace(design, points=design.points[known])
        first, second = strongest(here, outcome[known])
        title = harm.title if harm.is_between() else f"{harm.title}, change made by the regime"
        figures = outcome[known] * outcomes.factor_of(harm)
        figure, table = harm_maps.drawn(here, (first, second), figures, title, unit_of(harm), f"map{place}")
        maps.append({"left_out": _left_out(~known), "figure": figure, "table": table})
    return render("study/maps.html", maps=maps)


def _why_no_map(design: Design, harms: Sequence[type[Measure]]) -> str:
    if not harms:
        return "No harm was kept that varies and is defined at most points, so that none is mapped."
    if len(design.factors) < 2:
        return "A map takes two settings that vary; this study has one."
    return f"A {design.kind} design moves one setting at a time and leaves the space between empty: there is no map."


def strongest(design: Design, outcome: np.ndarray) -> tuple[int, int]:
    """Find the two factors whose ranks correlate most with the ranks of an outcome.

    Parameters
    ----------
    design : Design
        The design of the study.
    outcome : ndarray of float, shape (points,)
        The outcome at each point.

    Returns
    -------
    tuple of int
        Places of the two factors in the design, the strongest first.
    """
    from scipy.stats import rankdata

    ranks = rankdata(outcome)
    found = [
        abs(float(np.corrcoef(rankdata(column), ranks)[0, 1])) if np.ptp(column) > 0 else 0.0
        for column in design.points.T
    ]
    first, second = np.argsort(found)[::-1][:2]
    return int(first), int(second)


CALLED: dict[Method, str] = {"sobol": "Sobol indices", "morris": "elementary effects", "delta": "delta", "pawn": "PAWN"}
ANALYSES = {"sobol": sobol, "morris": morris, "delta": delta, "pawn": pawn}


def answers(findings: Findings, design: Design, harms: Sequence[type[Measure]]) -> Markup:
    """Sensitivity of the first harms, by what the design allows; in words where it allows nothing.

    Parameters
    ----------
    findings : Findings
        What the study found.
    design : Design
        The design of the study.
    harms : sequence of type of Measure
        Harms, the most informative first.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    chosen = analyses(design.kind, design.points.size)
    if not chosen:
        return paragraphs(
            "A one-at-a-time design gives no indices: it never varies two settings together. See the safeguards below."
        )
    if not harms:
        return paragraphs(
            "No harm was kept that varies and is defined at most points, so that there is nothing to analyse."
        )
    analysed = [
        [_analysed(findings, design, harm, method, place) for method in chosen]
        for place, harm in enumerate(harms[:DRAWN])
    ]
    return render("study/sensitivity.html", harms=analysed)


def _analysed(findings: Findings, design: Design, harm: type[Measure], method: Method, place: int) -> dict[str, Any]:
    """One analysis of one harm: its chart, or why there is none."""
    try:
        found: Sensitivity = ANALYSES[method](design, findings.contributions(harm.name))
    except AnalysisError as error:
        return {"failure": paragraphs(f"{harm.title}, {CALLED[method]}: {error}"), "chart": ""}
    chart = sensitivity_charts.drawn(found, f"“{harm.title}” ({CALLED[method]})", f"sens{place}{method}")
    return {"failure": "", "chart": chart}


def protection(findings: Findings, design: Design, harms: Sequence[type[Measure]]) -> Markup:
    """The safeguards that the study varies, ranked by the harm they avoid.

    Parameters
    ----------
    findings : Findings
        What the study found.
    design : Design
        The design of the study.
    harms : sequence of type of Measure
        Harms, the most informative first.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    chosen = [safeguard_charts.Harm(harm, findings.contributions(harm.name)) for harm in harms[:4]]
    return safeguard_charts.section(design, chosen, shared=bool(findings.definition["paired"]))
