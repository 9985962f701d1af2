"""Preregistration: what a study fixes before its first run, under a hash that anybody can check.

The file is TOML: scenario, design, measures, claims, plug-ins and the digest of the code, readable as it stands, and fit
to be deposited elsewhere. Its hash is SHA-256 of the file's contents, all but `hash` and `date`, as JSON with sorted
keys. The date is that of the machine's clock; a deposit proves it, the file does not.
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
from glasshouse.study.definition import Study, add_study, read_definition
from glasshouse.study.store.schema import Study as Stored
from glasshouse.study.store.study_database import StudyDatabase

HEAD = """# A study of Glasshouse, frozen before its first run.
# The hash is SHA-256 of everything below but hash and date, as JSON with sorted keys, no space after commas and colons, UTF-8.
# Check it with: glasshouse study freeze --verify FILE
"""


@dataclass(frozen=True)
class Registration:
    """The registration of a study.

    Attributes
    ----------
    digest : str
        Hash of what is fixed.
    date : str
        When it was fixed, in universal time.
    """

    digest: str
    date: str

    def __str__(self) -> str:
        return f"{self.digest} {self.date}"


def registration_of(record: Stored | None) -> Registration | None:
    """Read the registration of a study from its record.

    Parameters
    ----------
    record : Study, optional
        The study, as the database has it.

    Returns
    -------
    Registration or None
        None if there is no study, or if it is not preregistered.
    """
    if record is None or record.frozen is None:
        return None
    digest, _, date = record.frozen.partition(" ")
    return Registration(digest, date)


def utc_time(seconds: float) -> str:
    """Write a time as text.

    Parameters
    ----------
    seconds : float
        Seconds since 1970, UTC.

    Returns
    -------
    str
        Such as ``"2026-01-31 12:00:00 UTC"``.
    """
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def preregister(database: StudyDatabase, study: Study, claims: Sequence[Path] = ()) -> tuple[Registration, str]:
    """Add a study to a database and preregister it together with its claims.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    study : Study
        The study, of which no run has begun.
    claims : sequence of Path
        Files of the claims that it is to test.

    Returns
    -------
    registration : Registration
        The registration; that of a study which is preregistered already keeps its date.
    text : str
        The text of its file.

    Raises
    ------
    StoringError
        If another study has the name, if a run has begun, if the study is preregistered with other contents, or if a
        file of claims cannot be read.
    """
    texts = [_claim(path) for path in claims]
    add_study(database, study)
    record = database.study(study.name)
    registered = registered_contents(record, texts)
    stored, found = registration_of(record), Registration(contents_hash(registered), utc_time(time.time()))
    if stored is None:
        database.freeze(record, str(found))
    elif stored.digest != found.digest:
        raise StoringError(
            f"The study {study.name} was frozen on {stored.date} as {stored.digest}. The study is the same, but not the "
            f"claims: with {', '.join(path.name for path in claims) or 'none'} it would be {found.digest}. Name those that "
            "were frozen, or give a changed study a new name."
        )
    found = stored or found
    return found, registration_text(registered, found.date)


def registration_path(folder: Path, name: str) -> Path:
    """Name the file of a registration where no other is given.

    Parameters
    ----------
    folder : Path
        The folder of all studies.
    name : str
        Name of the study.

    Returns
    -------
    Path
        The file in that folder.
    """
    return folder / f"{name}.frozen.toml"


def registered_claims(folder: Path, record: Stored | None) -> tuple[str, ...] | None:
    """Read the claims that were preregistered with a study.

    Parameters
    ----------
    folder : Path
        The folder of all studies.
    record : Study, optional
        The study, as the database has it.

    Returns
    -------
    tuple of str or None
        Texts of the claims; None if the study is not preregistered or the file of its registration is missing.
    """
    stored = registration_of(record)
    if stored is None or record is None:
        return None
    try:
        found, contents = read_registration(registration_path(folder, record.name))
    except StoringError:
        return None
    return tuple(str(claim["text"]) for claim in contents["claims"]) if found.digest == stored.digest else None


def registered_contents(record: Stored, claims: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Collect what a registration fixes.

    Parameters
    ----------
    record : Study
        The study, as the database has it.
    claims : sequence of mapping
        Each with the name of its `file` and its `text`.

    Returns
    -------
    dict
        The study's definition, the digest of its code, the version of Glasshouse, and the claims.
    """
    definition = read_definition(record)
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


def contents_hash(registered: Mapping[str, Any]) -> str:
    """Hash what a registration fixes.

    Parameters
    ----------
    registered : mapping
        What is fixed, as `registered_contents` gives it.

    Returns
    -------
    str
        SHA-256 of it as JSON with sorted keys.
    """
    text = json.dumps(dict(registered), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def registration_text(registered: Mapping[str, Any], date: str) -> str:
    """Write a registration as the text of its file.

    Parameters
    ----------
    registered : mapping
        What is fixed, as `registered_contents` gives it.
    date : str
        When it was frozen, in universal time.

    Returns
    -------
    str
        TOML that `read_registration` reads.
    """
    document = tomlkit.document()
    for key, value in {"hash": contents_hash(registered), "date": date}.items():
        document.append(key, toml_item(value))
    document.add(tomlkit.nl())
    for key, value in registered.items():
        document.append(key, toml_item(value))
    return HEAD + "\n" + tomlkit.dumps(document)


def read_registration(path: Path) -> tuple[Registration, dict[str, Any]]:
    """Read the file of a registration, and check its hash.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    registration : Registration
        Hash and date.
    contents : dict
        What is fixed.

    Raises
    ------
    StoringError
        If the file is no registration, or if its contents are not those that were hashed.
    """
    try:
        contents = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Registration(str(contents.pop("hash")), str(contents.pop("date")))
    except (OSError, UnicodeError, ValueError, KeyError) as error:
        raise StoringError(
            f"{path} is no frozen study ({error}). Name a file that glasshouse study freeze wrote."
        ) from error
    if contents_hash(contents) != found.digest:
        raise StoringError(
            f"{path} was changed after it was frozen: its contents have the hash {contents_hash(contents)}, and it names "
            f"{found.digest}. Take the file from where it was deposited."
        )
    return found, contents
