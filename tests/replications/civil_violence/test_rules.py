"""The rules of civil violence on small lattices: by hand, nobody lost, compiled and uncompiled alike."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.civil_violence.rules import (
    COP,
    EVEN,
    FLOOR,
    LITERAL,
    PaperRules,
    legitimacy,
    ratio,
    squared_distance,
)
from glasshouse.replications.civil_violence.simulations import (
    falling,
)
from glasshouse.replications.civil_violence.town import lattice, offsets, scattered, town
from glasshouse.replications.civil_violence.variants import MesaRules, NetLogoRules, walking_distance
from glasshouse.replications.sandbox import AgentPopulation, Simulation
from tests.helpers.populations import bytes_of

SIDE = 8

RULES = (
    PaperRules(side=8.0, reach=4.0, before=0.6, longest=4.0),
    NetLogoRules(side=8.0, reach=4.0, legitimacy=0.6, longest=4.0),
    MesaRules(side=8.0, reach=2.0, legitimacy=0.6, longest=4.0),
)
"""The same population of rebels under each set of rules: 12 sites in view, sentences of a few weeks."""


def small(rules: Mechanism, seed: int = 1) -> Simulation:
    """36 citizens and 6 cops on 64 sites."""
    sites = scattered(SIDE, 36 / 64, 6 / 64, seed)
    own = isinstance(rules, NetLogoRules)
    steps = offsets(0.0, 2) if isinstance(rules, MesaRules) else offsets(4.0)
    return Simulation(town(sites, lattice(SIDE, steps), seed, own=own), (rules,), "sequential")


@pytest.mark.parametrize(
    ("cops", "actives", "expected"),
    [(3, 2, (1.5, 1, 2)), (5, 2, (2.5, 2, 2)), (1, 2, (0.5, 0, 0)), (7, 4, (1.75, 1, 2)), (1, 4, (0.25, 0, 0)), (4, 2, (2, 2, 2))],
)  # fmt: skip
def test_cops_per_active_are_rounded_three_ways(cops: int, actives: int, expected: tuple[float, ...]) -> None:
    assert tuple(ratio(cops, actives, q) for q in (LITERAL, FLOOR, EVEN)) == expected


def stand(aversion: float, *, ally: bool) -> AgentPopulation:
    """One citizen between a cop and, if so, an ally out of the cop's sight; nobody moves. All are full of hardship."""
    sites = np.zeros(36, np.int8)
    sites[14], sites[15], sites[13] = 1, 2, ally
    population = town(sites, lattice(6, offsets(2.89)), 1)
    population.agents.citizens["hardship"] = 1.0
    population.agents.citizens["aversion"] = aversion
    return population


@pytest.mark.parametrize(
    ("aversion", "ally", "rounding", "rebels"),
    [
        (0.08, False, LITERAL, True),  # 0.18 - 0.08 * (1 - exp(-2.3)) = 0.1080
        (0.09, False, LITERAL, False),  # 0.18 - 0.09 * 0.8997 = 0.0990
        (0.11, True, LITERAL, True),  # one cop for two actives: 0.18 - 0.11 * (1 - exp(-1.15)) = 0.1048
        (0.12, True, LITERAL, False),  # 0.18 - 0.12 * 0.6834 = 0.0980
        (0.99, True, FLOOR, True),  # half a cop is none
        (0.09, False, FLOOR, False),
        (0.99, True, EVEN, True),  # one half goes to zero
    ],
)
def test_rule_a_by_hand(aversion: float, ally: bool, rounding: float, rebels: bool) -> None:
    """The ally is active from the first week on; anyone active in view of the cop is arrested or about to be."""
    population = stand(aversion, ally=ally)
    rules = PaperRules(side=6.0, reach=2.89, moving=False, patrols=False, rounding=rounding)
    history = Simulation(population, (rules,), "sequential").history(4, 2, ["active", "jailed"])
    rebelled = history["active"].sum() + history["jailed"].sum() - ally
    assert rebelled == rebels


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: rules.name)
def test_nobody_is_lost_and_sites_know_who_is_in_view(rules: Mechanism) -> None:
    steps = offsets(0.0, 2) if isinstance(rules, MesaRules) else offsets(4.0)
    if isinstance(rules, NetLogoRules):
        steps = np.append(steps, [[0, 0]], axis=0)
    active = jailed = 0.0
    for snapshot in small(rules).weeks(60, 5):
        site, shows, until = (snapshot.agents(name)[0, 64:] for name in ("site", "shows", "until"))
        inside = until > 0
        active, jailed = active + snapshot.total("active")[0], jailed + snapshot.total("jailed")[0]
        assert (active, jailed) == ((shows == 1).sum(), inside.sum())
        assert (shows == COP).sum() == 6
        assert not (inside & (shows > 0)).any()
        taking = site if isinstance(rules, MesaRules) else site[~inside]
        taken = np.bincount(taking, minlength=64)
        assert (snapshot.agents("taken")[0, :64] == taken).all()
        assert taken.max() == 1 or isinstance(rules, NetLogoRules)
        shown = np.bincount(site, shows, 64).reshape(SIDE, SIDE)
        seen = sum(np.roll(shown, tuple(step), (0, 1)) for step in steps)
        assert (snapshot.agents("view")[0, :64] == seen.reshape(-1)).all()
    assert active + jailed > 5


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: rules.name)
def test_the_reference_backend_gives_the_same_weeks(rules: Mechanism) -> None:
    simulation = small(rules)
    pairs = zip(simulation.weeks(8, 3), simulation.weeks(8, 3, ReferenceBackend(simulation.layout)), strict=True)
    for one, other in pairs:
        assert bytes_of(one.state) == bytes_of(other.state), one.week


