"""Where generated code and its machine code are kept: in a folder that its user alone may write.

What lies in that folder is executed, so anyone who can write there could run code as the user. A folder that others can
write is not used: a private one takes its place, and a warning says so.
"""

import grp
import os
import pwd
import stat
import tempfile
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import platformdirs

from glasshouse.errors import GlasshouseWarning

PRIVATE = 0o700
"""Mode of the folders that are made here."""


def cache_folder() -> Path:
    """Find the folder in which generated files and their machine code are stored.

    Returns
    -------
    Path
        GLASSHOUSE_CACHE of the environment if set, otherwise the user's cache folder.
    """
    chosen = os.environ.get("GLASSHOUSE_CACHE")
    return Path(chosen) if chosen else _users_own()


def others_may_write(folder: Path) -> bool:
    """Whether somebody beside this user and root can change what a folder holds.

    Parameters
    ----------
    folder : Path
        A folder, which need not exist; then the nearest one above it that does is meant.

    Returns
    -------
    bool
        True if the folder, a file in it or in its `__pycache__`, or a folder above it belongs to somebody else or can be
        written by others. A folder above in which names can only be added (as in /tmp) counts as safe.
    """
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    place = place.resolve()
    inside = (path for pattern in ("*", "__pycache__/*") for path in folder.glob(pattern))
    above = place.parents
    return any(_open_to_others(path.lstat()) for path in (place, *inside)) or any(
        _open_to_others(path.stat(), sticky=True) for path in above
    )


@lru_cache(maxsize=16)
def private_folder(folder: Path, entry: str) -> Path:
    """The folder itself, or a private one if others could change the entry that is to be loaded from it.

    Parameters
    ----------
    folder : Path
        Where the entry is to be kept.
    entry : str
        Name of the folder in it.

    Returns
    -------
    Path
        A folder that this user alone may write. If it is not the one given, a warning has been issued.
    """
    if not others_may_write(folder / entry):
        return folder
    found = next(path for path in _private_places() if not others_may_write(path / entry))
    warnings.warn(
        f"Others can write in {folder / entry} or a folder above it, so no compiled code is loaded from there. It is kept "
        f"in {found}. To use {folder}, remove it and make it anew with mode 700 in a folder of your own.",
        GlasshouseWarning,
        stacklevel=2,
    )
    return found


def _users_own() -> Path:
    return Path(platformdirs.user_cache_dir("glasshouse"))


def _private_places() -> Iterator[Path]:
    """Folders to be tried instead, the last of them new."""
    yield _users_own()
    yield _users_own().with_name("glasshouse-private")
    yield Path(tempfile.mkdtemp(prefix="glasshouse-"))


def _open_to_others(found: os.stat_result, *, sticky: bool = False) -> bool:
    """Whether somebody else owns a file or folder or may write it."""
    if found.st_uid not in (os.geteuid(), 0):
        return True
    if sticky and found.st_mode & stat.S_ISVTX:
        return False
    if stat.S_ISLNK(found.st_mode):
        return False
    by_group = found.st_mode & stat.S_IWGRP and not _is_own_group(found.st_gid)
    return bool(by_group or found.st_mode & stat.S_IWOTH)


@lru_cache(maxsize=16)
def _is_own_group(number: int) -> bool:
    """Whether a group is the one that some systems give each user for themselves alone."""
    try:
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(number)
    except KeyError:
        return False
    return user.pw_gid == number and user.pw_name == group.gr_name and set(group.gr_mem) <= {user.pw_name}
