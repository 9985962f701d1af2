"""Runs a scenario: the loop over weeks that every simulation of this package goes through.

`weeks` is that loop. `Experiment` prepares it for a replicate of a scenario (population, arms, compiled step) and shows
every week to observers. `run` compares the reference with the regime and collects the weekly sums into a `Result`.
"""

import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from threading import Thread
from typing import Protocol

import numpy as np

from glasshouse.engine import size
from glasshouse.engine.arms import Arms, ArmSpec, Rollout, arms_of
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.checkpoint import CheckpointObserver, Checkpoints
from glasshouse.engine.column_ranges import ColumnRanges
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.observer import Observer
from glasshouse.engine.plugin_loader import measures
from glasshouse.engine.plugin_trial import try_plugins
from glasshouse.engine.progress import OnProgress
from glasshouse.engine.progress_reporter import ProgressReporter
from glasshouse.engine.recorder import LifeRecorder, select_lives
from glasshouse.engine.state import ArmState
from glasshouse.engine.totals_observer import TotalsObserver
from glasshouse.model.component import Component
from glasshouse.model.entities import CITIZEN, DISTRICT, FIRM, Population
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import LEAD
from glasshouse.population.synthesis import synthesise
from glasshouse.results import provenance
from glasshouse.results.result import Result
from glasshouse.results.totals import WeeklyTotals
from glasshouse.scenario.run_settings import replicate_seed
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import locked


class Backend(Protocol):
    """Steps the state of an arm by a week: the compiled step, or the reference interpreter that it is tested against."""

    def step(self, state: ArmState, seed: int, week: int) -> None:
        """Step one arm through one week.

        Parameters
        ----------
        state : ArmState
            The state of the arm, which is changed.
        seed : int
            Random seed of the replicate.
        week : int
            The week.
        """


def weeks(
    arms: Arms, backend: Backend, seed: int, end: int, *, first: int = 0
) -> Iterator[tuple[int, Mapping[str, ArmState]]]:
    """Step all arms week by week: the loop of every simulation.

    Parameters
    ----------
    arms : Arms
        The arms of a replicate, as they are at the beginning of week `first`.
    backend : Backend
        What steps an arm.
    seed : int
        Random seed of the replicate. All arms draw the same numbers for the same decision (common random numbers).
    end : int
        The week before which to stop.
    first : int
        The week to begin with, above 0 where an interrupted run is resumed.

    Yields
    ------
    tuple of int and mapping of str to ArmState
        The week that was stepped, and the state of each arm by name, which the next week overwrites.
    """
    if arms.ahead is not None and first == 0:
        for week in range(LEAD):
            backend.step(arms.ahead, seed, week)
    for week in range(first, end):
        states = arms.begin_week(week)
        if arms.ahead is not None:
            backend.step(arms.ahead, seed, week + LEAD)
        for state in {id(state): state for state in states.values() if state is not arms.ahead}.values():
            backend.step(state, seed, week)
        yield week, states


