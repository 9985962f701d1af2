"""Reads a kernel's source and rewrites it as a function of scalars that a compiler can chain with others.

`me.grievance` becomes the local `me_grievance`, `draw("complain")` a call of the generator with the purpose's number,
`add` and `send` become stores, loops over constants are unrolled so that vectors become scalars, and each `return`
returns the columns that the kernel assigned. The kernel itself stays the plain Python function that the twin runs.
"""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

from glasshouse.engine.compiler.symbols import CompiledFunction, SymbolTable
from glasshouse.engine.compiler.transformer import KernelTransformer
from glasshouse.errors import CompilationError


def rewrite(kernel: Callable[..., None], name: str, vocabulary: SymbolTable) -> CompiledFunction:
    """The kernel rewritten under `name`; CompilationError for anything outside the contract of `mechanism`."""
    tree = _definition(kernel, vocabulary.label)
    asked = [argument.arg for argument in tree.args.args]
    unknown = [argument for argument in asked if argument not in vocabulary.takes]
    if unknown:
        expected = ", ".join(sorted(vocabulary.takes))
        raise CompilationError(
            f"{vocabulary.label} asks for {', '.join(unknown)}. This kernel takes any of: {expected}."
        )
    result = CompiledFunction(name)
    writer = KernelTransformer(vocabulary, getattr(kernel, "__globals__", {}), tree, result)
    body = writer.body()
    result.returns = sorted(writer.assigned | ({"looked", *writer.crowd_names} if writer.looks else set()))
    result.arguments = sorted(writer.mentioned | set(result.returns)) + sorted(result.uses)
    taken = writer.locals & set(result.arguments)
    if taken:
        raise writer.fault(tree, f"{', '.join(sorted(taken))} is what the field of a record becomes. Rename the local.")
    whole = {f"{record}_{name}" for (record, name), dtype in vocabulary.dtypes.items() if dtype.kind in "biu"}
    writer.check(body, whole | {"week"}, set(result.arguments))
    returned: ast.expr = ast.Tuple([ast.Name(n, ast.Load()) for n in result.returns], ast.Load())
    body = [_Returns(returned).visit(statement) for statement in body]
    body.append(ast.Return(returned))
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg(n) for n in result.arguments], kwonlyargs=[],
                              kw_defaults=[], defaults=[])  # fmt: skip
    result.source = _function(name, arguments, body)
    return result


def helper_source(name: str, function: FunctionType) -> CompiledFunction:
    """A helper function that kernels call, renamed and stripped of types, with the helpers and tables it leans on."""
    label = f"helper {function.__module__}.{function.__qualname__}"
    tree = _definition(function, label)
    result = CompiledFunction(name)
    vocabulary = SymbolTable(label, frozenset(), {}, {}, (), {}, {}, "")
    writer = KernelTransformer(vocabulary, function.__globals__, tree, result)
    arguments = copy.deepcopy(tree.args)
    arguments.defaults = [writer.visit(default) for default in arguments.defaults]
    given = {argument.arg for argument in arguments.args}
    body = writer.body()
    if writer.check(body, set(), given):
        raise CompilationError(f"{label} can end without «return». A helper returns a number on every way.")
    for argument in arguments.args:
        argument.annotation = None
    result.source = _function(name, arguments, body)
    return result


def plain_source(function: Callable[..., Any]) -> str:
    """A function's source as it is, without docstring."""
    return ast.unparse(_definition(function, function.__qualname__))


@dataclass(frozen=True)
class KernelEffects:
    """What a kernel says.

    `reads` and `assigns` hold (record, field), vectors by their own name; the rest hold names in order of first mention.
    """

    reads: frozenset[tuple[str, str]]
    assigns: frozenset[tuple[str, str]]
    draws: tuple[str, ...]
    adds: tuple[str, ...]
    sends: tuple[str, ...]


@lru_cache(maxsize=512)
def kernel_effects(kernel: Callable[..., None]) -> KernelEffects:
    """What the kernel reads, assigns, draws, adds to and sends, as its source says it, whichever way it goes at run time.

    Raises CompilationError if the source cannot be read.
    """
    tree = _definition(kernel, kernel.__qualname__)
    records = {argument.arg for argument in tree.args.args}
    stored: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            stored.add(id(node.value))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            stored.add(id(node))
    changed = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    changed |= {
        id(node.target.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript)
    }
    fields = [
        (node.value.id, node.attr, id(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in records
    ]
    return KernelEffects(
        reads=frozenset((record, name) for record, name, key in fields if key not in stored or key in changed),
        assigns=frozenset((record, name) for record, name, key in fields if key in stored),
        draws=_first_words(tree, "draw"),
        adds=_first_words(tree, "add"),
        sends=_first_words(tree, "send"),
    )


def _first_words(tree: ast.AST, verb: str) -> tuple[str, ...]:
    """The first arguments of all calls of a verb, each once, in the order of the source."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == verb and node.args
    ]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    words = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    return tuple(dict.fromkeys(word for word in words if isinstance(word, str)))


def inboxes_sent(kernel: Callable[..., None]) -> set[str]:
    """Names of the inboxes that the kernel sends to."""
    return set(kernel_effects(kernel).sends)


def _definition(function: Callable[..., Any], label: str) -> ast.FunctionDef:
    """The function's syntax tree without docstring and decorator.

    It must be a plain function that depends on nothing but its arguments and globals.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError) as error:
        raise CompilationError(
            f"{label}: its source cannot be read ({error}). Define it in a file with «def»."
        ) from error
    if not isinstance(tree, ast.FunctionDef):
        raise CompilationError(f"{label} is not a plain function. Write it with «def».")
    decorators = [ast.unparse(decorator) for decorator in tree.decorator_list]
    if decorators not in ([], ["staticmethod"]) or getattr(function, "__wrapped__", None) is not None:
        raise CompilationError(
            f"{label} is decorated ({', '.join(decorators)}). Only «staticmethod» may stand before it."
        )
    if getattr(function, "__closure__", None):
        free = ", ".join(function.__code__.co_freevars)
        raise CompilationError(
            f"{label} uses {free} of the function around it. Make that a parameter or a global constant."
        )
    if tree.args.vararg or tree.args.kwarg or tree.args.kwonlyargs or tree.args.posonlyargs:
        raise CompilationError(f"{label} has arguments with *, ** or /. Name plain arguments.")
    tree.decorator_list = []
    tree.body = _without_docstring(tree.body)
    return tree


def _function(name: str, arguments: ast.arguments, body: list[ast.stmt]) -> str:
    """Source of a function; its definition begins as a parsed one, since its parts differ between versions of Python."""
    definition = ast.parse(f"def {name}(): pass").body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.args, definition.body = arguments, body
    return ast.unparse(ast.fix_missing_locations(definition))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body


class _Returns(ast.NodeTransformer):
    """Gives each bare `return` the names that the kernel hands back."""

    def __init__(self, returned: ast.expr) -> None:
        self.returned = returned

    def visit_Return(self, node: ast.Return) -> ast.Return:
        return ast.Return(copy.deepcopy(self.returned))
