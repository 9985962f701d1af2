"""Which share of what the machine does do the safeguards of a state under the rule of law alone take away?

    python verification/likeness.py [--draws 20] [--replicates 5]

Three legal orders of one population, with common random numbers: the machine of `rows/s00-likeness` without safeguards, the same
machine with them, and ordinary policing (`rows/base`). For each figure the share is

    (machine without safeguards - machine with them) / (machine without safeguards - ordinary policing)

so that 1 says that safeguards alone bring back what was before, and 0 that they change nothing. Printed are the share at the
values of the scenario, and its median and 10 to 90 % range over draws from the priors of what is watched and what protects.
Takes about ten minutes on two cores.
"""

import argparse
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypotheses import CATALOGUE, small_scenario
from open_claims import row_draws

import glasshouse
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import Scenario, load, override

FIGURES = ("listed_share", "incorrect_treatment", "believed_risk", "complaint_rate", "records")
"""Measures that have a level in each arm."""

ORDINARY: Mapping[str, Any] = {
    "observation.coverage": 0.1,
    "observation.covert": 0.03,
    "observation.speech_coverage": 0.08,
    "lists.integration": 0.0,
    "safeguards.notice": 0.3,
    "safeguards.appeal": 0.5,
    **{f"safeguards.{name}": 0.0 for name in ("review", "audit", "speech", "purpose", "expiry")},
}
"""Ordinary policing as in `rows/base`, with the ordinary safeguards of the mechanism's defaults."""


def share_explained(machine: float, lawful: float, ordinary: float) -> float:
    """The share of the machine's effect that safeguards alone take away; NaN where the machine has none."""
    return (machine - lawful) / (machine - ordinary) if machine != ordinary else float("nan")


def levels(result: Result, arm: str) -> np.ndarray:
    """The figures of one arm."""
    return np.array([result.level(name, arm).mean for name in FIGURES])


def shares(scenario: Scenario, settings: Mapping[str, Any]) -> np.ndarray:
    """The shares explained, one for each figure, under these settings."""
    lawful = glasshouse.run(override(scenario, dict(settings)))
    ordinary = glasshouse.run(override(scenario, {**settings, **ORDINARY}))
    three = levels(lawful, "reference"), levels(lawful, "regime"), levels(ordinary, "regime")
    return np.array([share_explained(*one) for one in zip(*three, strict=True)])


def main() -> None:
    """Prints a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--replicates", type=int, default=5)
    given = parser.parse_args()
    row = next(row for row in CATALOGUE if row.name == "S0")
    scenario = override(small_scenario(row, load(row.scenario)), {"run.replicates": given.replicates})
    at_values = shares(scenario, {})
    drawn = row_draws(row, scenario, given.draws, np.random.default_rng(16))
    found = np.array([shares(scenario, {**one, "run.seed": number + 1}) for number, one in enumerate(drawn)])
    for place, name in enumerate(FIGURES):
        known = found[np.isfinite(found[:, place]), place]
        low, median, high = np.quantile(known, [0.1, 0.5, 0.9])
        print(f"{name:22} {at_values[place]:6.2f}   over draws {median:6.2f} ({low:.2f} to {high:.2f})", flush=True)


if __name__ == "__main__":
    main()
