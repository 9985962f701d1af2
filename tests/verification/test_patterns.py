"""The stylised facts of the fact sheet on a tiny run: every figure is worked out, and verdicts follow their ranges."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from glasshouse.results.estimate import Estimate

ROOT = Path(__file__).parents[2]

import panels  # noqa: E402
import pattern  # noqa: E402
import patterns  # noqa: E402
from patterns_lists import lists  # noqa: E402
from patterns_minds import minds  # noqa: E402
from patterns_state import state  # noqa: E402
from patterns_wrongs import wrongs  # noqa: E402

RARE = {"F14", "F15", "F16", "F22", "N3"}
"""Patterns of events that a run of two thousand people may lack: protests of minorities, visits."""


@pytest.fixture(scope="module")
def found() -> pattern.Runs:
    return pattern.runs(2560, 1, {"society.district_size": 256, "conduct.rates": [0.8, 0.02, 0.03, 0.03, 0.01]})


@pytest.fixture(scope="module")
def judged(found: pattern.Runs) -> list[patterns.Judged]:
    return patterns.patterns(found)


def test_every_fact_of_the_sheet_is_there_once_and_what_must_not_appear(judged: list[patterns.Judged]) -> None:
    rows = [one.row for one, _ in judged]
    assert rows == [*(f"F{n}" for n in range(1, 26)), *(f"N{n}" for n in range(1, 5))]
    sheet = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    assert all(re.search(rf"^\| {row} \|", sheet, re.MULTILINE) for row in rows if row[0] == "F")
    uses = {one.row: one.use for one, _ in judged}
    chosen = {"F6", "F10", "F14", "F18", "F19", "F22", "F23", "F24"}
    assert all(use == "choice of a mechanism" for row, use in uses.items() if row in chosen)
    assert all(use == "calibration" for row, use in uses.items() if row in {f"F{n}" for n in range(1, 13)} - chosen)
    assert all(use == "validation" for row, use in uses.items() if row in {f"F{n}" for n in range(13, 26)} - chosen)


def test_what_can_be_said_is_a_number(judged: list[patterns.Judged]) -> None:
    for one, figures in judged:
        assert one.figures or one.unsaid
        for figure, value in zip(one.figures, figures, strict=True):
            assert math.isfinite(value.mean) or one.row in RARE, f"{one.row} {figure.what}"
            assert figure.low <= figure.high
            assert figure.cause


def test_what_must_not_appear_does_not(judged: list[patterns.Judged]) -> None:
    never = {one.row: (one, figures) for one, figures in judged if one.use == "must not appear"}
    for row in ("N1", "N2", "N4"):
        one, figures = never[row]
        assert one.verdict(patterns.verdicts((one, figures))) == pattern.NEAR, row


def test_the_page_shows_every_figure_and_why_it_is_missed(judged: list[patterns.Judged]) -> None:
    page = patterns.page(judged, 2560, 1)
    assert "do not edit" in page
    for one, _ in judged:
        assert all(figure.what in page for figure in one.figures)
        assert one.unsaid in page
    missed = sum(verdict == pattern.MISSED for one in judged for verdict in patterns.verdicts(one))
    assert len(patterns.causes(judged)) == missed > 0
    assert all(row["low"] <= row["mean"] <= row["high"] for row in patterns.rows(judged))


def test_the_negative_patterns_would_be_seen_if_they_appeared(found: pattern.Runs) -> None:
    """Penalties of local scores and a score for everybody turn N1 and N2 into misses."""
    everywhere = {
        "local_scores.share": 1.0,
        "local_scores.penalty": 0.1,
        "local_scores.low": 999.0,
        "run.weeks": 260,
        "run.rollout": 0,
    }
    told = pattern.RunSums(
        pattern.glasshouse.run("social-governance", citizens=2560, replicates=1, settings=everywhere)
    )
    seen = {one.row: one for one in wrongs(pattern.Runs(told, *(found.at_once,) * 5)) if one.row in ("N1", "N2")}
    for one in seen.values():
        figures = [figure.found(1) for figure in one.figures]
        assert patterns.verdicts((one, figures)) == [pattern.MISSED], one.row


@pytest.mark.parametrize(
    ("low", "high", "estimate", "verdict", "certain"),
    [
        (0.1, 0.2, Estimate(0.15, 0.12, 0.18, 3), pattern.NEAR, True),
        (0.1, 0.2, Estimate(0.15, 0.05, 0.18, 3), pattern.NEAR, False),
        (0.1, 0.2, Estimate(0.3, 0.25, 0.4, 3), pattern.MISSED, True),
        (0.1, 0.2, Estimate(0.3, 0.15, 0.4, 3), pattern.MISSED, False),
        (0.0, math.inf, Estimate(0.3, 0.15, 0.4, 3), pattern.NEAR, True),
        (0.0, math.inf, Estimate(math.nan, math.nan, math.nan, 0), pattern.MISSED, False),
    ],
)
def test_a_verdict_follows_its_range(low: float, high: float, estimate: Estimate, verdict: str, certain: bool) -> None:
    figure = pattern.Figure("x", low, high, lambda chosen: 0.0)
    assert figure.verdict(estimate) == verdict
    assert figure.certain(estimate) is certain


def test_targets_are_shown_in_the_reader_s_units() -> None:
    assert pattern.Figure("x", -0.15, -0.1, lambda chosen: 0.0, "%", 100).target == "−15 to −10 %"
    assert pattern.Figure("x", 1.0, math.inf, lambda chosen: 0.0).target == "at least 1"
    assert pattern.Figure("x", -math.inf, 0.0, lambda chosen: 0.0, "points", 100).target == "at most 0 points"


def test_a_panel_regression_finds_the_effect_put_in() -> None:
    rng = np.random.default_rng(1)
    place, year = rng.standard_normal((40, 1)), rng.standard_normal((1, 9))
    cause = rng.standard_normal((40, 9)) + place
    other = rng.standard_normal((40, 9))
    outcome = 0.5 * cause - 2.0 * other + 3.0 * place + year
    assert panels.slope(outcome, cause, other) == pytest.approx(0.5, abs=1e-9)
    assert math.isnan(panels.slope(outcome, np.zeros((40, 9))))


def test_districts_are_treated_from_the_week_in_which_they_join(found: pattern.Runs) -> None:
    share = panels.active_table(found.main, 0)
    assert share.shape == (10, 11)
    assert (np.diff(share, axis=1) >= 0).all()
    assert share[:, 0].min() == 0.0 < share[:, 0].mean() < share[:, 2].mean() < share[:, 4].min() == 1.0


def test_files_stand_for_all_facts(found: pattern.Runs) -> None:
    rows = [one.row for part in (lists, minds, state, wrongs) for one in part(found)]
    assert len(rows) == len(set(rows)) == 29
