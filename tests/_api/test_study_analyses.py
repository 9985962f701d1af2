"""Public functions that analyse studies: which study a claim needs, and what is handed on."""

import json

import pytest

import glasshouse
from glasshouse._api.study_analyses import claim_studies


def test_claims_about_one_scenario_share_a_study_and_others_do_not() -> None:
    (_, show), (silence, same), (_, other) = claim_studies(["s05-show", "s05-silence", "s08-records"], {})
    assert silence.name == "s05-silence"
    assert show.definition == same.definition != other.definition


def test_the_study_of_a_claim_has_the_runs_and_citizens_asked_for() -> None:
    ((_, study),) = claim_studies(["s05-silence"], {"runs": 15, "seed": 3, "citizens": 500, "replicates": None})
    assert len(study.points) * study.replicates == 15
    assert (study.replicates, study.design.seed, study.scenario.society.citizens) == (5, 3, 500)
    ((_, default),) = claim_studies(["s05-silence"], {})
    assert len(default.points) * default.replicates == 320


def test_groups_of_parameters_that_vary_are_handed_on() -> None:
    ((_, uncertain),) = claim_studies(["s05-silence"], {"runs": 16})
    ((_, both),) = claim_studies(["s05-silence"], {"runs": 16, "vary": ["uncertainties", "levers"]})
    assert len(both.design.factors) > len(uncertain.design.factors)
    assert json.loads(both.definition) != json.loads(uncertain.definition)


@pytest.mark.parametrize("name", ["run_claims", "calibrate"])
def test_an_unknown_option_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=rf"{name}\(\) got an unexpected keyword argument 'run'"):
        getattr(glasshouse.studies, name)(["s05-silence"], run=16)
