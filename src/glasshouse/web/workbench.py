"""The workbench: a scenario as a form and as text, both ways.

A form is made of the declarations that the scenario's own files are checked by: nothing is said here of any setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import tomlkit
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from glasshouse.errors import ScenarioError
from glasshouse.faults import number, span
from glasshouse.layers import TEXTS, properties
from glasshouse.scenario import library_names, load, loads, spell, tables
from glasshouse.web import story
from glasshouse.web.page import Page, texts
from glasshouse.web.runs import Limits
from glasshouse.web.story import Step


@dataclass(frozen=True)
class Field:
    """One setting of a form: its full name, what it means, its unit, range, prior and source in words."""

    key: str
    name: str
    meaning: str
    unit: str
    range: str
    prior: str
    source: str
    vector: bool


@cache
def form() -> dict[str, tuple[str, tuple[Field, ...]]]:
    """The tables that a scenario can have, by name: what each is about, and its settings."""
    known = tables()
    return {
        name: (
            (model.__doc__ or "").strip().split("\n")[0],
            tuple(_field(f"{name}.{key}", key, told) for key, told in properties(model).items()),
        )
        for name, model in known.items()
    }


def _field(key: str, name: str, told: Mapping[str, Any]) -> Field:
    prior = told.get("prior")
    return Field(
        key=key,
        name=name,
        meaning=str(told.get("description", "")),
        unit=str(told.get("unit", "")),
        range=span(told) or "",
        prior=f"{number(prior[0])} to {number(prior[1])}" if prior else "",
        source=str(told.get("source", "")),
        vector=told.get("type") == "array",
    )


def changed(text: str, key: str, value: str) -> str:
    """A scenario's text with one setting set, comments and order kept; `value` is TOML, or empty to leave it to the base.

    Raises ScenarioError for text or a value that is not TOML, and for a key without a table.
    """
    table, _, name = key.rpartition(".")
    try:
        document = tomlkit.parse(text)
        given = tomlkit.value(value) if value.strip() else None
    except tomlkit.exceptions.ParseError as error:
        raise ScenarioError(f"{key} = {value}: not valid TOML ({error}).") from None
    if not table:
        raise ScenarioError(f"{key} is no setting of a table. Settings have the form table.key.")
    inside: Any = document
    for part in table.split("."):
        if part not in inside:
            inside[part] = tomlkit.table()
        inside = inside[part]
    if given is None:
        inside.pop(name, None)
    else:
        inside[name] = given
    return tomlkit.dumps(document)


def fresh(base: str, given: Mapping[str, str]) -> str:
    """The text of a scenario that extends a shipped one and sets what is `given`, by full names, in TOML."""
    changes = ", ".join(f"{key} = {value}" for key, value in given.items())
    title = f"{load(base).title}{': ' if changes else ''}{changes}"[: TEXTS["title"]]
    text = f"extends = {spell(base)}\ntitle = {spell(title)}\n"
    for key, value in given.items():
        text = changed(text, key, value)
    return text


def from_story(step: Step, handles: Mapping[str, float]) -> dict[str, str]:
    """The settings that a step of the story makes with its handles set, in TOML."""
    return {key: spell(value) for key, value in story.settings(step, dict(handles)).items()}


def told(text: str) -> dict[str, Any]:
    """What a text says, for the form: title, size, and every setting in force as TOML; ScenarioError with every fault."""
    scenario = loads(text)
    settings = {".".join(keys): spell(value) for keys, value in scenario.settings().items() if len(keys) == 2}
    return {"title": scenario.title, "about": scenario.about, "settings": settings}


class Workbench:
    """The workbench's answers; it tells the limits that its page's runs have."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    @property
    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        return [
            Route("/workbench", self.bench),
            Route("/workbench/check", self.check, methods=["POST"]),
            Route("/workbench/set", self.set, methods=["POST"]),
        ]

    async def bench(self, request: Request) -> Response:
        """The workbench with a scenario: /workbench?scenario=town&lists.integration=0.3."""
        query = request.query_params
        base = query.get("scenario", "social-governance")
        if base not in library_names():
            raise ScenarioError(f"No scenario is called {base!r}. There are: {', '.join(library_names())}.")
        chosen = {key: value for key, value in query.items() if "." in key}
        if "story" in query:
            step = story.step_of(query["story"])
            chosen |= from_story(step, story.numbers({name: query[name] for name in query if name in step.names}))
        text = fresh(base, chosen)
        given = {
            "text": text,
            "base": base,
            "names": library_names(),
            "form": form(),
            "limits": self.limits,
        }
        return Page(request).html("workbench.html", {"here": "workbench", **given})

    async def check(self, request: Request) -> Response:
        """What a text says, or its faults."""
        given = await texts(request, "toml")
        try:
            found = told(given["toml"])
        except ScenarioError as error:
            return JSONResponse({"faults": list(error.faults)})
        return JSONResponse({"faults": [], **found})

    async def set(self, request: Request) -> Response:
        """A text with one setting set."""
        given = await texts(request, "toml", "key", "value")
        return JSONResponse({"toml": changed(given["toml"], given["key"], given["value"])})
