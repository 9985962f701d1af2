"""An interrupted run ends in the bytes of an uninterrupted one, and nothing damaged is ever believed."""

import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from glasshouse.engine import run as engine
from glasshouse.engine.checkpoint import EVERY, Checkpoints, population_digest
from glasshouse.engine.size import COMPRESSED
from glasshouse.engine.state import ArmState
from glasshouse.engine.totals_observer import TotalsObserver
from glasshouse.errors import RunningError, StoringError
from glasshouse.population.synthesis import PopulationTable, synthesise
from glasshouse.results.totals import WeeklyTotals
from glasshouse.scenario.scenario import Scenario, load
from glasshouse.storage import locked

SETTINGS = ("society.citizens=2000", "run.replicates=2", "run.weeks=300", "run.rollout=52", "run.seed=5")
STORED = ("weekly.parquet", "districts.parquet", "measures.parquet", "effects.parquet")


def scenario(*more: str) -> Scenario:
    return load("social-governance", (*SETTINGS, *more))


def results_bytes(result: engine.Result) -> bytes:
    return b"".join(getattr(one, name).tobytes() for one in result.weekly_totals for name in one.STORED)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The weekly totals of a run that nothing interrupted."""
    return results_bytes(engine.run(scenario(), out=tmp_path_factory.mktemp("whole"), threads=1))


class Interrupted(Exception):
    pass


def interrupt(folder: Path, *, week: int, replicate: int = 0) -> None:
    """Runs until that week is over and leaves what a killed run would leave."""
    keep = Checkpoints.write

    def stop(self: Checkpoints, number: int, arms: Sequence[ArmState], sums: TotalsObserver) -> None:
        keep(self, number, arms, sums)
        if number == replicate and sums.totals.weeks >= week:
            raise Interrupted

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(Checkpoints, "write", stop)
        engine.run(scenario(), out=folder, threads=1)


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run interrupted in week 170."""
    folder = tmp_path_factory.mktemp("cut")
    interrupt(folder, week=170)
    return folder


def checkpoints(folder: Path) -> list[Path]:
    return sorted((folder / "checkpoints").glob("*"))


def test_killed_at_random_moments_many_times_it_ends_in_the_same_bytes(tmp_path: Path) -> None:
    """At least seven kills, in writing a checkpoint as in a week, and one resumed run of other threads at the end."""
    long = (
        "society.citizens=6000",
        "run.replicates=2",
        "run.weeks=260",
        "run.rollout=52",
        "change.1.week=130",
        "change.2.week=200",
        "change.2.lists.delay_off=4.0",
        "run.seed=5",
    )
    script = (
        "import sys; from pathlib import Path\n"
        "from glasshouse.engine import progress_reporter, run as engine\n"
        "from glasshouse.scenario.scenario import load\n"
        "progress_reporter.INTERVAL = 1e-6\n"
        "def every_week(progress):\n"
        "    if progress.stage == 'run': print(progress.week, flush=True)\n"
        "scenario = load('social-governance', sys.argv[2:])\n"
        "engine.run(scenario, out=Path(sys.argv[1]), resume=True, threads=1, progress=every_week)\n"
    )
    # This run comes first: it leaves the compiled pass for those that are killed.
    whole = engine.run(load("social-governance", long), out=tmp_path / "whole", threads=2)
    command = [sys.executable, "-c", script, str(tmp_path / "killed"), *long]
    rng, kills, moments, code = random.Random(11), 0, set(), None
    while code is None:
        process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)
        assert process.stdout is not None
        # Killed after a number of weeks, not of seconds, so that the speed of the machine decides nothing. Each attempt
        # gains one checkpoint, so there are nine kills; every second one comes when another is about to be written.
        left = rng.randrange(53, 104)
        for line in process.stdout:
            left -= 1
            if left <= 0 and (kills % 2 == 0 or int(line) % EVERY == EVERY - 1):
                break
        else:
            code = process.wait()
            continue
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        kills += 1
        moments.update(path.name for path in checkpoints(tmp_path / "killed"))
    assert code == 0
    assert kills >= 7
    assert len(moments) >= 6
    resumed = engine.run(load("social-governance", long), out=tmp_path / "killed", resume=True, threads=2)
    assert results_bytes(resumed) == results_bytes(whole)
    for name in STORED:
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_what_is_stored_is_the_same_too(tmp_path: Path) -> None:
    engine.run(scenario(), out=tmp_path / "whole", threads=2)
    interrupt(tmp_path / "cut", week=170, replicate=1)
    engine.run(scenario(), out=tmp_path / "cut", resume=True, threads=1)
    for name in STORED:
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


