"""Seconds and peak memory of drawing a population with its ties.

    python benchmarks/populations.py [--sizes 1000000,10000000] [--threads 2]

Every size is a process of its own; memory is what the drawing adds to the process at its peak.
"""

import argparse
import json
import subprocess
import sys
import time

from worker import peak


def draw(citizens: int, threads: int) -> None:
    """Draws one population and prints what it took."""
    from glasshouse.population.synthesis import PopulationTable, synthesise

    synthesise(PopulationTable(citizens=1000), 1, threads)
    before, begun = peak(), time.perf_counter()
    population = synthesise(PopulationTable(citizens=citizens), 1, threads)
    seconds = time.perf_counter() - begun
    memory = (peak() - before) / citizens
    degree = len(population.ties) / citizens + float((population.citizens["household_size"].astype(float) - 1).mean())
    print(json.dumps({"seconds": seconds, "memory": memory, "degree": degree}))


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000000,10000000")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        draw(given.one, given.threads)
        return
    print("| citizens | seconds | peak memory, bytes a citizen | mean degree |\n|---|---|---|---|")
    for size in given.sizes.split(","):
        line = [sys.executable, __file__, "--one", size, "--threads", str(given.threads)]
        found = json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
        print(f"| {int(size):,} | {found['seconds']:.1f} | {found['memory']:.0f} | {found['degree']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
