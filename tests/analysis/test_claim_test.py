"""The share of a space where a claim holds, whose volume is known; what decides it, and where.

Statistical tests name their error; seeds are fixed.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from glasshouse.analysis import claim_test
from glasshouse.errors import AnalysisError
from glasshouse.study import design
from glasshouse.study.design import Factor
from tests.helpers.claims import TWO, claim, findings_of, planted


@pytest.mark.parametrize("alone", [True, False], ids=["drawn alone", "latin hypercube"])
def test_the_interval_of_the_share_holds_a_known_volume_as_often_as_it_says(alone: bool) -> None:
    """The claim holds in a triangle of 0.32 of the space. Of 200 intervals 190 should hold it for points drawn alone, and
    more for a Latin hypercube's; fewer than 182 would with a chance of 1 in 170 if 95 % did."""
    one, held = claim("control > 0.2"), 0
    for seed in range(200):
        made = design.make_design("latin-hypercube", TWO, 60, seed)
        if alone:
            made = replace(made, points=np.random.default_rng(seed).random((60, 2)) * [1.0, 2.0])
        # x + y < 0.8 with both in 0 to 1 has the volume 0.8² / 2.
        figures = 1.0 - made.points[:, 0] - made.points[:, 1] / 2
        share = claim_test.test_claim(one, findings_of(made, {"control": figures[:, None]})).share
        held += share.low <= 0.32 <= share.high
    assert held >= (182 if alone else 192)


def test_points_are_counted_by_the_mean_over_their_replicates_and_noise_separately() -> None:
    made = design.make_design("latin-hypercube", TWO, 4, 1)
    figures = np.array([[1.0, 1.0], [3.0, -1.0], [-3.0, 1.0], [-1.0, -1.0]])
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": figures}, 2))
    assert (tested.holds, tested.fails, tested.undefined, tested.waiting, tested.divided) == (2, 2, 0, 0, 2)
    assert tested.share_by_replicate == (0.5, 0.5)
    assert tested.share.mean == 0.5
    assert any("At 2 points the replicates disagree, and the random seed decides" in line for line in tested.said())


def test_what_is_undefined_or_not_done_is_counted_and_no_share_of_anything() -> None:
    made = design.make_design("latin-hypercube", TWO, 6, 1)
    figures = np.array([1.0, 1.0, 1.0, -1.0, np.nan, 5.0])[:, None]
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": figures}, without=(5,)))
    assert (tested.holds, tested.fails, tested.undefined, tested.waiting) == (3, 1, 1, 1)
    assert tested.share.mean == 0.75
    said = " ".join(tested.said())
    assert "Holds at 3 of 4 points: 75%" in said
    assert "At 1 more points a measure is undefined" in said
    assert "At 1 more points no run is done" in said
    assert "Each point was run once" in said


@pytest.mark.parametrize(
    ("values", "answer"),
    [([1.0] * 9, "yes"), ([-1.0] * 9, "no"), ([1.0] * 8 + [-1.0], "mostly"), ([-1.0] * 8 + [1.0], "mostly not"),
     ([1.0] * 5 + [-1.0] * 4, "it depends"), ([np.nan] * 9, "undecided")],
)  # fmt: skip
def test_the_answer_may_be_no(values: list[float], answer: str) -> None:
    made = design.make_design("latin-hypercube", TWO, 9, 1)
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": np.array(values)[:, None]}))
    assert tested.answer == answer
    assert tested.said()


def test_of_a_saltelli_design_only_what_was_drawn_is_counted() -> None:
    """Sobol indices use all of it; the first factor alone decides, and so has them all."""
    pytest.importorskip("SALib")
    made = design.make_design("saltelli", TWO, 64, 1)
    figures = made.points[:, 0] - 0.5
    tested = claim_test.test_claim(claim("chilling > 0"), findings_of(made, {"chilling": figures[:, None]}))
    assert tested.holds + tested.fails == 128
    assert tested.share.mean == pytest.approx(0.5, abs=0.02)
    assert tested.decides.method == "sobol"
    (line,) = tested.deciding()
    assert line == "observation.coverage: holds at 100% above 0.5, 0% below 0.5"


