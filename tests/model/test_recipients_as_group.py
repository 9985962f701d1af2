"""Figures of recipients: a citizen's sums of a week count for the group if they came into the week drawing a benefit."""

from dataclasses import replace

import numpy as np

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.codes import NOT_CLAIMED
from glasshouse.model.entities import Population
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.mechanisms.recipients import Recipients
from glasshouse.results.groups import cells_of
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)
DECLARED = ("minority", "migrant", "recipient")
TABLES = (Problems(arrival=0.3), Recipients(line=0.8, give_up=0.2, resume=0.3))
ADULTS = [total.name for total in LAYOUT.sums].index("adults")


def people(number: int) -> Population:
    """Adults of whom each belongs to the third group in the weeks in which they draw a benefit."""
    population = adults(number)
    citizens = population.citizens.copy()
    citizens["cell"] += 4 * 16
    return replace(population, citizens=citizens)


def test_those_who_draw_a_benefit_are_counted_as_recipients_in_the_week_after() -> None:
    population, backend = people(400), CompiledBackend(LAYOUT, PAIRINGS, threads=1)
    state, grown = arm_state(LAYOUT, population, TABLES), population.citizens["adult"] > 0
    members = []
    for week in range(4):
        benefit = state.citizens["benefit"].copy()
        drawing = (benefit > 0) & (benefit < NOT_CLAIMED) & grown
        backend.step(state, 3, week)
        counted = state.totals[:, cells_of("recipient", DECLARED), ADULTS].sum()
        members.append(counted)
        assert counted == drawing.sum()
        migrants = state.totals[:, cells_of("migrant", DECLARED), ADULTS].sum()
        assert migrants == (grown & (population.citizens["migrant"] > 0)).sum()
    assert members[0] == 0
    assert len({*members}) > 2


def test_the_compiled_pass_counts_recipients_as_the_interpreter_does() -> None:
    population, other = people(130), (*TABLES[:1], Recipients(line=0.5, give_up=0.2, resume=0.3))
    backends = (CompiledBackend(LAYOUT, PAIRINGS, threads=1), ReferenceBackend(LAYOUT, PAIRINGS))
    arms = [[arm_state(LAYOUT, population, tables) for tables in (TABLES, other)] for _ in backends]
    for week in range(3):
        for backend, states in zip(backends, arms, strict=True):
            for state in states:
                backend.step(state, 5, week)
    for one, same in zip(*arms, strict=True):
        assert (one.totals == same.totals).all()
    found, expected = (backend.compare(*states) for backend, states in zip(backends, arms, strict=True))
    assert (found == expected).all()
    assert found[cells_of("recipient", DECLARED)].sum() > 0


def test_whether_recipients_are_declared_changes_no_sum_of_everybody() -> None:
    backend, totals = CompiledBackend(LAYOUT, PAIRINGS, threads=1), []
    for population in (adults(130), people(130)):
        state = arm_state(LAYOUT, population, TABLES)
        for week in range(3):
            backend.step(state, 5, week)
        totals.append(state.totals)
    assert (totals[0].sum(axis=1) == totals[1].sum(axis=1)).all()
    assert not np.array_equal(*totals)
