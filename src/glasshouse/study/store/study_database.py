"""The study database: which runs there are, who is at them, and what was done.

Workers claim runs for a time, the lease, and extend it while they live. When one dies its runs come back by themselves;
when one was merely slow, what another has taken over is not counted twice. All that is said here is said in one short
transaction each; figures go to shards and only their names come here.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store.database import PAUSES, Database
from glasshouse.study.store.queries import StudyQueries
from glasshouse.study.store.queue import (
    accepted_runs,
    claimable,
    fail_expired,
    held_by,
    owned_by,
    register_shard,
    register_worker,
    still_held,
    update_runs,
)
from glasshouse.study.store.schema import (
    SCHEMA_VERSION,
    Definition,
    Outcome,
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
from glasshouse.study.store.shards import Shard, damaged_shards

FRESH: dict[str, Any] = {
    "state": "waiting", "worker": None, "lease_until": None, "error": None, "seconds": None, "shard": None, "digest": None,
}  # fmt: skip
"""What a run has that waits."""


def worker_label() -> str:
    """A new name for a worker: the number of the process that names it and a random part, nothing that tells the machine."""
    return f"{os.getpid()}-{os.urandom(6).hex()}"


class StudyDatabase(StudyQueries):
    """An open study database. Threads may share one, each with a label of its own; StoringError if the database fails."""

    @classmethod
    def open(cls, place: str | Path, *, read_only: bool = False) -> "StudyDatabase":
        """Opens the study database in a SQLite file or at a PostgreSQL address, making or updating its tables if need be.

        Any number of processes may open a fresh one at once. With `read_only` nothing is written or made: for those who
        only look. StoringError says why a place cannot be used.
        """
        database = Database(place, read_only=read_only)
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
        return f"Study database({self._database.shown})"

    def close(self) -> None:
        """Closes all connections to the database."""
        self._database.close()

    def create(self, definition: Definition, points: Sequence[Point], runs: Sequence[Run]) -> Study:
        """Enters a study with all its points and runs, or nothing of it; a study entered before is returned as it is.

        StoringError if another study has the name, or if a run stands at a point that is not there.
        """
        entries = _entries(definition.name, points, runs)
        return self._database.do(lambda connection: self._create(connection, definition, entries, runs))

    def extend(self, study: Study, points: Sequence[Point], runs: Sequence[Run]) -> None:
        """Adds points with their runs to a study, all of them or none; what was added before is left as it is.

        StoringError for a frozen study, for a run at a point that is not given with it, and if a point or run of the
        same number is there and is another.
        """
        entries = _entries(study.name, points, runs)
        self._database.do(lambda connection: _extend(connection, study, entries, runs))

    def freeze(self, study: Study, digest: str) -> Study:
        """The study, marked as frozen under this hash; StoringError if it was frozen under another, or a run has begun."""

        def work(connection: sa.Connection) -> Study:
            there = _named(connection, study.name)
            if there is None or there.frozen not in (None, digest):
                raise StoringError(
                    f"The study {study.name} is frozen under another hash. Give a changed study a new name."
                )
            if there.frozen is None and _begun(connection, there):
                raise StoringError(
                    f"The study {study.name} has begun, and what is frozen now may have been chosen after a look. Freeze a "
                    "study before its first run, under a new name."
                )
            connection.execute(sa.update(studies).where(studies.c.id == study.id).values(frozen=digest))
            return replace(there, frozen=digest)

        return self._database.do(work)

    def claim(self, study: Study, worker: str, size: int, lease_seconds: float) -> tuple[Run, ...]:
        """Up to `size` runs that from now on are this worker's, for `lease_seconds`; none if there are none to have.

        They are runs that wait; if none does, one run whose lease is over. A run whose worker died for the third time fails.
        """
        claimed: tuple[Run, ...] = ()

        def work(connection: sa.Connection) -> tuple[Run, ...]:
            nonlocal claimed
            # After a lost connection: the claim may have been kept and only its answer lost.
            if claimed and (kept := still_held(connection, worker, claimed)):
                return kept
            now = self._database.now(connection)
            register_worker(connection, study, worker, now)
            fail_expired(connection, study, now)
            found = claimable(connection, study, now, size)
            claimed = tuple(
                replace(run, state="running", worker=worker, lease_until=now + lease_seconds, attempts=run.attempts + 1)
                for run in found
            )
            update_runs(connection, study.id, claimed)
            return claimed

        return self._database.do(work)

    def heartbeat(self, worker: str, lease_seconds: float) -> tuple[int, ...]:
        """Says that the worker lives: its runs are its own for `lease_seconds` from now. Returns the numbers of those.

        A run that it worked at and that is not among them was taken over: it need not be finished.
        """

        def work(connection: sa.Connection) -> tuple[int, ...]:
            now = self._database.now(connection)
            held = held_by(connection, worker)
            connection.execute(sa.update(runs).where(*owned_by(worker)).values(lease_until=now + lease_seconds))
            connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now))
            return tuple(sorted(held))

        return self._database.do(work)

    def finish(self, worker: str, shard: Shard, outcomes: Sequence[Outcome]) -> tuple[int, ...]:
        """Registers a shard and marks as done those of its runs that are still the worker's; returns their numbers.

        A run that another has taken over is left to the other, and its rows in this shard are never read. If that is
        true of all, the shard is not registered. Saying the same twice does no harm.
        """
        if strange := sorted({outcome.run for outcome in outcomes} - set(shard.runs)):
            raise StoringError(f"{shard.file} has no row of run {strange[0]}. Write all rows of a run in one shard.")
        return self._database.do(lambda connection: self._finish(connection, worker, shard, outcomes))

    def fail(self, worker: str, run: int, error: str) -> bool:
        """Marks a run as failed, with what went wrong; False if it is no longer the worker's."""

        def work(connection: sa.Connection) -> bool:
            where = (*owned_by(worker), runs.c.number == run)
            values = {"state": "failed", "error": error, "lease_until": None}
            return connection.execute(sa.update(runs).where(*where).values(values)).rowcount > 0

        return self._database.do(work)

    def release(self, worker: str) -> int:
        """Gives back the runs that the worker has not finished, and ends it; returns how many. They wait again."""

        def work(connection: sa.Connection) -> int:
            now = self._database.now(connection)
            # A run given back was not the death of its worker.
            values = {**FRESH, "attempts": runs.c.attempts - 1}
            count = connection.execute(sa.update(runs).where(*owned_by(worker)).values(values)).rowcount
            connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now, ended=now))
            return count

        return self._database.do(work)

    def mark_dead(self, worker: str) -> int:
        """Says that a worker is known to be dead: others may have its runs at once. Returns how many those are.

        Harmless for one that has ended or that never claimed a run. One that lives all the same loses its runs to others
        and is told so by `finish`.
        """

        def work(connection: sa.Connection) -> int:
            now = self._database.now(connection)
            count = connection.execute(sa.update(runs).where(*owned_by(worker)).values(lease_until=now)).rowcount
            last = (workers.c.id == worker, workers.c.ended.is_(None))
            connection.execute(sa.update(workers).where(*last).values(ended=now))
            return count

        return self._database.do(work)

    def retry(self, study: Study) -> int:
        """Puts the failed runs of a study back to waiting; returns how many."""
        values = {**FRESH, "attempts": 0}
        where = (runs.c.study == study.id, runs.c.state == "failed")
        return self._database.do(
            lambda connection: connection.execute(sa.update(runs).where(*where).values(values)).rowcount
        )

    def recover(self, study: Study, folder: Path) -> tuple[int, ...]:
        """Puts the runs of missing or damaged shards back to waiting; returns their numbers.

        A damaged file is left where it is, and nothing reads it any more; `sweep` removes it.
        """
        lost = [shard for shard, _ in damaged_shards(folder, self.shards(study))]

        def work(connection: sa.Connection) -> None:
            for shard in lost:
                there = (shards.c.study == study.id, shards.c.number == shard.number, shards.c.file == shard.file)
                # A number is given again: by the second time after a lost answer it may be another shard's.
                if connection.execute(sa.select(shards.c.number).where(*there).with_for_update()).first():
                    held = (runs.c.study == study.id, runs.c.shard == shard.number)
                    connection.execute(sa.update(runs).where(*held).values({**FRESH, "attempts": 0}))
                    connection.execute(sa.delete(shards).where(*there))

        self._database.do(work)
        return tuple(sorted(run for shard in lost for run in shard.runs))

    def sweep(self, study: Study, folder: Path) -> int:
        """Removes files that workers of the study left behind and that are no part of it; returns how many.

        Killed workers leave them, and `recover`. A file stays while its worker has runs, for which it may yet be handed
        in, and so does every file that no worker of this study wrote.
        """
        # Seen before the study database: what is handed in meanwhile is then known there.
        there = sorted(folder.glob("*.parquet*"))

        def work(connection: sa.Connection) -> tuple[set[str], set[str]]:
            named = sa.select(shards.c.file).where(shards.c.study == study.id)
            busy = sa.select(runs.c.worker).where(runs.c.study == study.id, runs.c.state == "running")
            idle = sa.select(workers.c.id).where(workers.c.study == study.id, workers.c.id.not_in(busy))
            return set(connection.execute(named).scalars()), set(connection.execute(idle).scalars())

        named, idle = self._database.do(work, writes=False)
        left = [path for path in there if path.name not in named and path.name.rpartition("-")[0] in idle]
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
        study = Study(0, definition.name, definition.digest, text, definition.code, now, definition.frozen)
        values = {name: value for name, value in vars(study).items() if name != "id"}
        key = connection.execute(sa.insert(studies).values(values).returning(studies.c.id)).scalar_one()
        study = replace(study, id=key)
        if entries:
            connection.execute(sa.insert(points), [{"study": study.id, **entry} for entry in entries])
        if chosen:
            connection.execute(sa.insert(runs), [{"study": study.id, **vars(run)} for run in chosen])
        return study

    def _finish(
        self, connection: sa.Connection, worker: str, shard: Shard, outcomes: Sequence[Outcome]
    ) -> tuple[int, ...]:
        now = self._database.now(connection)
        number = connection.execute(sa.select(workers.c.study).where(workers.c.id == worker)).scalar()
        if number is None:
            raise StoringError(
                f"The study database {self._database.shown} knows no worker {worker}: it has claimed no run."
            )
        # Two shards of a study get their numbers one after the other; who only points at the study need not wait.
        connection.execute(sa.select(studies.c.id).where(studies.c.id == number).with_for_update(key_share=True))
        before = accepted_runs(connection, number, shard)
        if before is not None:
            return before
        held = held_by(connection, worker)
        accepted = [outcome for outcome in outcomes if outcome.run in held]
        if accepted:
            register_shard(connection, number, shard, accepted, now)
        connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now))
        return tuple(sorted(outcome.run for outcome in accepted))


