"""Frozen studies: what a study fixes before its first run, under a hash that anybody can check (pre-registration).

The frozen file is TOML: scenario, design, measures, claims, plug-ins and the digest of the code, readable as it stands, and
fit to be deposited elsewhere. Its hash is SHA-256 of the file's contents, all but `hash` and `date`, as JSON with sorted keys.
The date is what the machine's clock said; a deposit proves it, the file does not.
"""

import hashlib
import json
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from glasshouse.errors import StoringError
from glasshouse.results.provenance import version
from glasshouse.scenario.toml_text import toml_item
from glasshouse.study import worker
from glasshouse.study.definition import Study
from glasshouse.study.store.schema import Study as Stored
from glasshouse.study.store.study_database import StudyDatabase

HEAD = """# A study of Glasshouse, frozen before its first run.
# The hash is SHA-256 of everything below but hash and date, as JSON with sorted keys, no space after commas and colons, UTF-8.
# Check it with: glasshouse study freeze --verify FILE
"""


@dataclass(frozen=True)
class Registration:
    """Under which hash a study was frozen, and when (universal time)."""

    digest: str
    date: str

    def __str__(self) -> str:
        return f"{self.digest} {self.date}"


def mark(record: Stored | None) -> Registration | None:
    """The mark of a study in a study database; None if it is not frozen."""
    if record is None or record.frozen is None:
        return None
    digest, _, date = record.frozen.partition(" ")
    return Registration(digest, date)


def day(seconds: float) -> str:
    """Seconds since 1970 as a moment in universal time."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def freeze(database: StudyDatabase, made: Study, claims: Sequence[Path] = ()) -> tuple[Registration, str]:
    """Enters a study and freezes it with its claims: under which hash and when, and the text of its frozen file.

    What is frozen already is frozen as it was. Raises StoringError if the name is another study's, if a run has begun, if
    it is frozen with other contents, and for a file of claims that cannot be read.
    """
    claimed = [_claim(path) for path in claims]
    worker.add_study(database, made)
    record = database.study(made.name)
    registered = contents(record, claimed)
    there, found = mark(record), Registration(digest(registered), day(time.time()))
    if there is None:
        database.freeze(record, str(found))
    elif there.digest != found.digest:
        raise StoringError(
            f"The study {made.name} was frozen on {there.date} as {there.digest}. The study is the same, but not the claims: "
            f"with {', '.join(path.name for path in claims) or 'none'} it would be {found.digest}. Name those that were "
            "frozen, or give a changed study a new name."
        )
    found = there or found
    return found, text(registered, found.date)


def place(folder: Path, name: str) -> Path:
    """Where the frozen file of a study lies when nothing else is said."""
    return folder / f"{name}.frozen.toml"


def frozen_claims(folder: Path, record: Stored | None) -> tuple[str, ...] | None:
    """The texts of the claims that were frozen with a study; None where it is not frozen or its frozen file is not there."""
    there = mark(record)
    if there is None or record is None:
        return None
    try:
        found, told = verify(place(folder, record.name))
    except StoringError:
        return None
    return tuple(str(claim["text"]) for claim in told["claims"]) if found.digest == there.digest else None


def contents(record: Stored, claims: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What is fixed: the study's definition, the digest of its code, the version, and the texts of claims."""
    definition = json.loads(record.definition)
    registered = {key: value for key, value in definition.items() if key not in ("scenario", "points")}
    return {
        "name": record.name,
        "version": version(),
        "code": record.code,
        "points": definition["points"],
        **registered,
        "claims": [dict(claim) for claim in claims],
        "scenario": definition["scenario"],
    }


def _claim(path: Path) -> dict[str, str]:
    try:
        return {"file": path.name, "text": path.read_text(encoding="utf-8")}
    except (OSError, UnicodeError) as error:
        raise StoringError(f"{path}: the claims cannot be read ({error}). Name a text file.") from error


def digest(registered: Mapping[str, Any]) -> str:
    """The hash of what is fixed."""
    text = json.dumps(dict(registered), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def text(registered: Mapping[str, Any], date: str) -> str:
    """The frozen file.

    Parameters
    ----------
    registered : mapping
        What is fixed, as `contents` gives it.
    date : str
        When it was frozen, in universal time.

    Returns
    -------
    str
        TOML that `verify` reads.
    """
    document = tomlkit.document()
    for key, value in {"hash": digest(registered), "date": date}.items():
        document.append(key, toml_item(value))
    document.add(tomlkit.nl())
    for key, value in registered.items():
        document.append(key, toml_item(value))
    return HEAD + "\n" + tomlkit.dumps(document)


def verify(path: Path) -> tuple[Registration, dict[str, Any]]:
    """The mark of a frozen file and what it fixes; StoringError if the contents are not those that were hashed."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Registration(str(told.pop("hash")), str(told.pop("date")))
    except (OSError, UnicodeError, ValueError, KeyError) as error:
        raise StoringError(
            f"{path} is no frozen study ({error}). Name a file that glasshouse study freeze wrote."
        ) from error
    if digest(told) != found.digest:
        raise StoringError(
            f"{path} was changed after it was frozen: its contents have the hash {digest(told)}, and it names {found.digest}. "
            "Take the file from where it was deposited."
        )
    return found, told
