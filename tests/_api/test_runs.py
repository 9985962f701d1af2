"""Public functions of runs: a folder belongs to one scenario."""

from pathlib import Path

import pytest

import glasshouse
from glasshouse.errors import StoringError

SETTINGS = {"run.start": 1, "run.rollout": 0}
SMALL = {"citizens": 200, "weeks": 4, "replicates": 1, "threads": 1}


def test_a_folder_that_holds_results_of_another_scenario_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    glasshouse.run("town", SETTINGS, **SMALL, out=out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(StoringError, match=r"holds results of another scenario \(run.seed is 2014 there and 2 here\)"):
        glasshouse.run("town", SETTINGS, **SMALL, seed=2, out=out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    glasshouse.run("town", SETTINGS, **SMALL, out=out)


def test_a_folder_of_other_files_and_one_without_a_run_to_resume_are_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(StoringError, match="holds files that are no results of Glasshouse"):
        glasshouse.run("town", SETTINGS, **SMALL, out=tmp_path)
    with pytest.raises(StoringError, match="no run to resume is here"):
        glasshouse.run("town", SETTINGS, **SMALL, out=tmp_path / "nothing", resume=True)
