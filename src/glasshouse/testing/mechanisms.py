"""The checks that every mechanism must pass."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic.fields import FieldInfo

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import columns_of
from glasshouse.engine.compiler.rewrite import helpers_of
from glasshouse.engine.state import ArmState
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import ASSUMED, Role
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue
from glasshouse.rng import stream, uniform
from glasshouse.testing.trial import FEW, SEED, Trial, arm_bytes, hold, passes

STREAM = stream("testing")
ROLES = get_args(Role)
"""Roles of which a parameter declares one."""
FOUNDED = re.compile(r"[=<>^≤≥]|\b(1[789]|20)\d\d\b|facts\.md|assum")
"""An equation, a year of publication, a fact of the sheet, or the word that owns up to an assumption."""


def check_mechanism(
    mechanism: type[Component], *, others: Catalogue = CATALOGUE, tables: tuple[Component, ...] = ()
) -> None:
    """Runs every check of a mechanism or a statistic.

    Parameters
    ----------
    mechanism : Mechanism or Statistic type
        The component to check.
    others : Catalogue
        Components that it runs beside; the built-in ones if left out.
    tables : tuple of Component
        Settings under which much happens, so that every branch of its kernels runs.

    Raises
    ------
    AssertionError
        At the first check that fails, with what is wrong.
    GlasshouseError
        If the component cannot be compiled beside the others.
    """
    trial = Trial(mechanism, others, tables)
    for check in MECHANISM_CHECKS:
        check(trial)


def says_what_it_is(trial: Trial) -> None:
    """Docstring with an equation or a source; every parameter with meaning, unit, role, range, and a prior where assumed.

    Parameters
    ----------
    trial : Trial
        The component among others.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    mechanism = trial.mechanism
    summary, _, body = inspect.cleandoc(mechanism.__doc__ or "").partition("\n")
    hold(summary, f"{mechanism.name} has no docstring. Say in a line what it is, then its equation and source.")
    hold(FOUNDED.search(body), f"{mechanism.name}: below its first line the docstring has no equation and no source.")
    for name, field in mechanism.model_fields.items():
        label, extra = f"{mechanism.name}.{name}", _declared(field)
        hold(not field.is_required(), f"{label} has no default.")
        hold(field.description and extra, f"{label} is not declared with param() or vector().")
        hold(extra.get("unit"), f"{label} has no unit.")
        hold(extra.get("source"), f"{label} has no source.")
        hold(
            extra.get("role") in ROLES,
            f'{label} declares no role. Give role="lever" for what a regime sets, "uncertainty" for how people and the world '
            'are, "assumption" for what may be assumed of one arm alone, or "design" for what the experimenter chooses.',
        )
        if isinstance(field.default, bool | str):
            continue
        schema = mechanism.model_json_schema()["properties"][name]
        low, high = extra.get("bounds") or (schema.get("minimum"), schema.get("maximum"))
        hold(low is not None and high is not None, f"{label} has no bounds.")
        hold(extra["source"] != ASSUMED or "prior" in extra, f"{label} is assumed, but has no prior range.")
        least, most = extra.get("prior", (low, high))
        defaults = np.atleast_1d(field.default)
        hold(low <= least <= most <= high, f"{label}: its prior range is not within its bounds.")
        hold(least <= defaults.max() and defaults.min() <= most, f"{label}: its default is outside its prior range.")
    declared: list[Any] = [column for kind in KERNELS for column in columns_of(mechanism, kind)]
    for thing in (*declared, *mechanism.signals, *mechanism.sums, *mechanism.inboxes):
        hold(
            thing.doc and getattr(thing, "unit", "none"),
            f"{mechanism.name}: {thing.name} lacks its meaning or its unit.",
        )


