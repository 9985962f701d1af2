"""A folder of results opens again whole, or says why it does not."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.errors import StoringError
from glasshouse.model.measures.governance import Unrest
from glasshouse.results import did
from glasshouse.results.result import Result
from tests.helpers.results import needs_fixest
from tests.helpers.results import staggered_result as field_result

SIZE = {"citizens": 600, "weeks": 30, "replicates": 2, "settings": {"start": 10, "rollout": 5, "district_size": 128}}


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, Result]:
    folder = tmp_path / "found"
    folder.mkdir()
    scenario = glasshouse.load("social-governance", {"citizens": 600})
    from glasshouse.results.output_folder import claim
    from glasshouse.scenario.scenario import override

    made = override(scenario, {**{k: v for k, v in SIZE.items() if k != "settings"}, **SIZE["settings"]})  # type: ignore[dict-item]
    claim(folder, made)
    return folder, glasshouse.run(made, out=folder, threads=1)


def test_a_result_opens_as_it_was(run: tuple[Path, Result]) -> None:
    folder, before = run
    after = glasshouse.open_result(folder)
    assert after.scenario.digest == before.scenario.digest
    assert after.sums == before.sums
    assert after.paired == before.paired
    assert after.provenance == before.provenance
    assert str(after.effect(Unrest)) == str(before.effect(Unrest))
    for mine, other in zip(after.weekly_totals, before.weekly_totals, strict=True):
        for name in mine.STORED:
            assert (getattr(mine, name) == getattr(other, name)).all(), name


def test_the_command_studies_a_saved_result_or_says_what_is_missing(run: tuple[Path, Result]) -> None:
    folder, _ = run
    done = CliRunner().invoke(cli, ["did", str(folder), "--measure", "control"])
    assert done.exit_code == 1
    assert "control has no value by district" in done.output
    done = CliRunner().invoke(cli, ["did", str(folder)])
    assert done.exit_code == 1
    assert ("allows no study of districts" if did.installed() else "glasshouse-lab[analysis]") in done.output
    assert "Traceback" not in done.output


@needs_fixest
def test_the_command_shows_the_field_estimate_and_the_true_effect(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("glasshouse.engine.open_result.open_result", lambda folder: field_result())
    done = CliRunner().invoke(cli, ["did", str(tmp_path), "--measure", "protest", "--event-study"])
    assert done.exit_code == 0, done.output
    for words in (
        "field, two-way fixed effects",
        "field, two stages",
        "truth, where joined",
        "Weeks since joining",
        "+13",
    ):
        assert words in done.output


def test_what_cannot_be_opened_is_reported(
    run: tuple[Path, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = run
    with pytest.raises(StoringError, match="no finished run is here"):
        glasshouse.open_result(tmp_path / "nowhere")
    stored = folder / "sums" / "replicate-00001"
    sound = stored.read_bytes()
    stored.write_bytes(sound[:-9] + b"123456789")
    with pytest.raises(StoringError, match="missing or damaged"):
        glasshouse.open_result(folder)
    stored.write_bytes(sound)
    provenance = folder / "provenance.json"
    text = provenance.read_text()
    provenance.write_text(text[:30])
    with pytest.raises(StoringError, match="provenance is damaged"):
        glasshouse.open_result(folder)
    provenance.write_text(text)
    monkeypatch.setattr("glasshouse.engine.checkpoint.code_digest", lambda *_: "another")
    with pytest.raises(StoringError, match="another version"):
        glasshouse.open_result(folder)
