"""Several results side by side: the lines of the regimes and of what they are compared with."""

from types import SimpleNamespace
from typing import Any, cast

from glasshouse.report import charts
from glasshouse.report.run import side_by_side
from glasshouse.report.run.report_data import ReportData


def result(title: str, reference: float, regime: float) -> ReportData:
    rows = [
        {"year": year, "arm": arm, "mean": mean + year, "low": None, "high": None}
        for year in range(3)
        for arm, mean in zip(charts.NAMES, (reference, regime), strict=True)
    ]
    series = SimpleNamespace(series=SimpleNamespace(heading="Complaints"), words="They fall.", rows=rows)
    scenario = SimpleNamespace(title=title)
    return cast("ReportData", SimpleNamespace(scenario=scenario, series=[series], since_start=True))


def test_regimes_with_one_reference_share_its_line() -> None:
    drawn = side_by_side.course(0, [result("Wide", 5.0, 7.0), result("Narrow", 5.0, 6.0)], "one")
    assert drawn.head == ("year", "without the regime", "A: Wide", "B: Narrow")
    assert drawn.rows[0] == ("0", "5", "7", "6")


def test_regimes_with_references_of_their_own_show_each() -> None:
    results = [result("Wide", 5.0, 7.0), result("Narrow", 4.0, 6.0)]
    drawn = side_by_side.course(0, results, "two")
    assert drawn.head == ("year", "A, without the regime", "B, without the regime", "A: Wide", "B: Narrow")
    assert drawn.rows[0] == ("0", "5", "4", "7", "6")
    lines = list(drawn.head[1:])
    encoding: dict[str, Any] = charts.side_by_side([], lines, 2, since_start=True)["encoding"]
    colours, dashes = encoding["color"]["scale"]["range"], encoding["strokeDash"]["scale"]["range"]
    assert colours[:2] == colours[2:]
    assert dashes[0] == dashes[1] == [5, 4] != dashes[2]
