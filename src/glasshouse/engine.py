"""Runs a scenario: one society, two worlds, the same luck, week by week."""

import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from glasshouse import provenance
from glasshouse.backends.threads import Threads
from glasshouse.checkpoint import Checkpoints
from glasshouse.draws import derive
from glasshouse.ledger import YEAR, Ledger
from glasshouse.measure import Sums
from glasshouse.measures import PAIRINGS
from glasshouse.measures.listing import ListedShare, WronglyListedShare
from glasshouse.measures.state import Unrest
from glasshouse.mechanism import Mechanism
from glasshouse.plugins import measures
from glasshouse.progress import Progress
from glasshouse.result import Result
from glasshouse.scenario import Scenario
from glasshouse.society import Society
from glasshouse.synthesis import synthesise
from glasshouse.weave import Weave
from glasshouse.world import World

Report = Callable[[Progress], None]


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
    ends in the same bytes as an uninterrupted run. `threads` changes the speed and nothing else. Raises ScenarioError,
    SynthesisError, WeavingError, RunningError or StoringError, each with what to do.
    """
    begun = time.perf_counter()
    tell = _Teller(scenario, progress)
    weave = Weave(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    backend = Threads(weave, PAIRINGS, threads=threads)
    kept = Checkpoints(out, scenario) if out is not None else None
    if kept is not None:
        kept.open(resume=resume)
    with ThreadPoolExecutor(1) as aside:
        warming = aside.submit(_warm, backend)
        replicates = range(scenario.run.replicates)
        ledgers = tuple(_replicate(scenario, backend, number, kept, tell, warming) for number in replicates)
    certificate, asked = _certificate(scenario, backend, begun), measures(scenario.joined, weave.sums)
    result = Result(scenario, weave.sums, backend.paired, ledgers, certificate, asked)
    if out is not None:
        result.save(out)
    return result


def _replicate(
    scenario: Scenario,
    backend: Threads,
    number: int,
    kept: Checkpoints | None,
    tell: "_Teller",
    warming: "Future[None]",
) -> Ledger:
    """One replicate: a society, its two worlds, and every week of them."""
    done = kept.finished(number) if kept is not None else None
    if done is not None:
        return done
    weave, seed = backend.weave, derive(scenario.run.seed, "replicate", number)
    tell("society", number)
    society = synthesise(scenario.society, seed, backend.threads)
    reference, regime = worlds(scenario, weave, society)
    ledger = Ledger.empty(scenario.run.weeks, len(society.districts), weave.sums, backend.paired)
    if kept is not None:
        kept.restore(number, society, (reference, regime), ledger)
    tell.while_waiting(warming, number)
    flagged = [slot for slot, total in enumerate(weave.sums) if total.weekly_by_district]
    for week in range(ledger.weeks, scenario.run.weeks):
        enlist(scenario, regime, week, seed)
        for place, world in enumerate((reference, regime)):
            backend.step(world, seed, week)
            ledger.note(place, week, world.totals, flagged)
        ledger.pairs[week] = backend.compare(reference, regime)
        ledger.weeks = week + 1
        if kept is not None:
            kept.keep(number, (reference, regime), ledger)
        tell("run", number, ledger)
    if kept is not None:
        kept.finish(number, ledger)
    return ledger


def worlds(scenario: Scenario, weave: Weave, society: Society) -> tuple[World, World]:
    """The reference world and the regime world at week 0; before the regime begins both live under the reference."""
    before, after = weave.pack(_in_order(weave, scenario.reference)), weave.pack(_in_order(weave, scenario.mechanisms))
    reference = World.fresh(weave, society, np.stack([before, before]))
    regime = World.fresh(weave, society, np.stack([before, after]))
    return reference, regime


def enlist(scenario: Scenario, regime: World, week: int, seed: int) -> None:
    """Puts districts under the regime: all at its start, or one after the other, in drawn order, over the roll-out."""
    since = week - scenario.run.start
    if since < 0:
        return
    districts = len(regime.treated)
    share = 1.0 if scenario.run.rollout == 0 else min((since + 1) / (scenario.run.rollout + 1), 1.0)
    order = np.argsort([derive(seed, "rollout", d) for d in range(districts)], kind="stable")
    regime.treated[order[: int(np.ceil(share * districts))]] = 1


def _in_order(weave: Weave, tables: tuple[Mechanism, ...]) -> Iterator[Mechanism]:
    by_type = {type(table): table for table in tables}
    return (by_type[mechanism] for mechanism in weave.mechanisms)


def _warm(backend: Threads) -> None:
    """Compiles the pass, or loads its machine code, on a society of nobody while the real one is being built."""
    from glasshouse.society import CITIZEN, DISTRICT, FIRM

    nobody = Society(
        np.zeros(0, CITIZEN), np.zeros(0, DISTRICT), np.zeros(0, FIRM), np.zeros(1, np.int64), np.zeros(0, np.uint32)
    )
    world = World.fresh(backend.weave, nobody, np.zeros((2, len(backend.weave.slots))))
    backend.step(world, 0, 0)
    backend.compare(world, world)


class _Teller:
    """Tells the outside how far a run is, at most ten times a second."""

    def __init__(self, scenario: Scenario, report: Report | None) -> None:
        self.scenario, self.report = scenario, report
        self.last = 0.0

    def __call__(self, stage: str, replicate: int, ledger: Ledger | None = None) -> None:
        now = time.perf_counter()
        weeks = self.scenario.run.weeks
        week = ledger.weeks if ledger is not None else 0
        if self.report is None or (stage == "run" and week < weeks and now - self.last < 0.1):
            return
        self.last = now
        headline = {} if ledger is None else _headline(ledger)
        self.report(Progress(stage, replicate, self.scenario.run.replicates, week, weeks, headline))  # type: ignore[arg-type]

    def while_waiting(self, warming: "Future[None]", replicate: int) -> None:
        """Waits for the compiler and says so; a failure there is raised here."""
        while not warming.done():
            self("compile", replicate)
            time.sleep(0.1)
        warming.result()


def _headline(ledger: Ledger) -> dict[str, float]:
    """Figures of the year so far for the progress display."""
    recent = slice(max(ledger.weeks - YEAR, 0), ledger.weeks)
    reference, regime = (Sums(ledger.weekly[world, recent].sum(axis=(0, 1)), ledger.sums) for world in (0, 1))
    return {
        "listed": float(ListedShare.value(regime)),
        "wrongly": float(WronglyListedShare.value(regime)),
        "protest in the regime": float(Unrest.value(regime)),
        "protest in the reference": float(Unrest.value(reference)),
    }


def _certificate(scenario: Scenario, backend: Threads, begun: float) -> provenance.Certificate:
    run = scenario.run
    return provenance.Certificate(
        scenario=scenario.name,
        title=scenario.title,
        seed=run.seed,
        replicates=run.replicates,
        citizens=scenario.society.citizens,
        weeks=run.weeks,
        scenario_digest=scenario.digest,
        code_digest=provenance.code_digest(scenario.joined),
        week_digest=backend.path.stem,
        version=provenance.version(),
        python=platform.python_version(),
        machine=provenance.machine(),
        processors=backend.threads,
        wall_seconds=round(time.perf_counter() - begun, 2),
        finished=provenance.today(),
        libraries=provenance.libraries(),
        plugins=tuple(plugin.origin for plugin in scenario.joined),
    )
