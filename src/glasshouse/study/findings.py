"""The results of a study: the figures of every run beside the settings of its point."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.results import estimate, table_notes
from glasshouse.results.estimate import Estimate
from glasshouse.results.provenance import version
from glasshouse.results.table import Table, frames
from glasshouse.study import design as designs
from glasshouse.study import integrity
from glasshouse.study.definition import read_definition
from glasshouse.study.design import Design
from glasshouse.study.point_figures import KEYS, SHIPPED, PointFigures
from glasshouse.study.store.schema import Counts, Run, Study
from glasshouse.study.store.shards import TOTAL, read_shards
from glasshouse.study.store.study_database import StudyDatabase


@dataclass(frozen=True)
class Findings(PointFigures):
    """The runs of a study at one moment.

    Attributes
    ----------
    name : str
        Name of the study.
    definition : dict
        Its definition, read from JSON.
    counts : Counts
        Numbers of runs by state.
    figures : Table
        A row for each run that is done: `run`, `point`, `replicate`, and its figures.
    failed : tuple of (int, str)
        Number and error of each run that failed.
    parameters : tuple of dict
        The settings of each point, by number.
    entries : tuple of Run
        All runs, as the study database has them.
    record : Study, optional
        The study, as the study database has it.
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
    def names(self) -> tuple[str, ...]:
        """Names of all figures that are stored: effects on measures, and levels in each arm (`records.regime`)."""
        return tuple(name for name in self.figures.columns if name not in KEYS and not name.startswith(TOTAL))

    @cached_property
    def failures(self) -> NDArray[np.bool_]:
        """Mark the runs that failed.

        Returns
        -------
        ndarray of bool, shape (points, replicates)
            True for a run that ended with an error.
        """
        found = np.zeros(len(self.parameters) * int(self.definition["replicates"]), dtype=np.bool_)
        found[[number for number, _ in self.failed]] = True
        return found.reshape(len(self.parameters), -1)

    def selected(self, rows: NDArray[np.int64]) -> "Findings":
        """Select some of the runs, arranged anew.

        Parameters
        ----------
        rows : ndarray of int, shape (points, replicates)
            Rows of `figures`; those of a point must have the same settings.

        Returns
        -------
        Findings
            These runs alone, with points and replicates numbered by their places here.
        """
        columns = {name: column[rows.ravel()] for name, column in self.figures.columns.items()}
        parameters = tuple(self.parameters[int(point)] for point in self.figures.columns["point"][rows[:, 0]])
        columns["point"], columns["replicate"] = (place.ravel() for place in np.indices(rows.shape))
        definition = {**self.definition, "replicates": rows.shape[1]}
        return replace(self, definition=definition, figures=Table("figures", columns), parameters=parameters)

    def pairing(self, measure: str) -> Estimate:
        """Estimate the variance reduction of an effect by common random numbers in both arms.

        Parameters
        ----------
        measure : str
            Name of a measure.

        Returns
        -------
        Estimate
            The factor by which the variance is smaller. NaN for a measure between arms, and with one replicate.

        Raises
        ------
        AnalysisError
            For a measure that is not stored.
        """
        if f"{measure}.regime" not in self.figures.columns:
            self.outputs(measure)
            return Estimate(np.nan, np.nan, np.nan, 0)
        reference, regime = (self.contributions(f"{measure}.{arm}") for arm in ("reference", "regime"))
        return estimate.variance_reduction(reference, regime, shared=bool(self.definition["paired"]))

    @cached_property
    def design(self) -> Design:
        """The design that the runs follow.

        Returns
        -------
        Design
            The design, with its points in order.
        """
        return designs.design_from_dict(self.definition["design"], self.parameters)

    @cached_property
    def runs(self) -> Table:
        """Settings and figures of each run that is done.

        Returns
        -------
        Table
            A row for each run: `run`, `point`, `replicate`, the settings of its point, then its figures.

        Raises
        ------
        AnalysisError
            If no run is done.
        """
        if "point" not in self.figures.columns:
            raise AnalysisError(f"No run of {self.name} is done yet. Look: glasshouse study status {self.name}")
        points = self.figures.columns["point"]
        keys = sorted({key for settings in self.parameters for key in settings})
        settings = {key: np.array([_plain(self.parameters[p].get(key)) for p in points]) for key in keys}
        lead = {name: self.figures.columns[name] for name in KEYS}
        rest = {name: self.figures.columns[name] for name in self.names}
        return Table("runs", {**lead, **settings, **rest}, self._notes(keys), self._about("runs"))

    def frame(self) -> Table:
        """Give every figure a row of its own (tidy): each measure in each arm, and its difference, for each run that is done.

        Returns
        -------
        Table
            Columns `run`, `point`, `replicate`, the settings of the point, `measure`, `arm` (`reference`, `regime`, or
            `difference`, which is the effect), `value` and `unit`.

        Raises
        ------
        AnalysisError
            If no run is done.
        """
        runs = self.runs
        keys = [name for name in runs.columns if name not in self.names]
        parts = [name.partition(".") for name in self.names]
        units = [self._attributes(name)["units"] for name in self.names]
        count, size = len(self.names), len(runs)
        columns: dict[str, Any] = {key: np.tile(runs[key], count) for key in keys}
        columns["measure"] = np.repeat([base for base, _, _ in parts], size)
        columns["arm"] = np.repeat([arm or "difference" for _, _, arm in parts], size)
        columns["value"] = np.concatenate([runs[name] for name in self.names])
        columns["unit"] = np.repeat(units, size)
        about = {
            **self._about("frame"),
            "measures": {base: self._attributes(base) for base, _, arm in parts if not arm},
        }
        return Table("frame", columns, self._notes(keys), about)

    def _attributes(self, name: str) -> dict[str, str]:
        """The attributes that say what a figure is, and how it is estimated from the replicates of a point."""
        base, _, arm = name.partition(".")
        what = f"in the {arm} arm" if arm else "effect of the regime"
        kept = base.partition("@")[0]
        about = self.definition.get("plugin_measures", {}).get(kept, {})
        found = {"units": about.get("unit", ""), "long_name": f"{about.get('title', base)}, {what}"}
        found["formula"] = about.get("formula", "")
        for measure in SHIPPED:
            if measure.name == base:
                found = {"units": measure.unit, "long_name": f"{measure.title}, {what}", "formula": measure.formula}
        if self.is_averaged(name):
            found["estimate"] = "mean of replicates"
        return found

    def _notes(self, keys: Sequence[str]) -> dict[str, dict[str, str]]:
        """What the columns of a table of runs are: settings with their units, figures with title, unit and formula."""
        units = (
            {one["key"]: one["unit"] for one in self.definition["design"]["factors"]}
            if "design" in self.definition
            else {}
        )
        settings = {key: {"title": f"setting {key} of the point", "unit": units.get(key, "")} for key in keys}
        figures = {
            name: {"title": found["long_name"], "unit": found["units"], "formula": found["formula"]}
            | {key: found[key] for key in found if key == "estimate"}
            for name, found in ((name, self._attributes(name)) for name in self.names)
        }
        return {**settings, **figures, **table_notes.KEYS}

    def _about(self, table: str) -> dict[str, Any]:
        """What a table of the study comes from."""
        facts = {"table": table, "study": self.name, "title": self.definition.get("title", ""), "version": version()}
        if "design" in self.definition:
            facts |= {"design": self.definition["design"]["kind"], "seed": self.definition.get("seed")}
        if self.record is not None:
            facts |= {"study_digest": self.record.digest, "code_digest": self.record.code}
        return facts

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.runs.__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """Give `runs` as a pandas DataFrame (needs pandas).

        Returns
        -------
        pandas.DataFrame
            A row for each run that is done.
        """
        return self.runs.to_pandas()

    def to_polars(self) -> Any:
        """Give `runs` as a polars DataFrame (needs polars).

        Returns
        -------
        polars.DataFrame
            A row for each run that is done.
        """
        return self.runs.to_polars()

    def to_xarray(self) -> Any:
        """Give all figures by point and replicate as an xarray Dataset (needs xarray).

        Returns
        -------
        xarray.Dataset
            Coordinates are the settings of each point; a vector is JSON. Units, titles and formulas are attributes of the
            figures, and name, title and digests those of the dataset. NaN for a run that is not done.
        """
        library = frames("xarray")
        units = {one["key"]: one["unit"] for one in self.definition["design"]["factors"]}
        keys = sorted({key for settings in self.parameters for key in settings})
        settings = {
            key: ("point", np.array([_plain(one.get(key)) for one in self.parameters]), {"units": units.get(key, "")})
            for key in keys
        }
        axes = {"point": np.arange(len(self.parameters)), "replicate": np.arange(int(self.definition["replicates"]))}
        figures = {name: (("point", "replicate"), self.outputs(name), self._attributes(name)) for name in self.names}
        about = {"study": self.name, "title": self.definition["title"], "design": self.definition["design"]["kind"]}
        if self.record is not None:
            about |= {"digest": self.record.digest, "code_digest": self.record.code}
        return library.Dataset(figures, {**axes, **settings}, about)


