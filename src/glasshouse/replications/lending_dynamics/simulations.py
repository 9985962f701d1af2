"""Banks in three settings (D'Amour et al. 2020), and what is measured of them."""

import numpy as np

from glasshouse.model.measure import FloatArray
from glasshouse.replications.lending_dynamics.mechanisms import SCORES, BankPolicy, CreditWorld
from glasshouse.replications.sandbox import Simulation, Snapshot, build_population

SHIFT = 0.01
"""Share of a group that moves by one score with each loan."""

SETTINGS = ("max reward", "equal opportunity", "equal opportunity, static")

BANKS = 100

STEPS = 20_000

LONG = 100_000
"""Steps after which hardly anything is left above the cut of a bank that goes for the maximum reward."""

MARKS = (100, 1000, 5000, 10_000, 20_000)


def banks(settings: tuple[str, ...], number: int) -> Simulation:
    """Build a simulation of banks in several settings.

    Parameters
    ----------
    settings : tuple of str
        Names of settings, of `SETTINGS`.
    number : int
        Banks in each.

    Returns
    -------
    Simulation
        The mechanisms `CreditWorld` and `BankPolicy`, with one copy for each setting.
    """
    places = {
        "equal": np.array(["equal" in setting for setting in settings]),
        "shift": np.array([0.0 if "static" in setting else SHIFT for setting in settings]),
    }
    bank = np.ones((len(settings), number), np.uint8)
    return Simulation(build_population({"bank": bank}, places=places), (CreditWorld(), BankPolicy()))


def masses(snapshot: Snapshot, group: str) -> FloatArray:
    """Read the masses of a group by score.

    Parameters
    ----------
    snapshot : Snapshot
        State of the banks.
    group : str
        ``"first"`` or ``"second"``.

    Returns
    -------
    ndarray of float, shape (copies, banks, scores)
        Shares of the group.
    """
    return np.stack([snapshot.agents(f"{group}_{k}") for k in range(SCORES)], axis=-1)


def recall(snapshot: Snapshot) -> FloatArray:
    """Compute the share accepted so far of those who would have repaid.

    Parameters
    ----------
    snapshot : Snapshot
        State of the banks.

    Returns
    -------
    ndarray of float, shape (groups, copies, banks)
        Shares.
    """
    rates = [snapshot.agents(f"repaid_{group}") / np.maximum(snapshot.agents(f"good_{group}"), 1) for group in range(2)]
    return np.stack(rates)


def profit(snapshot: Snapshot) -> FloatArray:
    """Compute the profit so far.

    Parameters
    ----------
    snapshot : Snapshot
        State of the banks.

    Returns
    -------
    ndarray of float, shape (copies, banks)
        Profit a step, in loans.
    """
    found: FloatArray = sum(2.0 * snapshot.agents(f"repaid_{g}") - snapshot.agents(f"loans_{g}") for g in range(2))
    return found / (snapshot.week + 1.0)
