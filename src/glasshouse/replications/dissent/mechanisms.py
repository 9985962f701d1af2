"""Dissenters and an authority after Daymude, Axelrod and Forrest 2025: the mechanisms, and how they are simulated.

What is held to the article stands in `dissent_and_censorship`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import expm1
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.declarations import Column, Sum
from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.sandbox import Simulation, build_population, generator

FINE = 1 << 20
"""Sums are kept to about a millionth of a unit of dissent a person."""

POLICY = ("tau", "psi", "nu")

GRID = 2000
"""Steps between nothing and the desired dissent in which a better answer is looked for."""


def flat(d: float, b: float, tau: float, psi: float, nu: float) -> float:
    """Best answer to one penalty for all: all or the tolerated part.

    All, if its gain b (d - tau) is worth the penalty psi (nu + (1 - nu) d): the article's D_f without its division.
    """
    if d <= tau or b * (d - tau) >= psi * (nu + (1.0 - nu) * d):
        return d
    return tau


def graded(d: float, b: float, tau: float, psi: float, nu: float) -> float:
    """Best answer to a penalty that grows with what exceeds the tolerance."""
    if d <= tau:
        return d
    if nu >= 1.0:
        return d if b >= psi else tau
    return min(d, max(tau, (tau + (b - nu * psi) / ((1.0 - nu) * psi)) / 2.0))


def loss(a: float, d: float, b: float, tau: float, psi: float, nu: float, by_degree: float) -> float:
    """What expressing `a` costs: what is kept back, times boldness, and the expected punishment."""
    punishment = 0.0
    if a > tau:
        punishment = (nu + (1.0 - nu) * a) * psi * (a - tau if by_degree > 0.0 else 1.0)
    return b * (d - a) + punishment


class BestResponse(Mechanism):
    """Answers a policy of one's own, and looks whether any point of a grid would have been better."""

    name: ClassVar[str] = "best_response"
    columns: ClassVar = (
        Column("act", "f8", "dissent", "what is expressed"),
        Column("shortfall", "f8", "loss", "by how much the best point of the grid costs less", high=1e6),
    )

    @staticmethod
    def citizen(me):
        """The closed form beside a search of the grid."""
        d, b, tau, psi, nu = me.desire, me.boldness, me.tau, me.psi, me.nu
        act = graded(d, b, tau, psi, nu) if me.graded > 0.0 else flat(d, b, tau, psi, nu)
        least = loss(0.0, d, b, tau, psi, nu, me.graded)
        step = 1
        while step <= GRID:
            least = min(least, loss(d * step / GRID, d, b, tau, psi, nu, me.graded))
            step += 1
        me.act = act
        me.shortfall = max(0.0, loss(act, d, b, tau, psi, nu, me.graded) - least)


class Subjects(Mechanism):
    """Everybody answers best to the policy in force; the authority sees nu + (1 - nu) a and punishes what exceeds tau."""

    sums: ClassVar = (
        Sum("dissent", "dissent", "what is expressed", FINE),
        Sum("punishment", "penalties", "punishments handed out", FINE),
    )
    district_columns: ClassVar[tuple[Column, ...]] = (
        Column("tolerance", "f8", "dissent", "tau in force", initial=1.0),
        Column("severity", "f8", "penalties", "psi in force", high=1e6),
        Column("surveillance", "f8", "share", "nu in force"),
    )
    draws: ClassVar[tuple[str, ...]] = ("seen",)

    @staticmethod
    def citizen(me, here, draw, add):
        """One round of one person. Random numbers are drawn only for those who can be punished."""
        d, tau, psi, nu = me.desire, here.tolerance, here.severity, here.surveillance
        if d <= tau:
            add("dissent", d)
            return
        act = graded(d, me.boldness, tau, psi, nu) if here.graded else flat(d, me.boldness, tau, psi, nu)
        add("dissent", act)
        if act > tau and draw("seen") < nu + (1.0 - nu) * act:
            add("punishment", psi * (act - tau) if here.graded else psi)


