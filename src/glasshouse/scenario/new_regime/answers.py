"""Answers to the questions: read, checked, and refused with what is expected instead."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glasshouse.errors import ScenarioError, StoringError
from glasshouse.model.entities import GROUPS
from glasshouse.population import marginals_files
from glasshouse.scenario.messages import nearest, shown_word
from glasshouse.scenario.new_regime.questions import BY_KEY, NOTHING, QUESTIONS, UNKNOWN, Question

LONGEST = 200
"""Characters of an answer in words, and of a source."""

LARGEST = 20_000
"""Characters of a file of answers."""

MOST_TRAITS = 4
"""Groups that may raise the score: as many as a scenario can tell apart."""

ENDS: Mapping[str, tuple[int, int]] = {
    "residents": (1_000, 1_000_000_000), "recipients": (50, 1_000_000_000), "flagged": (1, 1_000_000_000),
    "by_lot": (0, 1_000_000_000), "weeks": (1, 200),
}  # fmt: skip
"""Least and greatest number of each answer that is one."""

_PERCENT = re.compile(r"(\d+(?:[.]\d+)?)\s*%")
_NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3})+|\d+")
_SHARE = re.compile(r"0|1|0?[.]\d+|[01][.]\d+")


@dataclass(frozen=True)
class Answer:
    """An answer.

    Parameters
    ----------
    value : str, int, float, tuple of str or None
        What was answered: words, a number, a share, groups; None where it is unknown.
    source : str
        Where it comes from, in the user's words; empty if they did not say.
    own : bool
        Whether the user gave it; else it is the question's default.
    """

    value: Any
    source: str = ""
    own: bool = True


def read(question: Question, text: str, source: str = "") -> Answer:
    """Read one answer.

    Parameters
    ----------
    question : Question
        The question.
    text : str
        The answer as it was typed. Empty text takes the default. The source may follow after a semicolon.
    source : str, default ""
        Where the answer comes from.

    Returns
    -------
    Answer
        The answer.

    Raises
    ------
    ScenarioError
        If it is none: what came, and what is expected.
    """
    typed, _, behind = text.partition(";")
    typed, source = typed.strip(), (behind or source).strip()
    if not (typed + source).isprintable() or max(len(typed), len(source)) > LONGEST:
        raise ScenarioError(
            f"{question.key}: an answer and its source have one line of at most {LONGEST} printable characters each."
        )
    if not typed and not question.default:
        raise _refused(question, "no answer")
    value = _value(question, typed or question.default)
    return Answer(value, source if typed else "", bool(typed))


def _value(question: Question, typed: str) -> Any:
    if typed.lower() == UNKNOWN and question.default == UNKNOWN:
        return None
    if question.kind == "text":
        return typed
    if question.kind == "choice":
        return _one_of(question, typed, tuple(question.choices))
    if question.kind == "country":
        return _one_of(question, typed, tuple(marginals_files.names()))
    if question.kind == "groups":
        return _groups(question, typed)
    percent = _PERCENT.fullmatch(typed)
    if question.kind == "share" or (question.kind == "part" and percent):
        return _share(question, typed, percent)
    if not _NUMBER.fullmatch(typed):
        raise _refused(question, shown_word(typed))
    number, (least, most) = int(re.sub(r"[, ]", "", typed)), ENDS[question.key]
    if not least <= number <= most:
        raise ScenarioError(f"{question.key}: {number:,} lies outside {least:,} to {most:,}. {question.expected}")
    return number


def _one_of(question: Question, typed: str, known: tuple[str, ...]) -> str:
    found = typed.lower()
    if found not in known:
        hint = nearest(found, known)
        raise ScenarioError(
            f"{question.key}: {shown_word(typed)} is no answer.{hint} Choose one of: {', '.join(known)}."
        )
    return found


def _groups(question: Question, typed: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(name.strip().lower() for name in typed.split(",")))
    if named == (NOTHING,):
        return ()
    if strange := [name for name in named if name not in GROUPS]:
        hint = nearest(strange[0], GROUPS)
        raise ScenarioError(
            f"{question.key}: {shown_word(strange[0])} is no group.{hint} Name groups, separated by commas, or {NOTHING}. "
            f"Groups: {', '.join(GROUPS)}."
        )
    if len(named) > MOST_TRAITS:
        raise ScenarioError(f"{question.key}: {len(named)} groups; name at most {MOST_TRAITS}.")
    return named


def _share(question: Question, typed: str, percent: "re.Match[str] | None") -> float:
    if percent is None and not _SHARE.fullmatch(typed):
        raise _refused(question, shown_word(typed), " Write a share with a per cent sign or as 0.2.")
    share = float(percent[1]) / 100.0 if percent else float(typed)
    if not 0.0 <= share <= 1.0 or not math.isfinite(share):
        raise ScenarioError(f"{question.key}: {shown_word(typed)} is no share from 0 to 100 %. {question.expected}")
    return share


def _refused(question: Question, came: str, advice: str = "") -> ScenarioError:
    return ScenarioError(f"{question.key}: {came}. {question.text} {question.expected}{advice}")


def read_all(given: Mapping[str, tuple[str, str]]) -> dict[str, Answer]:
    """Read the answers to all questions.

    Parameters
    ----------
    given : mapping of str to (str, str)
        Text and source of each answer, by the names of the questions. The others take their defaults.

    Returns
    -------
    dict of str to Answer
        One answer for each question.

    Raises
    ------
    ScenarioError
        With every answer that is refused or missing.
    """
    found: dict[str, Answer] = {}
    faults = [
        f"{shown_word(name)} is no question.{nearest(name, BY_KEY)} Questions: {', '.join(BY_KEY)}."
        for name in given
        if name not in BY_KEY
    ]
    for question in QUESTIONS:
        try:
            found[question.key] = read(question, *given.get(question.key, ("", "")))
        except ScenarioError as error:
            faults.append(str(error))
    if faults:
        raise ScenarioError(*faults)
    return found


def from_file(path: Path) -> dict[str, tuple[str, str]]:
    """The texts and sources in a file of answers.

    Parameters
    ----------
    path : Path
        A TOML file with a line for each answer: `flagged = 1000`, or with its source
        `flagged = { answer = 1000, source = "annual report" }`.

    Returns
    -------
    dict of str to (str, str)
        Text and source of each answer, by name.

    Raises
    ------
    StoringError
        If the file cannot be read.
    ScenarioError
        If it is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoringError(f"{path} cannot be read ({error}). Name a file of answers.") from error
    if len(text) > LARGEST:
        raise ScenarioError(f"{path}: {len(text):,} characters; a file of answers has at most {LARGEST:,}.")
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(f"{path}: not a TOML file ({error}).") from error
    return {name: _entry(path, name, value) for name, value in given.items()}


def _entry(path: Path, name: str, value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping):
        if set(value) - {"answer", "source"} or "answer" not in value:
            raise ScenarioError(
                f'{path}: {shown_word(name)} has other keys than answer and source. Write {{ answer = …, source = "…" }}.'
            )
        return _entry(path, name, value["answer"])[0], str(value.get("source", ""))
    if isinstance(value, list):
        return ", ".join(map(str, value)), ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ScenarioError(f"{path}: {shown_word(name)} is neither a text, a number nor a list of groups.")
    return str(value), ""
