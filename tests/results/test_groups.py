"""Results follow the groups that their scenario declares, also when they are opened again."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import glasshouse
from glasshouse.errors import AnalysisError
from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.report.run.run_page import page
from glasshouse.results.groups import EVERYBODY, cells_of, groupings
from glasshouse.results.result import Result

GROUPS = ("woman", "lone parent")
SIZE = {"citizens": 1500, "weeks": 60, "replicates": 2}
SETTINGS = {"start": 20, "rollout": 0, "district_size": 512, "marginals": "netherlands-2020s"}


@cache
def result(groups: tuple[str, ...]) -> Result:
    return glasshouse.run("social-governance", **SIZE, settings={**SETTINGS, "groups": list(groups)}, threads=1)


def test_cells_of_declared_groups() -> None:
    assert groupings(GROUPS) == (EVERYBODY, "woman", "not woman", "lone parent", "not lone parent")
    assert cells_of("lone parent", GROUPS) == [2, 3, 6, 7, 10, 11, 14, 15]
    assert cells_of("not woman", GROUPS) == [0, 2, 4, 6, 8, 10, 12, 14]
    with pytest.raises(AnalysisError, match="no figures of the group “minority”. Choose one of: everybody, woman, not"):
        cells_of("minority", GROUPS)


def test_declared_groups_change_no_sum_of_everybody() -> None:
    for one, other in zip(result(GROUPS).weekly_totals, result(DEFAULT_GROUPS).weekly_totals, strict=True):
        assert (one.weekly.sum(axis=2) == other.weekly.sum(axis=2)).all()
        assert (one.periods == other.periods).all()
        assert (one.weekly != other.weekly).any()


def test_tables_and_report_have_the_declared_groups() -> None:
    found = result(GROUPS)
    assert set(found.effects["group"]) == set(groupings(GROUPS))
    assert set(found.burdens["group"]) == set(GROUPS)
    assert set(found.weekly["group"]) == set(groupings(GROUPS))
    adults = [found.resampled("regime", group).adults[0] for group in groupings(GROUPS)]
    assert adults[0] == adults[1] + adults[2] == adults[3] + adults[4]
    assert 0.4 < adults[1] / adults[0] < 0.6
    with pytest.raises(AnalysisError, match="no figures of the group"):
        found.effect("listed_share", "rural")
    text = page(found)
    assert "lone parent" in text
    assert "not poorest fifth" not in text


def test_the_worst_served_group_is_one_of_those_declared() -> None:
    for groups in (GROUPS, DEFAULT_GROUPS):
        found = result(groups)
        sums = {group: found.resampled("regime", group) for group in groupings(groups)}
        served = {group: one.problems_fixed_soon[-1] / one.problems_arrived[-1] for group, one in sums.items()}
        least = min(served[group] / served[f"not {group}"] for group in groups)
        assert found.values("service_equality", "regime")[-1] == pytest.approx(float(least))


def test_a_result_that_is_opened_again_knows_its_groups(tmp_path: Path) -> None:
    settings = {**SETTINGS, "groups": list(GROUPS)}
    glasshouse.run("social-governance", **{**SIZE, "replicates": 1}, settings=settings, threads=1, out=tmp_path / "run")
    opened = glasshouse.open_result(tmp_path / "run")
    assert opened.groups == GROUPS
    assert np.isfinite(opened.level("listed_share", "regime", "woman").mean)
