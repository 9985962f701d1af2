"""What a replication is held to: bands and verdicts."""

import math

import numpy as np
import pytest

from glasshouse.replications.replication import Figure, Outcome, Target, above, direction, exactly, near, shown
from glasshouse.replications.threshold_models import Kuran
from glasshouse.results.estimate import from_replicates


@pytest.mark.parametrize(
    ("target", "ours", "verdict"),
    [
        (near("a", "a", 1.0, 0.1, "w"), 1.09, "reproduced"),
        (near("a", "a", 1.0, 0.1, "w"), 1.11, "differs"),
        (near("a", "a", 1.0, 0.0, "w"), 1.0, "reproduced"),
        (near("a", "a", 1.0, 0.1, "w"), math.nan, "differs"),
        (above("a", "a", 28.0, "w"), 28.0, "reproduced"),
        (above("a", "a", 28.0, "w"), 27.0, "differs"),
        (shown("a", "a", 60.0, "w"), 21.0, "shown"),
    ],
)
def test_a_verdict_follows_the_band(target: Target, ours: float, verdict: str) -> None:
    assert Figure(target, exactly(ours)).verdict == verdict


def test_a_direction_asks_for_the_whole_interval() -> None:
    target = direction("a", "a", "w")
    assert Figure(target, from_replicates(np.array([0.1, 0.2, 0.3]))).verdict == "differs"
    assert Figure(target, from_replicates(np.array([0.1, 0.11, 0.12]))).verdict == "reproduced"
    assert Figure(target, from_replicates(np.array([-0.1, -0.11, -0.12]))).verdict == "differs"
    assert Figure(target, from_replicates(np.array([0.1]))).verdict == "differs"


def test_a_target_that_was_not_simulated_is_undefined_and_differs() -> None:
    figures = Kuran().figures(Outcome({"T1.e": exactly(10.0)}))
    assert [one.verdict for one in figures] == ["reproduced"] + ["differs"] * 5
    assert math.isnan(figures[1].ours.mean)


def test_an_estimate_over_copies_keeps_its_interval() -> None:
    found = Figure(near("a", "a", 0.5, 0.1, "w"), from_replicates(np.array([0.4, 0.5, 0.6])))
    assert found.ours.low < 0.5 < found.ours.high
    assert found.verdict == "reproduced"
