"""What disclosed counts leave of the settings, and what follows from them, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from glasshouse.analysis.calibration import recovery
from glasshouse.analysis.calibration.targets import Targets
from glasshouse.model.measure import Measure
from glasshouse.study.factor import Factor

LEARNT = 0.1
"""Share by which an interval is narrower from which on the counts say something of a setting."""

Quantiles = tuple[float, float, float]


@dataclass(frozen=True)
class Setting:
    """A setting that was varied, before and after conditioning.

    Attributes
    ----------
    factor : Factor
        The setting.
    before, after : tuple of float
        Quantiles (5, 50 and 95 %) over all runs, and given the counts.
    covered : float
        How often the 90 % interval held a known truth; NaN if that was not tried.
    """

    factor: Factor
    before: Quantiles
    after: Quantiles
    covered: float

    @property
    def learnt(self) -> float:
        """By which share the counts narrow the 90 % interval."""
        width = self.before[2] - self.before[0]
        return 1.0 - (self.after[2] - self.after[0]) / width if width > 0.0 else 0.0


@dataclass(frozen=True)
class Outcome:
    """A harm that goes with the counts.

    Attributes
    ----------
    measure : type of Measure
        What is measured.
    arm : {"regime", "effect"}
        Its level under the regime, or its difference from the reference.
    before, after : tuple of float
        Quantiles (5, 50 and 95 %) over all runs, and given the counts.
    covered : float
        How often the 90 % interval held a known truth; NaN if that was not tried.
    """

    measure: type[Measure]
    arm: Literal["regime", "effect"]
    before: Quantiles
    after: Quantiles
    covered: float


@dataclass(frozen=True)
class Conditioned:
    """What disclosed counts leave of the settings, and what follows from them.

    Attributes
    ----------
    targets : Targets
        The counts.
    study : str
        Name of the study with the runs.
    runs, effective : int, float
        Number of runs, and of how many runs of equal weight the answer is worth.
    reach : float
        Share of the runs that lie at least as far out as the counts do.
    settings : tuple of Setting
        What was varied.
    outcomes : tuple of Outcome
        What follows.
    trials, refused : int
        Number of known truths that were looked for, and of further ones that were out of reach.
    definition : mapping
        Definition of the study.
    warnings : tuple of str
        What a reader must know.
    """

    targets: Targets
    study: str
    runs: int
    effective: float
    reach: float
    settings: tuple[Setting, ...]
    outcomes: tuple[Outcome, ...]
    trials: int
    refused: int
    definition: Mapping[str, Any]
    warnings: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether there are enough runs near the counts for intervals."""
        return self.effective >= recovery.FEWEST_EFFECTIVE

    @property
    def expected(self) -> tuple[float, float]:
        """The shares of trials between which a right 90 % interval holds the truth, 99 % sure."""
        from scipy.stats import binom

        return float(binom.ppf(0.005, self.trials, 0.9)) / self.trials, float(
            binom.isf(0.005, self.trials, 0.9)
        ) / self.trials
