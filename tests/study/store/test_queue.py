"""The queue of runs: no run is lost and none is counted twice, whichever worker dies."""

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from glasshouse.errors import StoringError
from glasshouse.study.store.schema import Counts, Outcome
from glasshouse.study.store.shards import Shard, read_shards, rows_digest, write_shard
from glasshouse.study.store.study_database import StudyDatabase, worker_label
from tests.helpers.studies import DEFINITION, LONG, finish, numbers, points, runs
from tests.helpers.waiting import pass_time

SHORT = 60.0


def test_a_claim_is_of_the_size_asked_for_and_of_this_study(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(3), runs(5))
    other = database.create(replace(DEFINITION, name="other"), points(3), runs(5))
    database._database.now = lambda connection: 1000.0  # type: ignore[method-assign]
    first = database.claim(study, "a", 3, LONG)
    assert numbers(first) == [0, 1, 2]
    assert {(run.state, run.worker, run.attempts) for run in first} == {("running", "a", 1)}
    assert {run.lease_until for run in first} == {1000.0 + LONG}
    assert database.runs(study)[:3] == first == database.runs(study, "running")
    assert numbers(database.claim(study, "b", 3, LONG)) == [3, 4]
    assert database.claim(study, "c", 3, LONG) == ()
    assert database.counts(other) == Counts(waiting=5)
    assert [worker.id for worker in database.workers(study)] == ["a", "b", "c"]
    with pytest.raises(StoringError, match="works for another study"):
        database.claim(other, "a", 1, LONG)


def test_eight_threads_never_get_the_same_run(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(150), runs(300))
    got: list[int] = []
    faults: list[Exception] = []

    def work() -> None:
        label = worker_label()
        try:
            while claimed := numbers(database.claim(study, label, 3, LONG)):
                got.extend(claimed)
                shard = Shard(f"{label}-{claimed[0]}.parquet", "d", 3, tuple(claimed))
                assert database.finish(label, shard, [Outcome(run, 1.0, "") for run in claimed]) == tuple(claimed)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(got) == list(range(300))
    assert database.counts(study) == Counts(done=300)
    assert [shard.number for shard in database.shards(study)] == list(range(1, 101))


FORKS = """
import os, signal, sys
import psycopg
from glasshouse.study.store.schema import Definition, Point, Run
from glasshouse.study.store.study_database import StudyDatabase, worker_label
def work():
    {body}
children = []
for _ in range({count}):
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    children.append(child)
print("ends", *(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""

SHARE = """
    database = StudyDatabase.open(sys.argv[1])
    study = database.create(Definition("pilot", "d1", "", ""), [Point(0, {})], [Run(n, 0, n, n) for n in range(120)])
    label = worker_label()
    while claimed := database.claim(study, label, 2, 600):
        os.write(1, (" ".join(str(run.number) for run in claimed) + "\\n").encode())
"""

DIE = """
    database = StudyDatabase.open(sys.argv[1])
    claimed = database.claim(database.study("pilot"), worker_label(), 2, 60)
    os.write(1, (" ".join(str(run.number) for run in claimed) + "\\n").encode())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def forked(body: str, count: int, place: str) -> tuple[list[int], list[int]]:
    """What `count` processes that do the same at once wrote, and how they ended; they share only the imports."""
    pytest.importorskip("psycopg")
    command = [sys.executable, "-c", FORKS.format(body=body.strip(), count=count), place]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr == ""
    wrote, _, ends = done.stdout.partition("ends")
    return sorted(int(number) for number in wrote.split()), [int(code) for code in ends.split()]


def test_six_processes_open_a_new_database_at_once_and_share_its_runs(place: str) -> None:
    assert forked(SHARE, 6, place) == (list(range(120)), [0] * 6)


