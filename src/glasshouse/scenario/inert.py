"""Settings of a valid scenario that change nothing: it can be run, but not all of it does what its author expects."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glasshouse.model.component import Component
from glasshouse.scenario.files import library_names, parse
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.tables import CHANGE, REFERENCE, without_arm
from glasshouse.scenario.toml_lines import Keys, Source

DATE = "week"
"""Unit of parameters that are weeks of the run, counted from its start."""

_SETTING = re.compile(r"setting ([\w-]+(?:\.[\w-]+)+)=")


def inert(scenario: Scenario) -> tuple[str, ...]:
    """Find what a scenario sets without any effect.

    These are a change of the regime or another date after the end of the run, districts that the regime never reaches, and
    settings of a mechanism that the scenario switches off. Settings of shipped scenarios that others extend are not looked
    at.

    Parameters
    ----------
    scenario : Scenario
        A checked scenario.

    Returns
    -------
    tuple of str
        A sentence for each; empty if everything has an effect.
    """
    return (*_dates(scenario), *_rollout(scenario), *_switched_off(scenario))


def _dates(scenario: Scenario) -> Iterator[str]:
    run = scenario.run
    for number, change in enumerate(scenario.changes, 1):
        if change.week >= run.weeks:
            yield (
                f"{CHANGE}.{number}.week = {change.week:,} is at or after the end of the run, weeks = {run.weeks:,}: this "
                "change is never in force."
            )
    for table in scenario.mechanisms:
        for key, field in type(table).model_fields.items():
            extra, week = field.json_schema_extra, getattr(table, key)
            if isinstance(extra, dict) and extra.get("unit") == DATE and week >= run.weeks:
                yield (
                    f"{table.name}.{key} = {week:,.0f} is at or after the end of the run, weeks = {run.weeks:,}: it never "
                    "comes."
                )


def _rollout(scenario: Scenario) -> Iterator[str]:
    run = scenario.run
    end = run.until or run.weeks
    # An equal share of districts joins in the first week and in each week of the roll-out after it.
    late = min(run.start + run.rollout + 1 - end, run.rollout + 1)
    if late <= 0:
        return
    share = late / (run.rollout + 1)
    districts = "no district joins" if share == 1.0 else f"about {share:.0%} of districts never join"
    last = f"ended by run.until = {run.until:,}" if run.until else f"over in run.weeks = {run.weeks:,}"
    yield (
        f"{districts} the regime: it begins in run.start = {run.start:,}, takes in districts over run.rollout = "
        f"{run.rollout:,} weeks, and is {last}."
    )


def _switched_off(scenario: Scenario) -> Iterator[str]:
    arms: dict[Keys, tuple[Component, ...]] = {(): scenario.mechanisms, (REFERENCE,): scenario.reference}
    arms |= {(CHANGE, str(number)): change.tables for number, change in enumerate(scenario.changes, 1)}
    for keys in dict.fromkeys(_own_settings(scenario.sources)):
        under, (table, key) = keys[:-2], keys[-2:]
        # What stands at the top of a file is in force under the regime, and wherever nothing else is given.
        chosen = [arms.get(under, ())] if under else list(arms.values())
        tables = [one for tables in chosen for one in tables if one.name == table]
        switches = tables[0].off if tables else {}
        if key not in switches and switches and all(_is_off(one) for one in tables):
            off = ", ".join(f"{name} = {_plain(value)}" for name, value in switches.items())
            yield f"{'.'.join(keys)} has no effect: {table} is switched off ({off})."


def _is_off(table: Component) -> bool:
    return all(getattr(table, name) == value for name, value in table.off.items())


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(list(value) if isinstance(value, tuple) else value)


def _own_settings(sources: Sequence[Source]) -> Iterator[Keys]:
    """Full names of the settings of a user's own files and of the command line."""
    shipped = library_names()
    for source in sources:
        if source.label in shipped:
            continue
        named = _SETTING.match(source.label)
        if named:
            keys = tuple(named[1].split("."))
            if len(without_arm(keys)) == 2:
                yield keys
        elif source.text:
            yield from (keys for keys in _leaves(parse(source), ()) if len(without_arm(keys)) == 2)


def _leaves(values: Mapping[str, Any], path: Keys) -> Iterator[Keys]:
    for key, value in values.items():
        found = value
        if isinstance(value, list) and not path and key == CHANGE:
            found = {str(number): change for number, change in enumerate(value, 1)}
        if isinstance(found, Mapping):
            yield from _leaves(found, (*path, key))
        else:
            yield (*path, key)
