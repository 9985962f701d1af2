"""Figures of Daymude, Axelrod and Forrest 2025 from simulations."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.dissent.simulations import Trial, TrialSeries, answers, defiant_from, simulate_trials
from glasshouse.replications.dissent.targets import BARRIERS, CASES, GIVING_WAY, HEADS, REPEATS, ROUNDS, SEEDS, WINDOW
from glasshouse.replications.replication import exactly
from glasshouse.replications.sandbox import generator
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

STEP, STEPS = 0.01, 1200


def closed_forms(seed: int) -> dict[str, Estimate]:
    """Compute D_f and D_g as people act, and compare the best answer with a search.

    Parameters
    ----------
    seed : int
        Random seed of the cases of the search.

    Returns
    -------
    dict of str to Estimate
        Estimates by name of target.
    """
    found = {
        f"T11.a flat nu={text}": exactly(defiant_from(1.0, 0.25, 0.6, nu)) for text, nu in ((".2", 0.2), (".5", 0.5))
    }
    asked = {"desire": np.ones(2), "boldness": np.ones(2), "tau": np.full(2, 0.25), "graded": np.ones(2)}
    act, _ = answers(asked | {"psi": np.array([1.0, 1.5]), "nu": np.array([0.2, 0.5])})
    found |= {f"T11.a graded nu={text}": exactly(a) for text, a in zip((".2", ".5"), act, strict=True)}
    drawn = generator(seed, "dissent", "cases").random((7, 8000))
    cases = dict(zip(("desire", "boldness", "tau", "psi", "nu"), drawn, strict=False))
    cases |= {"boldness": 4.0 * drawn[1], "psi": 1e-9 + 4.0 * drawn[3], "graded": np.where(drawn[5] < 0.5, 1.0, 0.0)}
    cases["nu"] = np.where(drawn[6] < 0.1, 1.0, cases["nu"])
    return found | {"T11.b": exactly(answers(cases)[1].max())}


def barrier(costs: NDArray[np.float64]) -> dict[str, Estimate]:
    """Find the highest cost on the way to full surveillance, and where it falls below that of idleness again.

    Parameters
    ----------
    costs : ndarray of float, shape (severities, boldness)
        Cost per head.

    Returns
    -------
    dict of str to Estimate
        Estimates by name of target.
    """
    idle = 0.25
    found = {
        "T11.e B=1": exactly(costs[:, 0].max() - idle),
        "T11.e B=8 never": exactly(costs[-1, list(BARRIERS).index(8.0) + 1] - idle),
    }
    for place, boldness in enumerate(BARRIERS, 1):
        cost = costs[:, place]
        found[f"T11.e B={boldness:g}"] = exactly(cost.max())
        found[f"T11.e B={boldness:g} back"] = exactly(STEP * (2 + np.flatnonzero(cost >= idle)[-1]))
    return found


def rules(seed: int, heads: int) -> dict[tuple[str, bool], TrialSeries]:
    """Simulate the trials of all cases with the full population, or of those that give way with a smaller one.

    Parameters
    ----------
    seed : int
        Random seed.
    heads : int
        People under each authority.

    Returns
    -------
    dict of tuple of str and bool to TrialSeries
        Trials by case and whether the rule of comparison is strict.
    """
    cases = tuple(CASES) if heads == HEADS else GIVING_WAY
    variants = [(case, strict) for case in cases for strict in ((False, True) if case in GIVING_WAY else (False,))]
    trials = [
        Trial(CASES[case].graded, 0.25, CASES[case].boldness, strict) for case, strict in variants for _ in range(SEEDS)
    ]
    trajectory = simulate_trials(seed, trials, list(range(SEEDS)) * len(variants), heads, ROUNDS)
    return {one: trajectory.of(range(place * SEEDS, (place + 1) * SEEDS)) for place, one in enumerate(variants)}


def last_rounds(courses: dict[tuple[str, bool], TrialSeries]) -> dict[str, Estimate]:
    """Compute the figures of the published trials.

    Parameters
    ----------
    courses : dict of tuple of str and bool to TrialSeries
        Trials by case and whether the rule is strict.

    Returns
    -------
    dict of str to Estimate
        Estimates by name of target.
    """
    found: dict[str, Estimate] = {}
    for case in CASES:
        trajectory = courses[case, False]
        half = trajectory.dissent < 0.5 * trajectory.desired
        first = np.where(half.any(axis=0), half.argmax(axis=0), np.nan)
        found |= {
            f"T11.c {case} round 0 dissent": estimate.from_replicates(trajectory.dissent[0]),
            f"T11.c {case} round 0 punishment": estimate.from_replicates(trajectory.punishment[0]),
            **{f"T11.c {case} {row}": estimate.from_replicates(getattr(trajectory, row)[-WINDOW:].mean(axis=0))
               for row in ("tau", "psi", "nu", "dissent", "punishment")},
            f"T11.c {case} below half": estimate.from_replicates(first),
            f"T11.c {case} never": estimate.from_replicates(np.where(half.any(axis=0), 0.0, 100.0)),
        }  # fmt: skip
    return found


def suppressed(trajectory: TrialSeries) -> NDArray[np.float64]:
    """Tell which trials end in suppression: less than half of what is desired is expressed over the last 500 rounds.

    Parameters
    ----------
    trajectory : TrialSeries
        Trials.

    Returns
    -------
    ndarray of float, shape (trials,)
        100 for suppression, else 0.
    """
    return np.where(trajectory.dissent[-WINDOW:].mean(axis=0) < 0.5 * trajectory.desired, 100.0, 0.0)


def suppression(
    courses: dict[tuple[str, bool], TrialSeries], fewer: dict[tuple[str, bool], TrialSeries]
) -> dict[str, Estimate]:
    """Compute the figures of both rules of comparison.

    Parameters
    ----------
    courses : dict of tuple of str and bool to TrialSeries
        Trials with the full population by case and whether the rule is strict.
    fewer : dict of tuple of str and bool to TrialSeries
        The same with the smaller population.

    Returns
    -------
    dict of str to Estimate
        Estimates by name of target.
    """
    found = {}
    for size, trajectory in (("", courses), ("20,000 ", fewer)):
        for case in GIVING_WAY:
            for strict, word in ((False, "measured"), (True, "strict")):
                found[f"T11.f {size}{case} {word}"] = estimate.from_replicates(suppressed(trajectory[case, strict]))
            severity, silent = (
                trajectory[case, False].psi[-WINDOW:].mean(axis=0),
                suppressed(trajectory[case, False]) > 0.0,
            )
            found[f"T11.f {size}{case} psi"] = estimate.from_replicates(severity)
            found[f"T11.f {size}{case} psi suppressed"] = estimate.from_replicates(severity[silent])
    pairs = [
        suppressed(trajectory["flat 2", False]) - suppressed(trajectory["flat 2", True])
        for trajectory in (courses, fewer)
    ]
    return found | {"T11.f lost": estimate.from_replicates(np.concatenate(pairs))}


def sweep(seed: int, trial: Trial, published: int) -> float:
    """Find the first round at which mean dissent over 500 rounds is under a quarter of what is desired.

    Policies begin anywhere in the unit cube, at the same points in every setting.

    Parameters
    ----------
    seed : int
        Random seed.
    trial : Trial
        Penalty, desire and boldness.
    published : int
        Published number of rounds; the simulation runs 1.3 times as long.

    Returns
    -------
    float
        The round; undefined if it is never reached.
    """
    starts = generator(seed, "dissent", "starts").random((REPEATS, 3))
    trials = [Trial(trial.graded, trial.desire, trial.boldness, first=(t, p, n)) for t, p, n in starts.tolist()]
    trajectory = simulate_trials(seed, trials, range(REPEATS), HEADS, int(1.3 * published))
    whole = np.concatenate([[0.0], np.cumsum(trajectory.dissent.mean(axis=1))])
    low = (whole[WINDOW:] - whole[:-WINDOW]) / WINDOW < 0.25 * trajectory.desired.mean()
    return float(WINDOW + low.argmax()) if low.any() else np.nan
