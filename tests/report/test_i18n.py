"""Languages of reports and pages: nothing is left in English, and no message loses what it is filled with."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import glasshouse.report
import glasshouse.web
from glasshouse.analysis import claims
from glasshouse.analysis.audit import report as audits
from glasshouse.analysis.audit.cross_count import WRONG_BY
from glasshouse.analysis.audit.methods import METHODS as AUDITED
from glasshouse.analysis.audit.scoring import FAULTS
from glasshouse.analysis.calibration.condition import measures_of
from glasshouse.analysis.ranking import report as ranking
from glasshouse.analysis.ranking.measures import HARMS, PURPOSES, CasesHandled
from glasshouse.analysis.ranking.safeguards import TOGETHER
from glasshouse.analysis.remedies import report as remedies
from glasshouse.analysis.remedies.harms import AVERTABLE
from glasshouse.analysis.remedies.remedy import KINDS
from glasshouse.analysis.savings import report as ledgers
from glasshouse.analysis.savings.ledger import LINES, MEMOS
from glasshouse.analysis.savings.prices import Prices
from glasshouse.model.declarations import ASSUMED
from glasshouse.model.entities import DECLARABLE
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.optional import OPTIONAL
from glasshouse.population import marginals_files
from glasshouse.report.i18n import LANGUAGES, chosen, words
from glasshouse.report.run.report_data import WRONGLY
from glasshouse.report.run.sections import unit
from glasshouse.results import key_figures
from glasshouse.results.groups import groupings
from glasshouse.results.time_series import SERIES
from glasshouse.scenario.files import library_names
from glasshouse.scenario.new_regime.questions import QUESTIONS
from glasshouse.scenario.scenario import load
from glasshouse.web.form import form
from glasshouse.web.jobs import State

FOLDER = Path(glasshouse.web.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
FILLED = re.compile(r"\{\w+\}|\[\w+\]")


def messages() -> set[str]:
    """Every message that a page can show: those in code and templates, the course's headings, the states of a run."""
    folders = (FOLDER, Path(glasshouse.report.__file__).parent)
    every = (message for folder in folders for _, _, message, _, _ in extract_from_dir(folder, METHODS))
    found = {message for message in every if isinstance(message, str)}
    return (
        found
        | {text for series in (*SERIES, WRONGLY) for text in (series.heading, series.unit, series.explained)}
        | {key_figures.ONE_REPLICATE}
        | set(State.__args__)
        | set(groupings(DECLARABLE))
        | {text for one in QUESTIONS for text in (one.text, *one.choices.values())}
        | {one.expected for one in QUESTIONS if not one.choices and one.kind != "country"}
        | {marginals_files.load(name).title for name in marginals_files.names()}
    )


def instruments() -> set[str]:
    """What the pages of instruments take from the analyses: methods, remedies, harms, lines of the ledger, prices."""
    texts = {text for one in AUDITED for text in (one.title, one.sees, one.misleads)}
    texts |= {audits.NOTICE, remedies.NOTICE, ranking.NOTICE, ledgers.NOTICE, TOGETHER, *WRONG_BY.values(), *FAULTS}
    texts |= {*LINES.values(), *MEMOS.values(), ASSUMED}
    texts |= {text for name, kind in KINDS.items() for text in (name, kind.title)}
    texts |= {
        text
        for one in (*AVERTABLE, *measures_of(()), *HARMS, *PURPOSES, CasesHandled)
        for text in (one.title, one.unit)
    }
    for price in Prices.model_fields.values():
        extra = price.json_schema_extra if isinstance(price.json_schema_extra, dict) else {}
        texts |= {str(price.description), str(extra.get("unit", "")), str(extra.get("source", ""))}
    return texts - {"share"}


def declared() -> set[str]:
    """Every text that the page takes from declarations: tables and settings, measures, scenarios, claims."""
    tables = form().values()
    fields = [field for _, inside in tables for field in inside]
    scenarios = [load(name) for name in library_names()]
    sentences = [claims.load(name) for name in claims.names()]
    found = {about for about, _ in tables} | {text for one in fields for text in (one.meaning, one.unit, one.source)}
    measures = (*CATALOGUE, *(measure for plugin in OPTIONAL for measure in plugin.measures))
    found |= {text for measure in measures for text in (measure.title, unit(measure))}
    found |= {text for one in scenarios for text in (one.title, one.about)}
    return (found | {text for one in sentences for text in (one.sentence, one.source)} | instruments()) - {""}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
@pytest.mark.parametrize(("name", "wanted"), [("messages", messages), ("model", declared)])
def test_a_language_has_every_text_and_no_other(language: str, name: str, wanted: Callable[[], set[str]]) -> None:
    with (FOLDER / "locales" / language / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
        known = {str(one.id): one.string for one in read_po(file) if one.id}
    assert sorted(wanted() - {message for message, told in known.items() if told}) == []
    assert sorted(set(known) - wanted()) == []


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
