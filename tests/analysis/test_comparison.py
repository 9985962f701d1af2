"""Two studies or scenarios with common random numbers: who is paired with whom, the difference, and what pairing was worth."""

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.analysis import comparison
from glasshouse.analysis.comparison import of_scenarios, of_studies, worth
from glasshouse.cli.main import cli
from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.model.measures.speech import Chilling
from glasshouse.results.estimate import Estimate, variance_reduction
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import Scenario, load, override
from glasshouse.scenario.toml_text import to_toml
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Counts, Run
from glasshouse.study.worker import figures, pooled_sums

SMALL = {"citizens": 400, "weeks": 10, "start": 0, "replicates": 3}


@cache
def base() -> Scenario:
    return override(load("rows/s08-augmentation"), SMALL)


def found(name: str, effect: np.ndarray, *, seeds=None, points=None, paired=True, kind="sobol") -> Findings:
    """A study with these effects (points, replicates) of one measure; its reference arm is zero."""
    size, replicates = effect.shape
    number = np.arange(effect.size)
    columns = {
        "run": number, "point": number // replicates, "replicate": number % replicates,
        "protest": effect.ravel(), "protest.reference": np.sin(number), "protest.regime": np.sin(number) + effect.ravel(),
    }  # fmt: skip
    seeds = np.tile(np.arange(replicates), size) if seeds is None else seeds
    entries = tuple(Run(int(k), int(k) // replicates, int(k) % replicates, int(seeds[k]), "done") for k in number)
    told = {"scenario": to_toml(base()), "paired": paired, "replicates": replicates, "design": {"kind": kind}}
    places = points or range(size)
    parameters = tuple({"observation.coverage": 0.1 * k} for k in places)
    return Findings(name, told, Counts(done=effect.size), Table("figures", columns), (), parameters, entries)


def noise(points: int, replicates: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(points, replicates))


def test_runs_are_paired_by_settings_and_seed() -> None:
    """The second has its points in another order, and one of its own; the difference is 2 at each shared run."""
    first = noise(3, 4)
    second = np.vstack([first[[2, 0]] + 2.0, noise(1, 4)])
    both = of_studies(found("a", first), found("b", second, points=[2, 0, 7]))
    row = both.rows[0]
    assert (both.points, both.replicates) == (2, 4)
    assert row.difference.mean == pytest.approx(2.0)
    assert row.difference.high - row.difference.low == pytest.approx(0.0, abs=1e-12)
    assert row.first.mean == pytest.approx(first[[0, 2]].mean())
    assert math.isinf(row.saved.mean)


def test_a_comparison_names_the_settings_in_which_the_reference_arms_differ() -> None:
    """A difference between two regimes may come from their references."""
    same = of_scenarios(base(), override(base(), {"observation.coverage": 0.5}))
    assert same.reference_settings == ()
    assert "reference arms" not in same.sentence
    other = of_scenarios(base(), override(base(), {"reference.observation.coverage": 0.2}))
    assert other.reference_settings == ("observation.coverage",)
    assert "Their reference arms differ in observation.coverage" in other.sentence
    both = of_scenarios(base(), override(base(), {"conduct.deterrence": 0.9}))
    assert both.reference_settings == ("conduct.deterrence",)


def test_studies_of_different_reference_arms_say_so() -> None:
    second = found("b", noise(2, 2))
    text = to_toml(override(base(), {"reference.observation.coverage": 0.2}))
    second = replace(second, definition={**second.definition, "scenario": text})
    assert of_studies(found("a", noise(2, 2)), second).reference_settings == ("observation.coverage",)


def test_studies_without_common_random_numbers_are_refused() -> None:
    first = found("a", noise(2, 2))
    with pytest.raises(AnalysisError, match="no finished run in common"):
        of_studies(first, found("b", noise(2, 2), points=[5, 6]))
    with pytest.raises(AnalysisError, match="no finished run in common"):
        of_studies(first, found("b", noise(2, 2), seeds=[7, 8, 7, 8]))
    other = found("b", noise(2, 2))
    larger = replace(other, definition={**other.definition, "scenario": to_toml(override(base(), {"citizens": 900}))})
    with pytest.raises(AnalysisError, match=r"society\.citizens \(400 and 900\)"):
        of_studies(first, larger)
    bare = replace(other, figures=Table("figures", {k: other.figures[k] for k in ("run", "point", "replicate")}))
    with pytest.raises(AnalysisError, match="no measure in common"):
        of_studies(first, bare)


def test_what_pairing_was_worth_is_the_ratio_of_two_variances() -> None:
    """Both share noise of variance 9 and have 1 of their own each: 20 / 2, so ten times the runs."""
    common, own, other = (noise(200, 3, seed) for seed in (1, 2, 3))
    apart = variance_reduction(3 * common + own, 3 * common + other, shared=False)
    assert apart.mean == pytest.approx(10.0, rel=0.15)
    assert apart.low < 10.0 < apart.high
    assert variance_reduction(own, other, shared=False).mean == pytest.approx(1.0, rel=0.1)
    assert "was worth 10" in worth(Estimate(10.1, 8.0, 13.0, 5))


def test_the_interval_of_what_pairing_was_worth_covers_as_often_as_it_says() -> None:
    """1,000 seeded trials with eight replicates of one point; the jackknife of a log variance holds 95 %, less 4 sd."""
    rng, held = np.random.default_rng(5), 0
    for _ in range(1000):
        common, own, other = rng.normal(size=(3, 1, 8))
        got = variance_reduction(2 * common + own, 2 * common + other, shared=True)
        held += got.low <= 5.0 <= got.high
    assert 0.90 < held / 1000 < 0.99


def test_noise_that_all_points_share_gives_no_interval_from_few_replicates() -> None:
    two = variance_reduction(noise(50, 2), noise(50, 2, 2), shared=True)
    assert math.isfinite(two.mean)
    assert math.isnan(two.low)
    assert math.isnan(variance_reduction(noise(50, 1), noise(50, 1, 2), shared=True).mean)
    assert "cannot be told" in worth(variance_reduction(noise(50, 1), noise(50, 1, 2), shared=True))


def test_an_interval_holds_the_space_where_points_are_a_sample_of_it() -> None:
    """Points differ by ten times the noise: a grid's interval is for its own points, a sample's for what they stand for."""
    first, second = noise(6, 5), noise(6, 5, 2) + 10.0 * np.arange(6.0)[:, None]
    grid, sample = (
        of_studies(found("a", first, kind=kind), found("b", second, kind=kind)).rows[0].difference
        for kind in ("grid", "sobol")
    )
    assert grid.mean == pytest.approx(sample.mean) == pytest.approx(25.0, abs=1.0)
    assert sample.high - sample.low > 10.0 * (grid.high - grid.low)


def test_points_where_a_measure_is_undefined_are_left_out() -> None:
    first, second = noise(4, 3), noise(4, 3, 2)
    second[1, 2] = math.nan
    row = of_studies(found("a", first), found("b", second)).rows[0]
    assert row.difference.mean == pytest.approx((second - first)[[0, 2, 3]].mean())


@pytest.fixture(scope="module")
def played() -> comparison.Comparison:
    return of_scenarios(base(), override(base(), {"observation.coverage": 0.9}))


def test_two_scenarios_run_with_common_random_numbers(played: comparison.Comparison) -> None:
    """The figures are those of each scenario run alone, and the difference is paired."""
    records = next(row for row in played.rows if row.measure == "records")
    alone = [glasshouse.run(base(), settings={"observation.coverage": c} if c else None) for c in (None, 0.9)]
    measure = next(m for m in alone[0].catalogue if m.name == "records")
    effects = [one.values(measure, "regime") - one.values(measure, "reference") for one in alone]
    pooled = [one.effect(measure).mean for one in alone]
    assert records.first.mean == pytest.approx(pooled[0])
    assert records.difference.mean == pytest.approx(pooled[1] - pooled[0])
    assert records.difference.low > 0.0
    variances = effects[0].var(ddof=1) + effects[1].var(ddof=1)
    assert records.saved.mean == pytest.approx(variances / (effects[1] - effects[0]).var(ddof=1))
    chilling = next(row for row in played.rows if row.measure == "chilling")
    assert math.isnan(chilling.arms[0].mean)
    assert chilling.difference.mean == pytest.approx(chilling.second.mean - chilling.first.mean)
    assert chilling.first.mean == pytest.approx(alone[0].effect(Chilling).mean)
    assert "times the runs for the middle one of" in played.sentence


def of_runs(name: str, scenario: Scenario) -> Findings:
    """A study of one point with the replicates of a run."""
    result = glasshouse.run(scenario)
    rows = []
    for number, totals in enumerate(result.weekly_totals):
        one = replace(result, weekly_totals=(totals,))
        rows.append({"run": number, "point": 0, "replicate": number, **figures(one, ()), **pooled_sums(one, ())})
    columns = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    entries = tuple(Run(number, 0, number, number, "done") for number in range(len(rows)))
    told = {"scenario": to_toml(base()), "paired": True, "replicates": len(rows), "design": {"kind": "grid"}}
    return Findings(name, told, Counts(done=len(rows)), Table("figures", columns), (), ({},), entries)


def test_two_studies_of_one_point_compare_as_the_runs_do(played: comparison.Comparison) -> None:
    """Every figure is the ratio of sums over all replicates, with the interval of the jackknife."""
    both = of_studies(of_runs("a", base()), of_runs("b", override(base(), {"observation.coverage": 0.9})))
    expected = {row.measure: row.difference for row in played.rows}
    intervals = 0
    for row in both.rows:
        told, wanted = row.difference, expected[row.measure]
        assert told.mean == pytest.approx(wanted.mean, rel=1e-9, abs=1e-12, nan_ok=True), row.measure
        if math.isfinite(wanted.low):
            ends = (wanted.low, wanted.high)
            assert (told.low, told.high) == pytest.approx(ends, rel=1e-9, abs=1e-12), row.measure
            intervals += 1
    assert intervals > 15
    assert {row.measure for row in both.rows} == expected.keys()


def test_a_single_replicate_against_itself_differs_in_nothing() -> None:
    rows = of_scenarios(*(override(base(), {"replicates": 1}),) * 2).rows
    assert not [row.measure for row in rows if row.known and row.moved]
    assert next(row for row in rows if row.measure == "records").line == "no change"


def test_scenarios_that_cannot_have_common_random_numbers_are_refused() -> None:
    with pytest.raises(ScenarioError, match=r"differ in society.citizens \(.* and 500\)"):
        of_scenarios(base(), override(base(), {"citizens": 500}))
    with pytest.raises(
        ScenarioError, match=r"different groups in society.groups \(minority, .*; woman\), so that measures"
    ):
        of_scenarios(base(), override(base(), {"groups": ["woman"]}))


def test_a_scenario_against_itself_differs_in_nothing() -> None:
    row = next(row for row in glasshouse.compare(base(), base(), replicates=2).rows if row.measure == "records")
    assert (row.difference.mean, row.difference.low, row.difference.high) == (0.0, 0.0, 0.0)
    assert math.isinf(row.saved.mean)
    assert "the difference has no Monte Carlo noise at all" in row.sentence


def test_a_table_has_a_row_a_measure(played: comparison.Comparison) -> None:
    table = played.as_table()
    assert table["measure"].tolist() == [row.measure for row in played.rows]
    assert json.loads(table.to_pandas().to_json())["difference_low"]


STUDY = """
title = "One of two"
scenario = "rows/s08-augmentation"
runs = 6
replicates = 3
measures = ["records"]
settings = { citizens = 300, "run.weeks" = 8, "run.start" = 0 HERE }
[factors]
"observation.coverage" = [0.2, 0.6]
"""


def test_the_command_compares_studies_and_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, more in (("one", ""), ("two", ', "peer_reports.peer_rate" = 0.5')):
        (tmp_path / f"{name}.toml").write_text(STUDY.replace("HERE", more))
        glasshouse.studies.run(tmp_path / f"{name}.toml")
    told = CliRunner().invoke(cli, ["study", "compare", "one", "two", "--out", "c.csv"])
    assert told.exit_code == 0, told.output
    assert "two less one: 2 points, 3 runs with different random seeds at each." in told.stdout
    assert (tmp_path / "c.csv").read_text().startswith("measure,first,first_low,first_high,second,")
    wrong = CliRunner().invoke(cli, ["study", "compare", "one", "two", "--measure", "chilling"])
    assert "chilling is not in both" in wrong.stderr
    given = CliRunner().invoke(cli, ["study", "compare", "one", "two", "--replicates", "3"])
    assert "leave out --set" in given.stderr
    words = "rows/s08-augmentation rows/s08-augmentation --scenarios --replicates 2 --set citizens=300 --set weeks=8"
    same = CliRunner().invoke(cli, ["study", "compare", *words.split(), "--set", "start=0", "--measure", "records"])
    assert same.exit_code == 0, same.output
    assert "The same in both, in every run: records." in same.stdout


def test_undefined_replicates_are_counted() -> None:
    first, second = noise(3, 2), noise(3, 2)
    first[1, 0] = first[2, 0] = first[2, 1] = np.nan
    row = of_studies(found("a", first), found("b", second)).rows[0]
    assert (row.first.counted, row.second.counted) == ("2 of 6 replicates", "")
