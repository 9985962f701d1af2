"""Settings that a caller or the command line puts over the files of a scenario."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from glasshouse.model.declarations import Table
from glasshouse.scenario.files import Layer
from glasshouse.scenario.messages import Faults, printable, shown
from glasshouse.scenario.tables import in_full
from glasshouse.scenario.toml_lines import Keys, Source


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
