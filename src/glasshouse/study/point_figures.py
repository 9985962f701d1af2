"""The figures of the points of a study: by run, of all replicates together, and what each replicate contributes."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.entities import DEFAULT_GROUPS
from glasshouse.model.measure import Measure, NamedSums
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.optional import OPTIONAL
from glasshouse.model.sums_read import sums_read
from glasshouse.results import intervals
from glasshouse.results.table import Table
from glasshouse.results.totals import ARMS
from glasshouse.study.plugin_measures import pooled
from glasshouse.study.store.shards import TOTAL

SHIPPED = (*CATALOGUE, *(measure for plugin in OPTIONAL for measure in plugin.measures))
"""Measures that ship. Those of plug-ins are known by what the study's definition has of them."""
KEYS = ("run", "point", "replicate")
"""Columns of figures that say which run a row is of."""


class PointFigures:
    """What `Findings` offers of its figures, by point.

    Attributes
    ----------
    name, definition, figures, parameters
        See `Findings`, which holds them.
    """

    name: str
    definition: dict[str, Any]
    figures: Table
    parameters: tuple[dict[str, Any], ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures that are stored."""
        return tuple(name for name in self.figures.columns if "." not in name and name not in KEYS)

    @cached_property
    def _groups(self) -> tuple[str, ...]:
        """The groups whose sums are stored: those that the study's scenario declares, if a measure compares groups."""
        sums = [name.removeprefix(TOTAL) for name in self.figures.columns if name.startswith(TOTAL)]
        found = dict.fromkeys(name.partition(":")[0] for name in sums if ":" in name)
        return tuple(group for group in found if not group.startswith("not ")) or DEFAULT_GROUPS

    def outputs(self, measure: str) -> NDArray[np.float64]:
        """Arrange a figure by point and replicate.

        Parameters
        ----------
        measure : str
            Name of a measure for the effect on it, or with `.reference` or `.regime` for its level in that arm.

        Returns
        -------
        ndarray, shape (points, replicates)
            The figure; NaN for a run that is not done.

        Raises
        ------
        AnalysisError
            For a figure that is not stored.
        """
        if measure not in self.figures.columns:
            raise AnalysisError(f"The study {self.name} does not store {measure}. It has: {', '.join(self.measures)}.")
        found = np.full((len(self.parameters), int(self.definition["replicates"])), np.nan)
        found[self.figures.columns["point"], self.figures.columns["replicate"]] = self.figures.columns[measure]
        return found

    @cached_property
    def done(self) -> NDArray[np.bool_]:
        """Mark the runs that are done.

        Returns
        -------
        ndarray of bool, shape (points, replicates)
            True for a run whose figures are stored, whether or not they are defined.
        """
        found = np.zeros((len(self.parameters), int(self.definition["replicates"])), dtype=np.bool_)
        if "point" in self.figures.columns:
            found[self.figures.columns["point"], self.figures.columns["replicate"]] = True
        return found

    def is_averaged(self, name: str) -> bool:
        """Whether the figure of a point is the mean of its replicates, and does not come from the sums of all.

        Parameters
        ----------
        name : str
            Name of the figure, as in `outputs`.

        Returns
        -------
        bool
            True for a measure over districts or time, a correlation, and what a plug-in computes by a function of its own.
        """
        wanted = name.partition(".")[0].partition("@")[0]
        measure = self._measure(wanted)
        if measure is None:
            return wanted in self.definition.get("plugin_measures", {})
        return measure.is_averaged()

    def _measure(self, wanted: str) -> type[Measure] | None:
        """The measure of a name whose formula is known here."""
        shipped = next((one for one in SHIPPED if one.name == wanted), None)
        return shipped or pooled(self.definition.get("plugin_measures", {}), wanted)

    def means(self, name: str) -> NDArray[np.float64]:
        """A figure of each point, all its replicates together.

        As in a run, it comes from the sums of all replicates; measures over districts or over time, correlations and what
        a plug-in computes by a function of its own (`study/plugin_measures.py`) are averaged over replicates.

        Parameters
        ----------
        name : str
            Name of the figure, as in `outputs`.

        Returns
        -------
        ndarray, shape (points,)
            NaN where it is undefined.

        Raises
        ------
        AnalysisError
            For a figure that is not stored.
        """
        outputs = self.outputs(name)
        pooled_figures = self._pooled(name)
        if pooled_figures is not None:
            return np.where(np.isfinite(outputs).any(axis=1), pooled_figures[0], np.nan)
        known = np.isfinite(outputs)
        total = np.where(known, outputs, 0.0).sum(axis=1)
        found: NDArray[np.float64] = np.full(len(total), np.nan)
        np.divide(total, known.sum(axis=1), out=found, where=known.any(axis=1))
        return found

    def contributions(self, name: str) -> NDArray[np.float64]:
        """What each replicate contributes to the figure of its point.

        They are values whose mean is the figure in `means` and whose standard error is that of the jackknife over
        replicates: the figure plus (n - 1) times the mean of the n figures without one replicate less that without this
        one (the pseudo-values of Tukey 1958, about the figure itself). So analyses that need a value for each replicate
        are of the same figure as a run's. Of a figure that is averaged they are the values themselves.

        Parameters
        ----------
        name : str
            Name of the figure, as in `outputs`.

        Returns
        -------
        ndarray, shape (points, replicates)
            In the unit of the figure. NaN for a run that is not done, and in all replicates of a point where the figure
            would be undefined without one of them.

        Raises
        ------
        AnalysisError
            For a figure that is not stored.
        """
        outputs, done = self.outputs(name), self.done
        pooled_figures = self._pooled(name)
        if pooled_figures is None:
            return outputs
        without = pooled_figures[1]
        count = done.sum(axis=1, keepdims=True)
        whole = np.where(np.isfinite(outputs).any(axis=1), pooled_figures[0], np.nan)[:, None]
        centre = self._centre(without)[:, None]
        found = np.where(count > 1, whole + (count - 1) * (centre - without), whole)
        known = (np.isfinite(found) | ~done).all(axis=1, keepdims=True)
        return np.where(done & known, found, np.nan)

    def _centre(self, without: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean of figures without one replicate (points, replicates) over the runs of each point that are done."""
        return np.asarray(np.where(self.done, without, 0.0).sum(axis=1) / np.maximum(self.done.sum(axis=1), 1))

    def _pooled(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """A figure from the sums of all replicates (points), and of all but each (points, replicates).

        As in a run, less its leading bias where the measure declares one. None where the study does not keep the sums.
        """
        base, _, arm = name.partition(".")
        wanted, _, mark = base.partition("@")
        measure = self._measure(wanted)
        if measure is None or measure.is_averaged():
            return None
        mark = f"@{mark}" if mark else ""
        kept = {column.rpartition(".")[0].partition("@")[0].rpartition(":")[2] for column in self.figures.columns}
        try:
            names, paired = sums_read(measure, self._groups, kept)
        except AttributeError:
            return None
        columns = {
            side: {one: f"{TOTAL}{one}{mark}.{side}" for one in read}
            for side, read in (("reference", names), ("regime", names), ("pairs", paired))
        }
        if not {column for side in columns.values() for column in side.values()} <= self.figures.columns.keys():
            return None
        read = {side: {one: self.outputs(column) for one, column in each.items()} for side, each in columns.items()}
        sums = {side: _combined(each) for side, each in read.items()}
        if measure.is_between():
            return self._less_bias(measure, *(measure.between(*each) for each in zip(*sums.values(), strict=True)))
        levels = {side: self._less_bias(measure, *(measure.value(each) for each in sums[side])) for side in ARMS}
        if arm:
            return levels[arm]
        reference, regime = levels["reference"], levels["regime"]
        return regime[0] - reference[0], regime[1] - reference[1]

    def _less_bias(
        self, measure: type[Measure], whole: NDArray[np.float64], without: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The figures of points from all replicates and from all but each, as `intervals.of_measure` gives them."""
        if not measure.less_bias:
            return np.asarray(whole, float), np.asarray(without, float)
        with np.errstate(invalid="ignore"):
            bias = (np.maximum(self.done.sum(axis=1), 1) - 1) * (self._centre(without) - whole)
        found, shift = intervals.bias_removed(whole, bias, measure.scale)
        return found, intervals.shifted(without, shift[:, None], measure.scale)


def _combined(sums: Mapping[str, NDArray[np.float64]]) -> tuple[NamedSums, NamedSums]:
    """Sums (points, replicates) of all replicates, and of all but each."""
    whole = {name: np.asarray(np.nansum(each, axis=1)) for name, each in sums.items()}
    without = {name: whole[name][:, None] - np.nan_to_num(each) for name, each in sums.items()}
    return NamedSums(whole), NamedSums(without)
