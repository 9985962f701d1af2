"""What a new user begins with: the demo, shipped files to start from, completion, one meaning of `--out`, log messages."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

import glasshouse
from glasshouse.analysis import claims
from glasshouse.analysis.ai_act import relatedness
from glasshouse.cli.main import cli
from glasshouse.cli.options import out_file, out_folder
from glasshouse.errors import StoringError
from glasshouse.population import marginals_files
from glasshouse.scenario.scenario import load


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


# ------------------------------------------------------------------------------------------------------ shipped files


def test_every_shipped_file_is_printed_as_it_is_and_no_two_have_one_name() -> None:
    groups = (glasshouse.scenarios(), claims.names(), marginals_files.names(), relatedness.names())
    every = [name for group in groups for name in group]
    assert len(set(every)) == len(every)
    for group, marker in zip(groups, ("title", "sentence", "", "title"), strict=True):
        shown = call("show-scenario", group[0])
        assert shown.exit_code == 0, shown.output
        assert marker in shown.output
    library = Path(glasshouse.__file__).parent / "library"
    text = (library / "scenarios" / "rows" / "base.toml").read_text(encoding="utf-8")
    assert call("show-scenario", "rows/base").output == text


def test_a_shipped_scenario_that_is_saved_is_the_same_scenario(tmp_path: Path) -> None:
    for out in (tmp_path / "mine.toml", tmp_path):
        saved = call("show-scenario", "town", "--out", str(out))
        assert saved.exit_code == 0, saved.output
    assert (tmp_path / "town.toml").read_bytes() == (tmp_path / "mine.toml").read_bytes()
    assert load(tmp_path / "town.toml").settings() == load("town").settings()


def test_a_file_that_does_not_ship_is_asked_back() -> None:
    missing = call("show-scenario", "twon")
    assert (missing.exit_code, "Did you mean town?" in missing.stderr) == (2, True)


# ---------------------------------------------------------------------------------------------------------- completion


@pytest.mark.parametrize(
    ("words", "begun", "found"),
    [
        (["run"], "tow", ["town"]),
        (["check"], "social", ["social-governance"]),
        (["decide", "town"], "rows/s05", ["rows/s05-coercion"]),
        (["run", "town", "--marginals"], "pol", ["poland-2020s"]),
        (["assess", "town", "--relatedness"], "own", ["own-file"]),
        (["claims"], "hea", ["heart"]),
        (["replicate"], "kur", ["kuran"]),
        (["show-scenario"], "china", ["china-2020s"]),
    ],
)
def test_names_are_completed(words: list[str], begun: str, found: list[str]) -> None:
    complete = ShellComplete(cli, {}, "glasshouse", "_GLASSHOUSE_COMPLETE")
    assert [item.value for item in complete.get_completions(words, begun)] == found


def test_a_shell_is_answered_through_the_entry_point() -> None:
    """With names, and for anything else with the order to complete file names itself."""
    script = "import sys; sys.argv[0] = 'glasshouse'; from glasshouse.cli.main import main; main()"
    for begun, answer in (("tow", "plain,town\n"), ("./my", "file,./my\n")):
        words = {"_GLASSHOUSE_COMPLETE": "bash_complete", "COMP_WORDS": f"glasshouse run {begun}", "COMP_CWORD": "2"}
        done = subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, **words}, capture_output=True, text=True
        )
        assert (done.stdout, done.stderr) == (answer, "")


# --------------------------------------------------------------------------------------------------------------- --out


def test_out_is_a_file_if_it_ends_as_one_and_else_a_folder(tmp_path: Path) -> None:
    assert out_file(tmp_path / "page.html", "usual.html") == tmp_path / "page.html"
    assert out_file(tmp_path / "new", "usual.html") == tmp_path / "new" / "usual.html"
    assert out_file(tmp_path, "usual.html") == tmp_path / "usual.html"
    assert out_file(tmp_path / "v1.2", "usual.html") == tmp_path / "v1.2" / "usual.html"
    (tmp_path / "there").write_text("")
    assert out_file(tmp_path / "there", "usual.html") == tmp_path / "there"
    assert out_folder(tmp_path / "v1.2") == tmp_path / "v1.2"
    (tmp_path / "folder.md").mkdir()
    assert out_folder(tmp_path / "folder.md") == tmp_path / "folder.md"
    with pytest.raises(StoringError, match=r"page\.html: this command writes several files. Name a folder with --out"):
        out_folder(tmp_path / "page.html")


def options(group: click.Group, under: str = "") -> dict[str, click.Parameter]:
    found: dict[str, click.Parameter] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= options(command, f"{name} ")
        found |= {f"{under}{name}": one for one in command.params if "--out" in one.opts}
    return found


def test_every_command_reads_out_by_the_same_rule() -> None:
    found = options(cli)  # type: ignore[arg-type]
    assert len(found) >= 12
    for name, one in found.items():
        kind: Any = one.type
        assert (one.metavar, kind.dir_okay, kind.file_okay) == ("PATH", True, True), name


def test_a_folder_is_not_called_after_a_page(tmp_path: Path) -> None:
    for command in (["run", "town"], ["assess", "town"], ["audit", "town"], ["replicate", "kuran"]):
        refused = call(*command, "--quiet", "--out", str(tmp_path / "page.html"))
        assert (refused.exit_code, "Name a folder with --out" in refused.stderr) == (1, True), refused.output
    assert list(tmp_path.iterdir()) == []
    assert call("describe", "town", "--out", str(tmp_path / "new")).exit_code == 0
    assert (tmp_path / "new" / "town.html").is_file()


# ------------------------------------------------------------------------------------------------------------ demo, log


def test_the_demo_runs_the_town_and_says_what_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("glasshouse.cli.demo.CITIZENS", 200)
    monkeypatch.setattr("glasshouse.cli.demo.REPLICATES", 1)
    done = call("--log-level", "info", "demo", "--quiet")
    assert done.exit_code == 0, done.output
    assert Path("results/demo/report.html").is_file()
    assert "Next:\n  glasshouse run social-governance" in done.stdout
    assert re.search(
        r" INFO glasshouse\.engine\.progress_reporter: town: replicate 1 of 1, random seed of the run \d+\n",
        done.stderr,
    )
    assert "s for the compiled step" in done.stderr
    silent = call("demo", "--quiet")
    assert (silent.exit_code, silent.stderr) == (0, "")
    assert [type(one) for one in logging.getLogger("glasshouse").handlers if type(one) is logging.StreamHandler] == []
