"""Which data a decision may rest on: agencies' files against contexts of life, rated by a person, with reasons.

Article 5(1)(c)(i) of the EU AI Act asks whether treatment happens in contexts unrelated to those in which the data
arose. No model can answer that. A relatedness file answers it openly: one rating and one reason for each pair of a file
and a decision. Files are TOML and checked as a whole; all errors are reported at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from glasshouse.errors import ScenarioError
from glasshouse.model.agencies import ALWAYS, THE_FOUR, Agencies
from glasshouse.model.declarations import Table
from glasshouse.scenario.files import parse, read
from glasshouse.scenario.messages import Faults, explain, kind, nearest, printable, shown, shown_word
from glasshouse.scenario.toml_lines import Source, position

Rating = Literal["related", "arguable", "unrelated"]
RATINGS: tuple[Rating, ...] = get_args(Rating)

UNRATED = "Nobody has rated this pair; the scenario declares one of the two itself."
"""The reason of a rating that the matrix does not give."""
OWN = "An agency's own list rests on its own file."
"""The reason where such a pair is one agency's."""


def tables_of(agencies: Agencies) -> tuple[str, ...]:
    """The tables of a relatedness file: whose records.

    Parameters
    ----------
    agencies : Agencies
        The agencies.

    Returns
    -------
    tuple of str
        A name for each, without spaces.
    """
    return tuple(name.replace(" ", "_") for name in agencies.names)


def decisions_of(agencies: Agencies) -> tuple[str, ...]:
    """The keys in each table: the context in which is decided.

    Parameters
    ----------
    agencies : Agencies
        The agencies.

    Returns
    -------
    tuple of str
        The first word of the contexts of the four, and those of further agencies in full, without spaces.
    """
    usual, further = agencies.contexts[:ALWAYS], agencies.contexts[ALWAYS:]
    return (*(name.partition(" ")[0] for name in usual), *(name.replace(" ", "_") for name in further))


USUAL = "usual"
"""The shipped matrix that is used when nothing else is said."""

TEXTS = {"title": 200, "about": 5000}


class Cell(Table):
    """One pair of a file and a decision.

    Attributes
    ----------
    rating : str
        One of `RATINGS`.
    reason : str
        Why, in a sentence.
    """

    rating: Rating = Field(description="Whether data of this file bear on this decision.")
    reason: str = Field(description="Why, in a sentence.", min_length=10, max_length=500)


@dataclass(frozen=True)
class Relatedness:
    """The ratings of all pairs.

    Attributes
    ----------
    name, title, about : str
        Name, title and description of the matrix.
    cells : tuple of tuple of Cell
        `cells[k][l]` rates agency k's file for the decision in context l.
    """

    name: str
    title: str
    about: str
    cells: tuple[tuple[Cell, ...], ...]

    def rated(self, *ratings: Rating) -> NDArray[np.bool_]:
        """Which pairs have one of some ratings.

        Parameters
        ----------
        *ratings : str
            Some of `RATINGS`.

        Returns
        -------
        ndarray of bool, shape (agencies, contexts)
            True for those pairs.
        """
        return np.array([[cell.rating in ratings for cell in row] for row in self.cells])

    def completed(self, agencies: Agencies) -> "Relatedness":
        """The matrix for agencies that a scenario declares.

        Parameters
        ----------
        agencies : Agencies
            The agencies of the scenario.

        Returns
        -------
        Relatedness
            The same with every pair that it does not rate as arguable; related where it is one agency's.
        """
        places = range(agencies.number)
        rated = {(file, place): cell for file, row in enumerate(self.cells) for place, cell in enumerate(row)}
        cells = tuple(tuple(rated.get((file, place)) or unrated(file == place) for place in places) for file in places)
        return replace(self, cells=cells)


def unrated(own: bool) -> Cell:
    """The rating of a pair that nobody has rated.

    Parameters
    ----------
    own : bool
        Whether file and decision are one agency's.

    Returns
    -------
    Cell
        Related if so, and else arguable, with a reason that says it.
    """
    return Cell(rating="related", reason=OWN) if own else Cell(rating="arguable", reason=UNRATED)


def names() -> tuple[str, ...]:
    """Names of the matrices that come with Glasshouse.

    Returns
    -------
    tuple of str
        The names in alphabetical order.
    """
    return tuple(sorted(file.name.removesuffix(".toml") for file in _library().iterdir()))


def load(name_or_path: str | Path = USUAL, agencies: Agencies = THE_FOUR) -> Relatedness:
    """Load a matrix.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a shipped matrix, or path of a TOML file.
    agencies : Agencies
        The agencies of the scenario. A matrix must rate those of the four and may rate the further ones.

    Returns
    -------
    Relatedness
        The ratings.

    Raises
    ------
    ScenarioError
        With all errors of the file.
    """
    text = str(name_or_path)
    shipped = text in names()
    if not shipped and "." not in text and "/" not in text:
        raise ScenarioError(
            f"no relatedness matrix is called {shown_word(text)}.{nearest(text, names())} Shipped: {', '.join(names())}. "
            "Give one of these names, or the path of a .toml file."
        )
    file = _library() / f"{text}.toml" if shipped else Path(name_or_path)
    label = text if shipped else printable(text, 200)
    source = Source(label, read(file, label, "relatedness"))
    faults = Faults()
    values = parse(source)
    title, about = (_text(values, key, source, faults) for key in TEXTS)
    known = tables_of(agencies)
    for name in values.keys() - {*TEXTS, *known}:
        faults.unknown(position(source, (), name), "table", name, known, f" Tables are {', '.join(known)}.")
    rows = _Rows(source, faults, known, decisions_of(agencies))
    cells = [rows.row(values.get(name), name) for name in known]
    faults.stop()
    return Relatedness(file.name.removesuffix(".toml"), title, about, tuple(cells))


