"""Turns kernels and helpers into functions of scalars that a compiler can chain with others.

`me.grievance` becomes the variable `me_grievance`, `draw("complain")` a call of the generator with the purpose's number,
`add` and `send` become stores, loops over constants are unrolled so that vectors become scalars, and each `return`
returns the columns that the kernel assigned. The kernel itself stays the plain Python function that the interpreter runs.
"""

import ast
import copy
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from numpy.typing import NDArray

from glasshouse.engine.compiler import grammar, loop_bounds
from glasshouse.engine.compiler.scope import Scope
from glasshouse.engine.compiler.source import definition, function_source, is_shipped
from glasshouse.engine.compiler.symbols import CompiledFunction, SymbolTable
from glasshouse.engine.compiler.transformer import KernelTransformer
from glasshouse.errors import CompilationError


def rewrite(kernel: Callable[..., None], name: str, table: SymbolTable) -> CompiledFunction:
    """A kernel as a function of scalars.

    Parameters
    ----------
    kernel : callable
        The kernel as the mechanism defines it.
    name : str
        The function's name in the generated file.
    table : SymbolTable
        What the kernel may name.

    Returns
    -------
    CompiledFunction

    Raises
    ------
    CompilationError
        For anything outside the contract of `glasshouse.model.mechanism`, with the line and what is expected.
    """
    tree = definition(kernel, table.label)
    unknown = [argument.arg for argument in tree.args.args if argument.arg not in table.takes]
    if unknown:
        expected = ", ".join(sorted(table.takes))
        text = f"{table.label} asks for {', '.join(unknown)}. This kernel takes any of: {expected}."
        raise CompilationError(text)
    result = CompiledFunction(name)
    scope = Scope(table, getattr(kernel, "__globals__", {}), tree, result)
    body = KernelTransformer(scope).body()
    # `me_level` as a local and `me.level` as a field would be one variable.
    taken = scope.locals & set(result.arguments)
    if taken:
        text = f"{', '.join(sorted(taken))} is what the field of a record becomes. Rename the local."
        raise scope.error(tree, text)
    _check(scope, body, table.whole_numbers(), set(result.arguments))
    # Every way out returns the same fields, changed or not: the loop then needs no branch to store them.
    returned: ast.expr = ast.Tuple([ast.Name(n, ast.Load()) for n in result.returns], ast.Load())
    body = [_Returns(returned).visit(statement) for statement in body]
    body.append(ast.Return(returned))
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg(n) for n in result.arguments], kwonlyargs=[],
                              kw_defaults=[], defaults=[])  # fmt: skip
    result.source = function_source(name, arguments, body)
    return result


def helper_source(name: str, function: FunctionType) -> CompiledFunction:
    """A helper function that kernels call, renamed and stripped of types.

    Parameters
    ----------
    name : str
        Its name in the generated file.
    function : function
        The helper: a plain function of numbers.

    Returns
    -------
    CompiledFunction
        With the helpers and tables that it uses in turn.

    Raises
    ------
    CompilationError
        For anything outside the grammar, or if its end can be reached without a `return`.
    """
    label = f"helper {function.__module__}.{function.__qualname__}"
    tree = definition(function, label)
    scope = Scope(SymbolTable(label), function.__globals__, tree, CompiledFunction(name))
    transformer = KernelTransformer(scope)
    arguments = copy.deepcopy(tree.args)
    arguments.defaults = [transformer.visit(default) for default in arguments.defaults]
    body = transformer.body()
    if _check(scope, body, set(), {argument.arg for argument in arguments.args}):
        raise CompilationError(f"{label} can end without `return`. A helper returns a number on every way.")
    for argument in arguments.args:
        # Types are for readers; the compiler finds its own.
        argument.annotation = None
    scope.result.source = function_source(name, arguments, body)
    return scope.result


def helpers_of(kernels: Iterable[CompiledFunction]) -> tuple[list[CompiledFunction], dict[str, NDArray[Any]]]:
    """All helper functions and tables that some kernels depend on, each once.

    Parameters
    ----------
    kernels : iterable of CompiledFunction
        Kernels, rewritten.

    Returns
    -------
    helpers : list of CompiledFunction
        Each after those that it calls.
    tables : dict
        Arrays by their names in the generated file.

    Raises
    ------
    CompilationError
        If a helper calls itself, directly or through others, or if two things share a name.
    """
    done: dict[str, CompiledFunction] = {}
    tables: dict[str, NDArray[Any]] = {}
    functions: dict[str, FunctionType] = {}

    def gather(needed: CompiledFunction, callers: tuple[str, ...]) -> None:
        for name, table in needed.tables.items():
            # Names include the module: two things of one name come from a module that was loaded twice, say.
            if tables.setdefault(name, table) is not table:
                raise CompilationError(f"{name} names two tables. Rename one of them.")
        for name, function in needed.helpers.items():
            if functions.setdefault(name, function) is not function:
                raise CompilationError(f"{name} names two helper functions. Rename one of them.")
            if name in callers:
                raise CompilationError(f"helper {name} calls itself. Write a `while` loop instead.")
            if name not in done:
                helper = helper_source(name, function)
                # What a helper calls stands before it in the file.
                gather(helper, (*callers, name))
                done[name] = helper

    for kernel in kernels:
        gather(kernel, ())
    return list(done.values()), tables


def _check(scope: Scope, body: list[ast.stmt], whole: set[str], given: set[str]) -> bool:
    """Checks of the rewritten body; True if its end can be reached."""
    proven = grammar.division(body, scope.locals - given, frozenset(whole), scope.error)
    if not is_shipped(str(scope.names.get("__name__", ""))):
        loop_bounds.bounded(body, proven & scope.locals, scope.error)
    return grammar.flow(body, scope.locals | given, given, scope.error)


class _Returns(ast.NodeTransformer):
    """Gives each bare `return` the names that the kernel hands back.

    Parameters
    ----------
    returned : ast.expr
        The expression that each `return` gives back.
    """

    def __init__(self, returned: ast.expr) -> None:
        self.returned = returned

    def visit_Return(self, node: ast.Return) -> ast.Return:
        return ast.Return(copy.deepcopy(self.returned))
