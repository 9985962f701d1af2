"""The evidence sheet's runs against cases whose answer is known, and the doors to them."""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.analysis.ai_act import assessment, relatedness
from glasshouse.analysis.ai_act.assessment import assess
from glasshouse.analysis.ai_act.evidence import Counted, Evidence
from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR
from glasshouse.analysis.ai_act.regime_parameters import weights
from glasshouse.analysis.ai_act.totals import EvidenceTotals
from glasshouse.analysis.ai_act.variants import (
    NEUTRAL,
    REGIME,
    RELATED_ONLY,
    SEPARATE,
    UNREACHABLE,
    VARIANTS,
    WITHOUT_UNRELATED,
    arms_for,
    changed,
)
from glasshouse.cli.main import cli
from glasshouse.engine import run as engine
from glasshouse.engine.arms import Arms
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import GlasshouseError, RunningError
from glasshouse.model.component import Component
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.population.synthesis import synthesise
from glasshouse.report.ai_act import evidence_page
from glasshouse.scenario.scenario import Scenario, load, override

SMALL: Mapping[str, Any] = {
    "citizens": 2000,
    "society.district_size": 256,
    "weeks": 160,
    "start": 40,
    "rollout": 0,
    "replicates": 2,
    # What a list does is to be told apart from what visits, local scores, reports and new kinds do.
    "forecast.visits": 0.0,
    "local_scores.share": 0.0,
    "peer_reports.peers": 0.0,
    "function_creep.rate": 0.0,
    "function_creep.central": 0.0,
}
SHARED: Mapping[str, Any] = {
    **SMALL,
    "replicates": 4,
    "lists.integration": 0.5,
    "lists.use": 1.0,
    "lists.passed_on": (1.0,) * 4,
    "lists.integration_spread": 0.0,
    "lists.speech_shared": 1.0,
    "observation.false_positive_rate": (0.08, 0.25, 0.04, 0.04),
}
FALSE_ONLY: Mapping[str, Any] = {
    **SMALL,
    "conduct.rates": (0.0,) * 5,
    "observation.speech_coverage": 0.0,
    "reference.observation.speech_coverage": 0.0,
    "abroad.recorded": 0.0,
    "observation.lead": (10.0,) * 4,
    "observation.false_positive_rate": (0.2, 0.06, 0.1, 0.1),
    "reference.observation.false_positive_rate": (0.2, 0.06, 0.1, 0.1),
}


def scenario(settings: Mapping[str, Any]) -> Scenario:
    return override(load("social-governance"), settings)


@cache
def shared() -> Evidence:
    """A regime in which agencies share a good deal, so that small populations show it."""
    return assess(scenario(SHARED), threads=1)


@cache
def false_only() -> Evidence:
    """A population without breaches and without ears for speech, in which every record is an invention."""
    return assess(scenario(FALSE_ONLY), threads=1)


def totals_of(made: Scenario, monkeypatch: pytest.MonkeyPatch) -> list[EvidenceTotals]:
    """The totals behind a sheet, caught on their way into it."""
    caught: list[EvidenceTotals] = []
    inner = assessment.Counted

    def watched(totals: tuple[EvidenceTotals, ...], *more: Any) -> Counted:
        caught.extend(totals)
        return inner(totals, *more)

    monkeypatch.setattr(assessment, "Counted", watched)
    assess(made, threads=1)
    return caught


# ------------------------------------------------------------------------------------------------------- known answers


def test_without_shared_files_nothing_leaks() -> None:
    found = assess(scenario({**SHARED, "lists.integration": 0.0}), threads=1)
    for name in ("leak", "leak_arguable", "imported", "imported_new", "resting_on_unrelated", "resting_on_arguable"):
        assert found.figure(name).mean == 0.0, name
    assert found.figure("related_sanction").mean == 1.0
    for flow in found.flows:
        own = next(kind.agency for kind in OF_THE_FOUR.kinds if kind.name == flow.kind) == found_context(flow.context)
        assert own or flow.found.mean == 0.0, flow


