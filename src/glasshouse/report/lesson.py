"""A lesson as one page: guess, play with outcomes of runs that were made before, then what was published beside the model."""

import base64
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

from glasshouse.analysis.audit.power import Comparison, power
from glasshouse.errors import AnalysisError
from glasshouse.report import templates
from glasshouse.report.templates import render
from glasshouse.storage import write_atomic

LANGUAGES = ("en", "de")
"""The languages of every lesson."""


def lessons() -> tuple[str, ...]:
    """Names of the lessons that ship.

    Returns
    -------
    tuple of str
        The names.
    """
    folder = files("glasshouse") / "library" / "lessons"
    return tuple(sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml")))


def lesson(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a lesson.

    Parameters
    ----------
    name : str
        One of `lessons`.

    Returns
    -------
    tuple of (dict, dict)
        Its texts and published figures, and the outcomes of the runs behind it.

    Raises
    ------
    AnalysisError
        If there is no such lesson.
    """
    if name not in lessons():
        raise AnalysisError(f"There is no lesson {name}. There are: {', '.join(lessons())}.")
    folder = files("glasshouse") / "library" / "lessons"
    texts = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    return texts, json.loads((folder / f"{name}-outcomes.json").read_text(encoding="utf-8"))


def write_lesson(name: str, path: Path, language: str = "en") -> None:
    """Write the page of a lesson as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    name : str
        The lesson.
    path : Path
        Where the file goes; folders are created as needed.
    language : str
        One of `LANGUAGES`.

    Raises
    ------
    AnalysisError
        If there is no such lesson.
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, lesson_page(name, language), "the lesson")


def lesson_page(name: str, language: str = "en") -> str:
    """The page of a lesson.

    Parameters
    ----------
    name : str
        The lesson.
    language : str
        One of `LANGUAGES`.

    Returns
    -------
    str
        The whole page.

    Raises
    ------
    AnalysisError
        If there is no such lesson.
    """
    texts, found = lesson(name)
    words, audit = texts[language], texts["audit"]
    chances = [
        (cases, round(power(Comparison(cases, audit["share"], audit["rate"], audit["rest"]), "fisher"), 3))
        for cases in audit["cases"]
    ]
    script = Markup("\n").join((render("lesson/lesson.js"), ""))
    carried = {
        "outcomes": found["outcomes"],
        "power": chances,
        "averaging": texts.get("averaging"),
        "words": {key: words[key] for key in ("guess_unit", "guess_reveal", "tell")},
    }
    return templates.page(
        "lesson/lesson.html",
        language=language,
        words=words,
        guess=texts["guess"],
        averaging=texts.get("averaging"),
        choices=list(found["outcomes"]),
        compared=_compared(texts, found["compared"], language),
        audits=len(chances),
        sources=texts["sources"],
        provenance=f"{found['scenario']}, Glasshouse {found['version']}, {found['citizens']:,} × {found['replicates']}",
        data=json.dumps(carried),
        script=script,
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _compared(
    texts: Mapping[str, Any], compared: Mapping[str, Sequence[float]], language: str
) -> list[tuple[str, str, str]]:
    """What was published beside what the model shows: the name of each figure, and both with their intervals."""
    rows = []
    for key, name in texts[language]["rows"].items():
        published, model = (_with_interval(values[key]) for values in (texts["published"], compared))
        rows.append((name, *((one.replace(".", ",") if language == "de" else one) for one in (published, model))))
    return rows


def _with_interval(values: Sequence[float]) -> str:
    """A value, and its interval where it has one."""
    value, *ends = (f"{one:g}" for one in values)
    return f"{value} ({'–'.join(ends)})" if ends else value
