"""The records of a study database, and the tables whose columns are made of them.

A study is a design of points; a run is one replicate at one point. The figures of runs are in shards, files beside the
database, so that a transaction stays short however many figures a run has. Times are seconds since 1970, UTC.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, get_type_hints

import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store.shards import Shard

SCHEMA_VERSION = 2
"""To be raised with every change of the tables. Until a release has another one, there is nothing to migrate."""
VERSION_TABLE = "glasshouse_version"
"""The table whose one row holds the version. The prefix keeps it apart on a server shared with other programs."""
STATES = ("waiting", "running", "done", "failed")


@dataclass(frozen=True)
class Definition:
    """What a study is, before it is in a database.

    Attributes
    ----------
    name : str
        Name of the study.
    digest : str
        Digest of `text`: two studies with the same one have the same runs.
    text : str
        The definition as JSON, as `Study.definition` of `glasshouse.study.study` gives it.
    code : str
        Digest of the code that the study is for.
    frozen : str, optional
        Hash and date of the preregistration; None for a study that is not preregistered.
    """

    name: str
    digest: str
    text: str
    code: str
    frozen: str | None = None


@dataclass(frozen=True)
class Study:
    """A study in the database.

    Attributes
    ----------
    id : int
        Its number in this database.
    name, digest, definition, code, frozen
        As in `Definition`, whose `text` is called `definition` here.
    created : float
        When it was created, in seconds since 1970, UTC.
    points_digest : str
        Digest of its points, as `points_digest` computes it.
    """

    id: int
    name: str
    digest: str
    definition: str
    code: str
    created: float
    frozen: str | None
    points_digest: str


@dataclass(frozen=True)
class Point:
    """A point of the design.

    Attributes
    ----------
    number : int
        Its number within the study, from 0.
    parameters : mapping
        The settings of the scenario at this point, by their full names.
    """

    number: int
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """One replicate at one point, and its state.

    Attributes
    ----------
    number, point, replicate : int
        Number of the run within the study, of its point, and of the replicate at that point; all from 0.
    seed : int
        Random seed of the run.
    state : str
        One of `STATES`.
    worker : str, optional
        Label of the worker that has or had the run.
    lease_until : float, optional
        When another worker may claim the run, in seconds since 1970, UTC.
    attempts : int
        How often workers have started it.
    error : str, optional
        Why it failed.
    seconds : float, optional
        How long it took.
    shard : int, optional
        Number of the shard that holds its figures.
    digest : str, optional
        Digest of its figures.
    """

    number: int
    point: int
    replicate: int
    seed: int
    state: str = "waiting"
    worker: str | None = None
    lease_until: float | None = None
    attempts: int = 0
    error: str | None = None
    seconds: float | None = None
    shard: int | None = None
    digest: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a worker reports of a run that it has done.

    Attributes
    ----------
    run : int
        Number of the run.
    seconds : float
        How long it took.
    digest : str
        Digest of its rows in the shard.
    """

    run: int
    seconds: float
    digest: str


@dataclass(frozen=True)
class Worker:
    """A process that does runs of a study.

    Attributes
    ----------
    id : str
        Its label.
    study : int
        Number of the study.
    started, heartbeat : float
        When it claimed its first runs and when it last reported, in seconds since 1970, UTC.
    ended : float, optional
        When it ended; None for one that has not.
    """

    id: str
    study: int
    started: float
    heartbeat: float
    ended: float | None


@dataclass(frozen=True)
class Counts:
    """How many runs of a study are in each state.

    Attributes
    ----------
    waiting, running, done, failed : int
        Numbers of runs.
    points, points_ended : int
        Number of points, and of those of which no run is left; not compared.
    """

    waiting: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    points: int = field(default=0, compare=False)
    points_ended: int = field(default=0, compare=False)

    @property
    def total(self) -> int:
        """All runs of the study."""
        return self.waiting + self.running + self.ended

    @property
    def ended(self) -> int:
        """Runs that are done or failed."""
        return self.done + self.failed


