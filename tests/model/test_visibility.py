"""How visible people are to agencies: the formulas, and that they keep the mean of exposure."""

import numpy as np
import pytest

from glasshouse.model.agencies import COURT, MARKET, POLICE, WELFARE_OFFICE
from glasshouse.model.codes import NOT_CLAIMED
from glasshouse.model.entities import NOBODY
from glasshouse.model.visibility import EMPLOYED, MEAN_EXPOSURE, by_benefit, dependence, seen_by, to_market, to_office
from glasshouse.population.synthesis import PopulationTable, synthesise


def test_without_strength_an_agency_sees_exposure_alone() -> None:
    rng = np.random.default_rng(1)
    for online, benefit in zip(rng.random(200), rng.integers(0, 101, 200), strict=True):
        registers = by_benefit(benefit / 100.0, 0.1, 5.0)
        assert to_office(online, 0.9, benefit, 0.1, 5.0, 0.0) == to_market(online, 0.9, 7, 0.0) == online
        assert to_office(online, 0.9, benefit, 0.1, 5.0, 1.0) == pytest.approx(0.9 * registers)
        assert to_office(online, 0.9, benefit, 0.1, 5.0, 0.25) == pytest.approx(0.75 * online + 0.25 * 0.9 * registers)
        assert to_market(online, 0.9, NOBODY, 0.25) == pytest.approx(0.75 * online)


def test_dependence_is_the_share_of_the_full_rate_that_is_drawn() -> None:
    assert [dependence(benefit) for benefit in (0, 1, 50, 100, NOT_CLAIMED)] == [0.0, 0.01, 0.5, 1.0, 0.0]


@pytest.mark.parametrize("ratio", [1.0, 3.0, 20.0])
def test_dependence_shifts_who_is_seen_and_not_how_much(ratio: float) -> None:
    """Full dependence is `ratio` times as visible as none, and the mean over adults is that of exposure."""
    depends = np.where(np.arange(1000) % 10 == 0, np.linspace(0.0, 1.0, 1000), 0.0)
    mean = depends.mean()
    assert by_benefit(1.0, mean, ratio) == pytest.approx(ratio * by_benefit(0.0, mean, ratio))
    assert np.mean([by_benefit(one, mean, ratio) for one in depends]) == pytest.approx(MEAN_EXPOSURE)
    if ratio == 1.0:
        assert {by_benefit(one, mean, ratio) for one in depends} == {MEAN_EXPOSURE}


def test_the_means_are_those_of_the_shipped_population() -> None:
    """Within 0.02: exposure varies by 0.35 between people, and 20,000 adults give a standard error of 0.003."""
    people = synthesise(PopulationTable(citizens=25_000, district_size=1024), 4, 1).citizens
    adults = people[people["adult"] == 1]
    works = adults["workplace"] != NOBODY
    assert adults["exposure"].mean() == pytest.approx(MEAN_EXPOSURE, abs=0.02)
    assert works.mean() == pytest.approx(EMPLOYED, abs=0.02)
    assert np.mean([to_market(0.0, 1.0, int(one), 1.0) for one in adults["workplace"]]) == pytest.approx(
        MEAN_EXPOSURE, abs=0.02
    )


def test_each_agency_has_its_own_value() -> None:
    values = {COURT: 1.0, POLICE: 2.0, WELFARE_OFFICE: 3.0, MARKET: 4.0}
    assert all(seen_by(agency, 1.0, 2.0, 3.0, 4.0, 5.0) == value for agency, value in values.items())
