"""The text of a scenario in the workbench: settings changed in it, a title for it, and the address that holds it."""

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import cache
from typing import Any

import tomlkit
from starlette.datastructures import QueryParams

from glasshouse.errors import ScenarioError
from glasshouse.scenario.files import library_names, parse
from glasshouse.scenario.messages import shown_word
from glasshouse.scenario.scenario import load
from glasshouse.scenario.tables import TEXTS
from glasshouse.scenario.toml_lines import Source
from glasshouse.scenario.toml_text import toml_value
from glasshouse.web.handles import label

LONGEST = 4_000
"""Characters of an address that every browser and server takes; the page itself takes a few more, for a language."""

LARGEST = 50_000
"""Characters of a scenario in the workbench: the longest that is shipped has a fifth of that."""

KEY = re.compile(r"(?:[\w-]{1,100}\.){1,3}[\w-]{1,100}")
"""Full name of a setting: table and key, and before them `reference` or a change by its number, as `change.1`."""


def changed(text: str, key: str, value: str) -> str:
    """Change one setting in a scenario's text; comments and order are kept.

    Parameters
    ----------
    text : str
        The scenario, in TOML.
    key : str
        Full name of the setting, in the form `table.key`.
    value : str
        The value in TOML, or empty text to remove the setting, so that the base's value is in force.

    Returns
    -------
    str
        The changed text.

    Raises
    ------
    ScenarioError
        If the text or the value is not valid TOML, or the key has no table.
    """
    document = _document(text)
    _set(document, key, value)
    return tomlkit.dumps(document)


def _document(text: str) -> tomlkit.TOMLDocument:
    """The text of a scenario, parsed so that comments and order are kept."""
    if len(text) > LARGEST:
        raise ScenarioError(f"The scenario has {len(text):,} characters, and the workbench takes {LARGEST:,}.")
    # The reader of scenario files refuses what would take the other one too long.
    parse(Source("the scenario", text))
    try:
        return tomlkit.parse(text)
    except (tomlkit.exceptions.TOMLKitError, ValueError) as error:
        raise ScenarioError(f"The scenario is not valid TOML ({error}).") from None


def _set(document: tomlkit.TOMLDocument, key: str, value: str) -> None:
    """Set one value, given in TOML, or remove it where the value is empty."""
    if not KEY.fullmatch(key):
        raise ScenarioError(f"{shown_word(key)} is no setting of a table. Settings have the form table.key.")
    *path, name = key.split(".")
    inside = _inside(document, path, key)
    if value.strip():
        inside[name] = _value(key, value)
    else:
        inside.pop(name, None)


def _inside(document: tomlkit.TOMLDocument, path: Sequence[str], key: str) -> MutableMapping[str, Any]:
    """The table at a path, made where it is missing; a change of a list of changes is found by its number."""
    found: Any = document
    for part in path:
        if isinstance(found, list):
            place = int(part) - 1 if part.isdecimal() else -1
            found = found[place] if 0 <= place < len(found) else None
        else:
            if part not in found:
                found[part] = tomlkit.table()
            found = found[part]
        if not isinstance(found, MutableMapping | list):
            raise ScenarioError(f"{key} is no setting of a table: {part} is none. Settings have the form table.key.")
    if not isinstance(found, MutableMapping):
        raise ScenarioError(f"{key} is no setting of a table: {path[-1]} is a list. Settings have the form table.key.")
    return found


def _value(key: str, value: str) -> Any:
    """A value given in TOML."""
    # One line, as the file's own reader takes it, so that no value brings a table or a second setting along.
    parse(Source(key, f"value = {value}"))
    try:
        return tomlkit.value(value.strip())
    except (tomlkit.exceptions.TOMLKitError, ValueError) as error:
        raise ScenarioError(f"{key} = {value}: not valid TOML ({error}).") from None


def fresh(base: str, given: Mapping[str, str], title: str = "", about: str = "") -> str:
    """Write the text of a scenario that extends a shipped one.

    Parameters
    ----------
    base : str
        Name of the shipped scenario.
    given : mapping of str to str
        Values in TOML, by full names of settings.
    title : str, default ""
        Title. Without one, the title is made of the base's title and the changed settings.
    about : str, default ""
        Description. Without one, the base's description is in force.

    Returns
    -------
    str
        The scenario, in TOML.
    """
    text = f"extends = {toml_value(base)}\ntitle = {toml_value(title or _title(base, given))}\n"
    text += f"about = {toml_value(about)}\n" if about else ""
    document = _document(text)
    for key, value in given.items():
        _set(document, key, value)
    return tomlkit.dumps(document)


def _title(base: str, given: Mapping[str, str]) -> str:
    changes = "; ".join(f"{label(key).rstrip('.')} {value}" for key, value in given.items())
    return f"{_shipped_title(base)}{': ' if changes else ''}{changes}"[: TEXTS["title"]]


@cache
def _shipped_title(base: str) -> str:
    return load(base).title


def address(text: str) -> str:
    """The address at which the workbench shows a scenario.

    Parameters
    ----------
    text : str
        The scenario, in TOML.

    Returns
    -------
    str
        Path and query of the address; "" if there is none, because the address would have more than `LONGEST`
        characters, the scenario does not extend a shipped one, or it has a list of changes of its own.
    """
    found = read(text)
    if found is None:
        return ""
    base, named, given = found
    own = {key: value for key, value in named.items() if value and value != _title(base, given)}
    link = f"/workbench?{QueryParams({'scenario': base, **own, **given})}"
    return link if len(link) <= LONGEST else ""


def renamed(before: str, after: str) -> str:
    """Update the title of a scenario after a change of its settings.

    A title that was made of the settings is made anew. Any other title is kept.

    Parameters
    ----------
    before : str
        The scenario before the change, in TOML.
    after : str
        The scenario after the change, in TOML.

    Returns
    -------
    str
        The text `after`, with its title updated.
    """
    old, new = read(before), read(after)
    if old is None or new is None or old[1]["title"] != _title(old[0], old[2]):
        return after
    document = _document(after)
    document["title"] = _title(new[0], new[2])
    return tomlkit.dumps(document)


def read(text: str) -> tuple[str, dict[str, str], dict[str, str]] | None:
    """Read what a scenario changes in a shipped one.

    Parameters
    ----------
    text : str
        The scenario, in TOML.

    Returns
    -------
    tuple of (str, dict, dict) or None
        The name of the shipped scenario, title and about, and settings in TOML by full names; None where it extends none.
    """
    try:
        document = parse(Source("the scenario", text))
    except ScenarioError:
        return None
    base, title, about = (document.pop(key, "") for key in ("extends", "title", "about"))
    if base not in library_names() or not all(isinstance(table, dict) for table in document.values()):
        return None
    return base, {"title": title, "about": about}, dict(_leaves(document, ""))


def _leaves(table: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", toml_value(value)
