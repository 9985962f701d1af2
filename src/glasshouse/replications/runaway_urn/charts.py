"""Pictures of the urns: where patrols go by day, and by the weight of reported incidents."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.replication import Chart, Line
from glasshouse.replications.runaway_urn.simulations import DAYS, MIXED, PLACES, RULES
from glasshouse.replications.runaway_urn.targets import ROOTS


def runaway_chart(found: NDArray[np.float64]) -> Chart:
    """Draw the share of place A by day, with and without the correction.

    Parameters
    ----------
    found : ndarray of float, shape (days, cases, urns)
        Shares of the long runs.

    Returns
    -------
    Chart
        Means and the middle 80 per cent of urns.
    """
    x = DAYS.astype(float)
    lines = []
    for pair, named in RULES[:4]:
        runs = found[:, RULES.index((pair, named))]
        low, high = np.quantile(runs, [0.1, 0.9], axis=1)
        lines.append(Line(f"{pair}, {named}", x, runs.mean(axis=1), low=low, high=high))
    for pair, (first, second, _, _) in PLACES.items():
        truth = np.full(2, first / (first + second))
        lines.append(Line(f"{pair}, share of incidents", x[[0, -1]], truth, published=True))
    return Chart(
        "Where the patrol goes: mean over 1000 runs and the middle 80 per cent of them",
        "day",
        "chance of a patrol in place A",
        tuple(lines),
        "By what patrols discover, place A draws almost all patrols; corrected, the share comes back to that of "
        "the incidents.",
    )


def weights_chart(found: NDArray[np.float64], resting: dict[str, NDArray[np.float64]]) -> Chart:
    """Draw the share by the weight of what is reported: derived, in expectation, and in the urns on day 1000.

    Parameters
    ----------
    found : ndarray of float, shape (days, cases, urns)
        Shares of the long runs.
    resting : dict of str to ndarray
        Weights, and by pair of places the share at which expected urns come to rest.

    Returns
    -------
    Chart
        Lines and points of both pairs of places.
    """
    lines = []
    for pair, roots in ROOTS.items():
        derived = np.array(list(roots)), np.array(list(roots.values()))
        last = [found[-1, RULES.index((pair, w))].mean() for w in MIXED]
        lines += [
            Line(f"{pair}, expected urn", resting["weight"], resting[pair]),
            Line(f"{pair}, urns on day 1000", np.array([0.1, 0.3, 0.5]), np.array(last), "points"),
            Line(f"{pair}, stable root", *derived, "points", published=True),
        ]
    return Chart(
        "What reported incidents are good for",
        "weight of reported beside discovered incidents",
        "share of place A at rest",
        tuple(lines),
        "The more weight reports have, the nearer the share comes to the truth, which it reaches at weight 1.",
    )
