"""Expressions over what a study measured: conditions such as `control > 0.05 and governance < 0.01`, and quantities.

A condition compares measures: a measure's name is what the regime changes in it; `name.reference` and `name.regime` are
its levels in the two arms. A quantity is arithmetic over sums, for instance `listed / adults`. There are numbers,
+ - * /, and in a condition the comparisons < <= > >= with `and`, `or` and `not`; nothing else. Text is parsed with
Python's own grammar and then walked node by node: it is never run.
"""

import ast
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from glasshouse.analysis import expression_values
from glasshouse.errors import ScenarioError
from glasshouse.model.measure import FloatArray, Measure
from glasshouse.scenario.messages import nearest, shown_word

Sort = Literal["number", "truth"]

MAX_CHARACTERS = 1000
"""Characters that an expression may have."""
ARMS = ("reference", "regime")


@dataclass(frozen=True)
class Language:
    """What an expression may say, and how messages speak of it."""

    sort: Sort
    noun: str
    example: str
    nameless: str
    known: tuple[str, ...] | None = None

    @property
    def advice(self) -> str:
        """How to write one."""
        return f"Write, for instance, {self.example}."


CONDITION = Language(
    "truth",
    "measure",
    "control > 0.05 and governance < 0.01",
    "the expression names no measure, so that no study could decide it",
)
QUANTITY = Language(
    "number",
    "sum",
    "listed / adults",
    "the expression names no sum. Sums are those that mechanisms record, for instance adults.",
)


