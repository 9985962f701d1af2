"""Connections to the database: where it can be, how it is opened, and what happens when it does not answer.

SQLite is for one machine: with a write-ahead log, writers that take their lock at the start of a transaction, and a
timeout of a minute, sixteen writers at once meet no error and lose no run. PostgreSQL is for several machines. An
address may contain a password; no message of this module does.
"""

import os
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from glasshouse.errors import StoringError, install_command

Found = TypeVar("Found")

PATIENCE = 60.0
"""Seconds that a SQLite connection waits for another writer."""
PAUSES = (0.2, 1.0, 3.0, 6.0)
"""Seconds before each retry after a lost connection: together long enough for the restart of a server."""
LOCK = 7_102_020
"""The number of the PostgreSQL advisory lock under which tables and studies are created."""
MOUNTS = Path("/proc/mounts")
SHARED = {
    "nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "fuse.sshfs", "afs", "ceph", "lustre", "gpfs", "beegfs",
    "fuse.glusterfs",
}  # fmt: skip
"""File systems that several machines share. SQLite's write-ahead log needs memory that all its users share."""
ADDRESS = re.compile(
    r"(postgres|pg|psql|sqlite|mysql|mariadb|oracle|mssql|jdbc|https?|file)[\w+.-]*(:|//)|.*:[^/\\]*@|.*password=", re.I
)
"""What begins or looks like the address of a database, and would be a strange name for a file."""
DAMAGED = "malformed|not a database|decode|corrupt|no such (table|column)"
"""What SQLite says of a file whose contents cannot be right."""
RESTORE = "Restore it from a copy, or begin its studies again in a new file."
KINDS = "Give the path of a SQLite file, or an address such as postgresql+psycopg://user@host/database."


class Database:
    """An open database, which threads may share. A forked process makes connections of its own.

    Parameters
    ----------
    place : str or Path
        A SQLite file or the address of a PostgreSQL database.
    read_only : bool
        Whether nothing may be written.
    existing : bool
        Whether a SQLite file that is not there is refused instead of created.

    Raises
    ------
    StoringError
        If the place cannot be used.
    """

    def __init__(self, place: str | Path, *, read_only: bool = False, existing: bool = False) -> None:
        self.url = address(place)
        self.lite = self.url.drivername.startswith("sqlite")
        self.shown = shown(self.url)
        if self.lite:
            path = Path(self.url.database or "")
            # What a disk cannot take is refused when it is to be written; until then the study can be read.
            read_only = read_only or _is_on_a_read_only_disk(path)
            _prepare(path, read_only, existing)
        self._read_only, self._engine = read_only, _engine(self.url, read_only)
        self._process, self._inherited = os.getpid(), self._engine

    def do(
        self, work: Callable[[sa.Connection], Found], *, writes: bool = True, pauses: tuple[float, ...] | None = None
    ) -> Found:
        """Call a function within a transaction of its own.

        Parameters
        ----------
        work : callable
            Takes the connection. It is called again after a lost connection. The transaction may have been committed
            although its answer was lost, so that calling it twice must have the effect of calling it once.
        writes : bool
            Whether it writes.
        pauses : tuple of float, optional
            Seconds before each retry; by default `PAUSES`.

        Returns
        -------
        object
            What `work` returns.

        Raises
        ------
        StoringError
            If the database fails or does not answer.
        """
        if self._process != os.getpid():
            # The connections are still used by the parent process: here they must be neither used nor closed.
            self._process, self._inherited = os.getpid(), self._engine
            self._engine = _engine(self.url, self._read_only)
        waits = list(PAUSES if pauses is None else pauses)
        while True:
            try:
                with self._engine.connect() as connection:
                    connection.execution_options(writes=writes)
                    with connection.begin():
                        return work(connection)
            except DBAPIError as error:
                if not waits or not self._may_pass(error):
                    raise self._failure(error) from None
            except (sa.exc.SQLAlchemyError, sqlite3.Error, UnicodeError) as error:
                # SQLite's own messages quote the schema, which in a damaged file may be no text.
                raise StoringError(
                    f"The study database {self.shown} is damaged ({type(error).__name__}). {RESTORE}"
                ) from None
            time.sleep(waits.pop(0))

    def now(self, connection: sa.Connection) -> float:
        """Read the clock of the server, since the clocks of several machines differ; on SQLite that of this machine.

        Parameters
        ----------
        connection : sqlalchemy.Connection
            An open connection.

        Returns
        -------
        float
            Seconds since 1970, UTC.
        """
        if self.lite:
            return time.time()
        return float(connection.execute(sa.text("select extract(epoch from clock_timestamp())")).scalar_one())

    def alone(self, connection: sa.Connection) -> None:
        """Hold a lock until the end of the transaction, so that only one process at a time creates tables and studies.

        Parameters
        ----------
        connection : sqlalchemy.Connection
            An open connection. On SQLite there is nothing to do: it has one writer at a time.
        """
        if not self.lite:
            connection.execute(sa.text("select pg_advisory_xact_lock(:number)"), {"number": LOCK})

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _may_pass(self, error: DBAPIError) -> bool:
        if self.lite:
            return bool(re.search("locked|busy", str(error.orig)))
        return isinstance(error, OperationalError) or error.connection_invalidated

    def _failure(self, error: DBAPIError) -> StoringError:
        lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        reason = without_password(lines[0], self.url)
        if self.lite and isinstance(error.orig, sqlite3.DatabaseError) and re.search(DAMAGED, reason):
            return StoringError(f"The study database {self.shown} is damaged ({reason}). {RESTORE}")
        if self.lite:
            text, advice = "cannot be used", "See that there is room on its disk and that it may be written."
        elif self._may_pass(error):
            text, advice = "does not answer", "See that the server runs and that user and password are right."
        else:
            text, advice = "refused what was asked", "See that it belongs to this version of Glasshouse."
        return StoringError(
            f"The study database {self.shown} {text} ({reason}). {advice} Then the same command continues."
        )


