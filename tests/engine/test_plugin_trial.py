"""Numeric faults of plug-ins: reported before a run with mechanism, citizen and week; sums never wrap around."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.engine import plugin_loader
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.checkpoint import Checkpoints
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.sum_limits import SumLimits
from glasshouse.engine.compiler.symbols import SUM_LIMIT
from glasshouse.engine.plugin_trial import try_plugins
from glasshouse.engine.totals_observer import TotalsObserver
from glasshouse.errors import PluginError, RunningError
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.scenario.scenario import Scenario, load
from tests.helpers.populations import adults, arm_state, bytes_of

PROBE = '''
from typing import ClassVar
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.declarations import Column, Inbox, Sum, param

class Probe(Mechanism):
    """A probe. Assumption."""
    name: ClassVar[str] = "probe"
    columns: ClassVar = (Column("probe_x", "u1", "yes or no", "is on"), Column("probe_y", "f4", "share", "how much"))
    sums: ClassVar = (Sum("probe_on", "citizen-weeks", "who is on"), Sum("probe_much", "shares", "how much", scale=1024))
    rate: float = param(0.5, "Rate.", unit="share", bounds=(0, 1), prior=(0.1, 0.9))
    @staticmethod
    def citizen(me, p, add, week):
        me.probe_x = 1
        KERNEL
        add("probe_on", me.probe_x)
        add("probe_much", me.probe_y)
'''


def probe(folder: Path, kernel: str) -> tuple[Scenario, Any]:
    """A scenario of the probe alone, and its mechanism."""
    path = folder / "probe.py"
    path.write_text(PROBE.replace("KERNEL", kernel), encoding="utf-8")
    (plugin,) = plugin_loader.find([path])
    mechanism = plugin.mechanisms[0]
    town = glasshouse.load("town", plugins=[path])
    return replace(town, mechanisms=(mechanism(),), reference=(mechanism(),), changes=(), plugins=(plugin,)), mechanism


FAULTS = {
    "me.probe_x = 1 / (me.probe_x - me.probe_x)": r"probe.citizen, citizen 0, week 0: division by zero",
    "me.probe_y = 1 / (me.index - 5 - week)": r"probe.citizen, citizen 5, week 0: division by zero",
    "me.probe_y = 0.5 / ((week - 3) * (week - 3) + 1 - (week == 3))": r"probe.citizen, citizen 0, week 3: float division by zero",
    'add("probe_on", 1.0e300)': r"citizen 0, week 0: the sum probe_on would hold more than 64 bits can add up",
    'add("probe_much", -1.0e300)': r"citizen 0, week 0: the sum probe_much would hold more than 64 bits can add up",
    'add("probe_on", 1.0e300 * 1.0e300 - 1.0e300 * 1.0e300)': r"citizen 0, week 0: cannot convert float NaN",
    'add("probe_on", 1.0e300 * 1.0e300)': r"citizen 0, week 0: cannot convert float infinity",
    "me.probe_x = 7": r"probe: column probe_x of citizen 0 is 7, declared 0 to 1, in week 0",
    "me.probe_x = 300": r"probe: column probe_x of citizen 0 is 255, declared 0 to 1, in week 0",
    "me.probe_y = me.probe_y + 0.4": r"probe: column probe_y of citizen 0 is 1.2.*, declared 0 to 1, in week 2",
    "me.probe_y = 1.0e300 * 1.0e300 - 1.0e300 * 1.0e300": r"probe.citizen, citizen 0, week 0: cannot convert float NaN",
    "me.probe_y = 1 if me.index == 70 else p.rate * 3": r"column probe_y of citizen 0 is 1.5",
}


@pytest.mark.parametrize("kernel", FAULTS)
def test_a_numeric_fault_names_mechanism_citizen_and_week(kernel: str, tmp_path: Path) -> None:
    scenario, mechanism = probe(tmp_path, kernel)
    with pytest.raises(PluginError, match=FAULTS[kernel]) as caught:
        try_plugins(scenario, CompiledBackend(ModelLayout((mechanism,)), threads=1))
    assert str(caught.value).startswith(str(tmp_path / "probe.py"))


def test_where_interpreter_and_compiled_pass_differ_citizen_and_week_are_named(tmp_path: Path) -> None:
    # Whole numbers grow in Python and wrap around in compiled code.
    scenario, mechanism = probe(tmp_path, "me.probe_x = 1 if me.index << 2 >= 0 else 0")
    backend = CompiledBackend(ModelLayout((mechanism,)), threads=1)
    try_plugins(scenario, backend)
    scenario, mechanism = probe(tmp_path, "me.probe_x = 1 if (week + me.index) << 62 >= 0 else 0")
    backend = CompiledBackend(ModelLayout((mechanism,)), threads=1)
    with pytest.raises(
        PluginError, match="probe: column probe_x of citizen 2 is 1 and 0 in week 0. The interpreter and"
    ):
        try_plugins(scenario, backend)


def test_a_run_is_refused_before_anything_is_simulated(tmp_path: Path) -> None:
    probe(tmp_path, "me.probe_x = 1 / (me.probe_x - me.probe_x)")
    with pytest.raises(PluginError, match=r"probe.py: probe.citizen, citizen 0, week 0: division by zero"):
        glasshouse.run("town", citizens=200, weeks=30, threads=1, plugins=[tmp_path / "probe.py"], out=tmp_path / "out")
    assert not list((tmp_path / "out").glob("*.parquet"))


def test_check_refuses_what_a_run_would_refuse(tmp_path: Path) -> None:
    probe(tmp_path, "me.probe_x = 1 / (me.probe_x - me.probe_x)")
    refused = CliRunner().invoke(cli, ["check", "town", "--plugin", str(tmp_path / "probe.py")])
    assert refused.exit_code == 2
    assert "probe.citizen, citizen 0, week 0: division by zero" in refused.stderr
    refused = CliRunner().invoke(cli, ["check", "town", "--set", "citizens=1_000_000_000"])
    assert refused.exit_code == 1
    assert "memory" in refused.stderr


SATURATING = {
    'add("probe_on", 1.0e300)': "probe_on",
    'add("probe_on", 9223372036854775807)': "probe_on",
    'add("probe_on", -1.0e300 * 1.0e300)': "probe_on",
    'add("probe_on", 1.0e300 * 1.0e300 - 1.0e300 * 1.0e300)': "probe_on",
    'add("probe_much", 4.0e15)': "probe_much",
    'add("probe_much", 1.0e17 if me.index > 2 else -1.0e300)': "probe_much",
}


@pytest.mark.parametrize("kernel", SATURATING)
def test_no_sum_wraps_around_in_a_later_week(kernel: str, tmp_path: Path) -> None:
    """A fault that the trial's weeks do not meet ends the run itself."""
    _, mechanism = probe(tmp_path, f"if week == 1:\n            {kernel}")
    layout = ModelLayout((mechanism,))
    state, backend = arm_state(layout, adults(640)), CompiledBackend(layout, threads=1)
    backend.step(state, 1, 0)
    with pytest.raises(RunningError, match=f"probe: in week 1 the sum {SATURATING[kernel]} holds more than 64 bits"):
        backend.step(state, 1, 1)


