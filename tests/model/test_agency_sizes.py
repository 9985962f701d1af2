"""Mechanisms for the agencies that a scenario declares."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import fields
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import (
    ALWAYS,
    COURT,
    DEBT,
    MARKET,
    OWNERS,
    POLICE,
    RESTRICTED,
    THE_FOUR,
    TRADE,
    WELFARE_OFFICE,
    Agencies,
)
from glasshouse.model.agency_sizes import extended, for_agencies, original
from glasshouse.model.agency_table import AgencyTable
from glasshouse.model.conduct_kind_table import ConductKindTable
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.loyalty import Loyalty
from glasshouse.model.mechanisms.observation import Observation, concerned
from tests.engine.backends.test_cpu import BUSY
from tests.helpers.populations import adults

COMMERCE, CULTURE = ALWAYS, ALWAYS + 1
SIX = AgencyTable(
    further=("commerce", "culture"),
    contexts=("contracts", "venues"),
    sees=("work", "everybody"),
    records=("benefit and trade", "traffic and order"),
).agencies()
EIGHT = AgencyTable(
    further=("commerce", "culture", "civil affairs", "industry and information technology"),
    contexts=("contracts", "venues", "associations", "networks"),
    sees=("work", "life online", "benefits", "debts"),
    records=("trade", "order", "benefit", "debt"),
).agencies()
FULL = ConductKindTable(
    further=("sale of unsafe goods", "refused payment", "loud event"),
    alike=("trade", "debt", "traffic"),
    recorded_by=("commerce", "court", "culture"),
    money=(True, False, False),
).added_to(EIGHT)
IDLE = AgencyTable(
    further=("archive", "museum"),
    contexts=("reading", "visits"),
    sees=("life online", "work"),
    records=("nothing",) * 2,
).agencies()


@cache
def layout(agencies: Agencies) -> ModelLayout:
    return ModelLayout(tuple(for_agencies(mechanism, agencies) for mechanism in CATALOGUE))


def tables(agencies: Agencies, **settings: Mapping[str, Any]) -> list[Mechanism]:
    """A busy regime with these agencies, with some settings by table."""
    busy: dict[str, Any] = {table.name: table for table in BUSY}
    found = []
    for mechanism in layout(agencies).mechanisms:
        given = vars(busy[mechanism.name]) if mechanism.name in busy else {}
        found.append(mechanism(**{**given, **settings.get(mechanism.name, {})}))
    return found


def arm(agencies: Agencies, people: int, chosen: list[Mechanism]) -> ArmState:
    packed = layout(agencies).pack(chosen)
    return ArmState.fresh(layout(agencies), adults(people), np.stack([packed, packed]))


def test_without_further_agencies_a_mechanism_is_the_same_class() -> None:
    assert all(for_agencies(mechanism, THE_FOUR) is mechanism for mechanism in CATALOGUE)
    assert for_agencies(for_agencies(Lists, SIX), THE_FOUR) is Lists
    assert AgencyTable().agencies() is THE_FOUR


def test_a_derived_mechanism_is_made_once_and_knows_what_it_was_made_from() -> None:
    six = for_agencies(Lists, SIX)
    assert six is for_agencies(Lists, SIX) is for_agencies(for_agencies(Lists, EIGHT), SIX)
    assert original(six) is Lists
    assert issubclass(six, Lists)
    assert list(six.model_fields) == list(Lists.model_fields)
    assert for_agencies(Loyalty, SIX) is Loyalty


@pytest.mark.parametrize("agencies", [SIX, EIGHT])
def test_columns_and_parameters_have_an_element_for_each_agency(agencies: Agencies) -> None:
    lists, observation = for_agencies(Lists, agencies), for_agencies(Observation, agencies)
    lengths = {column.name: column.length for column in (*lists.columns, *lists.district_columns)}
    assert lengths["state"] == agencies.number
    assert lengths["lawful_weight"] == agencies.number**2
    assert len(observation().values()["lead"]) == agencies.number
    assert len(lists().values()["related"]) == agencies.number**2
    sums = [total.name for total in layout(agencies).sums if total.name.startswith("restricted_")]
    assert sums == [f"restricted_{k}" for k in range(agencies.number)]


def test_only_scenarios_that_declare_more_have_longer_records() -> None:
    four, six, eight = (layout(agencies).state.itemsize for agencies in (THE_FOUR, SIX, EIGHT))
    assert four < six < eight
    assert layout(THE_FOUR).mechanisms == CATALOGUE


def test_a_list_for_the_four_leaves_the_further_ones_at_their_usual_values() -> None:
    six = for_agencies(Lists, SIX)
    assert six(threshold=(1.0, 2.0, 3.0, 4.0)).threshold == (1.0, 2.0, 3.0, 4.0, 9.0, 9.0)
    assert six(threshold=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)).threshold == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    matrix = np.reshape(six(related=tuple(np.arange(16) / 16)).related, (6, 6))
    assert (matrix[:4, :4].ravel() == np.arange(16) / 16).all()
    assert (matrix[4:, :4] == 0).all()
    assert (matrix[4:, 4:] == np.eye(2)).all()
    assert extended("four", "agency", SIX, 9.0) == "four"


@pytest.mark.parametrize("length", [3, 5, 7])
def test_a_list_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValidationError, match="6 items"):
        for_agencies(Lists, SIX)(threshold=(5.0,) * length)


def test_dates_of_draws_are_apart_and_those_of_the_four_stay() -> None:
    constants: dict[str, Any] = EIGHT.constants()
    pairs = list(zip(constants["DATE_STEPS"], constants["DATE_STARTS"], strict=True))
    dates = [week * step + start for week in range(200) for step, start in pairs]
    assert len(set(dates)) == len(dates)
    assert [3 * step + start for step, start in pairs] == [12, 13, 14, 15, -13, -14, -15, -16]


def test_a_breach_concerns_each_of_those_that_record_its_kind_equally_often() -> None:
    own = for_agencies(Observation, SIX).citizen.__globals__["concerned"]
    shares = [own((place + 0.5) / 100, TRADE) for place in range(100)]
    assert {agency: shares.count(agency) for agency in set(shares)} == {MARKET: 50, COMMERCE: 50}
    assert own(0.9, DEBT) == OWNERS[DEBT]
    assert concerned(0.9, TRADE) == MARKET


@cache
def busy_year(agencies: Agencies) -> tuple[ArmState, dict[str, float]]:
    """A busy regime, run by the interpreter for some weeks, and the sums over them."""
    state, sums = arm(agencies, 96, tables(agencies)), layout(agencies).sums
    backend, found = ReferenceBackend(layout(agencies)), dict.fromkeys((total.name for total in sums), 0.0)
    for week in range(24):
        backend.step(state, 3, week)
        for slot, total in enumerate(sums):
            found[total.name] += state.totals[..., slot].sum() / total.scale
    return state, found


def vector(state: ArmState, name: str, agencies: Agencies) -> NDArray[np.int64]:
    column = next(c for m in layout(agencies).mechanisms for c in m.columns if c.name == name)
    return column.values(state.citizens).astype(np.int64)


def test_further_agencies_record_list_and_restrict() -> None:
    state, sums = busy_year(SIX)
    assert vector(state, "right", SIX)[:, COMMERCE].any()
    assert vector(state, "right", SIX)[:, CULTURE].any()
    assert sums["restricted_4"] > 0
    assert sums["restricted_5"] > 0
    assert sums["restrictions"] == sum(sums[f"restricted_{k}"] for k in range(6))
    restricted = (vector(state, "state", SIX) >= RESTRICTED).sum(axis=1)
    assert (restricted == state.citizens["contexts"]).all()
    assert restricted.max() > ALWAYS


@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_lists_of_declared_agencies_count_speech_only_where_it_is_shared(shared: float) -> None:
    """All else that agencies hold is shared without limit, and there is nothing else to record."""
    none = (0.0,) * SIX.number
    whole = {"integration": 1.0, "integration_spread": 0.0, "use": 1.0, "passed_on": (1.0,) * SIX.number}
    chosen = tables(
        SIX,
        conduct={"rates": (0.0,) * SIX.kinds.number},
        observation={"speech_coverage": 1.0, "false_positive_rate": none, "mismatch_rate": none},
        peer_reports={"peers": 0.0},
        lists={**whole, "threshold": (6.0,) * SIX.number, "speech_shared": shared},
        safeguards={"purpose": 0.0},
    )
    state, restricted = arm(SIX, 64, chosen), np.zeros(SIX.number, bool)
    for week in range(10):
        ReferenceBackend(layout(SIX)).step(state, 3, week)
        restricted |= vector(state, "state", SIX).any(axis=0)
    assert restricted.tolist() == [True, *[shared > 0.0] * (SIX.number - 1)]
    assert not vector(state, "right", SIX)[:, 1:].any()


def test_agencies_that_record_nothing_leave_all_else_as_it_is() -> None:
    """The placebo: the same bytes in every column and sum that there is without them."""
    alone = {"lists": {"use": 0.0}, "sanctions": {"spill": 0.0}}
    idle = {
        "lists": {"use": 0.0},
        # A typical restriction, of which a share falls on the household, is the mean over all contexts.
        "sanctions": {"spill": 0.0},
        "observation": {"mismatch_rate": (0.1, 0.5, 0.2, 0.2, 0.0, 0.0)},
    }
    arms = {
        agencies: arm(agencies, 64, tables(agencies, **given)) for agencies, given in ((THE_FOUR, alone), (IDLE, idle))
    }
    for week in range(16):
        for agencies, state in arms.items():
            ReferenceBackend(layout(agencies)).step(state, 5, week)
        one, other = arms[THE_FOUR], arms[IDLE]
        slots = [total.name for total in layout(IDLE).sums]
        for slot, total in enumerate(layout(THE_FOUR).sums):
            assert (one.totals[..., slot] == other.totals[..., slots.index(total.name)]).all(), total.name
        for mechanism in CATALOGUE:
            for column in mechanism.columns:
                mine, its = vector(one, column.name, THE_FOUR), vector(other, column.name, IDLE)
                assert (mine == its[:, : column.length]).all(), column.name
                assert not its[:, column.length :].any() or column.initial
    assert arms[THE_FOUR].citizens["contexts"].any()


def test_a_context_in_which_a_list_bites_is_an_agency_that_records_nothing_and_is_passed_its_points() -> None:
    """Readers' desks are told what the courts hold; museums are told nothing."""
    sharing = np.zeros((IDLE.number, IDLE.number))
    sharing[COURT, COMMERCE] = 1.0
    whole = {"integration": 1.0, "integration_spread": 0.0, "use": 1.0, "passed_on": (1.0,) * IDLE.number}
    own = {"threshold": (6.0,) * IDLE.number, "sharing": tuple(sharing.ravel())}
    none = (0.0,) * IDLE.number
    errors = {"observation": {"false_positive_rate": none, "mismatch_rate": none}}
    chosen = tables(IDLE, lists={**whole, **own}, safeguards={"purpose": 0.0}, **errors)
    state, held, restricted = arm(IDLE, 64, chosen), np.zeros(64, bool), np.zeros((64, IDLE.number), bool)
    for week in range(16):
        ReferenceBackend(layout(IDLE)).step(state, 5, week)
        held |= (vector(state, "right", IDLE)[:, COURT] + vector(state, "wrong", IDLE)[:, COURT]) > 0
        restricted |= vector(state, "state", IDLE) >= RESTRICTED
    assert restricted[:, COMMERCE].any()
    assert not restricted[~held, COMMERCE].any()
    assert not restricted[:, CULTURE].any()


