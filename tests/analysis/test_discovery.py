"""Scenario discovery: a planted box is found again, chance is told from it, and the boundary holds.

Statistical tests name their error; seeds are fixed.
"""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

import glasshouse
from glasshouse.analysis import discovery
from glasshouse.analysis.boxes import ScenarioDiscovery
from glasshouse.analysis.discovery import search
from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.report.study import discovery_charts as pictures
from glasshouse.results.estimate import Estimate, proportion
from glasshouse.study.design import Design, make_design
from glasshouse.study.factor import Factor
from tests.helpers.claims import findings_of

pytest.importorskip("ema_workbench")

FACTORS = (
    Factor("observation.coverage", 0.0, 1.0, unit="share"),
    Factor("points.half_life", 52.0, 208.0, unit="weeks"),
    Factor("lists.kind", values=("none", "court", "joint")),
    *(Factor(f"a.x{k}", -1.0, 1.0) for k in range(5)),
)
SAMPLE = make_design("latin-hypercube", FACTORS, 300, seed=1)


def cases(design: Design) -> NDArray[np.bool_]:
    """High coverage with short memory, and not without a list: 0.4 x 0.5 x 2/3 of the space."""
    coverage, life, listed = design.points.T[:3]
    return (coverage > 0.6) & (life < 130.0) & (listed > 0)


@pytest.fixture(scope="module")
def planted() -> ScenarioDiscovery:
    """The planted box, one case in twenty told wrongly; of seven seeds six find all three limits, one half of the list's."""
    wrong = np.random.default_rng(1).random(300) < 0.05
    return search(SAMPLE, cases(SAMPLE) ^ wrong, "The claim fails")


def test_a_planted_box_is_found_with_its_limits(planted: ScenarioDiscovery) -> None:
    """The ends lie within a twentieth of the range, about what lies between two peels."""
    limits = {limit.factor.key: limit for limit in planted.limits}
    assert list(limits) == ["observation.coverage", "points.half_life", "lists.kind"]
    assert limits["observation.coverage"].low == pytest.approx(0.6, abs=0.05)
    assert limits["observation.coverage"].high == 1.0
    assert limits["points.half_life"].low == 52.0
    assert limits["points.half_life"].high == pytest.approx(130.0, abs=8.0)
    assert limits["lists.kind"].values == ("court", "joint")
    assert all(limit.quasi_p < 0.01 and limit.again == 1.0 for limit in planted.limits)


def test_density_coverage_and_what_unseen_points_say_are_those_of_the_points(planted: ScenarioDiscovery) -> None:
    """By hand; the truth without error in telling has the density 1, so that 0.95 is what can be reached unseen."""
    coverage, life, listed = SAMPLE.points.T[:3]
    first, second, _ = planted.limits
    inside = (coverage >= first.low) & (life <= second.high) & (listed > 0)
    assert (planted.inside == inside).all()
    assert planted.density == planted.cases[inside].mean()
    assert planted.coverage == (planted.cases & inside).sum() / planted.cases.sum()
    assert planted.base == planted.cases.mean()
    assert planted.density > 0.85
    assert planted.unseen.low < 0.95 < planted.unseen.high + 0.05
    assert planted.stands


def test_the_peeling_goes_from_everything_to_a_few_points(planted: ScenarioDiscovery) -> None:
    first, last = planted.steps[0], planted.steps[-1]
    assert (first.coverage, first.mass, first.limited) == (1.0, 1.0, 0)
    assert first.density == pytest.approx(planted.base)
    assert last.density > 0.9
    assert last.mass >= 0.05
    assert all(
        one.coverage >= other.coverage - 0.05 for one, other in zip(planted.steps, planted.steps[1:], strict=False)
    )
    table = planted.trade_off()
    assert list(table.columns) == ["coverage", "density", "mass", "limited"]
    assert len(table) == len(planted.steps)


