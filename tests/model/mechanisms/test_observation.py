"""Scrutiny and judgement, against their closed form.

Counts are held to the closed form within 4 standard errors of a Poisson count, ratios of counts likewise on the log scale.
Seeds are fixed. A check that compares one number fails by chance for one seed in 16,000; all checks of this file together
for one set of seeds in about 600.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import glasshouse
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import COURT, DEBT, MARKET, OWNERS, POLICE, WELFARE_OFFICE
from glasshouse.model.codes import NOT_CLAIMED
from glasshouse.model.entities import CELLS, DEFAULT_GROUPS, NOBODY
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.peer_reports import PeerReports
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.model.visibility import MEAN_EXPOSURE
from glasshouse.results.groups import cells_of
from glasshouse.scenario.files import library_names
from tests.helpers.populations import adults, arm_state, bytes_of

LAYOUT = ModelLayout(CATALOGUE)
SILENT = Voice(threshold_complaint=9.0, threshold_protest=9.0, noise=0.0, pull_protest=0.0)
RATES = (0.5, 0.1, 0.5, 0.4, 0.3)
FREE = Conduct(rates=RATES, trap=0.0, deterrence=0.0, gaming=0.0, volunteering=0.0)
SEEN: dict[str, Any] = {
    "coverage": 0.2,
    "covert": 0.0,
    "mismatch_rate": (0.0,) * 4,
    "intensity_migrant": 1.0,
    "lead": (12.5, 100.0, 12.5, 5.0),
    "sensitivity": (0.9, 1.0, 0.8, 0.9, 0.7),
    "false_positive_rate": (0.02, 0.05, 0.03, 0.01),
}
PEOPLE, WEEKS, ERRORS = 8192, 104, 4.0
GROUPS = ("minority", "not minority")


class Watched:
    """Records of two groups over two years, counted and as the closed form expects them."""

    def __init__(self, observation: Observation, *tables: Mechanism, seed: int = 5) -> None:
        self.observation, self.conduct = observation, FREE
        given = (SILENT, FREE, *tables, observation)
        self.state = arm_state(LAYOUT, adults(PEOPLE, district=2048), given)
        backend = CompiledBackend(LAYOUT, PAIRINGS, threads=1)
        self.sums = np.zeros((CELLS, len(LAYOUT.sums)))
        for week in range(WEEKS):
            backend.step(self.state, seed, week)
            self.sums += self.state.totals.sum(axis=0)
        self.slots = {total.name: slot for slot, total in enumerate(LAYOUT.sums)}

    def count(self, name: str, group: str) -> float:
        """A sum over a group."""
        return float(self.sums[cells_of(group, DEFAULT_GROUPS), self.slots[name]].sum())

    def true(self, group: str) -> float:
        """True records of a group."""
        return self.count("records", group) - self.count("records_false", group)

    def expected(self, group: str) -> tuple[float, float]:
        """True and false records of a group by the closed form."""
        people, p = self.state.population.citizens, self.observation
        inside = np.isin(people["cell"], cells_of(group, DEFAULT_GROUPS)) & (people["adult"] == 1)
        one = people[inside]
        watched = (p.coverage + p.covert) * one["exposure"].astype(float)
        watched *= np.where(one["abroad"], p.reach_abroad, 1.0) * np.where(one["minority"], p.intensity_minority, 1.0)
        breaches = np.outer(one["propensity"].astype(float) / 52, self.conduct.rates)
        true, false = 0.0, 0.0
        for kind, sensitivity in enumerate(p.sensitivity):
            drawn: NDArray[np.float64] | float = p.court_reach if kind == DEBT else np.minimum(watched, 1.0)
            true += float((breaches[:, kind] * drawn).sum() * sensitivity)
        for agency, lead in enumerate(p.lead):
            scrutiny = np.minimum((p.court_reach + 0.0 * watched if agency == COURT else watched) / lead, 1.0)
            own = breaches[:, [kind for kind, owner in enumerate(OWNERS) if owner == agency]].sum(axis=1)
            false += float((scrutiny * (1.0 - own)).sum() * p.false_positive_rate[agency])
        return WEEKS * true, WEEKS * false

    def precision(self, group: str) -> float:
        """Share of a group's records that are true."""
        return self.true(group) / self.count("records", group)

    def false_a_head(self, group: str) -> float:
        """False records an adult."""
        return self.count("records_false", group) / self.count("adults", group)


