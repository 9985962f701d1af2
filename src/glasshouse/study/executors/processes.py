"""Workers as processes of this machine: each is `glasshouse study work`, and one that dies is replaced."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from glasshouse.errors import RunningError
from glasshouse.study.executors.executor import OnProgress, supervise
from glasshouse.study.store.study_database import StudyDatabase

URL = "GLASSHOUSE_STUDIES"
"""Environment variable that names the study database to workers: a URL can hold a password, and command lines can be read."""

LABEL = "GLASSHOUSE_WORKER"
"""Environment variable that tells a worker its label, which begins with the number of the process that started it."""


def run(
    database: StudyDatabase,
    url: str,
    name: str,
    folder: Path,
    workers: int,
    *,
    plugins: Sequence[Path] = (),
    on_progress: OnProgress | None = None,
) -> None:
    """Runs what is left of the study with so many processes; see `Executor`."""
    named = [text for plugin in plugins for text in ("--plugin", str(plugin))]
    words = ["study", "work", name, "--folder", str(folder), "--quiet", *named]
    supervise(database, database.study(name), workers, lambda label: _Process(label, url, words), on_progress)


def label() -> str | None:
    """The label that this process was given as a worker; None if nobody started it as one."""
    return os.environ.get(LABEL)


def orphaned() -> bool:
    """Whether the process that started this one as a worker has died: then nobody waits for what it does.

    Where systems do not tell (Windows) it is never so, and the worker ends when no run is left.
    """
    parent = (label() or "").partition("-")[0]
    return os.name == "posix" and parent.isdecimal() and os.getppid() != int(parent)


class _Process:
    """A worker of this machine; what it says goes to a file without a name, since a pipe that nobody reads fills."""

    def __init__(self, label: str, url: str, words: Sequence[str]) -> None:
        self.label = label
        self._said = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - closed when the worker has ended
        self._process = subprocess.Popen(
            [sys.executable, "-m", "glasshouse", *words],
            env={**os.environ, URL: url, LABEL: label},
            stdout=subprocess.DEVNULL,
            stderr=self._said,
        )

    def is_running(self) -> bool:
        return self._process.poll() is None

    def exit_reason(self) -> str:
        code = self._process.wait()
        self._said.seek(0)
        said = self._said.read().strip()
        self._said.close()
        if said and code in (1, 2):
            raise RunningError(f"A worker stopped: {said}")
        return f"exit code {code} {said}".strip() if code else ""

    def stop(self) -> None:
        if self.is_running():
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()
