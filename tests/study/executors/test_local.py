"""Executors of this machine: processes give the same bytes, and say why they cannot continue."""

import os
import sys
from pathlib import Path

import pytest

from glasshouse.errors import RunningError
from glasshouse.study.executors import local
from glasshouse.study.executors.executor import StudyJob
from glasshouse.study.findings import collect
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.studies import add_long_study, bytes_of, opened


def test_a_worker_that_says_why_it_stops_ends_the_study_with_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        add_long_study(database)
        monkeypatch.setenv("PYTHONHASHSEED", "text")
        with pytest.raises(RunningError, match="A worker stopped: .*PYTHONHASHSEED"):
            local.run_processes(StudyJob(database, str(tmp_path / "studies.db"), "small", tmp_path, 1))
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(RunningError, match="9 workers died.*exit code 1"):
            local.run_processes(StudyJob(database, str(tmp_path / "studies.db"), "small", tmp_path, 1))


def test_a_worker_whose_parent_died_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not local.is_orphaned()
    monkeypatch.setenv("GLASSHOUSE_WORKER", f"{os.getppid()}-ab12")
    assert not local.is_orphaned()
    monkeypatch.setenv("GLASSHOUSE_WORKER", f"{os.getppid() + 1}-ab12")
    assert local.is_orphaned()


def test_processes_give_the_same_bytes(tmp_path: Path, wanted: bytes) -> None:
    told = []
    with opened(tmp_path) as database:
        place = str(tmp_path / "studies.db")
        local.run_processes(
            StudyJob(database, place, "small", tmp_path, 2, on_progress=lambda progress: told.append(progress.done))
        )
        assert bytes_of(collect(database, "small", tmp_path / "small")) == wanted
    assert told[-1] == 8


def test_worker_after_worker_that_dies_ends_the_study_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as database:
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(RunningError, match="exit code 1|stopped"):
            local.run_processes(StudyJob(database, str(tmp_path / "studies.db"), "small", tmp_path, 1))
