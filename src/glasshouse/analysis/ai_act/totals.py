"""What an evidence sheet is computed from: sums over adults under the regime and weeks, which add up over replicates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TypeVar, cast

import numpy as np

from glasshouse.analysis.ai_act.record_kinds import OF_THE_FOUR, RecordKinds
from glasshouse.model.entities import CELLS
from glasshouse.model.measure import FloatArray

T = TypeVar("T")

YEAR = 52

BINS = 4
"""Classes of the score of a context: zero, below half of the threshold, below it, at or above it."""

GRAVITY = ("no harmful act", "minor acts only", "graver acts, up to 2 ww", "graver acts, 2 to 5 ww", "over 5 ww")
"""Classes of people by the harm of their own conduct over all their time under the regime."""
GRAVE = (2.0, 5.0)
"""Harm in welfare-weeks at which the last two classes begin."""


@dataclass(frozen=True)
class VariantTotals:
    """Sums of one arm beside the regime as it is.

    Attributes
    ----------
    sums : ndarray, shape (cells, sums)
        The mechanisms' own sums in storage units, over districts under the regime.
    vanished, appeared : ndarray, shape (contexts,)
        Weeks of restriction in the regime and not in this arm, and the reverse.
    sanction_vanished : ndarray, shape (contexts,)
        Sanction of the restrictions that vanished, in welfare-weeks.
    """

    sums: FloatArray
    vanished: FloatArray
    appeared: FloatArray
    sanction_vanished: FloatArray


@dataclass(frozen=True)
class FileTotals:
    """Sums over the agencies' files.

    Attributes
    ----------
    at_risk, lost : ndarray, shape (agencies,)
        Points on file at the beginning of a week, and of these (and the week's new ones) the points that expired.
    people, files : ndarray, shape ()
        Adult-weeks with points in some file, and weeks of files with points.
    """

    at_risk: FloatArray
    lost: FloatArray
    people: FloatArray
    files: FloatArray


@dataclass(frozen=True)
class RestrictionTotals:
    """Sums over restrictions in force in the regime.

    Attributes
    ----------
    weeks, sanction : ndarray, shape (contexts,)
        Weeks of restriction, and the same in welfare-weeks.
    flow : ndarray, shape (kinds, contexts)
        The sanction, shared out to the records that the restrictions rested on when they were imposed.
    stale_weeks : ndarray, shape ()
        Adult-weeks of restriction with no record newer than a year.
    """

    weeks: FloatArray
    sanction: FloatArray
    flow: FloatArray
    stale_weeks: FloatArray


@dataclass(frozen=True)
class ScoreTotals:
    """Sums over the scores of adults, taken each quarter.

    Attributes
    ----------
    variance, old_covariance : ndarray, shape (contexts,)
        Variance of the score over adults, and covariance with it of the points older than a year.
    covariance : ndarray, shape (kinds, contexts)
        Covariance of the points of each kind with the score.
    score, old_score : ndarray, shape (contexts,)
        The score, and what points older than a year contribute to it.
    later : ndarray, shape (contexts, score classes, 2)
        People by the class of their score (see `BINS`) and by whether they are restricted a quarter later.
    """

    variance: FloatArray
    old_covariance: FloatArray
    covariance: FloatArray
    score: FloatArray
    old_score: FloatArray
    later: FloatArray


@dataclass(frozen=True)
class PeopleTotals:
    """Sums over people, each over all their time under the regime.

    Attributes
    ----------
    number, years, sanction, harm : ndarray, shape (classes,)
        People, their years, the sanction on them and the harm of their acts (welfare-weeks), by `GRAVITY`.
    moments : ndarray, shape (5,)
        n and the sums of G, S, GG and GS, where G is the harm that a person did and S the sanction.
    listed, listed_years, listed_weeks, listed_loss : ndarray, shape ()
        People who were ever restricted, their years, their weeks of restriction and their loss of welfare.
    worse_off : ndarray, shape ()
        People who lost more than one welfare-week to the score.
    """

    number: FloatArray
    years: FloatArray
    sanction: FloatArray
    harm: FloatArray
    moments: FloatArray
    listed: FloatArray
    listed_years: FloatArray
    listed_weeks: FloatArray
    listed_loss: FloatArray
    worse_off: FloatArray


@dataclass(frozen=True)
class EvidenceTotals:
    """All sums of one replicate, or of several.

    Attributes
    ----------
    variants : mapping of str to VariantTotals
        Sums of each arm; those of the regime as it is among them.
    files : FileTotals
        Sums over the agencies' files.
    restrictions : RestrictionTotals
        Sums over restrictions in force.
    scores : ScoreTotals
        Sums over scores.
    people : PeopleTotals
        Sums over people; all zero until the replicate has ended.
    adult_weeks, debt : ndarray, shape ()
        Weeks of adults under the regime, and how much more debt in default they have in them than without a score
        (welfare-weeks).
    """

    variants: Mapping[str, VariantTotals]
    files: FileTotals
    restrictions: RestrictionTotals
    scores: ScoreTotals
    people: PeopleTotals
    adult_weeks: FloatArray
    debt: FloatArray

    @classmethod
    def empty(cls, variants: Sequence[str], sums: int, records: RecordKinds = OF_THE_FOUR) -> "EvidenceTotals":
        """Totals of zero.

        Parameters
        ----------
        variants : sequence of str
            Names of the arms.
        sums : int
            How many sums the mechanisms declare.
        records : RecordKinds
            The kinds of records.

        Returns
        -------
        EvidenceTotals
            To be added to in place.
        """
        kinds, contexts, classes = len(records.kinds), records.agencies.number, len(GRAVITY)

        def zeros(count: int, *shape: int) -> tuple[FloatArray, ...]:
            return tuple(np.zeros(shape) for _ in range(count))

        return cls(
            variants={name: VariantTotals(*zeros(1, CELLS, sums), *zeros(3, contexts)) for name in variants},
            files=FileTotals(*zeros(2, contexts), *zeros(2)),
            restrictions=RestrictionTotals(*zeros(2, contexts), *zeros(1, kinds, contexts), *zeros(1)),
            scores=ScoreTotals(
                *zeros(2, contexts), *zeros(1, kinds, contexts), *zeros(2, contexts), *zeros(1, contexts, BINS, 2)
            ),
            people=PeopleTotals(*zeros(4, classes), *zeros(1, 5), *zeros(5)),
            adult_weeks=np.zeros(()),
            debt=np.zeros(()),
        )


def added(parts: Sequence[T]) -> T:
    """The totals of several replicates as one.

    Parameters
    ----------
    parts : sequence of EvidenceTotals
        Totals of replicates; also groups of them, mappings and arrays, by which it descends.

    Returns
    -------
    EvidenceTotals
        The sums, element by element.
    """
    first = parts[0]
    if isinstance(first, Mapping):
        return cast("T", {name: added([cast("Mapping[str, object]", part)[name] for part in parts]) for name in first})
    if is_dataclass(first) and not isinstance(first, type):
        return type(first)(**{f.name: added([getattr(part, f.name) for part in parts]) for f in fields(first)})
    return cast("T", np.sum(cast("Sequence[FloatArray]", parts), axis=0))
