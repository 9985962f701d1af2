"""Translates the kernels of pairings, which compare one citizen's records in two arms."""

from collections.abc import Sequence

import numpy as np

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import fields
from glasshouse.engine.compiler.rewrite import rewrite
from glasshouse.engine.compiler.symbols import CompiledFunction, Symbol, SymbolTable
from glasshouse.model.pairing import Pairing, paired_sums


def kernels(layout: ModelLayout, pairings: Sequence[type[Pairing]]) -> list[CompiledFunction]:
    """The kernels of some pairings, rewritten.

    Parameters
    ----------
    layout : ModelLayout
        The model whose records they compare.
    pairings : sequence of Pairing classes
        In the order of their sums.

    Returns
    -------
    list of CompiledFunction
    """
    shown = {signal.name: np.dtype("?") for signal in layout.signals}
    arm_fields = {**fields(layout.state), **shown}
    records = {"reference": arm_fields, "regime": arm_fields, "me": fields(layout.traits)}
    sums = list(enumerate(paired_sums(pairings)))
    found = []
    for pairing in pairings:
        table = SymbolTable(
            label=f"{pairing.name}.pair",
            takes=frozenset({*records, "add"}),
            known={record: frozenset(columns) for record, columns in records.items()},
            sums={total.name: (slot, total.scale) for slot, total in sums if total in pairing.sums},
            stream_name=f"{pairing.name}.pair",
            packed={
                Symbol(arm, name): p
                for arm in ("reference", "regime")
                for name, p in layout.packings["citizen"].items()
            },
            dtypes={
                Symbol(record, name): dtype for record, columns in records.items() for name, dtype in columns.items()
            },
        )
        found.append(rewrite(pairing.pair, f"{pairing.name}__pair", table))  # type: ignore[attr-defined]
    return found
