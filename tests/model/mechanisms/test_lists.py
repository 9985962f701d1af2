"""What lists count of other agencies' points: sharing, withholding, use, differences between districts, and speech.

The mean and the spread of integration are held to four standard errors of 20,000 draws with a fixed seed: both checks together
fail by chance for one seed in 8,000.
"""

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES, POLICE
from glasshouse.model.measure import Sums
from glasshouse.model.measures.score import SharingSpread
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import IMPORTED, Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.voice import Voice
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
SLOT = {total.name: place for place, total in enumerate(LAYOUT.sums)}
WEEKS = 6
SPOKEN = (
    Voice(threshold_complaint=-5.0, threshold_protest=0.4),
    Observation(coverage=0.0, covert=0.0, court_reach=0.0, speech_coverage=1.0, misread=1.0, mismatch_rate=(0.0,) * 4),
    Conduct(rates=(0.0,) * 5),
)
"""Everybody complains or protests, and nothing else is recorded."""
RECORDED = (
    Voice(threshold_complaint=-5.0, threshold_protest=0.4),
    Observation(coverage=1.0, court_reach=1.0, speech_coverage=1.0, misread=1.0, false_positive_rate=(0.5,) * 4),
    Conduct(rates=(5.0, 3.0, 4.0, 4.0, 4.0)),
)
"""All kinds of records."""


def weeks(*tables: Mechanism, number: int = WEEKS) -> tuple[ArmState, list[float]]:
    """The arm after some weeks, and the points that lists took over in each."""
    state, backend, imported = arm_state(LAYOUT, adults(192), tables), ReferenceBackend(LAYOUT), []
    for week in range(number):
        backend.step(state, 7, week)
        imported.append(float(state.totals[..., SLOT["points_imported"]].sum()) / IMPORTED)
    return state, imported


@cache
def recorded(**lists: Any) -> tuple[ArmState, list[float]]:
    return weeks(*RECORDED, Lists(**lists))


def files(state: ArmState, side: str) -> NDArray[np.float64]:
    return np.stack([state.citizens[f"{side}_{k}"] for k in range(AGENCIES)], axis=1).astype(float)


@pytest.mark.parametrize(
    ("use", "passed_on", "spread", "speech"),
    [(1.0, (1.0,) * 4, 0.0, 1.0), (0.5, (0.9, 0.8, 0.7, 0.6), 0.0, 0.25), (0.9, (0.5, 1.0, 1.0, 1.0), 0.6, 0.0)],
)
def test_what_lists_take_over_is_what_is_shared_given_and_used(
    use: float, passed_on: tuple[float, ...], spread: float, speech: float
) -> None:
    """The closed form over the files that the week leaves; each of 192 citizens' amounts is rounded to 1 / 1024."""
    sharing = tuple(np.linspace(0.2, 1.0, AGENCIES * AGENCIES).tolist())
    given = {
        "use": use,
        "passed_on": passed_on,
        "integration_spread": spread,
        "speech_shared": speech,
        "sharing": sharing,
    }
    state, imported = recorded(integration=0.4, **given)
    held = files(state, "right") + files(state, "wrong")
    spoken = state.citizens["right_speech"].astype(float) + state.citizens["wrong_speech"]
    assert spoken.sum() > 0
    district = np.repeat(np.arange(len(state.districts)), state.population.districts["size"])
    relative_integration = np.stack([state.districts[f"relative_integration_{k}"] for k in range(AGENCIES)], axis=1)[
        district
    ]
    expected = 0.0
    for k in range(AGENCIES):
        link = np.minimum(0.4 * use * relative_integration[:, k], 1.0)
        for j in range(AGENCIES):
            if j != k:
                points = held[:, j] - (1.0 - speech) * spoken * (j == POLICE)
                expected += float((link * sharing[j * AGENCIES + k] * passed_on[j] * points).sum())
    assert imported[-1] == pytest.approx(expected, abs=192 / IMPORTED)
    assert (relative_integration == 1.0).all() == (spread == 0.0)


