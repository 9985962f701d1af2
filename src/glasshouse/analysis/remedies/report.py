"""What each remedy averts from each month on, for whom, and what waiting costs: a report with tables."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.remedies.outcomes import Outcomes, simulate
from glasshouse.analysis.remedies.plan import RemedyPlan, arm, check
from glasshouse.analysis.remedies.smallest_set import SafeguardSet, smallest_sets
from glasshouse.engine import run as engine
from glasshouse.engine.progress import OnProgress
from glasshouse.model.measure import Measure
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY, groupings
from glasshouse.results.provenance import Provenance
from glasshouse.results.table import Table
from glasshouse.results.totals import REFERENCE, REGIME, YEAR
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import write_json

NOTICE = (
    "These remedies are simulated, on a synthetic population. The figures say what each would avert in this model, under "
    "the settings below. Which remedy is owed, and when, is for legislators, authorities and courts to say."
)


@dataclass(frozen=True)
class Averted:
    """What a remedy averts from a month on.

    Attributes
    ----------
    remedy : str
        The remedy.
    month : float
        Month of the regime in which it begins.
    harm, unit : str
        The harm and its unit.
    group : str
        For whom.
    without, averted : Estimate
        The harm without the remedy, and how much less of it there is with it, over the years of the regime.
    """

    remedy: str
    month: float
    harm: str
    unit: str
    group: str
    without: Estimate
    averted: Estimate


@dataclass(frozen=True)
class Delay:
    """What it costs to begin a remedy later.

    Attributes
    ----------
    remedy, harm, unit, group : str
        What is delayed, which harm it would have averted, and for whom.
    first, last : float
        The earlier and the later month.
    cost : Estimate
        Harm that is no longer averted, for each month of delay.
    """

    remedy: str
    harm: str
    unit: str
    group: str
    first: float
    last: float
    cost: Estimate


@dataclass(frozen=True)
class RemedyReport:
    """The whole report.

    Attributes
    ----------
    scenario : Scenario
        The regime.
    plan : RemedyPlan
        What was asked.
    averted : tuple of Averted
        For every remedy, month, harm and group.
    delays : tuple of Delay
        For every remedy, harm, group and two neighbouring months.
    added : dict of str to Estimate
        What the regime adds of each harm.
    sets : tuple of SafeguardSet
        Sets of safeguards that were tried, the smallest first; empty if none was asked for.
    provenance : Provenance
        Code, seed and machine of the run.
    """

    scenario: Scenario
    plan: RemedyPlan
    averted: tuple[Averted, ...]
    delays: tuple[Delay, ...]
    added: Mapping[str, Estimate]
    sets: tuple[SafeguardSet, ...]
    provenance: Provenance

    @property
    def years(self) -> float:
        """Years over which harms are counted, from the start of the regime to the end of the run."""
        return (self.scenario.run.weeks - self.scenario.run.start) / YEAR

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables `averted`, `delays` and `sets`, with a row for each entry."""
        return tuple(_table(name, entries) for name, entries in self._entries.items())

    @property
    def _entries(self) -> dict[str, Sequence[Any]]:
        return {"averted": self.averted, "delays": self.delays, "sets": self.sets}

    def table(self, name: str) -> Table:
        """One table by its name.

        Parameters
        ----------
        name : str
            `averted`, `delays` or `sets`.

        Returns
        -------
        Table
            The table.

        Raises
        ------
        KeyError
            If there is no such table.
        """
        return {table.name: table for table in self.tables}[name]

    def facts(self) -> dict[str, Any]:
        """The whole report as plain values for JSON, which knows no NaN.

        Returns
        -------
        dict
            The notice, the question, the tables and the provenance; None stands for NaN.
        """
        return {
            "notice": NOTICE,
            "scenario": {"title": self.scenario.title, "about": self.scenario.about},
            "remedies": {one.name: one.kind.title for one in self.plan.remedies},
            "months": list(self.plan.months),
            "years": self.years,
            "harms": {
                one.name: {"title": one.title, "unit": one.unit, "formula": one.formula} for one in self.plan.harms
            },
            "added": {name: _finite(_parts("added", one)) for name, one in self.added.items()},
            **{name: [_finite(_row(one)) for one in entries] for name, entries in self._entries.items()},
            "provenance": self.provenance.facts(),
        }

    def save(self, folder: Path) -> None:
        """Write the tables as Parquet and the whole report as JSON.

        Parameters
        ----------
        folder : Path
            Where to write.

        Raises
        ------
        StoringError
            If a file cannot be written.
        """
        for table in self.tables:
            if len(table):
                table.write(folder / f"{table.name}.parquet")
        write_json(folder / "remedy.json", self.facts(), "the report of remedies")


def remedies(
    scenario: Scenario, plan: RemedyPlan, *, threads: int | None = None, progress: OnProgress | None = None
) -> RemedyReport:
    """Run a regime without remedies and with each in each month, and compare the harm.

    Parameters
    ----------
    scenario : Scenario
        The regime.
    plan : RemedyPlan
        What is asked.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    RemedyReport
        What is averted, by group, and what delay costs.

    Raises
    ------
    RunningError
        If a month is not one of the regime, or the scenario lacks what a remedy changes; and whatever a run raises.
    """
    check(scenario, plan)
    begun = time.perf_counter()
    paired = any(one.is_between() for one in plan.harms)
    sets = () if plan.sets is None else smallest_sets(scenario, plan.sets, threads=threads, progress=progress)
    found, backend = simulate(scenario, plan.treatments(scenario), paired=paired, threads=threads, progress=progress)
    return RemedyReport(
        scenario,
        plan,
        tuple(_averted(found, plan)),
        tuple(_delays(found, plan)),
        {one.name: found.less(one, REFERENCE) for one in plan.harms},
        sets,
        engine.provenance_of(scenario, backend, begun),
    )


def _groups(found: Outcomes, one: type[Measure]) -> tuple[str, ...]:
    return groupings(found.groups) if one.by_group else (EVERYBODY,)


def _averted(found: Outcomes, plan: RemedyPlan) -> Iterator[Averted]:
    for one in plan.harms:
        for group in _groups(found, one):
            without = found.level(one, REGIME, group)
            for what in plan.remedies:
                for month in plan.months:
                    less = found.less(one, arm(what, month), group=group)
                    yield Averted(what.name, month, one.name, one.unit, group, without, less)


def _delays(found: Outcomes, plan: RemedyPlan) -> Iterator[Delay]:
    for one in plan.harms:
        for group in _groups(found, one):
            for what in plan.remedies:
                for first, last in pairwise(plan.months):
                    lost = found.less(one, arm(what, first), than=arm(what, last), group=group)
                    cost = lost.scaled(1.0 / (last - first))
                    yield Delay(what.name, one.name, one.unit, group, first, last, cost)


def _row(entry: Any) -> dict[str, Any]:
    """An entry as a flat row: an estimate is three numbers."""
    row: dict[str, Any] = {}
    for one in fields(entry):
        value = getattr(entry, one.name)
        value = " + ".join(value) if isinstance(value, tuple) else value
        row |= _parts(one.name, value) if isinstance(value, Estimate) else {one.name: value}
    return row


def _parts(name: str, value: Estimate) -> dict[str, float]:
    return {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}


def _table(name: str, entries: Sequence[Any]) -> Table:
    rows = [_row(one) for one in entries]
    return Table(name, {key: np.array([row[key] for row in rows]) for key in (rows[0] if rows else {})})
