"""A scenario: what is run, on which population, under which regime, compared with what.

The way of a setting is one-directional: files are read, their settings and those of the caller merged, the mechanisms
chosen, every table checked, and a `Scenario` made. Nothing runs before all of it is checked, and every fault is reported
at once. A setting left out takes its default; in a change of the regime, it takes the value that was in force before. The
reference takes the regime's value too, but of a lever its own.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from glasshouse.errors import ScenarioError
from glasshouse.model.agency_sizes import original
from glasshouse.model.component import Component
from glasshouse.model.declarations import Table
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.optional import OPTIONAL
from glasshouse.model.plugin import Catalogue, Plugin, in_week
from glasshouse.population.synthesis import PopulationTable
from glasshouse.scenario.changes import Change, changes_of
from glasshouse.scenario.declared import Declared, declared
from glasshouse.scenario.files import Layer, chain, library_names, parse
from glasshouse.scenario.merging import PRIOR, VALUE, MergedSettings, merge
from glasshouse.scenario.messages import Faults
from glasshouse.scenario.run_settings import Run
from glasshouse.scenario.settings import canonical, nested, parse_setting, setting_layer
from glasshouse.scenario.tables import CHANGE, REFERENCE, tables
from glasshouse.scenario.toml_lines import Keys, Source, position
from glasshouse.scenario.validation import Validator

Settings = Mapping[str, Any] | Sequence[str]
"""Values over a scenario: by name, or as texts of the command line (`run.weeks=52`)."""


@dataclass(frozen=True)
class Scenario:
    """All that a run depends on, checked.

    Attributes
    ----------
    title, about : str
        What is run, in a line and at length.
    run : Run
        Length, dates and replicates.
    population : PopulationTable
        The population and its network.
    mechanisms : tuple of Component
        Tables of the regime, in the order of a week.
    reference : tuple of Component
        Tables of the reference arm, and of both arms before the regime begins and after it ends.
    changes : tuple of Change
        Dated changes of the regime, in order; empty if it never changes.
    explicit_overrides : tuple of tuple of str
        Settings that `reference` and changes have of their own, equal to the regime's or not.
    priors : mapping of tuple of str to (float, float)
        Prior ranges that the files give beside settings, by table and key; for a list the range of what multiplies it.
        They say what studies vary, and no run depends on them.
    declared : Declared
        The agencies and kinds of conduct beside those that are always there.
    name : str
        For provenance; makes no difference to what is run.
    sources : tuple of Source
        The files and settings that it was made from, in the order in which they were applied; for provenance.
    plugins : tuple of Plugin
        All plug-ins that could take part.
    """

    title: str
    about: str
    run: Run
    society: PopulationTable
    mechanisms: tuple[Component, ...]
    reference: tuple[Component, ...]
    changes: tuple[Change, ...] = ()
    explicit_overrides: tuple[Keys, ...] = ()
    priors: Mapping[Keys, tuple[float, float]] = field(default_factory=dict, hash=False)
    declared: Declared = field(default_factory=Declared)
    name: str = field(default="scenario", compare=False)
    sources: tuple[Source, ...] = field(default=(), compare=False, repr=False)
    plugins: tuple[Plugin, ...] = field(default=(), compare=False, repr=False)

    @property
    def active_plugins(self) -> tuple[Plugin, ...]:
        """The plug-ins that take part in a run."""
        names = {mechanism.name for mechanism in self.mechanisms}
        return tuple(plugin for plugin in self.plugins if plugin.joins(names))

    @property
    def brought_plugins(self) -> tuple[Plugin, ...]:
        """The plug-ins that take part in a run and are no part of Glasshouse."""
        return tuple(plugin for plugin in self.active_plugins if not plugin.shipped)

    @cached_property
    def digest(self) -> str:
        """Hash of every value that the figures depend on; title, name and the spelling of files do not count.

        Returns
        -------
        str
            32 hexadecimal digits.
        """
        values = {**self._both(), **self._of(self.mechanisms), **self._overrides()}
        counted = {keys: value for keys, value in values.items() if keys[0] != CHANGE or keys[2:] != ("about",)}
        text = "\n".join(f"{'.'.join(keys)} = {canonical(value)}" for keys, value in counted.items())
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def settings(self) -> dict[Keys, Any]:
        """Every setting in force, as a file that extends none would give it.

        Returns
        -------
        dict of tuple of str to object
            Values by table and key.
        """
        return {
            ("title",): self.title,
            ("about",): self.about,
            **self._both(),
            **self._of(self.mechanisms),
            **{keys: value for keys, value in self._overrides().items() if self._is_given(keys)},
        }

    def _is_given(self, keys: Keys) -> bool:
        """Whether a complete file has a setting of the reference or of a change."""
        is_date = keys[0] == CHANGE and len(keys) == 3
        return is_date or keys in self.explicit_overrides

    def settings_with_priors(self) -> dict[Keys, Any]:
        """Every setting in force, and beside it the prior range that a file gives.

        Returns
        -------
        dict of tuple of str to object
            Values by table and key; a mapping of `value` and `prior` where there is a prior.
        """
        found = self.settings()
        for keys, prior in self.priors.items():
            found[keys] = {**({VALUE: found[keys]} if keys in found else {}), PRIOR: prior}
        return found

    def _both(self) -> dict[Keys, Any]:
        further = [entry for table in self.declared.tables for entry in _values((table.name,), table)]
        return dict([*_values(("run",), self.run), *_values(("society",), self.society), *further])

    def _overrides(self) -> dict[Keys, Any]:
        found = self._of(self.reference, REFERENCE)
        for number, change in enumerate(self.changes, 1):
            under = (CHANGE, str(number))
            found[*under, "week"] = change.week
            if change.about:
                found[*under, "about"] = change.about
            found.update(self._of(change.tables, *under))
        return found

    def _of(self, mechanisms: tuple[Component, ...], *under: str) -> dict[Keys, Any]:
        return dict(entry for model in mechanisms for entry in _values((*under, model.name), model))


def load(
    name_or_path: str | Path,
    settings: Settings = (),
    catalogue: Catalogue = CATALOGUE,
    plugins: Sequence[Plugin] = (),
) -> Scenario:
    """A scenario by the name of a shipped one or by the path of its file.

    Parameters
    ----------
    name_or_path : str or Path
        A shipped scenario's name, or a TOML file.
    settings : mapping of str to object, or sequence of str
        Values over those of the files, by name or as texts “run.weeks=52”. The value in a text is TOML; a bare word is a
        string.
    catalogue : tuple of type
        The mechanisms that it may set, in the order of a week.
    plugins : sequence of Plugin
        Plug-ins that may take part. No scenario file brings code.

    Returns
    -------
    Scenario
        The checked scenario.

    Raises
    ------
    ScenarioError
        With every fault of all files and settings.
    """
    faults = Faults()
    layers, name, complete = chain(name_or_path, faults)
    layers += _setting_layers(settings, faults, tables(catalogue))
    return _assemble(_Parts(layers, catalogue, tuple(plugins), name, complete), faults)


def loads(text: str, name: str = "scenario", plugins: Sequence[Plugin] = ()) -> Scenario:
    """The scenario that a file's text makes: a complete one as `to_toml` writes it, or one that extends a shipped one.

    Parameters
    ----------
    text : str
        TOML. It stands in no folder, so it can extend no file.
    name : str
        What messages call it.
    plugins : sequence of Plugin
        Plug-ins that may take part.

    Returns
    -------
    Scenario
        The checked scenario.

    Raises
    ------
    ScenarioError
        With every fault.
    """
    source = Source(name, text)
    layers, faults, complete = [Layer(source, parse(source))], Faults(), True
    extended = layers[0].values.get("extends")
    if extended in library_names():
        under, _, complete = chain(extended, faults)
        layers = [*under, *layers]
    elif extended is not None:
        faults.unknown(position(source, (), "extends"), "shipped scenario", str(extended), library_names())
        complete = False
    return _assemble(_Parts(layers, CATALOGUE, tuple(plugins), name, complete), faults)


def check(name_or_path: str | Path, settings: Settings = (), catalogue: Catalogue = CATALOGUE) -> tuple[str, ...]:
    """Every fault of a scenario, each with its place and what to do.

    Parameters
    ----------
    name_or_path : str or Path
        A shipped scenario's name, or a TOML file.
    settings : mapping of str to object, or sequence of str
        Values over those of the files.
    catalogue : tuple of type
        The mechanisms that it may set.

    Returns
    -------
    tuple of str
        One message each; empty if the scenario can be run.
    """
    try:
        load(name_or_path, settings, catalogue)
    except ScenarioError as error:
        return error.faults
    return ()


def override(scenario: Scenario, settings: Settings, plugins: Sequence[Plugin] = ()) -> Scenario:
    """The scenario with other values for some settings and with further plug-ins, checked again as a whole.

    Parameters
    ----------
    scenario : Scenario
        A checked scenario; it stays as it is.
    settings : mapping of str to object, or sequence of str
        Values by “table.key” or, for [run] and [society], by the key alone.
    plugins : sequence of Plugin
        Plug-ins that may take part besides those of the scenario.

    Returns
    -------
    Scenario
        The changed scenario.

    Raises
    ------
    ScenarioError
        With every fault.

    Examples
    --------
    >>> short = override(load("town"), {"observation.coverage": 0.6, "citizens": 5000})
    >>> short.society.citizens
    5000
    """
    plugins = tuple(dict.fromkeys((*scenario.plugins, *plugins)))
    added = {mechanism for plugin in plugins for mechanism in plugin.mechanisms}
    catalogue = tuple(model for model in map(original, map(type, scenario.mechanisms)) if model not in added)
    faults = Faults()
    base = Layer(Source(scenario.name), nested(scenario.settings_with_priors()))
    layers = [base, *_setting_layers(settings, faults, tables(catalogue))]
    changed = _assemble(_Parts(layers, catalogue, plugins, scenario.name), faults)
    return replace(changed, sources=(*scenario.sources, *changed.sources[1:]))


def _setting_layers(settings: Settings, faults: Faults, known: Mapping[str, type[Table]]) -> list[Layer]:
    """A layer for each setting; what is no setting goes to `faults`."""
    if isinstance(settings, Mapping):
        return [setting_layer(key, value, known) for key, value in settings.items()]
    return [layer for text in settings if (layer := parse_setting(text, faults, known))]


@dataclass(frozen=True)
class _Parts:
    """What a scenario is made of, read but not checked."""

    layers: Sequence[Layer]
    catalogue: Catalogue
    brought: tuple[Plugin, ...]
    name: str
    complete: bool = True

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """Those that ship and those that the user has; what is in the catalogue already joins no more."""
        every = dict.fromkeys((*OPTIONAL, *self.brought))
        return tuple(plugin for plugin in every if not {*plugin.mechanisms} & {*self.catalogue} or not plugin.shipped)


def _assemble(parts: _Parts, faults: Faults) -> Scenario:
    """The scenario of these parts: mechanisms chosen, settings merged and checked; ScenarioError with every fault."""
    mechanisms = _mechanisms(parts)
    settings = merge(parts.layers, tables(mechanisms), faults, complete=parts.complete)
    return _validated(settings, mechanisms, parts, faults)


def _mechanisms(parts: _Parts) -> Catalogue:
    """The mechanisms that take part, in the order of a week: the catalogue's and those of plug-ins with a table here."""
    places: list[Any] = []
    for layer in parts.layers:
        changes = layer.values.get(CHANGE, ())
        places += [layer.values, layer.values.get(REFERENCE)]
        places += changes.values() if isinstance(changes, Mapping) else changes if isinstance(changes, list) else ()
    named = {name for values in places if isinstance(values, Mapping) for name in values}
    return in_week(parts.catalogue, [plugin for plugin in parts.plugins if plugin.joins(named)])


