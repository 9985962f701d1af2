"""Settings that the evidence sheet reads from a regime's tables."""

import numpy as np
import pytest

from glasshouse.analysis.ai_act.regime_parameters import RegimeParameters, weights
from glasshouse.model.agencies import AGENCIES
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions


def parameters(half_life: float = 104.0, expiry: float = 0.0) -> RegimeParameters:
    tables = (Conduct(), Observation(), Points(half_life=half_life), Lists(), Sanctions(), Safeguards(expiry=expiry))
    return RegimeParameters.of(tables)


def test_half_of_the_points_are_left_after_a_half_life() -> None:
    assert float(parameters(half_life=52.0).keep) ** 52 == pytest.approx(0.5, rel=1e-4)
    assert float(parameters(half_life=52.0, expiry=0.1).keep) == pytest.approx(0.9 * 0.5 ** (1 / 52), rel=1e-6)


def test_settings_are_read_from_the_table_of_their_mechanism() -> None:
    found = parameters()
    assert found.threshold.tolist() == list(Lists().threshold)
    assert found.severity.tolist() == list(Sanctions().severity)
    assert found.harms.tolist() == list(Conduct().harms)
    assert found.breach_points.tolist() == list(Observation().points)
    assert int(found.speech_points) == Observation().speech_points


def test_stacked_settings_keep_the_order_of_the_tables() -> None:
    stacked = RegimeParameters.stacked([parameters(52.0), parameters(104.0), parameters(26.0)])
    assert stacked.keep.argsort().tolist() == [2, 0, 1]
    assert stacked.weights.shape == (3, AGENCIES, AGENCIES)


def test_weights_are_one_at_home_and_integration_elsewhere() -> None:
    found = weights(Lists(integration=0.25), Safeguards())
    assert (found.diagonal() == 1).all()
    assert (found[~np.eye(AGENCIES, dtype=bool)] == 0.25).all()


def test_weights_are_what_one_agency_gives_and_the_other_uses() -> None:
    found = weights(Lists(integration=0.5, use=0.5, passed_on=(0.8, 1.0, 1.0, 0.0)), Safeguards())
    assert found[0] == pytest.approx([1.0, 0.2, 0.2, 0.2])
    assert found[1] == pytest.approx([0.25, 1.0, 0.25, 0.25])
    assert found[3].tolist() == [0.0, 0.0, 0.0, 1.0]


def test_purpose_limitation_takes_what_is_not_related() -> None:
    found = weights(Lists(integration=0.5), Safeguards(purpose=1.0))
    related = np.array(Lists().related).reshape(AGENCIES, AGENCIES)
    assert (found[~np.eye(AGENCIES, dtype=bool)] == 0.5 * related[~np.eye(AGENCIES, dtype=bool)]).all()
    assert (found.diagonal() == 1).all()
