"""The study database on SQLite and on a real PostgreSQL: studies are stored whole, grow once, and are frozen once."""

import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store import schema as tables
from glasshouse.study.store.schema import Counts, Outcome, Point, Run
from glasshouse.study.store.shards import damaged_shards, read_shards, write_shard
from glasshouse.study.store.study_database import StudyDatabase, worker_label
from tests.helpers.studies import DEFINITION, LONG, finish, numbers, points, runs


def test_a_study_comes_back_as_it_was_entered(database: StudyDatabase) -> None:
    database._database.now = lambda connection: 1000.0  # type: ignore[method-assign]
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
    assert study.created == 1000.0
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


def test_a_missing_or_damaged_shard_is_reported_and_its_runs_are_run_again(
    database: StudyDatabase, tmp_path: Path
) -> None:
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


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_of_another_version_is_left_alone(place: str, database: StudyDatabase, read_only: bool) -> None:
    future = sa.update(tables.versions).values(version=7)
    database._database.do(lambda connection: connection.execute(future))
    with pytest.raises(
        StoringError,
        match=r"has tables of version 7; .* expects version 2\. Use the version of Glasshouse that created it",
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


def test_a_label_does_not_identify_the_machine_and_is_never_given_twice() -> None:
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
