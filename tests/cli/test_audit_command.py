"""The command `glasshouse audit`: what it prints and writes, and what it refuses."""

from pathlib import Path

from click.testing import CliRunner

from glasshouse.cli.main import cli


def test_least_requests_and_methods_that_mislead_are_printed(tmp_path: Path) -> None:
    given = (
        "--citizens 640 --weeks 80 --group migrant --group rural --cases 200 --audits 100 --draws 1 --threads 1".split()
    )
    done = CliRunner().invoke(cli, ["audit", "town", *given, "--out", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "“migrant”" in done.output
    assert "files by lot from the listed, half of them “rural”" in done.output
    assert "Misleading here: " in done.output
    assert f"Report: {tmp_path / 'audit.html'}" in done.output
    assert "A finding of an auditor is no verdict." in done.output
    assert "This takes about a minute (1 arm x " in done.stderr
    assert "For ranges over draws: This takes about a minute (1 arm x 1 replicate x 640 citizens" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} >= {
        "audit.html",
        "audit.json",
        "scores.parquet",
        "ranges.parquet",
    }


def test_a_yardstick_that_does_not_exist_is_refused() -> None:
    done = CliRunner().invoke(cli, ["audit", "town", "--yardstick", "reason"])
    assert done.exit_code == 2
    assert "'reason' is not one of 'rule', 'conduct', 'law'" in done.output