def test_the_files_of_declared_agencies_and_kinds_stand_on_the_sheet() -> None:
    """Nothing is shared in this scenario: each sanction rests on a record of the agency that controls the context."""
    settings = {"citizens": 2000, "society.district_size": 256, "weeks": 100, "start": 20, "replicates": 2}
    found = assess(override(load("rows/s14-conduct"), settings), threads=1)
    agencies = found.scenario.declared.complete
    assert [len(row) for row in found.ratings.cells] == [7] * 7
    assert {flow.context for flow in found.flows} == set(agencies.contexts)
    owners = dict(zip(agencies.contexts, agencies.names, strict=True))
    resting = {(flow.kind, flow.context) for flow in found.flows if flow.found.mean > 0}
    assert all(flow.file == owners[flow.context] for flow in found.flows if flow.found.mean > 0)
    assert ("breach of product rules", "public contracts and trade") in resting
    assert ("breach of a licence", "venues and media") in resting
    assert found.figure("resting_on_arguable").mean == found.figure("leak").mean == 0.0
    basis = [one.found.mean for one in found.figures if one.question.name.startswith("variance_")]
    assert sum(basis[:-1]) == pytest.approx(1.0, abs=1e-6)
    facts = found.facts()
    assert {cell["reason"] for cell in facts["relatedness"]["cells"]} >= {relatedness.UNRATED, relatedness.OWN}
    assert "associations and aid" in evidence_page(found)


def found_context(name: str) -> int:
    from glasshouse.model.agencies import CONTEXT_NAMES

    return CONTEXT_NAMES.index(name)


def test_with_shared_files_something_leaks_and_no_more_than_all() -> None:
    leak, arguable = shared().figure("leak").mean, shared().figure("leak_arguable").mean
    assert 0.02 < leak <= arguable + 0.02 < 1.0
    assert 0.02 < shared().figure("resting_on_unrelated").mean <= shared().figure("resting_on_arguable").mean < 1.0
    assert shared().figure("related_sanction").mean < 1.0


@pytest.mark.parametrize("half_life", [20.0, 60.0])
def test_the_half_life_that_is_measured_is_the_one_that_was_set(half_life: float) -> None:
    """About 10,000 points expire; they go in files of a few, so that a half-life comes out within 5 % at this seed."""
    settings = {
        **SMALL,
        "citizens": 4000,
        "points.half_life": half_life,
        "observation.false_positive_rate": (0.4, 1.0, 0.2, 0.2),
    }
    found = assess(scenario(settings), threads=1)
    assert found.figure("half_life").mean == pytest.approx(half_life, rel=0.05)


def test_age_of_the_score_follows_from_a_steady_stream() -> None:
    """Invented records come at a steady rate, so the share older than a year is a ratio of geometric sums (within 4 %)."""
    weeks, half_life = 180, 52.0
    settings = {**FALSE_ONLY, "weeks": weeks, "start": 0, "points.half_life": half_life, "citizens": 4000}
    found = assess(scenario(settings), threads=1)
    keep, at = 0.5 ** (1 / half_life), range(0, weeks, 13)
    every = sum(1 - keep ** (t + 1) for t in at)
    old = sum(keep**53 - keep ** (t + 1) for t in at if t > 52)
    assert found.figure("old_share").mean == pytest.approx(old / every, rel=0.04)
    assert 0 < found.figure("old_variance").mean < 1


def test_where_every_record_is_false_all_harm_is_floor() -> None:
    found = false_only()
    assert found.figure("floor").mean > 0
    assert found.figure("innocent_share").mean == 1.0
    assert found.figure("undeserved_now").mean == 1.0
    assert found.figure("wrong_points").mean == 1.0
    assert found.figure("wrong_decisive").mean == 1.0
    assert found.figure("variance_wrongful").mean == pytest.approx(1.0)
    assert found.figure("variance_mistaken").mean == pytest.approx(1.0)
    assert math.isnan(found.figure("slope").mean)
    assert found.curve[0].share.mean == 1.0
    assert all(f.found.mean == 0.0 for f in found.flows if not f.kind.startswith("somebody"))
    assert sum(f.found.mean for f in found.flows) > 0


def test_a_score_that_restricts_nobody_harms_nobody() -> None:
    found = assess(
        scenario(
            {
                **SMALL,
                "lists.threshold": (1000.0,) * 4,
                "reference.lists.threshold": (1000.0,) * 4,
                "sanctions.reward": 0.0,
            }
        ),
        threads=1,
    )
    assert found.figure("ever_restricted").mean == 0.0
    assert found.figure("gap").mean == 0.0
    assert found.figure("floor").mean == 0.0
    assert math.isnan(found.figure("decisive").mean)
    assert math.isnan(found.figure("leak").mean)


def test_the_score_decides_and_people_lose_by_it() -> None:
    assert shared().figure("decisive").mean > 0.9
    assert shared().figure("gap").low > 0
    assert shared().figure("gap_restricted").mean > shared().figure("gap").mean


