"""What the page says of a study: its progress, which runs failed or stall, and whether it was changed."""

from pathlib import Path
from typing import Any

from glasshouse.errors import StoringError
from glasshouse.study import preregistration
from glasshouse.study.definition import EXTENDED, read_definition
from glasshouse.study.integrity import faults
from glasshouse.study.store.schema import Study
from glasshouse.study.store.study_database import StudyDatabase

TROUBLES = 10
"""Runs that failed or stall which are named."""


def study_facts(database: StudyDatabase, study: Study) -> dict[str, Any]:
    """The progress of a study, as the page shows it.

    Parameters
    ----------
    database : StudyDatabase
        The study database, open.
    study : Study
        A study of it.

    Returns
    -------
    dict
        By name: the study's name, title and design, the numbers of its points and of its runs by state, its active
        workers, and the digest and date of its preregistration. It can be written as JSON.
    """
    definition = read_definition(study)
    counts, mark, design = database.counts(study), preregistration.registration_of(study), definition["design"]["kind"]
    return {
        "name": study.name,
        "title": definition["title"],
        "design": design,
        "factors": len(definition["design"]["factors"]),
        "replicates": definition["replicates"],
        "points": counts.points,
        "over": counts.points_ended,
        "total": counts.total,
        "done": counts.done,
        "failed": counts.failed,
        "over_all": 0 < counts.total == counts.ended and design != EXTENDED,
        "running": counts.running,
        "workers": database.active_workers(study) if counts.running else 0,
        "frozen": str(mark.digest) if mark else "",
        "date": mark.date if mark else "",
        "created": preregistration.utc_time(study.created),
    }


def listed(database: StudyDatabase, study: Study, folder: Path) -> dict[str, Any]:
    """The progress of a study, and whether it is still what it was when it was created.

    Parameters
    ----------
    database : StudyDatabase
        The study database, open.
    study : Study
        A study of it.
    folder : Path
        The folder of all studies.

    Returns
    -------
    dict
        What `study_facts` gives, and under `changed` what was changed. A study that was changed is not called
        preregistered, and one without a readable definition has its name alone.
    """
    changed = " ".join(faults(database, study, folder))
    try:
        found = study_facts(database, study)
    except StoringError:
        numbers = dict.fromkeys(("points", "done", "total", "failed", "workers"), 0)
        found = {"title": study.name, "name": study.name, "design": "", "date": "", **numbers}
    return found | ({"changed": changed, "frozen": "", "date": ""} if changed else {"changed": ""})


def troubles(database: StudyDatabase, study: Study) -> list[tuple[int, str, str]]:
    """The first runs that failed, and the first whose worker no longer reports.

    Parameters
    ----------
    database : StudyDatabase
        The study database, open.
    study : Study
        A study of it.

    Returns
    -------
    list of tuple of (int, str, str)
        For each run its number, `failed` or `stalled`, and the error or the name of the worker. At most `TROUBLES` of
        each kind.
    """
    failed = [(run.number, "failed", run.error or "") for run in database.runs(study, "failed")[:TROUBLES]]
    stalled = [(run.number, "stalled", run.worker or "") for run in database.stalled(study)[:TROUBLES]]
    return failed + stalled
