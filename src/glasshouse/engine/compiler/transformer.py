"""Rewrites the statements of one kernel or helper: records become names, verbs become stores and calls.

Everything here works on syntax trees; nothing is run. What the statements mention, assign and lean on is noted for
whoever chains the rewritten kernels.
"""

import ast
import copy
from collections.abc import Mapping
from types import FunctionType
from typing import Any

import numpy as np

from glasshouse.engine.compiler import agent_access, grammar, packing
from glasshouse.engine.compiler.symbols import (
    ARGUMENTS,
    BUILTINS,
    CROWDS,
    LOOKING,
    CompiledFunction,
    SymbolTable,
    narrow,
)
from glasshouse.errors import CompilationError
from glasshouse.model.declarations import Packing
from glasshouse.rng import stream

STANDING = frozenset({"add", "send", "write"})
"""Verbs that are statements; the others give a number."""

TURNS = 256
"""Times that a loop over constants may be unrolled."""


class KernelTransformer(ast.NodeTransformer):
    """Rewrites statements one by one, noting what they mention, assign and lean on."""

    def __init__(
        self, vocabulary: SymbolTable, names: Mapping[str, Any], tree: ast.FunctionDef, result: CompiledFunction
    ) -> None:
        self.vocabulary, self.names, self.result, self.tree = vocabulary, names, result, tree
        arguments = {argument.arg for argument in tree.args.args}
        self.helper = not vocabulary.takes
        self.asked = frozenset() if self.helper else frozenset(arguments)
        self.locals = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.readable = self.locals | (arguments if self.helper else set())
        self.mentioned: set[str] = set()
        self.assigned: set[str] = set()
        self.crowd_names = sorted(f"{c}_{s}" for c in CROWDS for s in vocabulary.known.get(c, ()) if s != "number")
        self.looks = False
        self.look_here = False
        self.in_loop = self.carried = 0
        self.sent: set[str] = set()

    def fault(self, node: ast.AST, text: str) -> CompilationError:
        return CompilationError(f"{self.vocabulary.label}, line {getattr(node, 'lineno', '?')} of the kernel: {text}")

    def body(self) -> list[ast.stmt]:
        """All statements rewritten, after a check that each is within the grammar."""
        grammar.syntax(self.tree, BUILTINS | self.asked, self.fault)
        return [statement for old in self.tree.body for statement in self.statements(old)]

    def check(self, body: list[ast.stmt], whole: set[str], given: set[str]) -> bool:
        """Checks of the rewritten body; True if its end can be reached."""
        grammar.division(body, self.locals - given, frozenset(whole), self.fault)
        return grammar.flow(body, self.locals | given, given, self.fault)

    def written(self, text: str, place: ast.AST) -> list[ast.stmt]:
        """Statements from text that stand for the code at `place`."""
        statements = ast.parse(text).body
        for statement in statements:
            for node in ast.walk(statement):
                ast.copy_location(node, place)
        return statements

    def statements(self, node: ast.stmt) -> list[ast.stmt]:
        """One statement rewritten, with the look at the contacts before it where it needs their counts."""
        outer, self.look_here = self.look_here, False
        verb = self.verb(node.value) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else ""
        if isinstance(node, ast.For):
            result = self.unrolled(node)
        elif isinstance(node, ast.If | ast.While):
            result = [self.compound(node)]
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if verb not in STANDING:
                raise self.fault(node, f"{ast.unparse(node)}: its result is lost. Only {self.standing()} stand alone.")
            result = getattr(self, verb)(node.value)
        elif isinstance(node, ast.Assign | ast.AugAssign):
            result = self.assignment(node)
        else:
            result = [self.visit(node)]
        look = self.look_here
        self.look_here = outer
        if not look:
            return result
        counts = ", ".join(self.crowd_names)
        asked = f"if not looked:\n    ({counts},) = _look({', '.join(LOOKING)})\n    looked = True"
        return [*self.written(asked, node), *result]

    def compound(self, node: ast.If | ast.While) -> ast.stmt:
        test = self.visit(node.test)
        looked = self.look_here
        self.in_loop += isinstance(node, ast.While)
        body = [new for old in node.body for new in self.statements(old)] or [ast.Pass()]
        orelse = [new for old in node.orelse for new in self.statements(old)]
        self.in_loop -= isinstance(node, ast.While)
        self.look_here = looked
        made = ast.If(test, body, orelse) if isinstance(node, ast.If) else ast.While(test, body, [])
        return ast.copy_location(made, node)

    def assignment(self, node: ast.Assign | ast.AugAssign) -> list[ast.stmt]:
        """An assignment; what goes to a whole-number or yes-no field is narrowed to it at once."""
        if isinstance(node, ast.AugAssign):
            read = copy.deepcopy(node.target)
            read.ctx = ast.Load()
            sum_of = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
            node = ast.copy_location(ast.Assign([node.target], sum_of), node)
        value = self.visit(node.value)
        stores: list[ast.stmt] = []
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            return [self.store(node.targets[0], value)]
        targets = [self.target(target, stores) for target in node.targets]
        return [ast.copy_location(ast.Assign(targets, value), node), *stores]

    def target(self, node: ast.expr, stores: list[ast.stmt]) -> ast.expr:
        """A target of an assignment of several; fields take their values from names in statements added to `stores`."""
        if isinstance(node, ast.Tuple):
            made: ast.expr = ast.Tuple([self.target(element, stores) for element in node.elts], ast.Store())
        elif isinstance(node, ast.Name):
            made = node
        else:
            self.carried += 1
            made = ast.Name(f"_new{self.carried}", ast.Store())
            stores.append(self.store(node, ast.Name(made.id, ast.Load())))
        return ast.copy_location(made, node)

    def store(self, node: ast.expr, value: ast.expr) -> ast.stmt:
        """The statement that puts `value` into a field of a record."""
        packed = self.packed(node)
        record, attribute = packed[:2] if packed else self.field(node)
        if attribute not in self.vocabulary.owned.get(record, ()):
            raise self.fault(node, f"{record}.{attribute} belongs to another mechanism; only its owner assigns it.")
        dtype = self.vocabulary.dtypes[record, attribute]
        place = f"{record}_{attribute}"
        self.mentioned.add(place)
        self.assigned.add(place)
        text = ast.unparse(value)
        if packed:
            return self.written(f"{place} = {packing.replaced(place, *packed[2:], text)}", node)[0]
        return self.written(f"{place} = {text if dtype.kind == 'f' else narrow(dtype, text)}", node)[0]

    def unrolled(self, node: ast.For) -> list[ast.stmt]:
        bounds = None
        if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name) and node.iter.func.id == "range":
            bounds = [self.constant(argument) for argument in node.iter.args]
        if (
            not bounds
            or None in bounds
            or len(bounds) > 3
            or not isinstance(node.target, ast.Name)
            or bounds[2:] == [0]
        ):
            raise self.fault(node, "a «for» runs over range(constant) only, so that it can be unrolled. Use «while».")
        if any(grammar.leaves(statement) for statement in node.body):
            raise self.fault(node, "an unrolled «for» cannot break or continue. Use «if» or «while».")
        values = range(*[bound for bound in bounds if bound is not None])
        if len(values) > TURNS:
            raise self.fault(
                node, f"a «for» of {len(values)} turns is too long to unroll ({TURNS} at most). Use «while»."
            )
        result: list[ast.stmt] = []
        for value in values:
            for statement in node.body:
                result += self.statements(grammar.Substitute(node.target.id, value).visit(copy.deepcopy(statement)))
        return result

    def constant(self, node: ast.expr) -> int | None:
        """The value of a whole-number expression of constants, or None."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return int(node.value)
        if isinstance(node, ast.Name) and node.id not in self.readable and isinstance(self.names.get(node.id), int):
            return int(self.names[node.id])
        if isinstance(node, ast.Subscript):
            element = self.element(node)
            return int(element) if isinstance(element, int) else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.constant(node.operand)
            return None if inner is None else -inner
        if isinstance(node, ast.BinOp):
            left, right = self.constant(node.left), self.constant(node.right)
            if left is not None and right is not None:
                operation = {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}
                return operation.get(type(node.op))
        return None

    def element(self, node: ast.Subscript) -> Any:
        """The element of a global tuple at a constant index, or None where it is something else."""
        sequence = self.names.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if not isinstance(sequence, tuple) or getattr(node.value, "id", "") in self.readable:
            return None
        index = self.constant(node.slice)
        if index is None:
            return None
        if not -len(sequence) <= index < len(sequence):
            raise self.fault(node, f"{ast.unparse(node)}: the tuple has {len(sequence)} elements.")
        return sequence[index]

    def verb(self, node: ast.Call) -> str:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name if name in self.asked else ""

    def purpose(self, node: ast.Call, allowed: Mapping[str, Any] | tuple[str, ...], what: str) -> str:
        first = node.args[0] if node.args else None
        if not isinstance(first, ast.Constant) or first.value not in allowed:
            came = ast.unparse(first) if first is not None else "nothing"
            raise self.fault(node, f"{came} is not a declared {what}. Declared: {', '.join(allowed) or 'none'}.")
        return str(first.value)

    def add(self, node: ast.Call) -> list[ast.stmt]:
        slot, scale = self.vocabulary.sums[self.purpose(node, self.vocabulary.sums, "sum")]
        if len(node.args) > 2:
            raise self.fault(node, f"{ast.unparse(node)}: «add» takes a sum and an amount.")
        self.result.uses |= {"_sums", "_row", "_cell"}
        amount = self.visit(node.args[1]) if len(node.args) > 1 else ast.Constant(1)
        text = ast.unparse(amount) if scale == 1 else f"({ast.unparse(amount)}) * {float(scale)}"
        counted = text if isinstance(amount, ast.Constant) and text.isdigit() else f"_whole({text})"
        return self.written(f"_sums[_row, _cell, {slot}] += {counted}", node)

    def send(self, node: ast.Call) -> list[ast.stmt]:
        inbox = self.purpose(node, self.vocabulary.channels, "inbox")
        packed = self.vocabulary.packed.get(("me", inbox))
        if self.in_loop or inbox in self.sent or len(node.args) != (4 if packed else 3):
            form = f"send(inbox, citizen, number{', element' if packed else ''})"
            raise self.fault(node, f"`send` to {inbox} must stand once, outside loops: {form}.")
        self.sent.add(inbox)
        self.result.uses |= {"_post_target", "_post_amount", "_post_count", "_row", "_first"}
        channel = self.vocabulary.channels[inbox]
        target, number, *index = (ast.unparse(self.visit(argument)) for argument in node.args[1:])
        amount = packing.placed(packed, index[0], number) if packed else f"_fit({number}, {-(2**31)}, {2**31 - 1})"
        return self.written(
            f"_posted = _post_count[_row, {channel}]\n"
            f"_post_target[{channel}, _first + _posted] = _address({target})\n"
            f"_post_amount[{channel}, _first + _posted] = {amount}\n"
            f"_post_count[_row, {channel}] = _posted + 1",
            node,
        )

    def write(self, node: ast.Call) -> list[ast.stmt]:
        """The statement that changes another citizen's column."""
        owned = self.vocabulary.owned["me"] & set(self.vocabulary.others)
        name = self.purpose(node, tuple(sorted(owned)), "column of its own")
        if len(node.args) != 3:
            raise self.fault(node, f"{ast.unparse(node)}: write(column, citizen, value).")
        self.result.uses |= agent_access.USES["write"]
        whom, value = (ast.unparse(self.visit(argument)) for argument in node.args[1:])
        return self.written(agent_access.writing(name, self.vocabulary.dtypes["me", name], whom, value), node)

    def other(self, node: ast.Call, verb: str) -> ast.expr:
        """What is read of another citizen: a field, how many contacts he has, or one of them."""
        name = self.purpose(node, self.vocabulary.others, "trait or column") if verb == "read" else ""
        asked = [ast.unparse(self.visit(argument)) for argument in node.args[verb == "read" :]]
        if len(asked) != (2 if verb == "tie" else 1):
            raise self.fault(node, f"{ast.unparse(node)}: read(field, citizen), ties(citizen), tie(citizen, number).")
        array = self.vocabulary.others.get(name, verb)
        self.result.uses |= agent_access.USES[array]
        if verb == "read":
            text = agent_access.reading(name, self.vocabulary.dtypes["me", name], array, asked[0])
        else:
            text = f"{agent_access.CALLS[verb]}, {', '.join(asked)})"
        return self.expression(text, node)

    def draw(self, node: ast.Call) -> ast.expr:
        """The draw as a call of the generator, or the name of the everyday draw that the loop holds already."""
        shared_draws, draws = self.vocabulary.shared_draws, self.vocabulary.draws
        purpose = self.purpose(node, (*draws, *shared_draws), "draw")
        if len(node.args) > (1 if purpose in shared_draws else 2):
            raise self.fault(
                node, f"{ast.unparse(node)}: a draw takes its purpose, and a date unless it is an everyday one."
            )
        if purpose in shared_draws:
            name = f"_everyday{shared_draws[purpose]}"
            self.result.uses.add(name)
            return ast.copy_location(ast.Name(name, ast.Load()), node)
        self.result.uses |= {"_key0", "_key1", "_entity", "week"}
        when = f"_whole({ast.unparse(self.visit(node.args[1]))})" if len(node.args) > 1 else "week"
        number, place = stream(self.vocabulary.stream_name), draws.index(purpose)
        return self.expression(f"_draw(_key0, _key1, {number}, {place // 4}, {place % 4}, _entity, {when})", node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        verb = self.verb(node)
        if verb == "draw":
            return self.draw(node)
        if verb in STANDING:
            raise self.fault(node, f"«{verb}» is a statement of its own.")
        if verb in agent_access.VERBS:
            return self.other(node, verb)
        if isinstance(node.func, ast.Name) and node.func.id == "any" and "any" not in self.names:
            return self.any_of(node)
        if not isinstance(node.func, ast.Name) or node.func.id in self.readable | {"range"}:
            raise self.fault(node, f"{ast.unparse(node)}: only plain functions can be called.")
        node.args = [self.visit(argument) for argument in node.args]
        node.func = self.visit(node.func)
        if not isinstance(node.func, ast.Name) or node.func.id in self.result.tables:
            raise self.fault(node, f"{ast.unparse(node)}: only plain functions can be called.")
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            raise self.fault(node, f"{node.value!r} is a text; kernels compute with numbers.")
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        packed = self.packed(node)
        if packed:
            self.mentioned.add(f"{packed[0]}_{packed[1]}")
            return self.expression(packing.element(f"{packed[0]}_{packed[1]}", *packed[2:]), node)
        choice = self.choice(node)
        if choice is not None:
            return choice
        if isinstance(node.value, ast.Attribute):
            return self.load(*self.field(node), node)
        element = self.element(node)
        if isinstance(element, bool | int | float):
            return self.number(element, node)
        node.value = self.visit(node.value)
        table = self.result.tables.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if table is None:
            raise self.fault(node, f"{ast.unparse(node)}: only vectors, tables and tuples of numbers have elements.")
        index = self.constant(node.slice)
        if index is not None and not 0 <= index < len(table):
            raise self.fault(node, f"{ast.unparse(node)}: the table has {len(table)} elements, counted from 0.")
        node.slice = self.visit(node.slice)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self.load(*self.field(node), node)

    def field(self, node: ast.expr) -> tuple[str, str]:
        """Record and field that `record.field` or `record.vector[constant]` names; refuses what is not there."""
        index = self.constant(node.slice) if isinstance(node, ast.Subscript) else None
        base = node.value if isinstance(node, ast.Subscript) else node
        if isinstance(node, ast.Subscript) and index is None:
            raise self.fault(node, f"{ast.unparse(node)}: the index of a vector must be a constant.")
        if not isinstance(base, ast.Attribute) or not isinstance(base.value, ast.Name):
            raise self.fault(node, f"{ast.unparse(node)} is not understood: records have plain fields.")
        record, attribute = base.value.id, base.attr if index is None else f"{base.attr}_{index}"
        known = self.vocabulary.known.get(record, frozenset())
        if record not in self.asked:
            raise self.fault(node, f"{record} is not an argument of this kernel. It takes: {self.takes()}.")
        if attribute not in known or (record, attribute) in self.vocabulary.packed:
            why = "no mechanism shows that signal." if record in CROWDS else "no mechanism or trait gives that."
            if f"{attribute}_0" in known or attribute in known:
                why = f"it is a vector. Give an index, as in {record}.{attribute}[0]."
            raise self.fault(node, f"{record}.{attribute}: {why}")
        return record, attribute

    def packed(self, node: ast.expr) -> tuple[str, str, Packing, str] | None:
        """Record, field, packing and rewritten index where `record.field[index]` is an element of a packed field."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Attribute):
            return None
        base = node.value
        record = base.value.id if isinstance(base.value, ast.Name) else ""
        found = self.vocabulary.packed.get((record, base.attr)) if record in self.asked else None
        if found is None:
            return None
        index = self.constant(node.slice)
        if index is not None and not 0 <= index < found.length:
            raise self.fault(node, f"{ast.unparse(node)}: the vector has {found.length} elements, counted from 0.")
        text = str(index) if index is not None else ast.unparse(self.visit(copy.deepcopy(node.slice)))
        return record, base.attr, found, text

    def choice(self, node: ast.Subscript) -> ast.expr | None:
        """An element of a parameter vector or a tuple of numbers at an index that is known only at run time.

        None for all other elements. The compiled pass takes the last element for an index beyond the end, at which the
        interpreter stops.
        """
        base = node.value
        if self.constant(node.slice) is not None:
            return None
        if isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name) and base.value.id == "p":
            known = self.vocabulary.known.get("p", frozenset())
            elements: list[ast.expr] = []
            while f"{base.attr}_{len(elements)}" in known:
                elements.append(self.load("p", f"{base.attr}_{len(elements)}", node))
        elif isinstance(base, ast.Name) and base.id not in self.readable:
            sequence = self.names.get(base.id)
            numbers = sequence if isinstance(sequence, tuple) else ()
            elements = [self.number(n, node) for n in numbers if isinstance(n, bool | int | float)]
        else:
            return None
        if not elements:
            return None
        index = self.visit(node.slice)
        if not isinstance(index, ast.Name):
            raise self.fault(node, f"{ast.unparse(node)}: the index must be a constant, a local or a field.")
        *others, chosen = enumerate(elements)
        made = chosen[1]
        for k, element in reversed(others):
            made = ast.IfExp(ast.Compare(index, [ast.Eq()], [ast.Constant(k)]), element, made)
        return ast.copy_location(made, node)

    def any_of(self, node: ast.Call) -> ast.expr:
        """`any(record.vector)`: whether some element is not zero."""
        base = node.args[0] if len(node.args) == 1 else None
        if not isinstance(base, ast.Attribute) or not isinstance(base.value, ast.Name):
            raise self.fault(node, f"{ast.unparse(node)}: `any` takes one vector, as in any(me.filed).")
        record, name = base.value.id, base.attr
        known = self.vocabulary.known.get(record, frozenset()) if record in self.asked else frozenset()
        if (record, name) in self.vocabulary.packed:
            fields = [name]
        else:
            fields = [f"{name}_{k}" for k in range(len(known)) if f"{name}_{k}" in known]
        if not fields:
            raise self.fault(node, f"{ast.unparse(node)}: {record}.{name} is not a vector.")
        tests = [ast.unparse(self.load(record, field, node)) + " != 0" for field in fields]
        return self.expression(f"({' or '.join(tests)})", node)

    def expression(self, text: str, place: ast.AST) -> ast.expr:
        """An expression from text that stands for the code at `place`."""
        statement = self.written(text, place)[0]
        assert isinstance(statement, ast.Expr)
        return statement.value

    def load(self, record: str, attribute: str, node: ast.expr) -> ast.expr:
        """The field as a plain name."""
        name = f"{record}_{attribute}"
        self.mentioned.add(name)
        if record in CROWDS and attribute != "number":
            self.looks = self.look_here = True
            self.result.uses |= set(LOOKING)
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def standing(self) -> str:
        return " and ".join(f"«{verb}»" for verb in sorted(STANDING & self.vocabulary.takes))

    def takes(self) -> str:
        return ", ".join(sorted(self.vocabulary.takes)) or "nothing but its own arguments"

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if self.helper == (node.value is None):
            text = "a helper returns a number." if self.helper else "a kernel returns nothing; it assigns its columns."
            raise self.fault(node, text)
        return ast.copy_location(ast.Return(self.visit(node.value) if node.value is not None else None), node)

    def number(self, value: float, node: ast.expr) -> ast.expr:
        """A global number as a literal."""
        plain = value if isinstance(value, bool) else int(value) if isinstance(value, int) else float(value)
        constant = ast.copy_location(ast.Constant(plain), node)
        grammar.literal(constant, self.fault)
        return constant

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.readable:
            return node
        if node.id == "week" and "week" in self.asked:
            self.result.uses.add("week")
            return node
        if node.id in ARGUMENTS - {"week"} and not self.helper and node.id not in self.names:
            how = "name one of its fields" if node.id in self.asked else f"ask for it; this kernel takes {self.takes()}"
            raise self.fault(node, f"{node.id} cannot stand here: {how}.")
        value = self.names.get(node.id)
        if node.id in BUILTINS and value is None:
            return ast.copy_location(ast.Name("_whole" if node.id == "int" else node.id, ast.Load()), node)
        if isinstance(value, bool | int | float):
            return self.number(value, node)
        if isinstance(value, FunctionType | np.ndarray):
            return ast.copy_location(ast.Name(self.leaned(node, value), ast.Load()), node)
        raise self.fault(node, f"{node.id} is not a local, a number, a table or a plain function.")

    def leaned(self, node: ast.Name, value: Any) -> str:
        """Notes a helper or table and returns the name it has in the woven file."""
        if isinstance(value, FunctionType):
            name = f"{value.__module__}.{value.__qualname__}"
            kept: dict[str, Any] = self.result.helpers
        else:
            if value.ndim != 1 or value.dtype.kind not in "biuf" or not np.isfinite(value).all() or value.dtype == "u8":
                raise self.fault(node, f"{node.id}: a table is a one-dimensional NumPy array of finite numbers.")
            name = f"{self.names.get('__name__', '')}.{node.id}"
            kept = self.result.tables
        name = name.replace(".", "__").replace("<", "").replace(">", "")
        kept[name] = value
        return name
