"""What evaluations in the field would find of a staged roll-out, over the runs of a study, beside what is true.

A study of the design «staged-rollout» lets districts join over more or fewer weeks, and has every run studied as an
evaluator would who sees the regime world alone (`event_study`). Over runs that tells what no single evaluation can: how
far an estimator is off in the mean, how often its 95 % interval holds the truth, how often it finds an effect at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse import estimate, event_study
from glasshouse.errors import AnalysisError
from glasshouse.estimate import Estimate
from glasshouse.event_study import ESTIMATORS
from glasshouse.measure import Numbers
from glasshouse.measures import CATALOGUE
from glasshouse.result import Result

if TYPE_CHECKING:
    from glasshouse.findings import Findings

KIND = "staged-rollout"
ROLLOUT = "run.rollout"


@dataclass(frozen=True)
class Evaluation:
    """How one estimator fares with one measure where districts join over so many `weeks`.

    `runs` are those in which the roll-out allowed a study. `truth` is what joining did where districts had joined,
    `found` the estimates, `bias` the difference; each a mean over runs with its interval, in the measure's unit.
    `covered` is the share of runs whose 95 % interval holds the truth, `detected` that whose interval leaves out nought.
    """

    measure: str
    weeks: int
    estimator: str
    runs: int
    truth: Estimate
    found: Estimate
    bias: Estimate
    covered: float
    detected: float


def evaluable() -> tuple[str, ...]:
    """Names of the measures that have a value in each district, as an evaluation needs."""
    return tuple(measure.name for measure in CATALOGUE if measure.by_group and not measure.is_between())


def figures(result: Result, wanted: Sequence[str]) -> dict[str, float]:
    """What each estimator finds of a run of one replicate, with its interval, and the truth; NaN where no study is possible.

    Named «measure.did2s», «measure.did2s.low», «measure.did2s.high», likewise «twfe», and «measure.joined» for the truth.
    AnalysisError if pyfixest is missing.
    """
    event_study.fixest()
    names = [f"{estimator}{end}" for estimator in ESTIMATORS for end in ("", ".low", ".high")]
    found: dict[str, float] = {}
    for measure in wanted:
        found |= {f"{measure}.{name}": float("nan") for name in (*names, "joined")}
        try:
            effects = result.did(measure).effects
        except AnalysisError:
            continue
        for row, estimator in enumerate(effects["estimator"]):
            for column, end in (("mean", ""), ("low", ".low"), ("high", ".high")):
                found[f"{measure}.{estimator}{end}"] = float(effects[column][row])
        found[f"{measure}.joined"] = float(effects["truth"][0])
    return found


def evaluations(found: "Findings", measure: str) -> tuple[Evaluation, ...]:
    """Every estimator at every length of the roll-out; AnalysisError where the study or the measure is no such one."""
    if found.design.kind != KIND:
        raise AnalysisError(f"The study {found.name} is {found.design.kind}, and evaluations need the design {KIND}.")
    truth = found.outputs(f"{measure}.joined")
    return tuple(
        _one(measure, int(settings[ROLLOUT]), estimator, *(values[point] for values in (truth, *columns)))
        for estimator in ESTIMATORS
        for columns in [[found.outputs(f"{measure}.{estimator}{end}") for end in ("", ".low", ".high")]]
        for point, settings in enumerate(found.parameters)
    )


def _one(
    measure: str, weeks: int, estimator: str, truth: Numbers, mean: Numbers, low: Numbers, high: Numbers
) -> Evaluation:
    known = np.isfinite(truth) & np.isfinite(mean)
    covered = ((low <= truth) & (truth <= high))[known].mean() if known.any() else np.nan
    detected = ((low > 0.0) | (high < 0.0))[known].mean() if known.any() else np.nan
    real, found, bias = (estimate.of(values[known]) for values in (truth, mean, mean - truth))
    return Evaluation(measure, weeks, estimator, int(known.sum()), real, found, bias, float(covered), float(detected))
