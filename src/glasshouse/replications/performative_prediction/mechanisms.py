"""People who respond to predictions, and learners that retrain on them (Perdomo et al. 2020) as mechanisms."""

from typing import ClassVar

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.kernel_math import chance
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.normal_distribution import normal

FINE = 1 << 30
"""Scale of sums that stand for exact means."""

SAMPLES, SPREAD, START = 50_000, 0.1, 10.0
"""Samples that each learner of T5.d takes, their standard deviation, and where learners begin."""

PENALTY, DEPLOYMENTS = 0.05, 25
"""Penalty on squared weights in T5.e, and how often the weights are put into force."""


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
        # Moves with the prediction.
        if not me.present:
            return
        yes = 0.5 + here.mu * me.x + here.pull * here.theta * me.x
        predicted = here.theta * me.x + 0.5
        add("persons")
        add("loss", yes * (1.0 - predicted) * (1.0 - predicted) + (1.0 - yes) * predicted * predicted)
        if here.sampled:
            yes = 1.0 if draw("label") < yes else 0.0
        add("together", me.x * (yes - 0.5))

    @staticmethod
    def district(here, total):
        # Retrains, or keeps the prediction that it was given.
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
        # Moves with the prediction.
        if me.present:
            add("outcome", here.base + here.pull * here.theta + me.deviation)
            add("persons")

    @staticmethod
    def district(here, total):
        # Retrains on those who have moved.
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
        # Week k, from 0, is k + 1 samples long.
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
    """Compute the determinant of three rows of three, read row by row.

    Parameters
    ----------
    a : float
        Row 1, column 1.
    b : float
        Row 1, column 2.
    c : float
        Row 1, column 3.
    d : float
        Row 2, column 1.
    e : float
        Row 2, column 2.
    f : float
        Row 2, column 3.
    g : float
        Row 3, column 1.
    h : float
        Row 3, column 2.
    i : float
        Row 3, column 3.

    Returns
    -------
    float
        a (e i - f h) - b (d i - f g) + c (d h - e g).
    """
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
        # Answers the weights in force; passes nothing but sums on to the centre of the copy.
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
        # One step of training; once it has come to rest, the weights are put into force.
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
