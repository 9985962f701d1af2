"""Who belongs to which group that a scenario can declare, and the cells that sums are kept for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from glasshouse.model.entities import COLLEGE, DECLARABLE, GROUPS, MOST_GROUPS, RECIPIENT
from glasshouse.population.deviates import Ints

if TYPE_CHECKING:
    from glasshouse.population.marginals import Marginals

T = TypeVar("T", np.uint8, np.uint16)

LONE_PARENT = "lone parent"
"""The group that a population has only if its marginals give the share of households of lone parents."""


def _declared(groups: tuple[str, ...]) -> tuple[str, ...]:
    unknown = next((group for group in groups if group not in DECLARABLE), None)
    if unknown is not None:
        raise PydanticCustomError("groups", "unknown", {"reason": f"{unknown[:40]} is no group"})
    repeated = next((group for group in groups if groups.count(group) > 1), None)
    if repeated is not None:
        raise PydanticCustomError("groups", "repeated", {"reason": f"{repeated} stands twice"})
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise PydanticCustomError("groups", "number", {"reason": f"these are {len(groups)} groups"})
    return groups


Declared = Annotated[
    tuple[str, ...],
    AfterValidator(_declared),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "enum": list(DECLARABLE)},
            "minItems": 1,
            "maxItems": MOST_GROUPS,
            "uniqueItems": True,
        }
    ),
]
"""Groups for which sums are kept."""


def without_members(facts: "Marginals") -> frozenset[str]:
    """Find the groups that have no members where a population is drawn from some marginals.

    Parameters
    ----------
    facts : Marginals
        The marginals of a country.

    Returns
    -------
    frozenset of str
        Some of `GROUPS`.
    """
    tables = {LONE_PARENT: facts.lone_parents, "minority": facts.minority, "migrant": facts.migrant}
    rural = {"rural"} if facts.urban >= 1.0 else set()
    return frozenset({group for group, table in tables.items() if table is None} | rural)


def memberships(people: NDArray[np.void], lone: Ints, poorest: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Find the groups of `GROUPS` to which citizens belong. Members of any age count, girls among women.

    Parameters
    ----------
    people : structured ndarray of `CITIZEN`, shape (citizens,)
        The citizens.
    lone : ndarray of int, shape (lone parents,)
        Index of each lone parent.
    poorest : ndarray of bool, shape (citizens,)
        Whether a citizen is of the poorest fifth.

    Returns
    -------
    ndarray of uint16, shape (citizens,)
        The sum of 2^k over the groups k, from 0, in the order of `GROUPS`.
    """
    lone_parent = np.zeros(len(people), np.bool_)
    lone_parent[lone] = True
    found = {
        "woman": people["female"] == 1,
        LONE_PARENT: lone_parent,
        "under 25": people["age"] < 5,
        "50 and over": people["age"] >= 10,
        "poorest fifth": poorest,
        "below median income": people["income"] < 1.0,
        "minority": people["minority"] == 1,
        "migrant": people["migrant"] == 1,
        "rural": people["urban"] == 0,
        "college": people["education"] == COLLEGE,
    }
    return _bits([found[group] for group in GROUPS], np.uint16)


def cells(people: NDArray[np.void], groups: Sequence[str]) -> NDArray[np.uint8]:
    """Find the group cells of citizens.

    Parameters
    ----------
    people : structured ndarray of `CITIZEN`, shape (citizens,)
        The citizens.
    groups : sequence of str
        The declared groups, some of `DECLARABLE`.

    Returns
    -------
    ndarray of uint8, shape (citizens,)
        The sum of 2^k over the declared groups k, from 0, to which a citizen belongs for good. Where recipients are declared as
        group k, everybody has 2^(k + 4) besides: who draws a benefit is state, and found week by week.
    """
    # Nobody is a recipient for good.
    bits = [1 << GROUPS.index(group) if group in GROUPS else 0 for group in groups]
    found = _bits([people["groups"] & bit > 0 for bit in bits], np.uint8)
    if RECIPIENT in groups:
        found |= np.uint8(1 << (groups.index(RECIPIENT) + MOST_GROUPS))
    return found


def _bits(members: Sequence[NDArray[np.bool_]], dtype: type[T]) -> NDArray[T]:
    found = np.zeros(len(members[0]), dtype)
    for place, one in enumerate(members):
        found |= one.astype(dtype) << dtype(place)
    return found
