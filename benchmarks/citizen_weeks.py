"""Citizen-weeks per second of the full model, two arms, against the number of citizens; and against a former version.

    python benchmarks/citizen_weeks.py [--sizes 10000,100000,1000000,10000000] [--rounds 3] [--against REVISION]

Every size is a process of its own; in a round each steps a stretch of weeks in turn, so that a busy machine slows all
of them alike. With `--against` the same sizes also run in a checkout of that revision, in the same turns.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
STRETCH = 4_000_000
"""Citizen-weeks of a turn, about (at least two weeks)."""


class Runner:
    """A process that has a population ready and steps it when told to."""

    def __init__(self, citizens: int, threads: int, tree: Path) -> None:
        self.citizens, self.rates = citizens, list[float]()
        self.process = subprocess.Popen(
            # Each version brings its own worker, since modules may have moved between the two.
            [sys.executable, tree / "benchmarks" / "worker.py", str(tree / "src"), str(citizens), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = self.ask("")

    def ask(self, line: str) -> dict[str, float]:
        """Sends a line, if there is one, and gives what comes back."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if line:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"The worker for {self.citizens:,} citizens ended early; its message is above.")
        return dict(json.loads(answer))

    def turn(self) -> None:
        """Steps one stretch and notes its rate."""
        weeks = max(STRETCH // (2 * self.citizens), 2)
        self.rates.append(2 * self.citizens * weeks / self.ask(str(weeks))["seconds"])

    def close(self) -> float:
        """Ends the process and gives its peak memory in bytes."""
        peak = self.ask("end")["peak"]
        self.process.wait()
        return peak


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000,10000000")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--against", default="")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        trees = [ROOT]
        if given.against:
            trees.append(Path(folder) / "former")
            subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", trees[1], given.against], check=True)
        try:
            race(sizes, trees, given.rounds, given.threads)
        finally:
            if given.against:
                subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", trees[1]], check=True)


def race(sizes: list[int], trees: list[Path], rounds: int, threads: int) -> None:
    """Steps all runners in turns and prints what they took."""
    runners = [[Runner(size, threads, tree) for size in sizes] for tree in trees]
    for _ in range(rounds):
        for size in range(len(sizes)):
            for tree in runners:
                tree[size].turn()
    middle = [[statistics.median(runner.rates) for runner in tree] for tree in runners]
    peaks = [runner.close() for runner in runners[0]]
    for tree in runners[1:]:
        for runner in tree:
            runner.close()
    print(f"{threads} threads, two arms with their comparison and weekly totals, regime in all districts.\n")
    print("| citizens | million citizen-weeks/s | ns each | set-up, s | peak memory, MB | bytes a citizen |")
    print("|---|---|---|---|---|---|")
    for runner, rate, peak in zip(runners[0], middle[0], peaks, strict=True):
        each = (peak - runner.ready["before"]) / runner.citizens
        print(
            f"| {runner.citizens:,} | {rate / 1e6:.1f} | {1e9 / rate:.0f} | {runner.ready['set_up']:.2f} | "
            f"{peak / 2**20:.0f} | {each:.0f} |"
        )
    if len(sizes) > 1:
        seconds = [size / rate for size, rate in zip(sizes, middle[0], strict=True)]
        growth = math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
        print(f"\nTime for a week grows with the number of citizens to the power {growth:.3f}.")
    if 100_000 in sizes and 10_000_000 in sizes:
        ratio = middle[0][sizes.index(100_000)] / middle[0][sizes.index(10_000_000)]
        print(f"A citizen-week at 10^7 costs {ratio:.2f} times one at 10^5.")
    for size, mine, former in zip(sizes, middle[0], middle[-1], strict=True) if len(trees) > 1 else ():
        print(f"{size:,} citizens: {mine / former:.2f} times the former version's speed.")


if __name__ == "__main__":
    main()
