"""A population in several copies: copies kept apart, agents told from those who only fill up, ties within a copy."""

from typing import ClassVar

import numpy as np
import pytest

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.model.declarations import Column, Signal, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.sandbox import AgentPopulation, Simulation, build_population, generator, run_parallel


class Rumour(Mechanism):
    """Passes on what a contact told last week, from a copy's own first week on."""

    name: ClassVar[str] = "stage_rumour"
    columns: ClassVar = (
        Column("heard", "i4", "weeks", "week in which it was heard", low=-1.0, initial=-1.0, high=1e6),
    )
    signals: ClassVar = (Signal("telling", "knows it"),)
    sums: ClassVar = (Sum("knowing", "persons", "who knows"), Sum("halves", "halves", "a half each", 2))
    district_columns: ClassVar = (Column("most", "i8", "persons", "who ever knew"),)

    @staticmethod
    def citizen(me, here, contacts, add, week):
        """The first agent of each copy knows from the beginning."""
        if not me.present:
            return
        if me.heard < 0 and ((me.local_index == 0 and week >= here.begins) or contacts.telling > 0):
            me.heard = week
        me.telling = me.heard >= 0
        if me.telling:
            add("knowing")
            add("halves", 0.5)

    @staticmethod
    def district(here, total):
        """Keeps the count."""
        here.most = total.knowing


def chain() -> AgentPopulation:
    """Two copies of a chain of 70: the second is told three weeks later."""
    one, copy = np.tile(np.arange(69), 2), np.repeat([0, 1], 69)
    return build_population(
        {"weight": np.ones((2, 70), np.float32)},
        places={"begins": np.array([0, 3], np.int64)},
        ties=(copy, one, one + 1),
    )


def test_copies_do_not_meet_and_those_who_fill_up_do_not_play() -> None:
    population = chain()
    assert len(population.agents.citizens) == 2 * 128
    assert population.agents.citizens["present"].sum() == 140
    assert population.agents.citizens["weight"].sum() == 140
    assert population.index[1].tolist() == list(range(128, 198))
    found = Simulation(population, (Rumour(),)).history(10, 1, ["knowing", "halves"])
    assert found["knowing"][:, 0].tolist() == list(range(1, 11))
    assert found["knowing"][:, 1].tolist() == [0, 0, 0, 1, 2, 3, 4, 5, 6, 7]
    assert (found["halves"] == found["knowing"] / 2).all()


def test_a_moment_gives_agents_and_places_that_later_weeks_leave_alone() -> None:
    weeks = Simulation(chain(), (Rumour(),)).weeks(5, 1)
    first = next(weeks)
    heard, most = first.agents("heard"), first.places("most")
    last = Simulation(chain(), (Rumour(),)).last(5, 1)
    assert [snapshot.week for snapshot in weeks] == [1, 2, 3, 4]
    assert heard.shape == (2, 70)
    assert heard[0, :3].tolist() == [0, -1, -1]
    assert most.tolist() == [1, 0]
    assert last.agents("heard")[0, :6].tolist() == [0, 1, 2, 3, 4, -1]
    assert last.places("most").tolist() == [5, 2]


def test_the_reference_backend_gives_the_same() -> None:
    simulation = Simulation(chain(), (Rumour(),))
    compiled, reference = simulation.last(4, 1), simulation.last(4, 1, ReferenceBackend(simulation.layout))
    assert (compiled.agents("heard") == reference.agents("heard")).all()


def test_one_copy_is_not_filled_up() -> None:
    assert len(build_population({"weight": np.ones((1, 70))}).agents.citizens) == 70


def test_random_numbers_follow_from_seed_and_part() -> None:
    assert generator(1, "a").random() == generator(1, "a").random()
    assert len({generator(seed, part).random() for seed in (1, 2) for part in ("a", "b")}) == 4


def test_plays_abreast_are_the_plays_one_by_one() -> None:
    """The second seed's rumour begins in another week; copies are added up."""
    simulation = Simulation(chain(), (Rumour(),))
    late = Simulation(
        build_population({"weight": np.ones((1, 70))}, places={"begins": np.array([5], np.int64)}), (Rumour(),)
    )
    found = run_parallel(lambda seed: late if seed == 2 else simulation, 8, [1, 2], ["halves", "knowing"])
    assert found.shape == (2, 2, 8)
    assert found[1, 0].tolist() == simulation.history(8, 1, ["knowing"])["knowing"].sum(axis=1).tolist()
    assert found[:, 1].tolist() == [[0, 0, 0, 0, 0, 0.5, 0.5, 0.5], [0, 0, 0, 0, 0, 1, 1, 1]]


def test_a_simulation_closes_the_backend_that_it_made_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody takes its last week: what is left of the loop is closed with it."""
    closed: list[CompiledBackend] = []
    monkeypatch.setattr(CompiledBackend, "close", lambda backend: closed.append(backend))
    simulation = Simulation(chain(), (Rumour(),))
    simulation.last(2, 1)
    assert len(closed) == 1
    for _ in simulation.weeks(5, 1):
        break
    assert len(closed) == 2
    run_parallel(lambda _: simulation, 2, [1, 2], ["knowing"])
    assert len(closed) == 3
    simulation.last(2, 1, CompiledBackend(simulation.layout, threads=1))
    assert len(closed) == 3
