"""Ties of each kind, drawn by hand-sized examples."""

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.model.entities import CITIZEN
from glasshouse.population.network import (
    MAX_DEGREE,
    Circle,
    Habits,
    alike,
    colleagues,
    kin,
    neighbours,
    online,
    rows,
    split,
)

PEOPLE = 4096
HABITS = Habits(neighbours=3.0, kin=2.4, kin_near=0.6, online=3.0, online_near=0.5, likeness=0.9)
ALONE = np.arange(PEOPLE, dtype=np.uint32)
"""Everybody is a household of their own."""


def ends(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)


def circle(group: np.ndarray | None = None) -> Circle:
    people = np.arange(PEOPLE)
    return Circle.of(
        people, people // 128 if group is None else group, np.random.default_rng(5).standard_normal(PEOPLE)
    )


def test_a_circle_ties_those_next_to_one_another_in_score() -> None:
    score = np.array([0.5, -8.0, 3.0, 0.6, 8.0, 0.0])
    made = Circle.of(np.arange(10, 16), np.array([0, 1, 0, 0, 0, 1]), score)
    assert made.people.tolist() == [10, 13, 12, 14, 11, 15]
    a, b = made.ties(2.0, 0, np.random.default_rng(1))
    assert set(zip(a.tolist(), b.tolist(), strict=True)) == {(10, 13), (13, 12), (12, 14), (11, 15)}
    a, b = made.ties(2.0, 1, np.random.default_rng(1))
    assert set(zip(a.tolist(), b.tolist(), strict=True)) == {(10, 12), (13, 14)}


def test_neighbours_live_in_the_same_street_and_know_one_another() -> None:
    habits = replace(HABITS, online=0.0)
    a, b = ends(neighbours(circle(), np.ones(PEOPLE, bool), habits, ALONE, np.random.default_rng(1)))
    assert (a // 128 == b // 128).all()
    assert len(a) / PEOPLE == pytest.approx(3.0, abs=0.1)
    known = {(int(x), int(y)) for x, y in zip(a, b, strict=True)}
    contacts: dict[int, list[int]] = {}
    for x, y in known:
        contacts.setdefault(x, []).append(y)
    pairs = [(x, y) for one in contacts.values() for x in one for y in one if x < y]
    assert np.mean([pair in known for pair in pairs]) > 0.4


def test_a_share_of_the_network_is_of_the_same_street_and_connected() -> None:
    connected = np.arange(PEOPLE) % 3 > 0
    habits = replace(HABITS, neighbours=0.0)
    a, b = ends(neighbours(circle(), connected, habits, ALONE, np.random.default_rng(1)))
    assert connected[a].all()
    assert connected[b].all()
    assert len(a) / PEOPLE == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize("mean", [0.0, 1.44, 3.0, 6.5])
def test_families_know_all_their_members(mean: float) -> None:
    """The mean number of ties varies by less than 0.05 between populations of this size."""
    a, b = circle(np.zeros(PEOPLE, np.int64)).families(mean, np.random.default_rng(1))
    assert 2 * len(a) / PEOPLE == pytest.approx(mean, abs=0.25)
    known = set(zip(a.tolist(), b.tolist(), strict=True))
    assert len(known) == len(a)
    contacts: dict[int, set[int]] = {}
    for x, y in known:
        contacts.setdefault(x, {x}).add(y)
        contacts.setdefault(y, {y}).add(x)
    assert all(contacts[x] == contacts[y] for x, y in known)


def test_kin_live_in_the_same_group_or_anywhere() -> None:
    total = 100_000
    keys = kin(circle(np.arange(PEOPLE) // 512), HABITS, np.arange(total, dtype=np.uint32), np.random.default_rng(1))
    a, b = ends(keys)
    own = a < PEOPLE
    assert (a[own] // 512 == b[own] // 512).mean() == pytest.approx(1.44 / (1.44 + 0.48), abs=0.02)


@pytest.mark.parametrize(("likeness", "least", "most"), [(0.0, -0.02, 0.02), (0.9, 0.85, 0.95)])
def test_who_is_alike_is_of_like_age_and_schooling(likeness: float, least: float, most: float) -> None:
    """Twenty thousand citizens of independent age and schooling; the correlation's standard error is below 0.007."""
    rng = np.random.default_rng(1)
    people = np.zeros(20_000, CITIZEN)
    people["age"], people["education"], people["adult"] = rng.integers(3, 19, 20_000), rng.integers(0, 5, 20_000), 1
    score = alike(people, likeness, rng)
    plain = alike(people, 1.0, rng)
    correlation = np.corrcoef(score, plain)[0, 1]
    assert least < correlation < most


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
