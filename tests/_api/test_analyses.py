"""Public functions of analyses: what they check before anything is simulated, and what they write."""

from pathlib import Path

import pytest

import glasshouse
from glasshouse.errors import ScenarioError, StoringError


def test_a_description_is_written_in_the_format_of_its_file(tmp_path: Path) -> None:
    text = glasshouse.describe("town", out=tmp_path / "town.md")
    assert (tmp_path / "town.md").read_text(encoding="utf-8").strip() == text.strip()
    glasshouse.describe("town", out=tmp_path / "town.html")
    assert "<html" in (tmp_path / "town.html").read_text(encoding="utf-8")
    with pytest.raises(StoringError, match="town.txt"):
        glasshouse.describe("town", out=tmp_path / "town.txt")


def test_a_description_against_another_scenario_has_only_the_differences() -> None:
    whole, difference = glasshouse.describe("town"), glasshouse.describe("town", "social-governance")
    assert len(difference) < len(whole) / 2
    assert glasshouse.load("town").title in difference


@pytest.mark.parametrize("name", ["assess", "audit", "compare", "decide", "remedy"])
def test_an_unknown_option_is_refused_before_anything_is_simulated(name: str) -> None:
    function, scenarios = getattr(glasshouse, name), ["town"] * (1 if name in ("assess", "audit", "remedy") else 2)
    with pytest.raises(TypeError, match=rf"{name}\(\) got an unexpected keyword argument 'citizen'"):
        function(*scenarios, citizen=100)


def test_regimes_that_do_not_differ_are_refused() -> None:
    with pytest.raises(ScenarioError):
        glasshouse.decide("town", "town", citizens=200)


def test_an_unknown_matrix_of_ratings_is_refused() -> None:
    with pytest.raises(glasshouse.errors.GlasshouseError, match="strictest"):
        glasshouse.assess("town", relatedness="strictest", citizens=200)


def test_audits_of_a_group_that_is_not_declared_are_refused() -> None:
    with pytest.raises(glasshouse.errors.RunningError, match="no group foreigner"):
        glasshouse.audit("town", groups=["foreigner"], citizens=10**6)
    with pytest.raises(TypeError, match="takes groups as a list"):
        glasshouse.audit("town", groups="rural")


def test_audits_are_written_as_a_page_with_its_data(tmp_path: Path) -> None:
    found = glasshouse.audit("town", groups=["rural"], cases=100, audits=50, out=tmp_path / "audit")
    assert {path.name for path in (tmp_path / "audit").iterdir()} >= {"audit.html", "audit.json", "scores.parquet"}
    assert [question.group for question in found.plan.questions] == ["rural"]
    page = glasshouse.write_report(found, tmp_path / "again.html")
    assert page.read_text(encoding="utf-8") == (tmp_path / "audit" / "audit.html").read_text(encoding="utf-8")
