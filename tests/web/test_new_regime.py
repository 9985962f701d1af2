"""The page of the fifteen questions: asked in two languages, answered with a scenario that runs, and compared."""

import html
import re
from pathlib import Path

from glasshouse.scenario.new_regime.questions import QUESTIONS
from glasshouse.scenario.scenario import loads
from glasshouse.web.runs import Runs
from tests.helpers import waiting
from tests.helpers.web import SMALL, client

ANSWERS = {"who": "people <on> assistance", "residents": "200,000", "recipients": "5 %", "flagged": "1,000", "right": "20 %",
           "source-right": "court of audit"}  # fmt: skip


def file_of(text: str) -> str:
    found = re.search(r'<textarea id="toml".*?>(.*?)</textarea>', text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_the_questions_are_asked_in_both_languages(tmp_path: Path) -> None:
    with client(tmp_path) as page:
        for language, words in (("en", "Who is scored?"), ("de", "Wer erhält eine Punktzahl?")):
            text = page.get(f"/new?lang={language}").text
            assert words in text
            assert "textarea" not in text
            for question in QUESTIONS:
                assert text.count(f'name="{question.key}"') == text.count(f'name="source-{question.key}"') == 1


def test_answers_make_a_file_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    with client(tmp_path) as page:
        text = page.get("/new", params={**ANSWERS, "lang": "de"}).text
        assert "1.000 Menschen im Jahr, davon 800 zu Unrecht (80 %)" in text
        made = loads(file_of(text))
        assert made.title == "Screening: people <on> assistance"
        assert "answer to right: court of audit" in file_of(text)
        assert "people &lt;on&gt; assistance" in text
        wrong = page.get("/new", params={**ANSWERS, "right": "20"}).text
        assert "right: 20. How many of the flags are right?" in wrong
        assert "textarea" not in wrong
        assert 'value="court of audit"' in wrong


def test_the_journey_from_questions_to_a_comparison(tmp_path: Path) -> None:
    with client(tmp_path) as page:
        text = file_of(page.get("/new", params={**ANSWERS, "residents": "1,000", "flagged": "20"}).text)
        small = text.replace("weeks = 156", "weeks = 60\nreplicates = 1")
        other = SMALL.replace('"town"', '"elsewhere/benefit-screening"').replace(
            "weeks = 40", "weeks = 60\nreplicates = 1"
        )
        names = []
        for scenario in (small, other):
            answer = page.post("/runs", json={"toml": scenario})
            assert answer.status_code == 201, answer.text
            names.append(answer.json()["address"])
            run = Runs(tmp_path).of(names[-1].rpartition("/")[2])
            assert waiting.until(lambda run=run: run.state if run.state != "running" else "") == "finished"
        compared = page.get("/compare", params={"run": [name.rpartition("/")[2] for name in names]})
        assert compared.status_code == 200
        assert "Screening: people &lt;on&gt; assistance" in compared.text
