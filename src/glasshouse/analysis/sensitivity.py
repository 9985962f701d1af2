"""Which settings an outcome is sensitive to: indices of each factor of a design, separated from Monte Carlo noise.

- `sobol`: the share of the outcome's variance that a factor explains alone (first) and with all its interactions (total);
- `morris`: how far a step of a factor moves the outcome (mu*), and how unevenly (sigma), to screen many factors;
- `distribution_indices.delta` and `pawn`: how far the outcome's distribution shifts when a factor is known.

Outputs are (points, replicates), the points in the design's order; indices are of the mean over replicates. An output
that is not a finite number stops the analysis, since one alone would silently make every index zero, and so does a
constant one. Sobol indices and elementary effects have 95 % intervals from bootstrap standard deviations, with base
rows or trajectories drawn again: 1.96 to either side, and for the few trajectories as many more as Student's t asks.
Monte Carlo noise moves outcomes too. `noise` is its share of the variance. Sobol indices are shares of the variance
without it; elementary effects are compared with what noise alone would show. With one replicate the noise is unknown,
and whether a total index or an elementary effect is more than noise is left open.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.sensitivity_indices import Index, Sensitivity
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.results.estimate import Estimate
from glasshouse.rng import derive
from glasshouse.study.design import Design, Kind
from glasshouse.study.factor import Factor

RESAMPLES = 200
"""Draws of the bootstrap: the standard deviation is then known to 5 %."""
Z = 1.959963984540054
"""Standard deviations to either side of a 95 % interval."""


def sobol(design: Design, outputs: FloatArray) -> Sensitivity:
    """Compute first-order and total indices of a Saltelli design (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018).

    Monte Carlo noise adds its variance to that of the means and to every total index. Both indices are therefore shares of
    the variance less the noise, and the noise is taken from the total index (the estimators b and f of table 2 there). With
    one replicate the noise is unknown and stays in.

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

    Raises
    ------
    AnalysisError
        For another design, for outputs of another shape, not finite or constant, and where the points differ no more
        than noise makes them.
    """
    means = checked_means(design, outputs, ("saltelli",), "Sobol indices", "Analyse this one with delta or PAWN.")
    rows = (means - means.mean()).reshape(-1, len(design.factors) + 2)
    variances = _noise_of_points(outputs).reshape(rows.shape)
    found = _sobol(rows, variances)
    if not np.isfinite(found).all():
        raise AnalysisError(
            "The points of the design differ no more than Monte Carlo noise makes them: no share of the variance can be "
            "told. Run more replicates or larger populations."
        )
    with np.errstate(invalid="ignore"):
        again = np.array([_sobol(rows[drawn], variances[drawn]) for drawn in resampled(design, len(rows))])
    halves = Z * np.nanstd(again, axis=0, ddof=1)
    known = (True, outputs.shape[1] > 1)
    indices = []
    for place, factor in enumerate(design.factors):
        for kind, name in enumerate(("first", "total")):
            value, half = float(found[kind, place]), float(halves[kind, place])
            estimate = Estimate(value, value - half, value + half, outputs.shape[1])
            floor = 0.0 if known[kind] else float("nan")
            indices.append(Index(name, factor, estimate, floor, value - half > 0.0 if known[kind] else None))
    return Sensitivity("sobol", tuple(indices), noise(outputs), *outputs.shape)


def _sobol(rows: FloatArray, variances: FloatArray) -> FloatArray:
    """First and total indices (2, factors) of rows (A, A with a column of B for each factor, B) and their noise."""
    a, swapped, b = rows[:, :1], rows[:, 1:-1], rows[:, -1:]
    ends = rows[:, [0, -1]]
    variance = float(ends.var()) - float(variances[:, [0, -1]].mean())
    if variance <= 0.0:
        return np.full((2, swapped.shape[1]), np.nan)
    first = (b * (swapped - a)).mean(axis=0)
    total = 0.5 * (np.square(a - swapped) - variances[:, :1] - variances[:, 1:-1]).mean(axis=0)
    return np.stack([first, total]) / variance


def morris(design: Design, outputs: FloatArray) -> Sensitivity:
    """Compute mean size (mu*) and standard deviation (sigma) of elementary effects (Campolongo et al. 2007).

    An effect is the outcome's change over the step of the setting that caused it, as a share of the factor's range; its
    unit is the outcome's. A step is that of the setting as it is run: of a whole number after rounding, of listed values
    in places of the list (doi:10.1016/j.envsoft.2006.10.004, with steps of their real length). The floors are what normal
    noise alone would show.

    Parameters
    ----------
    design : Design
        A Morris design.
    outputs : array of float, shape (points, replicates)
        The outcome in each run, the points in the order of the design.

    Returns
    -------
    Sensitivity
        The indices `mu*` and `sigma` of each factor.

    Raises
    ------
    AnalysisError
        For another design and for outputs of another shape, not finite or constant.
    """
    means = checked_means(design, outputs, ("morris",), "Elementary effects", "Analyse this one with delta or PAWN.")
    steps, changes = _steps(design, means)
    effects = changes / steps
    again = effects[resampled(design, len(effects))]
    by_chance = np.sqrt(2.0 * _noise_of_points(outputs).mean()) / np.abs(steps)
    several = outputs.shape[1] > 1
    kinds = {
        "mu*": (np.abs(effects).mean(axis=0), np.abs(again).mean(axis=1), np.sqrt(2 / np.pi) * by_chance.mean(axis=0)),
        "sigma": (effects.std(axis=0, ddof=1), again.std(axis=1, ddof=1), np.sqrt(np.square(by_chance).mean(axis=0))),
    }
    wide = _few(len(effects))
    indices = []
    for place, factor in enumerate(design.factors):
        for name, (values, resamples, floors) in kinds.items():
            value, half = float(values[place]), wide * float(resamples[:, place].std(ddof=1))
            floor = float(floors[place]) if several else float("nan")
            estimate = Estimate(value, max(value - half, 0.0), value + half, outputs.shape[1])
            indices.append(Index(name, factor, estimate, floor, value - half > floor if several else None))
    return Sensitivity("morris", tuple(indices), noise(outputs), *outputs.shape)


def _few(trajectories: int) -> float:
    """Bootstrap standard deviations to either side of a 95 % interval from few trajectories: Student's t, without the bias."""
    from scipy.special import stdtrit

    return float(stdtrit(trajectories - 1, 0.975) * np.sqrt(trajectories / (trajectories - 1)))