@cache
def watched(intensity: float, **settings: Any) -> Watched:
    return Watched(Observation(**{**SEEN, "court_reach": 0.0, **settings}, intensity_minority=intensity))


def near(counted: float, expected: float) -> bool:
    return abs(counted - expected) < ERRORS * np.sqrt(expected)


@pytest.mark.parametrize("intensity", [0.5, 1.0, 2.0, 3.0])
def test_records_come_as_the_closed_form_has_them(intensity: float) -> None:
    found = Watched(Observation(**SEEN, court_reach=0.6, intensity_minority=intensity))
    for group in GROUPS:
        true, false = found.expected(group)
        assert near(found.true(group), true)
        assert near(found.count("records_false", group), false)


@pytest.mark.parametrize("intensity", [0.5, 1.0, 2.0, 3.0])
def test_who_is_watched_more_is_accused_more_and_not_more_rightly(intensity: float) -> None:
    """Precision is free of intensity, and false records a head are proportional to it, apart from the groups' traits."""
    found, even = watched(intensity), watched(1.0)
    expected = [found.expected(group) for group in GROUPS]
    usual = [even.expected(group) for group in GROUPS]
    ratio = found.false_a_head("minority") / found.false_a_head("not minority")
    traits = (usual[0][1] / usual[1][1]) / (even.count("adults", "minority") / even.count("adults", "not minority"))
    counts = [found.count("records_false", group) for group in GROUPS]
    assert abs(np.log(ratio / (intensity * traits))) < ERRORS * np.sqrt(sum(1 / count for count in counts))
    for group, (true, false), (before, wrong) in zip(GROUPS, expected, usual, strict=True):
        assert true / (true + false) == pytest.approx(before / (before + wrong), abs=1e-9)
        share, spread = true / (true + false), found.count("records", group)
        assert abs(found.precision(group) - share) < ERRORS * np.sqrt(share * (1 - share) / spread)


def test_with_equal_intensity_no_group_differs_beyond_noise() -> None:
    found = watched(1.0)
    for name in ("records", "records_false"):
        heads = [found.count(name, group) / found.count("adults", group) for group in GROUPS]
        # Traits are drawn without regard to the group: exposure and propensity vary by about 0.6 and 0.8 of their mean.
        people = [found.count("adults", group) / WEEKS for group in GROUPS]
        noise = [1 / found.count(name, g) + 1.0 / n for g, n in zip(GROUPS, people, strict=True)]
        assert abs(np.log(heads[0] / heads[1])) < ERRORS * np.sqrt(sum(noise))


def test_without_scrutiny_nothing_is_recorded() -> None:
    blind = watched(3.0, coverage=0.0, speech_coverage=0.0, false_positive_rate=(1.0,) * 4)
    assert blind.count("breaches", "everybody") > 0
    assert blind.count("records", "everybody") == blind.count("scrutiny_capped", "everybody") == 0


def test_a_perfect_judge_records_breaches_alone() -> None:
    found = watched(3.0, false_positive_rate=(0.0,) * 4)
    assert found.count("records", "everybody") > found.count("records_false", "everybody") == 0


def test_once_every_breach_draws_scrutiny_more_watching_adds_false_records_alone() -> None:
    settings: dict[str, Any] = {"coverage": 1.0, "lead": (12.5,) * 4}
    close, closer = watched(5.0, **settings), watched(10.0, **settings)
    capped = [
        found.count("scrutiny_capped", "minority") / found.count("adults", "minority") for found in (close, closer)
    ]
    # Exposure is uniform on 0 to 1, and 2 % live abroad: a fifth of them, and then a tenth, is not watched so closely.
    assert capped == [pytest.approx(0.98 * share, abs=0.02) for share in (0.8, 0.9)]
    assert closer.count("records_false", "minority") > 1.8 * close.count("records_false", "minority")
    for found in (close, closer):
        true, false = found.expected("minority")
        share = true / (true + false)
        spread = np.sqrt(share * (1 - share) / found.count("records", "minority"))
        assert abs(found.precision("minority") - share) < ERRORS * spread
    assert closer.true("minority") < 1.1 * close.true("minority")
    assert closer.precision("minority") < close.precision("minority") - 0.1


