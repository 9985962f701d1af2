"""The workbench: a scenario as a form and as text, both ways.

A form is made of the declarations that the scenario's own files are checked by: this module knows no setting by name.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from glasshouse.engine.speed import minutes
from glasshouse.errors import ScenarioError
from glasshouse.scenario.files import library_names
from glasshouse.scenario.inert import inert
from glasshouse.scenario.parameter_provenance import levers
from glasshouse.scenario.scenario import Scenario, load, loads
from glasshouse.scenario.tables import CHANGE
from glasshouse.scenario.toml_text import toml_value
from glasshouse.web import tutorial
from glasshouse.web.form import form
from glasshouse.web.handles import handles, label
from glasshouse.web.rendering import Page, templates, texts
from glasshouse.web.runs import Limits
from glasshouse.web.scenario_text import address, changed, fresh, read, renamed
from glasshouse.web.tutorial import Step


@cache
def drawn(language: str) -> Markup:
    """Render the form as HTML in one language.

    The result is cached: it is the same for every reader, and too long to be rendered for each.

    Parameters
    ----------
    language : str
        A key of `LANGUAGES`.

    Returns
    -------
    Markup
        The form.
    """
    return Markup(templates(language).get_template("form.html").render({"form": form()}))


def from_tutorial(step: Step, sliders: Mapping[str, float]) -> dict[str, str]:
    """The settings that a step of the tutorial makes.

    Parameters
    ----------
    step : Step
        The step.
    sliders : mapping of str to float
        Values of its sliders, by name. A slider that is not given has its starting value.

    Returns
    -------
    dict of str to str
        Values in TOML, by full names of settings.
    """
    return {key: toml_value(value) for key, value in tutorial.settings(step, dict(sliders)).items()}


def description(text: str) -> dict[str, Any]:
    """Describe a scenario's text for the form.

    Parameters
    ----------
    text : str
        The scenario, in TOML.

    Returns
    -------
    dict
        `title`, `about`, `address` (see `address`), `settings`: every setting in force as TOML, by full name,
        `reference`: the values of levers in the reference arm, `dated`: pairs of a week and the value that a change of the
        regime sets from then on, `notes`: what it sets without any effect, `changes`: what was changed in the shipped
        scenario, and `minutes`: about how long a run takes.

    Raises
    ------
    ScenarioError
        If the scenario is faulty, with every fault.
    """
    scenario = loads(text)
    settings = {".".join(keys): toml_value(value) for keys, value in scenario.settings().items() if len(keys) == 2}
    return {
        "title": scenario.title,
        "about": scenario.about,
        "settings": settings,
        "reference": {name: value.reference for name, value in levers(scenario)},
        "dated": _dated(scenario),
        "address": address(text),
        "notes": list(inert(scenario)),
        "changes": _changes(text, settings),
        "minutes": minutes(scenario),
    }


def _changes(text: str, settings: Mapping[str, str]) -> list[dict[str, str]]:
    """What a scenario changes in the shipped one that it extends: setting, its words, and the value before and now."""
    found = read(text)
    if found is None:
        return []
    base, _named, given = found
    before = {".".join(keys): toml_value(value) for keys, value in _shipped(base).settings().items() if len(keys) == 2}
    units = {field.key: field.unit for _about, table in form().values() for field in table}
    return [
        {
            "key": key,
            "label": label(key),
            "unit": units.get(key, ""),
            "before": before.get(key, ""),
            "now": settings.get(key, value),
        }
        for key, value in given.items()
    ]


@cache
def _shipped(name: str) -> Scenario:
    return load(name)


def _valid(text: str, base: str) -> Scenario:
    """The scenario of a text, or the shipped one that it extends where the text is faulty, which the page then says."""
    try:
        return loads(text)
    except ScenarioError:
        return _shipped(base)


def _dated(scenario: Scenario) -> dict[str, list[tuple[int, str]]]:
    """The values that changes of the regime set, with their weeks, by full name of the setting."""
    found: dict[str, list[tuple[int, str]]] = {}
    settings = scenario.settings()
    for keys in (keys for keys in scenario.explicit_overrides if keys[0] == CHANGE):
        week, value = settings[*keys[:2], "week"], settings[keys]
        found.setdefault(".".join(keys[2:]), []).append((week, toml_value(value)))
    return {name: sorted(pairs) for name, pairs in found.items()}


class Workbench:
    """The workbench's answers.

    Parameters
    ----------
    limits : Limits
        Limits of the page's runs, which the workbench shows.
    """

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

    def bench(self, request: Request) -> Response:
        """Answer with the workbench and a scenario in it.

        Parameters
        ----------
        request : Request
            The request. Its query may have the shipped `scenario`, `title`, `about`, settings by full names, or a step
            of the `tutorial` with its sliders: `/workbench?scenario=town&lists.integration=0.3`.

        Returns
        -------
        Response
            An HTML page.

        Raises
        ------
        ScenarioError
            If no shipped scenario has the name, or a step, slider or setting is faulty.
        """
        query = request.query_params
        base = query.get("scenario", "social-governance")
        if base not in library_names():
            raise ScenarioError(f"No scenario is called {base!r}. There are: {', '.join(library_names())}.")
        chosen = {key: value for key, value in query.items() if "." in key}
        if "tutorial" in query:
            step = tutorial.step_of(query["tutorial"])
            chosen |= from_tutorial(step, tutorial.numbers({name: query[name] for name in query if name in step.names}))
        text = fresh(base, chosen, query.get("title", ""), query.get("about", ""))
        given = {
            "text": text,
            "base": base,
            "scenarios": {name: _shipped(name).title for name in library_names()},
            "handles": handles(_valid(text, base) if chosen else _shipped(base)),
            "form": drawn(Page(request).words.language),
            "limits": self.limits,
        }
        return Page(request).html("workbench.html", {"here": "workbench", **given})

    async def check(self, request: Request) -> Response:
        """Answer with what a scenario's text says, or with its faults.

        Parameters
        ----------
        request : Request
            The request. Its JSON has the text as `toml`.

        Returns
        -------
        Response
            JSON with `faults`, and, if there are none, what `description` returns.
        """
        given = await texts(request, "toml")
        try:
            found = await run_in_threadpool(description, given["toml"])
        except ScenarioError as error:
            return JSONResponse({"faults": list(error.faults)})
        page = Page(request)
        found["about"] = page.translated(found["about"])
        for change in found["changes"]:
            change["label"] = page.translated(change["label"]).rstrip(".")
        return JSONResponse({"faults": [], **found})

    async def set(self, request: Request) -> Response:
        """Answer with a scenario's text in which one setting is changed.

        Parameters
        ----------
        request : Request
            The request. Its JSON has the text as `toml`, the setting as `key` and its value in TOML as `value`.

        Returns
        -------
        Response
            JSON with the changed text as `toml`.
        """
        given = await texts(request, "toml", "key", "value")

        def work() -> str:
            return renamed(given["toml"], changed(given["toml"], given["key"], given["value"]))

        return JSONResponse({"toml": await run_in_threadpool(work)})
