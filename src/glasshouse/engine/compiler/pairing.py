"""Translates the kernels of pairings, which compare one citizen's records in two arms."""

from collections.abc import Sequence

import numpy as np

from glasshouse.engine.compiler.layout import ModelLayout, fields
from glasshouse.engine.compiler.rewrite import rewrite
from glasshouse.engine.compiler.symbols import CompiledFunction, SymbolTable
from glasshouse.model.pairing import Pairing, paired_sums


def kernels(layout: ModelLayout, pairings: Sequence[type[Pairing]]) -> list[CompiledFunction]:
    """The pairings' kernels, rewritten."""
    shown = {signal.name: np.dtype("?") for signal in layout.signals}
    worlds = {**fields(layout.state), **shown}
    records = {"reference": worlds, "regime": worlds, "me": fields(layout.traits)}
    sums = {total.name: (slot, total.scale) for slot, total in enumerate(paired_sums(pairings))}
    found = []
    for pairing in pairings:
        words = SymbolTable(
            label=f"{pairing.name}.pair",
            takes=frozenset({*records, "add"}),
            known={record: frozenset(held) for record, held in records.items()},
            owned={},
            draws=(),
            sums=sums,
            channels={},
            stream_name=f"{pairing.name}.pair",
            packed={
                (arm, name): p for arm in ("reference", "regime") for name, p in layout.packings["citizen"].items()
            },
            dtypes={(record, name): dtype for record, held in records.items() for name, dtype in held.items()},
        )
        found.append(rewrite(pairing.pair, f"{pairing.name}__pair", words))  # type: ignore[attr-defined]
    return found
