"""Workers as processes of this machine: each is `glasshouse study work`, and one that dies is replaced."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from glasshouse.catalogue import Counts
from glasshouse.errors import RunningError
from glasshouse.store import Catalogue

LOOK = 0.5
"""Seconds between looks at the catalogue."""

REPLACED = 8
"""Workers that are replaced before it is taken that something is wrong with all of them."""

URL = "GLASSHOUSE_STUDIES"
"""Environment variable that names the catalogue to workers: a URL can hold a password, and command lines can be read."""

Tell = Callable[[Counts, int], None]
"""Is told the counts of runs and how many workers are at work."""


def run(
    catalogue: Catalogue,
    url: str,
    name: str,
    folder: Path,
    workers: int,
    *,
    plugins: Sequence[Path] = (),
    tell: Tell | None = None,
) -> None:
    """Runs the study of that name with so many processes until no run is left, and replaces workers that die.

    `url` is where the catalogue is, and `folder` where the study's shards go. Raises RunningError if worker after worker
    dies, with what the last one said. Whatever ends it, its workers end too and give back what they had claimed.
    """
    record = catalogue.study(name)
    going = [_start(url, name, folder, plugins) for _ in range(workers)]
    replaced = 0
    try:
        while True:
            counts = catalogue.counts(record)
            if tell is not None:
                tell(counts, sum(process.poll() is None for process in going))
            if counts.waiting + counts.running == 0:
                break
            for place, process in enumerate(going):
                if process.poll() is None or (process.returncode == 0 and counts.waiting == 0):
                    continue
                if process.returncode != 0:
                    replaced += 1
                    _give_up(process, replaced)
                going[place] = _start(url, name, folder, plugins)
            time.sleep(LOOK)
    finally:
        _end(going)


def _start(url: str, name: str, folder: Path, plugins: Sequence[Path]) -> subprocess.Popen[str]:
    named = [text for plugin in plugins for text in ("--plugin", str(plugin))]
    command = [
        sys.executable,
        "-m",
        "glasshouse.cli",
        "study",
        "work",
        name,
        "--folder",
        str(folder),
        "--quiet",
        *named,
    ]
    environment = {**os.environ, URL: url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _give_up(process: subprocess.Popen[str], replaced: int) -> None:
    """RunningError once too many have died; a worker that says why is believed at once."""
    said = (process.stderr.read() if process.stderr is not None else "").strip()
    if said and process.returncode in (1, 2):
        raise RunningError(f"A worker stopped: {said}")
    if replaced > REPLACED:
        raise RunningError(
            f"{replaced} workers died, the last with exit code {process.returncode}. Memory is the usual cause: take fewer "
            f"workers or citizens. {said}".strip()
        )


def _end(going: Sequence[subprocess.Popen[str]]) -> None:
    """Asks the workers to end, and makes those end that do not."""
    for process in going:
        if process.poll() is None:
            process.terminate()
    for process in going:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()
