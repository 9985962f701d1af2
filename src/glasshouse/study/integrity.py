"""Whether a study is what it was when it was created: its definition, points, random seeds, figures and registration.

A study database can be changed by anyone who may write it, and by a failing disk. What it holds is compared with digests
before it is used: the definition with its own, points and seeds with the definition, the figures of each run with the digest
that its worker handed in, and a preregistered study with the file of its registration.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from glasshouse.errors import StoringError
from glasshouse.results.table import Table
from glasshouse.study import preregistration
from glasshouse.study.definition import ADVICE, read_definition, replicate_seed
from glasshouse.study.store.schema import Run, Study
from glasshouse.study.store.shards import changed_runs
from glasshouse.study.store.study_database import StudyDatabase


def check_seeds(name: str, definition: Mapping[str, Any], runs: Iterable[Run]) -> None:
    """Check that runs have the points, replicates and random seeds that the definition of their study gives them.

    Parameters
    ----------
    name : str
        Name of the study.
    definition : mapping
        Its definition.
    runs : iterable of Run
        The runs, as the database has them.

    Raises
    ------
    StoringError
        If one of them does not; the message names it.
    """
    seed, replicates, paired = definition["seed"], definition["replicates"], definition["paired"]
    seeds: dict[tuple[int, int | None], int] = {}
    for run in runs:
        key = (run.replicate, None if paired else run.point)
        if key not in seeds:
            seeds[key] = replicate_seed(seed, *key)
        if (run.point, run.replicate) != divmod(run.number, replicates) or run.seed != seeds[key]:
            raise StoringError(
                f"Run {run.number} of the study {name} does not have the point, replicate and random seed of its "
                f"definition: it was changed after it was stored. {ADVICE}"
            )


def check_complete(name: str, definition: Mapping[str, Any], points: int, runs: Iterable[Run]) -> None:
    """Check that each replicate at each point has its run.

    Parameters
    ----------
    name : str
        Name of the study.
    definition : mapping
        Its definition.
    points : int
        How many points it has.
    runs : iterable of Run
        All its runs, as the database has them.

    Raises
    ------
    StoringError
        If a run is missing, or one is there that no point has.
    """
    if sorted(run.number for run in runs) != list(range(points * definition["replicates"])):
        raise StoringError(
            f"The study {name} does not have one run for each replicate at each of its {points:,} points: runs were removed "
            f"or added after it was stored. {ADVICE}"
        )


def check_shards(name: str, runs: Iterable[Run], shards: Iterable[int]) -> None:
    """Check that the shard of each run that is done is known.

    Parameters
    ----------
    name : str
        Name of the study.
    runs : iterable of Run
        Its runs, as the database has them.
    shards : iterable of int
        Numbers of its shards, read after the runs.

    Raises
    ------
    StoringError
        If one is not; the message names it.
    """
    if missing := {run.shard for run in runs if run.shard is not None} - set(shards):
        raise StoringError(
            f"The study {name} has no record of shard {min(missing)}, which holds figures of runs that are done: records "
            f"were removed after they were stored. {ADVICE}"
        )


def check_figures(name: str, runs: Sequence[Run], figures: Table) -> None:
    """Check that the figures of all runs that are done are those that workers handed in.

    Parameters
    ----------
    name : str
        Name of the study.
    runs : sequence of Run
        Its runs, as the database has them.
    figures : Table
        The rows of its shards.

    Raises
    ------
    StoringError
        If those of a run are not; the message names the first of them.
    """
    if changed := changed_runs(figures, {run.number: run.digest for run in runs if run.state == "done"}):
        raise StoringError(
            f"The figures of run {changed[0]} of the study {name}, one of {len(changed):,}, are not those that its worker "
            f"handed in: figures or digests were changed. {ADVICE}"
        )


def check_registration(record: Study, folder: Path) -> None:
    """Check a preregistered study against the file of its registration, if the file is there.

    Parameters
    ----------
    record : Study
        The study, as the database has it.
    folder : Path
        The folder of all studies.

    Raises
    ------
    StoringError
        If the study is not what was registered.
    """
    stored, path = preregistration.registration_of(record), preregistration.registration_path(folder, record.name)
    if stored is None or not path.is_file():
        return
    found, contents = preregistration.read_registration(path)
    now = {**preregistration.registered_contents(record, contents["claims"]), "version": contents["version"]}
    if found != stored or preregistration.contents_hash(now) != found.digest:
        raise StoringError(
            f"The study {record.name} is not what was frozen on {found.date} as {found.digest} ({path}): study or file were "
            f"changed. {ADVICE}"
        )


def faults(database: StudyDatabase, record: Study, folder: Path) -> tuple[str, ...]:
    """Find out whether a study is what it was when it was created, its shards left out.

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
    tuple of str
        What is not, in sentences; empty if nothing was found.
    """
    checks: tuple[Callable[[], object], ...] = (
        lambda: check_seeds(record.name, read_definition(record), database.runs(record)),
        lambda: check_complete(
            record.name, read_definition(record), len(database.points(record)), database.runs(record)
        ),
        lambda: check_registration(record, folder),
    )
    found = []
    for check in checks:
        try:
            check()
        except StoringError as error:
            found.append(str(error))
    return tuple(found)
