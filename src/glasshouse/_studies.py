"""Studies from Python: run and open them, compare them, hold claims against them, calibrate, and write what they found.

These are public names of the package; like all of it they load no library before they are called.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.errors import ScenarioError

if TYPE_CHECKING:
    from glasshouse.analysis.calibration.calibration import Calibration, Method
    from glasshouse.analysis.claim_test import ClaimResult
    from glasshouse.analysis.comparison import Comparison
    from glasshouse.analysis.discovery import Discovery
    from glasshouse.report.notebook import Shown
    from glasshouse.results.result import Result
    from glasshouse.scenario.scenario import Scenario
    from glasshouse.study.definition import Study
    from glasshouse.study.findings import Findings
    from glasshouse.study.store.schema import Counts


def run_study(
    what: "str | Path",
    *,
    name: str | None = None,
    design: str | None = None,
    runs: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    measures: Sequence[str] = (),
    only: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    folder: "str | Path" = "results/studies",
    catalogue: str | None = None,
    workers: int = 0,
    cluster: str | None = None,
    plugins: "Sequence[str | Path]" = (),
    progress: "Callable[[Counts, int], None] | None" = None,
) -> "Findings":
    """Runs a study and returns what it found; one that was begun before goes on where it stopped.

    `what` is a study file, or a scenario, whose priors are then varied. `design` to `only` are values as a study file
    has them (`only` takes what `Findings.screened` leaves), `settings` go over the scenario. Figures go to `folder`, and
    to the catalogue there or at an address (`postgresql+psycopg://…`). `workers` are processes to run at once; 0 runs all
    in this one. With `cluster`, the address of a Ray cluster or «local», they are workers there; 0 uses it whole.
    `progress` is told the counts of runs and how many workers have some. Raises GlasshouseError, whose classes say in
    which phase.
    """
    short: dict[str, Any] = {"design": design, "runs": runs, "replicates": replicates, "seed": seed}
    short |= {"measures": tuple(measures) or None, "only": tuple(only) or None}
    made = _made(what, name, short, settings, plugins)
    return _done(made, Path(folder), catalogue, workers, plugins, cluster, progress)


def _made(
    what: "str | Path",
    name: str | None,
    short: Mapping[str, Any],
    settings: Mapping[str, Any] | None,
    plugins: "Sequence[str | Path]",
) -> "Study":
    """The study that a file or a scenario's priors make; `short` are values as a study file has them, None left out."""
    from dataclasses import replace

    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario.toml_text import toml_value
    from glasshouse.study import definition as study

    given = {key: value for key, value in short.items() if value is not None}
    made = study.study_from(
        what, given, [f"{key}={toml_value(value)}" for key, value in (settings or {}).items()], find(plugins)
    )
    return made if name is None else replace(made, name=name)


def _done(
    made: "Study",
    folder: Path,
    catalogue: str | None,
    workers: int,
    plugins: "Sequence[str | Path]",
    cluster: str | None = None,
    progress: "Callable[[Counts, int], None] | None" = None,
) -> "Findings":
    """Runs what is left of a study and returns what it found."""
    from glasshouse.study import worker
    from glasshouse.study.executors import chosen
    from glasshouse.study.findings import collect
    from glasshouse.study.store.study_database import StudyDatabase

    place = catalogue or str(folder / "catalogue.db")
    with StudyDatabase.open(place) as opened:
        worker.enter(opened, made)
        files = [Path(plugin) for plugin in plugins]
        chosen(cluster, workers)(opened, place, made.name, folder, workers, plugins=files, tell=progress)
        return collect(opened, made.name, folder / made.name)


def open_study(name: str, *, folder: "str | Path" = "results/studies", catalogue: str | None = None) -> "Findings":
    """What the study of that name has found so far; StoringError if there is none, or its figures are damaged."""
    from glasshouse.study.findings import collect
    from glasshouse.study.store.study_database import StudyDatabase

    with StudyDatabase.open(catalogue or str(Path(folder) / "catalogue.db")) as opened:
        return collect(opened, name, Path(folder) / name)


def freeze_study(
    what: "str | Path",
    claims: "Sequence[str | Path]" = (),
    *,
    name: str | None = None,
    design: str | None = None,
    runs: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    measures: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    folder: "str | Path" = "results/studies",
    catalogue: str | None = None,
    plugins: "Sequence[str | Path]" = (),
) -> Path:
    """Fixes a study with its claims by hash before its first run (pre-registration); returns its frozen file.

    `claims` are names of shipped ones or paths, all else as in `run_study`, which then runs it. Raises StoringError if a
    run of it has begun or it is frozen otherwise.
    """
    from glasshouse.analysis.claims import place
    from glasshouse.storage import write_atomic
    from glasshouse.study import preregistration
    from glasshouse.study.store.study_database import StudyDatabase

    short = {
        "design": design,
        "runs": runs,
        "replicates": replicates,
        "seed": seed,
        "measures": tuple(measures) or None,
    }
    made = _made(what, name, short, settings, plugins)
    kept = preregistration.place(Path(folder), made.name)
    with StudyDatabase.open(catalogue or str(Path(folder) / "catalogue.db")) as opened:
        _, text = preregistration.freeze(opened, made, [place(claim) for claim in claims])
    write_atomic(kept, text, "the frozen file")
    return kept


