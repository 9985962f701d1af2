"""The harms that remedies are held against: measures of what a regime does to people, and harms a head."""

from glasshouse.analysis.harm_rates import Restricted, UndeservedlyRestricted, WronglyRestricted, WrongRestrictions
from glasshouse.analysis.safeguard_effects import HARMS
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import Measure

OWN: tuple[type[Measure], ...] = (WronglyRestricted, UndeservedlyRestricted, Restricted, WrongRestrictions)
"""Harms that are counted a head."""

AVERTABLE: tuple[type[Measure], ...] = (
    *OWN,
    *(one for one in HARMS if not one.is_averaged() and not one.no_interval),
)
"""All harms that a remedy is held against: those of `safeguard_effects.HARMS` that come from sums, and `OWN`."""

USUAL = (WronglyRestricted.name, "welfare_lost")
"""Harms that are asked about where none is named."""


def harm(name: str) -> type[Measure]:
    """Find a harm by its name.

    Parameters
    ----------
    name : str
        Name of a harm.

    Returns
    -------
    type of Measure
        The harm.

    Raises
    ------
    AnalysisError
        If there is no harm of that name: measures of the state, such as protest or control, are none.
    """
    for one in AVERTABLE:
        if one.name == name:
            return one
    raise AnalysisError(
        f"{name}: remedies are held against harms to people alone. Choose one of "
        f"{', '.join(one.name for one in AVERTABLE)}."
    )
