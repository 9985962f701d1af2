"""Claims tested against a study: the share of the plausible space in which each holds, what decides it, where it fails.

A point of the study's design is one way in which its uncertain settings could be. A claim holds there if the expected
values of the measures satisfy its expression; those are estimated from all replicates of the point together, as a
run's figures are, and the bias that the noise in them brings is subtracted (`claim_share`). Where a measure that it
names is undefined in every replicate, it is undefined too, and counted as such. The share is of the points at which
it is decided, and so of the ranges stated, each setting anywhere in its own with equal weight. It is no probability
that the sentence is true of a country.

Its interval is for points drawn independently, as those of a claim's own study are; those of a Latin hypercube or
Sobol sequence lie more evenly, so that it is rather too wide. Of a Saltelli design only the two matrices that were
drawn are counted. A grid is no sample and has no interval. Monte Carlo noise is reported apart: `divided` counts
points whose replicates disagree, `share_by_replicate` is the share in each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis import claim_share, claims
from glasshouse.analysis.claim_result import ClaimResult
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.expression import Expression
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.model.plugin import Plugin
from glasshouse.results.table import Table
from glasshouse.study.design import Design
from glasshouse.study.findings import Findings

SAMPLES = ("random", "latin-hypercube", "sobol", "saltelli", "grid")
"""Designs whose points fill the ranges."""


def test_claim(claim: Claim, findings: Findings) -> ClaimResult:
    """Test a claim against the stored runs of a study, which may be of any scenario.

    Parameters
    ----------
    claim : Claim
        The claim.
    findings : Findings
        The figures of the study's runs.

    Returns
    -------
    ClaimResult
        Whether the claim holds at each point of the study.

    Raises
    ------
    AnalysisError
        For a measure that the study did not keep, and for a design whose points are not a sample.
    """
    design = _filling_design(claim, findings)
    means = {name: findings.means(name) for name in claim.expression.names}
    outputs = {name: findings.outputs(name) for name in claim.expression.names}
    contributions = {name: findings.contributions(name) for name in claim.expression.names}
    outcomes, margin = claim.expression.holds(means), claim.expression.margin(means)
    margins = _margins(claim.expression, means, contributions)
    values = claim_share.without_bias(claim.expression.holds, contributions)
    alone = claim.expression.holds(outputs)
    done = findings.done
    counted, some = _independent(design), done.any(axis=1)
    chosen = counted & some
    left = counted & ~some
    failed = int((left & findings.failures.all(axis=1)).sum())
    return ClaimResult(
        claim,
        findings.name,
        str(findings.definition["scenario_name"]),
        replace(design, points=design.points[chosen]),
        outcomes[chosen],
        alone[chosen],
        margin[chosen],
        margins[chosen],
        np.where(np.isfinite(values), values, outcomes)[chosen],
        bool(findings.definition["paired"]),
        int(left.sum()) - failed,
        failed,
        int(done[chosen].sum()),
        int((np.isnan(alone) & done)[chosen].sum()),
        (design, margin, margins) if design.kind == "saltelli" and some.all() else None,
        {
            names: test_claim(one, findings)
            for names, one in claim.by_definition().items()
            if set(one.expression.names) <= set(findings.names)
        },
    )


def _filling_design(claim: Claim, findings: Findings) -> Design:
    """The design of a study that can test the claim; AnalysisError for another study."""
    missing = [name for name in claim.expression.names if name not in findings.names]
    if missing:
        raise AnalysisError(
            f"The study {findings.name} did not keep {', '.join(missing)}, which the claim {claim.name} is about. Run a "
            "study that keeps it, or all measures."
        )
    design = findings.design
    if design.kind not in SAMPLES:
        raise AnalysisError(
            f"The study {findings.name} is {design.kind}, whose points do not fill the ranges, so that no share of them says "
            "anything. Take a random design, a Latin hypercube or a Sobol sequence."
        )
    return design


def _margins(
    expression: Expression, means: Mapping[str, FloatArray], contributions: Mapping[str, FloatArray]
) -> FloatArray:
    """What each replicate contributes to the margin of its point (points, replicates), by the jackknife."""
    margin = expression.margin(means)[:, None]
    count = next(iter(contributions.values())).shape[1]
    if count < 2:
        return margin
    without = {
        name: means[name][:, None] - (each - means[name][:, None]) / (count - 1) for name, each in contributions.items()
    }
    margins = expression.margin(without, among=means)
    found: FloatArray = margin + (count - 1) * (margins.mean(axis=1, keepdims=True) - margins)
    return found


def _independent(design: Design) -> NDArray[np.bool_]:
    """The points that were drawn: of a Saltelli design the first and last of each row, those of the matrices A and B."""
    number = np.arange(len(design.points))
    length = len(design.factors) + 2
    return (number % length == 0) | (number % length == length - 1) if design.kind == "saltelli" else number >= 0


def examine_all(
    findings: Findings, names: Sequence[str | Path] = (), plugins: Sequence[Plugin] = ()
) -> tuple[ClaimResult, ...]:
    """Test several claims against the stored runs of a study.

    Parameters
    ----------
    findings : Findings
        The figures of the study's runs.
    names : sequence of str or Path, optional
        Names of shipped claims or paths of claim files; if empty, every shipped claim whose measures the study kept.
    plugins : sequence of Plugin, optional
        Plug-ins whose measures the named claims may use.

    Returns
    -------
    tuple of ClaimResult
        In the order of `names`; if none are given, claims about the study's own scenario come first.

    Raises
    ------
    ScenarioError
        For a claim with a fault.
    AnalysisError
        As `test_claim` does.
    """
    if names:
        return tuple(test_claim(claims.load(name, plugins), findings) for name in names)
    applicable = [one for one in map(claims.load, claims.names()) if set(one.expression.names) <= set(findings.names)]
    own = str(findings.definition["scenario_name"])
    return tuple(test_claim(one, findings) for one in sorted(applicable, key=lambda one: one.scenario.name != own))


def as_table(tested: Iterable[ClaimResult]) -> Table:
    """Tabulate the results of several claims.

    Parameters
    ----------
    tested : iterable of ClaimResult
        The results.

    Returns
    -------
    Table
        A row for each claim: name, sentence, expression and scenario, points by outcome, the share with its interval.
    """
    found = list(tested)
    columns = {
        "claim": [one.claim.name for one in found],
        "sentence": [one.claim.sentence for one in found],
        "expression": [one.claim.expression.text for one in found],
        "scenario": [one.scenario for one in found],
        "answer": [one.answer for one in found],
    }
    numbers = {
        name: np.array([getattr(one, name) for one in found])
        for name in ("holds", "fails", "undefined", "waiting", "failed")
    }
    ends = {"share": "mean", "low": "low", "high": "high"}
    shares = {name: np.array([getattr(one.share, end) for one in found]) for name, end in ends.items()}
    words = {name: np.array(column, dtype=str) for name, column in columns.items()}
    return Table("claims", {**words, **numbers, **shares, "divided": np.array([one.divided for one in found])})