def test_a_box_is_described_in_words_and_as_a_table(planted: ScenarioDiscovery) -> None:
    said = " ".join(planted.sentences())
    assert "observation.coverage above 0." in said
    assert "points.half_life below 1" in said
    assert "lists.kind is court or joint" in said
    assert "On points that the search had not seen" in said
    assert planted.as_table()["factor"].tolist() == ["observation.coverage", "points.half_life", "lists.kind"]
    assert planted.as_table()["values"].tolist() == ["", "", "court, joint"]


def test_a_box_without_unseen_points_is_described_without_figures_of_them(planted: ScenarioDiscovery) -> None:
    unseen = replace(planted, unseen=proportion(0, 0), unseen_coverage=np.nan)
    said = " ".join(unseen.sentences())
    assert "nan" not in said
    assert "No point that the search had not seen is in the boxes." in said


def test_noise_alone_gives_no_box() -> None:
    """A box stands with a chance of about 2.5 % or less where nothing is planted: of 16, more than 2 with one of 0.7 %."""
    stands = 0
    for seed in range(16):
        design = make_design("latin-hypercube", FACTORS[3:6], 40, seed)
        nothing = search(design, np.random.default_rng(seed).random(40) < 0.4, "It")
        stands += nothing.stands
        assert any("No box" in line for line in nothing.sentences()) != nothing.stands
    assert stands <= 2


def test_unseen_points_are_counted_once_each(planted: ScenarioDiscovery) -> None:
    """Five boxes, each held against its own fifth: together about as many points as the whole box has, not five times."""
    assert planted.unseen.replicates == pytest.approx(planted.inside.sum(), rel=0.4)
    assert planted.unseen_coverage == pytest.approx(planted.coverage, abs=0.2)


def test_a_box_that_does_no_better_on_unseen_points_does_not_stand(planted: ScenarioDiscovery) -> None:
    base = planted.base
    for low, stands in ((base - 0.01, False), (base + 0.01, True)):
        other = replace(planted, unseen=Estimate(base + 0.1, low, base + 0.2, 40))
        assert other.stands == stands
        assert ("No box stands: the best one has" in " ".join(other.sentences())) != stands


def test_a_limit_that_is_not_needed_is_given_up() -> None:
    """Every limit kept has a quasi-p of 0.05 or less on every side that it limits."""
    for seed in range(3):
        design = make_design("sobol", FACTORS[:2] + FACTORS[3:], 64, seed)
        noise = np.random.default_rng(seed).random(64) < 0.1
        found = search(design, (design.points[:, 0] > 0.7) ^ noise, "It")
        assert all(limit.quasi_p <= discovery.ALPHA for limit in found.limits)
        assert found.limits[0].factor.key == "observation.coverage"


def test_parts_share_the_cases_evenly_and_do_not_follow_the_order_of_points() -> None:
    marks = np.arange(100) % 5 == 0
    parts = discovery._parts(7, marks)
    assert np.bincount(parts).tolist() == [20] * 5
    assert np.bincount(parts[marks]).tolist() == [4] * 5
    assert (parts != discovery._parts(8, marks)).any()


