"""What the package offers: few names, light to import, and no way in for a real person's data."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import click
import pytest
from pydantic import ValidationError

import glasshouse
from glasshouse.population.synthesis import PopulationTable, synthesise


def test_importing_the_package_loads_no_library() -> None:
    script = "import sys, glasshouse; print(sorted({'llvmlite', 'numpy', 'pydantic', 'scipy', 'duckdb', 'click', 'typing'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there_and_explained() -> None:
    assert set(glasshouse.__all__) <= set(dir(glasshouse))
    for name in glasshouse.__all__:
        assert (getattr(glasshouse, name).__doc__ or "").strip(), name
    assert glasshouse.__version__ == version(glasshouse.errors.DISTRIBUTION)
    with pytest.raises(AttributeError, match="no attribute 'rum'"):
        glasshouse.rum  # type: ignore[attr-defined]


def test_scenarios_are_loaded_and_changed_by_name() -> None:
    assert "social-governance" in glasshouse.scenarios()
    assert sum(name.startswith("rows/s") for name in glasshouse.scenarios()) == 24
    found = glasshouse.load("social-governance", {"observation.coverage": 0.6, "citizens": 5000})
    assert found.society.citizens == 5000
    with pytest.raises(glasshouse.errors.ScenarioError, match="social-governance"):
        glasshouse.load("social-governence")
    with pytest.raises(glasshouse.errors.ScenarioError, match="coverage"):
        glasshouse.run("social-governance", settings={"observation.coverge": 0.6})


def test_a_scenario_can_be_run_as_loaded_or_by_the_path_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "social-governance"\ntitle = "Mine"\n[run]\nstart = 5\nweeks = 10\nrollout = 0\n')
    by_path = glasshouse.run(path, citizens=500, replicates=1, threads=1)
    by_value = glasshouse.run(glasshouse.load(str(path)), citizens=500, replicates=1, threads=1)
    assert (by_path.weekly_totals[0].weekly == by_value.weekly_totals[0].weekly).all()
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


def test_a_population_comes_from_a_table_and_a_seed_and_from_nothing_else() -> None:
    """Route 1: synthesis. Its arguments are a settings table, a seed and threads; no setting takes data or a place."""
    assert list(inspect.signature(synthesise).parameters) == ["table", "seed", "threads"]
    with pytest.raises(ValidationError):
        PopulationTable(groups=("somebody",))  # words of a closed list
    for name, field in PopulationTable.model_fields.items():
        assert name == "groups" or field.annotation in (int, float, str), name
        assert name == "marginals" or field.annotation is not str, name
        assert not set(name.split("_")) & set(BOUNDARY), name


def test_no_public_function_takes_people() -> None:
    """Route 2: the public functions. A path is a scenario's, a claim's, targets', a matrix's, a plug-in's, or where pages
    go or a run left them; a study, and what is shown, is what a study or a run of scenarios found."""
    run = "**citizens marginals replicates seed weeks plugins threads progress"
    store = "folder database plugins"
    assert {name: _arguments(getattr(glasshouse, name)) for name in FUNCTIONS} == {
        "assess": f"scenario settings relatedness minor out {run}",
        "assess_rights": f"scenario settings relatedness minor out {run} draws mark",
        "audit": f"scenario settings out {run} groups cases times yardstick audits draws language",
        "compare": f"first second settings {run}",
        "decide": f"first second settings {run}",
        "describe": "scenario against out",
        "lives": "result citizen kind threads progress",
        "load": "scenario settings plugins",
        "open_result": "folder",
        "plot": "result measure",
        "rank": f"scenarios settings out {run} own safeguards language",
        "remedy": f"scenario settings out {run} remedies at measures share safeguards largest language",
        "run": f"scenario settings out resume keep_checkpoints {run}",
        "savings": "result prices",
        "scenarios": "",
        "show": "first others",
        "write_report": "found path language",
    }
    studies = glasshouse.studies
    assert {name: _arguments(getattr(studies, name)) for name in studies.__all__} == {
        "calibrate": (
            f"targets settings method study share checks **{store} name runs levels replicates seed workers progress"
        ),
        "claims": "study claims plugins",
        "condition": (
            f"targets settings study measures share rival **{store} name runs levels replicates seed workers progress"
        ),
        "compare": "first second folder database",
        "discover": "study expression",
        "freeze": f"what claims settings **{store} name design runs vary levels replicates seed measures",
        "open": "name folder database",
        "plot": "findings measure over",
        "run": f"what settings **{store} name design runs vary levels replicates seed measures only workers cluster progress",
        "run_claims": f"claims **{store} runs replicates vary citizens marginals seed workers progress",
        "status": "name folder database",
        "resume": "name **folder database plugins workers cluster progress",
        "work": "name folder database plugins threads",
        "write_package": "findings path folder plugins",
        "write_report": "found path claims folder plugins language",
    }


FUNCTIONS = [name for name in glasshouse.__all__ if inspect.isfunction(getattr(glasshouse, name))]


def _arguments(function: Callable[..., object]) -> str:
    """Names of the arguments, those of its keyword options after two stars."""
    named = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind == inspect.Parameter.VAR_KEYWORD:
            named.append("**" + " ".join(get_args(parameter.annotation)[0].__annotations__))
        else:
            named.append(parameter.name)
    return " ".join(named)


def test_a_public_function_has_six_arguments_at_most_and_refuses_others() -> None:
    for module in (glasshouse, glasshouse.studies):
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function):
                continue
            parameters = inspect.signature(function).parameters.values()
            assert sum(parameter.kind != inspect.Parameter.VAR_KEYWORD for parameter in parameters) <= 6, name
            if any(parameter.kind == inspect.Parameter.VAR_KEYWORD for parameter in parameters):
                needed = [object() for parameter in parameters if parameter.default is inspect.Parameter.empty][:-1]
                with pytest.raises(TypeError, match=rf"^{name}\(\) got an unexpected keyword argument 'citizen'$"):
                    function(*needed, citizen=1)


def test_every_argument_and_every_option_of_a_public_function_is_described() -> None:
    for module in (glasshouse, glasshouse.studies):
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function):
                continue
            text = inspect.getdoc(function) or ""
            for heading in ("Returns", "Examples"):
                assert f"\n{heading}\n---" in text, f"{name}: {heading}"
            for argument in inspect.signature(function).parameters:
                assert re.search(rf"^(\w+, )?\**{argument}(, \w+)* : ", text, re.M), f"{name}: {argument}"


def test_no_command_takes_people() -> None:
    """Route 3: the command line."""
    from glasshouse.cli.main import cli

    run, paged = "citizens marginals replicates seed weeks plugins threads".split(), ("language", "json_lines")
    assert isinstance(cli, click.Group)
    assert _options(cli) == {
        "assess": {*"as_json scenario settings relatedness minor fria draws mark out quiet".split(), *run},
        "audit": {*"scenario settings groups cases times yardstick audits draws out quiet".split(), *run, *paged},
        "calibrate": {
            *"targets method stored name runs replicates seed share checks settings plugins folder url workers".split(),
            *"draws out quiet".split(),
        },
        "check": {"as_json", "plugins", "scenario", "settings"},
        "claims": {
            *"as_json names study runs vary replicates citizens marginals seed plugins folder url workers quiet".split()
        },
        "condition": {
            *"targets stored measures rival runs seed share settings plugins folder url workers out quiet language".split()
        },
        "decide": {"as_json", "first", "second", "settings", "out", "quiet", *run},
        "demo": {"quiet", "show"},
        "describe": {"against", "out", "scenario", "settings", "plugins"},
        "did": {"events", "folder", "measures"},
        "lesson": {"name", "language", "out"},
        "list": {"as_json", "plugins"},
        "lives": {"result", "citizen", "kind", "out", "threads", "show", "quiet"},
        "new": {"file", "given", "out"},
        "rank": {*"scenarios settings own safeguards bare out language quiet as_json".split(), *run},
        "remedy": {*"scenario settings remedies at measures share safeguards largest out quiet".split(), *run, *paged},
        "replicate": {"names", "everything", "plugins", "seed", "out", "show", "quiet"},
        "run": {*"scenario settings out resume keep_checkpoints show quiet json_lines language".split(), *run},
        "savings": {"folder", "given", "language", "out"},
        "schema": {"command", "out", "plugins"},
        "show-scenario": {"name", "out"},
        "study": set(),
        "web": {"host", "port", "names", "folder", "studies", "database", "show"},
    }
    study = cli.commands["study"]
    assert isinstance(study, click.Group)
    assert _options(study) == {
        "compare": {*"first second scenarios replicates measures out threads settings plugins folder url".split()},
        "discover": {"expression", "folder", "name", "url"},
        "export": {"folder", "name", "out", "tidy", "url"},
        "freeze": {
            *"what name design runs vary levels replicates seed measures claims out verify settings plugins folder url".split()
        },
        "pack": {"folder", "name", "out", "plugins", "url"},
        "report": {"claims", "folder", "name", "out", "plugins", "show", "url"},
        "resume": {"cluster", "folder", "name", "plugins", "quiet", "url", "workers"},
        "run": {
            *"what name design runs vary levels replicates seed measures screening keep settings plugins folder url".split(),
            *"workers cluster quiet".split(),
        },
        "sensitivity": {"folder", "measures", "method", "most", "name", "url"},
        "show": {"folder", "measures", "name", "url"},
        "status": {"as_json", "folder", "name", "url"},
        "work": {"folder", "plugins", "what", "quiet", "threads", "url"},
    }


def _options(group: click.Group) -> dict[str, set[str]]:
    return {name: {p.name or "" for p in command.params} for name, command in group.commands.items()}


ALLOWED = {"import socket": "server.py", "read_parquet": "shards.py"}
"""The page listens on this machine; a shard is read that a worker wrote, under the digest that the study database has of it."""


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
            assert word not in text or ALLOWED.get(word) == path.name, f"{path.name}: {word}"


def test_nothing_is_fitted_to_people() -> None:
    """Route 5: no classifier of people and no search for what controls them best.

    Two modules fit, and both see nothing of a run but figures of targets: published aggregates, one number each.
    """
    root = Path(glasshouse.__file__).parent
    fitting = {"optuna": {"search.py"}, "torch": {"npe.py"}}
    for path in root.rglob("*.py"):
        # A root of a distribution function is the end of an interval and searches nothing.
        text = path.read_text(encoding="utf-8").replace("from scipy.optimize import brentq", "")
        for word in ("sklearn", "torch", "xgboost", "optuna", "scipy.optimize", "minimize(", "differential_evolution"):
            assert word not in text or path.name in fitting.get(word, ()), f"{path.name}: {word}"


def test_what_is_fitted_is_a_distance_to_published_aggregates() -> None:
    """Route 5, inside: a search takes targets and no objective of one's own, and a target is one number with a source."""
    from glasshouse.analysis.calibration import abc, npe, search
    from glasshouse.analysis.calibration.target_entries import Entry
    from glasshouse.analysis.calibration.target_sources import source_faults

    assert list(inspect.signature(search.search).parameters) == [
        "database", "made", "targets", "runs", "folder", "work",
    ]  # fmt: skip
    assert list(inspect.signature(abc.posterior).parameters) == ["sample", "seed", "share"]
    assert list(inspect.signature(npe.posterior).parameters) == ["sample", "seed", "draws"]
    assert Entry.model_fields["figure"].annotation is float
    assert source_faults(Entry(what="a", measure="chilling", window=(0, 1), figure=0.1, error=0.1, reason="b"))
    for name in Entry.model_fields:
        assert not set(name.split("_")) & set(BOUNDARY), name
