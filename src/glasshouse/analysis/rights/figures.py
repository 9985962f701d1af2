"""Figures of a run in both arms, side by side, and in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasshouse.model.component import Component
from glasshouse.model.measure import Measure
from glasshouse.model.mechanisms.aftermath import Aftermath
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.model.sums_read import sums_read
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.result import Result
from glasshouse.results.totals import ARMS

FEWEST = 50
"""People of a group who must be simulated in a replicate for the group to have figures."""

COLUMNS = (*ARMS, "difference")
"""Whose figures stand beside one another: without the regime, with it, and what it changes."""

COUNTERS = (Aftermath, Recipients)
"""Mechanisms whose sums say nothing where they are switched off: what they count may happen all the same."""

ABSENT = "not counted in this scenario"
FEW = f"fewer than {FEWEST} people of the group are simulated"


@dataclass(frozen=True)
class Figure:
    """A figure, as far as it exists, in the reference, in the regime, and between them.

    Attributes
    ----------
    name, title, unit : str
        Its name, heading and unit.
    group : str
        Whom it counts.
    values : mapping of str to Estimate
        By `COLUMNS`. A figure that exists only between the arms, or only under the regime, lacks the others; one that
        cannot be given has none.
    note : str
        Why it cannot be given; else empty.
    """

    name: str
    title: str
    unit: str
    group: str
    values: Mapping[str, Estimate]
    note: str = ""

    def text(self, column: str) -> str:
        """The figure in words.

        Parameters
        ----------
        column : str
            One of `COLUMNS`.

        Returns
        -------
        str
            The figure with its interval; the note, or a dash where there is no such figure.
        """
        found = self.values.get(column)
        if found is None:
            return self.note or "–"
        if column == "difference" and found.is_zero:
            return "no change"
        if column == "difference" and self.unit == "share" and "regime" in self.values:
            return found.text(100, " percentage points")
        return in_words(found, self.unit)

    def facts(self) -> dict[str, Any]:
        """The figure as plain values for JSON.

        Returns
        -------
        dict
            Numbers, None where one is undefined, and the words that the other formats show.
        """
        values = {
            column: {**{end: _plain(getattr(found, end)) for end in ("mean", "low", "high")}, "text": self.text(column)}
            for column, found in self.values.items()
        }
        heading = {"name": self.name, "title": self.title, "unit": self.unit, "group": self.group}
        return {**heading, **values, **({"note": self.note} if self.note else {})}


def in_words(found: Estimate, unit: str) -> str:
    """An estimate in the unit that a reader expects: shares in per cent.

    Parameters
    ----------
    found : Estimate
        The estimate.
    unit : str
        Its unit.

    Returns
    -------
    str
        With its interval, or why it has none.
    """
    return found.text(100, " %") if unit == "share" else found.text(1, "")


def figure(result: Result, measure: type[Measure], group: str = EVERYBODY) -> Figure:
    """A measure of a run in both arms.

    Parameters
    ----------
    result : Result
        The run.
    measure : type of Measure
        What is counted.
    group : str
        One of `groups.groupings`.

    Returns
    -------
    Figure
        Without values where the scenario lacks what the measure reads, or too few people of the group are simulated.
    """
    heading = (measure.name, measure.title, measure.unit, group)
    if not _known(result, measure):
        return Figure(*heading, {}, ABSENT)
    if simulated(result, group) < FEWEST:
        return Figure(*heading, {}, FEW)
    values = {"difference": result.effect(measure, group)}
    if not measure.is_between():
        values = {**{arm: result.level(measure, arm, group) for arm in ARMS}, **values}
    return Figure(*heading, values)


def simulated(result: Result, group: str) -> float:
    """Adults of a group who are simulated in a replicate, on average.

    Parameters
    ----------
    result : Result
        The run.
    group : str
        One of `groups.groupings`.

    Returns
    -------
    float
        Their number in the regime.
    """
    weeks = len(range(*result.window.indices(result.scenario.run.weeks)))
    return float(result.resampled("regime", group).adults[0]) / max(weeks * len(result.weekly_totals), 1)


def _known(result: Result, measure: type[Measure]) -> bool:
    """Whether the scenario counts every sum that a measure reads."""
    try:
        arm, _ = sums_read(measure, result.groups, {one.name for one in (*result.sums, *result.paired)})
    except AttributeError:
        return False
    names = {name.rpartition(":")[2] for name in arm}
    scenario = result.scenario
    tables = (scenario.reference, scenario.mechanisms, *(change.tables for change in scenario.changes))
    silent = {
        declared.name
        for model in COUNTERS
        for declared in model.sums
        if all(_is_off(one) for table in tables for one in table if isinstance(one, model))
    }
    return not names & silent


def _is_off(table: Component) -> bool:
    return all(getattr(table, name) == value for name, value in table.off.items())


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
