"""The page of a study: what it found, what that rests on, and every run, as one file that needs nothing but a browser.

Parts that others make (claims tested, boxes found) are handed over as ready HTML and come first, below the headline.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glasshouse.analysis.screening import summaries
from glasshouse.analysis.sensitivity import noise as luck_share
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure
from glasshouse.report.html import details, escape, section, table
from glasshouse.report.run.run_page import STYLE
from glasshouse.report.study import exploration, methods, outcomes, parallel_coordinates, run_table
from glasshouse.report.study.outcomes import number, unit_of
from glasshouse.storage import write_atomic
from glasshouse.study import preregistration
from glasshouse.study.findings import Findings

OWN = """
@media (prefers-color-scheme: dark) {
  :root { --ink: #ecebe6; --soft: #b0afa8; --line: #45443f; --paper: #1b1b19; --tint: #282825; --regime: #ff8a4c; }
  figure div[role=img] { background: #fdfdfb; border-radius: .3rem; padding: .4rem; } a { color: #7cc0f2; }
  .parallel .brush { fill: #1c1c1a; stroke: #1c1c1a; }
}
blockquote { margin: .8rem 0; padding: .1rem 1rem; background: var(--tint); border-left: 4px solid var(--line); }
.frozen { font-size: .95rem; } figure div[role=img] { overflow-x: auto; }
figure svg { min-width: 30rem; } #maps figure svg { min-width: 0 !important; } .charts figure svg { min-width: 25rem; }
#varied td:nth-child(2) { min-width: 13rem; } h3 + figcaption { min-height: 0; }
td code { white-space: nowrap; } th.n { white-space: normal; } nav a { display: inline-block; }
"""


@dataclass(frozen=True)
class ReportSection:
    """A part that was made elsewhere: its name for links, its title, its HTML."""

    name: str
    title: str
    html: str


def write_study(findings: Findings, path: Path, ready: Sequence[ReportSection] = ()) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all; StoringError if that fails."""
    write_atomic(path, page(findings, ready), "the page of the study")


def page(findings: Findings, ready: Sequence[ReportSection] = ()) -> str:
    """The whole page as text; AnalysisError where no run is done yet."""
    if not findings.counts.done:
        raise AnalysisError(f"No run of {findings.name} is done yet. Look: glasshouse study status {findings.name}")
    design = findings.design
    harms = outcomes.harms(findings)
    claims = () if any(one.name == "claims" for one in ready) else (ReportSection("claims", "Claims", NO_CLAIMS),)
    parts = (
        *claims,
        *ready,
        ReportSection("changes", "What the regime changes", _changes(findings)),
        ReportSection("tradeoffs", "Control, governance and harm", exploration.tradeoffs(findings, harms)),
        ReportSection("maps", "Where harm is large", exploration.response_maps(findings, design, harms)),
        ReportSection("sensitivity", "What harm answers to", exploration.answers(findings, design, harms)),
        ReportSection(
            "safeguards", "Safeguards, by the harm they avoid", exploration.protection(findings, design, harms)
        ),
        ReportSection("varied", "What was varied", methods.varied(findings.definition)),
        ReportSection("methods", "Methods", methods.section(findings)),
        ReportSection("runs", "Every run", run_table.section(findings, harms or outcomes.kept(findings))),
        ReportSection("provenance", "Provenance", methods.sources(findings)),
    )
    nav = "".join(f'<a href="#{part.name}">{escape(part.title)}</a>' for part in parts)
    body = "".join(section(part.name, part.title, part.html) for part in parts)
    script = parallel_coordinates.SCRIPT + run_table.SCRIPT
    title = str(findings.definition["title"])
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} · Glasshouse</title><style>{STYLE}{parallel_coordinates.STYLE}{run_table.STYLE}{OWN}"
        "</style></head><body><main>"
        f'<p class="kind">Glasshouse: a study</p><h1>{escape(title)}</h1>{_lead(findings)}'
        f'<nav aria-label="Parts of this page">{nav}</nav>{body}</main><script>{script}</script></body></html>\n'
    )


NO_CLAIMS = "<p>No claim was tested in this study.</p>"


def _policy(script: str) -> str:
    """A policy under which the page can load nothing, send nothing and run its own script alone."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _lead(findings: Findings) -> str:
    """What was asked, the headline, and what to know before anything is believed."""
    told, counts, mark = findings.definition, findings.counts, preregistration.registration_of(findings.record)
    replicates, points = int(told["replicates"]), len(findings.parameters)
    times = f"{methods.times(replicates)} with other people and other luck" if replicates > 1 else "once"
    count = len(told["design"]["factors"])
    settings = "One setting was varied" if count == 1 else f"{count} settings were varied together"
    about = f"<p>{escape(told['about'])}</p>" if told["about"] else ""
    frozen = (
        f"This study was <strong>frozen before the first run on {escape(mark.date)}</strong> as "
        f"<code>{escape(mark.digest)}</code>: scenario, design, measures, claims and code were fixed then."
        if mark
        else "This study was <strong>not frozen</strong> before its first run: what it asks may have been chosen after a look."
    )
    unfinished = (
        f'<p class="note"><strong>{counts.total - counts.done:,} of {counts.total:,} runs are not done</strong> '
        f"({counts.failed:,} failed); this page knows the others alone.</p>"
        if counts.done < counts.total
        else ""
    )
    return (
        f"{about}<p>{settings} at <strong>{points:,} points</strong>, each "
        f"run {times}. Every run lived in two worlds with the same people and the same luck, with the regime and without it; "
        f'what differs is what the regime does.</p><p class="headline">{escape(headline(findings))}</p>'
        f"{_tiles(findings)}{unfinished}"
        f'<p class="frozen">{frozen}</p><p class="note"><strong>Nobody on this page exists.</strong> The citizens are drawn from '
        "published aggregates; the mechanisms are a model with assumptions. A result here says what follows from them over the "
        "ranges that were varied, not what happened in any country.</p>"
    )


def headline(findings: Findings) -> str:
    """What the regime changes over the points, in a sentence: control, governance and the first harms that were kept."""
    picked = _picked(findings)
    if not picked:
        return "No measure of this study is defined at any point."
    *most, last = [_does(findings, measure) for measure in picked]
    told = f"{', '.join(most)} and {last}" if most else last
    return f"Of {len(findings.parameters):,} points, the regime {told}."


def _does(findings: Findings, measure: type[Measure]) -> str:
    """«silences complaints at 97 %»."""
    one = next(summary for summary in summaries(findings) if summary.measure == measure.name)
    return f"{outcomes.DOES.get(measure, f'raises «{measure.title}»')} at {percent(one.positive)}"


def _picked(findings: Findings) -> list[type[Measure]]:
    """A measure of control, one of governance, and two harms, as far as they were kept and are defined somewhere."""
    defined = {one.measure for one in summaries(findings) if one.points}
    found: list[type[Measure]] = []
    for group, most in ((outcomes.CONTROL, 1), (outcomes.GOVERNANCE, 1), (outcomes.FIRST, 2)):
        found += [measure for measure in group if measure.name in defined][:most]
    return found or [measure for measure in outcomes.kept(findings) if measure.name in defined][:3]


def _tiles(findings: Findings) -> str:
    """What the headline tells, in figures: the mean over points, and between what nine tenths of the points lie."""
    return f'<div class="tiles">{"".join(_tile(findings, measure) for measure in _picked(findings))}</div>'


def _tile(findings: Findings, measure: type[Measure]) -> str:
    one = next(summary for summary in summaries(findings) if summary.measure == measure.name)
    spread = one.high - one.low or one.mean
    mean, low, high = (number(measure, value, spread) for value in (one.mean, one.low, one.high))
    sign = "+" if one.mean > 0 and not measure.is_between() else ""
    short, unit = (" %", "percentage points") if unit_of(measure) == " points" else (unit_of(measure), "")
    value = f"{sign}{mean}" if len(short) > 4 or unit else f"{sign}{mean}{short}"
    words = f"{measure.title}{f', {unit or short.strip()}' if len(short) > 4 or unit else ''}"
    return (
        f"<div><b>{escape(value)}</b><small>nine tenths of the points: {low} to {high}</small>"
        f"<span>{escape(words)}</span></div>"
    )


def _changes(findings: Findings) -> str:
    """Every measure over the points."""
    rows = []
    for measure in outcomes.kept(findings):
        one = next(summary for summary in summaries(findings) if summary.measure == measure.name)
        spread = one.high - one.low or one.mean
        numbers = [number(measure, value, spread) for value in (one.mean, one.low, one.median, one.high)]
        outputs = findings.outputs(measure.name)
        luck = luck_share(outputs[np.isfinite(outputs).all(axis=1)])
        name = f"{escape(measure.title)}<br><small>{escape(measure.name)},{escape(unit_of(measure))}</small>"
        shares = [percent(one.positive) if one.points else "", percent(luck)]
        rows.append((name, *numbers, *shares, f"{one.points:,}"))
    head = ("What the regime changes", "Mean", "5 %", "Median", "95 %", "Above nought at", "Luck", "Points")
    first = [row for row, measure in zip(rows, outcomes.kept(findings), strict=True) if measure in _picked(findings)]
    words = (
        "<p>Mean, quantiles and the share of points above nought are over the points of the study, each a mean over its "
        "replicates. «Luck» is the share of the variance over runs that lies between replicates of a point.</p>"
    )
    whole = details(f"All {len(rows)} measures", table(head, rows, numbers=range(1, 8)))
    return words + table(head, first, numbers=range(1, 8)) + whole + _strangers(findings) + _pairing(findings)


def _pairing(findings: Findings) -> str:
    """What it was worth to give both worlds of a run the same luck."""
    known = [found.mean for name in findings.measures if np.isfinite((found := findings.pairing(name)).mean)]
    if not known:
        return ""
    middle, best = (f"{float(np.quantile(known, share)):.2g}" for share in (0.5, 0.9))
    return (
        f"<p>Living both worlds of a run with the same luck was worth <strong>{middle} times the runs</strong> for the middle "
        f"one of {len(known)} measures, and {best} times or more for a tenth of them: with luck of its own in each world so many "
        "times as many runs would give the same intervals.</p>"
    )


def _strangers(findings: Findings) -> str:
    """The measures that the catalogue does not know: a plug-in's."""
    known = {measure.name for measure in outcomes.kept(findings)}
    rows = [
        (
            f"<code>{escape(one.measure)}</code>",
            *(f"{value:.4g}" for value in (one.mean, one.low, one.median, one.high)),
        )
        for one in summaries(findings)
        if one.measure not in known
    ]
    head = ("Measure of a plug-in", "Mean", "5 %", "Median", "95 %")
    return table(head, rows, numbers=range(1, 5)) if rows else ""


def percent(share: float) -> str:
    """A share in per cent, or nothing for one that is unknown."""
    return "" if np.isnan(share) else f"{100 * share:.0f} %"
