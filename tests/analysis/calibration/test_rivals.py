"""What tells two models apart that agree with the same figures: right on known predictions, and by a count that suffices."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from glasshouse.analysis.calibration.condition import condition
from glasshouse.analysis.calibration.conditioned import Conditioned
from glasshouse.analysis.calibration.rivals import SURE, WIDE, least_cases, rivals
from glasshouse.errors import AnalysisError
from glasshouse.report.rival_words import rival_rows, sentence
from tests.analysis.calibration.test_condition import disclosed, office


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Conditioned:
    return condition(disclosed(tmp_path_factory.mktemp("office")), office(900, 3))


def other(folder: Path, shift: float) -> Conditioned:
    """The same office with as many flagged and found, and a harm that is so much more frequent."""
    runs = office(900, 5)
    runs.name = "rival"
    runs.figures.columns["wrongly_listed_share.regime"] = runs.figures.columns["wrongly_listed_share.regime"] + shift
    return condition(disclosed(folder), runs)


def test_a_rival_with_another_harm_is_told_apart_by_it(first: Conditioned, tmp_path: Path) -> None:
    found = rivals(first, other(tmp_path, 0.2))
    best = found.outcomes[0]
    assert (best.measure.name, best.arm) == ("wrongly_listed_share", "regime")
    spread = math.hypot(*((one[2] - one[0]) / WIDE for one in (best.first, best.second)))
    assert best.apart == pytest.approx(abs(best.second[1] - best.first[1]) / spread)
    assert best.second[1] - best.first[1] == pytest.approx(0.2, abs=0.02)
    assert sentence(found).startswith("What tells office and rival apart best: Restrictions wrong by the regime")
    assert rival_rows(found)[0][-1].startswith("among ")
    assert [one.apart for one in found.outcomes] == sorted((one.apart for one in found.outcomes), reverse=True)


def test_the_same_model_is_no_rival(first: Conditioned, tmp_path: Path) -> None:
    found = rivals(first, other(tmp_path, 0.0))
    assert found.outcomes[0].apart < 0.5
    assert sentence(found).startswith("No harm that both studies kept tells office and rival apart")
    assert rival_rows(found)[0][-1] == "no count does"


def test_the_least_count_contradicts_the_wrong_model_in_four_of_five_draws() -> None:
    """Of 40,000 counts, 80 % with a standard error of 0.2 points; normal approximations miss by less than 2 points here."""
    one, two = (0.0980, 0.10, 0.1020), (0.1170, 0.12, 0.1230)
    cases = least_cases(one, two)
    assert cases is not None
    rng = np.random.default_rng(1)
    found = []
    for right, wrong in ((one, two), (two, one)):
        drawn = rng.binomial(cases, rng.normal(right[1], (right[2] - right[0]) / WIDE, 40_000)) / cases
        error = math.sqrt(((wrong[2] - wrong[0]) / WIDE) ** 2 + wrong[1] * (1 - wrong[1]) / cases)
        found.append(float((np.abs(drawn - wrong[1]) > SURE * error).mean()))
    assert min(found) == pytest.approx(0.8, abs=0.02)


def test_neither_the_count_nor_the_rest_is_below_fifty() -> None:
    assert least_cases((0.01, 0.01, 0.01), (0.9, 0.9, 0.9)) == 5_000
    assert least_cases((0.0, 0.0, 0.0), (0.9, 0.9, 0.9)) is None
    assert least_cases((0.1, 0.2, 0.3), (0.12, 0.22, 0.32)) is None


def test_what_cannot_be_compared_is_refused(first: Conditioned) -> None:
    with pytest.raises(AnalysisError, match="office has 3 effective runs near the counts, too few"):
        rivals(first, replace(first, effective=3.0))
    with pytest.raises(AnalysisError, match="predict no harm in common"):
        rivals(first, replace(first, study="rival", outcomes=()))
