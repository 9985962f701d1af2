"""Checking of settings: ranges, kinds and contradictions. pydantic checks table by table; all faults are gathered."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from glasshouse.model.component import Component
from glasshouse.model.declarations import Table, role_of
from glasshouse.scenario.merging import MergedSettings, plain
from glasshouse.scenario.messages import Faults, explain, kind, number, shown, wanted
from glasshouse.scenario.tables import CHANGE, REFERENCE, TEXTS, model_at, properties
from glasshouse.scenario.toml_lines import Keys, Source, position

T = TypeVar("T", bound=Table)


def checked(model: type[T], values: Mapping[str, Any], source: Source, faults: Faults, under: Keys = ()) -> T | None:
    """Check a table that stands by itself in a file.

    Parameters
    ----------
    model : Table type
        The table that is expected.
    values : mapping of str to object
        The values given, by key.
    source : Source
        The file, for the places of faults.
    faults : Faults
        Takes a fault for each unknown, missing or wrong key.
    under : Keys
        Where the table stands in the file; empty for the top level.

    Returns
    -------
    Table or None
        The checked table; None if a key is missing or wrong. An unknown key alone is a fault, but leaves the table.
    """
    given = {key: plain(value) for key, value in values.items()}
    for key in given.keys() - model.model_fields.keys():
        faults.unknown(position(source, under, key), "key", key, model.model_fields)
    try:
        return model.model_validate({key: value for key, value in given.items() if key in model.model_fields})
    except ValidationError as error:
        for finding in error.errors(include_url=False):
            key = str(finding["loc"][0])
            if finding["type"] == "missing":
                text = str(model.model_fields[key].description)
                faults.add(position(source, under), f'{key} is missing. Add {key} = "…": {text[0].lower() + text[1:]}')
            else:
                text = explain(finding, key, given.get(key), properties(model).get(key, {}))
                faults.add(position(source, under, key), text)
        return None


class Validator:
    """Checks merged settings table by table.

    Parameters
    ----------
    settings : MergedSettings
        What is in force.
    faults : Faults
        Takes a message for everything that cannot be run.
    """

    def __init__(self, settings: MergedSettings, faults: Faults) -> None:
        self.settings, self.faults = settings, faults

    def text(self, key: str) -> str:
        """Check the title or the description.

        A missing title is a fault. So is a value that is no text, is too long, or holds characters that cannot be printed.

        Parameters
        ----------
        key : str
            A key of `TEXTS`: `title` or `about`.

        Returns
        -------
        str
            The text; empty if it is not given or is no text.
        """
        value, source = self.settings.given.get((key,), ("", self.settings.home))
        if key == "title" and self.settings.complete and (key,) not in self.settings.given:
            self.faults.add(
                source.label, 'title is missing. Begin the file with title = "…": what is run, in one line.'
            )
        elif not isinstance(value, str):
            expected = "Give a text in quotation marks."
            self.faults.add(
                position(source, (), key), f"{key} = {shown(value)} is {kind(value)}, not a text. {expected}"
            )
            return ""
        elif (key == "title" and (key,) in self.settings.given and not value.strip()) or len(value) > TEXTS[key]:
            text = f"{key} has {len(value)} characters. Give between 1 and {TEXTS[key]}."
            self.faults.add(position(source, (), key), text)
        elif not all(c.isprintable() or (c in "\n\t" and key == "about") for c in value):
            text = f"{key} = {shown(value)} holds characters that cannot be printed. Take them out."
            self.faults.add(position(source, (), key), text)
        return str(value)

    def table(self, model: type[T], keys: Keys) -> T | None:
        """Check a table; tables under `reference` and of a change start from those settings of the regime that reach them.

        Parameters
        ----------
        model : Table type
            The table that is expected.
        keys : Keys
            Where the table stands, such as `("observation",)`, `("reference", "observation")` or
            `("change", "1", "observation")`.

        Returns
        -------
        Table or None
            The checked table; None if it has faults, which have been added.
        """
        given = self.settings.table(keys)
        base = self.settings.base(keys)
        try:
            return model.model_validate({key: value for key, (value, _) in {**base, **given}.items()})
        except ValidationError as error:
            missing = []
            findings = error.errors(include_url=False)
            # A list with a wrong element counts as too short as well: the element says it better.
            elements = {finding["loc"][0] for finding in findings if len(finding["loc"]) > 1}
            for finding in findings:
                if finding["type"] == "too_short" and finding["loc"][0] in elements:
                    continue
                key = str(finding["loc"][0] if finding["loc"] else finding.get("ctx", {}).get("key", ""))
                if finding["type"] == "missing":
                    # Said once, of the regime; of the reference only where the regime has a value.
                    if keys[0] not in (REFERENCE, CHANGE) or (
                        keys[0] == REFERENCE and key in self.settings.table(keys[1:])
                    ):
                        missing.append(key)
                elif key in given or not key or (not finding["loc"] and key in base):
                    self._explain(finding, model, keys, key)
            if missing and self.settings.complete:
                self._missing(model, keys, missing)
            return None

    def _explain(self, finding: Mapping[str, Any], model: type[Table], table: Keys, key: str) -> None:
        value, source = (
            self.settings.given.get((*table, key)) or self.settings.base(table).get(key) or (None, self.settings.home)
        )
        schema = properties(model).get(key, {})
        text = explain(finding, key if finding["loc"] else "", value, schema)
        self.faults.add(position(source, table, key or None), text)

    def _missing(self, model: type[Table], table: Keys, keys: Iterable[str]) -> None:
        wants = [f"{key} = {wanted(properties(model)[key])}" for key in keys]
        if self.settings.table(table):
            for want in wants:
                self.faults.add(position(self.settings.home, table), f"{want.split(' = ')[0]} is missing. Add {want}.")
        else:
            text = f"the table [{'.'.join(table)}] is missing. Add it, with {' and '.join(wants)}."
            self.faults.add(self.settings.home.label, text)

    def priors(self) -> dict[Keys, tuple[float, float]]:
        """Check the prior ranges that files give beside settings.

        Returns
        -------
        dict of tuple of str to (float, float)
            The ranges without a fault, in the order of tables and keys.
        """
        found = {}
        for keys, (given, source) in sorted(self.settings.priors.items()):
            *table, key = keys
            wrong = self._wrong_prior(given, keys)
            _, giver = self.settings.given.get(keys, (None, source))
            if wrong and giver != source:
                # The range was given for a value that another file or the command line has replaced.
                continue
            if wrong:
                self.faults.add(position(source, tuple(table), key), f"prior = {shown(given)} of {key} {wrong}")
            else:
                found[keys] = (float(given[0]), float(given[1]))
        return found

    def _wrong_prior(self, given: object, keys: Keys) -> str:
        """What is wrong with a prior range, as the end of a sentence; empty if nothing."""
        model = model_at(keys[:-1], self.settings.tables)
        schema = properties(model)[keys[-1]]
        if schema.get("type") not in {"integer", "number", "array"}:
            return "is given for a setting that has no range. Leave it out."
        if role_of(model, keys[-1]) == "design":
            return "is given for a setting of the design, which a study varies only by name. Leave it out."
        numbers = isinstance(given, tuple) and all(type(end) in (int, float) and isfinite(end) for end in given)
        if not numbers or len(cast("tuple[float, ...]", given)) != 2 or not given[0] < given[1]:  # type: ignore[index]
            return "is no range. Give its low and its high end, for instance [0.1, 0.5]."
        low, high = cast("tuple[float, float]", given)
        if schema["type"] == "array":
            value, _ = self.settings.given.get(keys, (schema.get("default", ()), None))
            ends = [end * element for end in (low, high) for element in value if isinstance(element, int | float)]
            least, most = schema.get("bounds", (low, high))
        else:
            ends, least, most = [low, high], schema.get("minimum", low), schema.get("maximum", high)
        if ends and not least <= min(ends) <= max(ends) <= most:
            return f"reaches beyond the range {number(least)} to {number(most)}. Give a range within it."
        return ""

    def forecasts(self, reference: Sequence[Component | None]) -> None:
        """Add a fault for each table of the reference arm that needs to know what lies ahead.

        Parameters
        ----------
        reference : sequence of Component or None
            The checked tables of the reference arm.
        """
        for table in reference:
            if table is not None and table.needs_ahead():
                place = self.settings.where((REFERENCE, table.name), (table.name,))
                text = f"{table.name} needs to know what lies ahead. Switch it off under [{REFERENCE}.{table.name}]."
                self.faults.add(place, f"the reference arm cannot be forecast from itself: {text}")
