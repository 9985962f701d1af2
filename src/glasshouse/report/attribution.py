"""The page that says which mechanisms decide between two regimes: sentence, charts and table."""

from pathlib import Path

import numpy as np

from glasshouse.analysis.attribution import INTERACTION, JUDGED, Contribution, Decision
from glasshouse.report import charts
from glasshouse.report.html import details, escape, figure, section, table
from glasshouse.report.run.run_page import STYLE
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic

POINTS = "percentage points"


def write_decision(decision: Decision, path: Path) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all; StoringError if that fails."""
    write_atomic(path, page(decision), "the page")


def page(decision: Decision) -> str:
    """The whole page as text."""
    first, second = decision.first, decision.second
    run = first.run
    body = "".join(
        (
            section("effects", "What each regime does", _effects(decision)),
            section("carried", "What each table carries of the difference", _charts(decision) + _table(decision)),
            section("scenarios", "The two scenarios", _scenarios(decision)),
        )
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What decides · Glasshouse</title><style>{STYLE}</style></head><body><main>"
        f'<p class="kind">Glasshouse: what decides between two regimes</p>'
        f"<h1>{escape(first.title)}, or {escape(second.title)}</h1>"
        f'<p class="headline">{escape(decision.sentence)}</p>'
        f"<p>Both regimes ran on the same {first.society.citizens:,} synthetic citizens for {run.weeks:,} weeks, against the "
        f"same reference world, with the same luck, {run.replicates} times. Then each table of settings in which they "
        "differ was put from the second regime into the first, and from the first into the second. What the figures move "
        "by, on average of both ways, is what the table carries. In brackets: 95 % intervals over replicates.</p>"
        '<p class="note"><strong>Nobody on this page exists.</strong> It says what follows from the assumptions of a '
        f"model, not what happened in any country.</p>{body}</main></body></html>\n"
    )


def _effects(decision: Decision) -> str:
    rows = [
        (
            f"{escape(measure.title)}<br><small>{escape(measure.formula)}</small>",
            *(escape(effect.text(100, "")) for effect in effects),
            escape(difference.text(100, "")),
        )
        for measure, effects, difference in zip(JUDGED, decision.effects, decision.differences, strict=True)
    ]
    head = (f"Effect of the regime, {POINTS}", decision.first.title, decision.second.title, "Difference")
    return table(head, rows, numbers=(1, 2, 3))


def _charts(decision: Decision) -> str:
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
        said = f"{measure.title}: " + "; ".join(f"{row['label']} {row['mean']:.2g}" for row in rows)
        drawn = charts.svg(charts.intervals(rows, POINTS, width=300), f"d{place}")
        found.append(figure(measure.title, drawn, said, "Filled: certainly not zero. Lines are 95 % intervals."))
    return f'<div class="charts">{"".join(found)}</div>'


def _table(decision: Decision) -> str:
    rows = [
        (_name(one), escape("; ".join(one.settings)), *(escape(part.text(100, "")) for part in one.parts))
        for one in decision.carried
    ]
    heads = (measure.title for measure in JUDGED)
    return f"<p>In {POINTS}:</p>" + table(("Table", "Settings that differ", *heads), rows, numbers=(2, 3))


def _name(one: Contribution) -> str:
    return "together alone" if one.table == INTERACTION else f"<code>{escape(one.table)}</code>"


def _scenarios(decision: Decision) -> str:
    return "".join(
        details(escape(scenario.title), f"<p>{escape(scenario.about)}</p><pre>{escape(to_toml(scenario))}</pre>")
        for scenario in (decision.first, decision.second)
    )