def test_sums_that_fit_are_added_up_alike(tmp_path: Path) -> None:
    _, mechanism = probe(tmp_path, 'add("probe_much", 1.0e9 * (me.index - 300))\n        add("probe_on", me.adult > 0)')
    layout, population = ModelLayout((mechanism,)), adults(640)
    one, other = arm_state(layout, population), arm_state(layout, population)
    CompiledBackend(layout, threads=1).step(one, 1, 0)
    ReferenceBackend(layout).step(other, 1, 0)
    assert bytes_of(one) == bytes_of(other)
    assert one.totals.min() < -(2**40)


def test_what_is_added_up_over_the_weeks_has_the_same_limit(tmp_path: Path) -> None:
    _, mechanism = probe(tmp_path, 'add("probe_much", 3.0e12)')
    layout = ModelLayout((mechanism,))
    backend, state = CompiledBackend(layout, threads=1), arm_state(layout, adults(640))
    observer = TotalsObserver(backend, 9)
    observer.begin(state.population, layout)
    weeks_until_full = int(SUM_LIMIT / (640 * 3.0e12 * 1024)) + 1
    with pytest.raises(RunningError, match=f"in week {weeks_until_full - 1} the sum probe_much"):
        for week in range(9):
            backend.step(state, 1, week)
            observer.observe(week, {"reference": state, "regime": state})
    assert 1 < weeks_until_full < 9


def test_a_checkpoint_carries_on_what_was_added_up_before_it(tmp_path: Path) -> None:
    """Resumed from week 4, the run ends in the week in which it would have ended without the interruption, and not later."""
    _, mechanism = probe(tmp_path, 'add("probe_much", 1.0e12)')
    layout = ModelLayout((mechanism,))
    backend, checkpoints = CompiledBackend(layout, threads=1), Checkpoints(tmp_path / "out", load("town"), every=4)
    checkpoints.open(resume=False)
    ended = int(SUM_LIMIT / (640 * 1.0e12 * 1024))
    for end in (4, 9):
        state, observer = arm_state(layout, adults(640)), TotalsObserver(backend, 9)
        observer.begin(state.population, layout)
        checkpoints.restore(0, state.population, (state, state), observer)
        with pytest.raises(RunningError, match=f"in week {ended} the") if end > ended else nullcontext():
            for week in range(observer.totals.weeks, end):
                backend.step(state, 1, week)
                observer.observe(week, {"reference": state, "regime": state})
                checkpoints.write(0, (state, state), observer)
    assert observer.totals.weeks == ended > 4


def test_shipped_mechanisms_are_not_checked_and_compile_as_before() -> None:
    limits = SumLimits(ModelLayout(CATALOGUE))
    assert limits.checked == ()
    assert limits.sizes(np.zeros((2, 16, 5), np.int64)).shape == (0,)
    limits.hold(np.zeros(0), 0)
    assert "stopped_sum" not in CompiledBackend(ModelLayout(CATALOGUE), threads=1).text
