"""The table of every run of a study: its luck, state, settings and first outcomes, and why it failed if it did."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.model.measure import Measure
from glasshouse.report.html import details, escape, table
from glasshouse.report.study.outcomes import number
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Run

SHOWN = 200
"""Runs that the page holds; all of them are in an export."""
SETTINGS, OUTCOMES = 8, 4
"""Settings and outcomes that the table shows beside a run."""

STYLE = """
.runs th button { font: inherit; background: none; border: 0; padding: 0; color: inherit; cursor: pointer; text-align: left; }
.runs th[aria-sort] button::after { content: ' ▲'; } .runs th[aria-sort=descending] button::after { content: ' ▼'; }
.runs .wide { max-height: 32rem; overflow: auto; } .runs thead th { position: sticky; top: 0; background: var(--paper); }
.runs th { white-space: nowrap !important; }
.runs label { font-size: .9rem; } .runs input { font: inherit; padding: .2rem .4rem; margin-left: .4rem; max-width: 100%; }
"""

SCRIPT = Path(__file__).with_name("sorting.js").read_text(encoding="utf-8")
"""What sorts a table by a click on its heading, and leaves the rows that hold some words."""


def section(findings: Findings, outcomes: Sequence[type[Measure]]) -> str:
    """States in words, failed runs with their errors, and the runs themselves; in a fold if there are many."""
    counts, entries = findings.counts, findings.entries
    states = [
        (counts.done, "done"),
        (counts.failed, "failed"),
        (counts.running, "running"),
        (counts.waiting, "waiting"),
    ]
    told = ", ".join(f"{count:,} {name}" for count, name in states if count)
    rest = f" The page holds the first {SHOWN:,}." if len(entries) > SHOWN else ""
    every = (
        f"{rest} Every run with every figure: <code>glasshouse study export {escape(findings.name)} runs.csv</code> "
        "(or <code>.parquet</code>)."
    )
    inner = f'<div class="runs">{_table(findings, entries[:SHOWN], outcomes[:OUTCOMES])}</div>'
    shown = inner if len(entries) <= 40 else details(f"{min(len(entries), SHOWN):,} runs", inner)
    return f"<p>Of {counts.total:,} runs: {told}.{every}</p>{_failed(entries)}{shown}"


def _failed(entries: Sequence[Run]) -> str:
    failed = [run for run in entries if run.state == "failed"]
    if not failed:
        return "<p>No run failed.</p>"
    rows = [
        (f"{run.number:,}", f"{run.point:,}", f"{run.replicate:,}", escape(run.error or "no reason is known"))
        for run in failed
    ]
    more = (
        f"<p>{len(failed) - SHOWN:,} more failed: <code>glasshouse study status</code>.</p>"
        if len(failed) > SHOWN
        else ""
    )
    words = "<p>These failed. No figure on this page has a part from them:</p>"
    return words + table(("Run", "Point", "Replicate", "Why"), rows[:SHOWN], numbers=(0, 1, 2)) + more


def _table(findings: Findings, entries: Sequence[Run], outcomes: Sequence[type[Measure]]) -> str:
    keys = [one["key"] for one in findings.definition["design"]["factors"]][:SETTINGS]
    rows_of = {int(run): row for row, run in enumerate(findings.figures.columns["run"])}
    columns = [(measure, findings.figures.columns[measure.name]) for measure in outcomes]
    spreads = [_spread(column) for _, column in columns]
    rows = []
    for run in entries:
        settings = findings.parameters[run.point]
        row = rows_of.get(run.number)
        figures = (
            "" if row is None else number(measure, float(column[row]), spread)
            for (measure, column), spread in zip(columns, spreads, strict=True)
        )
        seconds = "" if run.seconds is None else f"{run.seconds:.2f}"
        lead = (f"{run.number:,}", f"{run.point:,}", f"{run.replicate:,}", str(run.seed), escape(run.state), seconds)
        rows.append((*lead, *(escape(_plain(settings.get(key))) for key in keys), *figures))
    units = {"share": "%"}
    titles = [f"{measure.title}, {units.get(measure.unit, measure.unit)}" for measure in outcomes]
    head = ("Run", "Point", "Replicate", "Seed", "State", "Seconds", *keys, *titles)
    return table(head, rows, numbers=[k for k in range(len(head)) if k != 4])


def _spread(column: Any) -> float:
    known = column[np.isfinite(column)]
    return float(np.ptp(known)) if len(known) else 0.0


def _plain(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
