"""The share of a space where a claim holds, whose volume is known; what decides it, and where.

Statistical tests name their error; seeds are fixed.
"""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from glasshouse.analysis import claim_test
from glasshouse.errors import AnalysisError
from glasshouse.report.study import claim_charts
from glasshouse.study import design
from glasshouse.study.factor import Factor
from tests.helpers.claims import TWO, claim, findings_of, planted, wrong_lists


@pytest.mark.parametrize("kind", ["random", "latin-hypercube"])
def test_the_interval_of_the_share_holds_a_known_volume_as_often_as_it_says(kind: str) -> None:
    """The claim holds in a triangle of 0.32 of the space. Of 200 intervals 190 should hold it for points drawn alone, and
    more for a Latin hypercube's; fewer than 182 would with a chance of 1 in 170 if 95 % did."""
    one, covered = claim("control > 0.2"), 0
    for seed in range(200):
        made = design.make_design(kind, TWO, 60, seed)
        # x + y < 0.8 with both in 0 to 1 has the volume 0.8² / 2.
        figures = 1.0 - made.points[:, 0] - made.points[:, 1] / 2
        share = claim_test.test_claim(one, findings_of(made, {"control": figures[:, None]})).share
        covered += share.low <= 0.32 <= share.high
    assert covered >= (182 if kind == "random" else 192)


@pytest.mark.parametrize(
    ("points", "replicates", "paired"), [(28, 2, False), (128, 2, False), (512, 4, False), (128, 6, True)]
)
def test_the_interval_takes_in_noise_within_points_and_noise_that_they_share(
    points: int, replicates: int, paired: bool
) -> None:
    """More than half of the variance of “holds” in a single run is noise, part of it common to all points of a replicate.
    Of 400 intervals 380 should hold the share in which the expected value is above zero, one quarter; fewer than 366 or
    more than 393 would with a chance of 1 in 700 if 95 % did. (Wilson's interval held it in 35 to 73 %.)"""
    one, covered = claim("control > 0"), 0
    made = replace(design.make_design("random", TWO, points, 1), kind="random")
    for seed in range(400):
        draw = np.random.default_rng(seed).standard_normal
        shared = draw((1 if paired else points, replicates))
        figures = -0.6745 + draw((points, 1)) + 0.2 * shared + 0.75 * draw((points, replicates))
        share = claim_test.test_claim(one, findings_of(made, {"control": figures}, replicates, paired=paired)).share
        covered += share.low <= 0.25 <= share.high
    assert 366 <= covered <= 393


def test_points_that_share_few_random_seeds_give_no_interval_and_no_answer() -> None:
    made = design.make_design("random", TWO, 40, 1)
    findings = findings_of(made, {"control": np.ones((40, 2))}, 2, paired=True)
    tested = claim_test.test_claim(claim("control > 0"), findings)
    assert (tested.share.mean, tested.answer) == (1.0, "undecided")
    assert math.isnan(tested.share.low)
    assert any("No interval: all points share 2 random seeds" in sentence for sentence in tested.sentences())


def test_one_setting_has_one_range() -> None:
    made = design.make_design("random", TWO[:1], 40, 1)
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": np.ones((40, 1))}))
    assert "1 uncertain setting over its stated range, each value equally likely" in tested.sentences()[0]


def test_points_that_differ_by_noise_alone_give_no_interval_and_no_answer() -> None:
    made = design.make_design("random", TWO, 256, 1)
    figures = np.random.default_rng(3).standard_normal((256, 2))
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": figures}, 2))
    assert math.isnan(tested.share.low)
    assert tested.answer == "undecided"
    assert any("is Monte Carlo noise, too much to tell points" in sentence for sentence in tested.sentences())


