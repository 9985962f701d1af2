"""What evaluations in the field would find of a staged roll-out, over the runs of a study, beside what is true.

A study of the design `staged-rollout` lets districts join over more or fewer weeks, and has every run studied as an
evaluator would who sees the regime arm alone (`event_study`). Over runs that tells what no single evaluation can: how
far an estimator is off in the mean, how often its 95 % interval holds the truth, how often it finds an effect at all.
"""

from dataclasses import dataclass

import numpy as np

from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.results import estimate
from glasshouse.results.did import ESTIMATORS
from glasshouse.results.estimate import Estimate
from glasshouse.study.findings import Findings
from glasshouse.study.staged_rollout import COLUMNS, KIND, ROLLOUT


@dataclass(frozen=True)
class EstimatorEvaluation:
    """How one estimator fares with one measure where districts join over so many `weeks`.

    `runs` are those in which the roll-out allowed a study. `truth` is what joining did where districts had joined,
    `found` the estimates, `bias` the difference; each a mean over runs with its interval, in the measure's unit. `control`
    are the estimates on the reference arm, where there is no effect: Monte Carlo noise. `effect` is `found` less `control`,
    what the estimator makes of the difference between the arms: far from `truth` only if the estimator is biased.
    `covered` is the share of runs whose 95 % interval holds the truth, `detected` that whose interval excludes zero.
    """

    measure: str
    weeks: int
    estimator: str
    runs: int
    truth: Estimate
    found: Estimate
    bias: Estimate
    control: Estimate
    effect: Estimate
    covered: float
    detected: float


def evaluations(found: Findings, measure: str) -> tuple[EstimatorEvaluation, ...]:
    """Evaluate every estimator at every length of the roll-out.

    Parameters
    ----------
    found : Findings
        The figures of a study of the design `staged-rollout`.
    measure : str
        Name of the measure that is estimated.

    Returns
    -------
    tuple of EstimatorEvaluation
        One for each estimator and point of the study, estimator by estimator.

    Raises
    ------
    AnalysisError
        For a study of another design, and for a measure that it did not evaluate.
    """
    if found.design.kind != KIND:
        raise AnalysisError(f"The study {found.name} is {found.design.kind}, and evaluations need the design {KIND}.")
    truth = found.outputs(f"{measure}.joined")
    evaluated = []
    for estimator in ESTIMATORS:
        columns = [found.outputs(f"{measure}.{estimator}{end}") for end in COLUMNS.values()]
        for point, settings in enumerate(found.parameters):
            runs = _Runs(truth[point], *(column[point] for column in columns))
            evaluated.append(_evaluated(measure, int(settings[ROLLOUT]), estimator, runs))
    return tuple(evaluated)


@dataclass(frozen=True)
class _Runs:
    """The true effects and the estimates of the runs of a point (replicates)."""

    truth: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    control: FloatArray


def _evaluated(measure: str, weeks: int, estimator: str, runs: _Runs) -> EstimatorEvaluation:
    known = np.isfinite(runs.truth) & np.isfinite(runs.mean)
    covered = ((runs.low <= runs.truth) & (runs.truth <= runs.high))[known].mean() if known.any() else np.nan
    detected = ((runs.low > 0.0) | (runs.high < 0.0))[known].mean() if known.any() else np.nan
    real, found, bias, control, effect = (
        estimate.from_replicates(values[known])
        for values in (runs.truth, runs.mean, runs.mean - runs.truth, runs.control, runs.mean - runs.control)
    )
    return EstimatorEvaluation(
        measure, weeks, estimator, int(known.sum()), real, found, bias, control, effect, float(covered), float(detected)
    )