def keeps_to_the_grammar(trial: Trial) -> None:
    """Its kernels are within the contract of `mechanism`, beside all others.

    Parameters
    ----------
    trial : Trial
        The component among others.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    kernels = [k for kind in KERNELS for m, k in trial.layout.kernels(kind) if m is trial.mechanism]
    helpers_of(kernels)
    hold(kernels, f"{trial.mechanism.name} has no kernel.")


def declares_nothing_idle(trial: Trial) -> None:
    """Whatever it declares, its kernels use: each draw is drawn, each sum added to, each column and signal assigned.

    Parameters
    ----------
    trial : Trial
        The component among others.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    mechanism = trial.mechanism
    trees = [_tree(kernel) for kind in KERNELS if (kernel := mechanism.kernel(kind))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {verb: {*_names_used(nodes, verb)} for verb in ("draw", "add")}
    assigned = {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    assigned |= {
        n.value.attr
        for n in nodes
        if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store) and isinstance(n.value, ast.Attribute)
    }
    read = {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load)}
    columns = [column.name for kind in KERNELS for column in columns_of(mechanism, kind)]
    idle = [
        *(f"draw {purpose}" for purpose in (*mechanism.draws, *mechanism.shared_draws) if purpose not in used["draw"]),
        *(f"sum {total.name}" for total in mechanism.sums if total.name not in used["add"]),
        *(f"column {name}" for name in columns if name not in assigned),
        *(f"signal {signal.name}" for signal in mechanism.signals if signal.name not in assigned),
        *(f"inbox {inbox.name}" for inbox in mechanism.inboxes if inbox.name not in read),
    ]
    hold(not idle, f"{mechanism.name} declares what its kernels never use: {', '.join(idle)}.")


def interpreter_and_pass_leave_equal_bytes(trial: Trial) -> None:
    """The kernels run by the interpreter and the compiled pass leave the same bytes, week by week.

    Parameters
    ----------
    trial : Trial
        The component among others.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    week = _differing(trial.week, trial.tables)
    hold(week is None, f"{trial.mechanism.name}: interpreter and compiled pass differ in week {week}.")


@lru_cache(maxsize=8)
def _differing(week: Catalogue, tables: tuple[Component, ...], weeks: int = 12) -> int | None:
    """The first week after which interpreter and compiled pass differ; the same for all mechanisms of one week."""
    trial = Trial(week[0], week, tables)
    compiled, read = trial.arm(citizens=FEW), trial.arm(citizens=FEW)
    interpreter = ReferenceBackend(trial.layout)
    for number in range(weeks):
        passes(trial.layout).step(compiled, SEED, number)
        interpreter.step(read, SEED, number)
        if arm_bytes(compiled) != arm_bytes(read):
            return number
    return None


def threads_and_blocks_change_nothing(trial: Trial, weeks: int = 20) -> None:
    """One thread or two, large blocks or small: the same bytes.

    Parameters
    ----------
    trial : Trial
        The component among others.
    weeks : int
        Weeks to run.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    found = []
    for count, block in ((1, 1024), (2, 1024), (2, 64)):
        arm = trial.arm(block=block)
        for week in range(weeks):
            passes(trial.layout, count).step(arm, SEED, week)
        found.append(arm_bytes(arm))
    hold(found[0] == found[1] == found[2], f"{trial.mechanism.name}: the number of threads or blocks changes results.")


def stays_within_declared_ranges(trial: Trial, weeks: int = 40) -> None:
    """Under its defaults and at five places of its prior ranges no column leaves its range or stops being a number.

    Parameters
    ----------
    trial : Trial
        The component among others.
    weeks : int
        Weeks to run.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    for place in range(6):
        arm = trial.arm(*((varied(trial.mechanism, place),) if place else ()))
        for week in range(weeks):
            passes(trial.layout).step(arm, SEED + place, week)
            for name, values, low, high in _columns(trial, arm):
                least, most = values.dtype.type(low), values.dtype.type(high)
                inside = np.isfinite(values).all() and (values >= least).all() and (values <= most).all()
                span = f"{values.min()} to {values.max()}, declared {low} to {high}"
                hold(inside, f"{trial.mechanism.name}.{name} holds {span} (week {week}, place {place}).")


def draws_by_key_alone(trial: Trial, weeks: int = 12, pause: int = 5) -> None:
    """The same seed gives the same bytes, also after an interruption; nothing random comes from anything but keyed draws.

    Parameters
    ----------
    trial : Trial
        The component among others.
    weeks : int
        Weeks to run.
    pause : int
        Week after which the run is interrupted.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    first, again, paused = (trial.arm() for _ in range(3))
    for week in range(weeks):
        for arm, layout in ((first, trial.layout), (again, ModelLayout(trial.week)), (paused, trial.layout)):
            passes(layout).step(arm, SEED, week)
        if week == pause:
            resumed = trial.arm()
            for name in ArmState.STORED:
                getattr(resumed, name)[...] = getattr(paused, name)
            paused = resumed
    hold(arm_bytes(first) == arm_bytes(again), f"{trial.mechanism.name}: two layouts with one seed differ.")
    hold(
        arm_bytes(first) == arm_bytes(paused),
        f"{trial.mechanism.name}: a run that is resumed differs from one that is not.",
    )


