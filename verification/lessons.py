"""What lessons show of the model: runs a scenario at a few settings and writes the outcomes that the pages of lessons carry.

    python verification/lessons.py --write

A lesson starts no simulation. Its outcomes lie beside its text in `src/glasshouse/library/lessons/`, and are computed here.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

import glasshouse as gh
from glasshouse.results.result import Result
from glasshouse.results.totals import REFERENCE, REGIME

OUTCOMES = Path(gh.__file__).parent / "library" / "lessons" / "student-grants-outcomes.json"
SCENARIO = "elsewhere/benefit-screening"
CAPACITIES = (13, 50, 100)
"""People investigated of 1,000 recipients and year: 13 as in the Netherlands in 2014, and more."""
GROUP = "minority"


def outcomes(result: Result, arm: str) -> dict[str, Any]:
    """Outcomes of an arm, of all replicates together.

    Parameters
    ----------
    result : Result
        A run.
    arm : str
        `regime`, where a score selects, or `reference`, where a lot does.

    Returns
    -------
    dict
        Of 1,000 recipients a year: investigated, investigated though nothing was irregular, found irregular, found so wrongly;
        the share found irregular with its interval; and how many times as often the group is investigated as the rest.
    """
    weeks = slice(result.scenario.run.start, None)
    replicates = range(len(result.weekly_totals))

    def total(names: tuple[str, ...], group: str = "everybody") -> float:
        return float(
            sum(getattr(result.weekly_sums(k, arm, group, weeks), name).sum() for k in replicates for name in names)
        )

    years = total(("drawing",)) / 52.0
    cases, decided = ("cases_model", "cases_lot"), ("decided_model", "decided_lot")
    found = ("found_model", "found_lot")
    each = np.array([
        sum(getattr(result.weekly_sums(k, arm, weeks=weeks), name).sum() for name in found)
        / sum(getattr(result.weekly_sums(k, arm, weeks=weeks), name).sum() for name in decided)
        for k in replicates
    ])  # fmt: skip
    half = 1.96 * each.std(ddof=1) / np.sqrt(len(each))
    share = total(found) / total(decided)
    rates = [total(cases, group) / total(("drawing",), group) for group in (GROUP, f"not {GROUP}")]
    irregular = total(("cases_model_irregular", "cases_lot_irregular"))
    return {
        "investigated": round(1000 * total(cases) / years, 1),
        "for_nothing": round(1000 * (total(cases) - irregular) / years, 1),
        "found": round(1000 * total(found) / years, 1),
        "wrong": round(1000 * total(("found_nothing",)) / years, 1),
        "share": [round(100 * value, 1) for value in (share, max(share - half, 0.0), share + half)],
        "times": round(rates[0] / rates[1], 2),
    }


def main() -> None:
    """Run the scenario and print or write the outcomes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=12_000)
    parser.add_argument("--replicates", type=int, default=4)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = {}
    for capacity in CAPACITIES:
        settings = {"screening.capacity": float(capacity), "reference.screening.capacity": float(capacity)}
        result = gh.run(SCENARIO, settings, citizens=options.citizens, replicates=options.replicates, weeks=156)
        found[str(capacity)] = {"score": outcomes(result, REGIME), "lot": outcomes(result, REFERENCE)}
    facts = {
        "scenario": SCENARIO, "version": gh.__version__, "citizens": options.citizens, "replicates": options.replicates,
        "capacities": found,
    }  # fmt: skip
    text = json.dumps(facts, indent=1) + "\n"
    print(text)
    if options.write:
        OUTCOMES.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
