"""Shards: written whole or not at all, and read only as registered."""

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasshouse.errors import StoringError
from glasshouse.study.store.schema import Run
from glasshouse.study.store.shards import read_shards, rows_digest, write_shard
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.studies import DEFINITION, points


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


def test_the_table_does_not_depend_on_which_worker_did_a_run(tmp_path: Path) -> None:
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


def test_a_full_disk_is_reported_and_leaves_no_half_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        StoringError, match=r"a\.parquet: the table cannot be written \(the disk is full\)\. Free space"
    ):
        write_shard(tmp_path, "a", [{"run": 1, "x": 0.5}])
    assert list(tmp_path.iterdir()) == []


def test_on_a_disk_that_fills_up_what_was_written_stays_and_the_rest_is_reported(small: Path) -> None:
    kept = write_shard(small, "kept", [{"run": 1, "x": 0.5}])
    noise = np.random.default_rng(1).random(200_000)
    with pytest.raises(StoringError, match=r"more\.parquet: the table cannot be written \(the disk is full\)"):
        write_shard(small, "more", [{"run": 2, "x": value} for value in noise])
    assert [path.name for path in small.iterdir()] == [kept.file]
    with StudyDatabase.open(small / "studies.db") as database:
        with pytest.raises(StoringError, match=r"cannot be used \(database or disk is full\)"):
            database.create(DEFINITION, points(1), [Run(number, 0, number, 1) for number in range(40_000)])
        assert database.studies() == ()
