"""Where a target may come from: a search reproduces what was published, and cannot be told what to bring about.

A target names a figure of the shipped list, or carries year, publisher and address, or is a figure that an authority
disclosed. A figure about the state must be one of the list, lie within what was published there, and lie inside its range:
no search drives protest to nothing or control to all. One about silence and fear lies within what studies have found, and no
search drives either to all. Texts that look like identifiers of persons are refused unread.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from glasshouse.analysis.calibration.target_entries import Entry
from glasshouse.analysis.expression import parse_quantity
from glasshouse.model.measures import CATALOGUE, PAIRINGS
from glasshouse.model.pairing import paired_sums
from glasshouse.model.state_measures import STEMS, sums_of_the_state
from glasshouse.model.sums_read import sums_read
from glasshouse.scenario.messages import nearest

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What a target is called: what is counted, in small letters."""
IDENTIFIERS = (
    # Numbers of nine digits or more, however they are divided: identity cards, telephones, accounts.
    re.compile(r"\d(?:[\s._/\-\u2010-\u2015\u200b-\u200d\u2060\u00ad]{0,3}\d){8,}"),
    re.compile(r"\b[A-Z]{1,3}\d{6,}[A-Z]?\b"),  # passports
    re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{10,}\b"),  # bank accounts
    re.compile(r"\S@\S+\.\S"),  # addresses of electronic mail
)
"""What looks like an identifier of a person in a text."""
IN_ADDRESS = re.compile(r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]|@")
"""What looks like one in an address, whose other long numbers are those of pages: an identity number with a date of birth."""
PLAIN = re.compile(r"\b10\.\d{4,9}/\S+|\b(?:19|20)\d\d-\d\d-\d\d\b|\b(?:19|20)\d\d\s?[-\u2013]\s?(?:19|20)\d\d\b")
"""Identifiers of publications, dates and spans of years, whose digits identify nobody."""
ADDRESS = re.compile(r"(https?://[^\s/]+\.[^\s/]+/?|doi:10\.)\S*")


SILENCE = {"chilling": (0.01, 0.25), "believed_risk": (0.05, 0.5), "falsification_gap": (3.0, 30.0)}
"""Measures of silence and fear that a target may name, and between which figures: facts.md B3, B2.2, and B2.1 to B2.3."""

SPOKEN = frozenset(
    {
        "voicings", "occasions", "shunned", "risk_sum", "stated_sum", "opposition_sum", "grievance_sum",
        "fear_private", "fear_stated", "gap_all", "gap_women", "gap_young",
        "abroad_voicings", "abroad_risk", "foreign_silence_sum", "speech_records", "speech_records_lawful",
        *(total.name for total in paired_sums(PAIRINGS)),
    }
)  # fmt: skip
"""Sums of what people say, hold back and fear."""


@dataclass(frozen=True)
class PublishedFigure:
    """A figure of the shipped list: what of the model stands for it, and between which numbers it was published."""

    what: str
    low: float
    high: float
    year: int
    publisher: str
    address: str
    row: str
    measure: str = ""
    expression: str = ""
    growth: bool = False

    @property
    def source(self) -> str:
        """Who published it, when and where, with its row in docs/facts.md."""
        return f"{self.publisher}, {self.year}, {self.address}; facts.md {self.row}"


@cache
def published_figures() -> Mapping[str, PublishedFigure]:
    """Load the shipped list of published figures.

    Returns
    -------
    mapping of str to PublishedFigure
        The figures by their names.
    """
    text = (files("glasshouse") / "library" / "published" / "figures.toml").read_text(encoding="utf-8")
    return {name: PublishedFigure(**table) for name, table in tomllib.loads(text)["figures"].items()}


def looks_like_identifier(name: str, table: object) -> bool:
    """Tell whether the name of a target or any text in it looks like an identifier of a person.

    Parameters
    ----------
    name : str
        Name of the target.
    table : object
        What stands in it.

    Returns
    -------
    bool
        True for a name that is no short word in small letters, and for texts with long numbers and the like. In the
        address of a publication only identity numbers with a date of birth and addresses of persons count.
    """
    if isinstance(table, Mapping) and any(IN_ADDRESS.search(text) for text in _texts(table.get("address", ""))):
        return True
    values = {key: value for key, value in table.items() if key != "address"} if isinstance(table, Mapping) else table
    texts = PLAIN.sub("", " | ".join(_texts(values)))
    return not NAME.fullmatch(name) or any(pattern.search(f"{name} | {texts}") for pattern in IDENTIFIERS)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str | int):
        yield str(value)


def is_of_the_state(measure: str, expression: str) -> bool:
    """Tell whether a figure says what a regime does to the state, such as protest, control or cost.

    Parameters
    ----------
    measure : str
        Name of a measure, or nothing.
    expression : str
        An expression over sums, or nothing.

    Returns
    -------
    bool
        True for measures of the state and for expressions over their sums.
    """
    names = parse_quantity(expression).names if expression else ()
    return measure in {one.name for one in CATALOGUE if not one.people} or any(
        name in sums_of_the_state() or name.startswith(STEMS) for name in names
    )


