"""Published marginals: the only thing that a population is ever drawn from.

A marginals file holds aggregates and nothing finer. It is refused if a table crosses more than three dimensions, names
a dimension outside the closed list, or has a cell of fewer than 50 people: no record of a person can pass through it.
"""

import tomllib
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from glasshouse.errors import SynthesisError
from glasshouse.model.declarations import Table
from glasshouse.population.cells import CELLS

DIMENSIONS = (
    "age",
    "sex",
    "residence",
    "migrant",
    "minority",
    "household size",
    "education",
    "online",
    "party",
    "employment",
)
"""What a table may be about; nothing that tells one person from another is here, and nothing can be added by a file."""

FINEST = 3
"""Dimensions that one table may cross at most."""

PARTY = ("party_share", "party_women", "party_college")
"""Figures that go with the party's table."""

ADULT_FROM = 3
"""The first age band of adults: 15 to 19."""

MIN_AGE, MAX_AGE = 15, 90
"""Ages in years that can be given for adults."""

MIN_PEOPLE_PER_CELL = 50
"""People that every cell must stand for at least."""

Confidence = Literal["V", "V2", "D", "R", "A"]


class Marginal(Table):
    """Shares of a population in the cells of at most three crossed dimensions, with source."""

    dimensions: list[str]
    people: int
    source: str
    confidence: Confidence
    cells: dict[str, float] = Field(min_length=1)

    @model_validator(mode="after")
    def _coarse_enough(self) -> "Marginal":
        """The boundary: closed dimensions, at most three, every cell 50 people or more."""
        strange = [name for name in self.dimensions if name not in DIMENSIONS]
        if strange:
            raise ValueError(f"dimension {strange[0]!r} is not of the closed list {', '.join(DIMENSIONS)}")
        if not 1 <= len(self.dimensions) <= FINEST:
            raise ValueError(f"{len(self.dimensions)} dimensions are crossed; a table may cross 1 to {FINEST}")
        for cell, share in self.cells.items():
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"cell {cell!r} is {share}; give a share from 0 to 1")
            if 0.0 < share * self.people < MIN_PEOPLE_PER_CELL:
                raise ValueError(
                    f"cell {cell!r} stands for {share * self.people:.0f} people; the least is {MIN_PEOPLE_PER_CELL}, merge cells"
                )
        return self

    def shares(self) -> NDArray[np.float64]:
        """Its cells in the order of `cells.CELLS`.

        Returns
        -------
        array of float64, shape (cells,)
            Share of the population in each cell, 0 to 1.
        """
        return np.array(list(self.cells.values()))


class Figure(Table):
    """One published number with its source."""

    value: float
    source: str
    confidence: Confidence


class Figures(Table):
    """The single numbers that a population needs besides its tables; each one's meaning is in the file's own source.

    Those of the party go with its table. Without `foreign_units` and `abroad` there are none, and `mean_over_median` and
    `gini` are checks.
    """

    party_share: Figure | None = None
    party_women: Figure | None = None
    party_college: Figure | None = None
    income_urban: Figure
    income_rural: Figure
    gini_urban: Figure
    gini_rural: Figure
    mean_over_median: Figure | None = None
    gini: Figure | None = None
    unit_mean: Figure
    own_account_mean: Figure
    foreign_units: Figure | None = None
    abroad: Figure | None = None
    parent_age: Figure
    parent_age_spread: Figure


class Shape(Table):
    """Chances by age band of which only the proportions count, with their source."""

    source: str
    confidence: Confidence
    cells: dict[str, float]

    @field_validator("cells")
    @classmethod
    def _by_age(cls, cells: dict[str, float]) -> dict[str, float]:
        """Every age band must have a chance, and one of them a chance above 0."""
        for cell, chance in cells.items():
            if not 0.0 <= chance <= 1.0:
                raise ValueError(f"cell {cell!r} is {chance}; give a chance from 0 to 1")
        found = CELLS["age"].ordered(CELLS["age"].dimensions, {**dict.fromkeys(cells, 1.0)})
        if not any(cells.values()):
            raise ValueError("every cell is 0; give a chance above 0 to some ages")
        return {cell: cells[cell] for cell in found}

    @property
    def chances(self) -> NDArray[np.float64]:
        """Chance in each age band, youngest first."""
        return np.array(list(self.cells.values()))


