"""Runs started from the web interface: background jobs that simulate both arms of a scenario.

A run's folder holds what was asked (`asked.toml`), what the run says (`events.jsonl`, a line an event) and its results.
"""

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glasshouse.engine.size import memory
from glasshouse.errors import RunningError, ScenarioError, StoringError
from glasshouse.scenario.scenario import Scenario, load, loads
from glasshouse.web.jobs import Job, JobLimiter, PageJob

ASKED, EVENTS, RESULT = "asked.toml", "events.jsonl", "result"

DOWNLOADS = ("asked.toml", "result/report.html", "result/scenario.toml", "result/provenance.json",
             "result/effects.parquet", "result/weekly.parquet", "result/over_time.parquet")  # fmt: skip
"""Files of a run that may be fetched."""

ASSESSED = ("rights/sheet/fria.docx", "rights/sheet/fria.json")
"""Files of its impact assessment that may be fetched once they are there."""

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
    memory: int = 4_000
    at_once: int = 2
    stored: int = 200

    def check(self, scenario: Scenario) -> None:
        """Refuse a scenario that asks for more than the limits allow.

        Parameters
        ----------
        scenario : Scenario
            The scenario of the run. Its need for memory is compared with `memory`, in megabytes.

        Raises
        ------
        ScenarioError
            With one message for each limit that the scenario exceeds.
        """
        run, people = scenario.run, scenario.society.citizens
        asked = {
            "society.citizens": (people, self.citizens),
            "run.weeks": (run.weeks, self.weeks),
            "run.replicates": (run.replicates, self.replicates),
            "citizens x weeks x replicates": (people * run.weeks * run.replicates, self.citizen_weeks),
            "megabytes of memory needed": (memory(scenario), self.memory),
        }
        faults = [
            f"{name} = {value:,} is more than this page runs, {most:,}. Take less, or run it with: glasshouse run"
            for name, (value, most) in asked.items()
            if value > most
        ]
        if faults:
            raise ScenarioError(*faults)