class FullSurveillance(Subjects):
    """No tolerance, everything seen, and a severity that grows by one step a week."""

    name: ClassVar[str] = "full_surveillance"

    @staticmethod
    def district(here, week):
        """The policy of the next week."""
        here.tolerance = 0.0
        here.surveillance = 1.0
        here.severity = here.step * (week + 1)


class AdaptiveAuthority(Subjects):
    """Tries one change a round and goes back on it if the round cost more than the yardstick.

    Cost = sum of dissent + sum of punishments. One of tau, psi, nu, chosen at random, is drawn uniformly within eps of its
    value; tau and nu stay in [0, 1], psi at 1e-9 or more. The yardstick is what the round before cost, whether its
    policy was kept or not; under the strict rule it is what the policy in force cost when it was adopted. Week 0 brings
    the first policy, week r + 1 is round r.
    """

    name: ClassVar[str] = "adaptive_authority"
    eps: float = 0.05
    district_columns: ClassVar[tuple[Column, ...]] = (
        *Subjects.district_columns,
        Column("tau", "f8", "dissent", "tolerance kept"),
        Column("psi", "f8", "penalties", "severity kept", high=1e6),
        Column("nu", "f8", "share", "surveillance kept"),
        Column("yardstick", "f8", "cost", "cost that the next round must not exceed", high=1e12),
    )
    draws: ClassVar[tuple[str, ...]] = ("seen", "which", "where")

    @staticmethod
    def district(here, total, draw, p, week):
        """Judges the round and draws the next candidate."""
        if week == 0:
            here.tolerance = here.first_tau
            here.severity = here.first_psi
            here.surveillance = here.first_nu
            return
        cost = total.dissent + total.punishment
        kept = week == 1 or cost <= here.yardstick
        if kept:
            here.tau = here.tolerance
            here.psi = here.severity
            here.nu = here.surveillance
        if kept or not here.strict:
            here.yardstick = cost
        which, where = draw("which"), draw("where")
        here.tolerance = candidate(here.tau, 0.0, 1.0, where, p.eps) if which * 3.0 < 1.0 else here.tau
        here.severity = here.psi
        if 1.0 <= which * 3.0 < 2.0:
            here.severity = candidate(here.psi, 1e-9, 1e9, where, p.eps)
        here.surveillance = candidate(here.nu, 0.0, 1.0, where, p.eps) if which * 3.0 >= 2.0 else here.nu


def candidate(value: float, low: float, high: float, u: float, eps: float) -> float:
    """A uniform draw within eps of the value and within its range."""
    low = max(low, value - eps)
    high = min(high, value + eps)
    return low + (high - low) * u


def scale(mean: float) -> float:
    """Mean of the exponential distribution that has this mean once it is cut off at 1; the mean is below a half."""
    low, high = mean, 1e6
    for _ in range(100):
        middle = (low + high) / 2.0
        if middle - 1.0 / expm1(1.0 / middle) < mean:
            low = middle
        else:
            high = middle
    return low


