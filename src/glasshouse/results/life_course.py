"""One synthetic citizen in both arms: who it is, and what happens week by week.

A finished run stores nothing about single citizens beyond the life courses in its report. A `LifeRecorder` observes a
replicate and holds, in memory, what happens to a few of them; because runs are reproducible, the life course of any
other citizen is recomputed by running again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glasshouse.model.agencies import BREACH_NAMES, CONTEXT_NAMES, RESTRICTED
from glasshouse.model.entities import NOBODY, Population
from glasshouse.model.measure import FloatArray
from glasshouse.results.totals import REFERENCE, REGIME

Flags = NDArray[np.bool_]

UNDER = "under_regime"
"""The field that says whether the citizen's district is under the regime."""
KIN = "restricted_kin"
"""The field that counts the other members of the household who are restricted."""


@dataclass(frozen=True)
class Person:
    """Traits of a synthetic citizen, which are the same in both arms and all weeks.

    Attributes
    ----------
    age : int
        Five-year band (0 = 0-4).
    female, urban, migrant, minority, party, abroad, adult : bool
        Yes-or-no traits.
    education : int
        Level of schooling, 0 to 4.
    income : float
        Over the median.
    exposure : float
        Share of daily activity that passes through instrumented channels.
    household, workplace : int
        Persons in the household, and in the same unit of work (0 without one).
    own_account, foreign : bool
        Whether the citizen works on own account, and at a foreign firm.
    """

    age: int
    female: bool
    urban: bool
    migrant: bool
    minority: bool
    party: bool
    abroad: bool
    adult: bool
    education: int
    income: float
    exposure: float
    household: int
    workplace: int
    own_account: bool
    foreign: bool

    @classmethod
    def of(cls, population: Population, citizen: int) -> "Person":
        """The traits of one citizen.

        Parameters
        ----------
        population : Population
            The population.
        citizen : int
            Position in it.

        Returns
        -------
        Person
            The traits.
        """
        traits = population.citizens[citizen]
        works = traits["workplace"] != NOBODY
        firm = population.firms[traits["workplace"]] if works else None
        yes = {
            name: bool(traits[name]) for name in ("female", "urban", "migrant", "minority", "party", "abroad", "adult")
        }
        return cls(
            age=int(traits["age"]),
            education=int(traits["education"]),
            income=float(traits["income"]),
            exposure=float(traits["exposure"]),
            household=int(traits["household_size"]),
            workplace=int(firm["size"]) if firm is not None else 0,
            own_account=bool(firm["own_account"]) if firm is not None else False,
            foreign=bool(firm["foreign"]) if firm is not None else False,
            **yes,
        )


def any_of(*flags: Flags) -> Flags:
    """Where any of several flags is true.

    Parameters
    ----------
    *flags : ndarray of bool
        Flags of one shape.

    Returns
    -------
    ndarray of bool
        Flags of the same shape.
    """
    return np.asarray(np.any(flags, axis=0))


