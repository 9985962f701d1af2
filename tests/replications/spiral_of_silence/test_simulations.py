"""The spiral of silence by hand, its networks by their chances, and a small simulation."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.model.kernel_math import sigmoid
from glasshouse.replications.preferential_attachment import added, attractiveness, grown, joined_ties, ties_of, within
from glasshouse.replications.sandbox import Simulation, build_population, generator
from glasshouse.replications.spiral_of_silence.mechanisms import STILL, SpiralOfSilence
from glasshouse.replications.spiral_of_silence.replication import winning_share
from glasshouse.replications.spiral_of_silence.simulations import people, settled, with_bots


def star(start: float, opinions: list[bool]) -> Simulation:
    """One person in favour among neighbours of these opinions, all of whom speak."""
    size = 1 + len(opinions)
    traits = {
        "plus": np.array([[True, *opinions]]),
        "start": np.array([[start, *[6.0] * len(opinions)]]),
        "shy": np.array([[0.5, *[0.0] * len(opinions)]]),
        "bot": np.zeros((1, size), bool),
    }
    ends = np.arange(1, size)
    return Simulation(
        build_population(traits, ties=(np.zeros_like(ends), np.zeros_like(ends), ends)), (SpiralOfSilence(),)
    )


def test_confidence_moves_by_the_balance_of_voices() -> None:
    """The article's example: 1.5 among one who agrees and three who do not becomes 1.5 + (1 - 3) / 4 = 1."""
    moments = [snapshot.agents("inner")[0, 0] for snapshot in star(1.5, [True, False, False, False]).weeks(4, 1)]
    assert moments == [1.5, 1.0, 0.5, 0.0]


def test_confidence_stays_at_zero_and_turns_into_speech_above_the_willingness() -> None:
    snapshot = star(1.5, [False]).last(4, 1)
    assert snapshot.agents("inner")[0, 0] == 0.0
    assert snapshot.agents("sure")[0].tolist()[0] == 0.0
    # c(1.5) = 2 / (1 + exp(-1.5)) - 1 = 0.635 speaks, c(1.0) = 0.462 does not.
    voices = star(1.5, [False]).history(3, 1, ["plus", "minus"])
    assert voices["plus"][:, 0].tolist() == [1.0, 0.0, 0.0]
    # The one who heard the other at first is the surer of the two for a tick of silence.
    assert voices["minus"][:, 0].tolist() == [1.0, 1.0, 1.0]
    assert star(1.5, [True]).last(2, 1).agents("sure")[0, 0] == pytest.approx(2 / (1 + np.exp(-2.5)) - 1, abs=1e-5)


def test_the_table_of_confidence_is_fine_enough_for_what_counts_as_rest() -> None:
    h = np.linspace(0.0, 12.0, 12_001)
    off = np.abs([2.0 * sigmoid(x) - 1.0 for x in h] - (2.0 / (1.0 + np.exp(-h)) - 1.0))
    assert off[h < 8.0].max() < 7e-6
    assert off.max() < 0.7 * STILL


def test_nobody_is_at_rest_while_confidence_moves_by_a_thousandth() -> None:
    """Friends go from h = 5.5 and 6 to 6.5 and 7: c moves by 0.005 and 0.003; beyond 8 nothing moves."""
    assert not star(5.5, [True]).last(2, 1).places("rested")[0]
    assert star(5.5, [True]).last(8, 1).places("rested")[0]


def test_bots_speak_against_and_nobody_sways_or_counts_them() -> None:
    humans = {"plus": np.array([[True] * 2]), "start": np.array([[0.9] * 2]), "shy": np.array([[0.1] * 2])}
    traits = with_bots({**humans, "bot": np.zeros((1, 2), bool)}, 3)
    copy = np.zeros(7, np.int64)
    ties = copy, np.array([0, 0, 0, 0, 1, 1, 1]), np.array([1, 2, 3, 4, 2, 3, 4])
    rest = settled(traits, ties)
    assert traits["bot"][0].tolist() == [False, False, True, True, True]
    assert rest.places("rested").all()
    assert (rest.places("for_plus")[0], rest.places("for_minus")[0]) == (0, 0)
    assert rest.agents("inner")[0, :2].tolist() == [0.0, 0.0]


