"""Terms that stand for a cause of a stylised fact: belief, forbearance, routine appeals, records about traffic.

Counts are held to the closed form within 4.5 standard errors of a binomial or Poisson count with fixed seeds: of the half
dozen such checks one would fail by chance in about 25,000 sets of seeds.
"""

import numpy as np
import pytest

from glasshouse.engine.state import ArmState
from glasshouse.model.kernel_math import WEEKS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms.attitudes import Attitudes
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.firms import Firms
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.redress import Redress
from glasshouse.model.mechanisms.safeguards import Safeguards
from tests.helpers.populations import adults, arm_state
from tests.model.mechanisms.test_mechanisms import ERRORLESS, LAWFUL, LAYOUT, SILENT, Lived, close, threads
from tests.model.mechanisms.test_regime import QUICK, SLANDERED

UNSEEN = {"false_positive_rate": (0.0,) * 4, "mismatch_rate": (0.0,) * 4, "speech_coverage": 0.0}
HEARD = Safeguards(notice=1.0, appeal=1.0)


@pytest.mark.parametrize("belief", [0.0, 0.5, 1.0])
def test_what_is_announced_is_believed_in_part_whatever_one_s_exposure(belief: float) -> None:
    """Salience and deterrence follow announced coverage times b + (1 - b) e."""
    tables = (
        SILENT,
        Attitudes(belief=belief, dread=0.0),
        Observation(coverage=0.8, covert=0.0, court_reach=0.0, **UNSEEN),
    )
    first = Lived(*tables, LAWFUL, weeks=2)
    people = first.state.population.citizens
    believed = 0.8 * (belief + (1.0 - belief) * people["exposure"].astype(float))
    assert first.column("salience") == pytest.approx(believed, rel=0.06)
    deterred = Lived(*tables, Conduct(rates=(4.0, 0.0, 0.0, 0.0, 0.0), deterrence=0.9, gaming=0.0), weeks=52)
    chance = 4.0 / WEEKS * people["propensity"].astype(float) * (1.0 - 0.9 * believed)
    # The first week knows of no announcement yet.
    assert close(deterred.series("breaches")[1:].sum(), 51 * chance[first.adult].sum())


def two_firms(forbearance: float, connection: float) -> ArmState:
    """A year of two firms alike but for their connection, which break a rule nearly every week and are seen half the time."""
    population = adults(64, district=64)
    population.firms[:] = population.firms[0]
    population.firms["own_account"], population.firms["governance"] = 0, 0.0
    population.firms["connection"] = connection
    population.firms["connection"][0] = 0.0
    tables: tuple[Mechanism, ...] = (
        Firms(breach=50.0, coverage=0.5, deterrence=0.0, by_leverage=0.0, half_life=5200.0, record_points=1.0,
              forbearance=forbearance),
    )  # fmt: skip
    state = arm_state(LAYOUT, population, tables)
    for week in range(520):
        threads().step(state, 9, week)
    return state


def test_inspectors_pass_over_breaches_of_the_connected() -> None:
    spared, halved, alike = (two_firms(phi, 1.0).firms["points"].astype(float) for phi in (1.0, 0.5, 0.0))
    # Ten years of 50 breaches, of which half are recorded; points hardly expire in so short a time.
    assert (spared[1:] == 0).all()
    assert close(halved[1:].sum(), alike[1:].sum() / 2)
    assert halved[0] == alike[0] == spared[0] > 200
    for phi in (0.5, 1.0):
        assert (two_firms(phi, 0.0).firms == two_firms(0.0, 0.0).firms).all()


def test_the_rightfully_restricted_appeal_at_a_share_of_the_rate() -> None:
    guilty = (ERRORLESS, SILENT, Conduct(rates=(20.0, 0.0, 2.0, 2.0, 0.0)), QUICK, HEARD, Lists(threshold=(3,) * 4))
    all_of_them, some = (Lived(*guilty, Redress(rate=0.005, rightful=share), people=32768) for share in (1.0, 0.25))
    assert all_of_them["appeals_wrongful"] == 0
    assert all_of_them["appeals"] > 400
    assert abs(some["appeals"] - 0.25 * all_of_them["appeals"]) < 4.5 * np.sqrt(
        some["appeals"] + all_of_them["appeals"] / 16
    )
    innocent = (SLANDERED, LAWFUL, SILENT, QUICK, HEARD)
    one, other = (Lived(*innocent, Redress(rate=0.05, rightful=share)) for share in (1.0, 0.0))
    assert one["appeals"] > 100
    assert (one.weekly == other.weekly).all()


def test_routine_appeals_are_those_without_speech_on_file() -> None:
    quick = Redress(rate=0.5, reviewers=1000.0)
    quiet = Lived(SLANDERED, LAWFUL, SILENT, QUICK, HEARD, quick)
    assert quiet["routine_decided"] == quiet["appeals_decided"] > 100
    assert quiet["routine_granted"] == quiet["appeals_upheld"] + quiet["appeals_lenient"] > 0
    misread = Observation(coverage=0.0, covert=0.0, court_reach=0.0, misread=1.0, **{**UNSEEN, "speech_coverage": 1.0})
    loud = Lived(misread, LAWFUL, QUICK, HEARD, Redress(rate=0.5, reviewers=1000.0, political=1.0))
    assert loud["appeals_decided"] > loud["routine_decided"]


def test_records_about_traffic_are_counted_apart() -> None:
    drivers = Lived(ERRORLESS, SILENT, Conduct(rates=(20.0, 0.0, 0.0, 0.0, 0.0)), weeks=8)
    assert drivers["records_traffic"] == drivers["records"] > 100
    traders = Lived(ERRORLESS, SILENT, Conduct(rates=(0.0, 0.0, 5.0, 20.0, 5.0)), weeks=8)
    assert traders["records_traffic"] == 0 < traders["records"]
    # Half of the errors of the police are about traffic, and those of others are not.
    wrong = Lived(SLANDERED, SILENT, LAWFUL, weeks=26)
    police = Lived(
        SLANDERED.model_copy(update={"false_positive_rate": (0.025, 0.0, 0.0, 0.0)}), SILENT, LAWFUL, weeks=26
    )
    assert close(police["records_traffic"], police["records"] / 2)
    assert wrong["records_traffic"] < wrong["records"] / 4
    matched = Observation(
        coverage=0.0, covert=0.0, court_reach=0.0, **{**UNSEEN, "mismatch_rate": (0.01, 0.0, 0.0, 0.0)}
    )
    confused = Lived(matched, SILENT, LAWFUL, weeks=26)
    assert close(confused["records_traffic"], confused["mismatches"] / 2)
