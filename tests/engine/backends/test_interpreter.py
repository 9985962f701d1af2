"""The twin as its reader needs it: it stops where a compiled pass would go on with nonsense, and takes turns."""

from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import RunningError
from glasshouse.model.declarations import Column, Inbox, Signal, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from tests.helpers.populations import adults, arm_state, bytes_of


class Dividing(Mechanism):
    """Divides by the number of contacts that show nothing."""

    name: ClassVar[str] = "dividing"
    columns: ClassVar = (Column("part", "f4", "share", "a quotient"),)

    @staticmethod
    def citizen(me, contacts):
        me.part = 1.0 / (contacts.number - contacts.number)


class Posting(Mechanism):
    """Sends everybody's neighbour a number and remembers what came."""

    name: ClassVar[str] = "posting"
    columns: ClassVar = (Column("came", "i4", "letters", "letters of last week", high=1e6),)
    inboxes: ClassVar = (Inbox("mail", "letters", "letters"),)
    signals: ClassVar = (Signal("waving", "waves this week"),)
    sums: ClassVar = (Sum("letters", "letters", "letters that came"),)

    @staticmethod
    def citizen(me, send, add, contacts, week):
        me.came = me.mail
        add("letters", me.mail)
        me.waving = week % 2 == 0
        send("mail", (me.household_place + 1) * 7, 2)


def test_a_division_by_zero_stops_with_who_and_when() -> None:
    layout = ModelLayout((Dividing,))
    with pytest.raises(RunningError, match="dividing.citizen, citizen 0, week 0: .*division by zero"):
        ReferenceBackend(layout).step(arm_state(layout, adults(64)), 1, 0)


def test_what_is_sent_arrives_once_a_week_later() -> None:
    layout = ModelLayout((Posting,))
    twin, state = ReferenceBackend(layout), arm_state(layout, adults(66))
    twin.step(state, 1, 0)
    assert state.totals.sum() == 0
    twin.step(state, 1, 1)
    # 22 households with members at places 0, 1 and 2: as many letters of weight 2 to citizens 7, 14 and 21.
    assert [int(state.citizens["came"][k]) for k in (7, 14, 21, 0)] == [44, 44, 44, 0]
    assert state.totals.sum() == 132


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    layout, population = ModelLayout(CATALOGUE), adults(200)
    found = []
    for seed in (3, 3, 4):
        state, twin = arm_state(layout, population), ReferenceBackend(layout)
        for week in range(6):
            twin.step(state, seed, week)
        found.append(bytes_of(state))
    assert found[0] == found[1] != found[2]


def test_totals_are_kept_by_district_and_cell() -> None:
    layout, population = ModelLayout((Posting,)), adults(130, district=64)
    twin, state = ReferenceBackend(layout), arm_state(layout, population)
    twin.step(state, 1, 0)
    twin.step(state, 1, 1)
    assert state.totals.shape == (3, 16, 1)
    expected = np.zeros((3, 16), np.int64)
    np.add.at(expected, (np.arange(130) // 64, population.citizens["cell"]), state.citizens["came"])
    assert (state.totals[:, :, 0] == expected).all()