def _validated(settings: MergedSettings, mechanisms: Catalogue, parts: _Parts, faults: Faults) -> Scenario:
    """The scenario of merged settings; ScenarioError with every fault."""
    found = declared(Validator(settings, faults))
    mechanisms = found.mechanisms(mechanisms)
    settings = replace(settings, tables=tables(mechanisms))
    validator = Validator(settings, faults)
    title, about = validator.text("title"), validator.text("about")
    run, society = validator.table(Run, ("run",)), validator.table(PopulationTable, ("society",))
    regime = [validator.table(model, (model.name,)) for model in mechanisms]
    reference = [validator.table(model, (REFERENCE, model.name)) for model in mechanisms]
    changes = changes_of(validator, run, regime, mechanisms)
    priors = validator.priors()
    validator.forecasts(reference)
    faults.stop()
    # Without a fault, no table is None.
    run, society = cast("Run", run), cast("PopulationTable", society)
    return Scenario(
        title=title,
        about=about,
        run=run,
        society=society,
        mechanisms=cast("tuple[Component, ...]", tuple(regime)),
        reference=cast("tuple[Component, ...]", tuple(reference)),
        changes=changes,
        explicit_overrides=settings.explicit_overrides(),
        priors=priors,
        declared=found,
        name=parts.name,
        sources=tuple(layer.source for layer in parts.layers),
        plugins=parts.plugins,
    )


def _values(table: Keys, model: Table) -> Iterator[tuple[Keys, Any]]:
    """The settings of a table; what is None was left out and stays so."""
    for key in type(model).model_fields:
        value = getattr(model, key)
        if value is not None:
            yield (*table, key), value
