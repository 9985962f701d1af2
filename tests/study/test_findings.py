"""Summaries over the points of a study, by hand."""

import math
import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import glasshouse
from glasshouse.analysis.screening import summaries
from glasshouse.errors import AnalysisError
from glasshouse.results.table import Table
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Counts
from glasshouse.study.worker import figures, pooled_sums


def found() -> Findings:
    columns = {
        "run": np.arange(5),
        "point": np.array([0, 0, 1, 1, 2]),
        "replicate": np.array([0, 1, 0, 1, 0]),
        "protest": np.array([1.0, 3.0, -1.0, 1.0, 4.0]),
        "protest.regime": np.zeros(5),
        "none": np.full(5, np.nan),
    }
    parameters = tuple({"a.b": 0.1 * k, "c.d": (1.0, 2.0)} for k in range(3))
    counts = Counts(0, 0, 5, 1)
    return Findings("s", {"replicates": 2, "title": "t"}, counts, Table("figures", columns), ((5, "why"),), parameters)


def test_outputs_stand_by_point_and_replicate() -> None:
    outputs = found().outputs("protest")
    assert outputs[:2].tolist() == [[1.0, 3.0], [-1.0, 1.0]]
    assert outputs[2, 0] == 4.0
    assert math.isnan(outputs[2, 1])
    with pytest.raises(AnalysisError, match="It has: protest, none"):
        found().outputs("protesst")


def test_the_mean_of_a_point_is_over_the_replicates_that_have_a_figure() -> None:
    assert found().means("protest").tolist() == [2.0, 0.0, 4.0]
    assert np.isnan(found().means("none")).all()
    assert found().names == ("protest", "protest.regime", "none")


def test_a_summary_is_over_points_each_a_mean_of_its_replicates() -> None:
    """Points 2, 0 and 4: mean 2; within-point variance 2 of a variance of 3.04 over all runs."""
    protest, none = summaries(found())
    assert (protest.mean, protest.median, protest.positive) == (2.0, 2.0, 2 / 3)
    assert protest.low == pytest.approx(0.2)
    assert protest.high == pytest.approx(3.8)
    assert protest.noise == pytest.approx(2.0 / np.var([1.0, 3.0, -1.0, 1.0, 4.0]))
    assert none.points == 0
    assert math.isnan(none.mean)


def test_runs_stand_beside_their_settings() -> None:
    table = found().runs
    assert list(table.columns)[:5] == ["run", "point", "replicate", "a.b", "c.d"]
    assert table["a.b"].tolist() == [0.0, 0.0, 0.1, 0.1, 0.2]
    assert table["c.d"][0] == "[1.0, 2.0]"


def test_a_tidy_frame_has_a_row_for_each_figure() -> None:
    made = whole()
    frame = made.frame()
    assert list(frame.columns) == ["run", "point", "replicate", "a.b", "c.d", "measure", "arm", "value", "unit"]
    assert len(frame) == len(made.runs) * len(made.names)
    here = (frame["measure"] == "protest") & (frame["arm"] == "difference")
    assert frame["value"][here].tolist() == made.runs["protest"].tolist()
    assert set(frame["arm"]) == {"difference", "regime"}
    assert set(frame["unit"][here]) == {"per 1,000 adults and year"}
    assert frame.metadata["measures"]["protest"]["units"] == "per 1,000 adults and year"
    told = made.runs.metadata
    assert told["columns"]["a.b"] == {"title": "setting a.b of the point", "unit": "share"}
    assert told["columns"]["protest"]["unit"] == "per 1,000 adults and year"
    assert (told["study"], told["design"]) == ("s", "sobol")


def whole() -> Findings:
    """The study above with a definition as the study database has it."""
    design = {"kind": "sobol", "factors": [{"key": "a.b", "unit": "share"}, {"key": "c.d", "unit": "times"}]}
    return replace(found(), definition={"replicates": 2, "title": "t", "design": design})


def test_data_frames_hold_every_run_and_xarray_every_point() -> None:
    frame, other, cube = whole().to_pandas(), whole().to_polars(), whole().to_xarray()
    assert frame["protest"].tolist() == other["protest"].to_list() == [1.0, 3.0, -1.0, 1.0, 4.0]
    assert pl.DataFrame(whole()).equals(other.fill_nan(None))
    assert cube.sizes == {"point": 3, "replicate": 2}
    assert cube["protest"].sel(point=1).values.tolist() == [-1.0, 1.0]
    assert math.isnan(float(cube["protest"][2, 1]))
    assert cube["a.b"].values.tolist() == [0.0, 0.1, 0.2]
    assert cube["a.b"].attrs["units"] == "share"
    assert cube["protest.regime"].attrs["units"] == "per 1,000 adults and year"
    assert cube["protest.regime"].attrs["long_name"].endswith("in the regime arm")
    assert cube.attrs["study"] == "s"


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(AnalysisError, match="pip install xarray"):
        whole().to_xarray()


