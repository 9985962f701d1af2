"""A study: one scenario, what is varied, by which design, how often with other luck, and which measures are kept.

A study file is TOML and checked as a whole, like a scenario. A run of a study is one replicate of the scenario at one
point of the design; with paired seeds every point lives with the same luck, so that points differ by their settings
alone. Nothing here runs anything: that is `worker` and `executors`.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.model.declarations import Table, param
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.plugin import Plugin
from glasshouse.results import did
from glasshouse.rng import derive
from glasshouse.scenario.files import Source, library_names, parse, read
from glasshouse.scenario.messages import Faults, kind, shown, shown_word
from glasshouse.scenario.scenario import Scenario, Settings, load, loads, override
from glasshouse.scenario.toml_text import to_toml
from glasshouse.scenario.validation import checked
from glasshouse.study import design as designs
from glasshouse.study import prior_samples as priors
from glasshouse.study.design import Design, Factor
from glasshouse.study.staged_rollout import KIND, ROLLOUT, evaluable

CITIZENS = 20_000
"""Citizens of a study's society where nothing else is said: enough for most measures, and a few seconds a run."""

MOST_RUNS = 10_000_000
"""Runs that a study may have."""

UNSCREENED = 20
"""Settings that a Saltelli design takes without a screening."""

FOLLOWING = ("grid", "one-at-a-time", "staged-rollout")
"""Designs whose number of points follows from what is varied."""

NAME = re.compile(r"[^\W_][^\x00-\x1f\x7f/\\]{0,99}")
"""What a study may be called."""

T = TypeVar("T", bound=Table)

Kind = Literal["grid", "one-at-a-time", "latin-hypercube", "sobol", "saltelli", "morris", "staged-rollout", "sample"]


class StudyFile(Table):
    """What a study file says; `settings` and `factors` are tables of settings by their names."""

    title: str = param("", "What is asked, in a line.", unit="", source="design")
    about: str = param("", "More about it.", unit="", source="design")
    scenario: str = param(..., "A shipped scenario's name, or a path from this file.", unit="", source="design")
    design: Kind = param("latin-hypercube", "How points are laid over what is varied.", unit="", source="design")
    runs: int = param(
        64, "Runs in all, replicates included, about.", unit="runs", bounds=(2, 10_000_000), source="design"
    )
    replicates: int = param(1, "Runs with other luck at each point.", unit="runs", bounds=(1, 10_000), source="design")
    levels: int = param(
        4, "Steps of a range in a grid or in Morris' design.", unit="steps", bounds=(2, 1000), source="design"
    )
    seed: int = param(1, "Names design and luck.", unit="", bounds=(0, 2**63 - 1), source="design")
    paired: bool = param(True, "Whether every point lives with the same luck.", unit="", source="design")
    measures: tuple[str, ...] = param((), "Measures to keep; none named keeps all.", unit="", source="design")
    only: tuple[str, ...] = param(
        (), "Of what is varied only these, as a screening left them.", unit="", source="design"
    )
    sums: tuple[str, ...] = param((), "Sums to keep beside the measures.", unit="", source="design")
    windows: tuple[tuple[int, int], ...] = param(
        (), "Weeks, [first, before which it ends], to take all over again.", unit="weeks", source="design"
    )
    settings: dict[str, Any] = param({}, "Values over the scenario, by name.", unit="", source="design")
    factors: dict[str, Any] = param({}, "What is varied; none named varies every prior.", unit="", source="design")
    prior: str = param(
        "", "A file of joint draws that are varied instead; a path from this file.", unit="", source="design"
    )


@dataclass(frozen=True)
class Planned:
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
    def runs(self) -> tuple[Planned, ...]:
        """Every run, points in the order of the design and replicates one after the other."""
        return tuple(
            Planned(point * self.replicates + replicate, point, replicate, self.luck(point, replicate))
            for point in range(len(self.points))
            for replicate in range(self.replicates)
        )

    def luck(self, point: int, replicate: int) -> int:
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
            "plugins": [plugin.origin.digest for plugin in self.scenario.joined],
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


def is_study(path: Path) -> bool:
    """Whether a file names a scenario to study, rather than being one."""
    label = str(path)
    return "scenario" in parse(Source(label, read(path, label, "study")))


