"""The queue of runs: workers claim runs for a time, extend their leases while they live, and hand in what they have done.

When a worker dies, its leases expire and its runs can be claimed again. When it was only slow, runs that another worker
has taken over are not counted twice. Each operation is one short transaction.

On PostgreSQL rows are locked as they are selected, and a claim skips those that another worker has locked. SQLite has
one writer at a time and needs no such lock.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store.queries import StudyQueries, expired, fetch_runs
from glasshouse.study.store.schema import Outcome, Run, Study, runs, select_record, shards, studies, workers
from glasshouse.study.store.shards import Shard

MAX_ATTEMPTS = 3
"""How often a run is started. If all its workers died, the run itself is the likely cause, and it fails."""

FRESH: dict[str, Any] = {
    "state": "waiting", "worker": None, "lease_until": None, "error": None, "seconds": None, "shard": None, "digest": None,
}  # fmt: skip
"""The columns of a run that is put back to waiting."""


class RunQueue(StudyQueries):
    """The operations by which workers claim runs and hand in their figures."""

    def claim(self, study: Study, worker: str, size: int, lease_seconds: float) -> tuple[Run, ...]:
        """Claim runs for a worker.

        Waiting runs come first; if there are none, one run whose lease has expired. A run that was started
        `MAX_ATTEMPTS` times, and whose last worker died too, fails.

        Parameters
        ----------
        study : Study
            The study, as the database has it.
        worker : str
            Label of the worker, which is registered if it is new.
        size : int
            How many runs to claim at most.
        lease_seconds : float
            How long they belong to this worker without a heartbeat.

        Returns
        -------
        tuple of Run
            The runs; empty if none can be claimed now.

        Raises
        ------
        StoringError
            If a worker of this label does another study.
        """
        claimed: tuple[Run, ...] = ()

        def work(connection: sa.Connection) -> tuple[Run, ...]:
            nonlocal claimed
            # After a lost connection: the claim may have been committed and only its answer lost.
            if claimed and (owned := _still_owned(connection, worker, claimed)):
                return owned
            now = self._database.now(connection)
            _register_worker(connection, study, worker, now)
            _fail_expired(connection, study, now)
            found = _claimable(connection, study, now, size)
            claimed = tuple(
                replace(run, state="running", worker=worker, lease_until=now + lease_seconds, attempts=run.attempts + 1)
                for run in found
            )
            _update_runs(connection, study.id, claimed)
            return claimed

        return self._database.do(work)

    def heartbeat(self, worker: str, lease_seconds: float) -> tuple[int, ...]:
        """Report that a worker lives, and extend its leases.

        Parameters
        ----------
        worker : str
            Label of the worker.
        lease_seconds : float
            How long its runs belong to it from now on.

        Returns
        -------
        tuple of int
            Numbers of the runs that are still its own. Any other one was taken over and need not be finished.
        """

        def work(connection: sa.Connection) -> tuple[int, ...]:
            now = self._database.now(connection)
            owned = _runs_owned_by(connection, worker)
            connection.execute(sa.update(runs).where(*_owned_by(worker)).values(lease_until=now + lease_seconds))
            connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now))
            return tuple(sorted(owned))

        return self._database.do(work)

    def finish(self, worker: str, shard: Shard, outcomes: Sequence[Outcome]) -> tuple[int, ...]:
        """Register a shard, and mark those of its runs as done that are still the worker's.

        A run that another worker has taken over is left to that one, and its rows in this shard are never read. If that
        is so for all of them, the shard is not registered. Calling this twice does no harm.

        Parameters
        ----------
        worker : str
            Label of the worker.
        shard : Shard
            The shard that it has written.
        outcomes : sequence of Outcome
            What there is to report of each of its runs.

        Returns
        -------
        tuple of int
            Numbers of the runs that are now done by this shard.

        Raises
        ------
        StoringError
            If an outcome is of a run without a row in the shard, if the worker is unknown, or if the study has another
            shard of this name.
        """
        if strange := sorted({outcome.run for outcome in outcomes} - set(shard.runs)):
            raise StoringError(f"{shard.file} has no row of run {strange[0]}. Write all rows of a run in one shard.")
        return self._database.do(lambda connection: self._finish(connection, worker, shard, outcomes))

    def fail(self, worker: str, run: int, error: str) -> bool:
        """Mark a run as failed.

        Parameters
        ----------
        worker : str
            Label of the worker.
        run : int
            Number of the run.
        error : str
            What went wrong.

        Returns
        -------
        bool
            False if the run is no longer the worker's; then nothing is changed.
        """

        def work(connection: sa.Connection) -> bool:
            where = (*_owned_by(worker), runs.c.number == run)
            values = {"state": "failed", "error": error, "lease_until": None}
            return connection.execute(sa.update(runs).where(*where).values(values)).rowcount > 0

        return self._database.do(work)

    def release(self, worker: str) -> int:
        """Give back the runs that a worker has not finished, and mark it as ended.

        Parameters
        ----------
        worker : str
            Label of the worker.

        Returns
        -------
        int
            How many runs wait again.
        """

        def work(connection: sa.Connection) -> int:
            now = self._database.now(connection)
            # A run that was given back did not end its worker, so that this start does not count.
            values = {**FRESH, "attempts": runs.c.attempts - 1}
            count = connection.execute(sa.update(runs).where(*_owned_by(worker)).values(values)).rowcount
            connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now, ended=now))
            return count

        return self._database.do(work)

    def mark_dead(self, worker: str) -> int:
        """Expire the leases of a worker that is known to be dead, so that others can claim its runs at once.

        Harmless for a worker that has ended or never claimed a run. If it lives after all, it loses its runs and learns
        it from `finish`.

        Parameters
        ----------
        worker : str
            Label of the worker.

        Returns
        -------
        int
            How many runs it had.
        """

        def work(connection: sa.Connection) -> int:
            now = self._database.now(connection)
            count = connection.execute(sa.update(runs).where(*_owned_by(worker)).values(lease_until=now)).rowcount
            last = (workers.c.id == worker, workers.c.ended.is_(None))
            connection.execute(sa.update(workers).where(*last).values(ended=now))
            return count

        return self._database.do(work)

    def retry(self, study: Study) -> int:
        """Put the failed runs of a study back to waiting.

        Parameters
        ----------
        study : Study
            The study.

        Returns
        -------
        int
            How many runs wait again.
        """
        where = (runs.c.study == study.id, runs.c.state == "failed")
        update = sa.update(runs).where(*where).values({**FRESH, "attempts": 0})
        return self._database.do(lambda connection: connection.execute(update).rowcount)

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
        before = _accepted_runs(connection, number, shard)
        if before is not None:
            return before
        owned = _runs_owned_by(connection, worker)
        accepted = [outcome for outcome in outcomes if outcome.run in owned]
        if accepted:
            _register_shard(connection, number, shard, accepted, now)
        connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now))
        return tuple(sorted(outcome.run for outcome in accepted))


def _owned_by(worker: str) -> tuple["sa.ColumnElement[bool]", ...]:
    """The conditions for a run that a worker has."""
    return (runs.c.worker == worker, runs.c.state == "running")


def _runs_owned_by(connection: sa.Connection, worker: str) -> dict[int, int]:
    """Number and attempts of the runs that a worker has, locked in a fixed order so that no two wait for each other."""
    query = (
        sa.select(runs.c.number, runs.c.attempts).where(*_owned_by(worker)).order_by(runs.c.number).with_for_update()
    )
    return {row.number: row.attempts for row in connection.execute(query)}


def _still_owned(connection: sa.Connection, worker: str, claimed: tuple[Run, ...]) -> tuple[Run, ...]:
    """Those of the runs claimed that the worker has by this very claim: by none later, and not lost to another."""
    owned = _runs_owned_by(connection, worker)
    return tuple(run for run in claimed if owned.get(run.number) == run.attempts)


def _register_worker(connection: sa.Connection, study: Study, worker: str, now: float) -> None:
    """Adds a new worker, or updates its heartbeat; StoringError if it works for another study."""
    there = connection.execute(sa.select(workers.c.study).where(workers.c.id == worker)).scalar()
    if there is None:
        values = {"id": worker, "study": study.id, "started": now, "heartbeat": now}
        connection.execute(sa.insert(workers).values(values))
    elif there == study.id:
        connection.execute(sa.update(workers).where(workers.c.id == worker).values(heartbeat=now, ended=None))
    else:
        raise StoringError(f"The worker {worker} works for another study. Give it a label of its own for each.")


def _fail_expired(connection: sa.Connection, study: Study, now: float) -> None:
    """Fails the expired runs that were started too often."""
    query = expired(study, now).where(runs.c.attempts >= MAX_ATTEMPTS).with_for_update(skip_locked=True)
    dead = fetch_runs(connection, query)
    message = (
        f"Failed after {MAX_ATTEMPTS} attempts; last worker: {{}}. Check that worker for out-of-memory, then retry."
    )
    failed = [replace(run, state="failed", lease_until=None, error=message.format(run.worker)) for run in dead]
    _update_runs(connection, study.id, failed)


def _claimable(connection: sa.Connection, study: Study, now: float, size: int) -> list[Run]:
    """Up to `size` waiting runs; if there are none, one whose lease has expired."""
    waiting = select_record(runs, Run).where(runs.c.study == study.id, runs.c.state == "waiting")
    # An expired run is claimed alone: it may end this worker too, and must not take other runs with it.
    for query, most in ((waiting, size), (expired(study, now), 1)):
        chosen = query.order_by(runs.c.number).limit(most).with_for_update(skip_locked=True)
        if found := fetch_runs(connection, chosen):
            return found
    return []


def _update_runs(connection: sa.Connection, study: int, changed: Sequence[Run]) -> None:
    """Stores the worker, lease, attempts, state and error of these runs."""
    names = ("state", "worker", "lease_until", "attempts", "error")
    if changed:
        connection.execute(
            sa.update(runs)
            .where(runs.c.study == study, runs.c.number == sa.bindparam("key"))
            .values({name: sa.bindparam(f"new_{name}") for name in names}),
            [{"key": run.number, **{f"new_{name}": getattr(run, name) for name in names}} for run in changed],
        )


def _accepted_runs(connection: sa.Connection, study: int, shard: Shard) -> tuple[int, ...] | None:
    """The runs accepted from this very shard if it was registered before; StoringError if another has its name."""
    query = sa.select(shards.c.number, shards.c.digest).where(shards.c.study == study, shards.c.file == shard.file)
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.digest != shard.digest:
        raise StoringError(f"Another shard of the study is registered as {shard.file}. Give this one a new name.")
    owned = sa.select(runs.c.number).where(runs.c.study == study, runs.c.shard == row.number).order_by(runs.c.number)
    return tuple(connection.execute(owned).scalars())


def _register_shard(
    connection: sa.Connection, study: int, shard: Shard, accepted: Sequence[Outcome], now: float
) -> None:
    """Adds a shard and marks the runs accepted from it as done. The caller has locked the study."""
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
