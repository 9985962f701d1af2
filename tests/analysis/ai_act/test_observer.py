"""What the observer makes of one week's records: kinds, expiry and causes, on hand-made citizens."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.observer import EvidenceObserver
from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR
from glasshouse.analysis.ai_act.regime_parameters import RegimeParameters
from glasshouse.analysis.ai_act.totals import EvidenceTotals
from glasshouse.analysis.ai_act.variants import NEUTRAL, REGIME, VARIANTS
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES, BREACHES, COURT, DEBT, POLICE, TRAFFIC
from glasshouse.model.entities import Population
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.scenario.run_settings import Run
from tests.helpers.populations import adults

SPEECH = 12
KINDS, OWNER = OF_THE_FOUR.kinds, OF_THE_FOUR.owner
PROTEST, MISREAD = OF_THE_FOUR.protest, OF_THE_FOUR.misread
BREACH_KIND = [next(place for place, kind in enumerate(KINDS) if kind.breach == breach) for breach in range(BREACHES)]
"""The kind of a rightful record of each breach."""
RUN = Run(start=0, weeks=100)


@cache
def layout() -> ModelLayout:
    return ModelLayout(CATALOGUE)


def terms(**lists: float) -> RegimeParameters:
    return RegimeParameters.of((Conduct(), Observation(), Points(), Lists(**lists), Sanctions(), Safeguards()))


def population() -> Population:
    made = adults(64)
    made.citizens["adult"] = 1
    return made


def arm_state(made: Population) -> ArmState:
    tables = [mechanism() for mechanism in layout().mechanisms]
    found = ArmState.fresh(layout(), made, np.stack([layout().pack(tables)] * 2))
    found.active_table[:] = 1
    return found


def watching(made: Population, *known: RegimeParameters) -> EvidenceObserver:
    """An observer of a replicate that has just begun, under the parameters that are in force in each table."""
    observer = EvidenceObserver(RegimeParameters.stacked(known), 0.5, RUN, regime=REGIME, neutral=NEUTRAL)
    observer.begin(made, layout())
    return observer


def see(observer: EvidenceObserver, week: int, state: ArmState, *, counted: bool = True) -> None:
    observer.counted_from = week if counted else week + 1
    observer.observe(week, dict.fromkeys(VARIANTS, state))


def totals(observer: EvidenceObserver) -> EvidenceTotals:
    observer.finish()
    return observer.replicates[-1]


def packed(agency: int, points: int) -> int:
    return points << (8 * agency)


def kinds_of(citizens: NDArray[np.void], who: int) -> dict[str, int]:
    """The kinds that a fresh observer finds for one citizen's records of a week."""
    made = population()
    watch, state = watching(made, terms(), terms()), arm_state(made)
    state.citizens[:] = citizens
    for k in range(AGENCIES):
        state.citizens[f"right_{k}"] = (citizens["filed"] >> (8 * k)) & 255
        state.citizens[f"wrong_{k}"] = (citizens["misfiled"] >> (8 * k)) & 255
    see(watch, 0, state, counted=False)
    return {KINDS[k].name: int(points) for k, points in enumerate(watch.files.expected[who]) if points}


def blank() -> NDArray[np.void]:
    return layout().initial("citizen", 64)


def test_each_breach_has_its_kind_in_the_file_of_its_agency() -> None:
    from glasshouse.model.agencies import OWNERS

    for breach in range(BREACHES):
        citizens = blank()
        citizens["breach"][3] = breach
        citizens["filed"][3] = packed(OWNERS[breach], 3)
        (name,) = kinds_of(citizens, 3)
        assert name == KINDS[BREACH_KIND[breach]].name
        assert OWNER[BREACH_KIND[breach]] == OWNERS[breach]


