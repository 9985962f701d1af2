"""The cells that each table of a marginals file must have: tables are read by these labels, in whatever order they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SCHOOLING = ("none", "primary", "lower secondary", "upper secondary", "college")
"""Levels of education, lowest first; the trait `education` counts them."""

AGES = (*(f"{first}-{first + 4}" for first in range(0, 90, 5)), "90+")
"""Five-year age bands; the trait `age` counts them."""

MEMBERS = ("18-30", "31-35", "36-40", "41-45", "46-50", "51-55", "56-60", "61+")
"""Age bands of the members of the party."""


@dataclass(frozen=True)
class Cells:
    """What a table must be about and which cells it must have.

    Parameters
    ----------
    dimensions : tuple of str
        Its dimensions.
    labels : tuple of str
        Its cells, in the order in which the generator reads them.
    filled : bool
        Whether every cell must hold somebody.
    """

    dimensions: tuple[str, ...]
    labels: tuple[str, ...]
    filled: bool = False

    def ordered(self, dimensions: Sequence[str], cells: Mapping[str, float]) -> dict[str, float]:
        """The cells of a table in the order of the labels.

        Parameters
        ----------
        dimensions : sequence of str
            What the table is about.
        cells : mapping of str to float
            Its shares by cell, in any order.

        Returns
        -------
        dict of str to float
            The same shares, in the order of the labels.

        Raises
        ------
        ValueError
            If the dimensions or the cells are others, or if nobody is in a cell that must hold somebody.
        """
        if tuple(dimensions) != self.dimensions:
            raise ValueError(f"it is about {_listed(dimensions)}; this table is about {_listed(self.dimensions)}")
        missing, strange = (sorted(one - other) for one, other in _pairs(set(self.labels), set(cells)))
        if missing or strange:
            parts = [f"{what} {_listed(found)}" for what, found in (("lacks", missing), ("has", strange)) if found]
            raise ValueError(
                f"it {' and '.join(parts)}. Its cells are {_listed(self.labels)}; merge or split bands to fit"
            )
        empty = [label for label in self.labels if cells[label] == 0.0]
        if self.filled and empty:
            raise ValueError(f"nobody is in {_listed(empty)}; every cell of this table must hold somebody")
        return {label: cells[label] for label in self.labels}


CELLS = {
    "age": Cells(("age",), AGES, filled=True),
    "sex": Cells(("sex",), ("female", "male"), filled=True),
    "residence": Cells(("residence",), ("urban", "rural"), filled=True),
    "migrant": Cells(("residence", "migrant"), ("urban/migrant", "rural/migrant")),
    "minority": Cells(("minority",), ("minority", "majority")),
    "household": Cells(("household size",), tuple(str(size) for size in range(1, 10))),
    "education": Cells(("education",), SCHOOLING),
    "online": Cells(("residence", "online"), ("urban/online", "rural/online")),
    "party": Cells(("age", "party"), MEMBERS),
    "employment": Cells(("employment",), ("legal unit", "self-employed unit", "farm", "none")),
}
"""The cells of each table, by its name in the file."""


def _pairs(one: set[str], other: set[str]) -> tuple[tuple[set[str], set[str]], tuple[set[str], set[str]]]:
    return (one, other), (other, one)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words) or "nothing"
