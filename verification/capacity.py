"""Does the forecast keep its capacity? Visits made over visits allowed in the last three years of the flagship scenario.

    python verification/capacity.py [--citizens 20000]

From .025 visits a week in the whole society to 10, and the flagship's own setting, each over 416 weeks. With r the share of
the visits due that is made up in a week (`MAKING_UP`), what is due varies by allowed / (r (2 - r)) about its mean, and
visits made and allowed in any span of weeks differ by what was due before less what is due after it. Over 156 weeks at ten
visits a week that is a standard deviation of 0.48 % in one society and of 0.12 % in the mean of sixteen, which is held to half
a per cent. Fewer visits are held to 4.5 standard deviations of a Poisson number, which is wider. All settings together
would fail by chance in one of some 20,000 sets of seeds.
"""

import argparse
import math
import sys

import glasshouse
from glasshouse.model.measure import Sums
from glasshouse.results.totals import YEAR

WEEKS, FIRST = 8 * YEAR, 5 * YEAR
"""Weeks simulated, and the first that is counted."""

FLAGSHIP = "social-governance"

CASES = ((0.025, 4), (0.1, 4), (1.0, 4), (None, 4), (10.0, 16))
"""Visits allowed a week in the whole society (None: the flagship's own number), and replicates."""

MANY, TOLERANCE, ERRORS = 10.0, 0.005, 4.5
"""Visits a week from which the ratio is held to a tolerance, this tolerance, and standard errors below."""


def counted(weekly: float | None, replicates: int, citizens: int) -> tuple[float, float]:
    """Visits made and allowed in the last three years of all replicates."""
    settings = {} if weekly is None else {"forecast.visits": 1000.0 * weekly / citizens}
    result = glasshouse.run(FLAGSHIP, citizens=citizens, replicates=replicates, weeks=WEEKS, settings=settings)
    made = allowed = 0.0
    for totals in result.weekly_totals:
        sums = Sums(totals.arm("regime").weekly[FIRST:].sum(axis=(0, 1)), result.sums)
        made, allowed = made + float(sums.visits), allowed + float(sums.visits_allowed)
    return made, allowed


def main() -> int:
    """Runs all cases and returns 1 if a capacity does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=20_000)
    citizens = parser.parse_args().citizens
    failed = 0
    print(f"{'allowed a week':>16}{'societies':>11}{'allowed':>10}{'made':>8}{'made / allowed':>16}{'tolerance':>11}")
    for weekly, replicates in CASES:
        made, allowed = counted(weekly, replicates, citizens)
        many = weekly is not None and weekly >= MANY
        tolerance = TOLERANCE if many else ERRORS / math.sqrt(allowed)
        within = abs(made / allowed - 1.0) <= tolerance
        failed += not within
        line = f"{allowed / (WEEKS - FIRST) / replicates:16.3f}{replicates:11}{allowed:10.1f}{made:8.0f}"
        print(f"{line}{made / allowed:16.4f}{tolerance:11.4f}{'' if within else '   differs'}", flush=True)
    print("The capacity holds." if not failed else f"The capacity does not hold in {failed} cases.")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
