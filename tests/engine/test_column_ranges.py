"""A column of a plug-in that leaves its range in a week that the trial before the run does not reach ends the run."""

from pathlib import Path

import pytest

import glasshouse
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.column_ranges import ColumnRanges
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.plugin_trial import WEEKS, try_plugins
from glasshouse.errors import RunningError
from tests.engine.test_plugin_trial import probe
from tests.helpers.populations import adults, arm_state

LATE = {
    "me.probe_y = 1.5": "column probe_y of citizen 0 is 1.5, declared 0 to 1, in week 20",
    "me.probe_x = 2 if me.index == 70 else 1": "column probe_x of citizen 70 is 2, declared 0 to 1, in week 20",
}


@pytest.mark.parametrize("kernel", LATE)
def test_a_fault_after_the_weeks_of_the_trial_names_mechanism_citizen_and_week(kernel: str, tmp_path: Path) -> None:
    assert WEEKS < 20
    scenario, mechanism = probe(tmp_path, f"if week == 20:\n            {kernel}")
    layout = ModelLayout((mechanism,))
    backend, ranges, state = CompiledBackend(layout, threads=1), ColumnRanges(), arm_state(layout, adults(128))
    try_plugins(scenario, backend)
    ranges.begin(state.population, layout)
    for week in range(20):
        backend.step(state, 1, week)
        ranges.observe(week, {"reference": state, "regime": state})
    backend.step(state, 1, 20)
    with pytest.raises(RunningError, match=f"probe: {LATE[kernel]} of the regime arm. Keep it within"):
        ranges.observe(20, {"regime": state})


def test_every_run_looks_at_the_columns_of_its_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refuses(ColumnRanges):
        def observe(self, week: int, arms: object) -> None:
            raise RunningError(f"seen in week {week}")

    monkeypatch.setattr("glasshouse.engine.run.ColumnRanges", Refuses)
    with pytest.raises(RunningError, match="seen in week 0"):
        glasshouse.run("town", citizens=100, replicates=1, threads=1)
