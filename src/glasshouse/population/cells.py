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
    """What a table may be about and which cells it then has.

    Parameters
    ----------
    dimensions : tuple of str
        Its dimensions.
    labels : tuple of str
        Its cells, in the order in which the generator reads them.
    optional : tuple of str
        Cells that a country may lack; nobody is in a cell that is left out.
    filled : bool
        Whether every cell that is given must hold somebody.
    """

    dimensions: tuple[str, ...]
    labels: tuple[str, ...]
    optional: tuple[str, ...] = ()
    filled: bool = False

    def ordered(self, cells: Mapping[str, float]) -> dict[str, float]:
        """The cells of a table in the order of the labels, with 0 for those that a country lacks.

        Parameters
        ----------
        cells : mapping of str to float
            Its shares by cell, in any order.

        Returns
        -------
        dict of str to float
            The same shares, in the order of the labels.

        Raises
        ------
        ValueError
            If the cells are others, or if nobody is in a cell that must hold somebody.
        """
        needed = [label for label in self.labels if label not in self.optional]
        missing = [label for label in needed if label not in cells]
        strange = sorted(set(cells) - set(self.labels))
        if missing or strange:
            parts = [f"{what} {_listed(found)}" for what, found in (("lacks", missing), ("has", strange)) if found]
            may = f" ({_listed(self.optional)} may be left out)" if self.optional else ""
            raise ValueError(
                f"it {' and '.join(parts)}. Its cells are {_listed(self.labels)}{may}; merge or split bands to fit"
            )
        empty = [label for label in self.labels if cells.get(label) == 0.0]
        if self.filled and empty:
            advice = (
                "leave it out" if set(empty) <= set(self.optional) else "every cell of this table must hold somebody"
            )
            raise ValueError(f"nobody is in {_listed(empty)}; {advice}")
        return {label: cells.get(label, 0.0) for label in self.labels}


AGE_BANDS = Cells(("age",), AGES, filled=True)
"""The cells of a table over age."""

_SIZES = tuple(str(size) for size in range(1, 10))

CELLS: dict[str, tuple[Cells, ...]] = {
    "age": (AGE_BANDS,),
    "sex": (Cells(("sex",), ("female", "male"), filled=True),),
    "residence": (Cells(("residence",), ("urban", "rural"), ("rural",), filled=True),),
    "migrant": (
        Cells(("residence", "migrant"), ("urban/migrant", "rural/migrant")),
        Cells(("migrant",), ("migrant", "other"), filled=True),
    ),
    "minority": (
        Cells(("minority",), ("minority", "majority"), filled=True),
        Cells(("migrant", "minority"), ("migrant/minority", "other/minority")),
    ),
    "household": (Cells(("household size",), _SIZES, _SIZES[4:], filled=True),),
    "lone_parents": (Cells(("household kind",), ("lone parent", "other")),),
    "education": (Cells(("education",), SCHOOLING, SCHOOLING[:1]),),
    "online": (
        Cells(("residence", "online"), ("urban/online", "rural/online")),
        Cells(("online",), ("online", "offline")),
    ),
    "party": (Cells(("age", "party"), MEMBERS),),
    "employment": (
        Cells(
            ("employment",),
            ("legal unit", "self-employed unit", "farm", "none"),
            ("self-employed unit", "farm"),
            filled=True,
        ),
    ),
}
"""What each table may be about and its cells then, by the table's name in the file."""


def cells_of(table: str, dimensions: Sequence[str]) -> Cells:
    """The cells of a table that is about certain dimensions.

    Parameters
    ----------
    table : str
        Name of the table, a key of `CELLS`.
    dimensions : sequence of str
        What the table is about.

    Returns
    -------
    Cells
        Its cells.

    Raises
    ------
    ValueError
        If the table cannot be about these dimensions.
    """
    for cells in CELLS[table]:
        if cells.dimensions == tuple(dimensions):
            return cells
    wanted = ", or about ".join(_listed(cells.dimensions) for cells in CELLS[table])
    raise ValueError(f"it is about {_listed(dimensions)}; this table is about {wanted}")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words) or "nothing"
