"""The page of a study: what it found, what that rests on, and every run, as one file that needs nothing but a browser.

Parts that others make (claims tested, boxes found) are handed over as ready HTML and come first, below the headline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from glasshouse.analysis.screening import summaries
from glasshouse.analysis.sensitivity import noise as within_point_variance
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.report import templates
from glasshouse.report.elements import Cell, Section, Table, paragraphs
from glasshouse.report.study import exploration, methods, outcomes, run_table
from glasshouse.report.study.outcomes import number, unit_of
from glasshouse.report.templates import render
from glasshouse.storage import write_atomic
from glasshouse.study import preregistration
from glasshouse.study.findings import Findings


@dataclass(frozen=True)
class Tile:
    """One figure of the overview: the mean over points, between what nine tenths of the points lie, and what it is."""

    value: str
    low: str
    high: str
    text: str


@dataclass(frozen=True)
class Pairing:
    """By what factor common random numbers reduced the variance of effects: median and ninth decile over measures."""

    measures: int
    median: str
    high: str


def write_study(findings: Findings, path: Path, ready: Sequence[Section] = ()) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    findings : Findings
        What the study found.
    path : Path
        Where the file goes; folders are created as needed.
    ready : sequence of Section, optional
        Sections that were made elsewhere; they come first.

    Raises
    ------
    StoringError
        If the file cannot be written.
    AnalysisError
        If no run is done yet.
    """
    write_atomic(path, page(findings, ready), "the page of the study")


def page(findings: Findings, ready: Sequence[Section] = ()) -> str:
    """The page of a study.

    Parameters
    ----------
    findings : Findings
        What the study found.
    ready : sequence of Section, optional
        Sections that were made elsewhere; they come first.

    Returns
    -------
    str
        The whole page.

    Raises
    ------
    AnalysisError
        If no run is done yet.
    """
    if not findings.counts.done:
        raise AnalysisError(f"No run of {findings.name} is done yet. Look: glasshouse study status {findings.name}")
    definition = findings.definition
    script = templates.script("study/brush.js", "study/sorting.js")
    return templates.page(
        "study/study.html",
        title=str(definition["title"]),
        definition=definition,
        counts=findings.counts,
        factors=len(definition["design"]["factors"]),
        points=len(findings.parameters),
        times=methods.times(int(definition["replicates"])),
        headline=headline(findings),
        tiles=[_tile(findings, measure) for measure in _picked(findings)],
        registration=preregistration.registration_of(findings.record),
        parts=_sections(findings, ready),
        script=script,
    )


NO_CLAIMS = "No claim was tested in this study."


def _sections(findings: Findings, ready: Sequence[Section]) -> tuple[Section, ...]:
    """All sections in their order; those that are `ready` come first, but for the claims, which lead."""
    design, harms = findings.design, outcomes.harms(findings)
    claims = () if any(one.name == "claims" for one in ready) else (Section("claims", "Claims", paragraphs(NO_CLAIMS)),)
    return (
        *claims,
        *ready,
        Section("changes", "What the regime changes", _changes(findings)),
        Section("tradeoffs", "Control, governance and harm", exploration.tradeoffs(findings, harms)),
        Section("maps", "Where harm is large", exploration.response_maps(findings, design, harms)),
        Section("sensitivity", "What harm depends on", exploration.answers(findings, design, harms)),
        Section("safeguards", "Safeguards, by the harm they avoid", exploration.protection(findings, design, harms)),
        Section("varied", "What was varied", methods.varied(findings.definition)),
        Section("methods", "Methods", methods.section(findings)),
        Section("runs", "Every run", run_table.section(findings, harms or outcomes.recorded_measures(findings))),
        Section("provenance", "Provenance", methods.sources(findings)),
    )


def headline(findings: Findings) -> str:
    """What the regime changes over the points, in a sentence: control, governance and the first harms that were kept.

    Parameters
    ----------
    findings : Findings
        What the study found.

    Returns
    -------
    str
        The sentence; it says so if no measure of the study is defined at any point.
    """
    picked = _picked(findings)
    if not picked:
        return "No measure of this study is defined at any point."
    chosen = {summary.measure: summary for summary in summaries(findings)}
    found, total = [chosen[measure.name] for measure in picked], len(findings.parameters)
    numbers = {one.points for one in found}
    effects = [
        f"{outcomes.DOES.get(measure, f'raises “{measure.title}”')} at {percent(one.positive)}"
        + (f" of {one.points:,}" if len(numbers) > 1 else "")
        for measure, one in zip(picked, found, strict=True)
    ]
    *most, last = effects
    text = f"{', '.join(most)} and {last}" if most else last
    if len(numbers) > 1:
        return f"Of the points that have a value, {total:,} at most, the regime {text}."
    (known,) = numbers
    missing = "" if known == total else f" that have a value ({total - known:,} of {total:,} have none)"
    return f"Of {known:,} points{missing}, the regime {text}."


