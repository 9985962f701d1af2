"""What is swapped, what each table carries, and how it is told."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from glasshouse.analysis import attribution
from glasshouse.analysis.attribution import INTERACTION, Attribution, Contribution, decide, differing
from glasshouse.cli.main import cli
from glasshouse.engine.progress import SeriesProgress
from glasshouse.errors import ScenarioError, StoringError
from glasshouse.report.attribution import page, write_decision
from glasshouse.results.estimate import Estimate
from glasshouse.scenario.scenario import Scenario, load, override

WITHOUT, WITH = "rows/s11-control-without-governance", "rows/s11-control-with-governance"
SMALL = {"citizens": 3000, "society.district_size": 256, "weeks": 104, "start": 0, "replicates": 2}


def pair() -> tuple[Scenario, Scenario]:
    return override(load(WITHOUT), SMALL), override(load(WITH), SMALL)


def estimate(mean: float, half: float = 0.01) -> Estimate:
    return Estimate(mean, mean - half, mean + half, 5)


def made(*parts: tuple[str, float, float]) -> Attribution:
    """A decision whose tables carry the given parts of a difference of 0.1 in control and in governance."""
    first, second = pair()
    carried = tuple(
        Contribution(name, (), (estimate(control), estimate(governance))) for name, control, governance in parts
    )
    both = (estimate(0.2), estimate(0.3))
    return Attribution(first, second, (both, both), (estimate(0.1), estimate(0.1)), carried)


@pytest.fixture(scope="module")
def found() -> Attribution:
    told: list[SeriesProgress] = []
    decision = decide(*pair(), progress=told.append)
    assert told[0].detail.startswith("run 1 of 10, replicate 1 of ")
    assert {one.number for one in told} == set(range(10))
    assert told[-1].done == told[-1].total
    return decision


def test_what_tables_carry_adds_up_to_the_difference(found: Attribution) -> None:
    assert [one.table for one in found.carried] == ["safeguards", "problems", "observation", "budget", INTERACTION]
    for place, difference in enumerate(found.differences):
        first, second = found.effects[place]
        assert difference.mean == pytest.approx(second.mean - first.mean)
        assert sum(one.parts[place].mean for one in found.carried) == pytest.approx(difference.mean)


def test_data_that_look_for_problems_decide_over_governance(found: Attribution) -> None:
    leading = max(found.carried, key=lambda one: one.parts[1].mean)
    assert leading.table == "problems"
    assert leading.settings == ("platform 0 → 0.3",)
    assert leading.parts[1].mean > 0.5 * found.differences[1].mean > 0.0


def test_a_swap_of_the_only_table_that_differs_carries_everything() -> None:
    first, _ = pair()
    first = override(first, {"replicates": 1, "citizens": 1000, "weeks": 40})
    second = override(first, {"problems.platform": 0.5})
    only, together = decide(first, second).carried
    assert only.parts[1].mean != 0.0
    assert together.parts[1].mean == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"seed": 3}, r"differ in \[run\]"),
        ({"citizens": 2000}, r"differ in \[society\]"),
        ({"reference.problems.platform": 0.1}, r"differ in \[reference\]"),
        ({"change.1.week": 50, "change.1.problems.platform": 0.1}, "changes later cannot be taken apart"),
        ({}, "have the same regime"),
    ],
)
def test_scenarios_that_cannot_be_compared_are_refused(settings: dict[str, object], says: str) -> None:
    first, _ = pair()
    with pytest.raises(ScenarioError, match=says):
        differing(first, override(first, settings))


def test_a_regime_that_changes_later_is_refused() -> None:
    changes = {"change.1.week": 50, "change.1.problems.platform": 0.1}
    first, second = (override(scenario, changes) for scenario in pair())
    with pytest.raises(ScenarioError, match="changes later cannot be taken apart"):
        differing(first, second)


def test_the_sentence_names_the_table_that_carries_most_beyond_doubt() -> None:
    told = made(("problems", 0.005, 0.09), ("observation", 0.06, 0.02), (INTERACTION, 0.035, -0.01)).sentence
    assert (
        "control changes by 10.0 percentage points (9.0 to 11.0), of which the table [observation] carries 6.0" in told
    )
    assert "governance changes by 10.0 percentage points (9.0 to 11.0), of which the table [problems] carries 9" in told
    alone = made(("problems", 0.005, 0.001), (INTERACTION, 0.08, -0.099)).sentence
    assert "of which tables together carry 8" in alone
    assert "and no table alone certainly carries that" in alone


def test_what_is_zero_in_every_replicate_does_not_change() -> None:
    same = replace(made(("problems", 0.0, 0.0)), differences=(Estimate(0.0, 0.0, 0.0, 5), estimate(0.1)))
    assert "” control does not change; governance changes by 10.0 percentage points" in same.sentence


def test_a_table_that_carries_the_other_way_does_not_lead() -> None:
    decision = made(("problems", -0.3, -0.3), ("observation", 0.2, 0.2))
    assert decision.leading(0) == decision.carried[1]
    falling = replace(decision, differences=(estimate(-0.1), estimate(-0.1)))
    assert falling.leading(0) == decision.carried[0]


def test_the_page_needs_no_other_file_and_escapes_its_text(tmp_path: Path) -> None:
    decision = made(("problems", 0.005, 0.09), (INTERACTION, 0.095, 0.01))
    nan = float("nan")
    single = Contribution("observation", ("misread 0.1 → 0",), (Estimate(0.1, nan, nan, 1),) * 2)
    decision = replace(decision, first=replace(decision.first, title="A <b> way"), carried=(*decision.carried, single))
    text = page(decision)
    assert "A &lt;b&gt; way" in text
    assert "<b> way" not in text
    assert text.count("<svg") == 2
    assert "http" not in text.replace("http://www.w3.org", "").replace("http-equiv", "")
    write_decision(decision, tmp_path / "new" / "page.html")
    assert (tmp_path / "new" / "page.html").read_text() == text
    (tmp_path / "file").write_text("")
    with pytest.raises(StoringError, match="cannot be written"):
        write_decision(decision, tmp_path / "file" / "page.html")


def test_the_command_writes_the_page_and_says_the_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given: list[Scenario] = []

    def stand_in(first: Scenario, second: Scenario, *, threads: int | None, progress: object) -> Attribution:
        given.extend((first, second))
        return made(("problems", 0.1, 0.1))

    monkeypatch.setattr(attribution, "decide", stand_in)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(
        cli, ["decide", WITHOUT, WITH, "--citizens", "4000", "--set", "run.weeks=90", "--quiet"]
    )
    assert result.exit_code == 0, result.output
    assert [scenario.society.citizens for scenario in given] == [4000, 4000]
    assert {scenario.run.weeks for scenario in given} == {90}
    assert "the table [problems] carries" in result.stdout
    assert Path("results/s11-control-without-governance-or-s11-control-with-governance.html").is_file()
    heard = CliRunner().invoke(cli, ["decide", WITHOUT, WITH])
    assert "This takes about" in heard.stderr
    assert "(10 runs x 2 arms x" in heard.stderr
    refused = CliRunner().invoke(cli, ["decide", WITHOUT, "social-governance", "--quiet"])
    assert refused.exit_code == 2
    assert "differ in [" in refused.stderr
