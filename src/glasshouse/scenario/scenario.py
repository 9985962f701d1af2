"""A scenario: what is run, on which society, under which regime, compared with what.

Files are TOML. A file may extend another and says only what differs; settings from the command line go on top. All of
it is checked as a whole before anything runs, and every fault is told at once. A setting left out takes its default; in
the reference world, and in a regime that changes later, it takes the regime's value.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, LiteralString, Self, cast

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from glasshouse.errors import ScenarioError
from glasshouse.model.component import Component
from glasshouse.model.declarations import Table, param
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue, Plugin, in_week
from glasshouse.population.synthesis import SocietyTable
from glasshouse.scenario.files import Keys, Layer, Source, chain, library_names, parse
from glasshouse.scenario.messages import Faults, printable, shown
from glasshouse.scenario.validation import LATER, REFERENCE, SHARED, TEXTS, Layers, in_full, nested, setting

__all__ = ["Run", "Scenario", "check", "library_names", "load", "override", "tables"]


Settings = Mapping[str, Any] | Sequence[str]
"""Values over a scenario: by name, or as texts of the command line (`run.weeks=52`)."""


class Run(Table):
    """How long, how often and with which luck a scenario is run."""

    weeks: int = param(..., "Weeks that each world lives.", unit="weeks", bounds=(1, 5200), source="design")
    start: int = param(
        ..., "Week in which the regime begins in the regime world.", unit="weeks", bounds=(0, 5200), source="design"
    )
    replicates: int = param(
        1, "Runs with other luck, from which intervals come.", unit="runs", bounds=(1, 10_000), source="design"
    )
    seed: int = param(
        1, "Names the luck: the same seed, the same run.", unit="", bounds=(0, 2**63 - 1), source="design"
    )
    rollout: int = param(
        0,
        "Weeks over which districts join the regime one after the other; 0 means all at once.",
        unit="weeks",
        bounds=(0, 5200),
        source="design",
    )
    change: int = param(
        0,
        "Week from which the tables under [later] are in force in the regime; 0, or a week after the end, means never.",
        unit="weeks",
        bounds=(0, 5200),
        source="design",
    )
    until: int = param(
        0,
        "Week in which the regime has ended, so that the reference's tables are in force again; 0 means never.",
        unit="weeks",
        bounds=(0, 5200),
        source="design",
    )

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        for key, wrong, text in self._contradictions():
            if wrong:
                most = self.weeks - self.start
                raise PydanticCustomError("contradiction", text, {"key": key, "most": most, **self.model_dump()})
        return self

    def _contradictions(self) -> Iterator[tuple[LiteralString, bool, LiteralString]]:
        """Dates that do not follow one another: the key that is told, whether it is so, and in what words."""
        start, weeks, change, until = self.start, self.weeks, self.change, self.until
        yield (
            "start",
            start > weeks,
            "start = {start} is after the end of the run, weeks = {weeks}. Start by week {weeks}, or run longer.",
        )
        yield (
            "rollout",
            start + self.rollout > weeks,
            "rollout = {rollout} from start = {start} ends after the run, weeks = {weeks}. "
            "Give a rollout of at most {most}, start earlier, or run longer.",
        )
        yield (
            "change",
            0 < change < start,
            "change = {change} is before the regime begins, start = {start}. Change it in a week from {start} on.",
        )
        yield (
            "until",
            0 < until <= start,
            "until = {until} ends the regime before it begins, start = {start}. End it after week {start}.",
        )
        yield (
            "until",
            until > weeks,
            "until = {until} is after the end of the run, weeks = {weeks}. End it by week {weeks}, or run longer.",
        )
        yield (
            "change",
            0 < until <= change,
            "change = {change} finds the regime ended, until = {until}. Change it before week {until}, or end it later.",
        )


@dataclass(frozen=True)
class Scenario:
    """All that a run depends on, checked.

    `mechanisms` holds the tables of the regime, `reference` those of the reference world and of both worlds before the
    regime begins and after it ends, `later` those of the regime from the week `run.change` on (empty if it never
    changes), each in the catalogue's order. `apart` names the settings that the reference world and the later regime
    have of their own, equal or not. `name` and `sources` (the files and settings it was made from, in the order they were
    applied) are for provenance and make no difference to what is run. `plugins` are all that could take part; `joined`
    those that do.
    """

    title: str
    about: str
    run: Run
    society: SocietyTable
    mechanisms: tuple[Component, ...]
    reference: tuple[Component, ...]
    later: tuple[Component, ...] = ()
    apart: tuple[Keys, ...] = ()
    name: str = field(default="scenario", compare=False)
    sources: tuple[Source, ...] = field(default=(), compare=False, repr=False)
    plugins: tuple[Plugin, ...] = field(default=(), compare=False, repr=False)

    @property
    def joined(self) -> tuple[Plugin, ...]:
        """The plug-ins that take part in a run."""
        names = {mechanism.name for mechanism in self.mechanisms}
        return tuple(plugin for plugin in self.plugins if plugin.joins(names))

    @cached_property
    def digest(self) -> str:
        """Hash of every value that the figures depend on; title, name and the spelling of files do not count."""
        values = {**self._both(), **self._of(self.mechanisms), **self._apart()}
        text = "\n".join(f"{'.'.join(keys)} = {canonical(value)}" for keys, value in values.items())
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def settings(self) -> dict[Keys, Any]:
        """Every setting in force, as a file that extends none would give it."""
        return {
            ("title",): self.title,
            ("about",): self.about,
            **self._both(),
            **self._of(self.mechanisms),
            **{keys: value for keys, value in self._apart().items() if keys in self.apart},
        }

    def _both(self) -> dict[Keys, Any]:
        return dict([*_values(("run",), self.run), *_values(("society",), self.society)])

    def _apart(self) -> dict[Keys, Any]:
        return {**self._of(self.reference, REFERENCE), **self._of(self.later, LATER)}

    def _of(self, mechanisms: tuple[Component, ...], *under: str) -> dict[Keys, Any]:
        return dict(entry for model in mechanisms for entry in _values((*under, model.name), model))


def load(
    name_or_path: str | Path,
    settings: Settings = (),
    catalogue: Catalogue = CATALOGUE,
    plugins: Sequence[Plugin] = (),
) -> Scenario:
    """A scenario by the name of a shipped one or by the path of its file, with settings over it.

    The value of a setting given as a text is TOML; a bare word is a string. `catalogue` lists the mechanisms that it may
    set, and `plugins` bring more; no scenario file does. Raises ScenarioError with every fault of all files and settings.
    """
    faults = Faults()
    layers, name, complete = chain(name_or_path, faults)
    layers += _over(settings, faults, tables(catalogue))
    week = _week(catalogue, plugins, _named(layers))
    return _build(Layers(layers, tables(week), faults, complete=complete), layers, week, name, plugins)


def loads(text: str, name: str = "scenario", plugins: Sequence[Plugin] = ()) -> Scenario:
    """The scenario that a file's text makes: a complete one as `to_toml` writes it, or one that extends a shipped one.

    A text stands in no folder and names no file. Raises ScenarioError with every fault.
    """
    source = Source(name, text)
    layers, faults, complete = [Layer(source, parse(source))], Faults(), True
    extended = layers[0].values.get("extends")
    if extended in library_names():
        under, _, complete = chain(extended, faults)
        layers = [*under, *layers]
    elif extended is not None:
        faults.unknown(source.place((), "extends"), "shipped scenario", str(extended), library_names())
        complete = False
    week = _week(CATALOGUE, plugins, _named(layers))
    return _build(Layers(layers, tables(week), faults, complete=complete), layers, week, name, plugins)


def check(name_or_path: str | Path, settings: Settings = (), catalogue: Catalogue = CATALOGUE) -> tuple[str, ...]:
    """Every fault of a scenario, each with its place and what to do; none if it can be run."""
    try:
        load(name_or_path, settings, catalogue)
    except ScenarioError as error:
        return error.faults
    return ()


def override(scenario: Scenario, settings: Settings, plugins: Sequence[Plugin] = ()) -> Scenario:
    """The scenario with other values for some settings and with further plug-ins, checked again as a whole.

    Keys are «table.key» or, for [run] and [society], the key alone: `{"observation.coverage": 0.6, "citizens": 5000}`.
    Raises ScenarioError with every fault.
    """
    plugins = tuple(dict.fromkeys((*scenario.plugins, *plugins)))
    strangers = {mechanism for plugin in plugins for mechanism in plugin.mechanisms}
    catalogue = tuple(type(model) for model in scenario.mechanisms if type(model) not in strangers)
    faults, shared = Faults(), tables(catalogue)
    layers = [Layer(Source(scenario.name), nested(scenario.settings())), *_over(settings, faults, shared)]
    week = _week(catalogue, plugins, _named(layers))
    made = _build(Layers(layers, tables(week), faults), layers, week, scenario.name, plugins)
    return replace(made, sources=(*scenario.sources, *made.sources[1:]))


def _over(settings: Settings, faults: Faults, known: Mapping[str, type[Table]]) -> list[Layer]:
    """A layer for each setting; what is no setting goes to `faults`."""
    if not isinstance(settings, Mapping):
        return [layer for text in settings if (layer := setting(text, faults, known))]
    return [
        Layer(Source(f"setting {printable(f'{key}={shown(value)}', 80)}"), nested({in_full(key, known): value}))
        for key, value in settings.items()
    ]


def _week(catalogue: Catalogue, plugins: Sequence[Plugin], named: Collection[str]) -> Catalogue:
    """The mechanisms of a scenario that names these tables, in the order of a week."""
    return in_week(catalogue, [plugin for plugin in plugins if plugin.joins(named)])


def _named(layers: Sequence[Layer]) -> set[str]:
    """Every table that some layer names, for either world."""
    under = [layer.values.get(REFERENCE, {}) for layer in layers]
    return {
        name
        for values in (*(layer.values for layer in layers), *under)
        if isinstance(values, Mapping)
        for name in values
    }


def tables(catalogue: Catalogue = CATALOGUE) -> dict[str, type[Table]]:
    """The tables that a scenario can have, by name; ScenarioError if two claim one name."""
    found: dict[str, type[Table]] = dict(zip(SHARED, (Run, SocietyTable), strict=True))
    for model in catalogue:
        if model.name in {*found, *TEXTS, "extends", REFERENCE, LATER}:
            raise ScenarioError(f"mechanism {model.name}: another table has this name. Rename the mechanism.")
        found[model.name] = model
    return found


def canonical(value: object) -> str:
    """A setting's value as the text that digests hash, the same for equal values.

    Parameters
    ----------
    value : bool, int, float, str or tuple of these
        The value as a table holds it.

    Returns
    -------
    str
        JSON; -0.0 as 0.0.
    """
    return json.dumps(_positive_zero(value), ensure_ascii=False)


def _positive_zero(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_positive_zero(element) for element in value]
    return value + 0.0 if isinstance(value, float) else value


def _build(
    layers: Layers, sources: Sequence[Layer], catalogue: Catalogue, name: str, plugins: Sequence[Plugin]
) -> Scenario:
    """The scenario that these layers make; ScenarioError with every fault."""
    title, about = layers.text("title"), layers.text("about")
    run, society = layers.table(Run, ("run",)), layers.table(SocietyTable, ("society",))
    regime = [layers.table(model, (model.name,)) for model in catalogue]
    own = layers.own()
    reference, later = (
        [
            layers.table(type_, (under, type_.name)) if any(keys[:2] == (under, type_.name) for keys in own) else table
            for type_, table in zip(catalogue, regime, strict=True)
        ]
        for under in (REFERENCE, LATER)
    )
    _contradictions(layers, run, reference)
    layers.faults.stop()
    return Scenario(
        title,
        about,
        cast("Run", run),
        cast("SocietyTable", society),
        cast("tuple[Component, ...]", tuple(regime)),
        cast("tuple[Component, ...]", tuple(reference)),
        cast("tuple[Component, ...]", tuple(later)) if cast("Run", run).change else (),
        own,
        name,
        tuple(layer.source for layer in sources),
        tuple(plugins),
    )


def _contradictions(layers: Layers, run: Run | None, reference: Sequence[Component | None]) -> None:
    """Notes the faults that no table shows alone."""
    for table in reference:
        if table is not None and table.needs_ahead():
            place = layers.where((REFERENCE, table.name), (table.name,))
            text = f"{table.name} needs to know what lies ahead. Switch it off under [{REFERENCE}.{table.name}]."
            layers.faults.add(place, f"the reference world cannot be forecast from itself: {text}")
    if run is None:
        return
    later = [keys[:-1] for keys in layers.own() if keys[0] == LATER]
    if later and not run.change:
        text = "never in force. Add change = the week from which it is to [run], or remove what stands under [later]."
        layers.faults.add(layers.where(*later), f"this table is {text}")
    if run.change and not later:
        text = (
            f"change = {run.change} changes nothing. Say under [{LATER}] what differs from then on, or remove change."
        )
        layers.faults.add(layers.where(("run",), key="change"), text)


def _values(table: Keys, model: Table) -> Iterator[tuple[Keys, Any]]:
    """The settings of a table; what is None was left out and stays so."""
    for key in type(model).model_fields:
        value = getattr(model, key)
        if value is not None:
            yield (*table, key), value