def test_the_runs_of_killed_processes_come_back_when_their_lease_is_over(database: StudyDatabase, place: str) -> None:
    study = database.create(DEFINITION, points(3), runs(6))
    assert forked(DIE, 2, place) == ([0, 1, 2, 3], [-signal.SIGKILL] * 2)
    pass_time(database, 61)
    assert numbers(database.stalled(study)) == [0, 1, 2, 3]
    assert {run.worker for run in database.stalled(study)} == {worker.id for worker in database.workers(study)}
    taken = [database.claim(study, "c", 9, LONG) for _ in range(5)]
    # What ended one worker may end another: such runs are handed out one by one, after those that wait.
    assert [[(run.number, run.attempts) for run in runs] for runs in taken] == [
        [(4, 1), (5, 1)], [(0, 2)], [(1, 2)], [(2, 2)], [(3, 2)],
    ]  # fmt: skip
    assert database.stalled(study) == ()


def test_a_run_that_ends_three_workers_fails(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(1), runs(1))
    for number, worker in enumerate(("a", "b", "c"), start=1):
        (run,) = database.claim(study, worker, 1, SHORT)
        assert run.attempts == number
        pass_time(database, SHORT + 1)
    assert database.claim(study, "d", 1, LONG) == ()
    (run,) = database.runs(study, "failed")
    assert (run.error or "").startswith("Failed after 3 attempts; last worker: c. Check that worker")
    assert database.retry(study) == 1
    (run,) = database.claim(study, "d", 1, LONG)
    assert (run.attempts, run.error) == (1, None)


def test_a_worker_that_is_heard_of_keeps_its_runs(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(3), runs(4))
    database.claim(study, "a", 2, SHORT)
    database.claim(study, "b", 1, LONG)
    pass_time(database, SHORT + 1)
    before = database.workers(study)[0].heartbeat
    assert database.heartbeat("a", LONG) == (0, 1)
    assert database.workers(study)[0].heartbeat > before
    assert database.stalled(study) == ()
    assert numbers(database.claim(study, "c", 9, LONG)) == [3]
    assert database.heartbeat("d", LONG) == ()


