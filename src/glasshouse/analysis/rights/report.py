"""An assessment as data: the figures of each input, and the harms, with tables and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.ai_act.evidence import Evidence
from glasshouse.analysis.rights.annex import ANNEX
from glasshouse.analysis.rights.figures import COLUMNS, Figure
from glasshouse.analysis.rights.harms import Harm
from glasshouse.analysis.rights.law import CAVEATS, CHARTER, INPUTS, NOT_COUNTED, NOTICE
from glasshouse.analysis.rights.likelihood import Likelihood
from glasshouse.analysis.rights.sensitivity import Sensitivity
from glasshouse.results.provenance import Provenance
from glasshouse.results.result import Result
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import write_json

SUMMARISED = ("wrong_restrictions", "undeservedly_restricted", "not_undone")
"""Harms that the summary names."""


@dataclass(frozen=True)
class HarmFigures:
    """What the runs say of one harm.

    Attributes
    ----------
    harm : Harm
        The harm.
    figures : tuple of Figure
        The figure of everybody, then of each group and the rest.
    over_time : tuple of Figure
        In the first and in the last year under the regime.
    duration, reversibility : tuple of Figure
        How long it lasts, and how much of it is undone.
    likelihood : Likelihood
        In how many plausible settings it exceeds its mark.
    sensitivity : Sensitivity
        Which uncertain settings change it most.
    """

    harm: Harm
    figures: tuple[Figure, ...]
    over_time: tuple[Figure, ...]
    duration: tuple[Figure, ...]
    reversibility: tuple[Figure, ...]
    likelihood: Likelihood
    sensitivity: Sensitivity

    @property
    def name(self) -> str:
        """Name of the harm."""
        return self.harm.measure.name

    def facts(self) -> dict[str, Any]:
        """The harm as plain values for JSON.

        Returns
        -------
        dict
            With the articles that it touches, and all figures.
        """
        harm = self.harm
        return {
            "name": self.name,
            "title": harm.measure.title,
            "counted": harm.measure.formula,
            "unit": harm.measure.unit,
            "articles": [{"number": number, "title": CHARTER[number]} for number in harm.articles],
            "figures": [one.facts() for one in self.figures],
            "over_time": [one.facts() for one in self.over_time],
            "duration": [one.facts() for one in self.duration],
            "reversibility": [one.facts() for one in self.reversibility],
            "likelihood": self.likelihood.facts(),
            "sensitivity": self.sensitivity.facts(),
            "monitoring": harm.monitoring,
            "assumption": harm.assumption,
        }


@dataclass(frozen=True)
class RightsAssessment:
    """The inputs of a fundamental-rights impact assessment, as far as figures can give them.

    Attributes
    ----------
    scenario : Scenario
        What was assessed.
    evidence : Evidence
        The evidence sheet of the same scenario.
    result : Result
        The run from which the figures in both arms come.
    inputs : mapping of str to tuple of Figure
        The figures under each letter of Article 27(1).
    harms : tuple of HarmFigures
        The harms of input (d).
    oversight : tuple of (str, Figure)
        Harm under other human oversight, each with what is changed.
    draws : int
        Draws from the prior ranges on which likelihoods rest.
    provenance : Provenance
        Code, seed and machine of the run.
    """

    scenario: Scenario
    evidence: Evidence
    result: Result
    inputs: Mapping[str, tuple[Figure, ...]]
    harms: tuple[HarmFigures, ...]
    oversight: tuple[tuple[str, Figure], ...]
    draws: int
    provenance: Provenance

    def harm(self, name: str) -> HarmFigures:
        """One harm by its name.

        Parameters
        ----------
        name : str
            Name of what it counts, such as `wrong_restrictions`.

        Returns
        -------
        HarmFigures
            What the runs say of it.

        Raises
        ------
        KeyError
            If there is no such harm.
        """
        return {one.name: one for one in self.harms}[name]

    @property
    def summary(self) -> str:
        """Findings in a few hundred characters, as a register of uses may ask for."""
        named = " ".join(
            f"{one.harm.measure.title}: {one.figures[0].text('regime')} with the regime, {one.figures[0].text('reference')} "
            f"without it ({one.harm.measure.unit})."
            for one in map(self.harm, SUMMARISED)
        )
        return (
            f"Simulation of “{self.scenario.title}” on {self.scenario.society.citizens:,} synthetic citizens. {named} "
            "These are figures of a model and no verdict."
        )

    @property
    def table(self) -> Table:
        """Every figure of every harm as a row: harm, group, column, and the estimate."""
        rows = [
            (one.name, figure.group, column, found.mean, found.low, found.high)
            for one in self.harms
            for figure in one.figures
            for column in COLUMNS
            if (found := figure.values.get(column)) is not None
        ]
        names = ("harm", "group", "column", "mean", "low", "high")
        return Table("fria", {name: np.array([row[place] for row in rows]) for place, name in enumerate(names)})

    def facts(self) -> dict[str, Any]:
        """The whole assessment as plain values for JSON, which knows no NaN.

        Returns
        -------
        dict
            The notice, a summary, the six inputs, harms, points of Annex III and the provenance.
        """
        return {
            "notice": NOTICE,
            "caveats": list(CAVEATS),
            "scenario": {"title": self.scenario.title, "about": self.scenario.about},
            "summary": self.summary,
            "inputs": [
                {
                    "letter": one.letter,
                    "title": one.title,
                    "asks": one.asks,
                    "figures": [figure.facts() for figure in self.inputs[one.letter]],
                    "for_the_assessor": dict.fromkeys(one.assessor, ""),
                }
                for one in INPUTS
            ],
            "harms": [one.facts() for one in self.harms],
            "oversight": [{"changed": changed, **figure.facts()} for changed, figure in self.oversight],
            "not_counted": [{"article": number, "reason": reason} for number, reason in NOT_COUNTED],
            "annex_iii": [
                {"point": one.number, "covers": one.covers, "counted": one.counted, "left": one.left} for one in ANNEX
            ],
            "draws": self.draws,
            "provenance": self.provenance.facts(),
        }

    def save(self, folder: Path) -> None:
        """Write the evidence sheet's data, the harms as Parquet, and the whole assessment as JSON.

        Parameters
        ----------
        folder : Path
            Where to write.

        Raises
        ------
        StoringError
            If a file cannot be written.
        """
        self.evidence.save(folder)
        self.table.write(folder / "fria.parquet")
        write_json(folder / "fria.json", self.facts(), "the assessment")
