"""What the package offers: few names, light to import, and no way in for a real person's data."""

import inspect
import subprocess
import sys
from pathlib import Path

import click
import pytest

import glasshouse
from glasshouse.synthesis import SocietyTable, synthesise


def test_importing_the_package_loads_no_library() -> None:
    script = "import sys, glasshouse; print(sorted({'numba', 'numpy', 'pydantic', 'scipy', 'duckdb', 'click'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there_and_explained() -> None:
    for name in glasshouse.__all__:
        assert (getattr(glasshouse, name).__doc__ or "").strip(), name


def test_scenarios_are_loaded_and_changed_by_name() -> None:
    assert "social-governance" in glasshouse.scenarios()
    assert sum(name.startswith("rows/s") for name in glasshouse.scenarios()) == 17
    found = glasshouse.load("social-governance", {"observation.coverage": 0.6, "citizens": 5000})
    assert found.society.citizens == 5000
    with pytest.raises(glasshouse.ScenarioError, match="social-governance"):
        glasshouse.load("social-governence")
    with pytest.raises(glasshouse.ScenarioError, match="coverage"):
        glasshouse.run("social-governance", settings={"observation.coverge": 0.6})


def test_a_scenario_can_be_run_as_loaded_or_by_the_path_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "social-governance"\ntitle = "Mine"\n[run]\nstart = 5\nweeks = 10\nrollout = 0\n')
    by_path = glasshouse.run(path, citizens=500, replicates=1, threads=1)
    by_value = glasshouse.run(glasshouse.load(str(path)), citizens=500, replicates=1, threads=1)
    assert (by_path.ledgers[0].weekly == by_value.ledgers[0].weekly).all()
    report = glasshouse.write_report(by_path, tmp_path / "report.html")
    assert "Mine" in report.read_text(encoding="utf-8")


BOUNDARY = (
    "file",
    "path",
    "people",
    "persons",
    "records",
    "data",
    "frame",
    "csv",
    "rows",
    "url",
    "device",
    "camera",
    "account",
)


def test_a_society_comes_from_a_table_and_a_seed_and_from_nothing_else() -> None:
    """Route 1: synthesis. Its arguments are a settings table, a seed and threads; no setting takes data or a place."""
    assert list(inspect.signature(synthesise).parameters) == ["table", "seed", "threads"]
    for name, field in SocietyTable.model_fields.items():
        assert field.annotation in (int, float, str), name
        assert name == "marginals" or field.annotation is not str, name
        assert not set(name.split("_")) & set(BOUNDARY), name


def test_no_public_function_takes_people() -> None:
    """Route 2: the public names. A path is a scenario's, a matrix's, a plug-in's, or where pages go or a run left them."""
    names = "assess describe lives load open_result open_study run run_study scenarios write_evidence write_lives write_report"
    takes = {name: list(inspect.signature(getattr(glasshouse, name)).parameters) for name in names.split()}
    assert takes == {
        "assess": "scenario citizens replicates seed weeks settings relatedness minor threads progress".split(),
        "describe": ["scenario", "against"],
        "lives": ["result", "citizen", "kind", "threads", "progress"],
        "write_lives": ["lives", "path"],
        "load": ["scenario", "settings", "plugins"],
        "open_result": ["folder"],
        "open_study": ["name", "folder", "catalogue"],
        "run": "scenario citizens replicates seed weeks settings out resume threads progress plugins".split(),
        "run_study": (
            "what name design runs replicates seed measures only settings folder catalogue workers plugins".split()
        ),
        "scenarios": [],
        "write_evidence": ["evidence", "path"],
        "write_report": ["result", "path"],
    }


def test_no_command_takes_people() -> None:
    """Route 3: the command line."""
    from glasshouse.cli import cli

    assert isinstance(cli, click.Group)
    assert _options(cli) == {
        "assess": {*"scenario citizens replicates seed weeks settings relatedness minor out threads quiet".split()},
        "check": {"plugins", "scenario", "settings"},
        "decide": {"first", "second", "citizens", "replicates", "settings", "out", "threads", "quiet"},
        "describe": {"against", "out", "scenario", "settings"},
        "did": {"events", "folder", "measures"},
        "list": {"plugins"},
        "lives": {"result", "citizen", "kind", "out", "threads", "show", "quiet"},
        "replicate": {"names", "everything", "seed", "out", "show", "quiet"},
        "run": {
            *"scenario citizens replicates seed weeks settings plugins out threads resume show quiet json_lines".split()
        },
        "schema": {"out", "plugins"},
        "study": set(),
        "web": {"host", "port", "names", "folder", "show"},
    }
    study = cli.commands["study"]
    assert isinstance(study, click.Group)
    assert _options(study) == {
        "export": {"folder", "name", "out", "url"},
        "resume": {"folder", "name", "plugins", "quiet", "url", "workers"},
        "run": {
            *"what name design runs replicates seed measures screening keep settings plugins folder url workers quiet".split()
        },
        "sensitivity": {"folder", "measures", "method", "most", "name", "url"},
        "show": {"folder", "measures", "name", "url"},
        "status": {"folder", "name", "url"},
        "work": {"folder", "name", "plugins", "quiet", "threads", "url"},
    }


def _options(group: click.Group) -> dict[str, set[str]]:
    return {name: {p.name or "" for p in command.params} for name, command in group.commands.items()}


def test_nothing_here_opens_a_connection_or_reads_tables_of_rows() -> None:
    """Route 4: the source. No network, no device, no reader of data files; checkpoints hold no trait of a citizen.

    One file listens: the page's server, which opens no connection either.
    """
    root = Path(glasshouse.__file__).parent
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in (
            "import socket",
            "urllib",
            "import requests",
            "http.client",
            "read_csv",
            "read_parquet",
            "read_json",
            "cv2",
            "serial",
        ):
            assert word not in text or (word == "import socket" and path.name == "server.py"), f"{path.name}: {word}"


def test_nothing_is_fitted_to_people() -> None:
    """Route 5: no classifier of people and no search for what controls them best."""
    root = Path(glasshouse.__file__).parent
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for word in ("sklearn", "torch", "xgboost", "optuna", "scipy.optimize", "minimize(", "differential_evolution"):
            assert word not in text or (word == "import socket" and path.name == "server.py"), f"{path.name}: {word}"
