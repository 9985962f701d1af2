"""A null study: where nothing differs and nothing matters, how often is something found?

Runs of one scenario with the same settings and different random seeds are made once. From them are drawn

* comparisons of two regimes that are the same, with random seeds of their own: how often does an interval exclude zero?
* studies whose settings change nothing: how often is a setting said to decide a claim, does a box stand, or is has a
  claim that holds at half of the points an answer other than “it depends” or “undecided”?

Prints the rates beside those that are stated and writes the table into docs/verification.md; ends with 1 if a rate is above
what is stated by more than three standard errors. Run: .venv/bin/python verification/null.py [--studies 200] (eight minutes).
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pages import replace_table

import glasshouse
from glasshouse.analysis.claim_result import ClaimResult
from glasshouse.analysis.claim_test import test_claim
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.expression import parse_condition
from glasshouse.errors import AnalysisError
from glasshouse.results.estimate import from_replicates
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import load
from glasshouse.study import design as designs
from glasshouse.study.design import Design, Factor
from glasshouse.study.findings import Findings
from glasshouse.study.store.schema import Counts

RUNS, POINTS, REPLICATES, SETTINGS, COMPARED = 240, 64, 2, 10, 5
MEASURE = "chilling"
"""A harm, so that a claim about it may be searched."""

STUDY = f"""
scenario = "town"
design = "grid"
replicates = {RUNS}
[settings]
citizens = 500
run.weeks = 78
run.start = 26
run.rollout = 0
[factors]
"observation.coverage" = {{ values = [0.3, 0.31] }}
"""


@dataclass(frozen=True)
class Rate:
    """How often something was found where there is nothing, and how often that is stated to happen at most."""

    what: str
    found: int
    among: int
    stated: float

    @property
    def fits(self) -> bool:
        """Whether the rate is no more than three standard errors above what is stated."""
        return self.found <= self.among * self.stated + 3 * math.sqrt(self.among * self.stated * (1 - self.stated))

    def __str__(self) -> str:
        return f"| {self.what} | {self.found:,} of {self.among:,} | {self.found / self.among:.1%} | {self.stated:.1%} |"


def runs_of_one_point(folder: Path) -> Findings:
    """Runs with the same settings and different random seeds: of two points with common seeds, the first is used."""
    file = folder / "null.toml"
    file.write_text(STUDY, encoding="utf-8")
    return glasshouse.studies.run(file, folder=folder)


def excluded(findings: Findings, times: int, random: np.random.Generator) -> Rate:
    """How often the interval of a difference of two equal regimes excludes zero, over all measures that vary."""
    found = among = 0
    for name in findings.measures:
        values = findings.outputs(name)[0]
        if not np.isfinite(values).all() or np.ptp(values) == 0.0:
            continue
        for _ in range(times):
            first, second = random.choice(values, (2, COMPARED), replace=False)
            interval = from_replicates(first - second)
            among += 1
            found += not interval.low <= 0.0 <= interval.high
    return Rate(f"an effect: the interval of {COMPARED} differences excludes zero", found, among, 0.05)


def null_studies(values: np.ndarray, studies: int, random: np.random.Generator) -> Iterator[ClaimResult]:
    """Claims that hold at half of the points, tested against studies whose settings change nothing."""
    factors = [Factor(f"a.x{number}", 0.0, 1.0) for number in range(SETTINGS)]
    condition = f"{MEASURE} > {float(np.median(values)):.6g}"
    expression = parse_condition(condition, [MEASURE])
    claim = Claim("null", "Nothing decides this.", expression, load("town"), {}, "null.py")
    for study in range(studies):
        made = designs.make_design("random", factors, POINTS, study)
        yield test_claim(claim, findings_of(made, random.choice(values, (POINTS, REPLICATES))))


def findings_of(made: Design, figures: np.ndarray) -> Findings:
    """A study with these figures (points, replicates)."""
    points, replicates = figures.shape
    run = np.arange(figures.size)
    columns = {"run": run, "point": run // replicates, "replicate": run % replicates, MEASURE: figures.ravel()}
    about = {"replicates": replicates, "paired": False, "scenario_name": "town", "design": designs.design_to_dict(made)}
    settings = tuple(designs.settings_at(made, number) for number in range(points))
    return Findings("null", about, Counts(0, 0, figures.size, 0), Table("figures", columns), (), settings)


def main() -> int:
    """Runs, draws, prints and writes the table; 1 if something is found more often than stated."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--studies", type=int, default=200)
    studies = parser.parse_args().studies
    random = np.random.default_rng(31)
    with tempfile.TemporaryDirectory() as folder:
        findings = runs_of_one_point(Path(folder))
    decided = boxes = answered = 0
    for tested in null_studies(findings.outputs(MEASURE)[0], studies, random):
        answered += tested.answer not in ("it depends", "undecided")
        try:
            decided += bool(tested.deciding())
            boxes += tested.where.stands
        except AnalysisError as error:
            print(f"not searched: {error}", flush=True)
    rates = (
        excluded(findings, studies, random),
        Rate("a claim that holds at half of the points has another answer", answered, studies, 0.05),
        Rate(f"a setting of {SETTINGS} decides the claim", decided, studies, 0.05),
        Rate("a box stands", boxes, studies, 0.05),
    )
    lines = ["| found where there is nothing | times | rate | stated, at most |", "|---|---|---|---|", *map(str, rates)]
    print("\n".join(lines))
    replace_table("null", lines)
    return int(not all(rate.fits for rate in rates))


if __name__ == "__main__":
    sys.exit(main())
