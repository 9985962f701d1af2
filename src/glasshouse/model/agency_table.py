"""The table in which a scenario declares agencies beside the four that are always there."""

from collections.abc import Iterator
from itertools import combinations
from typing import Annotated, ClassVar, LiteralString, Self

from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from glasshouse.model.agencies import (
    ALWAYS,
    BASIS_NAMES,
    MOST_AGENCIES,
    THE_FOUR,
    Agencies,
)
from glasshouse.model.declarations import Table, param
from glasshouse.model.name_lists import chosen, list_schema, names

KIND_WORDS = ("traffic", "debt", "benefit", "trade", "order")
"""How the table names the kinds of breach."""
NOTHING = "nothing"
"""What an agency records that only counts what others pass on."""
RECORDED = (NOTHING, *KIND_WORDS, *(f"{one} and {other}" for one, other in combinations(KIND_WORDS, 2)))
"""What an agency can record: at most two kinds."""
MOST_FURTHER = MOST_AGENCIES - ALWAYS
"""Most agencies that a scenario can declare."""


def _names() -> AfterValidator:
    return names(MOST_FURTHER, f"these are {{number}} agencies beside the {ALWAYS} that are always there")


class AgencyTable(Table):
    """The agencies beside police, courts, the tax and welfare office and market supervision, up to four.

    What the agencies do is set where it was for the four: every list of values for each agency has one for each of these
    too, after those of the four, in the order in which they are declared here.
    """

    name: ClassVar[str] = "agencies"

    further: Annotated[tuple[str, ...], _names(), list_schema(MOST_FURTHER)] = param(
        (), "Names of the further agencies.", unit="", source="setting", role="design"
    )
    contexts: Annotated[tuple[str, ...], _names(), list_schema(MOST_FURTHER)] = param(
        (),
        "Context of life that each further agency controls, in which its list restricts people.",
        unit="",
        source="setting",
        role="design",
    )
    sees: Annotated[tuple[str, ...], chosen(BASIS_NAMES), list_schema(MOST_FURTHER, BASIS_NAMES)] = param(
        (),
        "What each further agency sees people by: as police, courts, the welfare office or market supervision, or alike.",
        unit="",
        source="setting",
        role="design",
    )
    records: Annotated[tuple[str, ...], chosen(RECORDED), list_schema(MOST_FURTHER, RECORDED)] = param(
        (),
        "Kinds of breach that each further agency records, at most two; a breach concerns one of those that record its kind.",
        unit="",
        source="setting",
        role="design",
    )

    @model_validator(mode="after")
    def _one_for_each(self) -> Self:
        for key, text, context in self._contradictions():
            raise PydanticCustomError("contradiction", text, {"key": key, **context})
        return self

    def _contradictions(self) -> Iterator[tuple[str, LiteralString, dict[str, str | int]]]:
        """Lists that do not fit one another: the key that is told, in what words, and their numbers."""
        for key in ("contexts", "sees", "records"):
            came: tuple[str, ...] = getattr(self, key)
            if len(came) != len(self.further):
                text: LiteralString = (
                    "{key} is a list of {came} for {number} further agencies. Give one for each of further = [{names}]."
                )
                yield key, text, {"came": len(came), "number": len(self.further), "names": ", ".join(self.further)}
        for key, taken, new in (
            ("further", THE_FOUR.names, self.further),
            ("contexts", THE_FOUR.contexts, self.contexts),
        ):
            for name in sorted({*taken} & {*new}):
                yield key, "{name} is always there. Leave it out of {key}.", {"name": name}

    def agencies(self) -> Agencies:
        """All agencies of the scenario.

        Returns
        -------
        Agencies
            The four, then the further ones.
        """
        if not self.further:
            return THE_FOUR
        four = THE_FOUR
        return Agencies(
            (*four.names, *self.further),
            (*four.contexts, *self.contexts),
            (*four.bases, *(BASIS_NAMES.index(basis) for basis in self.sees)),
            (*four.records, *map(_kinds, self.records)),
        )


def _kinds(words: str) -> tuple[int, ...]:
    """The kinds that some words name."""
    return tuple(kind for kind, word in enumerate(KIND_WORDS) if word in words.split(" and "))
