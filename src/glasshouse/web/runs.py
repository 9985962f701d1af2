"""Runs started from the page: processes of their own, which go on when the tab is closed and when the page ends.

A run is a folder: what was asked (`asked.toml`), what the run says (`events.jsonl`, a line an event), its results, and a
lock that the process holds as long as it lives. All that the page tells of a run it reads from there, so that a page
started again finds every run as it is.
"""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from glasshouse.errors import RunningError, ScenarioError, StoringError
from glasshouse.scenario import Scenario, load, loads

State = Literal["running", "finished", "cancelled", "failed", "stopped"]

ASKED, EVENTS, LOCK, PID, CANCELLED, RESULT = "asked.toml", "events.jsonl", "lock", "pid", "cancelled", "result"

DOWNLOADS = ("asked.toml", "result/report.html", "result/scenario.toml", "result/certificate.json",
             "result/effects.parquet", "result/weekly.parquet", "result/over_time.parquet")  # fmt: skip
"""Files of a run that may be fetched."""

LONGEST = 65_536
"""Bytes that an event has at most, by far."""

NAME = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Limits:
    """What one page may ask of the machine: of a run, and of all runs together."""

    citizens: int = 1_000_000
    weeks: int = 2_600
    replicates: int = 20
    citizen_weeks: int = 2_000_000_000
    at_once: int = 2
    kept: int = 200

    def check(self, scenario: Scenario) -> None:
        """ScenarioError with everything in which a scenario asks for more."""
        run, people = scenario.run, scenario.society.citizens
        asked = {
            "society.citizens": (people, self.citizens),
            "run.weeks": (run.weeks, self.weeks),
            "run.replicates": (run.replicates, self.replicates),
            "citizens x weeks x replicates": (people * run.weeks * run.replicates, self.citizen_weeks),
        }
        faults = [
            f"{name} = {value:,} is more than this page runs, {most:,}. Take less, or run it with: glasshouse run"
            for name, (value, most) in asked.items()
            if value > most
        ]
        if faults:
            raise ScenarioError(*faults)


@dataclass(frozen=True)
class Run:
    """One run by its folder."""

    folder: Path

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.folder.name

    @property
    def scenario(self) -> Scenario:
        """What was asked."""
        return load(self.folder / ASKED)

    @property
    def state(self) -> State:
        """How it stands; «stopped» is one whose process died without a word."""
        last = self.last
        if last.get("event") == "result":
            return "finished"
        if self.alive:
            return "running"
        if (self.folder / CANCELLED).exists():
            return "cancelled"
        return "failed" if (self.folder / "said").exists() and self.said else "stopped"

    @property
    def alive(self) -> bool:
        """Whether its process holds the lock."""
        with (self.folder / LOCK).open("a") as lock:
            try:
                # Shared among those who look, so that none takes another for the process.
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    @property
    def said(self) -> str:
        """What the process said when it could not go on."""
        try:
            return (self.folder / "said").read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return ""

    @property
    def last(self) -> dict[str, Any]:
        """The last event; empty before the first."""
        try:
            size = (self.folder / EVENTS).stat().st_size
        except FileNotFoundError:
            return {}
        # From within a line on, which is then no event: a run of hours says more than can be read at every look.
        events, _ = self.tail(max(size - LONGEST, 0))
        return events[-1] if events else {}

    def tail(self, place: int = 0) -> tuple[list[dict[str, Any]], int]:
        """The events from a place in the file on, and the place behind them.

        A line that is still being written is left for the next time, and one that was never ended is no event.
        """
        try:
            with (self.folder / EVENTS).open("rb") as file:
                file.seek(place)
                text = file.read()
        except FileNotFoundError:
            return [], place
        whole = text[: text.rfind(b"\n") + 1]
        found = (_event(line) for line in whole.splitlines())
        return [event for event in found if event is not None], place + len(whole)

    def file(self, name: str) -> Path:
        """A file of the run that may be fetched; StoringError for any other."""
        path = self.folder / name
        if name not in DOWNLOADS or not path.is_file():
            raise StoringError(f"The run {self.name} has no file {name} to fetch. It may have: {', '.join(DOWNLOADS)}.")
        return path


