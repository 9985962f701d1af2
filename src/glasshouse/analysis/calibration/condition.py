"""What follows from a few disclosed counts: the settings that remain plausible, and the harms that go with them.

Every finished run of a study is a society with settings of its own, its counts and its harms. The runs whose counts come
nearest to the disclosed ones are kept, and their settings and harms are moved along a regression to where they would be at
the disclosed counts. So an interval of a harm has in it what is uncertain about the settings, about the counts, and about
one society of the simulated size. No run is made for it: the answer takes seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.calibration.abc import Sample, bound, free, observed, within
from glasshouse.analysis.calibration.calibration import SAMPLES, of_targets
from glasshouse.analysis.calibration.conditioned import Conditioned, Outcome, Quantiles, Setting
from glasshouse.analysis.calibration.reach import refusal
from glasshouse.analysis.calibration.regression import Accepted, accept, adjusted
from glasshouse.analysis.calibration.targets import Targets
from glasshouse.analysis.safeguard_effects import HARMS
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray, Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.plugin import Plugin
from glasshouse.model.scale import Scale
from glasshouse.model.state_measures import is_about_the_state
from glasshouse.rng import derive
from glasshouse.scenario.scenario import Settings
from glasshouse.study.definition import Study
from glasshouse.study.factor import Factor
from glasshouse.study.findings import Findings
from glasshouse.study.point_figures import SHIPPED

LEVELS = (0.05, 0.5, 0.95)
"""Quantiles that are given: the middle, and the ends of a 90 % interval."""
TRIALS = 100
"""Runs that are taken for the truth, one after another."""


@dataclass(frozen=True, eq=False)
class _Columns:
    """Settings and outcomes of every run, on scales without limits."""

    factors: tuple[Factor, ...]
    kinds: tuple[tuple[type[Measure], Literal["regime", "effect"], Scale], ...]
    values: FloatArray
    origins: NDArray[np.int64]

    def moved(self, kept: Accepted) -> FloatArray:
        """Move the values of the accepted runs to the counts; a listed setting is one of a few and is not moved.

        Parameters
        ----------
        kept : Accepted
            The accepted runs.

        Returns
        -------
        ndarray, shape (accepted, columns)
            The values, on scales without limits.
        """
        theirs = self.values[kept.places]
        moved = adjusted(theirs, kept.scaled, kept.weights)
        for place, factor in enumerate(self.factors):
            if factor.values:
                moved[:, place] = theirs[:, place]
        return moved

    def backward(self, values: FloatArray) -> FloatArray:
        """Transform values back to the scales of settings and measures.

        Parameters
        ----------
        values : ndarray, shape (rows, columns)
            Values on scales without limits.

        Returns
        -------
        ndarray, shape (rows, columns)
            The values, within their limits.
        """
        count = len(self.factors)
        parts = [
            np.clip(scale.backward(values[:, count + place]), scale.low, scale.high)
            for place, (_, _, scale) in enumerate(self.kinds)
        ]
        return np.column_stack([bound(self.factors, values[:, :count]), *parts])


def measures_of(names: Sequence[str] = ()) -> tuple[type[Measure], ...]:
    """Find the measures that may follow from counts: those about people, and no other.

    Parameters
    ----------
    names : sequence of str
        Their names; without any, all harms that ship.

    Returns
    -------
    tuple of Measure types
        The measures.

    Raises
    ------
    AnalysisError
        For a name that no measure about people has.
    """
    known = {one.name: one for one in SHIPPED if not is_about_the_state(one)}
    for name in names:
        if name not in known:
            raise AnalysisError(
                f"{name}: what follows from counts is said of people alone, by a shipped measure. A measure of the state, such "
                "as protest or cost, is none."
            )
    optional = [one for one in known.values() if one not in HARMS and one.better == "less"]
    return tuple(known[name] for name in names) or (*HARMS, *optional)


def study_of(
    targets: Targets,
    measures: Sequence[str],
    given: Mapping[str, Any],
    settings: Settings = (),
    plugins: Sequence[Plugin] = (),
) -> Study:
    """The study whose runs are conditioned: all counts and measures recorded, each point with random seeds of its own.

    Parameters
    ----------
    targets : Targets
        What was disclosed.
    measures : sequence of str
        Measures about people that follow; without any, all harms that the scenario has.
    given : mapping of str to object
        Values as a study file has them.
    settings : mapping or sequence of str
        Values over those of the scenario.
    plugins : sequence of Plugin
        Plug-ins that take part.

    Returns
    -------
    Study
        The study, named after the file of targets.

    Raises
    ------
    AnalysisError
        If a measure is about the state, or the targets name no study.
    """
    made = of_targets(targets, given, settings, plugins)
    there = {
        one.name for one in (*CATALOGUE, *(one for plugin in made.scenario.active_plugins for one in plugin.measures))
    }
    wanted = (one.name for one in measures_of(measures) if measures or one.name in there)
    return replace(made, measures=tuple(dict.fromkeys((*made.measures, *wanted))))


def condition(
    targets: Targets, found: Findings, measures: Sequence[str] = (), *, seed: int = 1, share: float = 0.0
) -> Conditioned:
    """Condition the finished runs of a study on disclosed counts.

    Parameters
    ----------
    targets : Targets
        What was disclosed; targets that are held out are not used.
    found : Findings
        The runs, a sample of the ranges.
    measures : sequence of str
        Measures about people that follow; without any, all harms that the study kept.
    seed : int
        Random seed of the drawn counts and of the trials.
    share : float
        Share of the runs to accept, 0 to 1; 0 for one that suits their number.

    Returns
    -------
    Conditioned
        Settings and outcomes with their intervals.

    Raises
    ------
    AnalysisError
        If a measure is about the state or was not kept, if the study is no sample of its ranges, if the counts lie where no
        run has been, or if there are too few runs.
    """
    wanted = measures_of(measures)
    sample, columns, left_out = _read(targets, found, wanted, named=bool(measures))
    figures = observed(sample, seed)
    published, reach = within(sample, figures)
    kept = accept(figures, published, share)
    weights = kept.weights / kept.weights.sum()
    after = _quantiles(columns.backward(columns.moved(kept)), weights)
    before = _quantiles(columns.backward(columns.values), np.full(len(sample), 1.0 / len(sample)))
    ranks, refused = _ranks(sample, columns, figures, seed, share)
    covered = (np.abs(ranks - 0.5) <= 0.45).mean(axis=0) if len(ranks) else np.full(len(before), np.nan)
    count, effective = len(sample.factors), float(1.0 / np.square(weights).sum())
    return Conditioned(
        targets, found.name, len(sample), effective, reach,
        tuple(Setting(one, before[k], after[k], float(covered[k])) for k, one in enumerate(sample.factors)),
        tuple(
            Outcome(measure, arm, before[count + k], after[count + k], float(covered[count + k]))
            for k, (measure, arm, _) in enumerate(columns.kinds)
        ),
        len(ranks), refused, found.definition, left_out,
    )  # fmt: skip


def _read(
    targets: Targets, found: Findings, wanted: Sequence[type[Measure]], *, named: bool
) -> tuple[Sample, _Columns, int]:
    """The runs with all counts: as a sample, and their settings and outcomes."""
    kind = found.definition["design"]["kind"]
    if kind not in SAMPLES:
        raise AnalysisError(
            f"The study {found.name} has a {kind} design, whose points are no sample of what is varied. Take one of "
            f"{', '.join(SAMPLES)}."
        )
    replicates = int(found.definition["replicates"])
    figures = np.stack([one.simulated(found.outputs).ravel() for one in targets.every], axis=1)
    known = np.isfinite(figures[:, [one.fitted for one in targets.every]]).all(axis=1)
    if not known.any():
        raise AnalysisError(
            f"No run of the study {found.name} has all of the counts: run it first, and see what failed."
        )
    origins = np.repeat(np.arange(len(found.design.points)), replicates)[known]
    points = found.design.points[origins]
    kinds, outcomes = [], []
    for measure in wanted:
        for arm, name in (("regime", f"{measure.name}.regime"), ("effect", measure.name)):
            if name in found.figures.columns:
                column = found.outputs(name).ravel()[known]
                if not np.isfinite(column).all() or column.min() == column.max():
                    continue
                scale = measure.scale if arm == "regime" or measure.is_between() else measure.scale.difference
                # A value at a limit has no place on an unbounded scale: it is moved as it is, and never past the limit.
                kinds.append(
                    (measure, arm, scale if scale.inside(column).all() else Scale("identity", scale.low, scale.high))
                )
                outcomes.append(kinds[-1][2].forward(column))
        if named and not any(one is measure for one, _, _ in kinds):
            raise AnalysisError(
                f"{measure.name} is not there in every run of the study {found.name}. It keeps {', '.join(found.measures)}."
            )
    sample = Sample(found.design.factors, targets.every, points, figures[known], int((~known).sum()))
    values = np.column_stack([free(sample.factors, points), *outcomes])
    return sample, _Columns(sample.factors, tuple(kinds), values, origins), int((~known).sum())  # type: ignore[arg-type]


def _quantiles(values: FloatArray, weights: FloatArray) -> list[Quantiles]:
    found = []
    for column in values.T:
        order = np.argsort(column, kind="stable")
        ends = np.cumsum(weights[order])
        low, middle, high = column[order][np.minimum(np.searchsorted(ends, LEVELS), len(ends) - 1)]
        found.append((float(low), float(middle), float(high)))
    return found


def _ranks(sample: Sample, columns: _Columns, figures: FloatArray, seed: int, share: float) -> tuple[FloatArray, int]:
    """Where known truths lie in what the other points say of them (trials, columns), and how many were out of reach."""
    from scipy.stats import qmc

    names = [one.name for one in sample.targets if one.fitted]
    order = np.argsort(qmc.LatinHypercube(1, rng=derive(seed, "trials")).random(len(sample))[:, 0], kind="stable")
    ranks, refused = [], 0
    for trial in order[:TRIALS]:
        rest = np.flatnonzero(columns.origins != columns.origins[trial])
        if refusal(figures[rest], figures[trial], names):
            refused += 1
            continue
        kept = accept(figures[rest], figures[trial], share)
        kept = Accepted(rest[kept.places], kept.weights, kept.scaled)
        apart = columns.moved(kept) - columns.values[trial]
        below = np.where(apart < -1e-12, 1.0, np.where(apart <= 1e-12, 0.5, 0.0))
        ranks.append((kept.weights / kept.weights.sum()) @ below)
    return np.array(ranks).reshape(len(ranks), columns.values.shape[1]), refused
