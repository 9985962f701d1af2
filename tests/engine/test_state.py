"""An arm refuses a population that would make the compiled step overwrite memory, and stores what a checkpoint needs."""

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.engine.blocks import BLOCK_SIZE, block_bounds
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import MOST_TIES, ArmState
from glasshouse.errors import RunningError
from glasshouse.model.entities import CELLS, Population
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.problems import Problems
from tests.helpers.populations import adults, arm_state

LAYOUT, FIXED = ModelLayout(CATALOGUE), ModelLayout((Problems,))
"""With a column that says who belongs to a group, and without one."""


def broken(name: str) -> Population:
    population = adults(200, district=64)
    districts, citizens = population.districts.copy(), population.citizens.copy()
    if name == "gap":
        districts["size"][0] = 32
    elif name == "ragged":
        districts["size"][:2], districts["first"][1] = (60, 68), 60
    elif name == "short":
        districts = districts[:-1]
    elif name == "cell":
        citizens["cell"][3] = CELLS
    elif name == "ties":
        return replace(population, tie_start=population.tie_start[:-1])
    else:
        starts = population.tie_start.copy()
        starts[-1] = starts[-2] + MOST_TIES + 1
        return replace(population, tie_start=starts, ties=np.zeros(starts[-1], np.uint32))
    return replace(population, citizens=citizens, districts=districts)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gap", "do not follow one another"),
        ("short", "do not follow one another"),
        ("ragged", "no multiple of 64"),
        ("cell", "of cell 16"),
        ("ties", "starts of ties"),
        ("hub", "at most can be counted"),
    ],
)
def test_a_population_that_breaks_its_promise_is_refused(name: str, said: str) -> None:
    with pytest.raises(RunningError, match=said):
        arm_state(FIXED if name == "cell" else LAYOUT, broken(name))


def test_blocks_cover_all_and_never_span_two_districts() -> None:
    population = adults(9000, district=2112)
    found = block_bounds(population.districts, 512)
    assert found[0, 0] == 0
    assert found[-1, 1] == 9000
    assert (found[1:, 0] == found[:-1, 1]).all()
    assert (found[:, 1] - found[:, 0] <= 512).all()
    assert (found[:, 0] % 64 == 0).all()
    home = np.searchsorted(population.districts["first"], found, side="right") - 1
    assert (home[:, 0] == found[:, 2]).all()
    assert (np.searchsorted(population.districts["first"], found[:, 1] - 1, side="right") - 1 == found[:, 2]).all()


def test_checkpoints_store_only_what_changes() -> None:
    state = arm_state(LAYOUT, adults(130))
    assert set(ArmState.STORED) == {"citizens", "firms", "districts", "centre", "shown", "active_table"}
    before = state.shown
    state.swap_signals()
    assert state.showing is before
    assert BLOCK_SIZE % 64 == 0


def test_turns_are_an_order_of_all_citizens_with_their_blocks() -> None:
    state = arm_state(LAYOUT, adults(300, district=128))
    drawn = np.random.default_rng(9).integers(0, 50, 300).astype(np.uint64)
    activation_order = state.activation_order((drawn << np.uint64(32)) | np.arange(300, dtype=np.uint64))
    assert activation_order[:, 0].tolist() == sorted(range(300), key=lambda i: (drawn[i], i))
    assert (
        activation_order[:, 1] == np.searchsorted(state.blocks[:, 0], activation_order[:, 0], side="right") - 1
    ).all()
