"""Pictures of dissent: by round, by severity, and rounds until it is suppressed."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.dissent.figures import STEP, STEPS
from glasshouse.replications.dissent.simulations import Trial, TrialSeries
from glasshouse.replications.dissent.targets import BARRIERS, CASES, CELLS, ROUNDS, TRIALS, WINDOW
from glasshouse.replications.replication import Chart, Line


def course_chart(courses: dict[tuple[str, bool], TrialSeries]) -> Chart:
    """Draw dissent by round: means over trials under the rule of the article's programme, and under the strict one.

    Parameters
    ----------
    courses : dict of tuple of str and bool to TrialSeries
        Trials by case and whether the rule is strict.

    Returns
    -------
    Chart
        Lines, with published values at both ends.
    """
    rounds = np.arange(0, ROUNDS, 20)
    lines = [
        Line(
            f"{case}{', strict rule' if strict else ''}", rounds.astype(float), trajectory.dissent[rounds].mean(axis=1)
        )
        for (case, strict), trajectory in courses.items()
    ]
    for place, case in enumerate(CASES):
        y = np.array([TRIALS[row][place][0] for row in ("round 0 dissent", "dissent")], dtype=float)
        lines.append(Line(f"published, {case}", np.array([0.0, ROUNDS - WINDOW / 2]), y, "points", published=True))
    return Chart(
        "Dissent while the authority adapts",
        "round",
        "dissent per head",
        tuple(lines),
        "With bold people the authority gives up; with less bold ones dissent is suppressed within a few hundred rounds. "
        "Judged by the policy in force, an authority with flat penalties suppresses it in some runs only.",
    )


def cost_chart(costs: NDArray[np.float64]) -> Chart:
    """Draw what full surveillance costs by severity: the barrier of punishing many bold people at once.

    Parameters
    ----------
    costs : ndarray of float, shape (severities, boldness)
        Cost per head.

    Returns
    -------
    Chart
        One line for each mean boldness, with the derived highest costs.
    """
    severity: NDArray[np.float64] = STEP * np.arange(1.0, STEPS + 1)
    shown_until = severity <= 4.0
    lines = [
        Line(f"mean boldness {boldness:g}", severity[shown_until], costs[shown_until, place])
        for place, boldness in enumerate((1.0, *BARRIERS))
    ]
    derived = np.array([barrier[0] for barrier in BARRIERS.values()])
    tops = severity[costs[:, 1:].argmax(axis=0)]
    lines.append(Line("highest, derived", tops, derived, "points", published=True))
    return Chart(
        "Cost of full surveillance and no tolerance, by severity",
        "severity of the flat penalty",
        "cost per head",
        tuple(lines),
        "Idleness costs 0.25 a head. The bolder the people, the more must be punished before silence pays.",
    )


def sweep_chart(reached: dict[Trial, float]) -> Chart:
    """Draw rounds to suppression beside the published ones, by boldness.

    Parameters
    ----------
    reached : dict of Trial to float
        Rounds to suppression by trial.

    Returns
    -------
    Chart
        Points of both penalties.
    """
    lines = []
    for is_graded, word in ((False, "flat"), (True, "graded")):
        cells = [(b, float(r), reached[Trial(g, d, b)]) for g, d, b, r in CELLS if g == is_graded]
        x, printed, ours = (np.array(column) for column in zip(*sorted(cells), strict=True))
        lines.append(Line(f"{word}, Glasshouse", x, ours, "points"))
        lines.append(Line(f"{word}, published", x, printed, "points", published=True))
    return Chart(
        "Rounds until three quarters of dissent are gone",
        "mean boldness",
        "rounds",
        tuple(lines),
        "The bolder people are, the longer it takes; 500 is the least that the measure can show.",
    )
