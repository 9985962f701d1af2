"""Refuses loops that cannot be shown to end soon: a compiled loop without an end runs until the process is killed.

A loop is shown to end if a part of its test compares a local whole number with a limit that the loop does not change, and
every way through its body moves that number towards the limit. How many turns that takes at most follows from the constants
that the number and the limit come from. Shipped kernels also contain loops that end for other reasons (a binary search, say),
which their tests show; they are not held to this form.
"""

import ast
import math
from collections.abc import Iterable, Iterator

from glasshouse.engine.compiler.grammar import Fault

MOST_TURNS = 10_000
"""The most turns of a loop, those of the loops around it multiplied: a kernel is called for every citizen and week."""

EXPECTED = (
    f"this loop cannot be shown to end within {MOST_TURNS:,} turns, those of the loops around it multiplied. Count its turns "
    "with a local whole number: `k = 0` before it, `while k < LIMIT and …:` with a constant LIMIT, and `k += 1` on every way "
    "through its body, where nothing else assigns k."
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
    _Turns(list(body), whole, fault).check()


class _Turns:
    """The greatest number of turns of each loop of a body.

    Parameters
    ----------
    body : list of ast.stmt
        The rewritten body of a kernel or helper.
    whole : set of str
        Locals that are known to hold whole numbers.
    fault : callable
        Makes the error for a node.
    """

    def __init__(self, body: list[ast.stmt], whole: set[str], fault: Fault) -> None:
        self.body, self.whole, self.fault = body, whole, fault
        self.values: dict[str, list[ast.Assign]] = {}
        self.counted: dict[ast.stmt, float] = {}

    def check(self) -> None:
        """Refuses the first loop of too many turns."""
        for statement in self.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Assign):
                    for name in _stored(node):
                        self.values.setdefault(name, []).append(node)
        self._block(self.body, 1.0)

    def _block(self, body: list[ast.stmt], around: float) -> None:
        for statement in body:
            if isinstance(statement, ast.While):
                turns = around * self._most(statement)
                # A limit that is no number is not below this one either.
                if not turns <= MOST_TURNS:
                    raise self.fault(statement, EXPECTED)
                self._block(statement.body, turns)
            if isinstance(statement, ast.If):
                self._block(statement.body, around)
                self._block(statement.orelse, around)

    def _most(self, loop: ast.While) -> float:
        """The most turns of one loop, infinite if it cannot be shown to end."""
        changed = {name for statement in loop.body for name in _stored(statement)}
        found = [math.inf]
        for counter, limit, upwards in _comparisons(loop.test):
            fixed = changed.isdisjoint(n.id for n in ast.walk(limit) if isinstance(n, ast.Name))
            if counter in self.whole and fixed and _moves(loop.body, counter, limit, upwards):
                end = self._size(limit, frozenset())
                within = {node for statement in loop.body for node in ast.walk(statement)}
                steps = [one for one in self.values[counter] if one in within]
                begin = self._largest(counter, [one for one in self.values[counter] if one not in within], frozenset())
                # Within the loop the number comes no further than one step beyond its limit.
                self.counted |= {one: max(begin, end + _step(one)) for one in steps}
                found.append(_turns(begin + end, steps))
        return min(found)

    def _size(self, node: ast.expr, asked: frozenset[str]) -> float:
        """The greatest absolute value that an expression can have as far as constants tell, else infinite."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(abs(node.value))
        if isinstance(node, ast.Name):
            return self._of_local(node.id, asked)
        if isinstance(node, ast.UnaryOp):
            return self._size(node.operand, asked)
        if isinstance(node, ast.IfExp):
            return max(self._size(node.body, asked), self._size(node.orelse, asked))
        if isinstance(node, ast.BinOp):
            left, right = self._size(node.left, asked), self._size(node.right, asked)
            if isinstance(node.op, ast.Add | ast.Sub):
                return left + right
            if isinstance(node.op, ast.Mult):
                return left * right
            return left if isinstance(node.op, ast.FloorDiv | ast.RShift) else math.inf
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            # As many ties as an agent has: data, and no number that somebody wrote.
            if node.func.id == "_degree":
                return 1.0
            if node.func.id in ("min", "max"):
                return max(self._size(argument, asked) for argument in node.args)
        return math.inf

    def _of_local(self, name: str, asked: frozenset[str]) -> float:
        """The greatest absolute value of a local, from all that is assigned to it."""
        if name not in self.whole or name in asked:
            return math.inf
        return self._largest(name, self.values.get(name, []), asked | {name})

    def _largest(self, name: str, given: list[ast.Assign], asked: frozenset[str]) -> float:
        """The greatest absolute value that some assignments give to a local."""
        sizes = [self.counted.get(one, None) or self._size(_assigned(one, name), asked) for one in given]
        return max(sizes, default=math.inf)


def _assigned(statement: ast.Assign, name: str) -> ast.expr:
    """What an assignment gives to one of its names; the whole value where that is not written beside it."""
    for target in statement.targets:
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            for one, value in zip(target.elts, statement.value.elts, strict=True):
                if isinstance(one, ast.Name) and one.id == name:
                    return value
    return statement.value


def _step(statement: ast.Assign) -> float:
    """By how much `k = k + 1` moves."""
    numbers = (node.value for node in ast.walk(statement.value) if isinstance(node, ast.Constant))
    return max((abs(float(number)) for number in numbers if isinstance(number, int | float)), default=0.0)


def _turns(way: float, steps: list[ast.Assign]) -> float:
    """How many turns a counter takes at most for a way; a number of 64 bits can be halved that often."""
    halved = all(
        isinstance(one.value, ast.BinOp) and isinstance(one.value.op, ast.RShift | ast.FloorDiv) for one in steps
    )
    return 64.0 if halved else way / min(map(_step, steps)) + 1.0


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
