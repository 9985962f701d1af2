"""Public functions of `glasshouse.studies` that compare studies, test claims against them, calibrate, and condition."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from glasshouse._api.options import (
    FOLDER,
    CalibrationOptions,
    ClaimOptions,
    check_lists,
    check_options,
    marginals_setting,
)
from glasshouse._api.study_runs import address, execute, open  # noqa: A004 - the public name of the function

if TYPE_CHECKING:
    from glasshouse.analysis.boxes import ScenarioDiscovery
    from glasshouse.analysis.calibration.conditioned import Conditioned
    from glasshouse.analysis.calibration.result import Calibration, Method
    from glasshouse.analysis.calibration.runs import CalibrationRuns
    from glasshouse.analysis.claim_result import ClaimResult
    from glasshouse.analysis.claims import Claim
    from glasshouse.analysis.comparison import Comparison
    from glasshouse.scenario.scenario import Settings
    from glasshouse.study.definition import Study
    from glasshouse.study.findings import Findings


def compare(first: str, second: str, *, folder: "str | Path" = FOLDER, database: str | None = None) -> "Comparison":
    """Compare two studies over the runs that have the same settings and seed.

    Parameters
    ----------
    first : str
        Name of the first study.
    second : str
        Name of the second study.
    folder : str or Path
        Folder of their results.
    database : str, optional
        Study database; by default `studies.db` in the folder.

    Returns
    -------
    Comparison
        The difference of every measure with its confidence interval, and the variance reduction.

    Raises
    ------
    glasshouse.errors.StoringError
        If there is no such study.
    glasshouse.errors.AnalysisError
        If the studies share no run.

    Examples
    --------
    >>> import glasshouse as gh
    >>> gh.studies.compare("before", "after").rows  # doctest: +SKIP
    """
    from glasshouse.analysis.comparison import of_studies

    one, other = (open(name, folder=folder, database=database) for name in (first, second))
    return of_studies(one, other)


def claims(
    study: "Findings", claims: "Sequence[str | Path]" = (), *, plugins: "Sequence[str | Path]" = ()
) -> "tuple[ClaimResult, ...]":
    """Test claims against what a study found.

    Parameters
    ----------
    study : Findings
        What `run` or `open` returned.
    claims : sequence of str or Path
        Names of shipped claims or paths of claim files; without any, every shipped claim whose measures the study kept.
    plugins : sequence of str or Path
        Python files with mechanisms and measures of your own that the claims name.

    Returns
    -------
    tuple of ClaimResult
        For each claim the share of the study's points at which it holds and what decides it; for claims about harms alone
        also where it fails. `by_definition` has the results under each definition of its terms.

    Raises
    ------
    glasshouse.errors.ScenarioError
        If a claim has faults.
    glasshouse.errors.AnalysisError
        If a claim's measures were not kept, or the design's points are no sample of the ranges.

    Examples
    --------
    >>> import glasshouse as gh
    >>> study = gh.studies.open("social-governance")  # doctest: +SKIP
    >>> [(one.claim.name, one.share) for one in gh.studies.claims(study)]  # doctest: +SKIP
    """
    from glasshouse.analysis.claim_test import examine_all
    from glasshouse.engine.plugin_loader import find

    check_lists("claims", {"claims": claims, "plugins": plugins})
    return examine_all(study, claims, find(plugins))


def run_claims(claims: "Sequence[str | Path]", **options: Unpack[ClaimOptions]) -> "tuple[ClaimResult, ...]":
    """Run the study that each claim needs, or continue it, and test the claim against it.

    A claim's study has independent random points over what the claim declares as uncertain. Claims about the same scenario and
    settings share one study.

    Parameters
    ----------
    claims : sequence of str or Path
        Names of shipped claims or paths of claim files.
    **options : ClaimOptions
        runs, replicates, seed : int
            Runs of each study, replicates included (320), replicates at each point (5) and random seed (1).
        citizens : int
            Citizens of the synthetic population.
        marginals : str or Path
            What it is drawn from: the name of shipped marginals, or the path of a file of aggregates.
        vary, folder, database, workers, plugins, progress
            As in `run`.

    Returns
    -------
    tuple of ClaimResult
        One for each claim, in their order.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase.

    Examples
    --------
    >>> import glasshouse as gh
    >>> (tested,) = gh.studies.run_claims(["s05-silence"], workers=4)  # doctest: +SKIP
    """
    from glasshouse.analysis.claim_test import test_claim

    check_options("run_claims", options, ClaimOptions, {"claims": claims})
    pairs = claim_studies(claims, options)
    found = {study.name: execute(study, options) for study in {study.name: study for _, study in pairs}.values()}
    return tuple(test_claim(claim, found[study.name]) for claim, study in pairs)


def claim_studies(claims: "Sequence[str | Path]", options: "Mapping[str, Any]") -> "tuple[tuple[Claim, Study], ...]":
    """Load claims and define the study that each needs; nothing is stored yet.

    Parameters
    ----------
    claims : sequence of str or Path
        Names of shipped claims or paths of claim files.
    options : mapping of str to object
        Keyword arguments as in `ClaimOptions`.

    Returns
    -------
    tuple of (Claim, Study)
        One for each claim, in their order. Claims about the same scenario and settings have equal studies.
    """
    from glasshouse.analysis.claims import load, made
    from glasshouse.engine.plugin_loader import find

    given: dict[str, Any] = {"runs": 320, "replicates": 5, "seed": 1}
    given |= {key: value for key, value in options.items() if key in given and value is not None}
    if options.get("vary"):
        given["vary"] = tuple(options["vary"])
    if (citizens := options.get("citizens")) is not None:
        given["settings"] = {"society.citizens": citizens}
    if (named := options.get("marginals")) is not None:
        given["settings"] = {**given.get("settings", {}), "society.marginals": marginals_setting(named)}
    loaded = [load(claim, find(options.get("plugins", ()))) for claim in claims]
    return tuple((claim, made(claim, given)) for claim in loaded)


def discover(study: "Findings", expression: str) -> "ScenarioDiscovery":
    """Find the box of settings in which an expression over measures of harm holds.

    Parameters
    ----------
    study : Findings
        What `run` or `open` returned.
    expression : str
        A comparison of measures of harm, for instance `"wrongly_listed_share > 0.1"`.

    Returns
    -------
    ScenarioDiscovery
        The box, with coverage and density.

    Raises
    ------
    glasshouse.errors.ScenarioError
        If the expression has faults.
    glasshouse.errors.AnalysisError
        If it names a measure that is no harm, the study's points are no sample or too few, or ema_workbench is missing.

    Examples
    --------
    >>> import glasshouse as gh
    >>> study = gh.studies.open("social-governance")  # doctest: +SKIP
    >>> gh.studies.discover(study, "wrongly_listed_share > 0.1")  # doctest: +SKIP
    """
    from glasshouse.analysis.discovery import discover as find_box

    return find_box(study, expression)


@contextmanager
def _opened(options: CalibrationOptions) -> "Iterator[CalibrationRuns]":
    """Where the runs of a calibration are kept, and how they are done, by its keyword arguments."""
    from glasshouse._api.progress import progress_callback
    from glasshouse.analysis.calibration.runs import CalibrationRuns
    from glasshouse.engine.plugin_loader import find
    from glasshouse.study.store.study_database import StudyDatabase

    folder, files = Path(options.get("folder", FOLDER)), tuple(map(Path, options.get("plugins", ())))
    url, workers = address(folder, options.get("database")), options.get("workers", 0)
    with StudyDatabase.open(url) as database, progress_callback(options.get("progress")) as callback:
        yield CalibrationRuns(database, url, folder, workers, files, find(files), callback)


def calibrate(
    targets: "str | Path",
    settings: "Settings | None" = None,
    *,
    method: "Method" = "abc",
    study: str | None = None,
    share: float = 0.0,
    checks: int = 40,
    **options: Unpack[CalibrationOptions],
) -> "Calibration":
    """Fit a model's parameters to published aggregates and test the result on targets that were held out.

    Parameters
    ----------
    targets : str or Path
        File of published figures with their uncertainty.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `glasshouse.load`.
    method : {"abc", "sbi", "fit"}
        "abc" and "sbi" give a posterior from a sample of the priors, "fit" the nearest point of a search.
    study : str, optional
        Use the stored runs of this study; otherwise the study that the targets define is run.
    share : float
        Share of runs that "abc" accepts, 0 to 1; 0 chooses by the number of runs.
    checks : int
        Number of runs that test the result; 0 for none.
    **options : CalibrationOptions
        name, runs, replicates, seed, folder, database, workers, plugins and progress, as in `run`.

    Returns
    -------
    Calibration
        Posterior or best fit, and every target beside what the model predicts.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase.

    Examples
    --------
    >>> gh.studies.calibrate("examples/calibration/court-list.toml", checks=30)  # doctest: +SKIP
    """
    from glasshouse.analysis.calibration import calibration
    from glasshouse.analysis.calibration.targets import load

    check_options("calibrate", options, CalibrationOptions, {"settings": settings})
    given = {key: options[key] for key in ("runs", "replicates", "seed") if options.get(key) is not None}
    with _opened(options) as runs:
        chosen = calibration.CalibrationOptions(
            method, study, options.get("name"), given, settings or (), share, checks
        )
        return calibration.calibrate(runs, load(targets), chosen)


def condition(
    targets: "str | Path",
    settings: "Settings | None" = None,
    *,
    study: str | None = None,
    measures: "Sequence[str]" = (),
    share: float = 0.0,
    rival: str | None = None,
    **options: Unpack[CalibrationOptions],
) -> "Conditioned":
    """Say which settings remain plausible, and which harms follow, given counts that an authority disclosed.

    Parameters
    ----------
    targets : str or Path
        File of disclosed counts.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `glasshouse.load`.
    study : str, optional
        Use the finished runs of this study; otherwise the study that the targets name is run.
    measures : sequence of str
        Measures about people that follow; without any, all harms that the study kept.
    share : float
        Share of runs that are accepted, 0 to 1; 0 chooses by their number.
    rival : str, optional
        Finished study of another model, to say which harm would tell the two apart.
    **options : CalibrationOptions
        name, runs, replicates, seed, folder, database, workers, plugins and progress, as in `run`.

    Returns
    -------
    Conditioned
        Settings and harms with 90 % intervals, and how often these held known truths; `write_report` writes its page.

    Raises
    ------
    glasshouse.errors.GlasshouseError
        Its subclasses name the phase.

    Examples
    --------
    >>> gh.studies.condition("counts.toml", study="office", measures=["found_nothing"])  # doctest: +SKIP
    """
    from glasshouse.analysis.calibration import condition as conditioning
    from glasshouse.analysis.calibration.rivals import rivals
    from glasshouse.analysis.calibration.targets import load

    check_options("condition", options, CalibrationOptions, {"settings": settings, "measures": measures})
    given = {key: options[key] for key in ("runs", "replicates", "seed") if options.get(key) is not None}
    with _opened(options) as runs:
        counts = load(targets)
        if study is None:
            made = conditioning.study_of(counts, measures, given, settings or (), runs.joined)
            study = runs.run(replace(made, name=options.get("name") or made.name)).name
        found, *other = (
            conditioning.condition(counts, runs.found(name), measures, seed=options.get("seed") or 1, share=share)
            for name in (study, rival)
            if name is not None
        )
        return replace(found, rivals=rivals(found, *other)) if other else found
