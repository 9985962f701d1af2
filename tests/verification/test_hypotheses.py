"""Every row of the system shows what it claims, at draws from the priors, and nothing of it at zero strength."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import hypotheses
import numpy as np
import pytest
from hypotheses import CATALOGUE, Row

import glasshouse
from glasshouse.model import measures, mechanisms
from glasshouse.model.measure import Measure
from glasshouse.model.measures.administration import CreepRate, ForecastLift, StabilityMargin
from glasshouse.model.measures.governance import GovernanceSoon, Records
from glasshouse.model.measures.listing import ListedShare
from glasshouse.model.measures.speech import BelievedRisk, ControlExpected
from glasshouse.model.optional import OPTIONAL
from glasshouse.results.result import Result
from glasshouse.scenario.files import library_names
from glasshouse.scenario.scenario import load

ROWS = {row.name: row for row in CATALOGUE}
DRAWS = 11
"""A claim about nothing has its sign in ten of eleven draws with a chance of 0.6 %. So many must have it."""

every_row = pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)


def lived(row: Row, settings: Mapping[str, Any]) -> Result:
    """The row's scenario in its small population under other settings."""
    return glasshouse.run(hypotheses.small_scenario(row, load(row.scenario)), settings=settings)


def effect(result: Result, measure: type[Measure]) -> float:
    return result.effect(measure).mean


# ----------------------------------------------------------------------------------------------------- the catalogue


def test_the_rows_are_those_of_the_model() -> None:
    assert [re.sub(r"[Sabc]", "", name) for name in ROWS] == [
        *"0122234567", "8", "9", *(str(number) for number in range(10, 15)), "14", "14", "15", "15", "16",
    ]  # fmt: skip


@every_row
def test_a_row_names_a_shipped_scenario_mechanisms_and_measures(row: Row) -> None:
    assert row.scenario in library_names()
    assert load(row.scenario).title.startswith(f"{row.name}: ")
    assert load(row.scenario).about
    assert row.mechanisms
    optional = {mechanism for plugin in OPTIONAL for mechanism in plugin.mechanisms}
    assert set(row.mechanisms) <= {*mechanisms.CATALOGUE, *optional}
    assert row.claims or row.open_claims
    assert {claim.scenario.name for claim in row.open_claims} <= {load(row.scenario).name}
    assert load(row.scenario).run.replicates >= 5
    assert {claim.measure for claim in row.claims} <= set(measures.CATALOGUE)


def test_a_row_claims_the_sign_of_one_measure_and_no_more() -> None:
    assert ROWS["S11"].claims[0] == hypotheses.Signed(GovernanceSoon, -1, "Fewer problems are solved within 12 weeks.")
    wrong = replace(ROWS["S11"], claim_names=("heart",))
    with pytest.raises(glasshouse.errors.ScenarioError, match="heart: a row claims the sign of a measure"):
        _ = wrong.claims


@every_row
def test_a_scenario_differs_from_its_reference_in_the_rows_strength_alone(row: Row) -> None:
    scenario = load(row.scenario)
    apart = {
        f"{regime.name}.{key}"
        for regime, reference in zip(scenario.mechanisms, scenario.reference, strict=True)
        for key in type(regime).model_fields
        if getattr(regime, key) != getattr(reference, key)
    }
    if row.name == "S7":
        assert apart == {"forecast.visits"}
    else:
        assert apart == {dial.setting for dial in row.strength}
        assert row.placebo().mechanisms == row.placebo().reference


# ------------------------------------------------------------------------------------------------------ the strength


@every_row
def test_at_zero_strength_nothing_is_left(row: Row) -> None:
    """To the last bit where both arms then live under equal tables. The forecast's visits stay: there 95 % intervals."""
    placebo = hypotheses.small_scenario(row, row.placebo())
    if row.name == "S7":
        found = glasshouse.run(placebo, replicates=12).effect(ForecastLift)
        assert found.low < 0.0 < found.high
        return
    (totals,) = glasshouse.run(placebo, citizens=1500, weeks=60, replicates=1).weekly_totals
    assert totals.weekly.any()
    assert np.array_equal(totals.arm("reference").weekly, totals.arm("regime").weekly)


@pytest.mark.parametrize("row", [row for row in CATALOGUE if row.claims], ids=lambda row: row.name)
def test_the_effect_has_its_sign_at_draws_from_the_priors(row: Row) -> None:
    """Error rate: 0.6 % for each claim by the signs alone; `verification/rows.py` does it at 20 draws, twice each.

    A claim about nothing has either sign with one chance whatever the number of replicates. Effects differ more from draw
    to draw than from one population to the next, so a second replicate of each draw would add little but time.
    """
    for found in hypotheses.test_row(row, DRAWS, np.random.default_rng(16), replicates=1):
        assert found.passes, f"{found.claim.sentence} {found.effects}"


