"""What was promised and what was left: the ledger of both arms, with what is uncertain about it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.savings.counts import Counts, counts_of
from glasshouse.analysis.savings.ledger import LINES, MEMOS, Ledger, ledger, turn
from glasshouse.analysis.savings.prices import Prices, prices_of, prior_of
from glasshouse.model.measure import FloatArray
from glasshouse.model.scale import IDENTITY
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.result import Result
from glasshouse.results.table import Table
from glasshouse.results.totals import REFERENCE, REGIME
from glasshouse.rng import derive
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import write_json

DRAWS = 1000
"""Draws of prices from their ranges."""
NOTICE = (
    "The simulation counts cases and findings; prices are assumptions of those who keep this ledger. No promise enters "
    "the simulation, and what harm costs the people concerned is in no line."
)


@dataclass(frozen=True)
class Savings:
    """What a system was to save, and what is left.

    Attributes
    ----------
    scenario : Scenario
        The scenario of the run.
    prices : Prices
        Prices.
    counts : Counts
        Counts by month.
    regime, reference : Ledger
        The ledgers of both arms; in the reference arm as many people are investigated as its scenario says.
    draws : ndarray, shape (draws,)
        Net saving under the regime, in the currency, at prices drawn from their ranges.
    facts_of_run : dict
        Provenance of the run.
    """

    scenario: Scenario
    prices: Prices
    counts: Counts
    regime: Ledger
    reference: Ledger
    draws: FloatArray
    facts_of_run: Mapping[str, Any]

    @property
    def months(self) -> int:
        """Whole months of the regime."""
        return self.counts.months

    @property
    def promised(self) -> float:
        """What was promised over these months, in the currency."""
        return self.prices.promised * self.counts.recipients(REGIME) * self.months / 12.0

    def total(self, name: str, arm: str = REGIME) -> Estimate:
        """A line, a memo or the net saving over all months.

        Parameters
        ----------
        name : str
            Name of a line or memo, or `net`.
        arm : str
            `regime` or `reference`.

        Returns
        -------
        Estimate
            In the currency, with its interval over replicates.
        """
        book = self.regime if arm == REGIME else self.reference
        amounts = book.net if name == "net" else {**book.lines, **book.memos}[name]
        return intervals.level(intervals.mean_resamples(amounts.sum(axis=1) / 100.0), IDENTITY).estimate()

    @property
    def turn(self) -> tuple[int, int] | None:
        """The month from which the mean balance stays above zero (with 1) or below it (with -1)."""
        return turn(self.regime.cumulative.sum(axis=0))

    @property
    def plausible(self) -> tuple[float, float]:
        """The middle 90 % of net savings at plausible prices."""
        low, high = np.quantile(self.draws, (0.05, 0.95))
        return float(low), float(high)

    def table(self) -> Table:
        """The ledger as a table.

        Returns
        -------
        Table
            A row for each arm, replicate and month; amounts in hundredths of the currency.
        """
        columns: dict[str, list[np.ndarray]] = {}
        for arm, book in ((REGIME, self.regime), (REFERENCE, self.reference)):
            replicates, months = book.net.shape
            rows = {
                "arm": np.repeat(arm, replicates * months),
                "replicate": np.repeat(np.arange(replicates), months),
                "month": np.tile(np.arange(1, months + 1), replicates),
                **{
                    name: amounts.ravel()
                    for name, amounts in (*book.lines.items(), ("net", book.net), *book.memos.items())
                },
            }
            for name, column in rows.items():
                columns.setdefault(name, []).append(column)
        return Table("ledger", {name: np.concatenate(parts) for name, parts in columns.items()})

    def facts(self) -> dict[str, Any]:
        """The ledger as plain values for JSON.

        Returns
        -------
        dict
            Notice, prices, totals of both arms, promise, the month in which it turns, and provenance; None stands for NaN.
        """
        found = self.turn
        return {
            "notice": NOTICE,
            "scenario": self.scenario.title,
            "months": self.months,
            "recipients": self.counts.recipients(REGIME),
            "prices": self.prices.model_dump(),
            "promised": self.promised,
            "turns": None if found is None else {"month": found[0], "to": "saving" if found[1] > 0 else "loss"},
            "plausible": list(self.plausible),
            "totals": {
                arm: {name: _plain(self.total(name, arm)) for name in (*LINES, "net", *MEMOS)}
                for arm in (REGIME, REFERENCE)
            },
            "provenance": dict(self.facts_of_run),
        }

    def save(self, folder: Path) -> None:
        """Write the ledger as Parquet and its totals as JSON.

        Parameters
        ----------
        folder : Path
            Where to write.

        Raises
        ------
        StoringError
            If a file cannot be written.
        """
        self.table().write(folder / "ledger.parquet")
        write_json(folder / "savings.json", self.facts(), "the ledger")


def savings(result: Result, prices: Mapping[str, Any] | None = None) -> Savings:
    """Keep the ledger of a run.

    Parameters
    ----------
    result : Result
        A run of a scenario that screens and investigates recipients.
    prices : mapping of str to float, optional
        Prices by name, over the defaults of `Prices`.

    Returns
    -------
    Savings
        Ledgers of both arms, the promise, and the range over plausible prices.

    Raises
    ------
    AnalysisError
        If a price is unknown or impossible, or the scenario investigates nobody.
    """
    chosen, counts = prices_of(prices or {}), counts_of(result)
    return Savings(
        result.scenario,
        chosen,
        counts,
        ledger(counts, chosen, REGIME),
        ledger(counts, chosen, REFERENCE),
        _drawn(counts, chosen, frozenset(prices or {}), result.scenario.run.seed),
        result.provenance.facts(),
    )


def _drawn(counts: Counts, chosen: Prices, given: frozenset[str], seed: int) -> FloatArray:
    """Net savings at prices from their ranges; a price that is given keeps its value, and so does the promise."""
    from scipy.stats import qmc

    free = [name for name in Prices.model_fields if name not in given | {"promised", "benefit"}]
    if not free:
        return np.array([ledger(counts, chosen, REGIME).net.sum(axis=1).mean() / 100.0])
    shares = qmc.LatinHypercube(len(free), rng=derive(seed, "prices")).random(DRAWS)
    found = np.empty(DRAWS)
    for row, place in enumerate(shares):
        values: dict[str, Any] = {}
        for name, share in zip(free, place, strict=True):
            low, high = prior_of(name)
            value = low + share * (high - low)
            values[name] = round(value) if name in ("instalments", "refund_after") else float(value)
        found[row] = ledger(counts, chosen.model_copy(update=values), REGIME).net.sum(axis=1).mean() / 100.0
    return found


def _plain(one: Estimate) -> dict[str, float | None]:
    parts = {"mean": one.mean, "low": one.low, "high": one.high}
    return {name: value if math.isfinite(value) else None for name, value in parts.items()}
