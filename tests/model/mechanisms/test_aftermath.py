"""What comes after a regime: victims come forward, are recognised and refunded, at the rates that the settings say.

Rates are checked at 4.5 standard errors of a binomial count with fixed seeds: one of the checks here would fail by chance
in about 50,000 sets of seeds.
"""

import numpy as np

from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms.aftermath import NO_CLAIM, RECOGNISED, REFUNDED, Aftermath
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from tests.helpers.populations import adults, arm_state
from tests.model.mechanisms.test_mechanisms import ERRORLESS, LAWFUL, LAYOUT, SILENT, Lived, close, threads
from tests.model.mechanisms.test_regime import QUICK, SLANDERED

SEVERITY = 0.25
# All that is listed is wronged, and nobody appeals.
WRONGED = (SLANDERED, LAWFUL, SILENT, QUICK, Safeguards(appeal=0.0), Sanctions(severity=(SEVERITY,) * 4))
UNSEEN = Observation(
    coverage=0.0, covert=0.0, court_reach=0.0, misread=0.0, speech_coverage=0.0, false_positive_rate=(0.0,) * 4,
    mismatch_rate=(0.0,) * 4,
)  # fmt: skip
FORGETTING = Points(half_life=4.0)
AT_ONCE = {"unaware": 0.0, "intake": 1.0, "light": 1.0, "light_error": 0.0, "capacity": 1000.0, "delay": 1.0}
OWN = {total.name for total in Aftermath.sums}
YEAR = 52


class Ended(Lived):
    """A regime that ends in a week: then nobody is observed, files are soon deleted, and redress goes on."""

    def __init__(self, aftermath: Aftermath, *, stop: int, weeks: int, people: int = 8192) -> None:
        after = (*WRONGED, aftermath)
        ended = (UNSEEN, FORGETTING, *WRONGED[1:], aftermath.model_copy(update={"eligible": 0.0}))
        self.state = arm_state(LAYOUT, adults(people, district=2048), ended, after)
        self.weekly = np.zeros((weeks, len(LAYOUT.sums)))
        scales = np.array([total.scale for total in LAYOUT.sums])
        for week in range(weeks):
            self.state.active_table[:] = 1 if week < stop else 0
            threads().step(self.state, 5, week)
            self.weekly[week] = self.state.totals.sum(axis=(0, 1)) / scales
        self.slots = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}


def lived(*tables: Mechanism, **settings: float) -> Lived:
    return Lived(*WRONGED, *tables, Aftermath(eligible=1.0, **settings))


def test_switched_off_its_settings_change_nothing_and_switched_on_it_only_counts() -> None:
    plain, off, on = Lived(*WRONGED), Lived(*WRONGED, Aftermath(**AT_ONCE)), lived(**AT_ONCE)
    assert (plain.weekly == off.weekly).all()
    assert all(off[name] == 0.0 for name in OWN)
    others = [slot for name, slot in plain.slots.items() if name not in OWN]
    assert (plain.weekly[:, others] == on.weekly[:, others]).all()
    assert on["refunded_ww"] > 0.0


def test_what_is_taken_is_the_severity_of_wrong_restrictions() -> None:
    found = lived(intake=0.0, discovery=0.0)
    assert found["restrictions_wrong"] > 1000
    # Districts know what a restriction costs from the second week on.
    assert found["taken_wrongly_ww"] == SEVERITY * found.series("restrictions_wrong")[1:].sum()
    assert found["victims"] == (found.column("taken") > 0.0).sum()
    assert np.isclose(found.column("taken").sum(dtype=float), found["taken_wrongly_ww"])
    assert (found.column("claim") == NO_CLAIM).all()
    half = Lived(*WRONGED, Aftermath(eligible=0.5, intake=0.0, discovery=0.0))
    assert close(half["victims"], found["victims"] / 2)
    guilty = (ERRORLESS, SILENT, QUICK, Conduct(rates=(20.0, 0.0, 2.0, 2.0, 0.0)))
    rightful = Lived(*guilty, Aftermath(eligible=1.0))
    assert rightful["listed"] > 100
    assert all(rightful[name] == 0.0 for name in OWN)


