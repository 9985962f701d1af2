"""A lesson as one page: guess, play with outcomes of runs that were made before, then what was published beside the model."""

import base64
import hashlib
import json
import tomllib
from collections.abc import Mapping
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
AUDITED = (100, 200, 390, 750, 1000, 1500, 2000, 3000, 4000)
"""Numbers of cases that the auditor of a lesson may look at."""
GROUP, RATE, REST = 0.235, 0.044, 0.022
"""Share of the group among cases, and how often it and the rest are refused wrongly, in the auditor's task."""


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
    words, capacities = texts[language], found["capacities"]
    chances = [(count, round(_chance(count), 3)) for count in AUDITED]
    script = Markup("\n").join((render("lesson/lesson.js"), ""))
    spoken = ("guess_unit", "guess_reveal", "tell_found", "tell_nothing", "tell_wrong", "tell_times")
    return templates.page(
        "lesson/lesson.html",
        language=language,
        words=words,
        capacities=list(capacities),
        compared=_compared(texts, capacities, language),
        audits=len(AUDITED),
        source=texts["source"],
        provenance=f"{found['scenario']}, Glasshouse {found['version']}, {found['citizens']:,} × {found['replicates']}",
        data=json.dumps({"outcomes": capacities, "power": chances, "words": {key: words[key] for key in spoken}}),
        script=script,
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _compared(texts: Mapping[str, Any], capacities: Mapping[str, Any], language: str) -> list[tuple[str, str, str]]:
    """How often somebody was found irregular: what was published, and what the model shows at the least capacity."""
    words, least = texts[language], next(iter(capacities.values()))
    rows = []
    for how, published in (
        ("score", f"{texts['published_score']:g}"),
        ("lot", f"{texts['published_lot']:g} ({texts['lot_low']:g}–{texts['lot_high']:g})"),
    ):
        share, low, high = least[how]["share"]
        row = (words[how], published, f"{share:g} ({low:g}–{high:g})")
        rows.append(tuple(text.replace(".", ",") for text in row) if language == "de" else row)
    return rows  # type: ignore[return-value]


def _chance(cases: int) -> float:
    return power(Comparison(cases, GROUP, RATE, REST), "fisher")
