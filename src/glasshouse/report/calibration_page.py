"""The page of a calibration: what was known before, what the published figures leave of it, and what was predicted."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from glasshouse.analysis.calibration.abc import Numbers
from glasshouse.analysis.calibration.calibration import Calibration, Held
from glasshouse.report import charts
from glasshouse.report.html import details, escape, figure, section, table
from glasshouse.report.run.run_page import STYLE
from glasshouse.scenario.toml_text import toml_value
from glasshouse.storage import write_atomic
from glasshouse.study.design import Factor

BINS = 12
"""Bars over a parameter's range."""
WIDEST = 3.0
"""The greatest multiple of a published figure that a chart shows; wider intervals run out of it."""
GREY, INK = "#8a8a84", "#1c1c1a"
METHODS = {
    "abc": "Approximate Bayesian computation with regression adjustment (Beaumont, Zhang and Balding 2002)",
    "sbi": "A neural posterior (sbi)",
    "fit": "A search for the nearest point (Optuna's tree-structured Parzen estimator)",
}


def write_calibration(found: Calibration, path: Path) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all; StoringError if that fails."""
    write_atomic(path, page(found), "the page")


def page(found: Calibration) -> str:
    """The whole page as text."""
    parts = [
        section("predictions", "What the model says, beside what was published", _predictions(found)),
        section("parameters", "What the figures leave of the parameters", _parameters(found)),
    ]
    if found.recovery is not None:
        parts.append(section("recovery", "Does the method find what is known?", _recovery(found)))
    parts += [
        section("targets", "The published figures", _targets(found)),
        section("provenance", "Provenance", _provenance(found)),
    ]
    notes = "".join(f'<p class="note">{escape(text)}</p>' for text in found.warnings)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Calibration: {escape(found.targets.title)} · Glasshouse</title><style>{STYLE}</style></head><body><main>"
        f'<p class="kind">Glasshouse: calibration to published aggregates</p><h1>{escape(found.targets.title)}</h1>'
        f'<p class="headline">{escape(sentence(found))}</p><p>{escape(found.targets.about.strip())}</p>'
        f'<p class="note"><strong>Nobody on this page exists.</strong> Parameters of a model were fitted to a few published '
        f"numbers. That it fits them does not say that it is true.</p>{notes}{''.join(parts)}</main></body></html>\n"
    )


def sentence(found: Calibration) -> str:
    """What came out, in a sentence or two."""
    told = []
    for fitted, words in ((False, "that it was not shown"), (True, "that it was fitted to")):
        judged = [one for one in found.held if one.target.fitted is fitted and math.isfinite(one.apart)]
        if judged:
            right = sum(one.agrees for one in judged)
            told.append(f"{right} of {len(judged)} figures {words}")
    if not told:
        return "The result was not tested: no runs were made with the calibrated parameters."
    return f"The calibrated model agrees with {' and with '.join(told)}, at 90 %. {_width(found)}".strip()


def _width(found: Calibration) -> str:
    """How wide predictions are: to agree is easy where they are wide."""
    widths = [
        (one.after[1] - one.after[0]) / 2 / abs(one.target.figure)
        for one in found.held
        if one.target.figure and math.isfinite(one.mean)
    ]
    if not widths:
        return ""
    return f"Its 90 % intervals reach, in the middle, {100 * np.median(widths):.0f} % of the published figure to either side."


def _predictions(found: Calibration) -> str:
    shown = [one for one in found.held if one.target.figure != 0 and math.isfinite(one.mean)]
    if not shown:
        return "<p>No runs were made with the calibrated parameters.</p>"
    said = " ".join(f"{one.target.what}: {_verdict(one)}." for one in shown)
    grey = " Grey lines are 90 % of the runs before calibration." if found.sample is not None else ""
    caption = (
        f"Orange: 90 % of {len(found.predicted)} runs with calibrated parameters and new luck, and their mean. Black: what was "
        f"published, with its 95 % range; hollow where the model was not shown it.{grey} All as multiples of what was published."
    )
    return figure("Figures of the model over published ones", charts.svg(predictions(shown), "held"), said, caption)


def predictions(shown: Sequence[Held]) -> charts.Spec:
    """The chart of targets: those fitted above, those held out below, on one scale."""
    parts = [
        _panel([one for one in shown if one.target.fitted is fitted], title)
        for fitted, title in ((True, "fitted"), (False, "held out: not shown to the model"))
        if any(one.target.fitted is fitted for one in shown)
    ]
    return charts.framed({"vconcat": parts, "spacing": 14, "resolve": {"scale": {"x": "shared"}}})


def _panel(shown: Sequence[Held], title: str) -> charts.Spec:
    rows = [_row(one) for one in shown]
    axis = {"labelLimit": 400, "domain": False, "ticks": False, "labelPadding": 8}
    y = {"field": "what", "type": "nominal", "sort": [row["what"] for row in rows], "title": None, "axis": axis}
    scale = {"domain": [0, WIDEST], "nice": False}
    x = {"type": "quantitative", "title": "multiple of the published figure", "scale": scale}

    def line(low: str, high: str, color: str, width: float, across: int) -> charts.Spec:
        mark = {"type": "rule", "color": color, "strokeWidth": width, "yOffset": across, "clip": True}
        return {"mark": mark, "encoding": {"y": y, "x": {**x, "field": low}, "x2": {"field": high}}}

    dot = {
        "type": "point",
        "filled": True,
        "size": 55,
        "color": charts.REGIME,
        "yOffset": 5,
        "clip": True,
        "opacity": 1,
    }
    fill = {"condition": {"test": "datum.fitted", "value": INK}, "value": "#ffffff"}
    mark = {
        "type": "point",
        "shape": "diamond",
        "size": 80,
        "stroke": INK,
        "strokeWidth": 1.6,
        "yOffset": -5,
        "filled": True,
    }
    layers: list[charts.Spec] = [
        {"mark": {"type": "rule", "color": "#cfcfca", "strokeDash": [3, 3]}, "encoding": {"x": {"datum": 1}}},
        line("before_low", "before_high", GREY, 1.2, 11),
        line("after_low", "after_high", charts.REGIME, 3.0, 5),
        {"mark": dot, "encoding": {"y": y, "x": {**x, "field": "mean"}}},
        line("low", "high", INK, 1.4, -5),
        {"mark": mark, "encoding": {"y": y, "x": {**x, "field": "published"}, "fill": fill, "opacity": {"value": 1}}},
    ]
    heading = {"text": title, "anchor": "start", "fontSize": 13, "fontWeight": "bold", "frame": "group"}
    return {"title": heading, "data": {"values": rows}, "width": 400, "height": {"step": 34}, "layer": layers}


def _row(one: Held) -> dict[str, object]:
    """A target with everything as a multiple of what was published."""
    unit = one.target.figure
    spread = 1.96 * one.target.error / abs(unit)
    ends = {
        f"{name}_{end}": value / unit
        for name, span in (("before", one.before), ("after", one.after))
        for end, value in zip(("low", "high"), span, strict=True)
        if math.isfinite(value)
    }
    return {
        "what": one.target.what, "fitted": one.target.fitted, "published": 1.0, "low": 1.0 - spread, "high": 1.0 + spread,
        "mean": one.mean / unit, **ends,
    }  # fmt: skip


def _verdict(one: Held) -> str:
    if not math.isfinite(one.apart):
        return "not tested"
    return "agrees" if one.agrees else f"off by {abs(one.apart):.1f} standard deviations"


def _parameters(found: Calibration) -> str:
    if found.best is not None:
        return _search(found)
    assert found.posterior is not None
    low, middle, high = found.posterior.quantiles((0.05, 0.5, 0.95))
    rows = [
        (
            f"<code>{escape(factor.key)}</code>", escape(_unit(factor)), _range(factor),
            f"{middle[k]:.3g}", f"{low[k]:.3g} to {high[k]:.3g}",
        )
        for k, factor in enumerate(found.factors)
    ]  # fmt: skip
    caption = (
        "Grey: the runs before calibration, all that was assumed. Orange: what is left once the fitted figures are known. "
        "Where both look alike the published figures say nothing about the parameter."
    )
    said = " ".join(f"{factor.key}: {low[k]:.3g} to {high[k]:.3g}." for k, factor in enumerate(found.factors))
    head = ("Parameter", "Unit", "Before", "Median after", "90 % after")
    chart = figure("Before and after", charts.svg(densities(found), "densities"), said, caption)
    return chart + table(head, rows, numbers=(2, 3, 4)) + _together(found)


def _together(found: Calibration) -> str:
    """Pairs of parameters that the figures tie to one another."""
    assert found.posterior is not None
    weights = np.cov(found.posterior.draws.T, aweights=found.posterior.weights)
    spread = np.sqrt(np.diag(np.atleast_2d(weights)))
    pairs = [
        (float(np.atleast_2d(weights)[a, b] / (spread[a] * spread[b])), first.key, second.key)
        for a, first in enumerate(found.factors)
        for b, second in enumerate(found.factors)
        if a < b and spread[a] > 0 and spread[b] > 0
    ]
    tied = sorted((pair for pair in pairs if abs(pair[0]) > 0.5), key=lambda pair: -abs(pair[0]))
    if not tied:
        return "<p>No two parameters are tied to one another by the figures (no correlation above one half).</p>"
    told = "; ".join(f"{first} and {second} ({value:.2f})" for value, first, second in tied[:6])
    return f"<p>The figures fix some parameters only together: {escape(told)} (correlations). The saved draws keep such ties.</p>"


def densities(found: Calibration) -> charts.Spec:
    """Small charts, one a parameter: how often each part of its range occurs before and after."""
    assert found.posterior is not None
    assert found.sample is not None
    parts = []
    for k, factor in enumerate(found.factors):
        low, high = (-0.5, len(factor.values) - 0.5) if factor.values else (factor.low, factor.high)
        edges = np.linspace(low, high, (len(factor.values) or BINS) + 1)
        before = _density(found.sample.points[:, k], None, edges)
        after = _density(found.posterior.draws[:, k], found.posterior.weights, edges)
        rows = [
            {
                "from": float(edges[b]),
                "to": float(edges[b + 1]),
                "before": float(before[b]),
                "after": float(after[b]),
                "nought": 0,
            }
            for b in range(len(edges) - 1)
        ]
        parts.append(_histogram(factor, rows, [float(low), float(high)]))
    return charts.framed({"concat": parts, "columns": 3, "spacing": 22})


def _density(points: Numbers, weights: Numbers | None, edges: Numbers) -> Numbers:
    """Shares in each bar, as multiples of an even spread."""
    counts, _ = np.histogram(points, bins=edges, weights=weights)
    return np.asarray(counts / counts.sum() * len(counts), dtype=np.float64)


def _histogram(factor: Factor, rows: charts.Rows, ends: list[float]) -> charts.Spec:
    x = {
        "field": "from", "type": "quantitative", "title": f"{factor.key} ({_unit(factor)})" if _unit(factor) else factor.key,
        "scale": {"domain": ends, "nice": False}, "axis": {"grid": False, "tickCount": 4, "labelOverlap": True},
    }  # fmt: skip
    y = {"type": "quantitative", "title": None, "axis": None}

    def bars(field: str, mark: charts.Spec) -> charts.Spec:
        encoding = {"x": x, "x2": {"field": "to"}, "y": {**y, "field": field}, "y2": {"field": "nought"}}
        return {"mark": {"type": "rect", **mark}, "encoding": encoding}

    layers = [bars("before", {"color": "#d4d4ce"}), bars("after", {"color": charts.REGIME, "opacity": 0.62})]
    return {"data": {"values": rows}, "width": 230, "height": 80, "layer": layers}


def _search(found: Calibration) -> str:
    assert found.best is not None
    best, distances = found.best, found.best.distances
    rows = [(f"<code>{escape(key)}</code>", escape(toml_value(value))) for key, value in best.settings.items()]
    nearest = f"The nearest of {len(distances)} points is {distances[best.best]:.2f} standard errors off."
    chart = figure(
        "How near each point came", charts.svg(course(distances), "search"), nearest,
        "Root mean square over the fitted figures, in standard errors of what was published; the line is the nearest so far.",
    )  # fmt: skip
    return f"<p>{escape(nearest)}</p>{chart}{table(('Setting', 'Value'), rows)}"


def course(distances: Numbers) -> charts.Spec:
    """The chart of a search: each point's distance in order, and the nearest so far."""
    rows = [
        {"point": number, "distance": float(value), "nearest": float(np.nanmin(distances[: number + 1]))}
        for number, value in enumerate(distances)
        if math.isfinite(value)
    ]
    x = {
        "field": "point",
        "type": "quantitative",
        "title": "points, in the order of the search",
        "axis": {"grid": False},
    }
    y = {"type": "quantitative", "title": "standard errors off", "scale": {"type": "log"}}
    layers = [
        {"mark": {"type": "point", "color": GREY, "size": 30}, "encoding": {"x": x, "y": {**y, "field": "distance"}}},
        {
            "mark": {"type": "line", "color": charts.REGIME, "interpolate": "step-after"},
            "encoding": {"x": x, "y": {**y, "field": "nearest"}},
        },
    ]
    return charts.framed({"data": {"values": rows}, "width": 620, "height": 220, "layer": layers})


