"""From a command to its first sign, its first week and its report: cold cache, warm cache, and a second scenario.

    python benchmarks/start.py [--rounds 3]

The run is the flagship scenario with one replicate: 100,000 citizens, 676 weeks, two arms. Cold means that nothing
was ever compiled on the machine; the second scenario extends the first and says other things.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OTHER = """extends = "social-governance"
title = "Rewards only"

[sanctions]
severity = [0.0, 0.0, 0.0, 0.0]
reward = 0.04
"""
KINDS = ("first output", "first progress", "first week", "end, with report")


def timed(scenario: str, folder: Path, cache: Path) -> list[float]:
    """Seconds from the start of a process to each of KINDS."""
    environment = {**os.environ, "GLASSHOUSE_CACHE": str(cache), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "glasshouse", "run", scenario, "--replicates", "1", "--json-progress"]
    begun = time.perf_counter()
    process = subprocess.Popen([*command, "--out", str(folder)], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    found: list[float] = []
    for line in process.stdout:
        event, now = json.loads(line), time.perf_counter() - begun
        reached = event["event"] == "progress"
        if (
            not found
            or (len(found) == 1 and reached)
            or (len(found) == 2 and reached and event["stage"] == "run" and event["week"] > 0)
        ):
            found.append(now)
    if process.wait():
        raise SystemExit("The run failed; its message is above.")
    return [*found, time.perf_counter() - begun]


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    found: dict[str, list[list[float]]] = {"cold cache": [], "warm cache": [], "second scenario": []}
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "other.toml").write_text(OTHER)
            found["cold cache"].append(timed("social-governance", folder / "1", folder / "cache"))
            compiled = sorted(folder.glob("cache/**/*.nb*"))
            found["warm cache"].append(timed("social-governance", folder / "2", folder / "cache"))
            found["second scenario"].append(timed(str(folder / "other.toml"), folder / "3", folder / "cache"))
            if sorted(folder.glob("cache/**/*.nb*")) != compiled:
                raise SystemExit("The second scenario was compiled anew.")
    print("| seconds to | " + " | ".join(KINDS) + " |\n|" + "---|" * (len(KINDS) + 1))
    for kind, runs in found.items():
        middle = " | ".join(f"{statistics.median(column):.1f}" for column in zip(*runs, strict=True))
        print(f"| {kind} | {middle} |")


if __name__ == "__main__":
    main()