def test_newcomers_join_by_attractiveness() -> None:
    """By hand for one link: person 2 joins person 0 with chance (0.5 + 1) / 2, person 1 with 0.5 / 2."""
    copies = 20_000
    joined = grown(generator(1, "test"), copies, 3, 1, 2.5)
    assert joined[:, 0, 0].tolist() == [0] * copies
    assert abs((joined[:, 1, 0] == 0).mean() - 0.75) < 4 * (0.75 * 0.25 / copies) ** 0.5
    weights = np.tile([1.0, 3.0, 0.0], (copies, 1))
    later = added(generator(1, "later"), weights, 1, 1)
    assert abs((later == 1).mean() - 0.75) < 4 * (0.75 * 0.25 / copies) ** 0.5
    assert not (later == 2).any()


def test_everybody_joins_so_many_different_people_who_were_there_before() -> None:
    joined = grown(generator(2, "test"), 30, 60, 4, 2.5)
    assert joined.shape == (30, 56, 4)
    assert (np.sort(joined, axis=2)[:, :, 1:] > np.sort(joined, axis=2)[:, :, :-1]).all()
    assert (joined < (4 + np.arange(56))[None, :, None]).all()
    attractive = attractiveness(joined, 2.5)
    assert (attractive.sum(axis=1) == 60 * 2.0 + 56 * 4).all()
    assert attractive[3, 7] == 2.0 + (joined[3] == 7).sum()
    copy, one, other = joined_ties(ties_of(joined, 4), ties_of(added(generator(2, "more"), attractive, 5, 4), 60))
    assert len(copy) == 30 * 61 * 4
    assert one.max() == 64
    assert other.max() < 60
    assert (one > other).all()


def test_neighbours_on_the_plane_are_found_across_its_edge() -> None:
    places = np.array([[[0.05, 0.5], [0.95, 0.5], [0.5, 0.5]]])
    copy, one, other = within(places, 0.11)
    assert (copy.tolist(), one.tolist(), other.tolist()) == ([0], [0], [1])


def test_the_share_that_is_enough_lies_on_a_line_between_two() -> None:
    assert winning_share({1.0: 50.0, 2.0: 60.0, 3.0: 80.0}) == pytest.approx(2.0 + (200.0 / 3.0 - 60.0) / 20.0)
    assert np.isnan(winning_share({1.0: 50.0, 2.0: 60.0}))


def test_the_reference_backend_gives_the_same() -> None:
    joined = grown(generator(3, "test"), 2, 20, 2, 2.5)
    traits = with_bots(people(3, 2, 20), 2)
    ties = joined_ties(ties_of(joined, 2), ties_of(added(generator(3, "bots"), attractiveness(joined, 2.5), 2, 2), 20))
    simulation = Simulation(build_population(traits, ties=ties), (SpiralOfSilence(),))
    compiled, reference = simulation.last(6, 3), simulation.last(6, 3, ReferenceBackend(simulation.layout))
    assert compiled.state.citizens.tobytes() == reference.state.citizens.tobytes()
    assert compiled.state.districts.tobytes() == reference.state.districts.tobytes()
    assert len(set(compiled.places("for_minus").tolist())) > 1


def test_many_links_silence_the_minority_and_few_do_not() -> None:
    """Small simulation: 20 networks each; published are 0.1 and 16.8 per cent."""
    left = {}
    for links in (1, 10):
        joined = grown(generator(4, "test", links), 20, 500, links, 2.5)
        rest = settled(people(4, 20, 500, links), ties_of(joined, links))
        assert rest.places("rested").all()
        left[links] = np.minimum(rest.places("for_plus"), rest.places("for_minus")).mean() / 5.0
    assert left[10] < 1.0
    assert 14.0 < left[1] < 20.0