def study_from(
    what: str | Path,
    given: Mapping[str, Any] | None = None,
    settings: Settings = (),
    plugins: Sequence[Plugin] = (),
) -> Study:
    """The study of a file that names a scenario and what is varied, else that of a scenario's priors.

    `given` are values as a study file has them, over the file's own, and `settings` go over the scenario. Raises
    ScenarioError with every fault, AnalysisError for an impossible design.
    """
    path = Path(what)
    if path.suffix == ".toml" and is_study(path):
        return open_file(path, plugins, given, settings)
    return of_priors(load(what, settings, plugins=plugins), given)


def open_file(
    path: Path, plugins: Sequence[Plugin] = (), given: Mapping[str, Any] | None = None, settings: Settings = ()
) -> Study:
    """The study that a file describes, with the values `given` over the file's own and `settings` over the scenario.

    Raises ScenarioError with every fault of it, AnalysisError for an impossible design.
    """
    label = str(path)
    source = Source(label, read(path, label, "study"))
    told = parse(source)
    if "prior" in told:
        told.setdefault("design", "sample")
    table = sound(StudyFile, {**told, **(given or {})}, source)
    named = table.scenario if table.scenario in library_names() else path.parent / table.scenario
    return make(table, load(named, settings, plugins=plugins), path.stem, source, path.parent)


def of_priors(scenario: Scenario, given: Mapping[str, Any] | None = None) -> Study:
    """A study of every prior that the scenario declares, without a file; `given` are values as a study file has them."""
    source = Source(f"study of {scenario.name}")
    table = sound(StudyFile, {"scenario": scenario.name, **(given or {})}, source)
    return make(table, scenario, scenario.name.replace("/", "-"), source)


def sound(model: type[T], given: Mapping[str, Any], source: Source) -> T:
    """The table that a file's values make; ScenarioError with every fault, each at its line."""
    faults = Faults()
    table = checked(model, given, source, faults)
    faults.stop()
    assert table is not None
    return table


def make(table: StudyFile, scenario: Scenario, name: str, source: Source, folder: Path = Path()) -> Study:
    """The study that a checked table makes of a scenario; faults are told at their place in `source`.

    `folder` is where the table's file of draws is looked for.
    """
    own = {} if scenario.society.citizens < CITIZENS else {"society.citizens": CITIZENS}
    base = override(scenario, {**own, **_flat(table.settings), "run.replicates": 1, "run.seed": 1})
    faults = Faults()
    _known(table, base, source, faults)
    named = varied(table.factors, base, source, faults)
    faults.stop()
    if table.prior or table.design == "sample":
        design = _sampled(table, base, folder, source)
    elif table.design == KIND:
        kept = named or (_rollout(table, base),)
        _evaluated(table, kept)
        design = _design(table, kept)
    else:
        design = _design(table, _only(table, named or designs.priors(base), source))
    study = Study(
        name=name, title=table.title or f"{table.design} over {base.title}", scenario=base, design=design,
        replicates=table.replicates, seed=table.seed, paired=table.paired, measures=table.measures, about=table.about,
        sums=table.sums, windows=table.windows,
    )  # fmt: skip
    count = len(study.points) * study.replicates
    if count > MOST_RUNS:
        raise AnalysisError(f"The design has more than {MOST_RUNS:,} runs. Take fewer points or replicates.")
    if "runs" in table.model_fields_set and table.design in FOLLOWING and count > table.runs:
        raise AnalysisError(
            f"A {table.design} design of these settings has {count:,} runs, and {table.runs:,} were asked for. Vary less, take "
            "fewer replicates, or leave out how many runs."
        )
    return study


