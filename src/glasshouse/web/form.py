"""The settings of a scenario as the workbench shows them, made of the declarations that files are checked by."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from glasshouse.scenario.messages import number
from glasshouse.scenario.tables import properties, tables


@dataclass(frozen=True)
class Field:
    """One setting of a form: its full name, what it means, its unit and source; range and prior from low to high.

    An end that is open is "". A lever is set for the regime alone.
    """

    key: str
    name: str
    meaning: str
    unit: str
    range: tuple[str, str]
    prior: tuple[str, str]
    source: str
    vector: bool
    lever: bool


@cache
def form() -> dict[str, tuple[str, tuple[Field, ...]]]:
    """The tables that every scenario can have, with their settings.

    Returns
    -------
    dict of str to tuple of (str, tuple of Field)
        By name of the table: what it is about, and its settings.
    """
    known = tables()
    return {
        name: (
            (model.__doc__ or "").strip().split("\n")[0],
            tuple(_field(f"{name}.{key}", key, schema) for key, schema in properties(model).items()),
        )
        for name, model in known.items()
    }


def _field(key: str, name: str, schema: Mapping[str, Any]) -> Field:
    prior = schema.get("prior")
    return Field(
        key=key,
        name=name,
        meaning=str(schema.get("description", "")),
        unit=str(schema.get("unit", "")),
        range=_ends(schema.get("minimum"), schema.get("maximum")),
        prior=_ends(*prior) if prior else ("", ""),
        source=str(schema.get("source", "")),
        vector=schema.get("type") == "array",
        lever=schema.get("role") == "lever",
    )


def _ends(low: float | None, high: float | None) -> tuple[str, str]:
    return "" if low is None else number(low), "" if high is None else number(high)
