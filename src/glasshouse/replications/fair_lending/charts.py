"""The outcome curves of Liu et al. 2018."""

from collections.abc import Mapping

import numpy as np

from glasshouse.replications.fair_lending.simulations import APPLICANTS, HEADS, LOSSES, POLICIES, Curve
from glasshouse.replications.fair_lending.targets import PRINTED
from glasshouse.replications.replication import Chart, Line


def outcome_chart(black: Curve, white: Curve, found: Mapping[str, float]) -> Chart:
    """Draw the outcome curves with the policies on them.

    Parameters
    ----------
    black : Curve
        Curve of the black group.
    white : Curve
        Curve of the white group.
    found : mapping of str to float
        Figures by name of target.

    Returns
    -------
    Chart
        Mean change of scores by the share accepted.
    """
    lines = [Line(f"{name} group", HEADS / APPLICANTS, curve.change) for name, curve in
             (("black", black), ("white", white))]  # fmt: skip
    for loss in LOSSES:
        keys = [f"4.1 {loss:g} {policy} black" for policy in POLICIES]
        at = np.array([found[f"{key} share"] for key in keys]), np.array([found[f"{key} change"] for key in keys])
        lines.append(Line(f"black, three policies, loss {-loss:g}", *at, "points"))
    printed = [PRINTED[loss, policy][0] for loss in LOSSES for policy in POLICIES]
    x, y = (np.array([float(row[part] or 0.0) for row in printed]) for part in (0, 3))
    lines.append(Line("the same, measured independently", x, y, "points", published=True))
    return Chart(
        "Mean change of a group's scores by the share that is accepted",
        "share of the group accepted",
        "mean change of FICO scores",
        tuple(lines),
        "The black group gains most if about a quarter is accepted and loses beyond 43 per cent, which demographic "
        "parity at a loss of 4 to 1 oversteps; the white group gains at any share.",
    )
