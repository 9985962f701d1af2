"""Lives on a page: who it is, both arms as a chart, where they differ, and the same in figures."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from glasshouse.report import templates
from glasshouse.report.charts import svg
from glasshouse.report.elements import Table
from glasshouse.report.run.lifelines import LEGEND, chart
from glasshouse.results.life_course import Life, Trajectory
from glasshouse.results.life_narrative import UNREAL, portrait, sentences, spells
from glasshouse.results.life_selection import EXEMPLARS, Lives


@dataclass(frozen=True)
class Total:
    """A figure of a life in one arm."""

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
    Total("Of these, undeserved by conduct", lambda course: course.undeserving.sum()),
    Total("Of these, unlawful", lambda course: course.unlawful.sum()),
    Total("Weeks in debt", lambda course: course.indebted.sum()),
    Total("Highest fear of speaking, %", lambda course: 100 * course.of("risk").max()),
    Total("Welfare-weeks lost, net of rewards", lambda course: course.of("hardship").sum(), 1),
)


@dataclass(frozen=True)
class LifeView:
    """What a page shows of one life.

    Attributes
    ----------
    citizen : int
        Place in the list of synthetic people.
    heading, why : str
        What the life is an example of, and how it was chosen.
    portrait : str
        Who it is.
    svg : markupsafe.Markup
        Both arms as a chart.
    alt : str
        The chart's text alternative.
    sentences : tuple of str
        Where the two arms differ.
    totals : Table
        The same in figures.
    """

    citizen: int
    heading: str
    why: str
    portrait: str
    svg: Markup
    alt: str
    sentences: tuple[str, ...]
    totals: Table


@dataclass(frozen=True)
class LivesView:
    """What a page shows of the lives of a run: the lives, how many they were chosen among, and how to read them."""

    lives: tuple[LifeView, ...]
    sampled: int
    unreal: str = UNREAL
    legend: str = LEGEND


def view(lives: Lives) -> LivesView:
    """Draws lives and puts them into words.

    Parameters
    ----------
    lives : Lives
        Lives of the first replicate of a run.

    Returns
    -------
    LivesView
        What `run/lives.html` shows.
    """
    run = lives.scenario.run
    start = run.start if 0 < run.start < run.weeks else 0
    return LivesView(tuple(_life(life, start) for life in lives.selected), lives.sampled)


def page(lives: Lives) -> str:
    """The page of lives alone.

    Parameters
    ----------
    lives : Lives
        Lives of the first replicate of a run.

    Returns
    -------
    str
        The whole page.
    """
    return templates.page(
        "run/lives_page.html", scenario=lives.scenario, lives=view(lives), one=len(lives.selected) == 1
    )


def _life(life: Life, start: int) -> LifeView:
    kind = next((kind for kind in EXEMPLARS if kind.name == life.kind), None)
    narrative = sentences(life)
    return LifeView(
        citizen=life.citizen,
        heading=f"{kind.title}: citizen {life.citizen:,}" if kind else f"Citizen {life.citizen:,}",
        why=kind.why if kind else "",
        portrait=portrait(life.person),
        svg=svg(chart(life, start), f"life{life.citizen}"),
        alt=f"Citizen {life.citizen} in both arms over {len(life.regime.weeks)} weeks. {' '.join(narrative)}",
        sentences=tuple(narrative),
        totals=_totals(life),
    )


def _totals(life: Life) -> Table:
    rows = []
    for total in TOTALS:
        without, with_ = (float(total.of(course)) for course in life.trajectories.values())
        if without or with_:
            rows.append((total.title, *(f"{value:,.{total.decimals}f}" for value in (without, with_))))
    return Table(("Over all weeks", "Without the regime", "With the regime"), rows, numbers=(1, 2))
