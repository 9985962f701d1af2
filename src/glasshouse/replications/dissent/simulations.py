"""Trials of an authority and its subjects, and their simulation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import expm1

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.dissent.mechanisms import AdaptiveAuthority, BestResponse, FullSurveillance
from glasshouse.replications.sandbox import Simulation, build_population, generator

POLICY = ("tau", "psi", "nu")


def _scale(mean: float) -> float:
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
    """Compute desired dissent at given quantiles: exponential, cut off at 1.

    Parameters
    ----------
    u : ndarray of float, shape (n,)
        Quantiles in [0, 1).
    mean : float
        Mean after the cut; below a half.

    Returns
    -------
    ndarray of float, shape (n,)
        Desired dissent, 0 to 1.
    """
    whole = _scale(mean)
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
class TrialSeries:
    """What trials did: sums per head and policies by (rounds, trials), and the desired dissent per head (trials)."""

    dissent: NDArray[np.float64]
    punishment: NDArray[np.float64]
    tau: NDArray[np.float64]
    psi: NDArray[np.float64]
    nu: NDArray[np.float64]
    desired: NDArray[np.float64]

    def of(self, trials: Iterable[int]) -> "TrialSeries":
        """Select some of the trials.

        Parameters
        ----------
        trials : iterable of int
            Numbers of trials.

        Returns
        -------
        TrialSeries
            Their series.
        """
        these = list(trials)
        return TrialSeries(*(series[..., these] for series in vars(self).values()))


def _population(seed: int, trial: Trial, heads: int, number: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Desires in rising order, and boldness; the same for both ways to judge."""
    drawn = generator(seed, "authority", f"{trial.graded} {trial.desire} {trial.boldness}", number)
    # Nobody has ties, so the order is free, and a processor guesses rightly where neighbours act alike.
    wished = np.sort(desires(drawn.random(heads), trial.desire))
    return wished.astype(np.float32), (trial.boldness * drawn.exponential(size=heads)).astype(np.float32)


def _subjects(seed: int, trials: Sequence[Trial], numbers: Sequence[int], heads: int) -> dict[str, NDArray[np.float32]]:
    """Traits (trials, heads) of everybody."""
    traits = {name: np.empty((len(trials), heads), np.float32) for name in ("desire", "boldness")}
    for row, (trial, number) in enumerate(zip(trials, numbers, strict=True)):
        traits["desire"][row], traits["boldness"][row] = _population(seed, trial, heads, number)
    return traits


def simulate_trials(seed: int, trials: Sequence[Trial], numbers: Sequence[int], heads: int, rounds: int) -> TrialSeries:
    """Simulate trials side by side, each on the population of its number.

    Parameters
    ----------
    seed : int
        Random seed.
    trials : sequence of Trial
        Authority and subjects of each trial.
    numbers : sequence of int
        Number of the population of each trial; equal numbers share a population.
    heads : int
        People under each authority.
    rounds : int
        Number of rounds.

    Returns
    -------
    TrialSeries
        Sums per head and policies of every round.
    """
    traits = _subjects(seed, trials, numbers, heads)
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
    return TrialSeries(**found, desired=traits["desire"].mean(axis=1, dtype=float))


def full_surveillance(boldness: Sequence[float], step: float, steps: int, heads: int = 100_000) -> NDArray[np.float64]:
    """Simulate flat penalties of rising severity where nothing is tolerated and everything is seen.

    Desires of mean 0.25 and boldness are laid out evenly over both distributions, deterministically.

    Parameters
    ----------
    boldness : sequence of float
        Mean boldness of each population.
    step : float
        By how much severity rises from week to week.
    steps : int
        Number of severities: step, 2 step, ...
    heads : int
        People in each population.

    Returns
    -------
    ndarray of float, shape (steps, boldness)
        Cost per head: dissent and punishment.
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
    """Ask people with these traits for their best answer, and compare it with a search of a grid.

    Parameters
    ----------
    traits : dict of str to ndarray
        Each (people): `desire`, `boldness`, `tau`, `psi`, `nu` and `graded`.

    Returns
    -------
    tuple of ndarray and ndarray
        Dissent expressed, and by how much the best point of the grid costs less; each (people).
    """
    rest = Simulation(
        build_population({name: values[None] for name, values in traits.items()}), (BestResponse(),)
    ).last(1, 0)
    return rest.agents("act")[0], rest.agents("shortfall")[0]


def defiant_from(boldness: float, tau: float, psi: float, nu: float) -> float:
    """Find the desire from which people express all of it under a flat penalty, to 1e-8.

    Asks ever closer neighbours, as D_f is where the best answer jumps.

    Parameters
    ----------
    boldness : float
        Boldness b.
    tau : float
        Tolerance, 0 to 1.
    psi : float
        Severity of the penalty.
    nu : float
        Surveillance, 0 to 1.

    Returns
    -------
    float
        Desired dissent D_f.
    """
    low, high = tau, 1.0
    while high - low > 1e-8:
        asked = np.linspace(low, high, 501)
        policy = {name: np.full(501, level) for name, level in (("tau", tau), ("psi", psi), ("nu", nu))}
        act, _ = answers({"desire": asked, "boldness": np.full(501, boldness), "graded": np.zeros(501), **policy})
        first = int(np.argmax(act > tau))
        low, high = float(asked[first - 1]), float(asked[first])
    return high