def work_on_study(
    name: str,
    *,
    folder: "str | Path" = "results/studies",
    catalogue: str | None = None,
    plugins: "Sequence[str | Path]" = (),
) -> int:
    """Adds this process to the workers of a study until no run is left, and returns how many runs it did.

    Raises StoringError if there is no such study, or its code or plug-ins are not here.
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.study.store.study_database import StudyDatabase
    from glasshouse.study.worker import work

    with StudyDatabase.open(catalogue or str(Path(folder) / "catalogue.db")) as opened:
        return work(opened, name, Path(folder) / name, plugins=find(plugins))


def study_status(name: str, *, folder: "str | Path" = "results/studies", catalogue: str | None = None) -> "Counts":
    """How many runs of a study are waiting, running, done and failed; StoringError if there is no such study."""
    from glasshouse.study.store.study_database import StudyDatabase

    with StudyDatabase.open(catalogue or str(Path(folder) / "catalogue.db"), read_only=True) as opened:
        return opened.counts(opened.study(name))


def compare(
    first: "str | Path | Scenario",
    second: "str | Path | Scenario",
    *,
    replicates: int | None = None,
    settings: Mapping[str, Any] | None = None,
    threads: int | None = None,
    plugins: "Sequence[str | Path]" = (),
) -> "Comparison":
    """Runs two scenarios on the same luck: every measure's difference with its interval, and what pairing was worth.

    `settings` go over both. Raises ScenarioError where [run] or [society] differ, so that the luck cannot be the same.
    """
    from glasshouse.analysis import comparison
    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario.scenario import load, override

    given = {**(settings or {}), **({} if replicates is None else {"replicates": replicates})}
    joined = find(plugins)
    found = [
        override(load(one, plugins=joined) if isinstance(one, str | Path) else one, given) for one in (first, second)
    ]
    return comparison.of_scenarios(found[0], found[1], threads=threads)


def compare_studies(
    first: str, second: str, *, folder: "str | Path" = "results/studies", catalogue: str | None = None
) -> "Comparison":
    """Two studies over the runs that share settings and seed: differences of every measure, and what pairing was worth.

    Raises StoringError if there is no such study, AnalysisError if they share no run.
    """
    from glasshouse.analysis.comparison import of_studies

    found = [open_study(name, folder=folder, catalogue=catalogue) for name in (first, second)]
    return of_studies(found[0], found[1])


def write_study(
    findings: "Findings",
    path: "str | Path",
    *,
    claims: "Sequence[str | Path]" = (),
    folder: "str | Path" = "results/studies",
    plugins: "Sequence[str | Path]" = (),
) -> Path:
    """Writes a study's page, one HTML file that needs no network, and returns its path.

    `claims` are held against it, by name or file; none named takes every shipped one whose measures it kept. `folder` is
    where its frozen file lies, if it has one: the page says which claims were fixed there. Raises
    ScenarioError for a claim with a fault, AnalysisError where no run is done yet.
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.report.study.claim_reasons import parts
    from glasshouse.report.study.study_page import write_study as write
    from glasshouse.study import preregistration

    fixed = preregistration.frozen_claims(Path(folder), findings.record)
    write(findings, Path(path), parts(findings, claims, find(plugins), fixed))
    return Path(path)


