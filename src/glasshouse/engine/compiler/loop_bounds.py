"""Refuses loops that cannot be shown to end: a compiled loop without an end runs until the process is killed.

A loop is shown to end if a part of its test compares a local whole number with a limit that the loop does not change, and
every way through its body moves that number towards the limit. Shipped kernels also contain loops that end for other
reasons (a binary search, say), which their tests show; they are not held to this form.
"""

import ast
from collections.abc import Iterable, Iterator

from glasshouse.engine.compiler.grammar import Fault

EXPECTED = (
    "this loop cannot be shown to end. Count its turns with a local whole number: `k = 0` before it, "
    "`while k < LIMIT and …:`, and `k += 1` on every way through its body, where nothing else assigns k."
)

ADVANCED, OPEN, SKIPPED = "advanced", "open", "skipped"
"""What a block has done when its end is reached: moved the counter, not moved it, or begun another turn without it."""


def bounded(body: Iterable[ast.stmt], whole: set[str], fault: Fault) -> None:
    """Refuses a `while` loop that cannot be shown to end.

    Parameters
    ----------
    body : iterable of ast.stmt
        The rewritten body of a kernel or helper.
    whole : set of str
        Locals that are known to hold whole numbers.
    fault : callable
        Makes the error for a node.

    Raises
    ------
    CompilationError
        At the first such loop.
    """
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.While) and not _ends(node, whole):
                raise fault(node, EXPECTED)


def _ends(loop: ast.While, whole: set[str]) -> bool:
    changed = {name for statement in loop.body for name in _stored(statement)}
    for counter, limit, upwards in _comparisons(loop.test):
        fixed = changed.isdisjoint(n.id for n in ast.walk(limit) if isinstance(n, ast.Name))
        if counter in whole and fixed and _moves(loop.body, counter, limit, upwards):
            return True
    return False


def _stored(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement assigns, and arrays that it stores into."""
    for node in ast.walk(statement):
        if isinstance(getattr(node, "ctx", None), ast.Store):
            while isinstance(node, ast.Subscript | ast.Attribute):
                node = node.value
            if isinstance(node, ast.Name):
                yield node.id


def _comparisons(test: ast.expr) -> Iterator[tuple[str, ast.expr, bool]]:
    """Counter, limit and direction (True: upwards) for each comparison that must hold for another turn."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for part in test.values:
            yield from _comparisons(part)
    if isinstance(test, ast.Compare):
        sides = [test.left, *test.comparators]
        for left, operator, right in zip(sides, test.ops, sides[1:], strict=False):
            if isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                upwards = isinstance(operator, ast.Lt | ast.LtE)
                if isinstance(left, ast.Name):
                    yield left.id, right, upwards
                if isinstance(right, ast.Name):
                    yield right.id, left, not upwards


def _moves(body: list[ast.stmt], counter: str, limit: ast.expr, upwards: bool) -> bool:
    """Whether every turn moves the counter towards the limit, and none away from it."""
    stores = [
        node
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and counter in _stored(node)
    ]
    return all(_advances(s, counter, limit, upwards) for s in stores) and (
        _block(body, counter, limit, upwards) == ADVANCED
    )


def _block(body: list[ast.stmt], counter: str, limit: ast.expr, upwards: bool) -> str:
    """What the statements have done with the counter on every way that leads to the next turn."""
    for statement in body:
        if isinstance(statement, ast.Break | ast.Return) or _advances(statement, counter, limit, upwards):
            return ADVANCED
        if isinstance(statement, ast.Continue):
            return SKIPPED
        if isinstance(statement, ast.If):
            ways = {_block(way, counter, limit, upwards) for way in (statement.body, statement.orelse)}
            if SKIPPED in ways:
                return SKIPPED
            if ways == {ADVANCED}:
                return ADVANCED
    return OPEN


def _advances(statement: ast.stmt, counter: str, limit: ast.expr, upwards: bool) -> bool:
    """Whether a statement is `k = k + 1`, `k = k - 1` or, towards a limit of at least 0, `k = k >> 1`, `k = k // 2`."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Name) or target.id != counter or not isinstance(value, ast.BinOp):
        return False
    left, right = value.left, value.right
    if isinstance(value.op, ast.Add) and isinstance(right, ast.Name):
        left, right = right, left
    step = _whole_constant(right)
    if not isinstance(left, ast.Name) or left.id != counter or step is None:
        return False
    if isinstance(value.op, ast.Add | ast.Sub):
        return step != 0 and (step > 0) == (isinstance(value.op, ast.Add) == upwards)
    least = {ast.RShift: 1, ast.FloorDiv: 2}.get(type(value.op))
    end = _whole_constant(limit)
    return least is not None and step >= least and not upwards and end is not None and end >= 0


def _whole_constant(node: ast.expr) -> int | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if not isinstance(node, ast.Constant) or not isinstance(node.value, int) or isinstance(node.value, bool):
        return None
    return sign * node.value
