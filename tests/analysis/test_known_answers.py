"""Ishigami's function and Sobol's G, through the whole pipeline of a study: file, runs, shards, findings, indices."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from glasshouse.analysis import sensitivity
from glasshouse.analysis.screening import analyse, screened
from glasshouse.engine.plugin_loader import find
from glasshouse.errors import AnalysisError
from glasshouse.scenario.scenario import load
from glasshouse.study import worker
from glasshouse.study.definition import add_study
from glasshouse.study.findings import Findings, collect
from glasshouse.study.make_study import study_of_priors
from glasshouse.study.store.study_database import StudyDatabase

PLUGIN = Path(__file__).parents[2] / "examples" / "plugins" / "analytic.py"
ISHIGAMI = {f"ishigami.x{n}": [-math.pi, math.pi] for n in (1, 2, 3)}
G = {f"sobol_g.x{n}": [0.0, 1.0] for n in range(1, 9)}
TINY = {"citizens": 100, "run.weeks": 1, "run.start": 0, "run.rollout": 0}

pytest.importorskip("SALib", reason="SALib is not installed")


def studied(folder: Path, name: str, most: int | None = None, **given: object) -> Findings:
    plugins = find([PLUGIN])
    table = {"seed": 3, "measures": ("ishigami_mean", "sobol_g_mean"), "settings": TINY, **given}
    made = study_of_priors(load("social-governance", plugins=plugins), table)
    with StudyDatabase.open(folder / "studies.db") as database:
        add_study(database, replace(made, name=name))
        options = worker.WorkerOptions(plugins=tuple(plugins), max_runs=most)
        worker.work(database, name, folder / name, options)
        return collect(database, name, folder / name)


def ishigami(points: np.ndarray) -> np.ndarray:
    a, b, c = points.T
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return studied(tmp_path_factory.mktemp("known"), "ishigami", design="saltelli", runs=160, factors=ISHIGAMI)


def test_figures_come_back_at_their_points_and_indices_are_those_of_the_function(found: Findings) -> None:
    """A sum is kept to a millionth, so that the indices are those of the function itself to five digits."""
    truth = ishigami(found.design.points)
    outputs = found.outputs("ishigami_mean.regime")
    assert outputs[:, 0] == pytest.approx(truth, abs=2e-6)
    through, direct = analyse(found, "ishigami_mean.regime"), sensitivity.sobol(found.design, truth[:, None])
    assert through.method == "sobol"
    for mine, its in zip(through.indices, direct.indices, strict=True):
        assert mine.factor == its.factor
        assert mine.estimate.mean == pytest.approx(its.estimate.mean, abs=1e-5)


def test_a_sample_is_read_by_delta_and_by_pawn_and_not_by_sobol(found: Findings) -> None:
    assert analyse(found, "ishigami_mean.regime", "pawn").method == "pawn"
    assert analyse(found, "ishigami_mean.regime", "delta").strongest[0] in ("ishigami.x1", "ishigami.x2")
    with pytest.raises(AnalysisError, match="morris design; this is saltelli"):
        analyse(found, "ishigami_mean.regime", "morris")
    with pytest.raises(AnalysisError, match="is 0 at every point"):
        analyse(found, "ishigami_mean")


def test_what_a_screening_leaves_is_what_matters(tmp_path: Path) -> None:
    screening = studied(tmp_path, "screening", design="morris", runs=54, factors=G)
    assert screened(screening, 4, ["sobol_g_mean.regime"]) == ("sobol_g.x1", "sobol_g.x2", "sobol_g.x3", "sobol_g.x4")
    with pytest.raises(AnalysisError, match="No measure of harm of the study screening moves"):
        screened(screening, 4)
    with pytest.raises(AnalysisError, match="is one text"):
        screened(screening, 4, "sobol_g_mean.regime")
    made = study_of_priors(
        load("social-governance", plugins=find([PLUGIN])),
        {"design": "saltelli", "runs": 64, "factors": G, "only": screened(screening, 2, ["sobol_g_mean.regime"])},
    )
    assert [factor.key for factor in made.design.factors] == ["sobol_g.x1", "sobol_g.x2"]


def test_runs_that_are_not_there_are_named_and_stop_the_analysis(tmp_path: Path) -> None:
    half = studied(tmp_path, "half", most=1, design="saltelli", runs=10, factors=ISHIGAMI)
    with pytest.raises(
        AnalysisError, match=r"missing in 9 of 10 runs of half: 9 not done \(runs 1, 2, 3, 4, 5 and 4 more\)"
    ):
        analyse(half, "ishigami_mean.regime")
    with pytest.raises(AnalysisError, match="study half is saltelli"):
        screened(half, 2)


def test_a_plugin_s_ratio_comes_from_the_sums_of_all_replicates_of_a_point(tmp_path: Path) -> None:
    made = studied(tmp_path, "pooled", design="random", runs=6, replicates=2, factors=G)
    above, below = (made.outputs(f"total:{name}.regime").sum(axis=1) for name in ("sobol_g_total", "adults"))
    assert made.means("sobol_g_mean.regime") == pytest.approx(above / below)
    assert made.is_averaged("ishigami_mean")
