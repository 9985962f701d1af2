"""Pictures of the spiral of silence: how few bots win, and who is silenced on a plane."""

import numpy as np

from glasshouse.replications.replication import Chart, Line
from glasshouse.replications.spiral_of_silence.simulations import LINKS, NEIGHBOURS
from glasshouse.replications.spiral_of_silence.targets import WINS
from glasshouse.results.estimate import Estimate


def bot_chart(curves: dict[int, dict[float, Estimate]]) -> Chart:
    """Draw the article's seventh figure, for preferential placement.

    Parameters
    ----------
    curves : dict of int to dict of float to Estimate
        Estimates by number of links and share of bots.

    Returns
    -------
    Chart
        Runs that bots win, in per cent, with published values.
    """
    lines = []
    for links, won in curves.items():
        ours = list(won.values())
        x = np.array(list(won))
        low, high = (np.array([getattr(one, end) for one in ours]) for end in ("low", "high"))
        lines.append(Line(f"m={links}", x, np.array([one.mean for one in ours]), low=low, high=high))
    for links in LINKS:
        printed = np.array([WINS[share, links][0] for share in (5.0, 10.0)])
        lines.append(Line(f"published, m={links}", np.array([5.0, 10.0]), printed, "points", published=True))
    return Chart(
        "Runs that preferentially placed bots win",
        "bots, per cent of humans",
        "runs in which the bots' opinion dominates, per cent",
        tuple(lines),
        "Between 2 and 3 per cent of bots win two runs in three; 10 per cent win nearly all, the more links there are.",
    )


def plane_chart(plane: list[Estimate]) -> Chart:
    """Draw runs with one winner everywhere, by how many people one sees.

    Parameters
    ----------
    plane : list of Estimate
        Estimates, one for each of `NEIGHBOURS`.

    Returns
    -------
    Chart
        One line with its band.
    """
    x, y = np.array(NEIGHBOURS), np.array([one.mean for one in plane])
    low, high = (np.array([getattr(one, end) for one in plane]) for end in ("low", "high"))
    return Chart(
        "One opinion silences the other everywhere",
        "mean number of people within the radius",
        "runs with one winner, per cent",
        (Line("Glasshouse", x, y, low=low, high=high),),
        "Those who see few keep their corner; where many are seen, one opinion wins everywhere.",
        log_x=True,
    )
