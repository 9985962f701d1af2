"""Stands beside the worlds of one replicate and counts what a `EvidenceTotals` holds; it changes nothing.

It looks at citizens who live under the regime: which records their score is made of and how old these are, which
restrictions rest on which records, and what becomes of the same restrictions and the same people in worlds in which part
of the score is cut.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.elements.element import NEUTRAL
from glasshouse.analysis.ai_act.tally import (
    BINS,
    BREACH_KIND,
    DEBT_KIND,
    GRAVE,
    GRAVITY,
    KINDS,
    MISREAD,
    OWNER,
    PROTEST,
    WRONG_KIND,
    YEAR,
    EvidenceTotals,
    Numbers,
    RegimeParameters,
)
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.agencies import AGENCIES, BREACHES, COURT, MARKET, OWNERS, POLICE, RESTRICTED, WELFARE_OFFICE
from glasshouse.model.entities import Society
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.scenario.scenario import Run

FILED, MISFILED = (next(c for c in Observation.columns if c.name == name) for name in ("filed", "misfiled"))
"""The columns that hold this week's points for each agency."""

QUARTER = 13
"""Weeks between two looks at the scores."""

TRUE_POLICE, FALSE_POLICE = [0, 1, 2], [3, 4]


class EvidenceObserver:
    """Observes the regime and its variants and adds up what an evidence sheet is made from.

    Parameters
    ----------
    variants : sequence of str
        Names of the arms, in the order in which the totals hold them: the regime as it is, the regime without a score,
        and the other variants.
    terms : sequence of RegimeParameters
        Settings in force where an arm's `active_table` is 0, 1 and 2.
    minor : float
        Harm in welfare-weeks up to which an act counts as minor.
    run : Run
        Run settings: weeks are counted from the start of the regime on, or all if it never starts.

    Attributes
    ----------
    replicates : list of EvidenceTotals
        The totals of each replicate that has ended.
    """

    def __init__(self, variants: Sequence[str], terms: Sequence[RegimeParameters], minor: float, run: Run) -> None:
        self.variants, self.terms, self.minor = tuple(variants), tuple(terms), minor
        self.counted_from = run.start if run.start < run.weeks else 0
        self.replicates: list[EvidenceTotals] = []

    def begin(self, population: Society, layout: ModelLayout) -> None:
        """Start a replicate."""
        society, terms, worlds, slots = population, self.terms, len(self.variants), len(layout.sums)
        people = len(society.citizens)
        self.keep = np.array([held.keep for held in terms], np.float32)
        self.speech_points = np.array([held.speech_points for held in terms])
        self.kind_points = np.stack([held.points for held in terms])
        self.weights, self.threshold, self.severity, self.harms = (
            np.stack([getattr(held, name) for held in terms]) for name in ("weights", "threshold", "severity", "harms")
        )
        self.tally = EvidenceTotals.empty(worlds, slots)
        self.adult = society.citizens["adult"] > 0
        self.sizes = society.districts["size"].astype(np.int64)
        # Points on file by kind as expected from what was filed: they share out what is really left.
        self.points = np.zeros((people, len(KINDS)), np.float32)
        self.old = np.zeros((people, len(KINDS)), np.float32)
        self.filed: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
        self.right, self.wrong = (np.zeros((people, AGENCIES), np.int64) for _ in range(2))
        self.wiped = np.zeros(people, np.int64)
        self.newest = np.full(people, -(10**6))
        self.was = np.zeros((people, AGENCIES), bool)
        self.cause = np.zeros((people, AGENCIES, len(KINDS)), np.float32)
        self.binned: tuple[NDArray[np.bool_], NDArray[np.int64]] | None = None
        self.weeks, self.listed = np.zeros(people), np.zeros(people)
        self.sanction, self.harm, self.worst, self.loss = (np.zeros(people) for _ in range(4))

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Add up a week of all arms."""
        worlds, counted = [arms[name] for name in self.variants], week >= self.counted_from
        citizens = worlds[0].citizens
        active_table = np.repeat(worlds[0].active_table, self.sizes).astype(np.int64)
        under = (active_table > 0) & self.adult
        self._files(week, citizens, active_table, under, counted)
        states = [_restricted(world.citizens) for world in worlds]
        self._causes(states[0], active_table)
        self.was = states[0]
        if not counted:
            return
        self._people(citizens, worlds[NEUTRAL].citizens, states[0], active_table, under)
        self._decisions(week, states, active_table, under)
        places = worlds[0].active_table > 0
        for place, world in enumerate(worlds):
            self.tally.sums[place] += world.totals[places].sum(axis=0)
        if week % QUARTER == 0:
            self._scores(states[0], active_table, under)

    def finish(self) -> None:
        """Add up the people of the replicate and end it."""
        here = np.flatnonzero(self.adult & (self.weeks > 0))
        harm, sanction, years = self.harm[here], self.sanction[here], self.weeks[here] / YEAR
        worst = self.worst[here]
        classes = np.where(worst <= 0, 0, np.where(worst <= self.minor, 1, 2 + np.searchsorted(GRAVE, harm)))
        tally = self.tally
        for name, values in (("people", None), ("years", years), ("sanction", sanction), ("harm", harm)):
            setattr(tally, name, np.bincount(classes, values, len(GRAVITY)).astype(float))
        tally.moments = np.array(
            [len(here), harm.sum(), sanction.sum(), (harm * harm).sum(), (harm * sanction).sum()], float
        )
        listed = self.listed[here] > 0
        tally.listed_people, tally.listed_years = np.array(listed.sum(), float), np.array(years[listed].sum())
        tally.listed_weeks = np.array(self.listed[here].sum())
        tally.listed_loss = np.array(self.loss[here][listed].sum())
        tally.worse_off = np.array((self.loss[here] > 1.0).sum(), float)
        self.replicates.append(tally)

    def _files(
        self,
        week: int,
        citizens: NDArray[np.void],
        active_table: NDArray[np.int64],
        under: NDArray[np.bool_],
        counted: bool,
    ) -> None:
        """Follows the points on file by kind and by age, and counts those that expire."""
        right, wrong = (_columns(citizens, name) for name in ("right", "wrong"))
        who = np.flatnonzero((citizens["filed"] != 0) | (citizens["misfiled"] != 0))
        recorded = citizens[who]
        filed, misfiled = FILED.values(recorded), MISFILED.values(recorded)
        if counted:
            before, now = _over(under, self.right + self.wrong), _over(under, right + wrong)
            self.tally.at_risk += before
            self.tally.lost += before + _over(under[who], filed + misfiled) - now
        keep = self.keep[active_table][:, None]
        self.points *= keep
        self.old *= keep
        # A court's rightful points stay until the debt is paid, and then go at once.
        arrived = np.zeros(len(citizens), np.int64)
        arrived[who] = filed[:, COURT]
        paid = self.right[:, COURT] + arrived > right[:, COURT]
        self.wiped[paid] = week
        self._age(week, keep)
        kinds = self._kinds(recorded, filed, misfiled, active_table[who])
        row, kind = np.nonzero(kinds)
        np.add.at(self.points, (who[row], kind), kinds[row, kind])
        self.filed.append((who[row], kind, kinds[row, kind]))
        self.points[:, DEBT_KIND] = right[:, COURT]
        self.old[:, DEBT_KIND] = np.where(paid, 0, np.minimum(self.old[:, DEBT_KIND] / keep[:, 0], right[:, COURT]))
        self.newest[who] = week
        self.right, self.wrong = right, wrong

    def _age(self, week: int, keep: NDArray[np.float32]) -> None:
        """Records that turn a year old join the old ones, with what is expected to be left of them."""
        if len(self.filed) <= YEAR:
            return
        who, kind, points = self.filed.pop(0)
        left = points * np.where(kind == DEBT_KIND, keep[who, 0], keep[who, 0] ** (YEAR + 1))
        gone = (kind == DEBT_KIND) & (self.wiped[who] > week - YEAR - 1)
        np.add.at(self.old, (who, kind), np.where(gone, 0, left).astype(np.float32))

    def _kinds(
        self,
        citizens: NDArray[np.void],
        filed: NDArray[np.int64],
        misfiled: NDArray[np.int64],
        active_table: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """New points of the week, of some citizens, by kind of record."""
        speech, points = self.speech_points[active_table], self.kind_points[active_table]
        said = citizens["speech_filed"] > 0
        breach = np.clip(citizens["breach"], 0, BREACHES - 1)
        alone = (citizens["breach"] >= 0) & (points[np.arange(len(breach)), breach] == filed[:, POLICE])
        # Where a breach is worth as much as a protest, the wrongful points tell which of them was recorded.
        protest = said & (filed[:, POLICE] >= speech) & ~(alone & (misfiled[:, POLICE] >= speech))
        found = np.zeros((len(citizens), len(KINDS)), np.int64)
        found[:, PROTEST] = np.where(protest, speech, 0)
        found[:, MISREAD] = np.where(said & ~protest, np.minimum(speech, misfiled[:, POLICE]), 0)
        rest = filed.copy()
        rest[:, POLICE] -= found[:, PROTEST]
        act = np.arange(len(breach)), BREACH_KIND[breach]
        found[act] += np.where(citizens["breach"] >= 0, rest[np.arange(len(breach)), np.array(OWNERS)[breach]], 0)
        for agency, kind in enumerate(WRONG_KIND):
            found[:, kind] = misfiled[:, agency] - (found[:, MISREAD] if agency == POLICE else 0)
        return found

    def _held(self, who: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
        """Points that some citizens have on file, by kind, and of these the old ones."""
        expected, old = self.points[who].astype(float), self.old[who].astype(float)
        old = np.divide(old, expected, out=np.zeros_like(old), where=expected > 0)
        held = expected.copy()
        for kinds, actual in ((TRUE_POLICE, self.right[who, POLICE]), (FALSE_POLICE, self.wrong[who, POLICE])):
            whole = expected[:, kinds].sum(axis=1)
            held[:, kinds] *= np.divide(actual, whole, out=np.zeros_like(whole), where=whole > 0)[:, None]
        for agency in (WELFARE_OFFICE, MARKET):
            held[:, WRONG_KIND[agency] - 1] = self.right[who, agency]
        for agency in (COURT, WELFARE_OFFICE, MARKET):
            held[:, WRONG_KIND[agency]] = self.wrong[who, agency]
        return held, held * np.minimum(old, 1.0)

    def _causes(self, states: NDArray[np.bool_], active_table: NDArray[np.int64]) -> None:
        """What each new restriction rests on: the kinds' shares of the score at that moment."""
        fresh = states & ~self.was
        who = np.flatnonzero(_any(fresh))
        if len(who) == 0:
            return
        held, _ = self._held(who)
        counts = self.weights[active_table[who]]
        parts = held[:, None, :] * counts.transpose(0, 2, 1)[:, :, OWNER]
        whole = parts.sum(axis=2, keepdims=True)
        shares = np.divide(parts, whole, out=np.zeros_like(parts), where=whole > 0)
        self.cause[who] = np.where(fresh[who][:, :, None], shares, self.cause[who])

    def _people(
        self,
        citizens: NDArray[np.void],
        neutral: NDArray[np.void],
        states: NDArray[np.bool_],
        active_table: NDArray[np.int64],
        under: NDArray[np.bool_],
    ) -> None:
        """What each person did, what was done to him, and how he would have fared without a score."""
        self.weeks += under
        who = np.flatnonzero(under & _any(states))
        self.listed[who] += 1
        self.sanction[who] += (states[who] * self.severity[active_table[who]]).sum(axis=1)
        breach = citizens["breach"]
        who = np.flatnonzero(under & (breach >= 0))
        harm = self.harms[active_table[who], breach[who]]
        self.harm[who] += harm
        self.worst[who] = np.maximum(self.worst[who], harm)
        self.loss += under * (citizens["hardship"].astype(float) - neutral["hardship"])
        self.tally.debt += (citizens["debt"].astype(float) - neutral["debt"])[under].sum()
        files = self.right + self.wrong > 0
        self.tally.held += np.count_nonzero(_any(files) & under)
        self.tally.agencies_held += np.count_nonzero(files & under[:, None])
        self.tally.adult_weeks += np.count_nonzero(under)

    def _decisions(
        self, week: int, states: Sequence[NDArray[np.bool_]], active_table: NDArray[np.int64], under: NDArray[np.bool_]
    ) -> None:
        """Restrictions in force, those that fall away in each variant, and the records they rest on."""
        who = np.flatnonzero(under & np.logical_or.reduce([_any(state) for state in states]))
        mine, severity = states[0][who], self.severity[active_table[who]]
        self.tally.restricted += mine.sum(axis=0)
        self.tally.taken += (mine * severity).sum(axis=0)
        for place, state in enumerate(states):
            other = state[who]
            self.tally.vanished[place] += (mine & ~other).sum(axis=0)
            self.tally.fallen[place] += ((mine & ~other) * severity).sum(axis=0)
            self.tally.appeared[place] += (other & ~mine).sum(axis=0)
        self.tally.flow += np.einsum("il,ilk->kl", mine * severity, self.cause[who])
        self.tally.stale_weeks += np.count_nonzero(_any(mine) & (week - self.newest[who] > YEAR))

    def _scores(self, states: NDArray[np.bool_], active_table: NDArray[np.int64], under: NDArray[np.bool_]) -> None:
        """The score of each context: its spread by kind and age, and what it tells about the next quarter."""
        tally, threshold = self.tally, self.threshold[active_table]
        if self.binned is not None:
            then, bins = self.binned
            for context in range(AGENCIES):
                cells = bins[then, context] * 2 + states[then, context]
                tally.later[context] += np.bincount(cells, minlength=2 * BINS).reshape(BINS, 2)
        score = np.einsum("ik,ikl->il", (self.right + self.wrong).astype(float), self.weights[active_table])
        bins = (score > 0).astype(np.int64) + (score >= threshold / 2) + (score >= threshold)
        self.binned = under, bins
        number = under.sum()
        who = np.flatnonzero(under & (score > 0).any(axis=1))
        if len(who) == 0:
            return
        held, old = self._held(who)
        counts, value = self.weights[active_table[who]][:, OWNER], score[who]
        parts, aged = held[:, :, None] * counts, np.einsum("ik,ikl->il", old, counts)
        mean = value.sum(axis=0) / number
        tally.variance += (value * value).sum(axis=0) / number - mean * mean
        tally.covariance += np.einsum("ikl,il->kl", parts, value) / number - parts.sum(axis=0) / number * mean
        tally.old_covariance += (aged * value).sum(axis=0) / number - aged.sum(axis=0) / number * mean
        tally.score += value.sum(axis=0)
        tally.old_score += aged.sum(axis=0)


def _columns(citizens: NDArray[np.void], name: str) -> NDArray[np.int64]:
    """A vector column as an array (citizens, agencies)."""
    return np.stack([citizens[f"{name}_{k}"] for k in range(AGENCIES)], axis=1).astype(np.int64)


def _over(who: NDArray[np.bool_], held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums by agency over some citizens."""
    found: NDArray[np.int64] = np.einsum("i,ik->k", who.astype(np.int64), held)
    return found


def _any(states: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether any of a citizen's four is set; four bytes are looked at as one word, which is far quicker."""
    found: NDArray[np.bool_] = np.ascontiguousarray(states).view(np.uint32).ravel() != 0
    return found


def _restricted(citizens: NDArray[np.void]) -> NDArray[np.bool_]:
    return np.stack([citizens[f"state_{k}"] >= RESTRICTED for k in range(AGENCIES)], axis=1)
