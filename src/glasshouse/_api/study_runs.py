"""Public functions of `glasshouse.studies` that define, run and open studies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from glasshouse._api.options import FOLDER, DesignOptions, ResumeOptions, StudyOptions, check_lists, check_options

if TYPE_CHECKING:
    from glasshouse.scenario.scenario import Settings
    from glasshouse.study.definition import Study
    from glasshouse.study.findings import Findings
    from glasshouse.study.store.study_database import StudyDatabase
    from glasshouse.study.study_status import StudyStatus


def run(what: "str | Path", settings: "Settings | None" = None, **options: Unpack[StudyOptions]) -> "Findings":
    """Run a study, or continue one that was interrupted, and return what it found.

    Parameters
    ----------
    what : str or Path
        A study file, or a scenario, whose priors are then varied.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `glasshouse.load`.
    **options : StudyOptions
        name : str
            Name of the study; by default that of the file or scenario.
        design, runs, vary, levels, replicates, seed, measures, only
            Values that replace those of the study file. `only` takes what `analysis.screening.screened` selects.
        folder : str or Path
            Where results go, `results/studies` by default.
        database : str
            Study database: a file or an address (`postgresql+psycopg://…`); by default `studies.db` in the folder.
        workers : int
            Worker processes; 0, the default, runs everything in this process.
        cluster : str
            Address of a Ray cluster, or `"local"`, on which the workers run; 0 workers use all of it.
        plugins : sequence of str or Path
            Python files with mechanisms and measures of your own.
        progress : bool or callable
            True shows the progress. A callable is called with the counts of runs and the number of active workers.

    Returns
    -------
    Findings
        Every finished run, and what follows from them.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase.

    Examples
    --------
    >>> import glasshouse as gh
    >>> found = gh.studies.run("social-governance", runs=64, workers=4)  # doctest: +SKIP
    """
    check_options("run", options, StudyOptions, {"settings": settings})
    return execute(defined(what, settings, options), options)


def open(name: str, *, folder: "str | Path" = FOLDER, database: str | None = None) -> "Findings":  # noqa: A001
    """Open a study: what it has found so far.

    Parameters
    ----------
    name : str
        Name of the study.
    folder : str or Path
        Folder of its results.
    database : str, optional
        Study database; by default `studies.db` in the folder.

    Returns
    -------
    Findings
        Every finished run, and what follows from them.

    Raises
    ------
    glasshouse.errors.StoringError
        If there is no such study, or its results are damaged.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.open("social-governance").counts.done  # doctest: +SKIP
    64
    """
    from glasshouse.study.findings import collect
    from glasshouse.study.store.study_database import StudyDatabase

    with StudyDatabase.open(address(folder, database), read_only=True) as opened:
        return collect(opened, name, Path(folder) / name)


def freeze(
    what: "str | Path",
    claims: "Sequence[str | Path]" = (),
    settings: "Settings | None" = None,
    **options: Unpack[DesignOptions],
) -> Path:
    """Preregister a study: fix it and its claims by hash before its first run.

    Parameters
    ----------
    what : str or Path
        A study file or a scenario, as in `run`, which then runs it with the same arguments.
    claims : sequence of str or Path
        Claims that the study is to test: names of shipped ones or paths of files.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `glasshouse.load`.
    **options : DesignOptions
        name, design, runs, vary, levels, replicates, seed, measures, folder, database and plugins, as in `run`.

    Returns
    -------
    Path
        The file of the preregistration.

    Raises
    ------
    glasshouse.errors.StoringError
        If a run of the study has begun, or another version of it is frozen.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.freeze("study.toml", ["heart"])  # doctest: +SKIP
    """
    from glasshouse.analysis.claims import place
    from glasshouse.storage import write_atomic
    from glasshouse.study import preregistration
    from glasshouse.study.store.study_database import StudyDatabase

    check_options("freeze", options, DesignOptions, {"claims": claims, "settings": settings})
    folder = options.get("folder", FOLDER)
    study = defined(what, settings, options)
    path = preregistration.registration_path(Path(folder), study.name)
    with StudyDatabase.open(address(folder, options.get("database"))) as opened:
        _, text = preregistration.preregister(opened, study, [place(claim) for claim in claims])
    write_atomic(path, text, "the frozen file")
    return path


def resume(name: str, **options: Unpack[ResumeOptions]) -> "Findings":
    """Resume a study: runs that are missing, damaged, interrupted or failed are done, and return what it found.

    Parameters
    ----------
    name : str
        Name of the study.
    **options : ResumeOptions
        folder, database, plugins, workers, cluster and progress, as in `run`.

    Returns
    -------
    Findings
        Every finished run, and what follows from them.

    Raises
    ------
    glasshouse.errors.StoringError
        If there is no such study, or its code or plug-ins are not installed here.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.resume("social-governance", workers=4).counts.failed  # doctest: +SKIP
    0
    """
    from glasshouse.study.findings import collect
    from glasshouse.study.store.study_database import StudyDatabase

    check_options("resume", options, ResumeOptions)
    folder = Path(options.get("folder", FOLDER))
    with StudyDatabase.open(address(folder, options.get("database")), existing=True) as opened:
        put_back(opened, name, folder)
        complete(opened, name, options)
        return collect(opened, name, folder / name)


def work(
    name: str,
    *,
    folder: "str | Path" = FOLDER,
    database: str | None = None,
    plugins: "Sequence[str | Path]" = (),
    threads: int = 1,
) -> int:
    """Add this process to the workers of a study until no run is left.

    Parameters
    ----------
    name : str
        Name of the study.
    folder : str or Path
        Folder of its results.
    database : str, optional
        Study database; by default `studies.db` in the folder.
    plugins : sequence of str or Path
        The plug-in files that the study was defined with.
    threads : int
        Processors that this worker uses.

    Returns
    -------
    int
        Number of runs that this process completed.

    Raises
    ------
    glasshouse.errors.StoringError
        If there is no such study, or its code or plug-ins are not installed here.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.work("social-governance")  # doctest: +SKIP
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.study.executors.local import is_orphaned, own_label
    from glasshouse.study.store.study_database import StudyDatabase
    from glasshouse.study.worker import WorkerOptions
    from glasshouse.study.worker import work as work_on

    check_lists("work", {"plugins": plugins})
    # A process that an executor started has a label of its executor, and ends with it.
    options = WorkerOptions(tuple(find(plugins)), threads, label=own_label(), should_stop=is_orphaned)
    with StudyDatabase.open(address(folder, database), existing=True) as opened:
        return work_on(opened, name, Path(folder) / name, options)


