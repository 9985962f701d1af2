"""The section of docs/tutorial-regime.md on regimes side by side: its code runs, and the command prints the same figures."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from glasshouse.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "tutorial-regime.md"


def test_a_regime_of_ones_own_is_put_beside_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    (answers,) = re.findall(r"^```toml\n(who .*?)^```", text, re.MULTILINE | re.DOTALL)
    Path("answers.toml").write_text(answers, encoding="utf-8")
    done = CliRunner().invoke(cli, ["new", "--answers", "answers.toml"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    printed = capsys.readouterr().out
    assert "my-regime" in printed
    assert "my-regime review" in printed
    page = Path("rank.html").read_text(encoding="utf-8")
    assert "Regimes side by side" in page
    assert "http-equiv" in page

    command = "rank my-regime.toml elsewhere/income-averaging --citizens 1000 --weeks 80 --replicates 2 --no-safeguards --json"
    given = [*command.split(), "--language", "de", "--out", "there", "--threads", "1", "--quiet"]
    told = CliRunner().invoke(cli, given, catch_exceptions=False)
    facts = json.loads(told.stdout)
    found = names["found"]
    assert [one["wrong_decisions"]["mean"] for one in facts["regimes"]] == [
        one.wrong_decisions.mean for one in found.regimes  # type: ignore[attr-defined]
    ]  # fmt: skip
    assert facts["safeguards"] == []
    assert "Regime nebeneinander" in Path("there/rank.html").read_text(encoding="utf-8")
    assert {path.name for path in Path("there").iterdir()} >= {"rank.json", "regimes.parquet", "burdens.parquet"}
