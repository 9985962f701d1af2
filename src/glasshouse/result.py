"""What a run found, as tables that open in the tools that social scientists use.

A `Result` holds the ledgers of all replicates. Its tables are made from them on demand: `weekly` (sums by replicate,
world, week and group), `districts` (by year), `measures` and `effects` (with 95 % intervals over replicates).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse import estimate, headline
from glasshouse.errors import StoringError
from glasshouse.ledger import WORLDS, Ledger
from glasshouse.measure import Measure, Sums
from glasshouse.measures import CATALOGUE
from glasshouse.provenance import Certificate
from glasshouse.scenario import Scenario
from glasshouse.schema import Sum
from glasshouse.society import CELLS, GROUPS
from glasshouse.table import Table

EVERYBODY = "everybody"


def cells_of(group: str) -> list[int]:
    """The group cells that make up a group: of GROUPS, «not » and one of them, or everybody."""
    if group == EVERYBODY:
        return list(range(CELLS))
    bit = GROUPS[group.removeprefix("not ")]
    wanted = 0 if group.startswith("not ") else bit
    return [cell for cell in range(CELLS) if cell & bit == wanted]


@dataclass(frozen=True)
class Result:
    """Scenario, declared sums, one ledger a replicate and the birth certificate of a run."""

    scenario: Scenario
    sums: tuple[Sum, ...]
    paired: tuple[Sum, ...]
    ledgers: tuple[Ledger, ...]
    certificate: Certificate

    @property
    def window(self) -> slice:
        """The weeks that measures are taken over: from the start of the regime to the end, or all if it never starts."""
        start, weeks = self.scenario.run.start, self.scenario.run.weeks
        return slice(start if start < weeks else 0, weeks)

    def world(self, replicate: int, world: int, group: str = EVERYBODY) -> Sums:
        """Weekly sums (weeks) of one replicate, world and group."""
        return Sums(self.ledgers[replicate].weekly[world][:, cells_of(group)].sum(axis=1), self.sums)

    def total(self, replicate: int, world: int, group: str = EVERYBODY) -> Sums:
        """Sums over the reporting window of one replicate, world and group."""
        weeks = self.ledgers[replicate].weekly[world, self.window]
        return Sums(weeks[:, cells_of(group)].sum(axis=(0, 1)), self.sums)

    def pair(self, replicate: int, group: str = EVERYBODY) -> Sums:
        """Paired sums over the reporting window of one replicate and group."""
        weeks = self.ledgers[replicate].pairs[self.window]
        return Sums(weeks[:, cells_of(group)].sum(axis=(0, 1)), self.paired)

    def values(self, measure: type[Measure], world: int, group: str = EVERYBODY) -> np.ndarray[Any, Any]:
        """A measure of one world, for each replicate."""
        return np.array([float(measure.value(self.total(r, world, group))) for r in range(len(self.ledgers))])

    def effect(self, measure: type[Measure], group: str = EVERYBODY) -> estimate.Estimate:
        """What the regime changes in a measure: the paired difference, or its value between the worlds."""
        if measure.is_between():
            found = [
                float(measure.between(self.total(r, 0, group), self.total(r, 1, group), self.pair(r, group)))
                for r in range(len(self.ledgers))
            ]
            return estimate.of(np.array(found))
        return estimate.of(self.values(measure, 1, group) - self.values(measure, 0, group))

    @cached_property
    def weekly(self) -> Table:
        """Sums in their own units: one row for each replicate, world, week and group."""
        groups = (EVERYBODY, *(name for group in GROUPS for name in (group, f"not {group}")))
        columns: dict[str, list[Any]] = {"replicate": [], "world": [], "week": [], "group": []}
        parts: dict[str, list[Any]] = {total.name: [] for total in self.sums}
        weeks = self.scenario.run.weeks
        for replicate in range(len(self.ledgers)):
            for place, world in enumerate(WORLDS):
                for group in groups:
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
    def districts(self) -> Table:
        """Sums by district and year: one row for each replicate, world, year and district."""
        rows: dict[str, list[Any]] = {"replicate": [], "world": [], "year": [], "district": []}
        parts: dict[str, list[Any]] = {total.name: [] for total in self.sums}
        for replicate, ledger in enumerate(self.ledgers):
            years, places = ledger.yearly.shape[1:3]
            for place, world in enumerate(WORLDS):
                sums = Sums(ledger.yearly[place], self.sums)
                size = years * places
                rows["replicate"].append(np.full(size, replicate))
                rows["world"].append(np.full(size, world))
                rows["year"].append(np.repeat(np.arange(years), places))
                rows["district"].append(np.tile(np.arange(places), years))
                for name, part in parts.items():
                    part.append(getattr(sums, name).ravel())
        return Table("districts", {name: np.concatenate(part) for name, part in {**rows, **parts}.items()})

    @cached_property
    def measures(self) -> Table:
        """Every measure of each world and group with its interval over replicates."""
        return self._table("measures", self._measured())

    @cached_property
    def effects(self) -> Table:
        """Every measure's paired effect of the regime, by group, with its interval over replicates."""
        return self._table("effects", self._effects())

    def _measured(self) -> list[dict[str, Any]]:
        rows = []
        for measure in CATALOGUE:
            if measure.is_between():
                continue
            for place, world in enumerate(WORLDS):
                for group in self._groups(measure):
                    found = estimate.of(self.values(measure, place, group))
                    rows.append({"measure": measure.name, "world": world, **_row(measure, group, found)})
        return rows

    def _effects(self) -> list[dict[str, Any]]:
        return [
            {"measure": measure.name, **_row(measure, group, self.effect(measure, group))}
            for measure in CATALOGUE
            for group in self._groups(measure)
        ]

    def _groups(self, measure: type[Measure]) -> Sequence[str]:
        if not measure.by_group:
            return (EVERYBODY,)
        return (EVERYBODY, *(name for group in GROUPS for name in (group, f"not {group}")))

    def _table(self, name: str, rows: list[dict[str, Any]]) -> Table:
        return Table(name, {key: np.array([row[key] for row in rows]) for key in rows[0]})

    @property
    def headline(self) -> str:
        """The result in one sentence, with intervals."""
        return headline.sentence(self.effect, self.values)

    def save(self, folder: Path) -> None:
        """Writes the tables as Parquet and the certificate as JSON into a folder; StoringError if that fails."""
        for table in (self.measures, self.effects, self.weekly, self.districts):
            table.write(folder / f"{table.name}.parquet")
        text = json.dumps(self.certificate.facts(), indent=2, ensure_ascii=False)
        part = folder / "certificate.json.part"
        try:
            part.write_text(text + "\n")
            part.replace(folder / "certificate.json")
        except OSError as error:
            raise StoringError(f"{folder}: the certificate cannot be written ({error.strerror}).") from error

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{measure.title}</td><td>{self.effect(measure)}</td><td>{measure.unit}</td></tr>"
            for measure in CATALOGUE
        )
        return (
            f"<p><strong>{self.scenario.title}</strong></p><p>{self.headline}</p>"
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