def test_the_minor_line_moves_people_between_classes() -> None:
    small = {**SMALL, "replicates": 1, "weeks": 80}
    none, all_ = (assess(scenario(small), minor=minor, threads=1) for minor in (0.0, 100.0))
    assert none.curve[1].share.mean == 0.0
    assert [point.share.mean for point in all_.curve[2:]] == [0.0] * 3
    assert all_.curve[1].share.mean == pytest.approx(1 - none.curve[0].share.mean)
    with pytest.raises(RunningError, match="minor line is -1"):
        assess(scenario(small), minor=-1, threads=1)


# --------------------------------------------------------------------------------------------------------- consistency


def test_the_regime_on_the_sheet_is_the_regime_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scenario(SMALL)
    run = engine.run(made, threads=1)
    for found, totals in zip(totals_of(made, monkeypatch), run.weekly_totals, strict=True):
        assert (found.variants[REGIME].sums == totals.arm("regime").weekly[40:].sum(axis=0)).all()
        assert (
            found.restrictions.weeks.sum()
            == totals.arm("regime").weekly[40:].sum(axis=(0, 1))[slot(run, "restrictions")]
        )


def test_a_variant_on_the_sheet_is_the_variant_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scenario(SMALL)
    run = engine.run(changed(made, Lists, {"integration": 0.0}), threads=1)
    for found, totals in zip(totals_of(made, monkeypatch), run.weekly_totals, strict=True):
        assert (found.variants[SEPARATE].sums == totals.arm("regime").weekly[40:].sum(axis=0)).all()


def slot(run: engine.Result, name: str) -> int:
    return [total.name for total in run.sums].index(name)


def test_every_part_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for found in totals_of(scenario({**SHARED, "rollout": 30}), monkeypatch):
        restrictions, scores, people = found.restrictions, found.scores, found.people
        assert restrictions.flow.sum(axis=0) == pytest.approx(restrictions.sanction, rel=1e-4)
        assert restrictions.sanction.sum() == pytest.approx(people.sanction.sum())
        assert scores.covariance.sum(axis=0) == pytest.approx(scores.variance, rel=1e-4)
        assert (scores.old_score <= scores.score + 1e-9).all()
        assert (scores.old_score > 0).any()
        assert found.variants[REGIME].vanished.sum() == found.variants[REGIME].appeared.sum() == 0
        assert all((variant.vanished <= restrictions.weeks).all() for variant in found.variants.values())
        assert people.number.sum() == people.moments[0]
        assert people.sanction.sum() == pytest.approx(people.moments[2])
        assert (found.files.lost >= 0).all()


def test_variance_shares_add_up_to_one() -> None:
    found = shared()
    names = [f.question.name for f in found.figures if f.question.name.startswith("variance_")]
    assert sum(found.figure(name).mean for name in names if name != "variance_wrongful") == pytest.approx(1.0)


def test_arms_do_not_depend_on_threads() -> None:
    settings = {**SMALL, "weeks": 70}
    one, two = (assess(scenario(settings), threads=threads) for threads in (1, 2))
    for mine, other in zip(one.figures, two.figures, strict=True):
        assert str(mine.found) == str(other.found), mine.question.name


def test_every_figure_has_its_interval() -> None:
    for figure in shared().figures:
        found = figure.found
        assert found.replicates == 4
        assert found.reason or found.low <= found.mean <= found.high, figure.question.name


# ------------------------------------------------------------------------------------------------------------ variants


def test_cutting_data_cuts_the_pairs_that_are_rated_so_and_keeps_the_reference() -> None:
    made, ratings = scenario(SHARED), relatedness.load()
    arms = arms_for(made, ratings)
    assert tuple(arms) == VARIANTS
    assert arms[REGIME].regime == made.mechanisms
    counts = {name: weights(table(arm.regime), Safeguards()) for name, arm in arms.items()}
    away = ratings.rated("unrelated")
    assert (counts[REGIME][away] == 0.5).all()
    assert (counts[WITHOUT_UNRELATED][away] == 0).all()
    assert (counts[RELATED_ONLY][~ratings.rated("related")] == 0).all()
    assert (counts[WITHOUT_UNRELATED].diagonal() == 1).all()
    assert (counts[WITHOUT_UNRELATED][ratings.rated("arguable")] == 0.5).all()
    assert all(arm.before == made.reference for arm in arms.values())
    assert min(table(arms[NEUTRAL].regime).threshold) == UNREACHABLE


