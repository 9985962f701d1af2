"""Published aggregates that a model is compared with: read from a file, checked, and found in a study's figures.

A target is one published number with its uncertainty: a share, a rate, a count for the whole of a population. It names what
in the model stands for it (a measure, or an expression over sums), in which arm and weeks, and whether parameters are
fitted to it or it is held out to judge the fit. There is no input for records of persons: a figure is one number, and a
file has room for a few dozen of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from glasshouse.analysis.calibration.disclosed_counts import Count, count_faults, number_of
from glasshouse.analysis.calibration.target_entries import Entry, Heading
from glasshouse.analysis.calibration.target_sources import looks_like_identifier, source_faults, source_of
from glasshouse.analysis.expression import QUANTITY, parse_quantity
from glasshouse.errors import ScenarioError
from glasshouse.model.measure import FloatArray
from glasshouse.scenario.files import parse, read
from glasshouse.scenario.messages import Faults, kind, printable, shown
from glasshouse.scenario.toml_lines import Source, position
from glasshouse.scenario.validation import checked

Outputs = Callable[[str], FloatArray]
"""Gives the column of a study's figures by its name, as an array (points, replicates)."""

MAX_TARGETS = 40
"""Targets that a file may have: published aggregates are few, and a file of very many would be rows of something else."""
WEEKS = "weeks"
"""What an expression calls the length of its window."""
Z = 1.959963984540054
"""Standard deviations to either side of a 95 % range."""


@dataclass(frozen=True)
class Target:
    """A published aggregate: `figure` with the standard error `error`, and what of the model stands for it.

    `window` counts weeks from the start of the run; with `over` the figure is a growth, that of `window` over that of these
    weeks. `arm` is whose figure it is: of the reference, of the regime, or the regime's less the reference's (`effect`).
    One that is not `fitted` is held out. The errors of targets with the same `shared` are one relative error: their figures
    are all too high or all too low by the same number of standard errors. A disclosed `count` gives figure and error, and is
    drawn as a count where runs are compared with it. With a `group` the sums of the expression are those of this group, as
    `results.groups.groupings` calls it.
    """

    name: str
    what: str
    measure: str
    expression: str
    arm: Literal["reference", "regime", "effect"]
    window: tuple[int, int]
    figure: float
    error: float
    reason: str
    unit: str
    source: str
    fitted: bool
    over: tuple[int, int] | None = None
    shared: str = ""
    count: Count | None = None
    group: str = ""

    @cached_property
    def sums(self) -> tuple[str, ...]:
        """The sums that the expression names.

        Returns
        -------
        tuple of str
            Names in the order of the expression; empty for a target that is a measure.
        """
        return sums_of(self.expression) if self.expression else ()

    @property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """The weeks that it needs."""
        return (self.window,) if self.over is None else (self.window, self.over)

    def simulated(self, outputs: Outputs) -> FloatArray:
        """Compute the simulated figure of every run.

        Parameters
        ----------
        outputs : Outputs
            Gives the column of a study's figures by its name, as an array (points, replicates).

        Returns
        -------
        array of float, shape (points, replicates)
            In the unit of the target; NaN where the figure is undefined or the run failed.
        """
        found = self._within(outputs, self.window)
        if self.over is None:
            return found
        with np.errstate(divide="ignore", invalid="ignore"):
            return _defined(found / self._within(outputs, self.over))

    def _within(self, outputs: Outputs, window: tuple[int, int]) -> FloatArray:
        mark = f"@{window[0]}-{window[1]}"
        if self.measure:
            return outputs(f"{self.measure}{mark}{'' if self.arm == 'effect' else f'.{self.arm}'}")

        def level(arm: str) -> FloatArray:
            known = {name: outputs(f"sum:{self._kept(name)}{mark}.{arm}") for name in self.sums}
            return parse_quantity(self.expression).value({**known, WEEKS: np.asarray(float(window[1] - window[0]))})

        if self.arm == "effect":
            return level("regime") - level("reference")
        return level(self.arm)

    def kept(self) -> tuple[str, ...]:
        """What a study calls the sums that it must store: `migrant:listed` of a group.

        Returns
        -------
        tuple of str
            Names in the order of the expression.
        """
        return tuple(map(self._kept, self.sums))

    def _kept(self, name: str) -> str:
        return f"{self.group}:{name}" if self.group else name