def test_victims_come_forward_at_once_or_late() -> None:
    aware = lived(unaware=0.0, intake=0.05, light=0.0)
    assert close(aware["claims"], 0.05 * (aware["victims_unknown"] - aware["claims_open"]))
    late = lived(unaware=1.0, intake=1.0, discovery=0.02, light=0.0)
    assert close(late["claims"], 0.02 * (late["victims_unknown"] - late["claims_open"]))
    assert lived(unaware=0.0, intake=1.0, start=40).series("claims")[:40].sum() == 0.0


def test_the_light_test_errs_and_the_full_test_holds_to_its_capacity() -> None:
    light = lived(unaware=0.0, intake=1.0, light=0.3, light_error=0.0)
    assert light["claims_full"] == 0.0
    assert close(light["victims_known"], 0.3 * light["claims_open"])
    # Of those whom the light test decides, the share that it fails waits for the full test.
    failed = lived(unaware=0.0, intake=1.0, light=1.0, light_error=0.4, capacity=0.0)
    waiting = (failed.column("claim") == 2).sum()
    assert close(waiting, 0.4 * (waiting + failed["victims_known"]))
    full = lived(unaware=0.0, intake=1.0, light=1.0, light_error=1.0, capacity=0.5)
    # One claim for 2,000 citizens a week, once there is a queue.
    weeks = (full.series("claims_full") > 100).sum()
    assert weeks > 20
    assert abs(full.series("victims_known")[-weeks:].sum() - 8192 * 0.5 / 1000 * weeks) < 4.5 * np.sqrt(4.096 * weeks)


def test_a_refund_follows_the_end_of_the_restriction_after_its_delay() -> None:
    free = Ended(Aftermath(eligible=1.0, **AT_ONCE), stop=30, weeks=600, people=4096)
    assert free["refunds"] == free["victims_known"] == free["victims"] > 100
    paid = {
        share: Ended(Aftermath(eligible=1.0, **AT_ONCE, refund=share), stop=30, weeks=600, people=4096)
        for share in (0.0, 0.5)
    }
    assert paid[0.0]["refunded_ww"] == 0.0 < paid[0.0]["refunds"]
    assert np.isclose(paid[0.5]["refunded_ww"], free["refunded_ww"] / 2)
    slow = Ended(Aftermath(eligible=1.0, **{**AT_ONCE, "delay": 40.0}), stop=30, weeks=600, people=4096)
    assert slow["refunds_due"] > free["refunds_due"] + 30 * slow["refunds"]


def test_victims_known_rise_for_years_after_a_stop() -> None:
    """X9 of the design: harm ends soon after the stop, while victims are recognised year after year, the full test over a year late."""
    slow = Aftermath(
        eligible=1.0, start=60, unaware=0.6, intake=0.01, discovery=0.003, light=0.2, light_error=0.5, capacity=0.1
    )
    found = Ended(slow, stop=YEAR, weeks=8 * YEAR)
    known = found.series("victims_known").reshape(-1, YEAR).sum(axis=1)
    assert known[0] == 0.0 < known[1:].min()
    new = found.series("victims").reshape(-1, YEAR).sum(axis=1)
    assert new[0] > 500 > new[1:].sum() == 0.0
    assert (
        found.series("taken_wrongly_ww")[YEAR : 2 * YEAR].sum()
        > 0.0
        == found.series("taken_wrongly_ww")[3 * YEAR :].sum()
    )
    assert 0.3 < found["victims_known"] / found["victims"] < 0.9
    # Weeks in the queue for the full test, for each claim that it can decide in these years.
    decided = 0.1 * 8192 / 1000 * (found.series("claims_full") > 0).sum()
    assert found["claims_full"] / decided > YEAR
    refunded = found.series("refunded_ww").cumsum()
    assert 0.0 < refunded[2 * YEAR] < 0.5 * refunded[-1]
    assert set(np.unique(found.column("claim"))) >= {NO_CLAIM, RECOGNISED, REFUNDED}


def test_without_a_regime_there_are_no_victims() -> None:
    found = Ended(Aftermath(eligible=1.0, **AT_ONCE), stop=0, weeks=26)
    assert all(found[name] == 0.0 for name in OWN)
