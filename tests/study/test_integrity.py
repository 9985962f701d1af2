"""A study is compared with stored digests before it is used, and a damaged study database never ends in a traceback."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from glasshouse.cli.main import cli
from glasshouse.errors import GlasshouseError, StoringError
from glasshouse.study import integrity, preregistration, worker
from glasshouse.study.findings import collect
from glasshouse.study.store.schema import Outcome
from glasshouse.study.store.shards import rows_digest, write_shard
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.studies import TEXT, bytes_of, made

FLIPS = 60


def fill(database: StudyDatabase, folder: Path, sizes: tuple[tuple[str, int], ...] = (("one", 3), ("two", 3))) -> None:
    """Hands in figures made up for every run of the small study but the last two, as two workers would."""
    for label, size in sizes:
        claimed = database.claim(database.study("small"), label, size, 600.0)
        rows: list[dict[str, Any]] = [
            {
                "run": run.number,
                "point": run.point,
                "replicate": run.replicate,
                "records": run.number / 3,
                "chilling": None,
            }
            for run in claimed
        ]
        shard = write_shard(folder / "small", label, rows)
        database.finish(label, shard, [Outcome(row["run"], 1.0, rows_digest([row])) for row in rows])


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a preregistered study, six of whose eight runs are done; every page of it is in the one file."""
    folder = tmp_path_factory.mktemp("stored")
    with StudyDatabase.open(folder / "studies.db") as database:
        _, text = preregistration.preregister(database, made())
        (folder / "small.frozen.toml").write_text(text)
        fill(database, folder)
    with closing(sqlite3.connect(folder / "studies.db", isolation_level=None)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return folder


@pytest.fixture
def folder(stored: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(stored, tmp_path / "studies")
    return tmp_path / "studies"


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "studies.db", isolation_level=None)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0


def asked(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(cli, ["study", *words, "--folder", str(folder)])


CHANGES = {
    "points": ("update points set parameters = replace(parameters, '0.', '0.0') where number = 2", "points"),
    "order of points": ("update points set number = 9 where number = 3", "points"),
    "seeds": ("update runs set seed = seed + 1 where number = 7", "Run 7"),
    "points of runs": ("update runs set point = 0 where number = 6", "Run 6"),
    "digests of runs": ("update runs set digest = '0' where number = 1", "figures of run 1"),
    "runs without figures": ("update runs set state = 'done' where number = 7", "figures of run 7"),
    "shards": ("update shards set digest = '0' where number = 1", "is damaged"),
    "missing runs": ("delete from runs where number = 7", "one run for each"),
    "missing shards": ("delete from shards where number = 1", "no record of shard 1"),
    "definition": ("update studies set definition = replace(definition, 'records', 'recalls')", "definition"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_what_is_stored_is_found_when_it_is_read(what: str, folder: Path) -> None:
    statement, message = CHANGES[what]
    change(folder, statement)
    with StudyDatabase.open(folder / "studies.db") as database, pytest.raises(StoringError, match=message):
        collect(database, "small", folder / "small")


def test_an_unchanged_study_has_no_faults(folder: Path) -> None:
    with StudyDatabase.open(folder / "studies.db") as database:
        assert integrity.faults(database, database.study("small"), folder) == ()
        assert len(collect(database, "small", folder / "small").figures) == 6
    status = asked(folder, "status", "small").stdout
    assert "before the first run, as" in status
    assert "changed" not in status


FROZEN = {
    "points": ("update points set parameters = replace(parameters, '0.', '0.0') where number = 2",),
    "points with their digest": (
        "update points set parameters = replace(parameters, '0.', '0.0') where number = 2",
        "update studies set points_digest = 'RECOMPUTED'",
    ),
    "definition with its digest": (
        "update studies set definition = replace(definition, 'records', 'recalls')",
        "update studies set digest = 'RECOMPUTED'",
    ),
    "date": ("update studies set frozen = replace(frozen, '20', '19')",),
}


def recomputed(folder: Path) -> tuple[str, str]:
    """Digests that fit changed points and a changed definition."""
    from hashlib import blake2b

    from glasshouse.study.store.checks import points_digest

    with closing(sqlite3.connect(folder / "studies.db")) as connection:
        texts = connection.execute("select number, parameters from points order by number").fetchall()
        (definition,) = connection.execute("select definition from studies").fetchone()
    return points_digest(texts), blake2b(definition.encode(), digest_size=16).hexdigest()


@pytest.mark.parametrize("what", FROZEN)
@pytest.mark.parametrize("command", ["status", "export", "resume", "pack", "report", "show"])
def test_a_frozen_study_that_was_changed_is_not_called_frozen(what: str, command: str, folder: Path) -> None:
    for statement in FROZEN[what]:
        points, definition = recomputed(folder)
        change(folder, statement.replace("RECOMPUTED", points if "points_digest" in statement else definition))
    files = {"export": ["runs.csv"], "pack": ["small.zip"]}.get(command, [])
    found = asked(folder, command, "small", *(str(folder / name) for name in files))
    assert "changed" in found.output or "not what was frozen" in found.output, found.output
    assert "before the first run" not in found.output
    assert found.exit_code == (0 if command == "status" else 1)
    assert not any((folder / name).exists() for name in (*files, "small.html"))


def test_running_a_finished_study_again_says_that_it_was_changed(folder: Path) -> None:
    with StudyDatabase.open(folder / "studies.db") as database:
        fill(database, folder, (("three", 2),))
    (folder / "small.toml").write_text(TEXT)
    again = ("run", str(folder / "small.toml"), "--quiet")
    assert asked(folder, *again).exit_code == 0
    change(folder, *FROZEN["points"])
    found = asked(folder, *again)
    assert found.exit_code == 1
    assert "changed" in found.output


def test_a_worker_does_no_run_of_a_changed_study(folder: Path) -> None:
    change(folder, "update runs set seed = 5 where number = 6")
    with StudyDatabase.open(folder / "studies.db") as database:
        with pytest.raises(StoringError, match="Run 6"):
            worker.work(database, "small", folder / "small")
        assert database.counts(database.study("small")).done == 6


def flipped(sound: bytes, number: int) -> bytes:
    """The file with a random bit of it the other way round, anywhere but in empty space."""
    draw = random.Random(number)
    used = [place for place, byte in enumerate(sound) if byte]
    place = draw.choice(used)
    return sound[:place] + bytes([sound[place] ^ (1 << draw.randrange(8))]) + sound[place + 1 :]


def answer(folder: Path) -> tuple[Any, ...]:
    """What the study is and found, as its readers get it."""
    with StudyDatabase.open(folder / "studies.db", read_only=True) as database:
        record = database.study("small")
        database.workers(record), database.stalled(record), database.active_workers(record)
        found = collect(database, "small", folder / "small")
        return found.definition, found.parameters, bytes_of(found), [run.seed for run in found.entries]


@pytest.mark.parametrize("number", range(FLIPS))
def test_a_flipped_bit_changes_no_answer_and_ends_in_no_traceback(number: int, stored: Path, folder: Path) -> None:
    sound, file = answer(stored), folder / "studies.db"
    file.write_bytes(flipped((stored / "studies.db").read_bytes(), number))
    try:
        assert answer(folder) == sound
    except GlasshouseError:
        pass
    for command in (["status"], ["export", "small", str(folder / "runs.csv")]):
        found = asked(folder, *command)
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    try:
        with StudyDatabase.open(file) as database:
            record = database.study("small")
            database.claim(record, "three", 1, 600.0), database.heartbeat("three", 600.0), database.release("three")
            database.retry(record), database.recover(record, folder / "small"), database.sweep(record, folder / "small")
            preregistration.preregister(database, made())
    except GlasshouseError:
        pass
