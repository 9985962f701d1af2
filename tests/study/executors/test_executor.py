"""The contract of executors: the same bytes from each, workers that die are replaced, and others may join."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from glasshouse.errors import RunningError
from glasshouse.study.executors import executor_for, local
from glasshouse.study.executors.executor import StudyJob, supervise
from glasshouse.study.progress import StudyProgress
from glasshouse.study.store.schema import Counts
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.studies import (
    LOUD,
    add_long_study,
    run_with,
)


def test_every_executor_gives_the_same_bytes_and_reports_progress(tmp_path: Path, ray_nodes: Any) -> None:
    plugin = tmp_path / "loud.py"
    plugin.write_text(LOUD)
    executors = {
        "inprocess": (executor_for(None, 0), 1),
        "processes": (executor_for(None, 2), 2),
        "ray": (executor_for(ray_nodes.address, 0), 0),
    }
    found = {}
    for name, (executor, workers) in executors.items():
        events: list[StudyProgress] = []
        found[name] = run_with(tmp_path / name, executor, workers, [plugin], events.append)
        assert all(event.total == 16 for event in events)
        assert events[-1].counts == Counts(done=16), name
        assert max(event.workers for event in events) >= 1, name
        with StudyDatabase.open(tmp_path / name / "studies.db") as database:
            # Under labels that this process gave: it can say at once which runs are to be had when one dies.
            there = database.workers(database.study("small"))
            assert {one.id.partition("-")[0] for one in there} == {str(os.getpid())}, name
    table, runs = found["inprocess"]
    assert b"records_a_week" in table
    assert [(number, state) for number, state, _ in runs] == [(number, "done") for number in range(16)]
    assert found["processes"] == found["ray"] == found["inprocess"]
    assert len(list((tmp_path / "ray" / "small").glob(".*"))) == 0


def test_a_worker_joins_a_study_that_runs(tmp_path: Path) -> None:
    joined: list[subprocess.Popen[bytes]] = []

    def on_progress(progress: StudyProgress) -> None:
        if not joined:
            command = [sys.executable, "-m", "glasshouse", "study", "work", "small", "--folder", str(tmp_path)]
            joined.append(subprocess.Popen(command, stdout=subprocess.PIPE))

    size = {"citizens": 2000, "weeks": 150}
    found = run_with(tmp_path, local.run_processes, 1, on_progress=on_progress, together=2, **size)
    said = joined[0].communicate()[0].decode()
    assert said.startswith("No run is left; this worker did ")
    assert 0 < int(said.split()[-1].rstrip(".")) < 16
    assert [state for _, state, _ in found[1]] == ["done"] * 16


class DyingWorker:
    """A worker that dies as often as it is told, then works in this process."""

    left = 0

    def __init__(self, label: str, does: Any) -> None:
        self.label, self.ended = label, ""
        if DyingWorker.left:
            DyingWorker.left -= 1
            self.ended = "a stroke"
        else:
            does(label)

    def is_running(self) -> bool:
        return False

    def exit_reason(self) -> str:
        return self.ended

    def stop(self) -> None: ...

    def wait(self, seconds: float) -> None: ...


@pytest.mark.parametrize(("deaths", "most", "workers"), [(3, 8, 1), (9, 8, 1), (30, 30, 15), (60, 30, 15)])
def test_workers_that_die_are_replaced_until_it_is_plain_that_all_will(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaths: int, most: int, workers: int
) -> None:
    monkeypatch.setattr("glasshouse.study.executors.executor.POLL_SECONDS", 0.0)
    DyingWorker.left = deaths
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        add_long_study(database)
        record = database.study("small")
        job = StudyJob(database, "", "small", tmp_path, workers)

        def does(label: str) -> None:
            for run in database.claim(record, label, 3, 60.0):
                database.fail(label, run.number, "tried")

        if deaths > most:
            with pytest.raises(RunningError, match=f"{most + 1} workers died and no run was done.*a stroke"):
                supervise(job, workers, lambda label: DyingWorker(label, does))
            assert database.counts(record) == Counts(waiting=16)
        else:
            supervise(job, workers, lambda label: DyingWorker(label, does))
            assert database.counts(record) == Counts(failed=16)


def test_the_study_that_a_worker_gets_is_the_study_that_was_entered(tmp_path: Path) -> None:
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        add_long_study(database)
        definition = json.loads(database.study("small").definition)
    assert definition["measures"] == ["records", "chilling"]
