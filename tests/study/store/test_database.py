"""Connections: where a database can be, and what happens when it does not answer."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store import database as databases
from glasshouse.study.store.schema import Counts
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.postgres import Server
from tests.helpers.studies import DEFINITION, LONG, numbers, points, runs


def test_sqlite_is_set_for_many_writers(lite: StudyDatabase) -> None:
    def settings(connection: sa.Connection) -> list[Any]:
        names = ("journal_mode", "busy_timeout", "synchronous", "foreign_keys")
        return [connection.exec_driver_sql(f"pragma {name}").scalar() for name in names]

    assert lite._database.do(settings) == ["wal", 60_000, 1, 1]


def test_a_writer_takes_its_lock_when_it_begins_and_a_reader_none(lite: StudyDatabase, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "studies.db", timeout=0, isolation_level=None)

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
        ("mysql://a:hush@host/b", "cannot be in `mysql`"),
        ("postgresql+psycopg://a:hush@host:port/b", "address of the study database cannot be read"),
        ("sqlite://", "in memory"),
        (":memory:", "in memory"),
        (".", "in memory|is a folder"),
        ("file/studies.db", "cannot be used"),
        ("loop", "cannot be opened|cannot be used"),
        ("loop/studies.db", "cannot be used"),
        ("folder", r"is a folder\. Name a file in it"),
    ],
)
def test_a_place_that_cannot_be_used_is_reported(
    place: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(StoringError, match=fault) as caught:
        StudyDatabase.open(place)
    assert "hush" not in str(caught.value)


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
    with pytest.raises(StoringError, match=r"pip install 'glasshouse-lab\[postgres\]'"):
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


def test_a_server_that_is_gone_is_reported_and_its_return_is_enough(server: Server, hasty: None) -> None:
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


@pytest.mark.parametrize(
    "wrong",
    [
        "postgresql:/me:hush@server/db",
        "postgresql//me:hush@server/db",
        "postgres:me:hush@server/db",
        "me:hush@server/db",
        "psql host=server password=hush",
        "sqlite:studies.db",
        "mysql:/me:hush@server/db",
    ],
)
def test_a_wrong_address_never_becomes_the_name_of_a_file(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoringError, match="has no `://`") as error:
        StudyDatabase.open(wrong)
    assert "hush" not in str(error.value)
    assert list(tmp_path.rglob("*")) == []


def test_paths_with_colons_and_at_signs_are_still_paths(tmp_path: Path) -> None:
    for name in ("12:30.db", "a@b.db", "postgres.db", "run 1: pilot/studies.db"):
        with StudyDatabase.open(tmp_path / name):
            assert (tmp_path / name).is_file()


READ_ONLY = """
import sys
from glasshouse.errors import StoringError
from glasshouse.study.store.study_database import StudyDatabase
with StudyDatabase.open(sys.argv[1]) as database:
    study = database.study("pilot")
    print(database.counts(study).waiting)
    try:
        database.claim(study, "a", 1, 60.0)
    except StoringError as error:
        print(error)
"""


def test_a_study_on_a_read_only_disk_can_be_read(tmp_path: Path) -> None:
    place = tmp_path / "disk" / "studies.db"
    with StudyDatabase.open(place) as database:
        database.create(DEFINITION, points(3), runs(6))
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    command = ["unshare", "-m", "sh", "-c", mount, str(place.parent)]
    if not shutil.which("unshare") or subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("No disk can be mounted here.")
    found = subprocess.run(
        [*command, sys.executable, "-c", READ_ONLY, str(place)], capture_output=True, text=True, check=True
    )
    count, refusal = found.stdout.splitlines()
    assert count == "6"
    assert "readonly" in refusal
    assert "may be written" in refusal