@dataclass(frozen=True)
class Targets:
    """The targets of a file, and the study whose factors are fitted (a path or a scenario's name, or nothing)."""

    name: str
    title: str
    about: str
    study: str
    every: tuple[Target, ...]

    @property
    def fitted(self) -> tuple[Target, ...]:
        """Those that parameters are fitted to."""
        return tuple(target for target in self.every if target.fitted)

    def outputs(self) -> dict[str, Any]:
        """List what a study must keep for the targets.

        Returns
        -------
        dict of str to Any
            `measures`, `sums` and `windows`, as the keys of a study file.
        """
        measures = dict.fromkeys(target.measure for target in self.every if target.measure)
        sums = dict.fromkeys(name for target in self.every for name in target.kept())
        windows = sorted({window for target in self.every for window in target.windows})
        return {"measures": tuple(measures), "sums": tuple(sums), "windows": tuple(windows)}

    def simulated(self, outputs: Outputs) -> FloatArray:
        """Compute the simulated figures of every point.

        Parameters
        ----------
        outputs : Outputs
            Gives the column of a study's figures by its name, as an array (points, replicates).

        Returns
        -------
        array of float, shape (points, targets)
            Means over the replicates of each point; NaN if the figure of any replicate is.
        """
        return np.stack([target.simulated(outputs).mean(axis=1) for target in self.every], axis=1)


def load(path: str | Path) -> Targets:
    """Load the targets of a TOML file.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Targets
        The targets, named after the file.

    Raises
    ------
    ScenarioError
        With every fault of the file.
    """
    path = Path(path)
    label = printable(str(path), 200)
    source = Source(label, read(path, label, "targets"))
    values, faults = parse(source), Faults()
    tables = values.pop("targets", {})
    if not isinstance(tables, Mapping) or not tables:
        faults.add(label, "there are no targets. Add a table [targets.NAME] for each published figure.")
        tables = {}
    if len(tables) > MAX_TARGETS:
        faults.add(
            label, f"{len(tables)} targets are more than {MAX_TARGETS}. Aggregates are few: keep the ones that matter."
        )
        tables = {}
    _refuse_identifiers(label, values, tables, faults)
    heading = checked(Heading, values, source, faults)
    every = [target for name in tables if (target := _target(name, tables, source, faults))]
    if heading is not None and every and not faults.found and not any(target.fitted for target in every):
        faults.add(label, 'every target is held out. Give at least one use = "fitted".')
    faults.stop()
    if heading is None:
        raise ScenarioError(f"{label}: nothing stands before the targets. Begin with title.")
    folder = path.parent
    study = heading.study if not heading.study.endswith(".toml") else str(folder / heading.study)
    return Targets(path.stem, heading.title, heading.about, study, tuple(every))


def _refuse_identifiers(label: str, heading: object, tables: Mapping[str, object], faults: Faults) -> None:
    """Stop at texts that look like identifiers of persons, without repeating them."""
    advice = (
        "looks like an identifier of a person, and is not read. A target is an aggregate: name it by what is counted, in small "
        "letters, and leave long numbers out."
    )
    if looks_like_identifier("heading", heading):
        faults.add(label, f"what stands before the targets {advice}")
    for number, (name, table) in enumerate(tables.items(), 1):
        if looks_like_identifier(name, table):
            faults.add(label, f"target number {number} {advice}")
    faults.stop()


