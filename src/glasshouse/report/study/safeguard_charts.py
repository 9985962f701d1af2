"""Which safeguards avoid harm: a chart of what each takes from the first harm, and a table with the others beside."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from glasshouse.analysis.safeguard_effects import PROTECTS, SafeguardEffect, ranking
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray, Measure
from glasshouse.report import charts
from glasshouse.report.elements import Cell, Figure, Table, paragraphs
from glasshouse.report.study.outcomes import scaled, unit_of
from glasshouse.report.templates import render
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor

STEPWISE = ("one-at-a-time",)
"""Designs in which the interval of a safeguard is over random seeds, and so covers them."""


@dataclass(frozen=True)
class Harm:
    """A harm, and what each replicate contributes to the change that the regime makes (points, replicates)."""

    measure: type[Measure]
    outputs: FloatArray


def section(design: Design, harms: Sequence[Harm], *, shared: bool) -> Markup:
    """The safeguards that the study varies, ranked by what they avoid of the first harm; a sentence if there are none.

    Parameters
    ----------
    design : Design
        The design of the study.
    harms : sequence of Harm
        Harms, the most informative first.
    shared : bool
        Whether all points have the same random seeds.

    Returns
    -------
    markupsafe.Markup
        The content as HTML.
    """
    found: list[tuple[type[Measure], tuple[SafeguardEffect, ...]]] = []
    why = "No harm was kept that varies and is defined at most points, so that safeguards cannot be ranked."
    for harm in harms:
        try:
            found.append((harm.measure, ranking(design, harm.outputs, shared=shared)))
        except AnalysisError as error:
            why = str(error)
    if not found:
        return paragraphs(why)
    same_seeds = shared and design.kind not in STEPWISE
    return render(
        "study/safeguards.html",
        sentence=sentence(*found[0]),
        shared_seeds=harms[0].outputs.shape[1] if same_seeds else 0,
        chart=_chart(*found[0]),
        table=_table(found),
    )


def sentence(measure: type[Measure], ranked: Sequence[SafeguardEffect]) -> str:
    """The ranking over one harm in words.

    Parameters
    ----------
    measure : type of Measure
        The measure.
    ranked : sequence of SafeguardEffect
        Safeguards by the harm that they avoid.

    Returns
    -------
    str
        The ranking in words.
    """
    title = f"“{measure.title}”"
    good = [one for one in ranked if one.avoided.low > 0.0]
    bad = [one for one in ranked if one.avoided.high < 0.0]
    rest = len(ranked) - len(good) - len(bad)
    parts = [f"{_named(one)} avoids {scaled(measure, one.avoided)}" for one in good]
    none = f"No safeguard that was varied avoids {title} for certain"
    text = f"Of {title}, in{unit_of(measure)}: {', '.join(parts)}" if parts else none
    text += f"; {' and '.join(map(_named, bad))} makes it worse" if bad else ""
    text += (
        f"; {'the effect of one' if rest == 1 else f'the effects of {rest}'} cannot be distinguished from zero"
        if rest and parts
        else ""
    )
    return f"{text}."


def _named(one: SafeguardEffect) -> str:
    """For example “less lists.integration”, where less of the setting protects."""
    return f"{'less ' if PROTECTS[one.factor.key] < 0 else ''}{one.factor.key}"


def _chart(measure: type[Measure], ranked: Sequence[SafeguardEffect]) -> Figure:
    factor = 100.0 if measure.unit == "share" else 1.0
    rows = []
    for one in ranked:
        low, high = (one.avoided.mean if np.isnan(end) else end for end in (one.avoided.low, one.avoided.high))
        ends = {"mean": one.avoided.mean * factor, "low": low * factor, "high": high * factor}
        rows.append({"label": _label(one.factor, one), **ends, "strong": one.certain})
    drawn = charts.svg(
        charts.intervals(rows, f"harm avoided,{unit_of(measure)} (right of the line: less harm)"), "guard"
    )
    caption = (
        "Filled: certainly not zero. Lines are 95 % intervals, not adjusted for multiple comparisons: of twenty "
        "without effect one looks certain."
    )
    return Figure(f"What each safeguard avoids of “{measure.title}”", drawn, sentence(measure, ranked), caption)


def _label(factor: Factor, one: SafeguardEffect) -> str:
    return f"{factor.key}, {one.weakest:.3g} to {one.strongest:.3g}"


def _table(found: Sequence[tuple[type[Measure], tuple[SafeguardEffect, ...]]]) -> Table:
    first = found[0][1]
    rows = []
    for one in first:
        cells = []
        for measure, ranked in found:
            same = next(other for other in ranked if other.factor.key == one.factor.key)
            cells.append(scaled(measure, same.avoided))
        ends = f"{one.weakest:.3g} to {one.strongest:.3g}"
        rows.append((Cell(one.factor.key, style="code"), ends, *cells))
    head = ("Safeguard", "From, to", *(f"{measure.title},{unit_of(measure)}" for measure, _ in found))
    return Table(head, rows, numbers=range(2, len(head)))
