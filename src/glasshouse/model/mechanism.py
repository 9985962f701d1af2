"""A submodel that acts: what it keeps, other components may read, and what it sends, citizens receive."""

from glasshouse.model.component import Component

LEAD = 12
"""Weeks by which the kernel argument `ahead` lies ahead."""


class Mechanism(Component):
    """A submodel: fields are parameters, class variables declare what it owns, static methods are its kernels.

    `glasshouse.model.component` describes the contract.

    Examples
    --------
    >>> class Fatigue(Mechanism):
    ...     '''Tiredness f <- f + rate * (1 - f) (an assumption).'''
    ...
    ...     name = "fatigue"
    ...     columns = (Column("tired", "f4", "share", "tiredness f"),)
    ...     rate: float = param(0.1, "Weekly rise.", unit="per week", bounds=(0, 1), prior=(0.05, 0.2))
    ...
    ...     @staticmethod
    ...     def citizen(me, p):
    ...         me.tired = me.tired + p.rate * (1.0 - me.tired)
    """
