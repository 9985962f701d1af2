"""The command `glasshouse savings`: what it prints and writes, and what it refuses."""

from pathlib import Path

from click.testing import CliRunner

import glasshouse as gh
from glasshouse.cli.main import cli


def test_a_result_gets_its_ledger(tmp_path: Path) -> None:
    gh.run("elsewhere/benefit-screening", citizens=600, weeks=80, replicates=1, out=tmp_path / "result")
    words = ["savings", str(tmp_path / "result"), "--price", "case=450", "--out", str(tmp_path / "books")]
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    for part in ("were promised for 1,000 recipients", "Net saving", "In no line", "Page: "):
        assert part in done.output
    assert {one.name for one in (tmp_path / "books").iterdir()} == {"ledger.parquet", "savings.html", "savings.json"}
    assert "450" in (tmp_path / "books" / "savings.html").read_text(encoding="utf-8")


def test_what_is_no_price_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["savings", str(tmp_path), "--price", "case"])
    assert done.exit_code == 2
    assert "is no price" in done.output
