"""JSON Schema of scenario files, from which editors complete and check while one types."""

from collections.abc import Collection, Mapping
from typing import Any, get_args

from glasshouse.model.agencies import MOST_AGENCIES, MOST_KINDS
from glasshouse.model.declarations import PER_ARM, Role, Table, role_of, size
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue
from glasshouse.scenario.merging import PRIOR, VALUE
from glasshouse.scenario.messages import number, shown, span
from glasshouse.scenario.run_settings import ChangeDate
from glasshouse.scenario.tables import CHANGE, REFERENCE, SHARED, TEXTS, properties, tables

DIALECT = "https://json-schema.org/draft/2020-12/schema"

RANGED = ("integer", "number", "array")
"""Types of settings that can have a prior range."""

SINGLE = ("type", "minimum", "maximum", "items", "minItems", "maxItems")
"""Keywords that a value must satisfy; the others of a setting describe it."""

ROLES = {
    "lever": "lever, of the regime alone",
    "uncertainty": "uncertainty, the same in all arms",
    "assumption": "assumption, the same in all arms unless given for one",
    "design": "design, the same in all arms",
}
"""Roles of parameters with the arms that a value at the top of a scenario reaches."""


def json_schema(catalogue: Catalogue = CATALOGUE) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file: every key with meaning, unit, range, default, prior and source.

    A file that extends another may leave out anything. One that does not must have what has no default.

    Parameters
    ----------
    catalogue : Catalogue
        The mechanisms whose tables a file may have.

    Returns
    -------
    dict of str to object
        The schema, which can be written as JSON.
    """
    known = tables(catalogue)
    refer = {name: {"$ref": f"#/$defs/{name}"} for name in known}
    own = {name: {"$ref": f"#/$defs/{_in_one_arm(name)}"} for name in known if name not in SHARED}
    reference = _object("What differs in the reference arm, and in both arms where no regime is in force.", own)
    change = _object(
        "What differs in the regime from a week on; what is left out keeps what was in force before.",
        {**{key: _key(schema) for key, schema in properties(ChangeDate).items()}, **own},
    )
    texts = {
        "title": "What is run, in one line.",
        "about": "What the scenario is for, what it assumes, and what it leaves out.",
        "extends": "A shipped scenario's name, or a path from this file: settings left out here come from there.",
    }
    head: dict[str, Any] = {
        key: {"type": "string", "description": text, **({"maxLength": TEXTS[key]} if key in TEXTS else {})}
        for key, text in texts.items()
    }
    schema = _object("A scenario of Glasshouse.", {**head, **refer, REFERENCE: reference, CHANGE: _changes()})
    schema["anyOf"] = [{"required": ["extends"]}, _complete(known)]
    return {
        "$schema": DIALECT,
        "title": "Glasshouse scenario",
        **schema,
        "$defs": {
            **{name: _table(model) for name, model in known.items()},
            **{_in_one_arm(n): _table(m, PER_ARM) for n, m in known.items() if n not in SHARED},
            CHANGE: change,
        },
    }


def _in_one_arm(name: str) -> str:
    """Name of the definition of a table under [reference] or in a change."""
    return f"{name}_in_one_arm"


def _changes() -> dict[str, Any]:
    """A list of changes, or tables that alter changes of the file that this one extends by their number."""
    one = {"$ref": f"#/$defs/{CHANGE}"}
    return {
        "description": "Dated changes of the regime; a list takes the place of the changes of the file that this one extends.",
        "anyOf": [
            {"type": "array", "items": {**one, "required": ["week"]}},
            {"type": "object", "additionalProperties": False, "patternProperties": {"^[1-9][0-9]{0,2}$": one}},
        ],
    }


def _object(description: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": description, "additionalProperties": False, "properties": dict(entries)}


def _complete(known: Mapping[str, type[Table]]) -> dict[str, Any]:
    """What a file must have that extends none."""
    needed = {
        name: [key for key, info in model.model_fields.items() if info.is_required()] for name, model in known.items()
    }
    needed = {name: keys for name, keys in needed.items() if keys}
    return {
        "required": ["title", *needed],
        "properties": {name: {"type": "object", "required": keys} for name, keys in needed.items()},
    }


def _table(model: type[Table], roles: Collection[Role] = get_args(Role)) -> dict[str, Any]:
    """The settings of a table that have one of some roles."""
    summary = (model.__doc__ or "").strip().split("\n")[0]
    return _object(
        summary, {key: _key(schema) for key, schema in properties(model).items() if role_of(model, key) in roles}
    )


def _key(schema: Mapping[str, Any]) -> dict[str, Any]:
    """One key; its description repeats unit, range, prior and source, since editors show nothing else."""
    key = {name: value for name, value in schema.items() if name not in {"title", "bounds", "per", "further", "each"}}
    if per := schema.get("per"):
        key["maxItems"] = size(per, MOST_AGENCIES, MOST_KINDS)
    parts = [str(schema.get("description", "")).rstrip(".")]
    if schema.get("unit"):
        parts.append(f"Unit: {schema['unit']}")
    if bounds := schema.get("bounds"):
        key["items"] = {**schema.get("items", {}), "minimum": bounds[0], "maximum": bounds[1]}
        parts.append(f"Range of each value: {number(bounds[0])} to {number(bounds[1])}")
    elif span(schema):
        parts.append(f"Range: {span(schema)}")
    if "default" in schema:
        parts.append(f"Default: {shown(schema['default'])}")
    if prior := schema.get("prior"):
        parts.append(f"Prior: {number(prior[0])} to {number(prior[1])}")
    if schema.get("source"):
        parts.append(f"Source: {schema['source']}")
    if role := ROLES.get(schema.get("role", "")):
        parts.append(f"Role: {role}")
    key["description"] = ". ".join(part for part in parts if part) + "."
    return _with_prior(key) if schema.get("role") and key.get("type") in RANGED else key


def _with_prior(key: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a setting that may stand alone or in a table with its prior range."""
    single = {name: value for name, value in key.items() if name in SINGLE}
    ends = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    both = _object("A value and the range in which it is in doubt.", {VALUE: single, PRIOR: ends})
    return {**{name: value for name, value in key.items() if name not in SINGLE}, "anyOf": [single, both]}
