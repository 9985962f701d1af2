"""How often do nominal 95 % intervals hold the truth?

    python verification/interval_coverage.py FOLDER [--populations 1000] [--intervals 2000] [--fitting] [--write]

Simulates small populations once and keeps their sums in FOLDER, an hour on two cores for the first time, later a minute.
The truth is the figure of all of them together; samples of 2, 3, 5 and 10 are drawn from them with replacement, and for
each the interval is computed by the code that runs use. A measure fails where five replicates cover less than 92 % or more
than 97 % by more than chance: among all figures together one may fail by chance in 5 % of such tables (Bonferroni). An
interval that reaches an impossible value fails always, and so does a bias of 2 % beyond chance, with an interval or without.
The script ends with 1 if a figure fails. Of each file in FOLDER the first population is simulated anew, so that populations
of an earlier model are refused. --fitting takes the populations on which scales and kurtoses are chosen; the table of others
tells whether the choice holds. --write puts the table into docs/coverage.md.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from interval_coverage_page import page
from interval_populations import FITTING, Populations, populations
from numpy.typing import NDArray

from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.model.measure import Measure, Sums
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.scale import Scale
from glasshouse.results import intervals
from glasshouse.results.group_ratios import BURDENS, ratio_figures
from glasshouse.results.groups import EVERYBODY, cells_of
from glasshouse.results.intervals import Intervals
from glasshouse.results.totals import ARMS

SIZES = (2, 3, 5, 10)
"""Replicates of a run."""
JUDGED = 5
"""Replicates at which coverage and bias are judged."""
CHUNK = 250
"""Samples that are computed at once, so that the sums fit into memory."""


@dataclass(frozen=True)
class Row:
    """How intervals of one figure fare.

    Attributes
    ----------
    figure, kind : str
        Name of the measure or burden; `reference`, `regime`, `effect` or `between`.
    scale : Scale
        The scale of the possible values of the figure.
    told : dict of int to float
        By number of replicates, the share of samples that are given an interval.
    covered : dict of int to float
        By number of replicates, the share of these intervals that hold the truth.
    truth, bias : float
        The figure of all populations, and the mean of samples of `JUDGED` less the truth, as a part of the level.
    noise : float
        Standard error of the bias.
    impossible : int
        Intervals that reach beyond the possible values.
    samples : int
        Samples drawn at each number of replicates.
    """

    figure: str
    kind: str
    scale: Scale
    told: dict[int, float]
    covered: dict[int, float]
    truth: float
    bias: float
    noise: float
    impossible: int
    samples: int

    @property
    def has_interval(self) -> bool:
        """Whether most samples of `JUDGED` replicates are given an interval."""
        return self.told[JUDGED] > 0.5

    def faults(self, rows: int) -> list[str]:
        """What is wrong with it beyond chance, in a table of so many rows."""
        from scipy.stats import norm

        bound = float(norm.ppf(1.0 - 0.025 / max(rows, 1)))
        found = []
        if self.has_interval:
            error = bound * np.sqrt(0.92 * 0.08 / (self.samples * self.told[JUDGED]))
            if self.covered[JUDGED] < 0.92 - error or self.covered[JUDGED] > 0.97 + error:
                found.append("coverage")
        if self.impossible:
            found.append("impossible values")
        if abs(self.bias) > 0.02 + bound * self.noise:
            found.append("bias")
        return found


class Sampler:
    """Draws samples of populations and computes figures of them.

    Parameters
    ----------
    known : Populations
        The populations.
    samples : int
        How many samples are drawn for each number of replicates.
    """

    def __init__(self, known: Populations, samples: int) -> None:
        self.known, self.samples = known, samples
        self._sums_by_place: dict[tuple[bytes, str], Sums] = {}
        self._groups: dict[tuple[str, str], NDArray[np.int64]] = {}

    def rows(self) -> Iterator[Row]:
        """A row for each measure and arm, effect and ratio between groups."""
        for measure in CATALOGUE:
            kinds = ("between",) if measure.is_between() else (*ARMS, "effect")
            for kind in kinds:
                row = self._row(measure.name, kind, measure)
                if row is not None:
                    yield row
        for burden in BURDENS:
            for group in DEFAULT_GROUPS:
                row = self._row(f"{burden.name}: {group}", "group ratio", (burden, group))
                if row is not None:
                    yield row

    def _row(self, figure: str, kind: str, asked: object) -> Row | None:
        """The row of a figure; None where it has no value in these populations, or the same in all."""
        everyone = np.arange(len(self.known.totals))[:, None]
        whole = self._intervals(asked, kind, everyone)
        truth, scale = float(whole.mean[0]), _scale(asked, kind)
        if not np.isfinite(truth) or whole.empty[0] or whole.high[0] - whole.low[0] <= 1e-6 * abs(truth):
            return None
        told, covered, impossible, bias, noise = {}, {}, 0, np.nan, np.nan
        for size in SIZES:
            drawn = np.random.default_rng(size).integers(0, len(everyone), (size, self.samples))
            parts = [self._intervals(asked, kind, drawn[:, k : k + CHUNK]) for k in range(0, self.samples, CHUNK)]
            mean, low, high = (
                np.concatenate([getattr(part, name) for part in parts]) for name in ("mean", "low", "high")
            )
            # Where no replicate differs between the arms, runs say “no change” and give no interval.
            has = np.isfinite(low) & (not _refused(asked)) & ~((low == 0.0) & (high == 0.0))
            slack = intervals.ROUNDING * abs(truth)
            low, high = low - slack, high + slack
            told[size] = float(has.mean())
            covered[size] = float(((low <= truth) & (truth <= high))[has].mean()) if has.any() else np.nan
            impossible += int((has & ((low < scale.low - slack) | (high > scale.high + slack))).sum())
            if size == JUDGED:
                level = self._size(asked, kind, truth, everyone)
                off = (mean[np.isfinite(mean)] - truth) / level
                bias, noise = float(off.mean()), float(off.std() / np.sqrt(len(off)))
        return Row(figure, kind, scale, told, covered, truth, bias, noise, impossible, self.samples)

    def _size(self, asked: object, kind: str, truth: float, everyone: NDArray[np.int64]) -> float:
        """What a bias is compared with: the figure, or for an effect the larger of both levels."""
        if kind != "effect":
            return abs(truth)
        return max(abs(float(self._intervals(asked, arm, everyone).mean[0])) for arm in ARMS)

    def _intervals(self, asked: object, kind: str, drawn: NDArray[np.int64]) -> Intervals:
        """Intervals of samples (replicates, samples)."""
        if isinstance(asked, tuple):
            burden, group = asked

            def totals(arm: str, members: str) -> Sums:
                return self._sums(drawn, arm, members)

            return intervals.level(ratio_figures(burden, totals, group), burden.scale, burden.kurtosis)
        measure: type[Measure] = asked  # type: ignore[assignment]
        if measure.is_averaged():
            values = self._single(measure)[drawn]
            both = np.isfinite(values).all(axis=-1)
            if kind == "effect":
                values = np.where(both[..., None], values, np.nan)
            figures = {arm: intervals.mean_resamples(values[..., k]) for k, arm in enumerate(ARMS)}
            ceilings = (np.array(np.nan), np.array(np.nan))
        else:
            sums = {arm: self._sums(drawn, arm, EVERYBODY) for arm in ARMS}
            if measure.is_between():
                pairs = self.known.pairs[drawn].sum(axis=2)
                found = measure.between(
                    sums[ARMS[0]], sums[ARMS[1]], Sums(intervals.resamples(pairs), self.known.paired)
                )
                return intervals.level(intervals.of_measure(measure, found), measure.scale, measure.kurtosis)
            figures = {arm: intervals.of_measure(measure, measure.value(one)) for arm, one in sums.items()}
            ceilings = (measure.ceiling(sums[ARMS[0]])[0], measure.ceiling(sums[ARMS[1]])[0])
        if kind in ARMS:
            return intervals.level(figures[kind], measure.scale, measure.kurtosis)
        return intervals.difference(figures[ARMS[0]], figures[ARMS[1]], ceilings, measure.scale, measure.kurtosis)

    def _sums(self, drawn: NDArray[np.int64], arm: str, group: str) -> Sums:
        """Sums of an arm and group for each resample and sample."""
        if group != EVERYBODY:
            return Sums(intervals.resamples(self._by_group(arm, group)[drawn]), self.known.sums)
        place = (drawn.tobytes(), arm)
        if place not in self._sums_by_place:
            resamples = intervals.resamples(self._by_group(arm, group)[drawn])
            self._sums_by_place[place] = Sums(resamples, self.known.sums, partial(self._sums, drawn, arm))
        return self._sums_by_place[place]

    def _by_group(self, arm: str, group: str) -> NDArray[np.int64]:
        if (arm, group) not in self._groups:
            self._groups[arm, group] = self.known.totals[:, ARMS.index(arm), cells_of(group, DEFAULT_GROUPS)].sum(
                axis=1
            )
        return self._groups[arm, group]

    def _single(self, measure: type[Measure]) -> NDArray[np.float64]:
        """Values of a measure that a population has as a whole (populations, arms)."""
        if measure.name in self.known.single:
            return self.known.single[measure.name]
        return np.stack([measure.value(Sums(self._by_group(arm, EVERYBODY), self.known.sums)) for arm in ARMS], axis=-1)


def _scale(asked: object, kind: str) -> Scale:
    scale: Scale = asked[0].scale if isinstance(asked, tuple) else asked.scale  # type: ignore[attr-defined]
    return scale.difference if kind == "effect" else scale


def _refused(asked: object) -> bool:
    return bool(getattr(asked, "no_interval", ""))


def main() -> None:
    """Measures coverage, prints the table, and ends with 1 if a figure fails."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--populations", type=int, default=1000)
    parser.add_argument("--intervals", type=int, default=2000)
    parser.add_argument("--fitting", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.fitting and given.write:
        parser.error("--write takes the table of populations that were not used for fitting. Leave out --fitting.")
    known = populations(given.folder, given.populations, 0 if given.fitting else FITTING)
    rows = []
    for row in Sampler(known, given.intervals).rows():
        rows.append(row)
        shares = "  ".join(f"{size}: {row.covered[size]:6.1%} of {row.told[size]:4.0%}" for size in SIZES)
        print(f"{row.figure:28} {row.kind:10} {row.truth:10.4g}  bias {row.bias:+6.1%}  {shares}", flush=True)
    faults = {(row.figure, row.kind): row.faults(len(rows)) for row in rows}
    print(page(rows, faults, known))
    if given.write:
        (Path(__file__).parents[1] / "docs" / "coverage.md").write_text(page(rows, faults, known), encoding="utf-8")
    sys.exit(any(faults.values()))


if __name__ == "__main__":
    main()
