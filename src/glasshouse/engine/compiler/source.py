"""Reads and writes the source text of functions."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from glasshouse.errors import CompilationError


def definition(function: Callable[..., Any], label: str) -> ast.FunctionDef:
    """The syntax tree of a function, without docstring and decorator.

    Parameters
    ----------
    function : callable
        A plain function that depends on nothing but its arguments and globals.
    label : str
        Its name in messages.

    Returns
    -------
    ast.FunctionDef

    Raises
    ------
    CompilationError
        If the source cannot be read, or if it is no such function.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError) as error:
        text = f"{label}: its source cannot be read ({error}). Define it in a file with `def`."
        raise CompilationError(text) from error
    if not isinstance(tree, ast.FunctionDef):
        raise CompilationError(f"{label} is not a plain function. Write it with `def`.")
    decorators = [ast.unparse(decorator) for decorator in tree.decorator_list]
    if decorators not in ([], ["staticmethod"]) or getattr(function, "__wrapped__", None) is not None:
        text = f"{label} is decorated ({', '.join(decorators)}). Only `staticmethod` may stand before it."
        raise CompilationError(text)
    if getattr(function, "__closure__", None):
        free = ", ".join(function.__code__.co_freevars)
        text = f"{label} uses {free} of the function around it. Make that a parameter or a global constant."
        raise CompilationError(text)
    if tree.args.vararg or tree.args.kwarg or tree.args.kwonlyargs or tree.args.posonlyargs:
        raise CompilationError(f"{label} has arguments with *, ** or /. Name plain arguments.")
    # Lines count from the beginning of the file, as an editor shows them.
    ast.increment_lineno(tree, function.__code__.co_firstlineno - 1)
    tree.decorator_list = []
    tree.body = _without_docstring(tree.body)
    return tree


def is_shipped(module: str) -> bool:
    """Whether a module belongs to this package, whose tests show what is checked in code from elsewhere.

    Parameters
    ----------
    module : str
        Name of the module in which a kernel, helper or mechanism is defined.

    Returns
    -------
    bool
    """
    return module.partition(".")[0] == __name__.partition(".")[0]


def plain_source(function: Callable[..., Any]) -> str:
    """A function's source as it is, without docstring.

    Parameters
    ----------
    function : callable
        A plain function.

    Returns
    -------
    str
    """
    return ast.unparse(definition(function, function.__qualname__))


def function_source(name: str, arguments: ast.arguments, body: list[ast.stmt]) -> str:
    """Source of a function with these arguments and this body.

    Parameters
    ----------
    name : str
        Its name.
    arguments : ast.arguments
        Its arguments.
    body : list of ast.stmt
        Its statements.

    Returns
    -------
    str
    """
    # The definition begins as a parsed one, since its parts differ between versions of Python.
    tree = ast.parse(f"def {name}(): pass").body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.args, tree.body = arguments, body
    return ast.unparse(ast.fix_missing_locations(tree))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body