def write_pack(
    findings: "Findings",
    path: "str | Path",
    *,
    folder: "str | Path" = "results/studies",
    plugins: "Sequence[str | Path]" = (),
) -> Path:
    """Writes a study's evidence pack, one ZIP file with all that it says and rests on, and returns its path.

    `folder` is where its frozen file lies, `plugins` are the files that took part. StoringError if one of them is missing.
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.report.bundle import write
    from glasshouse.report.study.claim_reasons import parts
    from glasshouse.study import preregistration

    ready = parts(findings, (), find(plugins), preregistration.frozen_claims(Path(folder), findings.record))
    write(findings, Path(path), Path(folder), [Path(plugin) for plugin in plugins], ready)
    return Path(path)


def show(first: "Result | Findings", *others: "Result") -> "Shown":
    """The charts of the reports and of the page, from the same code, as a value that a notebook displays.

    For one result its course and its map, for up to four the same side by side, for what a study found its claims, maps
    and sensitivity. Raises ScenarioError for more than four, AnalysisError for a study of which no run is done yet.
    """
    from glasshouse.report import notebook
    from glasshouse.study.findings import Findings as Study

    if isinstance(first, Study):
        if others:
            raise ScenarioError("A study is shown alone. Compare studies with compare_studies.")
        return notebook.of_study(first)
    return notebook.of_results((first, *others))


def study_claims(
    study: "Findings", claims: "Sequence[str | Path]" = (), *, plugins: "Sequence[str | Path]" = ()
) -> "tuple[ClaimResult, ...]":
    """Holds claims against what a study found: the share of its points at which each holds, what decides it, where it fails.

    `claims` are names of shipped ones or paths of files; none named takes every shipped one whose measures the study kept.
    Raises ScenarioError for a claim with a fault, AnalysisError for one whose measures were not kept, and for a design
    whose points are no sample of the ranges.
    """
    from glasshouse.analysis.claim_test import examine_all
    from glasshouse.engine.plugin_loader import find

    return examine_all(study, claims, find(plugins))


def run_claims(
    claims: "Sequence[str | Path]",
    *,
    runs: int = 128,
    replicates: int = 2,
    citizens: int | None = None,
    seed: int = 1,
    folder: "str | Path" = "results/studies",
    catalogue: str | None = None,
    workers: int = 0,
    plugins: "Sequence[str | Path]" = (),
) -> "tuple[ClaimResult, ...]":
    """Runs the study that each claim needs, or goes on with it, and holds the claim against it.

    A claim's study is a Latin hypercube over what the claim says is uncertain; claims about the same share one. The other
    arguments are those of `run_study`. Raises GlasshouseError, whose classes say in which phase.
    """
    from glasshouse.analysis.claim_test import test_claim
    from glasshouse.analysis.claims import load, made
    from glasshouse.engine.plugin_loader import find

    given: dict[str, Any] = {"runs": runs, "replicates": replicates, "seed": seed}
    given |= {"settings": {"society.citizens": citizens}} if citizens is not None else {}
    loaded = [load(claim, find(plugins)) for claim in claims]
    studies = [made(claim, given) for claim in loaded]
    found = {
        one.name: _done(one, Path(folder), catalogue, workers, plugins) for one in {s.name: s for s in studies}.values()
    }
    return tuple(test_claim(claim, found[one.name]) for claim, one in zip(loaded, studies, strict=True))


def discover(study: "Findings", expression: str) -> "Discovery":
    """The box of settings in which an expression over harms holds at a study's points («wrongly_listed_share > 0.1»).

    Raises ScenarioError for a faulty expression, and AnalysisError for one about what is no harm, for a study whose
    points are no sample or too few, and without ema_workbench.
    """
    from glasshouse.analysis.discovery import discover as find_box

    return find_box(study, expression)


def calibrate(
    targets: "str | Path",
    *,
    method: "Method" = "abc",
    study: str | None = None,
    name: str | None = None,
    runs: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    share: float = 0.0,
    checks: int = 40,
    folder: "str | Path" = "results/studies",
    catalogue: str | None = None,
    workers: int = 0,
    plugins: "Sequence[str | Path]" = (),
) -> "Calibration":
    """Fits a model's parameters to published aggregates, and tests the result on those that were held out.

    `targets` is a file of published figures with their uncertainty. «abc» and «sbi» give a posterior from a sample of the
    priors, «fit» the nearest point of a search. `study` names stored runs to use; otherwise the targets' study is run,
    with `runs` to `settings` as in `run_study`. `share` of the runs are accepted by abc (0: one that suits their number),
    and `checks` runs test the result. `folder` to `plugins` are as in `run_study`. Raises GlasshouseError, whose classes say
    in which phase.
    """
    from glasshouse.analysis.calibration import calibration
    from glasshouse.analysis.calibration.targets import load as targets_of
    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario.toml_text import toml_value
    from glasshouse.study.store.study_database import StudyDatabase

    short = {"runs": runs, "replicates": replicates, "seed": seed}
    given = {key: value for key, value in short.items() if value is not None}
    over = [f"{key}={toml_value(value)}" for key, value in (settings or {}).items()]
    address = catalogue or str(Path(folder) / "catalogue.db")
    with StudyDatabase.open(address) as opened:
        place = calibration.Place(
            opened, address, Path(folder), workers, tuple(Path(plugin) for plugin in plugins), find(plugins)
        )
        return calibration.calibrate(
            place, targets_of(targets), method, stored=study, name=name, given=given, settings=over, share=share,
            checks=checks,
        )  # fmt: skip


def write_calibration(calibration: "Calibration", path: "str | Path") -> Path:
    """Writes what a calibration found as one HTML page that needs no network, and returns its path."""
    from glasshouse.report.calibration_page import write_calibration as write

    write(calibration, Path(path))
    return Path(path)
