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

from glasshouse.errors import ScenarioError
from glasshouse.model.plugin import Plugin
from glasshouse.rng import derive
from glasshouse.scenario.messages import shown
from glasshouse.scenario.scenario import Scenario, loads, override
from glasshouse.scenario.toml_text import to_toml
from glasshouse.study import design as designs
from glasshouse.study.design import Design

NAME = re.compile(r"[^\W_][^\x00-\x1f\x7f/\\]{0,99}")
"""What a study may be called."""


@dataclass(frozen=True)
class PlannedRun:
    """One run of a study: its number, the point it is at, which replicate it is there, and the seed of its luck."""

    number: int
    point: int
    replicate: int
    seed: int


@dataclass(frozen=True)
class Study:
    """A study that can be run: the scenario as every run has it but for what is varied, and the design.

    `points` are the settings of each point; `measures` and `sums` name what is kept, nothing of both for all measures.
    It is kept for the reporting window and for each of `windows`, whose weeks count from the start of the run.
    ScenarioError for a `name` that no folder should have.
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
            said = f"{shown(self.name)} cannot name a study, since its figures go to a folder of that name."
            raise ScenarioError(f"{said} Take 1 to 100 characters without slashes; a letter or a number comes first.")

    @cached_property
    def points(self) -> tuple[dict[str, Any], ...]:
        """Settings of each point over the scenario."""
        return tuple(designs.settings(self.design, number) for number in range(len(self.design.points)))

    @property
    def runs(self) -> tuple[PlannedRun, ...]:
        """Every run, points in the order of the design and replicates one after the other."""
        return tuple(
            PlannedRun(point * self.replicates + replicate, point, replicate, self.replicate_seed(point, replicate))
            for point in range(len(self.points))
            for replicate in range(self.replicates)
        )

    def replicate_seed(self, point: int, replicate: int) -> int:
        part = () if self.paired else (point,)
        return derive(self.seed, "study", replicate, *part) >> 1

    @cached_property
    def definition(self) -> str:
        """All that the figures depend on but for the points, as JSON: what a worker elsewhere needs."""
        told = {
            "title": self.title,
            "about": self.about,
            "scenario": to_toml(self.scenario),
            "scenario_name": self.scenario.name,
            "plugins": [plugin.origin.digest for plugin in self.scenario.active_plugins],
            "design": designs.told(self.design),
            "points": designs.digest(self.design),
            "replicates": self.replicates,
            "seed": self.seed,
            "paired": self.paired,
            "measures": list(self.measures),
            "sums": list(self.sums),
            "windows": [list(window) for window in self.windows],
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)

    @property
    def digest(self) -> str:
        """Hash of the definition: two studies with the same one have the same runs."""
        return hashlib.blake2b(self.definition.encode(), digest_size=16).hexdigest()


def scenario_at_point(
    definition: Mapping[str, Any], settings: Mapping[str, Any], seed: int, plugins: Sequence[Plugin] = ()
) -> Scenario:
    """The scenario of one run, from a stored definition and the settings of its point."""
    base = loads(str(definition["scenario"]), str(definition["scenario_name"]), plugins)
    return override(base, {**settings, "run.seed": seed, "run.replicates": 1})


def describe_study(study: Study) -> str:
    """The study in a sentence: points, replicates, factors, size of the society."""
    run, points, factors = study.scenario.run, len(study.points), len(study.design.factors)
    note = f" ({study.design.note})" if study.design.note else ""
    return (
        f"{points * study.replicates:,} runs: {points:,} points ({study.design.kind}) of {factors} factor{'s' * (factors != 1)}"
        f"{note}, {study.replicates} with other luck at each; {study.scenario.society.citizens:,} citizens, {run.weeks:,} "
        "weeks, two worlds."
    )