def test_a_claim_with_its_own_noise_taken_out_has_the_share_of_the_expected_values() -> None:
    """4,000 points, 4 replicates: the means alone would give 0.27 where the expected values are above zero at one quarter.
    The standard error is 0.008; the bound is four of them."""
    made = replace(design.make_design("random", TWO, 4000, 1))
    draw = np.random.default_rng(5).standard_normal
    figures = -0.6745 + draw((4000, 1)) + 0.8 * draw((4000, 4))
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": figures}, 4))
    assert tested.share.mean == pytest.approx(0.25, abs=0.03)
    assert tested.share.mean < tested.holds / 4000
    # Of two normal numbers with correlation 1 / 1.64, the signs' covariance is that share of the variance of one.
    assert tested.noise == pytest.approx(0.6, abs=0.05)
    assert any("leave out the bias of Monte Carlo noise" in sentence for sentence in tested.sentences())


def test_points_that_are_undefined_leave_an_answer_undecided() -> None:
    """One protest in a study of 60 runs: 20 points hold, 40 are undefined, and the claim is not “yes”."""
    made = design.make_design("random", TWO, 60, 1)
    figures = np.full((60, 3), np.nan)
    figures[:20, 0] = 1.0
    tested = claim_test.test_claim(claim("control > 0.5"), findings_of(made, {"control": figures}, 3))
    assert (tested.holds, tested.undefined, tested.undefined_runs, tested.answer) == (20, 40, 160, "undecided")
    said = " ".join(tested.sentences())
    assert "Holds at 20 of 20 points: 100% (86% to 100%)" in said
    assert "undefined in 160 of 180 runs" in said
    assert "At 40 of 60 points it is undefined in every run" in said
    assert "the answer rests on them, and it is undecided" in said


def test_points_whose_runs_failed_are_told_from_those_that_were_not_run() -> None:
    made = design.make_design("random", TWO, 40, 1)
    findings = replace(
        findings_of(made, {"control": np.ones((40, 1))}, without=tuple(range(25))),
        failed=tuple((number, "boom") for number in range(20)),
    )
    tested = claim_test.test_claim(claim("control > 0"), findings)
    assert (tested.holds, tested.failed, tested.waiting) == (15, 20, 5)
    said = " ".join(tested.sentences())
    assert "At 20 more points every run has failed." in said
    assert "At 5 more points no run is done." in said


def test_points_are_counted_by_the_mean_over_their_replicates_and_noise_separately() -> None:
    made = design.make_design("latin-hypercube", TWO, 4, 1)
    figures = np.array([[1.0, 1.0], [3.0, -1.0], [-3.0, 1.0], [-1.0, -1.0]])
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": figures}, 2))
    assert (tested.holds, tested.fails, tested.undefined, tested.waiting, tested.divided) == (2, 2, 0, 0, 2)
    assert tested.share_by_replicate == (0.5, 0.5)
    assert tested.share.mean == 0.5
    assert any(
        "At 2 points the replicates disagree, and the random seed decides" in line for line in tested.sentences()
    )


def test_what_is_undefined_or_not_done_is_counted_and_no_share_of_anything() -> None:
    made = design.make_design("latin-hypercube", TWO, 6, 1)
    figures = np.array([1.0, 1.0, 1.0, -1.0, np.nan, 5.0])[:, None]
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": figures}, without=(5,)))
    assert (tested.holds, tested.fails, tested.undefined, tested.waiting) == (3, 1, 1, 1)
    assert tested.share.mean == 0.75
    said = " ".join(tested.sentences())
    assert "Holds at 3 of 4 points: 75%" in said
    assert "undefined in 1 of 5 runs" in said
    assert "At 1 of 5 points it is undefined in every run" in said
    assert "At 1 more point no run is done" in said
    assert "Each point was run once" in said


