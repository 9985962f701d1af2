"""The commands that ask a study: claims of the library and of one's own, and the box in which harm is done."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse._api.study_analyses import claim_studies
from glasshouse.analysis import claims
from glasshouse.cli.main import cli
from glasshouse.study.executors import local
from tests.helpers.studies import here

OWN = """
sentence = "Announced coverage makes people fall silent."
expression = "chilling > 0.05 and believed_risk > 0"
scenario = "own.toml"
source = "test"
priors = ["attitudes.half_life", "voice"]
[factors]
"observation.coverage" = [0.1, 0.7]
"""
SMALL = ("--runs", "96", "--replicates", "2", "--citizens", "1500", "--quiet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("claims")
    (place / "mine.toml").write_text(OWN)
    (place / "own.toml").write_text(
        'extends = "rows/s15-announced"\ntitle = "Own"\n[run]\nstart = 2\nweeks = 20\n[reference.observation]\ncoverage = 0.1\n'
    )
    return place


@pytest.fixture(autouse=True)
def _inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "run_processes", here)
    monkeypatch.chdir(folder)


def asked(*words: str):
    return CliRunner().invoke(cli, [*words])


def test_without_a_name_the_shipped_claims_are_listed_with_their_sentences() -> None:
    listed = asked("claims")
    assert listed.exit_code == 0
    for name in claims.names():
        assert f"  {name} " in listed.stdout
    assert "Restrictions spread over more contexts of life." in listed.stdout


def test_a_claim_of_ones_own_gets_its_study_its_share_and_what_decides_it(folder: Path) -> None:
    """Coverage from as before to sevenfold: the claim must hold at some points and fail at others."""
    pytest.importorskip("ema_workbench")
    done = asked("claims", "mine.toml", *SMALL)
    assert done.exit_code == 0, done.output
    assert "96 of 96 runs are done" in done.stdout
    assert "“Announced coverage makes people fall silent.”" in done.stdout
    assert "of the plausible space" in done.stdout
    assert "the replicates disagree" in done.stdout
    assert "What decides it: observation.coverage: holds at" in done.stdout
    again = asked("claims", "mine.toml", *SMALL)
    assert "runs are done" not in again.stdout
    assert again.stdout in done.stdout
    (name,) = {path.name for path in (folder / "results" / "studies").iterdir() if path.is_dir()}
    assert name.startswith("claims-mine-")
    (tested,) = glasshouse.studies.run_claims(["mine.toml"], runs=96, replicates=2, citizens=1500)
    assert tested.study == name
    assert 0 < tested.holds < tested.holds + tested.fails
    assert tested.holds + tested.fails + tested.undefined == 48
    assert tested.sentences()[0] in done.stdout


def test_a_stored_study_is_asked_for_every_claim_that_it_can_answer(folder: Path) -> None:
    (name,) = {path.name for path in (folder / "results" / "studies").iterdir() if path.is_dir()}
    told = asked("claims", "s15-announced", "heart", "--study", name)
    assert told.exit_code == 0, told.output
    assert "(Written for s15-announced.)" in told.stdout
    assert "heart, control: breadth: the share of the plausible space in which it holds" in told.stdout
    assert "  contracts and judgments enforced  " in told.stdout
    assert "Of 6 definitions of governance: with control defined by unrest, the claim holds" in told.stdout
    assert "Announced coverage raises the believed risk of speaking." in told.stdout
    everything = asked("claims", "--study", name)
    # The scenario of the study has no commercial scores, so that it cannot answer claims about them.
    for claim in claims.names():
        assert (f"  {claim} " in everything.stdout) == (not claim.startswith("s15-refused")), claim
    assert asked("claims", "--study", name, "--runs", "9").stderr.startswith("With --study nothing is run")
    assert "no study database is here" in asked("claims", "--study", "nothing", "--folder", "elsewhere").stderr


def test_a_box_of_harm_is_sought_in_a_stored_study_and_none_of_control(folder: Path) -> None:
    pytest.importorskip("ema_workbench")
    (name,) = {path.name for path in (folder / "results" / "studies").iterdir() if path.is_dir()}
    found = asked("study", "discover", name, "chilling > 0.1")
    assert found.exit_code == 0, found.output
    assert "“chilling > 0.1” holds at" in found.stdout
    refused = asked("study", "discover", name, "control > 0.1")
    assert refused.exit_code == 1
    assert "no measure of harm" in refused.stderr


def test_a_faulty_claim_is_reported_in_one_message(folder: Path) -> None:
    (folder / "bad.toml").write_text(OWN.replace("chilling", "chiling").replace("voice", "voize"))
    bad = asked("claims", "bad.toml")
    assert bad.exit_code == 2
    assert "bad.toml, line 3: measure chiling is not known. Did you mean chilling?" in bad.stderr
    assert "line 6: prior voize is not known. Did you mean voice?" in bad.stderr


def test_a_claim_s_study_varies_levers_on_request(folder: Path) -> None:
    varied = {
        groups: {
            factor.key
            for _, study in claim_studies(["s15-announced"], {"vary": groups})
            for factor in study.design.factors
        }
        for groups in ((), ("levers",), ("uncertainties", "levers"))
    }
    assert "observation.coverage" in varied["levers",]
    assert not varied["levers",] & varied[()]
    assert varied["uncertainties", "levers"] == varied[()] | varied["levers",]
    words = ("claims", str(folder / "mine.toml"), "--vary", "levers", "--runs", "8")
    refused = CliRunner().invoke(cli, words)
    assert refused.exit_code == 2
    assert "groups are varied only where nothing else says what is" in refused.stderr
