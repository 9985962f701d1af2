"""Two scenarios or two studies with common random numbers: what differs, and what common random numbers were worth.

A comparison of two regimes with independent random numbers has the Monte Carlo noise of both; runs that share their random
numbers differ by their settings, and most of the noise cancels. The variance reduction is the ratio of two variances: of
the difference with independent random numbers (the sum of both variances) and of the difference as it is (common random
numbers; Law 2015, Simulation Modeling and Analysis, section 11.2). A 14-fold reduction says that without pairing 14 times
as many runs would have been needed for the same interval. The same is reported for the two arms within a run.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.analysis.attribution import weighed
from glasshouse.analysis.sharing import check_sharing, other_groups
from glasshouse.engine import run as engine
from glasshouse.engine.progress import OnProgress, run_of_series
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray, Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate
from glasshouse.results.result import Result
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import Scenario
from glasshouse.study.findings import Findings

SAMPLES = ("random", "latin-hypercube", "sobol")
"""Designs whose points stand each for a part of the space."""

MOST_NAMED = 6
"""Settings of the reference arms that a sentence names."""


@dataclass(frozen=True)
class MeasureComparison:
    """One measure in both: what the regime changes in the first, in the second, and the second less the first.

    `saved` is how many times the runs pairing was worth, `arms` the same for the two arms within a run of the first
    and of the second; NaN where it cannot be told, infinite where paired runs do not differ at all.
    """

    measure: str
    title: str
    unit: str
    first: Estimate
    second: Estimate
    difference: Estimate
    saved: Estimate
    arms: tuple[Estimate, Estimate]

    @property
    def sentence(self) -> str:
        """The difference and what pairing was worth, in a sentence."""
        if not self.known:
            return f"{self.title}: undefined in one of the two at some replicate of every point."
        within = " and ".join(one.text(1.0, "") for one in self.arms if np.isfinite(one.mean))
        reduction = (
            f" Common random numbers in both arms of a run reduced the variance {within}-fold." if within else ""
        )
        return f"{self.title}: {self._change}. {worth(self.saved)}{reduction}"

    @property
    def line(self) -> str:
        """The same in a line of a list: difference, unit, and how many times the runs pairing was worth."""
        times = f"   pairing × {self.saved.text(1.0, '')}" if np.isfinite(self.saved.mean) else ""
        return f"{self._change}{times}"

    @property
    def _change(self) -> str:
        return f"{self.difference} {self.unit}" if self.moved else "no change"

    @property
    def moved(self) -> bool:
        """Whether the measure differs in any run."""
        once = self.difference.mean == 0.0 and self.difference.replicates == 1
        return not (self.difference.is_zero or once)

    @property
    def known(self) -> bool:
        """Whether the measure is defined in both."""
        return bool(np.isfinite(self.difference.mean))


@dataclass(frozen=True)
class Comparison:
    """Two scenarios or studies side by side, over the `points` and `replicates` that they share.

    `reference_settings` names the settings in which their reference arms differ: effects are then differences from two
    references, not from one.
    """

    first: str
    second: str
    points: int
    replicates: int
    rows: tuple[MeasureComparison, ...]
    reference_settings: tuple[str, ...] = ()

    def as_table(self) -> Table:
        """Tabulate the comparison.

        Returns
        -------
        Table
            A row for each measure: the effect in both and the difference, each with its interval, and the variance
            reductions of common random numbers.
        """
        columns: dict[str, NDArray[Any]] = {"measure": np.array([row.measure for row in self.rows])}
        for name in ("first", "second", "difference", "saved"):
            columns |= _ends(name, [getattr(row, name) for row in self.rows])
        for place, name in enumerate(("arms_first", "arms_second")):
            columns |= _ends(name, [row.arms[place] for row in self.rows])
        return Table("comparison", {**columns, "unit": np.array([row.unit for row in self.rows])})

    def chosen(self, measures: Sequence[str]) -> tuple[MeasureComparison, ...]:
        """Select the rows of some measures.

        Parameters
        ----------
        measures : sequence of str
            Names of measures; every row is selected if it is empty.

        Returns
        -------
        tuple of MeasureComparison
            The rows, in the order of the comparison.

        Raises
        ------
        AnalysisError
            For a measure that is not in both.
        """
        names = [row.measure for row in self.rows]
        if strange := [name for name in measures if name not in names]:
            raise AnalysisError(f"{strange[0]} is not in both. Both have: {', '.join(names)}.")
        return tuple(row for row in self.rows if not measures or row.measure in measures)

    @property
    def sentence(self) -> str:
        """What was compared, whether its reference arms differ, and what pairing was worth over all measures, in words."""
        known = [row.saved.mean for row in self.rows if np.isfinite(row.saved.mean)]
        points, at_each = (f"{self.points:,} points, ", " at each") if self.points > 1 else ("", "")
        counts = (
            f"{self.second} less {self.first}: {points}{self.replicates:,} runs with different random seeds{at_each}."
        )
        if self.reference_settings:
            counts += f" {self._references}"
        if not known:
            return f"{counts} What pairing was worth cannot be told."
        middle = f"{float(np.median(known)):.2g}"
        return f"{counts} Pairing was worth {middle} times the runs for the middle one of {len(known)} measures."

    @property
    def _references(self) -> str:
        names, others = self.reference_settings[:MOST_NAMED], len(self.reference_settings) - MOST_NAMED
        more = f" and {others} more" if others > 0 else ""
        return (
            f"Their reference arms differ in {', '.join(names)}{more}, so that a difference between the two may come from "
            "the references."
        )


def worth(saved: Estimate) -> str:
    """Say what pairing was worth.

    Parameters
    ----------
    saved : Estimate
        The variance reduction: how many times as many runs would have been needed without pairing. NaN if unknown.

    Returns
    -------
    str
        A sentence.
    """
    if np.isnan(saved.mean):
        return "What pairing was worth cannot be told: it takes replicates that differ."
    if np.isinf(saved.mean):
        return "With common random numbers the difference has no Monte Carlo noise at all."
    return f"Pairing was worth {saved.text(1.0, '')} times the runs."


def of_studies(first: Findings, second: Findings) -> Comparison:
    """Compare two studies over the runs that share the settings of their point and their random seed.

    A point's figure is the ratio of sums over the replicates that both studies have, as that of a run is; the figures
    compared are means over points. Intervals are Student's t of what each replicate contributes by the jackknife
    (`Findings.contributions`); points at which this is unknown are left out. They reflect Monte Carlo noise, and
    uncertainty about settings too where the points are a sample of the space (`SAMPLES`); those of other designs are for
    their own points.

    Parameters
    ----------
    first : Findings
        The figures of the study to compare with.
    second : Findings
        The figures of the study that is compared.

    Returns
    -------
    Comparison
        The measures that both kept, the second study less the first.

    Raises
    ------
    AnalysisError
        If the studies have no such runs, or if their populations are not the same.
    """
    _same_people(first, second)
    places = _shared(first, second)
    shared = bool(first.definition["paired"])
    sampled = first.definition["design"]["kind"] in SAMPLES
    names = [name for name in first.measures if name in second.measures]
    if not names:
        raise AnalysisError(
            f"{first.name} and {second.name} kept no measure in common. Run both with the same measures."
        )
    chosen = (first.selected(places[0]), second.selected(places[1]))
    rows = tuple(_over_points(name, *chosen, shared=shared, sampled=sampled) for name in names)
    points, replicates = places[0].shape
    texts = [tomllib.loads(each.definition["scenario"]).get("reference", {}) for each in (first, second)]
    return Comparison(first.name, second.name, points, replicates, rows, _differing(*map(_by_key, texts)))


def _over_points(name: str, first: Findings, second: Findings, *, shared: bool, sampled: bool) -> MeasureComparison:
    """A measure in two studies of the same points and replicates."""
    both = [(each.contributions(name), each.means(name), each.outputs(name)) for each in (first, second)]
    both.append(tuple(after - before for before, after in zip(*both, strict=True)))
    one, other, difference = (
        _reported(estimate.crossed(parts, shared=shared, sampled=sampled), parts, means, values, name)
        for parts, means, values in both
    )
    saved = estimate.variance_reduction(both[0][0], both[1][0], shared=shared)
    arms = (first.pairing(name), second.pairing(name))
    return MeasureComparison(name, *_words(name), one, other, difference, saved, arms)


def _reported(found: Estimate, parts: FloatArray, means: FloatArray, values: FloatArray, name: str) -> Estimate:
    """An estimate with the number of replicates that it rests on; without an interval where the measure allows none."""
    taken = np.isfinite(parts).all(axis=1)
    if not taken.any() and np.isfinite(means).any():
        taken, reason = np.isfinite(means), "no interval, for too few replicates have a value"
        found = Estimate(float(means[taken].mean()), np.nan, np.nan, 0, reason=reason)
    found = replace(found, replicates=int(np.isfinite(values[taken]).sum()), total=values.size)
    without = next((measure.no_interval for measure in CATALOGUE if measure.name == name), "")
    if not without or np.isnan(found.low) or found.is_zero:
        return found
    return replace(found, low=np.nan, high=np.nan, reason=f"no interval, for {without}")


def of_scenarios(
    first: Scenario, second: Scenario, *, threads: int | None = None, progress: OnProgress | None = None
) -> Comparison:
    """Run two scenarios with common random numbers and compare them.

    Parameters
    ----------
    first : Scenario
        The scenario to compare with.
    second : Scenario
        The scenario that is compared.
    threads : int, optional
        Threads of each run; every available processor if not given.
    progress : callable, optional
        Is given a `SeriesProgress` now and then.

    Returns
    -------
    Comparison
        The measures that both have, the second scenario less the first.

    Raises
    ------
    ScenarioError
        If the scenarios differ in [run] or [society], so that they cannot share random numbers, or declare different groups.
    """
    check_sharing(first, second)
    results = []
    for number, scenario in enumerate((first, second)):
        results.append(engine.run(scenario, threads=threads, progress=run_of_series(progress, number, 2)))
    measures = [measure for measure in results[0].catalogue if measure in results[1].catalogue]
    rows = tuple(_of_results(measure, *results) for measure in measures)
    tables = [{one.name: vars(one) for one in each.reference} for each in (first, second)]
    return Comparison(first.name, second.name, 1, first.run.replicates, rows, _differing(*map(_by_key, tables)))


def _by_key(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The settings of some tables by table and key."""
    return {f"{table}.{key}": value for table, settings in tables.items() for key, value in settings.items()}


