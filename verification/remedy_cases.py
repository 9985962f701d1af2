"""Do remedies in the model point the way that dated stops and repairs went?

    python verification/remedy_cases.py [--write]

Eight cases with a dated change, and a before and an after, held against runs of shipped scenarios of the same kind of
regime, four replicates of 12,000 citizens each; a few minutes on two cores. A sign is met where the 95 % interval over replicates
lies on its side. A size is held to 25 % where base and unit are known. No setting was chosen for these cases. The script ends
with 1 if a sign points the wrong way. --write puts the table into docs/remedy.md.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pages import replace_table

from glasshouse.engine import run as engine
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import cells_of
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import load, override

PAGE = Path(__file__).parent.parent / "docs" / "remedy.md"

CITIZENS, REPLICATES = 12_000, 4
WITHIN = 0.25
"""Relative distance within which a size must lie."""

WEEK, YEAR, MONTH = 156, 52, 4
"""Week of the change, in the third year of the regime; weeks of a year; weeks of a month's delay."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Check:
    """A figure of the model beside what was published.

    Attributes
    ----------
    what : str
        What is compared.
    published : str
        What was published of it.
    found : Estimate or None
        The figure of the model; None where the model cannot express it.
    sign : int
        The sign that it must have; 0 where only the size is held.
    size : float or None
        The published size, where base and unit are known.
    """

    what: str
    published: str
    found: Estimate | None
    sign: int = 0
    size: float | None = None

    @property
    def sign_verdict(self) -> str:
        """Whether the sign is met."""
        if self.found is None:
            return "cannot be expressed"
        if not self.sign:
            return ""
        low, high = sorted((self.sign * self.found.low, self.sign * self.found.high))
        return "met" if low > 0 else "wrong" if high < 0 else "not certain"

    @property
    def size_verdict(self) -> str:
        """Whether the size is met."""
        if self.size is None or self.found is None:
            return ""
        return "met" if abs(self.found.mean / self.size - 1) <= WITHIN else "missed"


@cache
def run(name: str, settings: tuple[tuple[str, Any], ...] = ()) -> Result:
    """A run of a shipped scenario with other settings."""
    sized = {"society.citizens": CITIZENS, "run.replicates": REPLICATES, "run.rollout": 0}
    return engine.run(override(load(name), {**sized, **dict(settings)}))


def changed(name: str, *steps: tuple[int, dict[str, Any]]) -> Result:
    """A run in which settings change on some dates."""
    given: dict[str, Any] = {}
    for number, (week, settings) in enumerate(steps, 1):
        given |= {f"change.{number}.week": week} | {f"change.{number}.{key}": value for key, value in settings.items()}
    return run(name, tuple(given.items()))


def total(result: Result, name: str, weeks: slice, group: str = "everybody") -> Values:
    """A sum of the regime over some weeks, one value a replicate."""
    place = [one.name for one in result.sums].index(name)
    cells = cells_of(group, result.groups)
    scale = result.sums[place].scale
    each = [one.arm("regime").weekly[weeks][:, cells, place].sum() / scale for one in result.weekly_totals]
    return np.array(each, float)


def less(after: Values, before: Values) -> Estimate:
    """A relative change, with its interval over replicates."""
    return estimate.from_replicates(after / before - 1)


RELEASE = (
    (
        WEEK,
        {
            "safeguards.expiry": 1.0,
            "lists.threshold": (1000.0,) * 4,
            "lists.leave": 1.0,
            "lists.spell": (0.0,) * 4,
            "lists.delay_off": 0.0,
        },
    ),
)


def released(name: str) -> Result:
    """A run in which everybody is released once, as the remedy `release` does."""
    table = next(one for one in load(name).mechanisms if one.name == "lists")
    keys = [key.removeprefix("lists.") for key in RELEASE[0][1] if key.startswith("lists.")]
    back = {f"lists.{key}": getattr(table, key) for key in keys} | {"safeguards.expiry": 0.0}
    return changed(name, *RELEASE, (WEEK + 4, back))


def hurdle() -> list[Check]:
    """A hurdle before appeals, and cuts of legal aid in the same months."""
    name, quarter = "elsewhere/machine-accusations", slice(WEEK + 26, WEEK + 39)
    before, after = run(name), changed(name, (WEEK, {"safeguards.appeal": 0.05}))
    wrong = [total(one, "listed_wrongly", slice(WEEK, WEEK + 104)) for one in (after, before)]
    return [
        Check(
            "appeals in a quarter, with a tenth admitted",
            "−89 % on the year",
            less(total(after, "appeals", quarter), total(before, "appeals", quarter)),
            -1,
        ),
        Check("adults wrongly restricted in two years", "not published", less(*wrong), 1),
    ]


def reasons() -> list[Check]:
    """Reasons required: fewer stops, better founded."""
    name, year = "elsewhere/watchlist", slice(WEEK, WEEK + YEAR)
    before, after = run(name), changed(name, (WEEK, {"safeguards.review": 1.0}))
    listings = [total(one, "listings", year) for one in (after, before)]
    shares = [total(one, "wrong_begun", year) / total(one, "listings", year) for one in (after, before)]
    return [
        Check("listings in the year after, all reviewed", "−64 % in 2013, −98 % by 2016", less(*listings), -1),
        Check("share of new listings that is wrong", "evidence per stop rose", less(*shares), -1),
    ]