def test_a_false_record_is_about_a_kind_of_its_agency() -> None:
    """Points of the false records show whose they are: here only the welfare office errs."""
    rates = (0.0, 0.0, 0.2, 0.0)
    found = watched(1.0, false_positive_rate=rates)
    assert found.count("records_false", "everybody") > 100
    for agency in range(4):
        assert bool((found.state.citizens[f"wrong_{agency}"] > 0).any()) == (rates[agency] > 0)


def test_courts_are_moved_by_creditors_and_not_by_watching() -> None:
    settings: dict[str, Any] = {"court_reach": 0.8, "false_positive_rate": (0.0, 0.5, 0.0, 0.0)}
    seldom, often = watched(1.0, **settings), watched(3.0, **settings)
    counted = [found.count("records_false", "minority") for found in (seldom, often)]
    assert counted[0] == counted[1] > 100
    half = watched(1.0, **{**settings, "court_reach": 0.4}).count("records_false", "everybody")
    whole = seldom.count("records_false", "everybody")
    assert abs(np.log(2 * half / whole)) < ERRORS * np.sqrt(1 / half + 1 / whole)


def test_an_audit_lowers_false_records_only() -> None:
    settings = Observation(**SEEN, court_reach=0.0)
    free, audited = Watched(settings), Watched(settings, Safeguards(audit=0.5))
    assert audited.true("everybody") == free.true("everybody")
    half, whole = audited.count("records_false", "everybody"), free.count("records_false", "everybody")
    assert half < whole
    assert near(half, whole / 2)


def test_the_interpreter_gives_the_compiled_bytes_with_every_error_in_use() -> None:
    tables = (
        Observation(coverage=0.9, covert=0.3, intensity_minority=4.0, lead=(1.0, 2.0, 1.0, 3.0), sensitivity=(0.5,) * 5,
                    false_positive_rate=(0.3, 0.2, 0.5, 0.4), mismatch_rate=(0.3, 0.2, 0.1, 0.2)),
        Conduct(rates=(10.0, 4.0, 4.0, 4.0, 4.0)),
        PeerReports(peers=0.5),
    )  # fmt: skip
    compiled, interpreted = (arm_state(LAYOUT, adults(256, district=64), tables) for _ in range(2))
    backend, twin = CompiledBackend(LAYOUT, PAIRINGS, threads=1), ReferenceBackend(LAYOUT)
    for week in range(6):
        backend.step(compiled, 7, week)
        twin.step(interpreted, 7, week)
        assert bytes_of(compiled) == bytes_of(interpreted)


MATCHED: dict[str, Any] = {"mismatch_rate": (0.004, 0.03, 0.006, 0.002)}
NOT_LISTED = Lists(threshold=(1000.0,) * 4)
LAWFUL = Conduct(rates=(0.0,) * 5, volunteering=0.0, gaming=0.0)


def matched(state: ArmState) -> NDArray[np.bool_]:
    """Whose files hold a wrong match (people, agencies)."""
    column = next(column for column in Points.columns if column.name == "mismatched")
    return np.asarray(column.values(state.citizens) > 0)


def test_who_is_in_a_register_is_matched_wrongly_at_its_rate() -> None:
    """The share matched by week T is 1 - (1 - rate)^T of those in the register, watched closely or not, and nobody else."""
    found = Watched(Observation(**{**SEEN, **MATCHED}, intensity_minority=3.0), NOT_LISTED, LAWFUL)
    people, held = found.state.population.citizens, matched(found.state)
    adult, works = people["adult"] == 1, people["workplace"] != NOBODY
    registers = (adult, np.zeros(len(people), bool), adult & (works | (people["income"] < 0.5)), adult & works)
    assert 0.2 < registers[MARKET].mean() < registers[WELFARE_OFFICE].mean() < registers[POLICE].mean() < 1.0
    for agency, inside in enumerate(registers):
        assert not held[~inside, agency].any()
        share = 1.0 - (1.0 - MATCHED["mismatch_rate"][agency]) ** WEEKS
        for group in (inside & (people["minority"] == 1), inside & (people["minority"] == 0)):
            spread = np.sqrt(group.sum() * share * (1.0 - share))
            assert abs(held[group, agency].sum() - group.sum() * share) <= ERRORS * spread
    # A match stands once, and each made one record, wrong by the regime's own rule.
    assert found.count("mismatches", "everybody") == held.sum()