@pytest.mark.parametrize("damage", ["cut short", "one bit", "head", "emptied", "another magic"])
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(
    damage: str, whole: bytes, cut: Path, tmp_path: Path
) -> None:
    shutil.copytree(cut, tmp_path, dirs_exist_ok=True)
    before, newest = checkpoints(tmp_path)
    assert newest.name.endswith("00156")
    data = bytearray(newest.read_bytes())
    if damage == "cut short":
        data = data[: len(data) // 2]
    elif damage == "one bit":
        data[len(data) - 999] ^= 1
    elif damage == "head":
        place = data.index(b'"week": 156')
        data[place : place + 11] = b'"week": 157'
    elif damage == "emptied":
        data = bytearray()
    else:
        data[:4] = b"NONE"
    newest.write_bytes(data)
    assert before.exists()
    assert results_bytes(engine.run(scenario(), out=tmp_path, resume=True, threads=1)) == whole


def test_nothing_half_written_bears_a_checkpoint_s_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoringError, match="the disk is full.*--resume"):
        engine.run(scenario(), out=tmp_path, threads=1)
    assert checkpoints(tmp_path) == []


def test_a_foreign_checkpoint_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(tmp_path, week=60)
    with pytest.raises(RunningError, match="another scenario"):
        engine.run(scenario("observation.coverage=0.9"), out=tmp_path, resume=True, threads=1)
    monkeypatch.setattr("glasshouse.engine.checkpoint.code_digest", lambda plugins: "other")
    with pytest.raises(RunningError, match="another code"):
        engine.run(scenario(), out=tmp_path, resume=True, threads=1)


def test_a_population_that_differs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(tmp_path, week=60)

    def other(table: PopulationTable, seed: int, threads: int) -> engine.Population:
        return synthesise(table, seed + 1, threads)

    monkeypatch.setattr(engine, "synthesise", other)
    with pytest.raises(RunningError, match="population built again"):
        engine.run(scenario(), out=tmp_path, resume=True, threads=1)


def test_without_resume_it_starts_afresh_and_keeps_two(tmp_path: Path) -> None:
    interrupt(tmp_path, week=200)
    assert [path.name[-5:] for path in checkpoints(tmp_path)] == ["00104", "00156"]
    Checkpoints(tmp_path, scenario()).open(resume=False)
    assert checkpoints(tmp_path) == []


def test_a_complete_run_keeps_no_checkpoint_unless_asked(tmp_path: Path) -> None:
    short = scenario("run.weeks=120", "run.start=20", "run.rollout=10", "run.replicates=1")
    result = engine.run(short, out=tmp_path, threads=1)
    assert not (tmp_path / "checkpoints").exists()
    sums = tmp_path / "sums" / "replicate-00000"
    assert sums.stat().st_size * COMPRESSED < sum(
        getattr(result.weekly_totals[0], name).nbytes for name in WeeklyTotals.STORED
    )
    engine.run(short, out=tmp_path, threads=1, keep_checkpoints=True)
    assert [path.name[-5:] for path in checkpoints(tmp_path)] == ["00052", "00104"]
    resumed = engine.run(short, out=tmp_path, resume=True, threads=1)
    assert results_bytes(resumed) == results_bytes(result)
    assert not (tmp_path / "checkpoints").exists()


def test_another_run_in_the_folder_of_a_run_is_refused(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(StoringError, match="another run is at work in this folder"):
        engine.run(scenario(), out=tmp_path, threads=1)
    assert checkpoints(tmp_path) == []


def test_no_checkpoint_holds_the_population(tmp_path: Path) -> None:
    interrupt(tmp_path, week=60)
    population = synthesise(scenario().society, 1)
    with np.load(_payload(checkpoints(tmp_path)[0])) as stored:
        arrays = {name.removeprefix("0_").removeprefix("1_"): stored[name] for name in stored.files}
    held = {field for array in arrays.values() for field in array.dtype.names or ()}
    assert not {*arrays, *held} & {"income", "workplace", "leverage", "ties", "tie_start"}
    assert population_digest(population) == population_digest(synthesise(scenario().society, 1))
    assert population_digest(population) != population_digest(synthesise(scenario().society, 2))
    assert len(hashlib.blake2b(digest_size=16).hexdigest()) == len(population_digest(population))


def _payload(path: Path) -> Path:
    data = path.read_bytes()
    found = path.with_suffix(".npz")
    found.write_bytes(data[data.index(b"PK") :])
    return found


def test_a_folder_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").write_text("a file stands here")
    with pytest.raises(StoringError, match="--out"):
        engine.run(scenario(), out=tmp_path, threads=1)
