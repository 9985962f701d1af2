"""Glasshouse: a laboratory for systems that track, score, list and sanction people.

    import glasshouse
    result = glasshouse.run("social-governance", citizens=100_000)
    result.effects.to_pandas()

It models people and handles none: societies are drawn from published aggregates, and nothing here takes a record about
a real person.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse._studies import (
    calibrate,
    compare,
    compare_studies,
    discover,
    freeze_study,
    open_study,
    run_claims,
    run_study,
    show,
    study_claims,
    study_status,
    work_on_study,
    write_calibration,
    write_pack,
    write_study,
)
from glasshouse.errors import (
    AnalysisError,
    CompilationError,
    GlasshouseError,
    PluginError,
    RunningError,
    ScenarioError,
    StoringError,
    SynthesisError,
)

if TYPE_CHECKING:
    from glasshouse.analysis.ai_act.evidence import Evidence
    from glasshouse.engine.progress import Progress
    from glasshouse.results.life_selection import Lives
    from glasshouse.results.result import Result
    from glasshouse.scenario.scenario import Scenario

__all__ = [
    "AnalysisError",
    "CompilationError",
    "GlasshouseError",
    "PluginError",
    "RunningError",
    "ScenarioError",
    "StoringError",
    "SynthesisError",
    "assess",
    "calibrate",
    "compare",
    "compare_studies",
    "describe",
    "discover",
    "freeze_study",
    "lives",
    "load",
    "open_result",
    "open_study",
    "run",
    "run_claims",
    "run_study",
    "scenarios",
    "show",
    "study_claims",
    "study_status",
    "work_on_study",
    "write_calibration",
    "write_evidence",
    "write_lives",
    "write_pack",
    "write_report",
    "write_study",
]


def scenarios() -> tuple[str, ...]:
    """Names of the scenarios that ship with the package."""
    from glasshouse.scenario.scenario import library_names

    return tuple(library_names())


def load(
    scenario: "str | Path",
    settings: Mapping[str, Any] | None = None,
    *,
    plugins: "Sequence[str | Path]" = (),
) -> "Scenario":
    """A scenario by the name of a shipped one or the path of its file, with other values for some settings.

    Settings are named «table.key», for instance `{"observation.coverage": 0.6}`. `plugins` are Python files with
    mechanisms and measures of one's own; those of installed packages are found without being named. Raises
    ScenarioError with every fault at once, and PluginError for a plug-in that cannot join.
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario import scenario as files

    found = files.load(scenario, plugins=find(plugins))
    return files.override(found, settings) if settings else found


def describe(scenario: "str | Path | Scenario", against: "str | Path | Scenario | None" = None) -> str:
    """The model that a scenario runs, in Markdown after the ODD protocol (Grimm et al. 2020).

    With `against`, only what the scenario does otherwise than that one. Everything is read from the declarations that
    the engine itself runs by. Raises ScenarioError with every fault of a file.
    """
    from glasshouse.report.document import markdown
    from glasshouse.report.odd.delta import delta
    from glasshouse.report.odd.description import odd

    found = load(scenario) if isinstance(scenario, str | Path) else scenario
    other = load(against) if isinstance(against, str | Path) else against
    return markdown(odd(found) if other is None else delta(found, other))


def run(
    scenario: "str | Path | Scenario",
    *,
    citizens: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    weeks: int | None = None,
    settings: Mapping[str, Any] | None = None,
    out: Path | None = None,
    resume: bool = False,
    threads: int | None = None,
    progress: "Callable[[Progress], None] | None" = None,
    plugins: "Sequence[str | Path]" = (),
) -> "Result":
    """Runs a scenario in both worlds and returns what was measured.

    `citizens`, `replicates`, `seed` and `weeks` stand for the settings of the same names. With `out` the run keeps
    checkpoints and tables in that folder, and `resume` goes on from there. `threads` changes the speed and nothing
    else. `progress` is told how far the run is. `plugins` are as in `load`. Raises GlasshouseError, whose classes say in
    which phase.
    """
    from glasshouse.engine import run as engine
    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario.scenario import override

    short = {"citizens": citizens, "replicates": replicates, "seed": seed, "weeks": weeks}
    given = {**(settings or {}), **{key: value for key, value in short.items() if value is not None}}
    if isinstance(scenario, str | Path):
        found = load(scenario, given, plugins=plugins)
    elif given or plugins:
        found = override(scenario, given, find(plugins))
    else:
        found = scenario
    return engine.run(found, out=out, resume=resume, threads=threads, progress=progress)


def open_result(folder: "str | Path") -> "Result":
    """The result of a run that was finished in a results folder; StoringError if there is none that can be read."""
    from glasshouse.engine.open_result import open_result as reopen

    return reopen(Path(folder))


def assess(
    scenario: "str | Path | Scenario",
    *,
    citizens: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    weeks: int | None = None,
    settings: Mapping[str, Any] | None = None,
    relatedness: "str | Path" = "usual",
    minor: float = 0.5,
    threads: int | None = None,
    progress: "Callable[[Progress], None] | None" = None,
) -> "Evidence":
    """Lays a scenario out by the elements of Article 5(1)(c) of the EU AI Act: numbers and assumptions, never a verdict.

    `relatedness` says which agency's data bear on which decision: a shipped matrix's name or the path of a TOML file.
    `minor` is the harm (ww) up to which an act counts as minor. Without `citizens` the society has at most 12,000. The
    other arguments are those of `run`. Raises GlasshouseError, whose classes say in which phase.
    """
    from glasshouse.analysis.ai_act import assessment
    from glasshouse.analysis.ai_act import relatedness as matrix
    from glasshouse.scenario.scenario import override

    short = {"citizens": citizens, "replicates": replicates, "seed": seed, "weeks": weeks}
    given = {**(settings or {}), **{key: value for key, value in short.items() if value is not None}}
    ratings = matrix.load(relatedness)
    found = load(scenario) if isinstance(scenario, str | Path) else scenario
    found = assessment.sized(override(found, given) if given else found, given)
    return assessment.assess(found, ratings=ratings, minor=minor, threads=threads, progress=progress)


def write_evidence(evidence: "Evidence", path: "str | Path") -> Path:
    """Writes the evidence sheet, one HTML page that needs no network, and returns its path."""
    from glasshouse.report.write import write_evidence as write

    write(evidence, Path(path))
    return Path(path)


def write_report(result: "Result", path: "str | Path") -> Path:
    """Writes the result's report, one HTML page that needs no network, and returns its path."""
    from glasshouse.report.write import write_report as write

    write(result, Path(path))
    return Path(path)


def lives(
    result: "Result | str | Path",
    *,
    citizen: int | None = None,
    kind: str | None = None,
    threads: int | None = None,
    progress: "Callable[[Progress], None] | None" = None,
) -> "Lives":
    """Lives of synthetic citizens in both worlds, from a result or the folder of one.

    Telling ones by default, one of them with `kind`, or with `citizen` that of a position in the run's first society. No
    run stores anything about single citizens: unless the result still holds its telling lives, the society is run again,
    and its sums must come out the same. Raises StoringError for a folder without a finished run and RunningError for a
    citizen or kind that does not exist, or where this is not the code that made the result.
    """
    from glasshouse.engine import replay

    source = Path(result) if isinstance(result, str) else result
    return replay.lives(source, citizen=citizen, kind=kind, threads=threads, progress=progress)


def write_lives(lives: "Lives", path: "str | Path") -> Path:
    """Writes lives as one HTML page that needs no network, and returns its path."""
    from glasshouse.report.write import write_lives as write

    write(lives, Path(path))
    return Path(path)