def is_of_silence(measure: str, expression: str) -> bool:
    """Tell whether a figure says what people hold back or fear.

    Parameters
    ----------
    measure : str
        Name of a measure, or nothing.
    expression : str
        An expression over sums, or nothing.

    Returns
    -------
    bool
        True for what reads a sum of speech, of fear or of opinions that are hidden.
    """
    known = next((one for one in CATALOGUE if one.name == measure), None)
    if known is None or known.is_averaged():
        names = parse_quantity(expression).names if expression else ()
    else:
        names = tuple(name.rpartition(":")[2] for part in sums_read(known) for name in part)
    return not SPOKEN.isdisjoint(names)


def source_of(entry: Entry) -> str:
    """Say where a target comes from.

    Parameters
    ----------
    entry : Entry
        A target whose source is in order.

    Returns
    -------
    str
        Publisher, year and address, or authority, date and reference.
    """
    if entry.published:
        return published_figures()[entry.published].source
    if entry.kind == "disclosed":
        return f"disclosed by {entry.body}, {entry.date}, {entry.reference}"
    return f"{entry.publisher}, {entry.year}, {entry.address}"


def source_faults(entry: Entry) -> list[tuple[str, str]]:
    """Check where a target comes from, and whether a search may aim at it.

    Parameters
    ----------
    entry : Entry
        The target; its expression is in order.

    Returns
    -------
    list of (str, str)
        Key and fault of everything that is wrong.
    """
    found = _listed(entry) if entry.published else _disclosed(entry) if entry.kind == "disclosed" else _cited(entry)
    if not is_of_the_state(entry.measure, entry.expression):
        return found + ([] if entry.published else _silence(entry))
    key = "measure" if entry.measure else "expression"
    if not entry.published or entry.arm == "effect":
        found.append(
            (
                key,
                "a search does not aim at what a regime does to the state, such as protest, control or cost, but for a figure "
                'of the shipped list (published = "…") of one arm. Take a figure about people.',
            )
        )
    elif entry.figure <= 0.0 or (entry.unit == "share" and entry.figure >= 1.0):
        found.append(("figure", f"{entry.figure:g} is an end of its range, and no search drives the state there."))
    return found


def _listed(entry: Entry) -> list[tuple[str, str]]:
    figures = published_figures()
    given = [key for key in ("year", "publisher", "address", "body", "date", "reference") if getattr(entry, key)]
    if given or entry.kind == "disclosed":
        return [("published", f"a figure of the shipped list has its source there. Leave out {given or ['kind']}.")]
    if entry.published not in figures:
        known = f"The list has {', '.join(figures)}."
        return [("published", f"the shipped list has no such figure.{nearest(entry.published, figures)} {known}")]
    one = figures[entry.published]
    wanted: Any = one.measure or parse_quantity(one.expression).names
    if wanted != (entry.measure or parse_quantity(entry.expression).names) or one.growth != bool(entry.over):
        what = f"{one.measure or one.expression}{' with over = […]' if one.growth else ''}"
        return [("published", f"{entry.published} is a figure of {what}, not of this.")]
    if not one.low <= entry.figure <= one.high:
        return [("figure", f"{entry.figure:g} lies beyond what was published: {one.low:g} to {one.high:g}.")]
    return []


def _disclosed(entry: Entry) -> list[tuple[str, str]]:
    found = [(key, f"{key} is missing. Add it: a disclosed figure carries body, date and reference.")
             for key in ("body", "date", "reference") if not getattr(entry, key).strip()]  # fmt: skip
    if not found:
        try:
            dt.date.fromisoformat(entry.date)
        except ValueError:
            found.append(("date", "the day of the answer is written as 2026-11-30."))
    return found


def _cited(entry: Entry) -> list[tuple[str, str]]:
    advice = (
        'Name a figure of the shipped list (published = "…"), or give year, publisher and address, or kind = "disclosed" with '
        "body, date and reference."
    )
    if not (entry.year and entry.publisher.strip() and entry.address.strip()):
        return [("what", f"it does not say where the figure was published. {advice}")]
    found = []
    if not 1900 <= entry.year <= dt.datetime.now(tz=dt.UTC).year:
        found.append(("year", f"{entry.year} is no year in which a figure can have been published."))
    if not ADDRESS.fullmatch(entry.address.strip()):
        found.append(("address", "give where the figure can be read: https://… or doi:10.…"))
    return found


def _silence(entry: Entry) -> list[tuple[str, str]]:
    if not is_of_silence(entry.measure, entry.expression):
        return []
    if entry.measure not in SILENCE:
        known = ", ".join(SILENCE)
        key = "measure" if entry.measure else "expression"
        return [
            (
                key,
                f"a search does not aim at what people hold back or fear, but for {known} within what studies have found.",
            )
        ]
    low, high = SILENCE[entry.measure]
    if low <= entry.figure <= high:
        return []
    return [
        ("figure", f"{entry.figure:g} lies beyond what studies have found of {entry.measure}: {low:g} to {high:g}.")
    ]
