"""The executor on a Ray cluster: a lost node costs no run, and refusals are reported."""

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from glasshouse.errors import AnalysisError, GlasshouseError, StoringError
from glasshouse.study.executors import executor_for, local
from glasshouse.study.executors import ray as cluster
from glasshouse.study.executors.executor import StudyJob
from glasshouse.study.progress import StudyProgress
from glasshouse.study.store import schema as tables
from glasshouse.study.store.schema import Counts
from glasshouse.study.store.study_database import StudyDatabase
from tests.helpers.studies import (
    add_long_study,
    run_with,
)


def lose(node: Any) -> None:
    """Kills all processes of a node at once, its workers among them, as when its plug is pulled."""
    ours = [one.process.pid for kind in node.all_processes.values() for one in kind]
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [[int(word) for word in line.split()] for line in listed.splitlines()]
    for pid in [*ours, *(pid for pid, parent in pairs if parent in ours)]:
        os.kill(pid, signal.SIGKILL)


def test_a_node_that_is_lost_costs_no_run(tmp_path: Path, ray_nodes: Any) -> None:
    lost: list[int] = []

    def on_progress(progress: StudyProgress) -> None:
        if progress.workers == 2 and progress.counts.done > 0 and not lost:
            lost.append(progress.counts.done)
            lose(ray_nodes.second)
            with StudyDatabase.open(tmp_path / "ray" / "studies.db") as database:
                # No lease ends any more, so that a run can be taken over only because its worker is known to be dead.
                later = sa.update(tables.runs).values(lease_until=tables.runs.c.lease_until + 1e9)
                database._database.do(lambda connection: connection.execute(later))
            ray_nodes.worker_nodes.remove(ray_nodes.second)
            ray_nodes.second = ray_nodes.add_node(wait=False, num_cpus=1, object_store_memory=80_000_000)

    size = {"citizens": 2000, "weeks": 60}
    found = run_with(
        tmp_path / "ray", executor_for(ray_nodes.address, 2), 2, on_progress=on_progress, together=2, **size
    )
    assert lost
    assert lost[0] < 16
    assert found == run_with(tmp_path / "here", local.run_in_process, 1, **size)
    with StudyDatabase.open(tmp_path / "ray" / "studies.db") as database:
        record = database.study("small")
        assert max(run.attempts for run in database.runs(record)) == 2
        assert all(one.ended for one in database.workers(record))


def test_a_sqlite_database_is_refused_where_other_machines_take_part(tmp_path: Path) -> None:
    nodes = [{"Alive": True, "NodeManagerHostname": name} for name in (platform.node(), "elsewhere")]
    ray = SimpleNamespace(nodes=lambda: nodes)
    with pytest.raises(StoringError, match=r"has 1 other machines, .*create the study on a PostgreSQL server"):
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


def test_what_a_cluster_cannot_do_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        add_long_study(database)
        job = StudyJob(database, str(tmp_path / "studies.db"), "small", tmp_path, 1)
        with pytest.raises(GlasshouseError, match="The cluster nonsense cannot be used"):
            cluster.run_on_ray(job, address="nonsense")
        with pytest.raises(StoringError, match=r"none\.py: the file cannot be read"):
            cluster._source(tmp_path / "none.py")
        monkeypatch.setitem(sys.modules, "ray", None)
        with pytest.raises(AnalysisError, match=r"pip install 'glasshouse-lab\[cluster\]'"):
            cluster.run_on_ray(job)
        assert database.counts(database.study("small")) == Counts(waiting=16)


def test_ray_reports_no_usage_statistics(ray_nodes: Any, tmp_path: Path) -> None:
    with cluster._connected(ray_nodes.address, 0) as ray:
        from ray._common.usage import usage_lib

        assert not usage_lib.usage_stats_enabled()
        assert ray.is_initialized()
        with cluster._connected("elsewhere:1", 0) as same:
            assert same is ray
        assert ray.is_initialized()
    assert not ray.is_initialized()
