"""Sensitivity: known indices are found again, noise is told from effects, and what has no answer is refused.

Statistical tests name their error; seeds are fixed. Errors were read off eight other seeds and doubled.
"""

import importlib.util
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from glasshouse.analysis import distribution_indices, sensitivity
from glasshouse.analysis.sensitivity import noise, screened
from glasshouse.analysis.sensitivity_indices import Sensitivity
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.report import charts
from glasshouse.report.study.sensitivity_charts import SHOWN, bars, drawn
from glasshouse.study.design import Design, make_design
from glasshouse.study.factor import Factor

HAS_SALIB = importlib.util.find_spec("SALib") is not None
needs_salib = pytest.mark.skipif(not HAS_SALIB, reason="SALib is not installed")

THREE = tuple(Factor(f"a.{name}", -math.pi, math.pi) for name in "bcd")
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
EIGHT = tuple(Factor(f"g.{name}", 0.0, 1.0) for name in "abcdefgh")
METHODS: dict[str, Callable[[Design, FloatArray], Sensitivity]] = {
    "sobol": sensitivity.sobol, "morris": sensitivity.morris,
    "delta": distribution_indices.delta, "pawn": distribution_indices.pawn,
}  # fmt: skip
SAMPLE = make_design("latin-hypercube", EIGHT[:3], 400, seed=3)


