"""The checks that every measure must pass."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.component import Component
from glasshouse.model.measure import Measure, Sums
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Catalogue
from glasshouse.testing.trial import SEED, Trial, hold, joined, passes

DIRECTIONS = ("more", "less", "neither")


@dataclass(frozen=True)
class Question:
    """A measure asked of a run of the built-in components and some of one's own.

    Parameters
    ----------
    measure : Measure type
        The measure that is asked.
    mechanisms : Catalogue
        Components beside the built-in ones.
    tables : tuple of Component
        Settings under which much happens.
    """

    measure: type[Measure]
    mechanisms: Catalogue = ()
    tables: tuple[Component, ...] = ()

    @cached_property
    def trial(self) -> Trial:
        """The run that the measure is asked of.

        Returns
        -------
        Trial
            The built-in components and those of the question, with its settings.
        """
        return Trial(CATALOGUE[0], joined(CATALOGUE, self.mechanisms), self.tables)

    @cached_property
    def lived(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sums of the run by week.

        Returns
        -------
        sums : ndarray of int64, shape (weeks, districts, sums)
            The sums of the arm.
        pairs : ndarray of int64, shape (weeks, sums)
            The sums of the arm paired with itself.
        """
        return _lived(self.trial)


def check_measure(measure: type[Measure], *, mechanisms: Catalogue = (), tables: tuple[Component, ...] = ()) -> None:
    """Runs every check of a measure.

    Parameters
    ----------
    measure : Measure type
        The measure to check.
    mechanisms : Catalogue
        Components of one's own whose sums it reads.
    tables : tuple of Component
        Settings under which much happens.

    Raises
    ------
    AssertionError
        At the first check that fails, with what is wrong.
    """
    question = Question(measure, mechanisms, tables)
    for check in MEASURE_CHECKS:
        check(question)


def says_what_it_means(question: Question) -> None:
    """Name, title, formula, unit, source, a direction that the contract knows, and a docstring.

    Parameters
    ----------
    question : Question
        The measure and what it is asked of.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    measure = question.measure
    for word in ("name", "title", "formula", "unit", "source"):
        hold(getattr(measure, word, ""), f"measure {measure.__name__} has no {word}.")
    hold(measure.name.isidentifier(), f"measure {measure.name!r}: the name cannot be a column. Use plain letters.")
    hold(getattr(measure, "better", "") in DIRECTIONS, f"{measure.name}: better is one of {', '.join(DIRECTIONS)}.")
    hold((measure.__doc__ or "").strip(), f"{measure.name} has no docstring.")


def has_one_formula(question: Question) -> None:
    """Either a value in one arm or one between two, and nothing by group where it compares districts.

    Parameters
    ----------
    question : Question
        The measure and what it is asked of.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    measure = question.measure
    own = measure.value is not Measure.value
    hold(own != measure.is_between(), f"{measure.name} needs one of `value` and `between`.")
    hold(not (measure.by_district and measure.by_group), f"{measure.name} compares districts: set by_group = False.")


def makes_nothing_of_nothing(question: Question) -> None:
    """Where there is nothing to divide by, it is not a number: it neither fails nor calls it zero.

    Parameters
    ----------
    question : Question
        The measure and what it is asked of.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    sums, pairs = question.lived
    found = _figure(question, np.zeros_like(sums[0]), np.zeros_like(pairs[0]))
    hold(np.isnan(found), f"{question.measure.name} is {found} where all sums are zero; use ratio() to divide.")


def serves_any_shape(question: Question) -> None:
    """One formula serves totals, weeks and windows: many rows at once give what each gives alone.

    Parameters
    ----------
    question : Question
        The measure and what it is asked of.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    measure = question.measure
    if measure.by_district or measure.by_week:
        return
    sums, pairs = (rows.sum(axis=1) if rows.ndim == 3 else rows for rows in question.lived)
    rows = [_value(question, sums[week], pairs[week]) for week in range(len(sums))]
    hold(all(np.shape(row) == () for row in rows), f"{measure.name} gives more than one figure for one row of sums.")
    together = _value(question, sums, pairs)
    hold(np.shape(together) == (len(sums),), f"{measure.name} gives {np.shape(together)} for {len(sums)} weeks.")
    hold(np.array_equal(together, rows, equal_nan=True), f"{measure.name} mixes weeks with one another.")


def equal_arms_differ_by_nothing(question: Question) -> None:
    """The effect of a regime that changes nothing is zero, or not a number where there is nothing to divide by.

    Parameters
    ----------
    question : Question
        The measure and what it is asked of.

    Raises
    ------
    AssertionError
        If it is not so.
    """
    sums, pairs = question.lived
    if question.measure.is_between():
        effect = _figure(question, sums.sum(axis=0), pairs.sum(axis=0))
    else:
        effect = _figure(question, sums.sum(axis=0), pairs) - _figure(question, sums.sum(axis=0), pairs)
    hold(effect == 0.0 or np.isnan(effect), f"{question.measure.name} finds {effect} between an arm and itself.")


MEASURE_CHECKS: tuple[Callable[[Question], None], ...] = (
    says_what_it_means,
    has_one_formula,
    makes_nothing_of_nothing,
    serves_any_shape,
    equal_arms_differ_by_nothing,
)
"""The checks of a measure, one by one."""


@lru_cache(maxsize=4)
def _lived(trial: Trial, weeks: int = 30) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    arm, backend = trial.arm(), passes(trial.layout)
    sums, pairs = [], []
    for week in range(weeks):
        backend.step(arm, SEED, week)
        sums.append(arm.totals.sum(axis=1))
        pairs.append(backend.compare(arm, arm).sum(axis=0))
    return np.array(sums), np.array(pairs)


def _value(question: Question, sums: NDArray[np.int64], pairs: NDArray[np.int64]) -> Any:
    """The figure for sums whose last axis is slots: of the arm, or between it and itself."""
    measure = question.measure
    alike = Sums(sums, question.trial.layout.sums)
    # Every group is like everybody: the trial keeps no sums by group.
    one = Sums(sums, question.trial.layout.sums, None if measure.by_group else lambda _: alike)
    paired = passes(question.trial.layout).paired
    return measure.between(one, one, Sums(pairs, paired)) if measure.is_between() else measure.value(one)


def _figure(question: Question, sums: NDArray[np.int64], pairs: NDArray[np.int64]) -> float:
    """One figure for sums (districts, sums)."""
    return float(_value(question, sums if question.measure.by_district else sums.sum(axis=0), pairs))
