"""Declarations hold what they say: nothing unknown, nothing converted in silence, nothing beyond its bounds."""

import pytest
from pydantic import ValidationError

from glasshouse.model.declarations import Column, Table, param, vector


class Watching(Table):
    """A table with one of each."""

    coverage: float = param(0.5, "Coverage.", unit="share", bounds=(0, 1), prior=(0.2, 0.8))
    agencies: int = param(3, "Agencies.", unit="agencies", bounds=(1, 9))
    weights: tuple[float, ...] = vector((1.0, 2.0), "Weights.", unit="points", bounds=(0, 10))


@pytest.mark.parametrize(
    "given",
    [
        {"coverage": 1.01},
        {"coverage": -0.01},
        {"coverage": float("nan")},
        {"coverage": float("inf")},
        {"coverage": "0.5"},
        {"coverage": True},
        {"agencies": 2.5},
        {"agencies": 0},
        {"weights": (1.0,)},
        {"weights": (1.0, 2.0, 3.0)},
        {"weights": (1.0, 11.0)},
        {"coverge": 0.5},
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Watching(**given)


def test_bounds_themselves_are_allowed() -> None:
    assert Watching(coverage=1.0, agencies=9, weights=(0.0, 10.0)).weights == (0.0, 10.0)


def test_tables_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Watching().coverage = 0.2


def test_a_value_without_a_publication_is_an_assumption() -> None:
    extra = Watching.model_fields["coverage"].json_schema_extra
    assert extra == {"unit": "share", "source": "assumption", "prior": [0.2, 0.8]}


def test_a_vector_column_has_a_field_for_each_element() -> None:
    assert Column("state", "u1", "", "", length=3).fields() == dict.fromkeys(("state_0", "state_1", "state_2"), "u1")
    assert Column("level", "f4", "", "").fields() == {"level": "f4"}
    assert Column("shelf", "u1", "", "", length=3, packed=True).fields() == {"shelf": "u4"}
