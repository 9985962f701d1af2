"""What the coverage page calls a fault, which measures it counts as given no interval, and which populations it refuses."""

import numpy as np
from interval_coverage import JUDGED, SIZES, Row
from interval_coverage_page import _without
from interval_populations import _begins_with

from glasshouse.model.scale import IDENTITY


def row(figure: str = "cost", kind: str = "effect", told: float = 1.0, covered: float = 0.95, bias: float = 0.0) -> Row:
    return Row(
        figure, kind, IDENTITY, dict.fromkeys(SIZES, told), dict.fromkeys(SIZES, covered), 1.0, bias, 0.001, 0, 2000
    )


def test_a_bias_is_a_fault_with_an_interval_or_without() -> None:
    assert row(bias=0.787).faults(200) == ["bias"]
    assert row(told=0.0, covered=np.nan, bias=0.787).faults(200) == ["bias"]
    assert row(told=0.0, covered=np.nan, bias=-0.01).faults(200) == []


def test_coverage_is_judged_beyond_chance_and_of_intervals_alone() -> None:
    """Of 200 figures with 2,000 intervals each, one is 2.2 percentage points off by chance in 5 % of tables."""
    assert row(covered=0.89).faults(200) == ["coverage"]
    assert row(covered=0.91).faults(200) == []
    assert row(covered=0.997).faults(200) == ["coverage"]
    assert row(told=0.1, covered=0.5).faults(200) == []
    assert JUDGED in SIZES


def test_a_measure_counts_as_given_no_interval_if_a_figure_of_it_is() -> None:
    rows = [row("cost"), row("cost", "regime", told=0.4), row("control", "between"), row("protest", told=0.0)]
    assert _without(rows) == {"cost": "regime", "protest": "all"}


def test_populations_of_another_model_are_refused() -> None:
    stored = {"totals": np.arange(6).reshape(3, 2), "single": np.array([np.nan, 1.0, 2.0])}
    assert _begins_with(stored, {"totals": np.array([[0, 1]]), "single": np.array([np.nan])})
    assert not _begins_with(stored, {"totals": np.array([[0, 2]]), "single": np.array([np.nan])})
    assert not _begins_with(stored, {"totals": np.array([[0, 1, 2]]), "single": np.array([np.nan])})
    assert not _begins_with(stored, {"totals": np.array([[0, 1]])})
