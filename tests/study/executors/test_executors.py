"""The executors: the same bytes from each, workers that die are replaced, others may join, and refusals are told."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from glasshouse.engine.plugin_loader import find
from glasshouse.errors import AnalysisError, GlasshouseError, RunningError, StoringError
from glasshouse.scenario.files import parse
from glasshouse.scenario.scenario import load
from glasshouse.scenario.toml_lines import Source
from glasshouse.study import worker
from glasshouse.study.executors import executor_for, local
from glasshouse.study.executors import ray as cluster
from glasshouse.study.executors.executor import StudyJob, supervise
from glasshouse.study.findings import collect
from glasshouse.study.make_study import build_study
from glasshouse.study.store.schema import Counts
from glasshouse.study.store.study_database import StudyDatabase
from glasshouse.study.study_file import StudyFile, validated

LOUD = '''
from glasshouse.model.measure import Measure, ratio
class Records2(Measure):
    """Records a week."""
    name, title, formula, unit, better, source = "records_a_week", "Records", "records / adult-weeks", "a week", "neither", "made up"
    @staticmethod
    def value(sums):
        return ratio(sums.records, sums.adults)
'''
TEXT = """
scenario = "rows/s08-augmentation"
runs = 16
replicates = 2
measures = ["records", "chilling"]
[settings]
citizens = {citizens}
run.weeks = {weeks}
run.start = 2
[factors]
"observation.coverage" = [0.2, 0.6]
"""


def enter(database: StudyDatabase, citizens: int = 1000, weeks: int = 30, plugins: Any = ()) -> None:
    """Enters the study `small`: with more citizens and weeks a run takes longer."""
    text = TEXT.format(citizens=citizens, weeks=weeks)
    text = text.replace('"chilling"', '"records_a_week"') if plugins else text
    source = Source("small.toml", text)
    table = validated(StudyFile, parse(source), source)
    worker.add_study(database, build_study(table, load(table.scenario, plugins=find(plugins)), "small", source))


def came_out(folder: Path) -> tuple[bytes, list[tuple[int, str, str | None]]]:
    """The bytes of the table of runs as it is exported, and number, state and digest of every run."""
    with StudyDatabase.open(folder / "studies.db") as database:
        collect(database, "small", folder / "small").runs.to_csv(folder / "runs.csv")
        runs = database.runs(database.study("small"))
    return (folder / "runs.csv").read_bytes(), [(run.number, run.state, run.digest) for run in runs]


def go(folder: Path, executor: Any, workers: int = 2, plugins: Any = (), on_progress: Any = None, **size: int) -> Any:
    """What comes out of the study when this executor runs it in a folder."""
    place = str(folder / "studies.db")
    with StudyDatabase.open(place) as database:
        enter(database, plugins=plugins, **size)
        executor(StudyJob(database, place, "small", folder, workers, tuple(plugins), on_progress))
    return came_out(folder)


@pytest.fixture(scope="module")
def ray_nodes() -> Iterator[Any]:
    """A cluster of two nodes with a processor each, all on this machine."""
    pytest.importorskip("ray", reason="Clusters are not tested without Ray: pip install 'glasshouse[cluster]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        from ray.cluster_utils import Cluster

        size = {"num_cpus": 1, "object_store_memory": 80_000_000}
        # Ray asks a node every three seconds, and believes in its death after five questions.
        quick = {"health_check_period_ms": 500, "health_check_failure_threshold": 3, "health_check_timeout_ms": 5000}
        head = {**size, "include_dashboard": False, "_system_config": quick}
        nodes = Cluster(initialize_head=True, head_node_args=head)
        nodes.second = nodes.add_node(**size)
        try:
            yield nodes
        finally:
            nodes.shutdown()


# The contract


def test_every_executor_gives_the_same_bytes_and_tells_how_far_it_is(tmp_path: Path, ray_nodes: Any) -> None:
    plugin = tmp_path / "loud.py"
    plugin.write_text(LOUD)
    executors = {
        "inprocess": (executor_for(None, 0), 1),
        "processes": (executor_for(None, 2), 2),
        "ray": (executor_for(ray_nodes.address, 0), 0),
    }
    found = {}
    for name, (executor, workers) in executors.items():
        told: list[tuple[Counts, int]] = []
        found[name] = go(tmp_path / name, executor, workers, [plugin], lambda *said, told=told: told.append(said))
        assert all(counts.total == 16 for counts, _ in told)
        assert told[-1][0] == Counts(done=16), name
        assert max(active_workers for _, active_workers in told) >= 1, name
        with StudyDatabase.open(tmp_path / name / "studies.db") as database:
            # Under labels that this process gave: it can say at once which runs are to be had when one dies.
            there = database.workers(database.study("small"))
            assert {one.id.partition("-")[0] for one in there} == {str(os.getpid())}, name
    table, runs = found["inprocess"]
    assert b"records_a_week" in table
    assert [(number, state) for number, state, _ in runs] == [(number, "done") for number in range(16)]
    assert found["processes"] == found["ray"] == found["inprocess"]
    assert len(list((tmp_path / "ray" / "small").glob(".*"))) == 0


def lose(node: Any) -> None:
    """Kills all processes of a node at once, its workers among them, as when its plug is pulled."""
    ours = [one.process.pid for kind in node.all_processes.values() for one in kind]
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [[int(word) for word in line.split()] for line in listed.splitlines()]
    for pid in [*ours, *(pid for pid, parent in pairs if parent in ours)]:
        os.kill(pid, signal.SIGKILL)


def test_a_node_that_is_lost_costs_no_run(tmp_path: Path, ray_nodes: Any) -> None:
    lost: list[int] = []
    after: list[float] = []

    def on_progress(counts: Counts, workers: int) -> None:
        if lost:
            after.append(time.monotonic())
        if workers == 2 and counts.done > 0 and not lost:
            lost.append(counts.done)
            lose(ray_nodes.second)
            ray_nodes.worker_nodes.remove(ray_nodes.second)
            ray_nodes.second = ray_nodes.add_node(wait=False, num_cpus=1, object_store_memory=80_000_000)

    size = {"citizens": 2000, "weeks": 60}
    found = go(tmp_path / "ray", executor_for(ray_nodes.address, 2), 2, on_progress=on_progress, **size)
    assert lost
    assert lost[0] < 16
    assert found == go(tmp_path / "here", local.run_in_process, 1, **size)
    with StudyDatabase.open(tmp_path / "ray" / "studies.db") as database:
        record = database.study("small")
        # The lost worker's runs were taken over at once, not when their lease of a minute was over.
        assert max(run.attempts for run in database.runs(record)) == 2
        assert all(one.ended for one in database.workers(record))
    assert after[-1] - after[0] < worker.LEASE


def test_a_worker_joins_a_study_that_runs(tmp_path: Path) -> None:
    most = []
    joined: list[subprocess.Popen[bytes]] = []

    def on_progress(counts: Counts, workers: int) -> None:
        most.append(workers)
        if workers == 1 and not joined:
            command = [sys.executable, "-m", "glasshouse", "study", "work", "small", "--folder", str(tmp_path)]
            joined.append(subprocess.Popen(command, stdout=subprocess.PIPE))

    found = go(tmp_path, local.run_processes, 1, on_progress=on_progress, citizens=2000, weeks=150)
    said = joined[0].communicate(timeout=60)[0].decode()
    assert max(most) == 2
    assert said.startswith("No run is left; this worker did ")
    assert int(said.split()[-1].rstrip(".")) > 0
    assert [state for _, state, _ in found[1]] == ["done"] * 16


# Workers that die


class DyingWorker:
    """A worker that dies as often as it is told, then works in this process."""

    left = 0

    def __init__(self, label: str, does: Any) -> None:
        self.label, self.ended = label, ""
        if DyingWorker.left:
            DyingWorker.left -= 1
            self.ended = "a stroke"
        else:
            does(label)

    def is_running(self) -> bool:
        return False

    def exit_reason(self) -> str:
        return self.ended

    def stop(self) -> None: ...

    def wait(self, seconds: float) -> None: ...


@pytest.mark.parametrize(("deaths", "most", "workers"), [(3, 8, 1), (9, 8, 1), (30, 30, 15), (60, 30, 15)])
def test_workers_that_die_are_replaced_until_it_is_plain_that_all_will(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaths: int, most: int, workers: int
) -> None:
    monkeypatch.setattr("glasshouse.study.executors.executor.POLL_SECONDS", 0.0)
    DyingWorker.left = deaths
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        enter(database)
        record = database.study("small")
        job = StudyJob(database, "", "small", tmp_path, workers)

        def does(label: str) -> None:
            for run in database.claim(record, label, 3, 60.0):
                database.fail(label, run.number, "tried")

        if deaths > most:
            with pytest.raises(RunningError, match=f"{most + 1} workers died and no run was done.*a stroke"):
                supervise(job, workers, lambda label: DyingWorker(label, does))
            assert database.counts(record) == Counts(waiting=16)
        else:
            supervise(job, workers, lambda label: DyingWorker(label, does))
            assert database.counts(record) == Counts(failed=16)


def test_a_worker_that_says_why_it_stops_ends_the_study_with_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        enter(database)
        monkeypatch.setenv("PYTHONHASHSEED", "text")
        with pytest.raises(RunningError, match="A worker stopped: .*PYTHONHASHSEED"):
            local.run_processes(StudyJob(database, str(tmp_path / "studies.db"), "small", tmp_path, 1))
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(RunningError, match="9 workers died.*exit code 1"):
            local.run_processes(StudyJob(database, str(tmp_path / "studies.db"), "small", tmp_path, 1))


def test_a_worker_whose_parent_died_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not local.is_orphaned()
    monkeypatch.setenv("GLASSHOUSE_WORKER", f"{os.getppid()}-ab12")
    assert not local.is_orphaned()
    monkeypatch.setenv("GLASSHOUSE_WORKER", f"{os.getppid() + 1}-ab12")
    assert local.is_orphaned()


# What a cluster needs


def test_a_sqlite_catalogue_is_refused_where_other_machines_take_part(tmp_path: Path) -> None:
    nodes = [{"Alive": True, "NodeManagerHostname": name} for name in (platform.node(), "elsewhere")]
    ray = SimpleNamespace(nodes=lambda: nodes)
    with pytest.raises(StoringError, match=r"has 1 other machines, .*begin the study in a PostgreSQL server"):
        cluster._reachable(ray, str(tmp_path / "studies.db"))
    nodes[1]["Alive"] = False
    assert cluster._reachable(ray, "studies.db") == (str(Path.cwd() / "studies.db"), platform.node())
    server = "postgresql+psycopg://user:word@host/base"
    nodes[1]["Alive"] = True
    assert cluster._reachable(ray, server) == (server, "")


def test_a_node_that_cannot_work_says_why(tmp_path: Path) -> None:
    task = cluster._Task(str(tmp_path / "studies.db"), "elsewhere", "small", tmp_path, ".mark", ())
    assert "is another machine than elsewhere" in cluster._work(task, "a-1")
    task = cluster._Task(task.url, "", "small", tmp_path, ".mark", ())
    assert "does not see the results in" in cluster._work(task, "a-1")
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / ".mark").touch()
    assert "has no study `small`" in cluster._work(task, "a-1")
    task = cluster._Task(task.url, "", "small", tmp_path, ".mark", (("bad.py", b"1 / 0"),))
    assert "bad.py" in cluster._work(task, "a-1")
    assert "ZeroDivisionError" in cluster._work(task, "a-1")


def test_what_a_cluster_cannot_do_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        enter(database)
        job = StudyJob(database, str(tmp_path / "studies.db"), "small", tmp_path, 1)
        with pytest.raises(GlasshouseError, match="The cluster nonsense cannot be used"):
            cluster.run_on_ray(job, address="nonsense")
        with pytest.raises(StoringError, match=r"none\.py: the file cannot be read"):
            cluster._source(tmp_path / "none.py")
        monkeypatch.setitem(sys.modules, "ray", None)
        with pytest.raises(AnalysisError, match=r"pip install 'glasshouse\[cluster\]'"):
            cluster.run_on_ray(job)
        assert database.counts(database.study("small")) == Counts(waiting=16)


def test_nothing_is_told_to_anybody_about_the_use_of_ray(ray_nodes: Any, tmp_path: Path) -> None:
    with cluster._connected(ray_nodes.address, 0) as ray:
        from ray._common.usage import usage_lib

        assert not usage_lib.usage_stats_enabled()
        assert ray.is_initialized()
        with cluster._connected("elsewhere:1", 0) as same:
            assert same is ray
        assert ray.is_initialized()
    assert not ray.is_initialized()


# Progress


def test_the_study_that_a_worker_gets_is_the_study_that_was_entered(tmp_path: Path) -> None:
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        enter(database)
        definition = json.loads(database.study("small").definition)
    assert definition["measures"] == ["records", "chilling"]
