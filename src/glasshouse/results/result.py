"""What a run found, as tables that open in the tools that social scientists use.

A `Result` holds the ledgers of all replicates. Its tables are made from them on demand: `weekly` (sums by replicate,
world, week and group), `over_time` (measures by week), `districts` (by year), `measures` and `effects` (with 95 %
intervals over replicates).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.results import group_ratios, estimate, did as event_study, key_figures
from glasshouse.errors import AnalysisError, StoringError
from glasshouse.results.output_folder import MARK
from glasshouse.results.totals import ARMS, YEAR, WeeklyTotals
from glasshouse.model.measure import Measure, Sums
from glasshouse.model.measures import CATALOGUE
from glasshouse.results.provenance import Provenance
from glasshouse.scenario.run_settings import adoption_weeks, replicate_seed
from glasshouse.scenario.scenario import Scenario, to_toml
from glasshouse.model.declarations import Sum
from glasshouse.model.entities import CELLS, GROUPS
from glasshouse.results.table import Table
from glasshouse.results.life_selection import Lives

EVERYBODY = "everybody"
GROUPINGS = (EVERYBODY, *(name for group in GROUPS for name in (group, f"not {group}")))
"""Every set of citizens that results are told for."""


def cells_of(group: str) -> list[int]:
    """The group cells that make up a group: of GROUPS, «not » and one of them, or everybody."""
    if group == EVERYBODY:
        return list(range(CELLS))
    bit = GROUPS[group.removeprefix("not ")]
    wanted = 0 if group.startswith("not ") else bit
    return [cell for cell in range(CELLS) if cell & bit == wanted]


@dataclass(frozen=True)
class Result:
    """Scenario, declared sums, one ledger a replicate, the provenance record and the measures asked of a run; telling lives.

    `lives` are of the first replicate and in no file; None where that replicate went on from a checkpoint.
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
        """The weeks that measures are taken over: from the start of the regime to the end, or all if it never starts.

        Of a result `within` a span, that span.
        """
        if self.span is not None:
            return slice(*self.span)
        start, weeks = self.scenario.run.start, self.scenario.run.weeks
        return slice(start if start < weeks else 0, weeks)

    def within(self, first: int, last: int) -> "Result":
        """The same result with measures taken over the weeks from `first` to before `last`, numbered from the run's start.

        AnalysisError for weeks that the run does not have.
        """
        if not 0 <= first < last <= self.scenario.run.weeks:
            raise AnalysisError(
                f"The run has weeks 0 to {self.scenario.run.weeks} and so no window from {first} to {last}. Give a first "
                "week and, after it, the week before which the window ends."
            )
        return replace(self, span=(first, last))

    def world(self, replicate: int, world: int, group: str = EVERYBODY) -> Sums:
        """Weekly sums (weeks) of one replicate, world and group."""
        return Sums(self.ledgers[replicate].weekly[world][:, cells_of(group)].sum(axis=1), self.sums)

    def in_window(self, replicate: int, world: int, group: str = EVERYBODY) -> Sums:
        """Weekly sums (weeks) of the reporting window of one replicate, world and group."""
        return Sums(self.ledgers[replicate].weekly[world][self.window][:, cells_of(group)].sum(axis=1), self.sums)

    def total(self, replicates: Sequence[int], world: int, group: str = EVERYBODY) -> Sums:
        """Sums over the reporting window and the replicates named of one world and group."""
        return Sums(self._in_window[0][np.ix_(replicates, [world], cells_of(group))].sum(axis=(0, 1, 2)), self.sums)

    def pair(self, replicates: Sequence[int], group: str = EVERYBODY) -> Sums:
        """Paired sums over the reporting window and the replicates named of one group."""
        return Sums(self._in_window[1][np.ix_(replicates, cells_of(group))].sum(axis=(0, 1)), self.paired)

    @cached_property
    def _in_window(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sums over the reporting window: (replicates, worlds, cells, sums) and (replicates, cells, paired sums).

        Every measure, group and jackknife step asks for them, and adding the weeks up each time takes minutes.
        """
        weekly = [ledger.weekly[:, self.window].sum(axis=1) for ledger in self.ledgers]
        return np.stack(weekly), np.stack([ledger.pairs[self.window].sum(axis=0) for ledger in self.ledgers])

    def by_district(self, replicate: int, world: int) -> Sums:
        """Sums (districts) of one replicate and world over the years that lie in the reporting window.

        Where no whole year does, over all years.
        """
        years = self.ledgers[replicate].yearly[world]
        first = -(-self.window.start // YEAR)
        return Sums(years[first if first < len(years) else 0 :].sum(axis=0), self.sums)

    def values(self, measure: type[Measure], world: int, group: str = EVERYBODY) -> np.ndarray[Any, Any]:
        """A measure of one world, for each replicate."""
        replicates = range(len(self.ledgers))
        if measure.by_district:
            return np.array([float(measure.value(self.by_district(r, world))) for r in replicates])
        if measure.by_week:
            return np.array([float(measure.value(self.in_window(r, world, group))) for r in replicates])
        return np.array([float(measure.value(self.total([r], world, group))) for r in replicates])

    def effect(self, measure: type[Measure], group: str = EVERYBODY) -> estimate.Estimate:
        """What the regime changes in a measure: the paired difference, or a ratio between the worlds of pooled sums."""
        if not measure.is_between():
            return estimate.from_replicates(self.values(measure, 1, group) - self.values(measure, 0, group))

        def between(replicates: Sequence[int]) -> float:
            reference, regime = (self.total(replicates, world, group) for world in (0, 1))
            return float(measure.between(reference, regime, self.pair(replicates, group)))

        return estimate.pooled(between, len(self.ledgers))

    def joined(self, replicate: int) -> NDArray[np.int64]:
        """The week in which each district joins the regime; at or after the end of the run, it never does."""
        run = self.scenario.run
        return adoption_weeks(run, replicate_seed(run, replicate), self.ledgers[replicate].periods.shape[2])

    def panel(self, measure: str, replicate: int) -> event_study.Panel:
        """A measure by world, period and district; AnalysisError for a name that has no value in a district.

        A period cut short by the end of the run is left out.
        """
        wanted = {found.name: found for found in CATALOGUE if found.by_group and not found.is_between()}
        if measure not in wanted:
            raise AnalysisError(f"{measure} has no value by district and period. Choose of: {', '.join(wanted)}.")
        ledger = self.ledgers[replicate]
        sums = Sums(ledger.periods[:, : self.scenario.run.weeks // ledger.period_weeks], self.sums)
        return event_study.Panel(wanted[measure].value(sums), self.joined(replicate), ledger.period_weeks)

    def did(self, measure: str) -> event_study.Study:
        """What studies of the regime world's roll-out would find of a measure, beside the truth.

        Difference-in-differences and event study for each replicate (needs the extra `analysis`). AnalysisError if it
        is missing, the measure has no value by district or the roll-out allows no study.
        """
        if self.scenario.run.rollout == 0 or self.scenario.run.start >= self.scenario.run.weeks:
            raise AnalysisError(
                "All districts join the regime at once, or none does: there is nothing to compare. Run with a roll-out, "
                "for instance run.rollout=208."
            )
        unit = next((found.unit for found in CATALOGUE if found.name == measure), "")
        panels = tuple(self.panel(measure, replicate) for replicate in range(len(self.ledgers)))
        return event_study.study(measure, unit, panels)

    @cached_property
    def weekly(self) -> Table:
        """Sums in their own units: one row for each replicate, world, week and group."""
        columns: dict[str, list[Any]] = {"replicate": [], "world": [], "week": [], "group": []}
        parts: dict[str, list[Any]] = {total.name: [] for total in self.sums}
        weeks = self.scenario.run.weeks
        for replicate in range(len(self.ledgers)):
            for place, world in enumerate(ARMS):
                for group in GROUPINGS:
                    sums = self.world(replicate, place, group)
                    columns["replicate"].append(np.full(weeks, replicate))
                    columns["world"].append(np.full(weeks, world))
                    columns["week"].append(np.arange(weeks))
                    columns["group"].append(np.full(weeks, group))
                    for name, part in parts.items():
                        part.append(getattr(sums, name))
        joined = {name: np.concatenate(part) for name, part in {**columns, **parts}.items()}
        return Table("weekly", joined)

    @cached_property
    def over_time(self) -> Table:
        """Every measure by week: one row for each replicate, world or difference, week and group.

        Not a number where a measure is not defined: between worlds alone, not for a group, or nothing to divide by.
        Measures over districts or over the course of time are left out: they give one figure a run.
        """
        measures = [measure for measure in self.catalogue if not measure.by_district and not measure.by_week]
        weeks = self.scenario.run.weeks
        rows: dict[str, list[Any]] = {name: [] for name in ("replicate", "world", "week", "group")}
        found: dict[str, list[Any]] = {measure.name: [] for measure in measures}
        for replicate, ledger in enumerate(self.ledgers):
            for group in GROUPINGS:
                sums = [self.world(replicate, place, group) for place in (0, 1)]
                pairs = Sums(ledger.pairs[:, cells_of(group)].sum(axis=1), self.paired)
                for measure in measures:
                    told = measure.by_group or group == EVERYBODY
                    found[measure.name] += (
                        measure.weekly(sums[0], sums[1], pairs) if told else [np.full(weeks, np.nan)] * 3
                    )
                for world in (*ARMS, "difference"):
                    rows["replicate"].append(np.full(weeks, replicate))
                    rows["world"].append(np.full(weeks, world))
                    rows["week"].append(np.arange(weeks))
                    rows["group"].append(np.full(weeks, group))
        return Table("over_time", {name: np.concatenate(part) for name, part in {**rows, **found}.items()})

    @cached_property
    def districts(self) -> Table:
        """Sums by district and year: one row for each replicate, world, year and district.

        `joined` is the week in which the district joins the regime in the regime world.
        """
        rows: dict[str, list[Any]] = {"replicate": [], "world": [], "year": [], "district": [], "joined": []}
        parts: dict[str, list[Any]] = {total.name: [] for total in self.sums}
        for replicate, ledger in enumerate(self.ledgers):
            yearly, joined = ledger.yearly, self.joined(replicate)
            years, places = yearly.shape[1:3]
            for place, world in enumerate(ARMS):
                sums = Sums(yearly[place], self.sums)
                size = years * places
                rows["replicate"].append(np.full(size, replicate))
                rows["world"].append(np.full(size, world))
                rows["year"].append(np.repeat(np.arange(years), places))
                rows["district"].append(np.tile(np.arange(places), years))
                rows["joined"].append(np.tile(joined, years))
                for name, part in parts.items():
                    part.append(getattr(sums, name).ravel())
        return Table("districts", {name: np.concatenate(part) for name, part in {**rows, **parts}.items()})

    @cached_property
    def measures(self) -> Table:
        """Every measure of each world and group with its interval over replicates."""
        return self._table("measures", self._measured())

    @cached_property
    def burdens(self) -> Table:
        """What a member of each group bears over what one of the rest does, in the regime, with intervals."""
        found = [
            (one, group, group_ratios.group_ratio(one, self.total, len(self.ledgers), group))
            for one in group_ratios.BURDENS
            for group in GROUPS
        ]
        rows = [
            {"burden": one.name, "group": group, "ratio": each.mean, "low": each.low, "high": each.high}
            for one, group, each in found
        ]
        return self._table("burdens", rows)

    @cached_property
    def effects(self) -> Table:
        """Every measure's paired effect of the regime, by group, with its interval over replicates."""
        return self._table("effects", self._effects())

    def _measured(self) -> list[dict[str, Any]]:
        rows = []
        for measure in self.catalogue:
            if measure.is_between():
                continue
            for place, world in enumerate(ARMS):
                for group in self._groups(measure):
                    found = estimate.from_replicates(self.values(measure, place, group))
                    rows.append({"measure": measure.name, "world": world, **_row(measure, group, found)})
        return rows

    def _effects(self) -> list[dict[str, Any]]:
        return [
            {"measure": measure.name, **_row(measure, group, self.effect(measure, group))}
            for measure in self.catalogue
            for group in self._groups(measure)
        ]

    def _groups(self, measure: type[Measure]) -> Sequence[str]:
        return GROUPINGS if measure.by_group else (EVERYBODY,)

    def _table(self, name: str, rows: list[dict[str, Any]]) -> Table:
        return Table(name, {key: np.array([row[key] for row in rows]) for key in rows[0]})

    @property
    def headline(self) -> str:
        """The result in one sentence, with intervals."""
        return key_figures.sentence(self.effect, self.values)

    def save(self, folder: Path) -> None:
        """Writes the tables as Parquet, provenance and complete scenario into a folder; StoringError if that fails."""
        for table in (self.measures, self.effects, self.burdens, self.over_time, self.weekly, self.districts):
            table.write(folder / f"{table.name}.parquet")
        provenance = json.dumps(self.provenance.facts(), indent=2, ensure_ascii=False) + "\n"
        for name, text in ((MARK, to_toml(self.scenario)), ("provenance.json", provenance)):
            part = folder / f"{name}.part"
            try:
                part.write_text(text, encoding="utf-8")
                part.replace(folder / name)
            except OSError as error:
                raise StoringError(f"{folder}: {name} cannot be written ({error.strerror}).") from error

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(measure.title)}</td><td>{self.effect(measure)}</td><td>{measure.unit}</td></tr>"
            for measure in self.catalogue
        )
        return (
            f"<p><strong>{escape(self.scenario.title)}</strong></p><p>{escape(self.headline)}</p>"
            f"<table><tr><th>What the regime changes</th><th>Effect (95 % interval)</th><th>Unit</th></tr>{rows}</table>"
        )


def _row(measure: type[Measure], group: str, found: estimate.Estimate) -> dict[str, Any]:
    return {
        "group": group,
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "replicates": found.replicates,
        "unit": measure.unit,
        "better": measure.better,
    }
