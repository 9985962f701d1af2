"""The evidence pack: complete, the same bytes each time, checked without us, and done again with the same figures."""

import hashlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import glasshouse
from glasshouse.cli.main import cli
from glasshouse.engine.plugin_loader import find
from glasshouse.errors import StoringError
from glasshouse.report import bundle
from glasshouse.report.model_card import model_card
from glasshouse.scenario.scenario import load, loads
from glasshouse.study import preregistration, worker
from glasshouse.study.definition import add_study
from glasshouse.study.findings import Findings, collect
from glasshouse.study.make_study import make_study
from glasshouse.study.store.study_database import StudyDatabase

TEXT = """
title = "Tiny «study»"
about = "Of \\"quotes\\"."
scenario = "rows/s08-augmentation"
design = "DESIGN"
runs = 16
replicates = 2
levels = 2
seed = 3
paired = PAIRED
measures = ["records", "chilling", "welfare_lost"]
[settings]
citizens = 300
run.weeks = 8
run.start = 0
[factors]
"observation.coverage" = [0.2, 0.6]
"conduct.rates" = [0.75, 2.0]
"points.half_life" = { values = [52.0, 104.0] }
"""


MAKE = bundle.contents


@cache
def folder(where: Path, design: str = "latin-hypercube", paired: str = "true") -> Path:
    (where / "tiny.toml").write_text(TEXT.replace("DESIGN", design).replace("PAIRED", paired))
    made = make_study(where / "tiny.toml")
    with StudyDatabase.open(where / "studies.db") as database:
        mark, text = preregistration.preregister(database, made)
        assert mark.digest
        preregistration.registration_path(where, "tiny").write_text(text, encoding="utf-8")
        worker.work(database, "tiny", where / "tiny")
    return where


def found(where: Path) -> Findings:
    with StudyDatabase.open(where / "studies.db") as database:
        return collect(database, "tiny", where / "tiny")


@cache
def contents(where: Path) -> dict[str, bytes]:
    return MAKE(found(where), where)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("pack"))


def test_a_pack_holds_everything_and_says_so(done: Path) -> None:
    files = dict(contents(done))
    assert set(files) == {
        *"report.html scenario.toml tiny.toml definition.json runs.parquet runs.csv seeds.csv odd.md".split(),
        *"model-card.md requirements.txt README.txt MANIFEST.sha256 tiny.frozen.toml population.marginals.toml".split(),
        *"ro-crate-metadata.json codemeta.json CITATION.cff .zenodo.json".split(),
    }
    told = files["README.txt"].decode()
    for name in files.keys() - {"README.txt"}:
        assert name in told
    assert (
        files["runs.csv"].decode().splitlines()[0].startswith("run,point,replicate,conduct.rates,observation.coverage")
    )
    seeds = files["seeds.csv"].decode().splitlines()
    assert len(seeds) == 17
    assert seeds[0] == 'run,point,replicate,"seed",state,digest,error'
    # Text in quotes, since a random seed has more digits than many programs keep of a number.
    assert [line.split(",")[3] for line in seeds[1:]] == [f'"{run.seed}"' for run in found(done).entries]
    assert max(run.seed for run in found(done).entries) > 2**53
    record = found(done).record
    assert record is not None
    assert hashlib.blake2b(files["definition.json"], digest_size=16).hexdigest() == record.digest
    assert b"preregistered before the first run on" in files["report.html"]
    required = files["requirements.txt"].decode()
    assert f"numpy=={__import__('numpy').__version__}" in required
    # The package's own name is another project's on the index: what is pinned is our distribution, with its code.
    assert f"{glasshouse.errors.DISTRIBUTION}=={glasshouse.__version__}  # code digest {record.code}\n" in required
    assert "glasshouse==" not in required


def test_the_manifest_is_checked_without_us(done: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(bundle.zipped(contents(done)))).extractall(tmp_path / "out")
    check = ["sha256sum", "--strict", "-c", "MANIFEST.sha256"]
    assert subprocess.run(check, cwd=tmp_path / "out", capture_output=True, check=False).returncode == 0
    (tmp_path / "out" / "runs.csv").write_text("run\n")
    assert subprocess.run(check, cwd=tmp_path / "out", capture_output=True, check=False).returncode == 1


def test_a_pack_is_the_same_bytes_each_time(done: Path, tmp_path: Path) -> None:
    glasshouse.studies.write_package(found(done), tmp_path / "a.zip", folder=done)
    glasshouse.studies.write_package(found(done), tmp_path / "b.zip", folder=done)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert not list(tmp_path.glob("*.part"))
    other = bundle.zipped({"b": b"1", "a": b"2"})
    assert other == bundle.zipped({"a": b"2", "b": b"1"})
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(other)).infolist()} == {bundle.STAMP}


