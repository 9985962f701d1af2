"""Pages that take a while to write: lives, an evidence sheet, the results of a study.

Each is written by a background job; until it is done, and where it fails, the page says so.
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
SCRIPTED = f"{SHEET} allow-scripts allow-downloads; script-src 'unsafe-inline'"
"""The same for a page with a script; the page's own policy allows only the script that was written into it."""


@dataclass(frozen=True)
class JobRequest:
    """A page that a reader may ask for.

    Attributes
    ----------
    job : PageJob
        The job that writes it.
    argv : tuple of str
        Arguments of the `glasshouse` command that does so.
    title, about : str
        What is shown until the page is there; both are messages to translate.
    back, name : str
        Address and name of what the page is about.
    needs : int
        Memory that the job needs, in megabytes.
    environment : mapping of str to str
        Further environment variables of the job.
    policy : str
        Content security policy of the page.
    """

    job: PageJob
    argv: tuple[str, ...]
    title: str
    about: str
    back: str
    name: str
    needs: int
    environment: Mapping[str, str] = field(default_factory=dict)
    policy: str = SHEET


async def answer(request: Request, limiter: JobLimiter, wanted: JobRequest) -> Response:
    """Answer a request for a page that a background job writes.

    Parameters
    ----------
    request : Request
        GET asks for the page, or with `state` for the state of its job. POST starts or stops the job.
    limiter : JobLimiter
        Limits how many jobs run at once.
    wanted : JobRequest
        The page and the job that writes it.

    Returns
    -------
    Response
        The page if it exists, else a page that shows the state of its job; JSON for a state or a POST.
    """
    if request.method == "POST":
        await run_in_threadpool(_do, (await texts(request, "do"))["do"], limiter, wanted)
        return JSONResponse({})
    if "state" in request.query_params:
        return JSONResponse(await run_in_threadpool(_state, wanted.job))
    if wanted.job.done:
        return FileResponse(wanted.job.page, headers={"Content-Security-Policy": wanted.policy})
    state = await run_in_threadpool(_state, wanted.job)
    return Page(request).html("written.html", {"wanted": wanted, "now": state, "here": ""})


def _state(job: PageJob) -> dict[str, str | float]:
    """The state of a job as JSON has it, “none” before it was ever started, with the share of its work that is done."""
    return {"state": job.state if job.begun else "none", "error_message": job.error_message, "share": job.share}


def _do(what: str, limiter: JobLimiter, wanted: JobRequest) -> None:
    if what == "begin":
        limiter.write(wanted.job, wanted.argv, wanted.needs, wanted.environment)
    elif what == "cancel":
        wanted.job.cancel()
    else:
        raise ScenarioError(f"“{what[:20]}” is no action. There are begin and cancel.")
