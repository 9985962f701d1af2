"""Files on disk, written whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from glasshouse.errors import StoringError

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
