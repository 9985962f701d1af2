"""The arms of an experiment: one population under several sets of parameters, with common random numbers.

All arms of a replicate share the population and the random seed, so that every difference between two arms is caused by
their parameters. An arm is declared as an `ArmSpec`; `Arms` holds the states of all arms of one replicate and knows which
of them have to be stepped in a week.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.component import Component
from glasshouse.model.entities import Population
from glasshouse.results.totals import REFERENCE, REGIME
from glasshouse.scenario.run_settings import adoption_weeks
from glasshouse.scenario.scenario import Scenario

AHEAD = "ahead"
"""Name of the look-ahead arm: what the arms under a regime read where they ask what will be."""

NEVER = 2**31
"""A week after the end of every run."""

Tables = tuple[Component, ...]


@dataclass(frozen=True)
class ArmSpec:
    """The parameter tables of one arm, one table for each mechanism.

    Attributes
    ----------
    before : tuple of Component
        In force where and while no regime is.
    regime : tuple of Component
        In force in districts that the roll-out has reached; empty for an arm without a regime.
    changes : tuple of tuple of Component
        In force there from each dated change of the regime on, in order.
    """

    before: Tables
    regime: Tables = ()
    changes: tuple[Tables, ...] = ()

    @property
    def looks_ahead(self) -> bool:
        """Whether its regime asks what will be."""
        return any(table.needs_ahead() for tables in (self.regime, *self.changes) for table in tables)

    def parameters(self, layout: ModelLayout) -> NDArray[np.float64]:
        """The tables as the compiled step reads them.

        Parameters
        ----------
        layout : ModelLayout
            Memory layout of the scenario's mechanisms.

        Returns
        -------
        ndarray of float64, shape (2 + changes, slots)
            Parameters before the regime, under it and from each change on: the rows that `ArmState.active_table` names.
        """
        return np.stack(
            [_packed(layout, tables) for tables in (self.before, self.regime or self.before, *self.changes)]
        )


def arms_of(scenario: Scenario) -> dict[str, ArmSpec]:
    """The two arms that an ordinary run compares.

    Parameters
    ----------
    scenario : Scenario
        A checked scenario.

    Returns
    -------
    dict of str to ArmSpec
        `reference`, which never comes under the regime, and `regime`.
    """
    return {REFERENCE: ArmSpec(scenario.reference), REGIME: regime_of(scenario)}


def regime_of(scenario: Scenario) -> ArmSpec:
    """The arm of a scenario that comes under its regime.

    Parameters
    ----------
    scenario : Scenario
        A checked scenario.

    Returns
    -------
    ArmSpec
        Its reference, its regime and what that changes to.
    """
    return ArmSpec(scenario.reference, scenario.mechanisms, tuple(change.tables for change in scenario.changes))


@dataclass(frozen=True)
class Rollout:
    """When each district comes under the regime, and when the regime changes and ends.

    Attributes
    ----------
    adoption : ndarray of int64, shape (districts,)
        The week in which each district comes under the regime; never if that is the end of the run or later.
    changes : tuple of int
        The weeks from which each change of the regime is in force, in rising order.
    until : int
        The week from which no regime is in force; 0 means never.
    """

    adoption: NDArray[np.int64]
    changes: tuple[int, ...] = ()
    until: int = 0

    @classmethod
    def of(cls, scenario: Scenario, seed: int, districts: int) -> "Rollout":
        """The roll-out of one replicate.

        Parameters
        ----------
        scenario : Scenario
            The scenario, with the dates of its run and of its changes.
        seed : int
            Random seed of the replicate, which draws the order of the districts.
        districts : int
            Districts of the population.

        Returns
        -------
        Rollout
            The calendar of every district.
        """
        weeks = tuple(change.week for change in scenario.changes)
        return cls(adoption_weeks(scenario.run, seed, districts), weeks, scenario.run.until)

    @property
    def first(self) -> int:
        """The week before which no district is under the regime."""
        return int(self.adoption.min()) if len(self.adoption) else 0

    def active_tables(self, week: int) -> NDArray[np.int64]:
        """Which parameters are in force in each district.

        Parameters
        ----------
        week : int
            The week.

        Returns
        -------
        ndarray of int64, shape (districts,)
            Rows of `ArmSpec.parameters`: 0 without the regime, 1 under it, 2 from its first change on, and so on.
        """
        if 0 < self.until <= week:
            return np.zeros_like(self.adoption)
        return (self.adoption <= week) * (1 + sum(change <= week for change in self.changes))


class Arms:
    """States of all arms of one replicate.

    Arms with equal specifications share one state. Arms that differ in their regime alone are equal until the regime
    reaches the first district, and those that differ in a dated change of it until that week: until then the first of them
    is stepped for all, and its state is then copied.

    Parameters
    ----------
    layout : ModelLayout
        Memory layout of the mechanisms, which all arms have in common.
    population : Population
        The population that all arms start from.
    specs : mapping of str to ArmSpec
        The arms by name.
    rollout : Rollout or None
        When districts come under the regimes; None where no arm has one.

    Attributes
    ----------
    states : dict of str to ArmState
        The state of each arm, and of the look-ahead arm (`AHEAD`) where an arm asks what will be.
    """

    def __init__(
        self, layout: ModelLayout, population: Population, specs: Mapping[str, ArmSpec], rollout: Rollout | None = None
    ) -> None:
        self.rollout = rollout
        self.states: dict[str, ArmState] = {}
        self._leaders: dict[str, tuple[str, int]] = {}
        by_spec: list[tuple[ArmSpec, ArmState]] = []
        for name, spec in specs.items():
            state = next((known for other, known in by_spec if other == spec), None)
            if state is None:
                state = ArmState.fresh(layout, population, spec.parameters(layout))
                by_spec.append((spec, state))
            self.states[name] = state
        ahead = next((spec for spec in specs.values() if spec.looks_ahead), None)
        if ahead is not None:
            self._look_ahead(layout, population, specs, ahead.before)
        self._regimes = {id(self.states[name]): self.states[name] for name, spec in specs.items() if spec.regime}
        for name, spec in specs.items():
            # An arm that reads the look-ahead arm is no equal of one that does not.
            reads = self.states[name].ahead
            alike = [n for n, s in specs.items() if s.before == spec.before and self.states[n].ahead is reads]
            earlier = [(n, self._parting(specs[n], spec)) for n in alike[: alike.index(name)]]
            if earlier:
                self._leaders[name] = max(earlier, key=lambda one: one[1])

    def _look_ahead(
        self, layout: ModelLayout, population: Population, specs: Mapping[str, ArmSpec], before: Tables
    ) -> None:
        """Add the look-ahead arm, which lives without a regime, and let all arms under a regime read its citizens."""
        ahead = ArmState.fresh(layout, population, ArmSpec(before).parameters(layout))
        for name, spec in specs.items():
            if spec.regime:
                self.states[name].ahead = ahead.citizens
        self.states[AHEAD] = ahead

    @property
    def ahead(self) -> ArmState | None:
        """The state of the look-ahead arm."""
        return self.states.get(AHEAD)

    def begin_week(self, week: int) -> dict[str, ArmState]:
        """Bring the roll-out up to a week.

        Parameters
        ----------
        week : int
            The week that is stepped next.

        Returns
        -------
        dict of str to ArmState
            The state that stands for each arm in this week; several names may share one.
        """
        for name, (leader, parting) in self._leaders.items():
            stepped = self.states[self._stepped(leader, week)]
            if week == parting and self.states[name] is not stepped:
                self.states[name].take_over(stepped)
        if self.rollout is not None:
            for state in self._regimes.values():
                state.active_table[:] = self.rollout.active_tables(week)
        return {name: self.states[self._stepped(name, week)] for name in self.states}

    def _stepped(self, name: str, week: int) -> str:
        """The arm that is stepped for another in a week: the one from which it has not parted yet, or itself."""
        leader, parting = self._leaders.get(name, (name, 0))
        return self._stepped(leader, week) if week < parting else name

    def _parting(self, one: ArmSpec, other: ArmSpec) -> int:
        """The first week in which two arms that are equal without a regime have different tables."""
        if self.rollout is None:
            return 0
        first = self.rollout.first
        if not one.regime or not other.regime or one.regime != other.regime:
            return first
        pairs = zip(one.changes, other.changes, self.rollout.changes, strict=True)
        return next((max(first, week) for mine, theirs, week in pairs if mine != theirs), NEVER)


def _packed(layout: ModelLayout, tables: Tables) -> NDArray[np.float64]:
    by_type = {type(table): table for table in tables}
    return layout.pack(by_type[mechanism] for mechanism in layout.mechanisms)
