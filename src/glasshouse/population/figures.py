"""The single numbers of a marginals file, and how each is said to have been found."""

from typing import Any, Literal, get_args

from pydantic import Field, ValidationInfo, field_validator

from glasshouse.model.declarations import Table

PARTY = ("party_share", "party_women", "party_college")
"""Figures that go with the party's table."""

Confidence = Literal["seen", "quoted", "derived", "recalled", "assumed"]
"""How a figure reached its file: `seen` in what the publisher issued, `quoted` by others, `derived` from such figures,
`recalled` and not confirmed, or `assumed`."""

_SHARE, _GINI, _INCOME, _SIZE = (0.0, 1.0), (0.01, 0.95), (1.0, 1e6), (1.0, 1000.0)

RANGES = {
    **dict.fromkeys((*PARTY, "lone_parent_women", "foreign_units", "abroad", "benefit_share", "gini"), _SHARE),
    **dict.fromkeys(("gini_urban", "gini_rural"), _GINI),
    **dict.fromkeys(("income_urban", "income_rural"), _INCOME),
    **dict.fromkeys(("unit_mean", "own_account_mean"), _SIZE),
    "mean_over_median": (1.0, 10.0),
    "parent_age": (15.0, 50.0),
    "parent_age_spread": (0.1, 15.0),
}
"""What each figure can be; incomes have any unit in which they are from 1 to a million."""


def sure(value: object) -> Any:
    """Check how a figure is said to have reached its file.

    Parameters
    ----------
    value : object
        What the file says.

    Returns
    -------
    str
        The same word.

    Raises
    ------
    ValueError
        If it is no `Confidence`.
    """
    if value not in get_args(Confidence):
        raise ValueError(f"confidence {value!r} is not one of {', '.join(get_args(Confidence))}")
    return value


class Figure(Table):
    """One published number with its source."""

    value: float
    source: str = Field(min_length=1)
    confidence: Confidence

    @field_validator("confidence", mode="before")
    @classmethod
    def _confident(cls, value: object) -> Any:
        return sure(value)


class Figures(Table):
    """The single numbers that a population needs besides its tables; each one's meaning is in the file's own source.

    Those of the party go with its table, those of rural people with a countryside. Without `foreign_units` and `abroad`
    there are none. `mean_over_median` and `gini` are checks, and `benefit_share` says what a scenario with benefits should
    set: no population is drawn from these three.
    """

    party_share: Figure | None = None
    party_women: Figure | None = None
    party_college: Figure | None = None
    income_urban: Figure
    income_rural: Figure | None = None
    gini_urban: Figure
    gini_rural: Figure | None = None
    mean_over_median: Figure | None = None
    gini: Figure | None = None
    benefit_share: Figure | None = None
    lone_parent_women: Figure | None = None
    unit_mean: Figure
    own_account_mean: Figure | None = None
    foreign_units: Figure | None = None
    abroad: Figure | None = None
    parent_age: Figure
    parent_age_spread: Figure

    @field_validator("*")
    @classmethod
    def _in_range(cls, figure: Figure | None, info: ValidationInfo) -> Figure | None:
        """Each figure must be one from which a population can be drawn."""
        low, high = RANGES[str(info.field_name)]
        if figure is not None and not low <= figure.value <= high:
            raise ValueError(f"{figure.value:,.12g} is outside {low:g} to {high:,.12g}")
        return figure
