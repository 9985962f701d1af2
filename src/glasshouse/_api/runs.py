"""Public functions for single runs: load and run a scenario, open, show and write results."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from glasshouse._api.options import RunOptions, check_lists, check_options, prepared

if TYPE_CHECKING:
    from glasshouse.analysis.ai_act.evidence import Evidence
    from glasshouse.analysis.attribution import Attribution
    from glasshouse.analysis.audit.report import AuditReport
    from glasshouse.analysis.remedies.report import RemedyReport
    from glasshouse.analysis.rights.report import RightsAssessment
    from glasshouse.analysis.savings.report import Savings
    from glasshouse.engine.progress import Progress
    from glasshouse.report.chart import Chart
    from glasshouse.report.notebook import Shown
    from glasshouse.results.life_selection import Lives
    from glasshouse.results.result import Result
    from glasshouse.scenario.scenario import Scenario, Settings
    from glasshouse.study.findings import Findings


def scenarios() -> tuple[str, ...]:
    """Names of the scenarios that ship with the package.

    Returns
    -------
    tuple of str
        Names that `load` and `run` accept, in alphabetical order within each folder.

    Examples
    --------
    >>> import glasshouse as gh
    >>> "social-governance" in gh.scenarios()
    True
    """
    from glasshouse.scenario.files import library_names

    return tuple(library_names())


def load(
    scenario: "str | Path",
    settings: "Settings | None" = None,
    *,
    plugins: "Sequence[str | Path]" = (),
) -> "Scenario":
    """Load and check a scenario.

    Parameters
    ----------
    scenario : str or Path
        Name of a shipped scenario or path of a scenario file.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, by `table.key`: `{"observation.coverage": 0.6}`. For the tables [run]
        and [society] the key alone is enough: `{"citizens": 5000}`. Texts such as `"observation.coverage=0.6"` are
        accepted too, as on the command line.
    plugins : sequence of str or Path
        Python files with mechanisms and measures of your own. They are executed. Plug-ins of installed packages are
        found without being named.

    Returns
    -------
    Scenario
        The scenario, checked and immutable.

    Raises
    ------
    glasshouse.errors.ScenarioError
        With every fault at once, each with its place and what to do.
    glasshouse.errors.PluginError
        If a plug-in does not load or does not keep the contract.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.load("social-governance", {"observation.coverage": 0.6, "citizens": 5000}).society.citizens
    5000
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario import scenario as files

    check_lists("load", {"settings": settings, "plugins": plugins})
    return files.load(scenario, settings or (), plugins=find(plugins))


def run(
    scenario: "str | Path | Scenario",
    settings: "Settings | None" = None,
    *,
    out: "str | Path | None" = None,
    resume: bool = False,
    keep_checkpoints: bool = False,
    **options: Unpack[RunOptions],
) -> "Result":
    """Run a scenario: the same population with and without the regime, under common random numbers.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a scenario file, or a loaded scenario.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `load`.
    out : str or Path, optional
        Folder for checkpoints and tables: new, empty, or with results of the same scenario. Without it nothing is written.
    resume : bool
        Continue the interrupted run in `out`. The results are byte-identical to those of an uninterrupted run.
    keep_checkpoints : bool
        Keep the checkpoints when the run is complete.
    **options : RunOptions
        citizens, replicates, seed, weeks : int, marginals : str or Path
            They replace the settings of the same names. Marginals can be shipped ones or a file of aggregates.
        plugins : sequence of str or Path
            Python files with mechanisms and measures of your own, as in `load`.
        threads : int
            Number of threads; it changes the speed, never the results.
        progress : bool or callable
            True shows the progress in a terminal or notebook. A callable is called with each `Progress` event.

    Returns
    -------
    Result
        What was measured in both arms, with confidence intervals.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase, such as `ScenarioError`, `CompilationError`, `RunningError` and `StoringError`.

    Examples
    --------
    >>> import glasshouse as gh
    >>> result = gh.run("social-governance", citizens=100_000)  # doctest: +SKIP
    >>> result.effects.to_pandas()  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.engine import run as engine

    check_options("run", options, RunOptions, {"settings": settings})
    found = prepared(scenario, settings, options)
    folder, threads = _claimed(out, found, resume=resume), options.get("threads")
    with progress_callback(options.get("progress")) as callback:
        return engine.run(
            found, out=folder, resume=resume, keep_checkpoints=keep_checkpoints, threads=threads, progress=callback
        )


def _claimed(out: "str | Path | None", scenario: "Scenario", *, resume: bool) -> Path | None:
    """The folder of a run, once it is clear that the run fits and that no other scenario's results are there."""
    from glasshouse.engine import size
    from glasshouse.results.output_folder import claim

    if out is None:
        return None
    size.check(scenario, out=Path(out))
    claim(Path(out), scenario, resume=resume)
    return Path(out)


