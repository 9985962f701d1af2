"""How tests wait: for what has to happen, never for a number of seconds.

A test that hangs is ended by pytest-timeout alone, after `timeout` in pyproject.toml. Nothing else in the tests limits a time
(tests/test_architecture.py), so that a busy machine makes no test fail.
"""

import subprocess
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from glasshouse.study.store.study_database import StudyDatabase

Found = TypeVar("Found")

PAUSE = 0.05
"""Seconds between two looks."""

_OPTIONS = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
LIMIT = 0.95 * _OPTIONS["ini_options"]["timeout"]
"""Seconds that a browser waits, whose programming interface asks for a number: nearly until pytest ends the test."""


def until(holds: Callable[[], Found], *, process: "subprocess.Popen[Any] | None" = None) -> Found:
    """Waits until something holds, and returns it; fails if the process that has to bring it about ends before."""
    ended = False
    while not (found := holds()):
        assert not ended, f"the process ended with {process.returncode}"  # type: ignore[union-attr]
        # Looked at before the next turn, since it may bring it about just before its end.
        ended = process is not None and process.poll() is not None
        time.sleep(PAUSE)
    return found


def again_and_again(over: threading.Event) -> Iterator[None]:
    """Turns of a loop with a pause between them, until the event is set."""
    while not over.wait(PAUSE):
        yield


def pass_time(database: StudyDatabase, seconds: float) -> None:
    """Sets the clock by which this process sees leases end forward, or back."""
    inner = database._database
    before = inner.now
    inner.now = lambda connection: before(connection) + seconds  # type: ignore[method-assign]
