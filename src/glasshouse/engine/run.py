"""Runs a scenario: one society, two worlds, the same luck, week by week."""

import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.checkpoint import Checkpoints
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.plugin_loader import measures
from glasshouse.engine.progress import Progress
from glasshouse.engine.recorder import Recorder, select_lives
from glasshouse.engine.state import ArmState
from glasshouse.model.component import Component
from glasshouse.model.entities import Society
from glasshouse.model.measure import Sums
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.measures.governance import Unrest
from glasshouse.model.measures.listing import ListedShare, WronglyListedShare
from glasshouse.model.mechanism import LEAD
from glasshouse.population.synthesis import synthesise
from glasshouse.results import provenance
from glasshouse.results.result import Result
from glasshouse.results.time_series import SERIES
from glasshouse.results.totals import ARMS, YEAR, WeeklyTotals
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed
from glasshouse.scenario.scenario import Run, Scenario

Report = Callable[[Progress], None]
Watch = Callable[[int, ArmState, ArmState], None]
"""Looks on: is shown the week, the reference world and the regime world after each week, and changes neither."""


def run(
    scenario: Scenario,
    *,
    out: Path | None = None,
    resume: bool = False,
    threads: int | None = None,
    progress: Report | None = None,
) -> Result:
    """Runs every replicate of the scenario in both worlds and returns what was measured.

    With `out` the run leaves checkpoints there and its result; `resume` goes on from the newest sound checkpoint and
    ends in the same bytes as an uninterrupted run. `threads` changes the speed and nothing else. A few telling lives
    are kept of a first replicate that runs without interruption, in the result alone and in no file. Raises
    ScenarioError, SynthesisError, CompilationError, RunningError or StoringError, each with what to do.
    """
    begun = time.perf_counter()
    tell = _ProgressReporter(scenario, progress)
    backend = _backend(_week(scenario), threads)
    layout = backend.layout
    recorder = Recorder(layout, scenario.run.weeks)
    kept = Checkpoints(out, scenario) if out is not None else None
    if kept is not None:
        kept.open(resume=resume)
    with ThreadPoolExecutor(1) as aside:
        warming = aside.submit(_warm, backend)
        replicates = range(scenario.run.replicates)
        ledgers = tuple(
            _replicate(scenario, backend, number, kept, tell, warming, None if number else recorder)
            for number in replicates
        )
    lives = select_lives(recorder, scenario) if recorder.complete else None
    born = provenance_of(scenario, backend, begun, ledgers[0].digest())
    asked = measures(scenario.joined, layout.sums)
    result = Result(scenario, layout.sums, backend.paired, ledgers, born, asked, lives)
    if out is not None:
        result.save(out)
    return result


def replay_first_replicate(
    scenario: Scenario, watch: Watch, *, threads: int | None = None, progress: Report | None = None
) -> WeeklyTotals:
    """Runs the first replicate once more while `watch` looks on, stores nothing, and returns its ledger."""
    once = replace(scenario, run=scenario.run.model_copy(update={"replicates": 1}))
    backend = _backend(_week(once), threads)
    with ThreadPoolExecutor(1) as aside:
        return _replicate(
            once, backend, 0, None, _ProgressReporter(once, progress), aside.submit(_warm, backend), watch
        )


def layout_of(scenario: Scenario) -> ModelLayout:
    """The scenario's mechanisms, woven."""
    return ModelLayout(_week(scenario))


def _week(scenario: Scenario) -> tuple[type[Component], ...]:
    return tuple(type(mechanism) for mechanism in scenario.mechanisms)


@lru_cache(maxsize=2)
def _backend(week: tuple[type[Component], ...], threads: int | None) -> CompiledBackend:
    """The compiled pass of these mechanisms, kept for the next run: weaving and loading it take longer than a short run."""
    return CompiledBackend(ModelLayout(week), PAIRINGS, threads=threads)


def _replicate(
    scenario: Scenario,
    backend: CompiledBackend,
    number: int,
    kept: Checkpoints | None,
    tell: "_ProgressReporter",
    warming: "Future[None]",
    watch: Watch | None,
) -> WeeklyTotals:
    """One replicate: a society, its two worlds, and every week of them."""
    done = kept.finished(number) if kept is not None else None
    if done is not None:
        return done
    layout, seed = backend.layout, replicate_seed(scenario.run, number)
    tell("society", number)
    society = synthesise(scenario.society, seed, backend.threads)
    reference, regime = worlds(scenario, layout, society)
    joined = adoption_weeks(scenario.run, seed, len(society.districts))
    ahead = forecast(scenario, layout, reference)
    every = [reference, regime]
    if ahead is not None:
        regime.ahead = ahead.citizens
        every.append(ahead)
    ledger = WeeklyTotals.empty(scenario.run.weeks, len(society.districts), layout.sums, backend.paired)
    if kept is not None:
        kept.restore(number, society, every, ledger)
    tell.while_waiting(warming, number)
    for week in range(LEAD if ahead is not None and ledger.weeks == 0 else 0):
        backend.step(every[-1], seed, week)
    flagged = [slot for slot, total in enumerate(layout.sums) if total.weekly_by_district]
    for week in range(ledger.weeks, scenario.run.weeks):
        apply_rollout(scenario.run, regime, week, joined)
        if ahead is not None:
            backend.step(ahead, seed, week + LEAD)
        for arm, state in zip(ARMS, (reference, regime), strict=True):
            backend.step(state, seed, week)
            ledger.record(arm, week, state.totals, flagged)
        ledger.pairs[week] = backend.compare(reference, regime)
        ledger.weeks = week + 1
        if watch is not None:
            watch(week, reference, regime)
        if kept is not None:
            kept.keep(number, every, ledger)
        tell("run", number, ledger)
    if kept is not None:
        kept.finish(number, ledger)
    return ledger


