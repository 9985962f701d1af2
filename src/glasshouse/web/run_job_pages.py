"""Pages about a run that background jobs write: life courses, the evidence sheet, and the impact assessment."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from glasshouse.analysis.default_size import sized
from glasshouse.engine.size import memory
from glasshouse.errors import ScenarioError
from glasshouse.report.i18n import mark as _
from glasshouse.web.job_pages import JobRequest, answer
from glasshouse.web.runs import ASKED, RESULT, Runs


class RunJobPages:
    """The answers about life courses, evidence sheets and impact assessments of the runs of one folder.

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
            Route("/runs/{name}/lives", self.lives, methods=["GET", "POST"]),
            Route("/runs/{name}/evidence", self.evidence, methods=["GET", "POST"]),
            Route("/runs/{name}/rights", self.rights, methods=["GET", "POST"]),
        ]

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
        return await answer(request, self.runs.limiter, await run_in_threadpool(self._lives, request))

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
        return await answer(request, self.runs.limiter, await run_in_threadpool(self._evidence, request))

    async def rights(self, request: Request) -> Response:
        """Show the figures of a fundamental-rights impact assessment of a run's scenario.

        Parameters
        ----------
        request : Request
            Names the run in its path.

        Returns
        -------
        Response
            The assessment, or the state of the job that writes it.
        """
        return await answer(request, self.runs.limiter, await run_in_threadpool(self._rights, request))

    def _lives(self, request: Request) -> JobRequest:
        run = self.runs.of(request.path_params["name"])
        if not run.done:
            raise ScenarioError(f"The run {run.name} is not finished, and lives are told of what is.")
        scenario, asked = run.scenario, request.query_params.get("citizen", "")
        people = scenario.society.citizens
        citizen = int(asked) if asked.isdecimal() and len(asked) < 10 else None
        if asked and (citizen is None or citizen >= people):
            raise ScenarioError(f"citizen = {asked[:20]}: this population has citizens 0 to {people - 1:,}.")
        job = run.lives(citizen)
        argv = ["lives", str((run.folder / RESULT).resolve()), "--quiet", "--out", str(job.page.resolve())]
        argv += [] if citizen is None else ["--citizen", str(citizen)]
        return JobRequest(
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

    def _evidence(self, request: Request) -> JobRequest:
        run = self.runs.of(request.path_params["name"])
        sheet, asked = run.evidence.folder / "sheet", run.folder / ASKED
        return JobRequest(
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

    def _rights(self, request: Request) -> JobRequest:
        run = self.runs.of(request.path_params["name"])
        sheet, asked = run.rights.folder / "sheet", run.folder / ASKED
        return JobRequest(
            job=run.rights,
            argv=("assess", str(asked.resolve()), "--fria", "--quiet", "--out", str(sheet.resolve())),
            title=_("Impact assessment"),
            about=_(
                "Figures for the six inputs of a fundamental-rights impact assessment under Article 27 of the EU AI Act, never "
                "a verdict. It takes many runs. When it is done, the office document is among the files of the run."
            ),
            back=f"/runs/{run.name}",
            name=run.scenario.title,
            needs=2 * memory(sized(run.scenario, ())),
        )
