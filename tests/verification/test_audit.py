"""The tables of docs/audit.md are what verification/audit.py computes."""

from pathlib import Path

from audit import PAGE, coverage_lines, power_lines


def printed(name: str) -> list[str]:
    text = Path(PAGE).read_text(encoding="utf-8")
    return text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- end of {name} -->")[0].splitlines()


def test_the_page_has_the_power_of_the_example() -> None:
    assert printed("power") == power_lines()
    assert "| 390 | 19 % | 23 % |" in printed("power")[2]
    assert "| 2,000 | 67 % | 69 % |" in printed("power")[3]
    assert "| 4,000 | 92 % | 93 % |" in printed("power")[4]


def test_the_page_has_the_coverage_of_intervals_and_none_fails() -> None:
    lines, failed = coverage_lines()
    assert printed("coverage") == lines
    assert failed == 0
