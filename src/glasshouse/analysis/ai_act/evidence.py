"""The evidence sheet in numbers: figures of every element with intervals, the map of data and harm, and the curve.

It presents evidence and does not judge: it has no figure and no field for whether an element is met.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.ai_act.elements import ELEMENTS
from glasshouse.analysis.ai_act.elements.element import Element, Formula, Question, RunStatistics
from glasshouse.analysis.ai_act.record_kinds import RecordKinds
from glasshouse.analysis.ai_act.relatedness import Relatedness
from glasshouse.analysis.ai_act.totals import GRAVITY, YEAR, EvidenceTotals, added
from glasshouse.model.declarations import Sum
from glasshouse.model.measure import ratio
from glasshouse.model.scale import IDENTITY, POSITIVE, Scale
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.provenance import Provenance
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import write_json

NOTICE = (
    "This sheet lays out evidence and gives no verdict. Whether a system falls under Article 5(1)(c) is for authorities and "
    "courts to say, on the whole of the facts. The Guidelines themselves do not bind courts. Every figure comes from a "
    "model on a synthetic population and holds only under the assumption beside it."
)


@dataclass(frozen=True)
class Figure:
    """The answer of a run to one question about one element.

    Attributes
    ----------
    element : Element
        The element.
    question : Question
        The question.
    found : Estimate
        The answer, in the question's unit.
    """

    element: Element
    question: Question
    found: Estimate


@dataclass(frozen=True)
class Flow:
    """Sanction in one context that rests on one kind of record.

    Attributes
    ----------
    kind, file, context : str
        The kind of record, the agency in whose file it stands, and the context of the sanction.
    rating : str
        Whether data of this file bear on this decision.
    found : Estimate
        The sanction in welfare-weeks per 1,000 adults and year.
    """

    kind: str
    file: str
    context: str
    rating: str
    found: Estimate


@dataclass(frozen=True)
class Gravity:
    """One class of people by the harm of their own acts.

    Attributes
    ----------
    name : str
        One of `GRAVITY`.
    share : Estimate
        Share of people in the class.
    harm, sanction : Estimate
        Harm of their acts and sanction on them, in welfare-weeks a person and year.
    """

    name: str
    share: Estimate
    harm: Estimate
    sanction: Estimate


@dataclass(frozen=True)
class Evidence:
    """The whole sheet.

    Attributes
    ----------
    scenario : Scenario
        What was assessed.
    ratings : Relatedness
        Which data bear on which decision.
    minor : float
        Harm in welfare-weeks up to which an act counts as minor.
    figures : tuple of Figure
        Answers to all questions.
    flows : tuple of Flow
        The map of data and harm.
    curve : tuple of Gravity
        The proportionality curve.
    provenance : Provenance
        Code, seed and machine of the run.
    """

    scenario: Scenario
    ratings: Relatedness
    minor: float
    figures: tuple[Figure, ...]
    flows: tuple[Flow, ...]
    curve: tuple[Gravity, ...]
    provenance: Provenance

    def figure(self, name: str) -> Estimate:
        """One figure by its name.

        Parameters
        ----------
        name : str
            Name of a question.

        Returns
        -------
        Estimate
            The answer.

        Raises
        ------
        KeyError
            If there is no such question.
        """
        return {figure.question.name: figure.found for figure in self.figures}[name]

    @property
    def table(self) -> Table:
        """Every figure as a row."""
        rows = [
            {
                "element": f.element.letter,
                "name": f.question.name,
                "title": f.question.title,
                "unit": f.question.unit,
                **asdict(f.found),
                "counted": f.question.counted,
                "assumption": f.question.assumption,
                "paragraphs": f.question.paragraphs,
            }
            for f in self.figures
        ]
        return _table("evidence", rows)

    @property
    def map(self) -> Table:
        """Kinds of records against the contexts of the sanctions that rest on them, a row for each pair."""
        rows = [
            {"kind": f.kind, "file": f.file, "context": f.context, "rating": f.rating, **asdict(f.found)}
            for f in self.flows
        ]
        return _table("map", rows)

    @property
    def proportionality(self) -> Table:
        """Harm done and sanction suffered, a row for each class of people and figure."""
        rows = [
            {"people": point.name, "figure": name, **asdict(getattr(point, name))}
            for point in self.curve
            for name in ("share", "harm", "sanction")
        ]
        return _table("proportionality", rows)

    def facts(self) -> dict[str, Any]:
        """The whole sheet as plain values for JSON, which knows no NaN.

        Returns
        -------
        dict
            The notice, the tables and the provenance; None stands for NaN.
        """
        agencies = self.scenario.declared.complete
        cells = [
            {"file": file, "context": context, "rating": cell.rating, "reason": cell.reason}
            for file, row in zip(agencies.names, self.ratings.cells, strict=True)
            for context, cell in zip(agencies.contexts, row, strict=True)
        ]
        return {
            "notice": NOTICE,
            "scenario": {"title": self.scenario.title, "about": self.scenario.about},
            "minor_line_ww": self.minor,
            "elements": [{"element": e.letter, "title": e.title, "paragraphs": e.paragraphs} for e in ELEMENTS],
            "figures": _rows(self.table),
            "map": _rows(self.map),
            "proportionality": _rows(self.proportionality),
            "relatedness": {"title": self.ratings.title, "about": self.ratings.about, "cells": cells},
            "provenance": self.provenance.facts(),
        }

    def save(self, folder: Path) -> None:
        """Write the tables as Parquet and the whole sheet as JSON.

        Parameters
        ----------
        folder : Path
            Where to write.

        Raises
        ------
        StoringError
            If a file cannot be written.
        """
        for table in (self.table, self.map, self.proportionality):
            table.write(folder / f"{table.name}.parquet")
        write_json(folder / "evidence.json", self.facts(), "the evidence sheet")


@dataclass(frozen=True)
class Counted:
    """The totals of all replicates, and what is needed to read them.

    Attributes
    ----------
    replicates : tuple of EvidenceTotals
        One for each replicate.
    ratings : Relatedness
        Which data bear on which decision.
    declared : tuple of Sum
        Declarations of the mechanisms' own sums.
    groups : tuple of str
        The groups that the scenario declares.
    records : RecordKinds
        The kinds of records that the score is made of.
    """

    replicates: tuple[EvidenceTotals, ...]
    ratings: Relatedness
    declared: tuple[Sum, ...]
    groups: tuple[str, ...]
    records: RecordKinds

    def estimate(self, figure: Formula, scale: Scale = IDENTITY) -> Estimate:
        """A figure from the sums of all replicates.

        Parameters
        ----------
        figure : callable
            Computes it from `RunStatistics`.
        scale : Scale
            The scale on which its interval is built.

        Returns
        -------
        Estimate
            With a jackknife interval over replicates.
        """

        def pooled(replicates: Sequence[int]) -> float:
            totals = added([self.replicates[r] for r in replicates])
            return float(figure(RunStatistics(totals, self.ratings, self.declared, self.groups, self.records)))

        return intervals.pooled(pooled, len(self.replicates), scale)

    def figures(self) -> tuple[Figure, ...]:
        """Every question of every element, answered.

        Returns
        -------
        tuple of Figure
            The answers, in the order of the elements and their questions.
        """
        return tuple(
            Figure(element, question, self.estimate(question.formula, question.scale))
            for element in ELEMENTS
            for question in element.asked(self.groups)
        )

    def flows(self) -> tuple[Flow, ...]:
        """The map of data and harm.

        Returns
        -------
        tuple of Flow
            One for each kind of record and context, kind by kind.
        """
        return tuple(
            Flow(
                kind.name,
                self.records.agencies.names[kind.agency],
                context,
                self.ratings.cells[kind.agency][place].rating,
                self.estimate(_flow(number, place), POSITIVE),
            )
            for number, kind in enumerate(self.records.kinds)
            for place, context in enumerate(self.records.agencies.contexts)
        )

    def curve(self) -> tuple[Gravity, ...]:
        """The proportionality curve.

        Returns
        -------
        tuple of Gravity
            One for each class of people in `GRAVITY`.
        """
        return tuple(
            Gravity(name, *(self.estimate(formula) for formula in _class(place))) for place, name in enumerate(GRAVITY)
        )


def _flow(kind: int, context: int) -> Formula:
    return lambda r: 1000 * YEAR * ratio(r.totals.restrictions.flow[kind, context], r.totals.adult_weeks)


def _class(place: int) -> tuple[Formula, Formula, Formula]:
    """Share, harm and sanction of one class of people."""
    return (
        lambda r: ratio(r.totals.people.number[place], r.totals.people.number.sum()),
        lambda r: ratio(r.totals.people.harm[place], r.totals.people.years[place]),
        lambda r: ratio(r.totals.people.sanction[place], r.totals.people.years[place]),
    )


def _table(name: str, rows: Sequence[dict[str, Any]]) -> Table:
    return Table(name, {key: np.array([row[key] for row in rows]) for key in rows[0]})


def _rows(table: Table) -> list[dict[str, Any]]:
    columns = {key: column.tolist() for key, column in table.columns.items()}
    return [{key: _plain(column[row]) for key, column in columns.items()} for row in range(len(table))]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
