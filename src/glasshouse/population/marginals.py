"""Published marginals: the only thing that a population is ever drawn from.

A marginals file holds aggregates and nothing finer. It is refused if a table crosses more than three dimensions, names
a dimension outside the closed list, or has a cell of fewer than 50 people: no record of a person can pass through it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator, model_validator

from glasshouse.model.declarations import Table
from glasshouse.population.cells import AGE_BANDS, CELLS, cells_of
from glasshouse.population.figures import PARTY, Confidence, Figure, Figures, sure

DIMENSIONS = (
    "age",
    "sex",
    "residence",
    "migrant",
    "minority",
    "household size",
    "household kind",
    "education",
    "online",
    "party",
    "employment",
)
"""What a table may be about; nothing that tells one person from another is here, and nothing can be added by a file."""

FINEST = 3
"""Dimensions that one table may cross at most."""

ADULT_FROM = 3
"""The first age band of adults: 15 to 19."""

MIN_AGE, MAX_AGE = 15, 90
"""Ages in years that can be given for adults."""

MIN_PEOPLE_PER_CELL = 50
"""People that every cell must stand for at least."""

_WHOLE = ("age", "sex", "residence", "minority", "household", "lone_parents", "education", "party", "employment")
"""Tables that divide a whole, unless they give one share for each cell of another dimension."""


class Marginal(Table):
    """Shares of a population in the cells of at most three crossed dimensions, with source.

    `confidence` is one word for all cells or one for each cell.
    """

    dimensions: list[str]
    people: int
    source: str = Field(min_length=1)
    confidence: str | dict[str, str]
    cells: dict[str, float] = Field(min_length=1)

    @field_validator("confidence", mode="before")
    @classmethod
    def _confident(cls, value: object) -> Any:
        """One of the words, or one for each cell."""
        return {cell: sure(word) for cell, word in value.items()} if isinstance(value, dict) else sure(value)

    @model_validator(mode="after")
    def _coarse_enough(self) -> "Marginal":
        """The boundary: closed dimensions, at most three, every cell 50 people or more."""
        strange = [name for name in self.dimensions if name not in DIMENSIONS]
        if strange:
            raise ValueError(f"dimension {strange[0]!r} is not of the closed list {', '.join(DIMENSIONS)}")
        if not 1 <= len(self.dimensions) <= FINEST:
            raise ValueError(f"{len(self.dimensions)} dimensions are crossed; a table may cross 1 to {FINEST}")
        if isinstance(self.confidence, dict) and set(self.confidence) != set(self.cells):
            raise ValueError(
                "confidence names other cells than the table has; give one word for each cell, or one for all"
            )
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


class Shape(Table):
    """Chances by age band of which only the proportions count, with their source."""

    source: str
    confidence: Confidence
    cells: dict[str, float]

    @field_validator("confidence", mode="before")
    @classmethod
    def _confident(cls, value: object) -> Any:
        return sure(value)

    @field_validator("cells")
    @classmethod
    def _by_age(cls, cells: dict[str, float]) -> dict[str, float]:
        """Every age band must have a chance, and one of them a chance above 0."""
        for cell, chance in cells.items():
            if not 0.0 <= chance <= 1.0:
                raise ValueError(f"cell {cell!r} is {chance}; give a chance from 0 to 1")
        found = AGE_BANDS.ordered(dict.fromkeys(cells, 1.0))
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


class Meanings(Table):
    """What the groups of a population are in this country: the same word means other people elsewhere."""

    migrant: str = Field(default="", max_length=500)
    minority: str = Field(default="", max_length=500)
    rural: str = Field(default="", max_length=500)

    def given(self) -> dict[str, str]:
        """The groups that the country has.

        Returns
        -------
        dict of str to str
            What each group is, by its name.
        """
        return {name: text for name, text in self if text}


class Marginals(Table):
    """Everything published that a population is drawn from; what a country lacks is left out of its file."""

    title: str
    meanings: Meanings = Meanings()
    age: Marginal
    sex: Marginal
    residence: Marginal | None = None
    migrant: Marginal | None = None
    minority: Marginal | None = None
    household: Marginal
    lone_parents: Marginal | None = None
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
        cells = cells_of(str(info.field_name), table.dimensions).ordered(table.cells)
        return table.model_copy(update={"cells": cells})

    @model_validator(mode="after")
    def _whole(self) -> "Marginals":
        """Tables that divide a whole population must add up to it."""
        for name in CELLS:
            table: Marginal | None = getattr(self, name)
            divides = (
                table is not None and (name in _WHOLE or len(table.dimensions) == 1) and not self._by_migrant(name)
            )
            total = float(table.shares().sum()) if divides and table is not None else 1.0
            if abs(total - 1.0) > 0.002:
                raise ValueError(f"the shares of [{name}] add up to {total:.4f}; they must add up to 1")
        return self

    def _by_migrant(self, name: str) -> bool:
        return name == "minority" and self.minority is not None and "migrant" in self.minority.dimensions

    @model_validator(mode="after")
    def _together(self) -> "Marginals":
        """Tables and figures that belong together are given together or not at all."""
        parts = {"[party]": self.party, **{name: getattr(self.figures, name) for name in PARTY}}
        _all_or_none(parts, f"give [party], {', '.join(PARTY)}, or none of them")
        women = {"[lone_parents]": self.lone_parents, "lone_parent_women": self.figures.lone_parent_women}
        _all_or_none(women, "give [lone_parents] and lone_parent_women, or neither of them")
        if self.urban < 1.0:
            _needed(("income_rural", "gini_rural"), self.figures, "figures", "rural people have incomes")
        if self.employment.cells["self-employed unit"] > 0.0:
            _needed(("own_account_mean",), self.figures, "figures", "the self-employed have units of a size")
        if self._by_migrant("minority") and self.migrant is None:
            raise ValueError("[minority] is given by migrants and others; give [migrant] too")
        meanings = self.meanings.given()
        groups = {"migrant": self.migrant, "minority": self.minority, "rural": self.urban < 1.0 or None}
        for name, group in groups.items():
            if group is not None and name not in meanings:
                raise ValueError(f"[meanings] {name} is missing: say who counts as {name} in this country")
            if group is None and name in meanings:
                raise ValueError(f"[meanings] {name} is given, but nobody is {name}; leave it out or give the table")
        return self

    @property
    def urban(self) -> float:
        """Share of people living in towns; 1 without a countryside."""
        return 1.0 if self.residence is None else self.residence.cells["urban"]

    def by_residence(self, name: str) -> NDArray[np.float64]:
        """A share among rural and among urban people.

        Parameters
        ----------
        name : str
            `migrant` or `online`: table and cell.

        Returns
        -------
        array of float64, shape (2,)
            Share among rural people and among urban people, alike if the table does not tell them apart; 0 without the
            table.
        """
        table: Marginal | None = getattr(self, name)
        if table is None:
            return np.zeros(2)
        return np.array(
            [table.cells.get(f"{place}/{name}", table.cells.get(name, 0.0)) for place in ("rural", "urban")]
        )

    def migrants(self) -> float:
        """The share of migrants in the whole population.

        Returns
        -------
        float
            The share, 0 to 1.
        """
        rural, urban = self.by_residence("migrant")
        return float((1.0 - self.urban) * rural + self.urban * urban)

    def minority_by_migration(self) -> tuple[float, float]:
        """The share of the minority among migrants and among all others.

        Returns
        -------
        tuple of float
            Both shares, 0 to 1; equal if the table does not tell them apart, and 0 without the table.
        """
        if self.minority is None:
            return 0.0, 0.0
        cells = self.minority.cells
        if self._by_migrant("minority"):
            return cells["migrant/minority"], cells["other/minority"]
        return cells["minority"], cells["minority"]

    def minorities(self) -> float:
        """The share of the minority in the whole population.

        Returns
        -------
        float
            The share, 0 to 1.
        """
        among, others = self.minority_by_migration()
        return among if among == others else self.migrants() * among + (1.0 - self.migrants()) * others

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


def _all_or_none(parts: dict[str, Any], advice: str) -> None:
    """ValueError if some of the parts are missing and others are not."""
    missing = [name for name, part in parts.items() if part is None]
    if 0 < len(missing) < len(parts):
        raise ValueError(f"{', '.join(missing)} is missing; {advice}")


def _needed(names: Sequence[str], table: Table, where: str, why: str) -> None:
    """ValueError if one of the entries of a table is missing."""
    missing = [name for name in names if getattr(table, name) is None]
    if missing:
        raise ValueError(f"[{where}] {', '.join(missing)} is missing: {why}")
