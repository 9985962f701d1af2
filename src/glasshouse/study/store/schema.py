"""The tables of the study database, and the records that go into them and come out.

A study is a design of points; a run is one replicate at one point. Figures of runs lie in shards, files beside the
study database, so that a transaction stays short however much a run tells. Times are seconds since 1970, UTC.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import sqlalchemy as sa

from glasshouse.errors import StoringError

VERSION_TABLE = "glasshouse_version"
"""Where a study database says which migration it has reached; a name of our own, for a server shared with other programs."""
HEAD = "studies"
"""The newest migration. A study database that names it needs nothing done when it is opened."""
STATES = ("waiting", "running", "done", "failed")

metadata = sa.MetaData()
studies = sa.Table(
    "studies",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("definition", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("frozen", sa.Text),
    sa.UniqueConstraint("name", name="studies_name"),
)
points = sa.Table(
    "points",
    metadata,
    sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("parameters", sa.Text, nullable=False),
)
workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), nullable=False),
    sa.Column("started", sa.Double, nullable=False),
    sa.Column("heartbeat", sa.Double, nullable=False),
    sa.Column("ended", sa.Double),
)
shards = sa.Table(
    "shards",
    metadata,
    sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("written", sa.Double, nullable=False),
    sa.UniqueConstraint("study", "file", name="shards_file"),
)
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("point", sa.Integer, nullable=False),
    sa.Column("replicate", sa.Integer, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("worker", sa.Text, sa.ForeignKey("workers.id")),
    sa.Column("lease_until", sa.Double),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("seconds", sa.Double),
    sa.Column("shard", sa.Integer),
    sa.Column("digest", sa.Text),
    sa.ForeignKeyConstraint(["study", "point"], ["points.study", "points.number"]),
    sa.ForeignKeyConstraint(["study", "shard"], ["shards.study", "shards.number"]),
    sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="runs_known_state"),
    # In the order in which a claim looks for them, so that a claim costs the same in a study of a million runs.
    sa.Index("runs_by_state", "study", "state", "number"),
    sa.Index("runs_by_worker", "worker"),
)


@dataclass(frozen=True)
class Definition:
    """What a study is, before it is in a study database: its text, the text's digest and the digest of the code it is for.

    `frozen` is the hash under which the definition was frozen before any run, and when; None if it was not.
    """

    name: str
    digest: str
    text: str
    code: str
    frozen: str | None = None


@dataclass(frozen=True)
class Study:
    """A study in the study database: its definition under a number, and when it was created."""

    id: int
    name: str
    digest: str
    definition: str
    code: str
    created: float
    frozen: str | None


@dataclass(frozen=True)
class Point:
    """A place in the design: what the settings of the scenario are there."""

    number: int
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """One replicate at one point, and how far it is.

    `lease_until` is when another worker may take it over, `attempts` how often it was begun, `seconds` how long it
    took, `shard` the number of the shard that holds its figures, and `digest` the digest of those.
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
    """What a worker says of a run it has done: how many seconds it took, and the digest of its rows in the shard."""

    run: int
    seconds: float
    digest: str


@dataclass(frozen=True)
class Worker:
    """A process that runs a study: since when, when it was last heard of, and when it ended (None if it has not)."""

    id: str
    study: int
    started: float
    heartbeat: float
    ended: float | None


@dataclass(frozen=True)
class Counts:
    """How many runs of a study are in each state; how many of its `points` have no run left."""

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


Record = TypeVar("Record", Study, Run, Worker)


def select_record(table: sa.Table, record: type[Record]) -> "sa.Select[Any]":
    """The query for the columns that a record has, in its order."""
    return sa.select(*(table.c[field.name] for field in fields(record)))


def parameters_json(parameters: Mapping[str, Any]) -> str:
    """Parameters of a point as JSON with sorted keys; StoringError for what is not a number, text, truth or list."""
    try:
        return json.dumps(dict(parameters), sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoringError(
            f"A point with the parameters {dict(parameters)} cannot be stored ({error}). Give finite numbers or text."
        ) from None


def migrate(connection: sa.Connection) -> None:
    """Brings the tables to the newest version, within the caller's transaction; StoringError if they are newer."""
    # Alembic takes half a second to import and is needed once in a study database's life.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "glasshouse.study.store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StoringError(
            "The study database was made by a newer version of Glasshouse. Update Glasshouse here, or use another study database."
        ) from None


def version(connection: sa.Connection) -> str | None:
    """The migration that a study database has reached, None for a fresh one; StoringError for another program's tables."""
    there = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in there:
        return connection.execute(sa.text(f"select version_num from {VERSION_TABLE}")).scalar()
    if strange := sorted(there & set(metadata.tables)):
        raise StoringError(
            f"The database has tables of another program that are called as ours ({', '.join(strange)}). "
            f"Name another file or database for the study database."
        )
    return None
