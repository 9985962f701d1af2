"""A study: one scenario, what is varied, by which design, how many replicates, and which measures are stored.

A run of a study is one replicate of the scenario at one point of the design. With paired seeds every point has the same
random seeds (common random numbers), so that points differ by their settings alone. Nothing here runs anything: that is
`worker` and `executors`. `make_study` makes a study of a file or a scenario.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from glasshouse.errors import ScenarioError, StoringError
from glasshouse.model.plugin import Plugin
from glasshouse.model.state_measures import state_measures
from glasshouse.results.provenance import code_digest
from glasshouse.rng import derive
from glasshouse.scenario.messages import shown
from glasshouse.scenario.scenario import Scenario, loads, override
from glasshouse.scenario.toml_text import to_toml
from glasshouse.study import design as designs
from glasshouse.study.design import Design
from glasshouse.study.plugin_measures import declarations
from glasshouse.study.store.checks import points_digest
from glasshouse.study.store.schema import Definition, Point, Run, parameters_json
from glasshouse.study.store.schema import Study as Stored
from glasshouse.study.store.study_database import StudyDatabase

ADVICE = "Restore the study database from a copy, or begin the study again under another name."
"""What to do about a study that was changed."""
EXTENDED = "search"
"""The design whose points are added while it runs, so that its definition cannot fix them."""

NAME = re.compile(r"[^\W_][^\x00-\x1f\x7f/\\]{0,99}")
"""What a study may be called."""


@dataclass(frozen=True)
class PlannedRun:
    """One run of a study.

    Attributes
    ----------
    number, point, replicate : int
        Number of the run within the study, of its point, and of the replicate at that point; all from 0.
    seed : int
        Random seed of the run.
    """

    number: int
    point: int
    replicate: int
    seed: int


@dataclass(frozen=True)
class Study:
    """A study that can be run.

    Attributes
    ----------
    name : str
        Name of the study, and of the folder of its figures.
    title, about : str
        What is asked, in a line, and more about it.
    scenario : Scenario
        The scenario as every run has it, except for what is varied.
    design : Design
        What is varied, and the points.
    replicates : int
        Replicates at each point.
    seed : int
        Random seed of the study, from which that of each run is derived.
    paired : bool
        Whether all points have the same random seeds (common random numbers).
    measures, sums : tuple of str
        Names of the measures and sums to store; with none of either all measures are stored.
    windows : tuple of (int, int)
        Weeks, from the first up to but not including the last, over which figures are stored beside those of the
        reporting window; counted from the start of the run.

    Raises
    ------
    ScenarioError
        For a name that is not fit for a folder.
    """

    name: str
    title: str
    scenario: Scenario
    design: Design
    replicates: int
    seed: int
    paired: bool
    measures: tuple[str, ...] = ()
    about: str = ""
    sums: tuple[str, ...] = ()
    windows: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ScenarioError(
                f"{shown(self.name)} cannot name a study, since its figures go to a folder of that name. Take 1 to 100 "
                "characters without slashes; a letter or a number comes first."
            )

    @cached_property
    def points(self) -> tuple[dict[str, Any], ...]:
        """Settings of each point, which replace those of the scenario.

        Returns
        -------
        tuple of dict
            For each point its settings, by their full names.
        """
        return tuple(designs.settings_at(self.design, number) for number in range(len(self.design.points)))

    @property
    def runs(self) -> tuple[PlannedRun, ...]:
        """Every run, in the order of points and then of replicates."""
        return tuple(
            PlannedRun(point * self.replicates + replicate, point, replicate, self.replicate_seed(point, replicate))
            for point in range(len(self.points))
            for replicate in range(self.replicates)
        )

    def replicate_seed(self, point: int, replicate: int) -> int:
        """Derive the random seed of a run.

        Parameters
        ----------
        point : int
            Number of the point, from 0.
        replicate : int
            Number of the replicate at the point, from 0.

        Returns
        -------
        int
            The seed; with `paired` it does not depend on the point.
        """
        return replicate_seed(self.seed, replicate, None if self.paired else point)

    @cached_property
    def definition(self) -> str:
        """Everything that the figures depend on, except for the points: what a worker on another machine needs.

        Returns
        -------
        str
            The definition as JSON, with sorted keys.
        """
        contents = {
            "title": self.title,
            "about": self.about,
            "scenario": to_toml(self.scenario),
            "scenario_name": self.scenario.name,
            "plugins": [plugin.origin.digest for plugin in self.scenario.brought_plugins],
            "design": designs.design_to_dict(self.design),
            "points": designs.design_digest(self.design),
            "settings_digest": points_digest((n, parameters_json(one)) for n, one in enumerate(self.points)),
            "replicates": self.replicates,
            "seed": self.seed,
            "paired": self.paired,
            "measures": list(self.measures),
            "sums": list(self.sums),
            "windows": [list(window) for window in self.windows],
        }
        if declared := declarations(self.scenario.brought_plugins):
            contents["plugin_measures"] = declared
        state = state_measures(self.scenario.active_plugins)
        if state:
            contents["state_measures"] = list(state)
        return json.dumps(contents, ensure_ascii=False, sort_keys=True)

    @property
    def digest(self) -> str:
        """Hash of the definition: two studies with the same one have the same runs."""
        return hashlib.blake2b(self.definition.encode(), digest_size=16).hexdigest()


def add_study(database: StudyDatabase, study: Study) -> None:
    """Add a study with all its points and runs to a database; one that was added before is left unchanged.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    study : Study
        The study.

    Raises
    ------
    StoringError
        If another study has its name.
    """
    points = [Point(number, settings) for number, settings in enumerate(study.points)]
    runs = [Run(one.number, one.point, one.replicate, one.seed) for one in study.runs]
    code = code_digest(study.scenario.brought_plugins)
    database.create(Definition(study.name, study.digest, study.definition, code), points, runs)


def read_definition(record: Stored) -> dict[str, Any]:
    """Read the definition of a study.

    Parameters
    ----------
    record : Study
        The study, as the database has it.

    Returns
    -------
    dict
        The definition.

    Raises
    ------
    StoringError
        If it is not the one that was stored.
    """
    digest = hashlib.blake2b(record.definition.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    if digest != record.digest:
        raise StoringError(f"The definition of the study {record.name} was changed after it was stored. {ADVICE}")
    try:
        definition = json.loads(record.definition)
        known = definition["design"]["kind"] == EXTENDED or definition["settings_digest"] == record.points_digest
        int(definition["seed"]), int(definition["replicates"]), definition["paired"]
    except (ValueError, KeyError, TypeError):
        raise StoringError(f"The definition of the study {record.name} cannot be read. {ADVICE}") from None
    if not known:
        raise StoringError(
            f"The points of the study {record.name} were changed: they are not those of its definition. {ADVICE}"
        )
    return dict(definition)


def replicate_seed(seed: int, replicate: int, point: int | None) -> int:
    """Derive the random seed of a run from that of its study.

    Parameters
    ----------
    seed : int
        Random seed of the study.
    replicate : int
        Number of the replicate at its point, from 0.
    point : int or None
        Number of the point, from 0; None where all points have the same random seeds.

    Returns
    -------
    int
        The seed.
    """
    return derive(seed, "study", replicate, *(() if point is None else (point,))) >> 1


def scenario_at_point(
    definition: Mapping[str, Any], settings: Mapping[str, Any], seed: int, plugins: Sequence[Plugin] = ()
) -> Scenario:
    """Make the scenario of one run from a stored definition.

    Parameters
    ----------
    definition : mapping
        The definition of the study, read from its JSON.
    settings : mapping
        The settings of the run's point, by their full names.
    seed : int
        Random seed of the run.
    plugins : sequence of Plugin
        The plug-ins that take part.

    Returns
    -------
    Scenario
        The scenario, with one replicate.
    """
    base = loads(str(definition["scenario"]), str(definition["scenario_name"]), plugins)
    return override(base, {**settings, "run.seed": seed, "run.replicates": 1})


def describe_study(study: Study) -> str:
    """Describe a study in a sentence.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    str
        Numbers of runs, points, factors and replicates, the design, and the size of a run.
    """
    run, points, factors = study.scenario.run, len(study.points), len(study.design.factors)
    notes = [study.design.note] if study.design.note else []
    if study.design.kind == "grid" and any(not factor.values for factor in study.design.factors):
        notes.append(f"{study.design.levels} levels of each range; --levels N takes others")
    note = f" ({'; '.join(notes)})" if notes else ""
    return (
        f"{points * study.replicates:,} runs: {points:,} points ({study.design.kind}) of {factors} factor{'s' * (factors != 1)}"
        f"{note}, {study.replicates} replicates at each; {study.scenario.society.citizens:,} citizens, {run.weeks:,} "
        "weeks, two arms."
    )