def _picked(findings: Findings) -> list[type[Measure]]:
    """A measure of control, one of governance, and two harms, as far as they were kept and are defined somewhere."""
    defined = {one.measure for one in summaries(findings) if one.points}
    found: list[type[Measure]] = []
    for group, most in ((outcomes.CONTROL, 1), (outcomes.GOVERNANCE, 1), (outcomes.FIRST, 2)):
        found += [measure for measure in group if measure.name in defined][:most]
    return found or [measure for measure in outcomes.recorded_measures(findings) if measure.name in defined][:3]


def _tile(findings: Findings, measure: type[Measure]) -> Tile:
    one = next(summary for summary in summaries(findings) if summary.measure == measure.name)
    spread = one.high - one.low or one.mean
    mean, low, high = (number(measure, value, spread) for value in (one.mean, one.low, one.high))
    sign = "+" if one.mean > 0 and not measure.is_between() else ""
    short, unit = (" %", "percentage points") if unit_of(measure) == " points" else (unit_of(measure), "")
    value = f"{sign}{mean}" if len(short) > 4 or unit else f"{sign}{mean}{short}"
    words = f"{measure.title}{f', {unit or short.strip()}' if len(short) > 4 or unit else ''}"
    return Tile(value, low, high, words)


def _changes(findings: Findings) -> Markup:
    """Every measure over the points."""
    rows = []
    for measure in outcomes.recorded_measures(findings):
        one = next(summary for summary in summaries(findings) if summary.measure == measure.name)
        spread = one.high - one.low or one.mean
        numbers = [number(measure, value, spread) for value in (one.mean, one.low, one.median, one.high)]
        outputs = findings.outputs(measure.name)
        noise = within_point_variance(outputs[np.isfinite(outputs).all(axis=1)])
        shares = [percent(one.positive) if one.points else "", percent(noise)]
        name = Cell(measure.title, f"{measure.name},{unit_of(measure)}")
        rows.append(
            (
                name,
                *numbers,
                *shares,
                f"{one.points:,}"
                if one.points == len(findings.parameters)
                else f"{one.points:,} of {len(findings.parameters):,}",
            )
        )
    head = (
        "What the regime changes",
        "Mean",
        "5 %",
        "Median",
        "95 %",
        "Share of points with a positive effect",
        "Within-point variance",
        "Points",
    )
    first = [
        row
        for row, measure in zip(rows, outcomes.recorded_measures(findings), strict=True)
        if measure in _picked(findings)
    ]
    return render(
        "study/changes.html",
        first=Table(head, first, numbers=range(1, 8)),
        every=Table(head, rows, numbers=range(1, 8)),
        others=_of_plugins(findings),
        pairing=_pairing(findings),
    )


def _pairing(findings: Findings) -> Pairing | None:
    known = [found.mean for name in findings.measures if np.isfinite((found := findings.pairing(name)).mean)]
    if not known:
        return None
    median, high = (f"{float(np.quantile(known, share)):.2g}" for share in (0.5, 0.9))
    return Pairing(len(known), median, high)


def _of_plugins(findings: Findings) -> Table | None:
    """The measures that the catalogue does not know."""
    known = {measure.name for measure in outcomes.recorded_measures(findings)}
    rows = [
        (Cell(one.measure, style="code"), *(f"{value:.4g}" for value in (one.mean, one.low, one.median, one.high)))
        for one in summaries(findings)
        if one.measure not in known
    ]
    head = ("Measure of a plug-in", "Mean", "5 %", "Median", "95 %")
    return Table(head, rows, numbers=range(1, 5)) if rows else None


def _counted(points: int, total: int) -> str:
    """Points that have a value, and of how many where some have none."""
    return f"{points:,}" if points == total else f"{points:,} of {total:,}"


def percent(share: float) -> str:
    """A share in per cent, or nothing for one that is unknown.

    Parameters
    ----------
    share : float
        The share, 0 to 1; NaN if it is unknown.

    Returns
    -------
    str
        For instance “12 %”; empty if the share is unknown.
    """
    return "" if np.isnan(share) else f"{100 * share:.0f} %"
