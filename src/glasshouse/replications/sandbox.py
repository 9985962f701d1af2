"""A population made for one published model, and its simulation by the engine.

A population holds the model's agents in as many copies as are simulated at once: each copy is a district of its own, so
that its sums are kept apart, and its agents have ties to one another alone. Traits are whatever the model needs; they
are drawn or laid out on purpose, and no record of anybody is ever among them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.arms import Arms, ArmSpec
from glasshouse.engine.backends.cpu import CompiledBackend, processors
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.run import Backend, weeks
from glasshouse.engine.state import ArmState
from glasshouse.model.entities import ALIGN, FIRM, Society
from glasshouse.model.mechanism import Mechanism
from glasshouse.rng import derive

Ties = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Undirected ties: for each the copy that it is in, and the agents of that copy at its two ends."""


ARM = "model"
"""Name of the one arm that a published model is simulated in."""


@dataclass(frozen=True)
class AgentPopulation:
    """Agents of all copies; `index` (copies, agents) is the row of each of them among the citizens of `society`."""

    society: Society
    index: NDArray[np.int64]


def build_population(
    traits: Mapping[str, NDArray[Any]], *, places: Mapping[str, NDArray[Any]] | None = None, ties: Ties | None = None
) -> AgentPopulation:
    """The population with these traits (copies, agents), and with these traits of each copy (copies).

    Kernels read a copy's traits as `here`. A copy whose agents do not fill a multiple of 64 is filled up with citizens
    whose traits are all zero: `me.present` tells agents from them, and `me.local_index` is an agent's place in its copy.
    """
    copies, agents = next(iter(traits.values())).shape
    size = agents if copies == 1 else -(-agents // ALIGN) * ALIGN
    index = np.arange(copies)[:, None] * size + np.arange(agents)
    kinds = [
        ("present", np.dtype("?")),
        ("local_index", np.dtype("u4")),
        *((name, held.dtype) for name, held in traits.items()),
    ]
    citizens = np.zeros(copies * size, np.dtype(kinds, align=True))
    citizens["present"][index], citizens["local_index"][index] = True, np.arange(agents)
    for name, held in traits.items():
        citizens[name][index] = held
    extra = dict(places or {})
    kinds = [("first", np.dtype("u4")), ("size", np.dtype("u4")), *((name, held.dtype) for name, held in extra.items())]
    districts = np.zeros(copies, np.dtype(kinds, align=True))
    districts["first"], districts["size"] = np.arange(copies) * size, size
    for name, held in extra.items():
        districts[name] = held
    start, ends = _rows(len(citizens), index, ties)
    return AgentPopulation(Society(citizens, districts, np.zeros(0, FIRM), start, ends), index)


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
    """A published model ready to be simulated: the population, and the mechanisms' tables in the order of the week."""

    population: AgentPopulation
    tables: tuple[Mechanism, ...]
    schedule: Literal["synchronous", "sequential"] = "synchronous"

    @cached_property
    def layout(self) -> ModelLayout:
        """The mechanisms fitted together for this population."""
        society = self.population.society
        kinds = tuple(type(table) for table in self.tables)
        return ModelLayout(kinds, society.citizens.dtype, society.districts.dtype, self.schedule)

    def weeks(self, count: int, seed: int, backend: Backend | None = None) -> Iterator["Snapshot"]:
        """The state after each of `count` weeks from a fresh start; one and the same world, stepped in between."""
        arms = Arms(self.layout, self.population.society, {ARM: ArmSpec(self.tables)})
        for week, states in weeks(arms, backend or CompiledBackend(self.layout), seed, count):
            yield Snapshot(self, states[ARM], week)

    def last(self, count: int, seed: int, backend: Backend | None = None) -> "Snapshot":
        """The state after `count` weeks (at least one)."""
        *_, snapshot = self.weeks(count, seed, backend)
        return snapshot

    def history(
        self, count: int, seed: int, names: Collection[str], backend: Backend | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """The named sums (weeks, copies) of every week."""
        found = {name: np.zeros((count, len(self.population.index))) for name in names}
        for snapshot in self.weeks(count, seed, backend):
            for name, kept in found.items():
                kept[snapshot.week] = snapshot.total(name)
        return found


@dataclass(frozen=True)
class Snapshot:
    """A simulation after some week; what it gives are copies, which later weeks leave alone."""

    simulation: Simulation
    world: ArmState
    week: int

    def total(self, name: str) -> NDArray[np.float64]:
        """A sum of the week (copies), in its own unit."""
        sums = self.simulation.layout.sums
        slot = next(place for place, total in enumerate(sums) if total.name == name)
        found: NDArray[np.float64] = self.world.totals[:, :, slot].sum(axis=1) / sums[slot].scale
        return found

    def agents(self, name: str) -> NDArray[Any]:
        """A column of the agents (copies, agents)."""
        return self.world.citizens[name][self.simulation.population.index]

    def places(self, name: str) -> NDArray[Any]:
        """A column of the copies (copies)."""
        return self.world.districts[name].copy()

    def centre(self, name: str) -> Any:
        """A column of the centre."""
        return self.world.centre[name][0]


def run_parallel(
    make: Callable[[int], Simulation], weeks: int, seeds: Sequence[int], names: Sequence[str]
) -> NDArray[np.float64]:
    """The named sums (names, seeds, weeks), copies added up, of one simulation for each seed, on all processors.

    `make` makes the simulation for a seed; the same mechanisms must be in all. A simulation in the sequential schedule cannot be cut
    into pieces for several threads, but each thread can take another simulation.
    """
    backend = CompiledBackend(make(seeds[0]).layout, threads=1)
    make(seeds[0]).last(1, seeds[0], backend)

    def one(seed: int) -> NDArray[np.float64]:
        history = make(seed).history(weeks, seed, names, backend)
        return np.stack([history[name].sum(axis=1) for name in names])

    with ThreadPoolExecutor(processors()) as pool:
        return np.stack(list(pool.map(one, seeds)), axis=1)


def generator(seed: int, *parts: int | str) -> np.random.Generator:
    """The generator from which a population's traits and ties are drawn: its own for every seed and name."""
    return np.random.Generator(np.random.Philox(derive(seed, "stage", *parts)))