def status(name: str, *, folder: "str | Path" = FOLDER, database: str | None = None) -> "StudyStatus":
    """Find out how far a study is: its runs by state, and what is amiss.

    Parameters
    ----------
    name : str
        Name of the study.
    folder : str or Path
        Folder of its results.
    database : str, optional
        Study database; by default `studies.db` in the folder.

    Returns
    -------
    StudyStatus
        How many runs are waiting, running, done and failed; which failed and why, which are stalled, what is lost or changed.

    Raises
    ------
    glasshouse.errors.StoringError
        If there is no such study.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.status("social-governance").waiting  # doctest: +SKIP
    0
    """
    from glasshouse.study.store.study_database import StudyDatabase
    from glasshouse.study.study_status import status_of

    with StudyDatabase.open(address(folder, database), read_only=True) as opened:
        return status_of(opened, opened.study(name), Path(folder))


def address(folder: "str | Path", database: str | None) -> str:
    """Address of the study database.

    Parameters
    ----------
    folder : str or Path
        Folder of the results.
    database : str or None
        A file or an address, if one is given.

    Returns
    -------
    str
        What is given as `database`, otherwise the path of `studies.db` in the folder.
    """
    return database or str(Path(folder) / "studies.db")


def defined(what: "str | Path", settings: "Settings | None", options: Mapping[str, Any]) -> "Study":
    """The study of a file or of a scenario's priors.

    Parameters
    ----------
    what : str or Path
        A study file, or a scenario, whose priors are then varied.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `glasshouse.load`.
    options : mapping of str to object
        Keyword arguments as in `StudyOptions`; they take precedence over the values of the study file.

    Returns
    -------
    Study
        The study; nothing is stored yet.
    """
    from dataclasses import replace

    from glasshouse.engine.plugin_loader import find
    from glasshouse.study.make_study import make_study

    given = {key: options.get(key) for key in ("design", "runs", "levels", "replicates", "seed")}
    given |= {key: tuple(options.get(key, ())) or None for key in ("measures", "only", "vary")}
    given = {key: value for key, value in given.items() if value is not None}
    study = make_study(what, given, settings or (), find(options.get("plugins", ())))
    name = options.get("name")
    return study if name is None else replace(study, name=name)


def execute(study: "Study", options: Mapping[str, Any]) -> "Findings":
    """Run what is left of a study and return what it found.

    Parameters
    ----------
    study : Study
        The study. It is added to the study database if it is not there.
    options : mapping of str to object
        Keyword arguments as in `StudyOptions`, for where and how to run it.

    Returns
    -------
    Findings
        Every finished run, and what follows from them.

    Raises
    ------
    RunningError
        If the memory of this machine cannot hold a run for each worker.
    """
    from glasshouse.engine import size
    from glasshouse.study.definition import add_study
    from glasshouse.study.findings import collect
    from glasshouse.study.store.study_database import StudyDatabase

    folder = Path(options.get("folder", FOLDER))
    if not options.get("cluster"):
        size.check(study.scenario, workers=max(options.get("workers", 0), 1))
    with StudyDatabase.open(address(folder, options.get("database"))) as opened:
        add_study(opened, study)
        complete(opened, study.name, options)
        return collect(opened, study.name, folder / study.name)


def put_back(database: "StudyDatabase", name: str, folder: Path) -> tuple[int, int]:
    """Let runs of a study wait again that are missing, damaged or failed.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    name : str
        Name of the study.
    folder : Path
        Folder of the results.

    Returns
    -------
    tuple of int
        How many were missing or damaged, and how many had failed.
    """
    record = database.study(name)
    return len(database.recover(record, folder / name)), database.retry(record)


def complete(database: "StudyDatabase", name: str, options: Mapping[str, Any]) -> None:
    """Run what is left of a study.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    name : str
        Name of the study, which is in it.
    options : mapping of str to object
        Keyword arguments as in `ResumeOptions`, for where and how to run it.
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.study.executors import executor_for
    from glasshouse.study.executors.executor import StudyJob

    folder, workers = Path(options.get("folder", FOLDER)), options.get("workers", 0)
    url = address(folder, options.get("database"))
    plugins = tuple(Path(plugin) for plugin in options.get("plugins", ()))
    with progress_callback(options.get("progress")) as callback:
        executor_for(options.get("cluster"), workers)(StudyJob(database, url, name, folder, workers, plugins, callback))
