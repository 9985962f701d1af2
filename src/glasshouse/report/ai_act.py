"""The evidence sheet as a page: one section for each element of Article 5(1)(c), and never a verdict."""

from collections.abc import Callable

import numpy as np

from glasshouse.analysis.ai_act.elements import ELEMENTS
from glasshouse.analysis.ai_act.elements.element import Element
from glasshouse.analysis.ai_act.evidence import NOTICE, Evidence, Figure
from glasshouse.analysis.ai_act.relatedness import names
from glasshouse.model.agencies import AGENCY_NAMES, CONTEXT_NAMES
from glasshouse.report import ai_act_charts, charts
from glasshouse.report.html import details, escape, figure, section, table
from glasshouse.report.run.run_page import STYLE
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

WIDTHS = """
.evidence table { table-layout: fixed; min-width: 40rem; } .evidence th:nth-child(1) { width: 42%; }
.evidence th:nth-child(2) { width: 16%; } .evidence th:nth-child(4) { width: 5.5rem; }
.evidence td:nth-child(2), .evidence th:nth-child(2) { padding-right: 1.4rem; } .evidence .n { white-space: normal; }
details { margin-bottom: 1.2rem; } figcaption { min-height: 0; }
"""

COLUMNS = ("What is counted", "Figure", "Assumption it rests on", "§")


def evidence_page(evidence: Evidence) -> str:
    """The whole page as text."""
    scenario = evidence.scenario
    parts = "".join(section(_anchor(e), f"{e.letter}. {e.title}", _element(evidence, e)) for e in ELEMENTS)
    nav = "".join(f'<a href="#{_anchor(e)}">{escape(e.letter)}</a>' for e in ELEMENTS)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evidence sheet: {escape(scenario.title)} · Glasshouse</title><style>{STYLE}{WIDTHS}</style></head><body><main>"
        '<p class="kind">Glasshouse evidence sheet · Article 5(1)(c) of Regulation (EU) 2024/1689, social scoring</p>'
        f'<h1>{escape(scenario.title)}</h1><p class="note"><strong>No verdict.</strong> {escape(NOTICE)}</p>'
        f'{_what_was_done(evidence)}<nav aria-label="Elements">{nav}</nav>'
        f"{section('glance', 'The elements at a glance', _glance(evidence))}{parts}</main></body></html>\n"
    )


def shown(found: Estimate, unit: str) -> tuple[str, str]:
    """An estimate's mean and its interval in the unit that a reader expects: shares in per cent."""
    value, _, interval = (found.text(100, " %") if unit == "share" else found.text(1, "")).partition(" (")
    return value, f"({interval}" if interval else ""


def _anchor(element: Element) -> str:
    return f"element-{element.letter.lower()}"


def _what_was_done(evidence: Evidence) -> str:
    run, people = evidence.scenario.run, evidence.scenario.society.citizens
    times = "once" if run.replicates == 1 else f"{run.replicates} times, each with other people and other luck"
    interval = (
        "This is one replicate: there are no intervals. Run at least five before citing a figure (<code>--replicates 5</code>)."
        if run.replicates == 1
        else f"In brackets: 95 % intervals over {run.replicates} replicates. They hold the luck of a society, not the doubt "
        "about the assumptions; that takes a study over their prior ranges. Where few cases carry a share its interval can pass "
        "0 or 100 %: it is then not known from so few people and replicates."
    )
    return (
        f"<p>{people:,} synthetic citizens lived {run.weeks:,} weeks in several worlds with the same people and the same "
        "luck: under the regime, without any score that can restrict or reward, with each list seeing only its own "
        "agency's points, and with the data cut that the relatedness matrix rates unrelated, or unrelated and arguable. "
        f"This was done {times}. Counted are adults from the week in which the regime reaches their district.</p>"
        f"<p>{interval}</p><p>All of the elements A, B and C must come together (§149–150); within C, limb (i) or (ii) or both "
        "(§163–164, 168). Numbers after «§» are paragraphs of the Commission Guidelines on prohibited artificial "
        "intelligence practices, C(2025) 5052 final of 29 July 2025, section 4, told here in our words; compare them with "
        "the official text before relying on them. «ww» is a welfare-week: a week of the median citizen's welfare.</p>"
    )