def collect(database: StudyDatabase, name: str, folder: Path) -> Findings:
    """Read the results of a study as far as its runs are done.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    name : str
        Name of the study.
    folder : Path
        The folder of its shards.

    Returns
    -------
    Findings
        The results.

    Raises
    ------
    StoringError
        If there is no such study, if a shard is missing or damaged, or if anything was changed since it was stored.
    """
    record = database.study(name)
    definition, points = read_definition(record), database.points(record)
    shards, entries = database.shards(record), database.runs(record)
    integrity.check_complete(name, definition, len(points), entries)
    integrity.check_seeds(name, definition, entries)
    integrity.check_shards(name, entries, (shard.number for shard in database.shards(record)))
    integrity.check_registration(record, folder.parent)
    figures = read_shards(folder, shards)
    # Runs that were done after the list of shards was read are left out.
    listed = {None, *(shard.number for shard in shards)}
    integrity.check_figures(name, [run for run in entries if run.shard in listed], figures)
    failed = tuple((run.number, run.error or "") for run in entries if run.state == "failed")
    parameters, counts = tuple(dict(point.parameters) for point in points), database.counts(record)
    return Findings(name, definition, counts, figures, failed, parameters, entries, record)


def _plain(value: Any) -> Any:
    """A vector as text, so that each row of a column holds one value."""
    return json.dumps(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