def address(place: str | Path) -> sa.URL:
    """Make the address of a study database from a path or a URL.

    Parameters
    ----------
    place : str or Path
        A SQLite file or the address of a PostgreSQL database.

    Returns
    -------
    sqlalchemy.URL
        The address.

    Raises
    ------
    StoringError
        For any other kind of database, and for a path that looks like an address.
    """
    text = str(place)
    if "://" not in text:
        if ADDRESS.match(text):
            # Such a file would have a password in its name. For the same reason the address is not shown.
            raise StoringError(f"The address of the study database has no `://` after its kind. {KINDS}")
        return sa.URL.create("sqlite", database=text)
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError):
        # What cannot be taken apart is not shown: a password may be anywhere in it.
        raise StoringError(f"The address of the study database cannot be read. {KINDS}") from None
    kind = url.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise StoringError(f"A study database cannot be in `{kind}`. {KINDS}")
    return sa.URL.create("sqlite", database=url.database)


def shown(url: sa.URL) -> str:
    """Write an address for messages.

    Parameters
    ----------
    url : sqlalchemy.URL
        The address.

    Returns
    -------
    str
        The path of a SQLite file, or the URL without any password.
    """
    if url.drivername.startswith("sqlite"):
        return str(url.database)
    options = {key: value for key, value in url.query.items() if "password" not in key}
    return url.set(query=options).render_as_string(hide_password=True)


def without_password(text: str, url: sa.URL) -> str:
    """Remove the passwords of an address from the message of a library.

    Parameters
    ----------
    text : str
        The message.
    url : sqlalchemy.URL
        The address.

    Returns
    -------
    str
        The message with ``***`` in place of each password.
    """
    passwords = [url.password, *(value for key, value in url.query.items() if "password" in key)]
    for secret in passwords:
        text = text.replace(str(secret), "***") if secret else text
    return text


