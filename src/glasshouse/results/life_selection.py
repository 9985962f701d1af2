"""Selects exemplary citizens: for each outcome, the citizen of a sample with the largest difference between arms."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasshouse.model.measure import FloatArray
from glasshouse.results.life_course import Life, Trajectory, silenced
from glasshouse.results.life_narrative import UNREAL, apart, portrait, sentences
from glasshouse.scenario.scenario import Scenario


@dataclass(frozen=True)
class Exemplar:
    """An outcome for which one exemplary citizen is selected.

    Attributes
    ----------
    name, title : str
        Key and heading.
    why : str
        Why this citizen, as the end of a sentence.
    measure : callable
        Computes a figure for each citizen from the trajectories in both arms, NaN for those whom the outcome does not
        concern. The citizen with the largest is selected.
    """

    name: str
    title: str
    why: str
    measure: Callable[[Trajectory, Trajectory], FloatArray]


@dataclass(frozen=True)
class Lives:
    """Life courses of some citizens of a scenario's first replicate.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    selected : tuple of Life
        The life courses.
    sampled : int
        From how many citizens they were selected; 0 where a citizen was asked for.
    """

    scenario: Scenario
    selected: tuple[Life, ...]
    sampled: int

    def __str__(self) -> str:
        """What happens in each life course, in plain words.

        Returns
        -------
        str
            A text for each selected life course, with blank lines between them.
        """
        return "\n\n".join(_in_words(life) for life in self.selected)


def _some(found: FloatArray) -> FloatArray:
    """What is above zero; the rest is not concerned."""
    return np.where(found > 0, found, np.nan)


def _worse_off(figure: FloatArray, reference: Trajectory, regime: Trajectory) -> FloatArray:
    """What is above zero, of those whom the regime costs welfare: a harm that leaves someone better off is no example."""
    return np.where(_lost(reference, regime) > 0, _some(figure), np.nan)


def _wronged(reference: Trajectory, regime: Trajectory) -> FloatArray:
    weeks = regime.wronged.sum(axis=0) - reference.wronged.sum(axis=0).astype(float)
    return _worse_off(weeks, reference, regime)


def _silenced(reference: Trajectory, regime: Trajectory) -> FloatArray:
    unsaid = silenced(reference, regime).sum(axis=0) - silenced(regime, reference).sum(axis=0).astype(float)
    return np.where(reference.complaint.sum(axis=0) > regime.complaint.sum(axis=0), _some(unsaid), np.nan)


def _trapped(reference: Trajectory, regime: Trajectory) -> FloatArray:
    weeks = [(course.listed & course.indebted).sum(axis=0).astype(float) for course in (reference, regime)]
    return _worse_off(weeks[1] - weeks[0], reference, regime)


def _lost(reference: Trajectory, regime: Trajectory) -> FloatArray:
    return np.asarray(regime.of("hardship").sum(axis=0) - reference.of("hardship").sum(axis=0))


def _beside(reference: Trajectory, regime: Trajectory) -> FloatArray:
    free = ~(reference.listed | regime.listed).any(axis=0)
    return np.where(free, _some(_lost(reference, regime)), np.nan)


def _gained(reference: Trajectory, regime: Trajectory) -> FloatArray:
    return _some(-_lost(reference, regime))


def _untouched(reference: Trajectory, regime: Trajectory) -> FloatArray:
    same = ~apart(reference, regime).any(axis=0)
    problems = (np.diff(reference.problem.astype(int), axis=0) > 0).sum(axis=0)
    usual = np.median(problems) if problems.size else 0.0
    return np.where(same, -np.abs(problems - usual), np.nan)


EXEMPLARS = (
    Exemplar(
        "most-wronged",
        "Most wronged",
        "worse off under the regime, and by it restricted for the most weeks without cause by the regime's own rule",
        _wronged,
    ),
    Exemplar(
        "silenced",
        "Silenced",
        "complaining less under the regime, with the most complaints left unsaid about a problem that is open in both arms",
        _silenced,
    ),
    Exemplar(
        "trapped",
        "Trapped",
        "worse off under the regime, and by it restricted while in debt for the most weeks",
        _trapped,
    ),
    Exemplar("bystander", "Bystander", "never on a list and yet with the largest loss of welfare", _beside),
    Exemplar("gained", "Gained", "with the largest gain in welfare", _gained),
    Exemplar("untouched", "Untouched", "to whom the same things happen in both arms", _untouched),
)
"""The outcomes, in the order in which citizens are selected for them; no citizen is selected twice."""


def _in_words(life: Life) -> str:
    kind = next((f"{kind.title}: {kind.why}." for kind in EXEMPLARS if kind.name == life.kind), "")
    lines = [f"Citizen {life.citizen}. {UNREAL} {kind}".rstrip(), portrait(life.person), *sentences(life)]
    return "\n".join(lines)
