"""Lines of TOML text: where a table or a setting stands, and the comment behind it.

`tomllib` gives no positions, and messages should name the line that an author has to change.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from glasshouse.scenario.messages import printable

_KEY = r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_QUOTED = re.compile(r"""\"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_COMMENTED = re.compile(rf"(?:[^\"'#]|{_QUOTED.pattern})*#(.*)")
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=(.*)")
_BLANKED = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|\#[^\n]*", re.DOTALL
)

Keys = tuple[str, ...]
"""Where a setting stands: ("observation", "coverage"); in an array of tables by its number: ("change", "1", "week")."""


@dataclass(frozen=True)
class Source:
    """One file, or one setting from elsewhere.

    Attributes
    ----------
    label : str
        What messages call it.
    text : str
        The TOML text itself; empty for a setting that did not come from a file.
    """

    label: str
    text: str = field(repr=False, default="")


def position(source: Source, table: Keys = (), key: str | None = None) -> str:
    """Where a table or a key stands, as messages say it.

    Parameters
    ----------
    source : Source
        The file or setting.
    table : tuple of str
        Names of the table and of those around it; empty for what stands before all tables.
    key : str, optional
        A key in that table.

    Returns
    -------
    str
        For instance “x.toml, [observation], line 12”; without a line where it cannot be found.
    """
    path = table if key is None else (*table, key)
    lines = _lines(source.text)
    line = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)
    header = f", [{printable('.'.join(table))}]" if table else ""
    return f"{source.label}{header}{f', line {line}' if line else ''}"


def comment(source: Source, path: Keys) -> str:
    """The comment in the line of a setting: its author's reason for the value.

    Parameters
    ----------
    source : Source
        The file.
    path : tuple of str
        The table and the key.

    Returns
    -------
    str
        The comment without its mark; empty where there is none.
    """
    line = _lines(source.text).get(path)
    found = _COMMENTED.match(source.text.split("\n")[line - 1]) if line is not None else None
    return found[1].strip() if found else ""


@lru_cache(maxsize=64)
def _lines(text: str) -> Mapping[Keys, int]:
    """The line of every table and key, the first where one occurs twice."""
    found: dict[Keys, int] = {}
    for path, line in _statements(text):
        found.setdefault(path, line)
    return found


def _statements(text: str) -> Iterator[tuple[Keys, int]]:
    """Table headers and keys of a well-formed text with their lines."""
    # Long strings keep their lines but lose what could look like a header; keys in quotation marks stay.
    masked = _BLANKED.sub(_blank, text)
    table: Keys = ()
    counts: dict[Keys, int] = {}
    depth = 0
    for line, content in enumerate(masked.split("\n"), 1):
        rest = content
        if depth == 0:
            if header := _HEADER.match(content):
                table = _numbered(_parts(header[2]), counts)
                yield table, line
                if header[1] == "[[":
                    counts[table] = counts.get(table, 0) + 1
                    table = (*table, str(counts[table]))
                    yield table, line
                continue
            if assignment := _ASSIGNMENT.match(content):
                yield table + _parts(assignment[1]), line
                rest = assignment[2]
        rest = _QUOTED.sub("", rest)
        depth += sum(rest.count(c) for c in "[{") - sum(rest.count(c) for c in "]}")


def _numbered(name: Keys, counts: Mapping[Keys, int]) -> Keys:
    """The path of a header: behind an array of tables around it stands the number of the table that is open."""
    path: Keys = ()
    for part in name[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, str(counts[path]))
    return (*path, name[-1])


def _blank(match: re.Match[str]) -> str:
    text = match[0]
    if text.startswith("#"):
        return ""
    return '""' + "\n" * text.count("\n") if text.startswith(('"""', "'''")) else text


def _parts(dotted: str) -> Keys:
    """The parts of a dotted key, quotation marks taken off."""
    return tuple(next(iter(tomllib.loads(f"{part} = 0"))) for part in re.findall(_KEY, dotted))
