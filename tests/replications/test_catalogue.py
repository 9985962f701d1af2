"""Replications by name and from files of one's own; the tutorial's code, commands and figures."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from glasshouse.cli.main import cli
from glasshouse.errors import PluginError, ScenarioError
from glasshouse.replications.catalogue import CATALOGUE, find, from_files
from glasshouse.replications.replication import Replication
from glasshouse.report.replication import simulate

BRIEF = [one for one in CATALOGUE if one.brief]

ROOT = Path(__file__).parents[2]
WATTS = ROOT / "examples" / "replications" / "watts_cascade.py"
TUTORIAL = ROOT / "docs" / "tutorial-replication.md"

FILE = """
from glasshouse.replications import Outcome, Replication, exactly, near
class Half(Replication):
    name, title, citation, equations, confidence = "half", "A half", "made up", "x = 1/2", "certain"
    targets = (near("x", "a half", 0.5, 0.0, "made up"),)
    def simulate(self, seed):
        return Outcome({"x": exactly(0.5)})
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def test_the_tutorial_quotes_the_file_that_is_tested() -> None:
    assert blocks("python")[0] == WATTS.read_text(encoding="utf-8")
    languages = re.findall(r"^```(\w+)$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(languages) == ["python", "python", "sh", "text"]


def test_the_tutorial_s_command_and_script_give_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (command,) = blocks("sh")[0].splitlines()
    done = call(*command.split()[1:], "--out", tmp_path, "--quiet")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(blocks("text")[0])
    assert "Proceedings of the National Academy" in (tmp_path / "watts-cascade.html").read_text(encoding="utf-8")
    path = os.pathsep.join([str(WATTS.parent), os.environ.get("PYTHONPATH", "")])
    printed = subprocess.run(
        [sys.executable, "-c", blocks("python")[1]],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    ).stdout
    assert printed.count("reproduced") == 5


def test_a_file_s_replications_are_found_by_name_beside_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "half.py"
    file.write_text(FILE)
    (half,) = from_files([file])
    assert find("half", (*CATALOGUE, half)) is half
    for names in ([], ["half"]):
        done = call("replicate", *names, "--plugin", file, "--out", tmp_path, "--quiet")
        assert (done.exit_code, "1 of 1 figures" in done.stdout) == (0, True), done.output
    unknown = call("replicate", "hafl", "--plugin", file)
    assert (unknown.exit_code, "Did you mean half?" in unknown.stderr) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("class Half(Replication)", "class _Half(Replication)", "it defines no replication"),
        ("def simulate", "def simulated", "it defines no replication"),
        ('"made up", "x = 1/2"', '"", "x = 1/2"', "Half lacks citation"),
        ('"half", "A half"', '"A half", "A half"', "Half is called 'A half'. A name has lower-case letters"),
        ('"half", "A half"', '"kuran", "A half"', "Half is called 'kuran', as another replication is"),
        ("(near", "2 * (near", "Half has two targets called 'x'"),
        ("    def", "    differs = {'y': ''}\n    def", "explains in `differs` the target 'y'"),
        ("class", "1 / 0\nclass", "line 3: ZeroDivisionError"),
    ],
)
def test_a_faulty_file_is_refused_before_anything_is_simulated(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "half.py"
    file.write_text(FILE.replace(old, new, 1))
    with pytest.raises(PluginError, match=re.escape(says)):
        from_files([file])


@pytest.mark.parametrize("kind", BRIEF, ids=lambda kind: kind.name)
def test_every_judged_figure_lies_in_its_band(kind: type[Replication]) -> None:
    """Seeds are fixed; a random figure has a band of three standard errors or more, so one in 400 at most errs."""
    run = simulate(kind, seed=1)
    wrong = [f"{one.target.name}: {one.ours}" for one in run.judged if one.verdict != "reproduced"]
    assert wrong == [name for name in wrong if name.partition(":")[0] in kind.differs]
    assert run.judged
    assert run.outcome.charts
    assert set(run.outcome.found) == {target.name for target in kind.targets}


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name)
def test_every_replication_says_what_it_is(kind: type[Replication]) -> None:
    assert re.fullmatch(r"[a-z][a-z-]+", kind.name)
    assert (kind.__doc__ or "").strip()
    assert all((kind.title, kind.citation, kind.equations, kind.confidence))
    names = [target.name for target in kind.targets]
    assert len(set(names)) == len(names) > 0
    assert set(kind.differs) <= set(names)
    for target in kind.targets:
        assert target.what
        assert target.why
        assert target.band is None or target.band[0] <= target.band[1]


def test_a_name_that_is_not_there_is_reported_with_the_nearest() -> None:
    assert find("kuran").name == "kuran"
    with pytest.raises(ScenarioError, match="Did you mean granovetter"):
        find("granoveter")
    assert len({one.name for one in CATALOGUE}) == len(CATALOGUE)
