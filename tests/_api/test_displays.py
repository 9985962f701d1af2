"""Displays of progress: a bar in a terminal or a notebook, plain lines, or JSON; the same for runs and studies."""

import io
import json
import math
import sys
import types

import pytest
from rich.console import Console

from glasshouse._api.displays import Display, JsonLines, NotebookBar, PlainLines, Rate, TerminalBar
from glasshouse.engine.progress import RunProgress, SeriesProgress
from glasshouse.study.progress import StudyProgress
from glasshouse.study.store.schema import Counts

HEADLINE = {"listed": 0.04321, "protest in the regime": 12.0, "wrongly": math.nan}


def a_run(shown: Display, replicates: int = 2, weeks: int = 100) -> None:
    """Shows a whole run."""
    with shown:
        for replicate in range(replicates):
            shown.show(RunProgress("population", replicate, replicates, 0, weeks, {}))
            shown.show(RunProgress("compile", replicate, replicates, 0, weeks, {}))
            for week in range(1, weeks + 1):
                shown.show(RunProgress("run", replicate, replicates, week, weeks, HEADLINE))
        shown.show(RunProgress("report", replicates - 1, replicates, weeks, weeks, {}))


def test_plain_lines_come_at_each_stage_and_about_every_tenth() -> None:
    err = io.StringIO()
    a_run(PlainLines(err))
    lines = err.getvalue().splitlines()
    assert lines[:2] == ["Building the population", "Compiling (once)"]
    assert lines[-1] == "Writing the report"
    weeks = [line for line in lines if "week " in line]
    assert 10 <= len(weeks) <= 12
    assert weeks[5].startswith(" 50%  replicate 1 of 2, week 100 of 100, ")
    assert weeks[-1].startswith("100%  replicate 2 of 2, week 100 of 100, ")
    assert weeks[-1].endswith(" left; listed 0.0432, protest in the regime 12")


def test_a_slow_run_writes_a_line_every_ten_seconds() -> None:
    now = [0.0]
    err = io.StringIO()
    shown = PlainLines(err, lambda: now[0])
    for week in range(1, 31):
        now[0] += 1.0
        shown.show(RunProgress("run", 0, 1, week, 10_000, {}))
    assert [line.split(",")[0] for line in err.getvalue().splitlines()] == [
        "  0%  week 1 of 10000",
        "  0%  week 11 of 10000",
        "  0%  week 21 of 10000",
    ]


def test_the_bar_shows_stage_weeks_time_left_and_figures() -> None:
    out = io.StringIO()
    shown = TerminalBar(Console(file=out, force_terminal=True, width=120, height=20, legacy_windows=False))
    a_run(shown)
    text = out.getvalue()
    for expected in ("Writing the report", "replicate 2 of 2, week 100 of 100", "left", "listed 0.0432"):
        assert expected in text


def test_the_bar_fits_a_narrow_terminal_and_survives_a_failure() -> None:
    out = io.StringIO()
    shown = TerminalBar(Console(file=out, force_terminal=True, width=40, height=10, legacy_windows=False))
    with pytest.raises(RuntimeError), shown:
        shown.show(RunProgress("run", 0, 1, 5, 10, HEADLINE))
        raise RuntimeError
    # The cursor is given back.
    assert out.getvalue().rstrip().endswith("\x1b[?25h")


def test_json_lines_are_each_an_object() -> None:
    out = io.StringIO()
    a_run(JsonLines(out), replicates=1, weeks=3)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["stage"] for one in events] == ["population", "compile", "run", "run", "run", "report"]
    assert all(one["event"] == "progress" for one in events)


def test_a_study_is_shown_with_workers_failures_rate_and_time_left() -> None:
    now = [100.0]

    def at(second: float, rate: Rate, counts: Counts) -> str:
        now[0] = second
        return rate.text(StudyProgress(counts, 1))

    few, many = Rate(lambda: now[0]), Rate(lambda: now[0])
    counts = Counts(waiting=60, running=10, done=27, failed=3, points=50, points_ended=9)
    assert StudyProgress(counts, 1).detail == "30 of 100 runs, 9 of 50 points, 1 worker, 3 failed"
    assert StudyProgress(Counts(waiting=1), 2).detail.endswith(", 2 workers")
    assert at(100, few, Counts(waiting=90, done=10)) == ""
    assert at(110, few, counts) == "2.00 runs a second, 35 s left"
    assert at(200, few, Counts(waiting=70, done=30)) == "0.20 runs a second, 6 min left"
    at(100, many, Counts(waiting=1_000_000))
    assert at(200, many, Counts(waiting=999_980, done=20)) == "0.20 runs a second, 1389 h left"
    assert at(101, many, Counts(waiting=998_500, done=1500)) == "1,500 runs a second, 11 min left"


def test_the_rate_of_a_study_is_not_that_of_the_one_before() -> None:
    now = [0.0]
    rate = Rate(lambda: now[0])
    rate.text(StudyProgress(Counts(waiting=64), 1))
    now[0] = 1000.0
    rate.text(StudyProgress(Counts(done=64), 1))
    rate.text(StudyProgress(Counts(waiting=30), 1))
    now[0] = 1010.0
    assert rate.text(StudyProgress(Counts(waiting=20, done=10), 1)) == "1.00 runs a second, 20 s left"


def test_the_rate_of_a_run_does_not_count_the_time_of_the_compiler() -> None:
    now = [0.0]
    rate = Rate(lambda: now[0])
    rate.text(RunProgress("compile", 0, 1, 0, 100, {}))
    now[0] = 60.0
    rate.text(RunProgress("run", 0, 1, 0, 100, {}))
    now[0] = 61.0
    assert rate.text(RunProgress("run", 0, 1, 50, 100, {})) == "50 weeks a second, 1 s left"


def test_every_display_shows_a_study_too() -> None:
    err, out = io.StringIO(), io.StringIO()
    counts = Counts(waiting=5, done=5, points=10, points_ended=5)
    PlainLines(err).show(StudyProgress(counts, 2))
    JsonLines(out).show(StudyProgress(counts, 2))
    Display().show(StudyProgress(counts, 2))
    assert err.getvalue() == " 50%  5 of 10 runs, 5 of 10 points, 2 workers\n"
    assert json.loads(out.getvalue())["done"] == 5


def test_a_series_of_runs_is_shown_with_its_rate_and_the_time_left() -> None:
    now, err = [0.0], io.StringIO()
    shown = PlainLines(err, lambda: now[0])
    for number in range(4):
        for week in range(101):
            shown.show(SeriesProgress(number, 4, RunProgress("run", 0, 1, week, 100, {})))
            now[0] += 0.01
    lines = err.getvalue().splitlines()
    assert 10 <= len(lines) <= 12
    assert lines[5].startswith(" 50%  run 2 of 4, week 100 of 100, ")
    assert lines[-1].endswith("s left")


def test_a_notebook_gets_a_bar_below_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    handle = types.SimpleNamespace(update=drawn.append)
    module = types.SimpleNamespace(HTML=str, display=lambda *_, **__: handle)
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    a_run(NotebookBar())
    assert len(drawn) < 10
    assert '<progress max="200" value="200"></progress> Writing the report · replicate 2 of 2' in drawn[-1]
