"""Studies of a roll-out: they find a known effect, nothing where there is nothing, and stand beside the truth."""

import numpy as np
import pytest

import glasshouse
from glasshouse.errors import AnalysisError
from glasshouse.results import did
from glasshouse.results.did import Panel, Study
from tests.helpers.results import needs_fixest
from tests.helpers.results import staggered_result as result

DISTRICTS, PERIODS = 30, 20


def made(rng: np.random.Generator, effect: float, growth: float = 0.0, spillover: float = 0.0) -> Panel:
    """Districts with levels, shared shocks and noise of their own, of which one or two join in each of 17 periods."""
    joined = rng.permutation(np.linspace(6 * 13, 22 * 13, DISTRICTS).astype(np.int64))
    reference = rng.normal(size=DISTRICTS) + rng.normal(size=(PERIODS, 1)) + rng.normal(size=(PERIODS, DISTRICTS))
    since = np.arange(PERIODS)[:, None] - joined // 13
    begun = np.arange(PERIODS)[:, None] >= joined.min() // 13
    regime = reference + np.where(since >= 0, effect + growth * since, spillover * begun)
    return Panel(np.stack([reference, regime]), joined, 13)


def mean(study: Study, estimator: str, column: str = "mean") -> float:
    return float(study.effects[column][study.effects["estimator"] == estimator].mean())


def test_only_cells_that_can_be_compared_are_used() -> None:
    values = np.zeros((2, 6, 4))
    values[1, 0, 3] = np.nan
    # The last two join in period 4, and with one outside no more, period 4 and what follows have no control.
    panel = Panel(values, np.array([13, 39, 52, 60]), 13)
    assert (panel.event[:, 1] == [-3, -2, -1, 0, 1, 2]).all()
    usable = panel.usable
    assert not usable[4:].any()
    assert not usable[:, 0].any()  # one period before it joined is too few
    assert usable[:4, 1:3].all()
    assert not usable[0, 3]


@needs_fixest
def test_a_known_effect_is_found_and_growth_misleads_only_two_way_fixed_effects() -> None:
    rng = np.random.default_rng(5)
    steady = did.study("a", "", tuple(made(rng, 2.0) for _ in range(5)))
    growing = did.study("a", "", tuple(made(rng, 2.0, growth=0.5) for _ in range(5)))
    for estimator in did.ESTIMATORS:
        assert mean(steady, estimator) == pytest.approx(2.0, abs=0.25)
        assert mean(steady, estimator, "truth") == pytest.approx(2.0)
    truth = mean(growing, "did2s", "truth")
    assert truth > 3.0
    assert mean(growing, "did2s") == pytest.approx(truth, abs=0.25)
    assert mean(growing, "twfe") < truth - 0.5
    late = growing.events["event"] == 6
    assert growing.events["truth"][late] == pytest.approx(5.0)
    assert growing.events["mean"][late].mean() == pytest.approx(5.0, abs=0.6)
    weeks, found, true = growing.by_event()[-3]
    assert (weeks, true) == (10 * 13, pytest.approx(7.0))
    assert found.low < 7.0 < found.high
    before = growing.events["event"] < 0
    assert abs(growing.events["mean"][before].mean()) < 0.25
    assert -1 not in growing.events["event"]


@needs_fixest
def test_spill_over_is_subtracted_by_the_field_estimate_and_shown_beside_it() -> None:
    study = did.study("a", "", tuple(made(np.random.default_rng(s), 2.0, spillover=1.0) for s in range(5)))
    assert mean(study, "did2s", "truth") == pytest.approx(2.0)
    assert mean(study, "did2s", "spillover") == pytest.approx(1.0)
    assert 0.7 < mean(study, "did2s") < 1.6
    assert study.covered("did2s") < 5


