"""Which settings an outcome answers to: indices of each factor of a design, with what noise alone would show beside.

- `sobol`: the share of the outcome's variance that a factor explains alone (first) and with all its interplay (total);
- `morris`: how far a step of a factor moves the outcome (mu*), and how unevenly (sigma), to screen many factors;
- `delta` and `pawn`: how far the outcome's distribution shifts when a factor is known, from any sample.

Outputs are (points, replicates), the points in the design's order; indices are of the mean over replicates. An output
that is not a finite number stops the analysis, since one alone would silently make every index zero, and so does a
constant one. Every index has a 95 % interval: 1.96 bootstrap standard deviations to either side, with base rows,
trajectories or points drawn again. Monte Carlo noise moves outcomes too: `noise` is its share of the variance, an index's `floor`
is what a factor without any effect would show. What does not stand above its floor is told as no effect.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.results.estimate import Estimate
from glasshouse.results.table import Table
from glasshouse.rng import derive
from glasshouse.study.design import Design, Factor, Kind, salib

Method = Literal["sobol", "morris", "delta", "pawn"]

RESAMPLES = 200
"""Draws of the bootstrap: the standard deviation is then known to 5 %."""
DUMMIES = 16
"""Columns that no run knew, whose mean index is the floor of delta and PAWN."""
SLICES = 10
"""Parts of a factor's range that PAWN compares, fewer where a part would have fewer than ten points."""
MIN_POINTS = 40
"""Points that delta and PAWN need."""
Z = 1.959963984540054
"""Standard deviations to either side of a 95 % interval."""


@dataclass(frozen=True)
class Index:
    """One index of one factor: its estimate with 95 % interval, and the `floor` that it must stand above.

    The floor is what a factor without effect would show; 0 where nothing but an effect shows, or where a single
    replicate cannot show the noise.
    """

    name: str
    factor: Factor
    estimate: Estimate
    floor: float

    @property
    def distinct(self) -> bool:
        """Whether the whole interval stands above the floor."""
        return self.estimate.low > self.floor

    def __str__(self) -> str:
        if self.distinct:
            return f"{self.name} {self.estimate}"
        noise = f", where noise alone shows {self.floor:.2g}" if self.floor > 0.0 else ""
        return f"{self.name} not distinguishable from none: {self.estimate}{noise}"


@dataclass(frozen=True)
class Sensitivity:
    """What an analysis found: the indices factor by factor, and how much of the variance is Monte Carlo noise.

    `noise` is the share of the outputs' variance between replicates of a point (`noise`), NaN with one replicate.
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

    def of(self, name: str) -> tuple[Index, ...]:
        """The index of each factor by the index's name (`total`)."""
        return tuple(index for index in self.indices if index.name == name)

    def said(self) -> tuple[str, ...]:
        """In words: a sentence for each factor and one on Monte Carlo noise."""
        factors = tuple(
            f"{factor.key}: {'; '.join(str(index) for index in self.indices if index.factor == factor)}."
            for factor in self.factors
        )
        if np.isnan(self.noise):
            return (*factors, "Each point was run once, so that Monte Carlo noise cannot be told from effects.")
        share = f"{100 * self.noise:.0f} %" if self.noise > 0.095 else f"{100 * self.noise:.2g} %"
        return (*factors, f"{share} of the variance over all runs is Monte Carlo noise, not settings.")

    def as_table(self) -> Table:
        """Tabulate the indices.

        Returns
        -------
        Table
            A row for each factor and index: factor, index, value, low, high, floor, distinct, noise.
        """
        return Table(
            self.method,
            {
                "factor": np.array([index.factor.key for index in self.indices]),
                "index": np.array([index.name for index in self.indices]),
                "value": np.array([index.estimate.mean for index in self.indices]),
                "low": np.array([index.estimate.low for index in self.indices]),
                "high": np.array([index.estimate.high for index in self.indices]),
                "floor": np.array([index.floor for index in self.indices]),
                "distinct": np.array([index.distinct for index in self.indices]),
                "noise": np.full(len(self.indices), self.noise),
            },
        )


