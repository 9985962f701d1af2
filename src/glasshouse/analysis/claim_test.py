"""Claims held against a study: the share of the plausible space in which each holds, what decides it, where it fails.

A point of the study's design is one way in which its uncertain settings could be. A claim holds there if the means over
the point's replicates satisfy its expression; where a measure that it names is undefined in every replicate, it is
undefined too, and counted as such. The share is of the points at which it is decided, and so of the ranges stated, each
setting anywhere in its own with equal weight. It is no probability that the sentence is true of a country.

Its interval is Wilson's, for points drawn independently; those of a Latin hypercube or Sobol sequence lie more evenly, so
that it is rather too wide. Of a Saltelli design only the two matrices that were drawn are counted. A grid is no sample and
has no interval. Monte Carlo noise is reported apart: `divided` counts points whose replicates disagree,
`share_by_replicate` is the share in each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis import claims, discovery, distribution_indices, sensitivity
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.discovery import HARMS, ScenarioDiscovery
from glasshouse.analysis.sensitivity_indices import Sensitivity
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.model.plugin import Plugin
from glasshouse.results.estimate import Estimate, proportion
from glasshouse.results.table import Table
from glasshouse.study.design import Design, Factor
from glasshouse.study.findings import Findings

Marks = NDArray[np.bool_]

MAX_DECIDING_SETTINGS = 6
"""Settings that are told to decide a claim."""


@dataclass(frozen=True, eq=False)
class ClaimResult:
    """What a study says of a claim.

    `held` is 1, 0 or NaN at each point counted (points), `alone` the same in each replicate by itself (points,
    replicates), `margin` how far a point is from turning (points). `design` has the points counted; `waiting` are those
    of which no run is done, and these are in none of the others. `whole` is a Saltelli design that is done, with its margins.
    """

    claim: Claim
    study: str
    scenario: str
    design: Design
    held: FloatArray
    alone: FloatArray
    margin: FloatArray
    waiting: int
    whole: tuple[Design, FloatArray] | None = None

    @property
    def holds(self) -> int:
        """Points at which the claim holds."""
        return int((self.held == 1.0).sum())

    @property
    def fails(self) -> int:
        """Points at which it does not."""
        return int((self.held == 0.0).sum())

    @property
    def undefined(self) -> int:
        """Points that were run and at which a measure is undefined."""
        return int(np.isnan(self.held).sum())

    @property
    def share(self) -> Estimate:
        """The share of the points decided at which it holds, with its 95 % interval; none for a grid."""
        found = proportion(self.holds, self.holds + self.fails)
        return replace(found, low=np.nan, high=np.nan) if self.design.kind == "grid" else found

    @property
    def divided(self) -> int:
        """Points whose replicates do not agree whether it holds: there the random seed decides."""
        some = (self.alone == 1.0).any(axis=1)
        return int((some & (self.alone == 0.0).any(axis=1)).sum())

    @property
    def share_by_replicate(self) -> tuple[float, ...]:
        """The share in each replicate by itself."""
        return tuple(float(column[np.isfinite(column)].mean()) for column in self.alone.T if np.isfinite(column).any())

    @property
    def answer(self) -> str:
        """In a word: whether it holds everywhere, mostly, at some points, seldom or nowhere."""
        share, decided = self.share, self.holds + self.fails
        if not decided:
            return "undecided"
        if self.holds in (0, decided):
            return "yes" if self.holds else "no"
        low, high = (share.mean, share.mean) if np.isnan(share.low) else (share.low, share.high)
        return "mostly" if low > 0.5 else "mostly not" if high < 0.5 else "it depends"

    @cached_property
    def decides(self) -> Sensitivity:
        """How strongly each setting affects the claim.

        Sobol indices if a Saltelli design is finished, otherwise Borgonovo's delta. The outcome is the claim's margin
        (`Expression.margin`), which carries more information than whether the claim holds.

        Returns
        -------
        Sensitivity
            The indices of each setting.

        Raises
        ------
        AnalysisError
            For a claim that may not be searched, one whose answer never changes, and fewer than 40 points.
        """
        self._searched()
        if self.whole is not None and np.isfinite(self.whole[1]).all():
            design, margin = self.whole
            return sensitivity.sobol(design, margin[:, None])
        known = np.isfinite(self.margin)
        return distribution_indices.delta(self._at(known), self.margin[known][:, None])

    @cached_property
    def where(self) -> ScenarioDiscovery:
        """The box of settings in which the claim fails, or in which it holds if it holds at fewer points.

        Returns
        -------
        ScenarioDiscovery
            The box, with its quality on points that the search had not seen.

        Raises
        ------
        AnalysisError
            For a claim that may not be searched, and as `discovery.search` does.
        """
        self._searched()
        known = np.isfinite(self.held)
        rarer = 1.0 if self.holds < self.fails else 0.0
        what = "The claim holds" if rarer else "The claim fails"
        return discovery.search(self._at(known), self.held[known] == rarer, what)

    def _at(self, known: Marks) -> Design:
        return replace(self.design, points=self.design.points[known])

    def _searched(self) -> None:
        """AnalysisError where a search would break the boundary, or where there is nothing to find."""
        aims = [name for name in self.claim.expression.measures if name not in HARMS]
        if aims and not self.claim.shipped:
            raise AnalysisError(
                f"{', '.join(aims)}: no measure of harm. Glasshouse seeks no settings that control people best; what "
                "decides a claim is sought for shipped claims, and for your own about harms alone."
            )
        if not (self.holds and self.fails):
            raise AnalysisError("The answer is the same at every point: nothing that is varied decides it.")

    def deciding(self) -> tuple[str, ...]:
        """List the settings that decide the claim beyond noise.

        An index must be distinct, and the margin must rise or fall with the setting (Spearman's rank correlation, or
        the test of Kruskal and Wallis over listed values) so clearly that among all settings together this would happen
        by chance in 5 % of studies (Bonferroni): indices alone let some of many settings pass. A setting that moves the
        margin up and down again shows in the indices only.

        Returns
        -------
        tuple of str
            A sentence for each setting, strongest first, at most `MAX_DECIDING_SETTINGS`: the share of points at which
            the claim holds in either half of the range, or with each listed value. Of a claim about the state the names
            of the settings alone, without directions.
        """
        distinct = {index.factor.key for index in self.decides.indices if index.distinct}
        factors = {factor.key: factor for factor in self.design.factors}
        keys = [key for key in self.decides.strongest if key in distinct]
        return tuple(
            [self._parted(factors[key]) for key in keys if self._chance(factors[key]) < 0.05 / len(factors)][
                :MAX_DECIDING_SETTINGS
            ]
        )

    def _chance(self, factor: Factor) -> float:
        """How likely the margin follows a setting so by chance."""
        from scipy.stats import kruskal, spearmanr

        known = np.isfinite(self.margin)
        column, margin = self.design.points[known, self.design.factors.index(factor)], self.margin[known]
        if factor.values:
            return float(kruskal(*(margin[column == place] for place in np.unique(column))).pvalue)
        return float(spearmanr(column, margin).pvalue)

    def _parted(self, factor: Factor) -> str:
        """How often it holds along a setting: in the upper and lower half of its range, or with each listed value."""
        if not set(self.claim.expression.measures) <= set(HARMS):
            return factor.key
        column = self.design.points[:, self.design.factors.index(factor)]
        if factor.values:
            parts = [(f"with {value}", column == place) for place, value in enumerate(factor.values)]
        else:
            middle = (factor.low + factor.high) / 2.0
            parts = [(f"above {middle:.3g}", column > middle), (f"below {middle:.3g}", column <= middle)]
        shares = [(name, self.held[part & np.isfinite(self.held)]) for name, part in parts]
        told = ", ".join(f"{found.mean():.0%} {name}" for name, found in shares if len(found))
        return f"{factor.key}: holds at {told}"

    def said(self) -> tuple[str, ...]:
        """Describe the result in words.

        Returns
        -------
        tuple of str
            Sentences: the share and of what, what is undefined or not finished, and how far replicates disagree.
        """
        return (*self._shared(), *self._noise())

    def reasons(self) -> tuple[str, ...]:
        """Explain the result in words. This takes seconds for many settings.

        Returns
        -------
        tuple of str
            Sentences: what decides the claim, and where it fails, or why that is not known.
        """
        return (self.decided(), *self._bounded())

    def _shared(self) -> tuple[str, ...]:
        decided, share = self.holds + self.fails, self.share
        ends = "" if np.isnan(share.low) else f" ({share.low:.0%} to {share.high:.0%})"
        settings = f"{len(self.design.factors)} uncertain settings over their stated ranges, each value equally likely"
        told = [
            f"Holds at {self.holds:,} of {decided:,} points: {share.mean:.0%}{ends} of the plausible space, {settings}."
        ]
        if not decided:
            told = ["At no point is it decided."]
        if self.undefined:
            told.append(f"At {self.undefined:,} more points a measure is undefined and nothing can be said.")
        if self.waiting:
            told.append(f"At {self.waiting:,} more points no run is done.")
        return tuple(told)

    def _noise(self) -> tuple[str, ...]:
        if self.alone.shape[1] < 2:
            return ("Each point was run once, so that Monte Carlo noise cannot be told from settings.",)
        if not self.divided:
            return ("At every point its replicates agree.",)
        shares = self.share_by_replicate
        spread = f"within one replicate the share is {min(shares):.0%} to {max(shares):.0%}"
        return (f"At {self.divided:,} points the replicates disagree, and the random seed decides; {spread}.",)

    def decided(self) -> str:
        """Say what decides the claim.

        Returns
        -------
        str
            A sentence that names the settings, or says why they are not known.
        """
        try:
            found = self.deciding()
        except AnalysisError as error:
            return f"What decides it: {error}"
        if not found:
            return f"What decides it: none of the {len(self.design.factors)} settings stands out from noise at so many points."
        return f"What decides it: {'; '.join(found)}."

    def _bounded(self) -> tuple[str, ...]:
        try:
            return self.where.said()
        except AnalysisError as error:
            return (f"Where it fails: {error}",)


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
    missing = [name for name in claim.expression.names if name not in findings.names]
    if missing:
        raise AnalysisError(
            f"The study {findings.name} did not keep {', '.join(missing)}, which the claim {claim.name} is about. Run a "
            "study that keeps it, or all measures."
        )
    design = findings.design
    if design.kind not in ("latin-hypercube", "sobol", "saltelli", "grid"):
        raise AnalysisError(
            f"The study {findings.name} is {design.kind}, whose points do not fill the ranges, so that no share of them says "
            "anything. Take a Latin hypercube or a Sobol sequence."
        )
    means = {name: findings.means(name) for name in claim.expression.names}
    held, margin = claim.expression.holds(means), claim.expression.margin(means)
    alone = claim.expression.holds({name: findings.outputs(name) for name in claim.expression.names})
    done = np.zeros(len(design.points), dtype=np.bool_)
    done[findings.figures.columns["point"]] = True
    counted = _independent(design)
    chosen = counted & done
    return ClaimResult(
        claim,
        findings.name,
        str(findings.definition["scenario_name"]),
        replace(design, points=design.points[chosen]),
        held[chosen],
        alone[chosen],
        margin[chosen],
        int((counted & ~done).sum()),
        (design, margin) if design.kind == "saltelli" and done.all() else None,
    )


def _independent(design: Design) -> Marks:
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
    kept = [one for one in map(claims.load, claims.names()) if set(one.expression.names) <= set(findings.names)]
    own = str(findings.definition["scenario_name"])
    return tuple(test_claim(one, findings) for one in sorted(kept, key=lambda one: one.scenario.name != own))


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
        name: np.array([getattr(one, name) for one in found]) for name in ("holds", "fails", "undefined", "waiting")
    }
    ends = {"share": "mean", "low": "low", "high": "high"}
    shares = {name: np.array([getattr(one.share, end) for one in found]) for name, end in ends.items()}
    words = {name: np.array(column, dtype=str) for name, column in columns.items()}
    return Table("claims", {**words, **numbers, **shares, "divided": np.array([one.divided for one in found])})
