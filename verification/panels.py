"""Regressions on panels of districts: what a study of published data would do with the model's own figures.

All take balanced panels (districts, years) and differ out the means of districts and of years.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pattern import RunSums

from glasshouse.model.measure import Sums
from glasshouse.results.totals import YEAR
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed

Panel = NDArray[np.float64]


def by_year(told: RunSums, replicate: int, arm: str = "regime") -> Sums:
    """Sums (districts, years) from the year in which the regime begins."""
    result = told.result
    years = result.weekly_totals[replicate].arm(arm).yearly[told.first :]
    return Sums(np.swapaxes(years, 0, 1), result.sums)


def within(panel: Panel) -> Panel:
    """The panel without the means of its districts and years."""
    return panel - panel.mean(axis=1, keepdims=True) - panel.mean(axis=0, keepdims=True) + panel.mean()


def slope(outcome: Panel, cause: Panel, *given: Panel) -> float:
    """The coefficient of `cause` in a regression of `outcome` with fixed effects of districts and years."""
    columns = np.stack([within(one).ravel() for one in (cause, *given)], axis=1)
    if not np.isfinite(columns).all() or np.linalg.matrix_rank(columns) < columns.shape[1]:
        return float("nan")
    return float(np.linalg.lstsq(columns, within(outcome).ravel(), rcond=None)[0][0])


def active_table(told: RunSums, replicate: int) -> Panel:
    """Share of each year (districts, years since the regime begins) that a district lives under the regime."""
    run, totals = told.result.scenario.run, told.result.weekly_totals[replicate]
    joined = adoption_weeks(run, replicate_seed(run, replicate), totals.yearly.shape[2])
    ends = run.until or run.weeks
    weeks = [(joined <= week) & (week < ends) for week in range(told.first * YEAR, run.weeks)]
    whole = len(weeks) // YEAR * YEAR
    return np.array(weeks[:whole], float).reshape(-1, YEAR, len(joined)).mean(axis=1).T


def rate(sums: Sums, *names: str) -> Panel:
    """Sums an adult and year."""
    total = sum(getattr(sums, name) for name in names)
    return np.asarray(total / np.maximum(sums.adults / YEAR, 1e-9))


def mean_over(chosen: Sequence[int], figure: Any) -> float:
    """The mean of a figure over the replicates named."""
    return float(np.mean([figure(replicate) for replicate in chosen]))


def spending_after_unrest(told: RunSums, chosen: Sequence[int]) -> float:
    """Standardised effect of a year's protest on control spending of the year after, all districts under the regime."""

    def figure(replicate: int) -> float:
        sums = by_year(told, replicate)
        protest, spent = rate(sums, "protests")[:, 4:], rate(sums, "cost_control")[:, 4:]
        return slope(standard(spent[:, 1:]), standard(protest[:, :-1]), standard(spent[:, :-1]))

    return mean_over(chosen, figure)


def unrest_after_spending(told: RunSums, chosen: Sequence[int]) -> float:
    """Standardised effect of a year's control spending on protest of the year after, given its protest."""

    def figure(replicate: int) -> float:
        sums = by_year(told, replicate)
        protest, spent = rate(sums, "protests")[:, 4:], rate(sums, "cost_control")[:, 4:]
        return slope(standard(protest[:, 1:]), standard(spent[:, :-1]), standard(protest[:, :-1]))

    return mean_over(chosen, figure)


def standard(panel: Panel) -> Panel:
    """The panel in standard deviations of what is left after fixed effects."""
    return panel / max(float(within(panel).std()), 1e-12)


def rollout_effect(told: RunSums, chosen: Sequence[int], *names: str) -> float:
    """Difference in differences over the staggered roll-out: an adult and year more of the sums, by treatment."""

    def figure(replicate: int) -> float:
        sums = by_year(told, replicate)
        return slope(rate(sums, *names)[:, :5], active_table(told, replicate)[:, :5])

    return mean_over(chosen, figure)


def watch_and_breaches(told: RunSums, chosen: Sequence[int]) -> float:
    """Correlation over districts of control spending with breaches, both an adult and year, once all have joined."""

    def figure(replicate: int) -> float:
        sums = by_year(told, replicate)
        spent = rate(sums, "cost_control")[:, 5:].mean(axis=1)
        breaches = rate(sums, "breaches")[:, 5:].mean(axis=1)
        return float(np.corrcoef(spent, breaches)[0, 1]) if len(spent) > 2 else float("nan")

    return mean_over(chosen, figure)
