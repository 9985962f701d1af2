"""A null study: where nothing differs and nothing matters, how often is something found?

One scenario is run with many random seeds, and from these runs are drawn, with replacement,

* two regimes that are the same, each with random seeds of its own, and two such studies: how often does the interval of
  the difference exclude zero?
* studies whose settings change nothing: how often does an index stand out, a safeguard avoid harm, a setting decide a
  claim, or a box stand? And does a claim that is undecided by construction get a clear answer?

Beside each rate stands the one that is stated, and the most findings that chance allows: a table of so many rows would
exceed one of these limits by chance in 5 % of verifications (binomial, Bonferroni). Writes the table into
docs/verification.md; ends with 1 if a limit is exceeded. Run: .venv/bin/python verification/null.py [--share 1.0] (eight minutes
on one processor; --share makes fewer studies and then writes nothing).
"""

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from pages import replace_table
from scipy.stats import binom

import glasshouse
from glasshouse.analysis import safeguard_effects
from glasshouse.analysis.attribution import weighed
from glasshouse.analysis.claim_result import ClaimResult
from glasshouse.analysis.claim_test import test_claim
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.comparison import of_scenarios, of_studies
from glasshouse.analysis.expression import parse_condition
from glasshouse.analysis.screening import analyse
from glasshouse.errors import AnalysisError
from glasshouse.results.result import Result
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import load
from glasshouse.scenario.toml_text import to_toml
from glasshouse.study import design as designs
from glasshouse.study.design import Design
from glasshouse.study.design_points import GeneratedKind
from glasshouse.study.factor import Factor
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Counts, Run
from glasshouse.study.worker import figures, pooled_sums

RUNS = 240
"""Runs that everything is drawn from."""
COMPARED = 5
"""Replicates of a regime, or of an end of a safeguard's range, in a comparison."""
POINTS, REPLICATES, SETTINGS = 64, 2, 8
"""Size of a study of a claim."""
MEASURE = "chilling"
"""A harm, so that a claim about it may be searched."""
SIZE = {"citizens": 500, "run.weeks": 78, "run.start": 26, "run.rollout": 0}
CHANCE = 0.05
"""How often a table without any fault exceeds one of its limits by chance."""
SAFEGUARD = Factor("safeguards.review", 0.0, 1.0)


@dataclass(frozen=True)
class Rate:
    """How often something was found where there is nothing.

    Attributes
    ----------
    what : str
        What was found.
    found : int
        How often.
    among : int
        Of how many.
    stated : float
        The rate that is stated for it, at most.
    """

    what: str
    found: int
    among: int
    stated: float

    def limit(self, rows: int) -> int:
        """The most findings that chance allows in a table of so many rows."""
        return int(binom.isf(CHANCE / rows, self.among, self.stated)) if self.stated else 0

    def line(self, rows: int) -> str:
        """A row of the table."""
        mark = "" if self.found <= self.limit(rows) else " too many"
        counts = f"{self.found:,} of {self.among:,}{mark} | {self.found / self.among:.1%}"
        return f"| {self.what} | {counts} | {self.stated:.1%} | {self.limit(rows):,} |"


def rate(what: str, outcomes: list[bool | None], stated: float) -> Rate:
    """The rate of some outcomes; None for those in which nothing could be found, which do not count."""
    known = [one for one in outcomes if one is not None]
    return Rate(what, sum(known), len(known), stated)


def excludes_zero(low: float, high: float) -> bool | None:
    """Whether an interval excludes zero; None if there is none."""
    return None if math.isnan(low) else low > 0.0 or high < 0.0


