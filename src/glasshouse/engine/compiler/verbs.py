"""The verbs of kernels as source: `add`, `send` and `write` become stores, `draw`, `read`, `ties` and `tie` expressions."""

import ast
from collections.abc import Callable, Iterable

from glasshouse.engine.compiler import agent_access, packing
from glasshouse.engine.compiler.scope import Scope
from glasshouse.engine.compiler.symbols import SUM_LIMIT, Symbol, shared_word
from glasshouse.rng import WORDS, stream

SMALL = 2**31
"""Literal amounts up to this size cannot bring a sum to its limit."""


def stopped_sum(total, amount):  # type: ignore[no-untyped-def]
    """A sum with an amount added that stops at `SUM_LIMIT`, where the run ends; so does an amount that is not a number.

    Compiled like a helper of kernels, hence without types.

    Parameters
    ----------
    total : int
        The sum in stored units.
    amount : float, int or bool
        What is added to it, in stored units.

    Returns
    -------
    int
    """
    if -SUM_LIMIT < total < SUM_LIMIT:
        after = 1.0 * total + 1.0 * amount
        return total + int(amount) if -SUM_LIMIT < after < SUM_LIMIT else SUM_LIMIT
    return total


class VerbTranslator:
    """Translates calls of verbs.

    Parameters
    ----------
    scope : Scope
        The kernel.
    visit : callable
        Rewrites an expression of the kernel (an amount, for instance).
    """

    def __init__(self, scope: Scope, visit: Callable[[ast.expr], ast.expr]) -> None:
        self.scope, self.visit = scope, visit
        self._sent: set[str] = set()
        self._statements: dict[str, Callable[[ast.Call], list[ast.stmt]]] = {
            "add": self._add,
            "send": self._send,
            "write": self._write,
        }
        """Verbs that are statements of their own."""
        self._expressions: dict[str, Callable[[ast.Call], ast.expr]] = {
            "draw": self._draw,
            "read": self._read,
            "ties": self._ties,
            "tie": self._tie,
        }
        """Verbs that give a number."""

    def verb(self, node: ast.expr) -> str:
        """The verb that is called, or an empty text where something else stands.

        Parameters
        ----------
        node : ast.expr
            An expression of the kernel.

        Returns
        -------
        str
        """
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return ""
        return node.func.id if node.func.id in self.scope.arguments else ""

    def statement(self, verb: str, node: ast.expr) -> list[ast.stmt]:
        """The statements for a verb that stands alone.

        Parameters
        ----------
        verb : str
            The verb, or an empty text.
        node : ast.expr
            Its call.

        Returns
        -------
        list of ast.stmt
        """
        if verb not in self._statements or not isinstance(node, ast.Call):
            allowed = " and ".join(f"`{name}`" for name in sorted(self._statements) if name in self.scope.table.takes)
            raise self.scope.error(node, f"{ast.unparse(node)}: its result is lost. Only {allowed} stand alone.")
        return self._statements[verb](node)

    def expression(self, verb: str, node: ast.Call) -> ast.expr:
        """The expression for a verb inside another expression.

        Parameters
        ----------
        verb : str
            The verb.
        node : ast.Call
            Its call.

        Returns
        -------
        ast.expr
        """
        if verb not in self._expressions:
            raise self.scope.error(node, f"`{verb}` is a statement of its own.")
        return self._expressions[verb](node)

    def _add(self, node: ast.Call) -> list[ast.stmt]:
        """`add("sum", amount)`: the sum counts whole units, so that no order of adding changes it."""
        slot, scale = self.scope.table.sums[self._declared(node, self.scope.table.sums, "sum")]
        if len(node.args) > 2:
            raise self.scope.error(node, f"{ast.unparse(node)}: `add` takes a sum and an amount.")
        self.scope.result.loop_variables |= {"_sums", "_row", "_cell"}
        amount = self.visit(node.args[1]) if len(node.args) > 1 else ast.Constant(1)
        text = ast.unparse(amount) if scale == 1 else f"({ast.unparse(amount)}) * {float(scale)}"
        # A literal is whole already; anything else is cut to a whole number of units.
        is_literal = isinstance(amount, ast.Constant) and text.isdigit()
        place = f"_sums[_row, _cell, {slot}]"
        if self.scope.table.checks_sums and not (is_literal and int(text) <= SMALL):
            return self.scope.parse(f"{place} = {self.scope.helper(stopped_sum)}({place}, {text})", node)
        return self.scope.parse(f"{place} += {text if is_literal else f'_whole({text})'}", node)

    def _send(self, node: ast.Call) -> list[ast.stmt]:
        """`send("inbox", citizen, number)` or, for an inbox of several elements, `send("inbox", citizen, number, element)`.

        A block has room for one letter from each of its citizens in each channel, so that no thread ever waits for
        another; that is why a kernel sends to an inbox in one place and outside loops.
        """
        inbox = self._declared(node, self.scope.table.channels, "inbox")
        how = self.scope.table.packed.get(Symbol("me", inbox))
        if self.scope.while_depth or inbox in self._sent or len(node.args) != (4 if how else 3):
            form = f"send(inbox, citizen, number{', element' if how else ''})"
            raise self.scope.error(node, f"`send` to {inbox} must stand once, outside loops: {form}.")
        # Two calls in two branches would each be one letter at most, but nothing proves here that only one is reached.
        self._sent.add(inbox)
        self.scope.result.loop_variables |= {"_post_target", "_post_amount", "_post_count", "_row", "_first"}
        channel = self.scope.table.channels[inbox]
        target, number, *index = (ast.unparse(self.visit(argument)) for argument in node.args[1:])
        amount = packing.placed(how, index[0], number) if how else f"_fit({number}, {-(2**31)}, {2**31 - 1})"
        return self.scope.parse(
            f"_posted = _post_count[_row, {channel}]\n"
            f"_post_target[{channel}, _first + _posted] = _address({target})\n"
            f"_post_amount[{channel}, _first + _posted] = {amount}\n"
            f"_post_count[_row, {channel}] = _posted + 1",
            node,
        )

    def _write(self, node: ast.Call) -> list[ast.stmt]:
        """`write("column", citizen, value)`: changes another citizen's column, in the sequential schedule."""
        owned = self.scope.table.owned["me"] & set(self.scope.table.others)
        name = self._declared(node, sorted(owned), "column of its own")
        if len(node.args) != 3:
            raise self.scope.error(node, f"{ast.unparse(node)}: write(column, citizen, value).")
        self.scope.result.loop_variables |= agent_access.USES["write"]
        citizen, value = (ast.unparse(self.visit(argument)) for argument in node.args[1:])
        dtype = self.scope.table.dtypes[Symbol("me", name)]
        return self.scope.parse(agent_access.writing(name, dtype, citizen, value), node)

    def _draw(self, node: ast.Call) -> ast.expr:
        """`draw("purpose", date)`: a call of the generator, or a word of the call that the loop has made already."""
        shared, draws = self.scope.table.shared_draws, self.scope.table.draws
        purpose = self._declared(node, (*draws, *shared), "draw")
        if len(node.args) > (1 if purpose in shared else 2):
            text = "a draw takes its purpose, and a date unless it is a shared one."
            raise self.scope.error(node, f"{ast.unparse(node)}: {text}")
        if purpose in shared:
            # The loop has made the call: it costs once what each of these draws would cost.
            name = shared_word(shared[purpose])
            self.scope.result.shared_words.add(shared[purpose])
            self.scope.result.loop_variables.add(name)
            return ast.copy_location(ast.Name(name, ast.Load()), node)
        self.scope.result.loop_variables |= {"_key0", "_key1", "_entity", "week"}
        # The date may be any number that identifies a thing: it is a part of the key, not a time.
        when = f"_whole({ast.unparse(self.visit(node.args[1]))})" if len(node.args) > 1 else "week"
        number, (call, word) = stream(self.scope.table.stream_name), divmod(draws.index(purpose), WORDS)
        return self.scope.expression(f"_draw(_key0, _key1, {number}, {call}, {word}, _entity, {when})", node)

    def _read(self, node: ast.Call) -> ast.expr:
        """`read("field", citizen)`: a trait or column of another citizen."""
        name = self._declared(node, self.scope.table.others, "trait or column")
        (index,) = self._numbers(node, node.args[1:], 1)
        array = self.scope.table.others[name]
        self.scope.result.loop_variables |= agent_access.USES[array]
        dtype = self.scope.table.dtypes[Symbol("me", name)]
        return self.scope.expression(agent_access.reading(name, dtype, array, index), node)

    def _ties(self, node: ast.Call) -> ast.expr:
        """`ties(citizen)`: how many contacts they have."""
        return self._walk("ties", node, 1)

    def _tie(self, node: ast.Call) -> ast.expr:
        """`tie(citizen, number)`: one of their contacts."""
        return self._walk("tie", node, 2)

    def _walk(self, verb: str, node: ast.Call, count: int) -> ast.expr:
        numbers = self._numbers(node, node.args, count)
        self.scope.result.loop_variables |= agent_access.USES[verb]
        return self.scope.expression(f"{agent_access.CALLS[verb]}, {', '.join(numbers)})", node)

    def _numbers(self, node: ast.Call, arguments: list[ast.expr], count: int) -> list[str]:
        if len(arguments) != count:
            forms = "read(field, citizen), ties(citizen), tie(citizen, number)"
            raise self.scope.error(node, f"{ast.unparse(node)}: {forms}.")
        return [ast.unparse(self.visit(argument)) for argument in arguments]

    def _declared(self, node: ast.Call, allowed: Iterable[str], what: str) -> str:
        """The first argument, which must be one of the names that the mechanism declares."""
        first, names = node.args[0] if node.args else None, list(allowed)
        name = self._name(first)
        if name not in names:
            came = ast.unparse(first) if first is not None else "nothing"
            raise self.scope.error(node, f"{came} is not a declared {what}. Declared: {', '.join(names) or 'none'}.")
        return name

    def _name(self, node: ast.expr | None) -> str:
        """The name that a text gives, as in `add(f"restricted_{k}")` in a loop over constants; empty for anything else."""
        if isinstance(node, ast.Constant):
            return str(node.value)
        if not isinstance(node, ast.JoinedStr):
            return ""
        parts = [
            self._name(part) if isinstance(part, ast.Constant) else self.scope.integer(part.value)
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        ]
        return "" if None in parts else "".join(map(str, parts))