def test_without_integration_nothing_else_about_sharing_matters() -> None:
    usual, none = recorded(integration=0.0)
    other, _ = recorded(integration=0.0, use=0.3, passed_on=(0.5,) * 4, speech_shared=1.0)
    assert none == [0.0] * WEEKS
    assert usual.citizens.tobytes() == other.citizens.tobytes()
    assert usual.totals.tobytes() == other.totals.tobytes()


def test_an_agency_that_withholds_all_shares_nothing() -> None:
    closed, imported = recorded(integration=1.0, passed_on=(0.0,) * 4)
    assert imported == [0.0] * WEEKS
    assert closed.totals.tobytes() == recorded(integration=0.0)[0].totals.tobytes()
    assert recorded(integration=1.0, use=0.0)[0].totals.tobytes() == closed.totals.tobytes()


def test_integration_of_districts_and_lists_has_the_mean_of_the_nation_and_the_given_spread() -> None:
    table = Lists(integration_spread=0.5)
    p = SimpleNamespace(**vars(table), **table.constants())
    rng, drawn = np.random.default_rng(3), []
    for _ in range(5000):
        here = SimpleNamespace(
            relative_integration=[0.0] * AGENCIES,
            lawful_weight=[0.0] * AGENCIES**2,
            linked=0.0,
            purpose=0.0,
            lawful_purpose=0.0,
        )
        Lists.district(here, p, lambda *_: rng.random())
        drawn += here.relative_integration
    found = np.array(drawn)
    spread = np.sqrt(np.exp(0.25) - 1)
    assert abs(found.mean() - 1.0) < 4 * spread / np.sqrt(len(found)) + 1e-3
    assert abs(np.log(found).std() - 0.5) < 4 * 0.5 / np.sqrt(2 * len(found)) + 1e-3


def test_integration_of_a_district_stays_what_it_is() -> None:
    once, often = (weeks(*RECORDED, Lists(integration_spread=0.5), number=number)[0].districts for number in (1, 3))
    names = [f"relative_integration_{k}" for k in range(AGENCIES)]
    assert all((once[name] == often[name]).all() for name in names)
    assert len({float(once[name][place]) for name in names for place in range(len(once))}) == len(names) * len(once)


def test_points_about_speech_are_a_part_of_the_police_file() -> None:
    state, _ = weeks(*SPOKEN, Points(half_life=4.0), Lists())
    for side in ("right", "wrong"):
        assert (state.citizens[f"{side}_speech"] == np.minimum(files(state, side)[:, POLICE], 255)).all()
        assert state.citizens[f"{side}_speech"].any()
    mixed, _ = recorded(integration=0.0)
    for side in ("right", "wrong"):
        assert (mixed.citizens[f"{side}_speech"] <= files(mixed, side)[:, POLICE]).all()
        assert (mixed.citizens[f"{side}_speech"] < files(mixed, side)[:, POLICE]).any()


def test_speech_restricts_travel_and_enters_other_lists_only_where_it_is_shared() -> None:
    quick = {"integration": 1.0, "delay_on": 0.0, "threshold": (6.0,) * 4}
    (apart, _), (shared, _) = (weeks(*SPOKEN, Lists(**quick, speech_shared=one)) for one in (0.0, 1.0))
    for state, others in ((apart, False), (shared, True)):
        assert (state.citizens["state_0"] > 0).any()
        assert [bool((state.citizens[f"state_{k}"] > 0).any()) for k in range(1, AGENCIES)] == [others] * 3
    assert (apart.citizens["state_0"] == shared.citizens["state_0"]).all()


def test_the_spread_between_districts_is_relative_to_their_mean() -> None:
    totals = np.zeros((4, len(LAYOUT.sums)), np.int64)
    totals[:, SLOT["points_held"]] = [10, 10, 10, 0]
    totals[:, SLOT["points_imported"]] = np.array([1, 2, 3, 0]) * IMPORTED
    assert float(SharingSpread.value(Sums(totals, LAYOUT.sums))) == pytest.approx(np.std([1, 2, 3]) / 2)
    assert np.isnan(SharingSpread.value(Sums(totals[:1], LAYOUT.sums)))
