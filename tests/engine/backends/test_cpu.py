"""The compiled pass: equal bytes to the twin and for any number of threads, and a cache that can be trusted."""

import subprocess
import sys
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends import generated_module
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.backends.native import machine_code
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import CompilationError
from glasshouse.model.declarations import Column, Inbox
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.abroad import Abroad
from glasshouse.model.mechanisms.aftermath import Aftermath
from glasshouse.model.mechanisms.attitudes import Attitudes
from glasshouse.model.mechanisms.budget import Budget
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.controllers import Controllers
from glasshouse.model.mechanisms.discipline import Discipline
from glasshouse.model.mechanisms.discontent import Discontent
from glasshouse.model.mechanisms.firms import Firms
from glasshouse.model.mechanisms.forecast import Forecast
from glasshouse.model.mechanisms.function_creep import FunctionCreep
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.local_scores import LocalScores
from glasshouse.model.mechanisms.loyalty import Loyalty
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.officials import Officials
from glasshouse.model.mechanisms.opinion import Opinion
from glasshouse.model.mechanisms.peer_reports import PeerReports
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.mechanisms.redress import Redress
from glasshouse.model.mechanisms.representatives import Representatives
from glasshouse.model.mechanisms.response import Response
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions
from glasshouse.model.mechanisms.shocks import Shocks
from glasshouse.model.mechanisms.third_parties import ThirdParties
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.storage import locked
from tests.helpers.populations import adults, arm_state, bytes_of

LAYOUT = ModelLayout(CATALOGUE)
# So much happens under this regime that every branch of every kernel is taken within weeks.
BUSY = (
    Shocks(rate=0.3, scale=0.5, wave_rate=0.3),
    Problems(arrival=0.2, platform=0.5, prevention=0.4),
    Voice(threshold_complaint=0.2, threshold_protest=0.4),
    Conduct(rates=(8.0, 2.0, 4.0, 4.0, 4.0), volunteering=10.0, gaming=5.0, debt_size=1.0, repayment=1.0,
            base_rate_woman=0.8, base_rate_rural=1.1),
    Recipients(line=0.8, give_up=0.1, resume=0.2, odds=1.0, spell=10.0),
    Observation(
        coverage=0.9, covert=0.1, speech_coverage=0.9, misread=0.5, lead=(2.0, 8.0, 1.0, 4.0), sensitivity=(0.8,) * 5,
        false_positive_rate=(0.1, 0.2, 0.1, 0.2), mismatch_rate=(0.1, 0.5, 0.2, 0.2), benefit_visibility=0.5, work_visibility=0.5,
        intensity_college=1.3, intensity_rural=0.7,
    ),
    Lists(
        integration=0.4, use=0.8, passed_on=(0.9, 0.8, 0.7, 0.6), integration_spread=0.5, speech_shared=0.3,
        threshold=(12, 6, 5, 7), spell=(3, 0, 2, 2), delay_on=1.0, delay_off=2.0,
    ),
    Points(half_life=3.0),
    Budget(automation=0.5, automation_volume=0.5, automation_speed=0.4, automation_error=0.5),
    Sanctions(reward=0.1, reward_threshold=2.0, trips=52.0),
    Safeguards(
        notice=1.0, review=0.2, review_accuracy=0.6, hearing=0.2, appeal=1.0, kin=0.3, speech=0.2, audit=0.2, purpose=0.2,
        minimisation=0.1, expiry=0.02,
    ),
    Aftermath(eligible=0.9, intake=0.3, discovery=0.1, light=0.5, light_error=0.5, capacity=20.0, refund=0.7, delay=2.0),
    Redress(rate=0.8, rightful=0.5, reviewers=200.0, strictness=0.4, political=0.2),
    Attitudes(belief=0.3),
    Discontent(mean=0.4, pull=0.1),
    Representatives(share=0.6),
    ThirdParties(further=0.5, below=0.3),
    Discipline(share=0.8, threshold=4.0),
    Response(repress=0.3, concede=0.4),
    Opinion(publicity=0.2, word_of_mouth=0.3, disclosure=0.1),
    PeerReports(peers=0.8, peer_rate=0.2, peer_false=0.02),
    LocalScores(share=1.0, uptake=0.7, high=1004.0, low=990.0, penalty=0.1),
    Forecast(visits=50.0),
    Abroad(watch=1.0, pressure=1.0, recorded=0.8, pressure_public=0.2),
    Loyalty(active=0.8),
    Firms(
        breach=40.0, coverage=0.9, responsibility=0.5, threshold=3.0, delay_on=1.0, spell=3.0, delay_off=1.0, demand=20.0,
        half_life=4.0, forbearance=0.7,
    ),
    Officials(hide=0.5, falsify=0.8, audit_rate=1.0, base_audit=1.0),
    Controllers(heal=1.0, optimise=0.3, caseload=0.1, protect=1.0, trigger=0.1),
    FunctionCreep(rate=1.0, trigger=0.1, exposure=0.2, central=0.5, follow=0.3),
)  # fmt: skip


