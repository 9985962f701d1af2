"""Scores the methods of auditors against the truth: power, false alarms, bias, coverage and cost."""

from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.audit.desk import Desk, Practice
from glasshouse.analysis.audit.methods import METHODS, Audits, Method
from glasshouse.analysis.audit.world import World
from glasshouse.errors import AnalysisError
from glasshouse.rng import derive

AUDITS = 10_000
"""Audits by each method from which its scores come, unless another number is given."""

ALARMS, COVERED, WRONG_WAY = 0.07, 0.93, 0.03
"""A method counts as misleading with more false alarms than the first, with intervals that hold the truth less often than
the second, or with more findings of the wrong direction than the third. Stated are 5, 95 and at most 2.5 %."""

FAULTS = ("false alarms", "intervals miss the truth", "points the wrong way")
"""The ways in which a method can mislead, as `Score.faults` names them."""


@dataclass(frozen=True)
class Question:
    """What is asked about a group.

    Attributes
    ----------
    group : str
        A declared group.
    times : float
        How many times as often its members are wrongly listed where power is computed.
    yardstick : str
        By what a listing is wrong.
    """

    group: str
    times: float = 2.0
    yardstick: str = "rule"


@dataclass(frozen=True)
class Score:
    """How one method fares with one question. Shares are of the simulated audits.

    Attributes
    ----------
    group, method : str
        The group that is asked about, and the name of the method.
    cases : int
        Cases that have to be examined.
    truth : float
        How many times as often a member of the group is wrongly listed as one of the rest, in the run.
    estimate : float
        Median of the estimates of it; NaN where most audits give none.
    covered : float
        Share of the 95 % intervals that hold the truth.
    worse, better : float
        Share of audits that find the group worse off, and better off.
    power : float
        Share that finds the group worse off where it is, `times` as often wrongly listed.
    wrong_way : float
        Share that finds it better off there.
    false_alarm : float
        Share that finds a difference where every group is wrongly listed equally often.
    """

    group: str
    method: str
    cases: int
    truth: float
    estimate: float
    covered: float
    worse: float
    better: float
    power: float
    wrong_way: float
    false_alarm: float

    @property
    def bias(self) -> float:
        """The median estimate over the truth; 1 is none."""
        return self.estimate / self.truth if self.truth > 0 else np.nan

    @property
    def faults(self) -> tuple[str, ...]:
        """In which ways the method misleads here; empty where it does not."""
        wrong = (self.false_alarm > ALARMS, self.covered < COVERED, self.wrong_way > WRONG_WAY)
        return tuple(text for text, is_wrong in zip(FAULTS, wrong, strict=True) if is_wrong)


def scores(world: World, question: Question, practice: Practice, *, audits: int = AUDITS, seed: int = 1) -> list[Score]:
    """Score every method with one question.

    Parameters
    ----------
    world : World
        The population as the run left it.
    question : Question
        What is asked.
    practice : Practice
        How audits are made.
    audits : int
        Audits by each method.
    seed : int
        Random seed of the audits.

    Returns
    -------
    list of Score
        One for each method, in the order of `METHODS`.

    Raises
    ------
    AnalysisError
        If so many are listed that the difference is impossible.
    """
    worlds = worlds_of(world, question)
    if not all(one.is_possible for one in worlds):
        raise AnalysisError(
            f"So many are listed that “{question.group}” cannot be wrongly listed {question.times:g} times as often as the rest: "
            "more of a group would be listed than there are. Ask about a smaller difference, or take another yardstick."
        )

    def done(method: Method, place: int) -> Audits:
        rng = np.random.Generator(np.random.Philox(derive(seed, "audit", question.group, method.name, place)))
        return method.audit(Desk(worlds[place], question.group, practice, rng, audits))

    truth = world.truth(question.group)
    return [
        _scored(question.group, method, practice, truth, [done(method, place) for place in range(len(worlds))])
        for method in METHODS
    ]


def worlds_of(world: World, question: Question) -> tuple[World, World, World]:
    """The populations in which a method is scored.

    Parameters
    ----------
    world : World
        The population as the run left it.
    question : Question
        What is asked.

    Returns
    -------
    tuple of World
        As it is, with the difference that is to be found, and without any.
    """
    return world, world.with_ratio(question.group, question.times), world.with_ratio(question.group, 1.0)


def _scored(group: str, method: Method, practice: Practice, truth: float, found: list[Audits]) -> Score:
    here, unequal, equal = found
    known = here.estimate[~np.isnan(here.estimate)]
    return Score(
        group=group,
        method=method.name,
        cases=practice.cases if method.examines else 0,
        truth=truth,
        estimate=float(np.median(known)) if 2 * len(known) > len(here.estimate) else np.nan,
        covered=float(((here.low <= truth) & (truth <= here.high)).mean()) if np.isfinite(truth) else np.nan,
        worse=float((here.finding > 0).mean()),
        better=float((here.finding < 0).mean()),
        power=float((unequal.finding > 0).mean()),
        wrong_way=float((unequal.finding < 0).mean()),
        false_alarm=float(equal.finds.mean()),
    )
