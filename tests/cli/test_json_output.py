"""What `--json` prints: one object of the declared shape on standard output, and nothing else there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from click.testing import CliRunner
from pydantic import TypeAdapter
from typing_extensions import is_typeddict

import glasshouse
from glasshouse.analysis import claims
from glasshouse.cli import json_shapes
from glasshouse.cli.json_shapes import SHAPES
from glasshouse.cli.main import cli
from glasshouse.model.measures import CATALOGUE
from glasshouse.model.optional import OPTIONAL
from glasshouse.study.executors import local
from tests.helpers.studies import here

STUDY = """
scenario = "rows/s15-announced"
runs = 8
measures = ["chilling", "believed_risk"]
[settings]
citizens = 300
run.weeks = 12
run.start = 2
[factors]
"observation.coverage" = [0.1, 0.7]
"""
CLAIM = """
sentence = "Announced coverage makes people fall silent."
expression = "chilling > 0.0"
scenario = "rows/s15-announced"
source = "test"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("json")
    (place / "small.toml").write_text(STUDY)
    (place / "mine.toml").write_text(CLAIM)
    return place


@pytest.fixture(autouse=True)
def _inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "run_processes", here)
    monkeypatch.chdir(folder)


def printed(command: str, *words: str) -> dict[str, Any]:
    """The object, which must have the declared shape: all keys, no other key, no other type."""
    done = CliRunner().invoke(cli, [*command.split(), *words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert TypeAdapter(SHAPES[command]).validate_python(found, strict=True) == found
    assert "NaN" not in done.stdout
    return found


def test_list_has_everything_that_ships() -> None:
    found = printed("list")
    assert tuple(one["name"] for one in found["scenarios"]) == glasshouse.scenarios()
    optional = [measure for plugin in OPTIONAL for measure in plugin.measures]
    assert [one["formula"] for one in found["measures"]] == [one.formula for one in (*CATALOGUE, *optional)]
    assert {one["plugin"] for one in (*found["mechanisms"], *found["measures"])} == {""}


def test_check_gives_levers_as_values_of_their_type() -> None:
    found = printed("check", "social-governance", "--set", "lists.delay_on=6.0")
    assert (found["weeks"], found["changes"]) == (676, [468, 589, 624])
    levers = {one["name"]: one for one in found["levers"]}
    assert levers["observation.coverage"]["reference"] < levers["observation.coverage"]["regime"]
    assert {type(one["regime"]) for one in found["levers"]} >= {float}
    faulty = CliRunner().invoke(cli, ["check", "town", "--set", "run.weeks=0", "--json"])
    assert (faulty.exit_code, faulty.stdout) == (2, "")


def test_a_study_and_its_claims() -> None:
    assert printed("study status") == {"studies": []}
    assert CliRunner().invoke(cli, ["study", "run", "small.toml", "--workers", "1", "--quiet"]).exit_code == 0
    (entry,) = printed("study status", "small")["studies"]
    assert (entry["done"], entry["total"], entry["failures"]) == (8, 8, [])
    (claim,) = printed("claims", "mine.toml", "--study", "small", "--quiet")["claims"]
    assert claim["result"]["holds"] + claim["result"]["fails"] + claim["result"]["undefined"] == 8
    assert claim["result"]["reasons"]


def test_a_claim_whose_study_is_run_prints_the_object_alone() -> None:
    small = ("--runs", "8", "--replicates", "2", "--citizens", "300", "--workers", "1")
    (claim,) = printed("claims", "mine.toml", *small)["claims"]
    assert claim["result"]["study"].startswith("claims-")


def test_claims_are_listed_without_results() -> None:
    found = printed("claims")["claims"]
    assert [one["name"] for one in found] == list(claims.names())
    assert {one["result"] for one in found} == {None}


def test_decide_and_assess(folder: Path) -> None:
    (folder / "wide.toml").write_text('extends = "town"\ntitle = "Wide"\n[observation]\ncoverage = 0.8\n')
    small = ("--citizens", "300", "--weeks", "40", "--replicates", "1", "--quiet")
    decided = printed("decide", "town", "wide.toml", *small)
    assert [one["measure"] for one in decided["measures"]] == ["control_expected", "governance"]
    assert [one["table"] for one in decided["measures"][0]["carried"]] == ["observation", "together"]
    # One replicate has no interval, and JSON no NaN.
    assert decided["measures"][1]["difference"]["low"] is None
    assert Path(decided["page"]).is_file()
    assessed = printed("assess", "town", *small)
    assert "gives no verdict" in assessed["notice"]
    assert len(assessed["figures"]) > 10
    assert Path(assessed["sheet"]).is_file()


def test_every_key_of_every_shape_has_a_meaning_and_a_schema() -> None:
    for command, shape in SHAPES.items():
        schema = CliRunner().invoke(cli, ["schema", "--of", command])
        found = json.loads(schema.stdout)
        assert set(found["required"]) == set(shape.__annotations__), command
        for one in json_shapes.below(shape):
            assert is_typeddict(one)
            for key, kind, meaning in json_shapes.fields(one):
                assert kind, f"{command}: {key}"
                assert len(meaning) > 5, f"{command}: {key}"


def test_a_command_has_json_if_and_only_if_it_has_a_shape() -> None:
    def commands(group: Any, under: str = "") -> Mapping[str, Any]:
        found = {}
        for name, command in group.commands.items():
            found |= commands(command, f"{name} ") if hasattr(command, "commands") else {f"{under}{name}": command}
        return found

    every = commands(cli)
    assert {name for name, one in every.items() if "--json" in {opt for p in one.params for opt in p.opts}} == set(
        SHAPES
    )
    assert all(
        get_args(hint) for shape in SHAPES.values() for hint in get_type_hints(shape, include_extras=True).values()
    )
