"""Open study databases, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from glasshouse.study.store import database as databases
from glasshouse.study.store.study_database import StudyDatabase


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "studies.db")
    return str(request.getfixturevalue("server").fresh())


@pytest.fixture
def database(place: str) -> Iterator[StudyDatabase]:
    with StudyDatabase.open(place) as opened:
        yield opened


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[StudyDatabase]:
    with StudyDatabase.open(tmp_path / "studies.db") as opened:
        yield opened


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "PAUSES", (0.01, 0.05))
    monkeypatch.setattr("glasshouse.study.store.study_database.PAUSES", (0.01, 0.05))