def test_what_a_worker_gives_back_waits_and_is_no_death(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    for _ in range(4):
        database.claim(study, "a", 2, LONG)
        assert database.fail("a", 7, "x") is False
        assert database.release("a") == 2
    assert list(database.runs(study)) == runs(3)
    assert database.workers(study)[0].ended is not None
    assert database.heartbeat("a", LONG) == ()


def test_a_failed_run_says_why(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    database.claim(study, "a", 2, LONG)
    assert database.fail("a", 1, "coverage = 1.4") is True
    assert database.fail("a", 1, "again") is False
    assert database.fail("b", 0, "not mine") is False
    assert [(run.number, run.error) for run in database.runs(study, "failed")] == [(1, "coverage = 1.4")]
    assert database.counts(study) == Counts(waiting=1, running=1, failed=1)
    assert database.counts(study).total == 3


def test_the_runs_of_a_worker_known_to_be_dead_are_to_be_had_at_once(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(2), runs(4))
    database.claim(study, "a", 2, LONG)
    database.claim(study, "b", 1, LONG)
    assert database.active_workers(study) == 2
    assert (database.mark_dead("a"), database.mark_dead("never seen")) == (2, 0)
    assert database.active_workers(study) == 1
    assert numbers(database.stalled(study)) == [0, 1]
    taken = [database.claim(study, "c", 2, LONG) for _ in range(4)]
    assert [[(run.number, run.attempts) for run in some] for some in taken] == [[(3, 1)], [(0, 2)], [(1, 2)], []]
    assert finish(database, "a", tmp_path, [0, 1]) == ()
    assert [worker.ended is None for worker in database.workers(study)] == [False, True, True]


def test_finished_runs_are_done_and_their_figures_read(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(3), runs(5))
    database.claim(study, "a", 2, LONG)
    database.claim(study, "b", 2, LONG)
    assert finish(database, "b", tmp_path, [3, 2]) == (2, 3)
    assert finish(database, "a", tmp_path, [1, 0]) == (0, 1)
    assert database.counts(study) == Counts(waiting=1, done=4)
    first, second = database.shards(study)
    assert (first.number, first.runs, second.number, second.runs) == (1, (2, 3), 2, (0, 1))
    done = database.runs(study, "done")
    assert [(run.shard, run.seconds, run.lease_until) for run in done] == [(2, 1.5, None)] * 2 + [(1, 1.5, None)] * 2
    assert done[0].digest == rows_digest([{"silent": 0.5, "run": 0}])
    table = read_shards(tmp_path, database.shards(study))
    assert table["run"].tolist() == [0, 1, 2, 3]
    assert table["silent"].tolist() == [0.5, 1.5, 2.5, 3.5]


def test_a_run_that_was_taken_over_is_not_counted_twice(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    database.claim(study, "slow", 3, SHORT)
    pass_time(database, SHORT + 1)
    assert [numbers(database.claim(study, "quick", 2, LONG)) for _ in range(2)] == [[0], [1]]
    assert finish(database, "slow", tmp_path, [0, 1, 2], value=100) == (2,)
    assert finish(database, "quick", tmp_path, [0, 1]) == (0, 1)
    assert finish(database, "slow", tmp_path, [0, 1], value=100) == ()
    assert len(database.shards(study)) == 2
    table = read_shards(tmp_path, database.shards(study))
    assert (table["run"].tolist(), table["silent"].tolist()) == ([0, 1, 2], [0.5, 1.5, 102])


def test_a_lease_that_is_over_and_that_nobody_took_does_not_waste_the_work(
    database: StudyDatabase, tmp_path: Path
) -> None:
    study = database.create(DEFINITION, points(1), runs(1))
    database.claim(study, "slow", 1, SHORT)
    pass_time(database, SHORT + 1)
    assert finish(database, "slow", tmp_path, [0]) == (0,)


def test_what_cannot_be_handed_in_is_reported(database: StudyDatabase, tmp_path: Path) -> None:
    study = database.create(DEFINITION, points(2), runs(3))
    database.claim(study, "a", 3, LONG)
    shard = write_shard(tmp_path, 1, [{"run": 0, "x": 1}])
    with pytest.raises(StoringError, match="has no row of run 1"):
        database.finish("a", shard, [Outcome(1, 1.0, "")])
    with pytest.raises(StoringError, match="knows no worker b"):
        database.finish("b", shard, [Outcome(0, 1.0, "")])
    assert database.finish("a", shard, [Outcome(0, 1.0, "")]) == (0,)
    with pytest.raises(StoringError, match=r"registered as shard-000001\.parquet"):
        database.finish("a", replace(shard, digest="other"), [Outcome(0, 1.0, "")])


def test_an_answer_that_was_lost_is_given_again(database: StudyDatabase, tmp_path: Path) -> None:
    """A connection can be lost after the transaction was kept: then all is asked a second time."""
    study = database.create(DEFINITION, points(3), runs(6))
    inner, once = database._database, database._database.do

    def twice(work: Any, writes: bool = True) -> Any:
        once(work, writes=writes)
        return once(work, writes=writes)

    inner.do = twice  # type: ignore[method-assign, assignment]
    assert database.create(replace(DEFINITION, name="other"), points(1), runs(1)).name == "other"
    assert len(database.studies()) == 2
    assert numbers(database.claim(study, "a", 4, LONG)) == [0, 1, 2, 3]
    assert database.counts(study) == Counts(waiting=2, running=4)
    assert finish(database, "a", tmp_path, [0, 1]) == (0, 1)
    assert len(database.shards(study)) == 1
    database.release("a")
    assert {run.attempts for run in database.runs(study, "waiting")} == {0}
    (tmp_path / database.shards(study)[0].file).unlink()
    assert database.recover(study, tmp_path) == (0, 1)
    assert database.counts(study) == Counts(waiting=6)


def test_a_claim_whose_answer_was_lost_too_long_is_not_given_again(database: StudyDatabase) -> None:
    study = database.create(DEFINITION, points(2), runs(4))
    inner, once = database._database, database._database.do

    def late(work: Any, writes: bool = True) -> Any:
        inner.do = once  # type: ignore[method-assign]
        once(work)
        pass_time(database, SHORT + 1)
        assert [numbers(database.claim(study, "b", 3, LONG)) for _ in range(2)] == [[2, 3], [0]]
        return once(work)

    inner.do = late  # type: ignore[method-assign, assignment]
    assert numbers(database.claim(study, "a", 2, SHORT)) == [1]
