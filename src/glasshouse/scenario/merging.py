"""Settings put over one another: those of the files that a scenario extends, its own, and those of the command line.

Each setting keeps the source that gave it, so that a fault is reported where it was made.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from glasshouse.model.declarations import PER_ARM, Role, Table, role_of
from glasshouse.scenario.files import Layer
from glasshouse.scenario.messages import Faults, kind, printable, shown, shown_word
from glasshouse.scenario.tables import LATER, REFERENCE, SHARED, TEXTS, in_full
from glasshouse.scenario.toml_lines import Keys, Source, position

Given = tuple[Any, Source]
"""A value and the source that gave it."""

MARGINALS = ("society", "marginals")
"""The setting that may hold the whole text of a file."""

VALUE, PRIOR = "value", "prior"
"""Keys of a setting that is given with its prior range: `{ value = 0.4, prior = [0.2, 0.7] }`."""


@dataclass(frozen=True)
class MergedSettings:
    """The settings in force after merging.

    Attributes
    ----------
    given : mapping of tuple of str to (value, Source)
        Every setting that a file or the command line gives, by table and key.
    home : Source
        The scenario's own file, where a missing setting is to be added.
    tables : mapping of str to type
        The tables that the scenario can have, by name.
    priors : mapping of tuple of str to (value, Source)
        Every prior range that a file gives beside a setting, by table and key; not checked yet.
    complete : bool
        Whether every file could be read; only then is a missing setting a fault.
    """

    given: Mapping[Keys, Given]
    home: Source
    tables: Mapping[str, type[Table]]
    priors: Mapping[Keys, Given]
    complete: bool = True

    def table(self, keys: Keys) -> dict[str, Given]:
        """The settings of one table.

        Parameters
        ----------
        keys : tuple of str
            Names of the table and of those around it.

        Returns
        -------
        dict of str to (value, Source)
            Value and source by key; empty if no setting of the table is given.
        """
        return self._by_table.get(keys, {})

    @cached_property
    def _by_table(self) -> dict[Keys, dict[str, Given]]:
        found: dict[Keys, dict[str, Given]] = {}
        for path, given in self.given.items():
            found.setdefault(path[:-1], {})[path[-1]] = given
        return found

    def base(self, table: Keys) -> dict[str, Given]:
        """The settings of the regime that a table under `reference` or `later` starts from.

        Parameters
        ----------
        table : tuple of str
            Names of the table and of those around it.

        Returns
        -------
        dict of str to (value, Source)
            Value and source by key. Under `later` these are all of the regime's settings; under `reference` all but the
            levers, which are the regime's alone.
        """
        if table[0] not in (REFERENCE, LATER):
            return {}
        given, model = self.table(table[1:]), self.tables[table[-1]]
        if table[0] == LATER:
            return given
        return {key: value for key, value in given.items() if role_of(model, key) != "lever"}

    def explicit_overrides(self) -> tuple[Keys, ...]:
        """The settings that stand under `reference` or `later`.

        Returns
        -------
        tuple of tuple of str
            Tables and key of each, sorted.
        """
        return tuple(sorted(keys for keys in self.given if keys[0] in (REFERENCE, LATER)))

    def where(self, *tables: Keys, key: str | None = None) -> str:
        """The place of the first of some tables that has any setting, or has `key`.

        Parameters
        ----------
        *tables : tuple of str
            Names of each table and of those around it.
        key : str, optional
            The key to look for; any key counts without it.

        Returns
        -------
        str
            The place as messages say it; the scenario's own file if none of the tables has such a setting.
        """
        for table in tables:
            found = [source for name, (_, source) in self.table(table).items() if key in (None, name)]
            if found:
                return position(found[-1], table, key)
        return self.home.label


def merge(
    layers: Sequence[Layer], tables: Mapping[str, type[Table]], faults: Faults, *, complete: bool = True
) -> MergedSettings:
    """The settings of all layers, later ones over earlier ones.

    Parameters
    ----------
    layers : sequence of Layer
        The file that extends none first, settings of the command line last.
    tables : mapping of str to type
        The tables that the scenario can have, by name. All but those that both arms share can also stand under
        `reference` and `later`.
    faults : Faults
        Takes a message for everything that has no place in a scenario.
    complete : bool
        Whether every file could be read.

    Returns
    -------
    MergedSettings
        What is in force. Values are not checked yet.
    """
    merger = _Merger(tables, faults)
    for layer in layers:
        merger.take(layer)
    home = next((layer.source for layer in reversed(layers) if layer.source.text), layers[-1].source)
    return MergedSettings(merger.given, home, tables, merger.priors, complete)


class _Merger:
    """Takes layer after layer.

    Parameters
    ----------
    tables : mapping of str to type
        The tables that the scenario can have, by name.
    faults : Faults
        Takes what has no place in a scenario.
    """

    def __init__(self, tables: Mapping[str, type[Table]], faults: Faults) -> None:
        self.tables, self.faults = tables, faults
        self.given: dict[Keys, Given] = {}
        self.priors: dict[Keys, Given] = {}

    def take(self, layer: Layer) -> None:
        """Take the settings of one layer over those before; what has no place in a scenario is a fault.

        Parameters
        ----------
        layer : Layer
            The next layer.
        """
        source = layer.source
        known = [*self.tables, *TEXTS, "extends", REFERENCE, LATER]
        for name, value in layer.values.items():
            if name in TEXTS:
                self.given[(name,)] = (value, source)
            elif name in (REFERENCE, LATER):
                self._take_tables(name, value, source)
            elif name in self.tables:
                self._take_table((name,), value, source)
            elif name != "extends":
                what = "table" if isinstance(value, Mapping) else "setting"
                names = ", ".join(self.tables)
                advice = (
                    f" Tables are {names}; a plug-in brings more (--plugin FILE)."
                    if what == "table"
                    else f" Settings stand in a table: {names}."
                )
                self.faults.unknown(position(source, (), name), what, name, known, self._owner(name) or advice)

    def _take_tables(self, under: str, value: object, source: Source) -> None:
        """Takes the tables under [reference] or [later]."""
        if not isinstance(value, Mapping):
            self._no_table((under,), value, source)
            return
        known = [name for name in self.tables if name not in SHARED]
        for name, table in value.items():
            place = position(source, (under,), name)
            if name in known:
                self._take_table((under, name), table, source)
            elif name in SHARED:
                why = f"both arms share [{name}]" if under == REFERENCE else f"[{name}] is the same in all weeks"
                self.faults.add(place, f"{why}. Set it there, not under [{under}].")
            else:
                self.faults.unknown(place, "mechanism", name, known, f" Mechanisms are {', '.join(known)}.")

    def _take_table(self, table: Keys, value: object, source: Source) -> None:
        """Takes the settings of one table."""
        if not isinstance(value, Mapping):
            self._no_table(table, value, source)
            return
        known = self.tables[table[-1]].model_fields
        for key, found in value.items():
            if isinstance(found, str) and not _in_one_line(found, (*table, key)).isprintable():
                text = f"{shown_word(key)} = {shown(found)} holds characters that cannot be printed. Take them out."
                self.faults.add(position(source, table, key), text)
            elif key in known:
                self._take_setting((*table, key), found, source)
            else:
                advice = self._owner(key) or f" Keys here are {', '.join(known)}."
                self.faults.unknown(position(source, table, key), "key", key, known, advice)

    def _take_setting(self, keys: Keys, found: object, source: Source) -> None:
        """Takes a value, or a value with its prior range: `{ value = 0.4, prior = [0.2, 0.7] }`."""
        *table, key = keys
        model = self.tables[table[-1]]
        if table[0] in (REFERENCE, LATER) and (role := role_of(model, key)) not in PER_ARM:
            self.faults.add(position(source, tuple(table), key), _in_all_arms(tuple(table), key, role))
            return
        if not isinstance(found, Mapping) or not found or not found.keys() <= {VALUE, PRIOR}:
            self.given[keys] = (plain(found), source)
            return
        if VALUE in found:
            self.given[keys] = (plain(found[VALUE]), source)
        if PRIOR in found:
            self.priors[keys] = (plain(found[PRIOR]), source)

    def _no_table(self, table: Keys, value: object, source: Source) -> None:
        name = ".".join(table)
        text = f"{name} is {kind(value)}, not a table. Write [{name}] in a line of its own and the settings under it."
        self.faults.add(position(source, table[:-1], table[-1]), text)

    def _owner(self, key: str) -> str:
        """The advice where a key belongs that stands in the wrong table."""
        owners = [f"[{name}]" for name, model in self.tables.items() if key in model.model_fields]
        return f" It belongs in {' or '.join(owners)}." if owners else ""


def _in_all_arms(table: Keys, key: str, role: Role) -> str:
    """Why a setting cannot stand under [reference] or [later], and what to do."""
    what = {"uncertainty": "an uncertainty: how people and the world are", "design": "part of the design"}[role]
    if table[0] == REFERENCE:
        return f"{key} is {what}, and holds in all arms. Set it under [{table[-1]}], not under [{'.'.join(table)}]."
    return f"{key} is {what}, and does not change with the regime. Set it under [{table[-1]}], for all weeks."


def setting_layer(name: str, value: object, tables: Mapping[str, type[Table]]) -> Layer:
    """One setting that a caller gives as a layer of its own.

    Parameters
    ----------
    name : str
        “table.key”, or the key alone for the tables that both arms share.
    value : object
        Its value, as Python or NumPy holds it.
    tables : mapping of str to type
        The tables that the scenario can have.

    Returns
    -------
    Layer
        The setting under its full name.
    """
    source = Source(f"setting {printable(f'{name}={shown(value)}', 80)}")
    return Layer(source, nested({in_full(name, tables): value}))


def parse_setting(text: str, faults: Faults, tables: Mapping[str, type[Table]]) -> Layer | None:
    """A setting of the command line as a layer of its own.

    Parameters
    ----------
    text : str
        “table.key=value”. The value is TOML; a bare word is a text.
    faults : Faults
        Takes a message if this is no setting.
    tables : mapping of str to type
        The tables that the scenario can have.

    Returns
    -------
    Layer or None
        None with a fault.
    """
    source = Source(f"setting {printable(text, 80)}")
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not value or not re.fullmatch(r"[\w-]+(\.[\w-]+){0,3}", name):
        faults.add(source.label, "this is no setting. Write table.key=value, for instance run.weeks=52.")
        return None
    if name == "extends":
        faults.add(source.label, "extends can only stand in a file. Name the other scenario instead of this one.")
        return None
    try:
        parsed = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError):
        parsed = {"value": value} if re.fullmatch(r"[^\W\d][\w ./-]*", value) else {}
    if parsed.keys() != {"value"}:
        faults.add(source.label, 'the value is not valid TOML. Write a number, true, false, "a text" or [1, 2].')
        return None
    return Layer(source, nested({in_full(name, tables): parsed["value"]}))


def nested(settings: Mapping[Keys, Any]) -> dict[str, Any]:
    """Settings by full name as the tables of a file.

    Parameters
    ----------
    settings : mapping of tuple of str to object
        Values by table and key.

    Returns
    -------
    dict of str to object
        Tables inside one another, with the values by key.
    """
    found: dict[str, Any] = {}
    for keys, value in settings.items():
        table = found
        for key in keys[:-1]:
            table = table.setdefault(key, {})
        table[keys[-1]] = value
    return found


def plain(value: object, depth: int = 0) -> object:
    """Lists as tuples and NumPy's numbers as Python's, as tables hold them.

    Parameters
    ----------
    value : object
        A value of a setting, possibly an array or a list.
    depth : int
        How deep the value lies in lists; from 3 on, lists stay as they are.

    Returns
    -------
    object
        The value in plain types.
    """
    # Studies set parameters from arrays; a file cannot hold them.
    convert = getattr(value, "tolist", None)
    if callable(convert):
        value = convert()
    if isinstance(value, list | tuple) and depth < 3:
        return tuple(plain(element, depth + 1) for element in value)
    return value


def _in_one_line(value: str, keys: Keys) -> str:
    """A text without line breaks and tabs if it is a file of marginals, which alone may have them."""
    return value.replace("\n", "").replace("\t", "") if keys == MARGINALS else value
