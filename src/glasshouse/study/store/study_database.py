"""The study database: studies with their points and runs, and where the figures of the runs are.

A process that runs a study opens it as a `StudyDatabase`: what can be read is in `queries`, the queue of runs in `queue`, and
what changes whole studies is here. Each operation is one short transaction; figures go to shards, of which only the
names are stored.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store.checks import checked, points_digest
from glasshouse.study.store.database import PAUSES, Database
from glasshouse.study.store.queries import fetch_points
from glasshouse.study.store.queue import FRESH, RunQueue
from glasshouse.study.store.schema import (
    SCHEMA_VERSION,
    Definition,
    Point,
    Run,
    Study,
    create_tables,
    parameters_json,
    points,
    runs,
    schema_version,
    select_record,
    shards,
    studies,
    workers,
)
from glasshouse.study.store.shards import damaged_shards


def worker_label() -> str:
    """Make a label for a new worker.

    Returns
    -------
    str
        The number of the process that makes it and a random part, nothing that identifies the machine.
    """
    return f"{os.getpid()}-{os.urandom(6).hex()}"


class StudyDatabase(RunQueue):
    """An open study database, which threads may share. Every method raises StoringError if the database fails."""

    @classmethod
    def open(cls, place: str | Path, *, read_only: bool = False, existing: bool = False) -> "StudyDatabase":
        """Open a study database, and create its tables if it is new. Any number of processes may do so at once.

        Parameters
        ----------
        place : str or Path
            A SQLite file, or the address of a PostgreSQL database (``postgresql+psycopg://…``).
        read_only : bool
            Whether nothing may be written or created.
        existing : bool
            Whether a SQLite file that is not there is refused instead of created.

        Returns
        -------
        StudyDatabase
            The open database; a context manager, which closes it.

        Raises
        ------
        StoringError
            If the place cannot be used, or if its tables are of another version or program.
        """
        database = Database(place, read_only=read_only, existing=existing)
        try:
            _prepare(database, read_only)
        except StoringError:
            database.close()
            raise
        return cls(database)

    def __enter__(self) -> "StudyDatabase":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"StudyDatabase({self._database.shown})"

    def close(self) -> None:
        """Close all connections to the database."""
        self._database.close()

    def create(self, definition: Definition, points: Sequence[Point], runs: Sequence[Run]) -> Study:
        """Add a study with all its points and runs, or nothing of it.

        Parameters
        ----------
        definition : Definition
            The study.
        points : sequence of Point
            All its points.
        runs : sequence of Run
            All its runs.

        Returns
        -------
        Study
            The study as it is stored; one that was added before is returned unchanged.

        Raises
        ------
        StoringError
            If another study has the name, or if a run is at a point that is not given.
        """
        entries = _entries(definition.name, points, runs)
        return self._database.do(lambda connection: self._create(connection, definition, entries, runs))

    def extend(self, study: Study, points: Sequence[Point], runs: Sequence[Run]) -> None:
        """Add points with their runs to a study, all of them or none; those that were added before are left unchanged.

        Parameters
        ----------
        study : Study
            The study.
        points : sequence of Point
            The points to add.
        runs : sequence of Run
            The runs to add, at these points.

        Raises
        ------
        StoringError
            If the study is preregistered, if a run is at a point that is not given, or if the study has another point
            or run with one of the numbers.
        """
        entries = _entries(study.name, points, runs)
        self._database.do(lambda connection: _extend(connection, study, entries, runs))

    def freeze(self, study: Study, digest: str) -> Study:
        """Mark a study as preregistered.

        Parameters
        ----------
        study : Study
            The study, of which no run has begun.
        digest : str
            Hash and date of the preregistration.

        Returns
        -------
        Study
            The study as it is stored now.

        Raises
        ------
        StoringError
            If the study is preregistered under another hash, or if a run has begun.
        """

        def work(connection: sa.Connection) -> Study:
            stored = _named(connection, study.name)
            if stored is None or stored.frozen not in (None, digest):
                raise StoringError(
                    f"The study {study.name} is frozen under another hash. Give a changed study a new name."
                )
            if stored.frozen is None and _begun(connection, stored):
                raise StoringError(
                    f"The study {study.name} has begun, so that what is frozen now may depend on its results. Freeze a "
                    "study before its first run, under a new name."
                )
            connection.execute(sa.update(studies).where(studies.c.id == study.id).values(frozen=digest))
            return replace(stored, frozen=digest)

        return self._database.do(work)

    def recover(self, study: Study, folder: Path) -> tuple[int, ...]:
        """Put the runs of missing or damaged shards back to waiting.

        Parameters
        ----------
        study : Study
            The study.
        folder : Path
            The folder of its shards. A damaged file stays there and is not read any more; `sweep` removes it.

        Returns
        -------
        tuple of int
            Numbers of the runs.
        """
        lost = [shard for shard, _ in damaged_shards(folder, self.shards(study))]

        def work(connection: sa.Connection) -> None:
            for shard in lost:
                there = (shards.c.study == study.id, shards.c.number == shard.number, shards.c.file == shard.file)
                # A number is given again: by the second time after a lost answer it may be another shard's.
                if connection.execute(sa.select(shards.c.number).where(*there).with_for_update()).first():
                    in_shard = (runs.c.study == study.id, runs.c.shard == shard.number)
                    connection.execute(sa.update(runs).where(*in_shard).values({**FRESH, "attempts": 0}))
                    connection.execute(sa.delete(shards).where(*there))

        self._database.do(work)
        return tuple(sorted(run for shard in lost for run in shard.runs))

    def sweep(self, study: Study, folder: Path) -> int:
        """Remove files that are no part of the study: killed workers leave them, and `recover`.

        A file stays as long as its worker has runs, since the worker may still register it, and so does every file that
        no worker of this study has written.

        Parameters
        ----------
        study : Study
            The study.
        folder : Path
            The folder of its shards.

        Returns
        -------
        int
            How many files were removed.
        """
        # Listed before the query: a shard that is registered meanwhile is then among its results.
        files = sorted(folder.glob("*.parquet*"))

        def work(connection: sa.Connection) -> tuple[set[str], set[str]]:
            named = sa.select(shards.c.file).where(shards.c.study == study.id)
            busy = sa.select(runs.c.worker).where(runs.c.study == study.id, runs.c.state == "running")
            idle = sa.select(workers.c.id).where(workers.c.study == study.id, workers.c.id.not_in(busy))
            return set(connection.execute(named).scalars()), set(connection.execute(idle).scalars())

        named, idle = self._database.do(work, writes=False)
        left = [path for path in files if path.name not in named and path.name.rpartition("-")[0] in idle]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _create(
        self, connection: sa.Connection, definition: Definition, entries: list[dict[str, Any]], chosen: Sequence[Run]
    ) -> Study:
        self._database.alone(connection)
        there = _named(connection, definition.name)
        if there is not None:
            if there.digest != definition.digest:
                frozen = f", frozen as {there.frozen}" if there.frozen else ""
                raise StoringError(
                    f"The study database {self._database.shown} has another study under the name {definition.name}{frozen}. "
                    f"Give this one another name, or make its definition what it was."
                )
            return there
        now, text = self._database.now(connection), definition.text
        stored = points_digest((entry["number"], entry["parameters"]) for entry in entries)
        study = Study(0, definition.name, definition.digest, text, definition.code, now, definition.frozen, stored)
        values = {name: value for name, value in vars(study).items() if name != "id"}
        key = connection.execute(sa.insert(studies).values(values).returning(studies.c.id)).scalar_one()
        study = replace(study, id=key)
        if entries:
            connection.execute(sa.insert(points), [{"study": study.id, **entry} for entry in entries])
        if chosen:
            connection.execute(sa.insert(runs), [{"study": study.id, **vars(run)} for run in chosen])
        return study


def _begun(connection: sa.Connection, study: Study) -> bool:
    """Whether any worker ever claimed a run of the study, even if it gave it back."""
    return connection.execute(sa.select(workers.c.id).where(workers.c.study == study.id).limit(1)).first() is not None


def _named(connection: sa.Connection, name: str) -> Study | None:
    row = connection.execute(select_record(studies, Study).where(studies.c.name == name)).first()
    return None if row is None else checked(Study(*row))


def _entries(name: str, points: Sequence[Point], runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Rows of the points; StoringError for a run at none of them."""
    if strange := sorted({run.point for run in runs} - {point.number for point in points}):
        raise StoringError(f"The study {name} has runs at the point {strange[0]}, which is not among its own.")
    ordered = sorted(points, key=lambda point: point.number)
    return [{"number": point.number, "parameters": parameters_json(point.parameters)} for point in ordered]


def _extend(connection: sa.Connection, study: Study, entries: list[dict[str, Any]], chosen: Sequence[Run]) -> None:
    # Two that extend a study at once do it one after the other, and the second finds what the first has added.
    mark = sa.select(studies.c.frozen).where(studies.c.id == study.id).with_for_update(key_share=True)
    if connection.execute(mark).scalar() is not None:
        raise StoringError(f"The study {study.name} is frozen: no run can be added. Begin a study of another name.")
    texts = {entry["number"]: entry["parameters"] for entry in entries}
    places = {run.number: (run.point, run.replicate, run.seed) for run in chosen}
    stored = dict(fetch_points(connection, study))
    there = {number: text for number, text in stored.items() if number in texts}
    columns = (runs.c.number, runs.c.point, runs.c.replicate, runs.c.seed)
    rows = connection.execute(sa.select(*columns).where(runs.c.study == study.id))
    begun = {row[0]: tuple(row[1:]) for row in rows if row[0] in places}
    other = [n for n, text in there.items() if text != texts[n]] + [n for n, at in begun.items() if at != places[n]]
    if other:
        raise StoringError(
            f"The study {study.name} has another point or run under the number {min(other)}. It was begun otherwise: "
            "give this one another name."
        )
    if fresh := [{"study": study.id, **entry} for entry in entries if entry["number"] not in there]:
        connection.execute(sa.insert(points), fresh)
        digest = points_digest(sorted({**stored, **texts}.items()))
        connection.execute(sa.update(studies).where(studies.c.id == study.id).values(points_digest=digest))
    if waiting := [{"study": study.id, **vars(run)} for run in chosen if run.number not in begun]:
        connection.execute(sa.insert(runs), waiting)


def _prepare(database: Database, read_only: bool) -> None:
    """Creates the tables of an empty database; StoringError for tables of another version, or if it may not be changed."""
    found = database.do(schema_version, writes=False, pauses=PAUSES[:2])
    if found is None and read_only:
        raise StoringError(
            f"{database.shown} is empty and was opened read-only. Run a study with it first: that creates its tables."
        )
    if found not in (None, str(SCHEMA_VERSION)):
        raise StoringError(
            f"The study database {database.shown} has tables of version {found}; this version of Glasshouse expects "
            f"version {SCHEMA_VERSION}. Use the version of Glasshouse that created it, or name another database."
        )

    def work(connection: sa.Connection) -> None:
        # Another process may be creating them at the same moment: the second one finds them done.
        database.alone(connection)
        create_tables(connection)

    if found is None:
        database.do(work)
