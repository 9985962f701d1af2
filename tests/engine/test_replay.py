"""Lives of a run that is over: made again exactly, or refused with a reason."""

import json
import shutil
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.engine import replay
from glasshouse.engine import run as engine
from glasshouse.errors import RunningError, StoringError
from glasshouse.report.run.run_page import page
from glasshouse.results.life_course import Life
from glasshouse.results.life_narrative import UNREAL
from glasshouse.results.life_selection import EXEMPLARS
from glasshouse.results.result import Result
from glasshouse.scenario.scenario import load
from tests.engine.test_checkpoint import interrupt
from tests.engine.test_checkpoint import scenario as interrupted

SIZE = ("society.citizens=1500", "society.district_size=256", "run.weeks=170", "run.start=20", "run.rollout=10")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    folder = tmp_path_factory.mktemp("run")
    return engine.run(load("social-governance", (*SIZE, "run.replicates=2")), out=folder, threads=1), folder


@pytest.fixture
def copy(run: tuple[Result, Path], tmp_path: Path) -> Path:
    """A results folder that a test may damage."""
    return Path(shutil.copytree(run[1], tmp_path / "copy"))


def alike(mine: Life, other: Life) -> bool:
    same = (mine.citizen, mine.person) == (other.citizen, other.person)
    return same and all(
        a.weeks.tobytes() == b.weeks.tobytes()
        for a, b in zip(mine.trajectories.values(), other.trajectories.values(), strict=True)
    )


def call(*arguments: str):
    return CliRunner().invoke(cli, ("lives", *arguments))


def test_a_life_made_again_equals_the_one_that_was_recorded(run: tuple[Result, Path]) -> None:
    result, folder = run
    assert result.lives is not None
    again = glasshouse.lives(folder, threads=2)
    assert again.scenario == result.scenario
    assert (again.sampled, [one.kind for one in again.selected]) == (
        result.lives.sampled,
        [x.kind for x in result.lives.selected],
    )
    for mine, other in zip(result.lives.selected, again.selected, strict=True):
        assert alike(mine, other)
    chosen = result.lives.selected[1]
    for source in (folder, str(folder), result):
        (alone,) = glasshouse.lives(source, citizen=chosen.citizen).selected
        assert alike(chosen, alone)
        assert alone.kind == ""


