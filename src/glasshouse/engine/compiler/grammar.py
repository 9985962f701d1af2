"""The grammar of kernels: what may be written in one, checked before and after it is rewritten.

Whatever the interpreter and a compiler could read differently is refused here, in words that name the kernel, the line,
what came and what is expected. `syntax` looks at the kernel as written; `flow` and `division` at its rewritten body,
where loops over constants are unrolled and every name is plain.
"""

import ast
from collections.abc import Callable, Iterable
from math import isfinite

from glasshouse.errors import CompilationError

Fault = Callable[[ast.AST, str], CompilationError]
"""Makes the error for a node from a text; the caller knows the kernel's name."""

STATEMENTS = (
    ast.Assign,
    ast.AugAssign,
    ast.If,
    ast.While,
    ast.For,
    ast.Return,
    ast.Expr,
    ast.Pass,
    ast.Break,
    ast.Continue,
)
EXPRESSIONS = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Constant, ast.Name, ast.Attribute,
    ast.Subscript, ast.Tuple, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip
OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor,
    ast.USub, ast.UAdd, ast.Not, ast.And, ast.Or, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip
PAIRING = (ast.Assign, ast.Return)
"""Statements that may hold several numbers in a row."""

WHOLE_CALLS = frozenset({"bool", "_whole", "_fit"})
CHOICES = frozenset({"abs", "min", "max"})
EXPECTED = (
    "A kernel holds assignments, `if`, `while`, `for k in range(constant)`, `return`, calls of plain functions, + - * /, "
    "comparisons, and // % << >> & | ^ of whole numbers."
)


def syntax(tree: ast.FunctionDef, reserved: frozenset[str], fault: Fault) -> None:
    """Refuses all that is outside the grammar; `reserved` names cannot be assigned.

    Parameters
    ----------
    tree : ast.FunctionDef
        The kernel as written.
    reserved : frozenset of str
        Names that it cannot assign.
    fault : callable
        Makes the error for a node.

    Raises
    ------
    CompilationError
        At the first statement or expression outside the grammar.
    """
    for statement in tree.body:
        for node in ast.walk(statement):
            # Loops name locals with an underscore, and builtins are what the generated source calls.
            _node(node, fault)
            if (
                isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Store)
                and (node.id.startswith("_") or node.id in reserved)
            ):
                raise fault(node, f"a local cannot be called {node.id}: that name has a meaning. Choose another.")
    _loops(tree.body, fault)


def _node(node: ast.AST, fault: Fault) -> None:
    """One node without its surroundings."""
    if isinstance(node, ast.stmt) and not isinstance(node, STATEMENTS):
        raise fault(node, f"`{_first_line(node)}` is outside the contract. {EXPECTED}")
    if isinstance(node, ast.expr) and not isinstance(node, EXPRESSIONS):
        raise fault(node, f"`{_first_line(node)}` is outside the contract. {EXPECTED}")
    operators = [getattr(node, "op", None)] if hasattr(node, "op") else getattr(node, "ops", [])
    if not all(isinstance(operator, OPERATORS) for operator in operators):
        raise fault(node, f"`{_first_line(node)}`: that operator is outside the contract. {EXPECTED}")
    # Refused for readers' sake: few know when the `else` of a loop runs.
    if isinstance(node, ast.For | ast.While) and node.orelse:
        raise fault(node, "a loop has no `else` here. Put the statements after it.")
    if isinstance(node, ast.Call) and node.keywords:
        raise fault(node, f"{_first_line(node)}: give the arguments by position, without keywords.")
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Tuple)
        and not all(isinstance(target, ast.Tuple) for target in node.targets)
    ):
        raise fault(node, f"`{_first_line(node)}`: a local holds one number; assign each to a name of its own.")
    # A compiled local has one type; a tuple in it would need memory that the compiled loop may not ask for.
    if any(isinstance(child, ast.Tuple) for child in ast.iter_child_nodes(node)) and not isinstance(node, PAIRING):
        raise fault(node, f"`{_first_line(node)}`: numbers come in a row only in `a, b = …` and `return a, b`.")
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call):
        raise fault(node, f"`{_first_line(node)}` does nothing. Assign it or leave it out.")
    if isinstance(node, ast.Constant):
        literal(node, fault)


