"""Charts of a study: a harm over one setting or two, with its finding as title and a sentence to cite.

Like the pages, they are of harms alone: no chart says which settings control people best.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from glasshouse.analysis.safeguard_effects import HARMS
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.report import charts
from glasshouse.report.chart import Chart
from glasshouse.report.study import exploration, harm_maps, outcomes
from glasshouse.results import estimate, provenance
from glasshouse.results.estimate import Estimate
from glasshouse.results.table import Table
from glasshouse.scenario.messages import nearest, shown_word
from glasshouse.study.design import Design
from glasshouse.study.findings import Findings

FIXED = ("grid", "one-at-a-time")
"""Designs whose points are of interest in themselves, and no sample of a whole space."""

MOST = 2
"""Settings that a chart has axes for."""


def plot(findings: Findings, name: str, over: Sequence[str] = ()) -> Chart:
    """Draw a harm over one setting, as a line with 95 % intervals, or over two, as a map.

    Parameters
    ----------
    findings : Findings
        What the study found.
    name : str
        Name of a measure of harm; the effect of the regime on it is drawn.
    over : sequence of str
        One or two settings that the study varies, as `table.key`; without any, the two that the measure depends on most, or
        the only one.

    Returns
    -------
    Chart
        The chart.

    Raises
    ------
    AnalysisError
        If the measure is no harm or is not kept, if a setting is not varied, or if too little is defined.
    """
    measure, design = _harm(findings, name), findings.design
    values = findings.means(name)
    known = np.isfinite(values)
    if known.sum() < 2:
        raise AnalysisError(f"{name} is defined at {known.sum()} points of the study {findings.name}, too few to draw.")
    here = replace(design, points=design.points[known])
    places = _places(here, over, values[known])
    title = measure.title if measure.is_between() else f"{measure.title}, change made by the regime"
    if len(places) == MOST:
        return _map(findings, measure, here, places, known, title)
    return _line(findings, measure, here, places[0], known, title)


def _harm(findings: Findings, name: str) -> type[Measure]:
    """The measure of a name, if it is a harm that the study keeps."""
    known = {measure.name: measure for measure in outcomes.recorded_measures(findings)}
    harms = {measure.name for measure in HARMS}
    if name not in known:
        findings.outputs(name)
        raise AnalysisError(f"{name} is a measure of a plug-in. Draw it from `frame()`.")
    if name not in harms:
        raise AnalysisError(
            f"{name} is no measure of harm, and charts over settings are of harms alone: nothing here says which settings "
            f"control people best. Harms of this study are {', '.join(sorted(harms & set(known))) or 'none'}."
        )
    return known[name]


def _places(design: Design, over: Sequence[str], outcome: np.ndarray) -> tuple[int, ...]:
    """Places of the settings in the design."""
    keys = [factor.key for factor in design.factors]
    for key in over:
        if key not in keys:
            raise AnalysisError(
                f"The study does not vary {shown_word(key)}.{nearest(key, keys)} It varies {', '.join(keys)}."
            )
    if len(set(over)) > MOST:
        raise AnalysisError(f"A chart has axes for two settings, not for {len(set(over))}. Name one or two.")
    if over:
        return tuple(keys.index(key) for key in dict.fromkeys(over))
    return (0,) if len(keys) == 1 else exploration.strongest(design, outcome)


def _map(
    findings: Findings, measure: type[Measure], design: Design, places: tuple[int, ...], known: np.ndarray, title: str
) -> Chart:
    figures = findings.means(measure.name)[known] * outcomes.factor_of(measure)
    found = harm_maps.described(design, (places[0], places[1]), figures, title, outcomes.unit_of(measure))
    keys = [design.factors[place].key for place in places]
    columns: dict[str, Any] = {
        keys[0]: np.array([cell.x for cell in found.cells]),
        keys[1]: np.array([cell.y for cell in found.cells]),
        "mean": np.array([cell.mean for cell in found.cells]),
        "points": np.array([cell.points for cell in found.cells]),
    }
    cited = _citation(findings, measure, known, found.description)
    worst = max(found.cells, key=lambda cell: cell.mean)
    heading = f"{title}: largest where {keys[0]} is {worst.x} and {keys[1]} is {worst.y}"
    return Chart(heading, cited, {**found.spec, "width": 460, "height": 300}, Table(measure.name, columns))


def _line(
    findings: Findings, measure: type[Measure], design: Design, place: int, known: np.ndarray, title: str
) -> Chart:
    factor, each = design.factors[place], findings.contributions(measure.name)[known] * outcomes.factor_of(measure)
    labels, classes = harm_maps.classes(factor, design.points[:, place], len(each))
    found = [(label, _mean(findings, each[classes == number])) for number, label in enumerate(labels)]
    found = [(label, one) for label, one in found if np.isfinite(one.mean)]
    unit = outcomes.unit_of(measure)
    first, last = found[0][1], found[-1][1]
    apart = len(found) > 1 and (first.high < last.low or last.high < first.low)
    ends = f"{first.text(1, unit)} at {found[0][0]}, {last.text(1, unit)} at {found[-1][0]}"
    way = ("rises" if last.mean > first.mean else "falls") if apart else "shows no certain change"
    sentence = f"{title} {way} with {factor.key}: {ends}."
    columns: dict[str, Any] = {
        factor.key: np.array([label for label, _ in found]),
        **{name: np.array([getattr(one, name) for _, one in found]) for name in ("mean", "low", "high")},
    }
    spec = _line_spec(found, factor.key + (f", {factor.unit}" if factor.unit else ""), f"{title},{unit}")
    heading = f"{title} {way} with {factor.key}"
    return Chart(heading, _citation(findings, measure, known, sentence), spec, Table(measure.name, columns))


def _mean(findings: Findings, each: np.ndarray) -> Estimate:
    """The mean over points, with what their replicates have in common."""
    shared, sampled = bool(findings.definition["paired"]), findings.design.kind not in FIXED
    return estimate.crossed(each, shared=shared, sampled=sampled)


def _line_spec(found: Sequence[tuple[str, Estimate]], across: str, up: str) -> charts.Spec:
    rows = [
        {
            "x": label,
            "mean": one.mean,
            **{end: getattr(one, end) if np.isfinite(getattr(one, end)) else one.mean for end in ("low", "high")},
        }
        for label, one in found
    ]
    order = [label for label, _ in found]
    x = {"field": "x", "type": "ordinal", "sort": order, "title": across, "axis": {"labelAngle": 0, "grid": False}}
    y = {"field": "mean", "type": "quantitative", "title": up, "scale": {"zero": True}}
    ends = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    layers: list[charts.Spec] = [
        {"data": {"values": [{}]}, "mark": {"type": "rule", "color": "#555"}, "encoding": {"y": {"datum": 0}}},
        {"mark": {"type": "rule", "strokeWidth": 2, "color": charts.REGIME}, "encoding": ends},
        {"mark": {"type": "line", "color": charts.REGIME}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 70, "color": charts.REGIME}, "encoding": {"x": x, "y": y}},
    ]
    return charts.framed({"data": {"values": rows}, "width": 460, "height": 260, "layer": layers})


def _citation(findings: Findings, measure: type[Measure], known: np.ndarray, sentence: str) -> str:
    """The finding, the mean over all points with its interval, what was run, version and digests."""
    mean = _mean(findings, findings.contributions(measure.name)[known])
    factor, unit = outcomes.factor_of(measure), outcomes.unit_of(measure).replace(" points", " percentage points")
    record = findings.record
    code = record.code if record is not None else provenance.code_digest()
    digest = f"study digest {record.digest}, " if record is not None else ""
    runs = f"{findings.counts.done:,} runs at {int(known.sum()):,} points, {findings.design.kind} design"
    return (
        f"In the study “{findings.definition['title']}” of simulated scenarios ({runs}): {sentence} The mean over all points is "
        f"{mean.text(factor, unit)}, with its 95 % interval. Glasshouse {provenance.version()}, {digest}code digest {code}."
    )
