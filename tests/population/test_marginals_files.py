"""A file of aggregates that a user brings: where it is read, what is refused, and that results hold its text."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse._api.study_analyses import claim_studies
from glasshouse.cli.main import cli
from glasshouse.errors import ScenarioError, StoringError
from glasshouse.population import marginals_files
from glasshouse.population.synthesis import PopulationTable, synthesise
from glasshouse.scenario.parameter_provenance import reason
from glasshouse.scenario.scenario import check, load, loads, override
from glasshouse.scenario.toml_text import to_toml
from tests.helpers.countries import text

SMALL = {"citizens": 200, "weeks": 4, "replicates": 1, "threads": 1}
BEGINS = {"run.start": 1, "run.rollout": 0}


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """A file of aggregates, and a scenario in the same folder that names it."""
    path = tmp_path / "country.toml"
    path.write_text(text(), encoding="utf-8")
    (tmp_path / "mine.toml").write_text(
        'extends = "town"\ntitle = "Mine"\n[society]\nmarginals = "country.toml"  # our own\n'
    )
    return path


def test_a_scenario_names_a_file_relative_to_its_own(country: Path, tmp_path: Path) -> None:
    mine = load(tmp_path / "mine.toml")
    assert mine.society.marginals == country.read_text().strip() + "\n"
    assert marginals_files.label(mine.society.marginals).startswith("A country (file ")
    assert reason(mine, ("society", "marginals"), mine.society.marginals) == "our own"
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "other.toml").write_text('extends = "../mine.toml"\ntitle = "Other"\n')
    assert load(tmp_path / "deeper" / "other.toml").society.marginals == mine.society.marginals


def test_the_option_and_the_argument_name_a_file_or_a_shipped_country(country: Path, tmp_path: Path) -> None:
    given = glasshouse.run("town", BEGINS, **SMALL, marginals=country).scenario.society.marginals
    assert given == load(tmp_path / "mine.toml").society.marginals
    named = glasshouse.run("town", ["run.start=1", "run.rollout=0"], **SMALL, marginals=str(country)).scenario
    assert named.society.marginals == given
    assert glasshouse.run("town", BEGINS, **SMALL, marginals="china-2020s").scenario.society.marginals == "china-2020s"
    with pytest.raises(ScenarioError, match="nowhere.toml: there is no such file"):
        glasshouse.run("town", BEGINS, **SMALL, marginals="nowhere.toml")
    arguments = ["run", "town", "--marginals", str(country), "--set", "run.start=1", "--set", "run.rollout=0"]
    sizes = ["--citizens", "200", "--weeks", "4", "--replicates", "1", "--out", str(tmp_path / "out"), "--quiet"]
    result = CliRunner().invoke(cli, arguments + sizes)
    assert result.exit_code == 0, result.output
    facts = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert facts["marginals"] == {"name": marginals_files.label(given), "digest": marginals_files.digest_of(given)}
    assert "A country (file " in (tmp_path / "out" / "report.html").read_text()


def test_a_text_without_a_folder_and_settings_read_no_file(country: Path) -> None:
    """So the web page, which takes texts and settings, can be made to read nothing from the disk."""
    said = "A file of aggregates is read where a scenario file names it, with the option --marginals FILE"
    for name in (str(country), "country.toml", "/etc/passwd.toml"):
        with pytest.raises(ScenarioError, match=said):
            loads(f'extends = "town"\ntitle = "T"\n[society]\nmarginals = "{name}"\n')
        with pytest.raises(ScenarioError, match=said):
            load("town", {"society.marginals": name})


def test_a_complete_scenario_holds_the_aggregates_themselves(country: Path, tmp_path: Path) -> None:
    mine = load(tmp_path / "mine.toml")
    country.unlink()
    assert loads(to_toml(mine)) == mine
    assert override(mine, {"citizens": 300}).society.marginals == mine.society.marginals
    assert mine.digest != load("town").digest


def test_results_of_another_file_are_left_alone(country: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    glasshouse.run(tmp_path / "mine.toml", BEGINS, **SMALL, out=out)
    country.write_text(text(sex="female = 0.504, male = 0.496"))
    with pytest.raises(StoringError, match=r"society.marginals is \"A country \(file \w+\)\" there and \"A country"):
        glasshouse.run(tmp_path / "mine.toml", BEGINS, **SMALL, out=out, resume=True)


FAULTS = {
    "labels": (text(sex="women = 0.5, men = 0.5"), "sex: it lacks “female”, “male” and has “men”, “women”"),
    "cells": (text().replace("people = 17_500_000", "people = 5_000", 1), "age: cell '90\\+' stands for 35 people"),
    "dimension": (text().replace('dimensions = ["sex"]', 'dimensions = ["religion"]'), "of the closed list"),
    "crossed": (
        text().replace('dimensions = ["sex"]', 'dimensions = ["age", "sex", "residence", "online"]'),
        "4 dimensions are crossed",
    ),
    "sum": (text(sex="female = 0.6, male = 0.6"), r"the shares of \[sex\] add up to 1.2000"),
    "table": (text() + "\n[religion]\nx = 1\n", "religion: is not known here"),
    "bell": (text() + "# \a", "characters that cannot be printed"),
    "toml": ("[age", "not a TOML file"),
    "confidence": (
        text().replace('confidence = "recalled"', 'confidence = "sure"', 1),
        "confidence 'sure' is not one of",
    ),
    "meaning": (
        text().replace("[meanings]\nmigrant", "[meanings]\n# "),
        r"\[meanings\] migrant is missing: say who counts",
    ),
    "contradiction": (
        text(employment='"legal unit" = 0.3, "self-employed unit" = 0.04, farm = 0.2, none = 0.46'),
        "the share of rural workers who work on farms would be 2",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_refuses_what_a_run_would_refuse_with_one_message_for_a_fault(
    fault: str, country: Path, tmp_path: Path
) -> None:
    broken, said = FAULTS[fault]
    country.write_text(broken)
    messages = check(tmp_path / "mine.toml")
    assert len(messages) == 1, messages
    with pytest.raises(ScenarioError, match=said):
        load(tmp_path / "mine.toml")
    assert "mine.toml, [society], line 4: marginals: " in messages[0]
    assert "country.toml: " in messages[0]


def test_a_country_without_countryside_migrants_minority_or_farms_has_none_of_them() -> None:
    bare = text(
        left_out=("residence", "migrant", "minority"),
        online="online = 0.96, offline = 0.04",
        online_about='"online"',
        employment='"legal unit" = 0.54, none = 0.46',
        meanings="",
    )
    made = synthesise(PopulationTable(citizens=4_000, marginals=bare), 1, 1)
    people = made.citizens
    assert people["urban"].all()
    assert not people["migrant"].any()
    assert not people["minority"].any()
    assert not made.firms["own_account"].any()
    assert (people["exposure"] > 0.06).mean() == pytest.approx(0.96, abs=0.015)


def test_the_study_of_a_claim_runs_on_the_country_that_is_named(country: Path) -> None:
    (plain,), (mine,) = (
        [study for _, study in claim_studies(["s05-silence"], {"citizens": 2_000, "marginals": named})]
        for named in (None, country)
    )
    assert mine.scenario.society.marginals == country.read_text().strip() + "\n"
    assert (plain.scenario.society.marginals, plain.name != mine.name) == ("china-2020s", True)
    assert loads(to_toml(mine.scenario)).digest == mine.scenario.digest


EXTREMES = {
    "all alone": (text(household='"1" = 1.0, "2" = 0.0, "3" = 0.0, "4" = 0.0'), "nobody is in “2”, “3”, “4”"),
    "no firms": (text(employment='"legal unit" = 0.0, none = 1.0'), "nobody is in “legal unit”"),
    "equal": (text().replace("gini_urban = { value = 0.29", "gini_urban = { value = 0.0"), "0 is outside 0.01 to 0.95"),
    "small unit": (text().replace("value = 35000.0", "value = 35000000.0"), r"is outside 1 to 1,000,000"),
    "young": (text().replace("parent_age = { value = 31.5", "parent_age = { value = 3.5"), "3.5 is outside 15 to 50"),
    "everybody": (text(migrant="migrant = 1.0, other = 0.0", migrant_about='"migrant"'), "nobody is in “other”"),
    "no women left": (
        text(
            more='[lone_parents]\ndimensions = ["household kind"]\npeople = 17_000_000\nsource = "s"\n'
            'confidence = "seen"\ncells = { "lone parent" = 0.7, other = 0.3 }',
            figures='lone_parent_women = { value = 0.9, source = "s", confidence = "seen" }',
        ),
        "the share of lone parents among heads of several people would be 1.15",
    ),
}


@pytest.mark.parametrize("extreme", EXTREMES)
def test_figures_from_which_nothing_can_be_drawn_are_refused_in_words(extreme: str) -> None:
    found, said = EXTREMES[extreme]
    assert found != text()
    assert any(re.search(said, fault) for fault in marginals_files.faults(found)), marginals_files.faults(found)
