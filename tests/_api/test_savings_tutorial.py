"""The code of docs/savings.md runs, and what it asserts holds."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "savings.md"


def test_the_code_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    exec(code, {})
    assert re.search(r"-1\)$", capsys.readouterr().out.strip())
    assert (tmp_path / "savings.html").exists()
