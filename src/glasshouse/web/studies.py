"""Studies on the page: which there are, how far each is while workers are at it, and what it found.

The page only looks: the study database is opened for each look and nothing is written to it, so that it makes no difference
whether workers of this machine or of a cluster are at work. Results are the page that `glasshouse study report` writes.
"""

import asyncio
import hashlib
import json
import os
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from glasshouse.errors import AnalysisError, ScenarioError, StoringError
from glasshouse.report.i18n import mark as _
from glasshouse.report.study.study_page import headline
from glasshouse.study.definition import read_definition
from glasshouse.study.findings import Findings, collect
from glasshouse.study.store.schema import Study
from glasshouse.study.store.study_database import StudyDatabase
from glasshouse.web.job_pages import SCRIPTED, JobRequest, answer
from glasshouse.web.jobs import JobLimiter, PageJob
from glasshouse.web.rendering import Page
from glasshouse.web.study_state import listed, study_facts, troubles

PAUSE = 1.0
"""Seconds between looks at a study database while somebody watches."""

SEEN = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")
"""How far a study was when its results were asked for, in an address: runs done, and failed."""

NEEDS = 1_000
"""Megabytes that it takes to write the page of a study."""

TABLES = {"runs.csv": "text/csv", "runs.parquet": "application/vnd.apache.parquet"}
"""Files of a study's runs that may be fetched."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Place:
    """Where studies are: the folder of their figures, and the study database, a file or an address; else one in the folder."""

    folder: Path
    database: str | None = None

    @property
    def address(self) -> str:
        """The study database's file or address."""
        return self.database or str(self.folder / "studies.db")

    @property
    def there(self) -> bool:
        """Whether there can be a study database: one that was named may be elsewhere, and is then reported missing."""
        return self.database is not None or Path(self.address).exists()


