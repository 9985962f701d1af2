"""Delta and PAWN: known indices are found again, and factors without effect stand out as seldom as is said.

Statistical tests name their error; seeds are fixed.
"""

import numpy as np
import pytest

from glasshouse.analysis import distribution_indices
from glasshouse.errors import AnalysisError
from glasshouse.report.study.sensitivity_charts import SHOWN, bars, drawn
from glasshouse.study.design import make_design
from glasshouse.study.factor import Factor
from tests.analysis.test_sensitivity import EIGHT, METHODS, SAMPLE, column, needs_salib, summed, values


def test_delta_of_a_sum_of_two_is_a_third_within_a_tenth_below() -> None:
    """The true delta is 1/3: half the mean over x of (1 - x)² + x². Five classes of each factor blur it downwards."""
    found = distribution_indices.delta(SAMPLE, column(summed()))
    assert ((1 / 3 - 0.13 < values(found, "delta")[:2]) & (values(found, "delta")[:2] < 1 / 3 + 0.03)).all()
    assert [index.distinct for index in found.of("delta")][:2] == [True, True]


def test_pawn_of_a_sum_of_two_is_nine_thirty_seconds_within_eight_hundredths() -> None:
    """The distance at x is the greater of x²/2 and (1 - x)²/2, whose median is 0.75² / 2; slices add sampling error to it."""
    found = distribution_indices.pawn(SAMPLE, column(summed()))
    assert values(found, "PAWN")[:2] == pytest.approx([9 / 32, 9 / 32], abs=0.08)
    assert [index.distinct for index in found.of("PAWN")] == [True, True, False]


@needs_salib
def test_the_area_and_the_distance_are_those_of_salib() -> None:
    from SALib.analyze import delta, pawn

    x, y = SAMPLE.points[:, 0], summed()
    grid = np.linspace(y.min(), y.max(), 100)
    assert distribution_indices._area(x, y, grid, 6) == pytest.approx(
        delta.calc_delta(y, grid, x, np.linspace(0, 400, 7)), rel=1e-9
    )
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = pawn.analyze(problem, SAMPLE.points, y, S=10)["median"]
    # SALib leaves the greatest value out of the last slice and puts the ends of slices on interpolated quantiles.
    assert values(distribution_indices.pawn(SAMPLE, column(y)), "PAWN") == pytest.approx(theirs, abs=0.02)


def test_each_value_of_a_list_is_a_class_of_its_own() -> None:
    design = make_design("grid", (Factor("a.b", values=("x", "y")), Factor("a.c", 0.0, 1.0)), levels=40)
    outcome = design.points[:, 0] + 0.01 * design.points[:, 1]
    assert values(distribution_indices.pawn(design, column(outcome)), "PAWN")[0] == pytest.approx(0.5)
    assert values(distribution_indices.delta(design, column(outcome)), "delta")[0] > 0.4


@pytest.mark.parametrize(("method", "most"), [("delta", 8), ("pawn", 8)])
def test_a_factor_that_does_nothing_stands_out_as_seldom_as_is_said(method: str, most: int) -> None:
    """Each of 140 inert factors has a chance of 2.5 %: more than eight of them stand out with a chance of 1 in 100."""
    inert = 0
    for seed in range(20):
        design = make_design("latin-hypercube", EIGHT, 60, seed)
        result = METHODS[method](design, column(design.points[:, 0]))
        assert result.indices[0].distinct
        inert += sum(bool(index.distinct) for index in result.indices[1:])
    assert inert <= most


def test_bars_are_named_what_they_are() -> None:
    """The true delta is 1/3 and the bar does not reach it: it is the spread of a biased estimate."""
    found = distribution_indices.delta(SAMPLE, column(summed()))
    assert found.indices[0].estimate.high < 1 / 3
    assert "(bootstrap spread ±" in str(found.indices[0])
    assert "Bars are the bootstrap's spread, no confidence intervals" in " ".join(found.notes())
    assert "3 indices are compared with no effect, each at 2.5%" in found.notes()[0]
    page = drawn(found, "unrest", "s")
    assert "95 % intervals" not in page
    assert "The grey mark is the most that 39 settings without any effect showed." in page


def test_outputs_of_another_shape_and_too_few_points_are_refused() -> None:
    with pytest.raises(AnalysisError, match=r"shape \(399, 1\), where the design has 400 points"):
        distribution_indices.delta(SAMPLE, column(summed()[1:]))
    with pytest.raises(AnalysisError, match=r"shape \(400,\)"):
        distribution_indices.delta(SAMPLE, summed())
    few = make_design("latin-hypercube", EIGHT, 39)
    with pytest.raises(AnalysisError, match="PAWN needs 40 points or more; the design has 39"):
        distribution_indices.pawn(few, column(few.points[:, 0]))


def test_a_result_is_a_table_with_a_row_for_each_index() -> None:
    found = distribution_indices.pawn(SAMPLE, column(summed(), 2, 0.1))
    table = found.as_table()
    assert (table.name, len(table)) == ("pawn", 3)
    assert table["factor"].tolist() == ["g.a", "g.b", "g.c"]
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()
    assert table["distinct"].tolist() == [True, True, False]
    assert set(table["noise"].tolist()) == {found.noise}
    assert (found.points, found.replicates) == (400, 2)


def test_a_chart_of_many_factors_shows_the_strongest_and_says_how_many_are_left() -> None:
    design = make_design("latin-hypercube", [Factor(f"a.x{number}", 0.0, 1.0) for number in range(SHOWN + 3)], 60)
    found = distribution_indices.pawn(design, column(design.points[:, 7]))
    assert found.strongest[0] == "a.x7"
    assert len(bars(found)["data"]["values"]) == SHOWN
    assert "3 weaker factors stand only in the words below" in drawn(found, "unrest", "s")
