"""Makes a study of a study file, or of the priors of a scenario, and checks it as a whole."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.plugin import Plugin
from glasshouse.results import did
from glasshouse.results.groups import groupings
from glasshouse.scenario.files import library_names, parse, read
from glasshouse.scenario.messages import Faults
from glasshouse.scenario.scenario import Scenario, Settings, load, override
from glasshouse.scenario.toml_lines import Source, position
from glasshouse.study import design as designs
from glasshouse.study import prior_samples as priors
from glasshouse.study.definition import Study
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor
from glasshouse.study.factors import factors_from, flatten, rollout_factor, selected_factors
from glasshouse.study.prior_factors import prior_factors
from glasshouse.study.staged_rollout import KIND, ROLLOUT, evaluable
from glasshouse.study.study_file import StudyFile, is_study_file, validated

DEFAULT_CITIZENS = 20_000
"""Citizens of a study's population by default: enough for most measures, and a few seconds a run."""

MAX_RUNS = 10_000_000
"""Runs that a study may have."""

OWN_SEEDS = ("random", "latin-hypercube", "sobol", KIND)
"""Samples and staged roll-outs: their points have random seeds of their own by default, since a share or mean over points
would have the error of seeds that all share."""

SIZED_BY_FACTORS = ("grid", "one-at-a-time", "staged-rollout")
"""Designs whose number of points follows from what is varied."""


def make_study(
    what: str | Path,
    given: Mapping[str, Any] | None = None,
    settings: Settings = (),
    plugins: Sequence[Plugin] = (),
) -> Study:
    """Make a study of a study file, or of the priors of a scenario.

    Parameters
    ----------
    what : str or Path
        A study file (TOML that names a scenario), or a scenario, whose priors are varied.
    given : mapping, optional
        Values as a study file has them, which replace those of the file.
    settings : mapping or sequence of str
        Settings that replace those of the scenario.
    plugins : sequence of Plugin
        The plug-ins that take part.

    Returns
    -------
    Study
        The study.

    Raises
    ------
    ScenarioError
        With every fault of the file or the scenario.
    AnalysisError
        For an impossible design.
    """
    path = Path(what)
    if path.suffix == ".toml" and is_study_file(path):
        return read_study_file(path, plugins, given, settings)
    return study_of_priors(load(what, settings, plugins=plugins), given)


def read_study_file(
    path: Path, plugins: Sequence[Plugin] = (), given: Mapping[str, Any] | None = None, settings: Settings = ()
) -> Study:
    """Make the study that a study file describes.

    Parameters
    ----------
    path : Path
        The study file.
    plugins : sequence of Plugin
        The plug-ins that take part.
    given : mapping, optional
        Values as a study file has them, which replace those of the file.
    settings : mapping or sequence of str
        Settings that replace those of the scenario.

    Returns
    -------
    Study
        The study, named after the file.

    Raises
    ------
    ScenarioError
        With every fault of the file.
    AnalysisError
        For an impossible design.
    """
    label = str(path)
    source = Source(label, read(path, label, "study"))
    values = parse(source)
    if "prior" in values:
        values.setdefault("design", "sample")
    table = validated(StudyFile, {**values, **(given or {})}, source)
    named = table.scenario if table.scenario in library_names() else path.parent / table.scenario
    return build_study(table, load(named, settings, plugins=plugins), path.stem, source, path.parent)


def study_of_priors(scenario: Scenario, given: Mapping[str, Any] | None = None) -> Study:
    """Make a study of every parameter of a scenario that has a prior, without a file.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    given : mapping, optional
        Values as a study file has them.

    Returns
    -------
    Study
        The study, named after the scenario.

    Raises
    ------
    ScenarioError
        With every fault of the values.
    AnalysisError
        For an impossible design.
    """
    source = Source(f"study of {scenario.name}")
    table = validated(StudyFile, {"scenario": scenario.name, **(given or {})}, source)
    return build_study(table, scenario, scenario.name.replace("/", "-"), source)


def build_study(table: StudyFile, scenario: Scenario, name: str, source: Source, folder: Path = Path()) -> Study:
    """Make a study of checked values and a scenario.

    Parameters
    ----------
    table : StudyFile
        The values.
    scenario : Scenario
        The scenario, with its own settings.
    name : str
        Name of the study.
    source : Source
        The file of the values, for the places of faults.
    folder : Path
        Where a file of draws that the values name is found.

    Returns
    -------
    Study
        The study.

    Raises
    ------
    ScenarioError
        With every fault, each at its line.
    AnalysisError
        For an impossible design, or one of more runs than allowed or asked for.
    """
    own = {} if scenario.society.citizens < DEFAULT_CITIZENS else {"society.citizens": DEFAULT_CITIZENS}
    base = override(scenario, {**own, **flatten(table.settings), "run.replicates": 1, "run.seed": 1})
    faults = Faults()
    _known(table, base, source, faults)
    named = factors_from(table.factors, base, source, faults)
    _varied_groups(table, named, source, faults)
    faults.stop()
    if table.prior or table.design == "sample":
        design = _sampled(table, base, folder, source)
    elif table.design == KIND:
        lengths = named or (rollout_factor(table, base),)
        _evaluated(table, lengths)
        design = _design(table, lengths)
    else:
        design = _design(table, selected_factors(table, named or prior_factors(base, groups=table.vary), source))
    study = Study(
        name=name, title=table.title or f"{table.design} over {base.title}", scenario=base, design=design,
        replicates=table.replicates, seed=table.seed, paired=_paired(table), measures=table.measures, about=table.about,
        sums=table.sums, windows=table.windows,
    )  # fmt: skip
    count = len(study.points) * study.replicates
    if count > MAX_RUNS:
        raise AnalysisError(f"The design has more than {MAX_RUNS:,} runs. Take fewer points or replicates.")
    if "runs" in table.model_fields_set and table.design in SIZED_BY_FACTORS and count > table.runs:
        levels = ", fewer levels (--levels)" if table.design == "grid" else ""
        raise AnalysisError(
            f"A {table.design} design of these settings has {count:,} runs, and {table.runs:,} were asked for. Vary less, take "
            f"fewer replicates{levels}, or leave out how many runs."
        )
    return study


