"""Parameters as a reader meets them: the values in both arms with unit, range, prior, source and what the values rest on."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from glasshouse.model.component import Component
from glasshouse.model.declarations import ASSUMED, UNDECLARED, Role, Table, role_of
from glasshouse.population import marginals_files
from glasshouse.scenario.merging import VALUE
from glasshouse.scenario.run_settings import Run
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.tables import CHANGE, REFERENCE
from glasshouse.scenario.toml_lines import Keys, comment
from glasshouse.scenario.toml_text import toml_value

Basis = Literal["published", "calibrated", "assumed", "chosen"]

CHOSEN = frozenset({"setting", "design"})
"""Sources of what the author of a scenario is free to choose: its length, its size, its random seed."""


_CITED = re.compile(
    r"\b[A-F][1-9]\d?(?:\.\d+)?\b" r"|\b[A-Z][\w-]+(?:(?:, | and | & )[A-Z][\w-]+)*(?: et al\.)? (?:19|20)\d\d\b"
)
"""A row of the fact sheet, or names with a year."""


@dataclass(frozen=True)
class DatedValue:
    """The value of a parameter from a change of the regime on, and what the change's file says behind it.

    Attributes
    ----------
    week : int
        Week from which the change is in force.
    value : str
        The value, in TOML.
    reason : str
        The reason that a file gives where this change sets the value, else that of the change before.
    """

    week: int
    value: str
    reason: str


@dataclass(frozen=True)
class Value:
    """One parameter; `source` is empty where no publication gives the value.

    `changed` has the value from each change on that touches the mechanism, in order. `prior` is the range that a study
    uses: the scenario's, else the declared one; then the ranges that the scenario gives of one arm or change apart. The
    reasons are what the scenario's files say behind a value that they set.
    """

    name: str
    meaning: str
    unit: str
    reference: str
    regime: str
    usual: str
    bounds: str
    prior: str
    source: str
    regime_reason: str = ""
    reference_reason: str = ""
    changed: tuple[DatedValue, ...] = ()
    role: Role = UNDECLARED

    @property
    def assumed(self) -> bool:
        """Whether no publication gives the declared value."""
        return basis(self.source) == "assumed"

    @property
    def regime_basis(self) -> Basis:
        """What the regime's value rests on."""
        return self._resting(self.regime, self.regime_reason)

    @property
    def reference_basis(self) -> Basis:
        """What the reference's value rests on."""
        shared = "" if self.role == "lever" else self.regime_reason
        return self._resting(self.reference, self.reference_reason or shared)

    @property
    def basis(self) -> str:
        """What the values rest on, in a word; a word for each where they rest on different things."""
        dated = {f"from week {one.week:,}": self.in_week(one.week)[1] for one in self.changed}
        found = {"regime": self.regime_basis, "reference": self.reference_basis, **dated}
        if len(set(found.values())) == 1:
            return self.regime_basis
        return ", ".join(f"{name} {rests}" for name, rests in found.items())

    def in_week(self, week: int) -> tuple[str, Basis, str]:
        """The regime's value in a week.

        Parameters
        ----------
        week : int
            The week; before the first change the regime's first value is in force.

        Returns
        -------
        tuple of str
            The value, what it rests on, and the reason that a file gives for it.
        """
        changed = [one for one in self.changed if one.week <= week]
        if not changed:
            return self.regime, self.regime_basis, self.regime_reason
        value, reason = changed[-1].value, changed[-1].reason
        return value, self._resting(value, reason or self.regime_reason), reason

    def _resting(self, value: str, reason: str) -> Basis:
        """What one arm's value rests on: the declared source speaks for the declared value alone."""
        if value == self.usual or self.source in CHOSEN:
            return basis(self.source)
        if not reason:
            return "chosen"
        return basis(reason) if cited(reason) else "assumed"


def cited(text: str) -> tuple[str, ...]:
    """The references that a text names: rows of the fact sheet (“A5.4”) and works (“Biggs 2005”).

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    tuple of str
        Each reference once, in the order of the text.
    """
    return tuple(dict.fromkeys(match[0] for match in _CITED.finditer(text)))


def basis(source: str) -> Basis:
    """What a value with this source rests on.

    Parameters
    ----------
    source : str
        The declared source of the value, or the reason that a file gives.

    Returns
    -------
    str
        `published`, `calibrated`, `assumed` or `chosen`. A source that assumes any part of the size counts as `assumed`.
    """
    if not source or source == ASSUMED or "assumed" in source:
        return "assumed"
    if "set so that" in source or "calibrated" in source:
        return "calibrated"
    return "chosen" if source in CHOSEN else "published"


class DatedTable(NamedTuple):
    """The table of a mechanism from a change on: the number of the change, from 1, its week, and the table."""

    number: int
    week: int
    table: Component


class MechanismTables(NamedTuple):
    """The tables of a mechanism: the regime's, the reference's, and those of the changes that touch it, in order."""

    regime: Component
    reference: Component
    changed: tuple[DatedTable, ...]


def tables_by_mechanism(scenario: Scenario) -> Iterator[MechanismTables]:
    """Each mechanism's tables.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Yields
    ------
    MechanismTables
        One entry for each mechanism.
    """
    touched = {keys[1:3] for keys in scenario.explicit_overrides if keys[0] == CHANGE}
    for place, (regime, reference) in enumerate(zip(scenario.mechanisms, scenario.reference, strict=True)):
        changed = tuple(
            DatedTable(number, change.week, change.tables[place])
            for number, change in enumerate(scenario.changes, 1)
            if (str(number), regime.name) in touched
        )
        yield MechanismTables(regime, reference, changed)


