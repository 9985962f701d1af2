"""Calibration: which parameters go with what was published, and what the model then says of what it was not shown.

A calibration is a study like any other. Its runs are a sample of the priors (`abc`, `sbi`) or a search (`fit`), stored and
resumable, and a study that was run for another purpose serves too if it kept what the targets need. The posterior is saved
as draws that other studies begin from, is run again at some of them, and is held against every target: those fitted and
those held out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from glasshouse.analysis.calibration import abc, npe
from glasshouse.analysis.calibration.abc import Posterior, Recovery, Sample
from glasshouse.analysis.calibration.search import Fit, search
from glasshouse.analysis.calibration.targets import Target, Targets
from glasshouse.engine.progress import OnProgress
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.model.plugin import Plugin
from glasshouse.rng import derive
from glasshouse.scenario.scenario import Settings, loads
from glasshouse.storage import write_atomic
from glasshouse.study import worker
from glasshouse.study.definition import Study
from glasshouse.study.design import Factor
from glasshouse.study.executors import local
from glasshouse.study.executors.executor import StudyJob
from glasshouse.study.findings import Findings, collect
from glasshouse.study.make_study import make_study
from glasshouse.study.prior_samples import Prior, to_toml
from glasshouse.study.store.study_database import StudyDatabase

Method = Literal["abc", "fit", "sbi"]

SAMPLES = ("latin-hypercube", "sobol", "sample")
"""Designs whose points are a sample of what is known before."""
DRAWS = 1000
"""Draws of a posterior that are saved."""
CHECKS = 40
"""Runs at draws of the posterior, for its predictions."""
ENOUGH = 20
"""Runs below which the spread of predictions is hardly known: with twenty it is known to a sixth."""
SURE = 1.6448536269514722
"""Standard deviations to either side of a 90 % interval."""


@dataclass(frozen=True)
class CalibrationRuns:
    """Where runs are kept and who does them: the study database and its address, the folder, worker processes (0: this one)."""

    database: StudyDatabase
    url: str
    folder: Path
    workers: int = 0
    plugins: tuple[Path, ...] = ()
    joined: tuple[Plugin, ...] = ()
    tell: OnProgress | None = field(default=None, compare=False)

    def work(self, database: StudyDatabase, name: str) -> None:
        """Run what waits in a study.

        Parameters
        ----------
        database : StudyDatabase
            The open study database.
        name : str
            Name of the study.
        """
        if self.workers:
            job = StudyJob(database, self.url, name, self.folder, self.workers, self.plugins, self.tell)
            local.run_processes(job)
        else:
            worker.work(database, name, self.folder / name, worker.WorkerOptions(plugins=self.joined))

    def run(self, made: Study) -> Findings:
        """Add a study to the study database if necessary, and run what is left of it.

        Parameters
        ----------
        made : Study
            The study.

        Returns
        -------
        Findings
            What the study found.
        """
        worker.add_study(self.database, made)
        self.work(self.database, made.name)
        return self.found(made.name)

    def found(self, name: str) -> Findings:
        """What a study has found so far.

        Parameters
        ----------
        name : str
            Name of the study.

        Returns
        -------
        Findings
            Its finished runs.
        """
        return collect(self.database, name, self.folder / name)


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
    the `recovery` of known truths (abc alone); with `fit` the `best`. `predicted` (runs, targets) are figures of runs with
    the calibrated parameters and different random seeds, NaN where undefined.
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

    @property
    def held(self) -> tuple[TargetCheck, ...]:
        """Every target against the model."""
        return tuple(self._held(place, target) for place, target in enumerate(self.targets.every))

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

    def _held(self, place: int, target: Target) -> TargetCheck:
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


def calibrate(
    place: CalibrationRuns,
    targets: Targets,
    method: Method = "abc",
    *,
    stored: str | None = None,
    name: str | None = None,
    given: Mapping[str, Any] | None = None,
    settings: Settings = (),
    share: float = 0.0,
    checks: int = CHECKS,
) -> Calibration:
    """Calibrate to targets, and run what is not there yet: a sample (`abc`, `sbi`) or a search (`fit`).

    Parameters
    ----------
    place : CalibrationRuns
        Where runs are kept and how they are done.
    targets : Targets
        The published figures.
    method : {"abc", "fit", "sbi"}
        `abc` and `sbi` give a posterior from runs, `fit` the nearest point of a search.
    stored : str, optional
        A study that was run before and is used as it is; otherwise the targets' own study is run.
    name : str, optional
        Name of the study that is run.
    given : mapping of str to object, optional
        Values of the study that is run, as a study file has them.
    settings : mapping or sequence of str
        Values over those of its scenario.
    share : float
        Share of the runs that `abc` accepts, 0 to 1; 0 for one that suits their number.
    checks : int
        Number of runs that test the result; 0 for none.

    Returns
    -------
    Calibration
        Posterior or best fit.
    """
    given = dict(given or {})
    seed = int(given.get("seed", 1))
    if stored is not None:
        if method == "fit" or name is not None or settings or given.keys() - {"seed"}:
            raise AnalysisError(
                "Stored runs are used as they are, by abc or sbi: leave out what describes other runs, or leave out --study."
            )
        return posterior(place, targets, place.found(stored), method, seed=seed, share=share, checks=checks)
    made = of_targets(targets, given, settings, place.joined, name)
    if method == "fit":
        made = made if name else replace(made, name=f"{made.name}-fit")
        return fitted(place, targets, made, len(made.points) * made.replicates, checks=checks)
    return posterior(place, targets, place.run(made), method, seed=seed, share=share, checks=checks)


def of_targets(
    targets: Targets,
    given: Mapping[str, Any],
    settings: Settings = (),
    plugins: Sequence[Plugin] = (),
    name: str | None = None,
) -> Study:
    """The study whose runs a calibration needs: all targets recorded, each point with its own random seeds.

    Noise that all points share would look as if it were known.

    Parameters
    ----------
    targets : Targets
        The published figures.
    given : mapping of str to object
        Values as a study file has them.
    settings : mapping or sequence of str
        Values over those of the scenario.
    plugins : sequence of Plugin
        Plug-ins that take part.
    name : str, optional
        Name of the study; by default that of the targets.

    Returns
    -------
    Study
        The study.
    """
    if not targets.study:
        raise AnalysisError(
            f'{targets.name} names no study. Add study = "…", a study file or scenario, or name stored runs (--study).'
        )
    made = make_study(targets.study, {"paired": False, **given, **targets.kept()}, settings, plugins)
    return replace(made, name=name or targets.name, title=targets.title)


def sampled(found: Findings, targets: Targets) -> Sample:
    """Stored runs as a sample of the prior.

    Parameters
    ----------
    found : Findings
        What the study of the runs found.
    targets : Targets
        The published figures.

    Returns
    -------
    Sample
        The points that have all fitted figures.

    Raises
    ------
    AnalysisError
        If the design is no sample of the prior, or if the study kept too little.
    """
    kind = found.definition["design"]["kind"]
    if kind not in SAMPLES:
        raise AnalysisError(
            f"The study {found.name} has a {kind} design, whose points are no sample of what is varied. Calibrate on one of "
            f"{', '.join(SAMPLES)}."
        )
    factors, points = found.design.factors, found.design.points
    figures = targets.simulated(found.outputs)
    known = np.isfinite(figures[:, [target.fitted for target in targets.every]]).all(axis=1)
    if not known.any():
        raise AnalysisError(
            f"No point of the study {found.name} has all fitted figures: run it first, and see what failed."
        )
    return Sample(factors, targets.every, points[known], figures[known], int((~known).sum()))


def posterior(
    place: CalibrationRuns,
    targets: Targets,
    found: Findings,
    method: Method,
    *,
    seed: int = 1,
    share: float = 0.0,
    checks: int = CHECKS,
) -> Calibration:
    """The posterior from stored runs, its draws, and its predictions from `checks` runs of its own (0: none)."""
    sample = sampled(found, targets)
    if method == "abc":
        after, recovery = abc.posterior(sample, seed, share), abc.recover(sample, seed, share)
    else:
        after, recovery = npe.posterior(sample, seed, DRAWS), None
    about = f"Posterior of {targets.name} ({method}) from {len(sample):,} runs of the study {found.name}, seed {seed}."
    prior = Prior(sample.factors, after.resampled(DRAWS, seed), targets.title, about)
    predicted = np.empty((0, len(targets.every)))
    if checks:
        checked = place.run(_at(prior, found, targets, checks, seed, place.joined))
        predicted = targets.simulated(checked.outputs)
    told = (*abc.warnings(sample, after), *_tested(checks))
    if found.definition["paired"]:
        told += (
            f"All points of the study {found.name} have the same random seeds, whose noise the posterior takes for the model's. "
            "Calibrate on a study with paired = false.",
        )
    return Calibration(
        targets, method, found.name, found.definition, sample.factors, predicted, sample, after, prior, recovery,
        warnings=told,
    )  # fmt: skip


def _at(prior: Prior, found: Findings, targets: Targets, checks: int, seed: int, plugins: Sequence[Plugin]) -> Study:
    """The study that runs some draws of a posterior, with random seeds of its own."""
    told = found.definition
    made = Study(
        name=found.name, title=f"Posterior predictions: {targets.title}", design=prior.design(checks, seed),
        scenario=loads(str(told["scenario"]), str(told["scenario_name"]), plugins), replicates=1,
        seed=derive(seed, "predictions") >> 1, paired=False, **targets.kept(),
    )  # fmt: skip
    # Other draws are another study: its name holds what it is, so that both can stand in a study database.
    return replace(made, name=f"{found.name}-posterior-{made.digest[:8]}")


def fitted(place: CalibrationRuns, targets: Targets, made: Study, runs: int, *, checks: int = CHECKS) -> Calibration:
    """The best fit from about so many runs, and its predictions from `checks` runs there with other random seeds (0: none)."""
    best = search(place.database, made, targets, runs, place.folder / made.name, place.work)
    predicted = np.empty((0, len(targets.every)))
    if checks:
        points = np.repeat(best.points[best.best][None, :], checks, axis=0)
        found = place.run(_at(Prior(best.factors, points), best.findings, targets, checks, made.seed, place.joined))
        predicted = targets.simulated(found.outputs)
    return Calibration(
        targets, "fit", made.name, best.findings.definition, best.factors, predicted, best=best,
        warnings=_doubts(best, checks),
    )  # fmt: skip


def _tested(checks: int) -> tuple[str, ...]:
    if not 0 < checks < ENOUGH:
        return ()
    return (f"Only {checks} runs test the result: verdicts on so few are rough. Take {ENOUGH} or more (--checks).",)


def _doubts(best: Fit, checks: int) -> tuple[str, ...]:
    """What a reader must know of a best fit."""
    failed = int((~np.isfinite(best.distances)).sum())
    told = ["A best fit is one point: others may fit as well, and its figures carry no interval of the parameters."]
    if failed:
        told.append(f"{failed:,} points have no distance: a run failed, or a figure is undefined.")
    return (*told, *_tested(checks))