@dataclass(frozen=True)
class Run(Job):
    """One run by its folder."""

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.folder.name

    @property
    def scenario(self) -> Scenario:
        """What was asked."""
        return load(self.folder / ASKED)

    @property
    def title(self) -> str:
        """What it is called in a list; its name where its scenario is of another version and can no longer be read."""
        try:
            return self.scenario.title
        except ScenarioError:
            return self.name

    @property
    def base(self) -> str:
        """The name of the shipped scenario that was changed, without its folder; "" where there is none."""
        named = tomllib.loads((self.folder / ASKED).read_text(encoding="utf-8")).get("extends", "")
        return str(named).rpartition("/")[2]

    @property
    def done(self) -> bool:
        """Whether it has a result."""
        return self.last.get("event") == "result"

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
        """Read the events from a position in the file of events on.

        A line that is still being written is left for the next call. A line that was never completed is no event.

        Parameters
        ----------
        place : int, default 0
            Position in the file, in bytes.

        Returns
        -------
        events : list of dict
            The events from `place` on, in the order in which they were written; empty if the file does not exist.
        place : int
            Position after the last complete line, in bytes: where the next call continues.
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

    def lives(self, citizen: int | None = None) -> PageJob:
        """The page of exemplary life courses of the run's first population.

        Parameters
        ----------
        citizen : int, optional
            Number of a citizen, for the page of that citizen's life course alone.

        Returns
        -------
        PageJob
            The background job that writes the page, which may not have begun.
        """
        return PageJob(self.folder / ("lives" if citizen is None else f"lives-{citizen}"))

    @property
    def evidence(self) -> PageJob:
        """The evidence sheet of its scenario."""
        return PageJob(self.folder / "evidence", "sheet/evidence.html")

    @property
    def rights(self) -> PageJob:
        """The impact assessment of its scenario."""
        return PageJob(self.folder / "rights", "sheet/fria.html")

    @property
    def downloads(self) -> tuple[str, ...]:
        """Files that may be fetched, those of an impact assessment only if they are there."""
        return (*DOWNLOADS, *(name for name in ASSESSED if (self.folder / name).is_file()))

    def file(self, name: str) -> Path:
        """The path of a file of the run that may be fetched.

        Parameters
        ----------
        name : str
            One of `downloads`, relative to the run's folder.

        Returns
        -------
        Path
            Path of the file, which exists.

        Raises
        ------
        StoringError
            If the file may not be fetched or does not exist.
        """
        path = self.folder / name
        if name not in self.downloads or not path.is_file():
            raise StoringError(
                f"The run {self.name} has no file {name} to fetch. It may have: {', '.join(self.downloads)}."
            )
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
    """All runs of one page, in its folder.

    Parameters
    ----------
    folder : Path
        Folder with one folder for each run.
    limits : Limits, optional
        What runs may ask of the machine; by default the defaults of `Limits`.
    """

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder, self.limits = folder, limits or Limits()
        self.limiter = JobLimiter(folder, self.limits.at_once, self.limits.memory)

    def all(self) -> tuple[Run, ...]:
        """Every run in the folder.

        Returns
        -------
        tuple of Run
            The runs, the newest first; empty if the folder does not exist.
        """
        if not self.folder.is_dir():
            return ()
        folders = [path for path in self.folder.iterdir() if NAME.fullmatch(path.name) and (path / ASKED).is_file()]
        return tuple(Run(path) for path in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True))

    def of(self, name: str) -> Run:
        """The run with a given name.

        Parameters
        ----------
        name : str
            Name of the run: 12 hexadecimal digits.

        Returns
        -------
        Run
            The run.

        Raises
        ------
        StoringError
            If there is no run of that name.
        """
        run = Run(self.folder / name)
        if not NAME.fullmatch(name) or not (run.folder / ASKED).is_file():
            raise StoringError("There is no such run here. It may have been of another page or folder.")
        return run

    def start(self, text: str, language: str = "en") -> Run:
        """Start a run of a scenario in a background job and return at once.

        Parameters
        ----------
        text : str
            The scenario, in TOML.
        language : str, default "en"
            The language of its report.

        Returns
        -------
        Run
            The run that was started.

        Raises
        ------
        ScenarioError
            If the scenario is faulty or exceeds the limits.
        RunningError
            If too many jobs are running, or the page already keeps as many runs as it may.
        StoringError
            If the run cannot be stored.
        """
        scenario = loads(text)
        self.limits.check(scenario)
        with self.limiter.one(memory(scenario)):
            return self._start(text, language, memory(scenario))

    def _start(self, text: str, language: str, needs: int) -> Run:
        if len(self.all()) >= self.limits.stored:
            raise RunningError(f"This page stores {self.limits.stored} runs. Remove folders from {self.folder} first.")
        folder = self.folder / os.urandom(6).hex()
        try:
            folder.mkdir(parents=True)
            (folder / ASKED).write_text(text, encoding="utf-8")
        except OSError as error:
            raise _unkept(error) from error
        run = Run(folder)
        self._begin(run, needs, ["--language", language])
        return run

    def resume(self, run: Run, language: str = "en") -> None:
        """Resume a run that was cancelled or stopped.

        A run that is running or finished is left as it is.

        Parameters
        ----------
        run : Run
            The run.
        language : str, default "en"
            The language of its report.

        Raises
        ------
        RunningError
            If too many jobs are running.
        StoringError
            If the run cannot be stored.
        """
        if run.state in ("running", "finished"):
            return
        needs = memory(run.scenario)
        with self.limiter.one(needs):
            # In the meantime another request may have started it.
            if run.state not in ("running", "finished"):
                resumed = ["--resume"] if (run.folder / RESULT).exists() else []
                self._begin(run, needs, ["--language", language, *resumed])

    def _begin(self, run: Run, needs: int, options: list[str]) -> None:
        argv = ["run", str((run.folder / ASKED).resolve()), "--json-progress",
                 "--out", str((run.folder / RESULT).resolve()), *options]  # fmt: skip
        try:
            _end_line(run.folder / EVENTS)
            run.begin(argv, run.folder / EVENTS, needs)
        except OSError as error:
            raise _unkept(error) from error


def _unkept(error: OSError) -> StoringError:
    return StoringError(
        f"The run cannot be stored ({error.strerror}). Free space, or start the web interface with another --folder."
    )
