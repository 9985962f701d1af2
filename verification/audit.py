"""How often do audits find what is there, and do their intervals hold what they promise?

    python verification/audit.py [--regimes] [--write]

Power, false alarms and coverage are exact sums over two binomial numbers, and nothing is simulated; this takes some seconds.
The script ends with 1 if a nominal 95 % interval holds the truth in less than 93 or more than 97 % of audits. --regimes also
computes, from runs of six shipped scenarios, the least request for five questions, in three minutes on two cores. --write
puts the tables into docs/audit.md.
"""

import argparse
import sys
from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path

from pages import replace_table

from glasshouse.analysis.audit.least_requests import Request, least_requests
from glasshouse.analysis.audit.power import MOST, Comparison, coverage, power
from glasshouse.analysis.audit.scoring import Question
from glasshouse.analysis.audit.simulation import cross_counts
from glasshouse.analysis.audit.world import World
from glasshouse.report.audit_words import FEW
from glasshouse.scenario.scenario import load, override

PAGE = Path(__file__).parent.parent / "docs" / "audit.md"

LEAST, GREATEST = 0.93, 0.97
"""Within which the coverage of a nominal 95 % interval must lie."""

UNDUE = Comparison(0, 0.235, 0.044, 0.022)
"""Undue grants: 4.4 % in a group that makes up 23.5 % of cases, against 2.2 % in the rest."""

SIZES = (390, 2_000, 4_000)
"""Cases of an audit."""

COVERED = (
    Comparison(390, 0.22, 0.044, 0.022),
    Comparison(390, 0.22, 0.022, 0.022),
    Comparison(390, 0.5, 0.044, 0.022),
    Comparison(390, 0.05, 0.044, 0.022),
    Comparison(2_000, 0.22, 0.044, 0.022),
    Comparison(4_000, 0.22, 0.044, 0.022),
    Comparison(200, 0.22, 0.3, 0.2),
    Comparison(60, 0.5, 0.6, 0.7),
)
"""Designs whose intervals are checked, from ordinary ones to a group of twenty people."""

REGIMES = (
    "social-governance",
    "rows/s04-automation",
    "rows/s06-integration",
    "elsewhere/machine-accusations",
    "elsewhere/sticky-list",
    "elsewhere/watchlist",
)

QUESTIONS = {
    "Are migrants wrongly listed twice as often, by the regime's own rule?": Question("migrant"),
    "Are they one and a half times as often?": Question("migrant", times=1.5),
    "Are they undeservedly listed twice as often, by their conduct?": Question("migrant", yardstick="conduct"),
    "Is the poorest fifth wrongly listed twice as often?": Question("poorest fifth"),
    "Is a minority wrongly listed twice as often?": Question("minority"),
}

CITIZENS, REPLICATES = 24_000, 4
"""Citizens and replicates of the runs from which requests are computed."""


def power_lines() -> list[str]:
    """The table of power: a doubled rate of undue grants, by two tests."""
    lines = [
        "| cases | Fisher's exact test | pooled z-test | false alarms, Fisher | false alarms, z |",
        "|---:|---:|---:|---:|---:|",
    ]
    for cases in SIZES:
        unequal = replace(UNDUE, cases=cases)
        equal = replace(unequal, rate=UNDUE.rest_rate)
        shares = (power(one, test) for one in (unequal, equal) for test in ("fisher", "score"))
        lines.append(f"| {cases:,} | " + " | ".join(f"{100 * share:.0f} %" for share in shares) + " |")
    return lines


def coverage_lines() -> tuple[list[str], int]:
    """The table of coverage, and how many intervals fail."""
    lines = ["| audit | intervals that hold the true ratio |", "|---|---:|"]
    failed = 0
    for one in COVERED:
        held = coverage(one)
        failed += not LEAST <= held <= GREATEST
        group = f"{100 * one.share:g} % of them of the group"
        lines.append(
            f"| {one.cases:,} cases, {group}; {100 * one.rate:g} against {100 * one.rest_rate:g} % | {100 * held:.1f} % |"
        )
    return lines, failed


def request_lines() -> list[str]:
    """The table of least requests, a row for each question and a column for each regime."""
    found: dict[str, list[str]] = {question: [] for question in QUESTIONS}
    for regime in REGIMES:
        scenario = override(load(regime), {"society.citizens": CITIZENS, "run.replicates": REPLICATES})
        counted = reduce(add, cross_counts(scenario)[0])
        for text, question in QUESTIONS.items():
            world = World.of(counted, question.yardstick)
            made = {one.kind: one for one in least_requests(world, question)}
            wronged = world.wrong[world.members(question.group)].sum() * counted.adults.sum()
            mark = " (few)" if wronged < FEW else ""
            found[text].append(_cell(made["files by halves"], made["people by halves"]) + mark)
    head = ["| question | " + " | ".join(f"`{name}`" for name in REGIMES) + " |", "|---|" + "---:|" * len(REGIMES)]
    return [*head, *(f"| {text} | " + " | ".join(cells) + " |" for text, cells in found.items())]


def _cell(files: Request, people: Request) -> str:
    return " / ".join(f"over {MOST:,}" if one.cases is None else f"{one.cases:,}" for one in (files, people))


def main() -> int:
    """Compute the tables, print them, and say whether an interval fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--regimes", action="store_true", help="also compute requests from runs of six scenarios")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/audit.md")
    given = parser.parse_args()
    covered, failed = coverage_lines()
    tables = {"power": power_lines(), "coverage": covered}
    if given.regimes:
        tables["requests"] = request_lines()
    for name, lines in tables.items():
        print(f"{name}\n" + "\n".join(lines) + "\n")
        if given.write:
            replace_table(name, lines, PAGE)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