def sobol(design: Design, outputs: FloatArray) -> Sensitivity:
    """Compute first-order and total indices of a Saltelli design (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018).

    Monte Carlo noise adds to a total index: its floor is the share of noise in the variance of means. Raises AnalysisError
    for another design, for outputs of another shape, not finite or constant, and if SALib is missing.

    Parameters
    ----------
    design : Design
        A Saltelli design.
    outputs : array of float, shape (points, replicates)
        The outcome in each run, the points in the order of the design.

    Returns
    -------
    Sensitivity
        The indices `first` and `total` of each factor.
    """
    means = _means(design, outputs, ("saltelli",), "Sobol indices", "Analyse this one with delta or PAWN.")
    names = [factor.key for factor in design.factors]
    found = salib("analyze.sobol").analyze(
        {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)},
        means,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        seed=derive(design.seed, "sobol bootstrap"),
    )
    share = _noise_variance(outputs) / float(means.var())
    bars = [(found["S1"], found["S1_conf"], 0.0), (found["ST"], found["ST_conf"], share)]
    return _sensitivity("sobol", design, outputs, ("first", "total"), bars)


def morris(design: Design, outputs: FloatArray) -> Sensitivity:
    """Mean size (mu*) and standard deviation (sigma) of elementary effects over trajectories (Campolongo et al. 2007).

    An effect is the outcome's change for a step of delta = p / (2 (p - 1)) of the factor's range on p levels, over
    delta; its unit is the outcome's. The floors are what normal noise alone would show. Raises AnalysisError for another
    design and for outputs of another shape, not finite or constant.
    """
    means = _means(design, outputs, ("morris",), "Elementary effects", "Analyse this one with delta or PAWN.")
    step = design.levels / (2.0 * (design.levels - 1))
    effects = _effects(design, means) / step
    again = effects[_again(design, len(effects))]
    spread = np.sqrt(2.0 * _noise_variance(outputs)) / step
    bars = [
        (np.abs(effects).mean(axis=0), Z * np.abs(again).mean(axis=1).std(axis=0, ddof=1), spread * np.sqrt(2 / np.pi)),
        (effects.std(axis=0, ddof=1), Z * again.std(axis=1, ddof=1).std(axis=0, ddof=1), spread),
    ]
    return _sensitivity("morris", design, outputs, ("mu*", "sigma"), bars)


def delta(design: Design, outputs: FloatArray) -> Sensitivity:
    """Borgonovo's delta: half the area between the outcome's density and that with the factor known, in the mean.

    Estimated from given data with the bias reduced by the bootstrap (Plischke, Borgonovo and Smith 2013,
    doi:10.1016/j.ejor.2012.11.047, equations 26 and 30). Raises AnalysisError for a design that is no sample, for fewer
    than 40 points, and for outputs of another shape, not finite or constant.
    """
    means = _sample(design, outputs, "Delta")
    grid = np.linspace(means.min(), means.max(), 100)
    classes = min(int(np.ceil(len(means) ** (2.0 / (7.0 + np.tanh((1500.0 - len(means)) / 500.0))))), 48)
    return _from_sample("delta", design, outputs, "delta", lambda x, y: _area(x, y, grid, classes), reduced=True)


