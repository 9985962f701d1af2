"""What happens to the same citizen in the two arms: sums over pairs of one citizen's two records.

A pairing is the counterpart of a mechanism for the pass that runs after each week over both arms at once. It changes
nothing; its kernel `pair(reference, regime, me, add)` reads the citizen's columns and signals of this week in either
arm and the citizen's traits, and adds.
"""

from collections.abc import Sequence
from typing import ClassVar

from glasshouse.model.declarations import Sum, Table


class Pairing(Table):
    """A set of paired sums with the kernel that adds to them."""

    name: ClassVar[str]
    sums: ClassVar[tuple[Sum, ...]] = ()


def paired_sums(pairings: Sequence[type[Pairing]]) -> tuple[Sum, ...]:
    """All sums of the pairings in storage order.

    Parameters
    ----------
    pairings : sequence of Pairing types
        In the order of storage.

    Returns
    -------
    tuple of Sum
        The sums of each pairing, one after the other.
    """
    return tuple(total for pairing in pairings for total in pairing.sums)
