"""The result of a run: sums and measures of both arms by name, effects with intervals, and tables of all of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Measure, Sums
from glasshouse.model.measures import CATALOGUE
from glasshouse.results import did, estimate, key_figures, result_tables
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY, cells_of
from glasshouse.results.life_selection import Lives
from glasshouse.results.output_folder import MARK
from glasshouse.results.provenance import Provenance
from glasshouse.results.table import Table
from glasshouse.results.totals import ARMS, YEAR, WeeklyTotals
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.toml_text import to_toml
from glasshouse.storage import write_atomic


@dataclass(frozen=True)
class Result:
    """The sums of all replicates of a run, and what is computed from them.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    sums, paired : tuple of Sum
        Declarations of the sums of each arm and of the paired sums.
    ledgers : tuple of WeeklyTotals
        The sums of each replicate.
    provenance : Provenance
        Scenario, seed, code, versions and machine of the run.
    catalogue : tuple of type of Measure
        The measures of its tables.
    lives : Lives or None
        Life courses of exemplary citizens of the first replicate, which no file holds; None where that replicate was
        resumed from a checkpoint.
    span : tuple of int or None
        First week, and the week before which it ends, of the window that measures are taken over; see `within`.
    """

    scenario: Scenario
    sums: tuple[Sum, ...]
    paired: tuple[Sum, ...]
    ledgers: tuple[WeeklyTotals, ...]
    provenance: Provenance
    catalogue: tuple[type[Measure], ...] = CATALOGUE
    lives: Lives | None = None
    span: tuple[int, int] | None = None

    @property
    def window(self) -> slice:
        """Weeks that measures are taken over: `span`, else from the start of the regime to the end of the run.

        All weeks if the regime never starts.
        """
        if self.span is not None:
            return slice(*self.span)
        start, weeks = self.scenario.run.start, self.scenario.run.weeks
        return slice(start if start < weeks else 0, weeks)

    def within(self, first: int, last: int) -> "Result":
        """The same result with measures taken over another window.

        Parameters
        ----------
        first, last : int
            First week of the window, and the week before which it ends, counted from the start of the run.

        Returns
        -------
        Result
            With the window changed.

        Raises
        ------
        AnalysisError
            For weeks that the run does not have.
        """
        if not 0 <= first < last <= self.scenario.run.weeks:
            raise AnalysisError(
                f"The run has weeks 0 to {self.scenario.run.weeks} and so no window from {first} to {last}. Give a first "
                "week and, after it, the week before which the window ends."
            )
        return replace(self, span=(first, last))

    def measure(self, name: str) -> type[Measure]:
        """The measure of a name.

        Parameters
        ----------
        name : str
            Name of a measure of the catalogue, such as `chilling`.

        Returns
        -------
        type of Measure
            The measure.

        Raises
        ------
        AnalysisError
            If there is no such measure.
        """
        for measure in self.catalogue:
            if measure.name == name:
                return measure
        raise AnalysisError(f"{name}: no such measure. Choose one of {', '.join(one.name for one in self.catalogue)}.")

    def values(self, measure: type[Measure] | str, arm: str, group: str = EVERYBODY) -> NDArray[np.float64]:
        """A measure of one arm over the reporting window.

        Parameters
        ----------
        measure : type of Measure or str
            The measure or its name.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.GROUPINGS`; measures over districts have one value for all groups.

        Returns
        -------
        ndarray of float64, shape (replicates,)
            In the unit of the measure; NaN where it is undefined.

        Examples
        --------
        >>> result.values("chilling", arm="regime")  # doctest: +SKIP
        """
        wanted = self.measure(measure) if isinstance(measure, str) else measure
        replicates = range(len(self.ledgers))
        if wanted.by_district:
            return np.array([float(wanted.value(self.by_district(r, arm))) for r in replicates])
        if wanted.by_week:
            return np.array([float(wanted.value(self.in_window(r, arm, group))) for r in replicates])
        return np.array([float(wanted.value(self.total([r], arm, group))) for r in replicates])

    def effect(self, measure: type[Measure] | str, group: str = EVERYBODY) -> Estimate:
        """Effect of the regime on a measure: the paired difference, or a ratio between arms of pooled sums.

        Parameters
        ----------
        measure : type of Measure or str
            The measure or its name.
        group : str
            One of `groups.GROUPINGS`.

        Returns
        -------
        Estimate
            Mean over replicates with its 95 % interval, in the unit of the measure.
        """
        wanted = self.measure(measure) if isinstance(measure, str) else measure
        if not wanted.is_between():
            reference, regime = (self.values(wanted, arm, group) for arm in ARMS)
            return estimate.from_replicates(regime - reference)

        def between(replicates: Sequence[int]) -> float:
            reference, regime = (self.total(replicates, arm, group) for arm in ARMS)
            return float(wanted.between(reference, regime, self.pair(replicates, group)))

        return estimate.pooled(between, len(self.ledgers))

    def weekly_sums(self, replicate: int, arm: str, group: str = EVERYBODY) -> Sums:
        """Sums of every week of the run.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm : str
            `reference` or `regime`.
        group : str
            One of `groups.GROUPINGS`.

        Returns
        -------
        Sums
            One entry a week, in the sums' own units.
        """
        return Sums(self.ledgers[replicate].arm(arm).weekly[:, cells_of(group)].sum(axis=1), self.sums)

    def in_window(self, replicate: int, arm: str, group: str = EVERYBODY) -> Sums:
        """Sums of every week of the reporting window; see `weekly_sums`.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm, group : str
            The arm and the group.

        Returns
        -------
        Sums
            One entry a week.
        """
        weekly = self.ledgers[replicate].arm(arm).weekly
        return Sums(weekly[self.window][:, cells_of(group)].sum(axis=1), self.sums)

    def total(self, replicates: Sequence[int], arm: str, group: str = EVERYBODY) -> Sums:
        """Sums over the reporting window and some replicates.

        Parameters
        ----------
        replicates : sequence of int
            Numbers of the replicates.
        arm, group : str
            The arm and the group.

        Returns
        -------
        Sums
            One value each.
        """
        cells = np.ix_(replicates, [ARMS.index(arm)], cells_of(group))
        return Sums(self._in_window[0][cells].sum(axis=(0, 1, 2)), self.sums)

    def pair(self, replicates: Sequence[int], group: str = EVERYBODY) -> Sums:
        """Paired sums over the reporting window and some replicates.

        Parameters
        ----------
        replicates : sequence of int
            Numbers of the replicates.
        group : str
            The group.

        Returns
        -------
        Sums
            One value each.
        """
        return Sums(self._in_window[1][np.ix_(replicates, cells_of(group))].sum(axis=(0, 1)), self.paired)

    @cached_property
    def _in_window(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sums over the reporting window: (replicates, arms, cells, sums) and (replicates, cells, paired sums).

        Every measure, group and jackknife step asks for them, and adding up the weeks each time takes minutes.
        """
        weekly = [totals.weekly[:, self.window].sum(axis=1) for totals in self.ledgers]
        return np.stack(weekly), np.stack([totals.pairs[self.window].sum(axis=0) for totals in self.ledgers])

    def by_district(self, replicate: int, arm: str) -> Sums:
        """Sums over the whole years of the reporting window, or over all years where it holds no whole year.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        arm : str
            The arm.

        Returns
        -------
        Sums
            One entry a district.
        """
        years = self.ledgers[replicate].arm(arm).yearly
        first = -(-self.window.start // YEAR)
        return Sums(years[first if first < len(years) else 0 :].sum(axis=0), self.sums)

    def joined(self, replicate: int) -> NDArray[np.int64]:
        """The week in which each district comes under the regime.

        Parameters
        ----------
        replicate : int
            Number of the replicate.

        Returns
        -------
        ndarray of int64, shape (districts,)
            Never, if it is the end of the run or later.
        """
        run = self.scenario.run
        return adoption_weeks(run, replicate_seed(run, replicate), self.ledgers[replicate].periods.shape[2])

    def did(self, measure: str) -> did.Study:
        """What difference-in-differences studies of the roll-out find of a measure.

        Parameters
        ----------
        measure : str
            Name of a measure that has a value by district.

        Returns
        -------
        Study
            See `did.study_of`, also for errors.
        """
        return did.study_of(self, measure)

    weekly = cached_property(result_tables.weekly)
    over_time = cached_property(result_tables.over_time)
    districts = cached_property(result_tables.districts)
    measures = cached_property(result_tables.measures)
    effects = cached_property(result_tables.effects)
    burdens = cached_property(result_tables.burdens)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, as `save` writes them."""
        return (self.measures, self.effects, self.burdens, self.over_time, self.weekly, self.districts)

    @property
    def headline(self) -> str:
        """The result in one sentence, with intervals."""
        return key_figures.sentence(self.effect, self.values)

    def save(self, folder: Path) -> None:
        """Write the tables as Parquet, provenance as JSON and the complete scenario as TOML.

        Parameters
        ----------
        folder : Path
            Where to write; created if it does not exist.

        Raises
        ------
        StoringError
            If a file cannot be written.
        """
        for table in self.tables:
            table.write(folder / f"{table.name}.parquet")
        provenance = json.dumps(self.provenance.facts(), indent=2, ensure_ascii=False) + "\n"
        texts = ((MARK, to_toml(self.scenario), "the scenario"), ("provenance.json", provenance, "the provenance"))
        for name, text, what in texts:
            write_atomic(folder / name, text, what)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(measure.title)}</td><td>{self.effect(measure)}</td><td>{measure.unit}</td></tr>"
            for measure in self.catalogue
        )
        return (
            f"<p><strong>{escape(self.scenario.title)}</strong></p><p>{escape(self.headline)}</p>"
            f"<table><tr><th>What the regime changes</th><th>Effect (95 % interval)</th><th>Unit</th></tr>{rows}</table>"
        )
