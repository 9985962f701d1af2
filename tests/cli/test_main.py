"""The command line: what it calls, what it says, how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import types
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.engine import size
from glasshouse.engine.progress import Progress, RunProgress
from glasshouse.errors import RunningError, StoringError
from glasshouse.results.output_folder import claim, default_folder
from glasshouse.scenario.scenario import Scenario, load
from glasshouse.storage import locked

SCENARIO = 'title = "A small regime"\n[run]\nweeks = 20\nstart = 5\n[society]\ncitizens = 20_000\n'

CERTAINTY = "Intervals hold Monte Carlo error."

STUB = """
import threading
import glasshouse
from glasshouse.engine.progress import RunProgress
def run(scenario, *, progress, **given):
    progress(RunProgress("run", 0, 1, 1, 1000, {}))
    threading.Event().wait()
glasshouse.run = run
from glasshouse.cli.main import main
main()
"""


@dataclass
class Engine:
    """Stands in for the engine and the report, and remembers how it was called."""

    scenario: Scenario | None = None
    given: dict[str, Any] | None = None
    failure: BaseException | None = None

    def run(self, scenario: Scenario, *, progress: Callable[[Progress], None], **given: Any) -> Any:
        self.scenario, self.given = scenario, given
        if self.failure is not None:
            raise self.failure
        weeks, replicates = scenario.run.weeks, scenario.run.replicates
        for replicate in range(replicates):
            for week in range(1, weeks + 1):
                progress(RunProgress("run", replicate, replicates, week, weeks, {"listed": 0.1}))
        return types.SimpleNamespace(headline="Nobody was helped.", certainty=CERTAINTY)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A working directory with a scenario in it, and an engine that only pretends."""
    stub = Engine()

    def write_report(result: Any, path: Path, language: str) -> Path:
        path.write_text(f"<p>{result.headline}</p>")
        return path

    monkeypatch.setattr("glasshouse.engine.run.run", stub.run)
    monkeypatch.setattr(glasshouse, "write_report", write_report)
    monkeypatch.chdir(tmp_path)
    Path("x.toml").write_text(SCENARIO)
    return stub


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def shell(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "glasshouse", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


# --------------------------------------------------------------------------------------------------------------- run


def test_run_passes_everything_on_and_says_where_the_report_is(engine: Engine) -> None:
    result = call(
        "run", "x.toml", "--citizens", "30000", "--replicates", "2", "--seed", "7", "--weeks", "10", "--threads", "2",
        "--set", "observation.covert=0.5", "--out", "deep/er",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert engine.scenario is not None
    run = engine.scenario.run
    assert (run.weeks, run.replicates, run.seed, engine.scenario.society.citizens) == (10, 2, 7, 30_000)
    assert engine.scenario.settings()["observation", "covert"] == 0.5
    assert engine.given == {
        "out": Path("deep/er"), "resume": False, "keep_checkpoints": False, "threads": 2,
    }  # fmt: skip
    assert result.stdout == f"Nobody was helped.\n\n{CERTAINTY}\n\nReport: deep/er/report.html\n"
    assert result.stderr.startswith("Preparing x.toml …\n")
    assert "100%  replicate 2 of 2, week 10 of 10" in result.stderr
    assert Path("deep/er/report.html").read_text() == "<p>Nobody was helped.</p>"
    assert load("deep/er/scenario.toml") == engine.scenario


def folder_of(*settings: str) -> str:
    return str(default_folder(load("x.toml", settings)))


def test_results_go_to_a_folder_named_after_all_that_makes_a_run_another_one(engine: Engine) -> None:
    folder = folder_of("run.seed=3")
    assert re.fullmatch(r"results/x-seed3-[0-9a-f]{8}", folder)
    assert f"Report: {folder}/report.html" in call("run", "x.toml", "--seed", "3", "--quiet").output
    others = [(), ("--seed", "4"), ("--weeks", "10"), ("--citizens", "30000"), ("--set", "observation.covert=0.5")]
    for options in (("--seed", "3"), *others):
        assert call("run", "x.toml", "--quiet", *options).exit_code == 0, options
    assert len(list(Path("results").iterdir())) == 1 + len(others)


def test_quiet_says_only_the_result(engine: Engine) -> None:
    result = call("run", "x.toml", "--quiet")
    assert (result.stderr, result.stdout.splitlines()[0]) == ("", "Nobody was helped.")


def test_json_progress_puts_one_object_on_each_line(engine: Engine) -> None:
    result = call("run", "x.toml", "--json-progress")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert events[0] == {"event": "preparing", "scenario": "x.toml"}
    assert events[1]["week"] == 1
    assert events[-2]["stage"] == "report"
    result_line = {"headline": "Nobody was helped.", "certainty": CERTAINTY, "report": f"{folder_of()}/report.html"}
    assert events[-1] == {"event": "result", **result_line}
    assert result.stderr == ""


@pytest.mark.parametrize(("option", "opened"), [("--open", 1), ("--no-open", 0)])
def test_the_report_opens_only_when_asked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, option: str, opened: int
) -> None:
    pages: list[str] = []
    monkeypatch.setattr(webbrowser, "open", pages.append)
    assert call("run", "x.toml", "--quiet", option).exit_code == 0
    assert len(pages) == opened
    assert all(page.startswith("file://") and page.endswith("report.html") for page in pages)


def test_the_same_run_may_use_its_folder_again_and_resume(engine: Engine) -> None:
    assert call("run", "x.toml", "--resume").exit_code == 1
    assert "no run to resume is here" in call("run", "x.toml", "--resume").stderr
    assert call("run", "x.toml").exit_code == 0
    assert call("run", "x.toml").exit_code == 0
    assert call("run", "x.toml", "--resume").exit_code == 0
    assert engine.given is not None
    assert engine.given["resume"] is True


def test_a_folder_of_another_scenario_is_left_alone_and_the_difference_reported(engine: Engine) -> None:
    call("run", "x.toml", "--out", "mine")
    before = Path("mine/scenario.toml").read_bytes()
    result = call("run", "x.toml", "--weeks", "10", "--out", "mine")
    assert result.exit_code == 1
    assert "mine: holds results of another scenario (run.weeks is 20 there and 10 here)." in result.stderr
    assert "--out" in result.stderr
    assert Path("mine/scenario.toml").read_bytes() == before
    result = call(
        "run",
        "x.toml",
        "--out",
        "mine",
        *(f"--set=attitudes.{key}=0.5" for key in ("rise", "fall", "contagion", "weight_own", "adjustment")),
    )
    assert "and 1 more)" in result.stderr


def test_foreign_or_damaged_folders_are_refused(engine: Engine) -> None:
    scenario = load("x.toml")
    cases: dict[str, str] = {
        "full": "holds files that are no results",
        "damaged": "is damaged",
        "plain": "this is a file",
    }
    for name in ("full", "damaged"):
        Path(name).mkdir()
    Path("full/letter.txt").write_text("dear")
    Path("damaged/scenario.toml").write_text("[run")
    Path("plain").write_text("")
    for name, says in cases.items():
        result = call("run", "x.toml", "--out", name)
        assert (result.exit_code, says in result.stderr) == (1, True), result.output
    assert "cannot be used" in call("run", "x.toml", "--out", "plain/below").stderr
    with pytest.raises(StoringError, match="cannot be used"):
        claim(Path("a\0b"), scenario)
    Path("empty").mkdir()
    claim(Path("empty"), scenario)


def test_a_folder_that_a_killed_run_left_is_taken_by_a_run_and_by_resume(engine: Engine) -> None:
    """Between making the folder and storing the scenario."""
    for name, options in (("a", ()), ("b", ("--resume",))):
        Path(name).mkdir()
        assert call("run", "x.toml", "--out", name, *options).exit_code == 0
        part = Path(name) / "scenario.toml.0123abcd.part"
        (Path(name) / "scenario.toml").rename(part)
        (Path(name) / "report.html").unlink()
        assert call("run", "x.toml", "--out", name, *options).exit_code == 0


def test_two_runs_in_one_folder_are_one_and_a_sentence(engine: Engine) -> None:
    Path("mine").mkdir()
    with locked(Path("mine")):
        result = call("run", "x.toml", "--out", "mine")
    assert (result.exit_code, engine.scenario) == (1, None)
    assert "mine: another run is at work in this folder. Wait until it ends" in result.stderr
    assert list(Path("mine").iterdir()) == []
    assert call("run", "x.toml", "--out", "mine").exit_code == 0


def test_a_run_that_memory_or_disk_cannot_hold_is_refused_with_the_arithmetic(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size, "machine_memory", lambda: 16_000)
    result = call("run", "x.toml", "--citizens", "100000000")
    assert result.exit_code == 1
    assert "100,000,000 citizens need about 64," in result.stderr
    assert "(640 bytes for a citizen in 2 arms, 400 MB for the program" in result.stderr
    assert "this machine has 16,000 MB. There is room for about 24,000,000 citizens" in result.stderr
    size.check(load("x.toml", ("society.citizens=24_000_000",)))
    monkeypatch.setattr(size, "_free", lambda _: 10)
    result = call("run", "x.toml", "--citizens", "1000000")
    assert "its disk has 10 MB left. Free space there, or name another folder with --out." in result.stderr
    assert engine.scenario is None
    assert not Path("results").exists()


def test_workers_that_memory_cannot_hold_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load("town", ("society.citizens=1000000",))
    each = size.memory(scenario)
    monkeypatch.setattr(size, "machine_memory", lambda: 3 * each)
    size.check(scenario, workers=3)
    with pytest.raises(
        RunningError, match=rf"with 4 workers at once need about {4 * each:,} MB of memory, each {each:,} MB"
    ):
        size.check(scenario, workers=4)


def test_out_of_memory_is_one_message(engine: Engine) -> None:
    engine.failure = MemoryError()
    result = call("run", "x.toml", "--quiet")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "too little free memory" in result.stderr


def test_what_the_engine_explains_is_reported_without_a_traceback(engine: Engine) -> None:
    engine.failure = RunningError("The disk is full. Make room.")
    result = call("run", "x.toml")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "The disk is full. Make room.")
    assert isinstance(result.exception, SystemExit)