def _event(line: bytes) -> dict[str, Any] | None:
    """The event of a line; None for a line that breaks off, as a killed process or a full disk leaves one."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _end_line(path: Path) -> None:
    """Ends a line that broke off, so that what comes next stands on one of its own."""
    with path.open("ab+") as file:
        if file.tell() == 0:
            return
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.write(b"\n")


class Runs:
    """All runs of one page, in its folder."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder, self.limits = folder, limits or Limits()
        self._starting = threading.Lock()

    def all(self) -> tuple[Run, ...]:
        """Every run, the newest first."""
        if not self.folder.is_dir():
            return ()
        folders = [path for path in self.folder.iterdir() if NAME.fullmatch(path.name) and (path / ASKED).is_file()]
        return tuple(Run(path) for path in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True))

    def of(self, name: str) -> Run:
        """The run of that name; StoringError if there is none."""
        run = Run(self.folder / name)
        if not NAME.fullmatch(name) or not (run.folder / ASKED).is_file():
            raise StoringError("There is no such run here. It may have been of another page or folder.")
        return run

    def start(self, text: str) -> Run:
        """Starts a run of a scenario's text and returns at once.

        Raises ScenarioError for a faulty scenario or one beyond the limits, RunningError if too many are at work.
        """
        self.limits.check(loads(text))
        with self._starting:
            self._room()
            return self._start(text)

    def _start(self, text: str) -> Run:
        if len(self.all()) >= self.limits.kept:
            raise RunningError(f"This page keeps {self.limits.kept} runs. Remove folders from {self.folder} first.")
        folder = self.folder / os.urandom(6).hex()
        try:
            folder.mkdir(parents=True)
            (folder / ASKED).write_text(text, encoding="utf-8")
        except OSError as error:
            raise StoringError(
                f"The run cannot be kept ({error.strerror}). Make room, or start the page with another --folder."
            ) from error
        run = Run(folder)
        self._begin(run, resume=False)
        return run

    def resume(self, run: Run) -> None:
        """Goes on with a run that was cancelled or stopped; one at work or finished is left as it is.

        RunningError if too many are at work.
        """
        with self._starting:
            if run.state not in ("cancelled", "stopped", "failed"):
                return
            self._room()
            (run.folder / CANCELLED).unlink(missing_ok=True)
            self._begin(run, resume=(run.folder / RESULT).exists())

    def _room(self) -> None:
        """RunningError if as many runs are at work as the page does at once."""
        going = sum(run.alive for run in self.all())
        if going >= self.limits.at_once:
            raise RunningError(
                f"{going} runs are at work, and this page does {self.limits.at_once} at once. Wait for one, or stop it."
            )

    def cancel(self, run: Run) -> None:
        """Stops a run; what it has done is kept, so that it can go on."""
        if not run.alive:
            return
        (run.folder / CANCELLED).touch()
        os.kill(int((run.folder / PID).read_text()), signal.SIGINT)

    def _begin(self, run: Run, *, resume: bool) -> None:
        command = [sys.executable, "-m", "glasshouse.cli", "run", str((run.folder / ASKED).resolve()), "--json-progress",
                   "--out", str((run.folder / RESULT).resolve()), *(["--resume"] if resume else [])]  # fmt: skip
        with (
            (run.folder / LOCK).open("a") as lock,
            (run.folder / EVENTS).open("a") as events,
            (run.folder / "said").open("w") as said,
        ):
            # The process inherits the lock and holds it until it ends, however that comes about.
            fcntl.flock(lock, fcntl.LOCK_EX)
            _end_line(run.folder / EVENTS)
            process = subprocess.Popen(
                command,
                stdout=events,
                stderr=said,
                stdin=subprocess.DEVNULL,
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )
            (run.folder / PID).write_text(str(process.pid))
