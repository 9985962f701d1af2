"""Files on disk, written whole or not at all, and folders that one process at a time writes to."""

import errno
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from glasshouse.errors import StoringError

try:
    import fcntl
except ModuleNotFoundError:  # Windows has no locks of this kind.
    fcntl = None  # type: ignore[assignment]

_POLL_SECONDS = 0.1
_PART = re.compile(r"\.[0-9a-f]{8}\.part$")

ADVICE = "Free space there or choose another folder."


def write_atomic(path: Path, content: str | bytes, what: str, advice: str = ADVICE) -> None:
    """Write a file so that readers see either all of it or what was there before.

    Parameters
    ----------
    path : Path
        Where the file is to be. Missing folders are made.
    content : str or bytes
        All of the file; text is stored as UTF-8.
    what : str
        What the file is, for the message of an error, such as ``"the report"``.
    advice : str
        What to do if the file cannot be written, as a sentence.

    Raises
    ------
    StoringError
        If the file cannot be written. Nothing is left behind, and a file that was there before is unchanged.
    """
    with atomic_path(path, what, advice) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def write_json(path: Path, facts: Mapping[str, Any], what: str) -> None:
    """Write facts as JSON for readers and programs, whole or not at all.

    Parameters
    ----------
    path : Path
        Where the file is to be. Missing folders are made.
    facts : mapping
        What JSON can hold; no number is NaN or infinite.
    what : str
        What the file is, for the message of an error.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False) + "\n", what)


@contextmanager
def locked(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock of a folder, so that no other process writes to it in the same way. It ends with its process.

    Parameters
    ----------
    folder : Path
        The folder. It is made if it is missing; nothing is written to it.
    patience : float
        Seconds to wait while another process or thread holds the lock.

    Yields
    ------
    None
        While the lock is held. File systems that have no locks are used without one.

    Raises
    ------
    StoringError
        If another process or thread still holds the lock after that time, or the folder cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = None if fcntl is None else os.open(folder, os.O_RDONLY)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a folder name"
        raise StoringError(f"{folder}: the folder cannot be used ({reason}). Name another with --out.") from error
    if handle is None:
        yield
        return
    try:
        _lock(handle, folder, time.monotonic() + patience)
        yield
    finally:
        os.close(handle)


def is_part(path: Path) -> bool:
    """Whether a file is what a process leaves that is killed while it writes.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bool
        True for the temporary files of `atomic_path`.
    """
    return _PART.search(path.name) is not None


def _lock(handle: int, folder: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise StoringError(
                    f"{folder}: another run is at work in this folder. Wait until it ends, or name another folder with "
                    "--out."
                ) from None
        except OSError:
            # A file system without locks, such as some of a network.
            return
        time.sleep(_POLL_SECONDS)


@contextmanager
def atomic_path(path: Path, what: str, advice: str = ADVICE) -> Iterator[Path]:
    """Give a temporary file beside `path` to write to, and move it to `path` when the block ends.

    For what is written in pieces or by another library; `write_atomic` does the same for text and bytes at hand.

    Parameters
    ----------
    path : Path
        Where the file is to be. Missing folders are made.
    what : str
        What the file is, for the message of an error.
    advice : str
        What to do if the file cannot be written, as a sentence.

    Yields
    ------
    Path
        The temporary file, which the block must create.

    Raises
    ------
    StoringError
        If the block or the move raises OSError. Whatever the block raises, the temporary file is removed.
    """
    # The random part keeps apart what two threads or processes write to one place.
    part = path.with_name(f"{path.name}.{os.urandom(4).hex()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb+") as file:
            # Without it a power failure may leave the name but not the bytes.
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise StoringError(f"{path}: {what} cannot be written ({reason}). {advice}") from error
