"""Banks in three settings (D'Amour et al. 2020), and what is measured of them."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.replications.lending_dynamics.mechanisms import SCORES, BankPolicy, CreditWorld
from glasshouse.replications.sandbox import Simulation, Snapshot, build_population

Numbers = NDArray[np.float64]

SHIFT = 0.01
"""Share of a group that moves by one score with each loan."""

WORLDS = ("max reward", "equal opportunity", "equal opportunity, static")

BANKS = 100

STEPS = 20_000

LONG = 100_000
"""Steps after which hardly anything is left above the cut of a bank that goes for the maximum reward."""

MARKS = (100, 1000, 5000, 10_000, 20_000)


def banks(worlds: tuple[str, ...], number: int) -> Simulation:
    """So many banks in each of the worlds named."""
    places = {
        "equal": np.array(["equal" in world for world in worlds]),
        "shift": np.array([0.0 if "static" in world else SHIFT for world in worlds]),
    }
    bank = np.ones((len(worlds), number), np.uint8)
    return Simulation(build_population({"bank": bank}, places=places), (CreditWorld(), BankPolicy()))


def masses(snapshot: Snapshot, group: str) -> Numbers:
    """Masses of a group (copies, banks, scores), `group` being first or second."""
    return np.stack([snapshot.agents(f"{group}_{k}") for k in range(SCORES)], axis=-1)


def recall(snapshot: Snapshot) -> Numbers:
    """Share of those accepted so far among those who would have repaid (groups, copies, banks)."""
    rates = [snapshot.agents(f"repaid_{group}") / np.maximum(snapshot.agents(f"good_{group}"), 1) for group in range(2)]
    return np.stack(rates)


def profit(snapshot: Snapshot) -> Numbers:
    """Profit a step so far (copies, banks)."""
    found: Numbers = sum(2.0 * snapshot.agents(f"repaid_{g}") - snapshot.agents(f"loans_{g}") for g in range(2))
    return found / (snapshot.week + 1.0)