def _glance(evidence: Evidence) -> str:
    rows = []
    for element in ELEMENTS:
        name, text = GLANCE.get(element.letter, ("", ""))
        if name:
            value, interval = shown(evidence.figure(name), "share" if text.startswith("of ") else "")
            said = f"<strong>{escape(value)}</strong> {escape(text)} <small>{escape(interval)}</small>"
        else:
            said = "this sheet" if element.letter == "E" else "declared, not measured"
        link = f'<a href="#{_anchor(element)}">{escape(element.letter)}. {escape(element.title)}</a>'
        rows.append((link, escape(element.asks), said, escape(element.paragraphs)))
    return table(("Element", "What is asked", "One figure of it", "§"), rows)


def _element(evidence: Evidence, element: Element) -> str:
    """One element: what is asked, what the scenario declares, the figures and, for some, a chart."""
    said = SAID.get(element.letter, _nothing)(evidence)
    rows = [_row(f) for f in evidence.figures if f.element.letter == element.letter]
    figures = f'<div class="evidence">{table(COLUMNS, rows, numbers=(1,))}</div>' if rows else ""
    drawn = DRAWN.get(element.letter, _nothing)(evidence)
    return f"<p><em>{escape(element.asks)}</em> (§{escape(element.paragraphs)})</p>{said}{figures}{drawn}"


def _row(found: Figure) -> tuple[str, ...]:
    question = found.question
    value, interval = shown(found.found, question.unit)
    unit = "" if question.unit in ("share", "ratio") else f"<br><small>{escape(question.unit)}</small>"
    return (
        f"{escape(question.title)}<br><small>{escape(question.counted)}</small>",
        f"<strong>{escape(value)}</strong><br><small>{escape(interval)}</small>{unit}",
        escape(question.assumption),
        escape(question.paragraphs),
    )


def _nothing(_: Evidence) -> str:
    return ""


def _declared(evidence: Evidence) -> str:
    about = evidence.scenario.about.strip() or "nothing more"
    return (
        "<p>Declared, not measured: a scenario has no field for who builds, sells or uses the system. It says of itself: "
        f"<q>{escape(evidence.scenario.title)}</q>, and: <q>{escape(about)}</q></p>"
    )


def _whom(_: Evidence) -> str:
    return (
        "<p>In the model every file and every list of an agency is about one natural person. Firms are listed too, by points of "
        "their own: their listing reaches people as employees. No group of persons is scored.</p>"
    )


def _scale(evidence: Evidence) -> str:
    settings = evidence.scenario.settings()
    marks = ", ".join(
        f"{context} at {mark:g}" for context, mark in zip(CONTEXT_NAMES, settings["lists", "threshold"], strict=True)
    )
    return (
        f"<p>The regime keeps a number of points in each of {len(AGENCY_NAMES)} files and from them a class in each of "
        f"{len(CONTEXT_NAMES)} contexts: restricted or not. Points that restrict: {escape(marks)}.</p>"
    )


def _capability(_: Evidence) -> str:
    return (
        "<p>Nothing but the score restricts in the model; where a scenario has listings reviewed, a human can dismiss one "
        "before it bites, in both worlds alike. What "
        "the figure lacks to 100 % are restrictions from before the regime, which run out. Whether the score "
        "<em>can</em> lead to the treatment under other settings is not measured here: it takes a study over the "
        "settings' ranges.</p>"
    )


def _alternative(evidence: Evidence) -> str:
    return (
        f"<p>Minor is an act whose harm is at most {evidence.minor:g} ww. <strong>A less harsh alternative:</strong> no study "
        "was given, so none is named here. Element D compares the regime with itself on related data alone.</p>"
    )


def _way_out(_: Evidence) -> str:
    return (
        "<p>Purpose, relevant data and basis in law are declarations. A scenario has no fields for them; what it says of its "
        "purpose stands under A, which data are relevant to which decision is the matter of the matrix under C-i, and a "
        "basis in law is not given. What can be measured is the same regime on related data alone.</p>"
    )


