"""What can be read from a study database: studies, points, runs by state, shards and workers.

Reading changes nothing, and each query is answered as of one moment.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from glasshouse.errors import StoringError
from glasshouse.study.store.checks import checked, damaged, points_digest
from glasshouse.study.store.database import Database
from glasshouse.study.store.schema import (
    STATES,
    Counts,
    Point,
    Run,
    Study,
    Worker,
    points,
    runs,
    select_record,
    shards,
    studies,
    workers,
)
from glasshouse.study.store.shards import Shard


class StudyQueries:
    """The queries of a study database. Every method raises StoringError if the database fails.

    Parameters
    ----------
    database : Database
        The open database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def studies(self) -> tuple[Study, ...]:
        """List all studies.

        Returns
        -------
        tuple of Study
            The studies, in the order in which they were created.
        """
        rows = self._look(select_record(studies, Study).order_by(studies.c.id))
        return tuple(checked(Study(*row)) for row in rows)

    def study(self, name: str) -> Study:
        """Find a study by its name.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        Study
            The study.

        Raises
        ------
        StoringError
            If there is none; the message lists the names that there are.
        """
        there = self.studies()
        for study in there:
            if study.name == name:
                return study
        known = ", ".join(sorted(study.name for study in there)) or "none yet"
        raise StoringError(f"The study database {self._database.shown} has no study `{name}`. It has: {known}.")

    def points(self, study: Study) -> tuple[Point, ...]:
        """List the points of a study, by number.

        Parameters
        ----------
        study : Study
            The study, as the database has it.

        Returns
        -------
        tuple of Point
            The points.

        Raises
        ------
        StoringError
            If they are not the points that were stored.
        """
        texts = self._database.do(lambda connection: fetch_points(connection, study), writes=False)
        return tuple(Point(number, json.loads(text)) for number, text in texts)

    def runs(self, study: Study, state: str | None = None) -> tuple[Run, ...]:
        """List the runs of a study, by number.

        Parameters
        ----------
        study : Study
            The study, as the database has it.
        state : str, optional
            Only the runs in this state; one of `STATES`.

        Returns
        -------
        tuple of Run
            The runs.
        """
        query = select_record(runs, Run).where(runs.c.study == study.id).order_by(runs.c.number)
        rows = self._look(query if state is None else query.where(runs.c.state == state))
        return tuple(checked(Run(*row)) for row in rows)

    def stalled(self, study: Study) -> tuple[Run, ...]:
        """List the runs whose lease has expired and that no other worker has claimed yet.

        Parameters
        ----------
        study : Study
            The study, as the database has it.

        Returns
        -------
        tuple of Run
            The runs, each with the worker that had it.
        """

        def work(connection: sa.Connection) -> tuple[Run, ...]:
            return tuple(fetch_runs(connection, expired(study, self._database.now(connection)).order_by(runs.c.number)))

        return self._database.do(work, writes=False)

    def counts(self, study: Study) -> Counts:
        """Count the runs of a study by state, and the points of which no run is left.

        Parameters
        ----------
        study : Study
            The study, as the database has it.

        Returns
        -------
        Counts
            The numbers.
        """
        of = runs.c.study == study.id
        states = sa.select(runs.c.state, sa.func.count()).where(of).group_by(runs.c.state)
        left = sa.func.sum(sa.case((runs.c.state.in_(("waiting", "running")), 1), else_=0)).label("left")
        each = sa.select(left).where(of).group_by(runs.c.point).subquery()
        ended = sa.func.coalesce(sa.func.sum(sa.case((each.c.left == 0, 1), else_=0)), 0)

        def work(connection: sa.Connection) -> Counts:
            points, without = connection.execute(sa.select(sa.func.count(), ended).select_from(each)).one()
            found: dict[str, int] = dict(connection.execute(states).all())
            if strange := set(found) - set(STATES):
                raise damaged(f"runs are in the state {strange.pop()!r}")
            return Counts(**found, points=int(points), points_ended=int(without))

        return self._database.do(work, writes=False)

    def active_workers(self, study: Study) -> int:
        """Count the workers that have runs of a study and a valid lease, no matter who started them.

        Parameters
        ----------
        study : Study
            The study, as the database has it.

        Returns
        -------
        int
            How many they are.
        """

        def work(connection: sa.Connection) -> int:
            fresh = runs.c.lease_until >= self._database.now(connection)
            where = (runs.c.study == study.id, runs.c.state == "running", fresh)
            return connection.execute(sa.select(sa.func.count(runs.c.worker.distinct())).where(*where)).scalar_one()

        return self._database.do(work, writes=False)

    def claim_size(self, study: Study, most: int) -> int:
        """Choose how many runs a worker should claim at a time, so that all workers end at about the same time.

        Parameters
        ----------
        study : Study
            The study, as the database has it.
        most : int
            The largest number wanted.

        Returns
        -------
        int
            Half of an even share of the waiting runs, from 1 to `most`.
        """

        def work(connection: sa.Connection) -> int:
            having = (runs.c.study == study.id, runs.c.state == "running")
            others = connection.execute(sa.select(sa.func.count(runs.c.worker.distinct())).where(*having)).scalar_one()
            enough = 2 * most * (others + 1)
            waiting = sa.select(runs.c.number).where(runs.c.study == study.id, runs.c.state == "waiting").limit(enough)
            left = connection.execute(sa.select(sa.func.count()).select_from(waiting.subquery())).scalar_one()
            return max(min(left // (2 * (others + 1)), most), 1)

        return self._database.do(work, writes=False)

    def shards(self, study: Study) -> tuple[Shard, ...]:
        """List the registered shards of a study, by number.

        Parameters
        ----------
        study : Study
            The study, as the database has it.

        Returns
        -------
        tuple of Shard
            The shards, each with the runs that were accepted from it.
        """
        columns = (shards.c.file, shards.c.digest, shards.c.rows, shards.c.number, shards.c.written, runs.c.number)
        both = sa.and_(runs.c.study == shards.c.study, runs.c.shard == shards.c.number)
        query = sa.select(*columns).join_from(shards, runs, both, isouter=True).where(shards.c.study == study.id)
        found: dict[int, Shard] = {}
        accepted: dict[int, list[int]] = {}
        for file, digest, rows, number, written, run in self._look(query.order_by(shards.c.number, runs.c.number)):
            found[number] = checked(Shard(file, digest, rows, (), number, written))
            accepted.setdefault(number, []).extend([] if run is None else [run])
        return tuple(replace(shard, runs=tuple(accepted[number])) for number, shard in found.items())

    def workers(self, study: Study) -> tuple[Worker, ...]:
        """List all workers that a study has had, in the order of their first claims.

        Parameters
        ----------
        study : Study
            The study, as the database has it.

        Returns
        -------
        tuple of Worker
            The workers.
        """
        query = select_record(workers, Worker).where(workers.c.study == study.id)
        rows = self._look(query.order_by(workers.c.started, workers.c.id))
        return tuple(checked(Worker(*row)) for row in rows)

    def _look(self, query: "sa.Select[Any]") -> Sequence[Any]:
        return self._database.do(lambda connection: connection.execute(query).all(), writes=False)


def fetch_runs(connection: sa.Connection, query: "sa.Select[Any]") -> list[Run]:
    """Read runs.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        An open connection.
    query : sqlalchemy.Select
        A query for the columns of `Run`.

    Returns
    -------
    list of Run
        The runs that it selects.
    """
    return [checked(Run(*row)) for row in connection.execute(query).all()]


def fetch_points(connection: sa.Connection, study: Study) -> list[tuple[int, str]]:
    """Read the points of a study, and check them against the digest that was stored with them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        An open connection.
    study : Study
        The study, as the database has it.

    Returns
    -------
    list of (int, str)
        Number and settings (as JSON) of each point, by number.

    Raises
    ------
    StoringError
        If they are not the points that were stored.
    """
    # One statement, so that digest and points are of one moment while another process extends the study.
    both = sa.select(studies.c.points_digest, points.c.number, points.c.parameters)
    joined = both.join_from(studies, points, points.c.study == studies.c.id, isouter=True)
    rows = connection.execute(joined.where(studies.c.id == study.id).order_by(points.c.number)).all()
    texts = [(number, text) for _, number, text in rows if number is not None]
    if not rows or points_digest(texts) != rows[0][0]:
        raise StoringError(
            f"The points of the study {study.name} were changed after they were stored. Restore the study database from a "
            "copy, or begin the study again under another name."
        )
    return texts


def expired(study: Study, now: float) -> "sa.Select[Any]":
    """Make the query for the runs whose lease has expired.

    Parameters
    ----------
    study : Study
        The study, as the database has it.
    now : float
        The time, in seconds since 1970, UTC.

    Returns
    -------
    sqlalchemy.Select
        The columns of `Run`.
    """
    return select_record(runs, Run).where(runs.c.study == study.id, runs.c.state == "running", runs.c.lease_until < now)
