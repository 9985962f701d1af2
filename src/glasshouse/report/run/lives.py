"""Lives on a page: who it is, both worlds as a chart, where they part, and the same in figures."""

from collections.abc import Callable
from dataclasses import dataclass

from glasshouse.report.charts import svg
from glasshouse.report.html import details, escape, table
from glasshouse.report.run.lifelines import LEGEND, chart
from glasshouse.results.life_course import Life, Trajectory
from glasshouse.results.life_narrative import UNREAL, portrait, sentences, spells
from glasshouse.results.life_selection import EXEMPLARS, Lives
from glasshouse.results.result import Result

STYLE = """
.unreal { font-size: 1.22rem; font-weight: 700; border: 3px double var(--ink); padding: .55rem 1rem; margin: 1rem 0; }
.life { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.1rem; }
.life h3 { font-size: 1.1rem; } .life h3 small { font-weight: 400; color: var(--soft); }
.life details { border: 0; }
.life ul { margin: .6rem 0; padding-left: 1.2rem; }
"""


@dataclass(frozen=True)
class Total:
    """A figure of a life in one world."""

    title: str
    of: Callable[[Trajectory], float]
    decimals: int = 0


TOTALS = (
    Total("Problems", lambda course: len(spells(course.problem))),
    Total("Weeks with an open problem", lambda course: course.problem.sum()),
    Total("Complaints", lambda course: course.complaint.sum()),
    Total("Protests", lambda course: course.protest.sum()),
    Total("Weeks with rightful records", lambda course: course.recorded.sum()),
    Total("Weeks with false records", lambda course: course.falsely.sum()),
    Total("Weeks restricted", lambda course: course.listed.sum()),
    Total("Of these, without cause by the own rule", lambda course: course.wronged.sum()),
    Total("Weeks in debt", lambda course: course.indebted.sum()),
    Total("Highest fear of speaking, %", lambda course: 100 * course.of("risk").max()),
    Total("Welfare-weeks lost, net of rewards", lambda course: course.of("hardship").sum(), 1),
)


def section(result: Result) -> str:
    """A few telling lives of the first society, or why there are none."""
    if result.lives is None:
        return (
            "<p>The first replicate of this run was interrupted and went on from a checkpoint, and a run stores nothing "
            "about single citizens; so its lives are not told here. <code>glasshouse lives RESULTS</code>, with the folder "
            "of this report, makes them again.</p>"
        )
    return (
        f'<p class="unreal" role="note">{escape(UNREAL)} Nor does any other below.</p>'
        f"{_chosen(result.lives)}{_every(result.lives)}"
    )


def page(lives: Lives, style: str) -> str:
    """A page of its own for lives."""
    scenario = lives.scenario
    one = len(lives.selected) == 1
    title = f"{'A life' if one else 'Lives'} in both worlds"
    more = "" if one else " Nor does any other on this page."
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {escape(scenario.title)} · Glasshouse</title><style>{style}{STYLE}</style></head>"
        f'<body><main><p class="kind">Glasshouse · {escape(scenario.title)}, seed {scenario.run.seed}, first society</p>'
        f'<h1>{escape(title)}</h1><p class="unreal" role="note">{escape(UNREAL)}{more}</p>'
        "<p>The citizens are drawn from published aggregates, and what happens to them follows from a model with "
        f"assumptions.</p>{_chosen(lives)}{_every(lives)}</main></body></html>\n"
    )


def _chosen(lives: Lives) -> str:
    among = (
        f" Each was chosen among {lives.sampled:,} adults, taken at even distances from the first society, for one way in "
        "which two lives can part: such lives are telling, not typical."
        if lives.sampled
        else ""
    )
    return (
        "<p>The same synthetic person with the same luck lives once without the regime and once with it. A citizen is a "
        f"position in a list of synthetic people and has no name.{among}</p>"
        f'<p class="note">How to read the charts: {escape(LEGEND)}</p>'
    )


def _every(lives: Lives) -> str:
    run = lives.scenario.run
    start = run.start if 0 < run.start < run.weeks else 0
    return "".join(_article(life, start) for life in lives.selected)


def _article(life: Life, start: int) -> str:
    kind = next((kind for kind in EXEMPLARS if kind.name == life.kind), None)
    heading = f"{kind.title}: citizen {life.citizen:,}" if kind else f"Citizen {life.citizen:,}"
    why = f" <small>{escape(kind.why)}</small>" if kind else ""
    told = sentences(life)
    drawn = svg(chart(life, start), f"life{life.citizen}")
    said = f"Citizen {life.citizen} in both worlds over {len(life.regime.weeks)} weeks. {' '.join(told)}"
    return (
        f'<article class="life" id="citizen-{life.citizen}"><h3>{escape(heading)}{why}</h3>'
        f"<p>{escape(portrait(life.person))}</p>"
        f'<figure><div role="img" aria-label="{escape(said)}">{drawn}</div></figure>'
        f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in told)}</ul>{_totals(life)}</article>"
    )


def _totals(life: Life) -> str:
    rows = []
    for total in TOTALS:
        without, with_ = (float(total.of(course)) for course in life.trajectories.values())
        if without or with_:
            rows.append((escape(total.title), *(f"{value:,.{total.decimals}f}" for value in (without, with_))))
    return details(
        "In figures", table(("Over all weeks", "Without the regime", "With the regime"), rows, numbers=(1, 2))
    )
