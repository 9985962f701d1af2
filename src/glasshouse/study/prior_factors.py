"""What a study varies unless told otherwise: every parameter whose value is in doubt, over its prior range.

Parameters form two named groups. The *uncertainties* are how people and the world are, what is assumed of one arm, and
what the reference was like; a study varies them by default. The *levers* are what the regime sets; a study varies them on
request. The range is the one that the scenario gives beside the value, else the one that the parameter declares.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Literal

from glasshouse.errors import ScenarioError
from glasshouse.model.component import Component
from glasshouse.model.declarations import Role, Table, role_of
from glasshouse.scenario.scenario import Scenario, override
from glasshouse.scenario.tables import CHANGE, REFERENCE, without_arm
from glasshouse.scenario.toml_lines import Keys
from glasshouse.study.factor import SCALED, Factor

Group = Literal["uncertainties", "levers"]
"""Named groups of factors."""

GROUPS: tuple[Group, ...] = ("uncertainties", "levers")
"""All of them."""

UNCERTAINTIES: tuple[Group, ...] = ("uncertainties",)
"""What a study varies unless told otherwise."""

UNCERTAIN: frozenset[Role] = frozenset({"uncertainty", "assumption"})
"""Roles of what is uncertain in every arm."""


def prior_factors(
    scenario: Scenario, fixed: Collection[str] = (), groups: Collection[Group] = UNCERTAINTIES
) -> tuple[Factor, ...]:
    """Every parameter of some groups that has a prior range, over this range.

    A list is scaled as a whole. Where the parameter declares the range, every element but those of zero stays within it; a
    list that no other scale leaves within it is no factor. Nor is a parameter that the scenario cannot take at the ends
    of its range.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    fixed : collection of str
        Names of settings that are not varied, in no arm.
    groups : collection of str
        Which groups are varied, `uncertainties` and `levers`.

    Returns
    -------
    tuple of Factor
        One for each setting, in the scenario's order. A parameter that the scenario gives in one arm apart has a factor
        for each arm and each change.
    """
    found = [
        factor
        for group, factor in _candidates(scenario)
        if group in groups and not {factor.key, _plain(factor.key)} & set(fixed)
    ]
    return tuple(_accepted(scenario, found))


def _plain(key: str) -> str:
    """The name of a setting without the arm or the change."""
    return ".".join(without_arm(tuple(key.split("."))))


def _candidates(scenario: Scenario) -> Iterator[tuple[Group, Factor]]:
    """Every parameter with a prior range and a value in some arm, with its group."""
    arms: dict[Keys, tuple[Component, ...]] = {(REFERENCE,): scenario.reference}
    arms |= {(CHANGE, str(number)): change.tables for number, change in enumerate(scenario.changes, 1)}
    for key in type(scenario.society).model_fields:
        yield from _of(scenario, ("society",), key, scenario.society)
    for place, table in enumerate(scenario.mechanisms):
        for key in type(table).model_fields:
            yield from _of(scenario, (table.name,), key, table)
            for under, tables in arms.items():
                yield from _of(scenario, (*under, table.name), key, tables[place])


def _of(scenario: Scenario, names: Keys, key: str, table: Table) -> Iterator[tuple[Group, Factor]]:
    """The factor of one setting, if it has one."""
    keys, role = (*names, key), role_of(type(table), key)
    given = scenario.priors.get(keys)
    extra = type(table).model_fields[key].json_schema_extra
    group = extra.get("group") if isinstance(extra, dict) else None
    if group is not None and group not in scenario.society.groups:
        # Of nobody whom the scenario tells apart.
        return
    own = keys in scenario.explicit_overrides
    if role == "design" or (names[0] == CHANGE and not own):
        return
    if names[0] == REFERENCE and given is None:
        # What the reference has of its own is fixed unless the scenario says otherwise; the rest follows the regime.
        return
    factor = _factor(keys, type(table), getattr(table, key), given)
    if factor is not None:
        yield "uncertainties" if role in UNCERTAIN or names[0] == REFERENCE else "levers", factor


def _factor(keys: Keys, model: type[Table], value: Any, given: tuple[float, float] | None) -> Factor | None:
    """The setting over its prior range; None without one, and for a list that nothing scales."""
    extra = model.model_fields[keys[-1]].json_schema_extra
    declared: Any = extra.get("prior") if isinstance(extra, dict) else None
    if (given is None and declared is None) or not isinstance(extra, dict):
        return None
    name, unit = ".".join(keys), str(extra["unit"])
    low, high = given or (float(declared[0]), float(declared[1]))
    if not isinstance(value, tuple):
        return Factor(name, low, high, unit=unit, source="prior", base=float(value), whole=isinstance(value, int))
    if not any(value):
        return None
    if given is None:
        low, high = _common(value, low, high)
    return Factor(name, low, high, unit=SCALED, source="prior", base=1.0, vector=value) if low < high else None


def _accepted(scenario: Scenario, factors: Sequence[Factor]) -> Sequence[Factor]:
    """Those of the factors whose low and high ends the scenario takes."""
    try:
        for end in ("low", "high"):
            override(scenario, {one.key: one.setting(getattr(one, end)) for one in factors})
    except ScenarioError:
        # Halves until those at fault stand alone: one by one would take a second.
        half = len(factors) // 2
        return [*_accepted(scenario, factors[:half]), *_accepted(scenario, factors[half:])] if half else []
    return factors


def _common(vector: tuple[float, ...], low: float, high: float) -> tuple[float, float]:
    """The least and greatest scale that leaves every element of the vector, but those of zero, within low to high."""
    known = [element for element in vector if element != 0.0]
    ends = [sorted((low / element, high / element)) for element in known]
    least, most = max((end[0] for end in ends), default=1.0), min((end[1] for end in ends), default=1.0)

    def inside(scale: float) -> bool:
        return all(low <= scale * element <= high for element in known)

    # A quotient is rounded, so that its product with the element may lie a last digit beyond the prior.
    while least < most and not inside(least):
        least = math.nextafter(least, math.inf)
    while least < most and not inside(most):
        most = math.nextafter(most, -math.inf)
    return least, most
