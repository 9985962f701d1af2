"""The neural posterior, where sbi is installed: near the exact one, and the same for the same seed."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from glasshouse.analysis.calibration import npe
from glasshouse.errors import AnalysisError
from glasshouse.study.factor import Factor
from tests.analysis.calibration.test_abc import exact, sample

THERE = importlib.util.find_spec("sbi") is not None
needs_sbi = pytest.mark.skipif(
    not THERE, reason="neural posteriors are not tested without sbi: pip install 'glasshouse-lab[bayes]'"
)


@pytest.mark.skipif(THERE, reason="sbi is installed")
def test_without_sbi_it_says_what_to_install() -> None:
    with pytest.raises(AnalysisError, match=r"glasshouse-lab\[bayes\]"):
        npe.posterior(sample(100, 1, 0.05, 0.05), 1)


@needs_sbi
def test_a_known_posterior_is_nearly_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    known = sample(1500, 1, 0.05, 0.05)
    found = npe.posterior(known, 1, 2000)
    mean, spread = exact(0.05, 0.05)
    assert found.draws.mean(axis=0) == pytest.approx(mean, abs=0.04)
    assert found.draws.std(axis=0) == pytest.approx(spread, rel=0.4)
    assert ((found.draws > 0) & (found.draws < 1)).all()
    assert found.draws.tobytes() == npe.posterior(known, 1, 2000).draws.tobytes()
    assert not list(tmp_path.iterdir())


@needs_sbi
def test_it_stops_where_no_run_has_been_and_for_listed_values() -> None:
    with pytest.raises(AnalysisError, match="sum: published 3"):
        npe.posterior(sample(300, 1, 0.02, 0.0, figure=3.0), 1)
    known = sample(100, 1, 0.05, 0.05)
    listed = replace(known, factors=(known.factors[0], Factor("w", values=(0, 1))), points=np.round(known.points))
    with pytest.raises(AnalysisError, match="w takes listed values"):
        npe.posterior(listed, 1)
