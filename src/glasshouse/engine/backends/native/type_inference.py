"""The type of every local of a function, from the types of its arguments.

A local has one type throughout: the one that holds all values that are assigned to it. Where whole numbers and fractions are
assigned to the same local, it holds fractions, in which whole numbers below 2^53 are exact.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from glasshouse.engine.backends.native.number_types import (
    BOOL,
    FLOAT64,
    INT64,
    UINT64,
    VOID,
    ArrayType,
    Type,
    arithmetic,
    is_float,
    union,
)
from glasshouse.errors import CompilationError

BITWISE = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift)
"""Operators that only whole numbers have."""

Returned = Callable[[str, tuple[Type, ...]], Type]
"""Gives the type that a function returns for arguments of some types."""


class TypeInference:
    """Infers the types of one function.

    Parameters
    ----------
    function : ast.FunctionDef
        The function.
    arguments : sequence of Type
        The types of its arguments.
    tables : mapping of str to array
        Constant tables that it may read.
    returned : callable
        Gives the types that the functions return that it calls.

    Attributes
    ----------
    types : dict of str to Type
        The type of each local, arguments included.
    result : Type
        What it returns.

    Raises
    ------
    CompilationError
        Where types do not go together.
    """

    def __init__(
        self,
        function: ast.FunctionDef,
        arguments: Sequence[Type],
        tables: Mapping[str, NDArray[Any]],
        returned: Returned,
    ) -> None:
        self._name, self._returned = function.name, returned
        self._tables: dict[str, Type] = {name: ArrayType(1, table.dtype) for name, table in tables.items()}
        names = (argument.arg for argument in function.args.args)
        self.types: dict[str, Type] = dict(zip(names, arguments, strict=True))
        result: Type | None = None
        while True:
            # Assignments in a loop may widen a type that was read above them, so that one reading is not enough.
            before = dict(self.types), result
            for node in _statements(function.body):
                result = union(result, self._statement(node))
            if before == (self.types, result):
                break
        self.result: Type = VOID if result is None else result

    def of(self, node: ast.expr) -> Type:
        """The type of an expression.

        Parameters
        ----------
        node : ast.expr
            The expression.

        Returns
        -------
        Type

        Raises
        ------
        CompilationError
            If it reads what has no type, or joins what does not go together.
        """
        found = self._expression(node)
        if found is None:
            raise CompilationError(f"{self._name}: `{ast.unparse(node)}` reads a local that has no value.")
        return found

    def number(self, node: ast.expr) -> str:
        """The type of an expression that is one number.

        Parameters
        ----------
        node : ast.expr
            The expression.

        Returns
        -------
        str

        Raises
        ------
        CompilationError
            If it is none.
        """
        found = self.of(node)
        if not isinstance(found, str) or found == VOID:
            raise CompilationError(f"{self._name}: `{ast.unparse(node)}` is not one number.")
        return found

    def _statement(self, node: ast.stmt) -> Type | None:
        """Notes what is assigned; the type that a `return` gives back."""
        if isinstance(node, ast.Assign):
            value = self._expression(node.value)
            for target in node.targets:
                self._assign(target, value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            read = ast.Name(node.target.id, ast.Load())
            self._assign(node.target, self._expression(ast.BinOp(read, node.op, node.value)))
        elif isinstance(node, ast.For):
            self._assign(node.target, INT64)
        elif isinstance(node, ast.Return):
            return VOID if node.value is None else self._expression(node.value)
        return None

    def _assign(self, target: ast.expr, value: Type | None) -> None:
        if isinstance(target, ast.Name) and value is not None:
            try:
                kind = union(self.types.get(target.id), value)
            except CompilationError as error:
                raise CompilationError(f"{self._name}: {target.id} takes values of two kinds ({error}).") from None
            assert kind is not None
            self.types[target.id] = kind
        elif isinstance(target, ast.Tuple) and isinstance(value, tuple):
            for element, kind in zip(target.elts, value, strict=True):
                self._assign(element, kind)

    def _expression(self, node: ast.expr) -> Type | None:
        """The type of an expression; None while something that it reads has none yet."""
        if isinstance(node, ast.Constant):
            return _constant(literal(node))
        if isinstance(node, ast.Name):
            return self.types.get(node.id, self._tables.get(node.id))
        if isinstance(node, ast.Compare):
            return BOOL
        if isinstance(node, ast.UnaryOp):
            return self._unary(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        inner = [self._expression(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if None in inner:
            return None
        if isinstance(node, ast.Tuple):
            return tuple(map(str, inner))
        try:
            if isinstance(node, ast.BinOp):
                return self._binary(node, *map(str, inner))
            # Of `a if test else b`, the test comes first and decides nothing here.
            return _widest(inner[1:] if isinstance(node, ast.IfExp) else inner)
        except CompilationError as error:
            raise CompilationError(f"{self._name}: `{ast.unparse(node)}`: {error}.") from None

    def _binary(self, node: ast.BinOp, left: str, right: str) -> Type:
        if isinstance(node.op, ast.Div | ast.Pow):
            return FLOAT64
        if isinstance(node.op, BITWISE):
            if is_float(left) or is_float(right):
                raise CompilationError(f"{type(node.op).__name__} needs whole numbers; write int(…)")
            if left == right == BOOL and not isinstance(node.op, ast.LShift | ast.RShift):
                return BOOL
        return arithmetic(left, right)

    def _unary(self, node: ast.UnaryOp) -> Type | None:
        if isinstance(node.op, ast.Not):
            return BOOL
        # -9223372036854775808 fits 64 bits with sign, though its digits alone do not.
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return _constant(-literal(node.operand))
        found = self._expression(node.operand)
        return INT64 if found == BOOL else found

    def _subscript(self, node: ast.Subscript) -> Type | None:
        # The shape of an array, then the field of a record.
        if isinstance(node.value, ast.Attribute):
            return INT64
        if isinstance(node.value, ast.Subscript):
            records = self._expression(node.value.value)
            assert isinstance(records, ArrayType)
            return records.field(ast.literal_eval(node.slice))[0]
        found = self._expression(node.value)
        if isinstance(found, tuple):
            return found[position(node.slice)]
        return found.element if isinstance(found, ArrayType) else None

    def _call(self, node: ast.Call) -> Type | None:
        # np.uint64(…) and its kind.
        if isinstance(node.func, ast.Attribute):
            return str(node.func.attr)
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if name in ("float", "bool"):
            return FLOAT64 if name == "float" else BOOL
        given = [self._expression(argument) for argument in node.args]
        if None in given:
            return None
        if name in ("min", "max", "abs"):
            found = _widest(given)
            return INT64 if name == "abs" and found == BOOL else found
        if name == "int":
            return UINT64 if given == [UINT64] else INT64
        return self._returned(name, tuple(kind for kind in given if kind is not None))


def literal(node: ast.Constant) -> float:
    """The value of a literal.

    Parameters
    ----------
    node : ast.Constant
        The literal.

    Returns
    -------
    bool, int or float
    """
    assert isinstance(node.value, bool | int | float)
    return node.value


def position(node: ast.expr) -> int:
    """The value of an index that is a literal.

    Parameters
    ----------
    node : ast.expr
        The index.

    Returns
    -------
    int
    """
    return int(ast.literal_eval(node))


def _constant(value: float) -> str:
    if isinstance(value, bool | float):
        return BOOL if isinstance(value, bool) else FLOAT64
    return INT64 if value < 2**63 else UINT64


def _widest(kinds: Sequence[Type | None]) -> Type | None:
    found: Type | None = None
    for kind in kinds:
        found = union(found, kind)
    return found


def _statements(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements of a body and of the bodies in it, in the order of the text."""
    found: list[ast.stmt] = []
    for node in body:
        found.append(node)
        for inner in ("body", "orelse"):
            found += _statements(getattr(node, inner, []))
    return found