def test_wrong_matches_and_other_records_do_not_move_one_another() -> None:
    """Whatever anybody does, the same people are matched, and the other records of those matched are the same."""
    owing_nothing = Conduct(**{**FREE.model_dump(), "rates": (0.5, 0.0, 0.5, 0.4, 0.3)})
    seen = Observation(**{**SEEN, **MATCHED}, court_reach=0.6)
    busy, lawful = (Watched(seen, NOT_LISTED, conduct) for conduct in (owing_nothing, LAWFUL))
    assert (matched(busy.state) == matched(lawful.state)).all()
    unmatched = Watched(Observation(**SEEN, court_reach=0.6), NOT_LISTED, owing_nothing)
    assert unmatched.count("mismatches", "everybody") == 0 < busy.count("mismatches", "everybody")
    for name in ("records", "records_false"):
        without_matches = busy.count(name, "everybody") - busy.count("mismatches", "everybody")
        assert without_matches == unmatched.count(name, "everybody")


def test_courts_confuse_those_who_owe_debts() -> None:
    rate, expected = 0.03, 0.0
    owing = Conduct(rates=(0.0, 0.5, 0.0, 0.0, 0.0), repayment=0.0)
    blind = {**SEEN, "coverage": 0.0, "court_reach": 0.0, "false_positive_rate": (0.0,) * 4}
    given = (SILENT, owing, NOT_LISTED, Observation(**{**blind, "mismatch_rate": (0.0, rate, 0.0, 0.0)}))
    state, backend = (
        arm_state(LAYOUT, adults(PEOPLE, district=2048), given),
        CompiledBackend(LAYOUT, PAIRINGS, threads=1),
    )
    for week in range(WEEKS):
        free = ~matched(state)[:, COURT]
        backend.step(state, 5, week)
        expected += rate * float(((state.citizens["debt"] > 0) & free).sum())
    held = matched(state)
    assert near(float(held[:, COURT].sum()), expected)
    assert (state.citizens["debt"][held[:, COURT]] > 0).all()
    assert held.sum() == held[:, COURT].sum()


@pytest.mark.parametrize("name", [name for name in library_names() if name.startswith("elsewhere/")])
def test_in_regimes_elsewhere_the_more_a_group_is_watched_the_more_it_is_accused(name: str) -> None:
    """Once, the more a group was watched the cleaner its list was: false records a head did not follow the watching.

    Migrants are watched three times as closely. Their exposure differs from that of others by 5 % in China's population, on
    which every regime is run here, since a quarter of it are migrants.
    """
    settings = {
        "observation.intensity_migrant": 3.0,
        "observation.intensity_minority": 1.0,
        "society.district_size": 512,
        "society.groups": list(DEFAULT_GROUPS),
        "run.start": 0,
    }
    result = glasshouse.run(name, citizens=8000, replicates=1, weeks=208, settings=settings, marginals="china-2020s")
    slots = {total.name: slot for slot, total in enumerate(result.sums)}
    weekly = result.weekly_totals[0].arm("regime").weekly.sum(axis=0)
    one, rest = (
        {
            key: float(weekly[cells_of(group, DEFAULT_GROUPS), slots[key]].sum())
            for key in ("records", "records_false", "mismatches", "adults")
        }
        for group in ("migrant", "not migrant")
    )
    # Wrong matches come of being in a register, however closely one is watched.
    for group in (one, rest):
        group["records"] -= group["mismatches"]
        group["records_false"] -= group["mismatches"]
    ratio = (one["records_false"] / one["adults"]) / (rest["records_false"] / rest["adults"])
    noise = np.sqrt(1 / one["records_false"] + 1 / rest["records_false"])
    assert abs(np.log(ratio / (3.0 * 1.05))) < ERRORS * noise + 0.1
    shares = [group["records_false"] / group["records"] for group in (one, rest)]
    spread = np.sqrt(sum(s * (1 - s) / g["records"] for s, g in zip(shares, (one, rest), strict=True)))
    assert shares[0] > shares[1] - ERRORS * spread


