"""The protocol of observers: whatever looks at a running simulation without changing it."""

from collections.abc import Mapping
from typing import Protocol

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.model.entities import Population


class Observer(Protocol):
    """Observes every week of one replicate; it must change neither the population nor a state.

    Weekly sums, life courses, the animation, the evidence sheet, checkpoints and the display of progress are observers.

    Examples
    --------
    An observer that counts the weeks in which anybody protests in some arm:

    >>> class Protests:
    ...     def begin(self, population, layout):
    ...         self.weeks = 0
    ...
    ...     def observe(self, week, arms):
    ...         self.weeks += any(state.citizens["protest"].any() for state in arms.values())
    ...
    ...     def finish(self):
    ...         pass
    """

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Prepare for a replicate.

        Parameters
        ----------
        population : Population
            The population of the replicate, which all arms share.
        layout : ModelLayout
            Memory layout of the states: the fields of their records and the declared sums.
        """

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Look at a week that all arms have just been stepped through.

        Parameters
        ----------
        week : int
            The week, from 0, or from where an interrupted run was resumed.
        arms : mapping of str to ArmState
            State of each arm by name. The arrays are overwritten in the next week: copy what is needed longer. Two names
            may share a state while their arms are equal.
        """

    def finish(self) -> None:
        """The last week has been observed; not called where the run is interrupted."""
