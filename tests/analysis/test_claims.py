"""Claims: what their files may say, and claims tested against a study."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypotheses import CATALOGUE as ROWS

import glasshouse
from glasshouse.analysis import claim_test, claims
from glasshouse.errors import ScenarioError
from glasshouse.scenario.scenario import load as load_scenario
from tests.helpers.claims import planted


def written(folder: Path, **other: Any) -> Path:
    values = {
        "sentence": "Complaints fall silent.",
        "expression": "chilling > 0.1",
        "scenario": "rows/s05-coercion",
        "source": "S5",
        **other,
    }
    path = folder / "mine.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_every_shipped_claim_loads_and_each_row_of_the_system_has_one() -> None:
    loaded = [claims.load(name) for name in claims.names()]
    assert all(one.shipped and one.expression.names and one.source for one in loaded)
    named = {name for row in ROWS for name in (*row.claim_names, *row.open_claim_names)}
    assert named == {n for n in claims.names() if n.startswith("s")}
    for row in ROWS:
        for name in (*row.claim_names, *row.open_claim_names):
            assert name.startswith(f"s{int(row.name.strip('Sabc')):02}-")
            assert claims.load(name).scenario == load_scenario(row.scenario)


def test_the_claim_at_the_heart_leaves_open_what_the_regime_does_with_what_it_sees() -> None:
    heart = claims.load("heart")
    made = claims.made(heart, {"runs": 4})
    varied = {factor.key for factor in made.design.factors}
    assert {"problems.platform", "safeguards.speech", "budget.reinvestment", "attitudes.half_life"} <= varied
    assert len(varied) > 150


def test_the_claim_at_the_heart_is_stated_under_each_definition_of_control_and_governance() -> None:
    heart = claims.load("heart")
    by_definition = heart.by_definition()
    assert len(by_definition) == 4 * 7 - 1
    assert by_definition["unrest", "grievances solved"].expression.text == heart.expression.text
    assert by_definition["cost", ""].expression.measures == ("cost",)
    assert not any(one.definitions for one in by_definition.values())
    assert claims.load("national-control").by_definition() == {}


@pytest.mark.parametrize(
    ("definitions", "fault"),
    [
        ({"a": {"x": "control > 0"}}, r"line 5.*two terms are expected"),
        ({"a": {"x": "control > 0"}, "b": {}}, r"two terms are expected"),
        ({"a": {"x": "control > 0"}, "b": {"y": "govrnance < 0"}}, r"line 8.*Did you mean governance\?"),
        ({"a": {"x": "control > 0"}, "b": {"y": "waiting > 0", "z": "governance < 0"}}, r"which is not the expression"),
    ],
)
def test_definitions_that_do_not_fit_the_claim_are_reported(
    tmp_path: Path, definitions: dict[str, dict[str, str]], fault: str
) -> None:
    path = written(tmp_path, expression="control > 0 and governance < 0")
    tables = [
        f"[definitions.{term}]\n" + "".join(f"{name} = {json.dumps(text)}\n" for name, text in conditions.items())
        for term, conditions in definitions.items()
    ]
    path.write_text(path.read_text() + "".join(tables))
    with pytest.raises(ScenarioError, match=fault):
        claims.load(path)


@pytest.mark.parametrize(("way", "held"), [("without", 2), ("with", 0)])
def test_the_claim_at_the_heart_can_be_found_true_and_false(way: str, held: int, tmp_path: Path) -> None:
    """On the two scenarios of S11, where protest falls in both and governance changes by -0.01 and by 0.09; luck would let
    protest rise in about one study of twenty, and the four seeds that were looked at come out alike."""
    study = glasshouse.studies.run(
        f"rows/s11-control-{way}-governance",
        name=way,
        runs=8,
        replicates=4,
        measures=["control_expected", "governance"],
        only=["attitudes.half_life"],
        settings={"citizens": 2000, "society.district_size": 512, "weeks": 104, "run.start": 0},
        folder=tmp_path,
    )
    (tested,) = glasshouse.studies.claims(study, ["heart"])
    assert (tested.holds, tested.holds + tested.fails) == (held, 2)
    assert study.means("control_expected").min() > 0.05


def test_a_claim_of_ones_own_names_its_scenario_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('extends = "rows/s05-coercion"\ntitle = "Own"\n')
    mine = claims.load(written(tmp_path, scenario="own.toml", priors=["voice", "attitudes.half_life"]))
    assert (mine.name, mine.scenario.title, mine.shipped) == ("mine", "Own", False)
    assert {key.partition(".")[0] for key in mine.factors} == {"voice", "attitudes"}
    assert [key for key in mine.factors if key.startswith("attitudes")] == ["attitudes.half_life"]
    made = claims.made(mine, {"runs": 10, "replicates": 2, "settings": {"citizens": 400}})
    assert (len(made.points), made.replicates, made.measures, made.scenario.society.citizens) == (5, 2, (), 400)
    assert {factor.key for factor in made.design.factors} == set(mine.factors)
    assert made.name != claims.made(mine, {"runs": 12, "replicates": 2}).name


def test_a_claim_varies_levers_where_its_file_asks_for_them(tmp_path: Path) -> None:
    both = claims.load(written(tmp_path, vary=["uncertainties", "levers"]))
    assert {"observation.coverage", "attitudes.half_life"} <= set(both.factors)
    made = claims.made(both, {"runs": 4})
    assert {factor.key for factor in made.design.factors} == set(both.factors)
    levers = claims.load(written(tmp_path, vary=["levers"], priors=["observation"]))
    assert "observation.coverage" in levers.factors
    assert {key.partition(".")[0] for key in levers.factors} == {"observation"}
    plain = claims.load(written(tmp_path, priors=["observation"]))
    assert plain.factors
    assert not set(plain.factors) & set(levers.factors)


def test_a_lever_among_the_priors_of_a_claim_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        claims.load(written(tmp_path, priors=["voice", "observation.coverage"]))
    (fault,) = caught.value.faults
    assert "line 5" in fault
    assert 'observation.coverage is of the levers. Write vary = ["uncertainties", "levers"]' in fault
    with pytest.raises(
        ScenarioError, match=r'voice is of the uncertainties. Write vary = \["uncertainties", "levers"\]'
    ):
        claims.load(written(tmp_path, vary=["levers"], priors=["voice"]))
    with pytest.raises(ScenarioError, match=r"nothing is varied: no setting of \[\] has a prior range"):
        claims.load(written(tmp_path, vary=[]))


def test_a_name_that_no_claim_has_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no claim is called hart\. Did you mean heart\?"):
        claims.load("hart")
    with pytest.raises(ScenarioError, match="there is no such file"):
        claims.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("other", "faults"),
    [
        (
            {"expression": "chiling > 0"},
            [r"mine\.toml, line 2: measure chiling is not known\. Did you mean chilling\?"],
        ),
        ({"scenario": "rows/s05-coersion"}, [r"line 3: scenario: .*there is no such file"]),
        ({"scenario": "social-governence"}, [r"line 3: scenario: .*Did you mean social-governance\?"]),
        ({"priors": ["voize", "chilling"]}, [r"line 5: prior voize is not known\. Did you mean voice\?", r"chilling"]),
        ({"sentence": None, "source": None}, [r"sentence is missing", r"source is missing"]),
        ({"sentence": 3}, [r"line 1: sentence = 3 is a whole number, not a string|not a text"]),
        ({"sentenc": "x"}, [r"line 5: key sentenc is not known\. Did you mean sentence\?"]),
        ({"expression": "control", "scenario": "x.toml"}, [r"line 2: `control` is a number", r"line 3: scenario"]),
    ],
)
def test_every_fault_of_a_file_is_reported_at_its_line(
    tmp_path: Path, other: dict[str, Any], faults: list[str]
) -> None:
    import re

    with pytest.raises(ScenarioError) as caught:
        claims.load(written(tmp_path, **other))
    for fault in faults:
        assert re.search(fault, str(caught.value)), str(caught.value)


def test_a_factor_out_of_its_range_is_reported_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text() + '[factors]\n"observation.coverage" = [0.2, 1.4]\n"observation.covrage" = 3\n')
    with pytest.raises(ScenarioError) as caught:
        claims.load(path)
    assert "[factors], line 6" in str(caught.value)
    assert "above its range 0 to 1" in str(caught.value)
    assert "[factors], line 7" in str(caught.value)


def test_all_claims_whose_measures_were_kept_are_held_against_a_study() -> None:
    study = planted()
    tested = glasshouse.studies.claims(study)
    assert {one.claim.name for one in tested} == {"s05-silence", "national-silence"}
    (named,) = glasshouse.studies.claims(study, ["s05-silence"])
    assert named.share == tested[0].share or named.share == tested[1].share
    table = claim_test.as_table(tested)
    assert len(table) == 2
    assert table["holds"].tolist() == [one.holds for one in tested]
    assert list(table.columns)[:4] == ["claim", "sentence", "expression", "scenario"]
