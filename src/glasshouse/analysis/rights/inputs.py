"""Which figures stand under each input: those of the run in both arms, and those of the evidence sheet under the regime."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from glasshouse.analysis.ai_act.evidence import Evidence
from glasshouse.analysis.harm_rates import Restricted, WrongRestrictions
from glasshouse.analysis.rights import measures
from glasshouse.analysis.rights.figures import Figure, figure
from glasshouse.model.measure import Measure
from glasshouse.model.measures.administration import Backlog
from glasshouse.model.measures.aftermath import HarmNotRefunded, RecognitionWait, RefundWait, VictimsRecognised
from glasshouse.model.measures.listing import ListedShare, Missed, WronglyListedShare
from glasshouse.model.measures.redress import AppealWait, AppealWin, RedressRight, RedressUse, Reviewed
from glasshouse.model.measures.score import Exposure, Scored, Views
from glasshouse.model.measures.welfare import Collateral
from glasshouse.results.groups import EVERYBODY, groupings
from glasshouse.results.result import Result

YEAR = 52

IN_BOTH_ARMS: Mapping[str, tuple[type[Measure], ...]] = {
    "a": (measures.RecordsMade, measures.Decisions, measures.Reviews, measures.Appeals, AppealWin),
    "b": (measures.RecordsMade, measures.Decisions, WrongRestrictions),
    "c": (Restricted, WrongRestrictions, ListedShare, Exposure, Views, Scored, Collateral),
    "d": (WronglyListedShare, Missed),
    "e": (measures.ReviewShare, Reviewed),
    "f": (
        RedressUse,
        RedressRight,
        AppealWin,
        AppealWait,
        measures.AppealsWaiting,
        Backlog,
        VictimsRecognised,
        RecognitionWait,
        RefundWait,
        HarmNotRefunded,
    ),
}
"""Measures of the run by input; harms stand under (d) by themselves."""

BY_GROUP = (Restricted, WrongRestrictions)
"""Measures that input (c) gives for each group."""

OF_EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "a": ("decisive", "imported", "wrong_decisive", "resting_on_unrelated"),
    "b": ("half_life", "half_life_court", "old_share", "months"),
    "c": ("on_file", "pass_through", "wrong_points_", "gap_"),
    "d": ("worse_off", "floor", "debt"),
    "e": (),
    "f": ("own_file_empty",),
}
"""Figures of the evidence sheet by input; a name that ends in an underscore stands for one of each group."""


def figures_of(letter: str, result: Result, evidence: Evidence) -> tuple[Figure, ...]:
    """The figures that stand under an input.

    Parameters
    ----------
    letter : str
        Letter of the input.
    result : Result
        The run.
    evidence : Evidence
        The evidence sheet of the same scenario.

    Returns
    -------
    tuple of Figure
        Those in both arms first; of the evidence sheet's there is the regime's alone.
    """
    chosen = [
        figure(result, measure, group)
        for measure in IN_BOTH_ARMS[letter]
        for group in (groupings(result.groups) if letter == "c" and measure in BY_GROUP else (EVERYBODY,))
    ]
    if letter == "b":
        chosen += over_time(result, IN_BOTH_ARMS[letter])
    return (*chosen, *_of_evidence(OF_EVIDENCE[letter], evidence, result.groups))


def over_time(result: Result, chosen: Sequence[type[Measure]]) -> list[Figure]:
    """Measures in the first and in the last year under the regime, since an average over all years hides the start.

    Parameters
    ----------
    result : Result
        The run.
    chosen : sequence of type of Measure
        What is counted.

    Returns
    -------
    list of Figure
        Nothing where the window of the run is shorter than two years.
    """
    first, last = result.window.start, result.window.stop
    if last - first < 2 * YEAR:
        return []
    parts = (("in the first year", first, first + YEAR), ("in the last year", last - YEAR, last))
    return [
        replace(one, title=f"{one.title}, {when}")
        for measure in chosen
        for when, begin, end in parts
        for one in (figure(result.within(begin, end), measure),)
    ]


def _of_evidence(names: Sequence[str], evidence: Evidence, groups: Sequence[str]) -> list[Figure]:
    """Figures of the evidence sheet by their names."""
    of_groups = [group.replace(" ", "_") for group in groups]
    wanted = [
        full for name in names for full in ([name + group for group in of_groups] if name.endswith("_") else [name])
    ]
    known = {one.question.name: one for one in evidence.figures}
    return [
        Figure(name, known[name].question.title, known[name].question.unit, EVERYBODY, {"regime": known[name].found})
        for name in wanted
        if name in known
    ]
