"""Pages that take a while to make: lives, an evidence sheet, the results of a study. Each is an errand; until it is done, and
where it fails, the reader is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from glasshouse.errors import ScenarioError
from glasshouse.web.jobs import JobLimiter, PageJob
from glasshouse.web.rendering import Page, texts

SHEET = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
"""What a browser may do with a report: show it, and nothing more, as a page of its own origin."""
SCRIPTED = f"{SHEET} allow-scripts; script-src 'unsafe-inline'"
"""The same for a page with a script, which its own policy holds to the one that was written into it."""


@dataclass(frozen=True)
class JobRequest:
    """A page that may be asked for: what makes it, and what a reader is told meanwhile.

    `title` and `about` are messages; `back` is the address of what it is about, called `name` there; `needs` are megabytes.
    """

    errand: PageJob
    words: tuple[str, ...]
    title: str
    about: str
    back: str
    name: str
    needs: int
    environment: Mapping[str, str] = field(default_factory=dict)
    policy: str = SHEET


async def answer(request: Request, room: JobLimiter, wish: JobRequest) -> Response:
    """The page that is wished for, if it is there; else how it stands, and on POST it is begun or stopped."""
    if request.method == "POST":
        await run_in_threadpool(_do, (await texts(request, "do"))["do"], room, wish)
        return JSONResponse({})
    if "state" in request.query_params:
        return JSONResponse(await run_in_threadpool(_told, wish.errand))
    if wish.errand.done:
        return FileResponse(wish.errand.page, headers={"Content-Security-Policy": wish.policy})
    told = await run_in_threadpool(_told, wish.errand)
    return Page(request).html("written.html", {"wish": wish, "told": told, "here": ""})


def _told(errand: PageJob) -> dict[str, str]:
    """How it stands, for the page: «none» before it was ever begun."""
    return {"state": errand.state if errand.begun else "none", "said": errand.said}


def _do(what: str, room: JobLimiter, wish: JobRequest) -> None:
    if what == "begin":
        room.write(wish.errand, wish.words, wish.needs, wish.environment)
    elif what == "cancel":
        wish.errand.cancel()
    else:
        raise ScenarioError(f"«{what[:20]}» cannot be done: begin or cancel can.")