def test_a_fault_of_ours_is_not_hidden(engine: Engine) -> None:
    engine.failure = ZeroDivisionError("a bug")
    assert isinstance(call("run", "x.toml").exception, ZeroDivisionError)


def test_a_stopped_run_says_how_to_go_on(engine: Engine) -> None:
    engine.failure = KeyboardInterrupt()
    result = call("run", "x.toml", "--quiet")
    assert result.exit_code == 130
    assert result.stderr.strip() == (
        f"Stopped. Finished weeks are kept in {folder_of()}. The same command with --resume continues from there."
    )


def test_faults_of_a_scenario_end_before_anything_runs(engine: Engine) -> None:
    result = call("run", "x.toml", "--citizens", "1", "--weeks", "2", "--set", "run.sed=3")
    assert result.exit_code == 2
    for says in ("key sed is not known. Did you mean seed?", "citizens = 1 is below", "start = 5 is after the end"):
        assert says in result.stderr
    assert engine.scenario is None
    assert not Path("results").exists()


# ------------------------------------------------------------------------------------------------ the other commands


def test_check_says_that_a_scenario_is_in_order_or_what_is_not(engine: Engine) -> None:
    good = call("check", "x.toml", "--set", "seed=9")
    assert good.exit_code == 0
    assert "x is valid: A small regime\n20,000 citizens, 20 weeks, the regime from week 5" in good.stdout
    assert "seed 9" in good.stdout
    assert "No lever differs between the arms." in good.stdout
    wide = call("check", "x.toml", "--set", "observation.coverage=0.7", "--set", "reference.lists.delay_on=6")
    assert "observation.coverage  0.1 in the reference, 0.7 under the regime\n" in wide.stdout
    assert "lists.delay_on        6.0 in the reference, 2.0 under the regime\n" in wide.stdout
    dated = call("check", "social-governance").stdout
    assert "the regime from week 104, changed from weeks 468, 589 and 624, replicates: 5" in dated
    assert "12.0 in the reference, 12.0 under the regime, 8.0 from week 589\n" in dated
    bad = call("check", "x.toml", "--set", "run.start=21", "--set", "nonsense")
    assert bad.exit_code == 2
    assert len(bad.stderr.splitlines()) == 2
    assert bad.stdout == ""


