"""The runs of Epstein's paper as set-ups of the engine, and the figures of their outbursts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.mechanism import Mechanism
from glasshouse.replications.civil_violence.rules import EVEN, FLOOR, LITERAL, PaperRules
from glasshouse.replications.civil_violence.town import independent, lattice, offsets, scattered, town
from glasshouse.replications.civil_violence.variants import MesaRules, NetLogoRules
from glasshouse.replications.sandbox import Simulation, Ties, run_parallel
from glasshouse.rng import derive

Figures = Mapping[str, NDArray[np.float64]]

SIDE, DENSITY = 40, 0.7
VIEWS = {"disc": (49.0, 0), "beside": (2.89, 0), "diamond": (0.0, 7)}
"""Who is in view: a vision of 7, of 1.7, and of 7 in Mesa, where it is counted in steps."""

LIFE = 1e9
"""Longest sentence where it has no end."""

ROUNDINGS = {"literal": LITERAL, "floor": FLOOR, "even": EVEN}
CHANGE, SOON, SALAMI = 77, 10, 147
"""Runs 3 and 4: when legitimacy begins to fall, the ticks then compared first, and when the salami is eaten."""

WITHDRAWN = (50, 550)
"""Run 5: between which ticks the cops are withdrawn one by one."""


@cache
def _ties(view: str) -> Ties:
    """The ties of sites with those in view."""
    return lattice(SIDE, offsets(*VIEWS[view]))


@dataclass(frozen=True)
class Setup:
    """Rules and the town that they are simulated in; `cops` is their density."""

    rules: Mechanism
    view: str = "disc"
    cops: float = 0.04
    own: bool = False
    drawn: bool = False
    withdrawing: bool = False

    def simulation(self, seed: int) -> Simulation:
        """Build the simulation of one seed: exact numbers of citizens and cops, or (`drawn`) each site by chance.

        Parameters
        ----------
        seed : int
            Random seed.

        Returns
        -------
        Simulation
            The rules on one town.
        """
        sites = (independent if self.drawn else scattered)(SIDE, DENSITY, self.cops, seed)
        leaves = withdrawals(int((sites == 2).sum())) if self.withdrawing else None
        return Simulation(town(sites, _ties(self.view), seed, leaves, own=self.own), (self.rules,), "sequential")

    def run(self, seed: int, number: int, ticks: int) -> "Histories":
        """Simulate several seeds; the same seed lays out the same towns in every set-up.

        Parameters
        ----------
        seed : int
            Random seed from which those of the simulations are derived.
        number : int
            Number of simulations.
        ticks : int
            Ticks of each.

        Returns
        -------
        Histories
            What happened in each tick.
        """
        seeds = [derive(seed, "civil-violence", k) for k in range(number)]
        active, jailed, arrests = run_parallel(self.simulation, ticks + 1, seeds, ("active", "jailed", "arrests"))[
            :, :, 1:
        ]
        return Histories(active.cumsum(axis=1), jailed.cumsum(axis=1), arrests)


def withdrawals(cops: int) -> NDArray[np.int64]:
    """Compute the tick in which each cop goes, evenly from first to last.

    Parameters
    ----------
    cops : int
        Number of cops.

    Returns
    -------
    ndarray of int, shape (cops,)
        Ticks.
    """
    first, last = WITHDRAWN
    found: NDArray[np.int64] = first + (last - first) * np.arange(1, cops + 1) // cops
    return found


@dataclass(frozen=True)
class Histories:
    """What a set-up gave, (seeds, ticks) from tick 1: who is active, who is in jail, and the arrests of each tick."""

    active: NDArray[np.float64]
    jailed: NDArray[np.float64]
    arrests: NDArray[np.float64]

    def figures(self) -> Figures:
        """Summarise each seed: outbursts, waits and activation with their spread, peaks, and the level of all ticks.

        Returns
        -------
        Figures
            By name, one value for each seed.
        """
        every = [np.array(list(outbursts(line)), float).reshape(-1, 4) for line in self.active]
        waits = [found[1:, 0] - found[:-1, 1] for found in every]
        return {
            "outbursts": np.array([float(len(found)) for found in every]),
            "wait": np.array([_mean(found) for found in waits]),
            "spread of waits": np.array([_spread(found) for found in waits]),
            "activation": np.array([_mean(found[:, 2]) for found in every]),
            "spread of activation": np.array([_spread(found[:, 2]) for found in every]),
            "peak": np.array([_mean(found[:, 3]) for found in every]),
            "largest": self.active.max(axis=1),
            "mean": self.active.mean(axis=1),
            "calm": (self.active < 10).mean(axis=1),
            "jailed": self.jailed.mean(axis=1),
        }

    def waits(self) -> NDArray[np.float64]:
        """Collect the waits between outbursts of all seeds.

        Returns
        -------
        ndarray of float, shape (n,)
            Ticks, in rising order.
        """
        every = [np.array(list(outbursts(line)), float).reshape(-1, 4) for line in self.active]
        return np.sort(np.concatenate([found[1:, 0] - found[:-1, 1] for found in every]))


def outbursts(active: NDArray[np.float64]) -> Iterator[tuple[int, int, float, float]]:
    """Find the outbursts of one simulation.

    An outburst begins when more than 50 are active and ends when fewer are; one that the end cuts off counts as it is.

    Parameters
    ----------
    active : ndarray of float, shape (ticks,)
        Active citizens.

    Yields
    ------
    tuple[int, int, float, float]
        First tick, first tick after it, activation (sum of actives) and peak of each outburst.
    """
    begun = -1
    for tick, number in enumerate(np.append(active, 0.0)):
        if begun < 0 and number > 50.0:
            begun = tick
        elif begun >= 0 and number < 50.0:
            yield begun, tick, float(active[begun:tick].sum()), float(active[begun:tick].max())
            begun = -1


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _spread(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")


def run_2(rounding: float) -> Setup:
    """Set up the paper's run 2: bursts.

    Parameters
    ----------
    rounding : float
        `LITERAL`, `FLOOR` or `EVEN`.

    Returns
    -------
    Setup
        The paper's rules and values.
    """
    return Setup(PaperRules(rounding=rounding))


RUN_1 = Setup(PaperRules(reach=2.89, moving=False, before=0.89, longest=15.0), "beside")
NETLOGO = Setup(NetLogoRules(), own=True)
MESA_APP = Setup(MesaRules(), "diamond", drawn=True)
MESA_CLASS = Setup(MesaRules(legitimacy=0.8, longest=1000.0), "diamond", 0.074, drawn=True)


def falling(rounding: float, jump: float, slope: float) -> Setup:
    """Set up the paper's runs 3 and 4: legitimacy of 0.9 falls to 0.2 slice by slice, or to 0.7 at once.

    Parameters
    ----------
    rounding : float
        `LITERAL`, `FLOOR` or `EVEN`.
    jump : float
        By how much legitimacy falls at once.
    slope : float
        By how much it falls in each later tick.

    Returns
    -------
    Setup
        The paper's rules and values.
    """
    rules = PaperRules(
        rounding=rounding, before=0.9, since=float(CHANGE), jump=jump, slope=slope, least=0.2, longest=LIFE
    )
    return Setup(rules, cops=0.074)


def tipping(rounding: float) -> Setup:
    """Set up the paper's run 5: cops are withdrawn one by one.

    Parameters
    ----------
    rounding : float
        `LITERAL`, `FLOOR` or `EVEN`.

    Returns
    -------
    Setup
        The paper's rules and values.
    """
    return Setup(PaperRules(rounding=rounding, before=0.8, longest=LIFE), cops=0.074, withdrawing=True)


SIZES = {"run 2": (20, 3000), "run 1": (20, 700), "fall": (30, SALAMI), "run 5": (20, 600), "app": (240, 300),
         "class": (30, 300)}  # fmt: skip
"""Seeds and ticks of each set-up."""
