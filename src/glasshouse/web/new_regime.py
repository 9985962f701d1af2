"""The page that asks fifteen questions and shows the scenario that the answers make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from glasshouse.errors import ScenarioError
from glasshouse.model.entities import GROUPS
from glasshouse.population import marginals_files
from glasshouse.report import new_regime_words
from glasshouse.scenario.new_regime.answers import read_all
from glasshouse.scenario.new_regime.expected import expected
from glasshouse.scenario.new_regime.questions import QUESTIONS, Question
from glasshouse.scenario.new_regime.writing import scenario_text
from glasshouse.web.rendering import Page

SOURCE = "source-"
"""What stands before the name of a question for the source of its answer, in the address of the page."""


@dataclass(frozen=True)
class Asked:
    """A question with what the reader typed: their answer or the default, and its source.

    `listed` are the answers to choose from, each with its meaning; empty where the answer is typed. `hint` names what
    can be typed.
    """

    question: Question
    typed: str
    source: str
    listed: Mapping[str, str]
    hint: str = ""


def routes() -> list[Route]:
    """Which address is answered by what.

    Returns
    -------
    list of Route
        The page of the questions.
    """
    return [Route("/new", show)]


def show(request: Request) -> Response:
    """Answer with the questions, and with the scenario once they are answered.

    Parameters
    ----------
    request : Request
        Its query may have the answers by the names of the questions, and their sources: `/new?residents=200,000`.

    Returns
    -------
    Response
        An HTML page: the form, and below it the faults of the answers, or the file and the figures to expect.
    """
    query, page = request.query_params, Page(request)
    given = {one.key: (query[one.key], query.get(SOURCE + one.key, "")) for one in QUESTIONS if one.key in query}
    shown: dict[str, Any] = {
        "here": "new",
        "asked": [_asked(one, given) for one in QUESTIONS],
        "faults": (),
        "text": "",
    }
    if given:
        try:
            answers = read_all(given)
            figures = expected(answers)
            shown["text"] = scenario_text(answers, figures)
            shown["rows"] = new_regime_words.expected_rows(answers, figures, page.words)
            shown["assumed"] = [one.text for one in QUESTIONS if one.key in new_regime_words.assumed(answers)]
            shown["cannot"] = page.translated(new_regime_words.CANNOT)
        except ScenarioError as error:
            shown["faults"] = error.faults
    return page.html("new.html", shown)


def _asked(question: Question, given: Mapping[str, tuple[str, str]]) -> Asked:
    typed, source = given.get(question.key, ("", ""))
    listed: Mapping[str, str] = question.choices
    if question.kind == "country":
        listed = {name: marginals_files.load(name).title for name in marginals_files.names()}
    hint = ", ".join(GROUPS) if question.kind == "groups" else ""
    return Asked(question, typed or (question.default if listed else ""), source, listed, hint)
