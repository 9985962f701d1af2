"""Rounds of lending by hand, the published percentages, the policies on curves whose best shares are known."""

import numpy as np
import pytest

from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.replications.fair_lending.replication import facts
from glasshouse.replications.fair_lending.simulations import (
    APPLICANTS,
    GROUPS,
    HEADS,
    WEIGHTS,
    Curve,
    LoanGroup,
    crossing,
    cut,
    lending,
    policies,
    table,
)


def test_applicants_stand_at_the_published_percentages() -> None:
    held = table()
    simulation = lending([LoanGroup("white"), LoanGroup("black")])
    score = simulation.population.agents.citizens["score"][simulation.population.index]
    assert score.shape == (2, APPLICANTS)
    assert (np.diff(score, axis=1) <= 0).all()
    for place, group in enumerate(("white", "black")):
        at_or_below = (score[place][:, None] <= held["fico"]).mean(axis=0) * 100
        assert at_or_below == pytest.approx(held[f"{group}_at_or_below"])
    assert len(held["fico"]) == 198
    assert WEIGHTS["black"] == pytest.approx(0.12067, abs=5e-6)
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


def test_levels_are_mapped_to_the_fico_range() -> None:
    """By hand: 2.1 per cent of the population lie below 350, 6.3 below 400; level 0 is 300 and level 100 is 850."""
    held = dict(zip(table()["score"], table()["fico"], strict=True))
    assert (held[0.0], held[100.0]) == (300.0, 850.0)
    assert held[2.0] == pytest.approx(300 + 50 * 2.0 / 2.1)
    assert held[4.0] == pytest.approx(350 + 50 * (4.0 - 2.1) / 4.2)


def test_a_round_takes_the_best_and_part_of_the_marginal_one() -> None:
    """By hand: two white applicants stand at 850 (0.90 per cent bad), seven at the level below (0.93 per cent)."""
    lots = [
        LoanGroup("white", 2.5),
        LoanGroup("white", 2.5, loss=-10.0, limited=False),
        LoanGroup("white", 1.0, more=2.0),
    ]
    weeks = lending(lots).weeks(3, 0)
    first, _, last = list(weeks)
    assert first.agents("accepted")[0, :4].tolist() == [1.0, 1.0, 0.5, 0.0]
    repaid = 2 * 0.991 + 0.5 * 0.9907
    assert first.total("repaid")[:2] == pytest.approx([repaid, repaid], abs=1e-5)
    assert first.total("utility")[:2] == pytest.approx(
        [repaid - 4 * (2.5 - repaid), repaid - 10 * (2.5 - repaid)], abs=1e-5
    )
    below = table()["fico"][-2]
    rise = 75 * 0.9907 - 150 * 0.0093
    assert first.total("change")[0] == pytest.approx(0.5 * min(rise, 850 - below), abs=1e-5)
    assert first.total("change")[1] == pytest.approx(2 * (75 * 0.991 - 150 * 0.009) + 0.5 * rise, abs=1e-5)
    assert first.total("points")[0] == pytest.approx(1700 + below / 2, abs=1e-5)
    assert last.agents("accepted")[2, :7].tolist() == [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0]


def test_scores_stay_above_the_lower_limit_and_another_curve_can_repay() -> None:
    lots = [
        LoanGroup("black", APPLICANTS),
        LoanGroup("black", APPLICANTS, limited=False),
        LoanGroup("black", APPLICANTS, repaying="white"),
    ]
    simulation = lending(lots)
    limited, free, mistaken = simulation.last(1, 0).total("change") / APPLICANTS
    citizens = simulation.population.agents.citizens[simulation.population.index]
    assert free == pytest.approx(-150 + 225 * citizens["repays"][1].mean(), abs=1e-5)
    assert limited == pytest.approx(-55.03, abs=0.01)
    assert mistaken > limited
    assert citizens["repays"][2].mean() > citizens["repays"][0].mean()
    assert (citizens["score"][2] == citizens["score"][0]).all()


def test_the_bank_keeps_the_rule_of_each_policy() -> None:
    """A white applicant is worth 1 up to rank 6000 and costs 1 after it; a black one is worth 1 up to 2000, then costs 4.

    The white group repays three times as much up to rank 2500 as after it: 6000 heads are 11/15 of its repayment.
    """
    black = Curve(HEADS, np.minimum(HEADS, 2000) - 4 * np.maximum(HEADS - 2000, 0), HEADS)
    white = Curve(np.minimum(3 * HEADS, 5000 + HEADS), np.minimum(HEADS, 12_000 - HEADS), HEADS)
    found = policies(dict(zip(GROUPS, (black, white), strict=True)))
    assert found["maximum utility"] == {"black": 2000.0, "white": 6000.0}
    assert found["demographic parity"] == {"black": 6000.0, "white": 6000.0}
    assert found["equal opportunity"]["white"] == pytest.approx(6000.0)
    assert found["equal opportunity"]["black"] == pytest.approx(10_000 * 11 / 15)


def test_cuts_and_crossings_lie_between_levels() -> None:
    low, high = table()["fico"][100:102]
    score = np.array([high, low, low, low, low])
    assert cut(score, np.array([1.0, 1.0, 0.0, 0.0, 0.0])) == pytest.approx(low + 0.75 * (high - low))
    assert cut(score, np.array([1.0, 1.0, 0.0, 0.0, 0.0]), wrong_way=True) == pytest.approx(low + 0.25 * (high - low))
    assert crossing(np.array([0.0, 2.0, 3.0, -1.0, -4.0])) * APPLICANTS == pytest.approx(2.75)


def test_the_black_curve_peaks_at_a_quarter_and_turns_to_harm_past_two_fifths() -> None:
    change = lending([LoanGroup("black", 100.0, 100.0)]).history(100, 0, ["change"])["change"][:, 0] / APPLICANTS
    assert 22 <= change.argmax() <= 24
    assert change[41] > 0 > change[43]
    assert facts(0)["4.1 mean repayment black"] == pytest.approx(0.3366, abs=1e-4)


def test_the_reference_backend_lends_the_same() -> None:
    simulation = lending([LoanGroup("black", 4000.5, 10.0)])
    compiled, reference = simulation.last(2, 0), simulation.last(2, 0, ReferenceBackend(simulation.layout))
    assert (compiled.agents("accepted") == reference.agents("accepted")).all()
    assert (compiled.state.totals == reference.state.totals).all()