def _varied_groups(table: StudyFile, named: Sequence[Factor], source: Source, faults: Faults) -> None:
    """A fault for groups that are asked for where something else says what is varied."""
    if "vary" in table.model_fields_set and (named or table.prior or table.design in ("sample", KIND)):
        faults.add(
            position(source, (), "vary"),
            "groups are varied only where nothing else says what is: name no factors, no file of draws and no roll-out, or leave "
            "vary out.",
        )


def _paired(table: StudyFile) -> bool:
    """Whether points share their random seeds; by default not where all points would share one error."""
    return table.paired and (table.design not in OWN_SEEDS or "paired" in table.model_fields_set)


def _evaluated(table: StudyFile, factors: tuple[Factor, ...]) -> None:
    """AnalysisError unless evaluations have what they need: a roll-out alone, measures by district, their library."""
    did.fixest()
    if [factor.key for factor in factors] != [ROLLOUT] or not factors[0].values:
        raise AnalysisError(
            f"A {KIND} design varies {ROLLOUT} alone, over listed weeks. Leave [factors] out, or write "
            f"{ROLLOUT} = {{ values = [52, 104, 208] }}; other settings go under [settings]."
        )
    unfit = [name for name in table.measures if name not in evaluable()]
    if unfit or not table.measures:
        raise AnalysisError(
            f"Evaluations are made of measures that a district has, and {', '.join(unfit) or 'none'} was named. Name some of: "
            f"{', '.join(evaluable())}."
        )


def _sampled(table: StudyFile, base: Scenario, folder: Path, source: Source) -> Design:
    """The design over draws of the table's prior file."""
    if not table.prior or table.design != "sample" or table.factors:
        raise ScenarioError(
            f'{position(source, (), "prior")}: a file of draws says itself what is varied. Give prior = "…" with the design '
            '"sample", which is the default then, and no [factors].'
        )
    return priors.load(folder / table.prior, base).design(max(table.runs // table.replicates, 1), table.seed)


def _design(table: StudyFile, factors: tuple[Factor, ...]) -> Design:
    """The design with about as many points as the table's runs allow at its replicates."""
    points = max(table.runs // table.replicates, 2)
    sizes = {"random": points, "latin-hypercube": points, "sobol": points, "saltelli": points // (len(factors) + 2),
             "morris": points // (len(factors) + 1)}  # fmt: skip
    assert table.design != "sample"
    levels = _levels(table, factors) if table.design in ("grid", "morris") else 0
    size = sizes.get(table.design, 0)
    if table.design in ("morris", "saltelli") and size < 2:
        fewest = 2 * (len(factors) + (1 if table.design == "morris" else 2)) * table.replicates
        raise AnalysisError(
            f"A {table.design} design of {len(factors)} settings needs {fewest:,} runs or more, not {table.runs:,}. Take more "
            "or vary fewer settings."
        )
    if table.design == "saltelli" and size > 1:
        # Rounded down, so that a study is never larger than was asked.
        size = 1 << (size.bit_length() - 1)
    return designs.make_design(table.design, factors, size, table.seed, levels)


def _levels(table: StudyFile, factors: tuple[Factor, ...]) -> int:
    """Levels of each range: those given, else for a grid with a number of runs the most that these allow, at least two."""
    given = table.model_fields_set
    ranges = sum(not factor.values for factor in factors)
    if table.design != "grid" or "levels" in given or "runs" not in given or not ranges:
        return table.levels
    points = table.runs // (table.replicates * math.prod(len(factor.values) or 1 for factor in factors))
    most = int(max(points, 1) ** (1 / ranges)) + 1
    return max(most if most**ranges <= points else most - 1, 2)


def _known(table: StudyFile, scenario: Scenario, source: Source, faults: Faults) -> None:
    """Faults for measures and sums that there are not, and for windows that no run has."""
    measures = {
        measure.name for measure in (*CATALOGUE, *(m for plugin in scenario.active_plugins for m in plugin.measures))
    }
    sums = {total.name for mechanism in scenario.mechanisms for total in mechanism.sums}
    groups = groupings(scenario.society.groups)
    for key, names, known in (("measures", table.measures, measures), ("sums", table.sums, sums)):
        for name in names:
            group, _, own = name.rpartition(":") if key == "sums" else ("", "", name)
            if own not in known:
                faults.unknown(position(source, (), key), key.removesuffix("s"), own, sorted(known))
            elif group and group not in groups:
                faults.unknown(position(source, (), key), "group", group, groups)
    for first, last in table.windows:
        if not 0 <= first < last <= scenario.run.weeks:
            faults.add(
                position(source, (), "windows"),
                f"[{first}, {last}] is no window of a run of {scenario.run.weeks} weeks. Give its first week, counted from "
                "0 at the start of the run, and the week before which it ends.",
            )