def open_result(folder: "str | Path") -> "Result":
    """Open the result of a finished run.

    Parameters
    ----------
    folder : str or Path
        Results folder of the run (its `out`).

    Returns
    -------
    Result
        The result, equal to what `run` returned; life courses are not stored and need `lives`.

    Raises
    ------
    glasshouse.errors.StoringError
        If there is no finished run in the folder, or it is damaged.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.open_result("results/my-run").headline  # doctest: +SKIP
    """
    from glasshouse.engine.open_result import open_result as reopen

    return reopen(Path(folder))


def lives(
    result: "Result | str | Path",
    *,
    citizen: int | None = None,
    kind: str | None = None,
    threads: int | None = None,
    progress: "bool | Callable[[Progress], None] | None" = None,
) -> "Lives":
    """Life courses of synthetic citizens of a run, in both arms side by side.

    A finished run stores nothing about single citizens beyond the life courses in its report. Unless the result still
    holds its exemplary lives, the first replicate is run again, and its totals must come out the same.

    Parameters
    ----------
    result : Result, str or Path
        A result or the folder of one.
    citizen : int, optional
        Position of one citizen in the first replicate's population; without it, exemplary citizens are selected.
    kind : str, optional
        Only the exemplary life of this kind, for instance `"most-wronged"`.
    threads : int, optional
        Number of threads; it changes the speed, never the results.
    progress : bool or callable, optional
        True shows the progress; a callable is called with each `Progress` event.

    Returns
    -------
    Lives
        The life courses; `write_report` writes their page.

    Raises
    ------
    glasshouse.errors.StoringError
        If the folder holds no finished run.
    glasshouse.errors.RunningError
        If there is no such citizen or kind, or the installed code is not the code that made the result.

    Examples
    --------
    >>> import glasshouse as gh
    >>> result = gh.run("social-governance", citizens=2_000)  # doctest: +SKIP
    >>> gh.write_report(gh.lives(result, citizen=471), "life.html")  # doctest: +SKIP
    """
    from glasshouse._api.progress import progress_callback
    from glasshouse.engine import replay

    source = Path(result) if isinstance(result, str) else result
    with progress_callback(progress) as callback:
        return replay.lives(source, citizen=citizen, kind=kind, threads=threads, progress=callback)


def write_report(
    found: "Result | Evidence | RightsAssessment | Lives | Attribution | AuditReport | RemedyReport | Savings",
    path: "str | Path",
    language: str = "en",
) -> Path:
    """Write what was found as one HTML page that makes no network requests.

    Parameters
    ----------
    found : Result, Evidence, RightsAssessment, Lives, Attribution, AuditReport, RemedyReport or Savings
        What `run`, `assess`, `assess_rights`, `lives`, `decide`, `audit`, `remedy`, `rank` or `savings` returned. Studies have
        `glasshouse.studies.write_report`.
    path : str or Path
        The file to write. An impact assessment is also written as DOCX or Markdown, if the name ends in `.docx` or `.md`.
    language : str, default "en"
        `"en"` or `"de"`: the language of the page of a run, of audits, of remedies or of savings, outside folded sections.
        Other pages are English.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    glasshouse.errors.StoringError
        If the file cannot be written.
    glasshouse.errors.AnalysisError
        If another language than English is asked for and Babel is not installed.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.write_report(gh.run("social-governance"), "report.html")  # doctest: +SKIP
    """
    from glasshouse.report.pages import write_page

    write_page(found, Path(path), language)
    return Path(path)


def plot(result: "Result", measure: str) -> "Chart":
    """Draw a measure of a run: both arms by year, with 95 % intervals over replicates.

    Parameters
    ----------
    result : Result
        What `run` or `open_result` returned.
    measure : str
        Name of a measure, for instance `"chilling"`.

    Returns
    -------
    Chart
        A chart that Jupyter displays. Its `title` is the finding, `citation` a sentence to cite with interval and digests,
        `table` the figures; `save` writes it as SVG, PNG, PDF, Vega-Lite, CSV or Parquet.

    Raises
    ------
    glasshouse.errors.AnalysisError
        If there is no such measure.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.plot(gh.run("town", replicates=4), "chilling").save("chilling.pdf")  # doctest: +SKIP
    """
    from glasshouse.report.run.result_charts import plot as drawn

    return drawn(result, measure)


def show(first: "Result | Findings", *others: "Result") -> "Shown":
    """Display the charts of the reports in a notebook.

    Parameters
    ----------
    first : Result or Findings
        A result: its time series and map. The findings of a study: its claims, maps and sensitivity.
    *others : Result
        Up to three further results, drawn side by side with the first.

    Returns
    -------
    Shown
        A value that Jupyter displays; `html` is its text.

    Raises
    ------
    glasshouse.errors.ScenarioError
        For more than four results, or for results beside a study.
    glasshouse.errors.AnalysisError
        For a study of which no run is done yet.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.show(gh.run("social-governance", citizens=2_000))  # doctest: +SKIP
    """
    from glasshouse.errors import ScenarioError
    from glasshouse.report import notebook
    from glasshouse.study.findings import Findings as Study

    if isinstance(first, Study):
        if others:
            raise ScenarioError("A study is shown alone. Compare studies with glasshouse.studies.compare.")
        return notebook.of_study(first)
    return notebook.of_results((first, *others))
