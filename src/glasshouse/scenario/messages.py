"""How the faults of a scenario are told: what came, what was expected, what to do, and the nearest known word.

Nothing here knows files or tables; it turns values, words and pydantic's findings into sentences. Whatever a file
holds, a message stays short and printable.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from glasshouse.errors import ScenarioError

MAX_MESSAGES = 50
"""Faults told in full; of more, only the number is given."""

LONGEST = 60
"""Characters of a value or a word that a message repeats."""

NOUNS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "a text",
    "array": "a list",
    "object": "a table",
}
"""JSON Schema's types in words."""

LARGEST = 10**30
"""Whole numbers beyond this are not spelled out."""


class Faults:
    """Gathers the faults of one scenario, so that all are told together."""

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._untold = 0

    def add(self, place: str, text: str) -> None:
        """Note one fault, unless it has been noted already.

        Parameters
        ----------
        place : str
            Where the fault is, as messages say it.
        text : str
            A sentence or two about it.
        """
        sentence = f"{place}: {text}"
        if sentence in self._sentences:
            return
        if len(self._sentences) < MAX_MESSAGES:
            self._sentences.append(sentence)
        else:
            self._untold += 1

    def unknown(self, place: str, what: str, word: str, known: Iterable[str], advice: str = "") -> None:
        """Note a word that is not known, with the nearest known one, else `advice`.

        Parameters
        ----------
        place : str
            Where the word stands, as messages say it.
        what : str
            What the word should name, for instance “table”.
        word : str
            The word.
        known : iterable of str
            The words that are known.
        advice : str
            What to say if no known word is near; begins with a space.
        """
        if len(self._sentences) >= MAX_MESSAGES:
            self._untold += 1
        else:
            self.add(place, f"{what} {shown_word(word)} is not known.{nearest(word, known) or advice}")

    @property
    def found(self) -> tuple[str, ...]:
        """Every fault so far, one message each; beyond `MAX_MESSAGES` their number."""
        more = (f"… and {self._untold} more faults of this kind.",) if self._untold else ()
        return (*self._sentences, *more)

    def stop(self) -> None:
        """Raises ScenarioError with every fault if there is one."""
        if self._sentences:
            raise ScenarioError(*self.found)


def nearest(word: str, known: Iterable[str]) -> str:
    """The question whether the known word nearest to `word` was meant.

    Parameters
    ----------
    word : str
        A word that is not known.
    known : iterable of str
        The words that are known.

    Returns
    -------
    str
        “ Did you mean …?”, with a space before it; empty if no known word is near.
    """
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word[:LONGEST].lower(), by_lower, n=1, cutoff=0.6)
    return f" Did you mean {by_lower[found[0]]}?" if found else ""


def printable(text: str, longest: int = LONGEST) -> str:
    """A text cut to a length, with everything that is not printable escaped.

    Parameters
    ----------
    text : str
        Any text.
    longest : int
        Characters that the result has at most.

    Returns
    -------
    str
        The text; it ends in “…” if it was cut.
    """
    cut = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[: longest + 1])
    return cut if len(cut) <= longest else cut[: longest - 1] + "…"


def shown_word(word: str) -> str:
    """A key, table or name as messages repeat it.

    Parameters
    ----------
    word : str
        The word.

    Returns
    -------
    str
        The word, bare where that is clear, else in quotation marks.
    """
    safe = printable(word)
    plain = safe.isascii() and safe.replace("_", "").replace("-", "").replace(".", "").isalnum()
    return safe if plain else f'"{safe}"'


