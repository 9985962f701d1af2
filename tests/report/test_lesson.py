"""Lessons: one offline file in two languages, with figures that agree with the model and with what was published."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from glasshouse.cli.main import cli
from glasshouse.errors import AnalysisError
from glasshouse.report.lesson import AUDITED, LANGUAGES, lesson, lesson_page, lessons


def carried(page: str) -> dict[str, object]:
    (text,) = re.findall(r'<main data-lesson="([^"]*)"', page)
    return json.loads(html.unescape(text))


@pytest.mark.parametrize("name", lessons())
def test_both_languages_say_the_same_things(name: str) -> None:
    texts, _ = lesson(name)
    first, second = (texts[language] for language in LANGUAGES)
    assert first.keys() == second.keys()
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_is_one_file_with_one_script_and_no_network(language: str) -> None:
    page = lesson_page("student-grants", language)
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
    assert tuple(chances) == AUDITED
    assert (chances[390], chances[2000], chances[4000]) == pytest.approx((0.19, 0.67, 0.92), abs=0.03)


def test_outcomes_are_of_the_model_and_add_up() -> None:
    _, found = lesson("student-grants")
    for capacity, ways in found["capacities"].items():
        for one in ways.values():
            share, low, high = one["share"]
            assert low <= share <= high
            assert one["wrong"] <= one["found"] <= one["investigated"]
            assert one["for_nothing"] <= one["investigated"]
            assert one["investigated"] == pytest.approx(float(capacity), rel=0.15)
        assert ways["score"]["share"][0] > ways["lot"]["share"][0]
        assert ways["score"]["times"] > ways["lot"]["times"]


def test_the_command_writes_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["lesson", "student-grants", "--language", "de", "--out", str(tmp_path / "a.html")])
    assert done.exit_code == 0, done.output
    assert "Wer bekommt Besuch?" in (tmp_path / "a.html").read_text(encoding="utf-8")
    with pytest.raises(AnalysisError, match="There are: student-grants"):
        lesson("another")
