"""The table in which a scenario declares agencies beside the four that are always there."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Annotated, ClassVar, LiteralString, Self

from pydantic import AfterValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from glasshouse.model.agencies import (
    ALWAYS,
    BASIS_NAMES,
    BREACHES,
    MOST_AGENCIES,
    THE_FOUR,
    Agencies,
)
from glasshouse.model.declarations import Table, param

KIND_WORDS = ("traffic", "debt", "benefit", "trade", "order")
"""How the table names the kinds of breach."""
NOTHING = "nothing"
"""What an agency records that only counts what others pass on."""
RECORDED = (NOTHING, *KIND_WORDS, *(f"{one} and {other}" for one, other in combinations(KIND_WORDS, 2)))
"""What an agency can record: at most two kinds."""
MOST_FURTHER = MOST_AGENCIES - ALWAYS
"""Most agencies that a scenario can declare."""
LONGEST_NAME = 60
"""Characters of a name, at most."""


def _names(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        if not (text.strip() == text and 1 <= len(text) <= LONGEST_NAME and text.isprintable()):
            reason = f"a name has 1 to {LONGEST_NAME} characters and no spaces at its ends, and {text[:80]!r} does not"
            raise PydanticCustomError("agencies", "name", {"reason": reason})
        if texts.count(text) > 1:
            raise PydanticCustomError("agencies", "repeated", {"reason": f"{text} stands twice"})
    if len(texts) > MOST_FURTHER:
        reason = f"these are {len(texts)} agencies beside the {ALWAYS} that are always there"
        raise PydanticCustomError("agencies", "number", {"reason": reason})
    return texts


def _chosen(options: Sequence[str]) -> AfterValidator:
    def check(texts: tuple[str, ...]) -> tuple[str, ...]:
        unknown = next((text for text in texts if text not in options), None)
        if unknown is not None:
            raise PydanticCustomError("agencies", "unknown", {"reason": f"{unknown[:LONGEST_NAME]} is none of these"})
        return texts

    return AfterValidator(check)


def _schema(options: Sequence[str] = ()) -> WithJsonSchema:
    items = {"type": "string", **({"enum": list(options)} if options else {})}
    return WithJsonSchema({"type": "array", "items": items, "minItems": 0, "maxItems": MOST_FURTHER})


class AgencyTable(Table):
    """The agencies beside police, courts, the tax and welfare office and market supervision, up to four.

    What the agencies do is set where it was for the four: every list of values for each agency has one for each of these
    too, after those of the four, in the order in which they are declared here.
    """

    name: ClassVar[str] = "agencies"

    further: Annotated[tuple[str, ...], AfterValidator(_names), _schema()] = param(
        (), "Names of the further agencies.", unit="", source="setting", role="design"
    )
    contexts: Annotated[tuple[str, ...], AfterValidator(_names), _schema()] = param(
        (),
        "Context of life that each further agency controls, in which its list restricts people.",
        unit="",
        source="setting",
        role="design",
    )
    sees: Annotated[tuple[str, ...], _chosen(BASIS_NAMES), _schema(BASIS_NAMES)] = param(
        (),
        "What each further agency sees people by: as police, courts, the welfare office or market supervision, or alike.",
        unit="",
        source="setting",
        role="design",
    )
    records: Annotated[tuple[str, ...], _chosen(RECORDED), _schema(RECORDED)] = param(
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
            (*four.kinds, *map(_kinds, self.records)),
        )


def _kinds(words: str) -> tuple[int, int]:
    """The first and the last kind that some words name."""
    found = [kind for kind in range(BREACHES) if KIND_WORDS[kind] in words.split(" and ")]
    return (found[0], found[-1]) if found else (-1, -1)
