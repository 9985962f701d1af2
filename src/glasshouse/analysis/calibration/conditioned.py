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
class RivalOutcome:
    """One harm as both models predict it.

    Attributes
    ----------
    measure : type of Measure
        What is measured.
    arm : {"regime", "effect"}
        Its level under the regime, or its difference from the reference.
    first, second : tuple of float
        Quantiles (5, 50 and 95 %) of what either model predicts, given the counts.
    apart : float
        How far the medians lie apart, in standard deviations of both predictions together.
    cases : int or None
        Among how many cases, whatever the share is a share of, the harm must be counted to tell the models apart in four of
        five counts with an error of 5 %; None where no count does, or where the harm is no share.
    """

    measure: type[Measure]
    arm: Literal["regime", "effect"]
    first: Quantiles
    second: Quantiles
    apart: float
    cases: int | None


@dataclass(frozen=True)
class Rivals:
    """Two models that are conditioned on the same counts.

    Attributes
    ----------
    first, second : str
        Names of their studies.
    reach : tuple of float
        Share of the runs of either study that lie at least as far out as the counts.
    outcomes : tuple of RivalOutcome
        The harms that both predict, those first that tell the models apart best.
    """

    first: str
    second: str
    reach: tuple[float, float]
    outcomes: tuple[RivalOutcome, ...]


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
    left_out : int
        Runs without such counts, which are not used.
    rivals : Rivals or None
        The comparison with another model, if one was named.
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
    left_out: int
    rivals: Rivals | None = None

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