def test_a_grid_has_a_share_without_an_interval_and_other_designs_have_none() -> None:
    made = design.make_design("grid", TWO, levels=4)
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": made.points[:, :1] - 0.5}))
    assert tested.share.mean == 0.5
    assert math.isnan(tested.share.low)
    turns = design.make_design("one-at-a-time", TWO)
    with pytest.raises(AnalysisError, match="do not fill the ranges"):
        claim_test.test_claim(claim("control > 0"), findings_of(turns, {"control": turns.points[:, :1]}))


def test_a_measure_that_was_not_kept_is_named() -> None:
    made = design.make_design("latin-hypercube", TWO, 4, 1)
    with pytest.raises(AnalysisError, match=r"did not keep governance, which the claim mine"):
        claim_test.test_claim(
            claim("control > 0 and governance < 1"), findings_of(made, {"control": made.points[:, :1]})
        )


def test_what_decides_and_the_box_in_which_it_fails_are_found() -> None:
    pytest.importorskip("ema_workbench")
    tested = claim_test.test_claim(claim("not chilling > 0"), planted())
    (line,) = tested.deciding()
    assert line == "observation.coverage: holds at 20% above 0.5, 100% below 0.5"
    assert tested.where.what == "The claim fails"
    (limit,) = tested.where.limits
    assert limit.factor.key == "observation.coverage"
    assert limit.low == pytest.approx(0.6, abs=0.02)
    rarer = claim_test.test_claim(claim("control > 0"), planted())
    assert rarer.where.what == "The claim holds"
    assert rarer.where.limits[0].low == pytest.approx(0.6, abs=0.02)


def test_nothing_decides_what_never_changes() -> None:
    made = design.make_design("latin-hypercube", TWO, 50, 1)
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": np.ones((50, 1))}))
    with pytest.raises(AnalysisError, match="the same at every point"):
        _ = tested.decides
    assert all("the same at every point" in line for line in tested.reasons())


def test_settings_without_effect_are_not_called_decisive() -> None:
    """Twenty settings without effect: noise lets one pass in 5 % of studies at most, and in two of six with 3 %."""
    told = 0
    for seed in range(6):
        made = design.make_design("latin-hypercube", [Factor(f"a.x{k}", 0.0, 1.0) for k in range(20)], 60, seed)
        luck = np.random.default_rng(seed).standard_normal((60, 1))
        told += len(claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": luck})).deciding())
    assert told <= 1


def test_a_listed_setting_decides_by_its_values() -> None:
    made = design.make_design("latin-hypercube", (*TWO, Factor("lists.kind", values=("none", "court", "joint"))), 90, 3)
    figures = np.where(made.points[:, 2] == 1.0, 1.0, -1.0) + 0.1 * made.points[:, 0]
    tested = claim_test.test_claim(claim("chilling > 0"), findings_of(made, {"chilling": figures[:, None]}))
    assert tested.deciding()[0] == "lists.kind: holds at 0% with none, 100% with court, 0% with joint"


def test_what_decides_a_claim_about_the_state_is_named_without_a_direction() -> None:
    assert claim_test.test_claim(claim("control > 0"), planted()).deciding() == ("observation.coverage",)
    both = claim_test.test_claim(claim("control > 0 and chilling > 0"), planted())
    assert both.deciding() == ("observation.coverage",)


def test_what_decides_a_claim_of_ones_own_about_control_is_not_sought() -> None:
    tested = claim_test.test_claim(claim("control > 0", shipped=False), planted())
    assert tested.share.mean == pytest.approx(0.4, abs=0.01)
    for search in ("decides", "where"):
        with pytest.raises(AnalysisError, match="control: no measure of harm"):
            getattr(tested, search)
    assert all("no settings that control people best" in line for line in tested.reasons())
    assert claim_test.test_claim(claim("chilling > 0", shipped=False), planted()).deciding()
