"""Published models played by the engine give the published figures; what is brief is played here, the rest in verification."""

import re

import numpy as np
import pytest

from glasshouse.errors import ScenarioError
from glasshouse.replication import Replication
from glasshouse.replications import CATALOGUE, find
from glasshouse.replications.granovetter import ThresholdCrowd, rest
from glasshouse.report.replication import play

BRIEF = [one for one in CATALOGUE if one.brief]


@pytest.mark.parametrize("kind", BRIEF, ids=lambda kind: kind.name)
def test_every_judged_figure_lies_in_its_band(kind: type[Replication]) -> None:
    """Seeds are fixed; a figure with luck in it has a band of three standard errors or more, so one in 400 at most errs."""
    played = play(kind, seed=1)
    wrong = [f"{one.target.name}: {one.ours}" for one in played.judged if one.verdict != "reproduced"]
    assert wrong == [name for name in wrong if name.partition(":")[0] in kind.differs]
    assert played.judged
    assert played.outcome.charts
    assert set(played.outcome.found) == {target.name for target in kind.targets}


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name)
def test_every_replication_says_what_it_is(kind: type[Replication]) -> None:
    assert re.fullmatch(r"[a-z][a-z-]+", kind.name)
    assert (kind.__doc__ or "").strip()
    assert all((kind.title, kind.citation, kind.equations, kind.confidence))
    names = [target.name for target in kind.targets]
    assert len(set(names)) == len(names) > 0
    assert set(kind.differs) <= set(names)
    for target in kind.targets:
        assert target.what
        assert target.why
        assert target.band is None or target.band[0] <= target.band[1]


def test_a_name_that_is_not_there_is_told_with_the_nearest() -> None:
    assert find("kuran").name == "kuran"
    with pytest.raises(ScenarioError, match="Did you mean granovetter"):
        find("granoveter")
    assert len({one.name for one in CATALOGUE}) == len(CATALOGUE)


def test_a_crowd_goes_by_its_own_thresholds() -> None:
    """By hand: thresholds 0, 1, 3 stop at two; 0, 1, 2 take all; nobody begins without a threshold of nought."""
    crowds = np.array([[0.0, 1.0, 3.0], [0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    assert rest(crowds, 10).tolist() == [2.0, 3.0, 0.0]
    assert ThresholdCrowd.name == "threshold_crowd"
