"""Seconds and peak memory of drawing a population with its ties.

    python benchmarks/populations.py [--sizes 1000000,10000000] [--threads 2] [--against REVISION]

Every size is a process of its own; memory is what the drawing adds to the process at its peak. With `--against` the code of
another revision draws too, by turns, and the ratio of processor seconds is printed, which other work on the machine changes
less than seconds.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from worker import peak

ROOT = Path(__file__).parent.parent
ROUNDS = 5


def draw(citizens: int, threads: int) -> None:
    """Draws one population and prints what it took."""
    from glasshouse.population.synthesis import PopulationTable, synthesise

    synthesise(PopulationTable(citizens=1000), 1, threads)
    before, begun, worked = peak(), time.perf_counter(), time.process_time()
    population = synthesise(PopulationTable(citizens=citizens), 1, threads)
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    memory = (peak() - before) / citizens
    degree = len(population.ties) / citizens + float((population.citizens["household_size"].astype(float) - 1).mean())
    print(json.dumps({"seconds": seconds, "processor": processor, "memory": memory, "degree": degree}))


def drawn(citizens: int, threads: int, source: Path = ROOT / "src") -> dict[str, float]:
    """What it takes a process of its own with the package in a folder."""
    line = [sys.executable, __file__, "--one", str(citizens), "--threads", str(threads)]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    found = subprocess.run(line, capture_output=True, text=True, check=True, env=environment).stdout
    return dict(json.loads(found))


def race(sizes: list[int], threads: int, revision: str) -> None:
    """Prints the processor seconds of this code and of a revision, which take turns, and their ratio."""
    command = ["git", "-C", str(ROOT), "archive", revision, "src"]
    archive = subprocess.run(command, capture_output=True, check=True).stdout
    print(f"| citizens | processor seconds at {revision} | now | ratio | least and most |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")
        for size in sizes:
            pairs = [
                tuple(drawn(size, threads, source)["processor"] for source in (Path(folder) / "src", ROOT / "src"))
                for _ in range(ROUNDS)
            ]
            before, now = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratios = sorted(after / former for former, after in pairs)
            middle = statistics.median(ratios)
            print(
                f"| {size:,} | {before:.2f} | {now:.2f} | {middle:.2f} | {ratios[0]:.2f}, {ratios[-1]:.2f} |",
                flush=True,
            )


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000000,10000000")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--against", metavar="REVISION", help="A revision to compare with, by turns.")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    if given.one:
        draw(given.one, given.threads)
        return
    if given.against:
        race(sizes, given.threads, given.against)
        return
    print("| citizens | seconds | peak memory, bytes a citizen | mean degree |\n|---|---|---|---|")
    for size in sizes:
        found = drawn(size, given.threads)
        print(f"| {size:,} | {found['seconds']:.1f} | {found['memory']:.0f} | {found['degree']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
