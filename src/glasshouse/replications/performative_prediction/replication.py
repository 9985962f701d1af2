"""Perdomo et al. 2020 on performative prediction: predictions that move those whom they are about, and learn from them."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.performative_prediction.mechanisms import DEPLOYMENTS, SAMPLES, Learner
from glasshouse.replications.performative_prediction.simulations import (
    BASE,
    BETA,
    GAMMA,
    PERSONS,
    PULLS,
    RESPONSES,
    ROUNDS,
    edge,
    moving_means,
    regressions,
    settling,
    thetas,
    two_kinds,
)
from glasshouse.replications.performative_prediction.targets import PLACES, STABLE, targets
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, exactly
from glasshouse.replications.sandbox import Simulation, build_population
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate


class PerformativePrediction(Replication):
    """Retraining on those who answered the last prediction: where it settles, and how strong an answer it can bear."""

    name: ClassVar[str] = "performative-prediction"
    title: ClassVar[str] = "Performative prediction"
    citation: ClassVar[str] = (
        "J. Perdomo, T. Zrnic, C. Mendler-Dünner, M. Hardt, “Performative Prediction”, ICML 2020; C. Mendler-Dünner, "
        "J. Perdomo, T. Zrnic, M. Hardt, “Stochastic Optimization for Performative Prediction”, NeurIPS 2020"
    )
    equations: ClassVar[str] = (
        "theta(k+1) = the theta of least mean loss on those who answered theta(k); it contracts by eps beta / gamma\n"
        "two kinds: P(y = 1) = 1/2 + (mu + eps theta) x, squared loss of theta x + 1/2\n"
        "moving mean: z = base + eps theta + deviation, loss gamma theta² / 2 - beta z theta\n"
        "logistic regression: x -> x - eps w for two of three features, penalty 0.05 |w|² / 2"
    )
    confidence: ClassVar[str] = "theorem and experiments: read in the papers and the authors' code; points: derived"
    targets: ClassVar = targets()

    def simulate(self, seed: int) -> Outcome:
        # All instances; T5.a sampled, T5.d and the persons of T5.e are random.
        kinds, chart_a = _kinds(seed)
        means, chart_b = _means()
        learners, chart_d = _learners(seed)
        changes = settling(regressions(seed, 2000), DEPLOYMENTS)
        weights = {f"T5.e eps {pull:g}": exactly(end) for pull, end in zip(RESPONSES, changes[-1], strict=True)}
        return Outcome(kinds | means | learners | weights, (chart_a, chart_b, chart_d, _swings(changes)))


def _kinds(seed: int) -> tuple[dict[str, Estimate], Chart]:
    """T5.a: retraining, and the risk of predictions that stay in force."""
    fixed = np.linspace(0.0, 0.5, 11)
    simulation = two_kinds(2, False, fixed)
    snapshot = simulation.last(60, seed)
    risks = snapshot.total("loss")[1:] / snapshot.total("persons")[1:]
    # The risk is a parabola, and three of its points give its lowest.
    bend, slope, _ = np.polyfit(fixed[[0, 5, 10]], risks[[0, 5, 10]], 2)
    optimum = -slope / (2 * bend)
    stable = snapshot.places("theta")[0]
    sampled = two_kinds(PERSONS, True, np.zeros(0)).last(ROUNDS, seed).places("theta")
    found = {
        "T5.a stable": exactly(stable),
        "T5.a optimum": exactly(optimum),
        "T5.a risk": exactly(risks[5]),
        "T5.a sampled": exactly(sampled[0]),
    }
    at = np.array([stable, optimum])
    lines = (
        Line("risk", fixed, risks),
        Line("stable, and best", at, np.interp(at, fixed, risks), "points"),
    )
    caption = "Retraining settles at 0.143, where the risk of a prediction in force is not yet the lowest, at 0.25."
    return found, Chart("Risk once people have answered", "prediction in force", "mean squared loss", lines, caption)


def _means() -> tuple[dict[str, Estimate], Chart]:
    """T5.b and T5.c: pulls below, at and beyond what retraining can bear."""
    path = thetas(moving_means(np.array(list(PULLS.values())), BASE, 1.0), 260)
    edges = GAMMA / BETA * np.linspace(0.8, 1.2, 101)
    swept = thetas(moving_means(edges, 1.0, BETA / GAMMA), 40)
    factor = (swept[-1] - swept[-2]) / (swept[-2] - swept[-3])
    calm = thetas(moving_means(np.array([0.95 * GAMMA / BETA]), 1.0, BETA / GAMMA), 400)
    wild = thetas(moving_means(np.array([1.05 * GAMMA / BETA]), 1.0, BETA / GAMMA), 100)
    steps = np.diff(path[:, 3])
    found = {
        "T5.b eps .9": path[-1, 0],
        "T5.b eps -.9": path[-1, 1],
        "T5.b after 40": STABLE[0] - path[39, 0],
        "T5.b eps 1": path[39, 2] / 40,
        "T5.b eps 1.01": steps[38] / steps[37],
        "T5.c edge": edge(edges, factor < 1.0),
        "T5.c below": calm[-1, 0],
        "T5.c beyond": wild[-1, 0] / wild[49, 0],
    }
    time = np.arange(1.0, 101.0)
    lines = tuple(Line(name, time, path[:100, place]) for place, name in enumerate(PULLS))
    caption = "With a pull of 0.9 retraining settles at 100, with -0.9 at 5.26; with 1 or more it never settles."
    chart = Chart("Retraining on a mean that moves", "times retrained", "prediction in force", lines, caption)
    return {name: exactly(value) for name, value in found.items()}, chart


def _learners(seed: int) -> tuple[dict[str, Estimate], Chart]:
    """T5.d: twenty learners that deploy every step, and twenty lazy ones."""
    places = {"lazy": np.array([False, True]), "pull": np.full(2, 0.9), "base": np.full(2, BASE)}
    simulation = Simulation(build_population({"number": np.tile(np.arange(20), (2, 1))}, places=places), (Learner(),))
    path = np.array([np.abs(snapshot.agents("theta") - STABLE[0]) for snapshot in simulation.weeks(316, seed)])
    found = {name: estimate.from_replicates(path[-1, place]) for place, name in enumerate(PLACES)}
    weeks = np.arange(1.0, 317.0)
    taken = np.minimum(weeks * (weeks + 1) / 2, SAMPLES)
    lines = tuple(Line(name[5:], taken, path[:, place].mean(axis=1)) for place, name in enumerate(PLACES))
    caption = "After 50,000 samples those who keep a prediction for ever longer are a hundred times nearer."
    chart = Chart("Distance from the stable point", "samples taken", "mean distance", lines, caption, True, True)
    return found, chart


def _swings(changes: NDArray[np.float64]) -> Chart:
    """T5.e in the style of the paper's first figure."""
    number = np.arange(1.0, len(changes) + 1)
    lines = tuple(
        Line(f"eps {pull:g}", number[positive], changes[positive, place], "points")
        for place, pull in enumerate(RESPONSES)
        for positive in [changes[:, place] > 0]
    )
    caption = (
        "Weights settle for responses up to 1; for 10 and 100 they swing by as much at the end as at the beginning."
    )
    title = "Change of weights at each deployment of a logistic regression"
    return Chart(title, "deployment", "largest change of a weight", lines, caption, log_y=True)
