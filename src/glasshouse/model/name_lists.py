"""Checks of the lists in which a scenario declares agencies and kinds of conduct: names and choices among options."""

from collections.abc import Sequence

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

LONGEST_NAME = 60
"""Characters of a name, at most."""


def names(most: int, too_many: str) -> AfterValidator:
    """A check that a list holds few, different and printable names.

    Parameters
    ----------
    most : int
        Most names of the list.
    too_many : str
        What is wrong with a longer list, with {number} for its length.

    Returns
    -------
    AfterValidator
        The check, for the type of a field.
    """

    def check(texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            if not (text.strip() == text and 1 <= len(text) <= LONGEST_NAME and text.isprintable()):
                reason = (
                    f"a name has 1 to {LONGEST_NAME} characters and no spaces at its ends, and {text[:80]!r} does not"
                )
                raise PydanticCustomError("declared_list", "name", {"reason": reason})
            if texts.count(text) > 1:
                raise PydanticCustomError("declared_list", "repeated", {"reason": f"{text} stands twice"})
        if len(texts) > most:
            raise PydanticCustomError("declared_list", "number", {"reason": too_many.format(number=len(texts))})
        return texts

    return AfterValidator(check)


def chosen(options: Sequence[str]) -> AfterValidator:
    """A check that a list holds nothing but options.

    Parameters
    ----------
    options : sequence of str
        What each element may be.

    Returns
    -------
    AfterValidator
        The check, for the type of a field.
    """

    def check(texts: tuple[str, ...]) -> tuple[str, ...]:
        unknown = next((text for text in texts if text not in options), None)
        if unknown is not None:
            reason = f"{unknown[:LONGEST_NAME]} is none of these"
            raise PydanticCustomError("declared_list", "unknown", {"reason": reason})
        return texts

    return AfterValidator(check)


def list_schema(most: int, options: Sequence[str] = (), of: str = "string") -> WithJsonSchema:
    """The JSON Schema of such a list.

    Parameters
    ----------
    most : int
        Most elements of the list.
    options : sequence of str
        What each element may be; anything if empty.
    of : str
        JSON type of the elements.

    Returns
    -------
    WithJsonSchema
        The schema, for the type of a field.
    """
    items = {"type": of, **({"enum": list(options)} if options else {})}
    return WithJsonSchema({"type": "array", "items": items, "minItems": 0, "maxItems": most})
