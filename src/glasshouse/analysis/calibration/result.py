"""What a calibration found: parameters, and every target beside what the calibrated model predicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from glasshouse.analysis.calibration.abc import Posterior, Sample
from glasshouse.analysis.calibration.identifiability import Identifiability
from glasshouse.analysis.calibration.recovery import Recovery
from glasshouse.analysis.calibration.search import Fit
from glasshouse.analysis.calibration.targets import Target, Targets
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.storage import write_atomic
from glasshouse.study.factor import Factor
from glasshouse.study.prior_samples import Prior, to_toml

Method = Literal["abc", "fit", "sbi"]

SURE = 1.6448536269514722
"""Standard deviations to either side of a 90 % interval."""


@dataclass(frozen=True)
class TargetCheck:
    """One target against a calibrated model: what runs of the prior and of the posterior have, 90 % of them.

    `apart` is how far the published figure lies from the posterior's mean, in standard deviations of both together: of the
    predictions and of the published figure. NaN bounds where there are no such runs.
    """

    target: Target
    before: tuple[float, float]
    after: tuple[float, float]
    mean: float
    apart: float

    @property
    def agrees(self) -> bool:
        """Whether the published figure lies within 90 % of what is predicted, its own uncertainty counted."""
        return abs(self.apart) <= SURE


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a calibration found. `study` is the name of the study with its runs, `definition` what that is.

    With `abc` and `sbi` there are the `sample` of the prior, the `posterior`, its draws as a `prior` for other studies and
    the `recovery` of known truths and the `identifiability` of parameters (abc alone); with `fit` the `best`. `predicted`
    (runs, targets) are figures of runs with the calibrated parameters and different random seeds, NaN where undefined.
    """

    targets: Targets
    method: Method
    study: str
    definition: Mapping[str, Any]
    factors: tuple[Factor, ...]
    predicted: FloatArray
    sample: Sample | None = None
    posterior: Posterior | None = None
    prior: Prior | None = None
    recovery: Recovery | None = None
    best: Fit | None = None
    warnings: tuple[str, ...] = ()
    identifiability: Identifiability | None = None

    @property
    def target_checks(self) -> tuple[TargetCheck, ...]:
        """Every target against the model."""
        return tuple(self._check(place, target) for place, target in enumerate(self.targets.every))

    def save(self, path: Path) -> None:
        """Write the draws as a file that a study names as its prior.

        Parameters
        ----------
        path : Path
            The file.

        Raises
        ------
        StoringError
            If the file cannot be written.
        AnalysisError
            If there are no draws, as with a best fit.
        """
        if self.prior is None:
            raise AnalysisError("A best fit is one point and leaves no draws: use its settings.")
        write_atomic(path, to_toml(self.prior), "the file of draws")

    def _check(self, place: int, target: Target) -> TargetCheck:
        before = self.sample.figures[:, place] if self.sample is not None else np.empty(0)
        after = self.predicted[np.isfinite(self.predicted[:, place]), place]
        if len(after) < 2:
            return TargetCheck(target, _span(before), _span(after), float("nan"), float("nan"))
        spread = float(np.hypot(after.std(ddof=1), target.error))
        mean = float(after.mean())
        return TargetCheck(target, _span(before), _span(after), mean, (target.figure - mean) / spread)


def _span(figures: FloatArray) -> tuple[float, float]:
    figures = figures[np.isfinite(figures)]
    if len(figures) < 2:
        return float("nan"), float("nan")
    low, high = np.quantile(figures, (0.05, 0.95))
    return float(low), float(high)
