"""Settings put over one another: those of the files a scenario extends, its own, and those of the command line.

Each setting remembers the source that gave it, so that a fault is told where it was made. Tables are checked one by one
with pydantic, and every fault is gathered.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from glasshouse.model.declarations import Table
from glasshouse.scenario.files import Keys, Layer, Source
from glasshouse.scenario.messages import Faults, explain, kind, printable, shown, shown_word, wanted

REFERENCE = "reference"
"""The table of tables that say what differs in the reference world."""

LATER = "later"
"""The table of tables that say what differs in the regime from the week `change` on."""

SHARED = ("run", "society")
"""Tables that both worlds share, in all weeks."""

TEXTS = {"title": 200, "about": 20_000}
"""The settings that stand before all tables, with the characters they may have; `extends` is the third."""

T = TypeVar("T", bound=Table)


@lru_cache(maxsize=256)
def properties(model: type[Table]) -> Mapping[str, Mapping[str, Any]]:
    """JSON Schema of each setting of a table, by key."""
    found: dict[str, Any] = model.model_json_schema().get("properties", {})
    return found


def nested(settings: Mapping[Keys, Any]) -> dict[str, Any]:
    """Settings as the tables of a file."""
    found: dict[str, Any] = {}
    for keys, value in settings.items():
        table = found
        for key in keys[:-1]:
            table = table.setdefault(key, {})
        table[keys[-1]] = value
    return found


def setting(text: str, faults: Faults, tables: Mapping[str, type[Table]]) -> Layer | None:
    """«table.key=value» as a layer of its own, or None with a fault. A value is TOML; a bare word is a text."""
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


def in_full(name: str, tables: Mapping[str, type[Table]]) -> Keys:
    """«table.key» as its parts; the tables that both worlds share may be left out: «weeks», «citizens»."""
    keys = tuple(name.split("."))
    owners = [table for table in SHARED if keys[0] in tables[table].model_fields]
    return (owners[0], *keys) if len(keys) == 1 and len(owners) == 1 and keys[0] not in TEXTS else keys


def checked(model: type[T], values: Mapping[str, Any], source: Source, faults: Faults, under: Keys = ()) -> T | None:
    """A table that stands by itself in a file, under `under`; faults for unknown, missing and wrong keys, None for the last."""
    given = {key: _plain(value) for key, value in values.items()}
    for key in given.keys() - model.model_fields.keys():
        faults.unknown(source.place(under, key), "key", key, model.model_fields)
    try:
        return model.model_validate({key: value for key, value in given.items() if key in model.model_fields})
    except ValidationError as error:
        for finding in error.errors(include_url=False):
            key = str(finding["loc"][0])
            if finding["type"] == "missing":
                text = str(model.model_fields[key].description)
                faults.add(source.place(under), f'{key} is missing. Add {key} = "…": {text[0].lower() + text[1:]}')
            else:
                text = explain(finding, key, given.get(key), properties(model).get(key, {}))
                faults.add(source.place(under, key), text)
        return None


class Layers:
    """Layers over one another, the last one uppermost; faults go to `faults`.

    `tables` are all that a scenario can have, by name; every one but those that both worlds share can stand under
    `reference` and `later` too. `complete` says that no file is missing: only then is a missing setting a fault.
    """

    def __init__(
        self, layers: Sequence[Layer], tables: Mapping[str, type[Table]], faults: Faults, *, complete: bool = True
    ) -> None:
        self.tables, self.faults, self.complete = tables, faults, complete
        self.given: dict[Keys, tuple[Any, Source]] = {}
        self.home = next((layer.source for layer in reversed(layers) if layer.source.text), layers[-1].source)
        for layer in layers:
            self._take(layer)

    def text(self, key: str) -> str:
        """The title or the description; a missing title is a fault."""
        value, source = self.given.get((key,), ("", self.home))
        if key == "title" and self.complete and (key,) not in self.given:
            self.faults.add(
                source.label, 'title is missing. Begin the file with title = "…": what is run, in one line.'
            )
        elif not isinstance(value, str):
            expected = "Give a text in quotation marks."
            self.faults.add(source.place((), key), f"{key} = {shown(value)} is {kind(value)}, not a text. {expected}")
            return ""
        elif (key == "title" and (key,) in self.given and not value.strip()) or len(value) > TEXTS[key]:
            text = f"{key} has {len(value)} characters. Give between 1 and {TEXTS[key]}."
            self.faults.add(source.place((), key), text)
        elif not all(c.isprintable() or (c in "\n\t" and key == "about") for c in value):
            text = f"{key} = {shown(value)} holds characters that cannot be printed. Take them out."
            self.faults.add(source.place((), key), text)
        return str(value)

    def table(self, model: type[T], keys: Keys) -> T | None:
        """The checked table, or None with faults. Tables under `reference` and `later` start from the regime's."""
        given = self._entries(keys)
        base = self._entries(keys[1:]) if keys[0] in (REFERENCE, LATER) else {}
        try:
            return model.model_validate({key: value for key, (value, _) in {**base, **given}.items()})
        except ValidationError as error:
            missing = []
            findings = error.errors(include_url=False)
            # A list with a wrong element counts as too short as well: the element says it better.
            elements = {finding["loc"][0] for finding in findings if len(finding["loc"]) > 1}
            for finding in findings:
                if finding["type"] == "too_short" and finding["loc"][0] in elements:
                    continue
                key = str(finding["loc"][0] if finding["loc"] else finding.get("ctx", {}).get("key", ""))
                if finding["type"] == "missing":
                    missing.append(key)
                elif key in given or not key or (not finding["loc"] and key in base):
                    self._explain(finding, model, keys, key)
            if missing and self.complete:
                self._missing(model, keys, missing)
            return None

    def own(self) -> tuple[Keys, ...]:
        """The settings that the reference world and the later regime have of their own."""
        return tuple(sorted(keys for keys in self.given if keys[0] in (REFERENCE, LATER)))

    def where(self, *tables: Keys, key: str | None = None) -> str:
        """The place of the first of these tables that has any setting, or has `key`."""
        for table in tables:
            found = [source for name, (_, source) in self._entries(table).items() if key in (None, name)]
            if found:
                return found[-1].place(table, key)
        return self.home.label

    def _entries(self, table: Keys) -> dict[str, tuple[Any, Source]]:
        return {keys[-1]: entry for keys, entry in self.given.items() if keys[:-1] == table}

    def _explain(self, finding: Mapping[str, Any], model: type[Table], table: Keys, key: str) -> None:
        value, source = self.given.get((*table, key)) or self.given.get((*table[1:], key)) or (None, self.home)
        schema = properties(model).get(key, {})
        text = explain(finding, key if finding["loc"] else "", value, schema)
        self.faults.add(source.place(table, key or None), text)

    def _missing(self, model: type[Table], table: Keys, keys: Iterable[str]) -> None:
        wants = [f"{key} = {wanted(properties(model)[key])}" for key in keys]
        if self._entries(table):
            for want in wants:
                self.faults.add(self.home.place(table), f"{want.split(' = ')[0]} is missing. Add {want}.")
        else:
            text = f"the table [{table[-1]}] is missing. Add it, with {' and '.join(wants)}."
            self.faults.add(self.home.label, text)

    def _take(self, layer: Layer) -> None:
        """Takes the settings of one layer over those before; what has no place in a scenario is a fault."""
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
                self.faults.unknown(source.place((), name), what, name, known, self._owner(name) or advice)

    def _take_tables(self, under: str, value: object, source: Source) -> None:
        """Takes the tables under [reference] or [later]."""
        if not isinstance(value, Mapping):
            self._no_table((under,), value, source)
            return
        known = [name for name in self.tables if name not in SHARED]
        for name, table in value.items():
            place = source.place((under,), name)
            if name in known:
                self._take_table((under, name), table, source)
            elif name in SHARED:
                why = f"both worlds share [{name}]" if under == REFERENCE else f"[{name}] is the same in all weeks"
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
            if isinstance(found, str) and not found.isprintable():
                text = f"{shown_word(key)} = {shown(found)} holds characters that cannot be printed. Take them out."
                self.faults.add(source.place(table, key), text)
            elif key in known:
                self.given[(*table, key)] = (_plain(found), source)
            else:
                advice = self._owner(key) or f" Keys here are {', '.join(known)}."
                self.faults.unknown(source.place(table, key), "key", key, known, advice)

    def _no_table(self, table: Keys, value: object, source: Source) -> None:
        name = ".".join(table)
        text = f"{name} is {kind(value)}, not a table. Write [{name}] in a line of its own and the settings under it."
        self.faults.add(source.place(table[:-1], table[-1]), text)

    def _owner(self, key: str) -> str:
        """The advice where a key belongs that stands in the wrong table."""
        owners = [f"[{name}]" for name, model in self.tables.items() if key in model.model_fields]
        return f" It belongs in {' or '.join(owners)}." if owners else ""


def _plain(value: object, depth: int = 0) -> object:
    """Lists as tuples and NumPy's numbers as Python's, as tables hold them."""
    # Studies set parameters from arrays; a file cannot hold them.
    convert = getattr(value, "tolist", None)
    if callable(convert):
        value = convert()
    if isinstance(value, list | tuple) and depth < 3:
        return tuple(_plain(element, depth + 1) for element in value)
    return value