@dataclass(frozen=True)
class Experiment:
    """The arms of a scenario and what is needed to simulate any replicate of them.

    Attributes
    ----------
    scenario : Scenario
        Population and run settings.
    specs : mapping of str to ArmSpec
        The arms by name.
    backend : CompiledBackend
        The compiled step.
    reporter : ProgressReporter
        Reports what is being done.
    compiling : Future
        The compilation that began when the experiment was opened.
    """

    scenario: Scenario
    specs: Mapping[str, ArmSpec]
    backend: CompiledBackend
    reporter: ProgressReporter
    compiling: "Future[None]"

    @classmethod
    @contextmanager
    def open(
        cls,
        scenario: Scenario,
        specs: Mapping[str, ArmSpec],
        *,
        threads: int | None = None,
        progress: OnProgress | None = None,
    ) -> Iterator["Experiment"]:
        """Open an experiment and compile its step in the background, while the first population is built.

        Parameters
        ----------
        scenario : Scenario
            Population and run settings.
        specs : mapping of str to ArmSpec
            The arms by name.
        threads : int or None
            Processors to use; all by default. The results do not depend on it.
        progress : callable or None
            Is given a `Progress` now and then.

        Yields
        ------
        Experiment
            Ready to simulate replicates.

        Raises
        ------
        RunningError
            If the memory of this machine cannot hold the population.
        """
        size.check(scenario, arms=len(specs))
        backend = _backend(_mechanisms(scenario), threads)
        compiling = _in_background(partial(_prepare, backend, scenario))
        try:
            yield cls(scenario, specs, backend, ProgressReporter(scenario, progress), compiling)
        except Exception:
            # A process that ends while a thread of it compiles may crash. Ctrl-C does not wait for the compiler.
            wait([compiling])
            raise
        finally:
            backend.close()

    def replicate(
        self, number: int, observers: Sequence[Observer], restore: Callable[[Arms], int] | None = None
    ) -> None:
        """Simulate one replicate and show every week to observers.

        Parameters
        ----------
        number : int
            Number of the replicate, from 0; it decides the random seed.
        observers : sequence of Observer
            What observes the replicate, in the order in which each week is shown to them.
        restore : callable or None
            Puts the arms back to a checkpoint and returns the week to go on with; called after `begin` of all observers.

        Raises
        ------
        SynthesisError, CompilationError, RunningError, StoringError
            Each says what to do.
        """
        run, layout = self.scenario.run, self.backend.layout
        seed = replicate_seed(run, number)
        self.reporter("population", number)
        population = synthesise(self.scenario.society, seed, self.backend.threads)
        arms = Arms(layout, population, self.specs, Rollout.of(self.scenario, seed, len(population.districts)))
        observers = (ColumnRanges(), *observers)
        for observer in observers:
            observer.begin(population, layout)
        first = restore(arms) if restore is not None else 0
        self.reporter.while_waiting(self.compiling, number)
        for week, states in weeks(arms, self.backend, seed, run.weeks, first=first):
            for observer in observers:
                observer.observe(week, states)
        for observer in observers:
            observer.finish()


def run(
    scenario: Scenario,
    *,
    out: Path | None = None,
    resume: bool = False,
    keep_checkpoints: bool = False,
    threads: int | None = None,
    progress: OnProgress | None = None,
) -> Result:
    """Run every replicate of a scenario in the reference and the regime arm.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    out : Path or None
        Folder for checkpoints and the result; without it nothing is written.
    resume : bool
        Continue from the newest sound checkpoint in `out`; the result is byte-identical to that of an uninterrupted run.
    keep_checkpoints : bool
        Keep the checkpoints in `out` when the run is complete.
    threads : int or None
        Processors to use; all by default. The result does not depend on it.
    progress : callable or None
        Is given a `Progress` now and then, at most ten times a second.

    Returns
    -------
    Result
        Sums and measures of all replicates. The life courses of some citizens of the first replicate are in the result
        alone, and in no file.

    Raises
    ------
    ScenarioError, PluginError, SynthesisError, CompilationError, RunningError, StoringError
        Each says what to do. RunningError is also raised, before anything runs, for a size that memory or disk cannot hold,
        and StoringError if another run is at work in `out`.
    """
    size.check(scenario, out=out)
    if out is None:
        return _run(scenario, None, threads, progress)
    with locked(out):
        checkpoints = Checkpoints(out, scenario, keep=keep_checkpoints)
        checkpoints.open(resume=resume)
        result = _run(scenario, checkpoints, threads, progress)
        result.save(out)
        checkpoints.close()
    return result


def _run(
    scenario: Scenario, checkpoints: Checkpoints | None, threads: int | None, progress: OnProgress | None
) -> Result:
    begun = time.perf_counter()
    recorder = LifeRecorder(scenario.run.weeks)
    with Experiment.open(scenario, arms_of(scenario), threads=threads, progress=progress) as experiment:
        totals = tuple(
            _totals(experiment, number, checkpoints, () if number else (recorder,))
            for number in range(scenario.run.replicates)
        )
        backend = experiment.backend
    layout = backend.layout
    lives = select_lives(recorder, scenario) if recorder.complete else None
    record = provenance_of(scenario, backend, begun, totals[0].digest())
    chosen = measures(scenario.active_plugins, layout.sums)
    return Result(scenario, layout.sums, backend.paired, totals, record, chosen, lives)