class Studies:
    """The answers about the studies of one place.

    Pages of results are kept in a folder of the web interface's own.

    Parameters
    ----------
    place : Place
        Where the studies are.
    limiter : JobLimiter
        Limits the background jobs that write pages of results, and has the folder of these pages.
    """

    def __init__(self, place: Place, limiter: JobLimiter) -> None:
        self.place, self.limiter = place, limiter
        self._looking: dict[str, asyncio.Lock] = {}
        self._seen: dict[str, tuple[float, dict[str, Any]]] = {}
        self._summing, self._headlines = threading.Lock(), dict[tuple[str, str, int], str]()

    @property
    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        return [
            Route("/studies", self.list),
            Route("/studies/{name:path}/events", self.events),
            Route("/studies/{name:path}/results", self.results, methods=["GET", "POST"]),
            Route("/studies/{name:path}/files/{file}", self.file),
            # Last, since a study's name may hold a slash.
            Route("/studies/{name:path}", self.show),
        ]

    async def list(self, request: Request) -> Response:
        """Answer with the list of every study of the study database.

        Parameters
        ----------
        request : Request
            The request.

        Returns
        -------
        Response
            An HTML page, the newest study first.
        """
        found: list[dict[str, Any]] = []
        if self.place.there:
            found = await self._look(
                lambda database: [listed(database, study, self.place.folder) for study in database.studies()]
            )
        given = {"studies": found[::-1], "folder": str(self.place.folder)}
        return Page(request).html("studies.html", {"here": "studies", **given})

    async def show(self, request: Request) -> Response:
        """Answer with the page of one study: its progress, which is kept up to date, and links to its results.

        Parameters
        ----------
        request : Request
            The request, with the study's name in its path.

        Returns
        -------
        Response
            An HTML page. Once every run is done, it has the headline of the results.
        """
        name = request.path_params["name"]

        def work(database: StudyDatabase) -> tuple[dict[str, Any], list[tuple[int, str, str]], str]:
            study = self._named(database, name)
            about = str(read_definition(study)["about"])
            return listed(database, study, self.place.folder), troubles(database, study), about

        now, wrong, about = await self._look(work)
        summed, unread = "", ""
        if now["done"] == now["total"] > 0:
            try:
                summed = await run_in_threadpool(self._summed, now)
            except (AnalysisError, StoringError) as error:
                # The progress of the study is shown all the same: its figures may lie where its workers are.
                unread = str(error)
        given = {"study": now, "troubles": wrong, "about": about, "files": TABLES, "summed": summed, "unread": unread}
        return Page(request).html("study.html", {"here": "studies", **given})

    async def events(self, request: Request) -> Response:
        """Answer with the progress of a study whenever it changes, until no run is left.

        Parameters
        ----------
        request : Request
            The request, with the study's name in its path.

        Returns
        -------
        Response
            A stream of server-sent events. Each has the progress as JSON, with the rate in runs per second and the time
            left in seconds; an event `lost` says that the study database cannot be read.
        """
        name = request.path_params["name"]
        await self._look(lambda database: self._named(database, name))
        return StreamingResponse(
            self._stream(name), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _stream(self, name: str) -> AsyncIterator[str]:
        begun, first, lost = time.monotonic(), -1, ""
        before: dict[str, Any] = {}
        while True:
            try:
                now = await self._shared(name)
            except StoringError as error:
                # The answer goes on: a study database that is away comes back, and a browser that is refused asks no more.
                if str(error) != lost:
                    lost = str(error)
                    yield f"event: lost\ndata: {json.dumps({'error_message': lost})}\n\n"
                before = {}
                await asyncio.sleep(PAUSE)
                continue
            lost = ""
            over = now["done"] + now["failed"]
            first = over if first < 0 else first
            seconds = time.monotonic() - begun
            rate = (over - first) / seconds if over > first else 0.0
            if now != before:
                before = now
                left = (now["total"] - over) / rate if rate else None
                yield f"data: {json.dumps({**now, 'rate': rate, 'left': left})}\n\n"
            if now["over_all"]:
                return
            await asyncio.sleep(PAUSE)

    async def _shared(self, name: str) -> dict[str, Any]:
        """How far a study is, looked up once for all who watch it: a study may have a million runs to count."""
        async with self._looking.setdefault(name, asyncio.Lock()):
            when, seen = self._seen.get(name, (0.0, {}))
            if not seen or time.monotonic() - when >= PAUSE:
                seen = await self._look(lambda database: study_facts(database, self._named(database, name)))
                self._seen[name] = (time.monotonic(), seen)
            return seen

    async def results(self, request: Request) -> Response:
        """Answer with the page of the results so far, which is written on demand.

        Parameters
        ----------
        request : Request
            The request, with the study's name in its path. Its parameter `seen` says how far the study was, as runs
            done and runs failed (`12-0`); POST starts or cancels the background job that writes the page.

        Returns
        -------
        Response
            The page, the state of its job, or a redirect to the address with `seen`.

        Raises
        ------
        StoringError
            If there is no such study.
        ScenarioError
            If `seen` is not of this form.
        """
        name = request.path_params["name"]
        now = await self._look(lambda database: study_facts(database, self._named(database, name)))
        far, given = f"{now['done']}-{now['failed']}", request.query_params
        if "seen" not in given and request.method == "GET":
            # In the address, since a study may go on while its page is made, and would never be met with its own page.
            return RedirectResponse(f"?{request.url.include_query_params(seen=far).query}")
        seen = given.get("seen", far)
        if not SEEN.fullmatch(seen):
            raise ScenarioError(f"seen = {seen[:20]}: give the runs that were done and that failed, as {far}.")
        mark = hashlib.blake2b(f"{self.place.address}\0{name}\0{now['created']}\0{seen}".encode(), digest_size=8)
        job = PageJob(self.limiter.folder / "studies" / mark.hexdigest())
        argv = ("study", "report", "--folder", str(self.place.folder), "--out", str(job.page.resolve()), "--", name)
        wanted = JobRequest(
            job=job,
            argv=argv,
            title=_("What the study found"),
            about=_(
                "Claims, maps, what harm depends on, and every run, for the runs that have finished so far. Creating the page "
                "takes between a few seconds and a few minutes."
            ),
            back=f"/studies/{name}",
            name=now["title"],
            needs=NEEDS,
            # In the environment, since an address may hold a password and others can see the arguments of a process.
            environment={"GLASSHOUSE_STUDIES": self.place.address},
            policy=SCRIPTED,
        )
        return await answer(request, self.limiter, wanted)

    async def file(self, request: Request) -> Response:
        """Answer with a table of every run that is done.

        Parameters
        ----------
        request : Request
            The request, with the study's name and a file of `TABLES` in its path.

        Returns
        -------
        Response
            The file, to be saved.

        Raises
        ------
        StoringError
            If there is no such study, or no such file.
        """
        name, file = request.path_params["name"], request.path_params["file"]
        if file not in TABLES:
            raise StoringError(f"A study has no file {file} to fetch. It has: {', '.join(TABLES)}.")
        # A file for each who asks: two that ask at once would write over one another.
        path = self.limiter.folder / "studies" / f"{os.urandom(8).hex()}-{file}"

        def work() -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._collected(name).runs.save(path)

        await run_in_threadpool(work)
        gone = BackgroundTask(path.unlink, missing_ok=True)
        return FileResponse(path, media_type=TABLES[file], filename=f"{name}-{file}", background=gone)

    def _summed(self, now: Mapping[str, Any]) -> str:
        """The headline of a study that is done, read from its figures once for all who ask."""
        key = (now["name"], now["created"], now["done"])
        with self._summing:
            if key not in self._headlines:
                self._headlines[key] = headline(self._collected(now["name"]))
            return self._headlines[key]

    def _collected(self, name: str) -> Findings:
        with StudyDatabase.open(self.place.address, read_only=True) as database:
            return collect(database, name, self.place.folder / name)

    async def _look(self, work: Callable[[StudyDatabase], Found]) -> Found:
        """What `work` finds in the study database, opened only to look."""

        def look() -> Found:
            if not self.place.there:
                raise StoringError("There is no study here yet. Begin one with: glasshouse study run WHAT")
            with StudyDatabase.open(self.place.address, read_only=True) as database:
                return work(database)

        return await run_in_threadpool(look)

    def _named(self, database: StudyDatabase, name: str) -> Study:
        for study in database.studies():
            if study.name == name:
                return study
        raise StoringError("There is no such study here. It may be in another study database.")
