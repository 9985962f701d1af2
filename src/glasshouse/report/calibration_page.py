"""The page of a calibration: what was known before, what the published figures leave of it, and what was predicted."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.calibration.result import Calibration, TargetCheck
from glasshouse.report import calibration_charts, charts, templates
from glasshouse.report.calibration_charts import unit
from glasshouse.report.elements import Cell, Figure, Table, paragraphs
from glasshouse.scenario.toml_text import toml_value
from glasshouse.storage import write_atomic
from glasshouse.study.factor import Factor

METHODS = {
    "abc": "Approximate Bayesian computation with regression adjustment (Beaumont, Zhang and Balding 2002)",
    "sbi": "A neural posterior (sbi)",
    "fit": "A search for the nearest point (Optuna's tree-structured Parzen estimator)",
}


def write_calibration(found: Calibration, path: Path) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    found : Calibration
        What was found.
    path : Path
        Where the file goes; folders are created as needed.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, page(found), "the page")


def page(found: Calibration) -> str:
    """The page of a calibration.

    Parameters
    ----------
    found : Calibration
        What was found.

    Returns
    -------
    str
        The whole page.
    """
    return templates.page(
        "calibration.html",
        targets=found.targets,
        sentence=sentence(found),
        warnings=found.warnings,
        predictions=_predictions(found),
        **(_posterior(found) if found.best is None else _search(found)),
        recovery=_recovery(found),
        identified=_identified(found),
        together=found.identifiability.combinations() if found.identifiability else (),
        figures=_targets(found),
        provenance=_provenance(found),
        scenario=str(found.definition["scenario"]),
    )


def sentence(found: Calibration) -> str:
    """State the result of a calibration in a sentence or two.

    Parameters
    ----------
    found : Calibration
        What was found.

    Returns
    -------
    str
        How many figures the calibrated model agrees with, among those fitted and those not shown to it.
    """
    parts = []
    for fitted, words in ((False, "that it was not shown"), (True, "that it was fitted to")):
        judged = [one for one in found.target_checks if one.target.fitted is fitted and math.isfinite(one.apart)]
        if judged:
            right = sum(one.agrees for one in judged)
            parts.append(f"{right} of {len(judged)} figures {words}")
    if not parts:
        return "The result was not tested: no runs were made with the calibrated parameters."
    return f"The calibrated model agrees with {' and with '.join(parts)}, at 90 %. {_width(found)}".strip()


def _width(found: Calibration) -> str:
    """How wide predictions are: to agree is easy where they are wide."""
    widths = [
        (one.after[1] - one.after[0]) / 2 / abs(one.target.figure)
        for one in found.target_checks
        if one.target.figure and math.isfinite(one.mean)
    ]
    if not widths:
        return ""
    return f"Its 90 % intervals reach, in the middle, {100 * np.median(widths):.0f} % of the published figure to either side."


def _predictions(found: Calibration) -> object:
    shown = [one for one in found.target_checks if one.target.figure != 0 and math.isfinite(one.mean)]
    if not shown:
        return paragraphs("No runs were made with the calibrated parameters.")
    verdicts = " ".join(f"{one.target.what}: {_verdict(one)}." for one in shown)
    grey = " Grey lines are 90 % of the runs before calibration." if found.sample is not None else ""
    caption = (
        f"Orange: 90 % of {len(found.predicted)} runs with calibrated parameters and new random seeds, and their "
        f"mean. Black: what was "
        f"published, with its 95 % range; hollow where the model was not shown it.{grey} All as multiples of what was published."
    )
    drawn = charts.svg(calibration_charts.predictions(shown), "held")
    return Figure("Figures of the model over published ones", drawn, verdicts, caption)


def _verdict(one: TargetCheck) -> str:
    if not math.isfinite(one.apart):
        return "not tested"
    return "agrees" if one.agrees else f"off by {abs(one.apart):.1f} standard deviations"


def _posterior(found: Calibration) -> dict[str, Any]:
    """What a posterior says of the parameters."""
    assert found.posterior is not None
    low, middle, high = found.posterior.quantiles((0.05, 0.5, 0.95))
    rows = [
        (
            Cell(factor.key, style="code"), unit(factor), _range(factor),
            f"{middle[k]:.3g}", f"{low[k]:.3g} to {high[k]:.3g}",
        )
        for k, factor in enumerate(found.factors)
    ]  # fmt: skip
    caption = (
        "Grey: the runs before calibration, all that was assumed. Orange: what is left once the fitted figures are known. "
        "Where both look alike the published figures say nothing about the parameter."
    )
    ranges = " ".join(f"{factor.key}: {low[k]:.3g} to {high[k]:.3g}." for k, factor in enumerate(found.factors))
    head = ("Parameter", "Unit", "Before", "Median after", "90 % after")
    return {
        "search": "",
        "parameters_chart": Figure(
            "Before and after", charts.svg(calibration_charts.densities(found), "densities"), ranges, caption
        ),
        "parameters": Table(head, rows, numbers=(2, 3, 4)),
        "tied": _tied(found),
    }


def _identified(found: Calibration) -> Table | None:
    """Which parameters are pinned down, and which figure they owe it to."""
    known = found.identifiability
    if known is None:
        return None
    rows = [
        (
            Cell(factor.key, style="code"), known.kind(place), f"{100 * max(known.narrowed[place], 0.0):.0f} %",
            known.owed_to(place) or "no single figure",
            " ".join(f"{100 * part:.0f}" for part in known.profile[place]),
        )
        for place, factor in enumerate(known.factors)
    ]  # fmt: skip
    head = ("Parameter", "Pinned down", "Narrower by", "Owed to", "Share in each tenth of its range, %")
    return Table(head, rows, numbers=(2,))


def _tied(found: Calibration) -> str:
    """Pairs of parameters that the figures tie to one another, in words; nothing if there is none."""
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
    return "; ".join(f"{first} and {second} ({value:.2f})" for value, first, second in tied[:6])


def _search(found: Calibration) -> dict[str, Any]:
    """What a search says of the parameters."""
    assert found.best is not None
    best, distances = found.best, found.best.distances
    rows = [(Cell(key, style="code"), toml_value(value)) for key, value in best.settings.items()]
    nearest = f"The nearest of {len(distances)} points is {distances[best.best]:.2f} standard errors off."
    chart = Figure(
        "How near each point came", charts.svg(calibration_charts.course(distances), "search"), nearest,
        "Root mean square over the fitted figures, in standard errors of what was published; the line is the nearest so far.",
    )  # fmt: skip
    return {"search": nearest, "parameters_chart": chart, "parameters": Table(("Setting", "Value"), rows), "tied": ""}


@dataclass(frozen=True)
class _Recovery:
    """How often the method found a known truth: `low` to `high` per cent are what a right posterior reaches."""

    trials: int
    refused: int
    allowed: str
    low: str
    high: str
    table: Table


def _recovery(found: Calibration) -> _Recovery | None:
    known = found.recovery
    if known is None:
        return None
    head = ("Parameter", "90 % intervals held the truth", "As it should", "Evenness of ranks, p")
    allowed = f"{100 * known.allowed:.2g}"
    if not len(known.ranks):
        return _Recovery(0, known.refused, allowed, "", "", Table(head, ()))
    low, high = known.expected()
    rows = [
        (
            Cell(factor.key, style="code"),
            f"{100 * share:.0f} %",
            "yes" if low <= share <= high else Cell("no", style="strong"),
            f"{p:.2g}",
        )
        for factor, share, p in zip(known.factors, known.covered(), known.uniform(), strict=True)
    ]
    table = Table(head, rows, numbers=(1, 3))
    return _Recovery(len(known.ranks), known.refused, allowed, f"{100 * low:.0f}", f"{100 * high:.0f}", table)


def _targets(found: Calibration) -> list[tuple[str | Cell, ...]]:
    return [
        (
            Cell(one.target.what, _stands(one)),
            "fitted" if one.target.fitted else "held out",
            Cell(f"{_in_unit(one, one.target.figure)} ± {_in_unit(one, one.target.error, 2)}", _unit_of(one)),
            _span(one, one.before),
            _span(one, one.after),
            _verdict(one),
            Cell(one.target.source, one.target.reason),
        )
        for one in found.target_checks
    ]


def _stands(one: TargetCheck) -> str:
    what = one.target.measure or one.target.expression
    over = f", over weeks {one.target.over[0]} to {one.target.over[1]}" if one.target.over else ""
    return f"{what}, {one.target.arm}, weeks {one.target.window[0]} to {one.target.window[1]}{over}"


def _in_unit(one: TargetCheck, value: float, digits: int = 3) -> str:
    """A figure in the unit that a reader expects: shares in per cent."""
    return f"{100 * value:.{digits}g}" if one.target.unit == "share" else f"{value:.{digits}g}"


def _unit_of(one: TargetCheck) -> str:
    return "%" if one.target.unit == "share" else one.target.unit


def _span(one: TargetCheck, ends: tuple[float, float]) -> str:
    return f"{_in_unit(one, ends[0])} to {_in_unit(one, ends[1])}" if math.isfinite(ends[0]) else "–"


def _range(factor: Factor) -> str:
    return toml_value(factor.values) if factor.values else f"{factor.low:.3g} to {factor.high:.3g}"


def _provenance(found: Calibration) -> Table:
    rows = [("Method", METHODS[found.method]), ("Study of runs", found.study)]
    if found.posterior is not None and found.sample is not None:
        used = f"{len(found.posterior.accepted):,} of {len(found.sample):,} runs, {found.posterior.effective:.0f} effective draws"
        rows += [
            ("Runs used", used),
            ("Runs as far out as the published figures", f"{100 * found.posterior.reach:.0f} %"),
        ]
    rows.append(("Runs that test the result", f"{len(found.predicted):,}"))
    return Table(("What", "Value"), rows)