def purge() -> list[Check]:
    """A list purged by review."""
    name, later = "elsewhere/watchlist", slice(WEEK + YEAR - 4, WEEK + YEAR)
    before, after = run(name), released(name)
    listed = [total(one, "listed", later) for one in (after, before)]
    minority = [total(one, "listed", later, "minority") / total(one, "listed", later) for one in (after, before)]
    return [
        Check("listed a year later, after a release of all", "−30 % after a review of all", less(*listed), -1),
        Check("share of the listed who are of a minority", "fell (89 to 79 % of those added)", less(*minority), -1),
    ]


def deletion() -> list[Check]:
    """Deletion of records about defaults."""
    name, later = "elsewhere/sticky-list", slice(WEEK + 4, WEEK + YEAR)
    listed = [total(one, "listed", later) for one in (released(name), run(name))]
    return [
        Check("restricted in the year after a release", "2.8 m people taken off", less(*listed), -1),
        Check("borrowing of those without a default", "−6.4 %; there is no price of credit in the model", None),
    ]


def months() -> list[Check]:
    """A stop, and who comes back without being told."""
    name, end = "elsewhere/machine-accusations", slice(WEEK, None)
    early, late = (run(name, (("run.until", week),)) for week in (WEEK, WEEK + MONTH))
    spared = total(late, "wrong_begun", end) - total(early, "wrong_begun", end)
    adults = total(early, "adults", slice(WEEK, WEEK + 1))
    quarter = slice(WEEK, WEEK + 13)
    back = total(run(name), "appeals_upheld", quarter) + total(run(name), "appeals_lenient", quarter)
    among = total(run(name), "listed", slice(WEEK, WEEK + 1))
    return [
        Check(
            "wrongful stops for each month of delay, of 100,000 adults",
            "5,000 people spared in a month; base another",
            estimate.from_replicates(1e5 * spared / adults),
            1,
        ),
        Check(
            "share of the cut off who are back within three months, untold",
            "11 %",
            estimate.from_replicates(back / among),
            size=0.11,
        ),
    ]


def uptake() -> list[Check]:
    """A remedy by application."""
    name, years = "elsewhere/machine-accusations", slice(52, 260)
    rate = total(run(name), "appeals", years) / total(run(name), "listed", years)
    share = 1 - (1 - rate) ** (5 * YEAR)
    return [
        Check("reached by application in five years, against all by a release", "fewer", less(share, np.ones(1)), -1),
        Check(
            "share of the restricted who apply within five years",
            "6.5 % of the eligible",
            estimate.from_replicates(share),
            size=0.065,
        ),
    ]


@cache
def aftermath(start: int) -> Result:
    """A regime that ends in week 156 of ten years, and redress from a week on."""
    given = {"run.until": WEEK, "run.weeks": 520, "aftermath.eligible": 1.0, "aftermath.start": start}
    return run("elsewhere/machine-accusations", tuple(given.items()))


def refunds() -> list[Check]:
    """Refunds to all at once."""
    start = WEEK + 35
    made, later = aftermath(start), aftermath(start + YEAR)
    paid = total(made, "refunded_ww", slice(start, start + 17)) / total(made, "taken_wrongly_ww", slice(None))
    whole = [total(one, "refunded_ww", slice(start, start + 4 * YEAR)) for one in (later, made)]
    return [
        Check("paid within four years of a date, begun a year later", "less paid, later", less(*whole), -1),
        Check(
            "share of what was taken that is paid within four months of the first payment",
            "97 % (697 of 721 m AUD)",
            estimate.from_replicates(paid),
            size=0.97,
        ),
    ]


def discovery() -> list[Check]:
    """Victims who are found years after a stop."""
    made = aftermath(WEEK + 52)
    first, fourth = (total(made, "victims_known", slice(WEEK + 52, WEEK + 52 + years * YEAR)) for years in (1, 4))
    return [
        Check("victims recognised within four years, over one", "rose for years", less(fourth, first), 1),
        Check(
            "recognised of those who came forward",
            "33,225 of 68,376; in the model victims alone come forward",
            None,
        ),
    ]


CASES = {
    "United Kingdom, reconsideration before appeal, Oct 2013": hurdle,
    "New York, reasons for stops, 2013": reasons,
    "London, Gangs Matrix, Nov 2018": purge,
    "Chile, deletion of defaults, Feb 2012": deletion,
    "Arkansas, reporting for Medicaid, to Mar 2019": months,
    "Michigan, set-asides on application": uptake,
    "Australia, Robodebt, Nov 2019 to Oct 2020": refunds,
    "Netherlands, childcare benefit, 2019 to 2024": discovery,
}


def lines_of(found: Mapping[str, Sequence[Check]]) -> list[str]:
    """The table of cases, a row for each figure."""
    lines = ["| case | figure | published | model | sign | size within 25 % |", "|---|---|---|---:|---|---|"]
    for case, checks in found.items():
        for one in checks:
            factor, unit = (1, "") if "100,000" in one.what else (100, " %")
            shown = "none" if one.found is None else one.found.text(factor, unit)
            row = (case, one.what, one.published, shown, one.sign_verdict, one.size_verdict)
            lines.append("| " + " | ".join(row) + " |")
    return lines


def main() -> int:
    """Run the cases, print the table, and say whether a sign is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/remedy.md")
    given = parser.parse_args()
    found = {case: checks() for case, checks in CASES.items()}
    lines = lines_of(found)
    print("\n".join(lines))
    if given.write:
        replace_table("cases", lines, PAGE)
    return 1 if any(one.sign_verdict == "wrong" for checks in found.values() for one in checks) else 0


if __name__ == "__main__":
    sys.exit(main())
