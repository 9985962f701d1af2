"""What is drawn of claims: a row for each, and the reasons of one."""

from dataclasses import replace

import numpy as np
import pytest

from glasshouse.analysis import claim_test
from glasshouse.model.measure import FloatArray
from glasshouse.report.study import claim_charts as pictures
from glasshouse.study import design
from tests.helpers.claims import TWO, claim, findings_of, planted


def asked(expression: str, values: FloatArray, scenario: str = "base") -> claim_test.ClaimResult:
    made = design.make_design("latin-hypercube", TWO, len(values), 1)
    tested = claim_test.test_claim(claim(expression), findings_of(made, {"control": values[:, None]}))
    return replace(tested, scenario=scenario)


def test_every_claim_has_a_row_with_its_share_and_answer() -> None:
    line = np.linspace(-1.0, 1.0, 60)
    tested = [
        asked("control > 0.9", line),
        asked("control > 0", line),
        asked("control < 2", line),
        asked("control > 0", line * np.nan),
    ]
    rows = pictures.dots(tested)["data"]["values"]
    assert [row["label"] for row in rows] == [
        "5% of 60 points, mostly not",
        "50% of 60 points, it depends",
        "100% of 60 points, yes",
        "undefined at every point, undecided",
    ]
    assert rows[0]["low"] < rows[0]["share"] < rows[0]["high"]
    assert (rows[3]["share"], rows[3]["low"]) == (None, None)
    assert len({row["fill"] for row in rows}) == 3
    page = pictures.drawn(tested, "here")
    assert page.count("<svg") == 1
    assert "In how much of the plausible space" in page
    assert "control &gt; 0.9" in page


def test_claims_of_other_scenarios_are_folded_away() -> None:
    line = np.linspace(-1.0, 1.0, 60)
    page = pictures.drawn([asked("control > 0", line), asked("control > 0.5", line, "elsewhere")], "here")
    assert page.count("<svg") == 2
    assert "Claims that were written for other scenarios (1)" in page
    assert pictures.drawn([], "here").startswith("<p>No claim could be tested")


def test_reasons_are_drawn_or_said_to_be_unknown() -> None:
    pytest.importorskip("ema_workbench")
    page = pictures.reasons(claim_test.test_claim(claim("not chilling > 0"), planted()), "here")
    assert page.count("<svg") == 3
    assert "observation.coverage: holds at 20% above 0.5, 100% below 0.5" in page
    assert "6 indices are compared with no effect" in page
    # The margin is a mean over replicates: how many there are is told with the share.
    assert "Each point was run once" not in page
    unknown = pictures.reasons(claim_test.test_claim(claim("control > 0", shipped=False), planted()), "here")
    assert "<svg" not in unknown
    assert unknown.count("no measure of harm") == 2


def test_a_claim_is_shown_under_each_definition_with_the_sentence_that_follows() -> None:
    """Protest falls everywhere and fewer problems are solved; the other measures were not kept."""
    made = design.make_design("random", TWO, 60, 1)
    figures = {"control_expected": np.ones((60, 1)), "governance": -np.ones((60, 1))}
    (tested,) = claim_test.examine_all(findings_of(made, figures), ["heart"])
    part = pictures.by_definition(replace(tested, scenario=tested.claim.scenario.name))
    assert part is not None
    assert part.count("<tr>") == 1 + 6 + 1
    assert "<td>grievances solved</td><td>100 % (95 to 100); yes</td><td>not kept</td>" in part
    assert "under 1 (grievances solved), for 5" in part
    folded = pictures.by_definition(tested)
    assert folded is not None
    assert folded.startswith("<details><summary>")
    assert "(written for s11-control-without-governance)" in folded
    assert pictures.by_definition(asked("control > 0", np.linspace(-1.0, 1.0, 60))) is None
