"""Statements of the generated text as instructions, and whole functions."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from glasshouse.engine.backends.native.expressions import (
    Compiled,
    Expressions,
    returned_type,
    row_type,
)
from glasshouse.engine.backends.native.number import Number, whole_literal
from glasshouse.engine.backends.native.number_types import INT64, VOID, ArrayType, Type, llvm
from glasshouse.engine.backends.native.places import array_pointer, array_size, array_words
from glasshouse.engine.backends.native.type_inference import TypeInference
from glasshouse.errors import CompilationError

MAY_OVERLAP = frozenset({"_state", "_ahead"})
"""Arguments of functions called from Python whose arrays may be the same memory: an arm without a look-ahead arm reads itself.

All other arrays of a call lie apart, so that LLVM need not load anew what a store to another array cannot have changed.
"""


class Statements:
    """Lowers the statements of one function.

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
        self.name, self.types = name, types
        self.expressions = Expressions(name, types, tables, compiled)
        self.out = self.expressions.out
        # Where `continue` and `break` lead in each loop around the present statement.
        self._loops: list[tuple[str, str]] = []

    def body(self, nodes: Sequence[ast.stmt]) -> None:
        """Lower statements one after the other, as far as they can be reached.

        Parameters
        ----------
        nodes : sequence of ast.stmt
            The statements.

        Raises
        ------
        CompilationError
            At a statement that generated text does not have.
        """
        for node in nodes:
            if self.out.ended:
                return
            self._statement(node)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign):
            self._assign(node)
        elif isinstance(node, ast.AugAssign):
            self._change(node)
        elif isinstance(node, ast.If):
            self._if(node)
        elif isinstance(node, ast.While):
            self._while(node)
        elif isinstance(node, ast.For):
            self._for(node)
        elif isinstance(node, ast.Return):
            self._return(node)
        elif isinstance(node, ast.Break | ast.Continue):
            self.out.jump(self._loops[-1][isinstance(node, ast.Break)])
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self.expressions.called(node.value)
        elif not isinstance(node, ast.Pass | ast.Expr):
            raise CompilationError(f"{self.name}: `{ast.unparse(node)}` cannot be compiled.")

    def store(self, local: str, numbers: Sequence[Number]) -> None:
        """Give a local its value.

        Parameters
        ----------
        local : str
            The local.
        numbers : sequence of Number
            Its value: one number, or several in a row.
        """
        kind = self.types.types[local]
        assert not isinstance(kind, ArrayType)
        kinds = (kind,) if isinstance(kind, str) else kind
        for number, wanted, slot in zip(numbers, kinds, self.expressions.slots[local], strict=True):
            self.out.write(f"store {llvm(wanted)} {self.out.converted(number, wanted).text}, ptr {slot}")

    def _assign(self, node: ast.Assign) -> None:
        numbers = self.expressions.numbers(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.store(target.id, numbers)
            elif isinstance(target, ast.Tuple):
                for element, number in zip(target.elts, numbers, strict=True):
                    assert isinstance(element, ast.Name)
                    self.store(element.id, [number])
            elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
                self._clear(target)
            else:
                assert isinstance(target, ast.Subscript)
                pointer, kind, align = self.expressions.place(target)
                self.out.kept(numbers[0], pointer, kind, align)

    def _clear(self, target: ast.Subscript) -> None:
        """`array[:] = 0`, the only slice that is generated."""
        assert isinstance(target.value, ast.Name)
        name = target.value.id
        array = self.types.types[name]
        assert isinstance(array, ArrayType)
        size = str(array.dtype.itemsize)
        for k in range(array.dimensions):
            size = self.out.register(f"mul i64 {array_size(name, k)}, {size}")
        self.out.write(f"call void @llvm.memset.p0.i64(ptr {array_pointer(name)}, i8 0, i64 {size}, i1 false)")

    def _change(self, node: ast.AugAssign) -> None:
        """`a += b` and its kind."""
        if isinstance(node.target, ast.Name):
            read = ast.Name(node.target.id, ast.Load())
            self.store(node.target.id, [self.expressions.number(ast.BinOp(read, node.op, node.value))])
            return
        assert isinstance(node.target, ast.Subscript)
        pointer, kind, align = self.expressions.place(node.target)
        number = self.expressions.number(node.value)
        before = self.out.loaded(pointer, kind, align)
        joined = self.types.number(ast.BinOp(node.target, node.op, node.value))
        after = self.out.computed(type(node.op).__name__, before, number, joined)
        self.out.kept(after, pointer, kind, align)

    def _if(self, node: ast.If) -> None:
        out = self.out
        yes, no, end = out.label(), out.label(), out.label()
        out.branch(out.truth(self.expressions.number(node.test)), yes, no)
        reached = False
        for label, nodes in ((yes, node.body), (no, node.orelse)):
            out.begin(label)
            self.body(nodes)
            reached |= not out.ended
            out.jump(end)
        if reached:
            out.begin(end)

    def _while(self, node: ast.While) -> None:
        out = self.out
        top, turn, end = out.label(), out.label(), out.label()
        out.jump(top)
        out.begin(top)
        out.branch(out.truth(self.expressions.number(node.test)), turn, end)
        self._turn(turn, top, end, node.body)
        out.jump(top)
        out.begin(end)

    def _for(self, node: ast.For) -> None:
        """`for k in range(…)`, whose counter nothing else assigns."""
        assert isinstance(node.iter, ast.Call)
        assert isinstance(node.target, ast.Name)
        out, edges = self.out, [self.expressions.number(edge) for edge in node.iter.args]
        first = out.converted(edges[0], INT64) if len(edges) > 1 else whole_literal(0)
        stop = out.converted(edges[-1], INT64)
        top, turn, further, end = out.label(), out.label(), out.label(), out.label()
        counter = out.slot(INT64)
        out.write(f"store i64 {first.text}, ptr {counter}")
        out.jump(top)
        out.begin(top)
        at = out.value(INT64, f"load i64, ptr {counter}")
        out.branch(out.compared("Lt", at, stop), turn, end)
        out.begin(turn)
        self.store(node.target.id, [at])
        self._turn(None, further, end, node.body)
        out.jump(further)
        out.begin(further)
        out.write(f"store i64 {out.register(f'add nsw i64 {at.text}, 1')}, ptr {counter}")
        out.jump(top)
        out.begin(end)

    def _turn(self, label: str | None, further: str, end: str, nodes: Sequence[ast.stmt]) -> None:
        """One turn of a loop."""
        if label is not None:
            self.out.begin(label)
        self._loops.append((further, end))
        self.body(nodes)
        self._loops.pop()

    def _return(self, node: ast.Return) -> None:
        out, result = self.out, self.types.result
        if node.value is None:
            out.write("ret void")
        elif isinstance(result, tuple):
            row, text = row_type(result), "poison"
            for k, (number, kind) in enumerate(zip(self.expressions.numbers(node.value), result, strict=True)):
                found = out.converted(number, kind)
                text = out.register(f"insertvalue {row} {text}, {llvm(kind)} {found.text}, {k}")
            out.write(f"ret {row} {text}")
        else:
            assert isinstance(result, str)
            number = out.converted(self.expressions.number(node.value), result)
            out.write(f"ret {llvm(result)} {number.text}")
        out.ended = True


def function_text(
    function: ast.FunctionDef,
    symbol: str,
    arguments: Mapping[str, Type],
    lowered: Statements,
    *,
    outer: bool,
) -> str:
    """A whole function in LLVM's intermediate representation.

    Parameters
    ----------
    function : ast.FunctionDef
        The function.
    symbol : str
        Its name there.
    arguments : mapping of str to Type
        The types of its arguments, by name.
    lowered : Statements
        Lowers its statements.
    outer : bool
        Whether it is called from Python; others become part of what calls them.

    Returns
    -------
    str
    """
    out, words = lowered.out, []
    for name, kind in arguments.items():
        if isinstance(kind, ArrayType):
            words += array_words(name, kind, alone=outer and name not in MAY_OVERLAP)
        else:
            assert isinstance(kind, str)
            words.append(f"{llvm(kind)} %{name}.in")
            lowered.store(name, [Number(kind, f"%{name}.in")])
    lowered.body(function.body)
    if not out.ended:
        # The grammar holds that a function which returns something does so on every way.
        out.write("ret void" if lowered.types.result == VOID else "unreachable")
    head = f"define {'' if outer else 'internal '}{returned_type(lowered.types.result)} @{symbol}"
    attributes = "nounwind" if outer else "alwaysinline nounwind"
    lines = [f"{head}({', '.join(words)}) {attributes} {{", "entry:", *out.slots, *out.lines, "}"]
    return "\n".join(lines)
