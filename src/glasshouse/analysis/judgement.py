"""A condition judged on one run: by the intervals of the figures that it names, not by their means.

Arithmetic is done on intervals (Moore 1966), which assumes nothing about how figures depend on one another: a condition
holds where it holds for all values within the intervals, and is open where it holds for some of them.
"""

import ast
from collections.abc import Mapping
from itertools import pairwise, product
from typing import Literal

import numpy as np

from glasshouse.analysis.expression import Expression
from glasshouse.results.estimate import Estimate

Answer = Literal["holds", "fails", "open", "undefined"]
Limits = tuple[float, float]


def judge(condition: Expression, estimates: Mapping[str, Estimate]) -> Answer:
    """Judge a condition on one run.

    Parameters
    ----------
    condition : Expression
        The condition.
    estimates : mapping of str to Estimate
        For each name in it the figure with its interval.

    Returns
    -------
    {"holds", "fails", "open", "undefined"}
        `open` where the intervals do not decide it, or where a figure has none; `undefined` where a figure has no value.
    """
    named = {name: estimates[name] for name in condition.names}
    if not all(np.isfinite(one.mean) for one in named.values()):
        return "undefined"
    limits = {name: (-np.inf, np.inf) if np.isnan(one.low) else (one.low, one.high) for name, one in named.items()}
    surely, possibly = _truth(condition.tree, limits)
    return "holds" if surely else "open" if possibly else "fails"


def _truth(node: ast.expr, limits: Mapping[str, Limits]) -> tuple[bool, bool]:
    """Whether a part holds for all values within the limits, and whether it does for some."""
    match node:
        case ast.BoolOp(op=way, values=parts):
            found = [_truth(part, limits) for part in parts]
            joined = all if isinstance(way, ast.And) else any
            return joined(sure for sure, _ in found), joined(possible for _, possible in found)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            surely, possibly = _truth(part, limits)
            return not possibly, not surely
        case ast.Compare(left=left, ops=ops, comparators=rest):
            sides = [_number(part, limits) for part in (left, *rest)]
            found = [_compared(way, *pair) for way, pair in zip(ops, pairwise(sides), strict=True)]
            return all(sure for sure, _ in found), all(possible for _, possible in found)
    raise AssertionError(node)


def _compared(way: ast.cmpop, left: Limits, right: Limits) -> tuple[bool, bool]:
    if isinstance(way, ast.Lt | ast.LtE):
        left, right = right, left
    if isinstance(way, ast.Gt | ast.Lt):
        return left[0] > right[1], left[1] > right[0]
    return left[0] >= right[1], left[1] >= right[0]


def _number(node: ast.expr, limits: Mapping[str, Limits]) -> Limits:
    """The limits of a part."""
    match node:
        case ast.Name(id=name):
            return limits[name]
        case ast.Attribute(value=ast.Name(id=name), attr=arm):
            return limits[f"{name}.{arm}"]
        case ast.Constant(value=int() | float() as value):
            return float(value), float(value)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            low, high = _number(part, limits)
            return -high, -low
        case ast.UnaryOp(operand=part):
            return _number(part, limits)
        case ast.BinOp(left=left, op=way, right=right):
            return _calculated(way, _number(left, limits), _number(right, limits))
    raise AssertionError(node)


def _calculated(way: ast.operator, left: Limits, right: Limits) -> Limits:
    """The limits of a sum, difference, product or quotient."""
    if isinstance(way, ast.Div) and right[0] <= 0.0 <= right[1]:
        return -np.inf, np.inf
    ways = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}
    with np.errstate(invalid="ignore", over="ignore"):
        corners = [float(ways[type(way)](one, other)) for one, other in product(left, right)]
    return (-np.inf, np.inf) if np.isnan(corners).any() else (min(corners), max(corners))
