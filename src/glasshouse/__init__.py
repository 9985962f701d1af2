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

from glasshouse.errors import (
    GlasshouseError,
    PluginError,
    RunningError,
    ScenarioError,
    StoringError,
    SynthesisError,
    WeavingError,
)

if TYPE_CHECKING:
    from glasshouse.progress import Progress
    from glasshouse.result import Result
    from glasshouse.scenario import Scenario

__all__ = [
    "GlasshouseError",
    "PluginError",
    "RunningError",
    "ScenarioError",
    "StoringError",
    "SynthesisError",
    "WeavingError",
    "load",
    "run",
    "scenarios",
    "write_report",
]


def scenarios() -> tuple[str, ...]:
    """Names of the scenarios that ship with the package."""
    from glasshouse.scenario import library_names

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
    from glasshouse import scenario as files
    from glasshouse.plugins import find

    found = files.load(scenario, plugins=find(plugins))
    return files.override(found, settings) if settings else found


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
    from glasshouse import engine
    from glasshouse.plugins import find
    from glasshouse.scenario import override

    short = {"citizens": citizens, "replicates": replicates, "seed": seed, "weeks": weeks}
    given = {**(settings or {}), **{key: value for key, value in short.items() if value is not None}}
    if isinstance(scenario, str | Path):
        found = load(scenario, given, plugins=plugins)
    elif given or plugins:
        found = override(scenario, given, find(plugins))
    else:
        found = scenario
    return engine.run(found, out=out, resume=resume, threads=threads, progress=progress)


def write_report(result: "Result", path: "str | Path") -> Path:
    """Writes the result's report, one HTML page that needs no network, and returns its path."""
    from glasshouse.report import write_report as write

    write(result, Path(path))
    return Path(path)
