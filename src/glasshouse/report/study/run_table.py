"""The table of every run of a study: its random seed, state, settings and first outcomes, and why it failed if it did."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from glasshouse.model.measure import Measure
from glasshouse.report.elements import Table
from glasshouse.report.study.outcomes import number
from glasshouse.report.templates import render
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Run

SHOWN = 200
"""Runs that the page holds; all of them are in an export."""
SETTINGS, OUTCOMES = 8, 4
"""Settings and outcomes that the table shows beside a run."""

UNFOLDED = 40
"""Runs up to which the table stands open."""


def section(findings: Findings, outcomes: Sequence[type[Measure]]) -> Markup:
    """States in words, failed runs with their errors, and the runs themselves; in a fold if there are many.

    Parameters
    ----------
    findings : Findings
        What the study found.
    outcomes : sequence of measures
        Those whose values may stand beside a run; the first few do.

    Returns
    -------
    markupsafe.Markup
        The section's content.
    """
    counts, entries = findings.counts, findings.entries
    states = (
        (counts.done, "done"),
        (counts.failed, "failed"),
        (counts.running, "running"),
        (counts.waiting, "waiting"),
    )
    failed = [run for run in entries if run.state == "failed"]
    return render(
        "study/run_table.html",
        name=findings.name,
        total=counts.total,
        states=[one for one in states if one[0]],
        runs=len(entries),
        shown=SHOWN,
        unfolded=UNFOLDED,
        failed=len(failed),
        failed_table=_failed(failed),
        run_table=_table(findings, entries[:SHOWN], outcomes[:OUTCOMES]),
    )


def _failed(failed: Sequence[Run]) -> Table:
    rows = [
        (f"{run.number:,}", f"{run.point:,}", f"{run.replicate:,}", run.error or "no reason is known")
        for run in failed[:SHOWN]
    ]
    return Table(("Run", "Point", "Replicate", "Why"), rows, numbers=(0, 1, 2))


def _table(findings: Findings, entries: Sequence[Run], outcomes: Sequence[type[Measure]]) -> Table:
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
        lead = (f"{run.number:,}", f"{run.point:,}", f"{run.replicate:,}", str(run.seed), run.state, seconds)
        rows.append((*lead, *(_plain(settings.get(key)) for key in keys), *figures))
    units = {"share": "%"}
    titles = [f"{measure.title}, {units.get(measure.unit, measure.unit)}" for measure in outcomes]
    head = ("Run", "Point", "Replicate", "Seed", "State", "Seconds", *keys, *titles)
    return Table(head, rows, numbers=[k for k in range(len(head)) if k != 4])


def _spread(column: Any) -> float:
    known = column[np.isfinite(column)]
    return float(np.ptp(known)) if len(known) else 0.0


def _plain(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
