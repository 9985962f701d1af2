"""A claim under each definition of its terms, on studies in which it is known where each holds."""

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.analysis import claim_test
from glasshouse.analysis.claim_panel import panel
from glasshouse.analysis.claim_result import ClaimResult
from glasshouse.analysis.expression import parse_condition
from glasshouse.errors import AnalysisError
from glasshouse.model.measure import FloatArray
from glasshouse.study import design
from tests.helpers.claims import KNOWN, TWO, claim, findings_of

DEFINED = {
    "control": {"unrest": "control > 0", "cost": "cost < 0"},
    "governance": {"grievances": "governance < 0", "waits": "waiting > 0", "service": "service_spending < 0"},
}


def judged(figures: dict[str, FloatArray], *, shipped: bool = True) -> ClaimResult:
    made = design.make_design("random", TWO, 100, 1)
    definitions = {
        term: {name: parse_condition(text, KNOWN) for name, text in conditions.items()}
        for term, conditions in DEFINED.items()
    }
    one = replace(claim("control > 0 and governance < 0", shipped=shipped), definitions=definitions)
    return claim_test.test_claim(one, findings_of(made, {name: values[:, None] for name, values in figures.items()}))


def planted() -> dict[str, FloatArray]:
    """Control always improves, by cost never; problems solved fall at 90 points, waits are longer at 20, and service
    falls at all points that have a value, which 40 have not."""
    place = np.arange(100.0)
    return {
        "control": np.ones(100), "cost": np.ones(100), "governance": place - 89.5, "waiting": 19.5 - place,
        "service_spending": np.where(place < 40, np.nan, -1.0),
    }  # fmt: skip


def test_each_pair_of_definitions_has_its_share_with_interval_and_what_is_undefined() -> None:
    found = panel(judged(planted()))
    assert found is not None
    assert found.head == ("governance, by definition", "control: unrest", "control: cost", "governance alone")
    (grievances, waits, service, alone) = found.rows
    assert [row[0] for row in found.rows] == ["grievances", "waits", "service", "control alone"]
    assert grievances[1].startswith("90 % (")
    assert grievances[1].endswith("; mostly")
    assert grievances[2] == "0 % (0 to 3); no"
    assert waits[1].startswith("20 % (")
    assert waits[1].endswith("; mostly not")
    assert ", 40 undefined; undecided" in service[1]
    assert waits[3] == waits[1]
    assert alone[1].startswith("100 %")
    assert alone[3] == ""


def test_the_sentence_names_the_definitions_under_which_it_holds_fails_and_is_open() -> None:
    found = panel(judged(planted()))
    assert found is not None
    assert found.conclusion == (
        "Of 3 definitions of governance: with control defined by unrest, the claim holds in more than half of the plausible "
        "space under 1 (grievances), in less than half under 1 (waits), under 1 (service) it is open; with control defined by "
        "cost, the claim holds in more than half of the plausible space under none, in less than half under 2 (grievances, "
        "waits), under 1 (service) it is open."
    )


def test_definitions_whose_measures_were_not_kept_are_said_to_be_missing() -> None:
    kept = {name: values for name, values in planted().items() if name not in ("cost", "waiting")}
    found = panel(judged(kept))
    assert found is not None
    assert [row[2] for row in found.rows] == ["not kept"] * 4
    assert "for 1 (waits) the study kept no measures" in found.conclusion
    assert "for 3 the study kept no measures" in found.conclusion


def test_a_claim_with_one_definition_of_its_terms_has_no_panel() -> None:
    made = design.make_design("random", TWO, 50, 1)
    assert panel(claim_test.test_claim(claim("control > 0"), findings_of(made, {"control": np.ones((50, 1))}))) is None


def test_what_decides_a_definition_is_not_sought_for_a_claim_of_ones_own() -> None:
    one = judged(planted(), shipped=False).by_definition["unrest", "grievances"]
    assert one.holds == 90
    with pytest.raises(AnalysisError, match="no measure of harm"):
        _ = one.where
    with pytest.raises(AnalysisError, match="no measure of harm"):
        _ = one.decides