def _recovery(found: Calibration) -> str:
    assert found.recovery is not None
    known = found.recovery
    if not len(known.ranks):
        return "<p>No run's figures lay within those of the others, so that none could be taken for the truth.</p>"
    low, high = known.expected()
    rows = [
        (
            f"<code>{escape(factor.key)}</code>",
            f"{100 * share:.0f} %",
            "yes" if low <= share <= high else "<strong>no</strong>",
            f"{p:.2g}",
        )
        for factor, share, p in zip(known.factors, known.covered(), known.uniform(), strict=True)
    ]
    return (
        f"<p>Each of {len(known.ranks)} runs was taken for the truth in turn, its figures (with an error like that of the "
        f"published ones) for what was published, and its parameters looked for with the other runs. A right posterior's "
        f"90 % interval then holds the truth in {100 * low:.0f} to {100 * high:.0f} % of such trials (99 % sure). "
        f"{known.skipped} trials were skipped because the other runs did not reach their figures.</p>"
        + table(
            ("Parameter", "90 % intervals held the truth", "As it should", "Evenness of ranks, p"), rows, numbers=(1, 3)
        )
    )


def _targets(found: Calibration) -> str:
    rows = [
        (
            f"{escape(one.target.what)}<br><small>{escape(_stands(one))}</small>",
            "fitted" if one.target.fitted else "held out",
            f"{_in_unit(one, one.target.figure)} ± {_in_unit(one, one.target.error, 2)}<br>"
            f"<small>{escape(_unit_of(one))}</small>",
            _span(one, one.before), _span(one, one.after), escape(_verdict(one)),
            f"{escape(one.target.source)}<br><small>{escape(one.target.reason)}</small>",
        )
        for one in found.held
    ]  # fmt: skip
    head = ("Figure", "Use", "Published", "Before, 90 %", "After, 90 %", "Verdict", "Source, and why so uncertain")
    return (
        "<p>A figure agrees if it lies within 90 % of what the calibrated model predicts, its own uncertainty counted.</p>"
        + table(head, rows)
    )


