"""Do the rows S1 to S16 of the system hold at twenty draws from the priors?

    python verification/rows.py [S1 S5 …] [--draws 20]

Takes about ten minutes on two cores. A claim passes if the effect has its sign in 16 of 20 draws, which a claim about
nothing does with a chance of 0.6 %, and if the 95 % interval of the mean effect excludes zero.
"""

import argparse
import sys

import numpy as np
from hypotheses import CATALOGUE, test_row


def main() -> None:
    """Tests the rows and prints a line for each claim; ends with 1 if any fails."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", nargs="*")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--seed", type=int, default=16)
    given = parser.parse_args()
    failed = 0
    for row in CATALOGUE:
        if given.rows and row.name not in given.rows:
            continue
        for found in test_row(row, given.draws, np.random.default_rng(given.seed), replicates=2):
            verdict = "holds" if found.passes else "FAILS"
            failed += not found.passes
            wanted = "up" if found.claim.sign > 0 else "down"
            print(
                f"{row.name:4} {found.claim.measure.name:20} {wanted:5} {found.right:2} of {given.draws} "
                f"(at least {found.least})   mean {found.mean}   {verdict}",
                flush=True,
            )
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