def _steps(design: Design, means: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Steps in shares of the range, and the outcome's changes with them (trajectories, factors).

    Each step of a trajectory moves one factor.
    """
    count = len(design.factors)
    shares = np.column_stack([_shares(factor, x) for factor, x in zip(design.factors, design.points.T, strict=True)])
    moved = np.diff(shares.reshape(-1, count + 1, count), axis=1)
    changes = np.einsum("tsf,ts->tf", moved != 0.0, np.diff(means.reshape(-1, count + 1), axis=1))
    return moved.sum(axis=1), changes


def _shares(factor: Factor, points: FloatArray) -> FloatArray:
    """Where in its range a factor is set at some points, 0 to 1."""
    if factor.values:
        return points / (len(factor.values) - 1)
    return ((np.round(points) if factor.whole else points) - factor.low) / (factor.high - factor.low)


def noise(outputs: FloatArray) -> float:
    """Compute the share of Monte Carlo noise in the variance of outputs, by one-way analysis of variance.

    The variance within points, over it and the variance between points (Searle, Casella and McCulloch 1992, section 3.5).

    Parameters
    ----------
    outputs : array of float, shape (points, replicates)
        The outcome in each run.

    Returns
    -------
    float
        The share, 0 to 1; NaN for fewer than two points or replicates.
    """
    points, replicates = outputs.shape
    if replicates < 2 or points < 2:
        return float("nan")
    within = float(outputs.var(axis=1, ddof=1).mean())
    between = max(float(outputs.mean(axis=1).var(ddof=1)) - within / replicates, 0.0)
    return within / (within + between) if within + between > 0.0 else 0.0


def screened(results: Sequence[Sensitivity], keep: int) -> tuple[Factor, ...]:
    """Select the factors that matter most by Morris screenings of one design.

    A factor counts by its largest share, over the results, of the greatest mu* in that result: so one that moves a
    single outcome much stays.

    Parameters
    ----------
    results : sequence of Sensitivity
        Elementary effects of some outcomes.
    keep : int
        Number of factors to select.

    Returns
    -------
    tuple of Factor
        The factors, in the order of the design.

    Raises
    ------
    AnalysisError
        For another analysis and for more or fewer factors than there are.
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


def checked_means(
    design: Design, outputs: FloatArray, kinds: tuple[Kind, ...], what: str, otherwise: str
) -> FloatArray:
    """Average outputs over replicates, once it is clear that they can be analysed.

    Parameters
    ----------
    design : Design
        The design of the study.
    outputs : array of float, shape (points, replicates)
        The outcome in each run.
    kinds : tuple of str
        Kinds of design that the analysis reads.
    what : str
        The analysis, for messages.
    otherwise : str
        What to do with another design, for messages.

    Returns
    -------
    array of float, shape (points,)
        The means.

    Raises
    ------
    AnalysisError
        For another design and for outputs of another shape, not finite or constant.
    """
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


def resampled(design: Design, count: int) -> NDArray[np.int64]:
    """Draw which parts of a design are in each resample of the bootstrap.

    Parameters
    ----------
    design : Design
        The design, whose random seed decides.
    count : int
        Number of rows, trajectories or points that are drawn from.

    Returns
    -------
    array of int64, shape (RESAMPLES, count)
        Numbers from 0 to count - 1.
    """
    from scipy.stats import randint

    seed = derive(design.seed, "bootstrap") % 2**32
    return np.asarray(randint.rvs(0, count, size=(RESAMPLES, count), random_state=seed), dtype=np.int64)


def _noise_of_points(outputs: FloatArray) -> FloatArray:
    """An unbiased estimate of the variance that noise gives the mean of each point; 0 with one replicate.

    Noise that all points share in a replicate moves no point against another and is left out (two-way residuals).
    """
    points, replicates = outputs.shape
    if replicates < 2:
        return np.zeros(points)
    left = outputs - outputs.mean(axis=1, keepdims=True) - outputs.mean(axis=0) + outputs.mean()
    return np.asarray(np.square(left).sum(axis=1) * points / ((points - 1) * (replicates - 1) * replicates))
