"""The tables of a result: sums and measures as rows for the tools that social scientists use.

Each function builds one table from the stored sums; `Result` calls each at most once.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.measure import Measure, Sums
from glasshouse.results import group_ratios
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY, cells_of, groupings
from glasshouse.results.measures_by_arm import MeasuresByArm
from glasshouse.results.table import Table
from glasshouse.results.totals import ARMS

Columns = dict[str, list[NDArray[Any]]]


def weekly(result: MeasuresByArm) -> Table:
    """Sums in their own units.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run.

    Returns
    -------
    Table
        One row for each replicate, arm, week and group; one column for each sum.
    """
    keys: Columns = {"replicate": [], "arm": [], "week": [], "group": []}
    values: Columns = {total.name: [] for total in result.sums}
    weeks = result.scenario.run.weeks
    for replicate in range(len(result.weekly_totals)):
        for arm in ARMS:
            for group in groupings(result.groups):
                sums = result.weekly_sums(replicate, arm, group)
                _extend(keys, (replicate, arm, np.arange(weeks), group), weeks)
                for name, column in values.items():
                    column.append(getattr(sums, name))
    return _joined("weekly", {**keys, **values})


def over_time(result: MeasuresByArm) -> Table:
    """Every measure by week.

    Not a number where a measure is undefined: in one arm if it only compares arms, not for a group, or nothing to divide
    by. Measures over districts or over the course of time are left out: they have one value a run.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run.

    Returns
    -------
    Table
        One row for each replicate, arm (or `difference`), week and group; one column for each measure.
    """
    measures = [measure for measure in result.catalogue if not measure.by_district and not measure.by_week]
    weeks = result.scenario.run.weeks
    keys: Columns = {"replicate": [], "arm": [], "week": [], "group": []}
    values: Columns = {measure.name: [] for measure in measures}
    for replicate, totals in enumerate(result.weekly_totals):
        for group in groupings(result.groups):
            reference, regime = (result.weekly_sums(replicate, arm, group) for arm in ARMS)
            pairs = Sums(totals.pairs[:, cells_of(group, result.groups)].sum(axis=1), result.paired)
            for measure in measures:
                defined = measure.by_group or group == EVERYBODY
                undefined = [np.full(weeks, np.nan)] * 3
                values[measure.name] += measure.weekly(reference, regime, pairs) if defined else undefined
            for arm in (*ARMS, "difference"):
                _extend(keys, (replicate, arm, np.arange(weeks), group), weeks)
    return _joined("over_time", {**keys, **values})


def districts(result: MeasuresByArm) -> Table:
    """Sums by district and year.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run.

    Returns
    -------
    Table
        One row for each replicate, arm, year and district; one column for each sum. `adoption_week` is the week in which the
        district comes under the regime in the regime arm.
    """
    keys: Columns = {"replicate": [], "arm": [], "year": [], "district": [], "adoption_week": []}
    values: Columns = {total.name: [] for total in result.sums}
    for replicate, totals in enumerate(result.weekly_totals):
        adoption = result.adoption_weeks(replicate)
        for arm in ARMS:
            yearly = totals.arm(arm).yearly
            years, places = yearly.shape[:2]
            by_row = (np.repeat(np.arange(years), places), np.tile(np.arange(places), years), np.tile(adoption, years))
            _extend(keys, (replicate, arm, *by_row), years * places)
            sums = Sums(yearly, result.sums)
            for name, column in values.items():
                column.append(getattr(sums, name).ravel())
    return _joined("districts", {**keys, **values})


def measures(result: MeasuresByArm) -> Table:
    """Every measure of each arm and group with its 95 % interval over replicates.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run.

    Returns
    -------
    Table
        One row for each measure that has a value in one arm, arm and group.
    """
    return _from_rows(
        "measures",
        [
            {"measure": measure.name, "arm": arm, **_row(measure, group, found)}
            for measure in result.catalogue
            if not measure.is_between()
            for arm in ARMS
            for group in _groups(result, measure)
            for found in (result.level(measure, arm, group),)
        ],
    )


def effects(result: MeasuresByArm) -> Table:
    """Every measure's effect of the regime with its 95 % interval over replicates.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run.

    Returns
    -------
    Table
        One row for each measure and group.
    """
    return _from_rows(
        "effects",
        [
            {"measure": measure.name, **_row(measure, group, result.effect(measure, group))}
            for measure in result.catalogue
            for group in _groups(result, measure)
        ],
    )


def burdens(result: MeasuresByArm) -> Table:
    """Burden of a member of each group over that of one of the rest, under the regime, with 95 % intervals.

    Parameters
    ----------
    result : MeasuresByArm
        A finished run.

    Returns
    -------
    Table
        One row for each burden and group.
    """
    return _from_rows("burdens", list(_burdens(result)))


def _burdens(result: MeasuresByArm) -> Iterator[dict[str, Any]]:
    for burden in group_ratios.burdens_of(result.sums):
        for group in result.groups:
            found = group_ratios.group_ratio(burden, result.resampled, group)
            yield {"burden": burden.name, "group": group, "ratio": found.mean, "low": found.low, "high": found.high}


def _groups(result: MeasuresByArm, measure: type[Measure]) -> Sequence[str]:
    return groupings(result.groups) if measure.by_group else (EVERYBODY,)


def _row(measure: type[Measure], group: str, found: Estimate) -> dict[str, Any]:
    return {
        "group": group,
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "replicates": found.replicates,
        "unit": measure.unit,
        "better": measure.better,
    }


def _extend(keys: Columns, values: Sequence[Any], rows: int) -> None:
    """Append `rows` rows to the key columns: single values are repeated, arrays are taken as they are."""
    for column, value in zip(keys.values(), values, strict=True):
        column.append(value if isinstance(value, np.ndarray) else np.full(rows, value))


def _joined(name: str, columns: Columns) -> Table:
    return Table(name, {column: np.concatenate(parts) for column, parts in columns.items()})


def _from_rows(name: str, rows: Sequence[dict[str, Any]]) -> Table:
    return Table(name, {key: np.array([row[key] for row in rows]) for key in rows[0]})