def test_schema_prints_or_writes_json(engine: Engine) -> None:
    printed = call("schema")
    assert json.loads(printed.stdout)["title"] == "Glasshouse scenario"
    assert call("schema", "--out", "s.json").exit_code == 0
    assert Path("s.json").read_text() == printed.stdout
    refused = call("schema", "--out", "s.json/s.json")
    assert (refused.exit_code, "cannot be written" in refused.stderr) == (1, True)


def test_list_names_mechanisms_and_measures(engine: Engine) -> None:
    result = call("list")
    assert result.exit_code == 0
    for expected in ("Scenarios", "Mechanisms", "observation  ", "Measures", "chilling  "):
        assert expected in result.stdout


def test_help_and_version() -> None:
    assert "Commands:" in call("--help").stdout
    assert "--resume" in call("run", "-h").stdout
    assert call("--version").stdout.startswith("glasshouse ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek"], "Did you mean one of: 'check'"),
        (["check"], "Missing argument 'SCENARIO'"),
        (["check", "x.toml", "--sett", "a=1"], "Did you mean '--set'"),
        (["run", "x.toml", "--citizens", "many"], "'many' is not a valid integer"),
        (["run", "x.toml", "--threads", "0"], "0 is not in the range"),
        ([], "Commands:"),
    ],
)
def test_wrong_commands_are_reported_with_the_nearest_one(arguments: list[str], says: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert says in result.output


# --------------------------------------------------------------------------------------------- as a process of its own


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, glasshouse.cli.main; print(sorted({'numpy', 'pydantic', 'rich', 'llvmlite', 'duckdb'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_exit_codes_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(SCENARIO.replace("start = 5", "start = 50"))
    (tmp_path / "noise.toml").write_bytes(os.urandom(3000))
    cases = [
        (["check", "x.toml"], 2),
        (["check", "noise.toml"], 2),
        (["check", "."], 2),
        (["check", "no.toml"], 2),
        (["--help"], 0),
    ]
    for arguments, code in cases:
        done = shell(*arguments, cwd=tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), (arguments, done.stderr)


def test_output_that_cannot_hold_a_character_gets_a_stand_in(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(SCENARIO.replace("A small", "Режим"), encoding="utf-8")
    done = shell("check", "x.toml", cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        "x is valid: \\u0420\\u0435\\u0436\\u0438\\u043c regime",
    )


def test_a_reader_that_goes_away_is_no_failure_worth_words() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "glasshouse", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.wait()
    assert process.stderr.read() == b""
    process.stderr.close()


def test_ctrl_c_ends_a_run_with_130_and_a_line(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(SCENARIO)
    command = [sys.executable, "-c", STUB, "run", "x.toml", "--json-progress"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    assert process.stdout is not None
    while b'"stage": "run"' not in process.stdout.readline():
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert err.decode().strip().startswith("Stopped. Finished weeks are kept in results/x-seed1-")


COMPILING = """
import sys
import threading
from glasshouse.engine import run
run._compile = lambda backend: (sys.stderr.write("compiling\\n"), sys.stderr.flush(), threading.Event().wait())
from glasshouse.cli.main import main
main()
"""


def test_ctrl_c_ends_the_process_while_it_compiles(tmp_path: Path) -> None:
    words = ["run", "town", "--citizens", "200", "--weeks", "30", "--out", str(tmp_path / "out")]
    process = subprocess.Popen([sys.executable, "-c", COMPILING, *words], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    while "compiling" not in (line := process.stderr.readline()):
        assert line, "the run ended before it compiled"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "--resume continues from there" in said


def test_the_first_line_comes_before_libraries_load(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(SCENARIO)
    script = (
        "import sys\n"
        "from glasshouse.cli import options\n"
        "announce = options.announce\n"
        "def stop_after(*given):\n"
        "    announce(*given)\n"
        "    sys.exit(str(sorted({'llvmlite', 'numpy', 'pandas', 'pyarrow', 'pydantic', 'scipy'} & set(sys.modules))))\n"
        "options.announce = stop_after\n"
        "from glasshouse.cli.main import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", script, "run", "x.toml"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stderr == "Preparing x.toml …\n[]\n"


# ---------------------------------------------------------------------------------------------------------- describe


def test_describe_prints_markdown_or_writes_a_file(tmp_path: Path) -> None:
    printed = call("describe", "social-governance")
    assert printed.exit_code == 0
    assert printed.output == glasshouse.describe("social-governance")
    for name, begins in (("x/odd.html", "<!doctype html>"), ("odd.md", "*Model description")):
        written = call("describe", "social-governance", "--out", str(tmp_path / name))
        assert (written.exit_code, written.output) == (0, f"Wrote {tmp_path / name}.\n")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_describe_lists_only_what_differs_from_another() -> None:
    told = call("describe", "social-governance", "--set", "attitudes.half_life=40.0", "--against", "social-governance")
    assert told.exit_code == 0
    assert told.output.count("| `") == 1
    assert "| `attitudes.half_life` |" in told.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nothing",), 2, "no scenario is called nothing"),
        (("social-governance", "--against", "nothing"), 2, "no scenario is called nothing"),
        (("social-governance", "--set", "lists.leave=7"), 2, "leave"),
        (("social-governance", "--out", "x.pdf"), 1, "x.pdf: a document is HTML, Markdown or DOCX"),
        (("social-governance", "--out", "/dev/null/x.md"), 1, "/dev/null/x.md: the document cannot be written"),
    ],
)
def test_describe_says_what_is_wrong(arguments: tuple[str, ...], code: int, words: str) -> None:
    told = call("describe", *arguments)
    assert told.exit_code == code
    assert words in told.stderr
    assert "Traceback" not in told.output
