"""Background jobs of the web interface: separate processes, which continue when the tab is closed or the server ends.

A job works in a folder and holds a lock there for as long as it is alive. All that the interface says about a job is read
from its folder, so that a server that is started again finds every job as it is.
"""

import json
import os
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from glasshouse.errors import RunningError, StoringError
from glasshouse.study.launcher import launch

try:
    import fcntl
except ModuleNotFoundError:
    raise RunningError(
        "The web interface needs Linux or macOS: its background jobs use file locks that Windows does not have. "
        "On Windows, start it in the Windows Subsystem for Linux."
    ) from None

State = Literal["running", "finished", "cancelled", "failed", "stopped"]

LOCK, PID, MESSAGES, PRINTED, CANCELLED, NEEDS = "lock", "pid", "messages", "printed", "cancelled", "needs"
"""Files of a job in its folder; `MESSAGES` holds what its process wrote to standard error, `PRINTED` its standard output."""

LINE = 65_536
"""Bytes that a line of its output has at most, by far."""

PATIENCE = 1.0
"""Seconds within which every other reader has released a lock."""


@dataclass(frozen=True)
class Job(ABC):
    """A job by its folder, which is created when the job begins."""

    folder: Path

    @property
    @abstractmethod
    def done(self) -> bool:
        """Whether its output exists."""

    @property
    def begun(self) -> bool:
        """Whether it was ever started."""
        return (self.folder / LOCK).exists()

    @property
    def state(self) -> State:
        """Its state; “stopped” means that the process ended without output and without a message."""
        # Read before the output: a process that has ended has written its output, and one at work may end a moment later.
        alive = self.alive
        if self.done:
            return "finished"
        if alive:
            return "running"
        if (self.folder / CANCELLED).exists():
            return "cancelled"
        return "failed" if self.error_message else "stopped"

    @property
    def alive(self) -> bool:
        """Whether its process holds the lock."""
        return is_locked(self.folder / LOCK)

    @property
    def error_message(self) -> str:
        """What the process wrote to standard error when it failed."""
        try:
            return (self.folder / MESSAGES).read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return ""

    def cancel(self) -> None:
        """Stops it; its finished work is kept."""
        if not self.alive:
            return
        (self.folder / CANCELLED).touch()
        # It may have ended in the meantime, or have no process number yet.
        with suppress(FileNotFoundError, ValueError, ProcessLookupError):
            os.kill(int((self.folder / PID).read_text()), signal.SIGINT)

    def begin(
        self, argv: Sequence[str], output: Path, needs: int, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the process.

        Parameters
        ----------
        argv : sequence of str
            Arguments of the `glasshouse` command.
        output : Path
            File to which its standard output is appended.
        needs : int
            Memory that it needs, in megabytes.
        environment : mapping of str to str, optional
            Further environment variables.

        Raises
        ------
        RunningError
            If another server with the same folder has just started it.
        """
        with (self.folder / LOCK).open("a") as lock:
            # The process inherits the lock and holds it until it ends, even if it is killed.
            _take(lock)
            self._start(lock, argv, output, needs, environment)

    def _start(
        self, lock: IO[str], argv: Sequence[str], output: Path, needs: int, environment: Mapping[str, str] | None
    ) -> None:
        (self.folder / NEEDS).write_text(str(needs))
        with output.open("a") as printed, (self.folder / MESSAGES).open("w") as messages:
            # The number of the former process may by now belong to another program.
            for left in (CANCELLED, PID):
                (self.folder / left).unlink(missing_ok=True)
            process = launch(argv, stdout=printed, stderr=messages, environment=environment, lock=lock)
            (self.folder / PID).write_text(str(process.pid))


def _take(lock: IO[str]) -> None:
    """Takes a lock; RunningError if a job holds it, rather than a reader for a moment."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise RunningError("This was started a moment ago by another server with the same folder.") from None
            time.sleep(0.01)
        else:
            return


def is_locked(lock: Path) -> bool:
    """Tell whether a process holds a lock.

    Parameters
    ----------
    lock : Path
        The lock file.

    Returns
    -------
    bool
        False also for a file that does not exist.
    """
    try:
        with lock.open() as file:
            # A shared lock, so that no reader takes another reader for the process.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


@dataclass(frozen=True)
class PageJob(Job):
    """A job that writes one page, `file` in its folder."""

    file: str = "page.html"

    @property
    def done(self) -> bool:
        """Whether the page exists; it is written whole or not at all."""
        return self.page.is_file()

    @property
    def page(self) -> Path:
        """Where the page is written."""
        return self.folder / self.file

    @property
    def share(self) -> float:
        """Share of its work that is done, 0 to 1, as the last line of its output says; 0 where none says so."""
        try:
            with (self.folder / PRINTED).open("rb") as printed:
                printed.seek(max(printed.seek(0, os.SEEK_END) - LINE, 0))
                lines = printed.read().splitlines()
        except FileNotFoundError:
            return 0.0
        for line in reversed(lines):
            with suppress(ValueError, KeyError, TypeError, ZeroDivisionError):
                told = json.loads(line)
                return min(float(told["done"]) / float(told["total"]), 1.0)
        return 0.0


class JobLimiter:
    """Limits how many jobs run at once, and how much memory they may need together, over all jobs in a folder.

    Parameters
    ----------
    folder : Path
        The folder; jobs work one or two levels below it.
    most : int
        How many jobs may run at once.
    memory : int
        Memory that they may need together, in megabytes.
    """

    def __init__(self, folder: Path, most: int, memory: int) -> None:
        self.folder, self.most, self.memory = folder, most, memory
        self._starting = threading.Lock()

    @contextmanager
    def one(self, needs: int) -> Iterator[None]:
        """Open a context in which one more job may be started.

        Parameters
        ----------
        needs : int
            Memory that the job needs, in megabytes.

        Yields
        ------
        None
            While no other thread may start a job.

        Raises
        ------
        RunningError
            If too many jobs run, or if they need too much memory.
        """
        with self._starting:
            locks = [lock for depth in ("*", "*/*") for lock in self.folder.glob(f"{depth}/{LOCK}") if is_locked(lock)]
            if len(locks) >= self.most:
                raise RunningError(
                    f"{len(locks)} tasks are at work, and this page does {self.most} at once. Wait for one, or stop it."
                )
            taken = sum(_number(lock.with_name(NEEDS)) for lock in locks)
            if taken + needs > self.memory:
                raise RunningError(
                    f"This needs about {needs:,} MB of memory, and what is at work has {taken:,} of the {self.memory:,} MB that "
                    "this page takes. Wait for that, stop it, or ask for fewer citizens."
                )
            yield

    def write(
        self, job: PageJob, argv: Sequence[str], needs: int, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start to write a page, unless it exists or is being written.

        Parameters
        ----------
        job : PageJob
            The page.
        argv : sequence of str
            Arguments of the `glasshouse` command that writes it.
        needs : int
            Memory that it needs, in megabytes.
        environment : mapping of str to str, optional
            Further environment variables.

        Raises
        ------
        RunningError
            If the limits do not allow another job.
        StoringError
            If its folder cannot be created.
        """
        if job.done or job.alive:
            return
        with self.one(needs):
            # In the meantime another request may have started it.
            if job.done or job.alive:
                return
            try:
                job.folder.mkdir(parents=True, exist_ok=True)
                job.begin(argv, job.folder / PRINTED, needs, environment)
            except OSError as error:
                raise StoringError(
                    f"The page cannot be stored ({error.strerror}). Free space, and try again."
                ) from error


def _number(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0
