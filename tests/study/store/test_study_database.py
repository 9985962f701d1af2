"""The study database on SQLite and on a real PostgreSQL: no run is lost, none is counted twice, whoever dies."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store import database as databases
from glasshouse.study.store import schema as tables
from glasshouse.study.store.schema import Counts, Definition, Outcome, Point, Run
from glasshouse.study.store.shards import Shard, damaged_shards, read_shards, rows_digest, write_shard
from glasshouse.study.store.study_database import StudyDatabase, worker_label
from tests.helpers.postgres import Server

DEFINITION = Definition("pilot", "d1", "title = 'Pilot'", "c1")
LONG = 600.0


def points(count: int) -> list[Point]:
    return [Point(number, {"observation.coverage": number / 10, "world": "regime"}) for number in range(count)]


def runs(count: int) -> list[Run]:
    return [Run(number, number // 2, number % 2, 2**62 + number) for number in range(count)]


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


def finish(
    database: StudyDatabase, worker: str, folder: Path, numbers: list[int], value: float = 0.5
) -> tuple[int, ...]:
    """Writes a shard with a row for each run and hands it in."""
    rows = [{"run": number, "silent": value + number} for number in numbers]
    shard = write_shard(folder, f"{worker}-{numbers[0]}-{os.urandom(2).hex()}", rows)
    return database.finish(worker, shard, [Outcome(row["run"], 1.5, rows_digest([row])) for row in rows])  # type: ignore[arg-type]


def numbers(found: tuple[Run, ...]) -> list[int]:
    return [run.number for run in found]


# What a study is


def test_a_study_comes_back_as_it_was_entered(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(3), runs(6))
    assert database.studies() == (study,)
    assert database.study("pilot") == study
    assert (study.name, study.digest, study.definition, study.code, study.frozen) == (
        "pilot",
        "d1",
        "title = 'Pilot'",
        "c1",
        None,
    )
    assert abs(study.created - time.time()) < 60
    assert list(database.points(study)) == points(3)
    assert list(database.runs(study)) == runs(6)
    assert database.counts(study) == Counts(waiting=6)
    assert database.shards(study) == database.stalled(study) == database.workers(study) == ()
    with pytest.raises(StoringError, match=r"no study `pilto`.* It has: pilot"):
        database.study("pilto")


def test_entering_a_study_again_changes_nothing(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(3), runs(6))
    database.claim(study, "a", 2, LONG)
    assert database.create(DEFINITION, points(3), runs(6)) == study
    assert database.counts(study) == Counts(waiting=4, running=2)
    with pytest.raises(StoringError, match="another study under the name pilot"):
        database.create(replace(DEFINITION, digest="d2"), points(1), runs(1))
    assert len(database.studies()) == 1


def test_a_study_is_entered_whole_or_not_at_all(database: StudyDatabase) -> None:
    with pytest.raises(StoringError, match="at the point 3, which is not among its own"):
        database.create(DEFINITION, points(3), [Run(0, 3, 0, 1)])
    with pytest.raises(StoringError, match="finite numbers or text"):
        database.create(DEFINITION, [Point(0, {"x": float("nan")})], [])
    with pytest.raises(StoringError, match="(?i)unique|duplicate"):
        database.create(DEFINITION, points(3), [*runs(6), Run(0, 0, 0, 1)])
    assert database.studies() == ()


def test_a_study_is_frozen_once(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, [], [])
    assert database.freeze(study, "f1").frozen == database.freeze(study, "f1").frozen == "f1"
    assert database.study("pilot").frozen == "f1"
    with pytest.raises(StoringError, match="frozen under another hash"):
        database.freeze(study, "f2")
    assert database.create(replace(DEFINITION, name="other", frozen="f0"), [], []).frozen == "f0"


def test_a_study_whose_runs_have_begun_is_not_frozen(database: StudyDatabase) -> None:
    """Not even if every run was given back and waits again; one frozen before stays so."""
    begun = database.create(DEFINITION, points(1), runs(1))
    early = database.freeze(database.create(replace(DEFINITION, name="early"), points(1), runs(1)), "f1")
    for study, worker in ((begun, "a"), (early, "b")):
        assert database.claim(study, worker, 1, LONG)
        assert database.release(worker) == 1
    with pytest.raises(StoringError, match="has begun"):
        database.freeze(begun, "f1")
    assert database.study("pilot").frozen is None
    assert database.freeze(early, "f1").frozen == "f1"


# Who has which run


def test_a_claim_is_of_the_size_asked_for_and_of_this_study(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(3), runs(5))
    other = database.create(replace(DEFINITION, name="other"), points(3), runs(5))
    first = database.claim(study, "a", 3, LONG)
    assert numbers(first) == [0, 1, 2]
    assert {(run.state, run.worker, run.attempts) for run in first} == {("running", "a", 1)}
    assert all(abs((run.lease_until or 0) - time.time() - LONG) < 60 for run in first)
    assert database.runs(study)[:3] == first == database.runs(study, "running")
    assert numbers(database.claim(study, "b", 3, LONG)) == [3, 4]
    assert database.claim(study, "c", 3, LONG) == ()
    assert database.counts(other) == Counts(waiting=5)
    assert [worker.id for worker in database.workers(study)] == ["a", "b", "c"]
    with pytest.raises(StoringError, match="works for another study"):
        database.claim(other, "a", 1, LONG)


def test_eight_threads_never_get_the_same_run(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(150), runs(300))
    got: list[int] = []
    faults: list[Exception] = []

    def work() -> None:
        label = worker_label()
        try:
            while claimed := numbers(database.claim(study, label, 3, LONG)):
                got.extend(claimed)
                shard = Shard(f"{label}-{claimed[0]}.parquet", "d", 3, tuple(claimed))
                assert database.finish(label, shard, [Outcome(run, 1.0, "") for run in claimed]) == tuple(claimed)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(got) == list(range(300))
    assert database.counts(study) == Counts(done=300)
    assert [shard.number for shard in database.shards(study)] == list(range(1, 101))


FORKS = """
import os, signal, sys
import psycopg
from glasshouse.study.store.schema import Definition, Point, Run
from glasshouse.study.store.study_database import StudyDatabase, worker_label
def work():
    {body}
