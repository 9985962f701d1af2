"""What happens to the same person in the two worlds: sums over pairs of one citizen's two records.

A pairing is the counterpart of a mechanism for the pass that runs after each week over both worlds at once. It changes
nothing; its kernel `pair(reference, regime, me, add)` reads the citizen's columns and signals of this week in either
world and his traits, and adds.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from glasshouse.kernel import rewrite
from glasshouse.schema import Sum, Table
from glasshouse.vocabulary import Rewritten, Vocabulary
from glasshouse.weave import Weave, fields


class Pairing(Table):
    """A set of paired sums with the kernel that adds to them."""

    name: ClassVar[str]
    sums: ClassVar[tuple[Sum, ...]] = ()


def paired_sums(pairings: Sequence[type[Pairing]]) -> tuple[Sum, ...]:
    """All sums of the pairings in storage order."""
    return tuple(total for pairing in pairings for total in pairing.sums)


def kernels(weave: Weave, pairings: Sequence[type[Pairing]]) -> list[Rewritten]:
    """The pairings' kernels, rewritten."""
    shown = {signal.name: np.dtype("?") for signal in weave.signals}
    worlds = {**fields(weave.state), **shown}
    records = {"reference": worlds, "regime": worlds, "me": fields(weave.traits)}
    sums = {total.name: (slot, total.scale) for slot, total in enumerate(paired_sums(pairings))}
    found = []
    for pairing in pairings:
        words = Vocabulary(
            label=f"{pairing.name}.pair",
            takes=frozenset({*records, "add"}),
            known={record: frozenset(held) for record, held in records.items()},
            owned={},
            draws=(),
            sums=sums,
            channels={},
            stream_name=f"{pairing.name}.pair",
            dtypes={(record, name): dtype for record, held in records.items() for name, dtype in held.items()},
        )
        found.append(rewrite(pairing.pair, f"{pairing.name}__pair", words))  # type: ignore[attr-defined]
    return found
