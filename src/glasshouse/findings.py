"""What a study found: every run's figures beside the settings of its point, and summaries over them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse import design as designs
from glasshouse import estimate, sensitivity
from glasshouse.catalogue import Counts, Run, Study
from glasshouse.design import Design
from glasshouse.errors import AnalysisError
from glasshouse.estimate import Estimate
from glasshouse.measures import CATALOGUE
from glasshouse.sensitivity import Method, Sensitivity
from glasshouse.shards import read_shards
from glasshouse.store import Catalogue
from glasshouse.table import Table, frames

METHODS: dict[str, Method] = {"saltelli": "sobol", "morris": "morris"}
"""The analysis that a design was made for; any other is a sample."""

ANALYSES: dict[Method, Callable[[Design, NDArray[np.float64]], Sensitivity]] = {
    "sobol": sensitivity.sobol,
    "morris": sensitivity.morris,
    "delta": sensitivity.delta,
    "pawn": sensitivity.pawn,
}


@dataclass(frozen=True)
class Summary:
    """What the regime changes in one measure over the points of a study.

    `mean` and the quantiles (5, 50, 95 %) are over points, each a mean over its replicates; `positive` is the share of
    points at which the effect is above nought; `noise` the share of the variance over runs that is luck within a point,
    NaN with one replicate each.
    """

    measure: str
    points: int
    mean: float
    low: float
    median: float
    high: float
    positive: float
    noise: float


@dataclass(frozen=True)
class Findings:
    """A study's runs as they stand: `counts` of them by state, `figures` of those that are done, `failed` with errors.

    `entries` are all runs as the catalogue has them, `record` is the study there.
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
        """Every figure that was kept: measures, and their levels in either world («records.regime»)."""
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

        `measure` is a measure's name for what the regime changes, or has «.reference» or «.regime» behind it. Raises
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
        return estimate.saving(worlds[0], worlds[1], shared=bool(self.definition["paired"]))

    @cached_property
    def design(self) -> Design:
        """The design that the runs follow, its points in order."""
        return designs.stored(self.definition["design"], self.parameters)

    def sensitivity(self, measure: str, method: Method | None = None) -> Sensitivity:
        """Which factors a measure answers to; `method` is else the strongest that the design allows.

        Sobol indices for a Saltelli design, elementary effects for Morris's, else delta. Raises AnalysisError for a
        measure that was not kept, a design that the method cannot read, and runs that failed, are not done, or where
        the measure is undefined: it names the first.
        """
        outputs = self.outputs(measure)
        self._whole(measure, outputs)
        chosen = method or METHODS.get(self.design.kind, "delta")
        return ANALYSES[chosen](self.design, outputs)

    def screened(self, keep: int, measures: Sequence[str] = ()) -> tuple[str, ...]:
        """The settings that matter most by a Morris design, `keep` of them, for the measures named or all kept ones.

        Measures that are undefined in a run or that nothing moves say nothing and are left out, unless they are named.
        Raises AnalysisError for another design and where no measure is left.
        """
        if self.design.kind != "morris":
            raise AnalysisError(
                f"The study {self.name} is {self.design.kind}: settings are screened by a Morris design."
            )
        usable = measures or tuple(name for name in self.measures if _moves(self.outputs(name)))
        if not usable:
            raise AnalysisError(
                f"No measure of the study {self.name} moves and is defined in every run: none can screen."
            )
        results = [self.sensitivity(measure, "morris") for measure in usable]
        return tuple(factor.key for factor in sensitivity.screened(results, keep))

    def _whole(self, measure: str, outputs: NDArray[np.float64]) -> None:
        """AnalysisError unless every run has a figure: one that is missing would silently spoil every index."""
        bad = [int(number) for number in np.flatnonzero(~np.isfinite(outputs))]
        if not bad:
            return
        failed = {number for number, _ in self.failed}
        done = {int(number) for number in self.figures.columns["run"]}
        kinds = {
            "failed": [number for number in bad if number in failed],
            "not done": [number for number in bad if number not in failed | done],
            "without a value": [number for number in bad if number in done],
        }
        told = "; ".join(f"{len(runs)} {kind} ({_listed(runs)})" for kind, runs in kinds.items() if runs)
        raise AnalysisError(
            f"{measure} is missing in {len(bad)} of {outputs.size} runs of {self.name}: {told}. Every index would be wrong. "
            f"Do what is not done with glasshouse study resume {self.name}, or take a measure that is defined everywhere."
        )

    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        """Every measure's effect over the points."""
        return tuple(_summary(measure, self.outputs(measure)) for measure in self.measures)

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


def collect(catalogue: Catalogue, name: str, folder: Path) -> Findings:
    """What the study of that name has found so far; StoringError for a shard that is missing or damaged."""
    record = catalogue.study(name)
    figures = read_shards(folder, catalogue.shards(record))
    entries = catalogue.runs(record)
    failed = tuple((run.number, run.error or "") for run in entries if run.state == "failed")
    parameters = tuple(dict(point.parameters) for point in catalogue.points(record))
    definition, counts = json.loads(record.definition), catalogue.counts(record)
    return Findings(name, definition, counts, figures, failed, parameters, entries, record)


def _summary(measure: str, outputs: NDArray[np.float64]) -> Summary:
    with np.errstate(invalid="ignore", divide="ignore"):
        known = outputs[np.isfinite(outputs).any(axis=1)]
        means = np.array([row[np.isfinite(row)].mean() for row in known])
        if not len(means):
            return Summary(measure, 0, *(float("nan"),) * 6)
        within = np.array([row[np.isfinite(row)].var(ddof=1) for row in known if np.isfinite(row).sum() > 1])
        spread = float(known[np.isfinite(known)].var())
        noise = float(within.mean() / spread) if len(within) and spread > 0 else float("nan")
    low, median, high = (float(q) for q in np.quantile(means, (0.05, 0.5, 0.95)))
    return Summary(
        measure, len(means), float(means.mean()), low, median, high, float((means > 0).mean()), min(noise, 1.0)
    )


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


def _moves(outputs: NDArray[np.float64]) -> bool:
    """Whether a measure is defined in every run and differs between points."""
    means = outputs.mean(axis=1)
    return bool(np.isfinite(outputs).all() and np.ptp(means) > 1e-12 * np.abs(means).max())


def _listed(runs: Sequence[int]) -> str:
    """Numbers of runs in words: the first few, and how many more."""
    named = ", ".join(str(number) for number in runs[:5])
    return f"runs {named} and {len(runs) - 5} more" if len(runs) > 5 else f"run{'s' if len(runs) > 1 else ''} {named}"