def shown(value: object, depth: int = 0) -> str:
    """A value as a scenario file would spell it, short and printable.

    Parameters
    ----------
    value : object
        The value.
    depth : int
        How deep the value lies in lists; lists deeper than 1 are shown as “[…]”.

    Returns
    -------
    str
        The value's text.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < LARGEST else "a whole number of more than 30 digits"
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        if depth > 1:
            return "[…]"
        parts = [shown(element, depth + 1) for element in value[:6]] + (["…"] if len(value) > 6 else [])
        return printable(f"[{', '.join(parts)}]")
    return printable(str(value))


def kind(value: object) -> str:
    """What a value is, in words.

    Parameters
    ----------
    value : object
        The value.

    Returns
    -------
    str
        For instance “a whole number”; “nothing of use” for types that TOML does not have.
    """
    if isinstance(value, bool):
        return "true or false"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (int, "a whole number"),
        (float, "a decimal number"),
        (str, "a text"),
        (Mapping, "a table"),
        ((list, tuple), "a list"),
        ((datetime, date, time), "a date or time"),
    )
    return next((name for types, name in kinds if isinstance(value, types)), "nothing of use")


def number(value: float) -> str:
    """A bound as people write it: 5200 and 0.5, not 5200.0 and 5e-1.

    Parameters
    ----------
    value : float
        The bound.

    Returns
    -------
    str
        The number; whole ones from 10,000 on with commas between thousands.
    """
    if not float(value).is_integer():
        return repr(float(value))
    return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))


def span(schema: Mapping[str, Any]) -> str:
    """The range of a setting.

    Parameters
    ----------
    schema : mapping of str to object
        JSON Schema of the setting.

    Returns
    -------
    str
        “0 to 1”, “0 or more”, “1 or less”, or nothing if the schema gives no range.
    """
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{number(low)} to {number(high)}"
    if low is not None:
        return f"{number(low)} or more"
    return "" if high is None else f"{number(high)} or less"


def wanted(schema: Mapping[str, Any]) -> str:
    """What a setting takes, in words.

    Parameters
    ----------
    schema : mapping of str to object
        JSON Schema of the setting.

    Returns
    -------
    str
        For instance “a share between 0 and 1”.
    """
    options = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if options:
        return "one of " + ", ".join(shown(option) for option in options)
    sort = schema.get("type")
    if sort == "array":
        return _wanted_list(schema)
    if sort not in {"integer", "number"}:
        return {"boolean": "true or false", "string": "a text in quotation marks"}.get(str(sort), "a fitting value")
    return _wanted_number(schema, "a whole number" if sort == "integer" else "a number")


def _wanted_number(schema: Mapping[str, Any], name: str) -> str:
    unit, limits = schema.get("unit", ""), span(schema).replace(" to ", " and ")
    if unit == "share":
        name, unit = "a share", ""
    between = f" between {limits}" if " and " in limits else f" of {limits}" if limits else ""
    return f"{name}{between}{f' ({unit})' if unit else ''}"


def _wanted_list(schema: Mapping[str, Any]) -> str:
    size, unit, bounds = schema.get("minItems"), schema.get("unit", ""), schema.get("bounds")
    each = f", each from {number(bounds[0])} to {number(bounds[1])}" if bounds else ""
    if names := schema.get("each"):
        each = f", one for each of {', '.join(names)}{each}"
    count = f"{size} values" if size is not None and size == schema.get("maxItems") else "values"
    if options := schema.get("items", {}).get("enum"):
        once = ", each once" if schema.get("uniqueItems") else ""
        return f"a list of {size} to {schema['maxItems']} of these{once}: {', '.join(map(shown, options))}"
    listed = {"string": "texts in quotation marks", "boolean": "values true or false"}
    if texts := listed.get(str(schema.get("items", {}).get("type"))):
        return f"a list of {size} to {schema['maxItems']} {texts}"
    default = f", for instance {shown(schema['default'])}" if schema.get("default") else ""
    return f"a list of {count}{each}{f' ({unit})' if unit else ''}{default}"


def explain(error: Mapping[str, Any], key: str, value: object, schema: Mapping[str, Any]) -> str:
    """One of pydantic's findings about a setting as a sentence: what came, what is wrong with it, what to give.

    Parameters
    ----------
    error : mapping of str to object
        The finding, as pydantic's `ValidationError.errors` gives it.
    key : str
        The setting; empty for a finding about a whole table.
    value : object
        What the file gave for `key`.
    schema : mapping of str to object
        JSON Schema of the setting.

    Returns
    -------
    str
        The sentence, without the place of the setting.
    """
    name, context, found = str(error["type"]), error.get("ctx", {}), error.get("input")
    if name in {"value_error", "assertion_error", "contradiction"} and not key:
        return str(context.get("error", error["msg"]))
    if name == "declared_list":
        return (
            f"{shown_word(key)} = {shown(value)}: {printable(str(context['reason']), 2000)}. {_advice(value, schema)}"
        )
    if name == "marginals":
        return printable(str(context["reason"]), 2000)
    single = schema.get("items", {}) if len(error["loc"]) > 1 else schema
    wrong = _wrong(name, context, found, single)
    place = f" value {int(error['loc'][1]) + 1}, {shown(found)}, is" if len(error["loc"]) > 1 else " is"
    if name == "element_range":
        place = f" value {context['place']}, {shown(context['element'])}, is"
    came = f"{shown_word(key)} = {shown(value)}" + ("" if place == " is" else ":")
    return f"{came}{place} {wrong}. {_advice(value, schema)}"


def _wrong(name: str, context: Mapping[str, Any], found: object, schema: Mapping[str, Any]) -> str:
    """What is wrong with a value, as the end of a sentence."""
    if name in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        return f"{'below' if name.startswith('greater') else 'above'} its range {span(schema)}".rstrip()
    if name == "element_range":
        low, high = context["low"], context["high"]
        return f"{'below' if context['element'] < low else 'above'} the range {number(low)} to {number(high)}"
    if name in {"literal_error", "enum"}:
        return f"not {wanted(schema)}"
    if name == "finite_number":
        return "not a finite number"
    if name in {"too_short", "too_long"} and isinstance(found, list | tuple):
        return f"a list of {len(found)} where {schema.get('minItems', 'another number')} values are expected"
    if name.endswith("_type") or name.startswith("int_"):
        if type(found) is int and name == "float_type":
            return "too large a number"
        expected = NOUNS.get(str(schema.get("type")))
        return f"{kind(found)}, not {expected}" if expected else f"{kind(found)}, which does not fit here"
    return "not valid: " + printable(str(context.get("error", context.get("reason", name.replace("_", " ")))), 200)


def _advice(value: object, schema: Mapping[str, Any]) -> str:
    """What to do: give what is wanted, or drop the quotation marks or the decimal point that stand in the way."""
    sort = schema.get("type")
    if isinstance(value, str) and sort in {"integer", "number", "boolean"} and _unquoted(value, str(sort)):
        return f"Write {value} without quotation marks: {wanted(schema)}."
    if type(value) is float and sort == "integer" and value.is_integer() and abs(value) < LARGEST:
        return f"Write {int(value)} without a decimal point: {wanted(schema)}."
    if isinstance(value, str) and (near := nearest(value, map(str, schema.get("enum", ())))):
        return near.strip()
    return f"Give {wanted(schema)}."


def _unquoted(value: str, sort: str) -> bool:
    if sort == "boolean":
        return value in {"true", "false"}
    return value.isascii() and value.replace(".", "", 1).isdigit() and len(value) < 20