def _stands(one: Held) -> str:
    what = one.target.measure or one.target.expression
    over = f", over weeks {one.target.over[0]} to {one.target.over[1]}" if one.target.over else ""
    return f"{what}, {one.target.world}, weeks {one.target.window[0]} to {one.target.window[1]}{over}"


def _in_unit(one: Held, value: float, digits: int = 3) -> str:
    """A figure in the unit that a reader expects: shares in per cent."""
    return f"{100 * value:.{digits}g}" if one.target.unit == "share" else f"{value:.{digits}g}"


def _unit_of(one: Held) -> str:
    return "%" if one.target.unit == "share" else one.target.unit


def _span(one: Held, ends: tuple[float, float]) -> str:
    return f"{_in_unit(one, ends[0])} to {_in_unit(one, ends[1])}" if math.isfinite(ends[0]) else "–"


def _unit(factor: Factor) -> str:
    return "" if factor.unit == "1" else factor.unit


def _range(factor: Factor) -> str:
    return escape(toml_value(factor.values)) if factor.values else f"{factor.low:.3g} to {factor.high:.3g}"


def _provenance(found: Calibration) -> str:
    rows = [("Method", METHODS[found.method]), ("Study of runs", found.study)]
    if found.posterior is not None and found.sample is not None:
        kept = f"{len(found.posterior.accepted):,} of {len(found.sample):,} runs, {found.posterior.effective:.0f} effective draws"
        rows += [
            ("Runs used", kept),
            ("Runs as far out as the published figures", f"{100 * found.posterior.reach:.0f} %"),
        ]
    rows.append(("Runs that test the result", f"{len(found.predicted):,}"))
    scenario = f'<pre tabindex="0">{escape(str(found.definition["scenario"]))}</pre>'
    return table(("What", "Value"), [(escape(key), escape(value)) for key, value in rows]) + details(
        "The scenario of the runs, before what was varied", scenario
    )
