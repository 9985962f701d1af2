"""The pages of runs: a run as it goes on, what it found, its lives and evidence sheet, and runs side by side."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from glasshouse.analysis.ai_act.assessment import sized
from glasshouse.errors import ScenarioError
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report.charts import NAMES, live
from glasshouse.report.run.report_data import MAPPED
from glasshouse.results.groups import EVERYBODY, GROUPINGS
from glasshouse.results.time_series import SERIES
from glasshouse.results.totals import YEAR
from glasshouse.web.compare import compared
from glasshouse.web.i18n import mark as _
from glasshouse.web.job_pages import SHEET, JobRequest, answer
from glasshouse.web.rendering import Page, texts
from glasshouse.web.runs import ASKED, DOWNLOADS, RESULT, Run, Runs, memory

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
            Route("/runs/{name}/lives", self.lives, methods=["GET", "POST"]),
            Route("/runs/{name}/evidence", self.evidence, methods=["GET", "POST"]),
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
        run = await run_in_threadpool(self.runs.start, given["toml"])
        return JSONResponse({"address": f"/runs/{run.name}"}, 201)

    async def list(self, request: Request) -> Response:
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

        def told() -> list[dict[str, str]]:
            return [{"name": run.name, "title": run.title, "state": run.state} for run in self.runs.all()]

        # Beside the event loop: every run's scenario and events are read, and others are not to wait for that.
        return Page(request).html("runs.html", {"here": "runs", "runs": await run_in_threadpool(told)})

    async def compare(self, request: Request) -> Response:
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
        found = await run_in_threadpool(compared, chosen, group, mapped)
        given = {"found": found, "runs": chosen, "groups": GROUPINGS, "mapped": MAPPED}
        return Page(request).html("compare.html", {"here": "runs", **given})

    async def show(self, request: Request) -> Response:
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
        about = {"start": scenario.run.start, "year": YEAR, "worlds": NAMES, "replicates": scenario.run.replicates}
        told = json.dumps({"charts": charts, **about})
        given = {"run": run, "scenario": scenario, "series": SERIES, "files": DOWNLOADS, "told": told}
        return Page(request).html("run.html", {"here": "runs", **given})

    async def events(self, request: Request) -> Response:
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

    async def cancel(self, request: Request) -> Response:
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
        await run_in_threadpool(self._run(request).cancel)
        return JSONResponse({})

    async def resume(self, request: Request) -> Response:
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
        await run_in_threadpool(self.runs.resume, self._run(request))
        return JSONResponse({})

    async def file(self, request: Request) -> Response:
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
            return FileResponse(path, headers={"Content-Security-Policy": SHEET})
        return FileResponse(path, filename=path.name)

    async def lives(self, request: Request) -> Response:
        """Show life courses of a finished run in both arms: exemplary ones, or those of /runs/NAME/lives?citizen=12.

        Parameters
        ----------
        request : Request
            Names the run in its path; `citizen` is the number of a citizen, from 0.

        Returns
        -------
        Response
            The page, or the state of the job that writes it.

        Raises
        ------
        ScenarioError
            If the run is not finished, or if it has no such citizen.
        """
        run = self._finished(request)
        scenario, asked = run.scenario, request.query_params.get("citizen", "")
        people = scenario.society.citizens
        citizen = int(asked) if asked.isdecimal() and len(asked) < 10 else None
        if asked and (citizen is None or citizen >= people):
            raise ScenarioError(f"citizen = {asked[:20]}: this society has citizens 0 to {people - 1:,}.")
        job = run.lives(citizen)
        argv = ["lives", str((run.folder / RESULT).resolve()), "--quiet", "--out", str(job.page.resolve())]
        argv += [] if citizen is None else ["--citizen", str(citizen)]
        wanted = JobRequest(
            job=job,
            argv=tuple(argv),
            title=_("Life courses in both arms"),
            about=_(
                "The same synthetic people with common random numbers, once with the regime and once without it. A run "
                "keeps nothing about single citizens, so its first replicate is run again: that takes about as long as the "
                "run did."
            ),
            back=f"/runs/{run.name}",
            name=scenario.title,
            needs=memory(scenario),
        )
        return await answer(request, self.runs.limiter, wanted)

    async def evidence(self, request: Request) -> Response:
        """Show the evidence sheet of a run's scenario, by the elements of the EU's rule on social scoring.

        Parameters
        ----------
        request : Request
            Names the run in its path.

        Returns
        -------
        Response
            The sheet, or the state of the job that writes it.
        """
        run = self._run(request)
        sheet, asked = run.evidence.folder / "sheet", run.folder / ASKED
        wanted = JobRequest(
            job=run.evidence,
            argv=("assess", str(asked.resolve()), "--quiet", "--out", str(sheet.resolve())),
            title=_("Evidence sheet"),
            about=_(
                "What a regulator would ask of this regime, by the elements of Article 5(1)(c) of the EU AI Act: numbers and "
                "assumptions, never a verdict. It takes a run of several arms with the same people."
            ),
            back=f"/runs/{run.name}",
            name=run.scenario.title,
            needs=2 * memory(sized(run.scenario, ())),
        )
        return await answer(request, self.runs.limiter, wanted)

    def _finished(self, request: Request) -> Run:
        run = self._run(request)
        if not run.done:
            raise ScenarioError(f"The run {run.name} is not finished, and lives are told of what is.")
        return run

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