@pytest.mark.parametrize(
    ("values", "answer"),
    [([1.0] * 29, "yes"), ([-1.0] * 29, "no"), ([1.0] * 28, "mostly"), ([-1.0] * 28, "mostly not"),
     ([1.0] * 4, "it depends"), ([1.0] * 15 + [-1.0] * 3, "mostly"), ([-1.0] * 15 + [1.0] * 3, "mostly not"),
     ([1.0] * 90 + [np.nan], "yes"), ([1.0] * 20 + [np.nan] * 10, "undecided"),
     ([1.0] * 5 + [-1.0] * 4, "it depends"), ([np.nan] * 9, "undecided")],
)  # fmt: skip
def test_the_whole_interval_must_say_what_the_answer_says(values: list[float], answer: str) -> None:
    made = design.make_design("random", TWO, len(values), 1)
    tested = claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": np.array(values)[:, None]}))
    assert tested.answer == answer
    assert tested.sentences()


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
    rarer = claim_test.test_claim(claim("chilling > 0"), planted())
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


@pytest.mark.parametrize("expression", ["control > 0", "control > 0 and chilling > 0"])
def test_no_box_shows_in_which_direction_settings_move_the_state(expression: str) -> None:
    tested = claim_test.test_claim(claim(expression), planted())
    with pytest.raises(AnalysisError, match="control: no measure of harm. A box would show in which direction"):
        _ = tested.where
    decided, box = tested.reasons()
    assert decided == "What decides it: observation.coverage."
    assert not re.search("above|below|from", box)
    page = claim_charts.reasons(tested, "here")
    assert page.count("<svg") == 1
    assert "A box would show" in page


def test_what_decides_a_claim_of_ones_own_about_control_is_not_sought() -> None:
    tested = claim_test.test_claim(claim("control > 0", shipped=False), planted())
    assert tested.share.mean == pytest.approx(0.4, abs=0.01)
    for search in ("decides", "where"):
        with pytest.raises(AnalysisError, match="control: no measure of harm"):
            getattr(tested, search)
    assert all("no settings that control people best" in line for line in tested.reasons())
    assert claim_test.test_claim(claim("chilling > 0", shipped=False), planted()).deciding()


def test_what_decides_a_claim_knows_the_noise_between_replicates() -> None:
    """The margin is three settings' worth of noise: with variance 1/12 between points and 1/12 within, half is noise."""
    made = design.make_design("random", TWO, 2000, 1)
    figures = made.points[:, :1] - 0.5 + math.sqrt(1 / 12) * np.random.default_rng(2).standard_normal((2000, 2))
    decides = claim_test.test_claim(claim("chilling > 0"), findings_of(made, {"chilling": figures}, 2)).decides
    assert decides.replicates == 2
    # Three standard errors of a share of variance from 2,000 points.
    assert decides.noise == pytest.approx(0.5, abs=0.06)
    assert "Monte Carlo noise, not settings" in decides.notes()[-1]


def test_noise_that_cannot_be_known_is_said_to_be_unknown() -> None:
    """At some points the measure has a value in one of two replicates: what the other would have changed is unknown."""
    made = design.make_design("latin-hypercube", TWO, 60, 1)
    figures = np.repeat(made.points[:, :1] - 0.5, 2, axis=1)
    figures[::7, 1] = np.nan
    tested = claim_test.test_claim(claim("chilling > 0"), findings_of(made, {"chilling": figures}, 2))
    assert len(tested.design.points) == tested.holds + tested.fails == 60
    assert math.isnan(tested.decides.noise)
    assert tested.decides.notes()[-1].startswith("Some points have a value in one replicate alone, so that")
    assert tested.decides.strongest[0] == "observation.coverage"


def test_a_claim_is_about_ratios_of_sums_over_all_replicates() -> None:
    """By the means of two ratios, one of them always 1, the share would be 100 %; by sums it holds at one half, and what the
    one person listed alone would say is taken for noise."""
    made = design.make_design("latin-hypercube", TWO, 60, 1)
    tested = claim_test.test_claim(claim("wrongly_listed_share.regime > 0.5"), wrong_lists(made, made.points[:, 0]))
    assert tested.holds == pytest.approx(30, abs=1)
    assert 0.3 < tested.share.mean < 0.52
