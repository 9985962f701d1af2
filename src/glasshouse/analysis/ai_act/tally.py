"""What is counted, week by week, to lay a scoring regime out by the elements of Article 5(1)(c) of the EU AI Act.

A `EvidenceTotals` holds sums over people, which add up over replicates; `watcher.py` fills it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.agencies import AGENCIES, COURT, MARKET, POLICE, WELFARE_OFFICE
from glasshouse.model.entities import CELLS
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions

Numbers = NDArray[np.float64]

YEAR = 52


@dataclass(frozen=True)
class Kind:
    """One class of input of the score: what was recorded, in whose file, and whether it happened as recorded."""

    name: str
    agency: int
    rightful: bool


KINDS = (
    Kind("traffic breach", POLICE, True),
    Kind("public-order breach", POLICE, True),
    Kind("protest", POLICE, True),
    Kind("complaint misread as an offence", POLICE, False),
    Kind("somebody else's or nobody's act (police)", POLICE, False),
    Kind("debt default", COURT, True),
    Kind("somebody else's or nobody's act (court)", COURT, False),
    Kind("benefit or tax irregularity", WELFARE_OFFICE, True),
    Kind("somebody else's or nobody's act (welfare office)", WELFARE_OFFICE, False),
    Kind("trade breach", MARKET, True),
    Kind("somebody else's or nobody's act (market supervision)", MARKET, False),
)
PROTEST, MISREAD, DEBT_KIND = 2, 3, 5
BREACH_KIND = np.array([0, 5, 7, 9, 1])
"""The kind of a rightful record of each breach."""
WRONG_KIND = (4, 6, 8, 10)
"""The kind of each agency's other wrongful records."""
OWNER = np.array([kind.agency for kind in KINDS])

BINS = 4
"""Classes of the score of a context: nothing, below half of the threshold, below it, at or above it."""

GRAVITY = ("no harmful act", "minor acts only", "graver acts, up to 2 ww", "graver acts, 2 to 5 ww", "over 5 ww")
"""Classes of people by the harm of their own conduct over all their time under the regime."""
GRAVE = (2.0, 5.0)


@dataclass(frozen=True)
class RegimeParameters:
    """The settings of one regime that the watcher reckons with; `weights[k, l]` is what a point of agency k counts in list l."""

    keep: float
    speech_points: int
    points: NDArray[np.int64]
    weights: Numbers
    threshold: Numbers
    severity: Numbers
    harms: Numbers

    @classmethod
    def of(
        cls,
        conduct: Conduct,
        observation: Observation,
        points: Points,
        lists: Lists,
        sanctions: Sanctions,
        safeguards: Safeguards,
    ) -> "RegimeParameters":
        """From the tables of a scenario."""
        return cls(
            keep=0.5 ** (1.0 / points.half_life) * (1.0 - safeguards.expiry),
            speech_points=int(observation.speech_points),
            points=np.array(observation.points).astype(np.int64),
            weights=weights(lists, safeguards),
            threshold=np.array(lists.threshold, float),
            severity=np.array(sanctions.severity, float),
            harms=np.array(conduct.harms, float),
        )


def weights(lists: Lists, safeguards: Safeguards) -> Numbers:
    """What a point of agency k counts in list l: 1 in its own, `integration` times what is shared elsewhere.

    The safeguard of purpose limitation takes its part of what is not related.
    """
    shared, related = (np.array(held).reshape(AGENCIES, AGENCIES) for held in (lists.sharing, lists.related))
    found: Numbers = lists.integration * shared * (1.0 - safeguards.purpose * (1.0 - related))
    np.fill_diagonal(found, 1.0)
    return found


@dataclass
class EvidenceTotals:
    """Sums over adults under the regime and weeks; v worlds (the regime and its variants), l contexts, k kinds.

    `sums` (v, cells, slots) are the mechanisms' own sums in storage units. `restricted` (l), `vanished` and `appeared`
    (v, l) count context-weeks restricted in the regime, of these free in the variant, and the reverse; `taken` (l) and
    `fallen` (v, l) are the first two in welfare-weeks, `flow` (k, l) deals `taken` out to the records that brought it.
    `variance` (l), `covariance` (k, l), `old_covariance` (l) add up over quarters; `score`, `old_score` (l) likewise.
    `later` (l, bins, 2) counts people by score and by whether they are restricted a quarter later. `lost`, `at_risk`
    (agencies) are points that expired, of those on file. `people`, `years`, `sanction`, `harm` (classes) follow GRAVITY;
    `moments` holds n and the sums of G, S, GG, GS, where G is the harm that a person did and S the sanction.
    """

    sums: Numbers
    restricted: Numbers
    vanished: Numbers
    appeared: Numbers
    taken: Numbers
    fallen: Numbers
    flow: Numbers
    variance: Numbers
    covariance: Numbers
    old_covariance: Numbers
    score: Numbers
    old_score: Numbers
    later: Numbers
    lost: Numbers
    at_risk: Numbers
    people: Numbers
    years: Numbers
    sanction: Numbers
    harm: Numbers
    moments: Numbers
    listed_people: Numbers
    listed_years: Numbers
    listed_weeks: Numbers
    listed_loss: Numbers
    worse_off: Numbers
    stale_weeks: Numbers
    held: Numbers
    agencies_held: Numbers
    debt: Numbers
    adult_weeks: Numbers

    @classmethod
    def empty(cls, worlds: int, slots: int) -> "EvidenceTotals":
        """A tally of nobody."""
        kinds, classes = len(KINDS), len(GRAVITY)
        shapes: dict[str, tuple[int, ...]] = {
            "sums": (worlds, CELLS, slots),
            "vanished": (worlds, AGENCIES),
            "appeared": (worlds, AGENCIES),
            "fallen": (worlds, AGENCIES),
            "flow": (kinds, AGENCIES),
            "covariance": (kinds, AGENCIES),
            "later": (AGENCIES, BINS, 2),
            "moments": (5,),
            **dict.fromkeys(("restricted", "taken", "variance", "old_covariance", "score", "old_score"), (AGENCIES,)),
            **dict.fromkeys(("lost", "at_risk"), (AGENCIES,)),
            **dict.fromkeys(("people", "years", "sanction", "harm"), (classes,)),
        }
        return cls(**{field.name: np.zeros(shapes.get(field.name, ())) for field in fields(cls)})


def added(tallies: Sequence[EvidenceTotals]) -> EvidenceTotals:
    """The tallies of several replicates as one."""
    return EvidenceTotals(
        **{f.name: np.sum([getattr(t, f.name) for t in tallies], axis=0) for f in fields(EvidenceTotals)}
    )
