"""The command `glasshouse remedy`: what it prints and writes, and what it refuses."""

from pathlib import Path

from click.testing import CliRunner

from glasshouse.cli.main import cli


def test_what_is_averted_what_waiting_costs_and_sets_are_printed(tmp_path: Path) -> None:
    given = (
        "--weeks 80 --remedy stop --remedy hearing --at 3 --at 6 --measure wrongly_restricted --share 0.2 --safeguard hearing "
        "--safeguard review --largest 1 --threads 1"
    ).split()
    done = CliRunner().invoke(cli, ["remedy", "town", *given, "--out", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "stop in month 3" in done.output
    assert "averts" in done.output
    assert "Waiting costs most where" in done.output
    assert "what the regime adds of “Adults restricted wrongly" in done.output
    assert f"Report: {tmp_path / 'remedy.html'}" in done.output
    assert "9 arms" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} >= {
        "averted.parquet",
        "delays.parquet",
        "sets.parquet",
        "remedy.html",
        "remedy.json",
    }


def test_a_measure_of_the_state_is_refused() -> None:
    done = CliRunner().invoke(cli, ["remedy", "town", "--measure", "unrest", "--quiet"])
    assert done.exit_code != 0
    assert "remedies are held against harms to people alone" in done.output