def pawn(design: Design, outputs: FloatArray) -> Sensitivity:
    """PAWN: the greatest distance between the outcome's distribution and that in a slice of the factor; median of slices.

    The distance is Kolmogorov's and Smirnov's (Pianosi and Wagener 2018, doi:10.1016/j.envsoft.2018.07.019). Raises
    AnalysisError for a design that is no sample, for fewer than 40 points, and for outputs of another shape, not finite
    or constant.
    """
    slices = min(SLICES, len(_sample(design, outputs, "PAWN")) // 10)
    return _from_sample("pawn", design, outputs, "PAWN", lambda x, y: _distance(x, y, slices), reduced=False)


def noise(outputs: FloatArray) -> float:
    """The share of noise in the variance of outputs (points, replicates), by one-way analysis of variance; NaN if unknown.

    The variance within points, over it and the variance between points (Searle, Casella and McCulloch 1992, section 3.5).
    """
    points, replicates = outputs.shape
    if replicates < 2 or points < 2:
        return float("nan")
    within = float(outputs.var(axis=1, ddof=1).mean())
    between = max(float(outputs.mean(axis=1).var(ddof=1)) - within / replicates, 0.0)
    return within / (within + between) if within + between > 0.0 else 0.0


def screened(results: Sequence[Sensitivity], keep: int) -> tuple[Factor, ...]:
    """The `keep` factors that matter most by Morris screenings of one design, in its order: what is left for others.

    A factor counts by its largest share, over the results, of the greatest mu* in that result: so one that moves a
    single outcome much stays. Raises AnalysisError for another analysis and for more or fewer factors than there are.
    """
    for result in results:
        if result.method != "morris":
            raise AnalysisError(
                f"Factors are screened by elementary effects, not by {result.method}. Analyse with morris."
            )
    factors = results[0].factors
    if not 1 <= keep <= len(factors):
        raise AnalysisError(f"{keep} factors cannot be kept of {len(factors)}. Keep 1 to {len(factors)}.")
    sizes = np.array([[index.estimate.mean for index in result.of("mu*")] for result in results])
    ranked = np.argsort(-(sizes / sizes.max(axis=1, keepdims=True)).max(axis=0), kind="stable")
    return tuple(factors[place] for place in sorted(ranked[:keep]))


def _sensitivity(
    method: Method,
    design: Design,
    outputs: FloatArray,
    names: tuple[str, ...],
    bars: list[tuple[FloatArray, FloatArray, float]],
) -> Sensitivity:
    """The result from, for each name of an index, the values and half intervals (factors) and the floor."""
    replicates = outputs.shape[1]
    indices = tuple(
        Index(name, factor, Estimate(value, value - half, value + half, replicates), float(floor))
        for place, factor in enumerate(design.factors)
        for name, (values, halves, floor) in zip(names, bars, strict=True)
        for value, half in [(float(values[place]), float(halves[place]))]
    )
    return Sensitivity(method, indices, noise(outputs), len(outputs), replicates)


def _means(design: Design, outputs: FloatArray, kinds: tuple[Kind, ...], what: str, otherwise: str) -> FloatArray:
    """The mean over replicates (points); AnalysisError for what cannot be analysed."""
    if design.kind not in kinds:
        wanted = f"a {' or '.join(kinds)} design"
        raise AnalysisError(
            f"{what} need{'' if what.endswith('s') else 's'} {wanted}; this is {design.kind}. {otherwise}"
        )
    if outputs.ndim != 2 or len(outputs) != len(design.points) or outputs.shape[1] < 1:
        raise AnalysisError(
            f"The outputs have the shape {outputs.shape}, where the design has {len(design.points)} points. Give them "
            "as (points, replicates), in the design's order."
        )
    bad = np.argwhere(~np.isfinite(outputs))
    if len(bad):
        named = ", ".join(f"point {point} (replicate {replicate})" for point, replicate in bad[:5])
        more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
        raise AnalysisError(
            f"The output is no finite number in {len(bad)} of {outputs.size} runs: {named}{more}. Every index would be "
            "wrong. Run them again, or take an outcome that is defined at every point."
        )
    means: FloatArray = outputs.astype(np.float64).mean(axis=1)
    if np.ptp(means) <= 1e-12 * np.abs(means).max():
        raise AnalysisError(
            f"The output is {means[0]:.6g} at every point: nothing that is varied moves it, and no index of it is defined."
        )
    return means


def _sample(design: Design, outputs: FloatArray, what: str) -> FloatArray:
    """The mean over replicates of a design that is a sample of the factors' ranges."""
    kinds: tuple[Kind, ...] = ("latin-hypercube", "sobol", "saltelli", "grid", "morris")
    means = _means(design, outputs, kinds, what, "Its points do not fill the factors' ranges.")
    if len(means) < MIN_POINTS:
        raise AnalysisError(
            f"{what} needs {MIN_POINTS} points or more; the design has {len(means)}. Take a larger one."
        )
    return means


def _noise_variance(outputs: FloatArray) -> float:
    """The variance that Monte Carlo noise gives the mean of a point; 0 with one replicate, which cannot tell.

    Noise that all points share in a replicate moves no point against another and is left out (two-way residuals).
    """
    points, replicates = outputs.shape
    if replicates < 2:
        return 0.0
    left = outputs - outputs.mean(axis=1, keepdims=True) - outputs.mean(axis=0) + outputs.mean()
    return float((left**2).sum() / ((points - 1) * (replicates - 1)) / replicates)


def _effects(design: Design, means: FloatArray) -> FloatArray:
    """Differences (trajectories, factors) for a step upwards of the one factor that each step of a trajectory moves."""
    count = len(design.factors)
    moved = np.sign(np.diff(design.points.reshape(-1, count + 1, count), axis=1))
    effects: FloatArray = np.einsum("tsf,ts->tf", moved, np.diff(means.reshape(-1, count + 1), axis=1))
    return effects


def _again(design: Design, count: int) -> NDArray[np.int64]:
    """Which of `count` are drawn in each resample of the bootstrap (RESAMPLES, count)."""
    from scipy.stats import randint

    seed = derive(design.seed, "bootstrap") % 2**32
    return np.asarray(randint.rvs(0, count, size=(RESAMPLES, count), random_state=seed), dtype=np.int64)


def _from_sample(
    method: Method,
    design: Design,
    outputs: FloatArray,
    name: str,
    index: Callable[[FloatArray, FloatArray], float],
    *,
    reduced: bool,
) -> Sensitivity:
    """An index of each factor from its column and the outcome; `reduced` takes the bootstrap's bias from it.

    The floor is the index, in the mean, of columns that no run knew (dummies; Zadeh et al. 2017,
    doi:10.1016/j.envsoft.2017.02.001).
    """
    again = _again(design, len(outputs))
    found = [_column(index, x, outputs.mean(axis=1), again, reduced=reduced) for x in design.points.T]
    values, halves = (np.array(part) for part in zip(*found, strict=True))
    dummies = [_column(index, x, outputs.mean(axis=1), again[:2], reduced=reduced)[0] for x in _dummies(design).T]
    return _sensitivity(method, design, outputs, (name,), [(values, halves, float(np.mean(dummies)))])


def _column(
    index: Callable[[FloatArray, FloatArray], float],
    x: FloatArray,
    y: FloatArray,
    again: NDArray[np.int64],
    *,
    reduced: bool,
) -> tuple[float, float]:
    """The index of one column and half its interval."""
    whole = index(x, y)
    spread = np.array([index(x[drawn], y[drawn]) for drawn in again])
    return 2.0 * whole - float(spread.mean()) if reduced else whole, Z * float(spread.std(ddof=1))


def _dummies(design: Design) -> FloatArray:
    from scipy.stats import qmc

    shares: FloatArray = qmc.LatinHypercube(DUMMIES, rng=derive(design.seed, "dummies")).random(len(design.points))
    return shares


def _classes(x: FloatArray, y: FloatArray, count: int) -> Iterator[FloatArray]:
    """The outcomes in `count` equal classes of a column by rank, or in one for each value of a short list."""
    _, times = np.unique(x, return_counts=True)
    ends = np.cumsum(times) if len(times) <= count else np.linspace(0, len(x), count + 1)[1:].astype(np.int64)
    yield from np.split(y[np.argsort(x, kind="stable")], ends[:-1])


def _area(x: FloatArray, y: FloatArray, grid: FloatArray, classes: int) -> float:
    """Half the mean area between the density of y and that in each class of x."""
    whole = _density(y, grid)
    return sum(
        len(mine) / len(y) * float(np.trapezoid(np.abs(_density(mine, grid) - whole), grid)) / 2.0
        for mine in _classes(x, y, classes)
    )


def _density(y: FloatArray, grid: FloatArray) -> FloatArray:
    """Gaussian kernels of Silverman's width, but not narrower than a step of the grid, at the grid's values.

    As scipy's gaussian_kde, without its matrix algebra, which took ten times as long for one dimension.
    """
    width = max(float(y.std(ddof=1)) * (0.75 * len(y)) ** -0.2, float(grid[1] - grid[0]))
    kernels: FloatArray = np.exp(-0.5 * ((grid[:, None] - y) / width) ** 2)
    density: FloatArray = kernels.sum(axis=1) / (len(y) * width * np.sqrt(2.0 * np.pi))
    return density


def _distance(x: FloatArray, y: FloatArray, slices: int) -> float:
    """The median over slices of x of the greatest distance between the distributions of y in the slice and in all."""
    everyone = np.sort(y)
    whole = np.searchsorted(everyone, everyone, side="right") / len(y)
    parts = (np.searchsorted(np.sort(mine), everyone, side="right") / len(mine) for mine in _classes(x, y, slices))
    return float(np.median([np.abs(part - whole).max() for part in parts]))
