"""Published models of one's own on the engine: a population made for the model, and its simulation.

A population holds the model's agents in as many copies as are simulated at once. Each copy is a district of its own, so
that its sums are kept apart, and its agents have ties to one another alone. Traits are whatever the model needs; they are
drawn or set on purpose, and no record of a real person is ever among them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.arms import Arms, ArmSpec
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.threads import processors
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.run import Backend, weeks
from glasshouse.engine.state import ArmState
from glasshouse.model.entities import ALIGN, FIRM, Population
from glasshouse.model.mechanism import Mechanism
from glasshouse.rng import derive

Ties = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Undirected ties: for each the copy that it is in, and the agents of that copy at its two ends."""


ARM = "model"
"""Name of the one arm that a published model is simulated in."""


@dataclass(frozen=True)
class AgentPopulation:
    """The agents of all copies.

    Attributes
    ----------
    agents : Population
        All copies, each a district.
    index : ndarray of int64, shape (copies, agents)
        The row of each agent among the citizens of `agents`.
    """

    agents: Population
    index: NDArray[np.int64]


def build_population(
    traits: Mapping[str, NDArray[Any]], *, places: Mapping[str, NDArray[Any]] | None = None, ties: Ties | None = None
) -> AgentPopulation:
    """Build a population from the traits of its agents.

    A copy whose agents do not fill a multiple of 64 is filled up with citizens whose traits are all zero: in a kernel,
    `me.present` tells agents from them, and `me.local_index` is an agent's place in its copy.

    Parameters
    ----------
    traits : mapping of str to ndarray, each of shape (copies, agents)
        Traits of the agents, which kernels read as `me.<name>`.
    places : mapping of str to ndarray, each of shape (copies,), or None
        Traits of the copies, which kernels read as `here.<name>`.
    ties : Ties or None
        Ties between agents of the same copy.

    Returns
    -------
    AgentPopulation
        The population.

    Examples
    --------
    >>> import numpy as np
    >>> population = build_population({"threshold": np.array([[0.0, 1.0, 2.0]])})
    >>> population.index.shape
    (1, 3)
    """
    copies, agents = next(iter(traits.values())).shape
    size = agents if copies == 1 else -(-agents // ALIGN) * ALIGN
    index = np.arange(copies)[:, None] * size + np.arange(agents)
    kinds = [
        ("present", np.dtype("?")),
        ("local_index", np.dtype("u4")),
        *((name, values.dtype) for name, values in traits.items()),
    ]
    citizens = np.zeros(copies * size, np.dtype(kinds, align=True))
    citizens["present"][index], citizens["local_index"][index] = True, np.arange(agents)
    for name, values in traits.items():
        citizens[name][index] = values
    extra = dict(places or {})
    kinds = [
        ("first", np.dtype("u4")),
        ("size", np.dtype("u4")),
        *((name, values.dtype) for name, values in extra.items()),
    ]
    districts = np.zeros(copies, np.dtype(kinds, align=True))
    districts["first"], districts["size"] = np.arange(copies) * size, size
    for name, values in extra.items():
        districts[name] = values
    start, ends = _rows(len(citizens), index, ties)
    return AgentPopulation(Population(citizens, districts, np.zeros(0, FIRM), start, ends), index)


def _rows(citizens: int, index: NDArray[np.int64], ties: Ties | None) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The ties as compressed rows, each from both ends and in the order of the contacts."""
    if ties is None:
        return np.zeros(citizens + 1, np.int64), np.zeros(0, np.uint32)
    copy, one, other = ties
    near, far = index[copy, one], index[copy, other]
    owner, contact = np.concatenate([near, far]), np.concatenate([far, near])
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=citizens))])
    # One sort of owner and contact in one number takes a fifth of the time that sorting by both does.
    ordered = np.sort(owner * citizens + contact) % citizens
    return start.astype(np.int64), ordered.astype(np.uint32)


@dataclass(frozen=True)
class Simulation:
    """A published model that is ready to be simulated.

    Attributes
    ----------
    population : AgentPopulation
        Its agents.
    tables : tuple of Mechanism
        The tables of its mechanisms, in the order of a week.
    schedule : {"synchronous", "sequential"}
        Whether all agents act at once on last week's signals, or one after the other.
    """

    population: AgentPopulation
    tables: tuple[Mechanism, ...]
    schedule: Literal["synchronous", "sequential"] = "synchronous"

    @cached_property
    def layout(self) -> ModelLayout:
        """The memory layout of the mechanisms for this population.

        Returns
        -------
        ModelLayout
            Columns, sums and kernels in the order of the week.
        """
        population = self.population.agents
        kinds = tuple(type(table) for table in self.tables)
        return ModelLayout(kinds, population.citizens.dtype, population.districts.dtype, self.schedule)

    def weeks(self, count: int, seed: int, backend: Backend | None = None) -> Iterator["Snapshot"]:
        """Simulate from the start.

        Parameters
        ----------
        count : int
            Weeks to simulate.
        seed : int
            Random seed.
        backend : Backend or None
            What steps the state; the compiled step by default.

        Yields
        ------
        Snapshot
            The state after each week. It is one state, which the next week overwrites.
        """
        arms = Arms(self.layout, self.population.agents, {ARM: ArmSpec(self.tables)})
        with nullcontext(backend) if backend is not None else CompiledBackend(self.layout) as used:
            for week, states in weeks(arms, used, seed, count):
                yield Snapshot(self, states[ARM], week)

    def last(self, count: int, seed: int, backend: Backend | None = None) -> "Snapshot":
        """The state after some weeks.

        Parameters
        ----------
        count : int
            Weeks to simulate, at least 1.
        seed : int
            Random seed.
        backend : Backend or None
            What steps the state; the compiled step by default.

        Returns
        -------
        Snapshot
            The state after the last week.
        """
        *_, snapshot = self.weeks(count, seed, backend)
        return snapshot

    def history(
        self, count: int, seed: int, names: Collection[str], backend: Backend | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """Sums of every week.

        Parameters
        ----------
        count : int
            Weeks to simulate.
        seed : int
            Random seed.
        names : collection of str
            Names of the sums.
        backend : Backend or None
            What steps the state; the compiled step by default.

        Returns
        -------
        dict of str to ndarray of float, each of shape (weeks, copies)
            The sums in their own units.
        """
        found = {name: np.zeros((count, len(self.population.index))) for name in names}
        for snapshot in self.weeks(count, seed, backend):
            for name, column in found.items():
                column[snapshot.week] = snapshot.total(name)
        return found


@dataclass(frozen=True)
class Snapshot:
    """The state of a simulation after a week; its methods return copies, which later weeks do not change.

    Attributes
    ----------
    simulation : Simulation
        What is simulated.
    state : ArmState
        The state itself, which the next week overwrites.
    week : int
        The week, from 0.
    """

    simulation: Simulation
    state: ArmState
    week: int

    def total(self, name: str) -> NDArray[np.float64]:
        """A sum of the week.

        Parameters
        ----------
        name : str
            Name of the sum.

        Returns
        -------
        ndarray of float, shape (copies,)
            The sum in its own unit.
        """
        sums = self.simulation.layout.sums
        slot = next(place for place, total in enumerate(sums) if total.name == name)
        found: NDArray[np.float64] = self.state.totals[:, :, slot].sum(axis=1) / sums[slot].scale
        return found

    def agents(self, name: str) -> NDArray[Any]:
        """A column of the agents.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        ndarray, shape (copies, agents)
            Its values.
        """
        return self.state.citizens[name][self.simulation.population.index]

    def places(self, name: str) -> NDArray[Any]:
        """A column of the copies.

        Parameters
        ----------
        name : str
            Name of a district column.

        Returns
        -------
        ndarray, shape (copies,)
            Its values.
        """
        return self.state.districts[name].copy()

    def centre(self, name: str) -> Any:
        """A column of the centre.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        scalar
            Its value.
        """
        return self.state.centre[name][0]


def run_parallel(
    make: Callable[[int], Simulation], weeks: int, seeds: Sequence[int], names: Sequence[str]
) -> NDArray[np.float64]:
    """Simulate several seeds at once on all processors.

    A simulation in the sequential schedule cannot be divided among threads, but each thread can take another simulation.

    Parameters
    ----------
    make : callable
        Makes the simulation of a seed; all must have the same mechanisms.
    weeks : int
        Weeks to simulate.
    seeds : sequence of int
        Random seeds.
    names : sequence of str
        Names of sums.

    Returns
    -------
    ndarray of float, shape (names, seeds, weeks)
        The sums in their own units, copies added up.
    """
    with CompiledBackend(make(seeds[0]).layout, threads=1) as backend, ThreadPoolExecutor(processors()) as pool:
        make(seeds[0]).last(1, seeds[0], backend)

        def one(seed: int) -> NDArray[np.float64]:
            history = make(seed).history(weeks, seed, names, backend)
            return np.stack([history[name].sum(axis=1) for name in names])

        return np.stack(list(pool.map(one, seeds)), axis=1)


def generator(seed: int, *parts: int | str) -> np.random.Generator:
    """The generator for drawing a population's traits and ties.

    Parameters
    ----------
    seed : int
        Random seed.
    *parts : int or str
        What is drawn; other parts give independent numbers.

    Returns
    -------
    numpy.random.Generator
        The generator.
    """
    return np.random.Generator(np.random.Philox(derive(seed, "stage", *parts)))
