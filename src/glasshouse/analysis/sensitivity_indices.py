"""Sensitivity indices as an analysis returns them: each with its spread, its comparison with no effect, and its words."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from glasshouse.results.estimate import Estimate
from glasshouse.results.table import Table
from glasshouse.study.factor import Factor

Method = Literal["sobol", "morris", "delta", "pawn"]

CHANCE = 0.025
"""The chance that an index of a factor without any effect is called distinct."""
UNBOUNDED: tuple[Method, ...] = ("delta", "pawn")
"""Methods whose bars are no confidence intervals: the index is biased by its classes, and the bootstrap does not see it."""


@dataclass(frozen=True)
class Index:
    """One index of one factor.

    Attributes
    ----------
    name : str
        The index: `first`, `total`, `mu*`, `sigma`, `delta` or `PAWN`.
    factor : Factor
        The factor.
    estimate : Estimate
        The index with bootstrap standard deviations to either side: a 95 % interval for Sobol indices and elementary
        effects, and how far the index varies with the points that were drawn for delta and PAWN.
    floor : float
        What is to be expected without any effect: the mean for Sobol indices and elementary effects; for delta and PAWN
        the largest of 39 columns that no run knew. NaN where Monte Carlo noise is unknown.
    distinct : bool or None
        Whether it stands out from no effect, which a factor without effect does with a chance of 2.5 %; None where this
        cannot be known.
    """

    name: str
    factor: Factor
    estimate: Estimate
    floor: float
    distinct: bool | None

    def __str__(self) -> str:
        text = f"{self.name} {self._value()}"
        if self.distinct is None:
            return f"{text}, and how much of it is Monte Carlo noise is unknown"
        if self.distinct:
            return text
        noise = f", where no effect shows up to {self.floor:.2g}" if self._unbounded else ""
        noise = noise or (f", where noise alone shows {self.floor:.2g}" if self.floor > 0.0 else "")
        return f"{self.name} not distinguishable from none: {self._value()}{noise}"

    @property
    def _unbounded(self) -> bool:
        return self.name.lower() in UNBOUNDED

    def _value(self) -> str:
        if not self._unbounded:
            return str(self.estimate)
        half = self.estimate.high - self.estimate.mean
        spread = f"bootstrap spread ±{half:.2g}" if np.isfinite(half) else "no bootstrap spread"
        return f"{self.estimate.mean:.2g} ({spread})".replace("-", "−")


@dataclass(frozen=True)
class Sensitivity:
    """What an analysis found.

    Attributes
    ----------
    method : {"sobol", "morris", "delta", "pawn"}
        The method.
    indices : tuple of Index
        The indices, factor by factor.
    noise : float
        The share of Monte Carlo noise in the variance of all runs, 0 to 1; NaN with one replicate, and where some points
        have a value in one replicate alone.
    points, replicates : int
        Points of the design, and runs of each.
    """

    method: Method
    indices: tuple[Index, ...]
    noise: float
    points: int
    replicates: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the indices that each factor has."""
        return tuple(dict.fromkeys(index.name for index in self.indices))

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors, in the design's order."""
        return tuple({index.factor.key: index.factor for index in self.indices}.values())

    @property
    def strongest(self) -> tuple[str, ...]:
        """The keys of the factors, the strongest first: by total index, mu*, delta or PAWN."""
        leading = self.of("total") or self.of(self.names[0])
        return tuple(index.factor.key for index in sorted(leading, key=lambda index: -index.estimate.mean))

    @property
    def comparisons(self) -> int:
        """How many indices are compared with no effect."""
        return sum(index.distinct is not None for index in self.indices)

    def of(self, name: str) -> tuple[Index, ...]:
        """Select the indices of one kind.

        Parameters
        ----------
        name : str
            Name of the index, for instance `total`.

        Returns
        -------
        tuple of Index
            One for each factor, in the design's order.
        """
        return tuple(index for index in self.indices if index.name == name)

    def sentences(self) -> tuple[str, ...]:
        """Describe the result in words.

        Returns
        -------
        tuple of str
            A sentence for each factor, then those of `notes`.
        """
        factors = tuple(
            f"{factor.key}: {'; '.join(str(index) for index in self.indices if index.factor == factor)}."
            for factor in self.factors
        )
        return (*factors, *self.notes())

    def notes(self) -> tuple[str, ...]:
        """Say how to read the indices.

        Returns
        -------
        tuple of str
            Sentences: how many comparisons were made, what the bars are, what is not known, and the share of noise.
        """
        notes = []
        if self.comparisons:
            chance = self.comparisons * CHANCE
            notes.append(
                f"{self.comparisons} {'index is' if self.comparisons == 1 else 'indices are'} compared with no effect, each "
                f"at {CHANCE:.1%}: if no setting had an effect, {chance:.1f} would stand out by chance."
            )
        if self.method in UNBOUNDED:
            notes.append(
                "Bars are the bootstrap's spread, no confidence intervals: the index itself is biased by its classes."
            )
        if np.isnan(self.noise):
            why = (
                "Each point was run once" if self.replicates == 1 else "Some points have a value in one replicate alone"
            )
            return (*notes, f"{why}, so that Monte Carlo noise cannot be told from effects.")
        share = f"{100 * self.noise:.0f} %" if self.noise > 0.095 else f"{100 * self.noise:.2g} %"
        return (*notes, f"{share} of the variance over all runs is Monte Carlo noise, not settings.")

    def as_table(self) -> Table:
        """Tabulate the indices.

        Returns
        -------
        Table
            A row for each factor and index: factor, index, value, low, high, floor, distinct, known, noise, comparisons.
            `known` tells whether `distinct` could be determined.
        """
        count = len(self.indices)
        return Table(
            self.method,
            {
                "factor": np.array([index.factor.key for index in self.indices]),
                "index": np.array([index.name for index in self.indices]),
                "value": np.array([index.estimate.mean for index in self.indices]),
                "low": np.array([index.estimate.low for index in self.indices]),
                "high": np.array([index.estimate.high for index in self.indices]),
                "floor": np.array([index.floor for index in self.indices]),
                "distinct": np.array([bool(index.distinct) for index in self.indices]),
                "known": np.array([index.distinct is not None for index in self.indices]),
                "noise": np.full(count, self.noise),
                "comparisons": np.full(count, self.comparisons),
            },
        )
