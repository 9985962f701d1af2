"""Adds up what each person did and suffered over all their time under the regime."""

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.ai_act.totals import GRAVE, GRAVITY, YEAR, PeopleTotals
from glasshouse.model.measure import FloatArray


class People:
    """Sums of every citizen of one replicate, each an array (people).

    Parameters
    ----------
    people : int
        Citizens of the population.

    Attributes
    ----------
    weeks, listed : ndarray of float
        Weeks as an adult under the regime, and of these the weeks with some restriction.
    sanction, harm, worst, loss : ndarray of float
        Sanction, harm of own acts, the gravest act, and welfare lost to the score, in welfare-weeks.
    """

    def __init__(self, people: int) -> None:
        self.weeks, self.listed = np.zeros(people), np.zeros(people)
        self.sanction, self.harm, self.worst, self.loss = (np.zeros(people) for _ in range(4))

    def add_sanctions(self, who: NDArray[np.int64], sanction: FloatArray) -> None:
        """Add a week of restriction.

        Parameters
        ----------
        who : ndarray of int64, shape (n,)
            Positions of the people.
        sanction : ndarray of float, shape (n,)
            The sanction on each, in welfare-weeks.
        """
        self.listed[who] += 1
        self.sanction[who] += sanction

    def add_acts(self, who: NDArray[np.int64], harm: FloatArray) -> None:
        """Add harmful acts.

        Parameters
        ----------
        who : ndarray of int64, shape (n,)
            Positions of the people.
        harm : ndarray of float, shape (n,)
            The harm of each act, in welfare-weeks.
        """
        self.harm[who] += harm
        self.worst[who] = np.maximum(self.worst[who], harm)

    def totals(self, adult: NDArray[np.bool_], minor: float) -> PeopleTotals:
        """The sums over all people who lived under the regime as adults.

        Parameters
        ----------
        adult : ndarray of bool, shape (people,)
            Who is an adult.
        minor : float
            Harm in welfare-weeks up to which an act counts as minor.

        Returns
        -------
        PeopleTotals
            Sums by class of gravity, and over those who were ever restricted.
        """
        here = np.flatnonzero(adult & (self.weeks > 0))
        harm, sanction, years = self.harm[here], self.sanction[here], self.weeks[here] / YEAR
        worst, loss, listed = self.worst[here], self.loss[here], self.listed[here] > 0
        classes = np.where(worst <= 0, 0, np.where(worst <= minor, 1, 2 + np.searchsorted(GRAVE, harm)))

        def by_class(values: FloatArray | None) -> FloatArray:
            return np.bincount(classes, values, len(GRAVITY)).astype(float)

        return PeopleTotals(
            number=by_class(None),
            years=by_class(years),
            sanction=by_class(sanction),
            harm=by_class(harm),
            moments=np.array(
                [len(here), harm.sum(), sanction.sum(), (harm * harm).sum(), (harm * sanction).sum()], float
            ),
            listed=np.array(listed.sum(), float),
            listed_years=np.array(years[listed].sum()),
            listed_weeks=np.array(self.listed[here].sum()),
            listed_loss=np.array(loss[listed].sum()),
            worse_off=np.array((loss > 1.0).sum(), float),
        )
