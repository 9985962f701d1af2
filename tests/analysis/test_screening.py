"""The sensitivity of measures of a stored study: of harms, and of nothing that would say what controls people best."""

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.analysis.screening import analyse, may_be_analysed, screened
from glasshouse.errors import AnalysisError
from glasshouse.study.design import make_design
from tests.helpers.claims import TWO, findings_of, planted, wrong_lists


def test_a_measure_of_harm_is_analysed() -> None:
    assert analyse(planted(), "chilling", "pawn").strongest[0] == "observation.coverage"


@pytest.mark.parametrize(
    "name",
    ["control", "control.regime", "control@0-4.regime", "protest", "cost", "records", "sum:protests@0-4.regime"],
)
def test_no_other_measure_is_in_any_window_or_arm(name: str) -> None:
    with pytest.raises(
        AnalysisError, match="no measure of harm. Glasshouse seeks no settings that control people best"
    ):
        analyse(planted(), name)


def test_a_screening_selects_settings_by_harms_alone() -> None:
    pytest.importorskip("SALib")
    made = make_design("morris", TWO, 8, 1)
    found = findings_of(made, {"control": made.points[:, :1], "chilling": made.points[:, 1:]})
    assert screened(found, 1) == ("observation.misread",)
    with pytest.raises(AnalysisError, match="control: no measure of harm"):
        screened(found, 1, ["control"])
    alone = findings_of(made, {"control": made.points[:, :1], "chilling": np.ones((len(made.points), 1))})
    with pytest.raises(AnalysisError, match="No measure of harm of the study s moves"):
        screened(alone, 1)


def test_a_study_that_stores_control_screens_by_its_harms() -> None:
    made = make_design("morris", TWO, 8, 1)
    found = findings_of(made, {"control": made.points[:, :1], "chilling": made.points[:, 1:]})
    names = ("control", "chilling", "chilling.regime")
    assert [name for name in names if may_be_analysed(found, name)] == ["chilling", "chilling.regime"]
    assert may_be_analysed(found, "a_measure_of_a_plug_in")


def test_a_measure_of_a_plug_in_that_is_about_the_state_is_not_analysed() -> None:
    made = make_design("morris", TWO, 8, 1)
    found = findings_of(made, {"calm": made.points[:, :1], "chilling": made.points[:, 1:]})
    found = replace(found, definition={**found.definition, "state_measures": ["calm"]})
    for name in ("calm", "calm.regime", "calm@0-52.reference"):
        assert not may_be_analysed(found, name)
        with pytest.raises(AnalysisError, match="no measure of harm"):
            analyse(found, name)


def test_elementary_effects_are_of_the_ratio_of_sums_over_all_replicates() -> None:
    """The means of two ratios, one of them always 1, would move half as far; the effect on the ratio of sums is 1000/1001."""
    pytest.importorskip("SALib")
    made = make_design("morris", TWO, 8, 1)
    found = analyse(wrong_lists(made, made.points[:, 0]), "wrongly_listed_share.regime")
    assert [index.estimate.mean for index in found.of("mu*")] == pytest.approx([1000 / 1001, 0.0])
