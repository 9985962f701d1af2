"""Records the life courses of a sample of citizens while a replicate runs."""

from collections.abc import Sequence

import numpy as np

from glasshouse.engine.compiler.layout import ModelLayout, fields
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES
from glasshouse.model.entities import Society
from glasshouse.results.life_course import KIN, UNDER, Life, Person, Trajectory
from glasshouse.results.life_selection import EXEMPLARS, Lives
from glasshouse.scenario.scenario import Scenario

COLUMNS = (
    "problem_start", "severity", "complaint", "protest", "breach", "filed", "misfiled", "speech_filed", "debt", "hardship",
    "reward", "risk", "grievance", "appeal", "visited", "score",
)  # fmt: skip
"""Columns of a citizen that a life holds, where the mechanisms of a scenario keep them."""
VECTORS = ("state", "rule_state", "due_state", "appeal")
"""Columns with an element for each context."""

MEMORY = 48 << 20
"""Bytes that a sample may take."""
MOST = 1024
"""Citizens of a sample at most."""


class Recorder:
    """Looks on while a replicate runs and keeps what happens to some citizens in both worlds.

    Given no `citizens`, it takes adults at even distances, as many as `MOST` and `MEMORY` allow, so that a society's
    sample is the same in every run of it.
    """

    def __init__(self, layout: ModelLayout, weeks: int, citizens: Sequence[int] | None = None) -> None:
        self.layout, self.weeks = layout, weeks
        self.columns = _columns(layout)
        columns = [(name, fields(layout.state)[name]) for name in self.columns]
        self.record_type = np.dtype([*columns, (KIN, "u1"), (UNDER, "?")])
        self.wanted = citizens
        self.society: Society | None = None
        self.citizens = self.districts = self.home = np.zeros(0, np.int64)
        self.others = np.zeros(0, bool)
        self.trace = np.zeros((2, 0, 0), self.record_type)
        self.seen = 0

    @property
    def complete(self) -> bool:
        """Whether every week was seen; not so where a run went on from a checkpoint."""
        return self.seen == self.weeks

    def __call__(self, week: int, reference: ArmState, regime: ArmState) -> None:
        """Takes down one week that both worlds have just lived."""
        if self.society is None:
            self._begin(reference.society)
        for place, world in enumerate((reference, regime)):
            row, kept = self.trace[place, week], world.citizens.take(self.citizens)
            for name in self.columns:
                row[name] = kept[name]
            row[UNDER] = world.active_table[self.districts]
            if "contexts" in (world.citizens.dtype.names or ()):
                row[KIN] = ((world.citizens["contexts"][self.home] > 0) & self.others).sum(axis=1)
        self.seen += 1

    def _begin(self, society: Society) -> None:
        self.society = society
        if self.wanted is None:
            adults = np.flatnonzero(society.citizens["adult"])
            room = MEMORY // max(2 * self.weeks * self.record_type.itemsize, 1)
            size = min(len(adults), MOST, max(room, 1))
            self.citizens = adults[np.arange(size) * len(adults) // max(size, 1)]
        else:
            self.citizens = np.array(self.wanted, np.int64)
        members, own = (society.citizens[name][self.citizens, None] for name in ("household_size", "household_place"))
        places = np.arange(int(members.max(initial=1)))
        self.others = (places < members) & (places != own)
        self.home = np.where(self.others, self.citizens[:, None] - own + places, self.citizens[:, None])
        first = society.districts["first"].astype(np.int64)
        self.districts = np.searchsorted(first, self.citizens, side="right") - 1
        self.trace = np.zeros((2, self.weeks, len(self.citizens)), self.record_type)

    def courses(self) -> tuple[Trajectory, Trajectory]:
        """All recorded citizens in both worlds: shape (weeks, citizens)."""
        return Trajectory(self.trace[0]), Trajectory(self.trace[1])

    def life(self, place: int, kind: str = "") -> Life:
        """The life of the recorded citizen at a place of the sample."""
        if self.society is None:
            raise IndexError("no week was recorded")
        citizen = int(self.citizens[place])
        reference, regime = (Trajectory(self.trace[world, :, place].copy()) for world in (0, 1))
        return Life(citizen, Person.of(self.society, citizen), reference, regime, kind)


def select_lives(recorder: Recorder, scenario: Scenario) -> Lives:
    """The telling lives of a recorded sample of the scenario's first society."""
    reference, regime = recorder.courses()
    told: list[Life] = []
    taken = np.zeros(len(recorder.citizens), bool)
    for kind in EXEMPLARS:
        found = np.where(taken, np.nan, kind.measure(reference, regime))
        if np.isfinite(found).any():
            place = int(np.nanargmax(found))
            taken[place] = True
            told.append(recorder.life(place, kind.name))
    return Lives(scenario, tuple(told), len(recorder.citizens))


def _columns(layout: ModelLayout) -> list[str]:
    wanted = {*COLUMNS, *(f"{name}_{k}" for name in VECTORS for k in range(AGENCIES))}
    return [name for name in fields(layout.state) if name in wanted]