# ------------------------------------------------------------------------------------------------ what rows say besides


def test_stability_is_not_the_absence_of_problems() -> None:
    """S3: with capacity enough the margin stays although problems are open in every week."""
    result = lived(ROWS["S3"], {"budget.service_cost": 0.5})
    assert result.values(StabilityMargin, "regime").min() > 0.3
    assert result.weekly_sums(0, "regime").problems_open[4:].min() > 0


def test_the_reference_arm_has_police_too() -> None:
    """S8: nothing that the regime does is new."""
    result = lived(ROWS["S8"], {})
    for measure in (Records, ListedShare):
        assert result.values(measure, "reference").min() > 0.0


def test_an_outside_audit_keeps_creep_away() -> None:
    """S14a: with a complete audit no kind is added."""
    row = ROWS["S14a"]
    assert effect(lived(row, {}), CreepRate) > 0.0
    assert effect(lived(row, {"safeguards.audit": 1.0}), CreepRate) == 0.0


def test_covert_coverage_moves_believed_risk_only_through_experience() -> None:
    """S15: the same coverage kept covert does less than a tenth of what its announcement does."""
    row = ROWS["S15"]
    announced = effect(lived(row, {}), BelievedRisk)
    quiet = {"observation.coverage": 0.1, "observation.covert": 0.38, "reference.observation.covert": 0.03}
    assert announced > 0.02
    assert abs(effect(lived(row, quiet), BelievedRisk)) < 0.1 * announced


# ------------------------------------------------------------------------------------------------- S11, the two ways


WITHOUT, WITH = "rows/s11-control-without-governance", "rows/s11-control-with-governance"


def test_the_two_ways_differ_in_their_regimes_alone() -> None:
    one, other = load(WITHOUT), load(WITH)
    assert (one.run, one.society, one.reference, one.changes) == (
        other.run,
        other.society,
        other.reference,
        other.changes,
    )
    assert one.mechanisms != other.mechanisms


@pytest.mark.parametrize(("name", "sign"), [(WITHOUT, -1), (WITH, 1)])
def test_control_rises_with_and_without_governance(name: str, sign: int) -> None:
    """95 % intervals over eight populations that exclude zero; error rate 2.5 % for each of the four claims."""
    result = glasshouse.run(name, citizens=12_000, replicates=8, settings={"society.district_size": 512})
    control, governance = result.effect(ControlExpected), result.effect(GovernanceSoon)
    assert control.low > 0.0
    assert (governance.low if sign > 0 else -governance.high) > 0.0


# -------------------------------------------------------------------------------------------------------- the tests


def test_so_many_signs_are_asked_that_a_coin_rarely_gives_them() -> None:
    assert [hypotheses.min_right_signs(draws) for draws in (3, 7, 20)] == [4, 7, 16]


def test_a_finding_passes_only_with_sign_and_interval() -> None:
    (down,) = ROWS["S2a"].claims
    assert hypotheses.TrialResult(down, (-0.2, -0.3, -0.2, -0.1, -0.2, -0.3, -0.1), 7).passes
    assert not hypotheses.TrialResult(down, (0.2, 0.3, 0.2, 0.1, 0.2, 0.3, 0.1), 7).passes
    assert not hypotheses.TrialResult(down, (-0.2, -0.3, -0.2, -0.1, -0.2, -0.3, 0.0), 7).passes
    wild = hypotheses.TrialResult(down, (-1e-3, -1e-3, -1e-3, -1e-3, -1e-3, -1e-3, -9.0), 7)
    assert wild.right == 7
    assert not wild.passes


def test_draws_stay_in_the_priors_and_scale_lists_as_a_whole() -> None:
    row = ROWS["S5"]
    scenario = load(row.scenario)
    drawn = hypotheses.prior_draws(row, scenario, 40, np.random.default_rng(1))
    assert {key.split(".")[-2] for key in drawn[0]} == {"observation", "attitudes", "voice", "conduct"}
    assert not {"observation.coverage", "sanctions.reward"} & drawn[0].keys()
    rates = np.array([settings["conduct.rates"] for settings in drawn])
    assert rates.min() >= 0.0015
    assert rates.max() <= 1.6
    assert np.allclose(rates / rates[:, :1], rates[0] / rates[0, 0])
    assert len(np.unique(rates[:, 0])) == 40