def switches_off(trial: Trial, weeks: int = 12) -> None:
    """With the settings of `off`, all others do as if it had no kernels. Nothing is asked of one that has no `off`.

    Parameters
    ----------
    trial : Trial
        The component among others.
    weeks : int
        Weeks to run.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    mechanism = trial.mechanism
    if not mechanism.off:
        return
    silent = type(mechanism.__name__, (mechanism,), {"__module__": __name__, "kernel": classmethod(lambda *_: None)})
    absent = ModelLayout(tuple(silent if other is mechanism else other for other in trial.week))
    off = mechanism(**mechanism.off)
    arms = trial.arm(off, citizens=FEW), trial.arm(off, layout=absent, citizens=FEW)
    # The pass of the trial is compiled already; that of a model without this component is used nowhere else.
    present, without = passes(trial.layout), ReferenceBackend(absent)
    own = {total.name for total in mechanism.sums}
    slots = [slot for slot, total in enumerate(trial.layout.sums) if total.name not in own]
    for week in range(weeks):
        present.step(arms[0], SEED, week)
        without.step(arms[1], SEED, week)
        differing = [
            trial.layout.sums[slot].name
            for slot in slots
            if (arms[0].totals[..., slot] != arms[1].totals[..., slot]).any()
        ]
        hold(not differing, f"{mechanism.name}, switched off, still changes {', '.join(differing)} in week {week}.")


MECHANISM_CHECKS: tuple[Callable[[Trial], None], ...] = (
    says_what_it_is,
    keeps_to_the_grammar,
    declares_nothing_idle,
    interpreter_and_pass_leave_equal_bytes,
    threads_and_blocks_change_nothing,
    stays_within_declared_ranges,
    draws_by_key_alone,
    switches_off,
)
"""The checks of a mechanism, one by one."""


def varied(mechanism: type[Component], place: int) -> Component:
    """A table of the component at a place of its prior ranges.

    Parameters
    ----------
    mechanism : Component type
        Whose prior ranges are used.
    place : int
        1 for all lower ends, 2 for all upper ends, higher numbers for drawn values.

    Returns
    -------
    Component
        A table with these values.
    """
    chosen: dict[str, Any] = {}
    for purpose, (name, field) in enumerate(mechanism.model_fields.items()):
        if "prior" not in _declared(field):
            continue
        low, high = _declared(field)["prior"]
        share = (0.0, 1.0)[place - 1] if place <= 2 else uniform(SEED, STREAM, purpose, 0, place)
        value = low + share * (high - low)
        chosen[name] = (value,) * len(field.default) if isinstance(field.default, tuple) else value
        if isinstance(field.default, int):
            chosen[name] = field.default if isinstance(field.default, bool) else round(value)
    return mechanism(**chosen)


def _declared(field: FieldInfo) -> Mapping[str, Any]:
    """Unit, source, prior and bounds of a parameter; nothing where it was not declared with them."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _columns(trial: Trial, arm: ArmState) -> Iterator[tuple[str, NDArray[Any], float, float]]:
    """Name, values and declared range of each column that the mechanism owns."""
    for kind in KERNELS:
        records = getattr(arm, kind if kind == "centre" else f"{kind}s")
        for column in columns_of(trial.mechanism, kind):
            yield column.name, column.values(records), column.low, column.high


def _tree(kernel: Callable[..., None]) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(kernel)))


def _names_used(nodes: list[ast.AST], verb: str) -> Iterator[str]:
    """The words with which a verb of kernels is called."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == verb and node.args:
            word = node.args[0]
            if isinstance(word, ast.Constant):
                yield str(word.value)
