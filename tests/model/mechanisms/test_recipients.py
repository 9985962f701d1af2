"""Benefits, take-up and irregular claims, against their closed form.

Shares are held to the closed form within 4.5 standard errors of a binomial with fixed seeds: each such check would fail by
chance for one seed in 150,000.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.agencies import WELFARE_OFFICE
from glasshouse.model.codes import BY_INTENT, BY_MISTAKE, NOT_CLAIMED
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.recipients import Recipients, benefit_of
from glasshouse.rng import stream, uniform
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
PEOPLE, ERRORS = 8192, 4.5


@cache
def compiled() -> CompiledBackend:
    return CompiledBackend(LAYOUT, PAIRINGS, threads=1)


class Years:
    """An arm after some weeks, with its sums of each week in their own units."""

    def __init__(self, *tables: Mechanism, weeks: int = 1, seed: int = 8) -> None:
        self.state = arm_state(LAYOUT, adults(PEOPLE, district=2048), tables)
        scales = np.array([total.scale for total in LAYOUT.sums])
        self.weekly = np.zeros((weeks, len(LAYOUT.sums)))
        for week in range(weeks):
            compiled().step(self.state, seed, week)
            self.weekly[week] = self.state.totals.sum(axis=(0, 1)) / scales
        self.slots = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}
        people = self.state.population.citizens
        self.adult, self.income = people["adult"] == 1, people["income"].astype(float)

    def series(self, name: str) -> NDArray[np.float64]:
        return self.weekly[:, self.slots[name]]

    def column(self, name: str) -> NDArray[Any]:
        return self.state.citizens[name]


def near(count: float, expected: float, chance: float) -> bool:
    """Whether a binomial count is within the error rate of what is expected."""
    return abs(count - expected) < ERRORS * np.sqrt(expected * (1.0 - chance) + 1e-9)


def test_the_benefit_is_the_share_of_the_line_that_is_missing() -> None:
    assert [benefit_of(income, 0.5) for income in (0.0, 0.25, 0.499, 0.5, 3.0)] == [100, 50, 1, 0, 0]
    assert benefit_of(0.0, 0.0) == 0


def test_adults_below_the_line_are_entitled_and_draw_what_is_missing() -> None:
    found = Years(Recipients(line=0.6))
    entitled = found.adult & (found.income < 0.6)
    wanted = [benefit_of(income, 0.6) if one else 0 for income, one in zip(found.income, entitled, strict=True)]
    assert found.column("benefit").tolist() == wanted
    assert found.series("entitled")[0] == found.series("drawing")[0] == entitled.sum() > 1000
    assert found.series("benefits")[0] == pytest.approx(sum(wanted) / 100.0, abs=1e-3)
    # Without odds no claim is irregular.
    assert not found.column("irregular").any()


@pytest.mark.parametrize(("give_up", "resume"), [(0.01, 0.02), (0.05, 0.01)])
def test_take_up_stays_at_the_share_that_the_hazards_balance(give_up: float, resume: float) -> None:
    found, share = Years(Recipients(give_up=give_up, resume=resume), weeks=60), resume / (resume + give_up)
    entitled = found.series("entitled")
    for week in (0, 30, 59):
        assert near(found.series("drawing")[week], entitled[week] * share, share)
    # Those who gave up are still entitled, and are not taken for people without an entitlement.
    assert (found.column("benefit") == NOT_CLAIMED).sum() == entitled[-1] - found.series("drawing")[-1]
    # People change: nobody is fixed in either state.
    kept = Years(Recipients(give_up=give_up, resume=resume)).column("benefit") == NOT_CLAIMED
    assert 0 < (kept & (found.column("benefit") != NOT_CLAIMED)).sum() < kept.sum()


@pytest.mark.parametrize("by_volatility", [0.0, 1.0])
def test_the_prevalence_of_irregular_claims_is_that_of_the_odds(by_volatility: float) -> None:
    """Odds / (1 + odds) of each recipient, from the first week on; of these the share `mistake` are mistakes."""
    table = Recipients(odds=0.4, mistake=0.7, spell=10.0, by_volatility=by_volatility)
    found = Years(table, weeks=40)
    draws = (found.column("benefit") > 0) & (found.column("benefit") != NOT_CLAIMED)
    odds = 0.4 * (1.0 + by_volatility * (2.0 * volatility(seed=8) - 1.0))
    share = np.where(draws, odds / (1.0 + odds), 0.0)
    for week in (0, 20, 39):
        mistakes, intended = (found.series(f"irregular_by_{kind}")[week] for kind in ("mistake", "intent"))
        spread = np.sqrt((share * (1.0 - share)).sum())
        assert abs(mistakes + intended - share.sum()) < ERRORS * spread
        assert near(mistakes, 0.7 * (mistakes + intended), 0.7)
    assert set(found.column("irregular")) == {0, BY_MISTAKE, BY_INTENT}
    if by_volatility:
        varies = draws & (volatility(seed=8) > 0.5)
        steady = draws & ~varies
        irregular = found.column("irregular") > 0
        assert irregular[varies].mean() > irregular[steady].mean() + 0.05


def volatility(seed: int) -> NDArray[np.float64]:
    """The draw of each citizen that says how much their income varies."""
    number, purpose = stream(Recipients.stream_name("citizen")), Recipients.draws.index("volatility")
    return np.array([uniform(seed, number, purpose, citizen, 0) for citizen in range(PEOPLE)])


def test_irregular_claims_move_irregularities_to_recipients_and_keep_their_national_rate() -> None:
    """Breaches of the kind over all adults keep their rate; half of them are of the few whose claim is irregular."""
    conduct = Conduct(rates=(0.0, 0.0, 0.5, 0.0, 0.0), trap=0.0, deterrence=0.0)
    table = Recipients(odds=0.3, claims_part=0.5, spell=1000.0)
    before, now = Years(conduct, weeks=104), Years(conduct, table, weeks=104)
    usual, moved = before.series("breaches").sum(), now.series("breaches").sum()
    # Propensity is lognormal: among the few whose claim is irregular its mean varies by about 0.8 of it.
    few = now.column("irregular") > 0
    spread = np.sqrt(1.0 / usual + 1.0 / moved + 0.25 * 0.64 / few.sum())
    assert abs(np.log(moved / usual)) < ERRORS * spread
    everybody = Observation(coverage=1.0, covert=0.0, false_positive_rate=(0.0,) * 4, mismatch_rate=(0.0,) * 4)
    seen = Years(conduct, table, everybody, weeks=52)
    recorded, claims = seen.series("records").sum(), seen.series("irregularities_recorded").sum()
    assert 0.4 < claims / recorded < 0.7
    assert 0.5 < seen.series("mistakes_recorded").sum() / claims < 0.7


def test_a_mistake_deserves_no_points() -> None:
    conduct = Conduct(rates=(0.0, 0.0, 20.0, 0.0, 0.0), trap=0.0)
    for mistake, deserved in ((1.0, False), (0.0, True)):
        found = Years(conduct, Recipients(odds=5.0, mistake=mistake, claims_part=1.0, spell=1000.0), weeks=3)
        inside = found.column("irregular") > 0
        due = next(column for column in Observation.columns if column.name == "due").values(found.state.citizens)
        assert bool(due[inside, WELFARE_OFFICE].any()) == deserved


def test_the_defaults_change_nothing_for_other_mechanisms() -> None:
    """With all who are entitled drawing and no claim irregular, conduct and records are as without the mechanism."""
    plain = Years(weeks=30)
    neutral = Years(
        Recipients(odds=0.0, claims_part=0.8, mistake=0.1, by_volatility=1.0, give_up=0.0, resume=0.02), weeks=30
    )
    assert (plain.weekly == neutral.weekly).all()
    assert plain.state.citizens.tobytes() == neutral.state.citizens.tobytes()