def ishigami(x: FloatArray) -> FloatArray:
    """Ishigami and Homma 1990, with a = 7 and b = 0.1."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x: FloatArray) -> FloatArray:
    """Sobol's G (Saltelli and Sobol 1995): the smaller a factor's weight, the more it matters."""
    return np.prod((np.abs(4 * x - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def column(y: FloatArray, replicates: int = 1, spread: float = 0.0, seed: int = 5) -> FloatArray:
    """The outcome at each point with independent noise (points, replicates)."""
    return y[:, None] + spread * np.random.default_rng(seed).standard_normal((len(y), replicates))


def values(result: Sensitivity, name: str) -> FloatArray:
    return np.array([index.estimate.mean for index in result.of(name)])


def summed() -> FloatArray:
    """Two factors that add up, and a third that does nothing."""
    return SAMPLE.points[:, 0] + SAMPLE.points[:, 1]


# ---------------------------------------------------------------------------------------------------------- known answers


@needs_salib
def test_ishigamis_indices_are_found_within_three_hundredths() -> None:
    design = make_design("saltelli", THREE, 1024, seed=2)
    found = sensitivity.sobol(design, column(ishigami(design.points)))
    # V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2, and the parts of the first, the second, and the first with the third.
    first, second, both = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 49 / 8, 0.01 * math.pi**8 * (1 / 18 - 1 / 50)
    variance = first + second + both
    assert values(found, "first") == pytest.approx(np.array([first, second, 0.0]) / variance, abs=0.03)
    assert values(found, "total") == pytest.approx(np.array([first + both, second, both]) / variance, abs=0.03)
    assert [index.distinct for index in found.of("first")] == [True, True, False]
    assert math.isnan(found.noise)


@needs_salib
def test_without_noise_the_indices_are_those_of_salib() -> None:
    from SALib.analyze import sobol

    design = make_design("saltelli", EIGHT, 64, seed=6)
    y = sobol_g(design.points)
    problem = {"num_vars": 8, "names": list("abcdefgh"), "bounds": [[0, 1]] * 8}
    theirs = sobol.analyze(problem, y, calc_second_order=False, num_resamples=10, seed=1)
    ours = sensitivity.sobol(design, column(y, 3))
    assert values(ours, "first") == pytest.approx(np.asarray(theirs["S1"]), rel=1e-9)
    assert values(ours, "total") == pytest.approx(np.asarray(theirs["ST"]), rel=1e-9)


@needs_salib
def test_sobols_g_is_found_within_six_hundredths() -> None:
    design = make_design("saltelli", EIGHT, 1024, seed=1)
    found = sensitivity.sobol(design, column(sobol_g(design.points)))
    alone = 1 / (3 * (1 + WEIGHTS) ** 2)
    variance = np.prod(1 + alone) - 1
    assert values(found, "first") == pytest.approx(alone / variance, abs=0.06)
    assert values(found, "total") == pytest.approx(alone * np.prod(1 + alone) / (1 + alone) / variance, abs=0.06)
    assert [index.distinct for index in found.of("first")] == [True] * 3 + [False] * 5


@needs_salib
def test_intervals_of_sobols_g_hold_the_truth_as_often_as_they_say() -> None:
    """Of 80 intervals of the four factors that matter 76 should hold it; fewer than 69 would with a chance of 1 in 1600."""
    alone = 1 / (3 * (1 + WEIGHTS) ** 2)
    truth = {"first": alone / (np.prod(1 + alone) - 1)}
    truth["total"] = truth["first"] * np.prod(1 + alone) / (1 + alone)
    held = 0
    for seed in range(10):
        design = make_design("saltelli", EIGHT, 256, seed)
        found = sensitivity.sobol(design, column(sobol_g(design.points)))
        for name in truth:
            spans = [(index.estimate.low, index.estimate.high) for index in found.of(name)[:4]]
            held += sum(low <= true <= high for (low, high), true in zip(spans, truth[name], strict=False))
    assert held >= 69


@needs_salib
def test_morris_ranks_the_factors_of_sobols_g_and_leaves_the_strongest() -> None:
    design = make_design("morris", EIGHT, 50, seed=4)
    found = sensitivity.morris(design, column(sobol_g(design.points)))
    assert [factor.key for factor in screened([found], 4)] == ["g.a", "g.b", "g.c", "g.d"]
    left = make_design("saltelli", screened([found], 3), 8)
    assert [factor.key for factor in left.factors] == ["g.a", "g.b", "g.c"]
    for keep in (0, 9):
        with pytest.raises(AnalysisError, match="Keep 1 to 8"):
            screened([found], keep)


@needs_salib
def test_elementary_effects_are_those_of_salib() -> None:
    from SALib.analyze import morris

    ranges = (Factor("a.b", -2.0, 1.0), Factor("a.c", 10.0, 30.0), Factor("a.d", 0.0, 1.0))
    design = make_design("morris", ranges, 20, seed=4, levels=6)
    y = ishigami(design.points)
    problem = {"num_vars": 3, "names": list("bcd"), "bounds": [[0, 1]] * 3}
    theirs = morris.analyze(problem, design.points, y, num_levels=6, num_resamples=10, seed=1)
    ours = sensitivity.morris(design, column(y))
    assert values(ours, "mu*") == pytest.approx(np.asarray(theirs["mu_star"]), rel=1e-12)
    assert values(ours, "sigma") == pytest.approx(np.asarray(theirs["sigma"]), rel=1e-12)


@needs_salib
def test_an_elementary_effect_of_a_line_is_its_slope_over_the_range() -> None:
    design = make_design("morris", (Factor("a.b", 10.0, 30.0), Factor("a.c", 0.0, 1.0)), 10)
    found = sensitivity.morris(design, column(3.0 * design.points[:, 0] - 5.0 * design.points[:, 1]))
    assert values(found, "mu*") == pytest.approx([60.0, 5.0])
    assert values(found, "sigma") == pytest.approx([0.0, 0.0], abs=1e-9)


@needs_salib
def test_no_limit_of_a_size_is_below_zero() -> None:
    """Sums are whole numbers, and their rounding makes effects of a line differ a little; noise makes them differ much."""
    design = make_design("morris", (Factor("a.b", 0.0, 1.0), Factor("a.c", 0.0, 1.0)), 4)
    line = 10.0 * design.points[:, 0]
    random = np.random.default_rng(4)
    for outputs in (column(np.round(line * 2.0**20) / 2.0**20), line[:, None] + random.standard_normal((len(line), 2))):
        for index in sensitivity.morris(design, outputs).indices:
            assert 0.0 <= index.estimate.low <= index.estimate.mean <= index.estimate.high


@needs_salib
def test_a_step_is_that_of_the_setting_as_it_is_run() -> None:
    """Of an answer that rises by 10 over each setting's range every elementary effect is 10, of listed values too."""
    kinds = (
        Factor("a.yes", values=(False, True)),
        Factor("a.three", values=("x", "y", "z")),
        Factor("a.five", values=tuple("vwxyz")),
        Factor("a.whole", 1.0, 3.0, whole=True),
        Factor("a.bit", 0.0, 1.0, whole=True),
        Factor("a.many", 10.0, 21.0, whole=True),
        Factor("a.range", -2.0, 5.0),
    )
    for levels in (2, 4, 6, 10):
        design = make_design("morris", kinds, 12, seed=levels, levels=levels)
        shares = [
            [(factor.point(factor.setting(x)) - factor.low) / (len(factor.values) - 1 or 1 if factor.values else factor.high - factor.low)
             for factor, x in zip(kinds, point, strict=True)]
            for point in design.points
        ]  # fmt: skip
        found = sensitivity.morris(design, column(10.0 * np.array(shares).sum(axis=1)))
        assert values(found, "mu*") == pytest.approx([10.0] * len(kinds))
        assert values(found, "sigma") == pytest.approx([0.0] * len(kinds), abs=1e-9)


