"""Summaries over the points of a study, by hand."""

import math

import numpy as np
import pytest

from glasshouse.catalogue import Counts
from glasshouse.errors import AnalysisError
from glasshouse.findings import Findings
from glasshouse.table import Table


def found() -> Findings:
    columns = {
        "run": np.arange(5),
        "point": np.array([0, 0, 1, 1, 2]),
        "replicate": np.array([0, 1, 0, 1, 0]),
        "protest": np.array([1.0, 3.0, -1.0, 1.0, 4.0]),
        "protest.regime": np.zeros(5),
        "none": np.full(5, np.nan),
    }
    parameters = tuple({"a.b": 0.1 * k, "c.d": (1.0, 2.0)} for k in range(3))
    counts = Counts(0, 0, 5, 1)
    return Findings("s", {"replicates": 2, "title": "t"}, counts, Table("figures", columns), ((5, "why"),), parameters)


def test_outputs_stand_by_point_and_replicate() -> None:
    outputs = found().outputs("protest")
    assert outputs[:2].tolist() == [[1.0, 3.0], [-1.0, 1.0]]
    assert outputs[2, 0] == 4.0
    assert math.isnan(outputs[2, 1])
    with pytest.raises(AnalysisError, match="It has: protest, none"):
        found().outputs("protesst")


def test_the_mean_of_a_point_is_over_the_replicates_that_have_a_figure() -> None:
    assert found().means("protest").tolist() == [2.0, 0.0, 4.0]
    assert np.isnan(found().means("none")).all()
    assert found().names == ("protest", "protest.regime", "none")


def test_a_summary_is_over_points_each_a_mean_of_its_replicates() -> None:
    """Points 2, 0 and 4: mean 2; within-point variance 2 of a variance of 3.04 over all runs."""
    protest, none = found().summaries
    assert (protest.mean, protest.median, protest.positive) == (2.0, 2.0, 2 / 3)
    assert protest.low == pytest.approx(0.2)
    assert protest.high == pytest.approx(3.8)
    assert protest.noise == pytest.approx(2.0 / np.var([1.0, 3.0, -1.0, 1.0, 4.0]))
    assert none.points == 0
    assert math.isnan(none.mean)


def test_runs_stand_beside_their_settings() -> None:
    table = found().runs
    assert list(table.columns)[:5] == ["run", "point", "replicate", "a.b", "c.d"]
    assert table["a.b"].tolist() == [0.0, 0.0, 0.1, 0.1, 0.2]
    assert table["c.d"][0] == "[1.0, 2.0]"
