"""Animations: facts of every dot, and what is counted of them, by hand and from a run."""

import numpy as np
import pytest

from glasshouse.engine import run as engine
from glasshouse.engine.recorder import LifeRecorder
from glasshouse.errors import RunningError
from glasshouse.scenario.scenario import load
from glasshouse.web import animation
from glasshouse.web.animation import FACTS, Animation

BIT = {fact: 1 << place for place, fact in enumerate(FACTS)}


@pytest.fixture(scope="module")
def town() -> Animation:
    return animation.record(load("town", ("society.citizens=400", "run.weeks=60")))


def by_hand() -> Animation:
    """Three adults and a child over four weeks; only the second arm has anything in it."""
    states = np.zeros((2, 4, 4), np.uint8)
    states[1, 0, 0] = BIT["restricted"]
    states[1, 2, 0] = states[1, 2, 1] = states[1, 3, 1] = BIT["restricted"] | BIT["known"] | BIT["complains"]
    states[1, :, 3] = 255
    states[1, 1:, 2] = BIT["on_file"]
    adults = np.array([True, True, True, False])
    return Animation(states, np.zeros(4, np.int64), np.arange(4), adults, np.zeros((0, 2), np.int64))


def test_what_is_counted_is_counted_from_the_week_on_and_of_adults() -> None:
    found = by_hand()
    assert found.so_far("restricted", 0)[1].tolist() == [1, 1, 2, 2]
    assert found.so_far("restricted", 1)[1].tolist() == [0, 0, 2, 2]
    assert found.so_far("complains", 0)[1].tolist() == [0, 0, 2, 3]
    assert found.so_far("on_file", 0)[1].tolist() == [0, 1, 1, 1]
    assert found.so_far("known", 0)[1].tolist() == [0, 0, 2, 2]
    assert found.so_far("known", 3)[1].tolist() == [0, 0, 0, 0]
    assert not found.so_far("known", 0)[0].any()


def test_before_the_regime_both_towns_are_the_same_and_then_they_differ(town: Animation) -> None:
    before = town.states[:, :26]
    assert (before[0] == before[1]).all()
    assert (town.states[0, 26:] != town.states[1, 26:]).any()


def test_facts_imply_one_another_as_they_must(town: Animation) -> None:
    seen = {fact: (town.states & bit) > 0 for fact, bit in BIT.items()}
    assert not (seen["wrongly"] & ~seen["restricted"]).any()
    assert not (seen["known"] & ~seen["problem"]).any()
    assert not (seen["afraid"] & (seen["complains"] | ~seen["problem"])).any()
    assert all(seen[fact].any() for fact in FACTS if fact != "protests")


def test_an_animation_counts_what_the_weekly_totals_of_the_same_run_count(town: Animation) -> None:
    totals = engine.replay_first_replicate(
        load("town", ("society.citizens=400", "run.weeks=60")), LifeRecorder(60), threads=1
    )
    names = [total.name for total in totals.sums]
    complaints = totals.weekly[:, :60, :, names.index("complaints")].sum(axis=2)
    assert (((town.states[:, :, town.adults] & BIT["complains"]) > 0).sum(axis=2) == complaints).all()


def test_everybody_has_a_place_and_ties_are_listed_once(town: Animation) -> None:
    assert town.districts.tolist() == sorted(town.districts.tolist())
    assert (town.households <= np.arange(400)).all()
    pairs = {tuple(pair) for pair in town.ties.tolist()}
    assert len(pairs) == len(town.ties)
    assert all(one < other for one, other in pairs)


def test_an_animation_too_long_to_hold_is_refused() -> None:
    with pytest.raises(RunningError, match="an animation holds 4,000,000"):
        animation.record(load("town", ("society.citizens=100000",)))
