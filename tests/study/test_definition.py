"""Studies: common random numbers, definitions that give each run back, digests and names."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from glasshouse.errors import ScenarioError
from glasshouse.study.definition import scenario_at_point
from glasshouse.study.make_study import read_study_file
from tests.helpers.studies import STUDY_FILE, written


def test_paired_points_have_the_same_random_seeds_and_others_do_not(tmp_path: Path) -> None:
    paired = read_study_file(written(tmp_path))
    assert len({run.seed for run in paired.runs}) == 2
    assert all(0 <= run.seed < 2**63 for run in paired.runs)
    apart = read_study_file(written(tmp_path, "paired = false\n" + STUDY_FILE))
    assert len({run.seed for run in apart.runs}) == 12


def test_a_stored_definition_gives_each_run_back(tmp_path: Path) -> None:
    made = read_study_file(written(tmp_path))
    scenario = scenario_at_point(json.loads(made.definition), made.points[5], made.runs[11].seed)
    coverage = next(table for table in scenario.mechanisms if table.name == "observation")
    assert coverage.coverage == pytest.approx(0.6)  # type: ignore[attr-defined]
    assert scenario.run.seed == made.runs[11].seed
    assert scenario.society == made.scenario.society


def test_the_digest_is_that_of_what_is_run(tmp_path: Path) -> None:
    made = read_study_file(written(tmp_path))
    assert read_study_file(written(tmp_path)).digest == made.digest
    assert read_study_file(written(tmp_path, STUDY_FILE.replace("0.6]", "0.7]"))).digest != made.digest
    assert read_study_file(written(tmp_path, STUDY_FILE.replace("seed = 7", "seed = 8"))).digest != made.digest


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "-x", " x", "a\\b", "a\nb", "x" * 101])
def test_a_name_that_no_folder_should_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match="cannot name a study"):
        replace(read_study_file(written(tmp_path)), name=name)
    assert replace(read_study_file(written(tmp_path)), name="Ü 3 = b").name == "Ü 3 = b"
