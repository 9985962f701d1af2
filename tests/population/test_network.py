"""Ties of each kind, drawn by hand-sized examples."""

import numpy as np
import pytest

from glasshouse.population.network import MAX_DEGREE, NEAR, Habits, colleagues, kin, neighbours, online, rows, split

PEOPLE = 4096
HABITS = Habits(neighbours=3.0, kin=2.4, kin_near=0.6, online=3.0)
ALONE = np.arange(PEOPLE, dtype=np.uint32)
"""Everybody lives alone."""


def ends(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)


def test_neighbours_live_a_few_doors_along_in_the_same_district() -> None:
    bounds = np.array([0, 2048, PEOPLE])
    a, b = ends(neighbours(0, PEOPLE, bounds, HABITS, ALONE, np.random.default_rng(1)))
    assert (a // 2048 == b // 2048).all()
    apart = np.minimum((a - b) % 2048, (b - a) % 2048)
    assert apart.max() <= NEAR
    assert len(a) / PEOPLE == pytest.approx(3.0, abs=0.05)


def test_kin_live_near_or_anywhere() -> None:
    total = 100_000
    a, b = ends(kin(0, PEOPLE, total, HABITS, np.arange(total, dtype=np.uint32), np.random.default_rng(1)))
    own = a < PEOPLE
    assert (b[own] < PEOPLE).mean() > 0.6


def test_only_people_on_the_network_are_known_there() -> None:
    connected = np.arange(PEOPLE) % 3 > 0
    a, b = ends(online(0, PEOPLE, connected, HABITS, ALONE, np.random.default_rng(1)))
    assert connected[a].all()
    assert connected[b].all()


def test_nobody_is_known_to_more_than_the_network_allows() -> None:
    total = 20_000_000
    rng = np.random.default_rng(1)
    connected = np.ones(total, bool)
    first = np.arange(total, dtype=np.uint32)
    _, b = ends(online(0, total // 8, connected, HABITS, first, rng))
    # An eighth of the population begins an eighth of the ties.
    assert 8 * np.bincount(b).max() < 1.3 * MAX_DEGREE


def test_colleagues_sit_in_a_ring_and_small_firms_know_all() -> None:
    workers = np.array([5, 9, 1, 7, 3, 8, 2, 6, 0, 4], np.uint32)
    begins = np.array([0, 3, 4, 10])
    a, b = ends(colleagues(workers, begins, 0, 10, np.arange(10, dtype=np.uint32)))
    known = {person: set(b[a == person]) for person in range(10)}
    assert known[5] == {9, 1}
    assert known[7] == set()
    assert known[3] == {8, 2, 4, 0}
    assert known[6] == {8, 2, 0, 4}


def test_members_of_a_household_are_no_ties() -> None:
    workers = np.array([0, 1, 2], np.uint32)
    keys = colleagues(workers, np.array([0, 3]), 0, 3, np.array([0, 0, 2], np.uint32))
    a, b = ends(keys)
    assert {(int(x), int(y)) for x, y in zip(a, b, strict=True)} == {(0, 2), (2, 0), (1, 2), (2, 1)}


def test_rows_hold_each_contact_once_in_order() -> None:
    keys = np.array([(3 << 32) | 9, (3 << 32) | 2, (3 << 32) | 9, (5 << 32) | 1], np.uint64)
    inside, outside = split(keys, 3, 5)
    assert len(inside) == 3
    assert len(outside) == 1
    counts, found = rows(inside, 3, 5)
    assert counts.tolist() == [2, 0]
    assert found.tolist() == [2, 9]
    assert rows(np.zeros(0, np.uint64), 0, 2)[0].tolist() == [0, 0]
