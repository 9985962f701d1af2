"""Regimes side by side: harm, burden by group, redress, work, purpose, and what each safeguard avoids and costs.

All figures are changes from a regime's own reference arm, on the same people and random numbers. On one population the
regimes share these too, so that the difference of two of them is paired as well.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.ranking.measures import (
    HARMS,
    CasesHandled,
    TreatedWrongly,
    Undone,
    WrongDecisions,
    purpose_of,
)
from glasshouse.analysis.ranking.question import RankQuestion, lacking_groups, other_meanings
from glasshouse.analysis.ranking.safeguards import TOGETHER, treatments
from glasshouse.analysis.remedies.outcomes import Outcomes, simulate
from glasshouse.engine import run as engine
from glasshouse.engine.progress import OnProgress, run_of_series
from glasshouse.model.measure import FloatArray, Measure
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.scale import IDENTITY
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.provenance import Provenance
from glasshouse.results.table import Table
from glasshouse.results.totals import REFERENCE, REGIME
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import write_json

NOTICE = (
    "These regimes are simulated, on synthetic populations, and most of their settings are assumed. The order is that of the "
    "model's regimes under these settings, and says nothing about the authorities that had such regimes."
)

SPENDING = next(one for one in CATALOGUE if one.name == "cost")
"""What the model spends on control; investigations of claims have no price in it, and are counted as cases."""


@dataclass(frozen=True)
class Burden:
    """What a regime adds of a harm among a group, and among the rest.

    Attributes
    ----------
    regime, harm, unit, group : str
        Whose harm, its name and unit, and to whom.
    members, rest : Estimate
        What the regime adds a head.
    difference : Estimate
        Members less rest.
    """

    regime: str
    harm: str
    unit: str
    group: str
    members: Estimate
    rest: Estimate
    difference: Estimate


@dataclass(frozen=True)
class SafeguardFigures:
    """What a safeguard avoids in a regime, and what it costs the purpose.

    Attributes
    ----------
    regime, safeguard : str
        Their names; `all together` for every safeguard at once.
    avoided : Estimate
        Wrong decisions fewer than without it.
    avoided_people : Estimate
        People fewer who are restricted or investigated without cause.
    purpose : str
        Name of the measure of the stated purpose.
    lost : Estimate
        What the safeguard costs the purpose: less of it than without the safeguard.
    """

    regime: str
    safeguard: str
    avoided: Estimate
    avoided_people: Estimate
    purpose: str
    lost: Estimate


@dataclass(frozen=True)
class RegimeFigures:
    """One regime.

    Attributes
    ----------
    regime, title : str
        Its name and title.
    wrong_decisions, treated_wrongly : Estimate
        What it adds of each harm to its reference.
    more_than_next : Estimate
        Wrong decisions that it adds beyond the next regime in the order; undefined for the last one, and where the
        regimes have different populations.
    redress : Estimate
        Of the wrong decisions that it adds, the share that appeals undo; undefined where it adds none.
    spending, cases : Estimate
        What it adds to spending on control, and to the cases that the office handles.
    purpose : str
        Name of the measure of its stated purpose.
    served : Estimate
        What it adds to that.
    """

    regime: str
    title: str
    wrong_decisions: Estimate
    treated_wrongly: Estimate
    more_than_next: Estimate
    redress: Estimate
    spending: Estimate
    cases: Estimate
    purpose: str
    served: Estimate


@dataclass(frozen=True)
class Ranking:
    """Regimes side by side, the most harmful first.

    Attributes
    ----------
    question : RankQuestion
        What was asked.
    regimes : tuple of RegimeFigures
        The regimes by wrong decisions that they add, the most first.
    burdens : tuple of Burden
        For each regime, harm and declared group, in the same order.
    safeguards : tuple of SafeguardFigures
        For each regime and safeguard that changes something in it; empty if none was asked for.
    provenance : Provenance
        Code, seed and machine of the runs, of the first scenario.
    """

    question: RankQuestion
    regimes: tuple[RegimeFigures, ...]
    burdens: tuple[Burden, ...]
    safeguards: tuple[SafeguardFigures, ...]
    provenance: Provenance

    def scenario(self, name: str) -> Scenario:
        """The scenario of a regime.

        Parameters
        ----------
        name : str
            Name of the regime.

        Returns
        -------
        Scenario
            As it was run.
        """
        return next(one for one in self.question.scenarios if one.name == name)

    @property
    def lacking(self) -> dict[str, tuple[str, ...]]:
        """Groups that a regime treats differently and its population lacks, by regime; regimes without one are left out."""
        found = {one.name: lacking_groups(one) for one in self.question.scenarios}
        return {name: groups for name, groups in found.items() if groups}

    @property
    def meanings(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Groups that mean something else in a regime's own country, by regime: what there, and what here."""
        pairs = zip(self.question.scenarios, self.question.own, strict=True)
        found = {one.name: other_meanings(one, own) for one, own in pairs}
        return {name: groups for name, groups in found.items() if groups}

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables `regimes`, `burdens` and `safeguards`, with a row for each entry."""
        return tuple(_table(name, entries) for name, entries in self._entries.items())

    @property
    def _entries(self) -> dict[str, Sequence[Any]]:
        return {"regimes": self.regimes, "burdens": self.burdens, "safeguards": self.safeguards}

    def facts(self) -> dict[str, Any]:
        """Everything as plain values for JSON, which knows no NaN.

        Returns
        -------
        dict
            The notice, the tables, what populations lack and the provenance; None stands for NaN.
        """
        purposes = (purpose_of(one) for one in self.question.scenarios)
        measures: set[type[Measure]] = {*HARMS, SPENDING, CasesHandled, *purposes}
        return {
            "notice": NOTICE,
            "shared": self.question.shared,
            "measures": {
                one.name: {"title": one.title, "unit": one.unit, "formula": one.formula}
                for one in sorted(measures, key=lambda one: one.name)
            },
            **{name: [_finite(_row(one)) for one in entries] for name, entries in self._entries.items()},
            "lacking": {name: list(groups) for name, groups in self.lacking.items()},
            "provenance": self.provenance.facts(),
        }

    def save(self, folder: Path) -> None:
        """Write the tables as Parquet and everything as JSON.

        Parameters
        ----------
        folder : Path
            Where to write.

        Raises
        ------
        StoringError
            If a file cannot be written.
        """
        for table in self.tables:
            if len(table):
                table.write(folder / f"{table.name}.parquet")
        write_json(folder / "rank.json", self.facts(), "the regimes side by side")


def rank(question: RankQuestion, *, threads: int | None = None, progress: OnProgress | None = None) -> Ranking:
    """Run regimes with and without safeguards, and sort them by harm.

    Parameters
    ----------
    question : RankQuestion
        What is asked.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `SeriesProgress` now and then.

    Returns
    -------
    Ranking
        The regimes, the most harmful first.

    Raises
    ------
    GlasshouseError
        If the question cannot be answered; and whatever a run raises.
    """
    question.check()
    begun, count = time.perf_counter(), len(question.scenarios)
    outcomes: dict[str, Outcomes] = {}
    arms: dict[str, tuple[str, ...]] = {}
    for number, scenario in enumerate(question.scenarios):
        tried = treatments(scenario, question.safeguards)
        told = run_of_series(progress, number, count)
        found, backend = simulate(scenario, tried, paired=False, threads=threads, progress=told)
        outcomes[scenario.name], arms[scenario.name] = found, tuple(tried)
        if number == 0:
            provenance = engine.provenance_of(scenario, backend, begun)
    ordered = sorted(question.scenarios, key=lambda one: -outcomes[one.name].less(WrongDecisions, REFERENCE).mean)
    following = [outcomes[one.name] for one in ordered[1:]] if question.shared else []
    rows = tuple(
        _figures(one, outcomes[one.name], following[place] if place < len(following) else None)
        for place, one in enumerate(ordered)
    )
    burdens = tuple(one for scenario in ordered for one in _burdens(scenario, outcomes[scenario.name]))
    safeguards = tuple(
        one for scenario in ordered for one in _safeguards(scenario, outcomes[scenario.name], arms[scenario.name])
    )
    return Ranking(question, rows, burdens, safeguards, provenance)


def _added(found: Outcomes, measure: type[Measure], group: str = EVERYBODY) -> FloatArray:
    """What the regime adds of a measure, from each resample."""
    return found.figures(measure, REGIME, group) - found.figures(measure, REFERENCE, group)


def _figures(scenario: Scenario, found: Outcomes, following: Outcomes | None) -> RegimeFigures:
    purpose, wrong = purpose_of(scenario), _added(found, WrongDecisions)
    # Appeals against a regime's own decisions: what its reference undoes anyway is taken out.
    with np.errstate(divide="ignore", invalid="ignore"):
        undone = np.where(wrong > 0, _added(found, Undone) / wrong, np.nan)
    beyond = np.full_like(wrong, np.nan) if following is None else wrong - _added(following, WrongDecisions)
    return RegimeFigures(
        scenario.name,
        scenario.title,
        found.less(WrongDecisions, REFERENCE),
        found.less(TreatedWrongly, REFERENCE),
        intervals.level(beyond, IDENTITY).estimate(),
        _none_said(intervals.level(undone, IDENTITY).estimate()),
        found.less(SPENDING, REFERENCE),
        found.less(CasesHandled, REFERENCE),
        purpose.name,
        found.less(purpose, REFERENCE),
    )


def _none_said(found: Estimate) -> Estimate:
    """A share that is zero in every replicate without limits, which would be zero too."""
    if not found.is_zero:
        return found
    return replace(found, low=np.nan, high=np.nan, reason=intervals.NO_EVENT.format(f"{found.replicates:,}"))


def _burdens(scenario: Scenario, found: Outcomes) -> Iterator[Burden]:
    for harm in HARMS:
        for group in scenario.society.groups:
            rest = f"not {group}"
            apart = _added(found, harm, group) - _added(found, harm, rest)
            yield Burden(
                scenario.name,
                harm.name,
                harm.unit,
                group,
                found.less(harm, REFERENCE, group=group),
                found.less(harm, REFERENCE, group=rest),
                intervals.level(apart, IDENTITY).estimate(),
            )


def _safeguards(scenario: Scenario, found: Outcomes, arms: Sequence[str]) -> Iterator[SafeguardFigures]:
    purpose = purpose_of(scenario)
    for arm in sorted(arms, key=lambda name: name == TOGETHER):
        avoided, people = found.less(WrongDecisions, arm), found.less(TreatedWrongly, arm)
        yield SafeguardFigures(scenario.name, arm, avoided, people, purpose.name, found.less(purpose, arm))


def _row(entry: Any) -> dict[str, Any]:
    """An entry as a flat row: an estimate is three numbers."""
    row: dict[str, Any] = {}
    for one in fields(entry):
        value = getattr(entry, one.name)
        if isinstance(value, Estimate):
            row |= {one.name: value.mean, f"{one.name}_low": value.low, f"{one.name}_high": value.high}
        else:
            row[one.name] = value
    return row


def _finite(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}


def _table(name: str, entries: Sequence[Any]) -> Table:
    rows = [_row(one) for one in entries]
    return Table(name, {key: np.array([row[key] for row in rows]) for key in (rows[0] if rows else {})})
