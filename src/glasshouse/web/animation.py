"""States of every citizen of a small population, week by week in both arms: what an animation shows as dots.

A finished run stores nothing about single citizens beyond the life courses in its report. An `AnimationRecorder`
observes one replicate and holds eight yes-or-no facts of each synthetic citizen and week.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine import run as engine
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.errors import RunningError
from glasshouse.model.agencies import MOST_AGENCIES, RESTRICTED
from glasshouse.model.entities import Population
from glasshouse.results.totals import ARMS
from glasshouse.scenario.scenario import Scenario

FACTS = ("on_file", "restricted", "wrongly", "problem", "complains", "protests", "afraid", "known")
"""What each bit means, the lowest first: a record is on file; restricted by some list; restricted, and not by the regime's own
rule on rightful records; has an open problem; complains; protests; would complain but for fear; the state knows of the
open problem."""

MAX_CITIZEN_WEEKS = 4_000_000
"""Citizens times weeks that an animation may have: it is held in memory, a byte each and arm."""


@dataclass(frozen=True)
class Animation:
    """States of every citizen in both arms.

    Attributes
    ----------
    states : ndarray of uint8, shape (arms, weeks, citizens)
        Bits of `FACTS`, in the reference and in the regime.
    districts, households : ndarray of int64, shape (citizens,)
        Where each citizen lives, and the first member of their household.
    adults : ndarray of bool, shape (citizens,)
        Who is 15 or older.
    ties : ndarray of int64, shape (ties, 2)
        Who knows whom, each pair once.
    """

    states: NDArray[np.uint8]
    districts: NDArray[np.int64]
    households: NDArray[np.int64]
    adults: NDArray[np.bool_]
    ties: NDArray[np.int64]

    def counts(self, fact: str) -> NDArray[np.int64]:
        """Adults of whom a fact is true.

        Parameters
        ----------
        fact : str
            One of `FACTS`.

        Returns
        -------
        ndarray of int64, shape (arms, weeks)
            Numbers of adults.
        """
        bit = 1 << FACTS.index(fact)
        return np.asarray(((self.states[:, :, self.adults] & bit) > 0).sum(axis=2))

    def so_far(self, fact: str, since: int) -> NDArray[np.int64]:
        """A fact of adults, accumulated from a week on.

        Of a record on file, adults who have one at the moment; of a restriction, adults who have been restricted so far; of a
        known problem, problems that became known; of anything else, weeks added up over adults.

        Parameters
        ----------
        fact : str
            One of `FACTS`.
        since : int
            The first week that counts.

        Returns
        -------
        ndarray of int64, shape (arms, weeks)
            The sums; zero before `since`.
        """
        bit = 1 << FACTS.index(fact)
        true = (self.states[:, :, self.adults] & bit) > 0
        fresh = true[:, since:]
        if fact == "known":
            before = np.zeros_like(true[:, :1]) if since == 0 else true[:, since - 1 : since]
            fresh = fresh & ~np.concatenate([before, fresh[:, :-1]], axis=1)
        if fact in ("restricted", "wrongly"):
            fresh = np.logical_or.accumulate(fresh, axis=1)
        found = np.zeros(true.shape[:2], np.int64)
        weekly = fresh.sum(axis=2)
        found[:, since:] = weekly if fact in ("on_file", "restricted", "wrongly") else weekly.cumsum(axis=1)
        return found


class AnimationRecorder:
    """Records the facts of every citizen while a replicate runs.

    Parameters
    ----------
    weeks : int
        Weeks of the run.
    """

    def __init__(self, weeks: int) -> None:
        self.weeks = weeks
        self.population: Population | None = None
        self.states: NDArray[np.uint8] = np.zeros((len(ARMS), 0, 0), np.uint8)

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Make room for the facts of every citizen and week.

        Parameters
        ----------
        population : Population
            The population of the replicate.
        layout : ModelLayout
            Memory layout of the states.
        """
        self.population = population
        self.states = np.zeros((len(ARMS), self.weeks, len(population.citizens)), np.uint8)

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Record the facts of a week.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of the arms.
        """
        for place, arm in enumerate(ARMS):
            self.states[place, week] = facts_of(arms[arm].citizens)

    def finish(self) -> None:
        """Nothing is left to do."""

    def animation(self) -> Animation:
        """Make the animation of the replicate that was recorded.

        Returns
        -------
        Animation
            States of every citizen in both arms.

        Raises
        ------
        RunningError
            If no week was recorded.
        """
        population = self.population
        if population is None:
            raise RunningError("No week was recorded. Run a scenario of one week or more.")
        districts = np.repeat(np.arange(len(population.districts)), population.districts["size"].astype(np.int64))
        people = np.arange(len(population.citizens))
        first = people - population.citizens["household_place"].astype(np.int64)
        whose = np.repeat(people, np.diff(population.tie_start))
        ties = np.stack([whose, population.ties.astype(np.int64)], axis=1)
        adults = population.citizens["adult"] > 0
        return Animation(self.states, districts, first, adults, ties[ties[:, 0] < ties[:, 1]])


def record(scenario: Scenario, *, threads: int | None = 1) -> Animation:
    """Run the first replicate of a scenario and record an animation of it.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    threads : int or None
        Processors to use.

    Returns
    -------
    Animation
        States of every citizen.

    Raises
    ------
    RunningError
        If the population and run are too large to hold; and whatever a run raises.
    """
    size = scenario.society.citizens * scenario.run.weeks
    if size > MAX_CITIZEN_WEEKS:
        raise RunningError(
            f"{scenario.society.citizens:,} citizens over {scenario.run.weeks:,} weeks are {size:,} states of a citizen, and "
            f"an animation holds {MAX_CITIZEN_WEEKS:,}. Take fewer citizens (society.citizens) or weeks (run.weeks)."
        )
    recorder = AnimationRecorder(scenario.run.weeks)
    engine.replay_first_replicate(scenario, recorder, threads=threads)
    return recorder.animation()


def facts_of(citizens: NDArray[np.void]) -> NDArray[np.uint8]:
    """The facts of each citizen of an arm.

    Parameters
    ----------
    citizens : structured ndarray, shape (n,)
        State records.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Bits of `FACTS`.
    """
    state, rule = (_any_restricted(citizens, name) for name in ("state", "rule_state"))
    problem = citizens["severity"] > 0
    silent = problem & ~citizens["complaint"] & (citizens["complaint_margin"] <= 0)
    unafraid = citizens["complaint_margin"] + citizens["complaint_fear"] * citizens["risk"] > 0
    facts: Sequence[NDArray[np.bool_]] = (
        citizens["on_file"] > 0,
        state,
        state & ~rule,
        problem,
        citizens["complaint"] > 0,
        citizens["protest"] > 0,
        silent & unafraid,
        problem & (citizens["known"] > 0),
    )
    found = np.zeros(len(citizens), np.uint8)
    for bit, fact in enumerate(facts):
        found |= fact.astype(np.uint8) << bit
    return found


def _any_restricted(citizens: NDArray[np.void], name: str) -> NDArray[np.bool_]:
    found = np.zeros(len(citizens), bool)
    for agency in range(MOST_AGENCIES):
        if f"{name}_{agency}" in (citizens.dtype.names or ()):
            found |= citizens[f"{name}_{agency}"] >= RESTRICTED
    return found
