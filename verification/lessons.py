"""What lessons show of the model: runs a scenario at a few settings and writes the outcomes that the pages of lessons carry.

    python verification/lessons.py [NAME …] --write

A lesson starts no simulation. Its outcomes lie beside its text in `src/glasshouse/library/lessons/`, and are computed here.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import glasshouse as gh
from glasshouse.results.result import Result
from glasshouse.results.totals import REFERENCE, REGIME

FOLDER = Path(gh.__file__).parent / "library" / "lessons"
FROZEN = Path(__file__).parent / "regime_figures" / "frozen" / "income-averaging.json"
GROUP = "minority"
CASES, DECIDED = ("cases_model", "cases_lot"), ("decided_model", "decided_lot")
FOUND, IRREGULAR = ("found_model", "found_lot"), ("cases_model_irregular", "cases_lot_irregular")

Outcome = dict[str, Any]
Size = Mapping[str, int]


def total(result: Result, arm: str, names: Iterable[str], group: str = "everybody") -> float:
    """Sums of an arm over the window and all replicates, added up.

    Parameters
    ----------
    result : Result
        A run.
    arm : str
        The arm.
    names : iterable of str
        Names of sums.
    group : str
        The group.

    Returns
    -------
    float
        Their total.
    """
    return float(sum(each(result, arm, names, group)))


def each(result: Result, arm: str, names: Iterable[str], group: str = "everybody") -> list[float]:
    """The same for each replicate.

    Parameters
    ----------
    result : Result
        A run.
    arm : str
        The arm.
    names : iterable of str
        Names of sums.
    group : str
        The group.

    Returns
    -------
    list of float
        A total for each replicate.
    """
    weeks, names = slice(result.scenario.run.start, None), tuple(names)
    return [
        sum(float(getattr(result.weekly_sums(k, arm, group, weeks), name).sum()) for name in names)
        for k in range(len(result.weekly_totals))
    ]


def with_interval(result: Result, arm: str, above: Iterable[str], below: Iterable[str], factor: float) -> list[float]:
    """A ratio of sums over all replicates with its 95 % interval, from how much replicates differ.

    Parameters
    ----------
    result : Result
        A run.
    arm : str
        The arm.
    above, below : iterable of str
        Names of sums.
    factor : float
        What the ratio is multiplied by.

    Returns
    -------
    list of float
        The ratio and both ends.
    """
    upper, lower = np.array(each(result, arm, above)), np.array(each(result, arm, below))
    ratio, ratios = factor * upper.sum() / lower.sum(), factor * upper / lower
    half = 1.96 * ratios.std(ddof=1) / np.sqrt(len(ratios))
    return [round(float(value), 2 if factor == 1.0 else 1) for value in (ratio, max(ratio - half, 0.0), ratio + half)]


def screened(result: Result, arm: str) -> Outcome:
    """What comes of investigations in an arm.

    Parameters
    ----------
    result : Result
        A run of a scenario that screens.
    arm : str
        The arm.

    Returns
    -------
    dict
        Dots: findings of 100 cases, and those of them that are wrong. Figures: findings of 100 cases; of 1,000 recipients a
        year those investigated though nothing was irregular, and found so wrongly; findings of 100 that are wrong; how many
        times as often the group is investigated as the rest.
    """
    years = total(result, arm, ("drawing",)) / 52.0
    cases, found = total(result, arm, CASES), total(result, arm, FOUND)
    wrong = total(result, arm, ("found_nothing",))
    share = 100.0 * found / total(result, arm, DECIDED)
    own, rest = (
        total(result, arm, CASES, group) / total(result, arm, ("drawing",), group) for group in (GROUP, f"not {GROUP}")
    )
    figures = {
        "found": share,
        "for_nothing": 1000.0 * (cases - total(result, arm, IRREGULAR)) / years,
        "wrong_found": 1000.0 * wrong / years,
        "wrong": 100.0 * wrong / found,
        "times": own / rest,
    }
    return {"dots": [round(share), round(share * wrong / found)], "figures": rounded(figures)}


def rounded(figures: Mapping[str, float]) -> dict[str, float]:
    """Figures with one digit after the point.

    Parameters
    ----------
    figures : mapping of str to float
        Figures.

    Returns
    -------
    dict of str to float
        The same, rounded.
    """
    return {key: round(value, 1) for key, value in figures.items()}


def student_grants(size: Size) -> Outcome:
    """The lesson on checks of student grants: investigated of 1,000 people in a year, by a score or by lot.

    Parameters
    ----------
    size : mapping of str to int
        Citizens and replicates.

    Returns
    -------
    dict
        The scenario, outcomes, and figures to compare at the capacity of 2014.
    """
    name, found, compared = "elsewhere/benefit-screening", {}, {}
    for capacity in (13, 50, 100):
        settings = {"screening.capacity": float(capacity), "reference.screening.capacity": float(capacity)}
        result = gh.run(name, settings, weeks=156, **size)
        arms = {"score": REGIME, "lot": REFERENCE}
        found[str(capacity)] = {way: screened(result, arm) for way, arm in arms.items()}
        if not compared:
            compared = {way: with_interval(result, arm, FOUND, DECIDED, 100.0) for way, arm in arms.items()}
    return {"scenario": name, "compared": compared, "outcomes": found}


def robodebt(size: Size) -> Outcome:
    """The lesson on averaged incomes: letters to 1,000 recipients in a year, with the average or with payslips.

    Parameters
    ----------
    size : mapping of str to int
        Citizens and replicates.

    Returns
    -------
    dict
        The scenario, outcomes, and figures to compare: median and 90 % interval of the frozen fit.
    """
    name, found = "elsewhere/income-averaging", {}
    for letters in (50, 200, 450):
        settings = {"screening.capacity": float(letters), "reference.screening.capacity": float(letters)}
        result = gh.run(name, settings, weeks=156, **size)
        found[str(letters)] = {
            way: screened(result, arm) for way, arm in (("average", REGIME), ("payslips", REFERENCE))
        }
    predicted = json.loads(FROZEN.read_text(encoding="utf-8"))["predicted"]
    compared = {
        key: [
            round(factor * float(np.quantile([one[name] for one in predicted], level))) for level in (0.5, 0.05, 0.95)
        ]
        for key, name, factor in (("no_debt", "no_debt", 100.0), ("wrong", "wrong_debts", 1.0))
    }
    return {"scenario": name, "compared": compared, "outcomes": found}


COURT_ALONE = {"lists.threshold": [1000, 5, 1000, 1000], "reference.lists.threshold": [1000] * 4}
"""The court's list alone, which begins empty in 2014."""
NO_LIST = {"lists.threshold": [1000] * 4, "reference.lists.threshold": [1000] * 4}
BEFORE_LISTING = {"at_once": {}, "grace": {"lists.delay_on": 26.0}, "checked": {"safeguards.review": 1.0}}


