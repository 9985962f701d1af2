"""Follows the points in the agencies' files by kind of record and by age, which the model itself does not keep."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR, RecordKinds
from glasshouse.analysis.ai_act.regime_parameters import RegimeParameters
from glasshouse.analysis.ai_act.totals import YEAR, FileTotals
from glasshouse.model.agencies import COURT, POLICE
from glasshouse.model.agency_sizes import for_agencies
from glasshouse.model.measure import FloatArray
from glasshouse.model.mechanisms.observation import Observation

Integers = NDArray[np.int64]

NEVER = -(10**6)
"""The week of the newest record of those who have none."""


@dataclass(frozen=True)
class Additions:
    """Points that were added in one week.

    Attributes
    ----------
    citizens, kinds, points : ndarray of int64, shape (additions,)
        To whom, of which kind and how many.
    """

    citizens: Integers
    kinds: Integers
    points: Integers


class PointFiles:
    """The points on file of every citizen of one replicate.

    The model keeps points by agency and expires each of them by chance. How many are left of each kind is known exactly
    where an agency's file holds one kind, and for points about speech; between several kinds of breaches in one file, such
    as the police's two, `expected` shares out what is really left.

    Parameters
    ----------
    people : int
        Citizens of the population.
    parameters : RegimeParameters
        Settings of the regime, stacked.
    kinds : RecordKinds
        The kinds of records.

    Attributes
    ----------
    right, wrong : ndarray of int64, shape (people, agencies)
        Rightful and wrongful points on file, from the model.
    right_speech, wrong_speech : ndarray of int64, shape (people,)
        Of the police's points, those about speech, from the model.
    newest : ndarray of int64, shape (people,)
        The week of each citizen's newest record; `NEVER` without one.
    expected, old : ndarray of float32, shape (people, kinds)
        Points that are expected to be on file, and of these the points older than a year.
    """

    def __init__(self, people: int, parameters: RegimeParameters, kinds: RecordKinds = OF_THE_FOUR) -> None:
        self.parameters, self.kinds = parameters, kinds
        columns = {column.name: column for column in for_agencies(Observation, kinds.agencies).columns}
        self._filed, self._misfiled = columns["filed"], columns["misfiled"]
        self._debts = list(kinds.rightful[COURT])
        self.right, self.wrong = (np.zeros((people, kinds.agencies.number), np.int64) for _ in range(2))
        self.right_speech, self.wrong_speech = (np.zeros(people, np.int64) for _ in range(2))
        self.newest = np.full(people, NEVER)
        self.expected = np.zeros((people, len(kinds.kinds)), np.float32)
        self.old = np.zeros((people, len(kinds.kinds)), np.float32)
        self._recent: list[Additions] = []
        self._debt_paid = np.zeros(people, np.int64)

    @property
    def points(self) -> Integers:
        """All points on file (people, agencies)."""
        return self.right + self.wrong

    def update(
        self,
        week: int,
        citizens: NDArray[np.void],
        active_table: Integers,
        counted: NDArray[np.bool_] | None,
        totals: FileTotals,
    ) -> None:
        """Follow the files through a week.

        Parameters
        ----------
        week : int
            The week that has been stepped.
        citizens : structured ndarray, shape (people,)
            State records of the regime arm.
        active_table : ndarray of int64, shape (people,)
            Which of the stacked parameters are in force for each citizen.
        counted : ndarray of bool, shape (people,), or None
            Whose expired points to count in `totals`; None before weeks are counted.
        totals : FileTotals
            Is added to.
        """
        right, wrong = (self._by_agency(citizens, name) for name in ("right", "wrong"))
        who = np.flatnonzero((citizens["filed"] != 0) | (citizens["misfiled"] != 0))
        recorded, table = citizens[who], active_table[who]
        filed, misfiled = self._filed.values(recorded), self._misfiled.values(recorded)
        if counted is not None:
            before, now = _over(counted, self.points), _over(counted, right + wrong)
            totals.at_risk[...] += before
            totals.lost[...] += before + _over(counted[who], filed + misfiled) - now
        keep = self.parameters.keep[active_table][:, None]
        self.expected *= keep
        self.old *= keep
        # A court's rightful points stay until the debt is paid, and then all go at once: any decrease is a payment.
        arrived = np.zeros(len(citizens), np.int64)
        arrived[who] = filed[:, COURT]
        paid = self.right[:, COURT] + arrived > right[:, COURT]
        self._debt_paid[paid] = week
        self._age(week, keep)
        kinds = self.kinds.points(
            recorded, filed, misfiled, self.parameters.speech_points[table], self.parameters.breach_points[table]
        )
        row, kind = np.nonzero(kinds)
        np.add.at(self.expected, (who[row], kind), kinds[row, kind])
        self._recent.append(Additions(who[row], kind, kinds[row, kind]))
        self.expected[:, self._debts] = _shared_out(self.expected[:, self._debts], right[:, COURT])
        # Debts do not expire: the decay above is undone, and no more can be old than is on file.
        old_debts = np.minimum(self.old[:, self._debts] / keep, self.expected[:, self._debts])
        self.old[:, self._debts] = np.where(paid[:, None], 0, old_debts)
        self.newest[who] = week
        self.right, self.wrong = right, wrong
        self.right_speech, self.wrong_speech = (
            citizens[f"{side}_speech"].astype(np.int64) for side in ("right", "wrong")
        )

    def _age(self, week: int, keep: NDArray[np.float32]) -> None:
        """Add the records that turn a year old to the old ones, with what is expected to be left of them."""
        if len(self._recent) <= YEAR:
            return
        added = self._recent.pop(0)
        who, debt = added.citizens, np.isin(added.kinds, self._debts)
        left = added.points * np.where(debt, keep[who, 0], keep[who, 0] ** (YEAR + 1))
        gone = debt & (self._debt_paid[who] > week - YEAR - 1)
        np.add.at(self.old, (who, added.kinds), np.where(gone, 0, left).astype(np.float32))

    def by_kind(self, who: Integers) -> tuple[FloatArray, FloatArray]:
        """Points on file of some citizens by kind.

        Parameters
        ----------
        who : ndarray of int64, shape (n,)
            Positions of the citizens.

        Returns
        -------
        tuple of ndarray, each of shape (n, kinds)
            All points, and of these the points older than a year.
        """
        expected, old = self.expected[who].astype(float), self.old[who].astype(float)
        old_share = np.divide(old, expected, out=np.zeros_like(old), where=expected > 0)
        found = expected.copy()
        found[:, self.kinds.protest], found[:, self.kinds.misread] = self.right_speech[who], self.wrong_speech[who]
        for agency in range(self.kinds.agencies.number):
            right, wrong, breaches = self.right[who, agency], self.wrong[who, agency], list(self.kinds.rightful[agency])
            if agency == POLICE:
                right, wrong = right - self.right_speech[who], wrong - self.wrong_speech[who]
            found[:, breaches] = _shared_out(expected[:, breaches], right)
            found[:, self.kinds.wrong[agency]] = wrong
        return found, found * np.minimum(old_share, 1.0)

    def _by_agency(self, citizens: NDArray[np.void], name: str) -> Integers:
        """A vector column as an array (citizens, agencies)."""
        each = [citizens[f"{name}_{k}"] for k in range(self.kinds.agencies.number)]
        return np.stack(each, axis=1).astype(np.int64)


def _shared_out(expected: NDArray[np.floating[Any]], actual: Integers) -> FloatArray:
    """Points that are really on file, shared out between kinds by what is expected to be left; all are of a single kind."""
    if expected.shape[1] == 1:
        return actual[:, None].astype(float)
    found: FloatArray = expected.astype(float)
    whole = found.sum(axis=1)
    found *= np.divide(actual, whole, out=np.zeros_like(whole), where=whole > 0)[:, None]
    return found


def _over(who: NDArray[np.bool_], points: Integers) -> Integers:
    """Sums by agency over some citizens."""
    found: Integers = np.einsum("i,ik->k", who.astype(np.int64), points)
    return found
