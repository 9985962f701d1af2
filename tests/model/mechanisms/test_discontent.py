"""Political discontent, against the beta distribution and the formula of stated support.

Means of citizens are held to 4.5 standard errors with fixed seeds: of the half dozen such checks one would fail by chance in
about 25,000 sets of seeds.
"""

import numpy as np
import pytest
from scipy import stats

from glasshouse.model.mechanisms.attitudes import Attitudes
from glasshouse.model.mechanisms.discontent import QUESTIONS, Discontent, answered
from glasshouse.model.mechanisms.loyalty import Loyalty
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.opposition import opposition
from tests.model.mechanisms.test_mechanisms import Lived

UNCHANGED = {"opposition_sum", "stated_sum", "gap_all", "gap_women", "gap_young"}
"""Sums that discontent is in; without a pull it changes no other."""


@pytest.mark.parametrize(("mean", "concentration"), [(0.35, 4.0), (0.05, 1.0), (0.6, 20.0), (0.9, 50.0), (0.5, 0.5)])
def test_discontent_is_drawn_from_a_beta_distribution(mean: float, concentration: float) -> None:
    a, b = mean * concentration, (1 - mean) * concentration
    none = Discontent(mean=mean, concentration=concentration).constants()["none"]
    assert none == pytest.approx(stats.betabinom(QUESTIONS, a, b).pmf(0), rel=1e-9)
    chances = (np.arange(20_000) + 0.5) / 20_000
    drawn = np.array([answered(mean, concentration, none, u) for u in chances])
    assert (np.diff(drawn) >= 0).all()
    assert 0 < drawn[0] < drawn[-1] < 1
    assert drawn.mean() == pytest.approx(mean, abs=1e-4)
    shrunk = QUESTIONS / (QUESTIONS + concentration)
    assert drawn.var() == pytest.approx(mean * (1 - mean) / (concentration + 1) * shrunk, rel=2e-3)
    parts = [0.1, 0.5, 0.9]
    assert np.quantile(drawn, parts) == pytest.approx(stats.beta(a, b).ppf(parts), abs=0.01)


def test_private_opposition_joins_grievance_and_discontent() -> None:
    assert opposition(0.3, 0.0) == 0.3
    assert opposition(0.3, 0.5) == pytest.approx(1 - 0.7 * 0.5)
    assert opposition(0.0, 0.5) == 0.5
    assert opposition(1.0, 0.5) == 1.0


def test_discontent_is_a_trait_of_adults_and_of_nothing_else() -> None:
    early, late = (Lived(Discontent(mean=0.35, concentration=4.0), weeks=weeks) for weeks in (1, 30))
    assert (early.column("discontent") == late.column("discontent")).all()
    people, found = late.state.population.citizens[late.adult], late.column("discontent")[late.adult].astype(float)
    assert (late.column("discontent")[~late.adult] == 0).all()
    assert abs(found.mean() - 0.35) < 4.5 * np.sqrt(0.35 * 0.65 / 5 / len(found))
    for name in ("exposure", "risk_aversion", "income", "temper", "protest_threshold", "female", "urban"):
        assert abs(np.corrcoef(found, people[name].astype(float))[0, 1]) < 4.5 / np.sqrt(len(found)), name


def test_what_is_stated_hides_what_is_held_by_fear() -> None:
    tables = (Discontent(mean=0.35), Attitudes(dread=30.0), Observation(coverage=0.5, speech_coverage=0.5, misread=0.5))
    lived = Lived(*tables)
    rows, people = lived.state.citizens[lived.adult], lived.state.population.citizens[lived.adult]
    grievance, discontent = rows["grievance"].astype(float), rows["discontent"].astype(float)
    private = (1 - grievance) * (1 - discontent)
    hidden = people["risk_aversion"].astype(float) * rows["risk"] * (1 - private)
    assert lived.series("opposition_sum")[-1] == pytest.approx((1 - private).sum(), rel=1e-4)
    assert lived.series("stated_sum")[-1] == pytest.approx((private + hidden).sum(), rel=1e-4)
    assert lived["gap_all"] == pytest.approx(hidden.sum(), rel=1e-4)
    assert hidden.mean() > 0.02


def test_without_discontent_nothing_is_drawn() -> None:
    assert (Lived(Discontent(pull=5.0)).weekly == Lived().weekly).all()


def test_without_a_pull_discontent_changes_only_what_is_said_when_asked() -> None:
    content, discontented = Lived(), Lived(Discontent(mean=0.35))
    for name in content.slots:
        assert name in UNCHANGED or (content.series(name) == discontented.series(name)).all(), name
    measured = [Lived(Loyalty(active=1.0), Discontent(mean=mean)) for mean in (0.0, 0.35)]
    assert measured[1]["support_sum"] < 0.75 * measured[0]["support_sum"]


def test_discontent_draws_into_the_street_and_fear_keeps_from_it() -> None:
    calm, drawn = (Lived(Discontent(mean=0.35, pull=pull), people=16384) for pull in (0.0, 0.5))
    assert drawn["protests_alone"] > 1.2 * calm["protests_alone"] > 0
    assert drawn["complaints"] == pytest.approx(calm["complaints"], rel=0.1)
    fearless = Lived(Discontent(mean=0.35, pull=0.5), Attitudes(dread=0.0), people=16384)
    assert fearless["protests_alone"] > drawn["protests_alone"]
