"""What all tests share: a cache of compiled passes that outlives a run, so that only the first compiles."""

import os
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
    from postgres import programs, running

    if (folder := programs()) is None:
        pytest.skip("PostgreSQL is not tested: its programs initdb and pg_ctl are not installed here")
    with running(folder) as started:
        yield started
