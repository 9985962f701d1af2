"""Pictures of base rates: the worth of a flag by the share of guilty, and wrong flags by the number of checks."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.base_rates.formulas import predictive
from glasshouse.replications.base_rates.targets import RARE
from glasshouse.replications.replication import Chart, Line
from glasshouse.results.estimate import Estimate


def rate_chart(found: dict[str, Estimate]) -> Chart:
    """Draw the predictive value of a test that is right 99 times in 100, by how rare the guilty are.

    Parameters
    ----------
    found : dict of str to Estimate
        Estimates by name of target.

    Returns
    -------
    Chart
        The formula as a line, simulated values as points.
    """
    rate = np.logspace(-5.0, -0.5, 100)
    simulated = ["T10.a 1/10,000", "T10.a 1/1000"]
    lines = (
        Line("formula", rate, np.array([predictive(p, 0.99, 0.01) for p in rate]), published=True),
        Line("Glasshouse", np.array([RARE[name][0] for name in simulated]),
             np.array([found[name].mean for name in simulated]), "points"),
    )  # fmt: skip
    title = "What a flag of a test that is right 99 times in 100 is worth"
    caption = (
        "Where one in a thousand is guilty, nine flags in a hundred are right; where one in ten thousand is, one is."
    )
    return Chart(title, "share of guilty", "guilty among the flagged", lines, caption, log_x=True)


def checks_chart(ever: NDArray[np.float64]) -> Chart:
    """Draw how many innocent people are ever flagged, by the number of checks.

    Parameters
    ----------
    ever : ndarray of float, shape (checks, 2)
        Share ever flagged, for false alarms of 0.01 and 0.001.

    Returns
    -------
    Chart
        Simulated shares and the formula as lines.
    """
    number = np.arange(1.0, len(ever) + 1)
    lines = [Line(f"false alarms {f:g}", number, ever[:, place]) for place, f in enumerate((0.01, 0.001))]
    lines += [Line(f"formula, {f:g}", number, 1.0 - (1.0 - f) ** number, published=True) for f in (0.01, 0.001)]
    caption = "With one false alarm in a hundred checks, 63 of 100 innocent people are flagged within a hundred checks."
    title = "Innocent people who were ever flagged"
    return Chart(title, "checks", "share of the innocent", tuple(lines), caption)
