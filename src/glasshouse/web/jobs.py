"""Errands of the page: processes of their own, which go on when the tab is closed and when the page ends.

An errand works in a folder, where it holds a lock as long as it lives. All that the page tells of one it reads from there,
so that a page started again finds every errand as it is.
"""

import fcntl
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

State = Literal["running", "finished", "cancelled", "failed", "stopped"]

LOCK, PID, SAID, CANCELLED, NEEDS = "lock", "pid", "said", "cancelled", "needs"

PATIENCE = 1.0
"""Seconds in which all who look at a lock are done looking."""


@dataclass(frozen=True)
class Job(ABC):
    """One errand by its folder, which need not be there before it has begun."""

    folder: Path

    @property
    @abstractmethod
    def done(self) -> bool:
        """Whether what it was to make is there."""

    @property
    def begun(self) -> bool:
        """Whether it was ever begun."""
        return (self.folder / LOCK).exists()

    @property
    def state(self) -> State:
        """How it stands; «stopped» is one whose process died without a word."""
        # Looked at first: a process that is over has made what it makes, and one that works may be done a moment later.
        alive = self.alive
        if self.done:
            return "finished"
        if alive:
            return "running"
        if (self.folder / CANCELLED).exists():
            return "cancelled"
        return "failed" if self.said else "stopped"

    @property
    def alive(self) -> bool:
        """Whether its process holds the lock."""
        return held(self.folder / LOCK)

    @property
    def said(self) -> str:
        """What the process said when it could not go on."""
        try:
            return (self.folder / SAID).read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return ""

    def cancel(self) -> None:
        """Stops it; what it has done is kept."""
        if not self.alive:
            return
        (self.folder / CANCELLED).touch()
        # It may have ended meanwhile, or be so young that it has no number yet.
        with suppress(FileNotFoundError, ValueError, ProcessLookupError):
            os.kill(int((self.folder / PID).read_text()), signal.SIGINT)

    def begin(
        self, words: Sequence[str], output: Path, needs: int, environment: Mapping[str, str] | None = None
    ) -> None:
        """Starts the process: a command of Glasshouse, which prints to the end of `output` and `needs` so many megabytes.

        RunningError if another page over the same folder has just begun it.
        """
        with (self.folder / LOCK).open("a") as lock:
            # The process inherits the lock and holds it until it ends, however that comes about.
            _take(lock)
            self._start(lock, words, output, needs, environment)

    def _start(
        self, lock: IO[str], words: Sequence[str], output: Path, needs: int, environment: Mapping[str, str] | None
    ) -> None:
        (self.folder / NEEDS).write_text(str(needs))
        with output.open("a") as printed, (self.folder / SAID).open("w") as said:
            # The number of the process before this one may by now be another program's.
            for left in (CANCELLED, PID):
                (self.folder / left).unlink(missing_ok=True)
            process = launch(words, stdout=printed, stderr=said, environment=environment, lock=lock)
            (self.folder / PID).write_text(str(process.pid))


def _take(lock: IO[str]) -> None:
    """Takes a lock; RunningError if a process holds it, and not only one that looks."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise RunningError("This was begun a moment ago, from another page over the same folder.") from None
            time.sleep(0.01)
        else:
            return


def held(lock: Path) -> bool:
    """Whether a process holds this lock."""
    try:
        with lock.open() as file:
            # Shared among those who look, so that none takes another for the process.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


@dataclass(frozen=True)
class PageJob(Job):
    """An errand that writes one page, `file` within its folder."""

    file: str = "page.html"

    @property
    def done(self) -> bool:
        """Whether the page is there: it is written whole or not at all."""
        return self.page.is_file()

    @property
    def page(self) -> Path:
        """Where the page is written."""
        return self.folder / self.file


class JobLimiter:
    """How many errands a page does at once, and how many megabytes they may need together, over all in its folder."""

    def __init__(self, folder: Path, most: int, memory: int) -> None:
        self.folder, self.most, self.memory = folder, most, memory
        self._starting = threading.Lock()

    @contextmanager
    def one(self, needs: int) -> Iterator[None]:
        """Room for one more, which is to begin within; RunningError if too many are at work, or they need too much memory."""
        with self._starting:
            locks = [lock for depth in ("*", "*/*") for lock in self.folder.glob(f"{depth}/{LOCK}") if held(lock)]
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
        self, errand: PageJob, words: Sequence[str], needs: int, environment: Mapping[str, str] | None = None
    ) -> None:
        """Begins to write a page; one that is there or being written is left alone.

        Raises RunningError if there is no room, StoringError if its folder cannot be made.
        """
        if errand.done or errand.alive:
            return
        with self.one(needs):
            # While it waited for room another may have begun it.
            if errand.done or errand.alive:
                return
            try:
                errand.folder.mkdir(parents=True, exist_ok=True)
                errand.begin(words, errand.folder / "printed", needs, environment)
            except OSError as error:
                raise StoringError(f"The page cannot be kept ({error.strerror}). Make room, and ask again.") from error


def _number(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0
