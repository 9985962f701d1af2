"""Titles, texts and file names never reach a terminal with control or direction characters."""

import io
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from glasshouse._api.displays import PlainLines
from glasshouse._api.progress import display
from glasshouse.errors import GlasshouseError, ScenarioError
from glasshouse.terminal import EscapingStream, escaped, raw_stream

HOSTILE = "a\x1b[31m\x9b2J\u202eb\u2066c\x07\r"
BANNED = ("\x1b", "\x9b", "\u202e", "\u2066", "\x07", "\r")
SCENARIO = 'title = "A small regime"\n[run]\nweeks = 20\nstart = 5\n[society]\ncitizens = 20_000\n'


def progress(label: str) -> Any:
    """How far some work with hostile texts is."""
    texts = {"label": label, "detail": HOSTILE, "note": HOSTILE, "unit": "weeks"}
    return SimpleNamespace(done=1, total=2, **texts)


def harmless(text: str) -> bool:
    return not any(character in text for character in BANNED)


@pytest.mark.parametrize(
    "character", [chr(n) for n in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F))]
)
def test_control_and_direction_characters_are_spelled_out(character: str) -> None:
    assert escaped(f"a{character}b") == f"a{json.dumps(character)[1:-1]}b"


def test_other_characters_stay() -> None:
    text = "Größe 三 \u00a0\u202f “quoted”\t– 10 %\n🙂"
    assert escaped(text) == text


def test_a_line_of_json_stays_one() -> None:
    value = {"title": HOSTILE}
    assert json.loads(escaped(json.dumps(value, ensure_ascii=False))) == value


def test_messages_of_errors_are_harmless() -> None:
    assert harmless(str(GlasshouseError(HOSTILE)))
    assert str(ScenarioError("one", HOSTILE)).splitlines()[0] == "one"
    assert harmless(str(ScenarioError("one", HOSTILE)))


def test_a_stream_escapes_text_and_hands_out_no_way_around_it() -> None:
    below = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    stream = EscapingStream(below)
    print(HOSTILE, file=stream, flush=True)
    assert harmless(below.buffer.getvalue().decode())
    assert not hasattr(stream, "buffer")
    assert stream.encoding == "utf-8"
    assert raw_stream(stream) is below
    assert raw_stream(below) is below


def test_displays_are_harmless_and_a_bar_still_draws() -> None:
    told = io.StringIO()
    PlainLines(told).show(progress(HOSTILE))
    assert harmless(told.getvalue())

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    below = Terminal()
    with display(io.StringIO(), EscapingStream(below)) as shown:
        shown.show(progress("label"))
    if Console(file=below).is_terminal:
        assert "\x1b[" in below.getvalue()
    assert not any(character in below.getvalue() for character in ("\x9b", "\u202e", "\u2066", "\x07", "\x1b[31m"))


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_command_line_prints_no_such_character(encoding: str, tmp_path: Path) -> None:
    good, bad = tmp_path / f"{HOSTILE}.toml", tmp_path / f"{HOSTILE}2.toml"
    good.write_text(SCENARIO)
    bad.write_text(SCENARIO + "nonsense = 1\n")
    plugin = tmp_path / f"{HOSTILE}.py"
    plugin.write_text("x = 1\n")
    commands: list[list[str]] = [
        ["check", str(good)],
        ["check", str(bad)],
        ["check", str(tmp_path / f"{HOSTILE}none.toml")],
        ["check", "town", "--plugin", str(plugin)],
        ["check", "town", "--set", f"{HOSTILE}=1"],
        ["run", str(bad)],
        [HOSTILE],
    ]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "glasshouse", *command],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )
        text = (done.stdout + done.stderr).decode()
        assert harmless(text), (command, text)
        assert "\\u202e" in text, (command, text)


def test_warnings_are_sentences_and_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    from glasshouse.cli.main import _show_warning
    from glasshouse.errors import GlasshouseWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = _show_warning
        warnings.warn(GlasshouseWarning(f"A sentence {HOSTILE}."), stacklevel=1)
    said = capsys.readouterr().err
    assert said.startswith("A sentence a")
    assert harmless(said)