# ------------------------------------------------------------------------------------------------------------------- luck


@pytest.mark.parametrize(("replicates", "share"), [(2, 0.5), (5, 0.5), (5, 0.2), (5, 0.9)])
def test_the_share_of_noise_is_found_whatever_the_number_of_replicates(replicates: int, share: float) -> None:
    """Points differ with variance 1 - share, runs of a point with variance share; within 0.05 at 2000 points."""
    between = math.sqrt(1 - share) * np.random.default_rng(1).standard_normal(2000)
    assert noise(column(between, replicates, math.sqrt(share))) == pytest.approx(share, abs=0.05)


def test_the_share_of_noise_is_zero_without_spread_one_without_effect_and_unknown_with_one_replicate() -> None:
    assert noise(column(np.arange(50.0), 4)) == 0.0
    assert noise(column(np.zeros(500), 4, 1.0)) > 0.95
    assert math.isnan(noise(column(np.arange(50.0))))


@needs_salib
@pytest.mark.parametrize("replicates", [2, 8])
def test_noise_is_taken_out_of_the_indices(replicates: int) -> None:
    """Weights of 99 do next to nothing: without the noise their total index is zero, within 0.03."""
    design = make_design("saltelli", EIGHT, 512, seed=1)
    found = sensitivity.sobol(design, column(sobol_g(design.points), replicates, 0.5))
    assert values(found, "total")[4:] == pytest.approx([0.0] * 4, abs=0.03)
    assert {index.floor for index in found.of("total")} == {0.0}
    assert [index.distinct for index in found.of("total")[:2]] == [True, True]
    assert not any(index.distinct for index in found.of("total")[4:])


@needs_salib
def test_intervals_hold_the_indices_of_the_outcome_without_noise() -> None:
    """Of 120 intervals of the two factors that matter 114 should hold it; fewer than 106 would with a chance of 1 in 1000."""
    alone = 1 / (3 * (1 + WEIGHTS) ** 2)
    first = alone / (np.prod(1 + alone) - 1)
    truth = {"first": first, "total": first * np.prod(1 + alone) / (1 + alone)}
    covered = 0
    for seed in range(30):
        design = make_design("saltelli", EIGHT, 128, seed)
        found = sensitivity.sobol(design, column(sobol_g(design.points), 2, 0.7, seed))
        for name in truth:
            spans = [(index.estimate.low, index.estimate.high) for index in found.of(name)[:2]]
            covered += sum(low <= true <= high for (low, high), true in zip(spans, truth[name], strict=False))
    assert covered >= 106


