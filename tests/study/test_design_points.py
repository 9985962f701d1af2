"""Points of designs: where each kind of design samples, and in which order."""

import importlib.util
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from glasshouse.errors import AnalysisError
from glasshouse.study.design import make_design, settings_at
from glasshouse.study.factor import Factor

needs_salib = pytest.mark.skipif(importlib.util.find_spec("SALib") is None, reason="SALib is not installed")
TWO = (Factor("observation.coverage", 0.1, 0.3, base=0.2), Factor("run.weeks", 52, 104, base=78, whole=True))
LISTED = Factor("lists.integration", values=(0.0, 0.5, 1.0), base=1.0)


def test_a_grid_has_every_combination_and_the_last_factor_changes_fastest() -> None:
    design = make_design("grid", (TWO[0], LISTED), levels=2)
    assert design.points.tolist() == [[end, value] for end in (0.1, 0.3) for value in (0.0, 1.0, 2.0)]
    assert [settings_at(design, 1), settings_at(design, 5)] == [
        {"observation.coverage": 0.1, "lists.integration": 0.5},
        {"observation.coverage": 0.3, "lists.integration": 1.0},
    ]


def test_one_at_a_time_has_the_base_and_then_each_factor_alone_elsewhere() -> None:
    design = make_design("one-at-a-time", (*TWO, LISTED))
    base = [0.2, 78.0, 1.0]
    moved = [[0.1, 78, 1], [0.3, 78, 1], [0.2, 52, 1], [0.2, 104, 1], [0.2, 78, 0], [0.2, 78, 2]]
    assert design.points.tolist() == [base, *moved]
    unknown = make_design("one-at-a-time", (Factor("a.b", 1.0, 3.0), Factor("a.c", values=("x", "y"))))
    assert settings_at(unknown, 0) == {"a.b": 2.0, "a.c": "x"}


def test_a_latin_hypercube_has_one_point_in_every_part_of_a_range() -> None:
    points = make_design("latin-hypercube", [Factor(f"a.{name}", 0.0, 1.0) for name in "bcd"], 50).points
    for column in points.T:
        assert sorted(np.floor(column * 50).astype(int).tolist()) == list(range(50))


@needs_salib
def test_saltellis_matrices_stand_in_the_order_that_its_analysis_relies_on() -> None:
    factors = [Factor(f"a.{name}", 0.0, 1.0) for name in "bcd"]
    blocks = make_design("saltelli", factors, 8).points.reshape(8, 5, 3)
    a, b = blocks[:, 0], blocks[:, -1]
    assert not (a == b).any()
    for place in range(3):
        crossed = a.copy()
        crossed[:, place] = b[:, place]
        assert (blocks[:, 1 + place] == crossed).all()


@needs_salib
@pytest.mark.parametrize("levels", [2, 4, 8])
def test_morriss_trajectories_move_each_factor_once_by_one_step(levels: int) -> None:
    design = make_design("morris", (TWO[0], LISTED, Factor("a.b", -1.0, 1.0)), 10, levels=levels)
    step = levels / (2 * (levels - 1))
    for path in design.points.reshape(10, 4, 3):
        moves = [after - before for before, after in pairwise(path)]
        assert sorted(int(np.flatnonzero(move)[0]) for move in moves) == [0, 1, 2]
        assert all(np.count_nonzero(move) == 1 for move in moves)
        assert max(abs(move[0]) for move in moves) == pytest.approx(0.2 * step)


@pytest.mark.parametrize("kind", ["saltelli", "morris"])
def test_a_missing_library_is_named_with_what_to_type(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(AnalysisError, match=r"SALib.*pip install 'glasshouse-lab\[analysis\]'"):
        make_design(kind, TWO, 8)
    assert len(make_design("sobol", TWO, 8).points) == 8
