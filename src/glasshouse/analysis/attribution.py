"""Which mechanisms decide between two regimes: tables are swapped one at a time under common random numbers.

Two scenarios that share population, run and reference arm differ in the regime's tables alone. Each table that differs
is put from the second into the first, and from the first into the second; what the figures move by, on average of both
ways, is what the table carries of the difference. What is left over is carried by tables together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np

from glasshouse.engine import run as engine
from glasshouse.engine.progress import OnProgress, run_of_series
from glasshouse.errors import ScenarioError
from glasshouse.model.component import Component
from glasshouse.model.measure import Measure
from glasshouse.model.measures.governance import GovernanceSoon
from glasshouse.model.measures.speech import ControlExpected
from glasshouse.model.scale import IDENTITY
from glasshouse.results import intervals
from glasshouse.results.estimate import Estimate
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import Scenario

JUDGED: tuple[type[Measure], ...] = (ControlExpected, GovernanceSoon)
"""What the two regimes are compared in: control, from chances to protest so that noise does not hide it, and governance."""

INTERACTION = "together"
"""The name of what tables carry only together."""


@dataclass(frozen=True)
class Contribution:
    """What one table carries of the difference in each of `JUDGED`, and its settings that differ, as words."""

    table: str
    settings: tuple[str, ...]
    parts: tuple[Estimate, ...]


@dataclass(frozen=True)
class Attribution:
    """Two regimes, their effects in each of `JUDGED`, the differences, and what carries them, together last."""

    first: Scenario
    second: Scenario
    effects: tuple[tuple[Estimate, Estimate], ...]
    differences: tuple[Estimate, ...]
    carried: tuple[Contribution, ...]

    def leading(self, place: int) -> Contribution | None:
        """The table that certainly carries most of a difference in its direction.

        Parameters
        ----------
        place : int
            Index of the measure in `JUDGED`.

        Returns
        -------
        Contribution or None
            The largest contribution whose interval lies wholly on the side of the difference; None if there is none.
        """
        sign = 1.0 if self.differences[place].mean > 0.0 else -1.0
        sure = [one for one in self.carried if min(sign * one.parts[place].low, sign * one.parts[place].high) > 0.0]
        return max(sure, key=lambda one: sign * one.parts[place].mean, default=None)

    @property
    def sentence(self) -> str:
        """Which tables decide, in words."""
        names = ("control", "governance")
        parts = [self._main_part(name, place) for place, name in enumerate(names)]
        return f"From “{self.first.title}” to “{self.second.title}” {'; '.join(parts)}."

    def _main_part(self, name: str, place: int) -> str:
        found, leading = self.differences[place], self.leading(place)
        if found.is_zero:
            return f"{name} does not change"
        change = f"{name} changes by {found.text(100, ' percentage points')}"
        if leading is None:
            return f"{change}, and no table alone certainly carries that"
        what = "tables together carry" if leading.table == INTERACTION else f"the table [{leading.table}] carries"
        return f"{change}, of which {what} {leading.parts[place].text(100, '')}"


def decide(
    first: Scenario, second: Scenario, *, threads: int | None = None, progress: OnProgress | None = None
) -> Attribution:
    """Run both scenarios and every swap of one table, and attribute the difference to the tables.

    Parameters
    ----------
    first : Scenario
        The first scenario.
    second : Scenario
        The second scenario. It must differ from the first in the regime, and in nothing else.
    threads : int, optional
        Number of threads of each run.
    progress : callable, optional
        Is given a `SeriesProgress` now and then.

    Returns
    -------
    Attribution
        What each table carries of the difference, and what tables carry only together.

    Raises
    ------
    ScenarioError
        If the scenarios differ in more than their regimes, or in nothing.
    """
    names = differing(first, second)
    explicit_overrides = tuple(dict.fromkeys((*first.explicit_overrides, *second.explicit_overrides)))
    planned = [first, second]
    for name in names:
        planned += [_with(first, second, name), _with(second, first, name)]
    results = []
    for number, scenario in enumerate(planned):
        report = run_of_series(progress, number, len(planned))
        chosen = replace(scenario, explicit_overrides=explicit_overrides)
        results.append(engine.run(chosen, threads=threads, progress=report))
    swaps = [(name, results[2 + 2 * k], results[3 + 2 * k]) for k, name in enumerate(names)]
    return _decision(first, second, results, swaps)


def _decision(
    first: Scenario, second: Scenario, results: Sequence[Result], swaps: Sequence[tuple[str, Result, Result]]
) -> Attribution:
    """The decision from the runs of both scenarios and of each table's swaps."""
    from_, to = results[0], results[1]
    effects, differences, parts = [], [], []
    for measure in JUDGED:
        effects.append((weighed(measure, [(1.0, from_)]), weighed(measure, [(1.0, to)])))
        whole = [(1.0, to), (-1.0, from_)]
        differences.append(weighed(measure, whole))
        ways = [[(0.5, put), (-0.5, from_), (0.5, to), (-0.5, back)] for _, put, back in swaps]
        rest = [*whole, *((-weight, result) for way in ways for weight, result in way)]
        parts.append([weighed(measure, terms) for terms in [*ways, rest]])
    tables = [*((name, _settings(first, second, name)) for name, _, _ in swaps), (INTERACTION, ())]
    carried = tuple(
        Contribution(name, settings, tuple(part[k] for part in parts)) for k, (name, settings) in enumerate(tables)
    )
    return Attribution(first, second, tuple(effects), tuple(differences), carried)