@pytest.mark.parametrize(("design", "paired"), [("latin-hypercube", "true"), ("grid", "false"), ("morris", "true")])
def test_the_study_file_of_a_package_makes_the_same_points_and_seeds(tmp_path: Path, design: str, paired: str) -> None:
    """Of a sample, a grid with random seeds of its own at every point, and trajectories: the same figures, byte for byte."""
    where = tmp_path / "first"
    where.mkdir()
    findings = found(folder(where, design, paired))
    scenario = loads(findings.definition["scenario"])
    (tmp_path / "scenario.toml").write_text(findings.definition["scenario"])
    (tmp_path / "tiny.toml").write_text(bundle.study_file(findings, scenario))
    again = make_study(tmp_path / "tiny.toml")
    with StudyDatabase.open(tmp_path / "studies.db") as database:
        add_study(database, again)
        worker.work(database, again.name, tmp_path / again.name)
    for table, name in ((findings.runs, "a.csv"), (found(tmp_path).runs, "b.csv")):
        table.save(tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert findings.counts.done == findings.counts.total > 4


def test_the_command_of_a_pack_gives_the_same_figures(done: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, the command in its README is run word for word, and the figures come out byte for byte."""
    zipfile.ZipFile(io.BytesIO(bundle.zipped(contents(done)))).extractall(tmp_path)
    line = next(
        line for line in (tmp_path / "README.txt").read_text().splitlines() if line.startswith("glasshouse study")
    )
    script = line.replace("glasshouse study", f"{shlex.quote(sys.executable)} -m glasshouse.cli.main study")
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, capture_output=True, check=True)
    assert (tmp_path / "again" / "tiny.csv").read_bytes() == (tmp_path / "runs.csv").read_bytes()


def test_a_frozen_study_is_not_packed_without_its_file(done: Path, tmp_path: Path) -> None:
    with pytest.raises(StoringError, match=r"tiny\.frozen\.toml is missing"):
        bundle.contents(found(done), tmp_path)
    fixed = preregistration.read_registration(preregistration.registration_path(done, "tiny"))[1]
    preregistration.registration_path(tmp_path, "tiny").write_text(
        preregistration.registration_text({**fixed, "seed": 4}, "2026"), encoding="utf-8"
    )
    with pytest.raises(StoringError, match="is not what the study tiny was frozen as"):
        bundle.contents(found(done), tmp_path)


def test_plugins_that_took_part_must_be_there(done: Path) -> None:
    findings = found(done)
    joined = replace(findings, definition={**findings.definition, "plugins": ["0" * 32]})
    with pytest.raises(StoringError, match="1 plug-ins more"):
        bundle.contents(joined, done)


def test_the_command_packs(done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "contents", lambda *_: contents(done))
    told = CliRunner().invoke(cli, ["study", "pack", "tiny", str(tmp_path / "p.zip"), "--folder", str(done)])
    assert told.exit_code == 0, told.output
    assert zipfile.is_zipfile(tmp_path / "p.zip")
    (tmp_path / "file").write_text("")
    wrong = CliRunner().invoke(cli, ["study", "pack", "tiny", str(tmp_path / "file" / "p.zip"), "--folder", str(done)])
    assert wrong.exit_code == 1
    assert "cannot be written" in wrong.stderr


def test_the_model_card_counts_what_is_declared() -> None:
    from glasshouse.model.measures import CATALOGUE
    from glasshouse.replications.catalogue import CATALOGUE as REPLICATIONS
    from glasshouse.report.document import markdown

    text = markdown(model_card(load("social-governance")))
    assert f"{len(CATALOGUE)} measures" in text
    assert f"reproduces {len(REPLICATIONS)} published models" in text
    judged = sum(target.band is not None for one in REPLICATIONS for target in one.targets)
    assert f"held to {judged} figures" in text
    assert "not for decisions about real people" in text


def test_a_stored_design_comes_back_as_it_was(done: Path) -> None:
    findings = found(done)
    made = make_study(done / "tiny.toml").design
    again = findings.design
    # A vector's factor comes back from the vector, to the last digit but one.
    assert np.allclose(again.points, made.points, rtol=1e-14, atol=0.0)
    assert (again.factors, again.kind, again.size, again.levels, again.seed) == (
        made.factors, made.kind, made.size, made.levels, made.seed,
    )  # fmt: skip
    assert json.loads(json.dumps(findings.definition["design"]))["size"] == made.size


MEASURE = """
from glasshouse.model.measure import Measure, ratio


class Recorded(Measure):
    name, title, formula = "recorded", "Recorded", "records / adult-weeks"
    unit, better, source = "per week", "less", "this test"

    @staticmethod
    def value(sums):
        return ratio(sums.records, sums.adults)
"""


def test_a_plugin_travels_with_the_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The description takes seconds to write and is read in the other tests.
    monkeypatch.setattr(bundle, "odd", model_card)
    plugin = tmp_path / "recorded.py"
    plugin.write_text(MEASURE)
    text = TEXT.replace("DESIGN", "latin-hypercube").replace("PAIRED", "true").replace('"chilling"', '"recorded"')
    (tmp_path / "own.toml").write_text(text.replace("runs = 16", "runs = 4"))
    findings = glasshouse.studies.run(tmp_path / "own.toml", folder=tmp_path, plugins=[plugin])
    files = bundle.contents(findings, tmp_path, [plugin])
    assert files["recorded.py"] == plugin.read_bytes()
    assert "study run own.toml --folder again --plugin recorded.py" in files["README.txt"].decode()
    assert ",recorded.regime" in files["runs.csv"].decode().splitlines()[0]
    assert "Measure of a plug-in" in files["report.html"].decode()
    with pytest.raises(StoringError, match="1 plug-ins more"):
        bundle.contents(findings, tmp_path)


def test_a_study_named_scenario_and_plugins_of_one_file_name_lose_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "odd", model_card)
    plugins = [tmp_path / "first" / "own.py", tmp_path / "second" / "own.py"]
    for plugin, text in zip(
        plugins, (MEASURE, MEASURE.replace("recorded", "again").replace("Recorded", "Again")), strict=True
    ):
        plugin.parent.mkdir()
        plugin.write_text(text)
    text = TEXT.replace("DESIGN", "latin-hypercube").replace("PAIRED", "true")
    text = text.replace('"chilling"', '"recorded", "again"').replace("runs = 16", "runs = 4")
    (tmp_path / "scenario.toml").write_text(text)
    findings = glasshouse.studies.run(tmp_path / "scenario.toml", folder=tmp_path, plugins=plugins)
    files = bundle.contents(findings, tmp_path, plugins)
    assert [files["own.py"], files["plugin2/own.py"]] == [plugin.read_bytes() for plugin in plugins]
    assert files["base-scenario.toml"].decode() == findings.definition["scenario"]
    readme = files["README.txt"].decode()
    assert "base-scenario.toml    the scenario" in readme
    assert "study run scenario.toml --folder again --plugin own.py --plugin plugin2/own.py" in readme
    for name, data in files.items():
        (tmp_path / "pack" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pack" / name).write_bytes(data)
    unpacked = tmp_path / "pack"
    again = make_study(unpacked / "scenario.toml", plugins=find([unpacked / "own.py", unpacked / "plugin2" / "own.py"]))
    assert json.loads(json.dumps(again.points)) == [dict(point) for point in findings.parameters]


WHOLE = """
import sys
from pathlib import Path
import glasshouse

done, out = Path(sys.argv[1]), Path(sys.argv[2])
size = {"citizens": 300, "weeks": 40, "threads": 1}
glasshouse.write_report(glasshouse.run("town", **size), out / "report.html")
glasshouse.assess("town", out=out / "evidence", **size)
glasshouse.studies.write_package(glasshouse.studies.open("tiny", folder=done), out / "tiny.zip", folder=done)
"""


def undated(path: Path) -> bytes:
    """The bytes of a file without when it was made and how long that took, which reports and sheets say."""
    clock = rb"(finished|wall.seconds)(\W+(?:td|code)?\W+)+[0-9][0-9:. -]*"
    return path.read_bytes() if path.suffix == ".zip" else re.sub(clock, rb"\1", path.read_bytes())


def test_packs_sheets_and_reports_are_the_same_bytes_in_every_process(done: Path, tmp_path: Path) -> None:
    """Python hashes texts differently in each process: no order of a set may reach a file."""
    working = []
    for seed in ("1", "3"):
        (tmp_path / seed).mkdir()
        command = [sys.executable, "-c", WHOLE, str(done), str(tmp_path / seed)]
        working.append(subprocess.Popen(command, env={**os.environ, "PYTHONHASHSEED": seed}))
    assert [one.wait() for one in working] == [0, 0]
    first, third = (
        {path.relative_to(folder).as_posix(): undated(path) for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "1", tmp_path / "3")
    )
    assert {"report.html", "evidence/evidence.html", "evidence/evidence.json", "tiny.zip"} <= first.keys()
    assert [name for name in first if first[name] != third[name]] == []
    assert first.keys() == third.keys()


PACK = """
import sys
from pathlib import Path
import numpy as np
from glasshouse.analysis.discovery import search
from glasshouse.study.design import make_design
from glasshouse.study.factor import Factor

factors = (Factor("a.x", 0.0, 1.0), Factor("a.kind", values=("none", "court", "joint", "own", "other")))
made = make_design("random", factors, 200, 1)
cases = np.isin(made.points[:, 1], (1.0, 2.0, 3.0)) & (np.arange(200) % 3 > 0)
print(search(made, cases, "it holds").sentences())
"""


def test_a_box_over_listed_values_is_the_same_whatever_the_order_of_sets() -> None:
    """Whatever a pack contains must not depend on how Python hashes texts in a process."""
    pytest.importorskip("ema_workbench")
    told = {
        subprocess.run(
            [sys.executable, "-c", PACK], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "3", "4")
    }
    assert len(told) == 1
