"""The code of docs/remedy.md runs, and what it asserts holds."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "remedy.md"


def test_the_code_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    exec("\n".join(blocks), {})
    assert "hearing 12.0 welfare_lost" in capsys.readouterr().out
    assert (tmp_path / "remedy.html").exists()