def test_interpreter_and_compiled_pass_leave_equal_bytes() -> None:
    population = adults(600, district=192)
    later = (*BUSY, Observation(coverage=0.5, false_positive_rate=(0.8,) * 4), Budget(automation=0.9))
    one, other = arm_state(LAYOUT, population, (), BUSY, later), arm_state(LAYOUT, population, (), BUSY, later)
    plain, twin = arm_state(LAYOUT, population), arm_state(LAYOUT, population)
    threads, reader = CompiledBackend(LAYOUT, PAIRINGS, threads=2), ReferenceBackend(LAYOUT, PAIRINGS)
    for state in (one, other):
        state.active_table[:2] = 1, 2
    happened = np.zeros(len(LAYOUT.sums), np.int64)
    # So late that the turns of a year and of five years fall among these weeks.
    for week in range(495, 525):
        for compiled, read in ((one, other), (plain, twin)):
            threads.step(compiled, 16, week)
            reader.step(read, 16, week)
            assert bytes_of(compiled) == bytes_of(read), f"week {week}"
        assert (threads.compare(plain, one) == reader.compare(twin, other)).all()
        happened += one.totals.sum(axis=(0, 1))
    # The test is worth nothing if little happens in it.
    quiet = [total.name for total, sum_ in zip(LAYOUT.sums, happened, strict=True) if sum_ == 0]
    # Thirty weeks hold one turn of a year, no spell of two years, no crowd that large and none of minorities.
    longer = {name for name in quiet if name.endswith(("_year", "_five")) or name.startswith(("year_ago", "five_ago"))}
    crowds = {"events_large", "events_middle", "events_minority", "events_minority_repressed"}
    crowds |= {name for name in quiet if name.startswith("crowds_")}
    assert set(quiet) - longer <= {*crowds, "spells_long"}


def test_a_closed_backend_ends_its_threads_and_can_be_used_again() -> None:
    layout, population = ModelLayout((Counting,)), adults(256)
    # Threads of backends that other tests left behind may end meanwhile; only new ones count.
    before = set(threading.enumerate())
    with CompiledBackend(layout, threads=2) as backend:
        backend.step(arm_state(layout, population), 1, 0)
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before
    backend.step(arm_state(layout, population), 1, 0)
    backend.close()
    backend.close()
    assert not set(threading.enumerate()) - before


def test_any_number_of_threads_leaves_equal_bytes() -> None:
    population = adults(9000, district=2048)
    found = []
    for count in (1, 2, 3):
        state, threads = arm_state(LAYOUT, population, (), BUSY), CompiledBackend(LAYOUT, PAIRINGS, threads=count)
        state.active_table[::2] = 1
        for week in range(8):
            threads.step(state, 11, week)
        found.append(bytes_of(state))
    assert found[0] == found[1] == found[2]


class Counting(Mechanism):
    """Counts weeks."""

    name: ClassVar[str] = "counting"
    columns: ClassVar = (Column("weeks", "i4", "weeks", "weeks lived", high=1e9),)
    step: float = 1.0

    @staticmethod
    def citizen(me, p):
        me.weeks = me.weeks + int(p.step)


class Knocking(Mechanism):
    """Sends the own number to the next member of the household, the last to the first."""

    name: ClassVar[str] = "knocking"
    columns: ClassVar = (Column("heard", "i4", "citizen", "who knocked last week", high=1e9),)
    inboxes: ClassVar = (Inbox("knock", "citizens", "index of the one who knocks"),)

    @staticmethod
    def citizen(me, household, send):
        me.heard = me.knock
        following = (me.household_place + 1) % (household.number + 1)
        send("knock", me.index - me.household_place + following, me.index)


def test_a_citizen_reaches_the_household_by_the_own_number() -> None:
    layout, population = ModelLayout((Knocking,)), adults(200, district=64)
    one, other = arm_state(layout, population), arm_state(layout, population)
    threads, twin = CompiledBackend(layout, threads=2), ReferenceBackend(layout)
    for week in range(2):
        threads.step(one, 1, week)
        twin.step(other, 1, week)
        assert bytes_of(one) == bytes_of(other), week
    people = np.arange(200)
    first = people // 3 * 3
    size = np.minimum(3, 200 - first)
    assert (one.citizens["heard"] == first + (people - first - 1) % size).all()


