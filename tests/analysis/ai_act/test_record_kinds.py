"""Kinds of records: every agency has its kinds, and a week's points are split among them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.record_kinds import (
    BREACH_KIND,
    KINDS,
    MISREAD,
    OWNER,
    PROTEST,
    RIGHTFUL_KIND,
    WRONG_KIND,
    points_by_kind,
)
from glasshouse.model.agencies import AGENCIES, BREACHES, COURT, OWNERS, POLICE, TRAFFIC

SPEECH = 12


def split(breach: int, spoke: int, rightful: dict[int, int], wrongful: dict[int, int]) -> NDArray[np.int64]:
    """One citizen's new points by kind; a traffic breach brings one point, every other three."""
    citizens = np.zeros(1, [("breach", np.int8), ("speech_filed", np.int8)])
    citizens["breach"], citizens["speech_filed"] = breach, spoke
    new = [np.array([[points.get(agency, 0) for agency in range(AGENCIES)]]) for points in (rightful, wrongful)]
    worth = np.full((1, BREACHES), 3)
    worth[0, TRAFFIC] = 1
    return points_by_kind(citizens, *new, np.array([SPEECH]), worth)[0]


def test_kinds_stand_in_the_file_of_their_agency_and_are_rightful_or_not() -> None:
    assert OWNER.tolist() == [kind.agency for kind in KINDS]
    for agency in range(AGENCIES):
        wrong = KINDS[WRONG_KIND[agency]]
        assert (wrong.agency, wrong.rightful) == (agency, False)
    for agency, kind in RIGHTFUL_KIND.items():
        assert (KINDS[kind].agency, KINDS[kind].rightful) == (agency, True)
    assert [KINDS[kind].agency for kind in BREACH_KIND] == list(OWNERS)
    assert (KINDS[PROTEST].rightful, KINDS[MISREAD].rightful) == (True, False)


@pytest.mark.parametrize("breach", range(BREACHES))
def test_points_for_a_breach_are_of_its_kind_and_none_are_lost(breach: int) -> None:
    found = split(breach, 0, {OWNERS[breach]: 3}, {COURT: 2})
    assert found[BREACH_KIND[breach]] == 3
    assert found[WRONG_KIND[COURT]] == 2
    assert found.sum() == 5


def test_a_protest_and_a_breach_in_one_week_are_told_apart() -> None:
    found = split(TRAFFIC, 1, {POLICE: SPEECH + 1}, {})
    assert (found[PROTEST], found[BREACH_KIND[TRAFFIC]], found.sum()) == (SPEECH, 1, SPEECH + 1)


def test_a_misread_complaint_is_no_protest() -> None:
    protest = split(-1, 1, {POLICE: SPEECH}, {})
    misread = split(-1, 1, {}, {POLICE: SPEECH + 2})
    assert (protest[PROTEST], protest.sum()) == (SPEECH, SPEECH)
    assert (misread[MISREAD], misread[WRONG_KIND[POLICE]], misread.sum()) == (SPEECH, 2, SPEECH + 2)
