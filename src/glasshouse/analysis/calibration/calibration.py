"""Calibration: which parameters go with what was published, and what the model then says of what it was not shown.

A calibration is a study like any other. Its runs are a sample of the priors (`abc`, `sbi`) or a search (`fit`), stored and
resumable, and a study that was run for another purpose serves too if it kept what the targets need. The posterior is saved
as draws that other studies begin from, is run again at some of them, and is compared with every target: those fitted and
those held out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from glasshouse.analysis.calibration import abc, npe, recovery
from glasshouse.analysis.calibration.abc import Sample
from glasshouse.analysis.calibration.identifiability import identifiability
from glasshouse.analysis.calibration.result import Calibration, Method
from glasshouse.analysis.calibration.runs import CalibrationRuns
from glasshouse.analysis.calibration.search import Fit, search
from glasshouse.analysis.calibration.targets import Targets
from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.model.plugin import Plugin
from glasshouse.model.state_measures import state_measures
from glasshouse.rng import derive
from glasshouse.scenario.scenario import Settings, loads
from glasshouse.study.definition import Study
from glasshouse.study.findings import Findings
from glasshouse.study.make_study import make_study
from glasshouse.study.prior_samples import Prior

SAMPLES = ("random", "latin-hypercube", "sobol", "sample")
"""Designs whose points are a sample of what is known before."""
DRAWS = 1000
"""Draws of a posterior that are saved."""
CHECKS = 40
"""Runs at draws of the posterior, for its predictions."""
ENOUGH = 20
"""Runs below which the spread of predictions is hardly known: with twenty it is known to a sixth."""


@dataclass(frozen=True)
class CalibrationOptions:
    """How targets are calibrated to.

    Attributes
    ----------
    method : {"abc", "fit", "sbi"}
        `abc` and `sbi` give a posterior from runs, `fit` the nearest point of a search.
    stored : str or None
        A study that was run before and is used as it is; otherwise the targets' own study is run.
    name : str or None
        Name of the study that is run; by default that of the targets.
    given : mapping of str to object
        Values of the study that is run, as a study file has them.
    settings : mapping or sequence of str
        Values over those of its scenario.
    share : float
        Share of the runs that `abc` accepts, 0 to 1; 0 for one that suits their number.
    checks : int
        Number of runs that test the result; 0 for none.
    """

    method: Method = "abc"
    stored: str | None = None
    name: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    settings: Settings = ()
    share: float = 0.0
    checks: int = CHECKS

    @property
    def seed(self) -> int:
        """Random seed of the posterior, its draws and the runs that test it."""
        return int(self.given.get("seed", 1))


def calibrate(place: CalibrationRuns, targets: Targets, options: CalibrationOptions) -> Calibration:
    """Calibrate to targets, and run what is not there yet: a sample (`abc`, `sbi`) or a search (`fit`).

    Parameters
    ----------
    place : CalibrationRuns
        Where runs are kept and how they are done.
    targets : Targets
        The published figures.
    options : CalibrationOptions
        The method, the runs and what is done with them.

    Returns
    -------
    Calibration
        Posterior or best fit.

    Raises
    ------
    AnalysisError
        If stored runs are to be used and other runs are described, and as `posterior` and `fitted` do.
    """
    if options.stored is not None:
        if options.method == "fit" or options.name is not None or options.settings or options.given.keys() - {"seed"}:
            raise AnalysisError(
                "Stored runs are used as they are, by abc or sbi: leave out what describes other runs, or leave out --study."
            )
        found = place.found(options.stored)
        _require_people(targets, found.definition.get("state_measures", ()))
        return posterior(place, targets, found, options)
    made = of_targets(targets, options.given, options.settings, place.joined, options.name)
    _require_people(targets, state_measures(made.scenario.active_plugins))
    if options.method == "fit":
        made = made if options.name else replace(made, name=f"{made.name}-fit")
        return fitted(place, targets, made, len(made.points) * made.replicates, checks=options.checks)
    return posterior(place, targets, place.run(made), options)


def _require_people(targets: Targets, of_the_state: Collection[str]) -> None:
    """ScenarioError for targets of a measure of a plug-in that says what the regime does to the state."""
    refused = [f"[targets.{one.name}]: {one.measure}" for one in targets.every if one.measure in of_the_state]
    if refused:
        raise ScenarioError(
            f"{targets.name}, {', '.join(refused)} reads sums such as protest or cost: a search does not aim at what a regime "
            "does to the state. Take a figure about people."
        )


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
    made = make_study(targets.study, {"paired": False, **given, **targets.outputs()}, settings, plugins)
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


def posterior(place: CalibrationRuns, targets: Targets, found: Findings, options: CalibrationOptions) -> Calibration:
    """Compute the posterior from stored runs, its draws, and its predictions from runs of its own.

    Parameters
    ----------
    place : CalibrationRuns
        Where runs are kept and how they are done.
    targets : Targets
        The published figures.
    found : Findings
        The runs, a sample of the prior.
    options : CalibrationOptions
        Method, seed, share of runs that are accepted and number of runs that test the result.

    Returns
    -------
    Calibration
        The posterior.

    Raises
    ------
    AnalysisError
        If the study is no sample or kept too little, and if the published figures are out of reach of its runs.
    """
    seed, share, checks = options.seed, options.share, options.checks
    sample, known = sampled(found, targets), None
    if options.method == "abc":
        after = abc.posterior(sample, seed, share)
        trials = recovery.recover(sample, seed, share)
        known = identifiability(sample, after, seed, share)
    else:
        after, trials = npe.posterior(sample, seed, DRAWS), None
    about = f"Posterior of {targets.name} ({options.method}) from {len(sample):,} runs of the study {found.name}, seed {seed}."
    prior = Prior(sample.factors, after.resampled(DRAWS, seed), targets.title, about)
    predicted = np.empty((0, len(targets.every)))
    if checks:
        checked = place.run(_at(prior, found, targets, checks, seed, place.joined))
        predicted = targets.simulated(checked.outputs)
    warnings = (*recovery.warnings(sample, after, seed), *_tested(checks))
    if found.definition["paired"]:
        warnings += (
            f"All points of the study {found.name} have the same random seeds, whose noise the posterior takes for the model's. "
            "Calibrate on a study with paired = false.",
        )
    return Calibration(
        targets, options.method, found.name, found.definition, sample.factors, predicted, sample, after, prior, trials,
        warnings=warnings, identifiability=known,
    )  # fmt: skip


def _at(prior: Prior, found: Findings, targets: Targets, checks: int, seed: int, plugins: Sequence[Plugin]) -> Study:
    """The study that runs some draws of a posterior, with random seeds of its own."""
    definition = found.definition
    made = Study(
        name=found.name, title=f"Posterior predictions: {targets.title}", design=prior.design(checks, seed),
        scenario=loads(str(definition["scenario"]), str(definition["scenario_name"]), plugins), replicates=1,
        seed=derive(seed, "predictions") >> 1, paired=False, **targets.outputs(),
    )  # fmt: skip
    # Other draws are another study: its name holds what it is, so that both can stand in a study database.
    return replace(made, name=f"{found.name}-posterior-{made.digest[:8]}")


def fitted(place: CalibrationRuns, targets: Targets, made: Study, runs: int, *, checks: int = CHECKS) -> Calibration:
    """Find the best fit, and its predictions from runs there with other random seeds.

    Parameters
    ----------
    place : CalibrationRuns
        Where runs are kept and how they are done.
    targets : Targets
        The published figures.
    made : Study
        Gives scenario, factors, replicates and random seed of the search.
    runs : int
        Number of runs of the search, about.
    checks : int
        Number of runs that test the result; 0 for none.

    Returns
    -------
    Calibration
        The best fit.
    """
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
    warnings = ["A best fit is one point: others may fit as well, and its figures carry no interval of the parameters."]
    if failed:
        warnings.append(f"{failed:,} points have no distance: a run failed, or a figure is undefined.")
    return (*warnings, *_tested(checks))