def test_protest_misread_complaint_and_breach_are_distinguished() -> None:
    citizens = blank()
    citizens["speech_filed"][:4] = 1
    citizens["filed"][0] = packed(POLICE, SPEECH)
    citizens["breach"][1], citizens["filed"][1] = TRAFFIC, packed(POLICE, SPEECH + 1)
    citizens["misfiled"][2] = packed(POLICE, SPEECH + 3)
    citizens["breach"][3] = TRAFFIC
    citizens["filed"][3], citizens["misfiled"][3] = packed(POLICE, 1), packed(POLICE, SPEECH) + packed(COURT, 6)
    protest, misread = KINDS[PROTEST].name, KINDS[MISREAD].name
    other = "somebody else's or nobody's act"
    assert kinds_of(citizens, 0) == {protest: SPEECH}
    assert kinds_of(citizens, 1) == {"traffic breach": 1, protest: SPEECH}
    assert kinds_of(citizens, 2) == {misread: SPEECH, f"{other} (police)": 3}
    assert kinds_of(citizens, 3) == {"traffic breach": 1, misread: SPEECH, f"{other} (court)": 6}


def test_a_breach_worth_as_much_as_a_protest_is_distinguished_from_it() -> None:
    points = (SPEECH, 6, 3, 3, 4)
    made = population()
    known = RegimeParameters.of((Conduct(), Observation(points=points), Points(), Lists(), Sanctions(), Safeguards()))
    watch, state = watching(made, known, known), arm_state(made)
    state.citizens["speech_filed"][:2] = 1
    state.citizens["breach"][:2] = TRAFFIC
    state.citizens["filed"][:2] = packed(POLICE, SPEECH)
    state.citizens["misfiled"][1] = packed(POLICE, SPEECH)
    see(watch, 0, state, counted=False)
    assert watch.files.expected[0, PROTEST] == SPEECH
    assert watch.files.expected[1, PROTEST] == 0
    assert watch.files.expected[1, MISREAD] == watch.files.expected[1, BREACH_KIND[TRAFFIC]] == SPEECH


def test_a_listing_rests_on_the_files_as_the_list_counts_them() -> None:
    """Nine police points of its own and six of the court at a half: three quarters and a quarter of the score."""
    made = population()
    watch, state = watching(made, terms(integration=0.5), terms(integration=0.5)), arm_state(made)
    state.citizens["breach"][5] = TRAFFIC
    state.citizens["filed"][5] = packed(POLICE, 9)
    state.citizens["misfiled"][5] = packed(COURT, 6)
    state.citizens["right_0"][5], state.citizens["wrong_1"][5] = 9, 6
    state.citizens["state_0"][5] = 2
    see(watch, 0, state)
    flow = totals(watch).restrictions.flow[:, 0] / Sanctions().severity[0]
    assert flow[BREACH_KIND[TRAFFIC]] == pytest.approx(0.75)
    assert flow[OWNER == COURT].sum() == pytest.approx(0.25)


def test_what_counts_in_one_list_need_not_count_the_other_way_round() -> None:
    """The travel list counts the court's points at a third, the credit list counts none of the police's."""
    made = population()
    counts = np.eye(AGENCIES)
    counts[COURT, POLICE] = 1 / 3
    watch, state = watching(made, *[replace(terms(), weights=counts)] * 2), arm_state(made)
    state.citizens["filed"][5], state.citizens["misfiled"][5] = packed(POLICE, 2), packed(COURT, 6)
    state.citizens["breach"][5] = TRAFFIC
    state.citizens["right_0"][5], state.citizens["wrong_1"][5] = 2, 6
    state.citizens["state_0"][5] = state.citizens["state_1"][5] = 2
    see(watch, 0, state)
    flow = totals(watch).restrictions.flow / Sanctions().severity
    assert flow[BREACH_KIND[TRAFFIC], :2] == pytest.approx([0.5, 0.0])
    assert flow[OWNER == COURT, :2].sum(axis=0) == pytest.approx([0.5, 1.0])


@pytest.mark.parametrize(("shared", "expected"), [(0.0, [0.0, 1.0]), (1.0, [0.5, 0.5])])
def test_points_about_speech_count_elsewhere_as_far_as_they_are_shared(shared: float, expected: list[float]) -> None:
    """Twelve police points about speech and six of the court, in the credit list at an integration of a half."""
    made = population()
    known = terms(integration=0.5, speech_shared=shared)
    watch, state = watching(made, known, known), arm_state(made)
    state.citizens["speech_filed"][5], state.citizens["filed"][5] = 1, packed(POLICE, SPEECH)
    state.citizens["misfiled"][5] = packed(COURT, 6)
    state.citizens["right_0"][5], state.citizens["right_speech"][5], state.citizens["wrong_1"][5] = SPEECH, SPEECH, 6
    state.citizens["state_1"][5] = 2
    see(watch, 0, state)
    found = totals(watch)
    flow = found.restrictions.flow[:, 1] / Sanctions().severity[1]
    assert [flow[PROTEST], flow[OWNER == COURT].sum()] == pytest.approx(expected)
    assert found.scores.score[1] == pytest.approx(6.0 + 0.5 * SPEECH * shared)
    assert found.scores.score[0] == pytest.approx(SPEECH + 0.5 * 6)


