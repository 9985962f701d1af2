"""What the columns of tables are: titles, units and formulas, and what a table comes from."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Measure
from glasshouse.results.group_ratios import BURDENS
from glasshouse.results.provenance import Provenance
from glasshouse.results.table import Table

Notes = dict[str, dict[str, str]]

KEYS: Notes = {
    "run": {"title": "number of the run", "unit": ""},
    "point": {"title": "number of the point of the design", "unit": ""},
    "replicate": {"title": "number of the replicate, from 0; each has a random seed of its own", "unit": ""},
    "arm": {"title": "reference, regime, or difference (regime less reference)", "unit": ""},
    "week": {"title": "week of the run, from 0", "unit": "weeks"},
    "year": {"title": "year of the run, from 0", "unit": "years"},
    "group": {"title": "group of citizens", "unit": ""},
    "district": {"title": "number of the district", "unit": ""},
    "adoption_week": {"title": "week in which the district comes under the regime", "unit": "weeks"},
    "measure": {"title": "name of the measure", "unit": ""},
    "burden": {"title": "name of the burden", "unit": ""},
    "mean": {"title": "figure over all replicates, in the unit of its row", "unit": ""},
    "low": {"title": "lower limit of the 95 % interval over replicates", "unit": ""},
    "high": {"title": "upper limit of the 95 % interval over replicates", "unit": ""},
    "replicates": {"title": "replicates that the figure rests on", "unit": ""},
    "ratio": {"title": "burden of a member of the group over that of one of the rest", "unit": "times"},
    "value": {"title": "figure, in the unit of its row", "unit": ""},
    "unit": {"title": "unit of the figure", "unit": ""},
    "better": {"title": "whether less, more or neither is better", "unit": ""},
}
"""Columns that say what a row is, and those of figures with intervals."""


def of_sums(sums: Iterable[Sum]) -> Notes:
    """Notes of columns that hold sums.

    Parameters
    ----------
    sums : iterable of Sum
        The declarations.

    Returns
    -------
    dict
        Title and unit by name.
    """
    return {one.name: {"title": one.doc, "unit": one.unit} for one in sums}


def of_measures(measures: Iterable[type[Measure]]) -> Notes:
    """Notes of measures.

    Parameters
    ----------
    measures : iterable of type of Measure
        The measures.

    Returns
    -------
    dict
        Title, unit and formula by name.
    """
    return {one.name: {"title": one.title, "unit": one.unit, "formula": one.formula} for one in measures}


def facts(provenance: Provenance) -> dict[str, Any]:
    """What the tables of a run come from.

    Parameters
    ----------
    provenance : Provenance
        The record of the run.

    Returns
    -------
    dict of str to object
        Scenario, title, random seed, replicates, digests and version; neither time nor machine, so that equal runs write equal
        bytes.
    """
    return {
        "scenario": provenance.scenario,
        "title": provenance.title,
        "seed": provenance.seed,
        "replicates": provenance.replicates,
        "citizens": provenance.citizens,
        "weeks": provenance.weeks,
        "scenario_digest": provenance.scenario_digest,
        "code_digest": provenance.code_digest,
        "version": provenance.version,
    }


def codebook(tables: Iterable[Table], measures: Iterable[type[Measure]]) -> Table:
    """The notes of tables as a table of their own, for programs that do not read metadata.

    Parameters
    ----------
    tables : iterable of Table
        The tables.
    measures : iterable of type of Measure
        Measures that stand in a column by name.

    Returns
    -------
    Table
        A row for each column of each table, and one for each measure and burden under the name of the column that names it.
    """
    rows = [(table.name, column, table.notes.get(column, {})) for table in tables for column in table.columns]
    rows += [("measure", name, notes) for name, notes in of_measures(measures).items()]
    rows += [("burden", one.name, {"title": one.title, "formula": one.formula}) for one in BURDENS]
    keys: Mapping[str, list[str]] = {
        "table": [table for table, _, _ in rows],
        "column": [column for _, column, _ in rows],
        **{key: [notes.get(key, "") for _, _, notes in rows] for key in ("title", "unit", "formula")},
    }
    return Table("codebook", {key: np.array(values, dtype=str) for key, values in keys.items()})
