"""The statements by which runs are claimed, held and handed in, each within a transaction of the one who calls.

On PostgreSQL rows are locked as they are chosen, and a claim steps over those that another has locked. SQLite has one
writer at a time and needs no such lock.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store.schema import Outcome, Run, Study, runs, select_record, shards, workers
from glasshouse.study.store.shards import Shard

MAX_ATTEMPTS = 3
"""How often a run is begun before its workers' deaths are taken to be its own doing."""


def fetch_runs(connection: sa.Connection, query: "sa.Select[Any]") -> list[Run]:
    """The runs that a query finds."""
    return [Run(*row) for row in connection.execute(query).all()]


def owned_by(worker: str) -> tuple["sa.ColumnElement[bool]", ...]:
    """What is true of a run that a worker has."""
    return (runs.c.worker == worker, runs.c.state == "running")


def held_by(connection: sa.Connection, worker: str) -> dict[int, int]:
    """Number and attempts of the runs that a worker has, locked in a fixed order so that no two wait for each other."""
    query = sa.select(runs.c.number, runs.c.attempts).where(*owned_by(worker)).order_by(runs.c.number).with_for_update()
    return {row.number: row.attempts for row in connection.execute(query)}


def still_held(connection: sa.Connection, worker: str, claimed: tuple[Run, ...]) -> tuple[Run, ...]:
    """Those of the runs claimed that the worker has by this very claim: by none later, and not lost to another."""
    held = held_by(connection, worker)
    return tuple(run for run in claimed if held.get(run.number) == run.attempts)


def expired(study: Study, now: float) -> "sa.Select[Any]":
    """The query for the runs whose lease is over."""
    return select_record(runs, Run).where(runs.c.study == study.id, runs.c.state == "running", runs.c.lease_until < now)


def register_worker(connection: sa.Connection, study: Study, worker: str, now: float) -> None:
    """Enters a worker that is new, or notes that it was heard of; StoringError if it works for another study."""
    there = connection.execute(sa.select(workers.c.study).where(workers.c.id == worker)).scalar()
    if there is None:
        values = {"id": worker, "study": study.id, "started": now, "heartbeat": now}
        connection.execute(sa.insert(workers).values(values))
    elif there == study.id:
        connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now, ended=None))
    else:
        raise StoringError(f"The worker {worker} works for another study. Give it a label of its own for each.")


def fail_expired(connection: sa.Connection, study: Study, now: float) -> None:
    """Fails the runs whose workers died once too often."""
    query = expired(study, now).where(runs.c.attempts >= MAX_ATTEMPTS).with_for_update(skip_locked=True)
    dead = fetch_runs(connection, query)
    message = (
        f"Failed after {MAX_ATTEMPTS} attempts; last worker: {{}}. Check that worker for out-of-memory, then retry."
    )
    failed = [replace(run, state="failed", lease_until=None, error=message.format(run.worker)) for run in dead]
    update_runs(connection, study.id, failed)


def claimable(connection: sa.Connection, study: Study, now: float, size: int) -> list[Run]:
    """Up to `size` runs that wait; where none does, one whose lease is over.

    What ended one worker may end this one too, and must not take others with it.
    """
    waiting = select_record(runs, Run).where(runs.c.study == study.id, runs.c.state == "waiting")
    for query, most in ((waiting, size), (expired(study, now), 1)):
        chosen = query.order_by(runs.c.number).limit(most).with_for_update(skip_locked=True)
        if found := fetch_runs(connection, chosen):
            return found
    return []


def update_runs(connection: sa.Connection, study: int, changed: Sequence[Run]) -> None:
    """Stores who has these runs, until when, and what became of them."""
    names = ("state", "worker", "lease_until", "attempts", "error")
    if changed:
        connection.execute(
            sa.update(runs)
            .where(runs.c.study == study, runs.c.number == sa.bindparam("key"))
            .values({name: sa.bindparam(f"new_{name}") for name in names}),
            [{"key": run.number, **{f"new_{name}": getattr(run, name) for name in names}} for run in changed],
        )


def accepted_runs(connection: sa.Connection, study: int, shard: Shard) -> tuple[int, ...] | None:
    """The runs accepted from this very shard if it was registered before; StoringError if another has its name."""
    query = sa.select(shards.c.number, shards.c.digest).where(shards.c.study == study, shards.c.file == shard.file)
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.digest != shard.digest:
        raise StoringError(f"Another shard of the study is registered as {shard.file}. Give this one a new name.")
    owned = sa.select(runs.c.number).where(runs.c.study == study, runs.c.shard == row.number).order_by(runs.c.number)
    return tuple(connection.execute(owned).scalars())


def register_shard(
    connection: sa.Connection, study: int, shard: Shard, accepted: Sequence[Outcome], now: float
) -> None:
    """Enters a shard and marks as done the runs accepted from it. The caller has locked the study."""
    last = connection.execute(sa.select(sa.func.max(shards.c.number)).where(shards.c.study == study)).scalar()
    number = (last or 0) + 1
    values = {"study": study, "number": number, "file": shard.file, "digest": shard.digest, "rows": shard.rows}
    connection.execute(sa.insert(shards).values({**values, "written": now}))
    connection.execute(
        sa.update(runs)
        .where(runs.c.study == study, runs.c.number == sa.bindparam("key"))
        .values(
            state="done",
            lease_until=None,
            shard=number,
            seconds=sa.bindparam("new_seconds"),
            digest=sa.bindparam("new_digest"),
        ),
        [{"key": one.run, "new_seconds": one.seconds, "new_digest": one.digest} for one in accepted],
    )