OFFICE: dict[str, Any] = {
    **SEEN,
    "court_reach": 0.0,
    "intensity_minority": 1.0,
    "false_positive_rate": (0.0, 0.0, 0.4, 0.0),
    "benefit_ratio": 8.0,
}


def dependence_of(found: Watched) -> NDArray[np.float64]:
    """Share of the full rate that each adult draws at the default line, where all who are entitled do."""
    benefit = found.state.citizens["benefit"].astype(float) / 100.0
    assert benefit.max() <= 1.0
    return benefit


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_the_welfare_office_errs_where_it_sees_people_by_the_benefit_they_draw(strength: float) -> None:
    """False records of an adult follow (1 - strength) e + strength m (1 + 7 d) / (1 + 7 mean d)."""
    found = Watched(Observation(**OFFICE, benefit_visibility=strength), NOT_LISTED, LAWFUL, Recipients(line=0.8))
    people, wrong = found.state.population.citizens, found.count("records_false", "everybody")
    adult, depends = people["adult"] == 1, dependence_of(found)
    registers = MEAN_EXPOSURE * (1.0 + 7.0 * depends) / (1.0 + 7.0 * depends[adult].mean())
    sees = (1.0 - strength) * people["exposure"] + strength * registers
    sees = np.where(adult, sees * np.where(people["abroad"], Observation().reach_abroad, 1.0), 0.0)
    rate = WEEKS * 0.2 * sees / SEEN["lead"][WELFARE_OFFICE] * 0.4
    assert near(wrong, float(rate.sum()))
    # Who has points of the office's error tells whom it saw: about one in eight has any.
    held = found.state.citizens["wrong_2"] > 0
    for inside in (adult & (depends > 0), adult & (depends == 0)):
        share = 1.0 - np.exp(-rate[inside])
        assert held[inside].sum() <= share.sum() + ERRORS * np.sqrt(share.sum())
    ratio = held[adult & (depends > 0)].mean() / held[adult & (depends == 0)].mean()
    assert ratio > 1.5 if strength else ratio < 1.2


def test_market_supervision_errs_about_those_who_work_for_a_firm() -> None:
    rates = (0.0, 0.0, 0.0, 0.4)
    found = Watched(Observation(**{**OFFICE, "false_positive_rate": rates}, work_visibility=1.0), NOT_LISTED, LAWFUL)
    works = found.state.population.citizens["workplace"] != NOBODY
    held = found.state.citizens["wrong_3"] > 0
    assert held[works].any()
    assert not held[~works].any()


def test_data_minimisation_lets_the_same_share_of_registers_be_used() -> None:
    """At strength 1 half of the visibility may be used, so that false records halve."""
    seen = Observation(**OFFICE, benefit_visibility=1.0)
    free, spared = (Watched(seen, NOT_LISTED, LAWFUL, Safeguards(minimisation=share)) for share in (0.0, 0.5))
    half, whole = spared.count("records_false", "everybody"), free.count("records_false", "everybody")
    assert abs(np.log(2 * half / whole)) < ERRORS * np.sqrt(1 / half + 1 / whole)


def test_without_strength_the_ratio_of_visibility_changes_nothing() -> None:
    one, other = (
        Watched(Observation(**{**SEEN, **MATCHED, "benefit_ratio": ratio}, court_reach=0.6)) for ratio in (1.0, 20.0)
    )
    assert (one.sums == other.sums).all()
    assert bytes_of(one.state) == bytes_of(other.state)


def test_who_gave_up_a_benefit_is_not_in_the_register_for_it() -> None:
    found = Watched(
        Observation(**{**SEEN, "mismatch_rate": (0.0, 0.0, 0.05, 0.0)}, court_reach=0.0),
        NOT_LISTED, LAWFUL, Recipients(line=0.8, give_up=0.0001, resume=0.0001),
    )  # fmt: skip
    people, held = found.state.population.citizens, matched(found.state)[:, WELFARE_OFFICE]
    without = (people["adult"] == 1) & (people["workplace"] == NOBODY) & (people["income"] < 0.8)
    drew = without & (found.state.citizens["benefit"] != NOT_CLAIMED)
    # A hundred weeks at 5 % match all who are in the register; one in a hundred changed sides meanwhile.
    assert held[drew].mean() > 0.97
    assert held[without & ~drew].mean() < 0.03
