"""Audits of a scenario, scored against the truth, as a report with tables."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.analysis.audit.cross_count import WRONG_BY, CrossCount
from glasshouse.analysis.audit.desk import Practice
from glasshouse.analysis.audit.draws import Range, over_draws
from glasshouse.analysis.audit.least_requests import Request, least_requests
from glasshouse.analysis.audit.methods import METHODS
from glasshouse.analysis.audit.scoring import AUDITS, Question, Score, scores
from glasshouse.analysis.audit.simulation import cross_counts
from glasshouse.analysis.audit.world import World
from glasshouse.analysis.prior_draws import drawn_scenarios
from glasshouse.engine import run as engine
from glasshouse.engine.progress import OnProgress
from glasshouse.errors import RunningError
from glasshouse.model.scale import POSITIVE
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.provenance import Provenance
from glasshouse.results.table import Table
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import write_json

NOTICE = (
    "These audits are simulated, on a synthetic population. They say how often a method would find a difference that is "
    "known to be there, and how often one that is not. A finding of an auditor, here or elsewhere, is no verdict: whether "
    "a difference is unlawful is for authorities and courts to say, on the whole of the facts."
)


@dataclass(frozen=True)
class Group:
    """What is true of a group and of the rest in the last year of the run.

    Attributes
    ----------
    name : str
        The group.
    share : float
        Its share of adults.
    listed, wrongly_listed : tuple of float
        Adults listed, and wrongly listed, per 1,000 of the group and of the rest.
    truth : Estimate
        How many times as often a member is wrongly listed as one of the rest, with an interval over replicates.
    cases : int
        Simulated people of the group who were wrongly listed, in all replicates: what the ratio rests on.
    """

    name: str
    share: float
    listed: tuple[float, float]
    wrongly_listed: tuple[float, float]
    truth: Estimate
    cases: int


@dataclass(frozen=True)
class AuditPlan:
    """What is asked, and how audits are made.

    Attributes
    ----------
    questions : tuple of Question
        The questions, one for each group.
    practice : Practice
        How audits are made.
    audits : int
        Audits by each method.
    draws : int
        Draws from the priors over which figures are repeated; 0 for none.
    """

    questions: tuple[Question, ...]
    practice: Practice = field(default_factory=Practice)
    audits: int = AUDITS
    draws: int = 0


@dataclass(frozen=True)
class AuditReport:
    """The whole report.

    Attributes
    ----------
    scenario : Scenario
        What was audited.
    plan : AuditPlan
        What was asked.
    groups : tuple of Group
        The truth, for each question.
    scores : tuple of Score
        How each method fares with each question.
    requests : tuple of Request
        The least requests.
    ranges : tuple of Range
        Figures over draws from the priors; empty without draws.
    provenance : Provenance
        Code, seed and machine of the run.
    """

    scenario: Scenario
    plan: AuditPlan
    groups: tuple[Group, ...]
    scores: tuple[Score, ...]
    requests: tuple[Request, ...]
    ranges: tuple[Range, ...]
    provenance: Provenance

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables `groups`, `scores`, `requests` and `ranges`, with a row for each entry."""
        groups = [
            {
                "group": one.name,
                "share": one.share,
                "listed": one.listed[0],
                "listed_rest": one.listed[1],
                "wrongly_listed": one.wrongly_listed[0],
                "wrongly_listed_rest": one.wrongly_listed[1],
                "people_wrongly_listed": one.cases,
                **{f"ratio_{name}": getattr(one.truth, name) for name in ("mean", "low", "high")},
            }
            for one in self.groups
        ]
        scored = [{**asdict(one), "bias": one.bias, "misleads": ", ".join(one.faults)} for one in self.scores]
        asked = [{**asdict(one), "cases": math.nan if one.cases is None else float(one.cases)} for one in self.requests]
        ranges = [asdict(one) for one in self.ranges]
        rows = {"groups": groups, "scores": scored, "requests": asked, "ranges": ranges}
        return tuple(_table(name, entries) for name, entries in rows.items())

    def table(self, name: str) -> Table:
        """One table by its name.

        Parameters
        ----------
        name : str
            `groups`, `scores`, `requests` or `ranges`.

        Returns
        -------
        Table
            The table.

        Raises
        ------
        KeyError
            If there is no such table.
        """
        return {table.name: table for table in self.tables}[name]

    def facts(self) -> dict[str, Any]:
        """The whole report as plain values for JSON, which knows no NaN.

        Returns
        -------
        dict
            The notice, the questions, the tables and the provenance; None stands for NaN and infinity.
        """
        return {
            "notice": NOTICE,
            "scenario": {"title": self.scenario.title, "about": self.scenario.about},
            "questions": [asdict(question) for question in self.plan.questions],
            "practice": asdict(self.plan.practice),
            "audits": self.plan.audits,
            "draws": self.plan.draws,
            "methods": [
                {"name": one.name, "title": one.title, "sees": one.sees, "misleads": one.misleads} for one in METHODS
            ],
            **{table.name: _rows(table) for table in self.tables},
            "provenance": self.provenance.facts(),
        }

    def save(self, folder: Path) -> None:
        """Write the tables as Parquet and the whole report as JSON.

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
        write_json(folder / "audit.json", self.facts(), "the report of audits")


def audit(
    scenario: Scenario, plan: AuditPlan, *, threads: int | None = None, progress: OnProgress | None = None
) -> AuditReport:
    """Run the regime of a scenario and let simulated auditors look at its last year.

    Parameters
    ----------
    scenario : Scenario
        What to audit.
    plan : AuditPlan
        What is asked, and how.
    threads : int or None
        Processors to use; all by default.
    progress : callable or None
        Is given a `Progress` now and then.

    Returns
    -------
    AuditReport
        Scores of all methods, least requests, and, with draws, their ranges.

    Raises
    ------
    RunningError
        If a number of the plan is impossible, or the scenario lacks what an audit reads; and whatever a run raises.
    """
    _check(scenario, plan)
    begun = time.perf_counter()
    replicates, backend = cross_counts(scenario, threads=threads, progress=progress)
    counted = reduce(add, replicates)
    scored: list[Score] = []
    asked: list[Request] = []
    for question in plan.questions:
        world = World.of(counted, question.yardstick)
        scored += scores(world, question, plan.practice, audits=plan.audits, seed=scenario.run.seed)
        asked += least_requests(world, question)
    drawn = drawn_scenarios(scenario, plan.draws) if plan.draws else []
    ranges = over_draws(drawn, plan.questions, plan.practice, threads=threads, progress=progress) if drawn else ()
    return AuditReport(
        scenario,
        plan,
        tuple(_group(replicates, question) for question in plan.questions),
        tuple(scored),
        tuple(asked),
        ranges,
        engine.provenance_of(scenario, backend, begun),
    )


def plan_of(scenario: Scenario, options: Mapping[str, Any]) -> AuditPlan:
    """The plan that some keyword arguments describe.

    Parameters
    ----------
    scenario : Scenario
        What is audited: all its declared groups are asked about unless some are named.
    options : mapping of str to object
        `groups`, `cases`, `times`, `yardstick`, `audits` and `draws`, each of which may be missing; others are not read.

    Returns
    -------
    AuditPlan
        The plan, with the usual value for what is missing.
    """
    groups = options.get("groups") or scenario.society.groups
    asked = {key: options[key] for key in ("times", "yardstick") if options.get(key) is not None}
    made = {key: options[key] for key in ("audits", "draws") if options.get(key) is not None}
    practice = Practice() if options.get("cases") is None else Practice(options["cases"])
    return AuditPlan(tuple(Question(group, **asked) for group in groups), practice, **made)


def _check(scenario: Scenario, plan: AuditPlan) -> None:
    """RunningError for what no audit can be of."""
    practice = plan.practice
    least = {
        "cases": (practice.cases, 1),
        "audits": (plan.audits, 1),
        "adults": (practice.adults, 100),
        "draws": (plan.draws, 0),
    }
    for name, (value, low) in least.items():
        if value < low:
            raise RunningError(f"{name} is {value}. Give {low} or more.")
    for question in plan.questions:
        if not (math.isfinite(question.times) and question.times > 0 and question.times != 1):
            raise RunningError(f"times is {question.times}. Give a positive number other than 1, such as 2.")
        if question.group not in scenario.society.groups:
            raise RunningError(
                f"There is no group {question.group}. The groups are {', '.join(scenario.society.groups)}."
            )
        if question.yardstick not in WRONG_BY:
            raise RunningError(f"There is no yardstick {question.yardstick}. The yardsticks are {', '.join(WRONG_BY)}.")


def _group(replicates: Sequence[CrossCount], question: Question) -> Group:
    """The truth about a group."""
    counted = reduce(add, replicates)
    world, name = World.of(counted, question.yardstick), question.group
    members = world.members(name)
    adults = np.array([world.adults[members].sum(), world.adults[~members].sum()])

    def per_thousand(part: Any) -> tuple[float, float]:
        mine, rest = 1000 * np.array([part[members].sum(), part[~members].sum()]) / np.where(adults > 0, adults, np.nan)
        return float(mine), float(rest)

    def truth(some: Sequence[int]) -> float:
        return World.of(reduce(add, [replicates[r] for r in some]), question.yardstick).truth(name)

    return Group(
        name,
        float(adults[0]),
        per_thousand(world.wrong + world.right),
        per_thousand(world.wrong),
        intervals.pooled(truth, len(replicates), POSITIVE),
        round(float(world.wrong[members].sum()) * int(counted.adults.sum())),
    )


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    return Table(name, {key: np.array([row[key] for row in rows]) for key in (rows[0] if rows else {})})


def _rows(table: Table) -> list[dict[str, Any]]:
    """Rows of a table as plain values."""
    columns = [[_plain(value) for value in column.tolist()] for column in table.columns.values()]
    return [dict(zip(table.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