@needs_fixest
def test_an_estimate_is_that_on_the_reference_arm_and_that_on_the_effect() -> None:
    """The estimators are linear: on the difference between the arms alone they find what is left without the control."""
    panels = tuple(made(np.random.default_rng(seed), 2.0, growth=0.2) for seed in range(3))
    study = did.study("a", "", panels)
    pure = did.study(
        "a", "", tuple(Panel(np.stack([0 * p.values[0], p.values[1] - p.values[0]]), p.adoption, 13) for p in panels)
    )
    left = study.effects["mean"] - study.effects["control"]
    assert left == pytest.approx(pure.effects["mean"])
    assert np.abs(study.effects["control"]).min() > 1e-3
    assert pure.effects["control"] == pytest.approx(0.0, abs=1e-9)
    assert mean(pure, "did2s") == pytest.approx(mean(pure, "did2s", "truth"))
    control = study.control("did2s")
    assert control.low < 0.0 < control.high


@needs_fixest
def test_a_placebo_is_covered_about_as_often_as_it_should() -> None:
    """40 placebos: intervals of 95 % miss more than 7 of 40 once in 1,400 times, those of 80 % in more than half."""
    rng = np.random.default_rng(2014)
    study = did.study("a", "", tuple(made(rng, 0.0) for _ in range(40)))
    for estimator in did.ESTIMATORS:
        assert 33 <= study.covered(estimator), estimator


@needs_fixest
def test_a_run_whose_regime_equals_its_reference_shows_no_effect_and_a_real_one_does() -> None:
    """Three measures, two populations, two estimators: 12 intervals of 95 %; that more than 3 miss has a chance of 0.2 %."""
    found = result()
    missed = 0
    for measure in ("protest", "complaint_rate", "listed_share"):
        panels = [did.panel(found, measure, replicate) for replicate in range(2)]
        same = tuple(Panel(panel.values[[0, 0]], panel.adoption, panel.period_weeks) for panel in panels)
        study = did.study(measure, "", same)
        assert not study.effects["truth"].any()
        missed += sum(2 - study.covered(estimator) for estimator in did.ESTIMATORS)
    assert missed <= 3
    records = found.did("records")
    assert (records.effects["truth"] > 0.0).all()
    assert (records.effects["low"] > 0.0).all()
    assert set(records.effects["replicate"]) == {0, 1}
    assert (records.period_weeks, records.replicates, records.unit) == (13, 2, "per adult and year")


def test_a_panel_is_the_measure_of_each_arm_period_and_district() -> None:
    found = result()
    panel = did.panel(found, "protest", 1)
    sums = found.weekly_totals[1]
    slots = {total.name: slot for slot, total in enumerate(found.sums)}
    one = sums.arm("regime").periods[6, 2]
    assert panel.values.shape == (2, 13, sums.districts.shape[2])
    assert panel.values[1, 6, 2] == pytest.approx(52_000 * one[slots["protests"]] / one[slots["adults"]])
    assert (panel.values[0, :4] == panel.values[1, :4]).all()
    assert (panel.adoption == found.adoption_weeks(1)).all()
    assert panel.adoption.min() == 52


def test_what_cannot_be_studied_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AnalysisError, match="control has no value by district"):
        result().did("control")
    with pytest.raises(AnalysisError, match="Choose of: .*protest"):
        result().did("protests")
    at_once = glasshouse.run(
        "social-governance", citizens=600, weeks=20, replicates=1, settings={"start": 5, "rollout": 0}, threads=1
    )
    with pytest.raises(AnalysisError, match="run.rollout"):
        at_once.did("protest")
    monkeypatch.setattr(did, "installed", lambda: False)
    with pytest.raises(AnalysisError, match="pip install 'glasshouse-lab.analysis.'"):
        result().did("protest")


@needs_fixest
def test_too_few_districts_or_nobody_left_outside_is_reported() -> None:
    few = made(np.random.default_rng(1), 1.0)
    with pytest.raises(AnalysisError, match="8 districts"):
        did.study("a", "", (Panel(few.values[:, :, :6], few.adoption[:6], 13),))
    with pytest.raises(AnalysisError, match=r"run\.rollout"):
        did.study("a", "", (Panel(few.values, np.full(DISTRICTS, 60), 13),))