def values(
    regime: Table, reference: Table, changed: Sequence[DatedTable] = (), scenario: Scenario | None = None
) -> Iterator[Value]:
    """Every parameter of a table in both arms.

    Parameters
    ----------
    regime : Table
        The table under the regime.
    reference : Table
        The same table in the reference.
    changed : sequence of DatedTable
        The same table from each change on that touches it.
    scenario : Scenario, optional
        The scenario; with it, values have the reasons and the prior ranges that its files give.

    Yields
    ------
    Value
        One for each parameter, in the order of declaration.
    """
    table = getattr(type(regime), "name", "run" if isinstance(regime, Run) else "society")
    for name, field in type(regime).model_fields.items():
        extra: Mapping[str, Any] = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        source = str(extra.get("source", ASSUMED))
        limits = {key: getattr(limit, key) for limit in field.metadata for key in ("ge", "le") if hasattr(limit, key)}
        yield Value(
            name=name,
            meaning=field.description or "",
            unit=str(extra.get("unit", "")),
            reference=_shown(getattr(reference, name)),
            regime=_shown(getattr(regime, name)),
            usual="" if field.is_required() else toml_value(_like(getattr(regime, name), field.default)),
            bounds=span(extra.get("bounds") or (limits.get("ge"), limits.get("le"))),
            prior=_prior(scenario, (table, name), extra, changed),
            source="" if source == ASSUMED else source,
            regime_reason=reason(scenario, (table, name), getattr(regime, name)),
            reference_reason=reason(scenario, (REFERENCE, table, name), getattr(reference, name)),
            changed=tuple(_dated(scenario, (table, name), changed)),
            role=role_of(type(regime), name),
        )


def _shown(value: object) -> str:
    """A value as TOML; of a file of marginals, its title and digest."""
    whole = isinstance(value, str) and marginals_files.is_text(value)
    return toml_value(marginals_files.label(str(value)) if whole else value)


def levers(scenario: Scenario) -> Iterator[tuple[str, Value]]:
    """What a regime sets: every lever with its value in each arm.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Yields
    ------
    (str, Value)
        The setting, for example `observation.coverage`, and its values.
    """
    for tables in tables_by_mechanism(scenario):
        for value in values(*tables, scenario):
            if value.role == "lever":
                yield f"{tables.regime.name}.{value.name}", value


def span(ends: Any) -> str:
    """A pair of ends as a range in words.

    Parameters
    ----------
    ends : pair of float, optional
        The lower and the upper end.

    Returns
    -------
    str
        For instance “0 to 1”; empty if there is no pair or one end is missing.
    """
    if not ends or None in ends:
        return ""
    return f"{ends[0]:,.10g} to {ends[1]:,.10g}"


def _dated(scenario: Scenario | None, path: Keys, changed: Sequence[DatedTable]) -> Iterator[DatedValue]:
    """The values of one parameter from each change on; a change that does not set it keeps value and reason."""
    overrides = scenario.explicit_overrides if scenario is not None else ()
    why = ""
    for number, week, table in changed:
        keys, value = (CHANGE, str(number), *path), getattr(table, path[-1])
        if keys in overrides:
            why = reason(scenario, keys, value)
        yield DatedValue(week, toml_value(value), why)


def _prior(scenario: Scenario | None, path: Keys, extra: Mapping[str, Any], changed: Sequence[DatedTable]) -> str:
    """The prior range that a study uses, followed by those that the scenario gives of the reference and of changes."""
    given = scenario.priors if scenario is not None else {}
    times = " times the values" if "bounds" in extra else ""
    own = f"{span(given[path])}{times}" if path in given else span(extra.get("prior"))
    places: dict[Keys, str] = {(REFERENCE,): REFERENCE}
    places |= {(CHANGE, str(number)): f"from week {week:,}:" for number, week, _ in changed}
    apart = [
        f"{name} {span(given[*under, *path])}{times}" for under, name in places.items() if (*under, *path) in given
    ]
    return "; ".join(filter(None, (own, *apart)))


def reason(scenario: Scenario | None, path: Keys, value: object) -> str:
    """What the file that gave the value in force says behind the setting.

    Parameters
    ----------
    scenario : Scenario, optional
        The scenario with its sources.
    path : tuple of str
        Table and key of the setting.
    value : object
        The value in force.

    Returns
    -------
    str
        The comment; empty without one, without a scenario, or for what was set outside files.
    """
    for source in reversed(scenario.sources if scenario is not None else ()):
        parsed: Any = _parsed(source.text)
        written = parsed
        for key in path:
            if isinstance(written, list) and key.isdecimal():
                written = written[int(key) - 1] if int(key) <= len(written) else None
            else:
                written = written.get(key) if isinstance(written, Mapping) else None
        if isinstance(written, Mapping):
            written = written.get(VALUE)
        if written is not None:
            read = marginals_files.is_text(str(value)) and str(written).endswith(marginals_files.SUFFIX)
            same = read or toml_value(value) == toml_value(_like(value, written))
            return comment(source, path) if same else ""
        if path[0] == CHANGE and isinstance(parsed.get(CHANGE), list):
            # The list takes the place of what files below it say.
            return ""
    return ""


@lru_cache(maxsize=64)
def _parsed(text: str) -> Mapping[str, Any]:
    """The tables of a file, parsed once for all of its settings."""
    return tomllib.loads(text)


def _like(value: object, written: Any) -> Any:
    """What stands in a file or declaration as the table holds it: lists as tuples, whole numbers as fractions if meant."""
    if isinstance(value, tuple) and isinstance(written, list | tuple):
        return tuple(map(_like, value, written))
    return float(written) if isinstance(value, float) and isinstance(written, int) else written
