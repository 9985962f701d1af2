"""How far a run is, and how that is shown: a bar, lines, JSON or nothing."""

import io
import json
import math

import pytest
from rich.console import Console

import glasshouse
from glasshouse.cli.progress import BarScreen, JsonScreen, PlainScreen, Screen, Silence, choose, figures
from glasshouse.engine.progress import Progress, event
from glasshouse.report.charts import NAMES
from glasshouse.report.run.series import points
from glasshouse.results.time_series import SERIES

HEADLINE = {"listed": 0.04321, "protest in the regime": 12.0, "wrongly": math.nan}


def a_run(screen: Screen, replicates: int = 2, weeks: int = 100) -> None:
    """Tells a screen a whole run."""
    with screen:
        for replicate in range(replicates):
            screen(Progress("society", replicate, replicates, 0, weeks, {}))
            screen(Progress("compile", replicate, replicates, 0, weeks, {}))
            for week in range(1, weeks + 1):
                screen(Progress("run", replicate, replicates, week, weeks, HEADLINE))
        screen(Progress("report", replicates - 1, replicates, weeks, weeks, {}))


def test_the_share_grows_from_nought_to_one_over_all_replicates() -> None:
    assert Progress("society", 0, 4, 0, 50, {}).share == 0.0
    assert Progress("run", 1, 4, 25, 50, {}).share == pytest.approx(0.375)
    assert Progress("run", 3, 4, 50, 50, {}).share == 1.0
    assert Progress("report", 3, 4, 50, 50, {}).done == 200


def test_facts_are_json_though_a_figure_is_undefined() -> None:
    facts = Progress("run", 0, 1, 5, 10, HEADLINE, {"listed": (math.nan, 2.0)}).facts()
    assert json.loads(json.dumps(facts, allow_nan=False)) == {
        "stage": "run",
        "replicate": 0,
        "replicates": 1,
        "week": 5,
        "weeks": 10,
        "share": 0.5,
        "headline": {"listed": 0.04321, "protest in the regime": 12.0, "wrongly": None},
        "course": {"listed": [None, 2.0]},
    }


def test_the_course_of_both_worlds_is_that_of_the_report_at_the_same_week() -> None:
    """The page draws while it runs what the report draws when it is done."""
    told: list[Progress] = []
    settings = {"run.weeks": 52, "run.start": 0}
    result = glasshouse.run("town", citizens=300, settings=settings, progress=told.append)
    course = next(moment for moment in reversed(told) if moment.stage == "run").course
    assert list(course) == [series.name for series in SERIES]
    for series in SERIES:
        drawn = {row["world"]: row["mean"] for row in points(result, series)}
        found = dict(zip(NAMES, course[series.name], strict=True))
        assert {name: value for name, value in found.items() if math.isfinite(value)} == pytest.approx(drawn), (
            series.name
        )


def test_an_event_is_one_line_of_json() -> None:
    out = io.StringIO()
    event("result", {"headline": "two\nlines «and» quotes"}, out)
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue()) == {"event": "result", "headline": "two\nlines «and» quotes"}


def test_figures_leave_out_what_is_not_defined() -> None:
    assert figures(HEADLINE) == "listed 0.0432, protest in the regime 12"


def test_plain_lines_come_at_each_stage_and_about_every_tenth() -> None:
    err = io.StringIO()
    a_run(PlainScreen(err))
    lines = err.getvalue().splitlines()
    assert lines[:2] == ["Building the society", "Compiling (once)"]
    assert lines[-1] == "Writing the report"
    weeks = [line for line in lines if "week " in line]
    assert 10 <= len(weeks) <= 12
    assert weeks[5].startswith(" 50%  replicate 1 of 2, week 100 of 100, ")
    assert weeks[-1].startswith("100%  replicate 2 of 2, week 100 of 100, ")
    assert weeks[-1].endswith("; listed 0.0432, protest in the regime 12")


def test_a_slow_run_still_says_something_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("glasshouse.cli.progress.time.monotonic", lambda: now[0])
    err = io.StringIO()
    screen = PlainScreen(err)
    for week in range(1, 31):
        now[0] += 1.0
        screen(Progress("run", 0, 1, week, 10_000, {}))
    assert [line.split(",")[0] for line in err.getvalue().splitlines()] == [
        "  0%  week 1 of 10000",
        "  0%  week 11 of 10000",
        "  0%  week 21 of 10000",
    ]


def test_the_bar_shows_stage_weeks_time_left_and_figures() -> None:
    out = io.StringIO()
    screen = BarScreen(Console(file=out, force_terminal=True, width=120, height=20, legacy_windows=False))
    a_run(screen)
    text = out.getvalue()
    for expected in ("Writing the report", "replicate 2 of 2, week 100 of 100", "left", "listed 0.0432"):
        assert expected in text


def test_the_bar_fits_a_narrow_terminal_and_survives_a_failure() -> None:
    out = io.StringIO()
    screen = BarScreen(Console(file=out, force_terminal=True, width=40, height=10, legacy_windows=False))
    with pytest.raises(RuntimeError), screen:
        screen(Progress("run", 0, 1, 5, 10, HEADLINE))
        raise RuntimeError
    # The cursor is given back.
    assert out.getvalue().rstrip().endswith("\x1b[?25h")


def test_json_lines_are_each_an_object() -> None:
    out = io.StringIO()
    a_run(JsonScreen(out), replicates=1, weeks=3)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["stage"] for one in events] == ["society", "compile", "run", "run", "run", "report"]
    assert all(one["event"] == "progress" for one in events)


def test_the_screen_fits_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, terminal = io.StringIO(), Terminal()
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(choose(plain, terminal, quiet=False, json_lines=False), BarScreen)
    assert isinstance(choose(plain, plain, quiet=False, json_lines=False), PlainScreen)
    assert isinstance(choose(plain, terminal, quiet=False, json_lines=True), JsonScreen)
    assert type(choose(plain, terminal, quiet=True, json_lines=False)) is Silence
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(choose(plain, terminal, quiet=False, json_lines=False), PlainScreen)
