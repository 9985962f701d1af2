"""The public function that keeps the ledger of a run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glasshouse.analysis.savings.report import Savings
    from glasshouse.results.result import Result


def savings(result: "Result", prices: "Mapping[str, float] | None" = None) -> "Savings":
    """Keep the ledger of a run: what was promised, found, collected, refunded and spent, month by month.

    Parameters
    ----------
    result : Result
        A run of a scenario that screens and investigates recipients, such as `elsewhere/benefit-screening`.
    prices : mapping of str to float, optional
        Prices over the defaults, for instance `{"case": 450}`. All are assumptions; `promised` is what was promised.

    Returns
    -------
    Savings
        The ledgers of both arms; `write_report` writes their page.

    Raises
    ------
    glasshouse.errors.AnalysisError
        If a price is unknown or impossible, or the scenario investigates nobody.

    Examples
    --------
    >>> import glasshouse as gh
    >>> found = gh.savings(gh.run("elsewhere/benefit-screening"), {"case": 450})  # doctest: +SKIP
    >>> print(found.total("net"), found.turn)  # doctest: +SKIP
    """
    from glasshouse.analysis.savings.report import savings as kept

    return kept(result, prices)
