"""Expressions over what a study measured: «control > 0.05 and governance < 0.01».

A measure's name is what the regime changes in it; `name.reference` and `name.regime` are its levels in the two worlds.
There are numbers, + - * /, the comparisons < <= > >=, and `and`, `or`, `not`; nothing else. Text is parsed with Python's
own grammar and then walked node by node: it is never run.
"""

import ast
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import ScenarioError
from glasshouse.model.measure import Measure
from glasshouse.scenario.messages import nearest, shown_word

Numbers = NDArray[np.float64]
Sort = Literal["number", "truth"]

LONGEST = 1000
"""Characters that an expression may have."""
WORLDS = ("reference", "regime")
HOW = "Write, for instance, control > 0.05 and governance < 0.01."


@dataclass(frozen=True)
class Expression:
    """A checked expression: its text, and the names in it in the order in which they come first."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr = field(repr=False, compare=False)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures named, without the worlds."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.names))

    @property
    def sign(self) -> tuple[str, Literal[-1, 1]] | None:
        """A measure and +1 or -1 where the expression says no more than that one is above or below nought."""
        match self.tree:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Gt() | ast.Lt() as way], comparators=[ast.Constant(0)]):
                return name, 1 if isinstance(way, ast.Gt) else -1
        return None

    def holds(self, values: Mapping[str, Numbers]) -> Numbers:
        """1 where it holds, 0 where it does not, NaN where a name or a quotient in it is undefined.

        `values` has an array for each name, all of one shape, which is that of the answer.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return _walked(self.tree, values, _compared, lambda truth: np.asarray(1.0 - truth))

    def margin(self, values: Mapping[str, Numbers]) -> Numbers:
        """How far it is from turning: above nought where it holds, below where it does not, NaN where it is undefined.

        A comparison's margin is the difference of its sides in standard deviations over the array; the least of several
        is that of `and`, the greatest that of `or` (Fainekos and Pappas 2009, doi:10.1016/j.tcs.2009.06.021).
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return _walked(self.tree, values, _distance, np.negative)


def names_of(measures: Iterable[type[Measure]]) -> tuple[str, ...]:
    """All that an expression over these measures may name."""
    return tuple(
        name
        for measure in measures
        for name in (measure.name, *(() if measure.is_between() else (f"{measure.name}.{world}" for world in WORLDS)))
    )


def parse(text: str, known: Iterable[str]) -> Expression:
    """The expression that a text is; `known` are the names it may use. ScenarioError with every fault, without a place."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise ScenarioError(f"the expression has {len(text):,} characters, where 1 to {LONGEST:,} are expected. {HOW}")
    if "#" in text:
        # Python would take the rest for a comment and silently leave it out.
        raise ScenarioError(f"the expression has a «#», and what follows would not count. {HOW}")
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        where = f" at character {error.offset}" if error.offset else ""
        raise ScenarioError(f"the expression is not complete or not in order{where}. {HOW}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ScenarioError(
            f"the expression cannot be read: it holds what is no text, or nests too deep. {HOW}"
        ) from None
    check = _Check(tuple(known))
    if check.sort(tree) == "number":
        check.fault(
            f"{_said(tree)} is a number, not something that holds or does not. Compare it, for instance with > 0."
        )
    if not check.names and not check.faults:
        check.fault("the expression names no measure, so that no study could decide it")
    if check.faults:
        raise ScenarioError(*check.faults)
    return Expression(text, tuple(check.names), tree)


