"""Observes all arms of one replicate and accumulates `EvidenceTotals`.

It looks at adults who live under the regime: which records their score is made of and how old these are, which
restrictions rest on which records, and what becomes of the same restrictions and the same people in arms in which part of
the score is cut. It changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.people import People
from glasshouse.analysis.ai_act.point_files import PointFiles
from glasshouse.analysis.ai_act.record_kinds import RecordKinds
from glasshouse.analysis.ai_act.regime_parameters import RegimeParameters
from glasshouse.analysis.ai_act.totals import BINS, YEAR, EvidenceTotals
from glasshouse.analysis.ai_act.variants import VARIANTS
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import POLICE, RESTRICTED
from glasshouse.model.agency_sizes import agencies_of
from glasshouse.model.entities import Population
from glasshouse.model.measure import FloatArray
from glasshouse.scenario.run_settings import Run

WORD = 4
"""Flags that are compared as one word."""

QUARTER = 13
"""Weeks between two looks at the scores."""


@dataclass(frozen=True)
class Week:
    """One week of the regime arm.

    Attributes
    ----------
    number : int
        The week.
    table : ndarray of int64, shape (people,)
        Which of the stacked parameters are in force for each citizen.
    under : ndarray of bool, shape (people,)
        Adults under the regime.
    restricted : ndarray of bool, shape (people, contexts)
        Restrictions in force.
    relative_integration : ndarray of float, shape (people, contexts), or None
        Integration of each list in the citizen's district over the nation's; None if it is the same everywhere.
    """

    number: int
    table: NDArray[np.int64]
    under: NDArray[np.bool_]
    restricted: NDArray[np.bool_]
    relative_integration: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Scored:
    """The scores of a quarter.

    Attributes
    ----------
    under : ndarray of bool, shape (people,)
        Adults under the regime.
    classes : ndarray of int64, shape (people, contexts)
        The class of each score (see `BINS`).
    """

    under: NDArray[np.bool_]
    classes: NDArray[np.int64]


class EvidenceObserver:
    """Observes the regime and its variants and adds up what an evidence sheet is computed from.

    Parameters
    ----------
    parameters : RegimeParameters
        Settings before the regime, under it and from each of its changes on, stacked.
    minor : float
        Harm in welfare-weeks up to which an act counts as minor.
    run : Run
        Run settings: weeks are counted from the start of the regime on, or all if it never starts.
    regime : str
        Name of the arm with the regime as it is.
    neutral : str
        Name of the arm in which no score has an effect.

    Attributes
    ----------
    replicates : list of EvidenceTotals
        The totals of each replicate that has ended.
    """

    adult: NDArray[np.bool_]
    district_sizes: NDArray[np.int64]
    totals: EvidenceTotals
    kinds: RecordKinds
    files: PointFiles
    people: People

    def __init__(self, parameters: RegimeParameters, minor: float, run: Run, *, regime: str, neutral: str) -> None:
        self.parameters, self.minor, self.regime, self.neutral = parameters, minor, regime, neutral
        self.counted_from = run.start if run.start < run.weeks else 0
        self.replicates: list[EvidenceTotals] = []

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Start the totals of a replicate.

        Parameters
        ----------
        population : Population
            The population of the replicate.
        layout : ModelLayout
            Declares the mechanisms' own sums.
        """
        people = len(population.citizens)
        self.adult = population.citizens["adult"] > 0
        self.district_sizes = population.districts["size"].astype(np.int64)
        self.kinds = RecordKinds.of(agencies_of(layout.mechanisms))
        self.contexts = self.kinds.agencies.number
        # Contexts whose lists count the police's points only as far as they are shared.
        self._others = [context for context in range(self.contexts) if context != POLICE]
        self.totals = EvidenceTotals.empty(VARIANTS, len(layout.sums), self.kinds)
        self.files, self.people = PointFiles(people, self.parameters, self.kinds), People(people)
        # For each restriction in force, the share of each kind of record in the score when it was imposed.
        self._cause = np.zeros((people, self.contexts, len(self.kinds.kinds)), np.float32)
        self._restricted_before = np.zeros((people, self.contexts), bool)
        self._scored: Scored | None = None

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Add a week of all arms.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of the arms in `VARIANTS`.
        """
        state = arms[self.regime]
        restricted = {name: self._restricted(arms[name].citizens) for name in self.totals.variants}
        table = np.repeat(state.active_table, self.district_sizes).astype(np.int64)
        now = Week(week, table, (table > 0) & self.adult, restricted[self.regime], self._relative(state))
        counted = week >= self.counted_from
        self.files.update(week, state.citizens, table, now.under if counted else None, self.totals.files)
        self._note_causes(now)
        self._restricted_before = now.restricted
        if not counted:
            return
        self._add_people(now, state.citizens, arms[self.neutral].citizens)
        self._add_restrictions(now, restricted)
        under_regime = state.active_table > 0
        for name, variant in self.totals.variants.items():
            variant.sums[...] += arms[name].totals[under_regime].sum(axis=0)
        if week % QUARTER == 0:
            self._add_scores(now)

    def finish(self) -> None:
        """Add up the people of the replicate and end it."""
        self.replicates.append(replace(self.totals, people=self.people.totals(self.adult, self.minor)))

    def _restricted(self, citizens: NDArray[np.void]) -> NDArray[np.bool_]:
        return np.stack([citizens[f"state_{k}"] >= RESTRICTED for k in range(self.contexts)], axis=1)

    def _relative(self, state: ArmState) -> NDArray[np.float64] | None:
        each = [state.districts[f"relative_integration_{k}"] for k in range(self.contexts)]
        by_district = np.stack(each, axis=1).astype(float)
        return None if (by_district == 1.0).all() else np.repeat(by_district, self.district_sizes, axis=0)

    def _weights(self, now: Week, who: NDArray[np.int64] | slice) -> FloatArray:
        """What a point of each agency counts in each list (people, agencies, contexts)."""
        found: FloatArray = self.parameters.weights[now.table[who]]
        if now.relative_integration is not None:
            found = np.where(
                np.eye(self.contexts, dtype=bool), found, found * now.relative_integration[who][:, None, :]
            )
        return found

    def _kind_weights(self, now: Week, who: NDArray[np.int64]) -> FloatArray:
        """What a point of each kind counts in each list (people, kinds, contexts)."""
        found = self._weights(now, who)[:, self.kinds.owner]
        shared = self.parameters.speech_shared[now.table[who]]
        for kind in (self.kinds.protest, self.kinds.misread):
            found[:, kind, self._others] *= shared[:, None]
        return found

    def _score(self, now: Week) -> FloatArray:
        """What the files count in each list (people, contexts)."""
        weights, everybody = self._weights(now, slice(None)), self.files
        score: FloatArray = np.einsum("ik,ikl->il", everybody.points.astype(float), weights)
        left_out = (1.0 - self.parameters.speech_shared[now.table]) * (everybody.right_speech + everybody.wrong_speech)
        score[:, self._others] -= left_out[:, None] * weights[:, POLICE, self._others]
        return score

    def _note_causes(self, now: Week) -> None:
        """Remember what each new restriction rests on: the share of each kind of record in the score at that moment."""
        fresh = now.restricted & ~self._restricted_before
        who = np.flatnonzero(_any(fresh))
        if len(who) == 0:
            return
        points, _ = self.files.by_kind(who)
        parts = points[:, None, :] * self._kind_weights(now, who).transpose(0, 2, 1)
        whole = parts.sum(axis=2, keepdims=True)
        shares = np.divide(parts, whole, out=np.zeros_like(parts), where=whole > 0)
        self._cause[who] = np.where(fresh[who][:, :, None], shares, self._cause[who])

    def _add_people(self, now: Week, citizens: NDArray[np.void], neutral: NDArray[np.void]) -> None:
        """Add what each person did and suffered, and how they fared in the arm without a score."""
        self.people.weeks += now.under
        who = np.flatnonzero(now.under & _any(now.restricted))
        severity = self.parameters.severity[now.table[who]]
        self.people.add_sanctions(who, (now.restricted[who] * severity).sum(axis=1))
        breach = citizens["breach"]
        who = np.flatnonzero(now.under & (breach >= 0))
        self.people.add_acts(who, self.parameters.harms[now.table[who], breach[who]])
        self.people.loss += now.under * (citizens["hardship"].astype(float) - neutral["hardship"])
        self.totals.debt[...] += (citizens["debt"].astype(float) - neutral["debt"])[now.under].sum()
        has_file = self.files.points > 0
        self.totals.files.people[...] += np.count_nonzero(_any(has_file) & now.under)
        self.totals.files.files[...] += np.count_nonzero(has_file & now.under[:, None])
        self.totals.adult_weeks[...] += np.count_nonzero(now.under)

    def _add_restrictions(self, now: Week, restricted: Mapping[str, NDArray[np.bool_]]) -> None:
        """Add restrictions in force, those that vanish in each variant, and the records they rest on."""
        totals = self.totals.restrictions
        who = np.flatnonzero(now.under & np.logical_or.reduce([_any(each) for each in restricted.values()]))
        regime, severity = now.restricted[who], self.parameters.severity[now.table[who]]
        totals.weeks[...] += regime.sum(axis=0)
        totals.sanction[...] += (regime * severity).sum(axis=0)
        for name, variant in self.totals.variants.items():
            other = restricted[name][who]
            variant.vanished[...] += (regime & ~other).sum(axis=0)
            variant.sanction_vanished[...] += ((regime & ~other) * severity).sum(axis=0)
            variant.appeared[...] += (other & ~regime).sum(axis=0)
        totals.flow[...] += np.einsum("il,ilk->kl", regime * severity, self._cause[who])
        totals.stale_weeks[...] += np.count_nonzero(_any(regime) & (now.number - self.files.newest[who] > YEAR))

    def _add_scores(self, now: Week) -> None:
        """Add the scores of a quarter: their spread by kind and age, and what the last ones tell about this quarter."""
        totals, threshold = self.totals.scores, self.parameters.threshold[now.table]
        if self._scored is not None:
            then = self._scored
            for context in range(self.contexts):
                cells = then.classes[then.under, context] * 2 + now.restricted[then.under, context]
                totals.later[context] += np.bincount(cells, minlength=2 * BINS).reshape(BINS, 2)
        score = self._score(now)
        classes = (score > 0).astype(np.int64) + (score >= threshold / 2) + (score >= threshold)
        self._scored = Scored(now.under, classes)
        number = now.under.sum()
        who = np.flatnonzero(now.under & (score > 0).any(axis=1))
        if len(who) == 0:
            return
        points, old = self.files.by_kind(who)
        weights, value = self._kind_weights(now, who), score[who]
        parts, aged = points[:, :, None] * weights, np.einsum("ik,ikl->il", old, weights)
        # The mean is over all adults: those who are left out have a score of zero.
        mean = value.sum(axis=0) / number
        totals.variance[...] += (value * value).sum(axis=0) / number - mean * mean
        totals.covariance[...] += np.einsum("ikl,il->kl", parts, value) / number - parts.sum(axis=0) / number * mean
        totals.old_covariance[...] += (aged * value).sum(axis=0) / number - aged.sum(axis=0) / number * mean
        totals.score[...] += value.sum(axis=0)
        totals.old_score[...] += aged.sum(axis=0)


def _any(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether any of a citizen's flags is set; four bytes are compared as one word, which is far quicker."""
    if flags.shape[1] != WORD:
        return np.asarray(flags.any(axis=1))
    found: NDArray[np.bool_] = np.ascontiguousarray(flags).view(np.uint32).ravel() != 0
    return found
