"""Small populations simulated once, whose sums `interval_coverage.py` resamples."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glasshouse as gh
from glasshouse.model.declarations import Sum
from glasshouse.model.measures import CATALOGUE
from glasshouse.results.result import Result
from glasshouse.results.totals import ARMS
from glasshouse.scenario.scenario import Scenario

SAFEGUARDS = {"notice": 0.6, "review": 0.3, "appeal": 1.0, "audit": 0.5}

SETTINGS: dict[str, object] = {
    "citizens": 4000,
    "district_size": 512,
    "weeks": 182,
    "start": 26,
    "rollout": 0,
    "conduct.rates": [0.8, 0.006, 0.06, 0.06, 0.02],
    "conduct.repayment": 0.3,
    "firms.demand": 1.0,
    "function_creep.rate": 0.2,
    "lists.integration": 0.5,
    "local_scores.share": 0.5,
    "loyalty.active": 1.0,
    "reference.loyalty.active": 1.0,
    "officials.audit_rate": 0.2,
    "redress.accuracy": 0.8,
    "redress.reviewers": 0.4,
    "voice.threshold_protest": 1.55,
    "reference.firms.coverage": 0.2,
    "reference.lists.integration": 0.1,
    "reference.observation.coverage": 0.15,
    "reference.observation.false_positive_rate": [0.01, 0.015, 0.005, 0.005],
    "reference.representatives.share": 0.3,
    **{f"{arm}safeguards.{name}": value for arm in ("", "reference.") for name, value in SAFEGUARDS.items()},
}
"""The main scenario with 4,000 citizens in eight districts and three years of the regime.

Events that are rare there are made frequent, so that most measures have a value in every
population.
"""

BATCH = 100
"""Populations of one file."""
FITTING = 10
"""The first files, on whose populations scales, kurtoses and measures without an interval were chosen."""


@dataclass(frozen=True)
class Populations:
    """Sums over the reporting window of many populations.

    Attributes
    ----------
    sums, paired : tuple of Sum
        Declarations of the sums.
    totals : ndarray of int64, shape (populations, arms, cells, sums)
        Sums by arm and group cell.
    pairs : ndarray of int64, shape (populations, cells, paired sums)
        Sums over pairs of the same citizen in both arms.
    single : dict of str to ndarray of float, shape (populations, arms)
        Values of the measures over districts or over the course of time, which a population has as a whole.
    """

    sums: tuple[Sum, ...]
    paired: tuple[Sum, ...]
    totals: NDArray[np.int64]
    pairs: NDArray[np.int64]
    single: dict[str, NDArray[np.float64]]


def populations(folder: Path, count: int, first: int = FITTING) -> Populations:
    """Read populations of a folder, and simulate those that it lacks.

    Parameters
    ----------
    folder : Path
        Where files of `BATCH` populations are kept.
    count : int
        How many populations are wanted; rounded up to whole files.
    first : int
        The first file; 0 for the populations on which intervals are fitted.

    Returns
    -------
    Populations
        The sums of all of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = json.dumps(SETTINGS, sort_keys=True)
    scenario = gh.load("social-governance", SETTINGS)
    parts = []
    for batch in range(first, first + -(-count // BATCH)):
        path = folder / f"populations-{batch}.npz"
        if not path.exists():
            _save(path, _arrays(_simulate(scenario, batch, BATCH)), settings)
            print(f"simulated {(batch + 1 - first) * BATCH:,} populations", flush=True)
        with np.load(path) as stored:
            parts.append({name: stored[name] for name in stored.files})
        if str(parts[-1].pop("settings")) != settings:
            raise SystemExit(f"{path} was simulated with other settings. Name another folder.")
        declared = _simulate(scenario, batch, 1)
        if not _begins_with(parts[-1], _arrays(declared)):
            raise SystemExit(f"{path} was simulated with another version of the model. Name another folder.")
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    single = {name: values for name, values in joined.items() if name not in ("totals", "pairs")}
    return Populations(declared.sums, declared.paired, joined["totals"], joined["pairs"], single)


def _begins_with(stored: Mapping[str, NDArray[Any]], first: Mapping[str, NDArray[Any]]) -> bool:
    """Whether the first of the stored populations has the same sums and values."""
    return stored.keys() == first.keys() and all(
        np.array_equal(stored[name][:1], one, equal_nan=one.dtype.kind == "f") for name, one in first.items()
    )


def _save(path: Path, arrays: dict[str, NDArray[np.generic]], settings: str) -> None:
    """Write a file under another name first, so that an interrupted run leaves no half file."""
    unfinished = path.with_suffix(".unfinished.npz")
    np.savez_compressed(unfinished, settings=np.array(settings), **arrays)
    unfinished.rename(path)


def _simulate(scenario: Scenario, batch: int, replicates: int) -> Result:
    return gh.run(scenario, {"replicates": replicates, "seed": 1000 + batch}, threads=1)


def _arrays(result: Result) -> dict[str, NDArray[np.generic]]:
    names: Sequence[str] = [one.name for one in CATALOGUE if one.by_district or one.by_week]
    window = result.window
    return {
        "totals": np.stack([ledger.weekly[:, window].sum(axis=1) for ledger in result.weekly_totals]),
        "pairs": np.stack([ledger.pairs[window].sum(axis=0) for ledger in result.weekly_totals]),
        **{name: np.stack([result.values(name, arm) for arm in ARMS], axis=1) for name in names},
    }
