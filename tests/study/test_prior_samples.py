"""Draws as a prior: what goes together stays together, and a study begins from them."""

import json
from pathlib import Path

import numpy as np
import pytest

from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.scenario.scenario import load
from glasshouse.study import prior_samples
from glasshouse.study.design import design_from_dict
from glasshouse.study.factor import Factor, factor_for
from glasshouse.study.make_study import read_study_file, study_of_priors
from glasshouse.study.prior_samples import Prior

SCENARIO = load("social-governance", ["society.citizens=500"])


def made(count: int = 50) -> Prior:
    """Draws of a share, a vector's scale, a whole number and a listed value, all moving together."""
    factors = (
        factor_for(SCENARIO, "conduct.repayment", 0.07, 0.3),
        factor_for(SCENARIO, "conduct.rates", 0.5, 1.1),
        factor_for(SCENARIO, "run.rollout", 100, 300),
        factor_for(SCENARIO, "lists.integration", values=[0.0, 0.5]),
    )
    share = (np.arange(count) + 0.5) / count
    draws = np.stack([0.07 + 0.23 * share, 0.5 + 0.6 * share, np.round(100 + 200 * share), share > 0.5], axis=1)
    return Prior(factors, draws, 'Found «at once» "quoted"', "made by hand")


def test_a_file_gives_back_the_very_draws(tmp_path: Path) -> None:
    path = tmp_path / "posterior.toml"
    path.write_text(prior_samples.to_toml(made()))
    found = prior_samples.load(path, SCENARIO)
    assert found.draws.tobytes() == made().draws.tobytes()
    assert found.factors == made().factors
    assert (found.title, found.about) == (made().title, made().about)


def test_a_study_varies_the_draws_together(tmp_path: Path) -> None:
    (tmp_path / "posterior.toml").write_text(prior_samples.to_toml(made()))
    text = 'scenario = "social-governance"\nprior = "posterior.toml"\nruns = 20\nseed = 3\n[settings]\ncitizens = 500\n'
    (tmp_path / "mine.toml").write_text(text)
    found = read_study_file(tmp_path / "mine.toml")
    assert found.design.kind == "sample"
    assert len(found.points) == 20
    rows = {tuple(row) for row in made().draws}
    assert {tuple(row) for row in found.design.points} <= rows
    assert len({tuple(row) for row in found.design.points}) == 20
    point = found.points[7]
    share = (point["conduct.repayment"] - 0.07) / 0.23
    assert point["conduct.rates"][0] == pytest.approx((0.5 + 0.6 * share) * 0.8)
    assert point["lists.integration"] == (0.5 if share > 0.5 else 0.0)
    back = design_from_dict(json.loads(found.definition)["design"], found.points)
    assert [(f.key, f.low, f.high, f.values, f.vector, f.whole) for f in back.factors] == [
        (f.key, f.low, f.high, f.values, f.vector, f.whole) for f in made().factors
    ]
    assert back.points == pytest.approx(found.design.points)
    assert read_study_file(tmp_path / "mine.toml").digest == found.digest
    other = read_study_file(tmp_path / "mine.toml", given={"seed": 4})
    assert other.design.points.tobytes() != found.design.points.tobytes()


def test_what_does_not_fit_is_said(tmp_path: Path) -> None:
    path = tmp_path / "posterior.toml"
    path.write_text(prior_samples.to_toml(made()))
    other = load("social-governance", ["society.citizens=500", "conduct.rates=[0.4, 0.002, 0.03, 0.03, 0.01]"])
    with pytest.raises(AnalysisError, match="the draws of conduct.rates multiply"):
        prior_samples.load(path, other)
    with pytest.raises(AnalysisError, match="50 draws, and 51 points"):
        made().design(51, 1)
    path.write_text(prior_samples.to_toml(made()).replace("low = 0.07", "low = 0.1"))
    with pytest.raises(AnalysisError, match="conduct.repayment has a draw of 0.0723, outside 0.1 to 0.3"):
        prior_samples.load(path, SCENARIO)
    path.write_text(prior_samples.to_toml(made()).replace("conduct.repayment", "conduct.repaiment"))
    with pytest.raises(ScenarioError, match="repaiment"):
        prior_samples.load(path, SCENARIO)
    path.write_text('title = "x"\n[[factors]]\nkey = "conduct.repayment"\nlow = 0.1\nhigh = 0.2\n')
    with pytest.raises(ScenarioError, match="draws is missing"):
        prior_samples.load(path, SCENARIO)
    path.write_text('title = "x"\n')
    with pytest.raises(ScenarioError, match="no draws"):
        prior_samples.load(path, SCENARIO)


@pytest.mark.parametrize("extra", ['design = "sobol"\n', '[factors]\n"lists.integration" = [0.0, 0.5]\n'])
def test_draws_stand_alone(tmp_path: Path, extra: str) -> None:
    (tmp_path / "posterior.toml").write_text(prior_samples.to_toml(made()))
    (tmp_path / "mine.toml").write_text(f'scenario = "social-governance"\nprior = "posterior.toml"\n{extra}')
    with pytest.raises(ScenarioError, match="says itself what is varied"):
        read_study_file(tmp_path / "mine.toml")


def test_a_sample_needs_a_file_of_draws() -> None:
    with pytest.raises(ScenarioError, match="prior"):
        study_of_priors(SCENARIO, {"design": "sample"})
    assert Factor("x", 0.0, 1.0).point(0.25) == 0.25
