"""What a study found: every run's figures beside the settings of its point, and summaries over them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.measures import CATALOGUE
from glasshouse.results import estimate
from glasshouse.results.estimate import Estimate
from glasshouse.results.table import Table, frames
from glasshouse.study import design as designs
from glasshouse.study.design import Design
from glasshouse.study.store.schema import Counts, Run, Study
from glasshouse.study.store.shards import read_shards
from glasshouse.study.store.study_database import StudyDatabase


@dataclass(frozen=True)
class Findings:
    """A study's runs as they stand: `counts` of them by state, `figures` of those that are done, `failed` with errors.

    `entries` are all runs as the study database has them, `record` is the study there.
    """

    name: str
    definition: dict[str, Any]
    counts: Counts
    figures: Table
    failed: tuple[tuple[int, str], ...]
    parameters: tuple[dict[str, Any], ...]
    entries: tuple[Run, ...] = ()
    record: Study | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures that were kept."""
        return tuple(
            name for name in self.figures.columns if "." not in name and name not in ("run", "point", "replicate")
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Every figure that was kept: measures, and their levels in either world (`records.regime`)."""
        return tuple(name for name in self.figures.columns if name not in ("run", "point", "replicate"))

    def means(self, name: str) -> NDArray[np.float64]:
        """A figure at each point (points), the mean over the replicates in which it is defined; NaN where in none."""
        outputs = self.outputs(name)
        known = np.isfinite(outputs)
        total = np.where(known, outputs, 0.0).sum(axis=1)
        found: NDArray[np.float64] = np.full(len(total), np.nan)
        np.divide(total, known.sum(axis=1), out=found, where=known.any(axis=1))
        return found

    def outputs(self, measure: str) -> NDArray[np.float64]:
        """A column by point and replicate (points, replicates); NaN for a run that is not done.

        `measure` is a measure's name for what the regime changes, or has `.reference` or `.regime` behind it. Raises
        AnalysisError for a name that was not kept.
        """
        if measure not in self.figures.columns:
            raise AnalysisError(f"{measure} was not kept by the study {self.name}. It has: {', '.join(self.measures)}.")
        found = np.full((len(self.parameters), int(self.definition["replicates"])), np.nan)
        found[self.figures.columns["point"], self.figures.columns["replicate"]] = self.figures.columns[measure]
        return found

    def pairing(self, measure: str) -> Estimate:
        """How many times the runs it was worth that both worlds of a run live with the same luck.

        NaN for a measure between worlds, and where each point was run once. Raises AnalysisError for a name that was not
        kept.
        """
        if f"{measure}.regime" not in self.figures.columns:
            self.outputs(measure)
            return Estimate(np.nan, np.nan, np.nan, 0)
        worlds = [self.outputs(f"{measure}.{world}") for world in ("reference", "regime")]
        return estimate.variance_reduction(worlds[0], worlds[1], shared=bool(self.definition["paired"]))

    @cached_property
    def design(self) -> Design:
        """The design that the runs follow, its points in order."""
        return designs.stored(self.definition["design"], self.parameters)

    @cached_property
    def runs(self) -> Table:
        """One row a run that is done: its point's settings, then every figure; AnalysisError if none is."""
        if "point" not in self.figures.columns:
            raise AnalysisError(f"No run of {self.name} is done yet. Look: glasshouse study status {self.name}")
        points = self.figures.columns["point"]
        keys = sorted({key for settings in self.parameters for key in settings})
        settings = {key: np.array([_plain(self.parameters[p].get(key)) for p in points]) for key in keys}
        lead = {name: self.figures.columns[name] for name in ("run", "point", "replicate")}
        rest = {name: column for name, column in self.figures.columns.items() if name not in lead}
        return Table("runs", {**lead, **settings, **rest})

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.runs.__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """Every run as a row of a pandas DataFrame (needs pandas)."""
        return self.runs.to_pandas()

    def to_polars(self) -> Any:
        """Every run as a row of a polars DataFrame (needs polars)."""
        return self.runs.to_polars()

    def to_xarray(self) -> Any:
        """Every figure by point and replicate as an xarray Dataset (needs xarray).

        Coordinates are the settings of each point; a vector that is varied stands as JSON. Units, titles and formulas are
        attributes, and what the study is are those of the dataset. NaN for a run that is not done.
        """
        library = frames("xarray")
        units = {one["key"]: one["unit"] for one in self.definition["design"]["factors"]}
        keys = sorted({key for settings in self.parameters for key in settings})
        settings = {
            key: ("point", np.array([_plain(one.get(key)) for one in self.parameters]), {"units": units.get(key, "")})
            for key in keys
        }
        axes = {"point": np.arange(len(self.parameters)), "replicate": np.arange(int(self.definition["replicates"]))}
        names = [name for name in self.figures.columns if name not in ("run", "point", "replicate")]
        figures = {name: (("point", "replicate"), self.outputs(name), _told(name)) for name in names}
        about = {"study": self.name, "title": self.definition["title"], "design": self.definition["design"]["kind"]}
        if self.record is not None:
            about |= {"digest": self.record.digest, "code_digest": self.record.code}
        return library.Dataset(figures, {**axes, **settings}, about)


def collect(database: StudyDatabase, name: str, folder: Path) -> Findings:
    """What the study of that name has found so far; StoringError for a shard that is missing or damaged."""
    record = database.study(name)
    figures = read_shards(folder, database.shards(record))
    entries = database.runs(record)
    failed = tuple((run.number, run.error or "") for run in entries if run.state == "failed")
    parameters = tuple(dict(point.parameters) for point in database.points(record))
    definition, counts = json.loads(record.definition), database.counts(record)
    return Findings(name, definition, counts, figures, failed, parameters, entries, record)


def _told(name: str) -> dict[str, str]:
    """What a column is, for whoever meets it without this page."""
    base, _, world = name.partition(".")
    what = f"in the {world}" if world else "what the regime changes"
    for measure in CATALOGUE:
        if measure.name == base:
            return {"units": measure.unit, "long_name": f"{measure.title}, {what}", "formula": measure.formula}
    return {"units": "", "long_name": f"{base}, {what}", "formula": ""}


def _plain(value: Any) -> Any:
    """A vector setting as text, so that a column holds one thing a row."""
    return json.dumps(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
