"""Points on file by kind and age, followed from week to week."""

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.point_files import NEVER, PointFiles
from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR
from glasshouse.analysis.ai_act.regime_parameters import RegimeParameters
from glasshouse.analysis.ai_act.totals import EvidenceTotals, FileTotals
from glasshouse.analysis.ai_act.variants import VARIANTS
from glasshouse.model.agencies import AGENCIES, COURT, DEBT, POLICE, TRAFFIC
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions

PEOPLE = 3
(DEBT_KIND,), TRAFFIC_KIND = OF_THE_FOUR.rightful[COURT], OF_THE_FOUR.rightful[POLICE][0]
FIELDS = [(f"{side}_{k}", np.int16) for side in ("right", "wrong") for k in range(AGENCIES)]
FIELDS += [("right_speech", np.uint8), ("wrong_speech", np.uint8)]
RECORD = np.dtype(
    [*FIELDS, ("filed", np.int32), ("misfiled", np.int32), ("breach", np.int8), ("speech_filed", np.int8)]
)
TABLES = (Conduct(), Observation(), Points(half_life=52.0), Lists(), Sanctions(), Safeguards())


def files() -> PointFiles:
    return PointFiles(PEOPLE, RegimeParameters.stacked([RegimeParameters.of(TABLES)] * 2))


def week_of(right: dict[int, int], filed: dict[int, int], breach: int) -> NDArray[np.void]:
    """Records of a week in which the first citizen has these rightful points on file, of which some are new."""
    citizens = np.zeros(PEOPLE, RECORD)
    citizens["breach"] = -1
    citizens["breach"][0] = breach
    for agency, points in right.items():
        citizens[f"right_{agency}"][0] = points
    citizens["filed"][0] = sum(points << (8 * agency) for agency, points in filed.items())
    return citizens


def follow(found: PointFiles, *weeks: NDArray[np.void]) -> FileTotals:
    totals = EvidenceTotals.empty(VARIANTS, 0).files
    for week, citizens in enumerate(weeks):
        found.update(week, citizens, np.ones(PEOPLE, np.int64), np.ones(PEOPLE, bool), totals)
    return totals


def test_points_are_at_risk_in_the_weeks_after_and_lost_when_they_are_gone() -> None:
    found = files()
    new = week_of({POLICE: 4}, {POLICE: 4}, TRAFFIC)
    totals = follow(found, new, week_of({POLICE: 4}, {}, -1), week_of({POLICE: 1}, {}, -1))
    assert totals.at_risk[POLICE] == 8
    assert totals.lost[POLICE] == 3
    assert found.points[:, POLICE].tolist() == [1, 0, 0]


def test_the_newest_record_is_remembered() -> None:
    found = files()
    follow(found, week_of({}, {}, -1), week_of({POLICE: 4}, {POLICE: 4}, TRAFFIC), week_of({POLICE: 4}, {}, -1))
    assert found.newest.tolist() == [1, NEVER, NEVER]


def test_police_points_are_shared_out_as_they_are_really_left() -> None:
    found = files()
    follow(found, week_of({POLICE: 4}, {POLICE: 4}, TRAFFIC), week_of({POLICE: 3}, {}, -1))
    points, old = found.by_kind(np.array([0]))
    assert found.expected[0, TRAFFIC_KIND] == pytest.approx(4 * 0.5 ** (1 / 52), rel=1e-5)
    assert points[0, TRAFFIC_KIND] == pytest.approx(3.0)
    assert old.sum() == 0


def test_a_debt_does_not_expire() -> None:
    found = files()
    follow(found, week_of({COURT: 6}, {COURT: 6}, DEBT), *[week_of({COURT: 6}, {}, -1)] * 60)
    points, old = found.by_kind(np.array([0]))
    assert points[0, DEBT_KIND] == old[0, DEBT_KIND] == 6
