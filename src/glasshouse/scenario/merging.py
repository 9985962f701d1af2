"""Settings put over one another: those of the files that a scenario extends, its own, and those of the command line.

Each setting keeps the source that gave it, so that a fault is reported where it was made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from glasshouse.model.declarations import PER_ARM, Role, Table, role_of
from glasshouse.scenario.files import Layer
from glasshouse.scenario.messages import Faults, kind, shown, shown_word
from glasshouse.scenario.run_settings import ChangeDate
from glasshouse.scenario.tables import CHANGE, REFERENCE, SHARED, TEXTS, model_at, without_arm
from glasshouse.scenario.toml_lines import Keys, Source, position

Given = tuple[Any, Source]
"""A value and the source that gave it."""

MARGINALS = ("society", "marginals")
"""The setting that may hold the whole text of a file."""

_NUMBER = re.compile(r"[1-9]\d{0,2}")

MOST_OWNERS = 4
"""Tables that are named for a key that stands in none."""

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
    changes : int
        Number of dated changes.
    written : set of str
        Numbers of the changes that say anything of a mechanism, right or wrong.
    complete : bool
        Whether every file could be read; only then is a missing setting a fault.
    """

    given: Mapping[Keys, Given]
    home: Source
    tables: Mapping[str, type[Table]]
    priors: Mapping[Keys, Given]
    changes: int = 0
    written: frozenset[str] = frozenset()
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
        """The settings of the regime that a table under `reference` or of a change starts from.

        Parameters
        ----------
        table : tuple of str
            Names of the table and of those around it.

        Returns
        -------
        dict of str to (value, Source)
            Value and source by key. For a change these are all that were in force before it: the regime's and those of
            earlier changes. Under `reference` they are the regime's but for the levers, which are the regime's alone.
        """
        if table[0] == REFERENCE:
            given, model = self.table(table[1:]), self.tables[table[-1]]
            return {key: value for key, value in given.items() if role_of(model, key) != "lever"}
        if table[0] != CHANGE or len(table) == 2:
            return {}
        found = dict(self.table(table[2:]))
        for number in range(1, int(table[1])):
            found.update(self.table((CHANGE, str(number), *table[2:])))
        return found

    def explicit_overrides(self) -> tuple[Keys, ...]:
        """The settings of mechanisms that stand under `reference` or in a change.

        Returns
        -------
        tuple of tuple of str
            Tables and key of each, sorted.
        """
        return tuple(
            sorted(keys for keys in self.given if keys[0] in (REFERENCE, CHANGE) and len(without_arm(keys)) == 2)
        )

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
        `reference` and in a change.
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
    return MergedSettings(
        merger.given, home, tables, merger.priors, merger.changes, frozenset(merger.written), complete
    )


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
        self.changes = 0
        self.written: set[str] = set()

    def take(self, layer: Layer) -> None:
        """Take the settings of one layer over those before; what has no place in a scenario is a fault.

        Parameters
        ----------
        layer : Layer
            The next layer.
        """
        source = layer.source
        known = [*self.tables, *TEXTS, "extends", REFERENCE, CHANGE]
        for name, value in layer.values.items():
            if name in TEXTS:
                self.given[(name,)] = (value, source)
            elif name == REFERENCE:
                self._take_tables((REFERENCE,), value, source)
            elif name == CHANGE:
                self._take_changes(value, source)
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
                # A key that a table has exactly is likelier meant than a table whose name is spelled alike.
                meant = " or ".join(f"{table}.{name}" for table in self._owners(name)[:MOST_OWNERS])
                place, words = position(source, (), name), () if meant else known
                self.faults.unknown(place, what, name, words, f" Did you mean {meant}?" if meant else advice)

    def _take_changes(self, value: object, source: Source) -> None:
        """Takes a list of changes in place of any before, or tables that alter single changes by their number."""
        changes: Mapping[Any, Any]
        if isinstance(value, list | tuple):
            for settings in (self.given, self.priors):
                for keys in [keys for keys in settings if keys[0] == CHANGE]:
                    del settings[keys]
            self.written.clear()
            self.changes, changes = 0, {str(number): change for number, change in enumerate(value, 1)}
        elif isinstance(value, Mapping):
            changes = value
        else:
            text = f"{CHANGE} is {kind(value)}, not a table. Begin each change with [[{CHANGE}]] in a line of its own."
            self.faults.add(position(source, (), CHANGE), text)
            return
        for name, change in changes.items():
            if not _NUMBER.fullmatch(name) or int(name) > self.changes + 1:
                self.faults.add(position(source, (CHANGE,), name), self._no_change(name))
            else:
                self.changes = max(self.changes, int(name))
                self._take_tables((CHANGE, name), change, source, ChangeDate)

    def _no_change(self, name: str) -> str:
        """That a word is no number of a change, and what to do."""
        count = {0: "no change", 1: "one change"}.get(self.changes, f"{self.changes} changes, numbered from 1")
        return (
            f"{shown_word(name)} is no change: up to here the scenario has {count}. Begin a new one with [[{CHANGE}]], and "
            f"under it week = the week from which it is in force."
        )

    def _take_tables(self, under: Keys, value: object, source: Source, own: type[Table] | None = None) -> None:
        """Takes the tables under [reference] or of a change, and the settings that a change has of its own."""
        if not isinstance(value, Mapping):
            self._no_table(under, value, source)
            return
        if own is not None:
            self._take_table(under, {key: found for key, found in value.items() if key in own.model_fields}, source)
        known, beside = (
            [name for name in self.tables if name not in SHARED],
            own.model_fields if own is not None else (),
        )
        for name, table in value.items():
            place = position(source, under, name)
            if under[0] == CHANGE and name not in beside:
                self.written.add(under[1])
            if name in known:
                self._take_table((*under, name), table, source)
            elif name in SHARED:
                why = f"both arms share [{name}]" if under == (REFERENCE,) else f"[{name}] is the same in all weeks"
                self.faults.add(place, f"{why}. Set it there, not under [{'.'.join(under)}].")
            elif name not in beside:
                advice = f" Mechanisms are {', '.join(known)}."
                self.faults.unknown(place, "mechanism", name, [*known, *beside], advice)

    def _take_table(self, table: Keys, value: object, source: Source) -> None:
        """Takes the settings of one table."""
        if not isinstance(value, Mapping):
            self._no_table(table, value, source)
            return
        known = model_at(table, self.tables).model_fields
        for key, found in value.items():
            if isinstance(found, str) and not _in_one_line(found, (*table, key)).isprintable():
                text = f"{shown_word(key)} = {shown(found)} holds characters that cannot be printed. Take them out."
                self.faults.add(position(source, table, key), text)
            elif key in known:
                self._take_setting((*table, key), found, source)
            else:
                owners = " or ".join(f"[{name}]" for name in self._owners(key))
                advice = f" It belongs in {owners}." if owners else f" Keys here are {', '.join(known)}."
                self.faults.unknown(position(source, table, key), "key", key, known, advice)

    def _take_setting(self, keys: Keys, found: object, source: Source) -> None:
        """Takes a value, or a value with its prior range: `{ value = 0.4, prior = [0.2, 0.7] }`."""
        *table, key = keys
        model, apart = model_at(tuple(table), self.tables), len(without_arm(keys)) < len(keys)
        if apart and len(without_arm(keys)) == 2 and (role := role_of(model, key)) not in PER_ARM:
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

    def _owners(self, key: str) -> list[str]:
        """Tables that have a key."""
        return [name for name, model in self.tables.items() if key in model.model_fields]


def _in_all_arms(table: Keys, key: str, role: Role) -> str:
    """Why a setting cannot stand under [reference] or in a change, and what to do."""
    what = {"uncertainty": "an uncertainty: how people and the world are", "design": "part of the design"}[role]
    if table[0] == REFERENCE:
        return f"{key} is {what}, and holds in all arms. Set it under [{table[-1]}], not under [{'.'.join(table)}]."
    return f"{key} is {what}, and does not change with the regime. Set it under [{table[-1]}], for all weeks."


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