def _target(name: str, tables: Mapping[str, object], source: Source, faults: Faults) -> Target | None:
    under, table = ("targets", name), tables[name]
    if not isinstance(table, Mapping):
        faults.add(
            position(source, ("targets",), name), f"{name} is {kind(table)}. Write [targets.{name}] and what it is."
        )
        return None
    entry = checked(Entry, table, source, faults, under)
    if entry is None:
        return None
    before = len(faults.found)
    wrong, counted = _counted(entry, tables)
    if counted is not None:
        entry = entry.model_copy(update={"figure": counted.figure, "error": counted.error})
    wrong = wrong or _wrong(entry)
    for key, text in wrong or source_faults(entry):
        faults.add(position(source, under, key), text)
    if len(faults.found) > before:
        return None
    error = entry.error or (entry.range[1] - entry.range[0]) / (2 * Z)
    return Target(
        name, entry.what, entry.measure, entry.expression, entry.arm, entry.window, entry.figure, error, entry.reason,
        entry.unit, source_of(entry), entry.use == "fitted", (entry.over[0], entry.over[1]) if entry.over else None,
        entry.shared, counted, entry.group,
    )  # fmt: skip


def _counted(entry: Entry, tables: Mapping[str, object]) -> tuple[list[tuple[str, str]], Count | None]:
    """The count of a target that is given as one, or its faults."""
    if not (entry.count or entry.of or entry.among):
        return ([("figure", "give what was published: a figure, or a count and what it is counted among.")]
                if "figure" not in entry.model_fields_set else []), None  # fmt: skip
    base = number_of(tables.get(entry.among)) if entry.among else entry.of
    if wrong := count_faults(entry, base):
        return wrong, None
    return [], Count(entry.count, base, entry.rounded)


def _wrong(entry: Entry) -> list[tuple[str, str]]:
    """Key and fault of everything in a target that its parts alone do not show."""
    found = []
    if bool(entry.measure) == bool(entry.expression):
        found.append(("measure", "give either a measure or an expression over sums, and not both."))
    if entry.measure and entry.group:
        found.append(("group", "a measure is of everybody. Give an expression over sums for a group."))
    if entry.expression:
        try:
            sums_of(entry.expression)
        except ScenarioError as error:
            found.append(("expression", error.faults[0]))
    if bool(entry.error) == bool(entry.range):
        found.append(("error", "give either the standard error, above zero, or the range of the figure, and not both."))
    if entry.range and not (len(entry.range) == 2 and entry.range[0] <= entry.figure <= entry.range[1]):
        found.append(("range", f"{shown(entry.range)} is no range around {entry.figure:g}. Give [low, high]."))
    elif entry.range and entry.range[0] == entry.range[1]:
        found.append(("range", f"{shown(entry.range)} has no width, and nothing published is so certain."))
    if entry.shared and entry.figure == 0.0:
        found.append(("shared", "a figure of zero has no relative error. Leave it out."))
    for key, window in (("window", entry.window), ("over", entry.over or entry.window)):
        if not (len(window) == 2 and 0 <= window[0] < window[1]):
            text = f"{shown(window)} is no window. Give its first week and the one before which it ends."
            found.append((key, text))
    found += [
        (key, f"{key} is empty. Say it in words.") for key in ("what", "reason") if not str(getattr(entry, key)).strip()
    ]
    return found


def sums_of(expression: str) -> tuple[str, ...]:
    """List the sums that an expression names.

    Parameters
    ----------
    expression : str
        A quantity over sums, for instance “listed / adults”.

    Returns
    -------
    tuple of str
        Names in the order in which they come first; the length of the window (`weeks`) is not among them.

    Raises
    ------
    ScenarioError
        If the expression is faulty or names no sum.
    """
    found = tuple(name for name in parse_quantity(expression).names if name != WEEKS)
    if not found:
        raise ScenarioError(QUANTITY.nameless)
    return found


def _defined(found: FloatArray) -> FloatArray:
    return np.where(np.isfinite(found), found, np.nan)