def _columns(record: type[Any], key: str, large: tuple[str, ...] = ()) -> "list[sa.Column[Any]]":
    """A column for each field of a record that has a type of SQL; a field that may be None may be null."""
    kinds: dict[Any, Any] = {int: sa.Integer, float: sa.Double, str: sa.Text, Mapping[str, Any]: sa.Text}
    optional = {kind | None: column for kind, column in kinds.items() if isinstance(kind, type)}
    columns: list[sa.Column[Any]] = []
    for name, hint in get_type_hints(record).items():
        if name != "study" and (kind := {**kinds, **optional}.get(hint)) is not None:
            kind = sa.BigInteger if name in large else kind
            columns.append(sa.Column(name, kind, primary_key=name == key, nullable=hint in optional))
    return columns


def _study(*, key: bool = True) -> "sa.Column[int]":
    return sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=key, nullable=False)


metadata = sa.MetaData()
versions = sa.Table(VERSION_TABLE, metadata, sa.Column("version", sa.Integer, primary_key=True))
studies = sa.Table("studies", metadata, *_columns(Study, "id"), sa.UniqueConstraint("name", name="studies_name"))
points = sa.Table("points", metadata, _study(), *_columns(Point, "number"))
workers = sa.Table("workers", metadata, _study(key=False), *_columns(Worker, "id"))
shards = sa.Table(
    "shards",
    metadata,
    _study(),
    *_columns(Shard, "number"),
    sa.UniqueConstraint("study", "file", name="shards_file"),
)
runs = sa.Table(
    "runs",
    metadata,
    _study(),
    *_columns(Run, "number", large=("seed",)),
    sa.ForeignKeyConstraint(["worker"], ["workers.id"]),
    sa.ForeignKeyConstraint(["study", "point"], ["points.study", "points.number"]),
    sa.ForeignKeyConstraint(["study", "shard"], ["shards.study", "shards.number"]),
    sa.CheckConstraint(f"state in {STATES}", name="runs_known_state"),
    # In the order in which a claim looks for them, so that a claim costs the same in a study of a million runs.
    sa.Index("runs_by_state", "study", "state", "number"),
    sa.Index("runs_by_worker", "worker"),
)

Record = TypeVar("Record", Study, Run, Worker)


def select_record(table: sa.Table, record: type[Record]) -> "sa.Select[Any]":
    """Make the query for the columns of a record.

    Parameters
    ----------
    table : sqlalchemy.Table
        The table of these records.
    record : type
        `Study`, `Run` or `Worker`.

    Returns
    -------
    sqlalchemy.Select
        The columns in the order of the record's fields.
    """
    return sa.select(*(table.c[field.name] for field in fields(record)))


def parameters_json(parameters: Mapping[str, Any]) -> str:
    """Write the parameters of a point as JSON.

    Parameters
    ----------
    parameters : mapping
        Settings by their full names.

    Returns
    -------
    str
        JSON with sorted keys, so that equal parameters give equal texts.

    Raises
    ------
    StoringError
        For a value that is no finite number, text, truth value or list of them.
    """
    try:
        return json.dumps(dict(parameters), sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoringError(
            f"A point with the parameters {dict(parameters)} cannot be stored ({error}). Give finite numbers or text."
        ) from None


def create_tables(connection: sa.Connection) -> None:
    """Create the tables, within the transaction of the caller; if they exist, nothing is done.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        An open connection, on which no other process creates tables at the same time.
    """
    if schema_version(connection) is None:
        metadata.create_all(connection)
        connection.execute(sa.insert(versions).values(version=SCHEMA_VERSION))


def schema_version(connection: sa.Connection) -> str | None:
    """Read which version of the tables a database has.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        An open connection.

    Returns
    -------
    str or None
        The version as text; None if the database has no tables of a study database.

    Raises
    ------
    StoringError
        If the database has tables of another program with the same names.
    """
    existing = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in existing:
        # Every column is read: another version may call its column otherwise.
        return str(connection.execute(sa.text(f"select * from {VERSION_TABLE}")).scalar())
    if strange := sorted(existing & set(metadata.tables)):
        raise StoringError(
            f"The database has tables of another program with the names of ours ({', '.join(strange)}). "
            "Name another file or database for the study database."
        )
    return None
