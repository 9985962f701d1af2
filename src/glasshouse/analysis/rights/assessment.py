"""Runs a scenario for the inputs of a fundamental-rights impact assessment under Article 27 of Regulation (EU) 2024/1689.

Beside the runs of the evidence sheet there is a run of both arms, runs with other human oversight, and a run for each draw
from the prior ranges. Nothing here says whether a right is breached.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glasshouse.analysis.ai_act import assessment as ai_act
from glasshouse.analysis.ai_act import relatedness
from glasshouse.analysis.ai_act.relatedness import Relatedness
from glasshouse.analysis.harm_rates import Restricted, WrongRestrictions
from glasshouse.analysis.prior_draws import drawn_points, drawn_scenarios
from glasshouse.analysis.rights.figures import figure
from glasshouse.analysis.rights.harms import MARK, Harm, harms
from glasshouse.analysis.rights.inputs import figures_of, over_time
from glasshouse.analysis.rights.law import INPUTS
from glasshouse.analysis.rights.likelihood import Likelihood, added, likelihood
from glasshouse.analysis.rights.report import HarmFigures, RightsAssessment
from glasshouse.analysis.rights.sensitivity import Sensitivity, sensitivity
from glasshouse.engine import run as engine
from glasshouse.engine.progress import OnProgress, run_of_series
from glasshouse.errors import RunningError
from glasshouse.results.groups import EVERYBODY, groupings
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import Scenario, override

DRAWS = 20
"""Draws from the prior ranges, unless another number is given."""

OVERSIGHT: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("no decision is reviewed", {"safeguards.review": 0.0}),
    ("every decision is reviewed, as accurately as now", {"safeguards.review": 1.0}),
    ("every decision is reviewed, without an error", {"safeguards.review": 1.0, "safeguards.review_accuracy": 1.0}),
)
"""Other human oversight, under which harm is counted as well."""


@dataclass(frozen=True)
class RightsPlan:
    """How a scenario is assessed.

    Attributes
    ----------
    ratings : Relatedness
        Which data bear on which decision, for the evidence sheet.
    minor : float
        Harm in welfare-weeks up to which an act is minor, for the evidence sheet.
    draws : int
        Draws from the prior ranges; 0 for no likelihoods.
    mark : float
        The mark of harms that are counted for 100,000 adults.
    """

    ratings: Relatedness = field(default_factory=relatedness.load)
    minor: float = ai_act.MINOR
    draws: int = DRAWS
    mark: float = MARK


def plan_of(ratings: Relatedness, minor: float, options: Mapping[str, Any]) -> RightsPlan:
    """The plan that some keyword arguments describe.

    Parameters
    ----------
    ratings : Relatedness
        Which data bear on which decision.
    minor : float
        Harm in welfare-weeks up to which an act is minor.
    options : mapping of str to object
        `draws` and `mark`, each of which may be missing; others are not read.

    Returns
    -------
    RightsPlan
        The plan, with the usual value for what is missing.
    """
    return RightsPlan(ratings, minor, options.get("draws", DRAWS), options.get("mark", MARK))


def assess_rights(
    scenario: Scenario, plan: RightsPlan, *, threads: int | None = None, progress: OnProgress | None = None
) -> RightsAssessment:
    """Assess a scenario.

    Parameters
    ----------
    scenario : Scenario
        What to assess; it needs the mechanisms that the evidence sheet reads.
    plan : RightsPlan
        How.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    RightsAssessment
        Figures under each input, and harms with their likelihood.

    Raises
    ------
    RunningError
        If a number of the plan is impossible, or the scenario lacks a mechanism; and whatever a run raises.
    """
    if plan.draws < 0:
        raise RunningError(f"draws is {plan.draws}. Give 0 or more.")
    if not (math.isfinite(plan.mark) and plan.mark >= 0):
        raise RunningError(f"The mark is {plan.mark}. Give a number for {Restricted.unit}, 0 or more.")
    drawn = drawn_scenarios(scenario, plan.draws) if plan.draws else []
    others = [override(scenario, settings) for _, settings in OVERSIGHT]
    count = 2 + len(others) + len(drawn)

    def part(number: int) -> OnProgress | None:
        return run_of_series(progress, number, count)

    evidence = ai_act.assess(scenario, ratings=plan.ratings, minor=plan.minor, threads=threads, progress=part(0))
    result = engine.run(scenario, threads=threads, progress=part(1))
    oversight = [("as it is", figure(result, WrongRestrictions))]
    for place, (changed, _) in enumerate(OVERSIGHT):
        same = others[place].settings() == scenario.settings()
        other = result if same else engine.run(others[place], threads=threads, progress=part(2 + place))
        oversight.append((changed, figure(other, WrongRestrictions)))
    counted = harms(scenario.society.groups)
    values: list[list[float]] = [[] for _ in counted]
    for place, one in enumerate(drawn):
        found = engine.run(one, threads=threads, progress=part(2 + len(others) + place))
        for harm, mine in zip(counted, values, strict=True):
            mine.append(added(found, harm))
    return RightsAssessment(
        scenario=scenario,
        evidence=evidence,
        result=result,
        inputs={one.letter: figures_of(one.letter, result, evidence) for one in INPUTS},
        harms=_harms(result, counted, values, plan),
        oversight=tuple(oversight),
        draws=plan.draws,
        provenance=result.provenance,
    )


def _harms(
    result: Result, counted: Sequence[Harm], values: Sequence[Sequence[float]], plan: RightsPlan
) -> tuple[HarmFigures, ...]:
    """Each harm, with its likelihood and its sensitivity over the draws in which it has these values."""
    factors, points = drawn_points(result.scenario, plan.draws) if plan.draws else ((), np.empty((0, 0)))
    found = []
    for harm, mine in zip(counted, values, strict=True):
        likely = likelihood(mine, plan.mark if harm.mark is None else harm.mark)
        found.append(_harm(result, harm, likely, sensitivity(factors, points, mine)))
    return tuple(found)


def _harm(result: Result, harm: Harm, likely: Likelihood, depends: Sensitivity) -> HarmFigures:
    """What the runs say of one harm."""
    measure = harm.measure
    groups = groupings(result.groups) if measure.by_group else (EVERYBODY,)
    return HarmFigures(
        harm,
        tuple(figure(result, measure, group) for group in groups),
        tuple(over_time(result, (measure,))),
        tuple(figure(result, one) for one in harm.duration),
        tuple(figure(result, one) for one in harm.reversibility),
        likely,
        depends,
    )