@pytest.mark.parametrize(("rules", "twice"), [(RULES[0], False), (RULES[1], True)], ids=["paper", "NetLogo"])
def test_a_citizen_who_moves_while_active_is_counted_once_or_twice(rules: Mechanism, twice: bool) -> None:
    """One timid rebel, one cop: counted once, they are quiet wherever they come to see the cop, as half a cop would be none."""
    sites = np.zeros(64, np.int8)
    sites[9], sites[36] = 1, 2
    population = town(sites, lattice(SIDE, offsets(4.0)), 1, own=twice)
    population.agents.citizens["hardship"] = population.agents.citizens["aversion"] = 1.0
    brave = alone = 0
    for snapshot in Simulation(population, (rules,), "sequential").weeks(150, 7):
        (rebel, cop), active = snapshot.agents("site")[0, 64:].tolist(), snapshot.agents("shows")[0, 64] == 1
        in_view = squared_distance(rebel, cop, 8.0) <= 4
        brave, alone = brave + (active and in_view), alone + (active and not in_view)
    assert alone > 20
    assert (brave > 0) == twice


def test_sentences_and_releases() -> None:
    """One is in jail for a whole number of weeks up to the longest and comes out where one was arrested or in view of it."""
    held: dict[int, tuple[int, int, int]] = {}
    served = []
    for snapshot in small(RULES[0]).weeks(80, 4):
        site, until = snapshot.agents("site")[0].astype(int), snapshot.agents("until")[0].astype(int)
        for j in range(64, len(site)):
            # One who comes out and rebels can be back in jail within the week, with another sentence.
            if j in held and until[j] != held[j][1]:
                week, _, place = held.pop(j)
                served.append(snapshot.week - week)
                assert squared_distance(place, site[j], 8.0) <= 4
            if until[j] > 0:
                assert snapshot.week < until[j] <= snapshot.week + 4
                held.setdefault(j, (snapshot.week, until[j], site[j]))
    assert set(served) == {1, 2, 3, 4}


def test_distances_on_the_torus() -> None:
    assert squared_distance(0, 63, 8.0) == 2
    assert squared_distance(0, 4, 8.0) == 16
    assert (walking_distance(0, 63, 8.0), walking_distance(9, 27, 8.0)) == (2, 4)
    assert len(offsets(49.0)) == 148
    assert len(offsets(0.0, 7)) == 112
    assert len(offsets(2.89)) == 8


def test_legitimacy_falls_in_slices_or_at_once() -> None:
    slices = [legitimacy(week, 0.9, 77.0, 0.0, 0.01, 0.2) for week in (76, 77, 87, 147, 200)]
    assert slices == pytest.approx([0.9, 0.9, 0.8, 0.2, 0.2])
    assert [legitimacy(week, 0.9, 77.0, 0.2, 0.0, 0.2) for week in (76, 77, 500)] == pytest.approx([0.9, 0.7, 0.7])
    rules = falling(FLOOR, 0.2, 0.0).rules
    assert isinstance(rules, PaperRules)
    assert (rules.before, rules.since, rules.jump) == (0.9, 77.0, 0.2)