@needs_salib
def test_one_replicate_cannot_tell_a_total_index_or_an_effect_from_noise() -> None:
    design = make_design("saltelli", EIGHT, 128)
    found = sensitivity.sobol(design, column(sobol_g(design.points), 1, 0.5))
    assert {index.distinct for index in found.of("total")} == {None}
    assert None not in {index.distinct for index in found.of("first")}
    assert "how much of it is Monte Carlo noise is unknown" in str(found.of("total")[7])
    assert found.comparisons == 8
    table = found.as_table()
    assert table["known"].tolist() == [True, False] * 8
    assert not table["distinct"][1::2].any()
    trajectories = make_design("morris", EIGHT, 8)
    effects = sensitivity.morris(trajectories, column(sobol_g(trajectories.points)))
    assert {index.distinct for index in effects.indices} == {None}
    assert effects.comparisons == 0
    assert effects.notes() == ("Each point was run once, so that Monte Carlo noise cannot be told from effects.",)


@needs_salib
def test_noise_alone_has_no_indices() -> None:
    design = make_design("saltelli", EIGHT, 32, seed=4)
    flat = column(1e-6 * design.points[:, 0], 2, 1.0)
    with pytest.raises(AnalysisError, match="differ no more than Monte Carlo noise makes them"):
        for seed in range(3):
            sensitivity.sobol(design, column(1e-6 * design.points[:, 0], 2, 1.0, seed))
    assert noise(flat) > 0.9


@needs_salib
def test_noise_that_all_points_share_raises_no_floor() -> None:
    design = make_design("saltelli", EIGHT, 64)
    outcome = column(sobol_g(design.points), 4)
    shared = sensitivity.sobol(design, outcome + np.array([0.0, 5.0, -3.0, 9.0]))
    alone = sensitivity.sobol(design, outcome)
    assert values(shared, "total") == pytest.approx(values(alone, "total"))
    assert shared.noise > 0.5


@needs_salib
def test_effects_of_noise_alone_are_at_their_floor() -> None:
    """Within a tenth at 400 trajectories."""
    design = make_design("morris", EIGHT[:3], 400)
    outcome = column(100 * design.points[:, 0], 3, 2.0)
    for index in sensitivity.morris(design, outcome).indices[2:]:
        assert index.estimate.mean == pytest.approx(index.floor, rel=0.1)


# ------------------------------------------------------------------------------------------------------------ refusals


@needs_salib
@pytest.mark.parametrize("method", ["sobol", "morris", "delta", "pawn"])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_output_that_is_no_number_is_named_and_stops(method: str, bad: float) -> None:
    design = made_for(method)
    outcome = column(sobol_g(design.points), 3)
    outcome[17, 2] = bad
    with pytest.raises(AnalysisError, match=r"in 1 of .* runs: point 17 \(replicate 2\)\."):
        METHODS[method](design, outcome)
    outcome[20:30, 0] = bad
    with pytest.raises(AnalysisError, match=r"in 11 of .*, point 20 \(replicate 0\), .* and 6 more"):
        METHODS[method](design, outcome)


def made_for(method: str) -> Design:
    kinds: dict[str, Any] = {"sobol": ("saltelli", 8), "morris": ("morris", 8)}
    kind, size = kinds.get(method, ("latin-hypercube", 64))
    return make_design(kind, EIGHT, size)


@needs_salib
@pytest.mark.parametrize("method", ["sobol", "morris", "delta", "pawn"])
@pytest.mark.parametrize("level", [0.0, 0.1, 1e9])
def test_a_constant_output_is_refused(method: str, level: float) -> None:
    design = made_for(method)
    rounding = level * 1e-15 * (np.arange(len(design.points)) % 2)
    with pytest.raises(AnalysisError, match="at every point.*no index of it is defined"):
        METHODS[method](design, column(level + rounding))