def _begun(connection: sa.Connection, study: Study) -> bool:
    """Whether any worker ever claimed a run of the study, even if it gave it back."""
    return connection.execute(sa.select(workers.c.id).where(workers.c.study == study.id).limit(1)).first() is not None


def _named(connection: sa.Connection, name: str) -> Study | None:
    row = connection.execute(select_record(studies, Study).where(studies.c.name == name)).first()
    return None if row is None else Study(*row)


def _entries(name: str, points: Sequence[Point], runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Rows of the points; StoringError for a run at none of them."""
    if strange := sorted({run.point for run in runs} - {point.number for point in points}):
        raise StoringError(f"The study {name} has runs at the point {strange[0]}, which is not among its own.")
    return [{"number": point.number, "parameters": parameters_json(point.parameters)} for point in points]


def _extend(connection: sa.Connection, study: Study, entries: list[dict[str, Any]], chosen: Sequence[Run]) -> None:
    # Two that extend a study at once do it one after the other, and the second finds what the first has added.
    mark = sa.select(studies.c.frozen).where(studies.c.id == study.id).with_for_update(key_share=True)
    if connection.execute(mark).scalar() is not None:
        raise StoringError(f"The study {study.name} is frozen: no run can be added. Begin a study of another name.")
    texts = {entry["number"]: entry["parameters"] for entry in entries}
    places = {run.number: (run.point, run.replicate, run.seed) for run in chosen}
    query = sa.select(points.c.number, points.c.parameters).where(points.c.study == study.id)
    there = {number: text for number, text in connection.execute(query) if number in texts}
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