def replay_first_replicate(
    scenario: Scenario, observer: Observer, *, threads: int | None = None, progress: OnProgress | None = None
) -> WeeklyTotals:
    """Run the first replicate of a scenario again for an observer, and store nothing.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    observer : Observer
        Observes the replicate.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    WeeklyTotals
        The sums of the replicate; their `digest` shows whether the run came out the same.
    """
    once = replace(scenario, run=scenario.run.model_copy(update={"replicates": 1}))
    with Experiment.open(once, arms_of(once), threads=threads, progress=progress) as experiment:
        return _totals(experiment, 0, None, (observer,))


def _totals(
    experiment: Experiment, number: int, checkpoints: Checkpoints | None, observers: Sequence[Observer]
) -> WeeklyTotals:
    """The weekly sums of one replicate: read if it was finished before, else simulated."""
    finished = checkpoints.finished(number) if checkpoints is not None else None
    if finished is not None:
        return finished
    sums = TotalsObserver(experiment.backend, experiment.scenario.run.weeks)
    reporting = experiment.reporter.observer(number, sums)
    if checkpoints is None:
        experiment.replicate(number, (sums, *observers, reporting))
    else:
        checkpointing = CheckpointObserver(checkpoints, number, sums)
        experiment.replicate(number, (sums, *observers, checkpointing, reporting), checkpointing.restore)
    return sums.totals


def _mechanisms(scenario: Scenario) -> tuple[type[Component], ...]:
    return tuple(type(mechanism) for mechanism in scenario.mechanisms)


@lru_cache(maxsize=4)
def _backend(mechanisms: tuple[type[Component], ...], threads: int | None) -> CompiledBackend:
    """The compiled step of these mechanisms, cached: generating and loading it takes longer than a short run."""
    return CompiledBackend(ModelLayout(mechanisms), PAIRINGS, threads=threads)


def _in_background(work: Callable[[], None]) -> "Future[None]":
    """Begins some work on a thread that does not keep the process from ending."""
    done: Future[None] = Future()

    def worker() -> None:
        try:
            work()
        except BaseException as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    Thread(target=worker, daemon=True).start()
    return done


def _prepare(backend: CompiledBackend, scenario: Scenario) -> None:
    """Try the plug-ins of a scenario and compile the step."""
    try_plugins(scenario, backend)
    _compile(backend)


def _compile(backend: CompiledBackend) -> None:
    """Compile the step, or load its machine code, by stepping an empty population."""
    empty = Population(
        np.zeros(0, CITIZEN), np.zeros(0, DISTRICT), np.zeros(0, FIRM), np.zeros(1, np.int64), np.zeros(0, np.uint32)
    )
    state = ArmState.fresh(backend.layout, empty, np.zeros((3, len(backend.layout.slots))))
    backend.step(state, 0, 0)
    backend.compare(state, state)


def provenance_of(
    scenario: Scenario, backend: CompiledBackend, begun: float, digest: str = ""
) -> provenance.Provenance:
    """The provenance record of a run that has just ended.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    backend : CompiledBackend
        What it was run with.
    begun : float
        Its start on the clock `time.perf_counter`, in seconds.
    digest : str
        Digest of the first replicate's sums, by which another run can be compared.

    Returns
    -------
    Provenance
        Scenario, seed, digests, versions, machine and time of the run.
    """
    run = scenario.run
    return provenance.Provenance(
        scenario=scenario.name,
        title=scenario.title,
        seed=run.seed,
        replicates=run.replicates,
        citizens=scenario.society.citizens,
        weeks=run.weeks,
        scenario_digest=scenario.digest,
        code_digest=provenance.code_digest(scenario.brought_plugins),
        week_digest=backend.module.path.stem,
        weekly_totals_digest=digest,
        version=provenance.version(),
        python=platform.python_version(),
        machine=provenance.machine(),
        processors=backend.threads,
        wall_seconds=round(time.perf_counter() - begun, 2),
        finished=provenance.today(),
        libraries=provenance.libraries(),
        plugins=tuple(plugin.origin for plugin in scenario.brought_plugins),
        marginals=provenance.drawn_from(scenario.society.marginals),
    )
