"""Which settings change a harm most."""

import math

import numpy as np
import pytest

from glasshouse.analysis.rights.sensitivity import FEWEST, sensitivity
from glasshouse.study.factor import Factor

FACTORS = tuple(Factor(f"a.b{place}", 0.0, 1.0) for place in range(50))


def test_the_settings_that_a_figure_follows_are_named_with_their_sign() -> None:
    points = np.random.default_rng(1).random((40, 50))
    found = sensitivity(FACTORS, points, 3.0 * points[:, 7] - 2.0 * points[:, 9])
    assert [one.setting for one in found.strongest] == ["a.b7", "a.b9"]
    assert found.strongest[0].correlation > 0.6 > -0.4 > found.strongest[1].correlation
    assert "`a.b7` (+0." in found.text
    assert (found.settings, found.draws) == (50, 40)


def test_a_figure_that_follows_none_seldom_names_one() -> None:
    rng = np.random.default_rng(2)
    named = [bool(sensitivity(FACTORS, rng.random((20, 50)), rng.random(20)).strongest) for _ in range(60)]
    assert sum(named) <= 9  # 3 are expected at 5 %; more than 9 come up once in 1,000 times
    assert "no setting can be told from chance" in sensitivity(FACTORS, rng.random((20, 50)), rng.random(20)).text


@pytest.mark.parametrize("values", [[math.nan] * 20, [1.0] * (FEWEST - 1), []])
def test_too_few_figures_name_no_setting(values: list[float]) -> None:
    found = sensitivity(FACTORS, np.random.default_rng(3).random((len(values), 50)), values)
    assert not found.strongest
    assert f"of {FEWEST} needed" in found.text