def court_list(size: Size) -> Outcome:
    """The lesson on the list of judgment debtors: how many defaults reach a court, and what comes before a listing.

    Parameters
    ----------
    size : mapping of str to int
        Citizens and replicates.

    Returns
    -------
    dict
        The scenario, outcomes, and figures to compare, all of 2014 to 2018.
    """
    name, found, compared = "social-governance", {}, {}
    without = gh.run(name, NO_LIST, weeks=364, **size)
    paid_anyway = 100.0 * total(without, REGIME, ("debts_paid",)) / total(without, REGIME, ("defaults",))
    for reach in (80, 40):
        found[str(reach)] = {}
        for way, changed in BEFORE_LISTING.items():
            settings = {**COURT_ALONE, "observation.court_reach": reach / 100.0, **changed}
            result = gh.run(name, settings, weeks=364, **size)
            found[str(reach)][way] = listed(result, paid_anyway)
            if not compared:
                listings = ("court_listings",)
                compared = {
                    "complied": with_interval(result, REGIME, ("court_complied",), listings, 100.0),
                    "refused": with_interval(result, REGIME, ("trips_refused_debtors",), listings, 1.0),
                }
    return {"scenario": f"{name}, the court's list alone", "compared": compared, "outcomes": found}


def listed(result: Result, paid_anyway: float) -> Outcome:
    """What comes of the court's list.

    Parameters
    ----------
    result : Result
        A run.
    paid_anyway : float
        Debts paid of 100 in default without a list.

    Returns
    -------
    dict
        Dots: debts paid of 100 in default, and those of them that are paid without a list as well. Figures: for 100,000
        adults, listings and refused trips a year and people on the list on a day; debts paid of 100 without a list; and
        those wrongly on the list of 100 on it.
    """
    weeks = total(result, REGIME, ("adults",))
    paid = 100.0 * total(result, REGIME, ("debts_paid",)) / total(result, REGIME, ("defaults",))
    figures = {
        "listings": 52e5 * total(result, REGIME, ("court_listings",)) / weeks,
        "listed": 1e5 * total(result, REGIME, ("court_listed",)) / weeks,
        "refused": 52e5 * total(result, REGIME, ("trips_refused_debtors",)) / weeks,
        "paid": paid,
        "paid_anyway": paid_anyway,
        "wrongly": 100.0 * total(result, REGIME, ("restrictions_wrong",)) / total(result, REGIME, ("restrictions",)),
    }
    return {"dots": [round(paid), min(round(paid), round(paid_anyway))], "figures": rounded(figures)}


LESSONS: Mapping[str, tuple[Callable[[Size], Outcome], Size]] = {
    "student-grants": (student_grants, {"citizens": 12_000, "replicates": 4}),
    "robodebt": (robodebt, {"citizens": 12_000, "replicates": 4}),
    "court-list": (court_list, {"citizens": 40_000, "replicates": 3}),
}


def main() -> None:
    """Run the scenarios and print or write the outcomes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for name in options.names or LESSONS:
        made, size = LESSONS[name]
        text = json.dumps({"version": gh.__version__, **size, **made(size)}, indent=1) + "\n"
        print(text)
        if options.write:
            (FOLDER / f"{name}-outcomes.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
