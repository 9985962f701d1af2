"""Checks of what was read from a study database, which may be damaged or changed."""

import hashlib
from collections.abc import Iterable
from typing import Any, TypeVar, get_type_hints

from glasshouse.errors import StoringError
from glasshouse.study.store.schema import Run, Study, Worker
from glasshouse.study.store.shards import Shard

Record = TypeVar("Record", Study, Run, Worker, Shard)


def _kinds(record: type[Any]) -> tuple[tuple[str, tuple[type, ...]], ...]:
    """The types that the value of each field may have."""
    kinds: dict[Any, tuple[type, ...]] = {int: (int,), float: (int, float), str: (str,)}
    kinds |= {kind | None: (*found, type(None)) for kind, found in kinds.items()}
    return tuple((name, kinds[hint]) for name, hint in get_type_hints(record).items() if hint in kinds)


KINDS: dict[type, tuple[tuple[str, tuple[type, ...]], ...]] = {one: _kinds(one) for one in (Study, Run, Worker, Shard)}


def checked(record: Record) -> Record:
    """Check the types of the values of a record that was read from a database.

    Parameters
    ----------
    record : Study, Run, Worker or Shard
        The record.

    Returns
    -------
    Study, Run, Worker or Shard
        The same record.

    Raises
    ------
    StoringError
        If a value is not of the type of its field, as in a damaged file.
    """
    for name, kinds in KINDS[type(record)]:
        if not isinstance(getattr(record, name), kinds):
            raise damaged(f"`{name}` of a {type(record).__name__.lower()} is {getattr(record, name)!r}")
    return record


def damaged(what: str) -> StoringError:
    """Make the error for a study database whose contents cannot be right.

    Parameters
    ----------
    what : str
        What is wrong, as a clause.

    Returns
    -------
    StoringError
        The error, to be raised.
    """
    return StoringError(f"The study database is damaged: {what}. Restore it from a copy, or begin the study again.")


def points_digest(texts: Iterable[tuple[int, str]]) -> str:
    """Compute the digest of the points of a study.

    Parameters
    ----------
    texts : iterable of (int, str)
        Number and settings (as `parameters_json` writes them) of each point, in the order of numbers.

    Returns
    -------
    str
        The digest.
    """
    found = hashlib.blake2b(digest_size=16)
    for number, text in texts:
        found.update(f"{number}\t{text}\n".encode())
    return found.hexdigest()
