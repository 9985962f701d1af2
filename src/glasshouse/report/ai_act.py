"""The evidence sheet as a page: one section for each element of Article 5(1)(c), and never a verdict."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glasshouse.analysis.ai_act import evidence as sheet
from glasshouse.analysis.ai_act.elements import ELEMENTS
from glasshouse.analysis.ai_act.elements.element import Element
from glasshouse.analysis.ai_act.evidence import NOTICE, Evidence
from glasshouse.analysis.ai_act.relatedness import names
from glasshouse.report import ai_act_charts, charts, templates
from glasshouse.report.elements import Cell, Figure, Table, paragraphs
from glasshouse.results.estimate import Estimate
from glasshouse.scenario.toml_text import to_toml

GLANCE = {
    "B1": ("on_file", "of adults have points on file at any moment"),
    "B2": ("information_share", "of the uncertainty about treatment a quarter later is removed by the score"),
    "B3": ("old_variance", "of the score's variance comes from events older than a year"),
    "B4": ("variance_wrongful", "of the score's variance comes from records that are wrong"),
    "C0": ("decisive", "of restrictions fall away when the score is neutral"),
    "C1": ("gap", "welfare-weeks lost to the score, an adult and year"),
    "C-i": ("leak", "of the sanction falls away when data rated unrelated are cut"),
    "C-ii": ("floor", "welfare-weeks a year of sanction on people who did no harmful act"),
    "D": ("related_sanction", "times the sanction, were only related data used"),
}
"""The figure of each element that the overview shows."""


@dataclass(frozen=True)
class _Glance:
    """The figure that stands for an element in the overview."""

    value: str
    interval: str
    text: str


@dataclass(frozen=True)
class _Row:
    """One figure of an element, in words."""

    question: Any
    value: str
    interval: str
    unit: str


@dataclass(frozen=True)
class _Part:
    """What the page shows of one element."""

    element: Element
    glance: _Glance | None
    figures: tuple[_Row, ...]
    chart: object

    @property
    def anchor(self) -> str:
        """What links call it."""
        return f"element-{self.element.letter.lower()}"


def evidence_page(evidence: Evidence) -> str:
    """The evidence sheet as a page.

    Parameters
    ----------
    evidence : Evidence
        The figures of every element.

    Returns
    -------
    str
        The whole page.
    """
    scenario, agencies = evidence.scenario, evidence.scenario.declared.complete
    facts = [
        (key.replace("_", " "), Cell(_plain(value), style="code")) for key, value in evidence.provenance.facts().items()
    ]
    return templates.page(
        "ai_act.html",
        scenario=scenario,
        run=scenario.run,
        notice=NOTICE,
        parts=[_part(evidence, element) for element in ELEMENTS],
        minor=evidence.minor,
        ratings=evidence.ratings,
        flows=_flows(evidence),
        rating_reasons=_ratings(evidence),
        agencies=agencies.names,
        contexts=agencies.contexts,
        thresholds=list(zip(agencies.contexts, scenario.settings()["lists", "threshold"], strict=True)),
        command=_command(evidence),
        facts=Table(("What", "Value"), facts),
        source=to_toml(scenario),
    )


def shown(found: Estimate, unit: str) -> tuple[str, str]:
    """An estimate's mean and its interval in the unit that a reader expects: shares in per cent.

    Parameters
    ----------
    found : Estimate
        The estimate.
    unit : str
        Its unit; of "share" both are multiplied by 100.

    Returns
    -------
    tuple of (str, str)
        The mean with its unit, and the interval in brackets.
    """
    value, _, interval = (found.text(100, " %") if unit == "share" else found.text(1, "")).partition(" (")
    return value, f"({interval}" if interval else ""


def _part(evidence: Evidence, element: Element) -> _Part:
    charts_of = {"B4": _basis, "C-i": _map, "C-ii": _curve}
    name, text = GLANCE.get(element.letter, ("", ""))
    glance = None
    if name:
        glance = _Glance(*shown(evidence.figure(name), "share" if text.startswith("of ") else ""), text)
    rows = tuple(_row(one) for one in evidence.figures if one.element.letter == element.letter)
    chart = charts_of[element.letter](evidence) if element.letter in charts_of else None
    return _Part(element, glance, rows, chart)


def _row(found: sheet.Figure) -> _Row:
    question = found.question
    unit = "" if question.unit in ("share", "ratio") else question.unit
    return _Row(question, *shown(found.found, question.unit), unit)


def _basis(evidence: Evidence) -> object:
    rows = []
    for found in evidence.figures:
        if found.question.name.startswith("variance_") and found.question.name != "variance_wrongful":
            mean, low, high = (100 * value for value in (found.found.mean, found.found.low, found.found.high))
            if np.isfinite(mean):
                rows.append(
                    {
                        "label": found.question.title.partition(": ")[2],
                        "mean": mean,
                        "low": mean if np.isnan(low) else low,
                        "high": mean if np.isnan(high) else high,
                        "strong": found.question.name.endswith(("misread", "mistaken")),
                    }
                )
    if not rows:
        return paragraphs("Nobody has points on file: the score has no variance to share out.")
    shares = "; ".join(f"{row['label']}: {row['mean']:.1f} %" for row in rows)
    drawn = charts.svg(charts.intervals(rows, "share of the score's variance, %"), "basis")
    caption = "Hollow: records of what the person did. Filled: records that are wrong. Lines are 95 % intervals."
    return Figure("What the score is made of", drawn, f"Share of the score's variance. {shares}.", caption)


def _map(evidence: Evidence) -> Figure:
    drawn = charts.svg(ai_act_charts.data_map(evidence.flows), "map")
    caption = (
        "Sanction, in welfare-weeks per 1,000 adults and year, by the records it rested on when it was imposed (rows) and "
        "the context in which it hurts (columns). Solid outline: the file is rated unrelated to that decision. Dashed: "
        "arguable. No outline: related."
    )
    return Figure("Where data was born, and where it hurts", drawn, ai_act_charts.map_in_words(evidence.flows), caption)


def _flows(evidence: Evidence) -> Table:
    rows = [(ai_act_charts.row_label(f), f.context, f.rating, f.found.text(1, "")) for f in evidence.flows]
    return Table(("Records", "Decision in", "Rating", "ww per 1,000 adults and year"), rows, numbers=(3,))


def _ratings(evidence: Evidence) -> Table:
    agencies = evidence.scenario.declared.complete
    rows = [
        (file, context, cell.rating, cell.reason)
        for file, line in zip(agencies.names, evidence.ratings.cells, strict=True)
        for context, cell in zip(agencies.contexts, line, strict=True)
    ]
    return Table(("File of", "Decision in", "Rating", "Reason"), rows)


def _curve(evidence: Evidence) -> Figure:
    drawn = charts.svg(ai_act_charts.proportionality(evidence.curve), "curve")
    caption = (
        "Adults by the harm of their own acts, seen or unseen, over all their time under the regime. Hollow diamond: harm "
        "that they did. Filled dot: sanction that they suffered, with its 95 % interval."
    )
    return Figure("Sanction against gravity", drawn, ai_act_charts.curve_in_words(evidence.curve), caption)


def _command(evidence: Evidence) -> str:
    name = evidence.ratings.name if evidence.ratings.name in names() else f"{evidence.ratings.name}.toml"
    people = evidence.scenario.society.citizens
    return f"glasshouse assess scenario.toml --citizens {people} --relatedness {name} --minor {evidence.minor:g}"


def _plain(value: object) -> str:
    return ", ".join(f"{key} {text}" for key, text in value.items()) if isinstance(value, dict) else str(value)
