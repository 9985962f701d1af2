"""The pages of instruments: one with all of them, a form for each, and the answers, which background jobs write.

A question lies in a folder named after its digest, so that the same question has the same answer at the same address.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from glasshouse.errors import RunningError, StoringError
from glasshouse.report.i18n import LANGUAGES
from glasshouse.storage import write_atomic
from glasshouse.web.instrument import Instrument, Offer
from glasshouse.web.instruments import INSTRUMENTS
from glasshouse.web.job_pages import SCRIPTED, JobRequest, answer
from glasshouse.web.jobs import PageJob
from glasshouse.web.reading_instruments import COUNTS
from glasshouse.web.rendering import Page, texts

DIGEST = re.compile(r"[0-9a-f]{12}")
QUESTION, WRITTEN = "question.json", "written"
"""What was asked, and the folder to which a command writes, in the folder of an answer."""


class InstrumentPages:
    """The answers about instruments.

    Parameters
    ----------
    offer : Offer
        What instruments may work with.
    """

    def __init__(self, offer: Offer) -> None:
        self.offer = offer

    @property
    def routes(self) -> list[Route]:
        """Which address is answered by what."""
        return [
            Route("/instruments", self.overview),
            Route("/instruments/{name}", self.form, methods=["GET"]),
            Route("/instruments/{name}", self.ask, methods=["POST"]),
            Route("/instruments/{name}/{digest}", self.show, methods=["GET", "POST"]),
            Route("/instruments/{name}/{digest}/files/{file}", self.file),
        ]

    def overview(self, request: Request) -> Response:
        """Show which instruments there are.

        Parameters
        ----------
        request : Request
            The request.

        Returns
        -------
        Response
            The page.
        """
        return Page(request).html("instruments.html", {"here": "instruments", "instruments": INSTRUMENTS.values()})

    def form(self, request: Request) -> Response:
        """Show what an instrument asks, and the answers that are there.

        Parameters
        ----------
        request : Request
            Names the instrument in its path.

        Returns
        -------
        Response
            The page.
        """
        one = _named(request)
        given = {"instrument": one, "fields": one.fields(self.offer), "earlier": self._earlier(one)}
        return Page(request).html("instrument.html", {"here": "instruments", **given})

    async def ask(self, request: Request) -> Response:
        """Begin to answer a question.

        Parameters
        ----------
        request : Request
            Names the instrument in its path, and brings a text for each of its fields.

        Returns
        -------
        Response
            The address of the answer, as JSON.

        Raises
        ------
        ScenarioError
            If an answer has a fault, or asks too much of the machine.
        RunningError
            If the page has too much to do, or keeps as many answers as it may.
        """
        one = _named(request)
        fields = await run_in_threadpool(one.fields, self.offer)
        given = await texts(request, *(field.name for field in fields))
        digest = await run_in_threadpool(self._begin, one, given, Page(request).words.language)
        return JSONResponse({"address": f"/instruments/{one.name}/{digest}"}, 201)

    async def show(self, request: Request) -> Response:
        """Show an answer, or how far it is.

        Parameters
        ----------
        request : Request
            Names instrument and answer in its path.

        Returns
        -------
        Response
            The page that the command wrote, or the state of the job.
        """
        wanted = await run_in_threadpool(self._wanted, _named(request), request.path_params["digest"])
        return await answer(request, self.offer.runs.limiter, wanted)

    def file(self, request: Request) -> Response:
        """Send a file of an answer.

        Parameters
        ----------
        request : Request
            Names instrument, answer and file in its path.

        Returns
        -------
        Response
            The file.
        """
        one, name = _named(request), request.path_params["file"]
        path = self._folder(one, request.path_params["digest"]) / WRITTEN / name
        if name not in one.files or not path.is_file():
            raise StoringError(f"This answer has no file {name[:40]} to fetch.")
        return FileResponse(path, filename=path.name)

    def _begin(self, one: Instrument, given: Mapping[str, str], language: str) -> str:
        one.checked(given, self.offer)
        question = {"given": dict(given), "language": language}
        text = json.dumps(question, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        folder = self.offer.runs.folder / f"{one.name}-{digest}"
        one.command(given, self.offer, folder / WRITTEN)
        if not folder.is_dir() and len(self._all()) >= self.offer.limits.stored:
            raise RunningError(
                f"This page stores {self.offer.limits.stored} answers. Remove folders from {self.offer.runs.folder} first."
            )
        write_atomic(folder / QUESTION, text, "the question")
        if "counts" in given:
            write_atomic(folder / COUNTS, given["counts"], "the counts")
        wanted = self._wanted(one, digest)
        self.offer.runs.limiter.write(wanted.job, wanted.argv, wanted.needs)
        return digest

    def _wanted(self, one: Instrument, digest: str) -> JobRequest:
        folder = self._folder(one, digest)
        question = json.loads((folder / QUESTION).read_text(encoding="utf-8"))
        command = one.command(question["given"], self.offer, folder.resolve() / WRITTEN)
        return JobRequest(
            job=PageJob(folder, f"{WRITTEN}/{one.page}"),
            argv=(*command.argv, "--language", question["language"]),
            title=one.title,
            about=one.about,
            back=f"/instruments/{one.name}",
            name=_subject(question["given"]),
            needs=command.needs,
            policy=SCRIPTED,
        )

    def _folder(self, one: Instrument, digest: str) -> Path:
        folder = self.offer.runs.folder / f"{one.name}-{digest}"
        if not DIGEST.fullmatch(digest) or not (folder / QUESTION).is_file():
            raise StoringError("There is no such answer here. It may have been of another page or folder.")
        return folder

    def _earlier(self, one: Instrument) -> list[dict[str, Any]]:
        """The answers of an instrument, the newest first."""
        found = []
        for path in sorted(self._all(one.name), key=lambda path: path.stat().st_mtime, reverse=True):
            question, job = json.loads(path.read_text(encoding="utf-8")), PageJob(path.parent, f"{WRITTEN}/{one.page}")
            files = [name for name in one.files if (path.parent / WRITTEN / name).is_file()]
            found.append(
                {
                    "address": f"/instruments/{one.name}/{path.parent.name.rpartition('-')[2]}",
                    "subject": _subject(question["given"]),
                    "language": LANGUAGES.get(question["language"], ""),
                    "state": job.state if job.begun else "stopped",
                    "files": files,
                }
            )
        return found

    def _all(self, name: str = "*") -> list[Path]:
        """The questions of an instrument, or of all."""
        return list(self.offer.runs.folder.glob(f"{name}-*/{QUESTION}"))


def _named(request: Request) -> Instrument:
    name = request.path_params["name"]
    if name not in INSTRUMENTS:
        raise StoringError(f"There is no instrument {name[:40]}. There are {', '.join(INSTRUMENTS)}.")
    return INSTRUMENTS[name]


def _subject(given: Mapping[str, str]) -> str:
    """What a question is about, in a few words: what was chosen first, and what tells it from others of the kind."""
    if "counts" in given:
        return given["study"]
    return ", ".join(given[name] for name in ("scenario", "run", "group", "at") if name in given)
