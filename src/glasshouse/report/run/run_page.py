"""The page as a whole: order, words around the parts, and style."""

from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.listing import ListedShare
from glasshouse.report.html import details, escape, section, table
from glasshouse.report.run import assumptions, did, lives, sections, side_by_side
from glasshouse.results.result import Result
from glasshouse.scenario.toml_text import to_toml

STYLE = """
:root { --ink: #1c1c1a; --soft: #5b5b57; --line: #d9d9d4; --paper: #fdfdfb; --tint: #f3f3ee; --regime: #c44500; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .6rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .5rem; border-top: 1px solid var(--line); padding-top: 1.2rem; }
h3 { font-size: 1rem; margin: 0; }
.kind { color: var(--soft); margin: 0; font-size: .95rem; }
.headline { font-size: 1.22rem; line-height: 1.45;
  border-left: 5px solid var(--regime); padding: .1rem 0 .1rem 1rem; margin: 1.2rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.2rem, 1fr)); gap: .8rem; margin: 1.4rem 0; }
.tiles div { background: var(--tint); padding: .8rem .9rem; border-radius: .3rem; }
.tiles b { display: block; font-size: 1.45rem; line-height: 1.2; white-space: nowrap; }
.tiles small { display: block; color: var(--soft); font-size: .82rem; }
.tiles span { display: block; font-size: .88rem; margin-top: .3rem; line-height: 1.35; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.8rem 2rem; }
figure { margin: 1rem 0 0; } .map.single { max-width: 26rem; }
figcaption { color: var(--soft); font-size: .88rem; margin: .1rem 0 .4rem; min-height: 2.6em; }
svg { width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; margin: .8rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td small { color: var(--soft); }
details { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .45rem 0; }
.note { background: var(--tint); border-radius: .3rem; padding: .8rem 1rem; font-size: .95rem; }
pre { font-size: .8rem; line-height: 1.45; overflow-x: auto; background: var(--tint); padding: .8rem 1rem; }
code { font-size: .92em; overflow-wrap: anywhere; }
nav { font-size: .92rem; } nav a { margin-right: 1rem; } a { color: #00558a; }
@media print { details > * { display: block; }
  .tiles div, .note { border: 1px solid var(--line); } figure { break-inside: avoid; } }
"""

FIELD = "What a study in the field would find"


def page(result: Result) -> str:
    """The whole page as text."""
    scenario, staggered = result.scenario, did.staggered(result)
    parts = (
        section("time", "The two worlds over time", sections.over_time(result)),
        section("places", "From district to district", _places(result)),
        section("claim", "Control, and the quality of governance", sections.control_and_governance(result)),
        *((section("field", FIELD, did.section(result)),) if staggered else ()),
        section("burden", "Who bears it", sections.who_bears_it(result)),
        section("lives", "Lives in both worlds", lives.section(result)),
        section("cost", "What it costs", sections.costs(result)),
        section("measures", "Every measure", sections.every_measure(result)),
        section("assumptions", "Assumptions and their sources", assumptions.section(scenario)),
        section("provenance", "Provenance", _provenance(result)),
    )
    links = (
        ("time", "Over time"),
        ("places", "Districts"),
        ("claim", "Control and governance"),
        *((("field", "In the field"),) if staggered else ()),
        ("burden", "Who bears it"),
        ("lives", "Lives"),
        ("cost", "Cost"),
        ("measures", "Every measure"),
        ("assumptions", "Assumptions"),
        ("provenance", "Provenance"),
    )
    nav = "".join(f'<a href="#{name}">{escape(text)}</a>' for name, text in links)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(scenario.title)} · Glasshouse</title><style>{STYLE}{lives.STYLE}</style></head><body><main>"
        f'<p class="kind">Glasshouse report</p><h1>{escape(scenario.title)}</h1>{_what_was_run(result)}'
        f'<p class="headline">{escape(result.headline)}</p>{_certainty(result)}{sections.figures(result)}'
        f'<nav aria-label="Parts of this page">{nav}</nav>{"".join(parts)}</main></body></html>\n'
    )


def _places(result: Result) -> str:
    """Where the regime restricts people, and where the state then solves less or more."""
    maps = "".join(
        f"<div>{side_by_side.mapped(measure, [result], f'm{number}')}</div>"
        for number, measure in enumerate((ListedShare, GovernanceSoon))
    )
    return (
        "<p>Each tile is a district of the first society, in the order in which districts stand there: a society has no other "
        f'geography. Orange is more, blue is less.</p><div class="charts">{maps}</div>'
    )


def _what_was_run(result: Result) -> str:
    scenario, run = result.scenario, result.scenario.run
    times = "once" if run.replicates == 1 else f"{run.replicates} times, each with other people and other luck"
    began = (
        f"for its first {run.start} weeks both live under reference conditions, then the regime begins in one of them"
        if 0 < run.start < run.weeks
        else "the regime is in force from the first week in one of them"
    )
    if 0 < run.change <= run.weeks:
        began += f"; from week {run.change} on it is another"
    if run.until:
        began += f"; in week {run.until} it has ended, and both live under reference conditions again"
    return (
        f"<p>{escape(scenario.about)}</p><p>A synthetic society of <strong>{scenario.society.citizens:,} citizens</strong> "
        f"lived <strong>{run.weeks:,} weeks in two worlds</strong> with the same people and the same luck: {began}. "
        f"This was done {times}. What differs between the worlds is what the regime does.</p>"
        '<p class="note"><strong>Nobody on this page exists.</strong> The citizens are drawn from published aggregates; '
        "the mechanisms are a model with assumptions, listed below. A result here says what follows from them, not what "
        "happened in any country.</p>"
    )


def _certainty(result: Result) -> str:
    if len(result.ledgers) == 1:
        return (
            "<p>This is one replicate: there is no interval, and a single society's luck may be behind any difference. "
            "Run at least five before citing a figure (<code>--replicates 5</code>).</p>"
        )
    return (
        f"<p>In brackets: 95 % intervals over {len(result.ledgers)} replicates. They hold the luck of a society, not the "
        "doubt about the assumptions; that takes a study over their prior ranges.</p>"
    )


def _provenance(result: Result) -> str:
    facts = result.provenance.facts()
    rows = [
        (escape(str(key).replace("_", " ")), f"<code>{escape(_plain(value))}</code>") for key, value in facts.items()
    ]
    joined = result.provenance.plugins
    plugins = " and the same plug-ins" if joined else ""
    named = "".join(f" --plugin {escape(one.name)}" for one in joined if not one.version)
    return (
        f"<p>The complete scenario below, with the same version of Glasshouse{plugins}, gives the same bytes on any machine "
        "and any number of threads: save it as <code>scenario.toml</code> and run "
        f"<code>glasshouse run scenario.toml{named}</code>.</p>"
        f"{table(('What', 'Value'), rows)}{_files(result)}"
    )


def _files(result: Result) -> str:
    """The scenario as it was run, and the files that it was made from with their authors' reasons."""
    folds = [details("The complete scenario as it was run", _source(to_toml(result.scenario)))]
    folds += [
        details(f"{escape(source.label)}: as written, with the reason for each value", _source(source.text))
        for source in result.scenario.sources
        if source.text
    ]
    return "".join(folds)


def _source(text: str) -> str:
    return f'<pre tabindex="0">{escape(text)}</pre>'


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {text}" for key, text in value.items() if text)
    if isinstance(value, tuple):
        return "; ".join(map(_plain, value)) or "none"
    return str(value)
