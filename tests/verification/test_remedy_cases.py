"""The table of dated cases in docs/remedy.md has all eight, and its verdicts follow from its figures."""

from pathlib import Path

import pytest
from remedy_cases import CASES, PAGE, Check, lines_of

from glasshouse.results.estimate import Estimate


def printed() -> list[str]:
    text = Path(PAGE).read_text(encoding="utf-8")
    return text.partition("<!-- cases -->\n")[2].partition("<!-- end of cases -->")[0].splitlines()


def test_the_page_has_all_eight_cases_and_no_wrong_sign() -> None:
    rows = [line.strip("| ").split(" | ") for line in printed()[2:]]
    assert {row[0] for row in rows} == set(CASES)
    assert len(CASES) == 8
    assert not [row for row in rows if "wrong" in row[4:]]
    assert sum("cannot be expressed" in row[4] for row in rows) == 2
    assert {row[0] for row in rows if "met" in row[4]} == set(CASES)


@pytest.mark.parametrize(
    ("found", "sign", "verdict"),
    [
        (Estimate(-0.5, -0.6, -0.4, 4), -1, "met"),
        (Estimate(-0.5, -1.1, 0.1, 4), -1, "not certain"),
        (Estimate(0.5, 0.4, 0.6, 4), -1, "wrong"),
        (Estimate(0.5, 0.4, 0.6, 4), 1, "met"),
        (None, 1, "cannot be expressed"),
    ],
)
def test_a_sign_is_met_where_the_interval_lies_on_its_side(found: Estimate | None, sign: int, verdict: str) -> None:
    assert Check("figure", "published", found, sign).sign_verdict == verdict


@pytest.mark.parametrize(("mean", "verdict"), [(0.08, "missed"), (0.083, "met"), (0.137, "met"), (0.138, "missed")])
def test_a_size_is_met_within_a_quarter(mean: float, verdict: str) -> None:
    assert Check("figure", "11 %", Estimate(mean, mean, mean, 4), size=0.11).size_verdict == verdict


def test_a_row_says_what_the_model_has() -> None:
    row = lines_of({"case": [Check("of 100,000 adults", "many", Estimate(132.4, 95.0, 168.0, 4), 1)]})[2]
    assert row == "| case | of 100,000 adults | many | 132 (95 to 168) | met |  |"
