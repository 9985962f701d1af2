"""Languages of the page: nothing is left in English, and no message loses what it is filled with."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import glasshouse.web
from glasshouse.course import SERIES
from glasshouse.result import GROUPINGS
from glasshouse.web.errand import State
from glasshouse.web.words import LANGUAGES, chosen, words

FOLDER = Path(glasshouse.web.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
FILLED = re.compile(r"\{\w+\}|\[\w+\]")


def messages() -> set[str]:
    """Every message that a page can show: those in code and templates, the course's headings, the states of a run."""
    found = {message for _, _, message, _, _ in extract_from_dir(FOLDER, METHODS) if isinstance(message, str)}
    return (
        found
        | {text for series in SERIES for text in (series.heading, series.unit)}
        | set(State.__args__)
        | set(GROUPINGS)
    )


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_language_has_every_message_and_no_other(language: str) -> None:
    known = words(language).messages
    assert sorted(messages() - {message for message, told in known.items() if told}) == []
    assert sorted(set(known) - messages()) == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_message_keeps_its_handles_and_figures(language: str) -> None:
    for message, told in words(language).messages.items():
        assert sorted(FILLED.findall(told)) == sorted(FILLED.findall(message)), message


def test_a_reader_gets_the_first_language_that_there_is() -> None:
    assert chosen(None, "fr-FR,de-AT;q=0.8,en;q=0.5") == "de"
    assert chosen(None, "fr") == "en"
    assert chosen("en", "de") == "en"
    assert chosen("xx", "de;q=0.9,*;q=0.1") == "de"
    assert chosen(None, "") == "en"
    assert chosen(None, ";;;,,q=") == "en"