@dataclass(frozen=True)
class Expression:
    """A checked expression.

    Attributes
    ----------
    text : str
        As it was written, with single spaces.
    names : tuple of str
        The names in it, in the order in which they come first.
    tree : ast.expr
        What it was parsed to.
    """

    text: str
    names: tuple[str, ...]
    tree: ast.expr = field(repr=False, compare=False)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures named, without the arms."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.names))

    @property
    def sign(self) -> tuple[str, Literal[-1, 1]] | None:
        """A measure and +1 or -1 where the expression says no more than that one is above or below zero."""
        match self.tree:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Gt() | ast.Lt() as way], comparators=[ast.Constant(0)]):
                return name, 1 if isinstance(way, ast.Gt) else -1
        return None

    def holds(self, values: Mapping[str, FloatArray]) -> FloatArray:
        """Where a condition holds.

        Parameters
        ----------
        values : mapping of str to array
            An array for each name, all of one shape.

        Returns
        -------
        array
            Of that shape: 1 where it holds, 0 where it does not, NaN where a name or a quotient in it is undefined.
        """
        return expression_values.truth(self.tree, values)

    def margin(self, values: Mapping[str, FloatArray], among: Mapping[str, FloatArray] | None = None) -> FloatArray:
        """How far a condition is from turning, after Fainekos and Pappas (2009, doi:10.1016/j.tcs.2009.06.021).

        A comparison's margin is the difference of its sides in standard deviations; the least of several is that of
        `and`, the greatest that of `or`.

        Parameters
        ----------
        values : mapping of str to array
            An array for each name, all of one shape.
        among : mapping of str to array, optional
            The values over which standard deviations are taken, with the same names; `values` if not given.

        Returns
        -------
        array
            Of that shape: above zero where it holds, below where it does not, NaN where it is undefined.
        """
        return expression_values.margin(self.tree, values, values if among is None else among)

    def value(self, values: Mapping[str, FloatArray]) -> FloatArray:
        """The value of a quantity.

        Parameters
        ----------
        values : mapping of str to array
            A number or array for each name, all arrays of one shape.

        Returns
        -------
        array
            Of that shape; NaN where it divides by zero.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = np.asarray(expression_values.quantity(self.tree, values), dtype=np.float64)
            return np.where(np.isfinite(found), found, math.nan)


def names_of(measures: Iterable[type[Measure]]) -> tuple[str, ...]:
    """All that a condition over these measures may name.

    Parameters
    ----------
    measures : iterable of type
        The measures that a study records.

    Returns
    -------
    tuple of str
        Each measure and, unless it exists only between the arms, its level in each arm.
    """
    return tuple(
        name
        for measure in measures
        for name in (measure.name, *(() if measure.is_between() else (f"{measure.name}.{arm}" for arm in ARMS)))
    )


def parse_condition(text: str, known: Iterable[str]) -> Expression:
    """Parse a condition.

    Parameters
    ----------
    text : str
        For instance “control > 0.05 and governance < 0.01”.
    known : iterable of str
        The names it may use.

    Returns
    -------
    Expression
        Something that holds or does not.

    Raises
    ------
    ScenarioError
        With every fault, without a place.
    """
    return _parse(text, replace(CONDITION, known=tuple(known)))


def joined(*conditions: Expression) -> Expression:
    """Join conditions by `and`.

    Parameters
    ----------
    *conditions : Expression
        At least one.

    Returns
    -------
    Expression
        What holds where all hold.
    """
    either = [isinstance(one.tree, ast.BoolOp) and isinstance(one.tree.op, ast.Or) for one in conditions]
    parts = [f"({one.text})" if way else one.text for one, way in zip(conditions, either, strict=True)]
    return parse_condition(" and ".join(parts), [name for one in conditions for name in one.names])


def parse_quantity(text: str) -> Expression:
    """Parse a quantity.

    Parameters
    ----------
    text : str
        For instance “listed / adults”. Any name may stand in it.

    Returns
    -------
    Expression
        Something that has a value.

    Raises
    ------
    ScenarioError
        With every fault, without a place.
    """
    return _parse(text, QUANTITY)


def _parse(text: str, language: Language) -> Expression:
    text = " ".join(text.split())
    if not text or len(text) > MAX_CHARACTERS:
        raise ScenarioError(
            f"the expression has {len(text):,} characters, where 1 to {MAX_CHARACTERS:,} are expected. {language.advice}"
        )
    if "#" in text:
        # Python would take the rest for a comment and silently leave it out.
        raise ScenarioError(f"the expression has a `#`, and what follows would not count. {language.advice}")
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        where = f" at character {error.offset}" if error.offset else ""
        raise ScenarioError(f"the expression is not complete or not in order{where}. {language.advice}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ScenarioError(
            f"the expression cannot be read: it holds what is no text, or nests too deep. {language.advice}"
        ) from None
    check = _Check(language)
    check.whole(tree)
    if check.faults:
        raise ScenarioError(*check.faults)
    return Expression(text, tuple(check.names), tree)


class _Check:
    """Walks an expression, gathers its names and faults, and tells numbers from what holds or does not.

    Parameters
    ----------
    language : Language
        What the expression may say.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.names: dict[str, None] = {}
        self.faults: list[str] = []

    def whole(self, tree: ast.expr) -> None:
        """Check that the expression as a whole is of its language's sort and names something.

        Parameters
        ----------
        tree : ast.expr
            The expression.
        """
        sort = self.sort(tree)
        if sort is not None and sort != self.language.sort:
            what, advice = (
                ("is a number, not something that holds or does not", "Compare it, for instance with > 0")
                if sort == "number"
                else ("holds or does not, where a number is expected", "Take the comparison away")
            )
            self.fault(f"{_quoted(tree)} {what}. {advice}.")
        if not self.names and not self.faults:
            self.fault(self.language.nameless)

    def fault(self, text: str) -> None:
        if text not in self.faults:
            self.faults.append(text)

    def sort(self, node: ast.expr) -> Sort | None:
        """Check a part of the expression and tell its sort.

        Parameters
        ----------
        node : ast.expr
            The part.

        Returns
        -------
        {"number", "truth"} or None
            Whether the part is a number or a truth; None for one with a fault.
        """
        match node:
            case ast.BoolOp(values=parts):
                return self._all(parts, "truth", "truth")
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return self._all([part], "truth", "truth")
            case ast.Compare(left=left, ops=ops, comparators=rest):
                for way in ops:
                    if not isinstance(way, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                        self.fault(f"{_quoted(node)} compares otherwise than by <, <=, > or >=. Use one of these.")
                return self._all([left, *rest], "number", "truth")
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
                return self._all([left, right], "number", "number")
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=part):
                return self._all([part], "number", "number")
            case ast.Constant(value=value):
                return self._number(node, value)
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=ast.Name(id=name), attr=arm) if self.language.known is not None:
                return self._name(f"{name}.{arm}")
        self.fault(f"{_quoted(node)} is nothing that an expression may hold. {self.language.advice}")
        return None

    def _all(self, parts: list[ast.expr], wanted: Sort, made: Sort) -> Sort:
        """Every part must be of the sort wanted; the whole is of the sort that is made of them."""
        for part in parts:
            found = self.sort(part)
            if found is not None and found != wanted:
                if wanted == "truth":
                    self.fault(
                        f"{_quoted(part)} is a number, where something that holds or not is expected. Compare it."
                    )
                else:
                    self.fault(
                        f"{_quoted(part)} holds or does not, where a number is expected. Take the comparison away."
                    )
        return made

    def _number(self, node: ast.expr, value: object) -> Sort | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
            self.fault(f"{_quoted(node)} is no number that an expression may hold. Give one such as 0.05.")
            return None
        return "number"

    def _name(self, name: str) -> Sort | None:
        known, noun = self.language.known, self.language.noun
        if known is None or name in known:
            self.names[name] = None
            return "number"
        measure, _, arm = name.partition(".")
        if arm in ARMS and measure in known:
            self.fault(f"{measure} exists only between the two arms and has no {arm}. Write {measure} alone.")
        else:
            self.fault(f"{noun} {shown_word(name)} is not known.{nearest(name, known)}")
        return None


def _quoted(node: ast.expr) -> str:
    """A part as messages repeat it."""
    text = ast.unparse(node)
    return f"`{text if len(text) <= 60 else f'{text[:59]}…'}`"
