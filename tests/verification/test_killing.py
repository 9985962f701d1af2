"""Workers and the coordinator of a study are killed; no run is lost or counted twice. `verification/killing.py` kills 50."""

import sys
from pathlib import Path

import killing
import numpy as np
import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is Unix's")
def test_killed_workers_and_a_killed_coordinator_lose_no_run_and_double_none(tmp_path: Path) -> None:
    file = tmp_path / "storm.toml"
    file.write_text(killing.TEXT.format(runs=24, citizens=1000), encoding="utf-8")
    wanted = killing.undisturbed(file, tmp_path / "undisturbed")
    storm = killing.Storm(file, tmp_path / "s", str(tmp_path / "s" / "studies.db"), np.random.default_rng(4), pause=0.1)
    assert killing.through(storm, 4, wanted) == []
    assert storm.killed == {"worker": 3, "coordinator": 1}


def test_faults_that_killed_workers_leave_are_reported(tmp_path: Path) -> None:
    file = tmp_path / "storm.toml"
    file.write_text(killing.TEXT.format(runs=4, citizens=300), encoding="utf-8")
    wanted = killing.undisturbed(file, tmp_path)
    storm = killing.Storm(file, tmp_path, str(tmp_path / "studies.db"), np.random.default_rng(1))
    assert killing.faults(storm, wanted) == []
    (tmp_path / "storm" / "1-ab.parquet").touch()
    assert killing.faults(storm, wanted) == ["files are left: ['1-ab.parquet']"]
    other = (wanted[0] + b"9", [(number, "other") for number, _ in wanted[1]], killing.Counts(done=5))
    assert len(killing.faults(storm, other)) == 4
