"""Do the rows S0 to S16 of the system hold at draws from the priors, and which claims can fail?

    python verification/rows.py [S1 S2a …] [--draws 20] [--replicates 5]

Takes about half an hour on two cores for all rows. A signed claim passes if the effect has its sign in 16 of 20 draws, which a
claim about nothing does with a chance of 0.6 %, and if the 95 % interval of the mean effect excludes zero. Of an open claim
the share of draws in which it holds is printed with its 95 % interval, and whether it lies between 20 and 95 %.
"""

import argparse
import sys

import numpy as np
from hypotheses import CATALOGUE, test_row
from open_claims import test_open_claims


def main() -> None:
    """Tests the rows and prints a line for each claim; ends with 1 if a signed claim fails."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", nargs="*")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--replicates", type=int, default=5)
    parser.add_argument("--seed", type=int, default=16)
    given = parser.parse_args()
    failed = 0
    for row in CATALOGUE:
        if given.rows and row.name not in given.rows:
            continue
        signed = test_row(row, given.draws, np.random.default_rng(given.seed), given.replicates) if row.claims else ()
        for found in signed:
            verdict = "holds" if found.passes else "FAILS"
            failed += not found.passes
            wanted = "up" if found.claim.sign > 0 else "down"
            print(
                f"{row.name:4} {found.claim.measure.name:20} {wanted:5} {found.right:2} of {given.draws} "
                f"(at least {found.least})   mean {found.mean}   {verdict}",
                flush=True,
            )
        for asked in test_open_claims(row, given.draws, np.random.default_rng(given.seed), given.replicates):
            share = asked.share
            print(
                f"{row.name:4} {asked.claim.name:20} open  {share.text(100.0, ' %')}   "
                f"{asked.claim.expression.text}   {asked.verdict}",
                flush=True,
            )
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
