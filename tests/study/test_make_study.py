"""Studies made of files and of scenarios, and what is said of every fault."""

import json
from pathlib import Path

import pytest

from glasshouse.errors import AnalysisError, ScenarioError
from glasshouse.scenario.files import parse
from glasshouse.scenario.scenario import load
from glasshouse.scenario.toml_lines import Source
from glasshouse.study.definition import describe_study
from glasshouse.study.make_study import DEFAULT_CITIZENS, build_study, read_study_file, study_of_priors
from glasshouse.study.study_file import StudyFile, validated
from tests.helpers.studies import STUDY_FILE, written


def test_a_file_gives_scenario_points_and_runs(tmp_path: Path) -> None:
    made = read_study_file(written(tmp_path))
    assert made.name == "mine"
    assert made.scenario.society.citizens == 500
    assert made.scenario.run.replicates == 1
    coverage = [point["observation.coverage"] for point in made.points]
    assert coverage == pytest.approx([0.2, 0.2, 0.4, 0.4, 0.6, 0.6])
    assert [point["lists.integration"] for point in made.points] == [0.0, 1.0] * 3
    assert [(run.number, run.point, run.replicate) for run in made.runs][:3] == [(0, 0, 0), (1, 0, 1), (2, 1, 0)]
    assert len(made.runs) == 12
    assert "12 runs: 6 points (grid) of 2 factors" in describe_study(made)


def test_every_fault_of_a_file_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path, STUDY_FILE.replace('"grid"', '"gird"').replace("replicates = 2", "replicate = 2\nruns = 1")
    )
    with pytest.raises(ScenarioError) as raised:
        read_study_file(path)
    text = str(raised.value)
    assert "mine.toml, line 4" in text
    assert "Did you mean grid" in text
    assert "key replicate is not known. Did you mean replicates" in text
    assert "runs = 1 is below its range" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"protest"', '"protesst"', "Did you mean protest"),
        ("[0.2, 0.6]", "[0.6, 0.2]", "observation.coverage"),
        ("[0.2, 0.6]", '"wide"', "Give a range"),
        ("[0.2, 0.6]", "[0.2, 1.6]", "above its range"),
        ("{ values = [0.0, 1.0] }", "{ values = [0.0] }", "two values or more"),
        ("observation.coverage", "observation.coverge", "Did you mean coverage"),
        ("citizens = 500", "citizens = -3", "citizens"),
        ('"social-governance"', '"social-governence"', "there is no such file|no scenario is called"),
        ('scenario = "social-governance"', "", "scenario is missing"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises((ScenarioError, AnalysisError), match=said):
        read_study_file(written(tmp_path, STUDY_FILE.replace(old, new)))


def test_a_scenario_alone_is_studied_over_its_priors() -> None:
    made = study_of_priors(load("social-governance"), {"runs": 40, "design": "latin-hypercube"})
    assert made.scenario.society.citizens == DEFAULT_CITIZENS
    assert len(made.points) == 40
    assert len(made.design.factors) > 50
    small = study_of_priors(load("social-governance", ("citizens=700",)), {"runs": 4})
    assert small.scenario.society.citizens == 700


def test_a_saltelli_design_is_never_larger_than_asked() -> None:
    pytest.importorskip("SALib")
    text = (
        STUDY_FILE.replace('"grid"', '"saltelli"')
        .replace("levels = 3", "runs = 100")
        .replace("{ values = [0.0, 1.0] }", "[0, 1]")
    )
    given = validated(StudyFile, parse(Source("x", text)), Source("x", text))
    made = build_study(given, load("social-governance"), "x", Source("x", text))
    assert len(made.points) == 4 * 8


def test_sums_and_windows_are_kept_and_checked(tmp_path: Path) -> None:
    text = STUDY_FILE.replace("seed = 7", 'seed = 7\nsums = ["adults"]\nwindows = [[104, 156], [0, 320]]')
    made = read_study_file(written(tmp_path, text))
    kept = json.loads(made.definition)
    assert (kept["sums"], kept["windows"]) == (["adults"], [[104, 156], [0, 320]])
    assert made.digest != read_study_file(written(tmp_path)).digest
    wrong = STUDY_FILE.replace("seed = 7", 'seed = 7\nsums = ["adult"]\nwindows = [[104, 104], [0, 321]]')
    with pytest.raises(ScenarioError) as caught:
        read_study_file(written(tmp_path, wrong))
    told = str(caught.value)
    assert len(caught.value.faults) == 3
    for part in ("adults", "[104, 104] is no window", "[0, 321] is no window"):
        assert part in told
    with pytest.raises(ScenarioError, match="windows"):
        read_study_file(written(tmp_path, STUDY_FILE.replace("seed = 7", "seed = 7\nwindows = [104]")))


def test_a_design_whose_runs_follow_is_never_larger_than_was_asked(tmp_path: Path) -> None:
    for given, said in (
        ({"runs": 10}, "A grid design of these settings has 12 runs, and 10 were asked for"),
        ({"runs": 3, "design": "one-at-a-time"}, "and 3 were asked for"),
        ({"runs": 10, "design": "morris"}, "A morris design of 2 settings needs 12 runs or more, not 10"),
        ({"runs": 10, "design": "saltelli"}, "A saltelli design of 2 settings needs 16 runs or more, not 10"),
    ):
        if given.get("design"):
            given |= {"levels": 4} if given["design"] == "morris" else {}
        with pytest.raises(AnalysisError, match=said):
            read_study_file(written(tmp_path), given=given)
    assert len(read_study_file(written(tmp_path), given={"runs": 12}).runs) == 12


@pytest.mark.parametrize(
    ("given", "levels"),
    [({}, 4), ({"runs": 125}, 5), ({"runs": 126}, 5), ({"runs": 130}, 5), ({"runs": 124}, 4), ({"runs": 180}, 6),
     ({"runs": 130, "levels": 3}, 3), ({"levels": 5}, 5)],
)  # fmt: skip
def test_a_grid_of_ranges_takes_as_many_levels_as_its_runs_allow_and_says_so(
    tmp_path: Path, given: dict[str, int], levels: int
) -> None:
    text = 'scenario = "town"\ndesign = "grid"\nreplicates = 5\n[factors]\n"observation.coverage" = [0.2, 0.6]\n'
    path = written(tmp_path, text + '"safeguards.review" = [0.0, 1.0]\n')
    made = read_study_file(path, given=given)
    assert made.design.levels == levels
    assert len(made.runs) == 5 * levels**2
    assert f"(grid) of 2 factors ({levels} levels of each range; --levels N takes others)" in describe_study(made)


@pytest.mark.parametrize("key", ["extends", "title", "about", "society.marginals"])
def test_a_text_of_a_scenario_is_no_factor(tmp_path: Path, key: str) -> None:
    path = written(tmp_path, f'scenario = "town"\n[factors]\n"{key}" = {{ values = ["a", "b"] }}\n')
    with pytest.raises(ScenarioError, match=f"{key} is a text of the scenario and no number"):
        read_study_file(path)


def test_listed_values_of_a_factor_are_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, 'scenario = "town"\n[factors]\n"observation.coverage" = { values = [0.1, "much"] }\n')
    with pytest.raises(ScenarioError, match="'much' is no number"):
        read_study_file(path)
