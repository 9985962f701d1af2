"""The command `glasshouse replicate`."""

from pathlib import Path

from click.testing import CliRunner

from glasshouse.cli.main import cli


def test_the_command_lists_simulates_and_explains(tmp_path: Path) -> None:
    runner = CliRunner()
    assert "granovetter" in runner.invoke(cli, ["replicate"]).stdout
    done = runner.invoke(cli, ["replicate", "kuran", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert "published 90, ours 90; exact: reproduced" in done.stdout
    assert (tmp_path / "kuran.html").exists()
    unknown = runner.invoke(cli, ["replicate", "kuram"])
    assert unknown.exit_code == 2
    assert "Did you mean kuran" in unknown.stderr
    (tmp_path / "file").write_text("")
    barred = runner.invoke(cli, ["replicate", "kuran", "--out", str(tmp_path / "file" / "below")])
    assert barred.exit_code == 1
    assert "cannot be written" in barred.stderr
