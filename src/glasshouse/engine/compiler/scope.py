"""What the parts of one kernel's translation share: its names, its symbol table, and what it was found to use."""

import ast
import operator
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from glasshouse.engine.compiler import grammar
from glasshouse.engine.compiler.symbols import CompiledFunction, Symbol, SymbolTable, identifier
from glasshouse.errors import CompilationError

COMPARISONS: Mapping[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class Scope:
    """One kernel or helper while it is translated.

    Parameters
    ----------
    table : SymbolTable
        What it may name.
    names : mapping
        The globals of the module in which it is defined.
    tree : ast.FunctionDef
        Its definition, without docstring.
    result : CompiledFunction
        Collects what it uses.
    """

    def __init__(
        self, table: SymbolTable, names: Mapping[str, Any], tree: ast.FunctionDef, result: CompiledFunction
    ) -> None:
        self.table, self.names, self.result, self.tree = table, names, result, tree
        given = {argument.arg for argument in tree.args.args}
        self.is_helper = not table.takes
        # A helper's arguments are numbers, a kernel's are records, crowds and verbs, which only their own syntax can use.
        self.arguments: frozenset[str] = frozenset() if self.is_helper else frozenset(given)
        self.locals = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.readable = self.locals | (given if self.is_helper else set())
        self.while_depth = 0
        self.needs_counts = False
        """Whether the statement at hand reads a count of signals, which then must be known before it."""

    def error(self, node: ast.AST, text: str) -> CompilationError:
        """The error for a place in the kernel.

        Parameters
        ----------
        node : ast.AST
            The place.
        text : str
            What is wrong and what is expected.

        Returns
        -------
        CompilationError
        """
        return CompilationError(f"{self.table.label}, line {getattr(node, 'lineno', '?')}: {text}")

    def parse(self, text: str, place: ast.AST) -> list[ast.stmt]:
        """Statements from text that stand for the code at `place`, so that errors in them name its line.

        Parameters
        ----------
        text : str
            Source of the statements.
        place : ast.AST
            The code that they replace.

        Returns
        -------
        list of ast.stmt
        """
        statements = ast.parse(text).body
        for statement in statements:
            for node in ast.walk(statement):
                ast.copy_location(node, place)
        return statements

    def expression(self, text: str, place: ast.AST) -> ast.expr:
        """An expression from text that stands for the code at `place`.

        Parameters
        ----------
        text : str
            Source of the expression.
        place : ast.AST
            The code that it replaces.

        Returns
        -------
        ast.expr
        """
        statement = self.parse(text, place)[0]
        assert isinstance(statement, ast.Expr)
        return statement.value

    def helper(self, function: Callable[..., Any]) -> str:
        """The name that a helper function has in the generated file, noted among what the kernel needs.

        Parameters
        ----------
        function : function
            A plain function of numbers.

        Returns
        -------
        str
        """
        name = identifier(f"{function.__module__}.{function.__qualname__}")
        assert isinstance(function, FunctionType)
        self.result.helpers[name] = function
        return name

    def known(self, record: str) -> frozenset[str]:
        """Fields that the kernel can read of a record; none where it did not ask for the record.

        Parameters
        ----------
        record : str
            An argument of kernels.

        Returns
        -------
        frozenset of str
        """
        return self.table.known.get(record, frozenset()) if record in self.arguments else frozenset()

    def takes(self) -> str:
        """List the arguments that the kernel may ask for, for messages.

        Returns
        -------
        str
            Their names in alphabetical order with commas between them.
        """
        return ", ".join(sorted(self.table.takes)) or "nothing but its own arguments"

    def variable(self, symbol: Symbol, place: ast.AST) -> ast.expr:
        """The variable of a field, noted among what the function is given.

        Parameters
        ----------
        symbol : Symbol
            The field.
        place : ast.AST
            The code that names it.

        Returns
        -------
        ast.expr
        """
        self.result.fields.add(symbol)
        return ast.copy_location(ast.Name(symbol.identifier, ast.Load()), place)

    def integer(self, node: ast.expr) -> int | None:
        """The value of a whole-number expression of constants, or None.

        Parameters
        ----------
        node : ast.expr
            The expression.

        Returns
        -------
        int or None
        """
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return int(node.value)
        # A local hides a global of the same name, also before it is assigned.
        if isinstance(node, ast.Name) and node.id not in self.readable and isinstance(self.names.get(node.id), int):
            return int(self.names[node.id])
        if isinstance(node, ast.Subscript):
            element = self.element(node)
            return int(element) if isinstance(element, int) else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.integer(node.operand)
            return None if inner is None else -inner
        if isinstance(node, ast.BinOp):
            left, right = self.integer(node.left), self.integer(node.right)
            if left is not None and right is not None:
                operation = {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}
                return operation.get(type(node.op))
        return None

    def truth(self, node: ast.expr) -> bool | None:
        """What a comparison of two constants comes to, or None for any other test.

        Parameters
        ----------
        node : ast.expr
            The test.

        Returns
        -------
        bool or None
        """
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        left, right = self.integer(node.left), self.integer(node.comparators[0])
        compare = COMPARISONS.get(type(node.ops[0]))
        return None if left is None or right is None or compare is None else compare(left, right)

    def sequence(self, node: ast.expr) -> tuple[Any, ...] | None:
        """The global tuple that a name stands for, or None.

        Parameters
        ----------
        node : ast.expr
            The name.

        Returns
        -------
        tuple or None
        """
        if not isinstance(node, ast.Name) or node.id in self.readable:
            return None
        value = self.names.get(node.id)
        return value if isinstance(value, tuple) else None

    def element(self, node: ast.Subscript) -> Any:
        """The element of a global tuple at a constant index, or None where it is something else.

        Parameters
        ----------
        node : ast.Subscript
            The expression.

        Returns
        -------
        object
            The element, or None.

        Raises
        ------
        CompilationError
            If the index is beyond the end.
        """
        sequence, index = self.sequence(node.value), self.integer(node.slice)
        if sequence is None or index is None:
            return None
        if not -len(sequence) <= index < len(sequence):
            raise self.error(node, f"{ast.unparse(node)}: the tuple has {len(sequence)} elements.")
        return sequence[index]

    def number(self, value: float, node: ast.expr) -> ast.expr:
        """A global number as a literal.

        Parameters
        ----------
        value : float
            The number.
        node : ast.expr
            The code that names it.

        Returns
        -------
        ast.expr
        """
        # NumPy's numbers print differently from one version to another; the text of the file must not.
        plain = value if isinstance(value, bool) else int(value) if isinstance(value, int) else float(value)
        constant = ast.copy_location(ast.Constant(plain), node)
        grammar.literal(constant, self.error)
        return constant
