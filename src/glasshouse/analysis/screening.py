"""Which settings a study's measures respond to, and summaries of every measure's effect over its points."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis import distribution_indices, sensitivity
from glasshouse.analysis.discovery import HARMS
from glasshouse.analysis.sensitivity_indices import Method, Sensitivity
from glasshouse.errors import AnalysisError
from glasshouse.model.measures import CATALOGUE
from glasshouse.study.design import Design
from glasshouse.study.findings import Findings

METHODS: dict[str, Method] = {"saltelli": "sobol", "morris": "morris"}
"""The analysis that a design was made for; any other is a sample."""

ANALYSES: dict[Method, Callable[[Design, NDArray[np.float64]], Sensitivity]] = {
    "sobol": sensitivity.sobol,
    "morris": sensitivity.morris,
    "delta": distribution_indices.delta,
    "pawn": distribution_indices.pawn,
}


@dataclass(frozen=True)
class Summary:
    """What the regime changes in one measure over the points of a study.

    `mean` and the quantiles (5, 50, 95 %) are over points, each a mean over its replicates; `positive` is the share of
    points at which the effect is above zero; `noise` the share of the variance over runs that is noise within a point,
    NaN with one replicate each.
    """

    measure: str
    points: int
    mean: float
    low: float
    median: float
    high: float
    positive: float
    noise: float


def analyse(found: Findings, measure: str, method: Method | None = None) -> Sensitivity:
    """Analyse which factors a measure responds to.

    The outcome at a point is the measure from all its replicates together, as that of a run is; its Monte Carlo noise is
    the jackknife's over replicates (`Findings.contributions`).

    Parameters
    ----------
    found : Findings
        The figures of the study's runs.
    measure : str
        Name of the measure.
    method : {"sobol", "morris", "delta", "pawn"}, optional
        The method. If not given: Sobol indices for a Saltelli design, elementary effects for Morris's, else delta.

    Returns
    -------
    Sensitivity
        The indices of each factor.

    Raises
    ------
    AnalysisError
        For a measure that is no harm, one that was not kept, a design that the method cannot read, and runs that failed,
        are not finished, or where the measure is undefined: it names the first.
    """
    _require_harm(found, measure)
    contributions = found.contributions(measure)
    _require_complete(found, measure, contributions)
    chosen = method or METHODS.get(found.design.kind, "delta")
    return ANALYSES[chosen](found.design, contributions)


def screened(found: Findings, keep: int, measures: Sequence[str] = ()) -> tuple[str, ...]:
    """Select the settings that matter most by a Morris design.

    Parameters
    ----------
    found : Findings
        The figures of a study with a Morris design.
    keep : int
        Number of settings to select.
    measures : sequence of str, optional
        Names of the measures of harm that count. If empty, every one that the study kept, except those that are undefined
        in a run or do not change.

    Returns
    -------
    tuple of str
        Keys of the settings, in the order of the design.

    Raises
    ------
    AnalysisError
        For another design, for a measure that is no harm, for one text where a sequence of names belongs, and if no
        measure is left.
    """
    if isinstance(measures, str):
        raise AnalysisError(f"measures = {measures!r} is one text. Give a list of names: [{measures!r}].")
    if found.design.kind != "morris":
        raise AnalysisError(f"The study {found.name} is {found.design.kind}: settings are screened by a Morris design.")
    usable = measures or tuple(
        name for name in found.measures if may_be_analysed(found, name) and _moves(found.contributions(name))
    )
    if not usable:
        raise AnalysisError(
            f"No measure of harm of the study {found.name} moves and is defined in every run: none can screen."
        )
    results = [analyse(found, measure, "morris") for measure in usable]
    return tuple(factor.key for factor in sensitivity.screened(results, keep))


def may_be_analysed(found: Findings, measure: str) -> bool:
    """Tell whether the sensitivity of a figure may be shown: of a measure of harm, or of people in a plug-in.

    Parameters
    ----------
    found : Findings
        What the study found, whose definition names the measures of plug-ins that are about the state.
    measure : str
        Name of the figure: a measure, also with a window or an arm (`chilling@0-52.regime`), or a sum.

    Returns
    -------
    bool
        False for sums, for every other measure of the catalogue, and for measures of plug-ins that are about the state.
    """
    name = re.split("[.@]", measure)[0]
    if name in found.definition.get("state_measures", ()):
        return False
    return ":" not in name and (name in HARMS or name not in {one.name for one in CATALOGUE})


def _require_harm(found: Findings, measure: str) -> None:
    """AnalysisError for a measure that is no harm: what it depends on would say which settings control people best."""
    if not may_be_analysed(found, measure):
        raise AnalysisError(
            f"{measure}: no measure of harm. Glasshouse seeks no settings that control people best; what a measure of the "
            "state is sensitive to is shown only where a shipped claim names it, and without directions. Take a measure of "
            "harm, for instance chilling. Look: glasshouse list"
        )


def _require_complete(found: Findings, measure: str, outputs: NDArray[np.float64]) -> None:
    """AnalysisError unless every run has a figure: one that is missing would silently spoil every index."""
    bad = [int(number) for number in np.flatnonzero(~np.isfinite(outputs))]
    if not bad:
        return
    failed = {number for number, _ in found.failed}
    done = {int(number) for number in found.figures.columns["run"]}
    kinds = {
        "failed": [number for number in bad if number in failed],
        "not done": [number for number in bad if number not in failed | done],
        "where it has no value, or none without one replicate": [number for number in bad if number in done],
    }
    causes = "; ".join(f"{len(runs)} {kind} ({_listed(runs)})" for kind, runs in kinds.items() if runs)
    raise AnalysisError(
        f"{measure} is missing in {len(bad)} of {outputs.size} runs of {found.name}: {causes}. Every index would be wrong. "
        f"Do what is not done with glasshouse study resume {found.name}, or take a measure that is defined everywhere."
    )


def summaries(found: Findings) -> tuple[Summary, ...]:
    """Summarise the effect on every measure over the points of a study.

    Parameters
    ----------
    found : Findings
        The figures of the study's runs.

    Returns
    -------
    tuple of Summary
        One for each measure that the study kept.
    """
    return tuple(_summary(measure, found.outputs(measure), found.means(measure)) for measure in found.measures)


def _summary(measure: str, outputs: NDArray[np.float64], points: NDArray[np.float64]) -> Summary:
    with np.errstate(invalid="ignore", divide="ignore"):
        known = outputs[np.isfinite(outputs).any(axis=1)]
        means = points[np.isfinite(points)]
        if not len(means):
            return Summary(measure, 0, *(float("nan"),) * 6)
        within = np.array([row[np.isfinite(row)].var(ddof=1) for row in known if np.isfinite(row).sum() > 1])
        spread = float(known[np.isfinite(known)].var())
        noise = float(within.mean() / spread) if len(within) and spread > 0 else float("nan")
    low, median, high = (float(q) for q in np.quantile(means, (0.05, 0.5, 0.95)))
    return Summary(
        measure, len(means), float(means.mean()), low, median, high, float((means > 0).mean()), min(noise, 1.0)
    )


def _moves(outputs: NDArray[np.float64]) -> bool:
    """Whether a measure is defined in every run and differs between points."""
    means = outputs.mean(axis=1)
    return bool(np.isfinite(outputs).all() and np.ptp(means) > 1e-12 * np.abs(means).max())


def _listed(runs: Sequence[int]) -> str:
    """Numbers of runs in words: the first few, and how many more."""
    named = ", ".join(str(number) for number in runs[:5])
    return f"runs {named} and {len(runs) - 5} more" if len(runs) > 5 else f"run{'s' if len(runs) > 1 else ''} {named}"