def test_a_result_that_holds_its_lives_needs_no_second_run(
    run: tuple[Result, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "replay_first_replicate", None)
    assert glasshouse.lives(run[0]) is run[0].lives
    (one,) = glasshouse.lives(run[0], kind="silenced").selected
    assert one.kind == "silenced"


def test_a_run_stores_nothing_about_single_citizens(run: tuple[Result, Path]) -> None:
    result, folder = run
    stored = {path.name for path in folder.iterdir()}
    tables = {"measures", "effects", "burdens", "over_time", "weekly", "districts"}
    texts = {"measures.csv", "effects.csv", "burdens.csv", "codebook.csv", "provenance.json", "scenario.toml"}
    assert stored == {"sums", *texts, *(f"{name}.parquet" for name in tables)}
    for name in tables:
        assert "citizen" not in pl.read_parquet(folder / f"{name}.parquet").columns
    facts = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert "lives" not in facts
    assert facts["weekly_totals_digest"] == result.weekly_totals[0].digest() != result.weekly_totals[1].digest()
    assert load(folder / "scenario.toml") == result.scenario


def test_the_tables_of_a_run_say_what_they_hold(run: tuple[Result, Path]) -> None:
    result, folder = run
    for table in result.tables:
        told = json.loads(pq.read_schema(folder / f"{table.name}.parquet").metadata[b"glasshouse"])
        assert told == table.metadata
        assert set(told["columns"]) == set(table.columns), "every column has a title and a unit"
        assert all(note["title"] and "unit" in note for note in told["columns"].values())
        facts = result.provenance
        assert (told["seed"], told["scenario_digest"], told["version"]) == (
            facts.seed,
            facts.scenario_digest,
            facts.version,
        )
    book = pl.read_csv(folder / "codebook.csv")
    assert book.filter(table="weekly", column="listed")["unit"].to_list() == ["citizen-weeks"]
    assert book.filter(table="measure", column="chilling")["formula"].to_list() != [None]
    assert pl.read_csv(folder / "effects.csv").height == len(result.effects)


def test_other_code_is_refused(copy: Path, run: tuple[Result, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay.provenance, "code_digest", lambda: "f" * 32)
    with pytest.raises(RunningError, match=r"run by other code of Glasshouse.*ffffffff….*Use that version"):
        glasshouse.lives(copy)
    with pytest.raises(RunningError, match="this result: was run by other code"):
        glasshouse.lives(run[0], citizen=1)


def test_a_population_that_comes_out_otherwise_is_refused(copy: Path) -> None:
    path = copy / "provenance.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**facts, "weekly_totals_digest": "0" * 32}))
    with pytest.raises(RunningError, match=r"has other sums.*versions of libraries"):
        glasshouse.lives(copy, citizen=1)


def test_a_folder_that_is_no_finished_run_is_refused(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(StoringError, match="no such folder"):
        glasshouse.lives(tmp_path / "nowhere")
    with pytest.raises(StoringError, match="holds no finished run"):
        glasshouse.lives(tmp_path)
    mark = copy / "scenario.toml"
    mark.write_text(mark.read_text(encoding="utf-8").replace("seed = 2014", "seed = 2015"), encoding="utf-8")
    with pytest.raises(StoringError, match="is not the scenario that this run was made from"):
        glasshouse.lives(copy)
    (copy / "provenance.json").write_text("{}")
    with pytest.raises(StoringError, match="is damaged or of another version"):
        glasshouse.lives(copy)


@pytest.mark.parametrize("citizen", [-1, 1500])
def test_a_citizen_that_the_population_lacks_is_refused(run: tuple[Result, Path], citizen: int) -> None:
    with pytest.raises(RunningError, match=rf"citizen {citizen}: the population of .* has citizens 0 to 1,499"):
        glasshouse.lives(run[1], citizen=citizen)


def test_a_kind_that_is_unknown_or_nobody_s_is_refused(run: tuple[Result, Path]) -> None:
    with pytest.raises(RunningError, match=f"lucky: .*Choose one of {EXEMPLARS[0].name}, "):
        glasshouse.lives(run[0], kind="lucky")
    assert run[0].lives is not None
    absent = glasshouse.lives(run[0]).selected[:1]
    from dataclasses import replace

    few = replace(run[0], lives=replace(run[0].lives, selected=absent))
    with pytest.raises(RunningError, match="untouched: none of the .* citizens of the sample"):
        glasshouse.lives(few, kind="untouched")


def test_a_resumed_run_has_the_same_sums_and_says_why_it_has_no_life_courses(tmp_path: Path) -> None:
    whole = engine.run(interrupted(), threads=1)
    interrupt(tmp_path, week=60)
    resumed = engine.run(interrupted(), out=tmp_path, resume=True, threads=1)
    assert [one.digest() for one in resumed.weekly_totals] == [one.digest() for one in whole.weekly_totals]
    assert whole.lives is not None
    assert resumed.lives is None
    report = page(resumed)
    assert "went on from a checkpoint" in report
    assert "glasshouse lives RESULTS" in report
    # The folder's lives are made again all the same.
    for mine, other in zip(whole.lives.selected, glasshouse.lives(tmp_path).selected, strict=True):
        assert alike(mine, other)
    assert engine.run(interrupted(), out=tmp_path, resume=True, threads=1).lives is None


def test_the_command_prints_life_courses_and_writes_their_page(
    run: tuple[Result, Path], copy: Path, tmp_path: Path
) -> None:
    assert run[0].lives is not None
    told = call(str(copy))
    assert told.exit_code == 0, told.output
    assert told.stderr.startswith(f"Running the first replicate of {copy} again …\n")
    assert str(run[0].lives) in told.stdout
    assert told.stdout.endswith(f"Page: {copy}/lives.html\n")
    assert UNREAL in (copy / "lives.html").read_text(encoding="utf-8")
    one = call(str(copy), "--citizen", "7", "--quiet", "--out", str(tmp_path / "seven.html"))
    assert (one.exit_code, one.stderr) == (0, "")
    assert one.stdout.startswith(f"Citizen 7. {UNREAL}\n")
    assert "Citizen 7 in both arms" in (tmp_path / "seven.html").read_text(encoding="utf-8")
    assert call(str(copy), "--kind", "silenced", "--quiet").stdout.endswith("/lives-silenced.html\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere: no such folder. Name the results folder of a run"),
        (["{run}", "--citizen", "1500"], "has citizens 0 to 1,499."),
        (["{run}", "--kind", "lucky"], "Choose one of most-wronged"),
    ],
)
def test_the_command_says_what_is_wrong(run: tuple[Result, Path], arguments: list[str], says: str) -> None:
    told = call(*(text.replace("{run}", str(run[1])) for text in arguments), "--quiet")
    assert (told.exit_code, told.stdout) == (1, "")
    assert says in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_other_code_ends_the_command_with_a_message(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay.provenance, "code_digest", lambda: "f" * 32)
    told = call(str(copy))
    assert told.exit_code == 1
    assert "run by other code of Glasshouse" in told.stderr