children = []
for _ in range({count}):
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    children.append(child)
print("ends", *(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""
SHARE = """
    database = StudyDatabase.open(sys.argv[1])
    study = database.create(Definition("pilot", "d1", "", ""), [Point(0, {})], [Run(n, 0, n, n) for n in range(120)])
    label = worker_label()
    while claimed := database.claim(study, label, 2, 600):
        os.write(1, (" ".join(str(run.number) for run in claimed) + "\\n").encode())
"""
DIE = """
    database = StudyDatabase.open(sys.argv[1])
    claimed = database.claim(database.study("pilot"), worker_label(), 2, 0.3)
    os.write(1, (" ".join(str(run.number) for run in claimed) + "\\n").encode())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def forked(body: str, count: int, place: str) -> tuple[list[int], list[int]]:
    """What `count` processes that do the same at once wrote, and how they ended; they share only the imports."""
    pytest.importorskip("psycopg")
    command = [sys.executable, "-c", FORKS.format(body=body.strip(), count=count), place]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    wrote, _, ends = done.stdout.partition("ends")
    return sorted(int(number) for number in wrote.split()), [int(code) for code in ends.split()]


def test_six_processes_open_a_fresh_catalogue_at_once_and_share_its_runs(place: str) -> None:
    assert forked(SHARE, 6, place) == (list(range(120)), [0] * 6)


def test_the_runs_of_killed_processes_come_back_when_their_lease_is_over(database: StudyDatabase, place: str) -> None:
    study = database.create(DEFINITION, points(3), runs(6))
    assert forked(DIE, 2, place) == ([0, 1, 2, 3], [-signal.SIGKILL] * 2)
    time.sleep(0.35)
    assert numbers(database.stalled(study)) == [0, 1, 2, 3]
    assert {run.worker for run in database.stalled(study)} == {worker.id for worker in database.workers(study)}
    taken = [database.claim(study, "c", 9, LONG) for _ in range(5)]
    # What ended one worker may end another: such runs are handed out one by one, after those that wait.
    assert [[(run.number, run.attempts) for run in runs] for runs in taken] == [
        [(4, 1), (5, 1)], [(0, 2)], [(1, 2)], [(2, 2)], [(3, 2)],
    ]  # fmt: skip
    assert database.stalled(study) == ()


def test_a_run_that_ends_three_workers_fails(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(1), runs(1))
    for number, worker in enumerate(("a", "b", "c"), start=1):
        (run,) = database.claim(study, worker, 1, 0.01)
        assert run.attempts == number
        time.sleep(0.03)
    assert database.claim(study, "d", 1, LONG) == ()
    (run,) = database.runs(study, "failed")
    assert (run.error or "").startswith("Failed after 3 attempts; last worker: c. Check that worker")
    assert database.retry(study) == 1
    (run,) = database.claim(study, "d", 1, LONG)
    assert (run.attempts, run.error) == (1, None)


def test_a_worker_that_is_heard_of_keeps_its_runs(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(3), runs(4))
    database.claim(study, "a", 2, 0.01)
    database.claim(study, "b", 1, LONG)
    time.sleep(0.03)
    before = database.workers(study)[0].heartbeat
    assert database.heartbeat("a", LONG) == (0, 1)
    assert database.workers(study)[0].heartbeat > before
    assert database.stalled(study) == ()
    assert numbers(database.claim(study, "c", 9, LONG)) == [3]
    assert database.heartbeat("d", LONG) == ()


def test_what_a_worker_gives_back_waits_and_is_no_death(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    for _ in range(4):
        database.claim(study, "a", 2, LONG)
        assert database.fail("a", 7, "x") is False
        assert database.release("a") == 2
    assert list(database.runs(study)) == runs(3)
    assert database.workers(study)[0].ended is not None
    assert database.heartbeat("a", LONG) == ()


def test_a_failed_run_says_why(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    database.claim(study, "a", 2, LONG)
    assert database.fail("a", 1, "coverage = 1.4") is True
    assert database.fail("a", 1, "again") is False
    assert database.fail("b", 0, "not mine") is False
    assert [(run.number, run.error) for run in database.runs(study, "failed")] == [(1, "coverage = 1.4")]
    assert database.counts(study) == Counts(waiting=1, running=1, failed=1)
    assert database.counts(study).total == 3


def test_the_runs_of_a_worker_known_to_be_dead_are_to_be_had_at_once(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(2), runs(4))
    database.claim(study, "a", 2, LONG)
    database.claim(study, "b", 1, LONG)
    assert database.active_workers(study) == 2
    assert (database.mark_dead("a"), database.mark_dead("never seen")) == (2, 0)
    assert database.active_workers(study) == 1
    assert numbers(database.stalled(study)) == [0, 1]
    taken = [database.claim(study, "c", 2, LONG) for _ in range(4)]
    assert [[(run.number, run.attempts) for run in some] for some in taken] == [[(3, 1)], [(0, 2)], [(1, 2)], []]
    assert finish(database, "a", tmp_path, [0, 1]) == ()
    assert [worker.ended is None for worker in database.workers(study)] == [False, True, True]


def test_a_share_shrinks_as_the_end_comes_near(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(50), runs(100))
    assert [database.claim_size(study, most) for most in (1, 20, 100)] == [1, 20, 50]
    database.claim(study, "a", 20, LONG)
    database.claim(study, "b", 20, LONG)
    assert database.claim_size(study, 100) == 60 // (2 * 3)
    database.claim(study, "c", 60, LONG)
    assert database.claim_size(study, 100) == 1


# What was done


def test_a_point_has_ended_when_every_run_of_it_is_done_or_failed(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(3), runs(5))

    def ended() -> tuple[int, int]:
        counts = database.counts(study)
        return counts.points_ended, counts.points

    database.claim(study, "a", 4, LONG)
    assert ended() == (0, 3)
    finish(database, "a", tmp_path, [1, 2, 3])
    assert ended() == (1, 3)
    database.fail("a", 0, "out of luck")
    assert ended() == (2, 3)
    database.retry(study)
    assert ended() == (1, 3)


def test_finished_runs_are_done_and_their_figures_read(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(3), runs(5))
    database.claim(study, "a", 2, LONG)
    database.claim(study, "b", 2, LONG)
    assert finish(database, "b", tmp_path, [3, 2]) == (2, 3)
    assert finish(database, "a", tmp_path, [1, 0]) == (0, 1)
    assert database.counts(study) == Counts(waiting=1, done=4)
    first, second = database.shards(study)
    assert (first.number, first.runs, second.number, second.runs) == (1, (2, 3), 2, (0, 1))
    done = database.runs(study, "done")
    assert [(run.shard, run.seconds, run.lease_until) for run in done] == [(2, 1.5, None)] * 2 + [(1, 1.5, None)] * 2
    assert done[0].digest == rows_digest([{"silent": 0.5, "run": 0}])
    table = read_shards(tmp_path, database.shards(study))
    assert table["run"].tolist() == [0, 1, 2, 3]
    assert table["silent"].tolist() == [0.5, 1.5, 2.5, 3.5]


def test_a_run_that_was_taken_over_is_not_counted_twice(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    database.claim(study, "slow", 3, 0.01)
    time.sleep(0.03)
    assert [numbers(database.claim(study, "quick", 2, LONG)) for _ in range(2)] == [[0], [1]]
    assert finish(database, "slow", tmp_path, [0, 1, 2], value=100) == (2,)
    assert finish(database, "quick", tmp_path, [0, 1]) == (0, 1)
    assert finish(database, "slow", tmp_path, [0, 1], value=100) == ()
    assert len(database.shards(study)) == 2
    table = read_shards(tmp_path, database.shards(study))
    assert (table["run"].tolist(), table["silent"].tolist()) == ([0, 1, 2], [0.5, 1.5, 102])


def test_a_lease_that_is_over_and_that_nobody_took_does_not_waste_the_work(
    database: StudyDatabase, tmp_path: Path
) -> None:
    study = database.create(DEFINITION, points(1), runs(1))
    database.claim(study, "slow", 1, 0.01)
    time.sleep(0.03)
    assert finish(database, "slow", tmp_path, [0]) == (0,)


def test_what_cannot_be_handed_in_is_told(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    database.claim(study, "a", 3, LONG)
    shard = write_shard(tmp_path, 1, [{"run": 0, "x": 1}])
    with pytest.raises(StoringError, match="has no row of run 1"):
        database.finish("a", shard, [Outcome(1, 1.0, "")])
    with pytest.raises(StoringError, match="knows no worker b"):
        database.finish("b", shard, [Outcome(0, 1.0, "")])
    assert database.finish("a", shard, [Outcome(0, 1.0, "")]) == (0,)
    with pytest.raises(StoringError, match=r"registered as shard-000001\.parquet"):
        database.finish("a", replace(shard, digest="other"), [Outcome(0, 1.0, "")])


def test_an_answer_that_was_lost_is_given_again(database: StudyDatabase, tmp_path: Path) -> None:
    """A connection can be lost after the transaction was kept: then all is asked a second time."""
    study = database.create(DEFINITION, points(3), runs(6))
    inner, once = database._database, database._database.do

    def twice(work: Any, writes: bool = True) -> Any:
        once(work, writes=writes)
        return once(work, writes=writes)

    inner.do = twice  # type: ignore[method-assign, assignment]
    assert database.create(replace(DEFINITION, name="other"), points(1), runs(1)).name == "other"
    assert len(database.studies()) == 2
    assert numbers(database.claim(study, "a", 4, LONG)) == [0, 1, 2, 3]
    assert database.counts(study) == Counts(waiting=2, running=4)
    assert finish(database, "a", tmp_path, [0, 1]) == (0, 1)
    assert len(database.shards(study)) == 1
    database.release("a")
    assert {run.attempts for run in database.runs(study, "waiting")} == {0}
    (tmp_path / database.shards(study)[0].file).unlink()
    assert database.recover(study, tmp_path) == (0, 1)
    assert database.counts(study) == Counts(waiting=6)


def test_a_claim_whose_answer_was_lost_too_long_is_not_given_again(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(2), runs(4))
    inner, once = database._database, database._database.do

    def late(work: Any, writes: bool = True) -> Any:
        inner.do = once  # type: ignore[method-assign]
        once(work)
        time.sleep(0.03)
        assert [numbers(database.claim(study, "b", 3, LONG)) for _ in range(2)] == [[2, 3], [0]]
        return once(work)

    inner.do = late  # type: ignore[method-assign, assignment]
    assert numbers(database.claim(study, "a", 2, 0.01)) == [1]


# Shards


def test_a_shard_gives_back_what_was_written(tmp_path: Path) -> None:
    rows: list[dict[str, float | int | str]] = [
        {"run": 7, "month": 1, "silent": 0.25, "group": "a'b", "seed": 2**62 + 1},
        {"run": 7, "month": 2, "silent": float("inf"), "group": "c", "seed": 2**62 + 1},
        {"run": 3, "month": 1, "seed": 2**62 + 3},
    ]
    shard = write_shard(tmp_path / "it's new", "4711-ab", rows)
    assert (shard.file, shard.rows, shard.runs, shard.number) == ("4711-ab.parquet", 3, (3, 7), 0)
    other = write_shard(tmp_path / "it's new", 12, [{"run": np.int64(1), "share": np.float64(0.5)}])  # type: ignore[dict-item]
    assert other.file == "shard-000012.parquet"
    table = read_shards(tmp_path / "it's new", [shard, other])
    assert table["run"].tolist() == [1, 3, 7, 7]
    assert table["month"].tolist()[1:] == [1, 1, 2]
    assert table["seed"].tolist()[1:] == [float(2**62 + 3), *[float(2**62 + 1)] * 2]
    assert table["group"].tolist() == [None, None, "a'b", "c"]
    assert str(table["silent"].tolist()) == "[nan, nan, 0.25, inf]"
    assert str(table["share"].tolist()) == "[0.5, nan, nan, nan]"
    assert read_shards(tmp_path / "it's new", [shard])["seed"].tolist()[0] == 2**62 + 3
    assert sorted(path.name for path in (tmp_path / "it's new").iterdir()) == [shard.file, other.file]
    assert len(read_shards(tmp_path, [])) == 0


def test_whoever_did_a_run_the_table_is_the_same(tmp_path: Path) -> None:
    rows = [{"run": run, "month": month, "x": run * month} for run in range(6) for month in range(3)]
    one = write_shard(tmp_path, "one", rows)
    parts = [write_shard(tmp_path, f"part{k}", [row for row in rows if row["run"] % 3 == k]) for k in (2, 0, 1)]
    whole, pieces = read_shards(tmp_path, [one]), read_shards(tmp_path, parts)
    assert {name: column.tolist() for name, column in whole.columns.items()} == {
        name: column.tolist() for name, column in pieces.columns.items()
    }


def test_the_digest_of_rows_is_of_their_figures(tmp_path: Path) -> None:
    rows = [{"run": 1, "x": 3, "y": "a"}, {"run": 1, "x": 0.1, "y": "b"}]
    assert rows_digest(rows) == rows_digest([{"y": "a", "x": 3.0, "run": np.int64(1)}, rows[1]])  # type: ignore[dict-item]
    assert len({rows_digest(rows), rows_digest(rows[::-1]), rows_digest([{**rows[0], "x": 4}, rows[1]])}) == 3


@pytest.mark.parametrize(
    ("name", "rows", "fault"),
    [
        ("a/b", [{"run": 1}], "cannot name a shard"),
        ("..", [{"run": 1}], "cannot name a shard"),
        ("a", [], "needs rows"),
        ("a", [{"run": 1}, {"x": 1}], "number of its run"),
        ("a", [{"run": 1.5}], "whole number"),
        ("a", [{"run": 1, "x": "a"}, {"run": 2, "x": 1}], "`x` of a shard holds"),
        ("a", [{"run": 1, "x": [1, 2]}], "`x` of a shard"),
        ("a", [{"run": 1, "citizen": 4, "r": 0.5}], "never rows about single people: leave out citizen"),
        ("there", [{"run": 1}], "already there"),
    ],
)
def test_what_is_no_shard_is_refused(tmp_path: Path, name: str, rows: list[Any], fault: str) -> None:
    (tmp_path / "there.parquet").write_bytes(b"figures")
    with pytest.raises(StoringError, match=fault):
        write_shard(tmp_path, name, rows)
    assert (tmp_path / "there.parquet").read_bytes() == b"figures"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_or_damaged_shard_is_told_and_its_runs_are_run_again(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(5), runs(9))
    for held in ([0, 1, 2, 4], [5], [6, 7]):
        database.claim(study, "a", 9, LONG)
        finish(database, "a", tmp_path, held)
    first, second, third = database.shards(study)
    assert damaged_shards(tmp_path, database.shards(study)) == ()
    assert database.recover(study, tmp_path) == ()
    data = bytearray((tmp_path / first.file).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / first.file).write_bytes(data)
    (tmp_path / second.file).unlink()
    with pytest.raises(StoringError) as caught:
        read_shards(tmp_path, database.shards(study))
    assert f"{first.file} is damaged, with runs 0 to 2 and 4; {second.file} is missing, with run 5" in str(caught.value)
    assert f"glasshouse study resume {tmp_path.name} --folder {tmp_path.parent}" in str(caught.value)
    assert database.recover(study, tmp_path) == (0, 1, 2, 4, 5)
    assert database.shards(study) == (third,)
    assert list(database.runs(study, "waiting")) == [run for run in runs(9) if run.number in (0, 1, 2, 4, 5)]
    assert read_shards(tmp_path, database.shards(study))["run"].tolist() == [6, 7]
    again = numbers(database.claim(study, "b", 9, LONG))
    assert finish(database, "b", tmp_path, again) == (0, 1, 2, 4, 5)
    assert read_shards(tmp_path, database.shards(study))["run"].tolist() == [0, 1, 2, 4, 5, 6, 7]


def test_files_that_nobody_will_hand_in_are_swept(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(5), runs(9))
    database.claim(study, "a", 3, LONG)
    database.claim(study, "b", 3, LONG)
    row: list[Any] = [{"run": 0, "x": 1.0}]
    kept = write_shard(tmp_path, "a-1", row)
    assert database.finish("a", kept, [Outcome(0, 1.0, "")]) == (0,)
    for name in ("a-2", "b-1", "stranger-1", "notes"):
        write_shard(tmp_path, name, row)
    (tmp_path / "a-3.parquet.part").touch()
    # Both have runs still, and may hand in what they have written.
    assert database.sweep(study, tmp_path) == 0
    database.release("a")
    database.mark_dead("b")
    assert database.sweep(study, tmp_path) == 2
    assert sorted(path.name for path in tmp_path.glob("*.parquet*")) == [
        "a-1.parquet", "b-1.parquet", "notes.parquet", "stranger-1.parquet",
    ]  # fmt: skip
    while database.claim(study, "c", 9, LONG):
        pass
    assert database.sweep(study, tmp_path) == 1
    assert read_shards(tmp_path, database.shards(study))["run"].tolist() == [0]


def test_a_full_disk_is_told_and_leaves_no_half_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        StoringError, match=r"a\.parquet: the table cannot be written \(the disk is full\)\. Free space"
    ):
        write_shard(tmp_path, "a", [{"run": 1, "x": 0.5}])
    assert list(tmp_path.iterdir()) == []


def test_on_a_disk_that_fills_up_what_was_written_stays_and_the_rest_is_told(small: Path) -> None:
    kept = write_shard(small, "kept", [{"run": 1, "x": 0.5}])
    noise = np.random.default_rng(1).random(200_000)
    with pytest.raises(StoringError, match=r"more\.parquet: the table cannot be written \(the disk is full\)"):
        write_shard(small, "more", [{"run": 2, "x": value} for value in noise])
    assert [path.name for path in small.iterdir()] == [kept.file]
    with StudyDatabase.open(small / "studies.db") as database:
        with pytest.raises(StoringError, match=r"cannot be used \(database or disk is full\)"):
            database.create(DEFINITION, points(1), [Run(number, 0, number, 1) for number in range(40_000)])
        assert database.studies() == ()


# The database


def test_each_record_has_the_columns_of_its_table(database: StudyDatabase) -> None:
    for table, record in (
        (tables.studies, tables.Study),
        (tables.points, tables.Point),
        (tables.workers, tables.Worker),
        (tables.runs, tables.Run),
        (tables.shards, Shard),
    ):
        names = {field.name for field in fields(record)} - {"runs"}
        assert set(table.columns.keys()) == names | {"study"} - ({"study"} if table is tables.studies else set())

    def columns(connection: sa.Connection) -> dict[str, set[str]]:
        inspector = sa.inspect(connection)
        return {name: {one["name"] for one in inspector.get_columns(name)} for name in tables.metadata.tables}

    assert database._database.do(columns) == {
        name: set(table.columns.keys()) for name, table in tables.metadata.tables.items()
    }
    optional = {column.name for column in tables.runs.columns if column.nullable}
    assert optional == {"worker", "lease_until", "error", "seconds", "shard", "digest"}
    assert isinstance(tables.runs.c.seed.type, sa.BigInteger)
    assert sorted(tables.STATES) == sorted(set(vars(Counts())) - {"points", "points_ended"})


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_of_another_version_is_left_alone(place: str, database: StudyDatabase, read_only: bool) -> None:
    future = sa.update(tables.versions).values(version=7)
    database._database.do(lambda connection: connection.execute(future))
    with pytest.raises(
        StoringError,
        match=r"has tables of version 7; .* expects version 1\. Use the version of Glasshouse that created it",
    ):
        StudyDatabase.open(place, read_only=read_only)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").execute("vacuum")
    with pytest.raises(StoringError, match="is empty and was opened read-only"):
        StudyDatabase.open(tmp_path / "empty.db", read_only=True)
    with sqlite3.connect(tmp_path / "theirs.db") as theirs:
        theirs.execute("create table runs (x)")
    with pytest.raises(StoringError, match=r"another program.*\(runs\)"):
        StudyDatabase.open(tmp_path / "theirs.db")
    (tmp_path / "text.db").write_text("A text that is no database, and that is long enough to be taken for one." * 20)
    with pytest.raises(StoringError, match="cannot be opened as a study database"):
        StudyDatabase.open(tmp_path / "text.db")


def test_who_only_looks_changes_nothing(place: str, database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(3), runs(6))
    with StudyDatabase.open(place, read_only=True) as reader:
        assert reader.counts(study) == Counts(waiting=6)
        database.claim(study, "a", 2, LONG)
        assert reader.counts(study) == Counts(waiting=4, running=2)
        assert reader.stalled(study) == ()
        with pytest.raises(StoringError, match="(?i)read-?only"):
            reader.claim(study, "b", 1, LONG)
    with pytest.raises(StoringError, match="no study database is here"):
        StudyDatabase.open(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()


def test_sqlite_is_set_for_many_writers(lite: StudyDatabase) -> None:
    def settings(connection: sa.Connection) -> list[Any]:
        names = ("journal_mode", "busy_timeout", "synchronous", "foreign_keys")
        return [connection.exec_driver_sql(f"pragma {name}").scalar() for name in names]

    assert lite._database.do(settings) == ["wal", 60_000, 1, 1]


def test_a_writer_takes_its_lock_when_it_begins_and_a_reader_none(lite: StudyDatabase, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "studies.db", timeout=0.01, isolation_level=None)

    def meanwhile(_: sa.Connection) -> str:
        try:
            other.execute("begin immediate")
            other.execute("rollback")
        except sqlite3.OperationalError as error:
            return str(error)
        return "free"

    assert lite._database.do(meanwhile) == "database is locked"
    assert lite._database.do(meanwhile, writes=False) == "free"
    other.close()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "lustre"])
def test_sqlite_on_a_network_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = tmp_path / "far away", tmp_path / "far away" / "near"
    near.mkdir(parents=True)
    mounts = tmp_path / "mounts"
    blank = str(far).replace(" ", "\\040")
    mounts.write_text(
        f"/dev/a / ext4 rw 0 0\nserver:/x {blank} {kind} rw 0 0\n/dev/b {blank}/near ext4 rw 0 0\nproc {tmp_path.parent} ext4 rw\n"
    )
    monkeypatch.setattr(databases, "MOUNTS", mounts)
    for place in (far / "studies.db", f"sqlite:///{far}/new/studies.db"):
        with pytest.raises(StoringError, match=rf"shared over a network \({kind}\).*disk of this machine.*PostgreSQL"):
            StudyDatabase.open(place)
    assert [path.name for path in far.iterdir()] == ["near"]
    for place in (near / "studies.db", tmp_path / "far away too.db"):
        StudyDatabase.open(place).close()
    monkeypatch.setattr(databases, "MOUNTS", tmp_path / "none")
    StudyDatabase.open(far / "studies.db").close()


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("mysql://a:hush@host/b", "cannot lie in `mysql`"),
        ("postgresql+psycopg://a:hush@host:port/b", "address of the study database cannot be read"),
        ("sqlite://", "in memory"),
        (":memory:", "in memory"),
        (".", "in memory|is a folder"),
        ("file/studies.db", "cannot be used"),
        ("folder", r"is a folder\. Name a file in it"),
    ],
)
def test_a_place_that_cannot_be_used_is_told(
    place: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoringError, match=fault) as caught:
        StudyDatabase.open(place)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "place", ["studies.db", "sqlite:///studies.db", "sqlite:///{0}/studies.db", "{0}/a?b=c d/studies.db"]
)
def test_a_sqlite_file_is_named_by_path_or_address(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for read_only in (False, True):
        with StudyDatabase.open(place.format(tmp_path), read_only=read_only) as database:
            assert database.studies() == ()
            assert repr(database) == f"StudyDatabase({place.format(tmp_path).removeprefix('sqlite:///')})"
    assert len(list(tmp_path.rglob("studies.db"))) == 1


def test_a_password_is_in_no_message(monkeypatch: pytest.MonkeyPatch, hasty: None) -> None:
    pytest.importorskip("psycopg")
    for place in (
        "postgresql+psycopg://me:hush%21@127.0.0.1:1/studies",
        "postgresql://me@127.0.0.1:1/studies?password=hush%21&application_name=x",
    ):
        with pytest.raises(StoringError, match=r"//me(:\*\*\*)?@127\.0\.0\.1:1/studies.* does not answer .*") as caught:
            StudyDatabase.open(place)
        assert "hush" not in str(caught.value)
        assert caught.value.__suppress_context__
        url = databases.address(place)
        assert databases.without_password("FATAL: hush! is wrong", url) == "FATAL: *** is wrong"
        assert "hush" not in databases.shown(url)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoringError, match=r"pip install 'glasshouse\[postgres\]'"):
        StudyDatabase.open("postgresql+psycopg://me:hush@127.0.0.1/studies")


def test_a_lost_connection_is_made_again(server: Server) -> None:
    with StudyDatabase.open(server.fresh()) as database:
        study = database.create(DEFINITION, points(3), runs(6))
        left = [2]

        def work(connection: sa.Connection) -> int:
            if left[0]:
                left[0] -= 1
                connection.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))
            return 7

        assert database._database.do(work) == 7
        assert left == [0]
        assert database.counts(study) == Counts(waiting=6)


def test_a_server_that_is_gone_is_told_and_its_return_is_enough(server: Server, hasty: None) -> None:
    with StudyDatabase.open(server.fresh()) as database:
        study = database.create(DEFINITION, points(3), runs(6))
        server.stop()
        try:
            with pytest.raises(StoringError, match=r"does not answer \(.*See that the server runs"):
                database.claim(study, "a", 2, LONG)
        finally:
            server.start()
        assert numbers(database.claim(study, "a", 2, LONG)) == [0, 1]


def test_times_are_the_server_s(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases.time, "time", lambda: 0.0)
    with StudyDatabase.open(server.fresh()) as database:
        assert database.create(DEFINITION, [], []).created > 1e9


def test_a_process_that_was_forked_makes_its_own_connections(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(3), runs(6))

    def handle(connection: sa.Connection) -> int:
        return id(connection.connection.dbapi_connection)

    parents = database._database.do(handle)
    child = os.fork()
    if child == 0:
        code = 9
        try:
            database.claim(study, "child", 2, LONG)
            code = int(database._database.do(handle) == parents)
            database.close()
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert numbers(database.claim(study, "parent", 9, LONG)) == [2, 3, 4, 5]
    assert database._database.do(handle) == parents


def test_a_lock_that_outlasts_the_patience_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    StudyDatabase.open(tmp_path / "studies.db").close()
    monkeypatch.setattr(databases, "PATIENCE", 0.01)
    other = sqlite3.connect(tmp_path / "studies.db", isolation_level=None, check_same_thread=False)
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        other.execute("begin immediate")
        monkeypatch.setattr(databases, "PAUSES", (0.01,))
        with pytest.raises(StoringError, match=r"cannot be used \(database is locked\)"):
            database.create(DEFINITION, [], [])
        monkeypatch.setattr(databases, "PAUSES", (0.1, 1.0, 1.0))
        release = threading.Timer(0.3, lambda: other.execute("rollback"))
        release.start()
        assert database.create(DEFINITION, [], []).name == "pilot"
        release.join()
    other.close()


def test_a_file_that_another_opens_just_now_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself does not wait while the write-ahead log is turned on."""
    other = sqlite3.connect(tmp_path / "studies.db", isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    release = threading.Timer(0.3, lambda: other.execute("rollback"))
    release.start()
    StudyDatabase.open(tmp_path / "studies.db").close()
    release.join()
    other.close()


def test_a_label_tells_no_machine_and_is_never_given_twice() -> None:
    labels = {worker_label() for _ in range(100)}
    assert len(labels) == 100
    assert all(label.startswith(f"{os.getpid()}-") for label in labels)


def test_a_study_grows_once_however_often_it_is_asked_to(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(2), runs(4))
    first = database.claim(study, "a", 10, LONG)
    assert [run.number for run in first] == [0, 1, 2, 3]
    for _ in range(2):
        database.extend(study, points(4)[2:], runs(8)[4:])
        assert [point.number for point in database.points(study)] == [0, 1, 2, 3]
        assert database.points(study)[3].parameters == points(4)[3].parameters
    assert database.counts(study) == Counts(waiting=4, running=4)
    assert [run.number for run in database.claim(study, "b", 10, LONG)] == [4, 5, 6, 7]
    database.extend(study, points(4), runs(8))
    assert database.counts(study) == Counts(running=8)


def test_a_study_never_grows_over_what_it_has(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(2), runs(4))
    other = [Point(1, {"observation.coverage": 0.9})]
    with pytest.raises(StoringError, match="another point or run under the number 1"):
        database.extend(study, [*other, *points(3)[2:]], [Run(5, 2, 0, 7)])
    with pytest.raises(StoringError, match="under the number 3"):
        database.extend(study, points(2), [replace(runs(4)[3], seed=1)])
    with pytest.raises(StoringError, match="at the point 2"):
        database.extend(study, [], [Run(5, 2, 0, 7)])
    assert len(database.points(study)) == 2
    assert database.counts(study).total == 4
    database.freeze(study, "f1")
    with pytest.raises(StoringError, match="frozen"):
        database.extend(study, points(3)[2:], [Run(4, 2, 0, 7)])


def test_two_that_let_a_study_grow_at_once_add_each_point_once(place: str) -> None:
    with StudyDatabase.open(place) as opened:
        study = opened.create(DEFINITION, points(1), [])
        grow = [threading.Thread(target=opened.extend, args=(study, points(40), runs(80))) for _ in range(4)]
        for thread in grow:
            thread.start()
        for thread in grow:
            thread.join()
        assert len(opened.points(study)) == 40
        assert opened.counts(study).total == 80
