"""Draws of parameters that belong together, as a file: what a calibration leaves, and what a study may begin from.

A draw is one value for each factor, and the draws are a sample of their joint distribution, so that what goes together
in them goes together in a study too. A study file names such a file as its `prior`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError
from glasshouse.model.declarations import Table, param
from glasshouse.rng import derive
from glasshouse.scenario.files import parse, read
from glasshouse.scenario.messages import Faults, kind, printable
from glasshouse.scenario.scenario import Scenario
from glasshouse.scenario.toml_lines import Source
from glasshouse.scenario.toml_text import toml_item
from glasshouse.scenario.validation import checked
from glasshouse.study.design import Design
from glasshouse.study.factor import Factor, factor_for


class Heading(Table):
    """What stands before the factors of a file."""

    title: str = param("", "What the draws are, in a line.", unit="", source="design")
    about: str = param("", "How they were made.", unit="", source="design")


class Entry(Table):
    """One factor as a file has it, under [[factors]]."""

    key: str = param(..., "The setting.", unit="", source="design")
    low: float = param(0.0, "The low end of what it was varied over.", unit="", source="design")
    high: float = param(0.0, "The high end.", unit="", source="design")
    values: tuple[Any, ...] = param(
        (), "Or the values that it took; draws are places in them.", unit="", source="design"
    )
    vector: tuple[float, ...] = param(
        (), "What the draws multiply, if the setting is a list.", unit="", source="design"
    )
    draws: tuple[float, ...] = param(..., "The draws, in an order that all factors share.", unit="", source="design")


@dataclass(frozen=True, eq=False)
class Prior:
    """Joint draws (draws, factors), on the factors' scales."""

    factors: tuple[Factor, ...]
    draws: NDArray[np.float64]
    title: str = ""
    about: str = ""

    def design(self, size: int, seed: int) -> Design:
        """Make a design of some of the draws, chosen at random and each at most once.

        Parameters
        ----------
        size : int
            Number of points.
        seed : int
            Random seed of the choice.

        Returns
        -------
        Design
            The design; its points, of shape (size, factors), keep the order of the draws.

        Raises
        ------
        AnalysisError
            If there are fewer draws than points asked for, or if none is asked for.
        """
        from scipy.stats import qmc

        count = len(self.draws)
        if not 1 <= size <= count:
            raise AnalysisError(
                f"The prior has {count:,} draws, and {size:,} points were asked for. Take 1 to {count:,}."
            )
        order = np.argsort(qmc.LatinHypercube(1, rng=derive(seed, "prior")).random(count)[:, 0], kind="stable")
        return Design("sample", self.factors, np.ascontiguousarray(self.draws[np.sort(order[:size])]), seed, size)


def to_toml(prior: Prior) -> str:
    """The text of a file that `load` reads back to the same draws.

    Parameters
    ----------
    prior : Prior
        Joint draws.

    Returns
    -------
    str
        TOML with a table for each factor.
    """
    document = tomlkit.document()
    document.append("title", toml_item(prior.title))
    document.append("about", toml_item(prior.about))
    factors = tomlkit.aot()
    for factor, column in zip(prior.factors, prior.draws.T, strict=True):
        table = tomlkit.table()
        table.append("key", toml_item(factor.key))
        if factor.values:
            table.append("values", toml_item(factor.values))
        else:
            table.append("low", toml_item(float(factor.low)))
            table.append("high", toml_item(float(factor.high)))
        if factor.vector:
            table.append("vector", toml_item(factor.vector))
        table.append("draws", toml_item(column.tolist()))
        factors.append(table)
    document.append("factors", factors)
    return tomlkit.dumps(document)


def load(path: Path, scenario: Scenario) -> Prior:
    """Read the draws of a file for a scenario.

    Parameters
    ----------
    path : Path
        A prior file, as `to_toml` writes it.
    scenario : Scenario
        The scenario whose settings the draws are of.

    Returns
    -------
    Prior
        The draws, with factors that the scenario has.

    Raises
    ------
    ScenarioError, AnalysisError
        With what does not fit.
    """
    label = printable(str(path), 200)
    source = Source(label, read(path, label, "prior"))
    values, faults = parse(source), Faults()
    tables = values.pop("factors", [])
    heading = checked(Heading, values, source, faults)
    if not isinstance(tables, list) or not tables:
        faults.add(label, "there are no draws. Name a file that `glasshouse calibrate` has written.")
        tables = []
    entries = [_entry(number, table, source, faults) for number, table in enumerate(tables, 1)]
    faults.stop()
    known = [entry for entry in entries if entry is not None]
    lengths = {len(entry.draws) for entry in known}
    if heading is None or len(lengths) != 1 or 0 in lengths:
        raise AnalysisError(f"{label}: the factors have {sorted(lengths)} draws. Each needs the same number of them.")
    factors = tuple(_factor(entry, scenario, label) for entry in known)
    return Prior(factors, np.array([entry.draws for entry in known]).T, heading.title, heading.about)


def _entry(number: int, table: object, source: Source, faults: Faults) -> Entry | None:
    if not isinstance(table, dict):
        faults.add(source.label, f"factor {number} is {kind(table)}. Write [[factors]], key = and draws =.")
        return None
    return checked(Entry, table, source, faults, ("factors",))


def _factor(entry: Entry, scenario: Scenario, label: str) -> Factor:
    """The factor, found in the scenario and holding all its draws."""
    factor = factor_for(scenario, entry.key, entry.low, entry.high, entry.values)
    if factor.vector != entry.vector:
        raise AnalysisError(
            f"{label}: the draws of {entry.key} multiply {list(entry.vector)}, and the scenario has "
            f"{list(factor.vector)}. Use them with the scenario that they were made with."
        )
    low, high = (0.0, len(factor.values) - 1.0) if factor.values else (factor.low, factor.high)
    outside = [draw for draw in entry.draws if not low <= draw <= high]
    if outside:
        raise AnalysisError(f"{label}: {entry.key} has a draw of {outside[0]:g}, outside {low:g} to {high:g}.")
    return factor
