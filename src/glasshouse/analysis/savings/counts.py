"""What a ledger counts, month by month, in each arm of a run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.results.result import Result
from glasshouse.results.totals import REFERENCE, REGIME, YEAR

Integers = NDArray[np.int64]

SUMS = {
    "decided": ("decided_model", "decided_lot"),
    "found": ("found_model", "found_lot"),
    "wrong": ("found_nothing",),
    "reviewed": ("reviewed",),
    "recipients": ("drawing",),
}
"""What is counted, each from the sums of the run that it is made of."""


@dataclass(frozen=True)
class Counts:
    """Counts by month of the regime.

    Attributes
    ----------
    months : int
        Whole months of the regime.
    by_arm : dict of str to dict of str to ndarray of int64, shape (replicates, months)
        For each arm, by the names of `SUMS`; recipients are recipient-weeks.
    drawn, withheld : dict of str to ndarray of float, shape (replicates, months)
        Full benefits drawn, and withheld while a case was open, by arm.
    """

    months: int
    by_arm: dict[str, dict[str, Integers]]
    drawn: dict[str, NDArray[np.float64]]
    withheld: dict[str, NDArray[np.float64]]

    def recipients(self, arm: str) -> float:
        """Mean number of recipients of a replicate.

        Parameters
        ----------
        arm : str
            `reference` or `regime`.

        Returns
        -------
        float
            Over all months of the regime.
        """
        weeks = self.by_arm[arm]["recipients"].sum(axis=1).mean()
        return float(weeks) / (self.months * YEAR / 12)


def counts_of(result: Result) -> Counts:
    """Count what a ledger needs.

    Parameters
    ----------
    result : Result
        A run of a scenario with screening and investigation.

    Returns
    -------
    Counts
        By month, from the start of the regime to the last whole month.

    Raises
    ------
    AnalysisError
        If the scenario investigates nobody, or the regime lasts less than a month.
    """
    start, weeks = result.scenario.run.start, result.scenario.run.weeks
    kept = {one.name for one in result.sums}
    if missing := [name for names in SUMS.values() for name in names if name not in kept]:
        raise AnalysisError(
            f"{result.scenario.title} keeps no {', '.join(missing)}: savings are those of a regime that screens and investigates "
            "recipients, such as elsewhere/benefit-screening."
        )
    ends = [start + round(month * YEAR / 12) for month in range(1 + int((weeks - start) * 12 / YEAR))]
    ends = [end for end in ends if end <= weeks]
    if len(ends) < 2:
        raise AnalysisError("The regime lasts less than a month. Give more weeks.")
    by_arm: dict[str, dict[str, Integers]] = {}
    drawn, withheld = {}, {}
    for arm in (REFERENCE, REGIME):
        weekly = [result.weekly_sums(replicate, arm) for replicate in range(len(result.weekly_totals))]
        by_arm[arm] = {
            name: np.stack(
                [np.rint(_months(sum(getattr(one, part) for part in parts), ends)).astype(np.int64) for one in weekly]
            )
            for name, parts in SUMS.items()
        }
        drawn[arm] = np.stack([_months(one.benefits, ends) for one in weekly])
        withheld[arm] = np.stack([_months(one.withheld, ends) for one in weekly])
    return Counts(len(ends) - 1, by_arm, drawn, withheld)


def _months(weekly: NDArray[np.float64] | int, ends: list[int]) -> NDArray[np.float64]:
    """Sums of the months between these weeks."""
    return np.add.reduceat(np.asarray(weekly)[: ends[-1]], ends[:-1])
