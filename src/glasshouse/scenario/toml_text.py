"""TOML text of values and of whole scenarios. Everything that the package writes as TOML is written here, with tomlkit."""

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import Array, InlineTable, Item, Trivia, Whitespace

from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.tables import CHANGE, model_at, properties, tables


def toml_value(value: object) -> str:
    """A value as TOML in one line, the same text for equal values.

    Parameters
    ----------
    value : object
        A truth value, number or text, or a sequence or mapping of these.

    Returns
    -------
    str
        What stands behind the equals sign in a file.

    Examples
    --------
    >>> toml_value((1.0, 2.5))
    '[1.0, 2.5]'
    """
    return toml_item(value, one_line=True).as_string()


def toml_item(value: object, *, one_line: bool = False) -> Item:
    """A value as an element of a tomlkit document.

    Parameters
    ----------
    value : object
        A truth value, number or text, or a sequence or mapping of these.
    one_line : bool
        Whether texts with line breaks are escaped and sequences of mappings written in a row. Otherwise such texts stay on
        several lines, and each mapping has its own.

    Returns
    -------
    tomlkit.items.Item
        The element, to be set under a key of a document or a table.
    """
    if isinstance(value, float):
        # Adding zero turns -0.0 into 0.0: they are equal, so they are written alike.
        return tomlkit.item(value + 0.0)
    if isinstance(value, str):
        # TOML reads a carriage return within a text of several lines as a line break, so it must be escaped.
        return tomlkit.string(value, multiline=not one_line and "\n" in value and "\r" not in value)
    if isinstance(value, Mapping):
        return inline_table(value)
    if isinstance(value, list | tuple):
        elements = [toml_item(element, one_line=one_line) for element in value]
        # Appending to a tomlkit array takes time quadratic in its length; building it from its parts does not.
        separated: list[Item] = [part for element in elements for part in (element, Whitespace(", "))]
        rows = not one_line and any(isinstance(element, InlineTable) for element in elements)
        return Array(separated[:-1], Trivia(), multiline=rows)
    return tomlkit.item(value)


def inline_table(values: Mapping[str, Any]) -> InlineTable:
    """A mapping as TOML writes it in one line.

    Parameters
    ----------
    values : mapping of str to object
        Values by key; all that `toml_item` takes.

    Returns
    -------
    tomlkit.items.InlineTable
        The table in braces.
    """
    table = tomlkit.inline_table()
    for key, value in values.items():
        table.append(key, toml_item(value))
    return table


def to_toml(scenario: Scenario) -> str:
    """The complete scenario as a file that extends none; loading it gives an equal scenario.

    Parameters
    ----------
    scenario : Scenario
        A checked scenario.

    Returns
    -------
    str
        TOML with a table for each mechanism and a comment with the unit behind each setting that has one.
    """
    known = tables(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    document = tomlkit.document()
    for (*path, key), value in scenario.settings_with_priors().items():
        table: Any = document
        names = path
        if path[:1] == [CHANGE]:
            table, names = _change(document, int(path[1])), path[2:]
        for part in names:
            if part not in table:
                table.append(part, tomlkit.table(is_super_table=part not in known))
            table = table[part]
        item = toml_item(value, one_line=True)
        unit = properties(model_at(tuple(path), known))[key].get("unit") if path else None
        if unit:
            item.comment(unit)
            item.trivia.comment_ws = "  "
        table.append(key, item)
    return tomlkit.dumps(document)


def _change(document: tomlkit.TOMLDocument, number: int) -> Any:
    """The table of a change in a document, added if it is the next one."""
    if CHANGE not in document:
        document.append(CHANGE, tomlkit.aot())
    changes: Any = document[CHANGE]
    if len(changes) < number:
        changes.append(tomlkit.table())
    return changes[number - 1]
