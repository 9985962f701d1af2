"""From published marginals to a population: reproducible to the byte for any thread count.

Districts are drawn in stretches of a fixed number, each from a generator keyed by seed, step and stretch; threads take
stretches as they come, and nothing depends on their order.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Self, TypeVar

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray
from pydantic import AfterValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from glasshouse.errors import SynthesisError
from glasshouse.model.declarations import Table, param
from glasshouse.model.entities import ALIGN, CITIZEN, DEFAULT_GROUPS, DISTRICT, Population
from glasshouse.population import marginals_files, network
from glasshouse.population.deviates import clustered, lognormal
from glasshouse.population.distributions import Distributions
from glasshouse.population.groups import LONE_PARENT, Declared, cells
from glasshouse.population.marginals import Marginals
from glasshouse.population.network import STREET, Circle, Habits, Ints, Keys
from glasshouse.population.people import Traits, populate
from glasshouse.population.workplaces import Staff, staff
from glasshouse.rng import derive

STRETCH = 1 << 15
"""Citizens that are drawn together, about: the unit of work of a thread."""

T = TypeVar("T")


def _usable(setting: str) -> str:
    """The name of shipped marginals or the text of a file that a population can be drawn from."""
    if marginals_files.is_text(setting):
        reasons = marginals_files.faults(setting)
    elif setting in marginals_files.names():
        reasons = []
    else:
        reasons = [f'marginals = "{setting[:60]}" is not shipped. {marginals_files.advice(setting)}']
    if reasons:
        raise PydanticCustomError("marginals", "{reason}", {"reason": "; ".join(reasons)})
    return setting


Aggregates = Annotated[
    str, AfterValidator(_usable), WithJsonSchema({"type": "string", "examples": marginals_files.names()})
]
"""Name of shipped marginals, or the text of a file of aggregates."""


class PopulationTable(Table):
    """The synthetic population: its size, its marginals, and what is assumed where nothing is published."""

    citizens: int = param(
        100_000, "Citizens.", unit="persons", bounds=(100, 1_000_000_000), source="setting", role="design"
    )
    district_size: int = param(
        2048,
        "Citizens of a district, rounded to a multiple of 64.",
        unit="persons",
        bounds=(64, 1 << 20),
        source="setting",
        role="design",
    )
    marginals: Aggregates = param(
        "china-2020s",
        "The marginals it is drawn from: shipped ones, or a file of aggregates.",
        unit="name",
        source="setting",
        role="design",
    )
    groups: Declared = param(
        DEFAULT_GROUPS, "Groups of citizens for which figures are given.", unit="", source="setting", role="design"
    )
    urban_concentration: float = param(
        1.5,
        "How mixed town and country are within districts; near 0 is not at all.",
        unit="beta parameters' sum",
        bounds=(0.05, 100),
        prior=(0.5, 5),
        role="uncertainty",
    )
    minority_concentration: float = param(
        0.3,
        "How mixed minorities and majority are within districts.",
        unit="beta parameters' sum",
        bounds=(0.05, 100),
        prior=(0.1, 2),
        role="uncertainty",
    )
    neighbours: float = param(
        3.0, "Ties to neighbours, mean.", unit="ties a citizen", bounds=(0, 20), prior=(1, 5), role="uncertainty"
    )
    kin: float = param(
        2.4,
        "Ties to relatives in other households, mean.",
        unit="ties a citizen",
        bounds=(0, 20),
        prior=(1, 4),
        role="uncertainty",
    )
    kin_near: float = param(
        0.6,
        "Share of relatives who live in the same district.",
        unit="share",
        bounds=(0, 1),
        prior=(0.4, 0.8),
        role="uncertainty",
    )
    online: float = param(
        3.0, "Ties of the network, mean.", unit="ties a citizen", bounds=(0, 20), prior=(1, 6), role="uncertainty"
    )
    online_near: float = param(
        0.4,
        "Share of the network's ties to people of the same street.",
        unit="share",
        bounds=(0, 1),
        prior=(0.3, 0.7),
        role="uncertainty",
    )
    likeness: float = param(
        0.9,
        "How alike in age and schooling people are who know one another; 0 is not at all.",
        unit="correlation",
        bounds=(0, 0.99),
        prior=(0.7, 0.97),
        role="uncertainty",
    )
    propensity_spread: float = param(
        0.7,
        "Log standard deviation of the propensity to breach rules.",
        unit="log",
        bounds=(0, 2),
        prior=(0.3, 1.2),
        role="uncertainty",
    )
    threshold_correlation: float = param(
        0.5,
        "Correlation of the thresholds to complain and to protest.",
        unit="correlation",
        bounds=(0, 1),
        prior=(0.2, 0.8),
        role="uncertainty",
    )
    need_spread: float = param(
        0.3,
        "Log standard deviation of problem arrivals between districts.",
        unit="log",
        bounds=(0, 1),
        prior=(0.1, 0.5),
        role="uncertainty",
    )
    capacity_spread: float = param(
        0.15,
        "Log standard deviation of service capacity a head between districts.",
        unit="log",
        bounds=(0, 1),
        prior=(0, 0.3),
        role="uncertainty",
    )

    @model_validator(mode="after")
    def _has_lone_parents(self) -> Self:
        if LONE_PARENT in self.groups and marginals_files.load(self.marginals).lone_parents is None:
            text = "groups declares lone parents, and the marginals have none. Name other marginals, or leave the group out."
            raise PydanticCustomError("contradiction", text, {"key": "groups"})
        return self


@dataclass
class _Draft:
    """A population in the making: what its steps share."""

    table: PopulationTable
    seed: int
    facts: Marginals
    known: Distributions
    bounds: Ints  # first citizen of each district, and the end
    stretches: list[slice]  # of districts
    pool: ThreadPoolExecutor
    citizens: NDArray[np.void]
    employment: NDArray[np.uint8]
    districts: NDArray[np.void]

    def rng(self, step: str, stretch: int = 0) -> Generator:
        """Make the random generator of one step and stretch.

        Parameters
        ----------
        step : str
            Name of the step.
        stretch : int, optional
            Number of the stretch, from 0.

        Returns
        -------
        numpy.random.Generator
            A Philox generator keyed by the random seed, the step and the stretch.
        """
        return Generator(Philox(key=derive(self.seed, step, stretch)))

    def each(self, work: Callable[[int], T]) -> list[T]:
        """Call a function for every stretch, on all threads.

        Parameters
        ----------
        work : callable
            The function; it takes the number of a stretch.

        Returns
        -------
        list
            The results, in the order of the stretches.
        """
        return list(self.pool.map(work, range(len(self.stretches))))

    def range(self, stretch: int) -> tuple[int, int]:
        """Find the citizens of a stretch.

        Parameters
        ----------
        stretch : int
            Number of the stretch, from 0.

        Returns
        -------
        tuple of int
            Index of the first citizen, and the index after the last one.
        """
        part = self.stretches[stretch]
        return int(self.bounds[part.start]), int(self.bounds[part.stop])


def synthesise(table: PopulationTable, seed: int, threads: int = 1) -> Population:
    """Make the population of a table and random seed; the number of threads does not change it.

    Parameters
    ----------
    table : PopulationTable
        Settings of the population: its size, its marginals and what is assumed.
    seed : int
        Random seed of the population.
    threads : int, optional
        Number of threads.

    Returns
    -------
    Population
        Citizens, districts, firms and ties.

    Raises
    ------
    SynthesisError
        If the marginals are unsound or memory does not suffice.
    """
    facts, known = marginals_files.solved(table.marginals)
    try:
        with ThreadPoolExecutor(threads) as pool:
            draft = _draft(table, seed, facts, known, pool)
            draft.each(lambda stretch: _people(draft, stretch))
            _places(draft)
            firms, staffs = staff(
                draft.citizens, draft.employment, draft.bounds, facts, table.likeness, draft.rng("workplaces")
            )
            tie_start, ties = _ties(draft, staffs)
    except MemoryError as error:
        raise SynthesisError(
            f"[society] citizens = {table.citizens}: this machine's memory does not hold so many. "
            f"A citizen takes about 400 bytes; lower citizens."
        ) from error
    return Population(draft.citizens, draft.districts, firms, tie_start, ties)


def _draft(
    table: PopulationTable, seed: int, facts: Marginals, known: Distributions, pool: ThreadPoolExecutor
) -> _Draft:
    size = -(-table.district_size // ALIGN) * ALIGN
    bounds = np.append(np.arange(0, table.citizens, size), table.citizens)
    if len(bounds) > 2 and bounds[-1] - bounds[-2] < size // 2:
        bounds = np.delete(bounds, -2)
    count, step = len(bounds) - 1, max(STRETCH // size, 1)
    return _Draft(
        table,
        seed,
        facts,
        known,
        bounds,
        [slice(first, min(first + step, count)) for first in range(0, count, step)],
        pool,
        np.zeros(table.citizens, CITIZEN),
        np.zeros(table.citizens, np.uint8),
        np.zeros(count, DISTRICT),
    )


def _people(draft: _Draft, stretch: int) -> None:
    """Draws the citizens of one stretch."""
    table, part = draft.table, draft.stretches[stretch]
    count, order = len(draft.districts), draft.rng("districts")
    urban = clustered(draft.facts.urban, table.urban_concentration, order.permutation(count))
    share = draft.facts.minorities()
    minority = clustered(share, table.minority_concentration, order.permutation(count))
    start, stop = draft.range(stretch)
    people, work = populate(
        np.diff(draft.bounds[part.start : part.stop + 1]),
        urban[part],
        minority[part],
        draft.known,
        Traits(table.propensity_spread, table.threshold_correlation),
        draft.rng("people", stretch),
    )
    people["cell"] = cells(people, table.groups)
    draft.citizens[start:stop], draft.employment[start:stop] = people, work


def _places(draft: _Draft) -> None:
    """Fills in the districts: what their citizens are, and what is drawn for their offices."""
    table, places, rng = draft.table, draft.districts, draft.rng("offices")
    count, first = len(places), draft.bounds[:-1]
    places["first"], places["size"] = first, np.diff(draft.bounds)
    places["urban_share"] = np.add.reduceat(draft.citizens["urban"].astype(np.int64), first) / places["size"]
    places["wealth"] = np.add.reduceat(draft.citizens["income"].astype(np.float64), first) / places["size"]
    for name, spread in (("need", table.need_spread), ("capacity", table.capacity_spread)):
        drawn = lognormal(rng.permutation((np.arange(count) + 0.5) / count), spread)
        places[name] = drawn / float((drawn * places["size"]).sum() / places["size"].sum())
    places["accuracy"] = 0.5 + 0.5 * rng.random(count)
    places["career"] = rng.random(count)
    places["discretion"] = rng.random(count)


def _ties(draft: _Draft, staffs: tuple[Staff, ...]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Draws all ties and lays them out as compressed rows."""
    people = draft.citizens
    first = (np.arange(len(people)) - people["household_place"]).astype(np.uint32)
    connected = people["exposure"] > 0.1
    table = draft.table
    habits = Habits(table.neighbours, table.kin, table.kin_near, table.online, table.online_near, table.likeness)

    def begin(stretch: int) -> tuple[Keys, Keys]:
        start, stop = draft.range(stretch)
        rng = draft.rng("ties", stretch)
        streets, families = _circles(draft, stretch, rng)
        keys = (
            network.neighbours(streets, connected, habits, first, rng),
            network.kin(families, habits, first, rng),
            network.online(start, stop, connected, habits, first, rng),
            *(network.colleagues(kind.workers, kind.begins, *kind.places(start, stop), first) for kind in staffs),
        )
        return network.split(np.concatenate(keys), start, stop)

    begun = draft.each(begin)
    local = [inside for inside, _ in begun]
    far = np.concatenate([outside for _, outside in begun])
    del begun
    far.sort()
    starts = [draft.range(stretch)[0] for stretch in range(len(draft.stretches))]
    cuts = np.searchsorted(far, np.array([*starts, len(people)], np.uint64) << np.uint64(32))

    def finish(stretch: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        keys = np.concatenate([local[stretch], far[cuts[stretch] : cuts[stretch + 1]]])
        local[stretch] = keys[:0]
        return network.rows(keys, *draft.range(stretch))

    done = draft.each(finish)
    tie_start = np.zeros(len(people) + 1, np.int64)
    np.cumsum(np.concatenate([counts for counts, _ in done]), out=tie_start[1:])
    return tie_start, np.concatenate([row for _, row in done])


def _circles(draft: _Draft, stretch: int, rng: Generator) -> tuple[Circle, Circle]:
    """The citizens of a stretch by street and by where they have relatives, each with the alike next to one another."""
    part = draft.stretches[stretch]
    start, stop = draft.range(stretch)
    sizes, here = np.diff(draft.bounds[part.start : part.stop + 1]), draft.citizens[start:stop]
    home = np.repeat(np.arange(len(sizes)), sizes)
    street = (np.arange(stop - start) - (draft.bounds[part.start : part.stop] - start)[home]) // STREET
    people, score = np.arange(start, stop), network.alike(here, draft.table.likeness, rng)
    streets = Circle.of(people, home * (1 << 14) + street, score)
    return streets, Circle.of(people, 2 * home + here["minority"], score)