def test_compiled_and_interpreted_weeks_have_equal_bytes_with_eight_agencies_and_eight_kinds() -> None:
    """Eight, so that packed columns fill 64 bits and their sign is used."""
    chosen = tables(FULL, observation={"points": (40, 40, 40, 40, 40), "mismatch_rate": (0.12,) * 8})
    arms = [arm(FULL, 64, chosen) for _ in range(2)]
    backends = (ReferenceBackend(layout(FULL), PAIRINGS), CompiledBackend(layout(FULL), PAIRINGS, threads=2))
    kinds: set[int] = set()
    for week in range(16):
        for state, backend in zip(arms, backends, strict=True):
            backend.step(state, 2**63 + 11, week)
        one, other = arms
        for name in fields(layout(FULL).state):
            assert (one.citizens[name] == other.citizens[name]).all(), (week, name)
        kinds |= {*one.citizens["breach"].tolist()}
        assert (one.totals == other.totals).all()
        assert one.firms.tobytes() == other.firms.tobytes()
        assert one.districts.tobytes() == other.districts.tobytes()
    assert vector(arms[0], "right", FULL)[:, 7].any()
    assert vector(arms[0], "mismatched", FULL)[:, POLICE].any()
    assert vector(arms[0], "mismatched", FULL).max() <= 255
    assert vector(arms[0], "right", FULL)[:, WELFARE_OFFICE].any()
    assert kinds == {*range(-1, 8)}