class ShapeFigures(Table):
    """How schooling falls with age and rises in towns, and at which ages households have children and parents."""

    schooling_by_age: Figure
    schooling_in_town: Figure
    children_at_home: Figure
    parents_from: Figure

    @field_validator("children_at_home", "parents_from")
    @classmethod
    def _an_age(cls, figure: Figure) -> Figure:
        if not MIN_AGE <= figure.value <= MAX_AGE:
            raise ValueError(f"{figure.value:g} is no age of an adult; give years from {MIN_AGE} to {MAX_AGE}")
        return figure


class Shapes(Table):
    """What couples the tables, of which only totals are published: who heads a household, works and is online at which age."""

    headship: Shape
    work: Shape
    online: Shape
    figures: ShapeFigures

    @field_validator("headship", "work")
    @classmethod
    def _of_adults(cls, shape: Shape) -> Shape:
        """Children neither head a household nor work."""
        young = [cell for cell, chance in list(shape.cells.items())[:ADULT_FROM] if chance > 0.0]
        if young:
            raise ValueError(f"cell {young[0]!r} is above 0; people under 15 neither head a household nor work")
        return shape


class Marginals(Table):
    """Everything published that a population is drawn from."""

    title: str
    age: Marginal
    sex: Marginal
    residence: Marginal
    migrant: Marginal
    minority: Marginal
    household: Marginal
    education: Marginal
    online: Marginal
    party: Marginal | None = None
    employment: Marginal
    figures: Figures
    shapes: Shapes

    @field_validator(*CELLS)
    @classmethod
    def _labelled(cls, table: Marginal | None, info: ValidationInfo) -> Marginal | None:
        """Each table must have its own cells; they are put into the order in which the generator reads them."""
        if table is None:
            return None
        cells = CELLS[str(info.field_name)].ordered(table.dimensions, table.cells)
        return table.model_copy(update={"cells": cells})

    @model_validator(mode="after")
    def _whole(self) -> "Marginals":
        """Tables that divide a whole population must add up to it."""
        for name in ("age", "sex", "residence", "minority", "household", "education", "party", "employment"):
            table = getattr(self, name)
            total = 1.0 if table is None else float(table.shares().sum())
            if abs(total - 1.0) > 0.002:
                raise ValueError(f"the shares of [{name}] add up to {total:.4f}; they must add up to 1")
        return self

    @model_validator(mode="after")
    def _party(self) -> "Marginals":
        """The party's table and its three figures are given together or not at all."""
        parts = {"[party]": self.party, **{name: getattr(self.figures, name) for name in PARTY}}
        missing = [name for name, part in parts.items() if part is None]
        if 0 < len(missing) < len(parts):
            raise ValueError(f"{', '.join(missing)} is missing; give [party], {', '.join(PARTY)}, or none of them")
        return self

    @property
    def urban(self) -> float:
        """Share of people living in towns."""
        return self.residence.cells["urban"]

    def figure(self, name: str) -> float:
        """The value of one of the single numbers.

        Parameters
        ----------
        name : str
            Name of the number, a field of `Figures`.

        Returns
        -------
        float
            Its value; 0 for one that the file leaves out.
        """
        found = getattr(self.figures, name)
        return 0.0 if found is None else float(found.value)


def names() -> list[str]:
    """The marginals that ship with the package.

    Returns
    -------
    list of str
        Their names in alphabetical order.
    """
    return sorted(entry.name.removesuffix(".toml") for entry in _folder().iterdir() if entry.name.endswith(".toml"))


def load(name: str) -> Marginals:
    """Load the shipped marginals of that name.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    Marginals
        The marginals.

    Raises
    ------
    SynthesisError
        If there are none of that name or the file breaks a rule.
    """
    if name not in names():
        raise SynthesisError(f"[society] marginals = {name!r} is not shipped. Choose one of: {', '.join(names())}.")
    return parse((_folder() / f"{name}.toml").read_text(encoding="utf-8"), name)


def parse(text: str, name: str) -> Marginals:
    """Read marginals from the text of a file.

    Parameters
    ----------
    text : str
        Content of the file, in TOML.
    name : str
        Name of the file, for messages.

    Returns
    -------
    Marginals
        The marginals.

    Raises
    ------
    SynthesisError
        Names every fault in the text.
    """
    try:
        return Marginals.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SynthesisError(f"{name}: not a TOML file ({error}).") from error
    except ValidationError as error:
        faults = "\n".join(f"  {_place(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise SynthesisError(f"{name}: these marginals cannot be used.\n{faults}") from error


def _place(parts: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in parts) or "the file"


def _folder() -> Traversable:
    return resources.files("glasshouse") / "library" / "marginals"
