"""The workbench: a scenario as a form and as text, both ways, and its runs.

A form is made of the declarations that the scenario's own files are checked by: nothing is said here of any setting.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import tomlkit
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from glasshouse.course import SERIES
from glasshouse.errors import ScenarioError
from glasshouse.faults import number, span
from glasshouse.layers import TEXTS, properties
from glasshouse.ledger import YEAR
from glasshouse.report.charts import NAMES, live
from glasshouse.result import EVERYBODY, GROUPINGS
from glasshouse.scenario import library_names, load, loads, spell, tables
from glasshouse.web import story
from glasshouse.web.compare import compared
from glasshouse.web.page import Page
from glasshouse.web.runs import DOWNLOADS, Run, Runs
from glasshouse.web.story import Step

PAUSE = 0.25
"""Seconds between looks at what a run has said."""


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
    """The workbench's answers, over the runs of one folder."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs

    @property
    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        return [
            Route("/workbench", self.bench),
            Route("/workbench/check", self.check, methods=["POST"]),
            Route("/workbench/set", self.set, methods=["POST"]),
            Route("/runs", self.list, methods=["GET"]),
            Route("/runs", self.start, methods=["POST"]),
            Route("/compare", self.compare),
            Route("/runs/{name}", self.show),
            Route("/runs/{name}/events", self.events),
            Route("/runs/{name}/cancel", self.cancel, methods=["POST"]),
            Route("/runs/{name}/resume", self.resume, methods=["POST"]),
            Route("/runs/{name}/files/{file:path}", self.file),
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
            "limits": self.runs.limits,
        }
        return Page(request).html("workbench.html", {"here": "workbench", **given})

    async def check(self, request: Request) -> Response:
        """What a text says, or its faults."""
        given = await _json(request, "toml")
        try:
            found = told(given["toml"])
        except ScenarioError as error:
            return JSONResponse({"faults": list(error.faults)})
        return JSONResponse({"faults": [], **found})

    async def set(self, request: Request) -> Response:
        """A text with one setting set."""
        given = await _json(request, "toml", "key", "value")
        return JSONResponse({"toml": changed(given["toml"], given["key"], given["value"])})

    async def start(self, request: Request) -> Response:
        """Starts a run and tells its address."""
        given = await _json(request, "toml")
        run = await run_in_threadpool(self.runs.start, given["toml"])
        return JSONResponse({"address": f"/runs/{run.name}"}, 201)

    async def list(self, request: Request) -> Response:
        """All runs."""
        return Page(request).html("runs.html", {"here": "workbench", "runs": self.runs.all()})

    async def compare(self, request: Request) -> Response:
        """Runs side by side: /compare?run=A&run=B&group=migrant."""
        chosen = [self.runs.of(name) for name in request.query_params.getlist("run")]
        group = request.query_params.get("group", EVERYBODY)
        found = await run_in_threadpool(compared, chosen, group)
        given = {"found": found, "runs": chosen, "groups": GROUPINGS}
        return Page(request).html("compare.html", {"here": "workbench", **given})

    async def show(self, request: Request) -> Response:
        """One run: its course while it runs, then what it found."""
        run = self._run(request)
        scenario = run.scenario
        first, last = -scenario.run.start / YEAR, (scenario.run.weeks - scenario.run.start) / YEAR
        charts = {series.name: live(first, last) for series in SERIES}
        told = json.dumps({"charts": charts, "start": scenario.run.start, "year": YEAR, "worlds": NAMES})
        given = {"run": run, "scenario": scenario, "series": SERIES, "files": DOWNLOADS, "told": told}
        return Page(request).html("run.html", {"here": "workbench", **given})

    async def events(self, request: Request) -> Response:
        """What the run says, as it says it (server-sent events); an id is a place in its file, so that none is lost."""
        run = self._run(request)
        asked = request.headers.get("last-event-id", "0")
        place = int(asked) if asked.isdecimal() else 0
        return StreamingResponse(
            _stream(run, place), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def cancel(self, request: Request) -> Response:
        """Stops a run; what it did is kept."""
        await run_in_threadpool(self.runs.cancel, self._run(request))
        return JSONResponse({})

    async def resume(self, request: Request) -> Response:
        """Goes on with a run that was stopped."""
        await run_in_threadpool(self.runs.resume, self._run(request))
        return JSONResponse({})

    async def file(self, request: Request) -> Response:
        """A file of a run. The report may style itself and nothing more, as a page of its own."""
        path = self._run(request).file(request.path_params["file"])
        if path.suffix == ".html":
            policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
            return FileResponse(path, headers={"Content-Security-Policy": policy})
        return FileResponse(path, filename=path.name)

    def _run(self, request: Request) -> Run:
        return self.runs.of(request.path_params["name"])


async def _stream(run: Run, place: int) -> AsyncIterator[str]:
    state = ""
    while True:
        events, after = await run_in_threadpool(run.tail, place)
        if events:
            place = after
            yield f"id: {place}\ndata: {json.dumps(events)}\n\n"
        now = await run_in_threadpool(lambda: run.state)
        if now != state and not events:
            state = now
            yield f"event: state\ndata: {json.dumps({'state': state, 'said': run.said})}\n\n"
            if state != "running":
                return
        await asyncio.sleep(PAUSE)


async def _json(request: Request, *names: str) -> dict[str, str]:
    """Texts that a request brings by name; ScenarioError if one is missing or no text."""
    try:
        given = await request.json()
        return {name: str(given[name]) for name in names}
    except (ValueError, KeyError, TypeError):
        raise ScenarioError(
            f"The request brings no {' and '.join(names)}. It must be JSON with texts of these names."
        ) from None
