"""Which address is answered by what."""

import gzip
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from glasshouse.errors import GlasshouseError, ScenarioError, StoringError
from glasshouse.report.templates import script
from glasshouse.web import new_regime
from glasshouse.web.animation_cache import SEED, AnimationCache, standalone
from glasshouse.web.instrument import Offer
from glasshouse.web.instrument_pages import InstrumentPages
from glasshouse.web.rendering import Page
from glasshouse.web.run_job_pages import RunJobPages
from glasshouse.web.run_pages import RunPages
from glasshouse.web.runs import Runs
from glasshouse.web.security import Gate, Safety
from glasshouse.web.studies import Place, Studies
from glasshouse.web.tutorial import COUNTS, STEPS, Step, numbers, step_of
from glasshouse.web.workbench import Workbench

STATIC = Path(str(files("glasshouse.web").joinpath("static")))

TOWNS = 1000
"""Towns that a reader may see, one for each random seed."""


def application(gate: Gate, runs: Runs, place: Place) -> Starlette:
    """Make the web application.

    Parameters
    ----------
    gate : Gate
        Who is let in.
    runs : Runs
        The runs of one folder.
    place : Place
        Where studies are.

    Returns
    -------
    Starlette
        The application.
    """
    animations = AnimationCache()

    def _animation(request: Request) -> Response:
        """The animation of a step: /tutorial/SLUG/animation?mismatch=0.0005&town=3."""
        step = step_of(request.path_params["slug"])
        query = numbers({name: text for name, text in request.query_params.items() if name != "lang"})
        seed = SEED + _town(query.pop("town", 0.0))
        encoded = animations.encoded(step, query, seed)
        headers = {"Cache-Control": "max-age=3600", "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(encoded, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})
        return Response(gzip.decompress(encoded), media_type="application/json", headers=headers)

    def _file(request: Request) -> Response:
        """A step as one file that works without a server."""
        step = step_of(request.path_params["slug"])
        answer = Page(request).html("tutorial.html", _given(step) | {"saved": standalone(animations, step, STATIC)})
        answer.headers["Content-Disposition"] = f'attachment; filename="glasshouse-{step.slug}.html"'
        return answer

    routes = [
        Route("/", _start),
        Route("/tutorial/{slug}", _tutorial),
        Route("/tutorial/{slug}/animation", _animation),
        Route("/tutorial/{slug}/file", _file),
        *Workbench(runs.limits).routes,
        *new_regime.routes(),
        *RunPages(runs).routes,
        *RunJobPages(runs).routes,
        *InstrumentPages(Offer(runs, place)).routes,
        *Studies(place, runs.limiter).routes,
        Route("/static/chart_tools.js", _chart_tools),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]
    middleware = [Middleware(Safety, gate=gate), Middleware(GZipMiddleware, minimum_size=1000)]
    handlers: Mapping[Any, Callable[..., Any]] = {
        GlasshouseError: _fault,
        HTTPException: _lost,
        RecursionError: _too_deep,
    }
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers)


def _start(request: Request) -> Response:
    return Page(request).html("start.html", {"steps": len(STEPS)})


def _chart_tools(_: Request) -> Response:
    """The script that saves charts, which reports carry themselves."""
    return Response(str(script("chart_tools.js").text), media_type="text/javascript")


def _tutorial(request: Request) -> Response:
    return Page(request).html("tutorial.html", _given(step_of(request.path_params["slug"])))


def _given(step: Step) -> dict[str, Any]:
    """What the template of a step is filled with."""
    place = STEPS.index(step)
    near = {
        "before": STEPS[place - 1] if place else None,
        "after": STEPS[place + 1] if place + 1 < len(STEPS) else None,
    }
    sliders = {slider.name: slider for slider in step.sliders}
    shared = {"here": "tutorial", "steps": STEPS, "counts": COUNTS, "pieces": _pieces}
    return {"step": step, "near": near, "sliders": sliders, **shared}


def _pieces(paragraph: str) -> list[str]:
    """A paragraph's text and the names of the sliders in it, in turn: text, name, text, …"""
    return re.split(r"\[(\w+)\]", paragraph)


def _town(number: float) -> int:
    if not number.is_integer() or not 0 <= number < TOWNS:
        raise ScenarioError(f"town = {number:g}: a town is a whole number below {TOWNS:,}.")
    return int(number)


async def _fault(request: Request, error: Exception) -> Response:
    """What the laboratory says of a wrong request, as the command line would say it."""
    status = 404 if isinstance(error, StoringError) else 400
    return _error(request, str(error), status)


async def _lost(request: Request, error: HTTPException) -> Response:
    return _error(request, str(error.detail), error.status_code)


async def _too_deep(request: Request, _: Exception) -> Response:
    """Brackets or tables that stand too deep in one another for one of the readers of TOML and JSON."""
    return _error(request, "Brackets stand too deep in one another. Settings need one level.", 400)


def _error(request: Request, message: str, status: int) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return Page(request).html("fault.html", {"message": message}, status)
    return JSONResponse({"error": message}, status)
