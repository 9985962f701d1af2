"""Pictures of lending over time: loans given, and the distance between true-positive rates."""

import numpy as np

from glasshouse.model.measure import FloatArray
from glasshouse.replications.lending_dynamics.simulations import MARKS, SETTINGS, STEPS
from glasshouse.replications.lending_dynamics.targets import DRAWN, GAPS, MEASURED
from glasshouse.replications.replication import Chart, Line


def loans_chart(x: FloatArray, loans: FloatArray) -> Chart:
    """Draw the loans given so far by policy and group.

    Parameters
    ----------
    x : ndarray of float, shape (points,)
        Steps.
    loans : ndarray of float, shape (points, groups, copies)
        Mean number of loans.

    Returns
    -------
    Chart
        Lines, with the ends of figure 4 of the paper.
    """
    lines = [
        Line(f"{setting}, group {group + 1}", x, loans[:, group, place])
        for place, setting in enumerate(MEASURED)
        for group in range(2)
    ]
    ends = np.array([value for setting in DRAWN.values() for value in setting["loans"]])
    lines.append(Line("figure 4 of the paper", np.full(len(ends), float(STEPS)), ends, "points", published=True))
    return Chart(
        "Loans given so far, mean over 100 banks",
        "steps",
        "loans",
        tuple(lines),
        "Equal opportunity gives both groups more loans, and the second group most of the difference.",
    )


def gap_chart(x: FloatArray, gaps: FloatArray) -> Chart:
    """Draw the distance between true-positive rates where scores move and where they do not.

    Parameters
    ----------
    x : ndarray of float, shape (points,)
        Steps.
    gaps : ndarray of float, shape (points, copies)
        Mean distance.

    Returns
    -------
    Chart
        Lines, with values measured independently.
    """
    names = {1: "scores move", 2: "scores stay"}
    lines = [Line(name, x, gaps[:, place]) for place, name in names.items()]
    marks = np.array(MARKS, float)
    lines += [
        Line(f"{name}, measured independently", marks, np.array(GAPS[SETTINGS[place]]), "points", published=True)
        for place, name in names.items()
    ]
    return Chart(
        "Distance between the groups' true-positive rates so far, equal opportunity",
        "steps",
        "mean distance over 100 banks",
        tuple(lines),
        "The rates of the two groups come together more slowly where loans move scores.",
        log_x=True,
        log_y=True,
    )
