"""Does a study lose or double a run when its workers and its coordinator are killed, again and again?

    python verification/killing.py [--kills 50] [--database sqlite] [--database postgresql] [--runs 400] [--seed 1]

Runs one study undisturbed in this process, then the same study as `glasshouse study run` with two workers, of which, and
of whom, somebody is sent SIGKILL every few seconds: every fifth time the coordinator, else a random worker. A dead
coordinator is followed by `glasshouse study resume`. In the end every run must be there exactly once, the exported table
and the digest of each run must be those of the undisturbed study, no file may be left that the study database does not know,
and no worker may still be running. Takes about ten minutes on two cores for both study databases; ends with 1 if anything is
amiss. PostgreSQL's server programs are needed for its part, in the PATH or where Debian puts them.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from glasshouse.errors import StoringError
from glasshouse.study.findings import collect
from glasshouse.study.store.schema import Counts, Run
from glasshouse.study.store.study_database import StudyDatabase

sys.path.insert(0, str(Path(__file__).parents[1]))

NAME = "storm"
TEXT = """
scenario = "rows/s08-augmentation"
runs = {runs}
replicates = 2
measures = ["records", "unrelated_share", "chilling"]
[settings]
citizens = {citizens}
run.weeks = 52
run.start = 2
[factors]
"observation.coverage" = [0.2, 0.6]
"lists.integration" = [0.0, 0.9]
"""


@dataclass
class Storm:
    """A study under fire: where it is, who is killed when, and what has been done to it so far."""

    file: Path
    folder: Path
    url: str
    generator: np.random.Generator
    workers: int = 2
    pause: float = 2.0
    killed: dict[str, int] = field(default_factory=lambda: {"worker": 0, "coordinator": 0})
    coordinator: "subprocess.Popen[str] | None" = None

    def begin(self) -> None:
        """Starts the study, or goes on with it after its coordinator has ended."""
        first = self.coordinator is None
        words = ["run", str(self.file), "--name", NAME] if first else ["resume", NAME]
        command = [sys.executable, "-m", "glasshouse", "study", *words, "--folder", str(self.folder), "--quiet"]
        environment = {**os.environ, "GLASSHOUSE_STUDIES": self.url}
        self.coordinator = subprocess.Popen(
            [*command, "--workers", str(self.workers)], env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def strike(self, database: StudyDatabase, coordinator: bool) -> bool:
        """Kills somebody once work is going on; False if the study was done before."""
        end = time.monotonic() + float(self.generator.uniform(0, 2 * self.pause))
        while True:
            if self.coordinator is None or self.coordinator.poll() is not None:
                if self.coordinator is not None and self.coordinator.returncode == 0:
                    return False
                self.begin()
            victims = [self.coordinator.pid] if coordinator and self.coordinator else self.living()
            if time.monotonic() > end and victims and _at_work(database):
                break
            time.sleep(0.05)
        try:
            os.kill(int(self.generator.choice(victims)), signal.SIGKILL)
        except ProcessLookupError:
            return self.strike(database, coordinator)
        self.killed["coordinator" if coordinator else "worker"] += 1
        return True

    def living(self) -> list[int]:
        """Process numbers of the study's workers, orphans among them."""
        listed = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True
        ).stdout
        mark = f"study work {NAME} --folder {self.folder} "
        return [int(line.split()[0]) for line in listed.splitlines() if mark in f"{line} "]

    def finish(self) -> str:
        """Lets the study come to its end; returns what the last command said, with what was amiss first."""
        for _ in range(5):
            if self.coordinator is None or self.coordinator.poll() is not None:
                self.begin()
            assert self.coordinator is not None
            said = self.coordinator.communicate()[0]
            if self.coordinator.returncode == 0:
                return said.strip()
        return f"FAILS: the study does not end: {said.strip()}"


def _at_work(database: StudyDatabase) -> bool:
    try:
        return database.active_workers(database.study(NAME)) > 0
    except StoringError:
        return False


