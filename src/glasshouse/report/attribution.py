"""The page that says which mechanisms decide between two regimes: sentence, charts and table."""

from pathlib import Path

import numpy as np

from glasshouse.analysis.attribution import INTERACTION, JUDGED, Attribution, Contribution
from glasshouse.report import charts, templates
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic

POINTS = "percentage points"


def write_decision(decision: Attribution, path: Path) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    decision : Attribution
        What was found.
    path : Path
        Where the file goes; folders are created as needed.

    Raises
    ------
    StoringError
        If the file cannot be written.
    """
    write_atomic(path, page(decision), "the page")


def page(decision: Attribution) -> str:
    """The page of two regimes and what decides between them.

    Parameters
    ----------
    decision : Attribution
        What was found.

    Returns
    -------
    str
        The whole page.
    """
    return templates.page(
        "attribution.html",
        first=decision.first,
        second=decision.second,
        sentence=decision.sentence,
        points=POINTS,
        effects=_effects(decision),
        charts=_charts(decision),
        carried=_contributions(decision),
        sources=[to_toml(scenario) for scenario in (decision.first, decision.second)],
    )


def _effects(decision: Attribution) -> Table:
    rows = [
        (
            Cell(measure.title, measure.formula),
            *(effect.text(100, "") for effect in effects),
            difference.text(100, ""),
        )
        for measure, effects, difference in zip(JUDGED, decision.effects, decision.differences, strict=True)
    ]
    head = (f"Effect of the regime, {POINTS}", decision.first.title, decision.second.title, "Difference")
    return Table(head, rows, numbers=(1, 2, 3))


def _charts(decision: Attribution) -> list[Figure]:
    found = []
    for place, measure in enumerate(JUDGED):
        rows = []
        for one in decision.carried:
            part = one.parts[place]
            low, high = (part.mean if np.isnan(end) else end for end in (part.low, part.high))
            label, certain = one.table, low * high > 0.0
            rows.append(
                {"label": label, "mean": 100 * part.mean, "low": 100 * low, "high": 100 * high, "strong": certain}
            )
        alt = f"{measure.title}: " + "; ".join(f"{row['label']} {row['mean']:.2g}" for row in rows)
        drawn = charts.svg(charts.intervals(rows, POINTS, width=300), f"d{place}")
        found.append(Figure(measure.title, drawn, alt, "Filled: certainly not zero. Lines are 95 % intervals."))
    return found


def _contributions(decision: Attribution) -> Table:
    rows = [
        (_name(one), "; ".join(one.settings), *(part.text(100, "") for part in one.parts)) for one in decision.carried
    ]
    heads = (measure.title for measure in JUDGED)
    return Table(("Table", "Settings that differ", *heads), rows, numbers=(2, 3))


def _name(one: Contribution) -> str | Cell:
    return "together alone" if one.table == INTERACTION else Cell(one.table, style="code")
