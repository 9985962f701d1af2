"""Expressions of the generated text as instructions."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from glasshouse.engine.backends.native.number import Number, constant
from glasshouse.engine.backends.native.number_types import (
    BOOL,
    FLOAT64,
    INT64,
    VOID,
    ArrayType,
    Type,
    llvm,
)
from glasshouse.engine.backends.native.places import Places, array_size, array_words
from glasshouse.engine.backends.native.type_inference import TypeInference, literal, position
from glasshouse.errors import CompilationError

Compiled = Callable[[str, tuple[Type, ...]], tuple[str, Type]]
"""Gives the symbol of a function for arguments of some types, and what it returns."""


class Expressions(Places):
    """Lowers the expressions of one function.

    Parameters
    ----------
    name : str
        The function.
    types : TypeInference
        The types of its locals.
    tables : mapping of str to array
        Constant tables that it may read.
    compiled : callable
        Gives the functions that it calls.
    """

    def __init__(self, name: str, types: TypeInference, tables: Mapping[str, NDArray[Any]], compiled: Compiled) -> None:
        super().__init__(name, types, tables)
        self._compiled = compiled

    def number(self, node: ast.expr) -> Number:
        """Lower an expression that is one number.

        Parameters
        ----------
        node : ast.expr
            The expression.

        Returns
        -------
        Number

        Raises
        ------
        CompilationError
            If it is none.
        """
        if isinstance(node, ast.Constant):
            return constant(literal(node), self.types.number(node))
        if isinstance(node, ast.Name):
            kind = self.types.number(node)
            return self.out.value(kind, f"load {llvm(kind)}, ptr {self.slots[node.id][0]}")
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.UnaryOp):
            return self._unary(node)
        if isinstance(node, ast.BoolOp):
            return self._one_after_the_other(node)
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.IfExp):
            return self._either(node)
        if isinstance(node, ast.Subscript):
            return self._element(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        raise CompilationError(f"{self.name}: `{ast.unparse(node)}` is not one number.")

    def numbers(self, node: ast.expr) -> tuple[Number, ...]:
        """Lower an expression that is one number or several in a row.

        Parameters
        ----------
        node : ast.expr
            The expression.

        Returns
        -------
        tuple of Number
        """
        kinds = self.types.of(node)
        if isinstance(kinds, str):
            return (self.number(node),)
        if isinstance(node, ast.Tuple):
            return tuple(self.number(element) for element in node.elts)
        if isinstance(node, ast.Name) and isinstance(kinds, tuple):
            slots = zip(kinds, self.slots[node.id], strict=True)
            return tuple(self.out.value(kind, f"load {llvm(kind)}, ptr {slot}") for kind, slot in slots)
        if isinstance(node, ast.Call) and isinstance(kinds, tuple):
            whole, row = self.called(node), row_type(kinds)
            return tuple(self.out.value(kind, f"extractvalue {row} {whole}, {k}") for k, kind in enumerate(kinds))
        raise CompilationError(f"{self.name}: `{ast.unparse(node)}` is not made of numbers.")

    def called(self, node: ast.Call) -> str:
        """Lower the call of another function of the text.

        Parameters
        ----------
        node : ast.Call
            The call.

        Returns
        -------
        str
            Register of what it returns; empty if it returns nothing.
        """
        assert isinstance(node.func, ast.Name)
        given = [(argument, self.types.of(argument)) for argument in node.args]
        symbol, result = self._compiled(node.func.id, tuple(kind for _, kind in given))
        words = []
        for argument, kind in given:
            if isinstance(kind, ArrayType):
                assert isinstance(argument, ast.Name)
                words += array_words(argument.id, kind)
            else:
                number = self.number(argument)
                words.append(f"{llvm(number.kind)} {number.text}")
        text = f"call {returned_type(result)} @{symbol}({', '.join(words)})"
        if result == VOID:
            self.out.write(text)
            return ""
        return self.out.register(text)

    def _element(self, node: ast.Subscript) -> Number:
        """An element of an array or a row, a field of a record, or a size of an array."""
        if isinstance(node.value, ast.Attribute):
            assert isinstance(node.value.value, ast.Name)
            return Number(INT64, array_size(node.value.value.id, position(node.slice)))
        if isinstance(node.value, ast.Name | ast.Call) and isinstance(self.types.of(node.value), tuple):
            return self.numbers(node.value)[position(node.slice)]
        return self.out.loaded(*self.place(node))

    def _binary(self, node: ast.BinOp) -> Number:
        if isinstance(node.op, ast.Pow):
            # Only of literals, as in 2.0**-32.
            return constant(float(ast.literal_eval(node.left)) ** ast.literal_eval(node.right), FLOAT64)
        left, right = self.number(node.left), self.number(node.right)
        return self.out.computed(type(node.op).__name__, left, right, self.types.number(node))

    def _unary(self, node: ast.UnaryOp) -> Number:
        kind = self.types.number(node)
        if isinstance(node.op, ast.Not):
            return self.out.value(BOOL, f"xor i1 {self.out.truth(self.number(node.operand)).text}, true")
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return constant(-literal(node.operand), kind)
        number = self.out.converted(self.number(node.operand), kind)
        if isinstance(node.op, ast.UAdd):
            return number
        if isinstance(node.op, ast.Invert):
            return self.out.value(kind, f"xor {llvm(kind)} {number.text}, -1")
        if kind == FLOAT64:
            return self.out.value(kind, f"fneg double {number.text}")
        return self.out.value(kind, f"sub {llvm(kind)} 0, {number.text}")

    def _one_after_the_other(self, node: ast.BoolOp) -> Number:
        """`and` or `or`: the first value that decides, or the last; what follows is not computed."""
        out, kind, end = self.out, self.types.number(node), self.out.label()
        ways = []
        for place, operand in enumerate(node.values):
            number = self.number(operand)
            decides = out.truth(number)
            ways.append((out.converted(number, kind), out.block))
            if place == len(node.values) - 1:
                out.jump(end)
            else:
                further = out.label()
                yes, no = (further, end) if isinstance(node.op, ast.And) else (end, further)
                out.branch(decides, yes, no)
                out.begin(further)
        return self._met(kind, end, ways)

    def _either(self, node: ast.IfExp) -> Number:
        """`a if test else b`; the other of the two is not computed."""
        out, kind = self.out, self.types.number(node)
        yes, no, end = out.label(), out.label(), out.label()
        out.branch(out.truth(self.number(node.test)), yes, no)
        ways = []
        for label, operand in ((yes, node.body), (no, node.orelse)):
            out.begin(label)
            ways.append((out.converted(self.number(operand), kind), out.block))
            out.jump(end)
        return self._met(kind, end, ways)

    def _met(self, kind: str, end: str, ways: list[tuple[Number, str]]) -> Number:
        """The value with which one of several ways comes to a label."""
        self.out.begin(end)
        text = ", ".join(f"[{number.text}, %{block}]" for number, block in ways)
        return self.out.value(kind, f"phi {llvm(kind)} {text}")

    def _compare(self, node: ast.Compare) -> Number:
        left = self.number(node.left)
        found: Number | None = None
        for operator, operand in zip(node.ops, node.comparators, strict=True):
            right = self.number(operand)
            test = self.out.compared(type(operator).__name__, left, right)
            found = test if found is None else self.out.value(BOOL, f"and i1 {found.text}, {test.text}")
            left = right
        assert found is not None
        return found

    def _call(self, node: ast.Call) -> Number:
        out, kind = self.out, self.types.number(node)
        if isinstance(node.func, ast.Attribute) or (
            isinstance(node.func, ast.Name) and node.func.id in ("int", "float", "bool")
        ):
            return out.converted(self.number(node.args[0]), kind)
        assert isinstance(node.func, ast.Name)
        if node.func.id in ("min", "max"):
            numbers = [out.converted(self.number(argument), kind) for argument in node.args]
            # The first of equals, as in Python, which matters for zeros of different sign.
            best = numbers[0]
            for number in numbers[1:]:
                nearer = out.compared("Lt" if node.func.id == "min" else "Gt", number, best)
                best = out.chosen(nearer, number, best)
            return best
        if node.func.id == "abs":
            number = out.converted(self.number(node.args[0]), kind)
            if kind == FLOAT64:
                return out.value(kind, f"call double @llvm.fabs.f64(double {number.text})")
            opposite = out.value(kind, f"sub {llvm(kind)} 0, {number.text}")
            return out.chosen(out.compared("Lt", number, Number(kind, "0")), opposite, number)
        return Number(kind, self.called(node))


def row_type(kinds: tuple[str, ...]) -> str:
    """LLVM's name of several numbers in a row.

    Parameters
    ----------
    kinds : tuple of str
        Their types.

    Returns
    -------
    str
    """
    return "{" + ", ".join(map(llvm, kinds)) + "}"


def returned_type(kind: Type) -> str:
    """LLVM's name of what a function returns.

    Parameters
    ----------
    kind : Type
        A number, several in a row, or nothing.

    Returns
    -------
    str
    """
    assert not isinstance(kind, ArrayType)
    return llvm(kind) if isinstance(kind, str) else row_type(kind)