@pytest.mark.parametrize(
    ("kind", "marks", "message"),
    [
        ("latin-hypercube", np.arange(30) < 9, "9 of 30 points. A box needs 10"),
        ("latin-hypercube", np.arange(30) >= 9, "21 of 30 points. A box needs 10"),
        ("latin-hypercube", np.ones(7, dtype=bool), r"\(7,\) is the shape of the cases"),
    ],
)
def test_what_no_box_can_be_sought_in_is_refused(kind: str, marks: NDArray[np.bool_], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        search(make_design("latin-hypercube", FACTORS[:1], 30), marks, "It")
    with pytest.raises(AnalysisError, match="do not"):
        search(make_design("one-at-a-time", FACTORS), np.ones(15, dtype=bool), "It")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    discovery._prim.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(AnalysisError, match=r"needs ema_workbench, which is not installed.*glasshouse-lab\[explore\]"):
        search(SAMPLE, cases(SAMPLE), "It")
    discovery._prim.cache_clear()


def test_the_library_is_imported_without_a_word() -> None:
    script = "from glasshouse.analysis import discovery; discovery._prim()"
    done = subprocess.run([sys.executable, "-W", "always", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


# ----------------------------------------------------------------------------------------------------------- the boundary


def test_only_harms_are_the_aim_of_a_search() -> None:
    """Of what is measured, what is done to people and is better less, or more; nothing of the state's."""
    assert {"wrongly_listed_share", "chilling", "welfare_lost", "trap", "redress_right"} <= set(discovery.HARMS)
    for name in (
        "control",
        "control_expected",
        "compliance",
        "governance",
        "approval",
        "latent_unrest",
        "protest",
        "cost",
    ):
        assert name not in discovery.HARMS


def test_a_search_over_a_study_takes_harms_and_refuses_the_state() -> None:
    plain = make_design("latin-hypercube", FACTORS[:2] + FACTORS[3:], 100, 5)
    figures = plain.points[:, :1].copy()
    figures[3] = math.nan
    study = findings_of(plain, {"chilling": figures, "control": figures, "records.regime": figures})
    box = glasshouse.studies.discover(study, "chilling > 0.7")
    assert box.what == "“chilling > 0.7” holds"
    assert len(box.cases) == 99
    assert box.sentences()[-1] == "1 of 100 points undefined, and left out."
    assert box.limits[0].low == pytest.approx(0.7, abs=0.02)
    for text in ("control > 0.7", "chilling > 0.7 and control > 0.1", "records.regime > 0.7"):
        with pytest.raises(AnalysisError, match=r"no measure of harm.*kept these harms: chilling"):
            glasshouse.studies.discover(study, text)
    with pytest.raises(ScenarioError, match=r"chiling is not known\. Did you mean chilling"):
        glasshouse.studies.discover(study, "chiling > 0.7")


# ----------------------------------------------------------------------------------------------------------- the pictures


def test_the_box_is_drawn_within_the_whole_ranges(planted: ScenarioDiscovery) -> None:
    spec = pictures.ranges(planted)
    rows = spec["data"]["values"]
    assert len({row["setting"] for row in rows}) == 3
    assert [(row["from"], row["to"]) for row in rows if not row["inside"]] == [(0.0, 1.0)] * 3
    spans = {row["setting"]: [] for row in rows}
    for row in rows:
        if row["inside"]:
            spans[row["setting"]].append((round(row["from"], 2), round(row["to"], 2)))
    coverage, life, kind = (spans[str(limit)] for limit in planted.limits)
    assert coverage == [(round(planted.limits[0].low, 2), 1.0)]
    assert life[0][0] == 0.0
    assert life[0][1] == pytest.approx(0.5, abs=0.05)
    assert kind == [(0.33, 0.67), (0.67, 1.0)]
    marks = spec["layer"][2]["data"]["values"]
    assert len(marks) == 3 * 300
    assert sum(mark["filled"] != "transparent" for mark in marks) == 3 * planted.cases.sum()
    assert all(-1e-9 <= mark["x"] <= 1 + 1e-9 for mark in marks)


def test_the_page_has_both_pictures_and_all_words(planted: ScenarioDiscovery) -> None:
    page = pictures.drawn(planted, "here")
    assert page.count("<svg") == 2
    assert all(str(limit) in page for limit in planted.limits)
    curve = pictures.trade_off(planted)["layer"]
    assert curve[3]["data"]["values"] == [{"coverage": planted.coverage, "density": planted.density}]
    assert curve[5]["data"]["values"][0]["density"] == planted.unseen.mean
    assert len(curve[2]["data"]["values"]) == len(planted.steps)


def test_a_box_that_fails_its_test_is_reported_and_not_drawn() -> None:
    design = make_design("latin-hypercube", FACTORS[3:6], 40, 0)
    nothing = search(design, np.random.default_rng(0).random(40) < 0.4, "It <fails>")
    assert not nothing.stands
    page = pictures.drawn(nothing, "here")
    assert "<svg" not in page
    assert "It &lt;fails&gt;" in page
    assert "No box" in page
