"""JSON Schema of scenario files, from which editors complete and check while one types."""

from collections.abc import Mapping
from typing import Any

from glasshouse.model.declarations import Table
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue
from glasshouse.scenario.messages import number, shown, span
from glasshouse.scenario.tables import LATER, REFERENCE, SHARED, TEXTS, properties, tables

DIALECT = "https://json-schema.org/draft/2020-12/schema"


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
    own = {name: schema for name, schema in refer.items() if name not in SHARED}
    reference = _object("What differs in the reference arm, and in both arms where no regime is in force.", own)
    later = _object("What differs in the regime from the week `change` of [run] on.", own)
    texts = {
        "title": "What is run, in one line.",
        "about": "What the scenario is for, what it assumes, and what it leaves out.",
        "extends": "A shipped scenario's name, or a path from this file: settings left out here come from there.",
    }
    head: dict[str, Any] = {
        key: {"type": "string", "description": text, **({"maxLength": TEXTS[key]} if key in TEXTS else {})}
        for key, text in texts.items()
    }
    schema = _object("A scenario of Glasshouse.", {**head, **refer, REFERENCE: reference, LATER: later})
    schema["anyOf"] = [{"required": ["extends"]}, _complete(known)]
    return {
        "$schema": DIALECT,
        "title": "Glasshouse scenario",
        **schema,
        "$defs": {n: _table(m) for n, m in known.items()},
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


def _table(model: type[Table]) -> dict[str, Any]:
    summary = (model.__doc__ or "").strip().split("\n")[0]
    return _object(summary, {key: _key(schema) for key, schema in properties(model).items()})


def _key(schema: Mapping[str, Any]) -> dict[str, Any]:
    """One key; its description repeats unit, range, prior and source, since editors show nothing else."""
    key = {name: value for name, value in schema.items() if name not in {"title", "bounds"}}
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
    key["description"] = ". ".join(part for part in parts if part) + "."
    return key
