"""A result: tables that agree with one another, intervals, files, and a face in a notebook."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import glasshouse
from glasshouse.errors import AnalysisError, StoringError
from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.measures.governance import Information, Unrest
from glasshouse.model.measures.listing import ListedShare
from glasshouse.model.measures.speech import Chilling, Control
from glasshouse.results import intervals
from glasshouse.results.groups import EVERYBODY, cells_of, groupings
from glasshouse.results.result import Result
from glasshouse.results.totals import ARMS
from tests.helpers.results import SIZE
from tests.helpers.results import small_result as result


@cache
def unchanged() -> Result:
    """A regime that never begins."""
    return glasshouse.run("social-governance", **{**SIZE, "settings": {"start": 130, "rollout": 0}}, threads=1)


def test_a_group_and_its_complement_are_everybody() -> None:
    for group in DEFAULT_GROUPS:
        both = sorted(cells_of(group, DEFAULT_GROUPS) + cells_of(f"not {group}", DEFAULT_GROUPS))
        assert both == cells_of(EVERYBODY, DEFAULT_GROUPS)
    weekly = result().weekly.to_polars()
    sums = weekly.group_by("group").agg(pl.col("adults").sum())
    adults = dict(zip(sums["group"], sums["adults"], strict=True))
    assert adults["rural"] + adults["not rural"] == adults[EVERYBODY]


def test_tables_have_a_row_for_everything() -> None:
    found = result()
    assert len(found.weekly) == 3 * 2 * 130 * len(groupings(DEFAULT_GROUPS))
    assert len(found.over_time) == 3 * 3 * 130 * len(groupings(DEFAULT_GROUPS))
    assert len(found.districts) == 3 * 2 * 3 * 6
    assert set(found.effects["measure"]) == {measure.name for measure in CATALOGUE}
    assert set(found.measures["arm"]) == {"reference", "regime"}


def test_tables_agree_with_one_another() -> None:
    found = result()
    weekly = found.weekly.to_polars().filter(pl.col("group") == EVERYBODY)
    yearly = found.districts.to_polars()
    assert weekly["protests"].sum() == yearly["protests"].sum()
    over = found.over_time.to_polars().filter((pl.col("group") == EVERYBODY) & (pl.col("arm") == "regime"))
    same = weekly.filter(pl.col("arm") == "regime")
    assert over["listed_share"].to_list() == pytest.approx((same["listed"] / same["adults"]).to_list(), nan_ok=True)
    apart = found.over_time.to_polars().filter((pl.col("arm") == "difference") & (pl.col("group") == EVERYBODY))
    assert apart.filter(pl.col("week") < 40)["listed_share"].abs().max() == 0


def test_an_effect_is_the_difference_of_ratios_of_sums_over_all_replicates() -> None:
    found = result()
    sums = [found.resampled(arm) for arm in ARMS]
    shares = [float(one.listed[0] / one.adults[0]) for one in sums]
    assert found.effect("listed_share").mean == pytest.approx(shares[1] - shares[0])
    assert found.level("listed_share", "regime").mean == pytest.approx(shares[1])
    control = 1.0 - sums[1].protests / sums[0].protests
    assert found.effect(Control).mean == pytest.approx(float(intervals.without_bias(control, Control.scale)[0]))
    assert found.effect(Chilling, "minority").replicates == 3
    assert found.values(Information, arm="reference").shape == (3,)
    assert (np.abs(found.values(Information, arm="reference")) <= 1).all()


def test_a_measure_and_an_arm_go_by_their_names() -> None:
    found = result()
    assert (found.values("listed_share", arm="regime") == found.values(ListedShare, "regime")).all()
    assert found.effect("chilling") == found.effect(Chilling)
    with pytest.raises(AnalysisError, match="liste: no such measure. Choose one of .*listed_share"):
        found.values("liste", arm="regime")
    with pytest.raises(ValueError, match="no-arm: no such arm. Choose one of reference, regime"):
        found.values("listed_share", arm="no-arm")


def test_a_regime_that_changes_nothing_has_no_effect() -> None:
    for measure in CATALOGUE:
        found = unchanged().effect(measure)
        unknown = found.mean == 0.0 and re.fullmatch(
            r"(none in|cannot be told from) 3 replicates|no interval, for .+", found.reason
        )
        assert found.is_zero or np.isnan(found.mean) or unknown, f"{measure.name}: {found.reason}"


def test_one_replicate_gives_figures_without_intervals() -> None:
    single = replace(result(), weekly_totals=result().weekly_totals[:1])
    assert "no interval" in str(single.effect(Unrest))
    assert np.isnan(single.effects.to_polars().filter(pl.col("measure") == "protest")["low"][0])


def test_it_is_stored_whole_with_its_certificate(tmp_path: Path) -> None:
    result().save(tmp_path)
    for name in ("measures", "effects", "over_time", "weekly", "districts"):
        assert len(pl.read_parquet(tmp_path / f"{name}.parquet")) == len(getattr(result(), name))
    provenance = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["seed"] == result().scenario.run.seed
    assert provenance["scenario_digest"] == result().scenario.digest
    assert not list(tmp_path.glob("*.part"))


def test_what_cannot_be_stored_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoringError, match="cannot be written"):
        result().save(tmp_path / "file")


def test_it_shows_itself_in_a_notebook_with_every_measure() -> None:
    strange = replace(result(), scenario=replace(result().scenario, title="<script>alert(1)</script>"))
    text = strange._repr_html_()
    assert "<script>" not in text
    assert all(measure.title.replace("'", "&#x27;") in text for measure in CATALOGUE)
    assert "Under the regime" in text


def test_its_repr_fits_a_screen() -> None:
    lines = repr(result()).splitlines()
    assert lines[0].startswith("Result of social-governance (")
    assert "replicates: 3, seed" in lines[0]
    assert len(lines) < 20
    assert "Monte Carlo variation only" in " ".join(line.strip() for line in lines[-3:])
    assert max(map(len, lines)) <= 110
    assert " ".join(line.strip() for line in lines[1:]) == f"{result().headline} {result().certainty}"


def test_weeks_before_the_start_never_count_for_districts() -> None:
    """Forty weeks of the regime hold no whole year: quarters within them count, and none before the start."""
    settings = {"run.weeks": 100, "run.start": 60, "run.rollout": 0, "society.district_size": 512}
    found = glasshouse.run("social-governance", settings, citizens=2048, replicates=1, seed=3)
    weekly = found.weekly_totals[0].arm("regime").weekly[65:, :].sum(axis=(0, 1))
    place = [total.name for total in found.sums].index("listed")
    districts = found.by_district(0, "regime")
    assert districts.listed.shape == (4,)
    assert districts.listed.sum() == weekly[place]
    late = found.within(80, 90).by_district(0, "regime")
    assert late.adults.sum() == 0
    assert np.isnan(found.within(80, 90).values(Information, "regime")).all()
