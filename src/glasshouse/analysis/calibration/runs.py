"""Where the runs of a calibration are kept, and how they are done."""

from dataclasses import dataclass, field
from pathlib import Path

from glasshouse.engine.progress import OnProgress
from glasshouse.model.plugin import Plugin
from glasshouse.study import worker
from glasshouse.study.definition import Study, add_study
from glasshouse.study.executors import local
from glasshouse.study.executors.executor import StudyJob
from glasshouse.study.findings import Findings, collect
from glasshouse.study.store.study_database import StudyDatabase


@dataclass(frozen=True)
class CalibrationRuns:
    """Where runs are kept and who does them: the study database and its address, the folder, worker processes (0: this one)."""

    database: StudyDatabase
    url: str
    folder: Path
    workers: int = 0
    plugins: tuple[Path, ...] = ()
    joined: tuple[Plugin, ...] = ()
    tell: OnProgress | None = field(default=None, compare=False)

    def work(self, database: StudyDatabase, name: str) -> None:
        """Run what waits in a study.

        Parameters
        ----------
        database : StudyDatabase
            The open study database.
        name : str
            Name of the study.
        """
        if self.workers:
            job = StudyJob(database, self.url, name, self.folder, self.workers, self.plugins, self.tell)
            local.run_processes(job)
        else:
            worker.work(database, name, self.folder / name, worker.WorkerOptions(plugins=self.joined))

    def run(self, made: Study) -> Findings:
        """Add a study to the study database if necessary, and run what is left of it.

        Parameters
        ----------
        made : Study
            The study.

        Returns
        -------
        Findings
            What the study found.
        """
        add_study(self.database, made)
        self.work(self.database, made.name)
        return self.found(made.name)

    def found(self, name: str) -> Findings:
        """What a study has found so far.

        Parameters
        ----------
        name : str
            Name of the study.

        Returns
        -------
        Findings
            Its finished runs.
        """
        return collect(self.database, name, self.folder / name)
