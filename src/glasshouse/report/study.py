"""The page of a study: what it found, what that rests on, and every run, as one file that needs nothing but a browser.

Parts that others make (claims tested, boxes found) are handed over as ready HTML and take their place after the summary.
Maps, sensitivity and rankings are drawn of harms alone: no page tells which settings control people best.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from glasshouse import freezing, study
from glasshouse.design import Design
from glasshouse.errors import AnalysisError
from glasshouse.findings import Findings
from glasshouse.measure import Measure
from glasshouse.report import maps, methods, outcomes, parallel, runs, safeguards, sensitivity
from glasshouse.report.markup import details, escape, section, table
from glasshouse.report.outcomes import number, unit_of
from glasshouse.report.page import STYLE
from glasshouse.report.saving import save
from glasshouse.sensitivity import Method, Sensitivity, delta, morris, pawn, sobol
from glasshouse.sensitivity import noise as luck_share

OWN = """
@media (prefers-color-scheme: dark) {
  :root { --ink: #ecebe6; --soft: #b0afa8; --line: #45443f; --paper: #1b1b19; --tint: #282825; --regime: #ff8a4c; }
  figure div[role=img] { background: #fdfdfb; border-radius: .3rem; padding: .4rem; } a { color: #7cc0f2; }
  .parallel .brush { fill: #1c1c1a; stroke: #1c1c1a; }
}
blockquote { margin: .8rem 0; padding: .1rem 1rem; background: var(--tint); border-left: 4px solid var(--line); }
.frozen { font-size: .95rem; } figure div[role=img] { overflow-x: auto; }
figure svg { min-width: 30rem; } .charts figure svg { min-width: 25rem; }
#varied td:nth-child(2) { min-width: 13rem; } h3 + figcaption { min-height: 0; }
td code { white-space: nowrap; } th.n { white-space: normal; } nav a { display: inline-block; }
"""

DRAWN = 2
"""Harms of which maps and sensitivity are drawn."""
DELTA = 20_000
"""Points times factors up to which delta is computed beside PAWN, which is many times as fast."""


@dataclass(frozen=True)
class Ready:
    """A part that was made elsewhere: its name for links, its title, its HTML."""

    name: str
    title: str
    html: str


def write_study(findings: Findings, path: Path, ready: Sequence[Ready] = ()) -> None:
    """Writes the page as one self-contained HTML file, whole or not at all; StoringError if that fails."""
    save(page(findings, ready), path, "the page of the study")


def page(findings: Findings, ready: Sequence[Ready] = ()) -> str:
    """The whole page as text; AnalysisError where no run is done yet."""
    if not findings.counts.done:
        raise AnalysisError(f"No run of {findings.name} is done yet. Look: glasshouse study status {findings.name}")
    design = study.design_of(findings.definition, findings.parameters)
    harms = outcomes.harms(findings)
    claims = () if any(one.name == "claims" for one in ready) else (Ready("claims", "Claims", NO_CLAIMS),)
    parts = (
        *claims,
        *ready,
        Ready("changes", "What the regime changes", _changes(findings)),
        Ready("tradeoffs", "Control, governance and harm", _tradeoffs(findings, harms)),
        Ready("maps", "Where harm is large", _maps(findings, design, harms)),
        Ready("sensitivity", "What harm answers to", _sensitivity(findings, design, harms)),
        Ready("safeguards", "Safeguards, by the harm they avoid", _safeguards(findings, design, harms)),
        Ready("varied", "What was varied", methods.varied(findings.definition)),
        Ready("methods", "Methods", methods.section(findings)),
        Ready("runs", "Every run", runs.section(findings, harms or outcomes.kept(findings))),
        Ready("provenance", "Provenance", methods.sources(findings)),
    )
    nav = "".join(f'<a href="#{part.name}">{escape(part.title)}</a>' for part in parts)
    body = "".join(section(part.name, part.title, part.html) for part in parts)
    script = parallel.SCRIPT + runs.SCRIPT
    title = str(findings.definition["title"])
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} · Glasshouse</title><style>{STYLE}{parallel.STYLE}{runs.STYLE}{OWN}</style></head><body><main>"
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
    told, counts, mark = findings.definition, findings.counts, freezing.mark(findings.record)
    replicates, points = int(told["replicates"]), len(findings.parameters)
    times = f"{methods.times(replicates)} with other people and other luck" if replicates > 1 else "once"
    count = len(told["design"]["factors"])
    settings = "One setting was varied" if count == 1 else f"{count} settings were varied together"
    about = f"<p>{escape(told['about'])}</p>" if told["about"] else ""
    frozen = (
        f"This study was <strong>frozen before the first run on {escape(mark.date)}</strong> as "
        f"<code>{escape(mark.digest)}</code>."
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
    one = next(summary for summary in findings.summaries if summary.measure == measure.name)
    return f"{outcomes.DOES.get(measure, f'raises «{measure.title}»')} at {percent(one.positive)}"


def _picked(findings: Findings) -> list[type[Measure]]:
    """A measure of control, one of governance, and two harms, as far as they were kept and are defined somewhere."""
    defined = {one.measure for one in findings.summaries if one.points}
    found: list[type[Measure]] = []
    for group, most in ((outcomes.CONTROL, 1), (outcomes.GOVERNANCE, 1), (outcomes.FIRST, 2)):
        found += [measure for measure in group if measure.name in defined][:most]
    return found or [measure for measure in outcomes.kept(findings) if measure.name in defined][:3]


def _tiles(findings: Findings) -> str:
    """What the headline tells, in figures: the mean over points, and between what nine tenths of the points lie."""
    return f'<div class="tiles">{"".join(_tile(findings, measure) for measure in _picked(findings))}</div>'


def _tile(findings: Findings, measure: type[Measure]) -> str:
    one = next(summary for summary in findings.summaries if summary.measure == measure.name)
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
        one = next(summary for summary in findings.summaries if summary.measure == measure.name)
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
    return words + table(head, first, numbers=range(1, 8)) + whole + _strangers(findings)


def _strangers(findings: Findings) -> str:
    """The measures that the catalogue does not know: a plug-in's."""
    known = {measure.name for measure in outcomes.kept(findings)}
    rows = [
        (
            f"<code>{escape(one.measure)}</code>",
            *(f"{value:.4g}" for value in (one.mean, one.low, one.median, one.high)),
        )
        for one in findings.summaries
        if one.measure not in known
    ]
    head = ("Measure of a plug-in", "Mean", "5 %", "Median", "95 %")
    return table(head, rows, numbers=range(1, 5)) if rows else ""


def _tradeoffs(findings: Findings, harms: Sequence[type[Measure]]) -> str:
    """The parallel coordinates, if a harm and anything of the state were kept."""
    state = [
        (kind, measures[0])
        for kind, group in (("control", outcomes.CONTROL), ("governance", outcomes.GOVERNANCE))
        if (measures := outcomes.drawable(findings, group))
    ]
    if not state or not harms:
        return "<p>To show trade-offs a study keeps a harm and a measure of control or governance, defined at most points.</p>"
    chosen = [*state, *(("harm", harm) for harm in harms[:3])]
    means = {measure: findings.outputs(measure.name).mean(axis=1) for _, measure in chosen}
    known = np.isfinite(np.stack(list(means.values()))).all(axis=0)
    if known.sum() < 2:
        return "<p>At no two points are control or governance and harm defined together, so that no trade-off is drawn.</p>"
    axes = [
        parallel.Axis(
            measure.title, kind, means[measure][known] * outcomes.factor_of(measure), _short(measure),
            kind != "harm" and measure.better != "less",
        )
        for kind, measure in chosen
    ]  # fmt: skip
    return _left_out(~known) + parallel.parallel(axes, len(state), "para")


def _left_out(missing: np.ndarray) -> str:
    """How many points are not in a picture because an outcome is undefined there."""
    count = int(missing.sum())
    told = f"{count:,} of {len(missing):,} points are left out: an outcome is undefined there, or a run is not done."
    return f"<p>{told}</p>" if count else ""


def _short(measure: type[Measure]) -> str:
    """The unit on an axis."""
    return " ww" if measure.unit.startswith("ww ") else unit_of(measure)


def percent(share: float) -> str:
    """A share in per cent, or nothing for one that is unknown."""
    return "" if np.isnan(share) else f"{100 * share:.0f} %"


def _maps(findings: Findings, design: Design, harms: Sequence[type[Measure]]) -> str:
    """A map of the first harms over the two settings that each answers to most."""
    if len(design.factors) < 2 or design.kind in ("one-at-a-time", "morris") or not harms:
        return f"<p>{_why_no_map(design, harms)}</p>"
    drawn = []
    for place, harm in enumerate(harms[:DRAWN]):
        outcome = findings.outputs(harm.name).mean(axis=1)
        known = np.isfinite(outcome)
        here = replace(design, points=design.points[known])
        first, second = strongest(here, outcome[known])
        title = harm.title if harm.is_between() else f"{harm.title}, change made by the regime"
        figures = outcome[known] * outcomes.factor_of(harm)
        told = maps.drawn(here, (first, second), figures, title, unit_of(harm), f"map{place}")
        drawn.append(f"<div>{_left_out(~known)}{told}</div>")
    words = (
        "<p>Each map lays a harm over the two settings with the strongest rank correlation with it. Maps and rankings on this "
        "page are of harms alone.</p>"
    )
    return f'{words}<div class="charts">{"".join(drawn)}</div>'


def _why_no_map(design: Design, harms: Sequence[type[Measure]]) -> str:
    if not harms:
        return "No harm was kept that varies and is defined at most points, so that none is mapped."
    if len(design.factors) < 2:
        return "A map takes two settings that vary; this study has one."
    return f"A {escape(design.kind)} design moves one setting at a time and leaves the space between empty: there is no map."


def strongest(design: Design, outcome: np.ndarray) -> tuple[int, int]:
    """Places of the two factors whose ranks go most with the outcome's (points)."""
    from scipy.stats import rankdata

    ranks = rankdata(outcome)
    found = [
        abs(float(np.corrcoef(rankdata(column), ranks)[0, 1])) if np.ptp(column) > 0 else 0.0
        for column in design.points.T
    ]
    first, second = np.argsort(found)[::-1][:2]
    return int(first), int(second)


def methods_of(design: Design) -> tuple[Method, ...]:
    """The analyses that a design allows."""
    if design.kind in ("saltelli", "morris"):
        return ("sobol",) if design.kind == "saltelli" else ("morris",)
    if design.kind == "one-at-a-time":
        return ()
    return ("delta", "pawn") if design.points.size <= DELTA else ("pawn",)


CALLED: dict[Method, str] = {"sobol": "Sobol indices", "morris": "elementary effects", "delta": "delta", "pawn": "PAWN"}
ANALYSES = {"sobol": sobol, "morris": morris, "delta": delta, "pawn": pawn}


def _sensitivity(findings: Findings, design: Design, harms: Sequence[type[Measure]]) -> str:
    chosen = methods_of(design)
    if not chosen:
        return "<p>A one-at-a-time design gives no indices: it never varies two settings together. See the safeguards below.</p>"
    if not harms:
        return "<p>No harm was kept that varies and is defined at most points, so that there is nothing to analyse.</p>"
    drawn = []
    for place, harm in enumerate(harms[:DRAWN]):
        drawn.append('<div class="charts">')
        for method in chosen:
            try:
                found: Sensitivity = ANALYSES[method](design, findings.outputs(harm.name))
            except AnalysisError as error:
                drawn.append(f"<p>{escape(harm.title)}, {CALLED[method]}: {escape(str(error))}</p>")
                continue
            told = sensitivity.drawn(found, f"«{harm.title}» ({CALLED[method]})", f"sens{place}{method}")
            drawn.append(f"<div>{told}</div>")
        drawn.append("</div>")
    return "".join(drawn)


def _safeguards(findings: Findings, design: Design, harms: Sequence[type[Measure]]) -> str:
    chosen = [safeguards.Harm(harm, findings.outputs(harm.name)) for harm in harms[:4]]
    return safeguards.section(design, chosen, shared=bool(findings.definition["paired"]))
