"""The cross-count of a replicate, from states whose every week is written down."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from glasshouse.analysis.audit.observer import CrossCountObserver
from tests.helpers.audits import NAMES

PEOPLE = 8
STATE = [
    *((name, "u1") for name in ("contexts", "wronged", "undeserved", "unlawful", "appeal", "cleared", "benefit")),
    ("complaint", "?"),
    *((f"{name}_{k}", "i2") for name in ("due_state", "right", "wrong") for k in range(4)),
]


def observed(*weeks: dict[int, dict[str, int]], total: int = 0, active: tuple[int, int] = (1, 1)) -> Any:
    """The cross-count of eight people in two districts, each week given by what differs from nothing."""
    traits = np.zeros(PEOPLE, [("cell", "u1"), ("adult", "u1")])
    traits["cell"], traits["adult"] = [0, 1, 2, 3, 0, 1, 0, 0], [1, 1, 1, 1, 1, 1, 1, 0]
    districts = np.zeros(2, [("size", "u4")])
    districts["size"] = 4
    observer = CrossCountObserver(NAMES, total or len(weeks), "regime")
    observer.begin(SimpleNamespace(citizens=traits, districts=districts), None)  # type: ignore[arg-type]
    for week, people in enumerate(weeks):
        citizens = np.zeros(PEOPLE, STATE)
        for person, columns in people.items():
            for name, value in columns.items():
                citizens[name][person] = value
        state = SimpleNamespace(citizens=citizens, active_table=np.array(active))
        observer.observe(week, {"regime": state})  # type: ignore[dict-item]
    observer.finish()
    (found,) = observer.replicates
    return found


def test_adults_under_the_regime_are_counted_by_all_that_happened_to_them() -> None:
    found = observed(
        {
            0: {"contexts": 1, "wronged": 1},
            1: {"contexts": 2, "undeserved": 1, "unlawful": 2, "right_2": 3},
            2: {"due_state_3": 2},
        },
        {0: {"due_state_0": 3}, 3: {"complaint": 1}, 7: {"contexts": 1}},
    )
    assert found.adults.tolist()[:4] == [3, 2, 1, 1]
    assert found.people[0, 1, 1, 0, 0, 1, 0] == 1
    assert found.people[1, 1, 0, 1, 1, 0, 0] == 1
    assert found.people[2, 0, 0, 0, 0, 1, 0] == 1
    assert found.people.sum() == 7
    assert found.complaining.tolist()[:4] == [0, 0, 0, 1]
    assert found.recorded.tolist()[:4] == [0, 1, 0, 0]


def test_the_furthest_that_an_appeal_came_counts() -> None:
    listed, waits, refused, won = (
        {"contexts": 1},
        {"contexts": 1, "appeal": 1},
        {"contexts": 1, "appeal": 2},
        {"cleared": 1},
    )
    found = observed(
        {0: waits, 1: waits, 2: waits, 3: listed}, {0: waits, 1: refused, 2: won}, {0: waits, 1: refused, 2: refused}
    )
    assert [found.people[cell, 1, 0, 0, 0, 0].tolist() for cell in range(4)] == [
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [1, 0, 0, 0],
    ]


def test_what_lies_before_the_last_year_does_not_count() -> None:
    before = {0: {"contexts": 1, "appeal": 2}, 1: {"contexts": 1}}
    weeks = [before] * 3 + [{0: {"contexts": 1, "appeal": 2}}] * 52
    found = observed(*weeks)
    assert found.people[0, 1, 0, 0, 0, 0].tolist() == [1, 0, 0, 0]
    assert found.people[1, 1].sum() == 0


def test_districts_without_the_regime_are_left_out() -> None:
    found = observed({4: {"contexts": 1}}, active=(1, 0))
    assert found.adults.sum() == 4
    assert found.people[:, 1].sum() == 0
