"""The files and the code of docs/disclosed-counts.md run; here with a small study, whose figures are not those of the page."""

import re
from pathlib import Path

import pytest

import glasshouse

PAGE = Path(__file__).parents[2] / "docs" / "disclosed-counts.md"


def test_the_files_and_the_code_of_the_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    counts, study = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    small = study.replace("runs = 120", "runs = 24")
    Path("counts.toml").write_text(counts, encoding="utf-8")
    Path("office-study.toml").write_text(small, encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    exec(code, {})
    assert "Recipients investigated who had nothing irregular regime" in capsys.readouterr().out
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "no interval is given" in page
    assert "What simulation cannot show" in page
    with pytest.raises(glasshouse.errors.AnalysisError, match="too few for an interval. Run more points of it."):
        glasshouse.studies.condition("counts.toml", study="counts", rival="counts", folder="studies")