def test_a_district_counts_others_points_at_its_own_integration() -> None:
    made = population()
    watch, state = watching(made, *[terms(integration=0.5)] * 2), arm_state(made)
    state.citizens["wrong_1"][5] = 6
    state.districts["relative_integration_0"][0] = 0.5
    see(watch, 0, state)
    assert totals(watch).scores.score[:3] == pytest.approx([1.5, 6.0, 3.0])


def test_scores_fall_into_four_classes_and_meet_what_comes_a_quarter_later() -> None:
    """Against the travel threshold of 12: 0, 5, 6 and 12 points; the last two are restricted a quarter later."""
    made = population()
    watch, state = watching(made, terms(), terms()), arm_state(made)
    state.citizens["right_0"][:4] = 0, 5, 6, 12
    see(watch, 0, state)
    assert watch.totals.scores.later.sum() == 0
    state.citizens["state_0"][2:4] = 2
    see(watch, 13, state)
    assert watch.totals.scores.later[0].tolist() == [[61, 0], [1, 0], [0, 1], [0, 1]]


def test_a_debt_that_is_paid_takes_its_points_along() -> None:
    made = population()
    watch, state = watching(made, terms(), terms()), arm_state(made)
    for week in range(3):
        state.citizens["breach"][7] = DEBT if week == 0 else -1
        state.citizens["filed"][7] = packed(COURT, 6) if week == 0 else 0
        state.citizens["right_1"][7] = 6 if week < 2 else 0
        see(watch, week, state)
    files = totals(watch).files
    assert files.at_risk[COURT] == 12
    assert files.lost[COURT] == 6
    assert files.at_risk.sum() == 12


def test_a_second_debt_is_as_old_as_itself_and_not_as_the_first() -> None:
    """Defaults in weeks 0 and 3, the first paid in week 2: old points appear when the second is 53 weeks old."""
    made = population()
    watch, state = watching(made, terms(), terms()), arm_state(made)
    old = []
    for week in range(60):
        new = week in (0, 3)
        state.citizens["breach"][7], state.citizens["filed"][7] = DEBT if new else -1, packed(COURT, 6) if new else 0
        state.citizens["right_1"][7] = 0 if week == 2 else 6
        see(watch, week, state)
        old.append(float(watch.files.old[7, BREACH_KIND[DEBT]]))
    assert old == pytest.approx([0.0] * 56 + [6.0] * 4)


def test_only_adults_under_the_regime_are_counted() -> None:
    made = population()
    made.citizens["adult"][:32] = 0
    watch, state = watching(made, terms(), terms()), arm_state(made)
    state.citizens["state_0"][:] = 2
    see(watch, 0, state)
    assert watch.totals.restrictions.weeks[0] == 32
    state.active_table[:] = 0
    see(watch, 1, state)
    assert watch.totals.restrictions.weeks[0] == 32
    assert totals(watch).people.number.sum() == 32


def test_every_district_is_held_to_the_terms_in_force_there() -> None:
    """The first 64 live outside the regime, the next 64 under terms that weigh a restriction of travel twice as much."""
    made = adults(128)
    made.citizens["adult"] = 1
    strict = replace(terms(), severity=2 * terms().severity)
    watch, state = watching(made, terms(), terms(), strict), arm_state(made)
    state.citizens["state_0"][:] = 2
    for active_table, taken in (((1, 2), 64 * 3), ((0, 2), 64 * 2)):
        state.active_table[:] = active_table
        before = watch.totals.restrictions.sanction[0]
        see(watch, 0, state)
        assert watch.totals.restrictions.sanction[0] - before == pytest.approx(taken * terms().severity[0])
