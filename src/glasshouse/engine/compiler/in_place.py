"""Columns and traits that a citizen's kernels read and change where they are stored, instead of in variables of the loop.

Most mechanisms do nothing for most citizens in most weeks. A column in a variable is loaded, handed from kernel to kernel
and stored for every citizen; one in its record costs something only on the ways through a kernel that need it.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from glasshouse.engine.compiler.records import fields
from glasshouse.engine.compiler.statements import Kernels
from glasshouse.engine.compiler.symbols import CompiledFunction, Symbol, wide
from glasshouse.model.component import Component


def in_place(
    kernels: Kernels, state: np.dtype[Any], traits: np.dtype[Any]
) -> tuple[tuple[type[Component], CompiledFunction], ...]:
    """Kernels of citizens that read and change whole numbers and Booleans in the records, and read traits there.

    Whole numbers and Booleans are brought within the range of their field whenever they are assigned, so that the record
    holds what a variable would. Fractions are rounded once a week, so those that some kernel assigns stay in variables.

    Parameters
    ----------
    kernels : sequence of (Component class, CompiledFunction)
        The kernels with their mechanisms.
    state : numpy.dtype
        Record type of a citizen's columns.
    traits : numpy.dtype
        Record type of a citizen's traits.

    Returns
    -------
    tuple of (Component class, CompiledFunction)
    """
    assigned = {symbol for _, kernel in kernels for symbol in kernel.assigned}
    places = {Symbol("me", name): _Place("_traits", name, wide(traits[name])) for name in fields(traits)}
    for name in fields(state):
        symbol = Symbol("me", name)
        if state[name].kind != "f" or symbol not in assigned:
            places[symbol] = _Place("_state", name, wide(state[name]))
    return tuple((mechanism, _kernel_in_place(kernel, places)) for mechanism, kernel in kernels)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field is stored, and the type that kernels read it with."""

    array: str
    field: str
    kind: str


def _kernel_in_place(kernel: CompiledFunction, places: Mapping[Symbol, _Place]) -> CompiledFunction:
    """A kernel that is no longer given the fields, and no longer returns them."""
    here = {symbol.identifier: places[symbol] for symbol in kernel.fields if symbol in places}
    if not here:
        return kernel
    result = replace(
        kernel,
        fields=kernel.fields - places.keys(),
        assigned=kernel.assigned - places.keys(),
        loop_variables=kernel.loop_variables | {"_u"} | {place.array for place in here.values()},
    )
    tree = ast.parse(kernel.source).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.args.args = [ast.arg(name) for name in result.arguments]
    visitor = _InPlace(here)
    tree.body = [visitor.visit(statement) for statement in tree.body]
    result.source = ast.unparse(ast.fix_missing_locations(tree))
    return result


class _InPlace(ast.NodeTransformer):
    """Puts the places of fields where their variables stand.

    Parameters
    ----------
    places : mapping of str to _Place
        The place of each variable.
    """

    def __init__(self, places: Mapping[str, _Place]) -> None:
        self.places = places

    def visit_Name(self, node: ast.Name) -> ast.expr:
        place = self.places.get(node.id)
        if place is None:
            return node
        record = ast.Subscript(ast.Name(place.array, ast.Load()), ast.Name("_u", ast.Load()), ast.Load())
        if isinstance(node.ctx, ast.Store):
            return ast.Subscript(record, ast.Constant(place.field), ast.Store())
        stored = ast.Subscript(record, ast.Constant(place.field), ast.Load())
        return ast.Call(ast.parse(place.kind, mode="eval").body, [stored], [])

    def visit_Return(self, node: ast.Return) -> ast.Return:
        assert isinstance(node.value, ast.Tuple)
        kept = [name for name in node.value.elts if isinstance(name, ast.Name) and name.id not in self.places]
        return ast.Return(ast.Tuple([*kept], ast.Load()))