def _rollout(table: StudyFile, base: Scenario) -> Factor:
    """Roll-outs from a share of what the run has left after the regime's start to all of it."""
    longest = base.run.weeks - base.run.start
    lengths = sorted({longest * step // table.levels for step in range(1, table.levels + 1)} - {0})
    if len(lengths) < 2:
        raise AnalysisError(
            f"The regime starts in week {base.run.start} of {base.run.weeks}, which leaves no room for roll-outs. Start it "
            "earlier (run.start) or run longer (run.weeks)."
        )
    return designs.given(base, ROLLOUT, values=lengths)


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


def _only(table: StudyFile, factors: tuple[Factor, ...], source: Source) -> tuple[Factor, ...]:
    """The factors that the table keeps; ScenarioError for a name that is none of them."""
    faults = Faults()
    known = [factor.key for factor in factors]
    for key in table.only:
        if key not in known:
            faults.unknown(source.place((), "only"), "varied setting", key, known)
    faults.stop()
    if table.design == "saltelli" and not table.only and len(factors) > UNSCREENED:
        raise AnalysisError(
            f"A Saltelli design of all {len(factors)} settings would spend most of its runs on settings that hardly matter. "
            f"Screen them first: run the same study with --design morris --name screening, then this one with "
            "--screening screening (or name the settings in a study file: only = [...])."
        )
    return tuple(factor for factor in factors if not table.only or factor.key in table.only)


def _sampled(table: StudyFile, base: Scenario, folder: Path, source: Source) -> Design:
    """The design over draws of the table's prior file."""
    if not table.prior or table.design != "sample" or table.factors:
        raise ScenarioError(
            f'{source.place((), "prior")}: a file of draws says itself what is varied. Give prior = "…" with the design '
            '"sample", which is the default then, and no [factors].'
        )
    return priors.load(folder / table.prior, base).design(max(table.runs // table.replicates, 1), table.seed)


def _design(table: StudyFile, factors: tuple[Factor, ...]) -> Design:
    """The design with about as many points as the table's runs allow at its replicates."""
    points = max(table.runs // table.replicates, 2)
    sizes = {"latin-hypercube": points, "sobol": points, "saltelli": points // (len(factors) + 2),
             "morris": points // (len(factors) + 1)}  # fmt: skip
    assert table.design != "sample"
    levels = table.levels if table.design in ("grid", "morris") else 0
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
    return designs.make(table.design, factors, size, table.seed, levels)


def _flat(table: Mapping[str, Any], under: str = "") -> dict[str, Any]:
    """Settings by their full names; a table with `values` is a factor's list, any other one a table of settings."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) and "values" not in value:
            found |= _flat(value, f"{under}{key}.")
        else:
            found[f"{under}{key}"] = value
    return found


def varied(given: Mapping[str, Any], base: Scenario, source: Source, faults: Faults) -> tuple[Factor, ...]:
    """The factors that a file's table of them makes; what is wrong goes to `faults`, at its line."""
    found = [_factor(base, key, value, source, faults) for key, value in _flat(given).items()]
    return tuple(factor for factor in found if factor is not None)


def _factor(base: Scenario, key: str, value: Any, source: Source, faults: Faults) -> Factor | None:
    """A factor from its line in the file: `[low, high]`, or `{ values = [...] }`."""
    place = source.place(("factors",), key)
    listed = value.get("values") if isinstance(value, Mapping) and value.keys() == {"values"} else None
    ends = value if isinstance(value, list) and len(value) == 2 else None
    numbers = ends is not None and all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
    if not isinstance(listed, list) and not numbers:
        faults.add(
            place,
            f"{shown_word(key)} = {shown(value)} is {kind(value)}. Give a range, [low, high], or {{ values = [a, b] }}.",
        )
        return None
    try:
        if isinstance(listed, list):
            return designs.given(base, key, values=[tuple(v) if isinstance(v, list) else v for v in listed])
        return designs.given(base, key, float(value[0]), float(value[1]))
    except (ScenarioError, AnalysisError) as error:
        for fault in getattr(error, "faults", (str(error),)):
            faults.add(place, fault)
    return None


def _known(table: StudyFile, scenario: Scenario, source: Source, faults: Faults) -> None:
    """Faults for measures and sums that there are not, and for windows that no run has."""
    measures = {measure.name for measure in (*CATALOGUE, *(m for plugin in scenario.joined for m in plugin.measures))}
    sums = {total.name for mechanism in scenario.mechanisms for total in mechanism.sums}
    for key, names, known in (("measures", table.measures, measures), ("sums", table.sums, sums)):
        for name in names:
            if name not in known:
                faults.unknown(source.place((), key), key.removesuffix("s"), name, sorted(known))
    for first, last in table.windows:
        if not 0 <= first < last <= scenario.run.weeks:
            faults.add(
                source.place((), "windows"),
                f"[{first}, {last}] is no window of a run of {scenario.run.weeks} weeks. Give its first week, counted from "
                "0 at the start of the run, and the week before which it ends.",
            )


def described(study: Study) -> str:
    """The study in a sentence: points, replicates, factors, size of the society."""
    run, points, factors = study.scenario.run, len(study.points), len(study.design.factors)
    note = f" ({study.design.note})" if study.design.note else ""
    return (
        f"{points * study.replicates:,} runs: {points:,} points ({study.design.kind}) of {factors} factor{'s' * (factors != 1)}"
        f"{note}, {study.replicates} with other luck at each; {study.scenario.society.citizens:,} citizens, {run.weeks:,} "
        "weeks, two worlds."
    )
