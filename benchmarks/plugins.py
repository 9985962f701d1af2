"""The same mechanism as a built-in and as a plug-in, side by side, and the week without it.

    python benchmarks/plugins.py [--citizens 200000] [--rounds 15] [--threads 1]

Built in, the module is imported like one of ours and its class put into the catalogue; as a plug-in it comes through
`--plugin`. Each has a cache of its own, so that each is compiled by itself. All three step a stretch of weeks in turns,
and processor time is counted, so that a busy machine disturbs little; the ratio is the median over rounds of the ratios
within a round.
"""

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "examples" / "plugins" / "rumour.py"
sys.path.insert(0, str(ROOT / "src"))

from glasshouse.engine.arms import Arms, arms_of
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.plugin_loader import find
from glasshouse.model.entities import Population
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue, in_week
from glasshouse.population.synthesis import synthesise
from glasshouse.scenario.scenario import Scenario, load

WARM = 20
"""Weeks before the clock, in which lists fill and the rumour spreads."""


class Runner:
    """The regime arm of one compiled model, stepped on demand."""

    def __init__(self, scenario: Scenario, population: Population, threads: int, folder: Path) -> None:
        layout = ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
        self.backend = CompiledBackend(layout, PAIRINGS, threads=threads, folder=folder)
        self.arm = Arms(layout, population, arms_of(scenario)).states["regime"]
        self.arm.active_table[:] = 1
        self.week, self.seconds = 0, list[float]()
        for _ in range(WARM):
            self.step()

    def step(self) -> None:
        """One week."""
        self.backend.step(self.arm, 1, self.week)
        self.week += 1

    def turn(self, weeks: int) -> None:
        """Steps so many weeks and notes the seconds of processor time."""
        begun = time.process_time()
        for _ in range(weeks):
            self.step()
        self.seconds.append(time.process_time() - begun)


def built_in() -> Catalogue:
    """The catalogue with the mechanism in its place, as if its module were one of ours."""
    spec = importlib.util.spec_from_file_location("rumour", FILE)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{FILE} cannot be imported.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["rumour"] = module
    spec.loader.exec_module(module)
    place = [mechanism.name for mechanism in CATALOGUE].index(module.Rumour.after) + 1
    return (*CATALOGUE[:place], module.Rumour, *CATALOGUE[place:])


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    size = (f"society.citizens={given.citizens}",)
    plugin = find([FILE])
    catalogues = {"without it": CATALOGUE, "built in": built_in(), "plug-in": in_week(CATALOGUE, plugin)}
    scenarios = {name: load("social-governance", size, catalogue) for name, catalogue in catalogues.items()}
    population = synthesise(scenarios["plug-in"].society, 1, given.threads)
    with tempfile.TemporaryDirectory() as folder:
        runners = {
            name: Runner(scenario, population, given.threads, Path(folder) / name)
            for name, scenario in scenarios.items()
        }
        weeks = max(2_000_000 // given.citizens, 2)
        for number in range(given.rounds):
            order = list(runners.values())
            for runner in order[number % 3 :] + order[: number % 3]:
                runner.turn(weeks)
    print(f"{given.citizens:,} citizens, {given.threads} thread(s), {given.rounds} rounds of {weeks} weeks.\n")
    print("| week | million citizen-weeks per processor second | speed relative to the plug-in |\n|---|---|---|")
    for name, runner in runners.items():
        rate = given.citizens * weeks / statistics.median(runner.seconds)
        pairs = zip(runners["plug-in"].seconds, runner.seconds, strict=True)
        print(f"| {name} | {rate / 1e6:.2f} | {statistics.median(mine / other for mine, other in pairs):.3f} |")
    one, other = runners["built in"], runners["plug-in"]
    print(
        f"\nThe generated texts are {'the same' if one.backend.text == other.backend.text else 'different'}; ", end=""
    )
    print(f"the arms after {one.week} weeks are {'the same' if _same(one, other) else 'different'}.")


def _same(one: Runner, other: Runner) -> bool:
    return all((getattr(one.arm, name) == getattr(other.arm, name)).all() for name in one.arm.STORED)


if __name__ == "__main__":
    main()
