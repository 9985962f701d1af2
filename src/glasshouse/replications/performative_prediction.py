"""Perdomo et al. 2020 on performative prediction: predictions that move those whom they are about, and learn from them."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import chance, normal
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.replication import Chart, Line, Outcome, Replication, Target, above, exactly, near
from glasshouse.replications.sandbox import Simulation, build_population, generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

FINE = 1 << 30
"""Scale of sums that stand for exact means."""

MU, PULL = 0.1, 0.3
"""Correlation of label and feature without a prediction, and what a prediction adds to it (T5.a)."""

PERSONS, ROUNDS = 200_000, 30
"""Size and length of the sampled simulation of T5.a."""

BASE, PULLS = 10.0, {"eps .9": 0.9, "eps -.9": -0.9, "eps 1": 1.0, "eps 1.01": 1.01}
"""Mean outcome without a prediction, and the pulls of T5.b."""

BETA, GAMMA = 2.0, 0.5
"""Smoothness and convexity in T5.c."""

SAMPLES, SPREAD, START = 50_000, 0.1, 10.0
"""Samples that each learner of T5.d takes, their standard deviation, and where learners begin."""

PENALTY, DEPLOYMENTS = 0.05, 25
"""Penalty on squared weights in T5.e, and how often the weights are put into force."""

RESPONSES = {0.01: True, 0.1: True, 1.0: True, 10.0: False, 100.0: False}
"""Strengths of the response in T5.e, and whether retraining settles."""


class TwoKinds(Mechanism):
    """Persons with a feature x = -1 or 1 and a label that is yes with chance 1/2 + mu x + eps theta x (Perdomo et al. 2020).

    Retraining takes the theta of least squared loss of theta x + 1/2 on those who have moved: the mean of x (y - 1/2).
    """

    name: ClassVar[str] = "two_kinds"
    draws: ClassVar = ("label",)
    sums: ClassVar = (
        Sum("together", "1", "x (y - 1/2), in the mean over labels unless they are drawn", FINE),
        Sum("loss", "1", "squared loss in the mean over labels", FINE),
        Sum("persons", "persons", "everybody"),
    )
    district_columns: ClassVar = (Column("theta", "f8", "1", "prediction in force", low=-1e9, high=1e9),)

    @staticmethod
    def citizen(me, here, draw, add):
        """Moves with the prediction."""
        if not me.present:
            return
        yes = 0.5 + here.mu * me.x + here.pull * here.theta * me.x
        said = here.theta * me.x + 0.5
        add("persons")
        add("loss", yes * (1.0 - said) * (1.0 - said) + (1.0 - yes) * said * said)
        if here.sampled:
            yes = 1.0 if draw("label") < yes else 0.0
        add("together", me.x * (yes - 0.5))

    @staticmethod
    def district(here, total):
        """Retrains, or keeps the prediction that it was given."""
        here.theta = total.together / total.persons if here.retrains else here.fixed


class MovingMean(Mechanism):
    """Persons with an outcome z = base + eps theta + deviation, and theta of least gamma theta^2 / 2 - beta z theta.

    With beta = gamma = 1 that is the loss (z - theta)^2 / 2 but for a constant. `gain` is beta / gamma.
    """

    name: ClassVar[str] = "moving_mean"
    sums: ClassVar = (Sum("outcome", "1", "outcomes", FINE), Sum("persons", "persons", "everybody"))
    district_columns: ClassVar = (Column("theta", "f8", "1", "prediction in force", low=-1e9, high=1e9),)

    @staticmethod
    def citizen(me, here, add):
        """Moves with the prediction."""
        if me.present:
            add("outcome", here.base + here.pull * here.theta + me.deviation)
            add("persons")

    @staticmethod
    def district(here, total):
        """Retrains on those who have moved."""
        here.theta = here.gain * total.outcome / total.persons


class Learner(Mechanism):
    """A learner that takes one sample z ~ Normal(base + eps theta in force, s) after the other (Mendler-Dünner et al. 2020).

    Every step: theta is in force as soon as it has moved, by the step (1/(1-eps)) / (8/(1-eps)^2 + t) of z - theta, t
    samples in all. Lazy: the k-th theta in force is kept for k samples, with steps 1/(8 + t), t samples since then.
    """

    name: ClassVar[str] = "learner"
    draws: ClassVar = ("sample",)
    columns: ClassVar = (Column("theta", "f8", "1", "what it predicts", low=-1e9, high=1e9, initial=START),)

    @staticmethod
    def citizen(me, here, draw, week):
        """Week k, from 0, is k + 1 samples long."""
        before = week * (week + 1) // 2
        fast = 1.0 / (1.0 - here.pull)
        deployed = me.theta
        t = 0
        while me.present and t <= week and before + t < SAMPLES:
            z = here.base + here.pull * deployed + SPREAD * normal(draw("sample", before + t))
            step = 1.0 / (8.0 + t) if here.lazy else fast / (8.0 * fast * fast + before + t)
            me.theta += step * (z - me.theta)
            if not here.lazy:
                deployed = me.theta
            t += 1


def determinant(a: float, b: float, c: float, d: float, e: float, f: float, g: float, h: float, i: float) -> float:
    """The determinant of three rows of three."""
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


class RepeatedRegression(Mechanism):
    """Persons whose first two features answer the weights in force, x -> x - eps w, and a logistic regression on them.

    Between deployments the weights go down the gradient of the mean loss + PENALTY |w|^2 / 2 in the metric X'X / 4n +
    PENALTY, which bounds the curvature from above (Böhning 1988, Annals of the Institute of Statistical Mathematics 40),
    until no weight moves by 1e-8. There is no constant: it would undo a shift that is the same for all.
    """

    name: ClassVar[str] = "repeated_regression"
    sums: ClassVar = (
        Sum("persons", "persons", "everybody"),
        *(Sum(f"error{k}", "1", f"(chance - label) x{k}", FINE) for k in range(3)),
        *(Sum(f"square{k}", "1", f"products of features, {k}", FINE) for k in ("00", "01", "02", "11", "12", "22")),
    )
    district_columns: ClassVar = (
        Column("weight", "f8", "1", "weights in training", low=-1e9, high=1e9, length=3),
        Column("deployed", "f8", "1", "weights in force", low=-1e9, high=1e9, length=3),
        Column("deployments", "i8", "times", "how often weights were put into force", high=1e9),
        Column("change", "f8", "1", "largest change of a weight at the last deployment", high=1e9),
    )

    @staticmethod
    def citizen(me, here, add):
        """Answers the weights in force; passes nothing but sums on to the centre of the copy."""
        if not me.present:
            return
        a = me.x0 - here.pull * here.deployed[0]
        b = me.x1 - here.pull * here.deployed[1]
        c = me.x2
        error = chance(here.weight[0] * a + here.weight[1] * b + here.weight[2] * c) - me.label
        add("persons")
        add("error0", error * a)
        add("error1", error * b)
        add("error2", error * c)
        add("square00", a * a)
        add("square01", a * b)
        add("square02", a * c)
        add("square11", b * b)
        add("square12", b * c)
        add("square22", c * c)

    @staticmethod
    def district(here, total):
        """One step of training; once it has come to rest, the weights are put into force."""
        n = total.persons
        u = total.error0 / n + PENALTY * here.weight[0]
        v = total.error1 / n + PENALTY * here.weight[1]
        w = total.error2 / n + PENALTY * here.weight[2]
        a, b, c = total.square00 / (4.0 * n) + PENALTY, total.square01 / (4.0 * n), total.square02 / (4.0 * n)
        d, e, f = total.square11 / (4.0 * n) + PENALTY, total.square12 / (4.0 * n), total.square22 / (4.0 * n) + PENALTY
        whole = determinant(a, b, c, b, d, e, c, e, f)
        u, v, w = (
            determinant(u, b, c, v, d, e, w, e, f) / whole,
            determinant(a, u, c, b, v, e, c, w, f) / whole,
            determinant(a, b, u, b, d, v, c, e, w) / whole,
        )
        here.weight[0] -= u
        here.weight[1] -= v
        here.weight[2] -= w
        if max(abs(u), abs(v), abs(w)) < 1e-8:
            here.change = 0.0
            for k in range(3):
                here.change = max(here.change, abs(here.weight[k] - here.deployed[k]))
                here.deployed[k] = here.weight[k]
            here.deployments += 1


def two_kinds(persons: int, sampled: bool, fixed: NDArray[np.float64]) -> Simulation:
    """Half of each kind: a copy that retrains, and copies that keep the given predictions."""
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
    """A hundred persons in each copy, evenly around the mean outcome."""
    deviations = np.tile((np.arange(100) - 49.5) / 50.0, (len(pulls), 1))
    places = {"pull": pulls, "base": np.full(len(pulls), base), "gain": np.full(len(pulls), gain)}
    return Simulation(build_population({"deviation": deviations}, places=places), (MovingMean(),))


def thetas(simulation: Simulation, weeks: int) -> NDArray[np.float64]:
    """The predictions in force (weeks, copies), without sampling noise."""
    return np.array([snapshot.places("theta") for snapshot in simulation.weeks(weeks, 0)])


def regressions(seed: int, persons: int) -> Simulation:
    """The same synthetic persons for every strength of response; labels follow the features."""
    drawn = generator(seed, "performative-prediction", "features")
    x = drawn.normal(size=(3, persons))
    label = drawn.logistic(size=persons) < x.sum(axis=0)
    pulls = np.array(list(RESPONSES))
    traits = {f"x{k}": np.tile(x[k], (len(pulls), 1)) for k in range(3)} | {"label": np.tile(label, (len(pulls), 1))}
    return Simulation(build_population(traits, places={"pull": pulls}), (RepeatedRegression(),))


def settling(simulation: Simulation, deployments: int) -> NDArray[np.float64]:
    """The largest change of a weight at each deployment (deployments, copies)."""
    found = np.full((deployments, len(RESPONSES)), np.nan)
    for snapshot in simulation.weeks(400 * deployments, 0):
        number = snapshot.places("deployments")
        for copy in np.flatnonzero((number > 0) & (number <= deployments)):
            found[number[copy] - 1, copy] = snapshot.places("change")[copy]
        if (number >= deployments).all():
            break
    return found


def edge(rising: NDArray[np.float64], steady: NDArray[np.bool_]) -> float:
    """The middle between the last value that is steady and the first that is not; undefined without both."""
    first = int(np.argmin(steady))
    return float((rising[first - 1] + rising[first]) / 2) if first > 0 else float("nan")


def sampled_error() -> float:
    """Standard error of theta in the sampled simulation of T5.a: noise of a round, of which the next keeps PULL."""
    stable = MU / (1 - PULL)
    once = (0.25 - (MU + PULL * stable) ** 2) / PERSONS
    return float((once / (1 - PULL**2)) ** 0.5)


STABLE = BASE / (1 - np.array(list(PULLS.values())[:2]))
FACTOR = "published mean over 20 seeds, within a factor of 1.5"
PLACES = {"T5.d every step": 1.4175, "T5.d lazy": 0.0141}


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
    targets: ClassVar = (
        near("T5.a stable", "stable point of the two kinds", MU / (1 - PULL), 1e-6, "derived: mu/(1-eps); exact recursion"),
        near("T5.a optimum", "prediction of least risk, two kinds", MU / (1 - 2 * PULL), 1e-6, "derived: mu/(1-2 eps)"),
        near("T5.a risk", "risk at the optimum", 0.225, 1e-6, "derived: 1/4 - 2 theta mu + (1-2 eps) theta²"),
        near("T5.a sampled", "stable point with labels drawn anew, 200,000 persons", MU / (1 - PULL), 3 * sampled_error(),
             "derived; three standard errors"),
        near("T5.b eps .9", "stable point of the moving mean, eps .9", STABLE[0], 1e-6, "derived: mu/(1-eps)"),
        near("T5.b eps -.9", "the same, eps -.9", STABLE[1], 1e-6, "derived: mu/(1-eps)"),
        near("T5.b after 40", "distance from it after 40 steps, eps .9", 100 * 0.9**40, 1e-6, "derived: 100 eps^40"),
        near("T5.b eps 1", "growth in each of 40 steps, eps 1", BASE, 1e-6, "derived: grows linearly"),
        near("T5.b eps 1.01", "ratio of the 40th step to the 39th, eps 1.01", 1.01, 1e-6, "derived: steps grow by eps"),
        near("T5.c edge", "strength of response up to which retraining contracts", GAMMA / BETA, 6e-4,
             "theorem: gamma/beta; the sweep goes in steps of 0.001"),
        near("T5.c below", "stable point at 0.95 gamma/beta", BETA / GAMMA / 0.05, 1e-6, "derived"),
        above("T5.c beyond", "growth from step 50 to step 100 at 1.05 gamma/beta", 10.0,
              "it diverges, and 1.05^50 is 11.5", "times"),
        *(Target(name, f"mean distance from 100 after 50,000 samples, {name[5:]}", value, (value / 1.5, value * 1.5), FACTOR)
          for name, value in PLACES.items()),
        *(near(f"T5.e eps {pull:g}", f"change of weights at deployment {DEPLOYMENTS}, response {pull:g}", 0.0, 1e-4,
               "the response is weak enough: retraining settles")
          if settles else
          above(f"T5.e eps {pull:g}", f"change of weights at deployment {DEPLOYMENTS}, response {pull:g}", 0.1,
                "the response is too strong: weights swing for ever")
          for pull, settles in RESPONSES.items()),
    )  # fmt: skip

    def simulate(self, seed: int) -> Outcome:
        """All instances; T5.a sampled, T5.d and the persons of T5.e are random."""
        kinds, chart_a = self.kinds(seed)
        means, chart_b = self.means()
        learners, chart_d = self.learners(seed)
        changes = settling(regressions(seed, 2000), DEPLOYMENTS)
        weights = {f"T5.e eps {pull:g}": exactly(end) for pull, end in zip(RESPONSES, changes[-1], strict=True)}
        return Outcome(kinds | means | learners | weights, (chart_a, chart_b, chart_d, self.swings(changes)))

    @staticmethod
    def kinds(seed: int) -> tuple[dict[str, Estimate], Chart]:
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
        said = "Retraining settles at 0.143, where the risk of a prediction in force is not yet the lowest, at 0.25."
        return found, Chart("Risk once people have answered", "prediction in force", "mean squared loss", lines, said)

    @staticmethod
    def means() -> tuple[dict[str, Estimate], Chart]:
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
        said = "With a pull of 0.9 retraining settles at 100, with -0.9 at 5.26; with 1 or more it never settles."
        chart = Chart("Retraining on a mean that moves", "times retrained", "prediction in force", lines, said)
        return {name: exactly(value) for name, value in found.items()}, chart

    @staticmethod
    def learners(seed: int) -> tuple[dict[str, Estimate], Chart]:
        """T5.d: twenty learners that deploy every step, and twenty lazy ones."""
        places = {"lazy": np.array([False, True]), "pull": np.full(2, 0.9), "base": np.full(2, BASE)}
        simulation = Simulation(
            build_population({"number": np.tile(np.arange(20), (2, 1))}, places=places), (Learner(),)
        )
        path = np.array([np.abs(snapshot.agents("theta") - STABLE[0]) for snapshot in simulation.weeks(316, seed)])
        found = {name: estimate.from_replicates(path[-1, place]) for place, name in enumerate(PLACES)}
        weeks = np.arange(1.0, 317.0)
        taken = np.minimum(weeks * (weeks + 1) / 2, SAMPLES)
        lines = tuple(Line(name[5:], taken, path[:, place].mean(axis=1)) for place, name in enumerate(PLACES))
        said = "After 50,000 samples those who keep a prediction for ever longer are a hundred times nearer."
        chart = Chart("Distance from the stable point", "samples taken", "mean distance", lines, said, True, True)
        return found, chart

    @staticmethod
    def swings(changes: NDArray[np.float64]) -> Chart:
        """T5.e in the style of the paper's first figure."""
        number = np.arange(1.0, len(changes) + 1)
        lines = tuple(
            Line(f"eps {pull:g}", number[kept], changes[kept, place], "points")
            for place, pull in enumerate(RESPONSES)
            for kept in [changes[:, place] > 0]
        )
        said = (
            "Weights settle for responses up to 1; for 10 and 100 they swing by as much at the end as at the beginning."
        )
        title = "Change of weights at each deployment of a logistic regression"
        return Chart(title, "deployment", "largest change of a weight", lines, said, log_y=True)