def test_compiled_code_is_kept_and_used_again(tmp_path: Path) -> None:
    layout, population = ModelLayout((Counting,)), adults(64)
    first = CompiledBackend(layout, threads=1, folder=tmp_path)
    assert not first.module.has_machine_code()
    state = arm_state(layout, population)
    first.step(state, 1, 0)
    assert first.module.has_machine_code()
    assert (state.citizens["weeks"] == 1).all()
    kept = {path: path.stat().st_mtime_ns for path in first.module.path.parent.glob("*.o")}
    assert len(kept) == 1
    # A process of its own finds everything compiled and writes nothing.
    script = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path\n"
        "from tests.engine.backends.test_cpu import *\n"
        "threads = CompiledBackend(ModelLayout((Counting,)), threads=1, folder=Path(sys.argv[1]))\n"
        "assert threads.module.has_machine_code()\n"
        "threads.step(arm_state(threads.layout, adults(64)), 1, 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path, Path(__file__).parents[3]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in first.module.path.parent.glob("*.o")} == kept


def test_damaged_machine_code_is_compiled_anew(tmp_path: Path) -> None:
    layout, population = ModelLayout((Counting,)), adults(64)
    CompiledBackend(layout, threads=1, folder=tmp_path).warm(arm_state(layout, population))
    (place,) = tmp_path.glob("*/*.o")
    whole = place.read_bytes()
    for damaged in (b"", whole[:100], whole[:-1], whole[:-200] + b"x" + whole[-199:]):
        place.write_bytes(damaged)
        state = arm_state(layout, population)
        CompiledBackend(layout, threads=1, folder=tmp_path).step(state, 1, 0)
        assert (state.citizens["weeks"] == 1).all()
        assert place.read_bytes() == whole


def test_what_another_process_compiles_is_waited_for_and_loaded(tmp_path: Path) -> None:
    layout, population = ModelLayout((Counting,)), adults(64)
    first, second, third = (CompiledBackend(layout, threads=1, folder=tmp_path) for _ in range(3))
    first.module.path.parent.mkdir()
    times: list[str] = []

    def counted(program: str) -> bytes:
        times.append(program)
        return machine_code.compiled(program)

    asked = threading.Event()

    def locks(folder: Path, patience: float) -> AbstractContextManager[None]:
        asked.set()
        return locked(folder, patience)

    waiting = threading.Thread(target=lambda: second.warm(arm_state(layout, population)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated_module, "locked", locks)
        patch.setattr(generated_module, "compiled", counted)
        # As a process that compiles holds it.
        with locked(first.module.path.parent):
            waiting.start()
            asked.wait()
            assert waiting.is_alive()
            assert not second.module.has_machine_code()
            # A process that hangs keeps nobody waiting for ever.
            patch.setattr(generated_module, "COMPILE_SECONDS", 0.0)
            first.warm(arm_state(layout, population))
            # What is compiled is loaded without the lock.
            third.warm(arm_state(layout, population))
        waiting.join()
    assert len(times) == 1


def test_any_change_of_a_kernel_or_helper_is_another_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from glasshouse.model.mechanisms import problems

    before = CompiledBackend(LAYOUT, threads=1, folder=tmp_path).module.path

    def clip(x: float, low: float, high: float) -> float:
        return low if x < low else (high if x >= high else x)

    monkeypatch.setitem(problems.Problems.citizen.__globals__, "clip", clip)
    assert CompiledBackend(ModelLayout(CATALOGUE), threads=1, folder=tmp_path).module.path != before
    monkeypatch.undo()
    assert CompiledBackend(ModelLayout(CATALOGUE), threads=1, folder=tmp_path).module.path == before
    # Nor does it matter in which file a kernel stands: the name is the hash of all that is compiled.
    monkeypatch.setattr(problems.Problems, "citizen", staticmethod(Counting.citizen))
    with pytest.raises(CompilationError, match="problems.citizen"):
        _ = CompiledBackend(ModelLayout(CATALOGUE), threads=1, folder=tmp_path).module.path


def test_damaged_machine_code_is_made_anew(tmp_path: Path) -> None:
    layout = ModelLayout((Counting,))
    CompiledBackend(layout, threads=1, folder=tmp_path).step(arm_state(layout, adults(64)), 1, 0)
    for path in tmp_path.rglob("*.nb[ci]"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    state = arm_state(layout, adults(64))
    CompiledBackend(layout, threads=1, folder=tmp_path).step(state, 1, 0)
    assert (state.citizens["weeks"] == 1).all()
