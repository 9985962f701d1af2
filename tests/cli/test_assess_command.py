"""The command `glasshouse assess --fria` and the tutorial about it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from glasshouse.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "impact-assessment.md"


def test_an_assessment_is_written_in_all_formats_beside_the_evidence_sheet(tmp_path: Path) -> None:
    given = "--citizens 640 --weeks 80 --draws 1 --mark 10 --threads 1".split()
    done = CliRunner().invoke(cli, ["assess", "town", "--fria", *given, "--out", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert f"Impact assessment: {tmp_path / 'fria.html'}" in done.output
    assert f"To edit: {tmp_path / 'fria.docx'}" in done.output
    assert "gives no verdict" in done.output
    assert "For likelihoods: " in done.stderr
    wanted = {"evidence.html", "evidence.json", "fria.html", "fria.docx", "fria.json", "fria.parquet"}
    assert {path.name for path in tmp_path.iterdir()} >= wanted
    assert "--draws 1 --mark 10" in (tmp_path / "fria.html").read_text(encoding="utf-8")


def test_options_of_an_assessment_need_it() -> None:
    done = CliRunner().invoke(cli, ["assess", "town", "--draws", "3"])
    assert done.exit_code == 2
    assert "--draws is about an impact assessment. Add --fria." in done.output


def test_the_code_of_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {})
    assert {path.name for path in tmp_path.iterdir()} >= {"fria.html", "fria.docx"}