class _Check:
    """Walks an expression, gathers its names and faults, and knows numbers from what holds or does not."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known
        self.names: dict[str, None] = {}
        self.faults: list[str] = []

    def fault(self, text: str) -> None:
        if text not in self.faults:
            self.faults.append(text)

    def sort(self, node: ast.expr) -> Sort | None:
        """Whether a part is a number or a truth; None for one with a fault."""
        match node:
            case ast.BoolOp(values=parts):
                return self._all(parts, "truth", "truth")
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return self._all([part], "truth", "truth")
            case ast.Compare(left=left, ops=ops, comparators=rest):
                for way in ops:
                    if not isinstance(way, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                        self.fault(f"{_said(node)} compares otherwise than by <, <=, > or >=. Use one of these.")
                return self._all([left, *rest], "number", "truth")
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
                return self._all([left, right], "number", "number")
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=part):
                return self._all([part], "number", "number")
            case ast.Constant(value=value):
                return self._number(node, value)
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=ast.Name(id=name), attr=world):
                return self._name(f"{name}.{world}")
        self.fault(f"{_said(node)} is nothing that an expression may hold. {HOW}")
        return None

    def _all(self, parts: list[ast.expr], wanted: Sort, made: Sort) -> Sort:
        """Every part must be of the sort wanted; the whole is of the sort that is made of them."""
        for part in parts:
            found = self.sort(part)
            if found is not None and found != wanted:
                if wanted == "truth":
                    self.fault(f"{_said(part)} is a number, where something that holds or not is expected. Compare it.")
                else:
                    self.fault(
                        f"{_said(part)} holds or does not, where a number is expected. Take the comparison away."
                    )
        return made

    def _number(self, node: ast.expr, value: object) -> Sort | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
            self.fault(f"{_said(node)} is no number that an expression may hold. Give one such as 0.05.")
            return None
        return "number"

    def _name(self, name: str) -> Sort | None:
        if name in self.known:
            self.names[name] = None
            return "number"
        measure, _, world = name.partition(".")
        if world in WORLDS and measure in self.known:
            self.fault(f"{measure} exists only between the two worlds and has no {world}. Write {measure} alone.")
        else:
            self.fault(f"measure {shown_word(name)} is not known.{nearest(name, self.known)}")
        return None


def _said(node: ast.expr) -> str:
    """A part as messages repeat it."""
    text = ast.unparse(node)
    return f"«{text if len(text) <= 60 else f'{text[:59]}…'}»"


def _walked(
    node: ast.expr,
    values: Mapping[str, Numbers],
    compared: Callable[[ast.cmpop, Numbers, Numbers], Numbers],
    turned: Callable[[Numbers], Numbers],
) -> Numbers:
    """What comparisons give, joined; the least and the greatest of several carry NaN on, as `and` and `or` shall."""
    match node:
        case ast.BoolOp(op=way, values=parts):
            joined = np.minimum if isinstance(way, ast.And) else np.maximum
            return reduce(joined, (_walked(part, values, compared, turned) for part in parts))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return turned(_walked(part, values, compared, turned))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            sides = [_number(part, values) for part in (left, *rest)]
            return reduce(np.minimum, [compared(way, *pair) for way, pair in zip(ops, pairwise(sides), strict=True)])
    raise AssertionError(node)


def _compared(way: ast.cmpop, left: Numbers, right: Numbers) -> Numbers:
    """1, 0 or NaN."""
    ways = {ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal}
    defined = np.isfinite(left) & np.isfinite(right)
    return np.where(defined, ways[type(way)](left, right), math.nan)


def _distance(way: ast.cmpop, left: Numbers, right: Numbers) -> Numbers:
    """The greater side less the smaller, in standard deviations."""
    above = left - right if isinstance(way, ast.Gt | ast.GtE) else right - left
    known = above[np.isfinite(above)]
    spread = float(known.std()) if known.size else 0.0
    return above / spread if spread > 0.0 else above


def _number(node: ast.expr, values: Mapping[str, Numbers]) -> Numbers:
    """The figure of a part, NaN where it is undefined."""
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Attribute(value=ast.Name(id=name), attr=world):
            return values[f"{name}.{world}"]
        case ast.Constant(value=int() | float() as value):
            return np.asarray(float(value))
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return np.asarray(-_number(part, values))
        case ast.UnaryOp(operand=part):
            return _number(part, values)
        case ast.BinOp(left=left, op=way, right=right):
            ways = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}
            found = ways[type(way)](_number(left, values), _number(right, values))
            # An infinite quotient would come back as nought below another line.
            return np.where(np.isfinite(found), found, math.nan)
    raise AssertionError(node)
