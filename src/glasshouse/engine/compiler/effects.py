"""What a kernel reads and changes, read off its source without translating it.

The layout needs to know who sends to which inbox before any kernel can be translated; the ODD description and the picture
of dependencies show the rest.
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from glasshouse.engine.compiler.source import definition


@dataclass(frozen=True)
class KernelEffects:
    """What a kernel reads and changes, whichever way it goes at run time.

    Parameters
    ----------
    reads, assigns : frozenset of (str, str)
        Record and field; vectors by their own name.
    draws, adds, sends : tuple of str
        Purposes, sums and inboxes in order of first mention.
    """

    reads: frozenset[tuple[str, str]]
    assigns: frozenset[tuple[str, str]]
    draws: tuple[str, ...]
    adds: tuple[str, ...]
    sends: tuple[str, ...]


@lru_cache(maxsize=512)
def kernel_effects(kernel: Callable[..., None]) -> KernelEffects:
    """The effects of a kernel.

    Parameters
    ----------
    kernel : callable
        A kernel as the mechanism defines it.

    Returns
    -------
    KernelEffects

    Raises
    ------
    CompilationError
        If its source cannot be read.
    """
    tree = definition(kernel, kernel.__qualname__)
    records = {argument.arg for argument in tree.args.args}
    nodes = list(ast.walk(tree))
    stored = _targets(node for node in nodes if isinstance(getattr(node, "ctx", None), ast.Store))
    # `me.level += 1` reads what it assigns.
    changed = _targets(node.target for node in nodes if isinstance(node, ast.AugAssign))
    fields = [
        (node.value.id, node.attr, id(node))
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in records
    ]
    return KernelEffects(
        reads=frozenset((record, name) for record, name, key in fields if key not in stored or key in changed),
        assigns=frozenset((record, name) for record, name, key in fields if key in stored),
        draws=_first_arguments(nodes, "draw"),
        adds=_first_arguments(nodes, "add"),
        sends=_first_arguments(nodes, "send"),
    )


def inboxes_sent(kernel: Callable[..., None]) -> set[str]:
    """Names of the inboxes that the kernel sends to.

    Parameters
    ----------
    kernel : callable
        A kernel as the mechanism defines it.

    Returns
    -------
    set of str
    """
    return set(kernel_effects(kernel).sends)


def _targets(nodes: Iterable[ast.AST]) -> set[int]:
    """Identities of the fields that some nodes store to; for an element, that of its vector."""
    return {id(node.value if isinstance(node, ast.Subscript) else node) for node in nodes}


def _first_arguments(nodes: list[ast.AST], verb: str) -> tuple[str, ...]:
    """The first arguments of all calls of a verb, each once, in the order of the source."""
    calls = [
        node
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == verb and node.args
    ]
    # `ast.walk` goes level by level, a reader line by line.
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return tuple(dict.fromkeys(name for call in calls if (name := _text(call.args[0]))))


def _text(node: ast.expr) -> str:
    """A text as a kernel writes it, the places of loop variables in braces; empty for anything else."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value for part in node.values if isinstance(part, ast.Constant | ast.FormattedValue))
        return "".join(f"{{{ast.unparse(part)}}}" if isinstance(part, ast.expr) else str(part) for part in parts)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