def test_the_variance_reduction_by_common_random_numbers_in_both_arms() -> None:
    """Levels 1, 5 and 2, 6 at one point, 0, 2 and 1, 5 at the other: variances 8, 8, 2, 8 against 0 and 2: 26 / 2."""
    columns = {
        **found().figures.columns,
        "protest.reference": np.array([1.0, 5.0, 0.0, 2.0, 9.0]),
        "protest.regime": np.array([2.0, 6.0, 1.0, 5.0, 9.0]),
    }
    made = replace(whole(), figures=Table("figures", columns), definition={**whole().definition, "paired": False})
    assert made.pairing("protest").mean == pytest.approx(13.0)
    assert math.isnan(made.pairing("none").mean)
    with pytest.raises(AnalysisError, match="does not store"):
        made.pairing("protesst")


def test_a_study_without_a_run_that_is_done_has_no_table() -> None:
    empty = replace(whole(), figures=Table("figures", {"run": np.zeros(0, np.int64)}), counts=Counts(waiting=6))
    with pytest.raises(AnalysisError, match="No run of s is done yet"):
        empty.to_pandas()
    assert summaries(empty) == ()
    assert empty.to_xarray().sizes == {"point": 3, "replicate": 2}


def test_the_replicates_of_a_point_are_pooled_as_those_of_a_run() -> None:
    """A point of three replicates has the figure of a run of three, not the mean of three runs' ratios."""
    result = glasshouse.run(
        "rows/s08-augmentation", {"run.start": 0, "run.rollout": 0}, citizens=1000, weeks=60, replicates=3, seed=4
    )
    rows = []
    for replicate, ledger in enumerate(result.weekly_totals):
        one = replace(result, weekly_totals=(ledger,))
        found = figures(one, ("listed_share", "control", "information")) | pooled_sums(one, ("listed_share", "control"))
        rows.append({"run": replicate, "point": 0, "replicate": replicate, **found})
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    study = Findings("s", {"replicates": 3}, Counts(done=3), Table("figures", columns), (), ({},))
    for name in ("listed_share", "control"):
        assert study.means(name)[0] == pytest.approx(result.effect(name).mean)
    assert study.means("listed_share.regime")[0] == pytest.approx(result.level("listed_share", "regime").mean)
    assert study.names == tuple(
        name for name in columns if not name.startswith(("total:", "run", "point", "replicate"))
    )


def test_a_measure_of_an_optional_mechanism_is_pooled_as_well() -> None:
    """Two findings of 10 cases and none of 40: 4 % of all cases, not the mean of 20 % and none."""
    sums = {
        "found_model": [2.0, 0.0],
        "decided_model": [10.0, 40.0],
        "found_lot": [0.0, 0.0],
        "decided_lot": [0.0, 0.0],
    }
    run = np.arange(2)
    columns = {"run": run, "point": 0 * run, "replicate": run, "finding_rate.regime": np.array([0.2, 0.0])}
    columns |= {
        f"total:{name}.{arm}": np.array(values) for name, values in sums.items() for arm in ("regime", "reference")
    }
    study = Findings("s", {"replicates": 2}, Counts(done=2), Table("figures", columns), (), ({},))
    assert study.means("finding_rate.regime")[0] == pytest.approx(0.04)


def test_what_replicates_contribute_has_the_mean_and_the_error_of_the_jackknife() -> None:
    """Shares 40 / 100, 20 / 100 and 0 / 50: without each 0.13, 0.27 and 0.3 of the remaining sums, about 0.24 of all."""
    wrongly, listed = np.array([40.0, 20.0, 0.0]), np.array([100.0, 100.0, 50.0])
    run = np.arange(3)
    columns = {"run": run, "point": 0 * run, "replicate": run, "wrongly_listed_share.regime": wrongly / listed}
    for arm in ("regime", "reference"):
        columns |= {f"total:listed.{arm}": listed, f"total:listed_wrongly.{arm}": wrongly}
    study = Findings("s", {"replicates": 3}, Counts(done=3), Table("figures", columns), (), ({},))
    parts = study.contributions("wrongly_listed_share.regime")
    without = (60.0 - wrongly) / (250.0 - listed)
    assert parts.mean() == pytest.approx(study.means("wrongly_listed_share.regime")[0]) == pytest.approx(0.24)
    assert parts.var(ddof=1) / 3 == pytest.approx(2 / 3 * ((without - without.mean()) ** 2).sum())
    rare = replace(study, figures=Table("figures", {**columns, "total:listed.regime": np.array([100.0, 0.0, 0.0])}))
    assert np.isnan(rare.contributions("wrongly_listed_share.regime")).all()
    assert rare.means("wrongly_listed_share.regime")[0] == pytest.approx(0.6)
    selected = study.selected(np.array([[2, 0]]))
    assert selected.means("wrongly_listed_share.regime")[0] == pytest.approx(40 / 150)
