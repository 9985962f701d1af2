"""Scenario discovery: the box in the space of settings in which something holds, and how far to trust it.

PRIM (Friedman and Fisher 1999, doi:10.1023/A:1008894516817; Bryant and Lempert 2010, doi:10.1016/j.techfore.2009.08.002)
peels a twentieth of the points off a box again and again, from whichever side raises the share of cases most. `density`
is the share of the points in a box that are cases, `coverage` the share of all cases that are in it. Of the boxes peeled,
that with the greatest harmonic mean of both is taken (the F measure), and limits whose quasi-p-value is above 0.05 are
dropped. The peeling is ema_workbench's.

A box is the best of many, so that density, coverage and quasi-p-values flatter it, the more so the more settings are
varied and the fewer points there are. Therefore the search is made again on four fifths of the points at a time and the
boxes are tested on the fifth that it had not seen: what these say is what a reader may rely on.
"""

import importlib
import importlib.util
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.boxes import BoxLimit, Marks, ScenarioDiscovery, Step
from glasshouse.analysis.expression import parse_condition
from glasshouse.errors import AnalysisError, install_command
from glasshouse.model.measures import CATALOGUE
from glasshouse.results.estimate import proportion
from glasshouse.rng import derive
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor
from glasshouse.study.findings import Findings

Points = NDArray[np.float64]

MIN_POINTS_PER_SIDE = 10
"""Cases, and points that are none, without which no box is sought."""
PARTS = 5
"""Parts that the points are divided into to hold boxes against points unseen."""
ALPHA = 0.05
"""The quasi-p-value above which a limit is dropped."""
"""What is peeled off at a time, and the least share of the points that a box may hold."""
PEEL = 0.05
HARMS = tuple(measure.name for measure in CATALOGUE if measure.people and measure.better != "neither")
"""The measures of harm: what is done to people and is better less, or better more."""


def search(design: Design, cases: Marks, what: str, undefined: int = 0) -> ScenarioDiscovery:
    """Search for the box of settings in which something holds.

    Raises AnalysisError for a design that is not a sample of its ranges, for cases of another shape, for fewer than ten
    cases or ten other points, and if ema_workbench is missing.

    Parameters
    ----------
    design : Design
        A sample of the factors' ranges.
    cases : array of bool, shape (points,)
        The points at which it holds.
    what : str
        What holds at these points, for instance “The claim fails”.
    undefined : int, optional
        Points that were left out beforehand, since it is not known whether it holds there; they are reported.

    Returns
    -------
    ScenarioDiscovery
        The box, with its quality on points that the search had not seen.
    """
    if design.kind in ("one-at-a-time", "morris"):
        raise AnalysisError(
            f"A box is sought among points that fill the factors' ranges; those of a {design.kind} design do not. Take a "
            "Latin hypercube or a Sobol sequence."
        )
    if cases.shape != (len(design.points),):
        raise AnalysisError(
            f"{cases.shape} is the shape of the cases, where the design has {len(design.points)} points."
        )
    fewer = min(int(cases.sum()), int((~cases).sum()))
    if fewer < MIN_POINTS_PER_SIDE:
        raise AnalysisError(
            f"{what} at {cases.sum():,} of {len(cases):,} points{_and_undefined(undefined)}. "
            f"A box needs {MIN_POINTS_PER_SIDE} points on either side. Run more."
        )
    limits, steps = _box(design.factors, design.points, cases)
    parts = _parts(design.seed, cases)
    others = []
    seen = found = 0
    for part in range(PARTS):
        away = parts == part
        other, _ = _box(design.factors, design.points[~away], cases[~away])
        others.append(other)
        if other:
            inside = _inside(other, design.factors, design.points) & away
            seen += int(inside.sum())
            found += int((inside & cases).sum())
    return ScenarioDiscovery(
        what,
        design,
        cases,
        _inside(limits, design.factors, design.points),
        tuple(replace(limit, again=_again(limit, others)) for limit in limits),
        steps,
        proportion(found, seen),
        found / int(cases.sum()),
        undefined,
    )


def _and_undefined(undefined: int) -> str:
    return f", and {undefined:,} more are undefined" if undefined else ""


def discover(findings: Findings, text: str) -> ScenarioDiscovery:
    """Search for the box of settings in which an expression over harms holds, over the points of a study.

    Points at which the expression is undefined are left out. Raises ScenarioError for a faulty expression and
    AnalysisError for one that names a measure other than a harm, and otherwise as `search` does.

    Parameters
    ----------
    findings : Findings
        The figures of the study's runs.
    text : str
        A condition, for instance “wrongly_listed_share > 0.1”.

    Returns
    -------
    ScenarioDiscovery
        The box, with its quality on points that the search had not seen.
    """
    expression = parse_condition(text, findings.names)
    refused = [name for name in expression.measures if name not in HARMS]
    if refused:
        harms = [name for name in findings.measures if name in HARMS]
        available = (", ".join(harms[:8]) or "none") + (f" and {len(harms) - 8} more" if len(harms) > 8 else "")
        raise AnalysisError(
            f"{', '.join(refused)}: no measure of harm. Glasshouse seeks no settings that control people best, and so "
            f"takes no other measure as the aim of a search. The study {findings.name} kept these harms: {available}."
        )
    outcomes = expression.holds({name: findings.means(name) for name in expression.names})
    known = np.isfinite(outcomes)
    design = findings.design
    what, undefined = f"“{expression.text}” holds", int((~known).sum())
    return search(replace(design, points=design.points[known]), outcomes[known] > 0.0, what, undefined)


