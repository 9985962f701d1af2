"""Figures of linkage errors in closed form, with the bands that their simulation must fall into."""

import numpy as np

from glasshouse.replications.linkage_errors.formulas import (
    attenuated,
    fit_error,
    innocents,
    list_error,
    slope_error,
    taken,
)
from glasshouse.replications.linkage_errors.mechanisms import GUESTS, ROOMS
from glasshouse.replications.replication import ClosedForm, Target, share_error

CHARGED, WEEKS = 200_000, 10
"""Persons among whom offences happen, and for how many weeks."""

LINKS = {0.9: (1.8, 0.648), 0.5: (1.0, 0.2)}
"""Share linked rightly, the slope, and R^2."""

MISDIRECTED = {(0.02, 0.95): 0.0490, (0.05, 0.9): 0.0952}
"""Offences, charges directed rightly, and the share of the innocent among the charged."""

IDENTITIES = {365 * 80: (0.03367, 5e-6), 10_000_000: (1.0e-4, 5e-7)}
"""Identities that there are, and the chance to be taken for somebody listed with its last digit."""

SHARED = 1.0 - float(np.prod(1.0 - np.arange(GUESTS) / 365.0))
"""Chance that two guests share a birthday."""

CASES = (
    *(ClosedForm(f"T10.f slope {t:g}", f"slope, {t:g} of the links right", slope, 5e-4, attenuated(t), slope_error(t),
                 "derived; Neter, Maynes and Ramanathan") for t, (slope, _) in LINKS.items()),
    *(ClosedForm(f"T10.f R2 {t:g}", f"R², {t:g} of the links right", fit, 5e-4, 0.8 * t**2, fit_error(t),
                 "derived; Neter, Maynes and Ramanathan") for t, (_, fit) in LINKS.items()),
    *(ClosedForm(f"T10.g {p:g}, {t:g}", f"innocent among the charged, offences {p:g}, rightly charged {t:g}", digits,
                 5e-5, innocents(p, t), share_error(innocents(p, t), CHARGED * WEEKS * p), "derived")
      for (p, t), digits in MISDIRECTED.items()),
    *(ClosedForm(f"T10.h {k}", f"taken for one of 1000 listed, {k:,} identities", digits, last, taken(k), list_error(k),
                 "derived") for k, (digits, last) in IDENTITIES.items()),
    ClosedForm("T10.h birthdays", "two of 23 guests share a birthday", 0.507297, 1e-6, SHARED, share_error(SHARED, ROOMS),
               "derived"),
)  # fmt: skip


def targets() -> tuple[Target, ...]:
    """List every figure of the sources that ours is compared with.

    Returns
    -------
    tuple of Target
        Targets, in the order in which pages show them.
    """
    return tuple(target for case in CASES for target in case.targets())
