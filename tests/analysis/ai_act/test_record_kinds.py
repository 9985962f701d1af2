"""Kinds of records: every agency has its kinds, and a week's points are split among them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR, RecordKinds
from glasshouse.model.agencies import AGENCIES, BREACHES, COURT, MARKET, OWNERS, POLICE, TRADE, TRAFFIC
from tests.model.test_conduct_kind_table import LOUD, REFUSED, THREE, UNSAFE

SPEECH = 12
KINDS, WRONG = OF_THE_FOUR.kinds, OF_THE_FOUR.wrong
PROTEST, MISREAD = OF_THE_FOUR.protest, OF_THE_FOUR.misread
BREACH_KIND = [next(place for place, kind in enumerate(KINDS) if kind.breach == breach) for breach in range(BREACHES)]
"""The kind of a rightful record of each breach."""


def split(breach: int, spoke: int, rightful: dict[int, int], wrongful: dict[int, int]) -> NDArray[np.int64]:
    """One citizen's new points by kind; a traffic breach brings one point, every other three."""
    citizens = np.zeros(1, [("breach", np.int8), ("speech_filed", np.int8)])
    citizens["breach"], citizens["speech_filed"] = breach, spoke
    new = [np.array([[points.get(agency, 0) for agency in range(AGENCIES)]]) for points in (rightful, wrongful)]
    worth = np.full((1, BREACHES), 3)
    worth[0, TRAFFIC] = 1
    return OF_THE_FOUR.points(citizens, *new, np.array([SPEECH]), worth)[0]


def test_kinds_stand_in_the_file_of_their_agency_and_are_rightful_or_not() -> None:
    assert OF_THE_FOUR.owner.tolist() == [kind.agency for kind in KINDS]
    for agency in range(AGENCIES):
        wrong = KINDS[WRONG[agency]]
        assert (wrong.agency, wrong.rightful) == (agency, False)
        assert all(
            (KINDS[kind].agency, KINDS[kind].rightful) == (agency, True) for kind in OF_THE_FOUR.rightful[agency]
        )
    assert [KINDS[kind].agency for kind in BREACH_KIND] == list(OWNERS)
    assert (KINDS[PROTEST].rightful, KINDS[MISREAD].rightful) == (True, False)


@pytest.mark.parametrize("breach", range(BREACHES))
def test_points_for_a_breach_are_of_its_kind_and_none_are_lost(breach: int) -> None:
    found = split(breach, 0, {OWNERS[breach]: 3}, {COURT: 2})
    assert found[BREACH_KIND[breach]] == 3
    assert found[WRONG[COURT]] == 2
    assert found.sum() == 5


def test_a_protest_and_a_breach_in_one_week_are_told_apart() -> None:
    found = split(TRAFFIC, 1, {POLICE: SPEECH + 1}, {})
    assert (found[PROTEST], found[BREACH_KIND[TRAFFIC]], found.sum()) == (SPEECH, 1, SPEECH + 1)


def test_a_misread_complaint_is_no_protest() -> None:
    protest = split(-1, 1, {POLICE: SPEECH}, {})
    misread = split(-1, 1, {}, {POLICE: SPEECH + 2})
    assert (protest[PROTEST], protest.sum()) == (SPEECH, SPEECH)
    assert (misread[MISREAD], misread[WRONG[POLICE]], misread.sum()) == (SPEECH, 2, SPEECH + 2)


def test_each_file_has_a_kind_for_every_breach_that_its_agency_records() -> None:
    found = RecordKinds.of(THREE)
    assert len(found.wrong) == len(found.rightful) == THREE.number
    for agency, breaches in enumerate(THREE.recorded()):
        assert tuple(found.kinds[kind].breach for kind in found.rightful[agency]) == breaches
    assert {found.kinds[kind].breach for kind in found.like(TRADE)} == {TRADE, UNSAFE}
    assert {found.kinds[kind].breach for kind in found.like(TRAFFIC)} == {TRAFFIC, LOUD}
    assert [found.kinds[kind].name for kind in (found.protest, found.misread)] == [
        "protest",
        "complaint misread as an offence",
    ]


@pytest.mark.parametrize(("breach", "agency"), [(TRADE, MARKET), (TRADE, 4), (UNSAFE, 4), (REFUSED, COURT), (LOUD, 5)])
def test_points_for_a_breach_stand_in_the_file_of_the_agency_that_it_concerned(breach: int, agency: int) -> None:
    kinds = RecordKinds.of(THREE)
    citizens = np.zeros(1, [("breach", np.int8), ("speech_filed", np.int8)])
    citizens["breach"] = breach
    rightful, wrongful = (np.zeros((1, THREE.number), np.int64) for _ in range(2))
    rightful[0, agency], wrongful[0, 5] = 3, 2
    worth = np.full((1, THREE.kinds.number), 3)
    (found,) = kinds.points(citizens, rightful, wrongful, np.array([SPEECH]), worth)
    assert {(kinds.kinds[k].breach, kinds.kinds[k].agency): found[k] for k in np.flatnonzero(found)} == {
        (breach, agency): 3,
        (-1, 5): 2,
    }
