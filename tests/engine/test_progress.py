"""How far a run is, in figures and in JSON."""

import io
import json
import math

import pytest

import glasshouse
from glasshouse.engine.progress import RunProgress, event
from glasshouse.report.charts import NAMES
from glasshouse.report.run.series import points
from glasshouse.results.time_series import SERIES

HEADLINE = {"listed": 0.04321, "protest in the regime": 12.0, "wrongly": math.nan}


def test_the_share_grows_from_zero_to_one_over_all_replicates() -> None:
    assert RunProgress("population", 0, 4, 0, 50, {}).share == 0.0
    assert RunProgress("run", 1, 4, 25, 50, {}).share == pytest.approx(0.375)
    assert RunProgress("run", 3, 4, 50, 50, {}).share == 1.0
    assert RunProgress("report", 3, 4, 50, 50, {}).done == 200


def test_facts_are_json_though_a_figure_is_undefined() -> None:
    facts = RunProgress("run", 0, 1, 5, 10, HEADLINE, {"listed": (math.nan, 2.0)}).facts()
    assert json.loads(json.dumps(facts, allow_nan=False)) == {
        "stage": "run",
        "replicate": 0,
        "replicates": 1,
        "week": 5,
        "weeks": 10,
        "share": 0.5,
        "headline": {"listed": 0.04321, "protest in the regime": 12.0, "wrongly": None},
        "course": {"listed": [None, 2.0]},
    }


def test_the_time_series_of_both_arms_is_that_of_the_report_at_the_same_week() -> None:
    """The page draws while it runs what the report draws when it is done."""
    told: list[RunProgress] = []
    settings = {"run.weeks": 52, "run.start": 0}
    result = glasshouse.run("town", citizens=300, settings=settings, progress=told.append)
    course = next(moment for moment in reversed(told) if moment.stage == "run").course
    assert list(course) == [series.name for series in SERIES]
    for series in SERIES:
        drawn = {row["arm"]: row["mean"] for row in points(result, series)}
        found = dict(zip(NAMES, course[series.name], strict=True))
        assert {name: value for name, value in found.items() if math.isfinite(value)} == pytest.approx(drawn), (
            series.name
        )


def test_an_event_is_one_line_of_json() -> None:
    out = io.StringIO()
    event("result", {"headline": "two\nlines «and» quotes"}, out)
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue()) == {"event": "result", "headline": "two\nlines «and» quotes"}
