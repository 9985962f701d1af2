"""What cases, findings, appeals and refunds cost or bring, as assumptions with ranges: the simulation knows only counts."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from glasshouse.errors import AnalysisError
from glasshouse.model.declarations import Table, param

ROBODEBT = "751 of 1,763 million AUD that were asserted were taken (Robodebt, Australia, 2015 to 2019)"
DUO = "74 % of those charged appealed (Dutch student grants, 2012 to 2023)"


class Prices(Table):
    """Prices by which counts become money. Amounts are in one currency, whatever it is."""

    demand: float = param(
        2000.0,
        "Amount that is demanded for a finding.",
        unit="currency",
        bounds=(0, 1e6),
        prior=(500, 5000),
        role="assumption",
    )
    collected: float = param(
        0.43, "Share of what is demanded that is collected.",
        unit="share", bounds=(0, 1), prior=(0.2, 0.9), source=ROBODEBT, role="assumption",
    )  # fmt: skip
    instalments: int = param(
        24,
        "Months over which it is collected, evenly.",
        unit="months",
        bounds=(1, 240),
        prior=(6, 60),
        role="assumption",
    )
    refunded: float = param(
        0.5,
        "Share of wrong findings whose payments are refunded.",
        unit="share",
        bounds=(0, 1),
        prior=(0, 1),
        role="assumption",
    )
    refund_after: int = param(
        24, "Months from a finding to its refund.", unit="months", bounds=(1, 240), prior=(6, 60), role="assumption"
    )
    compensation: float = param(
        0.1, "Interest and compensation, over what is refunded.",
        unit="ratio", bounds=(0, 10), prior=(0, 1), role="assumption",
    )  # fmt: skip
    case: float = param(
        300.0, "Staff for a case.", unit="currency", bounds=(0, 1e6), prior=(100, 1000), role="assumption"
    )
    review: float = param(
        30.0,
        "Staff for a look at a recommendation.",
        unit="currency",
        bounds=(0, 1e6),
        prior=(5, 100),
        role="assumption",
    )
    appealed: float = param(
        0.3, "Share of findings that are appealed against.",
        unit="share", bounds=(0, 1), prior=(0.05, 0.75), source=DUO + "; the default is assumed", role="assumption",
    )  # fmt: skip
    appeal: float = param(
        800.0, "Staff for an appeal.", unit="currency", bounds=(0, 1e6), prior=(300, 3000), role="assumption"
    )
    system: float = param(
        2.0,
        "The system itself, for each recipient.",
        unit="currency a year",
        bounds=(0, 1e4),
        prior=(0.5, 10),
        role="assumption",
    )
    benefit: float = param(
        250.0, "A full benefit.", unit="currency a week", bounds=(0, 1e5), prior=(100, 400), role="assumption"
    )
    promised: float = param(
        50.0, "Saving that was promised, for each recipient.",
        unit="currency a year", bounds=(0, 1e5), prior=(10, 200), role="assumption",
    )  # fmt: skip


def prices_of(given: Mapping[str, Any]) -> Prices:
    """Check prices.

    Parameters
    ----------
    given : mapping of str to object
        Prices by name, over the defaults.

    Returns
    -------
    Prices
        All prices.

    Raises
    ------
    AnalysisError
        With every unknown or impossible price.
    """
    unknown = [name for name in given if name not in Prices.model_fields]
    if unknown:
        raise AnalysisError(f"There is no price {', '.join(unknown)}. There are {', '.join(Prices.model_fields)}.")
    try:
        return Prices.model_validate(dict(given))
    except ValidationError as error:
        faults = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())
        raise AnalysisError(f"Impossible prices: {faults}.") from error


def prior_of(name: str) -> tuple[float, float]:
    """Give the range in which a price plausibly lies.

    Parameters
    ----------
    name : str
        Name of a price.

    Returns
    -------
    tuple of float
        Lowest and highest plausible value.
    """
    extra: Any = Prices.model_fields[name].json_schema_extra
    low, high = extra["prior"]
    return float(low), float(high)
