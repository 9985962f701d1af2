"""Workers: every run once, the same figures however many there are, failures as rows, interruption without loss."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glasshouse.engine import run as engine
from glasshouse.errors import AnalysisError, RunningError, StoringError
from glasshouse.results.totals import ARMS
from glasshouse.study import worker
from glasshouse.study.definition import replicate_seed, scenario_at_point
from glasshouse.study.findings import collect
from glasshouse.study.store.schema import Counts, Point, Run
from glasshouse.study.store.shards import read_shards
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers import waiting
from tests.helpers.studies import (
    bytes_of,
    made,
    opened,
)


def test_a_worker_does_every_run_once_and_figures_are_those_of_the_run(tmp_path: Path, wanted: bytes) -> None:
    with opened(tmp_path) as database:
        assert worker.work(database, "small", tmp_path / "small") == 8
        found = collect(database, "small", tmp_path / "small")
        assert bytes_of(found) == wanted
        assert found.counts.done == found.counts.total == 8
        assert found.figures["run"].tolist() == list(range(8))
        run = made().runs[5]
        scenario = scenario_at_point(json.loads(made().definition), made().points[run.point], run.seed)
        again = worker.figures(engine.run(scenario, threads=1), made().measures)
        for name, value in again.items():
            np.testing.assert_equal(found.figures[name][5], value)
        assert worker.work(database, "small", tmp_path / "small") == 0


def test_sums_and_windows_are_those_of_the_runs_weeks() -> None:
    scenario = scenario_at_point(json.loads(made().definition), made().points[0], 5)
    result = engine.run(scenario, threads=1)
    found = worker.figures(result, ["records", "chilling"], ["records", "adults"], [(2, 12), (3, 7)])
    assert found["records@2-12"] == found["records"]
    for arm in ARMS:
        weeks = result.weekly_sums(0, arm)
        for name in ("records", "adults"):
            assert found[f"sum:{name}.{arm}"] == pytest.approx(getattr(weeks, name)[2:].sum())
            assert found[f"sum:{name}@3-7.{arm}"] == pytest.approx(getattr(weeks, name)[3:7].sum())
        year = 52 * weeks.records[3:7].sum() / weeks.adults[3:7].sum()
        assert found[f"records@3-7.{arm}"] == pytest.approx(year)
    change = found["sum:records@3-7.regime"] - found["sum:records@3-7.reference"]
    assert found["sum:records@3-7"] == pytest.approx(change)
    assert change != 0
    assert np.isfinite(found["chilling@3-7"])
    assert {name for name in found if "@3-7" in name and "." not in name} == {
        "records@3-7", "chilling@3-7", "sum:records@3-7", "sum:adults@3-7",
    }  # fmt: skip
    assert set(worker.figures(result, (), ["adults"])) == {"sum:adults", "sum:adults.reference", "sum:adults.regime"}
    everything = worker.figures(result, (), (), [(3, 7)])
    assert {measure.name for measure in result.catalogue} <= set(everything)
    with pytest.raises(AnalysisError, match="no window from 7 to 13"):
        result.within(7, 13)


def test_runs_that_are_added_are_done_by_a_worker_that_has_begun(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        record = database.study("small")
        one = worker._Worker(database, record, tmp_path / "small", worker.WorkerOptions(label="me"))
        seed = replicate_seed(made().seed, 0, 4)
        database.extend(record, [Point(4, made().points[0])], [Run(8, 4, 0, seed)])
        one.do([run for run in database.claim(record, one.label, 9, 60.0) if run.number in (0, 8)])
        figures = read_shards(tmp_path / "small", database.shards(record))
    assert figures["run"].tolist() == [0, 8]
    assert np.isfinite(figures["records"]).all()


def test_a_failed_run_is_a_row_with_its_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, second = engine.run, {run.seed for run in made().runs if run.replicate == 1}

    def fails(scenario, **given):
        if scenario.run.seed in second:
            raise RunningError("the memory ran out")
        return real(scenario, **given)

    monkeypatch.setattr(engine, "run", fails)
    with opened(tmp_path) as database:
        worker.work(database, "small", tmp_path / "small")
        found = collect(database, "small", tmp_path / "small")
    assert found.counts.failed == 4
    assert found.failed[0] == (1, "the memory ran out")
    assert np.isnan(found.outputs("records")[:, 1]).all()
    assert np.isfinite(found.outputs("records.regime")[:, 0]).all()


def test_a_killed_worker_loses_nothing(tmp_path: Path, wanted: bytes) -> None:
    with opened(tmp_path) as database:
        command = [sys.executable, "-m", "glasshouse", "study", "work", "small", "--folder", str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        record = database.study("small")
        waiting.until(lambda: database.counts(record).running, process=process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert database.counts(record).running
        waiting.pass_time(database, 2 * worker.LEASE)
        worker.work(database, "small", tmp_path / "small")
        assert bytes_of(collect(database, "small", tmp_path / "small")) == wanted


def test_a_damaged_shard_is_named_and_its_runs_are_done_again(tmp_path: Path, wanted: bytes) -> None:
    folder = tmp_path / "small"
    with opened(tmp_path) as database:
        worker.work(database, "small", folder)
        shard = next(folder.glob("*.parquet"))
        shard.write_bytes(shard.read_bytes()[:-7] + os.urandom(7))
        with pytest.raises(StoringError, match=shard.name):
            collect(database, "small", folder)
        assert database.recover(database.study("small"), folder)
        worker.work(database, "small", folder)
        assert bytes_of(collect(database, "small", folder)) == wanted


def test_a_worker_that_is_to_leave_hands_in_what_it_has_done_and_gives_back_the_rest(
    tmp_path: Path, wanted: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker of a coordinator that was killed is one."""
    seen: list[int] = []
    real = engine.run
    monkeypatch.setattr(StudyDatabase, "claim_size", lambda *_: 4)
    monkeypatch.setattr(engine, "run", lambda *args, **given: (seen.append(1), real(*args, **given))[1])
    with opened(tmp_path) as database:
        record = database.study("small")
        worker.work(
            database, "small", tmp_path / "small", worker.WorkerOptions(label="a-1", should_stop=lambda: len(seen) == 3)
        )
        # One run alone at first, then two of the four that it had claimed.
        assert database.counts(record) == Counts(done=3, waiting=5)
        assert {run.attempts for run in database.runs(record, "waiting")} == {0}
        assert [(one.id, one.ended is None) for one in database.workers(record)] == [("a-1", False)]
        worker.work(database, "small", tmp_path / "small")
        assert bytes_of(collect(database, "small", tmp_path / "small")) == wanted


def test_other_code_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as database:
        monkeypatch.setattr(worker, "code_digest", lambda *_: "other")
        with pytest.raises(StoringError, match="another version"):
            worker.work(database, "small", tmp_path / "small")