def kinds(kills: int, generator: np.random.Generator) -> list[bool]:
    """Whether each kill is the coordinator's: every fifth is, in random order, and at least one."""
    chosen = np.arange(kills) < max(kills // 5, 1)
    return [bool(one) for one in generator.permutation(chosen)]


def table(url: str, folder: Path) -> tuple[bytes, list[tuple[int, str | None]], Counts]:
    """The bytes of the exported table, number and digest of each run that is done, and the counts of runs."""
    with StudyDatabase.open(url) as database:
        record = database.study(NAME)
        collect(database, NAME, folder / NAME).runs.to_csv(folder / "runs.csv")
        runs: tuple[Run, ...] = database.runs(record, "done")
        return (folder / "runs.csv").read_bytes(), [(run.number, run.digest) for run in runs], database.counts(record)


def faults(storm: Storm, wanted: tuple[bytes, list[tuple[int, str | None]], Counts]) -> list[str]:
    """What is amiss with a study that went through a storm."""
    found, runs, counts = table(storm.url, storm.folder)
    lines = found.decode().splitlines()[1:]
    numbers = [int(line.split(",")[0]) for line in lines]
    with StudyDatabase.open(storm.url) as database:
        known = {shard.file for shard in database.shards(database.study(NAME))}
    there = {path.name for path in (storm.folder / NAME).iterdir()}
    checks = {
        f"runs are {counts}": counts == wanted[2],
        "a run is missing from the table or twice in it": numbers == list(range(counts.total)),
        "the table differs from that of the undisturbed study": found == wanted[0],
        "digests of runs differ from those of the undisturbed study": runs == wanted[1],
        f"files are left: {sorted(there - known)}": there == known,
        f"workers are left: {storm.living()}": not storm.living(),
    }
    return [fault for fault, holds in checks.items() if not holds]


def undisturbed(file: Path, folder: Path) -> tuple[bytes, list[tuple[int, str | None]], Counts]:
    """What the study comes to when nobody is killed."""
    import glasshouse

    glasshouse.studies.run(file, name=NAME, folder=folder)
    return table(str(folder / "studies.db"), folder)


def through(storm: Storm, kills: int, wanted: tuple[bytes, list[tuple[int, str | None]], Counts]) -> list[str]:
    """Sends the study through so many kills and lets it end; returns what is amiss then."""
    with StudyDatabase.open(storm.url) as database:
        for coordinator in kinds(kills, storm.generator):
            if not storm.strike(database, coordinator):
                return [f"the study was done after {sum(storm.killed.values())} kills: take more runs"]
    said = storm.finish()
    return [said] if said.startswith("FAILS") else faults(storm, wanted)


@contextmanager
def place(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty study database of that kind."""
    if kind == "sqlite":
        yield str(folder / "studies.db")
        return
    from tests.helpers.postgres import programs, running

    if (found := programs()) is None:
        raise SystemExit("PostgreSQL's programs initdb and pg_ctl are not installed. Leave it out: --database sqlite")
    with running(found) as server:
        yield server.fresh()


def main() -> None:
    """Sends a study through the storm on each study database and prints a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--citizens", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as room:
        file = Path(room) / "storm.toml"
        file.write_text(TEXT.format(runs=given.runs, citizens=given.citizens), encoding="utf-8")
        wanted = undisturbed(file, Path(room) / "undisturbed")
        for kind in given.database or ("sqlite", "postgresql"):
            folder, begun = Path(room) / kind, time.monotonic()
            with place(kind, folder) as url:
                storm = Storm(file, folder, url, np.random.default_rng(given.seed))
                amiss = through(storm, given.kills, wanted)
            failed |= bool(amiss)
            print(
                f"{kind:10} {storm.killed['worker']} workers and {storm.killed['coordinator']} coordinators killed in "
                f"{time.monotonic() - begun:.0f} s, {wanted[2].total} runs: "
                f"{'; '.join(amiss) or 'each there once, bytes as undisturbed'}   {'FAILS' if amiss else 'holds'}",
                flush=True,
            )
    sys.exit(failed)


if __name__ == "__main__":
    main()
