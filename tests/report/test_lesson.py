"""Lessons: one offline file in two languages, with figures that agree with the model and with what was published."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from glasshouse.cli.main import cli
from glasshouse.errors import AnalysisError
from glasshouse.report.lesson import LANGUAGES, lesson, lesson_page, lessons


def carried(page: str) -> dict[str, object]:
    (text,) = re.findall(r'<main data-lesson="([^"]*)"', page)
    return json.loads(html.unescape(text))


@pytest.mark.parametrize("name", lessons())
def test_both_languages_say_the_same_things(name: str) -> None:
    texts, _ = lesson(name)
    first, second = (texts[language] for language in LANGUAGES)
    assert first.keys() == second.keys()
    for part in ("ways", "rows", "averaging"):
        assert first.get(part, {}).keys() == second.get(part, {}).keys()
    assert [(one["figure"], one["truth"]) for one in first["tell"]] == [
        (one["figure"], one["truth"]) for one in second["tell"]
    ]
    assert len(first["questions"]) == len(second["questions"]) >= 5
    assert len(first["teacher"]) == len(second["teacher"])
    numbers = [
        sorted(
            re.findall(
                r"\d+",
                re.sub(
                    r"(?<=\d)[.,](?=\d)", "", " ".join(f"{one['ask']} {one['answer']}" for one in words["questions"])
                ),
            )
        )
        for words in (first, second)
    ]
    assert {*numbers[0]} ^ {*numbers[1]} <= {"17", "10"}


@pytest.mark.parametrize("name", lessons())
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_is_one_file_with_one_script_and_no_network(name: str, language: str) -> None:
    page = lesson_page(name, language)
    assert f'<html lang="{language}">' in page
    assert page.count("<script>") == 1
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in page or f"script-src 'sha256-{digest}'" in page
    assert not re.search(r"""(src|href)=["'](?!#|data:)""", page)
    assert "fetch(" not in page


def test_the_auditor_has_the_chances_of_fishers_test() -> None:
    """As printed for this design: 19 % with 390 cases, 67 % with 2,000, 92 % with 4,000."""
    chances = dict(carried(lesson_page("student-grants"))["power"])  # type: ignore[attr-defined]
    assert (chances[390], chances[2000], chances[4000]) == pytest.approx((0.19, 0.67, 0.92), abs=0.03)


@pytest.mark.parametrize("name", lessons())
def test_every_figure_that_a_page_names_is_among_its_outcomes(name: str) -> None:
    texts, found = lesson(name)
    words = texts["en"]
    assert texts["published"].keys() == words["rows"].keys() == found["compared"].keys()
    for value, low, high in found["compared"].values():
        assert low <= value <= high
    for ways in found["outcomes"].values():
        assert ways.keys() == words["ways"].keys()
        for one in ways.values():
            assert {told["figure"] for told in words["tell"]} <= one["figures"].keys()
            assert 0 <= one["dots"][1] <= one["dots"][0] <= 100


@pytest.mark.parametrize("name", lessons())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_take_45_minutes(name: str, language: str) -> None:
    words = lesson(name)[0][language]
    assert sum(int(text) for text in re.findall(r"\((\d+) [Mm]inute", str(words))) == 45


@pytest.mark.parametrize(
    ("name", "better", "worse"), [("student-grants", "score", "lot"), ("robodebt", "payslips", "average")]
)
def test_outcomes_of_screenings_add_up(name: str, better: str, worse: str) -> None:
    _, found = lesson(name)
    for capacity, ways in found["outcomes"].items():
        for one in (figures := {way: one["figures"] for way, one in ways.items()}).values():
            assert one["for_nothing"] <= 1.15 * float(capacity)
            assert one["wrong_found"] <= one["for_nothing"]
        if name == "student-grants":
            assert figures[better]["found"] > figures[worse]["found"]
            assert figures[better]["times"] > figures[worse]["times"]
        else:
            assert figures[better]["wrong"] < figures[worse]["wrong"]


def test_robodebt_shows_the_interval_of_the_frozen_fit() -> None:
    frozen = Path(__file__).parents[2] / "verification" / "regime_figures" / "frozen" / "income-averaging.json"
    predicted = json.loads(frozen.read_text(encoding="utf-8"))["predicted"]
    wrong = [one["wrong_debts"] for one in predicted]
    assert lesson("robodebt")[1]["compared"]["wrong"] == [
        round(np.quantile(wrong, level)) for level in (0.5, 0.05, 0.95)
    ]


def test_the_command_writes_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["lesson", "student-grants", "--language", "de", "--out", str(tmp_path / "a.html")])
    assert done.exit_code == 0, done.output
    assert "Wer bekommt Besuch?" in (tmp_path / "a.html").read_text(encoding="utf-8")
    with pytest.raises(AnalysisError, match="There are: court-list, robodebt, student-grants"):
        lesson("another")
