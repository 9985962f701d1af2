"""The command `glasshouse new`: fifteen questions, answers from files and options, and the journey to a compared regime."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.scenario.new_regime.questions import QUESTIONS

TEXT = (Path(__file__).parents[2] / "docs" / "tutorial-regime.md").read_text(encoding="utf-8")
NEEDED = {"who": "people on social assistance", "residents": "200,000", "recipients": "5 %", "flagged": "1,000; a report",
          "right": "20 %"}  # fmt: skip


def call(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, input=typed)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_questions_are_asked_one_by_one_and_again_after_a_wrong_answer(here: Path) -> None:
    lines = [NEEDED.get(question.key, "") for question in QUESTIONS]
    place = [question.key for question in QUESTIONS].index("right")
    typed = "\n".join([*lines[:place], "20", *lines[place:]]) + "\n"
    done = call("new", typed=typed)
    assert done.exit_code == 0, done.output
    for number, question in enumerate(QUESTIONS, 1):
        assert f"{number} of 15. {question.text}" in done.output
    assert "Error: right: 20." in done.output
    assert "1,000 people a year, 800 of them wrongly (80 %)" in done.output
    assert "Not answered, so assumed: country, means_test, irregular" in done.output
    assert glasshouse.load(here / "my-regime.toml").society.citizens == 200_000


@pytest.mark.parametrize("typed", ["people\n", "people\n\n200,000\n5 %\n"])
def test_a_break_writes_nothing(here: Path, typed: str) -> None:
    """The input ends, as after Ctrl-D; Ctrl-C raises the same exception."""
    stopped = call("new", typed=typed)
    assert (stopped.exit_code, stopped.stderr.strip()) == (130, "Stopped. Nothing was written.")
    assert list(here.iterdir()) == []


def test_contradicting_answers_write_nothing(here: Path) -> None:
    options = [f"--answer={key}={text}" for key, text in {**NEEDED, "flagged": "20,000"}.items()]
    refused = call("new", *options)
    assert (refused.exit_code, "Everybody is scored once a year" in refused.stderr) == (2, True)
    assert list(here.iterdir()) == []


def test_a_file_that_is_there_stays_as_it_is(here: Path) -> None:
    (here / "my-regime.toml").write_text("mine")
    refused = call("new", typed="people\n")
    assert (refused.exit_code, "Name another file with --out" in refused.stderr) == (1, True)
    assert (here / "my-regime.toml").read_text() == "mine"
    assert "has no answer. Write NAME=ANSWER" in call("new", "--answer", "right", "--out", "x.toml").output


def test_options_go_before_the_file_of_answers() -> None:
    Path("answers.toml").write_text('who = "x"\nresidents = 50000\nrecipients = "5 %"\nflagged = 100\nright = 0.3\n')
    done = call("new", "--answers", "answers.toml", "--answer", "right=40 %", "--out", "mine.toml")
    assert done.exit_code == 0, done.output
    assert glasshouse.load("mine.toml").settings()["screening", "precision"] == 0.4


def test_the_journey_of_the_page_works(here: Path) -> None:
    """From an empty folder to a compared regime: the files and commands of the page, at a small size."""
    answers = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)[0]
    (here / "answers.toml").write_text(answers, encoding="utf-8")
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
        for line in block.splitlines()
        if line.startswith("glasshouse ")
    ]
    assert [shlex.split(command)[1] for command in commands] == ["new", "check", "run", "study", "rank"]
    for command in commands:
        words = [word for word in shlex.split(command)[1:] if word != "--open"]
        if words[0] in ("run", "study"):
            small = {"society.citizens": "1200", "run.weeks": "80", "run.replicates": "2"}
            words += [part for key, value in small.items() for part in ("--set", f"{key}={value}")]
            words = ["1200" if word == "20000" else word for word in words]
        if words[0] == "rank":
            words += ["--citizens", "600", "--weeks", "80", "--replicates", "2", "--no-safeguards"]
        result = call(*words)
        assert result.exit_code == 0, result.output
        if words[0] == "new":
            shown = re.search(r"```text\n(.*?)```", TEXT, re.DOTALL)
            assert shown is not None
            for line in shown[1].strip().splitlines():
                assert line in result.output
        if words[0] == "study":
            assert "hit_rate_true" in result.output


def test_the_page_names_every_question_and_its_answers() -> None:
    for question in QUESTIONS:
        assert re.search(rf"^\| `{question.key}` \| {re.escape(question.text)} \|", TEXT, re.MULTILINE), question.key
        assert all(f"`{choice}`" in TEXT for choice in question.choices), question.key
