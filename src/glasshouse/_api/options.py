"""Keyword arguments that several public functions share, and what all of them do with these.

They are typed dictionaries (PEP 692), so that type checkers and editors know every keyword.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from glasshouse.engine.progress import Progress
    from glasshouse.scenario.scenario import Scenario, Settings

_SHORT = {
    "citizens": "society.citizens",
    "marginals": "society.marginals",
    "replicates": "run.replicates",
    "seed": "run.seed",
    "weeks": "run.weeks",
}
"""Settings that are keyword arguments of their own, with their names in a scenario."""


FOLDER = "results/studies"
"""Where studies are kept unless a folder is named."""


class RunOptions(TypedDict, total=False):
    """Keyword arguments that `run`, `assess`, `compare` and `decide` share; each may be left out."""

    citizens: int | None
    """Citizens of the synthetic population (`society.citizens`)."""
    marginals: "str | Path | None"
    """Marginals that the population is drawn from: a shipped name, or the path of a file of aggregates."""
    replicates: int | None
    """Number of replicates, each with a different random seed (`run.replicates`)."""
    seed: int | None
    """Random seed: the same seed gives the same results (`run.seed`)."""
    weeks: int | None
    """Number of simulated weeks (`run.weeks`)."""
    plugins: "Sequence[str | Path]"
    """Python files with mechanisms and measures of your own."""
    threads: int | None
    """Number of threads; it changes the speed, never the results."""
    progress: "bool | Callable[[Progress], None] | None"
    """True shows the progress. A callable is called with each `Progress` event."""


class AuditOptions(RunOptions, total=False):
    """Keyword arguments of `audit`; each may be left out."""

    groups: Sequence[str]
    """Groups that are asked about, each against the rest; all declared ones by default."""
    cases: int
    """Cases that each auditor examines; 2,000 by default."""
    times: float
    """How many times as often the group is wrongly listed where power is computed; 2 by default."""
    yardstick: str
    """By what a listing is wrong: `"rule"`, the regime's own rule, the default, `"conduct"` or `"law"`."""
    audits: int
    """Audits by each method from which its scores come; 10,000 by default."""
    draws: int
    """Draws from the prior ranges over which power and requests are repeated; 0, the default, for none."""
    language: str
    """Language of the page in the folder `out`: `"en"`, the default, or `"de"`."""


class RemedyOptions(RunOptions, total=False):
    """Keyword arguments of `remedy`; each may be left out."""

    remedies: Sequence[str]
    """What is done: `"stop"`, `"purge"`, `"release"`, or safeguards; by default stop, notice, hearing, review and purge."""
    at: Sequence[float]
    """Months of the regime in which each remedy begins; by default 3, 6, 12, 24 and 36, as far as the regime lasts."""
    measures: Sequence[str]
    """Harms that are averted; by default adults restricted wrongly, and welfare lost."""
    share: float | None
    """Share of the first harm that a set of safeguards is to remove; None, the default, looks for no set."""
    safeguards: Sequence[str]
    """Safeguards that may be in such a set; all by default."""
    largest: int | None
    """Most safeguards in such a set; 2 by default."""
    language: str
    """Language of the page in the folder `out`: `"en"`, the default, or `"de"`."""


class RankOptions(RunOptions, total=False):
    """Keyword arguments of `rank`; each may be left out."""

    own: bool
    """Whether each regime has its own population and length instead of one population with common random numbers."""
    safeguards: Sequence[str]
    """Safeguards that are tried on each regime, alone and together; all by default, none if empty."""
    language: str
    """Language of the page in the folder `out`: `"en"`, the default, or `"de"`."""


class RightsOptions(RunOptions, total=False):
    """Keyword arguments of `assess_rights`; each may be left out."""

    draws: int
    """Draws from the prior ranges on which the likelihood of each harm rests; 20 by default, 0 for none."""
    mark: float
    """People, decisions or events per 100,000 adults above which a harm counts for its likelihood; 100 by default."""


