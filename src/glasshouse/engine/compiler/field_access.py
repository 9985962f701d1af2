"""Loads and stores of fields: `record.field`, elements of vectors and packed columns, and choices among parameters."""

import ast
import copy
from collections.abc import Callable

from glasshouse.engine.compiler import packing
from glasshouse.engine.compiler.scope import Scope
from glasshouse.engine.compiler.symbols import CONTACT_ARRAYS, CROWDS, Symbol, narrow
from glasshouse.model.packed_numbers import Packing

PackedElement = tuple[Symbol, Packing, str]
"""A packed field, how it is packed, and the source of an index into it."""


class FieldAccess:
    """Translates what a kernel reads and assigns in records.

    Parameters
    ----------
    scope : Scope
        The kernel.
    visit : callable
        Rewrites an expression of the kernel (an index, for instance).
    """

    def __init__(self, scope: Scope, visit: Callable[[ast.expr], ast.expr]) -> None:
        self.scope, self.visit = scope, visit

    def load(self, node: ast.Attribute | ast.Subscript) -> ast.expr:
        """The value of `record.field` or `record.vector[index]`.

        Parameters
        ----------
        node : ast.Attribute or ast.Subscript
            The expression in the kernel.

        Returns
        -------
        ast.expr
        """
        packed = self._packed(node)
        if packed:
            symbol, how, index = packed
            self.scope.variable(symbol, node)
            return self.scope.expression(packing.element(symbol.identifier, how, index), node)
        return self._variable(self._symbol(node), node)

    def store(self, node: ast.expr, value: ast.expr) -> ast.stmt:
        """The statement that puts `value` into a field; it is narrowed at once, as the interpreter does it.

        Parameters
        ----------
        node : ast.expr
            The target of the assignment.
        value : ast.expr
            The value, rewritten.

        Returns
        -------
        ast.stmt
        """
        packed = self._packed(node)
        symbol = packed[0] if packed else self._symbol(node)
        if symbol.field not in self.scope.table.owned.get(symbol.record, ()):
            raise self.scope.error(node, f"{symbol} belongs to another mechanism; only its owner assigns it.")
        # What is assigned is an argument too: on ways that do not assign it, the old value goes back.
        self.scope.result.fields.add(symbol)
        self.scope.result.assigned.add(symbol)
        text, dtype = ast.unparse(value), self.scope.table.dtypes[symbol]
        if packed:
            text = packing.replaced(symbol.identifier, packed[1], packed[2], text)
        elif dtype.kind != "f":
            # A real number is rounded to the field's width once, when the week is over: that is what the record holds.
            text = narrow(dtype, text)
        return self.scope.parse(f"{symbol.identifier} = {text}", node)[0]

    def choice(self, node: ast.Subscript) -> ast.expr | None:
        """An element of a parameter vector or of a tuple of numbers whose index is known only at run time, or None.

        Both are scalars in the generated source, so the element is chosen by comparisons. For an index beyond the end
        that gives the last element; the interpreter stops there, so that no model comes to rely on it.

        Parameters
        ----------
        node : ast.Subscript
            The expression in the kernel.

        Returns
        -------
        ast.expr or None
        """
        if self.scope.integer(node.slice) is not None:
            return None
        base = node.value
        elements: list[ast.expr] = []
        if isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name) and base.value.id == "p":
            elements = [self.scope.variable(symbol, node) for symbol in self._elements("p", base.attr)]
        else:
            numbers = self.scope.sequence(base) or ()
            if all(isinstance(n, bool | int | float) for n in numbers):
                elements = [self.scope.number(n, node) for n in numbers]
        if not elements:
            return None
        index = self.visit(node.slice)
        if not isinstance(index, ast.Name):
            # It stands in every comparison, so it must cost nothing to repeat.
            raise self.scope.error(node, f"{ast.unparse(node)}: the index must be a constant, a local or a field.")
        result = elements[-1]
        for k in reversed(range(len(elements) - 1)):
            result = ast.IfExp(ast.Compare(index, [ast.Eq()], [ast.Constant(k)]), elements[k], result)
        return ast.copy_location(result, node)

    def any_of(self, node: ast.Call) -> ast.expr:
        """`any(record.vector)`: whether some element is not zero; one comparison for a packed vector.

        Parameters
        ----------
        node : ast.Call
            The call in the kernel.

        Returns
        -------
        ast.expr
        """
        base = node.args[0] if len(node.args) == 1 else None
        if not isinstance(base, ast.Attribute) or not isinstance(base.value, ast.Name):
            raise self.scope.error(node, f"{ast.unparse(node)}: `any` takes one vector, as in any(me.filed).")
        whole = Symbol(base.value.id, base.attr)
        is_packed = whole in self.scope.table.packed and whole.field in self.scope.known(whole.record)
        symbols = [whole] if is_packed else self._elements(whole.record, whole.field)
        if not symbols:
            raise self.scope.error(node, f"{ast.unparse(node)}: {whole} is not a vector.")
        tests = [f"{ast.unparse(self._variable(symbol, node))} != 0" for symbol in symbols]
        return self.scope.expression(f"({' or '.join(tests)})", node)

    def _elements(self, record: str, vector: str) -> list[Symbol]:
        """The fields of a vector that has one for each element."""
        # Elements are numbered from 0 without a gap, so the first name that is missing ends the vector.
        known = self.scope.known(record)
        found: list[Symbol] = []
        while f"{vector}_{len(found)}" in known:
            found.append(Symbol(record, f"{vector}_{len(found)}"))
        return found

    def _packed(self, node: ast.expr) -> PackedElement | None:
        """The element that `record.field[index]` names, or None where the field is not packed."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Attribute):
            return None
        base = node.value
        symbol = Symbol(base.value.id if isinstance(base.value, ast.Name) else "", base.attr)
        how = self.scope.table.packed.get(symbol)
        if how is None or symbol.field not in self.scope.known(symbol.record):
            return None
        # A copy, since an augmented assignment rewrites its target twice: once to read, once to store.
        index = self.scope.integer(node.slice)
        if index is None:
            return symbol, how, ast.unparse(self.visit(copy.deepcopy(node.slice)))
        if not 0 <= index < how.length:
            raise self.scope.error(node, f"{ast.unparse(node)}: the vector has {how.length} elements, counted from 0.")
        return symbol, how, str(index)

    def _symbol(self, node: ast.expr) -> Symbol:
        """The field that `record.field` or `record.vector[constant]` names; refuses what is not there."""
        index = self.scope.integer(node.slice) if isinstance(node, ast.Subscript) else None
        base = node.value if isinstance(node, ast.Subscript) else node
        if isinstance(node, ast.Subscript) and index is None:
            raise self.scope.error(node, f"{ast.unparse(node)}: the index of a vector must be a constant.")
        if not isinstance(base, ast.Attribute) or not isinstance(base.value, ast.Name):
            raise self.scope.error(node, f"{ast.unparse(node)} is not understood: records have plain fields.")
        symbol = Symbol(base.value.id, base.attr if index is None else f"{base.attr}_{index}")
        if symbol.record not in self.scope.arguments:
            text = f"{symbol.record} is not an argument of this kernel. It takes: {self.scope.takes()}."
            raise self.scope.error(node, text)
        known = self.scope.known(symbol.record)
        if symbol in self.scope.table.packed or (symbol.field not in known and f"{symbol.field}_0" in known):
            raise self.scope.error(node, f"{symbol}: it is a vector. Give an index, as in {symbol}[0].")
        if symbol.field not in known:
            why = "no mechanism shows that signal." if symbol.record in CROWDS else "no mechanism or trait gives that."
            raise self.scope.error(node, f"{symbol}: {why}")
        return symbol

    def _variable(self, symbol: Symbol, node: ast.expr) -> ast.expr:
        """The field's variable; a count of signals makes the statement at hand count first."""
        if symbol.record in CROWDS and symbol.field != "number":
            self.scope.needs_counts = self.scope.result.counts_contacts = True
            self.scope.result.loop_variables |= set(CONTACT_ARRAYS)
        return self.scope.variable(symbol, node)
