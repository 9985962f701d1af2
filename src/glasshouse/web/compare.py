"""Up to four finished runs side by side: what each regime changes, for whom, where, over time, and which claims hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from glasshouse.analysis import claims
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.judgement import Answer, judge
from glasshouse.engine.open_result import open_result
from glasshouse.errors import ScenarioError
from glasshouse.model.measure import Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.measures.governance import Cost, GovernanceSoon, Waiting
from glasshouse.model.measures.listing import ListedShare, UnlawfulShare, WronglyListedShare
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.model.measures.welfare import WelfareLost
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.run.report_data import MAPPED, ReportData, collect
from glasshouse.report.run.sections import changed, unit
from glasshouse.report.run.side_by_side import MAX_RUNS, Drawn, cited, course, districts, titles
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY, groupings
from glasshouse.results.result import Result
from glasshouse.web.runs import RESULT, Run

SHOWN: tuple[type[Measure], ...] = (
    ListedShare, WronglyListedShare, UnlawfulShare, WelfareLost, Chilling, Control, GovernanceSoon, Waiting, Cost,
)  # fmt: skip
"""What is compared first; the rest stands under it."""


@dataclass(frozen=True)
class Row:
    """One measure: its title, unit and source, and what each run's regime changes in it."""

    title: str
    unit: str
    explained: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ClaimByRun:
    """A claim tested in several runs: `cells` say of each whether it holds there, judged by the intervals of its figures."""

    claim: Claim
    cells: tuple[str, ...]


ANSWERS: dict[Answer, str] = {
    "holds": _("holds"),
    "fails": _("does not hold"),
    "open": _("open"),
    "undefined": _("undefined"),
}


@dataclass(frozen=True)
class Comparison:
    """What a page of a comparison shows.

    `same` says whether all runs have the same population and random seed, so that they differ by their regimes alone; `own` are
    claims that were written for the scenario of one of the runs, `others` the rest. `groups` are the groups of citizens that
    all runs have; `same_groups` says whether none has another.
    """

    titles: tuple[str, ...]
    same: bool
    group: str
    groups: tuple[str, ...]
    same_groups: bool
    first: tuple[Row, ...]
    rest: tuple[Row, ...]
    courses: tuple[Drawn, ...]
    mapped: type[Measure]
    map: Drawn
    own: tuple[ClaimByRun, ...]
    others: tuple[ClaimByRun, ...]


def compared(
    runs: Sequence[Run], group: str = EVERYBODY, mapped: str = ListedShare.name, words: Words = ENGLISH
) -> Comparison:
    """Compare finished runs for a group, with a map of one measure.

    Parameters
    ----------
    runs : sequence of Run
        The runs, from one to `MAX_RUNS`.
    group : str
        The group of citizens, one that all runs have.
    mapped : str
        Name of the measure on the map, one of `MAPPED`.
    words : Words, default English
        The language of what charts say.

    Returns
    -------
    Comparison
        What the page shows.

    Raises
    ------
    ScenarioError
        For too many runs, one that is not finished, or an unknown group or measure.
    """
    if not 1 <= len(runs) <= MAX_RUNS:
        raise ScenarioError(f"{len(runs)} runs cannot be compared. Choose one to {MAX_RUNS}.")
    where = {measure.name: measure for measure in MAPPED}
    if mapped not in where:
        raise ScenarioError(f"“{mapped}” has no value in a district. Choose one of: {', '.join(where)}.")
    for run in runs:
        if run.state != "finished":
            raise ScenarioError(f"The run {run.name} is not finished, and only what is finished can be compared.")
    results = tuple(_result(run.folder / RESULT) for run in runs)
    groups = groupings([one for one in results[0].groups if all(one in result.groups for result in results)])
    if group not in groups:
        raise ScenarioError(f"“{group}” is no group that all of these runs have. Choose one of: {', '.join(groups)}.")
    data = tuple(_data(run.folder / RESULT) for run in runs)
    bases = {run.base for run in runs}
    claims_by_run = tuple(_claim_by_run(claim, data) for claim in _claims())
    shown = [measure for measure in CATALOGUE if group == EVERYBODY or measure.by_group]
    return Comparison(
        titles=titles(data),
        same=len({_luck(result) for result in results}) == 1,
        group=group,
        groups=groups,
        same_groups=len({frozenset(result.groups) for result in results}) == 1,
        first=tuple(_row(measure, results, data, group) for measure in SHOWN if measure in shown),
        rest=tuple(_row(measure, results, data, group) for measure in shown if measure not in SHOWN),
        courses=tuple(
            cited(course(number, data, f"c{number}"), number, data, words) for number in range(len(data[0].series))
        ),
        mapped=where[mapped],
        map=districts(where[mapped], data, "map"),
        own=tuple(one for one in claims_by_run if one.claim.scenario.name in bases),
        others=tuple(one for one in claims_by_run if one.claim.scenario.name not in bases),
    )


@cache
def _claims() -> tuple[Claim, ...]:
    """Every shipped claim."""
    return tuple(claims.load(name) for name in claims.names())


def _claim_by_run(claim: Claim, results: Sequence[ReportData]) -> ClaimByRun:
    return ClaimByRun(claim, tuple(ANSWERS[judge(claim.expression, _figures(claim, result))] for result in results))


def _figures(claim: Claim, result: ReportData) -> dict[str, Estimate]:
    """What an expression names, in one result; undefined where the result lacks it."""
    known = {one.measure.name: one for one in result.measures}
    found = {}
    for name in claim.expression.names:
        measure, _dot, arm = name.partition(".")
        estimates = known.get(measure)
        one = None
        if estimates is not None:
            one = {"": estimates.effect, "reference": estimates.reference, "regime": estimates.regime}[arm]
        found[name] = Estimate(np.nan, np.nan, np.nan, 0) if one is None else one
    return found


@lru_cache(maxsize=MAX_RUNS)
def _result(folder: Path) -> Result:
    return open_result(folder)


@lru_cache(maxsize=MAX_RUNS)
def _data(folder: Path) -> ReportData:
    return collect(_result(folder))


def _luck(result: Result) -> tuple[object, ...]:
    run = result.scenario.run
    return (result.scenario.society.model_copy(update={"groups": ()}), run.seed, run.weeks, run.start, run.replicates)


def _row(measure: type[Measure], results: Sequence[Result], data: Sequence[ReportData], group: str) -> Row:
    effects = (
        one.of(measure).effect if group == EVERYBODY else result.effect(measure, group)
        for result, one in zip(results, data, strict=True)
    )
    return Row(measure.title, unit(measure), measure.formula, tuple(changed(measure, effect) for effect in effects))