def file_system(path: Path) -> str:
    """Find the kind of file system that a path is on.

    Parameters
    ----------
    path : Path
        The path, which need not exist.

    Returns
    -------
    str
        The kind, as the machine's table of mounts names it; empty on machines without one.
    """
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
        wanted = path.resolve()
    except (OSError, RuntimeError):
        # No table, or links that lead to one another, which opening the file says.
        return ""
    best, kind = -1, ""
    for line in lines:
        _, point, found, *_ = line.split(" ")
        # Blanks in the name of a mount are written as octal numbers.
        place = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), point))
        if wanted.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), found
    return kind


def _prepare(path: Path, read_only: bool, existing: bool) -> None:
    """Prepares a SQLite file; StoringError says why a study database cannot be there."""
    if str(path) in (".", ":memory:"):
        raise StoringError(f"A study database in memory would be lost with its process. {KINDS}")
    if (kind := file_system(path)) in SHARED:
        raise StoringError(
            f"{path} is on a file system shared over a network ({kind}), where SQLite loses writes when several "
            f"machines use a file. Name a file on a disk of this machine, or the address of a PostgreSQL server."
        )
    if path.is_dir():
        raise StoringError(f"{path} is a folder. Name a file in it, such as {path / 'studies.db'}.")
    if (read_only or existing) and not path.is_file():
        # It may be a mistyped address: what could be a password in it is not shown.
        named = re.sub(r":(?![\\/]).*", ":***", str(path))
        raise StoringError(
            f"{named}: no study database is here. Name the file that the study was created in, or an address such as "
            "postgresql+psycopg://user@host/database."
        )
    if read_only:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        journal = _write_ahead(path)
    except OSError as error:
        raise StoringError(f"{path.parent} cannot be used ({error.strerror}). Name another place.") from None
    except (sqlite3.DatabaseError, UnicodeError) as error:
        raise StoringError(f"{path} cannot be opened as a study database ({error}). Name another file.") from None
    if journal != "wal":
        raise StoringError(f"{path}: its disk keeps no write-ahead log for SQLite. Name a file on another disk.")


def _is_on_a_read_only_disk(path: Path) -> bool:
    return path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _reading(path: Path) -> dict[str, str]:
    """How SQLite is to open a file that is only read.

    Its readers share memory in a file beside it. Where none can be made and no other process has the file open, they do
    without, which SQLite calls immutable.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=PATIENCE, uri=True)) as connection:
            connection.execute("select count(*) from sqlite_master")
    except (sqlite3.DatabaseError, UnicodeError):
        log = path.with_name(f"{path.name}-wal")
        if _is_on_a_read_only_disk(path) and not (log.is_file() and log.stat().st_size):
            return {"mode": "ro", "immutable": "1"}
    return {"mode": "ro"}


def _write_ahead(path: Path) -> str:
    """Turns the write-ahead log on, which stays on for the life of the file, and returns the kind of log in force."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
                return str(connection.execute("pragma journal_mode = wal").fetchone()[0])
        except sqlite3.OperationalError as error:
            # SQLite itself does not wait here: two processes that waited for each other to change the log would not end.
            if "locked" not in str(error) or time.monotonic() > end:
                raise
        time.sleep(0.02)


def _engine(url: sa.URL, read_only: bool) -> sa.Engine:
    if url.drivername.startswith("sqlite"):
        if read_only:
            path = Path(url.database or "")
            query = {**_reading(path), "uri": "true"}
            url = sa.URL.create("sqlite", database=path.absolute().as_uri(), query=query)
        engine = sa.create_engine(url, connect_args={"timeout": PATIENCE})
        sa.event.listen(engine, "connect", _settle)
        sa.event.listen(engine, "begin", _begin)
        return engine
    known: dict[str, Any] = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
    if read_only:
        known["options"] = f"{url.query.get('options', '')} -c default_transaction_read_only=on"
    try:
        return sa.create_engine(url, pool_pre_ping=True, connect_args=known)
    except ImportError:
        raise StoringError(
            "A study database on PostgreSQL needs the library psycopg, which is not installed. "
            f"Install it: {install_command('postgres')}"
        ) from None


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    # Python would begin transactions by itself, as a reader: two that then want to write would deadlock.
    connection.isolation_level = None
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma foreign_keys = on")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")
