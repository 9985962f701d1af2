"""Sums over the two lives of the same people, against a count by hand."""

import numpy as np

from glasshouse.engine.backends.cpu import CompiledBackend
from glasshouse.engine.backends.interpreter import ReferenceBackend
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.model.measures import PAIRINGS
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.mechanisms.problems import Problems
from glasshouse.model.mechanisms.voice import Voice
from glasshouse.model.pairing import paired_sums
from tests.helpers.populations import adults, arm_state

LAYOUT = ModelLayout(CATALOGUE)


def test_pairs_are_counted_by_group_as_by_hand() -> None:
    population = adults(500, district=64)
    busy = Problems(arrival=0.3)
    reference = arm_state(LAYOUT, population, (busy, Voice(threshold_complaint=0.1)))
    regime = arm_state(LAYOUT, population, (busy, Voice(threshold_complaint=0.3)))
    compiled, interpreter = CompiledBackend(LAYOUT, PAIRINGS, threads=2), ReferenceBackend(LAYOUT, PAIRINGS)
    for week in range(12):
        compiled.step(reference, 3, week)
        compiled.step(regime, 3, week)
    one, other, cell = reference.citizens, regime.citizens, population.citizens["cell"]
    same = (one["problem_start"] >= 0) & (one["problem_start"] == other["problem_start"])

    def least(what: str) -> np.ndarray:
        """The margin in the regime with the fear of the reference arm."""
        margin, fear, risk, calm = (
            held.astype(float) for held in (other[f"{what}_margin"], other[f"{what}_fear"], other["risk"], one["risk"])
        )
        return margin + fear * (risk - calm)

    masks = {
        "same_problems": same,
        "said_in_reference": same & one["complaint"],
        "silenced_by_regime": same & one["complaint"] & ~other["complaint"],
        "said_in_regime_only": same & ~one["complaint"] & other["complaint"],
        "silenced_by_fear": same & one["complaint"] & ~other["complaint"] & (least("complaint") > 0),
        "would_protest": least("protest") > 0,
        "do_protest": other["protest"],
    }
    found = compiled.compare(reference, regime)
    for slot, total in enumerate(paired_sums(PAIRINGS)):
        assert found[:, slot].tolist() == np.bincount(cell[masks[total.name]], minlength=16).tolist(), total.name
    assert found.sum() > 0
    assert (interpreter.compare(reference, regime) == found).all()