def _differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, ...]:
    """The settings that two reference arms do not have alike."""
    return tuple(key for key in {**first, **second} if first.get(key) != second.get(key))


def _of_results(measure: type[Measure], first: Result, second: Result) -> MeasureComparison:
    parts = [_by_replicate(measure, result) for result in (first, second)]
    effects = [part[1] - part[0] for part in parts]
    difference = weighed(measure, [(1.0, second), (-1.0, first)])
    alone = (first.effect(measure), second.effect(measure))
    saved = estimate.variance_reduction(effects[0][None, :], effects[1][None, :], shared=True)
    within = [_reduction(measure, part) for part in parts]
    labels = (measure.name, measure.title, measure.unit)
    return MeasureComparison(*labels, alone[0], alone[1], difference, saved, (within[0], within[1]))


def _by_replicate(measure: type[Measure], result: Result) -> tuple[FloatArray, FloatArray]:
    """The measure in both arms by replicate; one between arms as a change from zero."""
    if not measure.is_between():
        return result.values(measure, "reference"), result.values(measure, "regime")
    found = result.effect_figures(measure)[1 + len(result.weekly_totals) :]
    return np.zeros(len(found)), found


def _reduction(measure: type[Measure], levels: tuple[FloatArray, FloatArray]) -> Estimate:
    if measure.is_between():
        return estimate.from_replicates(np.array([np.nan]))
    return estimate.variance_reduction(levels[0][None, :], levels[1][None, :], shared=True)