def literal(node: ast.Constant, fault: Fault) -> None:
    """Refuses a number that 64 bits cannot hold, and what is no number.

    Parameters
    ----------
    node : ast.Constant
        The number.
    fault : callable
        Makes the error for a node.

    Raises
    ------
    CompilationError
        If it is no number, not finite, or beyond 64 bits.
    """
    value = node.value
    # Python's whole numbers grow, compiled ones wrap around.
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise fault(node, f"{value} does not fit 64 bits with sign.")
    if isinstance(value, float) and not isfinite(value):
        raise fault(node, f"{value} is not a finite number.")
    if not isinstance(value, bool | int | float | str):
        raise fault(node, f"{value!r} is not a number.")


def _loops(body: Iterable[ast.AST], fault: Fault) -> None:
    """Loop variables are constants once unrolled: they live in their loop alone and nothing else assigns them."""
    counters = {
        n.target.id for s in body for n in ast.walk(s) if isinstance(n, ast.For) and isinstance(n.target, ast.Name)
    }

    def visit(node: ast.AST, open_loops: frozenset[str]) -> None:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            if node.target.id in open_loops:
                raise fault(node, f"the inner loop counts with {node.target.id} too. Give it a name of its own.")
            visit(node.iter, open_loops)
            for statement in node.body:
                visit(statement, open_loops | {node.target.id})
            return
        if isinstance(node, ast.Name) and node.id in counters:
            if isinstance(node.ctx, ast.Store):
                raise fault(node, f"{node.id} counts a loop, so nothing else can assign it.")
            # Once unrolled there is no such variable after the loop.
            if node.id not in open_loops:
                raise fault(
                    node, f"{node.id} counts a loop and is not known outside it. Keep its value in another local."
                )
        for child in ast.iter_child_nodes(node):
            visit(child, open_loops)

    for statement in body:
        visit(statement, frozenset())


def flow(body: list[ast.stmt], local: set[str], given: set[str], fault: Fault) -> bool:
    """Refuses reading a local that some way through the body leaves unassigned; True if the end can be reached.

    The interpreter would stop there; compiled code would go on with whatever number it finds.

    Parameters
    ----------
    body : list of ast.stmt
        The rewritten body.
    local : set of str
        Its locals.
    given : set of str
        Names that have a value when it begins.
    fault : callable
        Makes the error for a node.

    Returns
    -------
    bool
        Whether the end can be reached.

    Raises
    ------
    CompilationError
        At the first local that may have no value.
    """
    return _Flow(local, fault).block(body, frozenset(given)) is not None


class _Flow:
    """Walks a body with the set of locals assigned on every way so far; None stands for `never comes here`.

    Parameters
    ----------
    local : set of str
        Names of the local variables.
    fault : callable
        Makes the error to raise from a node and a message.
    """

    def __init__(self, local: set[str], fault: Fault) -> None:
        self.local, self.fault = local, fault

    def block(self, body: list[ast.stmt], have: frozenset[str] | None) -> frozenset[str] | None:
        for statement in body:
            if have is None:
                return None
            have = self.statement(statement, have)
        return have

    def statement(self, node: ast.stmt, have: frozenset[str]) -> frozenset[str] | None:
        if isinstance(node, ast.If):
            self.read(node.test, have)
            ways = [way for way in (self.block(node.body, have), self.block(node.orelse, have)) if way is not None]
            return frozenset.intersection(*ways) if ways else None
        if isinstance(node, ast.While):
            self.read(node.test, have)
            self.block(node.body, have)
            # A loop may run no turn at all, so what its body assigns counts only where the loop cannot be skipped.
            endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
            leaves = any(isinstance(inner, ast.Break) for inner in ast.walk(node))
            return None if endless and not leaves else have
        self.read(node, have)
        if isinstance(node, ast.Return | ast.Break | ast.Continue):
            return None
        return have | {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}

    def read(self, node: ast.AST, have: frozenset[str]) -> None:
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load) and name.id in self.local - have:
                raise self.fault(name, f"{name.id} may have no value here. Assign it on every way that leads here.")