def worlds(scenario: Scenario, layout: ModelLayout, society: Society) -> tuple[ArmState, ArmState]:
    """The reference world and the regime world at week 0; before the regime begins both live under the reference."""
    tables = (scenario.reference, scenario.mechanisms, scenario.later or scenario.mechanisms)
    before, after, later = (layout.pack(_in_order(layout, held)) for held in tables)
    reference = ArmState.fresh(layout, society, np.stack([before, before, before]))
    regime = ArmState.fresh(layout, society, np.stack([before, after, later]))
    return reference, regime


def forecast(scenario: Scenario, layout: ModelLayout, reference: ArmState) -> ArmState | None:
    """A second reference world at week 0, to run ahead where the regime asks what will be; None where it does not."""
    if not any(table.needs_ahead() for table in (*scenario.mechanisms, *scenario.later)):
        return None
    return ArmState.fresh(layout, reference.society, reference.parameters)


def apply_rollout(run: Run, regime: ArmState, week: int, joined: NDArray[np.int64]) -> None:
    """Puts the districts that have `joined` by this week under the regime.

    From the week `change` on they live under its later tables, from `until` on under none of it.
    """
    ended, changed = 0 < run.until <= week, 0 < run.change <= week
    regime.active_table[:] = 0 if ended else (joined <= week) * (2 if changed else 1)


def _in_order(layout: ModelLayout, tables: tuple[Component, ...]) -> Iterator[Component]:
    by_type = {type(table): table for table in tables}
    return (by_type[mechanism] for mechanism in layout.mechanisms)


def _warm(backend: CompiledBackend) -> None:
    """Compiles the pass, or loads its machine code, on a society of nobody while the real one is being built."""
    from glasshouse.model.entities import CITIZEN, DISTRICT, FIRM

    nobody = Society(
        np.zeros(0, CITIZEN), np.zeros(0, DISTRICT), np.zeros(0, FIRM), np.zeros(1, np.int64), np.zeros(0, np.uint32)
    )
    world = ArmState.fresh(backend.layout, nobody, np.zeros((3, len(backend.layout.slots))))
    backend.step(world, 0, 0)
    backend.compare(world, world)


class _ProgressReporter:
    """Tells the outside how far a run is, at most ten times a second."""

    def __init__(self, scenario: Scenario, report: Report | None) -> None:
        self.scenario, self.report = scenario, report
        self.last = 0.0

    def __call__(self, stage: str, replicate: int, ledger: WeeklyTotals | None = None) -> None:
        now = time.perf_counter()
        weeks = self.scenario.run.weeks
        week = ledger.weeks if ledger is not None else 0
        if self.report is None or (stage == "run" and week < weeks and now - self.last < 0.1):
            return
        self.last = now
        headline, course = ({}, {}) if ledger is None else _so_far(ledger)
        self.report(Progress(stage, replicate, self.scenario.run.replicates, week, weeks, headline, course))  # type: ignore[arg-type]

    def while_waiting(self, warming: "Future[None]", replicate: int) -> None:
        """Waits for the compiler and says so; a failure there is raised here."""
        while not warming.done():
            self("compile", replicate)
            time.sleep(0.1)
        warming.result()


def _so_far(ledger: WeeklyTotals) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Figures of the year so far: those of the headline, and the course of both worlds."""
    recent = slice(max(ledger.weeks - YEAR, 0), ledger.weeks)
    reference, regime = (Sums(ledger.arm(arm).weekly[recent].sum(axis=(0, 1)), ledger.sums) for arm in ARMS)
    course = {
        series.name: (
            float(series.formula(reference)) * series.factor,
            float(series.formula(regime)) * series.factor,
        )
        for series in SERIES
    }
    headline = {
        "listed": float(ListedShare.value(regime)),
        "wrongly": float(WronglyListedShare.value(regime)),
        "protest in the regime": float(Unrest.value(regime)),
        "protest in the reference": float(Unrest.value(reference)),
    }
    return headline, course


def provenance_of(
    scenario: Scenario, backend: CompiledBackend, begun: float, digest: str = ""
) -> provenance.Provenance:
    """The provenance record of what has just been run; `begun` is its start on the clock `time.perf_counter`.

    `digest` is that of the first replicate's ledger, which says whether another run came out alike.
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
        code_digest=provenance.code_digest(scenario.joined),
        week_digest=backend.path.stem,
        ledger_digest=digest,
        version=provenance.version(),
        python=platform.python_version(),
        machine=provenance.machine(),
        processors=backend.threads,
        wall_seconds=round(time.perf_counter() - begun, 2),
        finished=provenance.today(),
        libraries=provenance.libraries(),
        plugins=tuple(plugin.origin for plugin in scenario.joined),
    )
