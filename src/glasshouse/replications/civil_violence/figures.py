"""Figures of the civil violence models from simulations."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.civil_violence.simulations import (
    CHANGE,
    MESA_APP,
    MESA_CLASS,
    NETLOGO,
    ROUNDINGS,
    RUN_1,
    SALAMI,
    SIZES,
    SOON,
    Histories,
    withdrawals,
)
from glasshouse.replications.replication import exactly
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate

Found = dict[str, Estimate]


def run_2_figures(second: Mapping[str, Histories]) -> Found:
    """Compute the figures of run 2 under the paper's rules.

    Parameters
    ----------
    second : mapping of str to Histories
        Histories of run 2 by rounding.

    Returns
    -------
    Found
        Estimates by name of target.
    """
    literal, floor, even = (second[how].figures() for how in ROUNDINGS)
    found = {
        f"T2.b {name}": estimate.from_replicates(floor[name]) for name in ("outbursts", "wait", "activation", "calm")
    }
    found |= {f"even {name}": estimate.from_replicates(even[name]) for name in ("outbursts", "wait", "activation")}
    return found | {
        "T2.a": exactly(literal["outbursts"].sum()),
        "literal largest": estimate.from_replicates(literal["largest"]),
        "floor jailed": estimate.from_replicates(floor["jailed"]),
        "wait 60": found["T2.b wait"],
        "spread of waits 55": estimate.from_replicates(floor["spread of waits"]),
        "activation 708": found["T2.b activation"],
        "spread of activation 230": estimate.from_replicates(floor["spread of activation"]),
    }


def program_figures(seed: int) -> Found:
    """Simulate NetLogo's and Mesa's rules and run 1, and compute their figures.

    Parameters
    ----------
    seed : int
        Random seed.

    Returns
    -------
    Found
        Estimates by name of target.
    """
    netlogo = NETLOGO.run(seed, *SIZES["run 2"]).figures()
    app, quiet = MESA_APP.run(seed, *SIZES["app"]).figures(), MESA_CLASS.run(seed, *SIZES["class"]).figures()
    first = RUN_1.run(seed, *SIZES["run 1"])
    found = {f"T2.c {name}": estimate.from_replicates(netlogo[name]) for name in ("outbursts", "wait", "activation")}
    found |= {
        f"T2.c' {name}": estimate.from_replicates(app[name]) for name in ("outbursts", "largest", "calm", "jailed")
    }
    return found | {
        "T2.c''": exactly((quiet["outbursts"] > 0).sum()),
        "NetLogo jailed": estimate.from_replicates(netlogo["jailed"]),
        "run 1 active": estimate.from_replicates(first.active[:, 100:].mean(axis=1)),
        "run 1 largest": estimate.from_replicates(first.active[:, 100:].max(axis=1)),
        "run 1 jailed": estimate.from_replicates(first.jailed[:, 100:].mean(axis=1)),
    }


def legitimacy_figures(how: str, salami: Histories, jump: Histories) -> Found:
    """Compute the figures of runs 3 and 4.

    Parameters
    ----------
    how : str
        Name of the rounding.
    salami : Histories
        Histories in which legitimacy falls in slices.
    jump : Histories
        Histories in which it falls at once.

    Returns
    -------
    Found
        Estimates by name of target.
    """
    soon, whole = slice(CHANGE - 1, CHANGE - 1 + SOON), slice(CHANGE - 1, SALAMI)
    peaks = [one.active[:, soon].max(axis=1) for one in (salami, jump)]
    found = {f"{how} jump larger": exactly((peaks[1] > peaks[0]).sum())}
    for name, one, peak in (("salami", salami, peaks[0]), ("jump", jump, peaks[1])):
        found[f"{how} {name}"] = estimate.from_replicates(peak)
        found[f"{how} {name} arrests"] = estimate.from_replicates(one.arrests[:, soon].sum(axis=1))
        found[f"{how} {name} arrests to 147"] = estimate.from_replicates(one.arrests[:, whole].sum(axis=1))
    return found


def withdrawal_figures(how: str, fifth: Histories) -> Found:
    """Compute the figures of run 5: whether more than 50 are ever active, and the cops left when most are.

    Parameters
    ----------
    how : str
        Name of the rounding.
    fifth : Histories
        Histories of run 5.

    Returns
    -------
    Found
        Estimates by name of target.
    """
    largest = fifth.active.max(axis=1)
    found = {
        f"{how} tips": exactly((largest > 50.0).sum()),
        f"{how} tipping largest": estimate.from_replicates(largest),
    }
    if how == "floor":
        found["T2.d cops"] = estimate.from_replicates(cops_left(fifth.active.argmax(axis=1) + 1))
    return found


def cops_left(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count the cops that run 5 has left.

    Parameters
    ----------
    ticks : ndarray of int, shape (n,)
        Ticks of run 5.

    Returns
    -------
    ndarray of float, shape (n,)
        Cops of 118 that are not withdrawn yet.
    """
    return np.array([float((withdrawals(118) > tick).sum()) for tick in ticks])
