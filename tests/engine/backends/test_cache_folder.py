"""Compiled code is loaded only from a folder that its user alone may write; else a private one is made, and said."""

import os
from pathlib import Path

import pytest

from glasshouse.engine.backends import cache_folder
from glasshouse.engine.backends.cache_folder import others_may_write, private_folder
from glasshouse.engine.backends.generated_module import GeneratedModule, write
from glasshouse.errors import GlasshouseWarning, StoringError

SOURCE = "@outer\ndef nothing(number):\n    pass\n"

LOOPS = {"nothing": ("int64",)}


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's cache folder of its own, and nothing remembered of other folders."""
    monkeypatch.setattr(cache_folder.platformdirs, "user_cache_dir", lambda _: str(tmp_path / "home" / "glasshouse"))
    private_folder.cache_clear()
    return tmp_path / "home" / "glasshouse"


def test_a_folder_of_one_s_own_is_used(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    module = GeneratedModule(SOURCE, tmp_path / "mine" / "deeper")
    module.load(LOOPS)
    assert module.path.read_text() == SOURCE
    assert module.folder == tmp_path / "mine" / "deeper"
    assert not recwarn.list


def test_folders_that_are_made_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        module = GeneratedModule(SOURCE, tmp_path / "mine" / "deeper")
        module.load(LOOPS)
    finally:
        os.umask(before)
    for folder in (tmp_path / "mine", tmp_path / "mine" / "deeper", module.path.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("opened", ["folder", "above", "pass", "file", "machine code"])
def test_what_others_can_write_is_not_loaded_and_that_is_said(opened: str, tmp_path: Path, private: Path) -> None:
    chosen = tmp_path / "shared" / "cache"
    module = GeneratedModule(SOURCE, chosen)
    module.load(LOOPS)
    machine_code = module.path.parent / "planted.o"
    machine_code.write_bytes(b"")
    module.path.write_text("value = 'planted'\n")
    places = {
        "folder": chosen, "above": chosen.parent, "pass": module.path.parent, "file": module.path,
        "machine code": machine_code,
    }  # fmt: skip
    places[opened].chmod(places[opened].stat().st_mode | 0o002)
    private_folder.cache_clear()
    with pytest.warns(GlasshouseWarning, match=f"Others can write in {chosen}.* It is kept in {private}"):
        module = GeneratedModule(SOURCE, chosen)
    assert module.folder == private
    module.load(LOOPS)
    assert module.path.read_text() == SOURCE
    assert private.stat().st_mode & 0o077 == 0


def test_another_user_s_folder_counts_as_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not others_may_write(tmp_path)
    monkeypatch.setattr(cache_folder.os, "geteuid", lambda: tmp_path.stat().st_uid + 4711)
    assert others_may_write(tmp_path) is bool(tmp_path.stat().st_uid)


def test_if_the_user_s_own_folders_are_open_too_a_new_one_is_made(tmp_path: Path, private: Path) -> None:
    private.parent.mkdir()
    private.parent.chmod(0o777)
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    with pytest.warns(GlasshouseWarning, match="Others can write"):
        found = private_folder(open_folder, "week")
    assert not others_may_write(found)
    assert not found.is_relative_to(tmp_path)
    found.rmdir()


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSHOUSE_CACHE", str(tmp_path / "mine"))
    assert cache_folder.cache_folder() == tmp_path / "mine"


def test_a_cache_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for path in (tmp_path / "file" / "week.py", tmp_path / "file" / "deeper" / "week.py"):
        with pytest.raises(StoringError, match="GLASSHOUSE_CACHE"):
            write(path, "text")
