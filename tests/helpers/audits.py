"""A population for simulated audits whose every share is known."""

import numpy as np

from glasshouse.analysis.audit.cross_count import CLASSES, CrossCount
from glasshouse.analysis.audit.world import World
from glasshouse.model.entities import CELLS

NAMES = ("first", "second", "third", "fourth")
GROUP = NAMES[0]


def world(*, wrong: tuple[float, float] = (0.01, 0.005), right: tuple[float, float] = (0.02, 0.02)) -> World:
    """A quarter of adults is of the first group; the three others are independent halves. Rates: of the group, of the rest."""
    mine = np.arange(CELLS) & 1 > 0
    adults = np.where(mine, 0.25, 0.75) / (CELLS // 2)
    appeals = np.empty((2, 3, CELLS))
    appeals[0], appeals[1] = np.array([[0.2], [0.1], [0.01]]), np.array([[0.4], [0.2], [0.1]])
    return World(
        NAMES,
        adults,
        np.where(mine, *wrong) * adults,
        np.where(mine, *right) * adults,
        appeals,
        np.where(mine, 0.02, 0.04) * adults,
    )


def cross_count(**people: dict[tuple[int, ...], int]) -> CrossCount:
    """Counts of adults by class, for each cell named `cell0`, `cell1` and so on; complaints and records by nobody."""
    counted = CrossCount.empty(NAMES)
    for cell, classes in people.items():
        for place, number in classes.items():
            assert len(place) == len(CLASSES)
            counted.people[(int(cell.removeprefix("cell")), *place)] = number
    return counted