@cache
def _prim() -> Any:
    """The module that peels, imported without its remarks about other libraries; AnalysisError if it is not there."""
    if importlib.util.find_spec("ema_workbench") is None:
        raise AnalysisError(
            f"Scenario discovery needs ema_workbench, which is not installed. Install it: {install_command('explore')}"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("ema_workbench.analysis.prim")


def _box(factors: Sequence[Factor], points: Points, cases: Marks) -> tuple[tuple[BoxLimit, ...], tuple[Step, ...]]:
    """The best box of one search, its limits by quasi-p, and the boxes that were peeled on the way."""
    prim = _prim()
    import pandas as pd

    columns = {
        # Whole numbers, since the order of a set of texts differs between processes, and with it which of two equal peels
        # comes first.
        factor.key: np.array([int(place) for place in column], dtype=object) if factor.values else column
        for factor, column in zip(factors, points.T, strict=True)
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Whatever reaches the threshold is a case to it, and a box whose mean does not is thrown away.
        search = prim.Prim(pd.DataFrame(columns), cases.astype(np.int64), threshold=1e-9, peel_alpha=PEEL,
                              paste_alpha=PEEL, mass_min=PEEL)  # fmt: skip
        found = search.find_box()
        rows = found.peeling_trajectory
        steps = tuple(
            Step(float(c), float(d), float(m), int(n))
            for c, d, m, n in zip(rows["coverage"], rows["density"], rows["mass"], rows["res_dim"], strict=True)
        )
        best = max(range(len(steps)), key=lambda n: _harmonic(steps[n]))
        return _released(found, best, factors, points), steps


def _harmonic(step: Step) -> float:
    """The F measure: the harmonic mean of coverage and density."""
    return 2.0 * step.coverage * step.density / max(step.coverage + step.density, 1e-300)


def _released(found: Any, number: int, factors: Sequence[Factor], points: Points) -> tuple[BoxLimit, ...]:
    """The limits of a box of the peeling without those whose quasi-p is above `ALPHA`, the least needed given up first."""
    everything = found.box_lims[0]
    while True:
        tested = [(p, key, side) for key, both in found.qp[number].items() for side, p in enumerate(both) if p >= 0.0]
        worst = max(tested, default=(0.0, "", 0))
        if worst[0] <= ALPHA:
            return _limits(found.box_lims[number], found.qp[number], everything, factors)
        _, key, side = worst
        box = found.box_lims[number].copy()
        if isinstance(everything.loc[0, key], set):
            box[key] = everything[key]
        else:
            box.loc[side, key] = everything.loc[side, key]
        limits = _limits(box, {}, everything, factors)
        found.update(box, np.flatnonzero(_inside(limits, factors, points)))
        number = len(found.box_lims) - 1


def _limits(
    box: Any, quasi_p: Mapping[str, Sequence[float]], everything: Any, factors: Sequence[Factor]
) -> tuple[BoxLimit, ...]:
    """What a box limits, on the factors' scales; a column that never varied is in no box."""
    limits = []
    for factor in factors:
        key, p = factor.key, max(quasi_p.get(factor.key, (np.nan,)))
        if key not in box.columns:
            continue
        if factor.values:
            places = sorted(int(place) for place in box.loc[0, key])
            if len(places) < len(everything.loc[0, key]):
                values = tuple(factor.values[place] for place in places)
                limits.append(BoxLimit(factor, 0.0, 0.0, values, float(p), np.nan))
            continue
        lower, upper = (box.loc[side, key] != everything.loc[side, key] for side in (0, 1))
        if lower or upper:
            low = float(box.loc[0, key]) if lower else factor.low
            high = float(box.loc[1, key]) if upper else factor.high
            limits.append(BoxLimit(factor, low, high, (), float(p), np.nan))
    return tuple(limits)


def _inside(limits: Sequence[BoxLimit], factors: Sequence[Factor], points: Points) -> Marks:
    """Which points (points) keep every limit."""
    inside = np.ones(len(points), dtype=np.bool_)
    for limit in limits:
        column = points[:, factors.index(limit.factor)]
        if limit.factor.values:
            inside &= np.isin(column, [limit.factor.values.index(value) for value in limit.values])
            continue
        lower, upper = limit.sides
        # An end that is not limited is not asked, since settings that were stored may lie a last digit beyond it.
        inside &= (column >= limit.low if lower else True) & (column <= limit.high if upper else True)
    return inside


def _parts(seed: int, cases: Marks) -> NDArray[np.int64]:
    """A part for each point (points), by lot, each with its portion of the cases."""
    order = sorted(range(len(cases)), key=lambda point: (bool(cases[point]), derive(seed, "parts", point)))
    parts = np.empty(len(cases), dtype=np.int64)
    parts[order] = np.arange(len(cases)) % PARTS
    return parts


def _again(limit: BoxLimit, others: Sequence[Sequence[BoxLimit]]) -> float:
    """The share of other searches that limited the setting on a side on which this limit does."""
    same = (
        any(
            other.factor == limit.factor and any(map(all, zip(other.sides, limit.sides, strict=True)))
            for other in found
        )
        for found in others
    )
    return sum(same) / len(others)
