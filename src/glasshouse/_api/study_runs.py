"""Public functions of `glasshouse.studies` that define, run and open studies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from glasshouse._api.options import FOLDER, DesignOptions, StudyOptions, check_options

if TYPE_CHECKING:
    from glasshouse.scenario.scenario import Settings
    from glasshouse.study.definition import Study
    from glasshouse.study.findings import Findings
    from glasshouse.study.store.schema import Counts


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
        design, runs, levels, replicates, seed, measures, only
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
    check_options("run", options, StudyOptions)
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

    with StudyDatabase.open(address(folder, database)) as opened:
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
        name, design, runs, levels, replicates, seed, measures, folder, database and plugins, as in `run`.

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

    check_options("freeze", options, DesignOptions)
    folder = options.get("folder", FOLDER)
    study = defined(what, settings, options)
    path = preregistration.registration_path(Path(folder), study.name)
    with StudyDatabase.open(address(folder, options.get("database"))) as opened:
        _, text = preregistration.preregister(opened, study, [place(claim) for claim in claims])
    write_atomic(path, text, "the frozen file")
    return path


def work(
    name: str, *, folder: "str | Path" = FOLDER, database: str | None = None, plugins: "Sequence[str | Path]" = ()
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
    from glasshouse.study.store.study_database import StudyDatabase
    from glasshouse.study.worker import WorkerOptions
    from glasshouse.study.worker import work as complete

    with StudyDatabase.open(address(folder, database)) as opened:
        return complete(opened, name, Path(folder) / name, WorkerOptions(plugins=tuple(find(plugins))))


def status(name: str, *, folder: "str | Path" = FOLDER, database: str | None = None) -> "Counts":
    """Count the runs of a study by state.

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
    Counts
        How many runs are waiting, running, done and failed.

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

    with StudyDatabase.open(address(folder, database), read_only=True) as opened:
        return opened.counts(opened.study(name))


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
    given |= {key: tuple(options.get(key, ())) or None for key in ("measures", "only")}
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
    from glasshouse._api.progress import progress_callback
    from glasshouse.engine import size
    from glasshouse.study.definition import add_study
    from glasshouse.study.executors import executor_for
    from glasshouse.study.executors.executor import StudyJob
    from glasshouse.study.findings import collect
    from glasshouse.study.store.study_database import StudyDatabase

    folder, workers = Path(options.get("folder", FOLDER)), options.get("workers", 0)
    url = address(folder, options.get("database"))
    plugins = tuple(Path(plugin) for plugin in options.get("plugins", ()))
    if not options.get("cluster"):
        size.check(study.scenario, workers=max(workers, 1))
    with StudyDatabase.open(url) as opened:
        add_study(opened, study)
        with progress_callback(options.get("progress")) as callback:
            job = StudyJob(opened, url, study.name, folder, workers, plugins, callback)
            executor_for(options.get("cluster"), workers)(job)
        return collect(opened, study.name, folder / study.name)
