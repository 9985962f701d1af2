"""What may go wrong with a study beside the death of its workers: it is reported, nothing half-written counts, and it goes on."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from glasshouse.cli.main import cli
from glasshouse.engine import run as engine
from glasshouse.errors import RunningError, StoringError
from glasshouse.study import worker
from glasshouse.study.executors import local
from glasshouse.study.executors.executor import StudyJob
from glasshouse.study.findings import collect
from glasshouse.study.store.shards import read_shards
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers import waiting
from tests.helpers.postgres import Server
from tests.helpers.studies import (
    TEXT,
    bytes_of,
    entered,
)


@pytest.fixture
def befalls(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], Any]], None]:
    """Has something happen as the run begins that is the n-th from now."""
    real = engine.run

    def at(number: int, happens: Callable[[], Any]) -> None:
        begun: list[int] = []

        def run(scenario: Any, **given: Any) -> Any:
            begun.append(1)
            if len(begun) == number:
                happens()
            return real(scenario, **given)

        monkeypatch.setattr(engine, "run", run)

    return at


def filled(disk: Path) -> Path:
    """A file that leaves no byte of a disk free."""
    path = disk / "ballast"
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return path
    raise AssertionError("the disk has no end")


def goes_on(database: StudyDatabase, folder: Path, wanted: bytes) -> None:
    """The study is whole again: every run once, with the figures of an undisturbed study, and no other file."""
    record = database.study("small")
    worker.work(database, "small", folder)
    assert database.counts(record).done == 8
    assert bytes_of(collect(database, "small", folder)) == wanted
    database.sweep(record, folder)
    assert {path.name for path in folder.iterdir()} == {shard.file for shard in database.shards(record)}


def test_where_results_find_no_room_the_study_says_so_and_goes_on(
    tmp_path: Path, small: Path, wanted: bytes, befalls: Any
) -> None:
    befalls(3, lambda: filled(small))
    with entered(tmp_path / "studies.db") as database:
        with pytest.raises(StoringError, match=r"cannot be written \(the disk is full\)\. Free space there"):
            worker.work(database, "small", small / "results")
        record = database.study("small")
        counts = database.counts(record)
        assert (counts.done, counts.running) == (1, 0)
        assert len(read_shards(small / "results", database.shards(record))) == 1
        (small / "ballast").unlink()
        goes_on(database, small / "results", wanted)


def test_where_the_database_finds_no_room_the_study_says_so_and_continues(
    tmp_path: Path, small: Path, wanted: bytes, befalls: Any
) -> None:
    befalls(3, lambda: filled(small))
    with entered(small / "studies.db") as database:
        with pytest.raises(StoringError, match=r"cannot be used \(database or disk is full\)\. See that there is room"):
            worker.work(database, "small", tmp_path / "results")
        record = database.study("small")
        assert database.counts(record).done == 1
        (small / "ballast").unlink()
        waiting.pass_time(database, 2 * worker.LEASE)
        goes_on(database, tmp_path / "results", wanted)


def terminate(server: Server) -> int:
    """Cuts every connection that the server has but the one that asks; returns how many."""
    engine = sa.create_engine(server.fresh())
    with engine.begin() as connection:
        others = "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and usename = 'tester'"
        found = connection.execute(sa.text(others)).scalar_one()
    engine.dispose()
    return int(found)


def test_connections_that_are_cut_again_and_again_cost_nothing(
    server: Server, tmp_path: Path, wanted: bytes, befalls: Any
) -> None:
    cut: list[int] = []
    over = threading.Event()

    def again() -> None:
        for _ in waiting.again_and_again(over):
            if len(cut) < 6:
                cut.append(terminate(server))

    cutter = threading.Thread(target=again)
    befalls(2, cutter.start)
    with entered(server.fresh()) as database:
        try:
            goes_on(database, tmp_path / "small", wanted)
        finally:
            over.set()
            cutter.join()
        assert sum(cut) > 0
        assert {run.attempts for run in database.runs(database.study("small"))} == {1}


def test_a_server_that_goes_away_ends_the_work_with_a_message_and_its_return_lets_it_go_on(
    server: Server, tmp_path: Path, wanted: bytes, befalls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glasshouse.study.store.database.PAUSES", (0.01, 0.05))
    befalls(3, lambda: server.stop("immediate"))
    with entered(server.fresh()) as database:
        try:
            with pytest.raises(StoringError, match="does not answer .*See that the server runs"):
                worker.work(database, "small", tmp_path / "small")
        finally:
            server.start()
        assert database.counts(database.study("small")).done == 1
        waiting.pass_time(database, 2 * worker.LEASE)
        goes_on(database, tmp_path / "small", wanted)


def test_a_flipped_byte_is_named_and_only_its_runs_are_done_again(
    tmp_path: Path, wanted: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(job: StudyJob) -> None:
        worker.work(job.database, job.name, job.folder / job.name)

    monkeypatch.setattr(local, "run_processes", here)
    (tmp_path / "small.toml").write_text(TEXT)
    words = ("--folder", str(tmp_path))
    assert CliRunner().invoke(cli, ["study", "run", str(tmp_path / "small.toml"), "--quiet", *words]).exit_code == 0
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        record = database.study("small")
        damaged, *others = sorted(database.shards(record), key=lambda shard: -len(shard.runs))
        path = tmp_path / "small" / damaged.file
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        shown = CliRunner().invoke(cli, ["study", "show", "small", *words])
        assert shown.exit_code == 1
        assert f"{damaged.file} is damaged" in shown.stderr
        assert f"glasshouse study resume small --folder {tmp_path}" in shown.stderr
        resumed = CliRunner().invoke(cli, ["study", "resume", "small", *words])
        assert f"Running {len(damaged.runs)} runs again whose results were missing or damaged." in resumed.stderr
        assert "Removed 1 files that workers had left behind." in resumed.stderr
        assert {shard.file for shard in others} < {shard.file for shard in database.shards(record)}
        assert not path.exists()
        assert bytes_of(collect(database, "small", tmp_path / "small")) == wanted
    assert CliRunner().invoke(cli, ["study", "show", "small", *words]).exit_code == 0


def test_what_was_written_and_never_handed_in_does_not_count(
    tmp_path: Path, wanted: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(tmp_path / "studies.db") as database:
        with monkeypatch.context() as patch:
            patch.setattr(database, "finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                worker.work(database, "small", tmp_path / "small")
        assert len(list((tmp_path / "small").glob("*.parquet"))) == 1
        assert len(collect(database, "small", tmp_path / "small").figures) == 0
        goes_on(database, tmp_path / "small", wanted)


def test_a_run_that_breaks_is_a_row_with_its_error_and_is_tried_again_when_the_study_is_resumed(
    tmp_path: Path, wanted: bytes, befalls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(job: StudyJob) -> None:
        worker.work(job.database, job.name, job.folder / job.name)

    def breaks() -> None:
        raise MemoryError("no room for 10 bytes")

    monkeypatch.setattr(local, "run_processes", here)
    befalls(2, breaks)
    with entered(tmp_path / "studies.db") as database:
        worker.work(database, "small", tmp_path / "small")
        (failed,) = collect(database, "small", tmp_path / "small").failed
        assert failed[1] == "MemoryError: no room for 10 bytes"
        resumed = CliRunner().invoke(cli, ["study", "resume", "small", "--folder", str(tmp_path)])
        assert "Trying 1 runs again that had failed." in resumed.stderr
        assert bytes_of(collect(database, "small", tmp_path / "small")) == wanted


def test_a_study_that_cannot_continue_says_how_to_resume_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(_: StudyJob) -> None:
        raise RunningError("A worker stopped: x.")

    monkeypatch.setattr(local, "run_processes", stops)
    (tmp_path / "small.toml").write_text(TEXT)
    said = CliRunner().invoke(cli, ["study", "run", str(tmp_path / "small.toml"), "--folder", str(tmp_path)])
    assert said.exit_code == 1
    assert f"Continue with: glasshouse study resume small --folder {tmp_path}" in said.stderr


def test_a_beat_that_finds_no_database_does_not_end_the_beating(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[None] = []

    def heartbeat(*_: Any) -> None:
        heard.append(None)
        raise StoringError("gone")

    monkeypatch.setattr(worker, "LEASE", 0.04)
    with entered(tmp_path / "studies.db") as database:
        monkeypatch.setattr(database, "heartbeat", heartbeat)
        with worker._heartbeat(database, "a"):
            waiting.until(lambda: len(heard) >= 3)
