"""Files are written whole or not at all, and messages say what could not be written."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from glasshouse.errors import StoringError
from glasshouse.storage import atomic_path, is_part, locked, write_atomic


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)


@pytest.mark.parametrize("content", ["häuser\n", b"\x00\xff"])
def test_text_and_bytes_are_written_as_given(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "new" / "folder" / "file"
    write_atomic(path, content, "the file")
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_what_was_there_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.html"
    write_atomic(path, "before", "the report")
    fill_disk(monkeypatch)
    with pytest.raises(StoringError) as caught:
        write_atomic(path, "after", "the report")
    assert str(caught.value) == (
        f"{path}: the report cannot be written (the disk is full). Free space there or choose another folder."
    )
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_the_message_gives_the_advice_of_the_caller(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoringError, match=r"the map cannot be written \(.+\)\. Ask the owner\."):
        write_atomic(tmp_path / "file" / "map.svg", "", "the map", "Ask the owner.")


def test_an_error_of_the_writer_removes_the_temporary_file_and_is_raised_unchanged(tmp_path: Path) -> None:
    def write() -> None:
        with atomic_path(tmp_path / "table", "the table") as part:
            part.write_text("half")
            raise ValueError("a value")

    with pytest.raises(ValueError, match="a value"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_the_file_keeps_the_permissions_that_new_files_get(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomic(tmp_path / "atomic", "", "the file")
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_lock_of_a_folder_is_of_one_process_and_ends_with_it(tmp_path: Path) -> None:
    script = (
        "import sys, threading; from pathlib import Path; from glasshouse.storage import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('locked', flush=True)\n    threading.Event().wait()\n"
    )
    folder = tmp_path / "new"
    with subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(StoringError, match="another run is at work in this folder"), locked(folder):
            pass
        other.kill()
    with locked(folder):
        with pytest.raises(StoringError, match="another run is at work"), locked(folder):
            pass
        assert list(folder.iterdir()) == []


def test_a_folder_on_a_file_system_without_locks_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", unknown)
    with locked(tmp_path):
        assert tmp_path.is_dir()


def test_what_a_killed_process_leaves_is_not_taken_for_what_it_wrote(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "scenario.toml", "the scenario") as part:
        part.touch()
        assert is_part(part)
    assert not is_part(tmp_path / "scenario.toml")
