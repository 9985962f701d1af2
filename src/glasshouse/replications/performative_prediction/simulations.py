"""Instances of performative prediction, and how they are simulated."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.performative_prediction.mechanisms import MovingMean, RepeatedRegression, TwoKinds
from glasshouse.replications.sandbox import Simulation, build_population, generator

MU, PULL = 0.1, 0.3
"""Correlation of label and feature without a prediction, and what a prediction adds to it (T5.a)."""

PERSONS, ROUNDS = 200_000, 30
"""Size and length of the sampled simulation of T5.a."""

BASE, PULLS = 10.0, {"eps .9": 0.9, "eps -.9": -0.9, "eps 1": 1.0, "eps 1.01": 1.01}
"""Mean outcome without a prediction, and the pulls of T5.b."""

BETA, GAMMA = 2.0, 0.5
"""Smoothness and convexity in T5.c."""

RESPONSES = {0.01: True, 0.1: True, 1.0: True, 10.0: False, 100.0: False}
"""Strengths of the response in T5.e, and whether retraining settles."""


def two_kinds(persons: int, sampled: bool, fixed: NDArray[np.float64]) -> Simulation:
    """Build a simulation of two kinds of persons: a copy that retrains, and copies that keep given predictions.

    Parameters
    ----------
    persons : int
        Persons in each copy, half of each kind.
    sampled : bool
        Whether labels are drawn, or counted by their chances.
    fixed : ndarray of float, shape (copies - 1,)
        Predictions kept.

    Returns
    -------
    Simulation
        The mechanism `TwoKinds`.
    """
    copies = len(fixed) + 1
    places = {
        "mu": np.full(copies, MU),
        "pull": np.full(copies, PULL),
        "sampled": np.full(copies, sampled),
        "retrains": np.arange(copies) == 0,
        "fixed": np.concatenate([[0.0], fixed]),
    }
    return Simulation(
        build_population({"x": np.tile([-1.0, 1.0], (copies, persons // 2))}, places=places), (TwoKinds(),)
    )


def moving_means(pulls: NDArray[np.float64], base: float, gain: float) -> Simulation:
    """Build a simulation of a hundred persons in each copy, evenly around the mean outcome.

    Parameters
    ----------
    pulls : ndarray of float, shape (copies,)
        What the outcome gains for each unit of the prediction, eps.
    base : float
        Mean outcome without a prediction.
    gain : float
        beta / gamma of the loss.

    Returns
    -------
    Simulation
        The mechanism `MovingMean`.
    """
    deviations = np.tile((np.arange(100) - 49.5) / 50.0, (len(pulls), 1))
    places = {"pull": pulls, "base": np.full(len(pulls), base), "gain": np.full(len(pulls), gain)}
    return Simulation(build_population({"deviation": deviations}, places=places), (MovingMean(),))


def thetas(simulation: Simulation, weeks: int) -> NDArray[np.float64]:
    """Simulate retraining without sampling noise.

    Parameters
    ----------
    simulation : Simulation
        Simulation with the column `theta` of copies.
    weeks : int
        Number of retrainings.

    Returns
    -------
    ndarray of float, shape (weeks, copies)
        Predictions in force.
    """
    return np.array([snapshot.places("theta") for snapshot in simulation.weeks(weeks, 0)])


def regressions(seed: int, persons: int) -> Simulation:
    """Build a simulation of the same synthetic persons for every strength of response; labels follow the features.

    Parameters
    ----------
    seed : int
        Random seed of features and labels.
    persons : int
        Persons in each copy.

    Returns
    -------
    Simulation
        The mechanism `RepeatedRegression`, with one copy for each of `RESPONSES`.
    """
    drawn = generator(seed, "performative-prediction", "features")
    x = drawn.normal(size=(3, persons))
    label = drawn.logistic(size=persons) < x.sum(axis=0)
    pulls = np.array(list(RESPONSES))
    traits = {f"x{k}": np.tile(x[k], (len(pulls), 1)) for k in range(3)} | {"label": np.tile(label, (len(pulls), 1))}
    return Simulation(build_population(traits, places={"pull": pulls}), (RepeatedRegression(),))


def settling(simulation: Simulation, deployments: int) -> NDArray[np.float64]:
    """Simulate repeated deployments, and measure how weights change.

    Parameters
    ----------
    simulation : Simulation
        Simulation that `regressions` built.
    deployments : int
        How often weights are put into force.

    Returns
    -------
    ndarray of float, shape (deployments, copies)
        Largest change of a weight at each deployment.
    """
    found = np.full((deployments, len(RESPONSES)), np.nan)
    for snapshot in simulation.weeks(400 * deployments, 0):
        number = snapshot.places("deployments")
        for copy in np.flatnonzero((number > 0) & (number <= deployments)):
            found[number[copy] - 1, copy] = snapshot.places("change")[copy]
        if (number >= deployments).all():
            break
    return found


def edge(rising: NDArray[np.float64], steady: NDArray[np.bool_]) -> float:
    """Find the middle between the last value that is steady and the first that is not.

    Parameters
    ----------
    rising : ndarray of float, shape (n,)
        Values in rising order.
    steady : ndarray of bool, shape (n,)
        Whether retraining is steady at each.

    Returns
    -------
    float
        The middle; undefined unless there are values of both kinds.
    """
    first = int(np.argmin(steady))
    return float((rising[first - 1] + rising[first]) / 2) if first > 0 else float("nan")
