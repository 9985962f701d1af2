"""What a study says of a claim: the share of the plausible space in which it holds, what decides it, where it fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis import claim_share, discovery, distribution_indices, sensitivity
from glasshouse.analysis.boxes import ScenarioDiscovery
from glasshouse.analysis.claims import Claim
from glasshouse.analysis.discovery import HARMS
from glasshouse.analysis.sensitivity_indices import Sensitivity
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.results.estimate import Estimate
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor

Marks = NDArray[np.bool_]

MAX_DECIDING_SETTINGS = 6
"""Settings that are told to decide a claim."""

NEARLY_ALL = 0.9
"""The share that the whole interval must exceed for the answer “yes”; below one less this share it is “no”."""


@dataclass(frozen=True, eq=False)
class ClaimResult:
    """What a study says of a claim.

    Attributes
    ----------
    claim : Claim
        The claim.
    study, scenario : str
        Names of the study and of its scenario.
    design : Design
        The design, with the points counted: those of which a run is done.
    outcomes : ndarray of float, shape (points,)
        1 or 0 by the figures of all replicates of the point together; NaN where a measure is undefined in all of them.
    alone : ndarray of float, shape (points, replicates)
        The same in each replicate by itself; NaN for a run that is not done, too.
    margin : ndarray of float, shape (points,)
        How far a point is from turning.
    margins : ndarray of float, shape (points, replicates)
        What each replicate contributes to the margin: their mean is the margin. NaN where a measure would be undefined
        without one of them.
    values : ndarray of float, shape (points,)
        Whether it holds, with the bias of Monte Carlo noise subtracted: their mean is the share.
    shared : bool
        Whether all points have the same random seeds.
    waiting, failed : int
        Points that are not counted since no run of theirs is done: runs are left to do, or all have failed.
    runs, undefined_runs : int
        Runs that are done at the points counted, and those of them in which a measure is undefined.
    whole : tuple of (Design, ndarray, ndarray), optional
        A Saltelli design that is done, with `margin` and `margins` of all its points.
    by_definition : mapping of (str, str) to ClaimResult
        Results of the claim under each definition of its two terms (`Claim.by_definition`), as far as the study kept the
        measures.
    """

    claim: Claim
    study: str
    scenario: str
    design: Design
    outcomes: FloatArray
    alone: FloatArray
    margin: FloatArray
    margins: FloatArray
    values: FloatArray
    shared: bool = False
    waiting: int = 0
    failed: int = 0
    runs: int = 0
    undefined_runs: int = 0
    whole: tuple[Design, FloatArray, FloatArray] | None = None
    by_definition: Mapping[tuple[str, str], "ClaimResult"] = field(default_factory=dict)

    @property
    def holds(self) -> int:
        """Points at which the claim holds."""
        return int((self.outcomes == 1.0).sum())

    @property
    def fails(self) -> int:
        """Points at which it does not."""
        return int((self.outcomes == 0.0).sum())

    @property
    def undefined(self) -> int:
        """Points that were run and at which a measure is undefined."""
        return int(np.isnan(self.outcomes).sum())

    @property
    def share(self) -> Estimate:
        """The share of the points decided at which it holds, with its 95 % interval; none for a grid."""
        found = self._share_if(np.nan)
        return replace(found, low=np.nan, high=np.nan) if self.design.kind == "grid" else found

    def _share_if(self, undefined: float) -> Estimate:
        """The share if the points at which it is undefined had this value."""
        values = np.where(np.isnan(self.values), undefined, self.values)
        return claim_share.share_of(values, self.alone, shared=self.shared)

    @property
    def answer(self) -> str:
        """In a word: whether it holds nearly everywhere, mostly, at some points, seldom or nearly nowhere.

        The whole interval must say so. It is undecided where there is no interval, and where the answer would be another
        one if the claim held, or failed, at all points at which it is undefined.
        """
        answers = {_answer(self._share_if(undefined)) for undefined in (np.nan, 0.0, 1.0)}
        return answers.pop() if len(answers) == 1 else "undecided"

    @property
    def noise(self) -> float:
        """The share of the variance of whether it holds in a single run that is Monte Carlo noise; NaN if unknown."""
        return claim_share.noise_share(self.alone)

    @property
    def divided(self) -> int:
        """Points whose replicates do not agree whether it holds: there the random seed decides."""
        some = (self.alone == 1.0).any(axis=1)
        return int((some & (self.alone == 0.0).any(axis=1)).sum())

    @property
    def share_by_replicate(self) -> tuple[float, ...]:
        """The share in each replicate by itself."""
        return tuple(float(column[np.isfinite(column)].mean()) for column in self.alone.T if np.isfinite(column).any())

    @cached_property
    def decides(self) -> Sensitivity:
        """How strongly each setting affects the claim.

        Sobol indices if a Saltelli design is finished, otherwise Borgonovo's delta. The outcome is the claim's margin
        (`Expression.margin`), which carries more information than whether the claim holds. Its Monte Carlo noise is that
        between replicates; it is unknown with a single one, and where a point's margin rests on one of them.

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
            design, margin, margins = self.whole
            return _indices(sensitivity.sobol, design, margin, margins)
        known = np.isfinite(self.margin)
        return _indices(distribution_indices.delta, self._at(known), self.margin[known], self.margins[known])

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
            For a claim that may not be searched, one about the state, and as `discovery.search` does.
        """
        self._searched()
        if self._aims:
            raise AnalysisError(
                f"{', '.join(self._aims)}: no measure of harm. A box would show in which direction settings move it; what "
                "decides a claim about the state is named without directions."
            )
        known = np.isfinite(self.outcomes)
        rarer = 1.0 if self.holds < self.fails else 0.0
        what = "The claim holds" if rarer else "The claim fails"
        return discovery.search(self._at(known), self.outcomes[known] == rarer, what, self.undefined)

    def _at(self, known: Marks) -> Design:
        return replace(self.design, points=self.design.points[known])

    @property
    def _aims(self) -> tuple[str, ...]:
        """The measures that it names and that are no harms: those of the state among them."""
        return tuple(name for name in self.claim.expression.measures if name not in HARMS)

    def _searched(self) -> None:
        """AnalysisError where a search would break the boundary, or where there is nothing to find."""
        if self._aims and not self.claim.shipped:
            raise AnalysisError(
                f"{', '.join(self._aims)}: no measure of harm. Glasshouse seeks no settings that control people best; what "
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
            [_parted(self, factors[key]) for key in keys if _chance(self, factors[key]) < 0.05 / len(factors)][
                :MAX_DECIDING_SETTINGS
            ]
        )

    def sentences(self) -> tuple[str, ...]:
        """Describe the result in words.

        Returns
        -------
        tuple of str
            Sentences: the share and of what, what is undefined or not finished, and how far replicates disagree.
        """
        return (*_share_text(self), *_missing_text(self), *_noise_text(self))

    def reasons(self) -> tuple[str, ...]:
        """Explain the result in words. This takes seconds for many settings.

        Returns
        -------
        tuple of str
            Sentences: what decides the claim, and where it fails, or why that is not known.
        """
        try:
            box = self.where.sentences()
        except AnalysisError as error:
            box = (f"Where it fails: {error}",)
        return (self.decided(), *box)

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


def _answer(share: Estimate) -> str:
    """The answer that an interval gives."""
    if np.isnan(share.low):
        return "undecided"
    ends = (("yes", share.low > NEARLY_ALL), ("no", share.high < 1.0 - NEARLY_ALL))
    sides = (("mostly", share.low > 0.5), ("mostly not", share.high < 0.5))
    return next((answer for answer, whole in (*ends, *sides) if whole), "it depends")


def _indices(
    method: Callable[[Design, FloatArray], Sensitivity], design: Design, margin: FloatArray, margins: FloatArray
) -> Sensitivity:
    """Indices of a margin from what each replicate contributes to it, or from the margin alone where that is not known."""
    if np.isfinite(margins).all():
        return method(design, margins)
    return replace(method(design, margin[:, None]), replicates=margins.shape[1])


def _chance(one: ClaimResult, factor: Factor) -> float:
    """How likely the margin follows a setting so by chance."""
    from scipy.stats import kruskal, spearmanr

    known = np.isfinite(one.margin)
    column, margin = one.design.points[known, one.design.factors.index(factor)], one.margin[known]
    if factor.values:
        return float(kruskal(*(margin[column == place] for place in np.unique(column))).pvalue)
    return float(spearmanr(column, margin).pvalue)


def _parted(one: ClaimResult, factor: Factor) -> str:
    """How often it holds along a setting: in the upper and lower half of its range, or with each listed value."""
    if one._aims:
        return factor.key
    column = one.design.points[:, one.design.factors.index(factor)]
    if factor.values:
        parts = [(f"with {value}", column == place) for place, value in enumerate(factor.values)]
    else:
        middle = (factor.low + factor.high) / 2.0
        parts = [(f"above {middle:.3g}", column > middle), (f"below {middle:.3g}", column <= middle)]
    shares = [(name, one.outcomes[part & np.isfinite(one.outcomes)]) for name, part in parts]
    listing = ", ".join(f"{found.mean():.0%} {name}" for name, found in shares if len(found))
    return f"{factor.key}: holds at {listing}"


def _share_text(one: ClaimResult) -> tuple[str, ...]:
    points, share = one.holds + one.fails, one.share
    if not points:
        return ("At no point is it decided.",)
    ends = "" if np.isnan(share.low) else f" ({share.low:.0%} to {share.high:.0%})"
    count = len(one.design.factors)
    ranges = "its stated range" if count == 1 else "their stated ranges"
    settings = f"{_number(count, 'uncertain setting')} over {ranges}, each value equally likely"
    found = [f"Holds at {one.holds:,} of {points:,} points: {share.mean:.0%}{ends} of the plausible space, {settings}."]
    if abs(share.mean - one.holds / points) >= 0.005:
        found.append(
            f"The {share.mean:.0%} leave out the bias of Monte Carlo noise, which moves points across the threshold; by the "
            f"means of the replicates it would be {one.holds / points:.0%}."
        )
    if claim_share.too_noisy(one.alone):
        found.append(
            f"No interval: {one.noise:.0%} of the variance of single runs is Monte Carlo noise, too much to tell points that "
            "differ from seeds that differ. Take more citizens or more replicates."
        )
    elif np.isnan(share.low) and one.design.kind != "grid":
        found.append(
            f"No interval: all points share {_number(one.alone.shape[1], 'random seed')}, and what these move is not known "
            f"from fewer than {claim_share.MIN_SHARED}. Run points with seeds of their own (paired = false), or more replicates."
        )
    return tuple(found)


def _missing_text(one: ClaimResult) -> tuple[str, ...]:
    """What has no value: points and runs that are undefined, failed, or not done."""
    points = one.holds + one.fails + one.undefined
    found = []
    if one.undefined_runs:
        found.append(
            f"A measure is undefined in {one.undefined_runs:,} of {_number(one.runs, 'run')}, which the means leave out."
        )
    if one.undefined:
        found.append(
            f"At {one.undefined:,} of {_number(points, 'point')} it is undefined in every run, so that nothing can be said "
            "there; the share leaves these points out."
        )
        if one.answer == "undecided" and np.isfinite(one.share.low):
            found.append("They are so many that the answer rests on them, and it is undecided.")
    if one.failed:
        found.append(f"At {_number(one.failed, 'more point')} every run has failed.")
    if one.waiting:
        found.append(f"At {_number(one.waiting, 'more point')} no run is done.")
    return tuple(found)


def _noise_text(one: ClaimResult) -> tuple[str, ...]:
    if one.alone.shape[1] < 2:
        return (
            "Each point was run once, so that Monte Carlo noise cannot be told from settings: the share is that of single "
            "runs in which it holds.",
        )
    if not one.divided:
        return ("At every point its replicates agree.",) if one.holds + one.fails else ()
    noise = f"; {one.noise:.0%} of the variance of single runs is Monte Carlo noise" if np.isfinite(one.noise) else ""
    if not one.shared:
        return (f"At {_number(one.divided, 'point')} the replicates disagree, and the random seed decides{noise}.",)
    shares = one.share_by_replicate
    spread = f"within one replicate the share is {min(shares):.0%} to {max(shares):.0%}"
    return (
        f"At {_number(one.divided, 'point')} the replicates disagree, and the random seed decides{noise}; {spread}.",
    )


def _number(count: int, what: str) -> str:
    """For example “1 point” or “1,200 points”."""
    return f"{count:,} {what}{'s' * (count != 1)}"
