"""What all tests share: a cache of compiled passes that outlives a run, so that only the first compiles."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / ".pytest_cache" / "compiled"
os.environ.setdefault("GLASSHOUSE_CACHE", str(FOLDER))


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A PostgreSQL server, or a reason why there is none."""
    pytest.importorskip(
        "psycopg", reason="PostgreSQL is not tested without psycopg: pip install 'glasshouse[postgres]'"
    )
    from tests.helpers.postgres import programs, running

    if (folder := programs()) is None:
        pytest.skip("PostgreSQL is not tested: its programs initdb and pg_ctl are not installed here")
    with running(folder) as started:
        yield started


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True).returncode
    ):
        pytest.skip("A disk that fills up is not tested: only root may mount one")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)
