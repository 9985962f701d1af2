"""What the pages of instruments share: estimates in a language, charts to take along, and how a page can be checked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasshouse.report import charts
from glasshouse.report.chart import Chart
from glasshouse.report.charts import Rows, Spec
from glasshouse.report.elements import Cell, Figure, Table
from glasshouse.report.i18n import ENGLISH, Words
from glasshouse.report.i18n import mark as _
from glasshouse.report.run.chart_tools import tools_of
from glasshouse.results.estimate import Estimate
from glasshouse.results.table import Table as Data
from glasshouse.scenario.scenario import Scenario


def estimate_text(
    value: Estimate, words: Words = ENGLISH, scale: float = 1.0, unit: str = "", *, change: bool = False
) -> str:
    """An estimate for a reader in a language.

    Parameters
    ----------
    value : Estimate
        The estimate.
    words : Words, default English
        The language.
    scale : float
        Factor by which the numbers are multiplied.
    unit : str
        What is written after the mean, in the language, a space included.
    change : bool
        Whether it is a change, which may be none.

    Returns
    -------
    str
        As `Estimate.text` or `Estimate.change` writes it.
    """
    if words.language == "en":
        return value.change(scale, unit) if change else value.text(scale, unit)
    if math.isnan(value.mean):
        return words.gettext(_("undefined"))
    if change and value.is_zero:
        return words.gettext(_("no change"))
    if math.isnan(value.low):
        mean, _bracket, _reason = value.text(scale, "").partition(" (")
        none = words.gettext(_("no interval"))
        return f"{words.figures(mean)}{unit} ({none})"
    text = words.figures(value.text(scale, unit).replace(f"; {value.counted}", ""))
    if not value.counted:
        return text
    some = words.say(_("in {some} of {all} replicates"), some=value.replicates, all=value.total)
    return f"{text[:-1]}; {some})"


@dataclass(frozen=True)
class Drawing:
    """A chart of an instrument.

    Attributes
    ----------
    name : str
        A name that no other chart of the page has.
    titles : tuple of (str, str)
        Its title in the language, and in English for the sentence to cite.
    spec : dict
        The chart in Vega-Lite.
    rows : list of dict
        The figures that are drawn, with the same keys in each.
    told : tuple of (str, str)
        What the chart shows in words, and how to read it.
    """

    name: str
    titles: tuple[str, str]
    spec: Spec
    rows: Rows
    told: tuple[str, str]


def chart(one: Drawing, scenario: Scenario, facts: Mapping[str, Any], words: Words = ENGLISH) -> Figure:
    """A chart that a reader can save and cite.

    Parameters
    ----------
    one : Drawing
        The chart.
    scenario : Scenario
        The scenario.
    facts : mapping of str to object
        The provenance by name.
    words : Words, default English
        The language.

    Returns
    -------
    Figure
        The chart.
    """
    columns = {key: np.array([row[key] for row in one.rows]) for key in (one.rows[0] if one.rows else {})}
    citation = (
        f"{one.titles[1]}. Simulated scenario “{scenario.title}” ({scenario.society.citizens:,} synthetic citizens, "
        f"{scenario.run.weeks:,} weeks, replicates: {scenario.run.replicates:,}). Glasshouse {facts['version']}, scenario digest "
        f"{facts['scenario_digest']}, random seed {facts['seed']}, code digest {facts['code_digest']}."
    )
    found = Chart(one.titles[0], citation, one.spec, Data(one.name, columns))
    return Figure(one.titles[0], charts.svg(one.spec, one.name), *one.told, tools_of(found, words))


def facts_table(facts: Mapping[str, Any]) -> Table:
    """How a run was made, as a table.

    Parameters
    ----------
    facts : mapping of str to object
        The provenance by name.

    Returns
    -------
    Table
        A row for each fact.
    """
    return Table(
        ("What", "Value"), [(key.replace("_", " "), Cell(_plain(value), style="code")) for key, value in facts.items()]
    )


def _plain(value: object) -> str:
    return ", ".join(f"{key} {text}" for key, text in value.items()) if isinstance(value, dict) else str(value)
