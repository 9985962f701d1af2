"""Records the life courses of a sample of citizens while a replicate runs."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import fields
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import MOST_AGENCIES, THE_FOUR
from glasshouse.model.agency_sizes import agencies_of
from glasshouse.model.entities import Population
from glasshouse.results.life_course import KIN, UNDER, Life, Person, Trajectory
from glasshouse.results.life_selection import EXEMPLARS, Lives
from glasshouse.results.totals import ARMS, REFERENCE, REGIME
from glasshouse.scenario.scenario import Scenario

COLUMNS = (
    "problem_start", "severity", "complaint", "protest", "breach", "filed", "misfiled", "speech_filed", "debt", "hardship",
    "reward", "risk", "grievance", "appeal", "visited", "score",
)  # fmt: skip
"""Columns of a citizen that are recorded, where a mechanism of the scenario declares them."""
VECTORS = ("state", "rule_state", "due_state", "appeal")
"""Columns with one element for each context."""

MEMORY = 48 << 20
"""Most bytes of a sample."""
MAX_RECORDED = 1024
"""Most citizens of a sample."""


class LifeRecorder:
    """Records what happens to some citizens in the reference and the regime, week by week.

    Parameters
    ----------
    weeks : int
        Weeks of the run.
    citizens : sequence of int or None
        Whom to record, by position in the population. None: adults at even distances, as many as `MAX_RECORDED` and `MEMORY`
        allow, so that every run of a population records the same sample.

    Attributes
    ----------
    trace : dict of str to ndarray, shape (weeks, citizens)
        Records of each arm; there from `begin` on.
    """

    def __init__(self, weeks: int, citizens: Sequence[int] | None = None) -> None:
        self.weeks, self.wanted = weeks, citizens
        self.population: Population | None = None
        self.columns: list[str] = []
        self.agencies = THE_FOUR
        self.trace: dict[str, NDArray[np.void]] = {}
        self.citizens = self.districts = self.home = np.zeros(0, np.int64)
        self.others = np.zeros(0, bool)
        self.observed = 0

    @property
    def complete(self) -> bool:
        """Whether every week was observed; not so where a run was resumed from a checkpoint."""
        return self.observed == self.weeks

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Choose the citizens and make room for their records.

        Parameters
        ----------
        population : Population
            The population of the replicate.
        layout : ModelLayout
            The columns that mechanisms declare.
        """
        self.population = population
        self.columns = _columns(layout)
        self.agencies = agencies_of(layout.mechanisms)
        columns = [(name, fields(layout.state)[name]) for name in self.columns]
        record = np.dtype([*columns, (KIN, "u1"), (UNDER, "?")])
        if self.wanted is None:
            adults = np.flatnonzero(population.citizens["adult"])
            room = MEMORY // max(len(ARMS) * self.weeks * record.itemsize, 1)
            size = min(len(adults), MAX_RECORDED, max(room, 1))
            self.citizens = adults[np.arange(size) * len(adults) // max(size, 1)]
        else:
            self.citizens = np.array(self.wanted, np.int64)
        members, own = (
            population.citizens[name][self.citizens, None] for name in ("household_size", "household_place")
        )
        places = np.arange(int(members.max(initial=1)))
        self.others = (places < members) & (places != own)
        self.home = np.where(self.others, self.citizens[:, None] - own + places, self.citizens[:, None])
        first = population.districts["first"].astype(np.int64)
        self.districts = np.searchsorted(first, self.citizens, side="right") - 1
        self.trace = {arm: np.zeros((self.weeks, len(self.citizens)), record) for arm in ARMS}

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Record a week of both arms.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of the arms.
        """
        for arm, trace in self.trace.items():
            row, state = trace[week], arms[arm]
            recorded = state.citizens.take(self.citizens)
            for name in self.columns:
                row[name] = recorded[name]
            row[UNDER] = state.active_table[self.districts]
            if "contexts" in (state.citizens.dtype.names or ()):
                row[KIN] = ((state.citizens["contexts"][self.home] > 0) & self.others).sum(axis=1)
        self.observed += 1

    def finish(self) -> None:
        """Nothing is left to do."""

    def trajectories(self) -> dict[str, Trajectory]:
        """All recorded citizens in each arm.

        Returns
        -------
        dict of str to Trajectory
            By arm, a trajectory of shape (weeks, citizens).
        """
        return {arm: self._course(trace) for arm, trace in self.trace.items()}

    def _course(self, trace: NDArray[np.void]) -> Trajectory:
        return Trajectory(trace, self.agencies.contexts, self.agencies.kinds.names)

    def life(self, place: int, kind: str = "") -> Life:
        """The life of one recorded citizen.

        Parameters
        ----------
        place : int
            Position in the sample.
        kind : str
            Name of the `Exemplar` that the life is given for; empty where somebody asked for this citizen.

        Returns
        -------
        Life
            The citizen's traits and what happens to them in each arm.

        Raises
        ------
        IndexError
            If no replicate was recorded, or for a position outside the sample.
        """
        if self.population is None:
            raise IndexError("no week was recorded")
        citizen = int(self.citizens[place])
        trajectories = {arm: self._course(trace[:, place].copy()) for arm, trace in self.trace.items()}
        return Life(citizen, Person.of(self.population, citizen), trajectories, kind)


def select_lives(recorder: LifeRecorder, scenario: Scenario) -> Lives:
    """Select exemplary lives from a recorded sample: for each exemplar, the citizen with the largest measure.

    Parameters
    ----------
    recorder : LifeRecorder
        A sample of the first replicate's population.
    scenario : Scenario
        What was run.

    Returns
    -------
    Lives
        At most one life for each of `EXEMPLARS`; no citizen is selected twice.
    """
    trajectories = recorder.trajectories()
    selected: list[Life] = []
    taken = np.zeros(len(recorder.citizens), bool)
    for exemplar in EXEMPLARS:
        measured = np.where(taken, np.nan, exemplar.measure(trajectories[REFERENCE], trajectories[REGIME]))
        if np.isfinite(measured).any():
            place = int(np.nanargmax(measured))
            taken[place] = True
            selected.append(recorder.life(place, exemplar.name))
    return Lives(scenario, tuple(selected), len(recorder.citizens))


def _columns(layout: ModelLayout) -> list[str]:
    wanted = {*COLUMNS, *(f"{name}_{k}" for name in VECTORS for k in range(MOST_AGENCIES))}
    return [name for name in fields(layout.state) if name in wanted]