class StoreOptions(TypedDict, total=False):
    """Keyword arguments that say where a study is kept; each may be left out."""

    folder: "str | Path"
    """Folder of the results, `results/studies` by default."""
    database: str | None
    """Study database: a file or an address (`postgresql+psycopg://…`); by default `studies.db` in the folder."""
    plugins: "Sequence[str | Path]"
    """Python files with mechanisms and measures of your own."""


class DesignOptions(StoreOptions, total=False):
    """Keyword arguments that define a study, over those of a study file; each may be left out."""

    name: str | None
    """Name of the study; by default that of the file or scenario."""
    design: str | None
    """Kind of design, for instance `"latin-hypercube"` or `"saltelli"`."""
    runs: int | None
    """Number of runs, replicates included, approximately."""
    vary: Sequence[str]
    """Groups that are varied where no factors are named, `"uncertainties"` and `"levers"`; by default the uncertainties."""
    levels: int | None
    """Levels of each range in a grid or a Morris design."""
    replicates: int | None
    """Replicates at each point, each with a different random seed."""
    seed: int | None
    """Random seed of design and replicates."""
    measures: Sequence[str]
    """Measures to keep; all if empty."""


class StudyOptions(DesignOptions, total=False):
    """Keyword arguments that `run` takes; each may be left out."""

    only: Sequence[str]
    """Vary only these settings, for instance those that a screening found to matter."""
    workers: int
    """Worker processes; 0, the default, runs everything in this process."""
    cluster: str | None
    """Address of a Ray cluster, or `"local"`, on which the workers run; 0 workers use all of it."""
    progress: "bool | Callable[[Progress], None] | None"
    """True shows the progress. A callable is called with each `Progress` event."""


class ResumeOptions(StoreOptions, total=False):
    """Keyword arguments that `resume` takes; each may be left out."""

    workers: int
    """Worker processes; 0, the default, runs everything in this process."""
    cluster: str | None
    """Address of a Ray cluster, or `"local"`, on which the workers run; 0 workers use all of it."""
    progress: "bool | Callable[[Progress], None] | None"
    """True shows the progress. A callable is called with each `Progress` event."""


class CalibrationOptions(StoreOptions, total=False):
    """Keyword arguments of `calibrate` for its study of runs; each may be left out."""

    name: str | None
    """Name of the study; by default that of the targets file."""
    runs: int | None
    """Number of runs, replicates included, approximately."""
    levels: int | None
    """Levels of each range in a grid or a Morris design."""
    replicates: int | None
    """Replicates at each point, each with a different random seed."""
    seed: int | None
    """Random seed of design, replicates and posterior draws."""
    workers: int
    """Worker processes; 0, the default, runs everything in this process."""
    progress: "bool | Callable[[Progress], None] | None"
    """True shows the progress. A callable is called with each `Progress` event."""


class ClaimOptions(StoreOptions, total=False):
    """Keyword arguments of `run_claims`; each may be left out."""

    runs: int
    """Runs of each claim's study, replicates included; 320 by default."""
    replicates: int
    """Replicates at each point; 5 by default."""
    vary: Sequence[str]
    """Groups that are varied where the claim names no factors, `"uncertainties"` and `"levers"`; by default the
    uncertainties."""
    citizens: int | None
    """Citizens of the synthetic population."""
    marginals: "str | Path | None"
    """Marginals that the population is drawn from: a shipped name, or the path of a file of aggregates."""
    seed: int
    """Random seed of design and replicates; 1 by default."""
    workers: int
    """Worker processes; 0, the default, runs everything in this process."""
    progress: "bool | Callable[[Progress], None] | None"
    """True shows the progress. A callable is called with each `Progress` event."""


