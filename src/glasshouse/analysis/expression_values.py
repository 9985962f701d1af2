"""What an expression gives for arrays of values: where a condition holds, how far it is from turning, what a quantity is."""

import ast
import math
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise

import numpy as np

from glasshouse.model.measure import FloatArray


def truth(tree: ast.expr, values: Mapping[str, FloatArray]) -> FloatArray:
    """Where a condition holds.

    Parameters
    ----------
    tree : ast.expr
        The condition, checked.
    values : mapping of str to array
        An array for each name, all of one shape.

    Returns
    -------
    array
        Of that shape: 1, 0, or NaN where it is undefined.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return _walked(
            tree,
            lambda way, left, right: _compared(way, quantity(left, values), quantity(right, values)),
            lambda found: np.asarray(1.0 - found),
        )


def margin(tree: ast.expr, values: Mapping[str, FloatArray], among: Mapping[str, FloatArray]) -> FloatArray:
    """How far a condition is from turning.

    Parameters
    ----------
    tree : ast.expr
        The condition, checked.
    values : mapping of str to array
        An array for each name, all of one shape.
    among : mapping of str to array
        The values over which standard deviations are taken.

    Returns
    -------
    array
        Of the shape of `values`: above zero where it holds, below where it does not, NaN where it is undefined.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return _walked(tree, lambda way, left, right: _distance(way, left, right, values, among), np.negative)


def quantity(node: ast.expr, values: Mapping[str, FloatArray]) -> FloatArray:
    """The value of a quantity.

    Parameters
    ----------
    node : ast.expr
        The quantity, checked.
    values : mapping of str to array
        A number or array for each name, all arrays of one shape.

    Returns
    -------
    array
        Of that shape; NaN where it is undefined.
    """
    match node:
        case ast.Name(id=name):
            return np.asarray(values[name])
        case ast.Attribute(value=ast.Name(id=name), attr=arm):
            return np.asarray(values[f"{name}.{arm}"])
        case ast.Constant(value=int() | float() as value):
            return np.asarray(float(value))
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return np.asarray(-quantity(part, values))
        case ast.UnaryOp(operand=part):
            return quantity(part, values)
        case ast.BinOp(left=left, op=way, right=right):
            ways = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}
            found = ways[type(way)](quantity(left, values), quantity(right, values))
            # An infinite quotient would come back as zero below another line.
            return np.where(np.isfinite(found), found, math.nan)
    raise AssertionError(node)


def _walked(
    node: ast.expr,
    compared: Callable[[ast.cmpop, ast.expr, ast.expr], FloatArray],
    turned: Callable[[FloatArray], FloatArray],
) -> FloatArray:
    """What comparisons give, joined; the least and the greatest of several carry NaN on, as `and` and `or` shall."""
    match node:
        case ast.BoolOp(op=way, values=parts):
            joined = np.minimum if isinstance(way, ast.And) else np.maximum
            return reduce(joined, (_walked(part, compared, turned) for part in parts))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return turned(_walked(part, compared, turned))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            pairs = zip(ops, pairwise((left, *rest)), strict=True)
            return reduce(np.minimum, [compared(way, *pair) for way, pair in pairs])
    raise AssertionError(node)


def _compared(way: ast.cmpop, left: FloatArray, right: FloatArray) -> FloatArray:
    """1, 0 or NaN."""
    ways = {ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal}
    defined = np.isfinite(left) & np.isfinite(right)
    return np.where(defined, ways[type(way)](left, right), math.nan)


def _distance(
    way: ast.cmpop,
    left: ast.expr,
    right: ast.expr,
    values: Mapping[str, FloatArray],
    among: Mapping[str, FloatArray],
) -> FloatArray:
    """The greater side less the smaller, in standard deviations among some values."""
    greater, smaller = (left, right) if isinstance(way, ast.Gt | ast.GtE) else (right, left)
    everything = quantity(greater, among) - quantity(smaller, among)
    known = everything[np.isfinite(everything)]
    spread = float(known.std()) if known.size else 0.0
    above = quantity(greater, values) - quantity(smaller, values)
    return above / spread if spread > 0.0 else above
