"""A ledger: counts times prices, month by month, in whole hundredths of the currency, so that lines add up exactly."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasshouse.analysis.savings.counts import Counts, Integers
from glasshouse.analysis.savings.prices import Prices
from glasshouse.results.totals import REFERENCE, YEAR

LINES = {
    "collected": "Collected",
    "refunded": "Refunded",
    "compensation": "Interest and compensation",
    "staff": "Staff for cases and reviews",
    "appeals": "Staff for appeals",
    "system": "The system itself",
}
"""Lines of the ledger with their titles: the first brings money, the others cost it."""
MEMOS = {
    "demanded": "Demanded",
    "withheld": "Withheld while cases were open, and paid later",
    "forgone": "Benefits not drawn that are drawn in the reference arm",
}
"""What a promise often counts and no line does: demands that nobody pays, payments that come later, rights not used."""


@dataclass(frozen=True)
class Ledger:
    """Money of one arm.

    Attributes
    ----------
    lines : dict of str to ndarray of int64, shape (replicates, months)
        Amounts by the names of `LINES`, in hundredths of the currency; what is spent is negative.
    memos : dict of str to ndarray of int64, shape (replicates, months)
        Amounts by the names of `MEMOS`, which are no part of the net saving.
    """

    lines: Mapping[str, Integers]
    memos: Mapping[str, Integers]

    @property
    def net(self) -> Integers:
        """What is left, (replicates, months)."""
        return np.asarray(sum(self.lines.values()), dtype=np.int64)

    @property
    def cumulative(self) -> Integers:
        """What is left so far, (replicates, months)."""
        return np.cumsum(self.net, axis=1)


def ledger(counts: Counts, prices: Prices, arm: str) -> Ledger:
    """Keep the ledger of an arm.

    A finding brings the same instalment in each of `instalments` months, from the month after it on. A wrong finding that is
    refunded brings none from the month of its refund on, and all that it brought is paid back.

    Parameters
    ----------
    counts : Counts
        Counts of the run.
    prices : Prices
        Prices.
    arm : str
        `reference` or `regime`.

    Returns
    -------
    Ledger
        Its lines, in whole hundredths.
    """
    have = counts.by_arm[arm]
    instalment = _cents(prices.demand * prices.collected / prices.instalments)
    lost = _cents(prices.demand * prices.collected / prices.instalments * prices.refunded)
    repaid = lost * min(prices.refund_after - 1, prices.instalments)
    found, wrong = have["found"], have["wrong"]
    paying = sum(_later(found, month) for month in range(1, prices.instalments + 1))
    stopped = sum(_later(wrong, month) for month in range(prices.refund_after, prices.instalments + 1))
    refunds = _later(wrong, prices.refund_after)
    lines = {
        "collected": paying * instalment - stopped * lost,
        "refunded": -refunds * repaid,
        "compensation": -refunds * _cents(repaid / 100.0 * prices.compensation),
        "staff": -have["decided"] * _cents(prices.case) - have["reviewed"] * _cents(prices.review),
        "appeals": -found * _cents(prices.appealed * prices.appeal),
        "system": -have["recipients"] * _cents(prices.system / YEAR),
    }
    forgone = (counts.drawn[REFERENCE] - counts.drawn[arm]) * prices.benefit * 100.0
    memos = {
        "demanded": found * _cents(prices.demand),
        "withheld": np.rint(counts.withheld[arm] * prices.benefit * 100.0).astype(np.int64),
        "forgone": np.rint(forgone).astype(np.int64),
    }
    return Ledger({name: np.asarray(one, dtype=np.int64) for name, one in lines.items()}, memos)


def turn(cumulative: Integers) -> tuple[int, int] | None:
    """Find the month from which a balance stays on one side.

    Parameters
    ----------
    cumulative : ndarray of int64, shape (months,)
        The balance at the end of each month.

    Returns
    -------
    tuple of (int, int) or None
        The month, from 1, from which it is above zero for good (with 1) or below it (with -1); None if it ends at zero.
    """
    sign = int(np.sign(cumulative[-1]))
    if sign == 0:
        return None
    others = np.flatnonzero(np.sign(cumulative) != sign)
    return (int(others[-1]) + 2 if len(others) else 1), sign


def _later(counts: Integers, months: int) -> Integers:
    """Counts as they were so many months before."""
    moved = np.zeros_like(counts)
    if months < counts.shape[1]:
        moved[:, months:] = counts[:, : counts.shape[1] - months]
    return moved


def _cents(amount: float) -> int:
    return round(100.0 * amount)
