"""The best fit to published aggregates: parameters at which the model comes nearest, found one batch of runs after another.

Optuna's tree-structured Parzen estimator (Bergstra et al. 2011) proposes points; the runs there go through the study database,
as those of any study, and their distances tell it where to look next. Nothing of the search is stored but the runs: who
goes on with it asks the same questions again, in the same order, finds the answers that are there, and runs the rest.
The objective is the distance to published figures and cannot be another one.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.calibration.targets import Targets
from glasshouse.errors import AnalysisError, StoringError, install_command
from glasshouse.model.measure import FloatArray
from glasshouse.results.provenance import code_digest
from glasshouse.rng import derive
from glasshouse.study import design as designs
from glasshouse.study.definition import Study
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor
from glasshouse.study.findings import Findings, collect
from glasshouse.study.store.schema import Definition, Point, Run
from glasshouse.study.store.schema import Study as Stored
from glasshouse.study.store.study_database import StudyDatabase

Work = Callable[[StudyDatabase, str], None]
"""Works on the study of a name until no run of it is left."""

BATCH = 8
"""Points proposed at a time, so that as many workers have something to do. It does not follow the number of workers:
points would then depend on it."""


@dataclass(frozen=True)
class Fit:
    """The points of a search in their order, how far each is from the published figures, and the nearest.

    `distances` (points) are root mean squares over the errors of the fitted targets, in standard errors of what was published:
    at 1 the model is as near as the published figures are certain. NaN where a run failed or a figure is undefined.
    """

    factors: tuple[Factor, ...]
    points: FloatArray
    distances: FloatArray
    findings: Findings

    @property
    def best(self) -> int:
        """The number of the nearest point; AnalysisError if no point has a distance."""
        if not np.isfinite(self.distances).any():
            raise AnalysisError(
                "No point of the search has figures to compare: see what failed in `glasshouse study status`."
            )
        return int(np.nanargmin(self.distances))

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the nearest point, as scenario.override takes them."""
        return designs.settings_of(self.factors, self.points[self.best])


def distances(targets: Targets, figures: FloatArray) -> FloatArray:
    """Compute how far points are from the published figures.

    Figures whose targets share a relative error are too high or too low by the same number of standard errors. That is one
    error, so that the mean of their differences counts once and not once a figure. How their differences vary about this
    mean counts in full: how much better the relation of the figures is known than each of them, no target says.

    Parameters
    ----------
    targets : Targets
        The published figures with their standard errors; those held out do not count.
    figures : array of float, shape (points, targets)
        The simulated figures of each point, one column for every target.

    Returns
    -------
    array of float, shape (points,)
        Root mean square difference over the errors of the fitted targets, in standard errors; NaN where a figure of a fitted
        target is.
    """
    together: dict[str, list[int]] = {}
    for place, target in enumerate(targets.every):
        if target.fitted:
            together.setdefault(f"shared {target.shared}" if target.shared else f"own {place}", []).append(place)
    squares = []
    for places in together.values():
        published, errors = (
            np.array([getattr(targets.every[place], name) for place in places]) for name in ("figure", "error")
        )
        apart = (figures[:, places] - published) / errors
        common = apart.mean(axis=1)
        squares.append(np.square(common) + np.square(apart - common[:, None]).sum(axis=1))
    return np.asarray(np.sqrt(np.mean(squares, axis=0)), dtype=np.float64)


def search(database: StudyDatabase, made: Study, targets: Targets, runs: int, folder: Path, work: Work) -> Fit:
    """Search for the best fit with about the given number of runs.

    A search that was interrupted continues where it stopped.

    Parameters
    ----------
    database : StudyDatabase
        The study database that the runs are entered in.
    made : Study
        Gives name, scenario, factors, replicates and random seed; the points of its design are not run.
    targets : Targets
        The published figures.
    runs : int
        Runs to make, replicates included. The last points are run in full, so that there may be a few more.
    folder : Path
        The folder of the study's shards.
    work : Work
        Works on the study of a name until no run of it is left.

    Returns
    -------
    Fit
        The points in their order, with their distances and findings.

    Raises
    ------
    AnalysisError
        If Optuna is not installed.
    StoringError
        If the study of that name in the study database is another search.
    """
    optuna = _optuna()
    factors, replicates = made.design.factors, made.replicates
    record = _enter(database, made, targets, optuna.__version__)
    asked = optuna.create_study(
        sampler=optuna.samplers.TPESampler(
            seed=derive(made.seed, "search") % 2**32, multivariate=True, n_startup_trials=max(2 * len(factors), 10)
        )
    )
    ranges = {factor.key: _range(optuna, factor) for factor in factors}
    points: list[list[float]] = []
    while len(points) * replicates < runs:
        size = min(BATCH, -(-(runs - len(points) * replicates) // replicates))
        trials = [asked.ask(ranges) for _ in range(size)]
        fresh = [[float(trial.params[factor.key]) for factor in factors] for trial in trials]
        _extend(database, record, made, fresh, len(points))
        points += fresh
        work(database, made.name)
        found = collect(database, made.name, folder)
        near = distances(targets, targets.simulated(found.outputs)[: len(points)])[-size:]
        for trial, distance in zip(trials, near, strict=True):
            known = bool(np.isfinite(distance))
            asked.tell(trial, float(distance) if known else None, None if known else optuna.trial.TrialState.FAIL)
    every = np.array(points)
    figures = targets.simulated(found.outputs)[: len(every)]
    return Fit(factors, every, distances(targets, figures), found)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise AnalysisError(
            f"A best fit needs Optuna, which is not installed. Install it: {install_command('analysis')}"
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _range(optuna: Any, factor: Factor) -> Any:
    if factor.values:
        return optuna.distributions.CategoricalDistribution(tuple(range(len(factor.values))))
    if factor.whole:
        return optuna.distributions.IntDistribution(int(factor.low), int(factor.high))
    return optuna.distributions.FloatDistribution(factor.low, factor.high)


def _enter(database: StudyDatabase, made: Study, targets: Targets, version: str) -> Stored:
    """Enters the search, without a point as yet; its points depend on targets and on Optuna's version."""
    none = Design("search", made.design.factors, np.empty((0, len(made.design.factors))), made.seed)
    bare = replace(made, design=none)
    figures = [[target.name, target.figure, target.error] for target in targets.fitted]
    text = json.dumps(
        {**json.loads(bare.definition), "search": {"optuna": version, "targets": figures}}, sort_keys=True
    )
    named = Definition(made.name, _digest(text), text, code_digest(made.scenario.brought_plugins))
    try:
        return database.create(named, (), ())
    except StoringError as error:
        raise StoringError(
            f"{error} A search is another one if its targets, scenario or factors, or the version of Optuna changed."
        ) from None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _extend(database: StudyDatabase, record: Stored, made: Study, fresh: Sequence[Sequence[float]], begun: int) -> None:
    """Adds a batch of points with their runs."""
    added, runs = [], []
    for number, point in enumerate(fresh, begun):
        added.append(Point(number, designs.settings_of(made.design.factors, np.array(point))))
        runs += [
            Run(number * made.replicates + replicate, number, replicate, made.replicate_seed(number, replicate))
            for replicate in range(made.replicates)
        ]
    database.extend(record, added, runs)
