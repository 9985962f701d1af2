"""Rewrites the statements of one kernel or helper: records become variables, verbs become stores and calls.

Everything here works on syntax trees; nothing is run. `FieldAccess` translates records and `VerbTranslator` verbs; what the
kernel reads, assigns and depends on is noted in the `CompiledFunction` of its `Scope`.
"""

import ast
import copy
from types import FunctionType
from typing import cast

import numpy as np

from glasshouse.engine.compiler import grammar
from glasshouse.engine.compiler.field_access import FieldAccess
from glasshouse.engine.compiler.scope import Scope
from glasshouse.engine.compiler.symbols import ARGUMENTS, BUILTINS, CONTACT_ARRAYS, COUNTED, CROWDS, Symbol, identifier
from glasshouse.engine.compiler.verbs import VerbTranslator

MAX_UNROLLED = 256
"""Times that a loop over constants may be unrolled: more would only make long machine code."""


class KernelTransformer(ast.NodeTransformer):
    """Translates the body of one kernel or helper.

    Parameters
    ----------
    scope : Scope
        The kernel; its `result` collects what the translation uses.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._field_access = FieldAccess(scope, self.visit)
        self._verbs = VerbTranslator(scope, self.visit)
        self._temporaries = 0
        self._counts = [
            Symbol(c, s) for c in sorted(CROWDS) for s in sorted(scope.table.known.get(c, ())) if s != "number"
        ]

    def body(self) -> list[ast.stmt]:
        """Rewrite all statements, after a check that each is within the grammar.

        Returns
        -------
        list of ast.stmt
            The rewritten statements.
        """
        scope = self.scope
        grammar.syntax(scope.tree, BUILTINS | scope.arguments, scope.error)
        body = [statement for old in scope.tree.body for statement in self._statements(old)]
        if scope.result.counts_contacts:
            # One count gives all signals of both crowds, and later kernels of the week need no other.
            scope.result.fields |= set(self._counts)
            scope.result.assigned |= set(self._counts)
            scope.result.loop_variables.add(COUNTED)
        return body

    def _statements(self, node: ast.stmt) -> list[ast.stmt]:
        """One statement rewritten, with the count of signals before it where it reads one."""
        scope = self.scope
        # Only the outermost part of a compound statement is counted for here: its body counts for itself.
        outer, scope.needs_counts = scope.needs_counts, False
        match node:
            case ast.For():
                result = self._unrolled(node)
            case ast.If() if (taken := scope.truth(node.test)) is not None:
                # Known before the run, as in the turn of an unrolled loop: what is not taken is not compiled.
                result = [new for old in (node.body if taken else node.orelse) for new in self._statements(old)]
            case ast.If() | ast.While():
                result = [self._compound(node)]
            case ast.Expr(value=ast.Call()):
                result = self._verbs.statement(self._verbs.verb(node.value), node.value)
            case ast.Assign() | ast.AugAssign():
                result = self._assignment(node)
            case _:
                result = [self.visit(node)]
        needed, scope.needs_counts = scope.needs_counts, outer
        return [*self._count(node), *result] if needed else result

    def _count(self, place: ast.stmt) -> list[ast.stmt]:
        """Counts the signals of the citizen's contacts unless that has been done: most citizens never need it."""
        names = ", ".join(symbol.identifier for symbol in self._counts)
        text = f"if not {COUNTED}:\n    ({names},) = _count_signals({', '.join(CONTACT_ARRAYS)})\n    {COUNTED} = True"
        return self.scope.parse(text, place)

    def _compound(self, node: ast.If | ast.While) -> ast.stmt:
        """An `if` or a `while` with its bodies rewritten."""
        scope = self.scope
        test = self.visit(node.test)
        needed = scope.needs_counts
        # `send` has room for one letter a citizen, so it must not stand in a loop.
        scope.while_depth += isinstance(node, ast.While)
        # A body can vanish when a loop of no turns is unrolled in it.
        body = [new for old in node.body for new in self._statements(old)] or [ast.Pass()]
        orelse = [new for old in node.orelse for new in self._statements(old)]
        scope.while_depth -= isinstance(node, ast.While)
        scope.needs_counts = needed
        result = ast.If(test, body, orelse) if isinstance(node, ast.If) else ast.While(test, body, [])
        return ast.copy_location(result, node)

    def _unrolled(self, node: ast.For) -> list[ast.stmt]:
        """A loop over constants as its body once for each, so that vectors become scalars."""
        scope, bounds = self.scope, None
        if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name) and node.iter.func.id == "range":
            bounds = [scope.integer(argument) for argument in node.iter.args]
        plain = isinstance(node.target, ast.Name) and bounds is not None and 1 <= len(bounds) <= 3
        if not plain or bounds is None or None in bounds or bounds[2:] == [0]:
            raise scope.error(node, "a `for` runs over range(constant) only, so that it can be unrolled. Use `while`.")
        # Without the loop there is nothing that they could leave.
        if any(grammar.leaves(statement) for statement in node.body):
            raise scope.error(node, "an unrolled `for` cannot break or continue. Use `if` or `while`.")
        values = range(*[bound for bound in bounds if bound is not None])
        if len(values) > MAX_UNROLLED:
            text = f"a `for` of {len(values)} turns is too long to unroll ({MAX_UNROLLED} at most). Use `while`."
            raise scope.error(node, text)
        name = node.target.id if isinstance(node.target, ast.Name) else ""
        result: list[ast.stmt] = []
        for value in values:
            for statement in node.body:
                result += self._statements(grammar.Substitute(name, value).visit(copy.deepcopy(statement)))
        return result

    def _assignment(self, node: ast.Assign | ast.AugAssign) -> list[ast.stmt]:
        """An assignment; what goes to a whole-number or yes-no field is narrowed to it at once."""
        if isinstance(node, ast.AugAssign):
            # `me.level += x` becomes `me.level = me.level + x`: one way to narrow serves both.
            read = copy.deepcopy(node.target)
            read.ctx = ast.Load()
            sum_of = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
            node = ast.copy_location(ast.Assign([node.target], sum_of), node)
        value = self.visit(node.value)
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            return [self._field_access.store(node.targets[0], value)]
        stores: list[ast.stmt] = []
        targets = [self._target(target, stores) for target in node.targets]
        return [ast.copy_location(ast.Assign(targets, value), node), *stores]

    def _target(self, node: ast.expr, stores: list[ast.stmt]) -> ast.expr:
        """A target of an assignment of several; fields take their values from names in statements added to `stores`."""
        result: ast.expr = node
        if isinstance(node, ast.Tuple):
            result = ast.Tuple([self._target(element, stores) for element in node.elts], ast.Store())
        elif not isinstance(node, ast.Name):
            self._temporaries += 1
            result = ast.Name(f"_new{self._temporaries}", ast.Store())
            stores.append(self._field_access.store(node, ast.Name(result.id, ast.Load())))
        return ast.copy_location(result, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._field_access.load(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        scope = self.scope
        choice = self._field_access.choice(node)
        if choice is not None:
            return choice
        if isinstance(node.value, ast.Attribute):
            return self._field_access.load(node)
        element = scope.element(node)
        if isinstance(element, bool | int | float):
            return scope.number(element, node)
        node.value = self.visit(node.value)
        table = scope.result.tables.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if table is None:
            raise scope.error(node, f"{ast.unparse(node)}: only vectors, tables and tuples of numbers have elements.")
        # Python counts negative indices from the end, compiled code does not wrap them here.
        index = scope.integer(node.slice)
        if index is not None and not 0 <= index < len(table):
            raise scope.error(node, f"{ast.unparse(node)}: the table has {len(table)} elements, counted from 0.")
        node.slice = self.visit(node.slice)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        taken = self.scope.truth(node.test)
        if taken is not None:
            return cast(ast.expr, self.visit(node.body if taken else node.orelse))
        return cast(ast.expr, self.generic_visit(node))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        left, bar = node.left, node.comparators[0]
        drawn = isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id == "_draw"
        if not drawn or len(node.ops) > 1 or not isinstance(bar, ast.Name):
            return node
        # Draws are at least 0, and none depends on another, so what is below no draw needs none.
        if isinstance(node.ops[0], ast.Lt):
            return self.scope.expression(f"{bar.id} > 0.0 and {ast.unparse(node)}", node)
        if isinstance(node.ops[0], ast.GtE):
            return self.scope.expression(f"{bar.id} <= 0.0 or {ast.unparse(node)}", node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        scope, verb = self.scope, self._verbs.verb(node)
        if verb:
            return self._verbs.expression(verb, node)
        if not isinstance(node.func, ast.Name) or node.func.id in scope.readable | {"range"}:
            raise scope.error(node, f"{ast.unparse(node)}: only plain functions can be called.")
        if node.func.id == "any" and "any" not in scope.names:
            return self._field_access.any_of(node)
        node.args = [self.visit(argument) for argument in node.args]
        node.func = self.visit(node.func)
        if not isinstance(node.func, ast.Name) or node.func.id in scope.result.tables:
            raise scope.error(node, f"{ast.unparse(node)}: only plain functions can be called.")
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            raise self.scope.error(node, f"{node.value!r} is a text; kernels compute with numbers.")
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        raise self.scope.error(node, f"{ast.unparse(node)} is a text; kernels compute with numbers.")

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if self.scope.is_helper == (node.value is None):
            helper, kernel = "a helper returns a number.", "a kernel returns nothing; it assigns its columns."
            raise self.scope.error(node, helper if self.scope.is_helper else kernel)
        return ast.copy_location(ast.Return(self.visit(node.value) if node.value is not None else None), node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        scope = self.scope
        if node.id in scope.readable:
            return node
        if node.id == "week" and "week" in scope.arguments:
            scope.result.loop_variables.add("week")
            return node
        # The name of a record that the module defines itself is the module's.
        if node.id in ARGUMENTS - {"week"} and not scope.is_helper and node.id not in scope.names:
            asks = f"ask for it; this kernel takes {scope.takes()}"
            how = "name one of its fields" if node.id in scope.arguments else asks
            raise scope.error(node, f"{node.id} cannot stand here: {how}.")
        value = scope.names.get(node.id)
        if node.id in BUILTINS and value is None:
            # `int` of a number beyond 64 bits differs between machines; `_whole` does not.
            return ast.copy_location(ast.Name("_whole" if node.id == "int" else node.id, ast.Load()), node)
        if isinstance(value, bool | int | float):
            return scope.number(value, node)
        if isinstance(value, FunctionType | np.ndarray):
            return ast.copy_location(ast.Name(self._dependency(node, value), ast.Load()), node)
        raise scope.error(node, f"{node.id} is not a local, a number, a table or a plain function.")

    def _dependency(
        self, node: ast.Name, value: "FunctionType | np.ndarray[tuple[int, ...], np.dtype[np.generic]]"
    ) -> str:
        """Notes a helper or a table and gives the name that it has in the generated file."""
        if isinstance(value, FunctionType):
            return self.scope.helper(value)
        if value.ndim != 1 or value.dtype.kind not in "biuf" or not np.isfinite(value).all() or value.dtype == "u8":
            raise self.scope.error(node, f"{node.id}: a table is a one-dimensional NumPy array of finite numbers.")
        name = identifier(f"{self.scope.names.get('__name__', '')}.{node.id}")
        self.scope.result.tables[name] = value
        return name
