"""What evaluations in the field find over the runs of a study, by hand and from a study."""

import math
from pathlib import Path

import numpy as np
import pytest

from glasshouse.analysis import rollout_evaluation
from glasshouse.errors import AnalysisError
from glasshouse.results import did as event_study
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import load
from glasshouse.study import worker
from glasshouse.study.definition import Study, add_study
from glasshouse.study.findings import Findings, collect
from glasshouse.study.make_study import study_of_priors
from glasshouse.study.staged_rollout import COLUMNS
from glasshouse.study.store.schema import Counts
from glasshouse.study.store.study_database import StudyDatabase

needs_fixest = pytest.mark.skipif(not event_study.installed(), reason="needs pyfixest: pip install '.[analysis]'")
SMALL = {"citizens": 12_000, "society.district_size": 512, "run.weeks": 156, "run.start": 52, "run.rollout": 0}


def made(**given: object) -> Study:
    table = {"design": "staged-rollout", "levels": 2, "measures": ("complaint_rate",), "settings": SMALL, **given}
    return study_of_priors(load("social-governance"), table)


def by_hand() -> Findings:
    """Two lengths; in the first two runs, of which one holds the truth and both see an effect, in the second one of two."""
    did = {
        "did2s": (
            [-2.0, -4.0, -1.0, np.nan],
            [-3.0, -5.0, -3.0, np.nan],
            [-0.5, -3.5, 1.0, np.nan],
            [-0.5, -2.5, 0.5, np.nan],
        ),
        "twfe": ([0.0, 0.0, 0.0, np.nan], [-1.0, -1.0, -1.0, np.nan], [1.0, 1.0, 1.0, np.nan], [0.0, 0.0, 0.0, np.nan]),
    }
    columns = {
        "run": np.arange(4),
        "point": np.array([0, 0, 1, 1]),
        "replicate": np.array([0, 1, 0, 1]),
        "cost.joined": np.array([-1.0, -2.0, -1.5, -1.5]),
    }
    for name, parts in did.items():
        columns |= {f"cost.{name}{end}": np.array(part) for end, part in zip(COLUMNS.values(), parts, strict=True)}
    factor = {"key": "run.rollout", "low": 0.0, "high": 0.0, "values": [50, 100], "unit": "", "source": "given",
               "vector": [], "whole": False}  # fmt: skip
    design = {"kind": "staged-rollout", "factors": [factor], "seed": 1, "size": 0, "levels": 0, "note": ""}
    parameters = ({"run.rollout": 50}, {"run.rollout": 100})
    return Findings("s", {"replicates": 2, "design": design}, Counts(done=4), Table("figures", columns), (), parameters)


def test_bias_cover_and_power_are_those_over_runs() -> None:
    found = {(one.estimator, one.weeks): one for one in rollout_evaluation.evaluations(by_hand(), "cost")}
    short, long = found["did2s", 50], found["did2s", 100]
    assert (short.runs, short.truth.mean, short.found.mean, short.bias.mean) == (2, -1.5, -3.0, -1.5)
    assert (short.covered, short.detected) == (0.5, 1.0)
    assert (short.control.mean, short.effect.mean) == (-1.5, -1.5)
    assert (long.runs, long.bias.mean, long.covered, long.detected) == (1, 0.5, 1.0, 0.0)
    assert found["twfe", 50].detected == 0.0


def test_an_evaluation_of_another_design_is_refused() -> None:
    found = by_hand()
    found.definition["design"]["kind"] = "grid"
    with pytest.raises(AnalysisError, match="is grid, and evaluations need the design staged-rollout"):
        rollout_evaluation.evaluations(found, "cost")


@needs_fixest
def test_points_are_roll_outs_of_what_the_run_has_left() -> None:
    assert [point["run.rollout"] for point in made().points] == [52, 104]
    assert [point["run.rollout"] for point in made(factors={"run.rollout": {"values": [26, 78]}}).points] == [26, 78]


@needs_fixest
def test_each_point_has_random_seeds_of_its_own_unless_it_is_asked_otherwise() -> None:
    assert not made().paired
    assert made(paired=True).paired
    assert len({run.seed for run in made().runs}) == len(made().runs)


@needs_fixest
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"measures": ()}, "none was named. Name some of: "),
        ({"measures": ("complaint_rate", "control_expected")}, "that a district has, and control_expected was named"),
        ({"factors": {"observation.coverage": [0.2, 0.4]}}, "varies run.rollout alone"),
        ({"settings": {**SMALL, "run.start": 156}}, "leaves no room for roll-outs"),
    ],
)
def test_what_cannot_be_evaluated_is_said(given: dict[str, object], said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        made(**given)


@needs_fixest
def test_each_run_is_evaluated_and_one_that_allows_no_study_has_no_figure(tmp_path: Path) -> None:
    """A roll-out of a week leaves no period in which some districts have joined and others not."""
    chosen = made(factors={"run.rollout": {"values": [1, 104]}})
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        add_study(database, chosen)
        worker.work(database, chosen.name, tmp_path)
        found = collect(database, chosen.name, tmp_path)
    none, two_stages = (found.outputs("complaint_rate.did2s")[point, 0] for point in (0, 1))
    assert math.isnan(none)
    assert math.isfinite(two_stages)
    low, high = (found.outputs(f"complaint_rate.did2s.{end}")[1, 0] for end in ("low", "high"))
    assert low < two_stages < high
    assert math.isfinite(found.outputs("complaint_rate.did2s.control")[1, 0])
    assert found.measures == ("complaint_rate",)
    assert [one.runs for one in rollout_evaluation.evaluations(found, "complaint_rate")] == [0, 1, 0, 1]
