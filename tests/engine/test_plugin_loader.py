"""Plug-ins: the two ways in, what they may do, what is said when they cannot, and that no scenario brings code."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as Called

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.engine import plugin_loader
from glasshouse.errors import PluginError, RunningError, ScenarioError
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.mechanisms import CATALOGUE
from glasshouse.model.plugin import Origin, Plugin, in_week
from glasshouse.results import provenance
from glasshouse.results.groups import EVERYBODY
from glasshouse.results.result import Result
from glasshouse.results.totals import ARMS
from glasshouse.testing import MEASURE_CHECKS, MECHANISM_CHECKS, Question, Trial

ROOT = Path(__file__).parents[2]
RUMOUR = ROOT / "examples" / "plugins" / "rumour.py"
SIZE = {"citizens": 2000, "weeks": 80, "replicates": 2, "settings": {"start": 20, "rollout": 0, "district_size": 512}}

SHOUTING = '''
from typing import ClassVar
from glasshouse.model.measure import Measure, ratio
from glasshouse.model.mechanism import Mechanism
from glasshouse.model.declarations import Column, Sum, param

class Shouting(Mechanism):
    """Shouts."""
    name: ClassVar[str] = "shouting"
    sums: ClassVar = (Sum("shouts", "shouts", "shouts heard"),)
    draws: ClassVar = ("shouts",)
    rate: float = param(0.5, "Chance to shout.", unit="per week", bounds=(0, 1), prior=(0.1, 0.9))
    @staticmethod
    def citizen(p, draw, add):
        if draw("shouts") < p.rate:
            add("shouts")

class Loudness(Measure):
    """Shouts a week."""
    name, title, formula, unit, better, source = "loudness", "Shouts", "shouts / adult-weeks", "a week", "neither", "made up"
    @staticmethod
    def value(sums):
        return ratio(sums.shouts, sums.adults)
'''
COUNTING = '''
from glasshouse.model.measure import Measure, ratio
class Records2(Measure):
    """Records a week."""
    name, title, formula, unit, better, source = "records_a_week", "Records", "records / adult-weeks", "a week", "neither", "made up"
    @staticmethod
    def value(sums):
        return ratio(sums.records, sums.adults)
'''


def call(*arguments: object) -> Called:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@cache
def run(*files: Path) -> Result:
    return glasshouse.run("social-governance", **SIZE, threads=1, plugins=files)


# -------------------------------------------------------------------------------------------------------------- files


def test_a_file_joins_a_run_its_tables_and_its_report(tmp_path: Path) -> None:
    found = run(RUMOUR)
    assert {"rumour_tellers", "rumour_knowers"} <= found.weekly.columns.keys()
    assert "rumour_reach" in found.over_time.columns
    assert "rumour_reach" in found.measures["measure"]
    rumour = plugin_loader.read(RUMOUR).measures[0]
    known = found.values(rumour, "regime")
    # Of two thousand people the rumour may reach nearly all in either arm, so that one replicate alone can tell nothing.
    assert known.mean() > found.values(rumour, "reference").mean()
    assert found.effect(rumour, "minority").replicates == 2
    page = glasshouse.write_report(found, tmp_path / "report.html").read_text(encoding="utf-8")
    for said in (
        "Adults who have heard the rumour",
        "A rumour about the lists",
        "pass_on",
        "glasshouse run scenario.toml --plugin rumour.py",
    ):
        assert said in page
    assert "Adults who have heard the rumour" in found._repr_html_()


def test_what_only_looks_on_changes_nothing_else() -> None:
    mine, theirs = run(RUMOUR), run()
    names = [total.name for total in theirs.sums]
    for replicate in range(2):
        for arm in ARMS:
            for name in names:
                one, other = (getattr(found.weekly_sums(replicate, arm, EVERYBODY), name) for found in (mine, theirs))
                assert (one == other).all(), name


def test_only_a_mechanism_compiles_anew(tmp_path: Path) -> None:
    counting = written(tmp_path, COUNTING)
    built_in, measured, mechanism = (run(*files).provenance for files in ((), (counting,), (RUMOUR,)))
    assert built_in.week_digest == measured.week_digest != mechanism.week_digest
    assert len({built_in.code_digest, measured.code_digest, mechanism.code_digest}) == 3
    assert "records_a_week" in run(counting).effects["measure"]


def test_the_result_says_whose_code_made_it(tmp_path: Path) -> None:
    run(RUMOUR).save(tmp_path)
    named = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))["plugins"]
    assert [(one["name"], one["version"]) for one in named] == [("rumour.py", "")]
    assert len(named[0]["digest"]) == 32
    assert run().provenance.plugins == ()


def test_its_table_stands_in_scenarios_like_any_other(tmp_path: Path) -> None:
    text = 'extends = "social-governance"\ntitle = "T"\n[rumour]\nstart = 0.3\n[reference.rumour]\nstart = 0.0\n'
    path = written(tmp_path, text, "x.toml")
    made = glasshouse.load(path, {"rumour.bored": 0.2}, plugins=[RUMOUR])
    tables = {mechanism.name: mechanism for mechanism in made.mechanisms}
    assert (tables["rumour"].start, tables["rumour"].bored) == (0.3, 0.2)  # type: ignore[attr-defined]
    assert {m.name: m for m in made.reference}["rumour"].start == 0.0  # type: ignore[attr-defined]
    assert call("check", path, "--plugin", RUMOUR).exit_code == 0
    refused = call("check", path, "--plugin", RUMOUR, "--set", "rumour.start=7", "--set", "rumour.bord=0.1")
    assert refused.exit_code == 2
    assert "start = 7 is above its range 0 to 1" in refused.stderr
    assert "Did you mean bored?" in refused.stderr
    assert "a plug-in brings more (--plugin FILE)" in call("check", path).stderr


def test_list_and_schema_know_it() -> None:
    listed = call("list", "--plugin", RUMOUR).stdout
    assert "A rumour about the lists" in listed
    assert f"[{RUMOUR}]" in listed
    assert "rumour_reach" in listed
    schema = json.loads(call("schema", "--plugin", RUMOUR).stdout)
    assert "Chance to stop" in schema["$defs"]["rumour"]["properties"]["bored"]["description"]
    assert "rumour" not in call("schema").stdout


def test_the_same_source_is_the_same_plug_in(tmp_path: Path) -> None:
    path = written(tmp_path, SHOUTING)
    first = plugin_loader.find([path, path])
    assert len(first) == 1
    assert plugin_loader.find([path]) == first
    path.write_text(SHOUTING + "# another\n", encoding="utf-8")
    changed = plugin_loader.find([path])[0]
    assert changed.mechanisms[0] is not first[0].mechanisms[0]
    assert changed.origin.digest != first[0].origin.digest
    made = glasshouse.load("social-governance", plugins=[path])
    again = glasshouse.load("social-governance", plugins=[path])
    assert made == again
    assert [plugin.origin for plugin in made.active_plugins] == [changed.origin]


def test_a_loaded_scenario_takes_plug_ins_as_well() -> None:
    loaded = glasshouse.load("social-governance", {**SIZE["settings"], "citizens": 2000, "weeks": 80, "replicates": 2})  # type: ignore[dict-item]
    found = glasshouse.run(loaded, threads=1, plugins=[RUMOUR])
    assert (found.weekly_totals[0].weekly == run(RUMOUR).weekly_totals[0].weekly).all()


def test_another_source_may_not_go_on_with_a_run(tmp_path: Path) -> None:
    path, out = written(tmp_path, COUNTING), tmp_path / "out"
    glasshouse.run("social-governance", **SIZE, threads=1, plugins=[path], out=out)
    glasshouse.run("social-governance", **SIZE, threads=1, plugins=[path], out=out, resume=True)
    path.write_text(COUNTING.replace("sums.records,", "2 * sums.records,"), encoding="utf-8")
    with pytest.raises(RunningError, match="another code"):
        glasshouse.run("social-governance", **SIZE, threads=1, plugins=[path], out=out, resume=True)
    with pytest.raises(RunningError, match="another code"):
        glasshouse.run("social-governance", **SIZE, threads=1, out=out, resume=True)


def test_the_command_line_runs_it(tmp_path: Path) -> None:
    small = ("--citizens", 2000, "--weeks", 80, "--set", "run.start=20", "--set", "run.rollout=0", "--quiet")
    done = call("run", "social-governance", "--plugin", RUMOUR, *small, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "rumour" in (tmp_path / "out" / "scenario.toml").read_text()
    assert (
        call(
            "run", tmp_path / "out" / "scenario.toml", "--plugin", RUMOUR, "--out", tmp_path / "two", "--quiet"
        ).exit_code
        == 0
    )


def test_a_plugin_s_mechanism_and_measure_pass_the_checks_of_the_built_in_ones() -> None:
    (rumour,) = plugin_loader.find([RUMOUR])
    for check in MECHANISM_CHECKS:
        check(Trial(rumour.mechanisms[0]))
    for ask in MEASURE_CHECKS:
        ask(Question(rumour.measures[0], rumour.mechanisms))


TUTORIAL = ROOT / "docs" / "tutorial-plugin.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_tutorial_quotes_the_file_that_is_tested() -> None:
    code = RUMOUR.read_text(encoding="utf-8")
    assert code == blocks("python")[0]
    assert len(code.splitlines()) < 60
    assert blocks("toml")[0] in RUMOUR.with_suffix(".toml").read_text(encoding="utf-8")


def test_the_tutorial_s_commands_do_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for line in blocks("sh")[0].splitlines():
        words = line.split()
        monkeypatch.chdir(ROOT)
        more = ["--out", tmp_path / "out", "--quiet", "--threads", 1] if words[1] == "run" else []
        done = call(*words[1:], *more)
        assert done.exit_code == 0, done.output
    assert "Word about the lists" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    refused = call("check", RUMOUR.with_suffix(".toml"))
    assert refused.exit_code == 2
    assert "table rumour is not known" in refused.stderr


def test_the_tutorial_s_checks_pass() -> None:
    script = blocks("python")[2]
    assert "check_mechanism(Rumour)" in script
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\ntest_rumour()"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(RUMOUR.parent), os.environ.get("PYTHONPATH", "")])},
    )
    assert done.returncode == 0, done.stderr


# ------------------------------------------------------------------------------------------------------ order in the week


def plugin(*declared: tuple[str, str]) -> Plugin:
    made = tuple(
        type(name, (CATALOGUE[0],), {"name": name, "after": after, "__module__": __name__}) for name, after in declared
    )
    return Plugin(Origin("p", "", ""), "p.py", made)


def test_mechanisms_go_behind_the_one_they_name_in_the_order_in_which_they_come() -> None:
    week = in_week(CATALOGUE, [plugin(("a", "lists"), ("b", ""), ("c", "lists")), plugin(("d", "a"), ("e", "lists"))])
    names = [mechanism.name for mechanism in week]
    start = names.index("lists")
    assert names[start : start + 5] == ["lists", "a", "d", "c", "e"]
    assert names[-1] == "b"
    assert [name for name in names if name in {m.name for m in CATALOGUE}] == [m.name for m in CATALOGUE]


def test_an_unknown_predecessor_is_reported() -> None:
    with pytest.raises(
        PluginError, match="p.py: a goes after 'list', but no mechanism is called that. There are shocks"
    ):
        in_week(CATALOGUE, [plugin(("a", "list"))])


# --------------------------------------------------------------------------------------------- what is refused, and how

FAULTY = {
    "there is no such Python file": None,
    "SyntaxError": "def (:\n",
    "No module named 'nowhere'": "import nowhere\n",
    ", line 3: ZeroDivisionError": "x = 1\n\ny = 1 / 0\n",
    "SystemExit": "raise SystemExit(3)\n",
    "defines no mechanism, no statistic and no measure": "x = 1\n",
    "the name lists of Shouting is taken": SHOUTING.replace('"shouting"', '"lists"'),
    "the name reference of Shouting is taken": SHOUTING.replace('"shouting"', '"reference"'),
    "the name run of Shouting is taken": SHOUTING.replace('"shouting"', '"run"'),
    "Shouting has no name": SHOUTING.replace('name: ClassVar[str] = "shouting"', ""),
    "the name control of Loudness is taken": SHOUTING.replace('"loudness"', '"control"'),
    "the name week of Loudness is taken": SHOUTING.replace('"loudness"', '"week"'),
    "Loudness lacks": SHOUTING.replace('"shouts / adult-weeks"', '""'),
    "sum week is called like a column": SHOUTING.replace(
        '"shouts", "shouts", "shouts heard"', '"week", "", ""'
    ).replace('add("shouts")', 'add("week")'),
    "sum listed is declared by shouting": SHOUTING.replace('Sum("shouts"', 'Sum("listed"').replace(
        'add("shouts")', 'add("listed")'
    ),
    "shouting.citizen, line 16: me": SHOUTING.replace('add("shouts")', "me.income = 2.0"),
    "asks for luck": SHOUTING.replace("def citizen(p, draw, add)", "def citizen(p, draw, add, luck)"),
    "not a declared sum": SHOUTING.replace('add("shouts")', 'add("whispers")'),
    "outside the contract": SHOUTING.replace('add("shouts")', 'add("shouts", p.rate ** 2)'),
    "parameter shouting.rate has no default. Every parameter needs a fitting default": SHOUTING.replace(
        "param(0.5", "param(..."
    ),
    "the default of parameter shouting.rate does not fit: rate = 2.0 is above its range 0 to 1": SHOUTING.replace(
        "param(0.5", "param(2.0"
    ),
    "'records' is not a declared sum": SHOUTING.replace('add("shouts")', 'add("records")'),
    "shouting.citizen, line 15: this loop cannot be shown to end": SHOUTING.replace(
        'if draw("shouts") < p.rate:', "while True:"
    ),
    "no mechanism keeps a sum called whispers": SHOUTING.replace("sums.shouts", "sums.whispers"),
    "this measure has no value in one arm": SHOUTING.replace("def value", "def worth"),
    "measure loudness: ZeroDivisionError": SHOUTING.replace("ratio(sums.shouts, sums.adults)", "1 / 0"),
    "goes after 'nobody'": SHOUTING.replace('"shouting"\n', '"shouting"\n    after: ClassVar[str] = "nobody"\n'),
    "requires a type annotation": SHOUTING.replace("rate: float = param", "rate = param"),
    "do not keep the contract": SHOUTING.replace('(Sum("shouts", "shouts", "shouts heard"),)', '("shouts",)'),
}


@pytest.mark.parametrize("said", FAULTY)
def test_a_file_that_cannot_join_is_reported_by_name(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = FAULTY[said]
    if text is not None:
        written(tmp_path, text, "bad.py")
    done = call("check", "social-governance", "--plugin", "bad.py")
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert lines
    assert all(line.startswith("bad.py") for line in lines), lines
    assert any(said in line for line in lines), lines
    with pytest.raises(PluginError):
        glasshouse.run("social-governance", plugins=["bad.py"])


@pytest.mark.parametrize("path", [".", "rumour.txt", "a\0b", "no/where.py"])
def test_what_is_no_file_is_reported(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, SHOUTING, "rumour.txt")
    with pytest.raises(PluginError):
        plugin_loader.find([path])
    with pytest.raises(PluginError, match="Give a list of files"):
        plugin_loader.find("rumour.txt")


def test_two_plug_ins_cannot_share_a_name(tmp_path: Path) -> None:
    one, other = written(tmp_path, SHOUTING, "one.py"), written(tmp_path, SHOUTING, "other.py")
    with pytest.raises(PluginError) as caught:
        plugin_loader.find([one, other])
    assert len(str(caught.value).splitlines()) == 2
    assert all(line.startswith(str(other)) for line in str(caught.value).splitlines())


# ------------------------------------------------------------------------------------------------------- the boundary


@pytest.mark.parametrize(
    "text",
    [
        'plugin = "evil.py"\n',
        'plugins = ["evil.py"]\n',
        '[plugins]\nfiles = ["evil.py"]\n',
        '[run]\nplugin = "evil.py"\n',
        '[evil]\nfile = "evil.py"\n',
        '["evil.py"]\n',
        '[reference."evil.py"]\n',
    ],
)
def test_a_scenario_alone_brings_no_code(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "from pathlib import Path\nPath('ran').touch()\n" + SHOUTING, "evil.py")
    path = written(tmp_path, 'extends = "social-governance"\ntitle = "T"\n' + text, "x.toml")
    with pytest.raises(ScenarioError):
        glasshouse.load(path)
    assert call("check", path).exit_code == 2
    assert not Path("ran").exists()


@pytest.mark.parametrize("extends", ["evil.py", "./evil.py", "evil"])
def test_nor_does_one_that_extends_code(extends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "from pathlib import Path\nPath('ran').touch()\n", "evil.py")
    path = written(tmp_path, f'extends = "{extends}"\ntitle = "T"\n', "x.toml")
    with pytest.raises(ScenarioError):
        glasshouse.load(path)
    assert not Path("ran").exists()


# ------------------------------------------------------------------------------------------------- installed packages


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Installs a package of one module with a mechanism and two measures, and takes it away again."""

    def install(
        text: str = SHOUTING + COUNTING, mechanism: str = "shoutings.inner:Shouting", name: str = "shoutings"
    ) -> Path:
        folder = tmp_path / "site" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text("")
        (folder / "inner.py").write_text(text)
        about = tmp_path / "site" / f"{name}-1.2.dist-info"
        about.mkdir(exist_ok=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        points = f"[glasshouse.mechanisms]\nshouting = {mechanism}\n" if mechanism else ""
        points += f"[glasshouse.measures]\nloudness = {name}.inner:Loudness\nrecords = {name}.inner:Records2\n"
        (about / "entry_points.txt").write_text(points)
        return folder

    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    yield install
    for module in [name for name in sys.modules if name.partition(".")[0] == "shoutings"]:
        del sys.modules[module]


def test_an_installed_package_joins_where_its_table_is_named(package: Any) -> None:
    package()
    (found,) = plugin_loader.find()
    assert (found.origin.name, found.origin.version, found.installed) == ("shoutings", "1.2", True)
    assert "[package shoutings]" in call("list").stdout
    assert "shouting" in json.loads(call("schema").stdout)["properties"]
    # What is merely installed must not change other people's results, nor what they compile.
    plain = glasshouse.load("social-governance")
    assert len(plain.mechanisms) == len(CATALOGUE)
    assert plain.active_plugins == ()
    named = glasshouse.load("social-governance", {"shouting.rate": 0.25})
    assert named.mechanisms[-1].rate == 0.25  # type: ignore[attr-defined]
    assert [one.origin.name for one in named.active_plugins] == ["shoutings"]
    assert call("check", "social-governance", "--set", "shouting.rate=0.25").exit_code == 0
    assert "above its range" in call("check", "social-governance", "--set", "shouting.rate=25").stderr
    asked = plugin_loader.measures(named.active_plugins, [*_sums(), *named.mechanisms[-1].sums])
    assert [measure.name for measure in asked[len(MEASURES) :]] == ["loudness", "records_a_week"]


def _sums() -> list[Any]:
    return [total for mechanism in CATALOGUE for total in mechanism.sums]


def test_measures_alone_join_every_run_and_leave_out_what_no_component_keeps(package: Any) -> None:
    package(SHOUTING + COUNTING, mechanism="")
    plain = glasshouse.load("social-governance")
    assert [one.origin.name for one in plain.active_plugins] == ["shoutings"]
    assert [m.name for m in plugin_loader.measures(plain.active_plugins, _sums())[len(MEASURES) :]] == [
        "records_a_week"
    ]


def test_the_digest_of_a_package_is_that_of_all_its_source(package: Any) -> None:
    folder = package()
    before = plugin_loader.find()[0].origin.digest
    (folder / "more.py").write_text("x = 1\n")
    after = plugin_loader.find()
    assert after[0].origin.digest != before
    assert provenance.code_digest(after) != provenance.code_digest()


def test_a_package_that_cannot_join_is_reported_by_name(package: Any) -> None:
    for given, said in (
        ({"text": "import nowhere\n"}, "No module named 'nowhere'"),
        ({"mechanism": "shoutings.inner:Nobody"}, "Nobody"),
        ({"mechanism": "shoutings.inner:ratio"}, "no subclass of Mechanism or Statistic"),
    ):
        package(**given)
        with pytest.raises(PluginError, match=said) as caught:
            plugin_loader.find()
        assert str(caught.value).startswith("package shoutings, entry point shouting = ")
        assert "uninstall it" in str(caught.value)