def differing(first: Scenario, second: Scenario) -> tuple[str, ...]:
    """Names of the regime's tables that differ between two scenarios.

    Parameters
    ----------
    first : Scenario
        The first scenario.
    second : Scenario
        The second scenario.

    Returns
    -------
    tuple of str
        The names of the tables; at least one.

    Raises
    ------
    ScenarioError
        If anything else differs, if no table does, or if a regime changes later.
    """
    for path in ("run", "society", "declared.agencies", "declared.conduct_kinds", "reference"):
        if attrgetter(path)(first) != attrgetter(path)(second):
            table = path.rpartition(".")[2]
            raise ScenarioError(
                f"{first.name} and {second.name} differ in [{table}]. Let them differ in the regime's tables alone."
            )
    if first.changes or second.changes:
        raise ScenarioError("a regime that changes later cannot be taken apart. Remove [[change]].")
    names = tuple(a.name for a, b in zip(first.mechanisms, second.mechanisms, strict=True) if a != b)
    if not names:
        raise ScenarioError(f"{first.name} and {second.name} have the same regime. Name two that differ.")
    return names


def _with(scenario: Scenario, other: Scenario, name: str) -> Scenario:
    """The scenario with one of its regime's tables taken from the other."""
    pairs = zip(scenario.mechanisms, other.mechanisms, strict=True)
    return replace(scenario, mechanisms=tuple(b if a.name == name else a for a, b in pairs))


def _settings(first: Scenario, second: Scenario, name: str) -> tuple[str, ...]:
    """“platform 0 → 0.5” for each setting of a table that differs."""
    one, other = (_table(scenario, name) for scenario in (first, second))
    keys = (key for key in type(one).model_fields if getattr(one, key) != getattr(other, key))
    return tuple(f"{key} {_number(getattr(one, key))} → {_number(getattr(other, key))}" for key in keys)


def _table(scenario: Scenario, name: str) -> Component:
    return next(table for table in scenario.mechanisms if table.name == name)


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def weighed(measure: type[Measure], terms: Sequence[tuple[float, Result]]) -> Estimate:
    """A weighted sum of the effects on a measure in several runs of the same replicates.

    Parameters
    ----------
    measure : type of Measure
        The measure.
    terms : sequence of (float, Result)
        Weight and result of each run.

    Returns
    -------
    Estimate
        The sum with its jackknife interval over replicates.
    """
    parts = np.array([weight * result.effect_figures(measure) for weight, result in terms])
    figures = parts.sum(axis=0)
    figures[np.abs(figures) <= intervals.ROUNDING * np.abs(parts).sum(axis=0)] = 0.0
    found = intervals.level(figures, IDENTITY).estimate()
    # An effect that cannot be told in one of the runs cannot be compared either.
    reasons = [effect.reason for effect in (result.effect(measure) for _, result in terms) if effect.reason]
    return replace(found, low=np.nan, high=np.nan, reason=reasons[0]) if reasons else found