def _basis(evidence: Evidence) -> str:
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
        return "<p>Nobody has points on file: the score has no variance to share out.</p>"
    said = "; ".join(f"{row['label']}: {row['mean']:.1f} %" for row in rows)
    drawn = charts.svg(charts.intervals(rows, "share of the score's variance, %"), "basis")
    caption = "Hollow: records of what the person did. Filled: records that are wrong. Lines are 95 % intervals."
    return figure("What the score is made of", drawn, f"Share of the score's variance. {said}.", caption)


def _map(evidence: Evidence) -> str:
    drawn = charts.svg(ai_act_charts.data_map(evidence.flows), "map")
    caption = (
        "Sanction, in welfare-weeks per 1,000 adults and year, by the records it rested on when it was imposed (rows) and "
        "the context in which it hurts (columns). Solid outline: the file is rated unrelated to that decision. Dashed: "
        "arguable. No outline: related."
    )
    rows = [
        (escape(file), escape(context), escape(cell.rating), escape(cell.reason))
        for file, line in zip(AGENCY_NAMES, evidence.ratings.cells, strict=True)
        for context, cell in zip(CONTEXT_NAMES, line, strict=True)
    ]
    numbers = [
        (escape(ai_act_charts.row_label(f)), escape(f.context), escape(f.rating), escape(f.found.text(1, "")))
        for f in evidence.flows
    ]
    return (
        figure("Where data was born, and where it hurts", drawn, ai_act_charts.map_in_words(evidence.flows), caption)
        + details(
            "The map as a table, with intervals",
            table(("Records", "Decision in", "Rating", "ww per 1,000 adults and year"), numbers, numbers=(3,)),
        )
        + f"<h3>The relatedness matrix: {escape(evidence.ratings.title)}</h3><p>{escape(evidence.ratings.about)} It is a "
        "judgement, not a finding: copy it, change it, and give yours with <code>--relatedness FILE.toml</code>.</p>"
        + table(("File of", "Decision in", "Rating", "Reason"), rows)
    )


def _curve(evidence: Evidence) -> str:
    drawn = charts.svg(ai_act_charts.proportionality(evidence.curve), "curve")
    caption = (
        "Adults by the harm of their own acts, seen or unseen, over all their time under the regime. Hollow diamond: harm "
        "that they did. Filled dot: sanction that they suffered, with its 95 % interval."
    )
    return figure("Sanction against gravity", drawn, ai_act_charts.curve_in_words(evidence.curve), caption)


def _pack(evidence: Evidence) -> str:
    facts = evidence.provenance.facts()
    rows = [(escape(key.replace("_", " ")), f"<code>{escape(_plain(value))}</code>") for key, value in facts.items()]
    return (
        "<p>What a reader needs to check this sheet: the complete scenario below gives the same figures on any machine with "
        ""
        f"<code>{escape(_command(evidence))}</code>; beside the page lie every figure as Parquet and JSON. How the model "
        "works, its data and their sources, and every assumption with its range stand in the report that "
        "<code>glasshouse run</code> writes for the same scenario. The model has not been held against any real system.</p>"
        + table(("What", "Value"), rows)
        + details("The complete scenario", f'<pre tabindex="0">{escape(to_toml(evidence.scenario))}</pre>')
    )


def _command(evidence: Evidence) -> str:
    name = evidence.ratings.name if evidence.ratings.name in names() else f"{evidence.ratings.name}.toml"
    people = evidence.scenario.society.citizens
    return f"glasshouse assess scenario.toml --citizens {people} --relatedness {name} --minor {evidence.minor:g}"


def _plain(value: object) -> str:
    return ", ".join(f"{key} {text}" for key, text in value.items()) if isinstance(value, dict) else str(value)


Part = Callable[[Evidence], str]

SAID: dict[str, Part] = {
    "A": _declared,
    "B1": _whom,
    "B2": _scale,
    "C0": _capability,
    "C-ii": _alternative,
    "D": _way_out,
    "E": _pack,
}
"""What is said of an element before its figures."""

DRAWN: dict[str, Part] = {"B4": _basis, "C-i": _map, "C-ii": _curve}
"""What is drawn of an element below its figures."""
