"""Does the machine augment the control that was there (row S8), or is there a threshold, or one setting that is the regime?

    python verification/augmentation.py [--replicates 8]

*No jump*: every setting has the value of the reference and only `coverage` is raised, over a grid of seven. A step of the
grid that holds more than half of the whole change is a jump. For each measure and step a t test over replicates with common
random numbers asks whether it is one; all tests together find a jump where none is with a chance of at most 1 % (Bonferroni).

*No single setting*: each setting of `rows/s11-control-without-governance` in turn has the reference's value. The share of the
effect that is lost with it is printed with a 95 % interval; the claim is that no setting carries more than three quarters of
an effect, and it fails where the interval lies above. Takes about ten minutes on two cores; ends with 1 if there is a jump.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from hypotheses import CATALOGUE
from numpy.typing import NDArray
from scipy import stats

import glasshouse
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.scale import IDENTITY
from glasshouse.results import estimate, intervals
from glasshouse.results.result import Result

GRID = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
SIZE = {"citizens": 8000, "weeks": 104}
SETTINGS = {"run.start": 0, "society.district_size": 512}
ERROR = 0.01
MOST = 0.75
EFFECTS = ("control_expected", "believed_risk", "records", "listed_share")

Figures = NDArray[np.float64]


def jump(values: Figures, error: float) -> int | None:
    """The step of a grid that holds more than half of the whole change, if one does.

    `values` has a row for each point of the grid and a column for each replicate. Each step is tested at its part of `error`.
    """
    mean, slack = _excess(values, error)
    found = np.flatnonzero(mean > slack)
    return int(found[0]) if len(found) else None


def surely_none(values: Figures, error: float) -> bool:
    """Whether the same tests say of every step that it holds less than half of the whole change."""
    mean, slack = _excess(values, error)
    return bool((mean < -slack).all())


def _excess(values: Figures, error: float) -> tuple[Figures, Figures]:
    """By how much each step exceeds half of the whole change, in its direction, and the half-width of its interval."""
    steps, whole = np.diff(values, axis=0), values[-1] - values[0]
    excess = np.sign(whole.mean()) * (steps - 0.5 * whole)
    slack = stats.t.isf(error / len(steps), values.shape[1] - 1) * excess.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
    return excess.mean(axis=1), slack


def over_the_grid(replicates: int) -> dict[str, Figures]:
    """Values (grid, replicates) of each measure that has a level, as coverage alone rises; those undefined anywhere left out."""
    equal = {dial.setting: dial.zero for row in CATALOGUE if row.name == "S8" for dial in row.strength}
    runs = [
        glasshouse.run(
            "rows/s08-augmentation",
            replicates=replicates,
            settings={**SETTINGS, **equal, "observation.coverage": coverage},
            **SIZE,
        )
        for coverage in GRID
    ]
    found = {}
    for measure in MEASURES:
        if measure.is_between():
            continue
        values = np.array([run.values(measure, "regime") for run in runs], float)
        if np.isfinite(values).all():
            found[measure.name] = values
    return found


def lost_without(replicates: int) -> dict[tuple[str, str], estimate.Estimate]:
    """By effect and setting: the share of the effect that is lost where the setting has the reference's value."""
    row = next(row for row in CATALOGUE if row.name == "S11")

    def effects(settings: dict[str, object]) -> dict[str, Figures]:
        run = glasshouse.run(row.scenario, replicates=replicates, settings={**SETTINGS, **settings}, **SIZE)
        return {name: by_replicate(run, name) for name in EFFECTS}

    whole = effects({})
    found = {}
    for dial in row.strength:
        without = effects({dial.setting: dial.zero})
        for name in EFFECTS:
            found[name, dial.setting] = share_lost(whole[name], without[name])
    return found


def by_replicate(run: Result, name: str) -> Figures:
    """The effect on a measure in each replicate."""
    measure = run.measure(name)
    if measure.is_between():
        return run.effect_figures(measure)[1 + len(run.weekly_totals) :]
    return run.values(measure, "regime") - run.values(measure, "reference")


def share_lost(whole: Figures, without: Figures) -> estimate.Estimate:
    """The share of a mean effect that is lost, from the effects in each replicate with and without a setting."""

    def lost(chosen: Sequence[int]) -> float:
        places = list(chosen)
        return float(1.0 - without[places].mean() / whole[places].mean())

    return intervals.pooled(lost, len(whole), IDENTITY)


def main() -> None:
    """Prints the jumps and the shares lost; ends with 1 if there is a jump."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replicates", type=int, default=8)
    given = parser.parse_args()
    measured = over_the_grid(given.replicates)
    jumps = {
        name: step for name, values in measured.items() if (step := jump(values, ERROR / len(measured))) is not None
    }
    for name, step in jumps.items():
        print(f"{name} jumps between {GRID[step]} and {GRID[step + 1]}")
    none = sum(surely_none(values, ERROR / len(measured)) for values in measured.values())
    rest = len(measured) - len(jumps) - none
    print(f"{len(measured)} measures as coverage alone rises: {len(jumps)} jump, {none} surely do not, {rest} are open")
    for (name, setting), lost in lost_without(given.replicates).items():
        print(share_line(name, setting, lost), flush=True)
    sys.exit(bool(jumps))


def share_line(name: str, setting: str, lost: estimate.Estimate) -> str:
    """The share of an effect that is lost without a setting, and what follows; open where there is no interval."""
    verdict = "carries the effect" if lost.low > MOST else "does not" if lost.high < MOST else "open"
    return f"{name:18} without {setting:28} {lost!s:24} {verdict}"


if __name__ == "__main__":
    main()
