"""Which display of progress is chosen, and how a caller receives progress."""

import io
import math
from typing import Any

import pytest

import glasshouse
from glasshouse._api import progress
from glasshouse._api.displays import Display, JsonLines, PlainLines, TerminalBar
from glasshouse._api.progress import display
from glasshouse.engine.progress import Progress, RunProgress

HEADLINE = {"listed": 0.04321, "protest in the regime": 12.0, "wrongly": math.nan}


def test_figures_leave_out_what_is_not_defined() -> None:
    assert RunProgress("run", 0, 1, 1, 2, HEADLINE).note == "listed 0.0432, protest in the regime 12"


def test_the_shown_fits_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, terminal = io.StringIO(), Terminal()
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(display(plain, terminal, quiet=False, json_lines=False), TerminalBar)
    assert isinstance(display(plain, plain, quiet=False, json_lines=False), PlainLines)
    assert isinstance(display(plain, terminal, quiet=False, json_lines=True), JsonLines)
    assert type(display(plain, terminal, quiet=True, json_lines=False)) is Display
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(display(plain, terminal, quiet=False, json_lines=False), PlainLines)


def test_true_shows_progress_and_a_callable_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Progress] = []

    class Recorder(Display):
        def show(self, progress: Progress) -> None:
            shown.append(progress)

    monkeypatch.setattr(progress, "display", lambda *_, **__: Recorder())
    size: dict[str, Any] = {"citizens": 300, "weeks": 20, "settings": {"run.start": 0, "run.rollout": 0}}
    glasshouse.run("social-governance", **size, replicates=1, threads=1, progress=True)
    assert shown[-1].done == shown[-1].total == 20
    with progress.progress_callback(print) as given:
        assert given is print
    with progress.progress_callback(False) as given:
        assert given is None
    with progress.progress_callback(True) as given:
        assert given is not None
