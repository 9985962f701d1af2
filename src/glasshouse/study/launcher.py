"""Starts commands of Glasshouse as processes of their own: workers of a study, background jobs of the web application."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any


def launch(
    arguments: Sequence[str],
    *,
    stdout: int | IO[Any],
    stderr: int | IO[Any],
    environment: Mapping[str, str] | None = None,
    lock: IO[Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `glasshouse ARGUMENTS` with the Python that runs this process.

    Parameters
    ----------
    arguments : sequence of str
        The command and its arguments, such as ``["study", "work", "pilot"]``.
    stdout : int or file
        Where standard output goes, as in `subprocess.Popen`.
    stderr : int or file
        Where standard error goes, likewise.
    environment : mapping, optional
        Environment variables to add to those of this process. Command lines can be read by other users of the
        machine, so that whatever may hold a password goes here.
    lock : file, optional
        An open file with a lock, which the process inherits. Such a process is detached: it goes on when this one
        ends, and holds the lock until it ends itself.

    Returns
    -------
    subprocess.Popen
        The process; it reads nothing from standard input.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "glasshouse", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env={**os.environ, **(environment or {})},
        pass_fds=[] if lock is None else [lock.fileno()],
        start_new_session=lock is not None,
    )
