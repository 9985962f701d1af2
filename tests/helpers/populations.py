"""Small populations made by hand, and short cuts to arm states, for the tests of the engine."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.entities import CITIZEN, DISTRICT, FIRM, NOBODY, Population
from glasshouse.model.mechanism import Mechanism
from glasshouse.population.groups import memberships


def ring(people: int, ties: int = 2) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Everybody knows the next `ties` people on either side."""
    steps = np.array([s for s in range(-ties, ties + 1) if s])
    rows = (np.arange(people)[:, None] + steps) % people
    return np.arange(people + 1, dtype=np.int64) * len(steps), np.sort(rows, axis=1).ravel().astype(np.uint32)


def adults(people: int, district: int = 64, seed: int = 1) -> Population:
    """Unlike adults in households of three, districts of the given size, on a ring of ties."""
    rng = np.random.default_rng(seed)
    citizens = np.zeros(people, CITIZEN)
    citizens["income"] = np.exp(0.6 * rng.standard_normal(people))
    citizens["exposure"], citizens["risk_aversion"] = rng.random(people), rng.random(people)
    citizens["propensity"] = np.exp(0.7 * rng.standard_normal(people))
    for name in ("complaint_threshold", "protest_threshold", "temper"):
        citizens[name] = rng.standard_normal(people)
    citizens["household_size"] = np.minimum(3, people - np.arange(people) // 3 * 3)
    citizens["household_place"] = np.arange(people) % 3
    citizens["adult"] = rng.random(people) < 0.85
    citizens["minority"], citizens["migrant"] = rng.random(people) < 0.2, rng.random(people) < 0.2
    citizens["cell"] = citizens["minority"] + 2 * citizens["migrant"]
    citizens["female"], citizens["urban"] = rng.random(people) < 0.5, rng.random(people) < 0.6
    citizens["party"], citizens["abroad"] = rng.random(people) < 0.1, rng.random(people) < 0.02
    citizens["age"], citizens["education"] = rng.integers(3, 18, people), rng.integers(0, 5, people)
    citizens["groups"] = memberships(citizens, np.zeros(0, np.int64), np.zeros(people, np.bool_))
    first = np.arange(0, people, district)
    districts = np.zeros(len(first), DISTRICT)
    districts["first"], districts["size"] = first, np.minimum(district, people - first)
    districts["need"], districts["capacity"], districts["career"] = 1.0, 1.0, rng.random(len(first))
    districts["discretion"], districts["accuracy"] = rng.random(len(first)), 0.5 + 0.5 * rng.random(len(first))
    firms = np.zeros(max(people // 16, 1), FIRM)
    firms["size"], firms["district"] = 8, rng.integers(0, len(districts), len(firms))
    firms["connection"] = np.where(rng.random(len(firms)) < 0.3, rng.random(len(firms)), 0.0)
    firms["leverage"], firms["governance"] = 0.25 + 0.6 * rng.random(len(firms)), rng.standard_normal(len(firms))
    firms["foreign"], firms["own_account"] = rng.random(len(firms)) < 0.2, rng.random(len(firms)) < 0.5
    employed = rng.random(people) < 0.5
    citizens["workplace"] = np.where(employed, rng.integers(0, len(firms), people), NOBODY)
    firms["representative"] = NOBODY
    for person in np.flatnonzero(employed)[::-1]:
        # The eldest employee, the first of several.
        firm = firms[citizens["workplace"][person] : citizens["workplace"][person] + 1]
        known = firm["representative"][0]
        if known == NOBODY or citizens["age"][person] >= citizens["age"][known]:
            firm["representative"] = person
    return Population(citizens, districts, firms, *ring(people))


def arm_state(
    layout: ModelLayout,
    population: Population,
    before: Sequence[Mechanism] = (),
    after: Sequence[Mechanism] = (),
    later: Sequence[Mechanism] = (),
) -> ArmState:
    """A fresh arm; tables not given are at their defaults, a later regime's like the regime's."""
    rows = (before, after or before, later or after or before)
    given = [{type(table): table for table in tables} for tables in rows]
    tables = [[held.get(mechanism, mechanism()) for mechanism in layout.mechanisms] for held in given]
    return ArmState.fresh(layout, population, np.stack([layout.pack(row) for row in tables]))


def bytes_of(state: ArmState) -> bytes:
    """Everything that an arm holds, and its sums."""
    kept = (state.citizens, state.firms, state.districts, state.centre, state.shown, state.active_table, state.totals)
    return b"".join(array.tobytes() for array in kept)


def lived(layout: ModelLayout, state: ArmState, weeks: int, *, seed: int = 7) -> dict[str, float]:
    """Steps the twin and gives the sums over all weeks and places in their own units."""
    twin = ReferenceBackend(layout)
    found: NDArray[Any] = np.zeros(len(layout.sums), np.int64)
    for week in range(weeks):
        twin.step(state, seed, week)
        found += state.totals.sum(axis=(0, 1))
    return {total.name: float(found[k]) / total.scale for k, total in enumerate(layout.sums)}