def _library() -> Traversable:
    return files("glasshouse") / "library" / "relatedness"


def _text(values: Mapping[str, Any], key: str, source: Source, faults: Faults) -> str:
    found = values.get(key, "")
    place = position(source, (), key) if key in values else source.label
    if not isinstance(found, str):
        faults.add(place, f"{key} = {shown(found)} is {kind(found)}, not a text. Give a text in quotation marks.")
    elif key == "title" and not found.strip():
        faults.add(place, 'title is missing. Begin the file with title = "…": whose judgement this is, in one line.')
    elif len(found) > TEXTS[key] or not all(c.isprintable() or c in "\n\t" for c in found):
        faults.add(place, f"{key} is longer than {TEXTS[key]} characters or cannot be printed. Shorten or mend it.")
    else:
        return found
    return ""


@dataclass(frozen=True)
class _Rows:
    """Reads the tables of a relatedness file; what is missing or wrong goes to `faults`."""

    source: Source
    faults: Faults
    files: tuple[str, ...]
    decisions: tuple[str, ...]

    def row(self, table: object, name: str) -> tuple[Cell, ...]:
        """The ratings of one agency's file against every decision.

        Parameters
        ----------
        table : object
            What the file has under the agency's name; None if it has nothing.
        name : str
            The agency's file.

        Returns
        -------
        tuple of Cell
            A rating for each decision that could be read.
        """
        want = '{ rating = "related", reason = "…" }'
        source, faults, decisions = self.source, self.faults, self.decisions
        file = self.files.index(name)
        if table is None and file >= ALWAYS:
            table = {}
        if table is None:
            faults.add(source.label, f"the table [{name}] is missing. Add it, with {decisions[0]} = {want} and so on.")
            return ()
        if not isinstance(table, Mapping):
            text = f"{name} is {kind(table)}, not a table. Write [{name}] on a line of its own."
            faults.add(position(source, (), name), text)
            return ()
        for key in table.keys() - set(decisions):
            listed = f" Keys are {', '.join(decisions)}."
            faults.unknown(position(source, (name,), key), "decision", key, decisions, listed)
        missing = [key for key in decisions[:ALWAYS] if key not in table and file < ALWAYS]
        if missing:
            faults.add(position(source, (name,)), f"no rating for {', '.join(missing)}. Add {missing[0]} = {want}.")
        found = [
            self._cell(table[key], name, key) if key in table else unrated(file == place)
            for place, key in enumerate(decisions)
            if key not in missing
        ]
        return tuple(cell for cell in found if cell is not None)

    def _cell(self, value: object, name: str, key: str) -> Cell | None:
        """One rating, checked."""
        place, faults = position(self.source, (name,), key), self.faults
        if not isinstance(value, Mapping):
            faults.add(place, f'{key} = {shown(value)} is {kind(value)}. Give {{ rating = "related", reason = "…" }}.')
            return None
        try:
            cell = Cell.model_validate(dict(value))
        except ValidationError as error:
            schema = Cell.model_json_schema()["properties"]
            for finding in error.errors(include_url=False):
                _explain(finding, place, key, value, schema, faults)
            return None
        if not cell.reason.isprintable():
            faults.add(place, f"the reason of {key} holds characters that cannot be printed. Take them out.")
        if self.files.index(name) == self.decisions.index(key) and cell.rating != "related":
            own = "an agency's own list always rests on its own file; no setting cuts it"
            faults.add(
                place,
                f'{key} is rated {cell.rating}, but {own}. Rate it "related" and say your doubt in the reason.',
            )
        return cell


def _explain(
    finding: Mapping[str, Any],
    place: str,
    key: str,
    value: Mapping[str, Any],
    schema: Mapping[str, Any],
    faults: Faults,
) -> None:
    """One of pydantic's findings about a rating."""
    field = str(finding["loc"][0])
    if finding["type"] == "missing":
        faults.add(place, f"{key} has no {field}. Every pair needs a rating ({', '.join(RATINGS)}) and a reason.")
    elif finding["type"] == "extra_forbidden":
        advice = nearest(field, schema) or " A pair has a rating and a reason."
        faults.add(place, f"{key}: key {shown_word(field)} is not known.{advice}")
    elif field == "reason" and str(finding["type"]).startswith("string_too"):
        faults.add(place, f"the reason of {key} has {len(value['reason'])} characters. Give between 10 and 500.")
    else:
        faults.add(place, f"{key}: {explain(finding, field, value.get(field), schema[field])}")
