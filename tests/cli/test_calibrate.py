"""The command that calibrates: from a file to draws and a page, and the Python function beside it."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.analysis.calibration.calibration import of_targets
from glasshouse.analysis.calibration.targets import load
from glasshouse.cli.main import cli
from glasshouse.study import prior_samples
from glasshouse.study.make_study import read_study_file
from tests.analysis.calibration.test_calibration import FILE, STUDY, truth

ROOT = Path(__file__).parents[2]
EXAMPLE, TUTORIAL = ROOT / "examples" / "calibration", ROOT / "docs" / "tutorial-calibration.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("commands")
    (found / "study.toml").write_text(STUDY)
    (found / "known.toml").write_text(FILE.format(**{**truth(), "wide": 0.1}).replace("error = 0.01", "error = 0.05"))
    return found


def call(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["calibrate", str(folder / "known.toml"), "--folder", str(folder / "out"), *words])
    return done.exit_code, done.output


def test_a_file_of_targets_gives_draws_and_a_page(folder: Path) -> None:
    code, said = call(folder, "--runs", "40", "--checks", "6", "--workers", "1", "--out", str(folder / "page.html"))
    assert code == 0, said
    for part in (
        "2 figures fitted, 1 held out (abc, study known)",
        "observation.coverage",
        "held out, ",
        "known truths",
    ):
        assert part in said
    text = (folder / "page.html").read_text(encoding="utf-8")
    for part in ("Figures of the model over published ones", "held out: not shown to the model", "Before and after",
                 "Each of", "Points in the second half", "6 runs with calibrated parameters", "Everybody on this page is synthetic"):  # fmt: skip
        assert part in text
    assert not re.search(r"<script|https?://(?!www\.w3\.org|example\.org)", text)
    draws = folder / "out" / "known-posterior.toml"
    assert draws.read_text(encoding="utf-8").count("[[factors]]") == 2


def test_stored_runs_serve_the_function_too_and_nothing_is_run(folder: Path) -> None:
    found = glasshouse.studies.calibrate(folder / "known.toml", study="known", folder=folder / "out", checks=0)
    assert found.study == "known"
    assert found.predicted.shape == (0, 3)
    page = glasshouse.studies.write_report(found, folder / "untested.html").read_text(encoding="utf-8")
    assert "was not tested" in page
    found.save(folder / "draws.toml")
    same = (folder / "out" / "known-posterior.toml").read_text(encoding="utf-8")
    assert (folder / "draws.toml").read_text(encoding="utf-8") == same
    with pytest.raises(glasshouse.errors.AnalysisError, match="leave out --study"):
        glasshouse.studies.calibrate(folder / "known.toml", study="known", runs=9, folder=folder / "out")
    with pytest.raises(glasshouse.errors.StoringError, match="no study `other`"):
        glasshouse.studies.calibrate(folder / "known.toml", study="other", folder=folder / "out")


def test_a_search_prints_the_nearest_settings(folder: Path) -> None:
    pytest.importorskip(
        "optuna", reason="best fits are not tested without Optuna: pip install 'glasshouse-lab[analysis]'"
    )
    found = glasshouse.studies.calibrate(folder / "known.toml", method="fit", runs=16, checks=2, folder=folder / "out")
    assert found.study == "known-fit"
    page = glasshouse.studies.write_report(found, folder / "fit.html").read_text(encoding="utf-8")
    assert "How near each point came" in page
    with pytest.raises(glasshouse.errors.AnalysisError, match="leaves no draws"):
        found.save(folder / "none.toml")
    code, said = call(folder, "--method", "fit", "--runs", "16", "--checks", "2", "--workers", "1", "--quiet")
    assert code == 0, said
    key, value = next(iter(found.best.settings.items()))  # type: ignore[union-attr]
    assert f"{key} = {value!r}" in said


def test_mistakes_are_reported_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    code, said = call(tmp_path)
    assert code == 2
    assert "there is no such file" in said
    code, said = call(folder, "--study", "none")
    assert code == 1
    assert "no study `none`" in said


def test_the_example_is_in_order() -> None:
    """The tutorial's files: figures that are fitted end with 2018, and those held out lie after it."""
    found = load(EXAMPLE / "court-list.toml")
    assert found.fitted
    for target in found.every:
        assert (target.window[1] <= 364) == target.fitted, target.name
    made = of_targets(found, {})
    assert made.scenario.name == "social-governance"
    assert not made.paired
    assert set(made.sums) <= {total.name for mechanism in made.scenario.mechanisms for total in mechanism.sums}


def test_the_tutorial_quotes_the_files_and_its_commands_and_study_are_in_order(tmp_path: Path) -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    target, factors, further = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert target in (EXAMPLE / "court-list.toml").read_text(encoding="utf-8")
    assert factors in (EXAMPLE / "court-list-study.toml").read_text(encoding="utf-8")
    commands = re.findall(r"^glasshouse calibrate (.*)$", text, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        words = shlex.split(command)
        assert (ROOT / words[0]).exists()
        cli.commands["calibrate"].make_context("calibrate", words)
    made = of_targets(load(EXAMPLE / "court-list.toml"), {})
    draws = tmp_path / "results" / "studies" / "court-list-posterior.toml"
    draws.parent.mkdir(parents=True)
    several = [made.design.points + 0.0, made.design.points + 0.0]
    draws.write_text(prior_samples.to_toml(prior_samples.Prior(made.design.factors, np.concatenate(several))))
    (tmp_path / "mine.toml").write_text(further)
    assert len(read_study_file(tmp_path / "mine.toml").points) == 100
