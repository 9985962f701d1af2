"""How far a study is: its runs by state, what failed, what is stalled, lost or changed."""

from dataclasses import dataclass
from pathlib import Path

from glasshouse.study.integrity import faults
from glasshouse.study.store.schema import Counts, Run, Study
from glasshouse.study.store.shards import damaged_shards
from glasshouse.study.store.study_database import StudyDatabase


@dataclass(frozen=True)
class StudyStatus(Counts):
    """How many runs of a study are in each state, and what is amiss.

    Attributes
    ----------
    frozen : str or None
        Digest of the preregistration; None for a study that is not preregistered.
    changed : tuple of str
        What is not as it was when the study was created, in sentences.
    failures : tuple of Run
        Runs that failed, each with its error.
    stalled : tuple of Run
        Runs whose worker no longer reports.
    lost : int
        How many runs that are done have results that are missing or damaged.
    """

    frozen: str | None = None
    changed: tuple[str, ...] = ()
    failures: tuple[Run, ...] = ()
    stalled: tuple[Run, ...] = ()
    lost: int = 0


def status_of(database: StudyDatabase, record: Study, folder: Path) -> StudyStatus:
    """Find out how far a study is.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    record : Study
        The study, as the database has it.
    folder : Path
        The folder of all studies.

    Returns
    -------
    StudyStatus
        Its runs by state, and what is amiss.
    """
    lost = damaged_shards(folder / record.name, database.shards(record))
    return StudyStatus(
        **vars(database.counts(record)),
        frozen=record.frozen,
        changed=faults(database, record, folder),
        failures=tuple(database.runs(record, "failed")),
        stalled=tuple(database.stalled(record)),
        lost=sum(len(shard.runs) for shard, _ in lost),
    )