def desires(u: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """Desired dissent at these quantiles: exponential, cut off at 1, with this mean."""
    whole = scale(mean)
    return -whole * np.log1p(u * expm1(-1.0 / whole))


@dataclass(frozen=True)
class Trial:
    """One authority and its subjects: its penalty, their mean desire and boldness, how it judges and where it begins."""

    graded: bool
    desire: float
    boldness: float
    strict: bool = False
    first: tuple[float, float, float] = (0.25, 0.1, 0.1)


@dataclass(frozen=True)
class Course:
    """What trials did: sums per head and policies by (rounds, trials), and the desired dissent per head (trials)."""

    dissent: NDArray[np.float64]
    punishment: NDArray[np.float64]
    tau: NDArray[np.float64]
    psi: NDArray[np.float64]
    nu: NDArray[np.float64]
    desired: NDArray[np.float64]

    def of(self, trials: Iterable[int]) -> "Course":
        """The course of these trials."""
        these = list(trials)
        return Course(*(held[..., these] for held in vars(self).values()))


def population(seed: int, trial: Trial, heads: int, number: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Desires in rising order, and boldness; the same for both ways to judge."""
    drawn = generator(seed, "authority", f"{trial.graded} {trial.desire} {trial.boldness}", number)
    # Nobody has ties, so the order is free, and a processor guesses rightly where neighbours act alike.
    wished = np.sort(desires(drawn.random(heads), trial.desire))
    return wished.astype(np.float32), (trial.boldness * drawn.exponential(size=heads)).astype(np.float32)


def subjects(seed: int, trials: Sequence[Trial], numbers: Sequence[int], heads: int) -> dict[str, NDArray[np.float32]]:
    """Traits (trials, heads) of everybody."""
    traits = {name: np.empty((len(trials), heads), np.float32) for name in ("desire", "boldness")}
    for row, (trial, number) in enumerate(zip(trials, numbers, strict=True)):
        traits["desire"][row], traits["boldness"][row] = population(seed, trial, heads, number)
    return traits


def course(seed: int, trials: Sequence[Trial], numbers: Sequence[int], heads: int, rounds: int) -> Course:
    """Simulates trials side by side, each on the population of its number."""
    traits = subjects(seed, trials, numbers, heads)
    places = {
        "graded": np.array([trial.graded for trial in trials]),
        "strict": np.array([trial.strict for trial in trials]),
        **{f"first_{name}": np.array([trial.first[k] for trial in trials]) for k, name in enumerate(POLICY)},
    }
    simulation = Simulation(build_population(traits, places=places), (AdaptiveAuthority(),))
    found = {name: np.empty((rounds, len(trials))) for name in ("dissent", "punishment", *POLICY)}
    for snapshot in simulation.weeks(rounds + 1, seed):
        if snapshot.week > 0:
            for name in ("dissent", "punishment"):
                found[name][snapshot.week - 1] = snapshot.total(name) / heads
            for name in POLICY:
                found[name][snapshot.week - 1] = snapshot.places(name)
    return Course(**found, desired=traits["desire"].mean(axis=1, dtype=float))


def full_surveillance(boldness: Sequence[float], step: float, steps: int, heads: int = 100_000) -> NDArray[np.float64]:
    """Cost per head (steps, boldness) of flat penalties step, 2 step, ... if nothing is tolerated and all is seen.

    Desires of mean 0.25 and boldness are laid out evenly over both distributions, deterministically.
    """
    place = np.arange(heads)
    wished = desires((place + 0.5) / heads, 0.25)
    bold = -np.log1p(-np.modf((place + 0.5) * (5.0**0.5 - 1.0) / 2.0)[0])
    traits = {
        "desire": np.tile(wished, (len(boldness), 1)).astype(np.float32),
        "boldness": (np.array(boldness)[:, None] * bold).astype(np.float32),
    }
    places = {"graded": np.zeros(len(boldness), bool), "step": np.full(len(boldness), step)}
    found = Simulation(build_population(traits, places=places), (FullSurveillance(),)).history(
        steps + 1, 0, ["dissent", "punishment"]
    )
    return (found["dissent"][1:] + found["punishment"][1:]) / heads


def answers(traits: dict[str, NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What people with these traits express, and by how much a point of the grid would have been better."""
    rest = Simulation(build_population({name: held[None] for name, held in traits.items()}), (BestResponse(),)).last(
        1, 0
    )
    return rest.agents("act")[0], rest.agents("shortfall")[0]


def defiant_from(boldness: float, tau: float, psi: float, nu: float) -> float:
    """Desire from which people express all of it under a flat penalty, to 1e-8, by asking ever closer neighbours."""
    low, high = tau, 1.0
    while high - low > 1e-8:
        asked = np.linspace(low, high, 501)
        policy = {name: np.full(501, held) for name, held in (("tau", tau), ("psi", psi), ("nu", nu))}
        act, _ = answers({"desire": asked, "boldness": np.full(501, boldness), "graded": np.zeros(501), **policy})
        first = int(np.argmax(act > tau))
        low, high = float(asked[first - 1]), float(asked[first])
    return high
