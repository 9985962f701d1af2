"""Simulates the arms of remedies, and computes harms from their sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.remedies.calendar import arms_with
from glasshouse.analysis.remedies.remedy import Treatment
from glasshouse.engine import run as engine
from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.progress import OnProgress
from glasshouse.engine.state import ArmState
from glasshouse.model.declarations import Sum
from glasshouse.model.entities import CELLS, Population
from glasshouse.model.measure import FloatArray, Measure, Sums
from glasshouse.model.scale import IDENTITY
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY, cells_of
from glasshouse.results.totals import REFERENCE, REGIME
from glasshouse.scenario.scenario import Scenario

Integers = NDArray[np.int64]


class WindowObserver:
    """Adds up the sums of every arm over the weeks from the start of the regime to the end of the run.

    Parameters
    ----------
    backend : CompiledBackend
        Computes the sums that compare each citizen in two arms.
    first : int
        First week that is counted.
    paired : bool
        Whether sums over pairs are needed.

    Attributes
    ----------
    sums, pairs : dict of str to list of ndarray
        Sums by arm: for each replicate an array (cells, sums).
    """

    def __init__(self, backend: CompiledBackend, first: int, *, paired: bool) -> None:
        self.backend, self.first, self.paired = backend, first, paired
        self.sums: dict[str, list[Integers]] = {}
        self.pairs: dict[str, list[Integers]] = {}

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Prepare for a replicate.

        Parameters
        ----------
        population : Population
            Not used.
        layout : ModelLayout
            Declares the sums.
        """
        self._sums: dict[str, Integers] = {}
        self._pairs: dict[str, Integers] = {}
        self._slots = len(layout.sums)

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Add the sums of a week.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of the arms.
        """
        if week < self.first:
            return
        seen: dict[int, Integers] = {}
        for name, state in arms.items():
            add = self._sums.setdefault(name, np.zeros((CELLS, self._slots), np.int64))
            add += state.totals.sum(axis=0)
            if self.paired and name != REFERENCE:
                if id(state) not in seen:
                    seen[id(state)] = self.backend.compare(arms[REFERENCE], state)
                pairs = self._pairs.setdefault(name, np.zeros((CELLS, len(self.backend.paired)), np.int64))
                pairs += seen[id(state)]

    def finish(self) -> None:
        """End a replicate."""
        for kept, found in ((self.sums, self._sums), (self.pairs, self._pairs)):
            for name, one in found.items():
                kept.setdefault(name, []).append(one)


@dataclass(frozen=True)
class Outcomes:
    """Sums of every arm from the start of the regime to the end of the run, and harms computed from them.

    Attributes
    ----------
    groups : tuple of str
        The groups that the scenario declares.
    declared, paired : tuple of Sum
        Declarations of the sums of an arm and of the paired ones.
    sums, pairs : dict of str to ndarray of int64, shape (replicates, cells, sums)
        Sums by arm; paired ones compare it with the reference, and are empty where no harm reads them.
    """

    groups: tuple[str, ...]
    declared: tuple[Sum, ...]
    paired: tuple[Sum, ...]
    sums: Mapping[str, Integers]
    pairs: Mapping[str, Integers]

    def figures(self, harm: type[Measure], arm: str, group: str = EVERYBODY) -> FloatArray:
        """A harm in one arm from all replicates together, from all but each, and from each alone.

        Parameters
        ----------
        harm : type of Measure
            The harm.
        arm : str
            Name of the arm; not the reference for a harm that exists only between arms.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        ndarray of float64, shape (2 * replicates + 1,)
            In the unit of the harm.
        """
        if not harm.is_between():
            return intervals.of_measure(harm, np.asarray(harm.value(self._resampled(arm, group)), float))
        if arm == REFERENCE:
            return np.zeros(2 * len(self.sums[REFERENCE]) + 1)
        pairs = self.pairs.get(arm)
        cells = cells_of(group, self.groups)
        compared = np.zeros((len(self.sums[arm]), 0), np.int64) if pairs is None else pairs[:, cells].sum(axis=1)
        both = self._resampled(REFERENCE, group), self._resampled(arm, group)
        found = np.asarray(harm.between(*both, Sums(intervals.resamples(compared), self.paired)), float)
        return intervals.of_measure(harm, found)

    def level(self, harm: type[Measure], arm: str, group: str = EVERYBODY) -> Estimate:
        """A harm in one arm.

        Parameters
        ----------
        harm : type of Measure
            The harm.
        arm : str
            Name of the arm.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        Estimate
            With its interval over replicates.
        """
        return intervals.level(self.figures(harm, arm, group), harm.scale, harm.kurtosis).estimate()

    def less(self, harm: type[Measure], arm: str, than: str = REGIME, group: str = EVERYBODY) -> Estimate:
        """How much less of a harm there is in one arm than in another: the difference of both figures.

        Parameters
        ----------
        harm : type of Measure
            The harm.
        arm : str
            The arm with less of it.
        than : str
            The arm with more of it, by default the regime without a remedy.
        group : str
            One of `groups.groupings`.

        Returns
        -------
        Estimate
            The difference with its interval from pairs of arms that share population and random numbers.
        """
        one, other = self.figures(harm, arm, group), self.figures(harm, than, group)
        ceilings = np.array(np.nan), np.array(np.nan)
        if not harm.is_between():
            ceilings = (
                harm.ceiling(self._resampled(arm, group))[0],
                harm.ceiling(self._resampled(than, group))[0],
            )
        return intervals.difference(one, other, ceilings, harm.scale, harm.kurtosis).estimate()

    def share(self, harm: type[Measure], arm: str) -> Estimate:
        """The share of what the regime adds of a harm that is averted in an arm.

        Parameters
        ----------
        harm : type of Measure
            The harm.
        arm : str
            The arm.

        Returns
        -------
        Estimate
            1 where the arm has no more of it than the reference; undefined where the regime adds nothing.
        """
        regime = self.figures(harm, REGIME)
        added = regime - self.figures(harm, REFERENCE)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(added > 0, (regime - self.figures(harm, arm)) / added, np.nan)
        return intervals.level(found, IDENTITY).estimate()

    def _resampled(self, arm: str, group: str) -> Sums:
        each = self.sums[arm][:, cells_of(group, self.groups)].sum(axis=1)
        groups = partial(self._resampled, arm) if group == EVERYBODY else None
        return Sums(intervals.resamples(each), self.declared, groups, self.groups)


def simulate(
    scenario: Scenario,
    treatments: Mapping[str, Treatment],
    *,
    paired: bool,
    threads: int | None = None,
    progress: OnProgress | None = None,
) -> tuple[Outcomes, CompiledBackend]:
    """Simulate a regime without remedies and with each treatment, all on the same random numbers.

    Parameters
    ----------
    scenario : Scenario
        The regime.
    treatments : mapping of str to Treatment
        What is tried, by the name of its arm.
    paired : bool
        Whether a harm compares citizens between arms, which takes longer.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    tuple of Outcomes and CompiledBackend
        The sums, and what they were computed with.

    Raises
    ------
    GlasshouseError
        Whatever a run raises.
    """
    dated, specs = arms_with(scenario, treatments)
    with engine.Experiment.open(dated, specs, threads=threads, progress=progress) as experiment:
        backend = experiment.backend
        observer = WindowObserver(backend, scenario.run.start, paired=paired)
        for number in range(scenario.run.replicates):
            experiment.replicate(number, (observer, experiment.reporter.observer(number)))
    sums, pairs = ({name: np.stack(one) for name, one in kept.items()} for kept in (observer.sums, observer.pairs))
    return Outcomes(scenario.society.groups, backend.layout.sums, backend.paired, sums, pairs), backend
