"""What each mechanism costs: the full pass against the same pass without the mechanism's kernels, in turns in one process.

    python benchmarks/mechanisms.py [--citizens 200000] [--rounds 15] [--only lists,points]

The regime is the flagship's, in force everywhere; it lives for 60 weeks first, so that lists, queues and fears are there.
Every pass then steps one week from a copy of that same state, so that what the others do changes as little as it can.
Each variant is compiled for itself, which takes half a minute the first time and is kept beside the other compiled passes;
columns stay, so memory and its traffic count as before. A saving is the median over rounds with its quartiles: where those
lie on either side of zero, the mechanism costs less than this can tell.
"""

import argparse
import statistics
import time

import numpy as np

from glasshouse.engine.arms import Arms, arms_of
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.mechanism import Mechanism
from glasshouse.population.synthesis import synthesise
from glasshouse.scenario.scenario import load

FIRST = 60
"""Weeks that the regime lives before anything is timed."""


def silent(model: type[Mechanism]) -> type[Mechanism]:
    """The mechanism with all that it declares and none of its kernels."""
    return type(model.__name__, (model,), {"__module__": model.__module__, "kernel": classmethod(lambda *_: None)})


def seconds(backend: CompiledBackend, arm: ArmState, start: dict[str, np.ndarray], weeks: int) -> float:
    """Seconds of so many weeks, each from the same state."""
    found = 0.0
    for _ in range(weeks):
        for name, array in start.items():
            getattr(arm, name)[...] = array
        begun = time.perf_counter()
        backend.step(arm, 1, FIRST)
        found += time.perf_counter() - begun
    return found


def main() -> None:
    """Prints a table in Markdown, dearest first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    scenario = load("social-governance", (f"society.citizens={given.citizens}",))
    week = tuple(type(table) for table in scenario.mechanisms)
    wanted = set(given.only.split(",")) if given.only else {model.name for model in week}
    population = synthesise(scenario.society, 1, 2)
    full = ModelLayout(week)
    arm = Arms(full, population, arms_of(scenario)).states["regime"]
    arm.active_table[:] = 1
    passes = {"": CompiledBackend(full, threads=1)}
    for number in range(FIRST):
        passes[""].step(arm, 1, number)
    start = {name: getattr(arm, name).copy() for name in ArmState.STORED}
    for model in week:
        if model.name in wanted:
            variant = ModelLayout(tuple(silent(other) if other is model else other for other in week))
            passes[model.name] = CompiledBackend(variant, threads=1)
    times: dict[str, list[float]] = {name: [] for name in passes}
    for name, backend in passes.items():
        seconds(backend, arm, start, 1)
        print(f"compiled without {name or 'nothing'}", flush=True)
    for _ in range(given.rounds):
        for name, backend in passes.items():
            times[name].append(seconds(backend, arm, start, 3))
    report(times, given.citizens)


def report(times: dict[str, list[float]], citizens: int) -> None:
    """The table: nanoseconds a citizen-week that go when a mechanism goes, with quartiles, and its share of the whole."""
    unit = 1e9 / 3 / citizens
    whole = statistics.median(times[""]) * unit
    print(f"\nThe full pass: {whole:.0f} ns a citizen-week on one thread.\n")
    print("| mechanism | ns a citizen-week | quartiles | share |\n|---|---|---|---|")
    saved = {
        name: statistics.quantiles([(a - b) * unit for a, b in zip(times[""], found, strict=True)], n=4)
        for name, found in times.items()
        if name
    }
    for name, (low, cost, high) in sorted(saved.items(), key=lambda pair: -pair[1][1]):
        print(f"| {name} | {cost:.1f} | {low:.1f} to {high:.1f} | {100 * cost / whole:.0f} % |")


if __name__ == "__main__":
    main()