def table(tables: tuple[Component, ...]) -> Lists:
    return next(component for component in tables if isinstance(component, Lists))


def test_a_regime_that_changes_is_cut_in_both_its_forms() -> None:
    made = scenario({**SHARED, "change.1.week": 80, "change.1.lists.integration": 0.9})
    arms = arms_for(made, relatedness.load())
    for name, parameter in ((NEUTRAL, "threshold"), (WITHOUT_UNRELATED, "sharing")):
        now, then = table(arms[name].regime), table(arms[name].changes[0])
        assert getattr(now, parameter) == getattr(then, parameter) != getattr(table(made.mechanisms), parameter)
        assert (now.integration, then.integration) == (0.5, 0.9)
    found = assess(made, threads=1)
    assert found.figure("leak").mean > shared().figure("leak").mean


def test_equal_arms_share_a_state() -> None:
    made = changed(scenario(SMALL), Lists, {"integration": 0.0})
    layout = ModelLayout(tuple(type(mechanism) for mechanism in made.mechanisms))
    states = Arms(layout, synthesise(made.society, 1), arms_for(made, relatedness.load())).states
    assert states[SEPARATE] is states[REGIME]
    assert states[NEUTRAL] is not states[REGIME]


def test_a_matrix_that_rates_everything_related_cuts_nothing() -> None:
    ratings = relatedness.load()
    related = ratings.cells[0][0]
    from dataclasses import replace

    same = replace(ratings, cells=tuple((related,) * 4 for _ in range(4)))
    arms = arms_for(scenario(SHARED), same)
    assert arms[WITHOUT_UNRELATED] == arms[RELATED_ONLY] == arms[REGIME]


def test_a_scenario_without_a_score_is_refused() -> None:
    from dataclasses import replace

    made = scenario(SMALL)
    bare = replace(made, mechanisms=tuple(m for m in made.mechanisms if not isinstance(m, Lists)))
    with pytest.raises(RunningError, match="lacks lists"):
        assess(bare)


# --------------------------------------------------------------------------------------------------------------- doors


def test_from_python_and_from_the_command_line_it_is_the_same_sheet(tmp_path: Path) -> None:
    settings = ["run.start=10", "run.rollout=0", "society.district_size=256"]
    given = [part for text in settings for part in ("--set", text)]
    sizes = ["--citizens", "600", "--weeks", "40", "--replicates", "2", "--seed", "5"]
    done = CliRunner().invoke(
        cli,
        ["assess", "social-governance", *sizes, *given, "--relatedness", "own-file", "--out", str(tmp_path / "x")],
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    assert "gives no verdict" in done.output
    assert "This takes about a minute (5 arms x 2 replicates x 600 citizens x 40 weeks" in done.stderr
    names = {path.name for path in (tmp_path / "x").iterdir()}
    assert names == {
        "evidence.html", "evidence.json", "evidence.parquet", "map.parquet", "proportionality.parquet", "scenario.toml",
    }  # fmt: skip
    facts = json.loads((tmp_path / "x" / "evidence.json").read_text(encoding="utf-8"))
    found = glasshouse.assess(
        "social-governance",
        citizens=600,
        weeks=40,
        replicates=2,
        seed=5,
        settings={"start": 10, "rollout": 0, "society.district_size": 256},
        relatedness="own-file",
    )
    assert [row["mean"] for row in facts["figures"]] == [
        None if math.isnan(f.found.mean) else pytest.approx(f.found.mean) for f in found.figures
    ]
    assert facts["relatedness"]["title"] == found.ratings.title


def test_mistakes_are_reported_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("title = 1\n")
    done = CliRunner().invoke(cli, ["assess", "social-governance", "--relatedness", str(tmp_path / "m.toml")])
    assert done.exit_code == 2
    assert "title = 1 is a whole number" in done.output
    assert "[police] is missing" in done.output
    with pytest.raises(GlasshouseError, match="no relatedness matrix"):
        glasshouse.assess("social-governance", relatedness="nothing")


def test_progress_is_reported() -> None:
    stages = []
    assess(
        scenario({**SMALL, "weeks": 60, "replicates": 1}),
        threads=1,
        progress=lambda p: stages.append((p.stage, p.week)),
    )
    assert stages[0] == ("population", 0)
    assert stages[-1] == ("run", 60)
    assert np.all(np.diff([week for _, week in stages]) >= 0)