@needs_salib
@pytest.mark.parametrize(
    ("method", "kind", "said"),
    [
        ("sobol", "latin-hypercube", "Sobol indices need a saltelli design; this is latin-hypercube.*delta or PAWN"),
        ("sobol", "sobol", "need a saltelli design"),
        ("morris", "saltelli", "Elementary effects need a morris design; this is saltelli"),
        ("delta", "one-at-a-time", "Delta needs a .*latin-hypercube.* design; this is one-at-a-time"),
        ("pawn", "one-at-a-time", "PAWN needs a .* design"),
    ],
)
def test_another_design_is_refused_with_the_one_that_is_needed(method: str, kind: Any, said: str) -> None:
    design = make_design(kind, EIGHT, 0 if kind == "one-at-a-time" else 64)
    with pytest.raises(AnalysisError, match=said):
        METHODS[method](design, column(sobol_g(design.points)))


def test_only_a_screening_screens() -> None:
    with pytest.raises(AnalysisError, match="not by pawn"):
        screened([distribution_indices.pawn(SAMPLE, column(summed()))], 1)


# ------------------------------------------------------------------------------------------------------- words and pictures


@needs_salib
def test_an_index_whose_interval_reaches_zero_is_reported_as_no_effect() -> None:
    design = make_design("saltelli", EIGHT, 64, seed=2)
    found = sensitivity.sobol(design, column(sobol_g(design.points), 3, 0.5))
    negative = [index for index in found.of("first") if index.estimate.mean < 0]
    assert negative
    for index in negative:
        assert str(index).startswith("first not distinguishable from none: −")
    effects = make_design("morris", EIGHT, 20)
    flat = sensitivity.morris(effects, column(sobol_g(effects.points), 2, 1.0)).of("mu*")[7]
    assert "where noise alone shows" in str(flat)
    assert str(found.of("total")[0]).startswith("total 0.")
    assert f"{100 * found.noise:.2g} % of the variance over all runs is Monte Carlo noise" in found.sentences()[-1]
    assert found.notes()[0] == (
        "16 indices are compared with no effect, each at 2.5%: if no setting had an effect, 0.4 would stand out by chance."
    )


@needs_salib
@pytest.mark.parametrize("method", ["sobol", "morris", "delta", "pawn"])
def test_the_same_outputs_give_the_same_result(method: str) -> None:
    design = made_for(method)
    outcome = column(sobol_g(design.points), 2, 0.1)
    before = np.random.get_state()[1].tobytes()
    first, second = (METHODS[method](design, outcome) for _ in range(2))
    assert first == second
    assert np.random.get_state()[1].tobytes() == before


@needs_salib
def test_the_chart_distinguishes_indices_and_effects_without_colour() -> None:
    design = make_design("saltelli", EIGHT, 64)
    found = sensitivity.sobol(design, column(sobol_g(design.points), 3, 0.5))
    spec = bars(found)
    rows = spec["data"]["values"]
    assert [row["factor"] for row in rows[::2]] == list(found.strongest[:SHOWN])
    assert rows[0]["factor"] == "g.a"
    assert {row["index"] for row in rows} == {"first", "total"}
    dark, pale = (luminance(color) for color in spec["layer"][0]["encoding"]["fill"]["scale"]["range"])
    assert pale - dark > 0.4
    assert {row["distinct"] for row in rows} == {True, False}
    picture = charts.svg(spec, "s")
    assert picture.count("not distinguishable") == 0
    for key in found.strongest[:SHOWN]:
        assert key in picture
    page = drawn(found, "unrest", "s")
    assert "What unrest depends on" in page
    assert "Lines are 95 % intervals" in page
    assert "grey mark" not in page
    assert all(sentence.partition(":")[0] in page for sentence in found.sentences())


def luminance(color: str) -> float:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue
