"""A generated text as a program in LLVM's intermediate representation."""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.backends.native.number import constant
from glasshouse.engine.backends.native.number_types import FLOAT64, INT64, Type, stored
from glasshouse.engine.backends.native.statements import Statements, function_text
from glasshouse.engine.backends.native.type_inference import TypeInference

DECLARATIONS = """declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare double @llvm.fabs.f64(double)"""
"""What LLVM itself provides."""


class Program:
    """Lowers the functions of a generated text for the types with which they are called.

    Parameters
    ----------
    text : str
        The text: tables, functions marked `@inline`, and functions marked `@outer`, which are called from Python.
    """

    def __init__(self, text: str) -> None:
        nodes = ast.parse(text).body
        self.functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
        self.tables: dict[str, NDArray[Any]] = {}
        for node in nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                target, (values, kind) = node.targets[0], node.value.args
                assert isinstance(target, ast.Name)
                # `np.float64`, `np.int64` or `bool`.
                self.tables[target.id] = np.array(ast.literal_eval(values), ast.unparse(kind).removeprefix("np."))
        self._done: dict[tuple[str, tuple[Type, ...]], tuple[str, TypeInference]] = {}
        self._lowered: list[str] = []

    def lower(self, loops: Mapping[str, tuple[Type, ...]]) -> str:
        """The program that has some functions to be called from Python, and all that these call.

        Parameters
        ----------
        loops : mapping of str to tuple of Type
            The functions and the types of their arguments.

        Returns
        -------
        str
            LLVM's intermediate representation.

        Raises
        ------
        CompilationError
            Where types do not go together, or something is written that generated text does not have.
        """
        for name, arguments in loops.items():
            self._compiled(name, arguments, outer=True)
        return "\n\n".join([DECLARATIONS, *map(_table, self.tables, self.tables.values()), *self._lowered])

    def _inferred(self, name: str, arguments: tuple[Type, ...], *, outer: bool = False) -> tuple[str, TypeInference]:
        """The symbol of a function and its types, which are inferred once for each kind of arguments."""
        key = name, arguments
        if key not in self._done:
            symbol = name if outer else f"{name}.{len(self._done)}"
            types = TypeInference(self.functions[name], arguments, self.tables, self._returned)
            self._done[key] = symbol, types
            names = (argument.arg for argument in self.functions[name].args.args)
            lowered = Statements(name, types, self.tables, self._compiled)
            given = dict(zip(names, arguments, strict=True))
            self._lowered.append(function_text(self.functions[name], symbol, given, lowered, outer=outer))
        return self._done[key]

    def _returned(self, name: str, arguments: tuple[Type, ...]) -> Type:
        return self._inferred(name, arguments)[1].result

    def _compiled(self, name: str, arguments: tuple[Type, ...], *, outer: bool = False) -> tuple[str, Type]:
        symbol, types = self._inferred(name, arguments, outer=outer)
        return symbol, types.result


def _table(name: str, table: NDArray[Any]) -> str:
    """A constant table."""
    kind = stored(table.dtype.name)
    number = FLOAT64 if table.dtype == np.float64 else INT64
    values = ", ".join(f"{kind} {constant(value, number).text}" for value in (table + 0).tolist())
    return f"@{name} = private unnamed_addr constant [{len(table)} x {kind}] [{values}]"