def prepared(scenario: "str | Path | Scenario", settings: "Settings | None", options: Mapping[str, Any]) -> "Scenario":
    """Prepare a scenario: load it if necessary, and apply the settings and the short options.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a scenario file, or a loaded scenario.
    settings : mapping or sequence of str, optional
        Values that replace those of the scenario, as in `glasshouse.load`.
    options : mapping of str to object
        Keyword arguments as in `RunOptions`. The short options (`citizens`, `marginals`, `replicates`, `seed`, `weeks`)
        take precedence over the settings.

    Returns
    -------
    Scenario
        The scenario with these values.
    """
    from glasshouse.engine.plugin_loader import find
    from glasshouse.scenario.scenario import load, override

    short = {_SHORT[key]: value for key, value in _short(options).items()}
    if "society.marginals" in short:
        short["society.marginals"] = marginals_setting(short["society.marginals"])
    given = merged(settings, short)
    plugins = options.get("plugins", ())
    if isinstance(scenario, str | Path):
        return load(scenario, given, plugins=find(plugins))
    return override(scenario, given, find(plugins)) if given or plugins else scenario


def merged(settings: "Settings | None", over: Mapping[str, Any]) -> "Settings":
    """Settings with other values over them.

    Parameters
    ----------
    settings : mapping or sequence of str, optional
        The settings; None for none.
    over : mapping of str to object
        Values that take precedence, by the name of the setting.

    Returns
    -------
    mapping or tuple of str
        A mapping if the settings are a mapping or None; otherwise texts such as “run.weeks=52”.
    """
    if settings is None or isinstance(settings, Mapping):
        return {**(settings or {}), **over}
    from glasshouse.scenario.toml_text import toml_value

    return (*settings, *(f"{key}={toml_value(value)}" for key, value in over.items()))


def marginals_setting(named: "str | Path") -> str:
    """Find the value of `[society] marginals` for what a caller names.

    Parameters
    ----------
    named : str or Path
        Name of shipped marginals, or path of a file of aggregates.

    Returns
    -------
    str
        The name, or the text of the file.

    Raises
    ------
    glasshouse.errors.ScenarioError
        If there is no such file, or no population can be drawn from it.
    """
    from glasshouse.population.marginals_files import is_text, names
    from glasshouse.scenario.files import marginals_text

    return str(named) if named in names() or is_text(str(named)) else marginals_text(Path(named))


def check_options(
    function: str, options: Mapping[str, Any], known: type, lists: Mapping[str, object] | None = None
) -> None:
    """Check that a function has every keyword argument that it is called with, and that lists are not single texts.

    Parameters
    ----------
    function : str
        Name of the function, for the message.
    options : mapping of str to object
        The keyword arguments of the call.
    known : type
        Typed dictionary whose keys are the keyword arguments of the function.
    lists : mapping of str to object, optional
        Other arguments of the call that are lists, by name.

    Raises
    ------
    TypeError
        If the function does not have one of the keyword arguments, or a list is given as one text.
    """
    for name, value in options.items():
        if name not in known.__annotations__:
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
        if "Sequence[" in str(known.__annotations__[name]):
            check_lists(function, {name: value})
    check_lists(function, lists or {})


def check_lists(function: str, lists: Mapping[str, object]) -> None:
    """Check that what a function takes as a list is not a single text or path.

    A text is a sequence of its letters, each of which would be looked up as a name.

    Parameters
    ----------
    function : str
        Name of the function, for the message.
    lists : mapping of str to object
        The arguments, by name.

    Raises
    ------
    TypeError
        If one of them is a text or a path.
    """
    for name, value in lists.items():
        if isinstance(value, str | Path):
            raise TypeError(f"{function}() takes {name} as a list: [{str(value)!r}]")


def _short(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: options[key] for key in _SHORT if options.get(key) is not None}


def named(settings: "Settings | None", options: Mapping[str, Any]) -> set[str]:
    """Names of the settings that are given, as settings or as short options.

    Parameters
    ----------
    settings : mapping or sequence of str, optional
        Values over those of the scenario, by name or as texts such as “run.weeks=52”.
    options : mapping of str to object
        Keyword arguments as in `RunOptions`.

    Returns
    -------
    set of str
        The names, for instance `society.citizens` for the short option `citizens`.
    """
    texts = () if settings is None else settings
    found = set(texts) if isinstance(texts, Mapping) else {text.partition("=")[0].strip() for text in texts}
    return found | {_SHORT[key] for key in _short(options)}