def division(body: list[ast.stmt], local: set[str], whole: frozenset[str], fault: Fault) -> set[str]:
    """Refuses // and % unless both sides are provably whole: for fractions, compilers and Python differ in the last bit.

    Parameters
    ----------
    body : list of ast.stmt
        The rewritten body.
    local : set of str
        Its locals.
    whole : frozenset of str
        Names that are known to hold whole numbers.
    fault : callable
        Makes the error for a node.

    Returns
    -------
    set of str
        Names that are known to hold whole numbers throughout the body, those of `whole` included.

    Raises
    ------
    CompilationError
        At the first side that may be a fraction.
    """
    proven = set(local) | whole
    nodes = [node for statement in body for node in ast.walk(statement)]
    while True:
        broken = {name for node in nodes for name in _fractions(node, proven)} & proven
        if not broken:
            break
        # Taking one name away may unprove others that were assigned from it, until nothing changes.
        proven -= broken
    for node in nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mod):
            for side in (node.left, node.right):
                if not is_whole(side, proven):
                    raise fault(node, f"`{_first_line(node)}` needs whole numbers: write int({ast.unparse(side)}).")
    return proven


def _fractions(node: ast.AST, proven: set[str]) -> Iterable[str]:
    """Names that this node may give a value that is not whole."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name) and not is_whole(node.value, proven):
                yield target.id
            if isinstance(target, ast.Tuple):
                values = (
                    node.value.elts if isinstance(node.value, ast.Tuple) else [ast.Constant(0.5)] * len(target.elts)
                )
                pairs = zip(target.elts, values, strict=True)
                yield from (t.id for t, v in pairs if isinstance(t, ast.Name) and not is_whole(v, proven))


def is_whole(node: ast.expr, proven: set[str]) -> bool:
    """Whether the expression is a whole number whenever the `proven` names are.

    Parameters
    ----------
    node : ast.expr
        The expression.
    proven : set of str
        Names that hold whole numbers.

    Returns
    -------
    bool
    """
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int)
    if isinstance(node, ast.Name):
        return node.id in proven
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not) or is_whole(node.operand, proven)
    if isinstance(node, ast.BinOp):
        # True division gives a fraction even of whole numbers.
        return not isinstance(node.op, ast.Div) and is_whole(node.left, proven) and is_whole(node.right, proven)
    if isinstance(node, ast.IfExp):
        return is_whole(node.body, proven) and is_whole(node.orelse, proven)
    if isinstance(node, ast.BoolOp):
        return all(is_whole(value, proven) for value in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        chosen = node.func.id in CHOICES and all(is_whole(argument, proven) for argument in node.args)
        return node.func.id in WHOLE_CALLS or chosen
    return isinstance(node, ast.Compare)


class Substitute(ast.NodeTransformer):
    """Replaces a loop variable by one of its values.

    Parameters
    ----------
    name : str
        Name of the loop variable.
    value : int
        The value that stands in its place.
    """

    def __init__(self, name: str, value: int) -> None:
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(ast.Constant(self.value), node) if node.id == self.name else node


def leaves(node: ast.AST) -> bool:
    """Whether a `break` or `continue` in here would leave the loop around it.

    Parameters
    ----------
    node : ast.AST
        A statement of a loop.

    Returns
    -------
    bool
    """
    # A `break` in an inner loop leaves that one.
    if isinstance(node, ast.While | ast.For):
        return False
    return isinstance(node, ast.Break | ast.Continue) or any(leaves(child) for child in ast.iter_child_nodes(node))


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]
