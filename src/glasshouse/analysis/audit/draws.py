"""Audits over the plausible space: how the scores of methods, and the least request, vary over draws from the priors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.audit.desk import Practice
from glasshouse.analysis.audit.least_requests import least_requests
from glasshouse.analysis.audit.power import MOST
from glasshouse.analysis.audit.scoring import Question, scores, worlds_of
from glasshouse.analysis.audit.simulation import cross_counts
from glasshouse.analysis.audit.world import World
from glasshouse.engine.progress import OnProgress
from glasshouse.model.measure import FloatArray
from glasshouse.scenario.scenario import Scenario

AUDITS = 1_000
"""Audits by each method in each draw."""

RANGE = (0.05, 0.5, 0.95)
"""Quantiles over draws that are given."""


@dataclass(frozen=True)
class Range:
    """A figure over draws from the priors.

    Attributes
    ----------
    group : str
        The group that is asked about.
    subject : str
        Name of the method, or kind of the request.
    figure : str
        `truth`, `power`, `false_alarm`, `covered` or `cases`.
    low, median, high : float
        5 %, 50 % and 95 % quantiles; infinite where a request would be larger than `power.MOST`.
    draws : int
        Draws in which the figure is defined.
    """

    group: str
    subject: str
    figure: str
    low: float
    median: float
    high: float
    draws: int


def over_draws(
    drawn: Sequence[Scenario],
    questions: Sequence[Question],
    practice: Practice,
    *,
    threads: int | None = None,
    progress: OnProgress | None = None,
) -> tuple[Range, ...]:
    """Audit every drawn scenario, and give the range of each figure.

    Parameters
    ----------
    drawn : sequence of Scenario
        The drawn scenarios.
    questions : sequence of Question
        What is asked of each.
    practice : Practice
        How audits are made.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    tuple of Range
        Ranges of the truth, of the scores of each method, and of the least requests.
    """
    found: dict[tuple[str, str, str], list[float]] = {}
    for place, scenario in enumerate(drawn):
        (counted,), _ = cross_counts(scenario, threads=threads, progress=progress, draw=(place, len(drawn)))
        for question in questions:
            for name, figure, value in _figures(World.of(counted, question.yardstick), question, practice, place):
                found.setdefault((question.group, name, figure), []).append(value)
    return tuple(_range(key, np.array(values)) for key, values in found.items())


def _figures(world: World, question: Question, practice: Practice, seed: int) -> list[tuple[str, str, float]]:
    """The figures of one draw, NaN where nobody is wrongly listed."""
    none = not np.isfinite(world.truth(question.group))
    made = [("", "truth", world.truth(question.group))]
    if not all(one.is_possible for one in worlds_of(world, question)):
        return made  # so many are listed that the difference to be found is impossible
    for score in scores(world, question, practice, audits=AUDITS, seed=seed):
        made += [
            (score.method, figure, np.nan if none else float(getattr(score, figure)))
            for figure in ("power", "false_alarm", "covered")
        ]
    for request in least_requests(world, question):
        made.append((request.kind, "cases", np.nan if none else float(request.cases or np.inf)))
    return made


def _range(key: tuple[str, str, str], values: FloatArray) -> Range:
    known = values[~np.isnan(values)]
    # Quantiles between infinite values are undefined: requests that are too large count as the largest until then.
    finite = np.minimum(known, MOST + 1)
    ends = np.quantile(finite, RANGE) if len(known) else np.full(len(RANGE), np.nan)
    low, median, high = (float(end) if not end > MOST else np.inf for end in ends)
    return Range(*key, low, median, high, len(known))
