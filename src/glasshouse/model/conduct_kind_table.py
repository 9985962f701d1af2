"""The table in which a scenario declares kinds of conduct beside the five that are always there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, ClassVar, LiteralString, Self

from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from glasshouse.model.agencies import (
    AGENCY_NAMES,
    ALWAYS_KINDS,
    COURT,
    DEBT,
    MOST_KINDS,
    THE_FIVE,
    Agencies,
    Kinds,
)
from glasshouse.model.agency_table import KIND_WORDS
from glasshouse.model.declarations import Table, param
from glasshouse.model.name_lists import chosen, list_schema, names

MOST_FURTHER = MOST_KINDS - ALWAYS_KINDS
"""Most kinds of conduct that a scenario can declare."""


def _names() -> AfterValidator:
    return names(MOST_FURTHER, f"these are {{number}} kinds beside the {ALWAYS_KINDS} that are always there")


class ConductKindTable(Table):
    """The kinds of conduct beside traffic, debt, benefit, trade and public order, up to three.

    How often people do it, what harm it does and what a record of it counts is set where it was for the five: every list of
    values for each kind of breach has one for each of these too, after those of the five, in the order in which they are
    declared here. A list of five leaves the others at the value of the kind that they are like.
    """

    name: ClassVar[str] = "conduct_kinds"

    further: Annotated[tuple[str, ...], _names(), list_schema(MOST_FURTHER)] = param(
        (),
        "Names of the further kinds of conduct, each such that “commits a …” can precede it.",
        unit="",
        source="setting",
        role="design",
    )
    alike: Annotated[tuple[str, ...], chosen(KIND_WORDS), list_schema(MOST_FURTHER, KIND_WORDS)] = param(
        (),
        "Which of the five each further kind is like, whose values it has; as debt it leaves a debt, as traffic no credit file.",
        unit="",
        source="setting",
        role="design",
    )
    recorded_by: Annotated[tuple[str, ...], list_schema(MOST_FURTHER)] = param(
        (),
        "Name of the agency that each further kind concerns and that records it; the court records debts alone.",
        unit="",
        source="setting",
        role="design",
    )
    money: Annotated[tuple[bool, ...], list_schema(MOST_FURTHER, of="boolean")] = param(
        (),
        "Whether money is at stake in each further kind, so that people in hardship do it more often.",
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
        for key in ("alike", "recorded_by", "money"):
            came: tuple[str | bool, ...] = getattr(self, key)
            if len(came) != len(self.further):
                text: LiteralString = (
                    "{key} is a list of {came} for {number} further kinds. Give one for each of further = [{names}]."
                )
                yield key, text, {"came": len(came), "number": len(self.further), "names": ", ".join(self.further)}
                return
        for name in sorted({*THE_FIVE.names} & {*self.further}):
            yield "further", "{name} is always there. Leave it out of {key}.", {"name": name}
        for name, kind, agency in zip(self.further, self.alike, self.recorded_by, strict=True):
            if agency == AGENCY_NAMES[COURT] and kind != KIND_WORDS[DEBT]:
                text = "{name} is like {kind}, and the court records debts alone. Choose another agency in {key}."
                yield "recorded_by", text, {"name": name, "kind": kind}

    def added_to(self, agencies: Agencies) -> Agencies:
        """Agencies with the kinds of conduct of the scenario.

        Parameters
        ----------
        agencies : Agencies
            The agencies of the scenario, with every name in `recorded_by` among them.

        Returns
        -------
        Agencies
            The same with the five kinds and then the further ones; as they are if there is none.
        """
        if not self.further:
            return agencies
        five = THE_FIVE
        kinds = Kinds(
            (*five.names, *self.further),
            (*five.owners, *map(agencies.names.index, self.recorded_by)),
            (*five.alike, *map(KIND_WORDS.index, self.alike)),
            (*five.money, *map(int, self.money)),
        )
        return replace(agencies, kinds=kinds)
