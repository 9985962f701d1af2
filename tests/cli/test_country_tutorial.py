"""The guide to a population of one's own country: its file is complete, its commands work, its tables are the code's."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.population import marginals_files
from glasshouse.population.cells import CELLS

TEXT = (Path(__file__).parents[2] / "docs" / "tutorial-country.md").read_text(encoding="utf-8")


def test_the_commands_work_with_the_files_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    named, country, scenario = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    Path("my-country.toml").write_text(country, encoding="utf-8")
    Path("my-scenario.toml").write_text(scenario, encoding="utf-8")
    assert glasshouse.load("town", ["society." + named.split("\n")[1]]).society.marginals == "netherlands-2020s"
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
        for line in block.splitlines()
        if line.startswith("glasshouse ")
    ]
    assert len(commands) == 4
    for command in commands:
        words = shlex.split(command)[1:]
        if words[0] == "run":
            words += ["--citizens", "300", "--weeks", "30", "--replicates", "1", "--threads", "1", "--quiet"]
        result = CliRunner().invoke(cli, words)
        assert result.exit_code == 0, result.output
    assert "An island (file " in Path("island/provenance.json").read_text()
    assert "who is born abroad" in Path("island.md").read_text()
    result = glasshouse.open_result("island")
    assert result.scenario.society.marginals == country.strip() + "\n"


def test_the_page_names_every_table_its_cells_and_every_shipped_country() -> None:
    for name, kinds in CELLS.items():
        for cells in kinds:
            assert re.search(
                rf"^\| (`\[{name}\]`|) ?\| {', '.join(f'`{one}`' for one in cells.dimensions)} \|", TEXT, re.M
            ), cells
            shown = cells.labels if len(cells.labels) < 8 else ()
            assert all(f"`{label}`" in TEXT for label in shown), name
    shipped = re.findall(r"^\| `([\w-]+-2020s)` \|", TEXT, re.MULTILINE)
    assert shipped == marginals_files.names()
