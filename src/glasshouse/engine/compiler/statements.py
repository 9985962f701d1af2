"""Statements that every loop of the compiled pass is made of: loads, calls and stores of records, parameters and sums."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.records import fields
from glasshouse.engine.compiler.symbols import CompiledFunction, Symbol, narrow, wide
from glasshouse.model.component import Component

Kernels = Sequence[tuple[type[Component], CompiledFunction]]


class Emitter:
    """Writes statements for the records of one layout.

    Parameters
    ----------
    layout : ModelLayout
        The model.
    """

    def __init__(self, layout: ModelLayout) -> None:
        self.layout = layout

    def parameters(self, kernels: Kernels) -> list[str]:
        """Loads of the parameters that the kernels use, from the table in force.

        Parameters
        ----------
        kernels : sequence
            Kernels with their mechanisms.

        Returns
        -------
        list of str
        """
        slots = {self._slot(m, symbol) for m, kernel in kernels for symbol in kernel.fields if symbol.record == "p"}
        return [f"{_parameter(slot)} = _p[_regime, {slot}]" for slot in sorted(slots)]

    def call(self, mechanism: type[Component], kernel: CompiledFunction) -> str:
        """The call of a kernel with the loop's variables for its arguments.

        Parameters
        ----------
        mechanism : Component class
            The kernel's mechanism.
        kernel : CompiledFunction
            The kernel.

        Returns
        -------
        str
        """
        # Two mechanisms may name a parameter alike, so the loop numbers parameters by their slots.
        given = [
            _parameter(self._slot(mechanism, symbol)) if symbol.record == "p" else symbol.identifier
            for symbol in sorted(kernel.fields)
        ]
        called = f"{kernel.name}({', '.join([*given, *sorted(kernel.loop_variables)])})"
        return f"({', '.join(kernel.returns)},) = {called}" if kernel.returns else called

    def loads(
        self, record: str, used: set[Symbol], place: str, dtype: np.dtype[Any], *, condition: str = ""
    ) -> list[str]:
        """Loads of the fields of one record that are used, widened to float64, int64 or bool.

        Parameters
        ----------
        record : str
            The kernels' name for the record.
        used : set of Symbol
            Fields that the kernels use, of all records.
        place : str
            Expression for the record in its array.
        dtype : numpy.dtype
            The record's type.
        condition : str
            Expression without which a field reads 0.

        Returns
        -------
        list of str
        """
        loads = []
        for name in sorted(fields(dtype)):
            symbol, kind = Symbol(record, name), wide(dtype[name])
            # Widened at once: all arithmetic is in float64 and int64, as in the interpreter.
            if symbol in used:
                otherwise = f" if {condition} else {kind}(0)" if condition else ""
                loads.append(f"{symbol.identifier} = {kind}({place}['{name}']){otherwise}")
        return loads

    def stores(self, record: str, kernels: Kernels, place: str, dtype: np.dtype[Any]) -> list[str]:
        """Stores of the fields of one record that the kernels assigned.

        Parameters
        ----------
        record : str
            The kernels' name for the record.
        kernels : sequence
            Kernels with their mechanisms.
        place : str
            Expression for the record in its array.
        dtype : numpy.dtype
            The record's type.

        Returns
        -------
        list of str
        """
        assigned = {symbol for _, kernel in kernels for symbol in kernel.assigned if symbol.record == record}
        return [
            f"{place}['{symbol.field}'] = {narrow(dtype[symbol.field], symbol.identifier)}"
            for symbol in sorted(assigned)
            if symbol.field in fields(dtype)
        ]

    def totals(self, used: set[Symbol], expression: str) -> list[str]:
        """Loads of the sums that are used, in their own units; `expression` gives the stored sum of a `{slot}`.

        Parameters
        ----------
        used : set of Symbol
            Fields that the kernels use.
        expression : str
            The stored sum, with `{slot}` for its place.

        Returns
        -------
        list of str
        """
        loads = []
        for slot, total in enumerate(self.layout.sums):
            symbol, value = Symbol("total", total.name), expression.format(slot=slot)
            if symbol in used:
                # Multiplied by the reciprocal, as the interpreter does it: a division would differ in the last bit.
                scaled = value if total.scale == 1 else f"{value} * {1.0 / total.scale!r}"
                loads.append(f"{symbol.identifier} = {scaled}")
        return loads

    def _slot(self, mechanism: type[Component], symbol: Symbol) -> int:
        return self.layout.slots[mechanism.name, symbol.field]


def fields_used(kernels: Kernels) -> set[Symbol]:
    """Every field that the kernels are given.

    Parameters
    ----------
    kernels : sequence
        Kernels with their mechanisms.

    Returns
    -------
    set of Symbol
    """
    return {symbol for _, kernel in kernels for symbol in kernel.fields}


def indent(lines: Iterable[str], depth: int) -> list[str]:
    """The lines, so many steps further in.

    Parameters
    ----------
    lines : iterable of str
        Statements.
    depth : int
        Steps of four spaces.

    Returns
    -------
    list of str
    """
    return ["    " * depth + line for line in lines]


def _parameter(slot: int) -> str:
    return f"_p{slot}"
