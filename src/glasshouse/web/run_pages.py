"""The pages of runs: a run as it goes on, what it found, and runs side by side.

Answers that read files or draw pages are plain functions, which the server calls in threads beside its event loop, so that
no reader waits for another.
"""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from glasshouse.model.measures.listing import ListedShare
from glasshouse.report.charts import NAMES, live
from glasshouse.report.run.report_data import MAPPED
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.time_series import SERIES
from glasshouse.results.totals import YEAR
from glasshouse.web.compare import compared
from glasshouse.web.job_pages import SCRIPTED
from glasshouse.web.rendering import Page, texts
from glasshouse.web.runs import Run, Runs

PAUSE = 0.25
"""Seconds between looks at what a run has reported."""


class RunPages:
    """The answers about the runs of one folder.

    Parameters
    ----------
    runs : Runs
        The runs.
    """

    def __init__(self, runs: Runs) -> None:
        self.runs = runs

    @property
    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        return [
            Route("/runs", self.list, methods=["GET"]),
            Route("/runs", self.start, methods=["POST"]),
            Route("/compare", self.compare),
            Route("/runs/{name}", self.show),
            Route("/runs/{name}/events", self.events),
            Route("/runs/{name}/cancel", self.cancel, methods=["POST"]),
            Route("/runs/{name}/resume", self.resume, methods=["POST"]),
            Route("/runs/{name}/files/{file:path}", self.file),
        ]

    async def start(self, request: Request) -> Response:
        """Start a run.

        Parameters
        ----------
        request : Request
            Brings the scenario as the text `toml`.

        Returns
        -------
        Response
            The address of the run, as JSON.
        """
        given = await texts(request, "toml")
        run = await run_in_threadpool(self.runs.start, given["toml"], Page(request).words.language)
        return JSONResponse({"address": f"/runs/{run.name}"}, 201)

    def list(self, request: Request) -> Response:
        """List all runs.

        Parameters
        ----------
        request : Request
            The request.

        Returns
        -------
        Response
            The page with name, title and state of each run.
        """
        found = [{"name": run.name, "title": run.title, "state": run.state} for run in self.runs.all()]
        return Page(request).html("runs.html", {"here": "runs", "runs": found})

    def compare(self, request: Request) -> Response:
        """Compare runs side by side: /compare?run=A&run=B&group=migrant.

        Parameters
        ----------
        request : Request
            Names the runs (`run`), the group (`group`) and the measure on the map (`map`).

        Returns
        -------
        Response
            The page of the comparison.
        """
        chosen = [self.runs.of(name) for name in request.query_params.getlist("run")]
        group = request.query_params.get("group", EVERYBODY)
        mapped = request.query_params.get("map", ListedShare.name)
        found = compared(chosen, group, mapped, Page(request).words)
        given = {"found": found, "runs": chosen, "mapped": MAPPED}
        return Page(request).html("compare.html", {"here": "runs", **given})

    def show(self, request: Request) -> Response:
        """Show one run: its course while it runs, then what it found.

        Parameters
        ----------
        request : Request
            Names the run in its path.

        Returns
        -------
        Response
            The page of the run.
        """
        run = self._run(request)
        scenario = run.scenario
        first, last = -scenario.run.start / YEAR, (scenario.run.weeks - scenario.run.start) / YEAR
        charts = {series.name: live(first, last) for series in SERIES}
        about = {"start": scenario.run.start, "year": YEAR, "arms": NAMES, "replicates": scenario.run.replicates}
        facts = json.dumps({"charts": charts, **about})
        given = {"run": run, "scenario": scenario, "series": SERIES, "files": run.downloads, "facts": facts}
        return Page(request).html("run.html", {"here": "runs", **given})

    def events(self, request: Request) -> Response:
        """Send what a run reports, as it reports it (server-sent events).

        Parameters
        ----------
        request : Request
            Names the run in its path. The header `Last-Event-ID` is a place in the file of events: none is lost.

        Returns
        -------
        Response
            The stream of events from that place on.
        """
        run = self._run(request)
        asked = request.headers.get("last-event-id", "0")
        # No file is longer, and a greater number is no place in one.
        place = int(asked) if asked.isdecimal() and len(asked) < 16 else 0
        return StreamingResponse(
            _stream(run, place), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    def cancel(self, request: Request) -> Response:
        """Stop a run; what it did is kept.

        Parameters
        ----------
        request : Request
            Names the run in its path.

        Returns
        -------
        Response
            Empty JSON.
        """
        self._run(request).cancel()
        return JSONResponse({})

    def resume(self, request: Request) -> Response:
        """Continue a run that was stopped.

        Parameters
        ----------
        request : Request
            Names the run in its path.

        Returns
        -------
        Response
            Empty JSON.
        """
        self.runs.resume(self._run(request), Page(request).words.language)
        return JSONResponse({})

    def file(self, request: Request) -> Response:
        """Send a file of a run.

        Parameters
        ----------
        request : Request
            Names the run and the file in its path.

        Returns
        -------
        Response
            The file. A report may style itself and nothing more, as a page of its own.
        """
        path = self._run(request).file(request.path_params["file"])
        if path.suffix == ".html":
            return FileResponse(path, headers={"Content-Security-Policy": SCRIPTED})
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
            yield f"event: state\ndata: {json.dumps({'state': state, 'error_message': run.error_message})}\n\n"
            if state != "running":
                return
        await asyncio.sleep(PAUSE)
