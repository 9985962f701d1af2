"""The lines that every loop of the pass is made of: loads, calls and stores of records, parameters and sums."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from glasshouse.engine.compiler.layout import ModelLayout, fields
from glasshouse.engine.compiler.symbols import CompiledFunction, narrow, wide
from glasshouse.model.component import Component

Kernels = Sequence[tuple[type[Component], CompiledFunction]]


class Emitter:
    """Writes lines of source text for the records of one weave."""

    def __init__(self, layout: ModelLayout) -> None:
        self.layout = layout

    def parameters(self, kernels: Kernels) -> list[str]:
        """Loads of the parameters that the kernels use, for the regime in force."""
        slots = {
            self.slot(m, name) for m, rewritten in kernels for name in rewritten.arguments if name.startswith("p_")
        }
        return [f"_p{slot} = _p[_regime, {slot}]" for slot in sorted(slots)]

    def slot(self, mechanism: type[Component], argument: str) -> int:
        """Place of the parameter that a kernel's argument `p_name` stands for."""
        return self.layout.slots[mechanism.name, argument.removeprefix("p_")]

    def call(self, mechanism: type[Component], rewritten: CompiledFunction) -> str:
        """The call of a rewritten kernel with the loop's names for its arguments."""
        actual = [f"_p{self.slot(mechanism, n)}" if n.startswith("p_") else n for n in rewritten.arguments]
        called = f"{rewritten.name}({', '.join(actual)})"
        return f"({', '.join(rewritten.returns)},) = {called}" if rewritten.returns else called

    def loads(
        self, record: str, arguments: set[str], place: str, dtype: np.dtype[Any], *, where: str = ""
    ) -> list[str]:
        """Loads of the fields of one record that are asked for, widened to float64, int64 or bool.

        A field reads 0 unless the condition `where` holds.
        """
        found = []
        for name in sorted(name for name in fields(dtype) if f"{record}_{name}" in arguments):
            sort = wide(dtype[name])
            otherwise = f" if {where} else {sort}(0)" if where else ""
            found.append(f"{record}_{name} = {sort}({place}['{name}']){otherwise}")
        return found

    def stores(self, record: str, kernels: Kernels, place: str, dtype: np.dtype[Any]) -> list[str]:
        """Stores of the fields of one record that the kernels assigned."""
        returned = {name for _, rewritten in kernels for name in rewritten.returns}
        names = [name for name in sorted(fields(dtype)) if f"{record}_{name}" in returned]
        return [f"{place}['{name}'] = {narrow(dtype[name], f'{record}_{name}')}" for name in names]

    def totals(self, arguments: set[str], expression: str) -> list[str]:
        """Loads of the sums that are asked for, brought back from storage units."""
        found = []
        for slot, total in enumerate(self.layout.sums):
            if f"total_{total.name}" in arguments:
                value = expression.format(slot=slot)
                scaled = value if total.scale == 1 else f"{value} * {1.0 / total.scale!r}"
                found.append(f"total_{total.name} = {scaled}")
        return found


def identifiers(kernels: Kernels) -> set[str]:
    """Every name that the kernels are given or give back."""
    return {name for _, rewritten in kernels for name in (*rewritten.arguments, *rewritten.returns)}


def indent(lines: Iterable[str], depth: int) -> list[str]:
    """The lines, so many steps further in."""
    return ["    " * depth + line for line in lines]
