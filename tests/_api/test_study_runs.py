"""Public functions that run studies: where a study is stored, and what it is made of."""

import json
from pathlib import Path

import pytest

import glasshouse
from glasshouse._api import study_runs
from glasshouse.errors import StoringError


def test_the_database_lies_in_the_folder_of_results_unless_it_is_given(tmp_path: Path) -> None:
    assert study_runs.address(tmp_path, None) == str(tmp_path / "studies.db")
    assert study_runs.address(tmp_path, "postgresql://host/db") == "postgresql://host/db"


def test_options_take_precedence_over_the_defaults_of_a_study() -> None:
    options = {"design": "sobol", "runs": 32, "replicates": 2, "seed": 7, "measures": ["chilling"], "name": "mine"}
    study = study_runs.defined("town", {"society.citizens": 300}, options)
    stored = json.loads(study.definition)
    assert (study.name, study.replicates, study.design.kind, study.design.seed) == ("mine", 2, "sobol", 7)
    assert stored["measures"] == ["chilling"]
    assert len(study.points) * study.replicates <= 32
    assert study.scenario.society.citizens == 300


def test_an_unset_option_leaves_the_default() -> None:
    unset = study_runs.defined("town", None, {"seed": None, "measures": ()})
    assert unset.definition == study_runs.defined("town", None, {}).definition


def test_a_study_that_is_not_there_is_reported_and_no_database_is_made(tmp_path: Path) -> None:
    for function in (
        glasshouse.studies.open,
        glasshouse.studies.status,
        glasshouse.studies.resume,
        glasshouse.studies.work,
    ):
        with pytest.raises(StoringError):
            function("nothing", folder=tmp_path / "results")
    assert not (tmp_path / "results" / "studies.db").exists()


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError, match=r"run\(\) got an unexpected keyword argument 'worker'"):
        glasshouse.studies.run("town", worker=2)