@dataclass(frozen=True)
class Trajectory:
    """What happens in one arm to one citizen (weeks) or to several (weeks, citizens).

    A column that the scenario's mechanisms do not declare reads as zero: what is not modelled does not happen.

    Attributes
    ----------
    weeks : structured ndarray
        Recorded columns.
    contexts : tuple of str
        Names of the contexts in which there are lists.
    kinds : tuple of str
        Names of the kinds of breach.
    """

    weeks: NDArray[np.void]
    contexts: tuple[str, ...] = CONTEXT_NAMES
    kinds: tuple[str, ...] = BREACH_NAMES

    def has(self, name: str) -> bool:
        """Whether a column was recorded.

        Parameters
        ----------
        name : str
            Name of a column, or of a vector of columns.

        Returns
        -------
        bool
            Whether it is there.
        """
        names = self.weeks.dtype.names or ()
        return name in names or f"{name}_0" in names

    def of(self, name: str) -> FloatArray:
        """A column as numbers.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        ndarray of float
            Its values, or zeros where it was not recorded.
        """
        recorded = name in (self.weeks.dtype.names or ())
        return self.weeks[name].astype(np.float64) if recorded else np.zeros(self.weeks.shape)

    @property
    def problem(self) -> Flags:
        """A problem is open."""
        return self.of("severity") > 0

    @property
    def complaint(self) -> Flags:
        """Complains."""
        return self.of("complaint") > 0

    @property
    def protest(self) -> Flags:
        """Protests."""
        return self.of("protest") > 0

    @property
    def recorded(self) -> Flags:
        """A rightful record is made."""
        return self.of("filed") > 0

    @property
    def falsely(self) -> Flags:
        """A wrongful record is made: misread, mixed up or invented."""
        return self.of("misfiled") > 0

    @property
    def misread(self) -> Flags:
        """A lawful complaint is recorded as an offence."""
        return self.falsely & self.complaint & ~self.protest & (self.of("speech_filed") > 0)

    @property
    def kin(self) -> Flags:
        """Somebody else of the household is restricted."""
        return self.of(KIN) > 0

    @property
    def indebted(self) -> Flags:
        """A debt is in default."""
        return self.of("debt") > 0

    def restricted(self, context: int) -> Flags:
        """Restricted in a context.

        Parameters
        ----------
        context : int
            Number of the context.

        Returns
        -------
        ndarray of bool
            Week by week.
        """
        return self.of(f"state_{context}") >= RESTRICTED

    def wrongly(self, context: int) -> Flags:
        """Restricted in a context though the regime's own rule, without wrongful points, would not.

        Parameters
        ----------
        context : int
            Number of the context.

        Returns
        -------
        ndarray of bool
            Week by week.
        """
        return self.restricted(context) & (self.of(f"rule_state_{context}") < RESTRICTED)

    @property
    def listed(self) -> Flags:
        """Restricted in some context."""
        return any_of(*(self.restricted(k) for k in range(len(self.contexts))))

    @property
    def wronged(self) -> Flags:
        """Restricted in some context wrongly by the regime's own rule."""
        return any_of(*(self.wrongly(k) for k in range(len(self.contexts))))

    @property
    def undeserving(self) -> Flags:
        """Restricted in some context though conduct does not deserve it."""
        return self.of("undeserved") > 0

    @property
    def unlawful(self) -> Flags:
        """Restricted in some context unlawfully."""
        return self.of("unlawful") > 0

    @property
    def appealing(self) -> Flags:
        """An appeal is under way, in a model that has appeals."""
        names = ("appeal", *(f"appeal_{k}" for k in range(len(self.contexts))))
        return any_of(*(self.of(name) > 0 for name in names))


@dataclass(frozen=True)
class Life:
    """One citizen in both arms.

    Attributes
    ----------
    citizen : int
        Position in the population of the first replicate: all that identifies a synthetic citizen.
    person : Person
        The citizen's traits.
    trajectories : mapping of str to Trajectory
        What happens to the citizen in each arm, `reference` and `regime`.
    kind : str
        Name of the `Exemplar` that the life is given for; empty where somebody asked for this citizen.
    """

    citizen: int
    person: Person
    trajectories: Mapping[str, Trajectory]
    kind: str = ""

    @property
    def reference(self) -> Trajectory:
        """What happens without the regime."""
        return self.trajectories[REFERENCE]

    @property
    def regime(self) -> Trajectory:
        """What happens with the regime."""
        return self.trajectories[REGIME]

    @property
    def adoption_week(self) -> int | None:
        """The week in which the regime reaches the citizen's district, or None."""
        weeks = np.flatnonzero(self.regime.of(UNDER))
        return int(weeks[0]) if len(weeks) else None


def silenced(reference: Trajectory, regime: Trajectory) -> Flags:
    """Complaints that are made in the reference and not in the regime, about a problem that is open in both.

    Parameters
    ----------
    reference : Trajectory
        The citizens in the reference.
    regime : Trajectory
        The same citizens in the regime.

    Returns
    -------
    ndarray of bool
        Week by week.
    """
    same = reference.problem & regime.problem & (reference.of("problem_start") == regime.of("problem_start"))
    return np.asarray(same & reference.complaint & ~regime.complaint)
