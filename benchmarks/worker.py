"""One population and its two arms, stepped on demand: the process behind `citizen_weeks.py`.

Usage: worker.py SOURCE_FOLDER CITIZENS THREADS; a line with a number steps so many weeks, “end” ends.
"""

import json
import resource
import sys
import time

UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system gives peak memory."""


def peak() -> int:
    """Peak memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT


def say(**values: float) -> None:
    """Answers with one line."""
    print(json.dumps(values), flush=True)


def main() -> None:
    """Builds, then steps as told."""
    sys.path.insert(0, sys.argv[1])
    citizens, threads = int(sys.argv[2]), int(sys.argv[3])
    from glasshouse.engine import run as engine
    from glasshouse.engine.arms import Arms, arms_of
    from glasshouse.engine.backends.cpu import CompiledBackend
    from glasshouse.engine.compiler.layout import ModelLayout
    from glasshouse.model.measures import PAIRINGS
    from glasshouse.population.synthesis import synthesise
    from glasshouse.results.totals import WeeklyTotals
    from glasshouse.scenario.scenario import load

    scenario = load("social-governance", (f"society.citizens={citizens}",))
    layout = ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    backend = CompiledBackend(layout, PAIRINGS, threads=threads)
    engine._compile(backend)
    before, begun = peak(), time.perf_counter()
    population = synthesise(scenario.society, 1, threads)
    arms = Arms(layout, population, arms_of(scenario)).states
    reference, regime = arms["reference"], arms["regime"]
    # Two arms are measured, as in former versions: the look-ahead arm that controllers read would be a third.
    del arms["ahead"]
    regime.ahead = None
    set_up = time.perf_counter() - begun
    regime.active_table[:] = 1
    weekly_totals = WeeklyTotals.empty(scenario.run.weeks, len(population.districts), layout.sums, backend.paired)
    flagged = [slot for slot, total in enumerate(layout.sums) if total.weekly_by_district]
    week = 0

    def step() -> None:
        nonlocal week
        row = week % scenario.run.weeks
        for name, state in (("reference", reference), ("regime", regime)):
            backend.step(state, 1, week)
            weekly_totals.record(name, row, state.totals, flagged)
        weekly_totals.pairs[row] = backend.compare(reference, regime)
        week += 1

    # Lists, queues and fears fill first: an empty regime is quicker than a real one.
    for _ in range(30 if citizens <= 1_000_000 else 10):
        step()
    say(set_up=set_up, before=before)
    for line in sys.stdin:
        if line.strip() == "end":
            break
        start = time.perf_counter()
        for _ in range(int(line)):
            step()
        say(seconds=time.perf_counter() - start)
    say(peak=peak())


if __name__ == "__main__":
    main()
