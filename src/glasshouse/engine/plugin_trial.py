"""Tries the mechanisms of plug-ins before a run: a small population is run by the interpreter and by the compiled pass.

The interpreter stops where compiled code would go on with a number that means nothing, so a fault is reported with its
mechanism, citizen and week before the run begins. Both must leave the same bytes, and no column may leave its range.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.arms import regime_of
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.column_ranges import ADVICE, RECORDS, out_of_range
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import columns_of
from glasshouse.engine.state import ArmState
from glasshouse.errors import PluginError, RunningError
from glasshouse.model.component import Component
from glasshouse.population.synthesis import synthesise
from glasshouse.scenario.scenario import Scenario

DISTRICT_SIZE, WEEKS = 64, 12
"""Citizens of each district of the small population, and weeks that it is run."""

MOST_TRIALS = 4
"""Settings of the same mechanisms that one process tries at most: a study has thousands, and its runs may be short."""

Contents = dict[str, NDArray[Any]]

_tried: dict[tuple[type[Component], ...], set[str]] = {}
"""Digests of the scenarios that this process has tried, for each set of mechanisms."""


def try_plugins(scenario: Scenario, backend: CompiledBackend) -> None:
    """Run the plug-ins of a scenario on a small population, with the scenario's settings.

    A process tries a scenario once, and no more than `MOST_TRIALS` scenarios of the same mechanisms. One district is under the
    settings of the reference arm, one under those of the regime and, where the regime changes, one under those of each
    change.

    Parameters
    ----------
    scenario : Scenario
        What is going to be run.
    backend : CompiledBackend
        The compiled pass of its mechanisms.

    Raises
    ------
    PluginError
        At the first fault; it names mechanism, citizen (or firm or district) and week.
    """
    digests = _tried.setdefault(backend.layout.mechanisms, set())
    if not _labels(scenario) or scenario.digest in digests or len(digests) >= MOST_TRIALS:
        return
    # The interpreter comes first: a fault is found before a minute has gone into compiling.
    courses, state = interpret(scenario, backend.layout), _arm(scenario, backend.layout)
    for week, expected in enumerate(courses):
        backend.step(state, scenario.run.seed, week)
        for name, fault in _differences(backend.layout, expected, _contents(state)):
            raise PluginError(
                f"{_label(scenario, name)}: {name}: {fault} in week {week}. The interpreter and the compiled pass must agree: "
                f"keep numbers finite, within 64 bits, and every index within its vector or table."
            )
    digests.add(scenario.digest)


def interpret(scenario: Scenario, layout: ModelLayout | None = None) -> list[Contents]:
    """The interpreter's part of the trial, which needs no compiler: the check of a scenario stops after it.

    Parameters
    ----------
    scenario : Scenario
        What is going to be run.
    layout : ModelLayout or None
        The layout of its mechanisms; made from the scenario if None.

    Returns
    -------
    list of dict of str to ndarray
        What the arm of the small population holds after each week; empty if no plug-in has a mechanism in the scenario.

    Raises
    ------
    PluginError
        At the first fault; it names mechanism, citizen (or firm or district) and week.
    """
    labels = _labels(scenario)
    if not labels:
        return []
    layout = layout or ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    own = [mechanism for mechanism in layout.mechanisms if mechanism.name in labels]
    interpreter, state, courses = ReferenceBackend(layout), _arm(scenario, layout), []
    for week in range(WEEKS):
        try:
            interpreter.step(state, scenario.run.seed, week)
        except RunningError as error:
            raise PluginError(f"{_label(scenario, str(error).partition('.')[0])}: {error}") from error
        for name, fault in out_of_range(own, state):
            raise PluginError(f"{labels[name]}: {name}: {fault}, in week {week}. {ADVICE}")
        courses.append(_contents(state))
    return courses


def _labels(scenario: Scenario) -> dict[str, str]:
    """What messages call the plug-in of each mechanism that comes from one."""
    return {m.name: plugin.label for plugin in scenario.brought_plugins for m in plugin.mechanisms}


def _label(scenario: Scenario, mechanism: str) -> str:
    """The plug-in of a mechanism, or all of them where a shipped one shows the fault."""
    labels = _labels(scenario)
    return labels.get(mechanism, ", ".join(dict.fromkeys(labels.values())))


def _arm(scenario: Scenario, layout: ModelLayout) -> ArmState:
    """A fresh arm of the small population, whose districts are under the scenario's settings in turn."""
    rows = 2 + len(scenario.changes)
    table = scenario.society.model_copy(update={"citizens": rows * DISTRICT_SIZE, "district_size": DISTRICT_SIZE})
    population = synthesise(table, scenario.run.seed, 1)
    state = ArmState.fresh(layout, population, regime_of(scenario).parameters(layout))
    state.active_table[:] = np.arange(len(state.active_table)) % rows
    return state


def _contents(state: ArmState) -> Contents:
    """Copies of all that carries over from week to week, and of the week's sums."""
    return {name: getattr(state, name).copy() for name in (*ArmState.STORED, "totals")}


def _differences(layout: ModelLayout, expected: Contents, found: Contents) -> Iterator[tuple[str, str]]:
    """Owner and fault for each field that the interpreter and the compiled pass left different."""
    for kind, name in RECORDS.items():
        for mechanism in layout.mechanisms:
            inboxes = [inbox.column() for inbox in mechanism.inboxes] if kind == "citizen" else []
            for field in (field for column in (*columns_of(mechanism, kind), *inboxes) for field in column.fields()):
                one, other = expected[name][field], found[name][field]
                if one.tobytes() != other.tobytes():
                    entity = int(np.argmax(one != other))
                    values = f"{one[entity]} and {other[entity]}"
                    yield mechanism.name, f"column {field} of {kind} {entity} is {values}"
    owners = {total.name: mechanism.name for mechanism in layout.mechanisms for total in mechanism.sums}
    for district, cell, slot in np.argwhere(expected["totals"] != found["totals"])[:1]:
        name, place = layout.sums[slot].name, (district, cell, slot)
        values = f"{expected['totals'][place]} and {found['totals'][place]}"
        yield owners[name], f"the sum {name} of district {district} is {values}"
    for word in np.flatnonzero(expected["shown"] != found["shown"])[:1]:
        citizen = int(word) * (64 // layout.bits)
        yield "signals", f"what citizens {citizen} to {citizen + 64 // layout.bits - 1} show differs"
