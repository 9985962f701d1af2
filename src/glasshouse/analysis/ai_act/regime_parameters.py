"""The settings of a regime that its evidence sheet depends on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.component import Component
from glasshouse.model.measure import FloatArray
from glasshouse.model.mechanisms.conduct import Conduct
from glasshouse.model.mechanisms.lists import Lists
from glasshouse.model.mechanisms.observation import Observation
from glasshouse.model.mechanisms.points import Points
from glasshouse.model.mechanisms.safeguards import Safeguards
from glasshouse.model.mechanisms.sanctions import Sanctions

T = TypeVar("T", bound=Component)


@dataclass(frozen=True)
class RegimeParameters:
    """Settings of one set of tables, or, once stacked, of several with a leading axis of tables.

    Attributes
    ----------
    keep : ndarray of float32, shape ()
        Share of the points on file that is expected to be left after a week.
    speech_points : ndarray of int64, shape ()
        Points that a record of speech brings.
    breach_points : ndarray of int64, shape (breaches,)
        Points that a record of each breach brings.
    weights : ndarray of float, shape (agencies, contexts)
        What a point in the file of an agency counts in the list of a context, in a district of mean integration.
    speech_shared : ndarray of float, shape ()
        Share of that which counts of a point about speech in the lists of other agencies than the police.
    threshold : ndarray of float, shape (contexts,)
        Points from which a list restricts.
    severity : ndarray of float, shape (contexts,)
        Loss by a restriction, in welfare-weeks a week.
    harms : ndarray of float, shape (breaches,)
        Harm of each breach, in welfare-weeks.
    """

    keep: NDArray[np.float32]
    speech_points: NDArray[np.int64]
    breach_points: NDArray[np.int64]
    weights: FloatArray
    speech_shared: FloatArray
    threshold: FloatArray
    severity: FloatArray
    harms: FloatArray

    @classmethod
    def of(cls, tables: Sequence[Component]) -> "RegimeParameters":
        """Settings of the tables of one regime.

        Parameters
        ----------
        tables : sequence of Component
            Among them one table of each mechanism that is read here.

        Returns
        -------
        RegimeParameters
            Without an axis of tables.
        """
        points, observation = _table(tables, Points), _table(tables, Observation)
        lists, safeguards = _table(tables, Lists), _table(tables, Safeguards)
        return cls(
            keep=np.array(0.5 ** (1.0 / points.half_life) * (1.0 - safeguards.expiry), np.float32),
            speech_points=np.array(int(observation.speech_points)),
            breach_points=np.array(observation.points).astype(np.int64),
            weights=weights(lists, safeguards),
            speech_shared=np.array(lists.speech_shared),
            threshold=np.array(lists.threshold, float),
            severity=np.array(_table(tables, Sanctions).severity, float),
            harms=np.array(_table(tables, Conduct).harms, float),
        )

    @classmethod
    def stacked(cls, terms: Sequence["RegimeParameters"]) -> "RegimeParameters":
        """Several sets of settings in one, with a leading axis that `ArmState.active_table` indexes.

        Parameters
        ----------
        terms : sequence of RegimeParameters
            Settings of tables 0, 1 and 2.

        Returns
        -------
        RegimeParameters
            The stacked settings.
        """
        return cls(**{field.name: np.stack([getattr(each, field.name) for each in terms]) for field in fields(cls)})


def weights(lists: Lists, safeguards: Safeguards) -> FloatArray:
    """What a point of each agency counts in each list.

    It is 1 in the agency's own list. Elsewhere it is `integration` times what the one agency shares and the other uses, from
    which the safeguard of purpose limitation takes its part of what is not related.

    Parameters
    ----------
    lists : Lists
        Gives `integration`, `sharing`, `passed_on`, `use` and `related`.
    safeguards : Safeguards
        Gives `purpose`.

    Returns
    -------
    ndarray of float, shape (agencies, contexts)
        The weights.
    """
    number = lists.agencies.number
    shared, related = (np.array(matrix).reshape(number, number) for matrix in (lists.sharing, lists.related))
    given = shared * np.array(lists.passed_on)[:, None]
    found: FloatArray = lists.integration * lists.use * given * (1.0 - safeguards.purpose * (1.0 - related))
    np.fill_diagonal(found, 1.0)
    return found


def _table(tables: Sequence[Component], kind: type[T]) -> T:
    return next(table for table in tables if isinstance(table, kind))