def _same_people(first: Findings, second: Findings) -> None:
    """AnalysisError where equal seeds do not mean the same population."""
    one, other = (tomllib.loads(each.definition["scenario"]) for each in (first, second))
    declared = one["society"].get("groups"), other["society"].get("groups")
    if declared[0] != declared[1]:
        raise AnalysisError(other_groups(first.name, second.name, *declared))
    for table, keys in (("society", set(one["society"]) | set(other["society"])), ("run", {"weeks"})):
        for key in sorted(keys):
            if one[table].get(key) != other[table].get(key):
                raise AnalysisError(
                    f"{first.name} and {second.name} differ in {table}.{key} ({one[table].get(key)} and "
                    f"{other[table].get(key)}), so that the same seed does not "
                    f"give the same random numbers. Run both with the same."
                )


def _shared(first: Findings, second: Findings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the figures (points, replicates) of both that share settings and seed; AnalysisError if none do."""
    one, other = _rows(first), _rows(second)
    common = [(rows, other[point]) for point, rows in one.items() if point in other]
    seeds = [sorted(rows.keys() & others.keys()) for rows, others in common]
    most = max(map(len, seeds), default=0)
    if not most:
        raise AnalysisError(
            f"{first.name} and {second.name} have no finished run in common: same settings of a point, same seed. Give both "
            "studies the same factors, design, runs, replicates and seed."
        )
    complete = [(pair, which) for pair, which in zip(common, seeds, strict=True) if len(which) == most]
    return (
        np.array([[pair[0][seed] for seed in which] for pair, which in complete]),
        np.array([[pair[1][seed] for seed in which] for pair, which in complete]),
    )


def _rows(findings: Findings) -> dict[str, dict[int, int]]:
    """For each point by its settings, the row of its figures by seed."""
    seeds = {run.number: run.seed for run in findings.entries}
    found: dict[str, dict[int, int]] = {}
    columns = findings.figures.columns
    for row, (run, point) in enumerate(zip(columns["run"], columns.get("point", ()), strict=False)):
        settings = json.dumps(findings.parameters[int(point)], sort_keys=True)
        found.setdefault(settings, {})[seeds[int(run)]] = row
    return found


def _words(name: str) -> tuple[str, str]:
    """Title and unit of a measure; a plug-in's that is not here goes by its name."""
    return next(((measure.title, measure.unit) for measure in CATALOGUE if measure.name == name), (name, ""))


def _ends(name: str, found: Sequence[Estimate]) -> dict[str, NDArray[Any]]:
    return {
        name: np.array([one.mean for one in found]),
        f"{name}_low": np.array([one.low for one in found]),
        f"{name}_high": np.array([one.high for one in found]),
    }
