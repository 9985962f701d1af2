"""Does Mesa's own program of Epstein's civil violence give what Mesa's rules give when the engine simulates them?

    pip install mesa==3.3.1
    python verification/civil_violence_mesa.py [--seeds 32] [--ours 240] [--processes 2]

Runs Mesa's example `epstein_civil_violence` with the values of its app and compares figures of each simulation with ours by
two-sample Kolmogorov-Smirnov tests, all together of size 5 % (Bonferroni). Takes about four minutes on two cores.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from glasshouse.replications.civil_violence.simulations import MESA_APP, SIZES, Histories

VERSION = "3.3.1"
TICKS = SIZES["app"][1]
APP = {"cop_density": 0.04, "legitimacy": 0.82, "max_jail_term": 30}
"""What Mesa's app sets; all else is the default of the class (40 x 40, citizens 0.7, vision 7)."""

COMPARED = {
    "outbursts": "outbursts in a simulation",
    "wait": "mean wait of a simulation, ticks",
    "activation": "mean activation of a simulation's outbursts",
    "peak": "mean peak of a simulation's outbursts",
    "largest": "largest number active in a simulation",
    "mean": "mean number active",
    "calm": "share of ticks with fewer than 10 active",
    "jailed": "mean number in jail",
}
SIZE = 0.05 / len(COMPARED)


def theirs(seed: int) -> NDArray[np.float64]:
    """Actives and jailed (2, ticks) of one simulation of Mesa's program."""
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    settings: dict[str, Any] = {**APP, "seed": seed}
    model = EpsteinCivilViolence(**settings)
    found = np.zeros((2, TICKS))
    for tick in range(TICKS):
        model.step()
        found[:, tick] = model.ACTIVE, model.ARRESTED
    return found


def compare(one: Histories, other: Histories) -> bool:
    """Prints a line for each figure; False if a test rejects that both come from one distribution."""
    mine, foreign, alike = one.figures(), other.figures(), True
    print(f"{'':44}{'Mesa ' + VERSION:>20}{'Glasshouse':>20}{'p':>9}   each tested at {SIZE:.5f}")
    for name, said in COMPARED.items():
        pair = [held[name][np.isfinite(held[name])] for held in (foreign, mine)]
        p = float(ks_2samp(*pair).pvalue)
        alike = alike and p >= SIZE
        told = "".join(f"{held.mean():11.3f} ({held.std(ddof=1):6.3f})" for held in pair)
        print(f"{said:44}{told}{p:9.4f}   {'alike' if p >= SIZE else 'DIFFERENT'}")
    return alike


def main() -> None:
    """Runs both and compares; ends with 1 if a figure is distributed differently or Mesa is not there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=32)
    parser.add_argument("--ours", type=int, default=SIZES["app"][0])
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    try:
        import mesa
    except ImportError:
        sys.exit(f"Mesa is not installed. Install it with “pip install mesa=={VERSION}” and start again.")
    if mesa.__version__ != VERSION:
        sys.exit(
            f"Mesa {mesa.__version__} is installed. Install it with “pip install mesa=={VERSION}” and start again."
        )
    with ProcessPoolExecutor(given.processes) as pool:
        active, jailed = np.stack(list(pool.map(theirs, range(given.seeds))), axis=1)
    ours = MESA_APP.run(1, given.ours, TICKS)
    sys.exit(0 if compare(ours, Histories(active, jailed, np.zeros_like(active))) else 1)


if __name__ == "__main__":
    main()
