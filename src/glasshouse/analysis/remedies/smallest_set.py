"""The smallest set of safeguards that removes a share of a harm.

Sets are tried by size: every safeguard alone, every two together, and so on. A set is enough if the lower limit of what it
removes reaches the share, so that it does not get there by chance alone. Only safeguards are tried, each at its full strength,
and only harms to people are asked about: nothing here searches for rules that control anybody better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from glasshouse.analysis.remedies.harms import AVERTABLE
from glasshouse.analysis.remedies.outcomes import simulate
from glasshouse.analysis.remedies.remedy import SAFEGUARDS, Remedy, Treatment
from glasshouse.engine.progress import OnProgress
from glasshouse.errors import RunningError
from glasshouse.model.measure import Measure
from glasshouse.results.estimate import Estimate
from glasshouse.scenario.scenario import Scenario

LARGEST = 2
"""Most safeguards in a set by default: ten have 45 pairs, and each is a further arm to simulate."""


@dataclass(frozen=True)
class SetQuestion:
    """What is asked about sets of safeguards.

    Attributes
    ----------
    harm : type of Measure
        The harm.
    share : float
        The share of what the regime adds of it that is to be removed.
    week : int
        Week of the run from which the safeguards are in force.
    safeguards : tuple of str
        The safeguards that may be in a set.
    largest : int
        The most safeguards in a set.
    """

    harm: type[Measure]
    share: float
    week: int
    safeguards: tuple[str, ...] = SAFEGUARDS
    largest: int = LARGEST

    @property
    def runs(self) -> int:
        """Sets that are tried at most."""
        count = len(self.safeguards)
        return 1 + sum(len(list(combinations(range(count), size))) for size in range(1, min(self.largest, count) + 1))


@dataclass(frozen=True)
class SafeguardSet:
    """A set of safeguards that was tried.

    Attributes
    ----------
    safeguards : tuple of str
        What is in it.
    size : int
        How many they are.
    removed : Estimate
        The share of what the regime adds of the harm that it removes.
    enough : bool
        Whether it removes the share that was asked for: the lower limit does, or the figure where one replicate has none.
    """

    safeguards: tuple[str, ...]
    size: int
    removed: Estimate
    enough: bool


def smallest_sets(
    scenario: Scenario, question: SetQuestion, *, threads: int | None = None, progress: OnProgress | None = None
) -> tuple[SafeguardSet, ...]:
    """Try sets of safeguards by size, until one is enough.

    Parameters
    ----------
    scenario : Scenario
        The regime.
    question : SetQuestion
        What is asked.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    tuple of SafeguardSet
        All that were tried: by size, and within a size by what they remove. If all safeguards together are not enough, no
        smaller set is tried.

    Raises
    ------
    RunningError
        If the question is impossible, or the regime adds nothing of the harm; and whatever a run raises.
    """
    _check(question)

    def tried(sets: Sequence[tuple[str, ...]]) -> list[SafeguardSet]:
        treatments = {
            " + ".join(names): Treatment(tuple(Remedy.named(name) for name in names), question.week) for names in sets
        }
        paired = question.harm.is_between()
        found, _ = simulate(scenario, treatments, paired=paired, threads=threads, progress=progress)
        made = [_judged(names, found.share(question.harm, " + ".join(names)), question.share) for names in sets]
        return sorted(made, key=lambda one: -one.removed.mean)

    (everything,) = tried([question.safeguards])
    if np.isnan(everything.removed.mean):
        raise RunningError(
            f"{scenario.name}: the regime adds nothing of {question.harm.name}, so there is no share of it to remove."
        )
    found: list[SafeguardSet] = []
    if everything.enough:
        for size in range(1, min(question.largest, len(question.safeguards) - 1) + 1):
            found += tried(list(combinations(question.safeguards, size)))
            if any(one.enough for one in found):
                return (*found, everything)
    return (*found, everything)


def _judged(names: tuple[str, ...], removed: Estimate, share: float) -> SafeguardSet:
    reached = removed.mean if np.isnan(removed.low) else removed.low
    return SafeguardSet(names, len(names), removed, bool(reached >= share))


def _check(question: SetQuestion) -> None:
    """RunningError for what cannot be asked."""
    if question.harm not in AVERTABLE:
        raise RunningError(f"{question.harm.name} is no harm to people. Sets of safeguards are sought for harms alone.")
    unknown = [name for name in question.safeguards if name not in SAFEGUARDS]
    if unknown:
        raise RunningError(f"{', '.join(unknown)}: no such safeguard. Choose from {', '.join(SAFEGUARDS)}.")
    if not 0 < question.share <= 1:
        raise RunningError(f"share is {question.share}. Give a share above 0 and at most 1, such as 0.5.")
    if question.largest < 1:
        raise RunningError(f"largest is {question.largest}. Give 1 or more.")
