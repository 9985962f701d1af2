"""The commands of studies: what they run, what they say, how they end."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.cli.study import DESIGNS
from glasshouse.cli.study_reports import freeze
from glasshouse.errors import GlasshouseError
from glasshouse.scenario.scenario import load
from glasshouse.study import worker
from glasshouse.study.definition import add_study
from glasshouse.study.executors import local, ray
from glasshouse.study.executors.executor import StudyJob
from glasshouse.study.prior_factors import prior_factors
from glasshouse.study.store.schema import runs, studies
from glasshouse.study.store.study_database import StudyDatabase
from glasshouse.study.study_file import Kind
from tests.helpers.studies import TEXT, here, made, opened


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(local, "run_processes", here)
    (tmp_path / "small.toml").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(*words: str):
    return CliRunner().invoke(cli, ["study", *words])


def test_a_study_is_run_shown_and_exported(folder: Path) -> None:
    done = asked("run", "small.toml")
    assert done.exit_code == 0, done.output
    assert "8 runs: 4 points (latin-hypercube) of 2 factors, 2 replicates at each; 600 citizens" in done.stderr
    assert "8 of 8 runs are done" in done.stdout
    again = asked("run", "small.toml", "--quiet")
    assert again.exit_code == 0
    assert again.stderr == ""
    shown = asked("show", "small").stdout
    assert "unrelated_share" in shown
    assert "of variance" in shown
    assert "records" not in asked("show", "small", "--measure", "chilling").stdout
    assert asked("export", "small", "runs.csv").exit_code == 0
    lines = (folder / "runs.csv").read_text().splitlines()
    assert len(lines) == 9
    assert lines[0].startswith("run,point,replicate,lists.integration,observation.coverage,")
    wrong = asked("export", "small", "runs.xlsx")
    assert wrong.exit_code == 1
    assert ".csv or .parquet" in wrong.stderr


def test_levers_are_varied_on_request(folder: Path) -> None:
    scenario = load("rows/s08-augmentation")
    uncertain, levers = (len(prior_factors(scenario, groups=(group,))) for group in ("uncertainties", "levers"))
    both = ("--vary", "uncertainties", "--vary", "levers")
    for words, factors in (((), uncertain), (("--vary", "levers"), levers), (both, uncertain + levers)):
        frozen = asked("freeze", "rows/s08-augmentation", "--runs", "4", "--name", f"of-{factors}", *words)
        assert f"of {factors} factors" in frozen.stdout, frozen.output
    done = asked("run", "rows/s08-augmentation", "--runs", "2", "--set", "weeks=4", "--set", "start=1", "--set",
                 "citizens=300", "--vary", "levers", "--quiet")  # fmt: skip
    assert done.exit_code == 0, done.output
    found = glasshouse.studies.open("s08-augmentation")
    assert {factor.key for factor in found.design.factors} == {
        f.key for f in prior_factors(scenario, groups=("levers",))
    }


def test_groups_cannot_be_asked_for_where_factors_are_named(folder: Path) -> None:
    refused = asked("run", "small.toml", "--vary", "levers")
    assert refused.exit_code == 2
    assert "groups are varied only where nothing else says what is: name no factors" in refused.stderr


def test_a_study_that_was_cut_off_goes_on(folder: Path) -> None:
    with opened(folder / "results" / "studies") as database:
        worker.work(database, "small", folder / "results" / "studies" / "small", worker.WorkerOptions(max_runs=1))
    status = asked("status").stdout
    assert "waiting  " in status
    assert "8 of 8" not in status
    assert "runs are not done" in asked("show", "small").stdout
    assert asked("resume", "small").exit_code == 0
    assert "8 of 8" in asked("status", "small").stdout
    shard = next((folder / "results" / "studies" / "small").glob("*.parquet"))
    shard.unlink()
    assert shard.name in asked("show", "small").stderr
    back = asked("resume", "small")
    assert "again whose results were missing or damaged." in back.stderr
    assert asked("show", "small").exit_code == 0


def test_every_design_of_a_study_file_can_be_asked_for_but_one_that_needs_a_file() -> None:
    assert {*DESIGNS, "sample"} == set(get_args(Kind))
    options = {one.name: one for one in freeze.params}
    assert tuple(options["design"].type.choices) == DESIGNS  # type: ignore[attr-defined]


def test_a_worker_takes_every_study_of_a_database_by_its_address(folder: Path) -> None:
    place = folder / "elsewhere"
    for name, seed in (("first", 1), ("second", 2)):
        with StudyDatabase.open(place / "studies.db") as database:
            add_study(database, replace(made(), name=name, seed=seed))
    done = asked("work", str(place / "studies.db"))
    assert done.exit_code == 0, done.output
    assert "this worker did 16" in done.stdout
    assert "8 of 8" in asked("status", "second", "--folder", str(place)).stdout
    assert len(list((place / "second").glob("*.parquet"))) >= 1


def test_a_worker_passes_over_studies_that_are_done_or_not_its_own(folder: Path) -> None:
    with StudyDatabase.open(folder / "studies" / "studies.db") as database:
        for name in ("done", "strange", "open"):
            add_study(database, replace(made(), name=name))
        worker.work(database, "done", folder / "studies" / "done")
        other = sa.update(studies).where(studies.c.name.in_(("done", "strange"))).values(code="c0de")
        database._database.do(lambda connection: connection.execute(other))
    done = asked("work", str(folder / "studies" / "studies.db"))
    assert done.exit_code == 0, done.output
    assert "this worker did 8" in done.stdout
    assert done.stderr.count("Skipped") == 1
    assert "strange was begun with another version" in done.stderr


def test_what_is_missing_is_reported(folder: Path) -> None:
    """A failed run is no silent hole, in a status or in a file of runs."""
    assert asked("run", "small.toml", "--runs", "24", "--quiet").exit_code == 0
    with StudyDatabase.open(folder / "results" / "studies" / "studies.db") as database:
        failed = sa.update(runs).where(runs.c.number < 12).values(state="failed", error="no memory", shard=None)
        database._database.do(lambda connection: connection.execute(failed))
    status = asked("status", "small").stdout
    assert status.count("failed: no memory") == 10
    assert "and 2 more" in status
    told = asked("export", "small", "runs.csv")
    assert "Wrote 12 of 24 runs" in told.stdout
    assert "12 are not in it: 12 failed" in told.stderr
    for shard in (folder / "results" / "studies" / "small").glob("*.parquet"):
        shard.write_bytes(b"PAR1")
    assert "of 12 runs are missing or damaged" in asked("status", "small").stdout
    status = glasshouse.studies.status("small")
    assert (status.failed, len(status.failures), status.failures[0].error, status.lost) == (12, 12, "no memory", 12)


def test_a_measure_that_there_is_not_is_reported_before_anything_is_run(folder: Path) -> None:
    told = asked("compare", "--scenarios", "town", "town", "--measure", "contrl")
    assert told.exit_code == 1
    assert "No measure is called contrl. Did you mean control?" in told.stderr
    assert "Run 1 of 2" not in told.stderr


def test_in_python_a_study_is_frozen_worked_on_and_asked_how_far_it_is(folder: Path) -> None:
    file = glasshouse.studies.freeze("small.toml", ["heart"])
    assert file.is_file()
    assert glasshouse.studies.status("small").waiting == 8
    assert glasshouse.studies.work("small") == 8
    assert glasshouse.studies.status("small").done == 8


def test_in_python_a_study_is_resumed_with_what_failed_or_is_missing(folder: Path) -> None:
    assert asked("run", "small.toml", "--quiet").exit_code == 0
    with StudyDatabase.open(folder / "results" / "studies" / "studies.db") as database:
        failed = sa.update(runs).where(runs.c.number < 2).values(state="failed", error="no memory", shard=None)
        database._database.do(lambda connection: connection.execute(failed))
    assert glasshouse.studies.resume("small").counts.done == 8
    for shard in (folder / "results" / "studies" / "small").glob("*.parquet"):
        shard.unlink()
    assert glasshouse.studies.resume("small", workers=0).counts.done == 8


def test_a_study_that_is_not_there_is_reported_with_those_that_are(folder: Path) -> None:
    assert "There is no study in the study database" in asked("status").stdout
    for words in (("show", "big"), ("resume", "big"), ("work", "big"), ("work", "results/studies/studies.db")):
        missing = asked(*words)
        assert missing.exit_code == 1
        assert "no study database is here" in missing.stderr
    assert not (folder / "results" / "studies" / "studies.db").exists()
    with StudyDatabase.open(folder / "results" / "studies" / "studies.db"):
        pass
    assert "none yet" in asked("show", "big").stderr
    assert asked("run", "smal.toml").exit_code == 2


def test_direction_characters_of_a_title_are_spelled_out_wherever_the_study_is_shown(folder: Path) -> None:
    """In a process of its own, since the streams that do so belong to the whole command."""
    (folder / "small.toml").write_text(TEXT.replace('title = "Small"', 'title = "Red\\u001b[31m \\u202etext"'))
    assert asked("run", "small.toml", "--quiet").exit_code == 0
    words = (["show", "small"], ["report", "small"])
    told = ""
    for arguments in words:
        command = [sys.executable, "-m", "glasshouse", "study", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
        told += done.stdout + done.stderr
    assert "\\u202etext: what the regime changes" in told
    assert "\u202e" not in told
    assert "\x1b[31m" not in told


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql:/me:hush@server/db", "has no `://` after its kind"),
        ("me:hush@server", "has no `://` after its kind"),
        ("pstgresql:me:hush", "pstgresql:***: no study database is here"),
        ("server/studies", "server/studies: no study database is here"),
        ("postgersql://me:hush@server/db", "cannot be in `postgersql`"),
        ("postgresql://me:hush@127.0.0.1:1/db", "postgresql+psycopg://me:***@127.0.0.1:1/db does not answer"),
    ],
)
def test_a_mistyped_address_is_no_database_without_studies(
    address: str, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glasshouse.study.store.study_database.PAUSES", (0.01, 0.05))
    for arguments in (("status",), ("status", "small"), ("status", "--json")):
        found = asked(*arguments, "--database", address)
        assert found.exit_code == 1, found.stdout
        assert words in found.stderr
        assert "hush" not in found.stdout + found.stderr
    assert not (folder / "server").exists()


def test_other_contents_under_the_same_name_are_refused(folder: Path) -> None:
    assert asked("run", "small.toml", "--quiet").exit_code == 0
    other = asked("run", "small.toml", "--seed", "5")
    assert other.exit_code == 1
    assert "another study under the name small" in other.stderr
    assert asked("run", "small.toml", "--seed", "5", "--name", "second", "--runs", "2", "--quiet").exit_code == 0


def test_in_python_a_study_is_run_and_opened(folder: Path) -> None:
    found = glasshouse.studies.run(folder / "small.toml", runs=4, name="brief", settings={"citizens": 300})
    assert found.counts.done == 4
    assert found.definition["design"]["factors"][0]["key"] == "observation.coverage"
    again = glasshouse.studies.open("brief")
    assert (again.runs["records.regime"] == found.runs["records.regime"]).all()
    with pytest.raises(GlasshouseError, match="brief"):
        glasshouse.studies.open("other")


def test_a_study_goes_to_the_cluster_that_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = []

    def there(job: StudyJob, address: str = "") -> None:
        asked_for.append((job.url, job.workers, address))
        worker.work(job.database, job.name, job.folder / job.name, worker.WorkerOptions(max_runs=1))

    monkeypatch.setattr(ray, "run_on_ray", there)
    place = "results/studies/studies.db"
    said = asked("run", "small.toml", "--cluster", "10.0.0.1:6379")
    assert said.exit_code == 0
    assert "With " not in said.stderr
    assert "With 3 workers" in asked("run", "small.toml", "--cluster", "local", "--workers", "3").stderr
    assert asked("resume", "small", "--cluster", "local").exit_code == 0
    assert asked_for == [(place, 0, "10.0.0.1:6379"), (place, 3, "local"), (place, 0, "local")]
    assert glasshouse.studies.run("small.toml", cluster="local", workers=2).counts.done > 3
    assert asked_for[3] == (place, 2, "local")


def test_in_python_progress_is_reported_and_this_process_does_the_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(local, "run_processes")
    told = []
    found = glasshouse.studies.run(
        "small.toml",
        runs=4,
        settings={"citizens": 300},
        progress=told.append,
    )
    assert found.counts.done == 4
    assert (told[-1].done, told[0].workers) == (4, 1)