class Null:
    """Runs of one scenario with different random seeds, and what is drawn from them.

    Parameters
    ----------
    count : int
        Number of runs.
    seed : int
        Random seed of what is drawn.
    """

    def __init__(self, count: int, seed: int) -> None:
        self.result = glasshouse.run("town", settings=SIZE, replicates=count)
        self.random = np.random.default_rng(seed)
        alone = [replace(self.result, weekly_totals=(one,)) for one in self.result.weekly_totals]
        rows = [figures(one, [MEASURE]) | pooled_sums(one, [MEASURE]) for one in alone]
        self.columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}

    @property
    def expected(self) -> float:
        """The effect on the measure in all runs together."""
        return self.result.effect(MEASURE).mean

    def regime(self) -> Result:
        """A regime with a few replicates of its own."""
        drawn = self.random.integers(len(self.result.weekly_totals), size=COMPARED)
        return replace(self.result, weekly_totals=tuple(self.result.weekly_totals[run] for run in drawn))

    def study(self, design: Design, replicates: int) -> Findings:
        """A study whose settings change nothing, each point with random seeds of its own."""
        size = len(design.points) * replicates
        run = np.arange(size)
        drawn = self.random.integers(len(self.result.weekly_totals), size=size)
        columns = {"run": run, "point": run // replicates, "replicate": run % replicates}
        columns |= {name: column[drawn] for name, column in self.columns.items()}
        about = {"replicates": replicates, "paired": False, "scenario_name": "town", "scenario": scenario_text()}
        about["design"] = designs.design_to_dict(design)
        settings = tuple(designs.settings_at(design, number) for number in range(len(design.points)))
        entries = tuple(Run(int(k), int(k) // replicates, int(k) % replicates, int(k), "done") for k in run)
        return Findings("null", about, Counts(0, 0, size, 0), Table("figures", columns), (), settings, entries)


@cache
def scenario_text() -> str:
    """The scenario as a study stores it."""
    return to_toml(load("town"))


def made(kind: GeneratedKind, factors: int, size: int, seed: int) -> Design:
    """A design over settings that exist nowhere, after a safeguard."""
    rest = [Factor(f"a.x{number}", 0.0, 1.0) for number in range(factors - 1)]
    return designs.make_design(kind, [SAFEGUARD, *rest], size, seed)


def comparisons(null: Null, times: int) -> Iterator[Rate]:
    """Rates of effects between regimes and between studies that are the same."""
    scenario = load("town", SIZE)
    rows = of_scenarios(scenario, scenario).rows
    yield rate("a difference of equal regimes, common random numbers", [row.moved for row in rows if row.known], 0.0)
    measures = [
        one
        for one in null.result.catalogue
        if np.ptp(null.result.effect_figures(one)[1 + len(null.result.weekly_totals) :]) > 0.0
    ]
    found = []
    for _ in range(5 * times):
        measure = measures[null.random.integers(len(measures))]
        one = weighed(measure, [(1.0, null.regime()), (-1.0, null.regime())])
        found.append(excludes_zero(one.low, one.high))
    yield rate(f"a difference of equal regimes, {COMPARED} replicates of its own each, any measure", found, 0.05)
    for points, replicates in ((1, COMPARED), (20, REPLICATES)):
        found = []
        for number in range(2 * times):
            design = made("random", 2, points, number)
            one = of_studies(null.study(design, replicates), null.study(design, replicates)).rows[0].difference
            found.append(excludes_zero(one.low, one.high))
        size = f"{points} point{'s' * (points > 1)} with {replicates} replicates"
        yield rate(f"a difference of equal studies, {size}", found, 0.05)


def indices(null: Null, times: int) -> Iterator[Rate]:
    """Rates of sensitivity indices and of safeguards' effects that stand out. Of each study the first setting counts."""
    for kind, size, method, names in (
        ("saltelli", 32, "sobol", ("first", "total")),
        ("morris", 16, "morris", ("mu*", "sigma")),
        ("random", POINTS, "delta", ("delta",)),
        ("random", POINTS, "pawn", ("PAWN",)),
    ):
        found: dict[str, list[bool | None]] = {name: [] for name in names}
        for number in range(2 * times):
            try:
                result = analyse(null.study(made(kind, 2, size, number), REPLICATES), MEASURE, method)
            except AnalysisError:
                # Points that differ no more than by noise have no Sobol indices.
                continue
            for name in names:
                found[name].append(result.of(name)[0].distinct)
        for name, outcomes in found.items():
            yield rate(f"an index of sensitivity, {name}", outcomes, 0.025)
    for kind, size, replicates in (("random", POINTS, REPLICATES), ("one-at-a-time", 0, COMPARED)):
        outcomes = []
        for number in range(2 * times):
            study = null.study(made(kind, 3, size, number), replicates)
            outcomes.append(
                safeguard_effects.ranking(study.design, study.contributions(MEASURE), shared=False)[0].certain
            )
        yield rate(f"an effect of a safeguard, {kind} design", outcomes, 0.05)


def claims(null: Null, times: int) -> Iterator[Rate]:
    """Rates of answers, of settings that decide, and of boxes that stand, for a claim that is as likely true as not."""
    expression = parse_condition(f"{MEASURE} > {null.expected:.9g}", [MEASURE])
    claim = Claim("null", "Nothing decides this.", expression, load("town"), {}, "null.py")
    tested = [
        test_claim(claim, null.study(made("random", SETTINGS, POINTS, number), REPLICATES)) for number in range(times)
    ]
    clear = [one.answer not in ("it depends", "undecided") for one in tested]
    yield rate("a clear answer to a claim on its threshold", clear, 0.05)
    yield rate(f"a setting of {SETTINGS} that decides a claim", [_decided(one) for one in tested], 0.05)
    # A search for a box takes seconds.
    boxes = [_stands(one) for one in tested[: math.ceil(times / 2)]]
    yield rate(f"a box of {SETTINGS} settings that stands", boxes, 0.05)


def _decided(tested: ClaimResult) -> bool | None:
    try:
        return bool(tested.deciding())
    except AnalysisError:
        return None


def _stands(tested: ClaimResult) -> bool | None:
    try:
        return tested.where.stands
    except AnalysisError:
        return None


def main() -> int:
    """Runs, draws, prints and writes the table; 1 if something is found too often."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--share", type=float, default=1.0, help="share of the studies to make")
    share = parser.parse_args().share
    null, times = Null(RUNS, seed=31), math.ceil(160 * share)
    rates = []
    for kind in (comparisons, indices, claims):
        for one in kind(null, times):
            print(f"{one.what}: {one.found:,} of {one.among:,}, stated {one.stated:.1%}", flush=True)
            rates.append(one)
    head = ["| found where there is nothing | times | rate | stated, at most | limit |", "|---|---|---|---|---|"]
    if share == 1.0:
        replace_table("null", [*head, *(one.line(len(rates)) for one in rates)])
    return int(any(one.found > one.limit(len(rates)) for one in rates))


if __name__ == "__main__":
    sys.exit(main())
