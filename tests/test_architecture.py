"""The rules of the house: what may import what, how long a thing may be, where luck and figures come from.

`LEVELS` is the order in which a scenario travels, from what everything rests on to the doors; a module may import only
what stands above it here.
"""

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "glasshouse"
MODULES = sorted(SOURCE.rglob("*.py"))
CODE = [
    *MODULES,
    *sorted(
        path for name in ("tests", "verification", "benchmarks", "examples") for path in (ROOT / name).glob("*.py")
    ),
]

LEVELS = (
    ("errors", "schema", "progress", "arithmetic", "agencies", "draws"),
    ("faults", "society"),
    ("mechanism", "measure", "sources", "marginals"),
    ("plugin",),
    ("mechanisms.*",),
    ("mechanisms", "population", "contacts"),
    ("layers", "workplaces"),
    ("synthesis",),
    ("scenario",),
    ("parameters",),
    ("folder", "json_schema", "design", "screen", "grammar", "vocabulary", "rollout", "relatedness", "targets"),
    ("others", "prior"),
    ("writer",),
    ("kernel",),
    ("weave",),
    ("pairing", "wiring"),
    ("lines",),
    ("places",),
    ("passes", "document"),
    ("world",),
    ("backends.threads", "backends.twin"),
    ("backends.cuda", "backends"),
    ("ledger", "estimate", "table", "provenance", "tally", "stage"),
    ("catalogue", "database", "shards"),
    ("leases", "migrations", "migrations.*", "migrations.versions.*"),
    ("reader",),
    ("store",),
    ("replication",),
    (
        "replications.granovetter",
        "replications.civil_violence_rules",
        "replications.attachment",
        "replications.authority",
    ),
    ("replications.civil_violence_variants",),
    ("replications.*",),
    ("replications",),
    ("watcher",),
    ("element",),
    ("elements.*",),
    ("elements",),
    ("measures.*",),
    ("measures", "checkpoint", "life", "course"),
    ("odd.overview", "odd.concepts", "odd.details"),
    ("odd.delta",),
    ("odd",),
    ("plugins", "headline", "event_study", "sensitivity", "story", "burden", "regression"),
    ("testing.trial",),
    ("testing.mechanisms", "testing.measures"),
    ("testing", "telling"),
    ("result", "evidence", "neural"),
    ("saved",),
    ("report.markup", "report.charts", "report.saving"),
    ("report.series", "report.assumptions", "report.week", "report.lifelines", "report.harms", "report.sensitivity"),
    ("report.sections", "report.field", "report.lives", "report.beside"),
    ("report.page",),
    ("report.description", "report.evidence", "report.replication"),
    ("report",),
    ("engine",),
    ("findings", "protection"),
    ("evaluation",),
    ("study",),
    ("worker",),
    ("freezing", "model_card"),
    ("report.outcomes",),
    ("report.parallel", "report.maps", "report.methods", "report.runs", "report.safeguards"),
    ("report.explored",),
    ("report.study",),
    ("pack",),
    ("executor",),
    ("executors.*", "fitting"),
    ("executors",),
    ("calibration",),
    ("report.calibration",),
    ("expression",),
    ("claims", "discovery"),
    ("examination",),
    ("following", "assessment", "rows", "decisive"),
    ("trial", "report.decision", "report.discovery", "comparison"),
    ("report.claims",),
    ("report.reasoned",),
    ("report.notebook",),
    ("studying",),
    ("",),
    ("film",),
    ("web.safety", "web.words", "web.errand"),
    ("web.story",),
    ("web.filming", "web.runs", "web.page"),
    ("web.compare", "web.written"),
    ("web.workbench", "web.run_pages", "web.studies"),
    ("web.app",),
    ("web.server",),
    ("web",),
    ("commands", "study_progress", "web_commands"),
    ("study_commands",),
    ("study_report_commands", "claims_commands", "calibration_commands"),
    ("cli",),
)

LINES, FUNCTION, MEDIAN = 400, 60, 15


def name_of(path: Path) -> str:
    """«measures.state» for src/glasshouse/measures/state.py; a package by its own name, the whole one as «»."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


def level(name: str) -> int:
    for number, names in enumerate(LEVELS):
        if name in names or f"{name.rpartition('.')[0]}.*" in names:
            return number
    raise AssertionError(f"{name} has no place in LEVELS: say where it stands in the house")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Modules of the house that a file imports, those for types and those within functions included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (
                alias.name.removeprefix("glasshouse").removeprefix(".")
                for alias in node.names
                if alias.name.partition(".")[0] == "glasshouse"
            )
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "glasshouse":
            base = (node.module or "").removeprefix("glasshouse").removeprefix(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".removeprefix(".")
                yield inner if inner in NAMES else base


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_imports_only_point_down(name: str) -> None:
    for imported in imports(NAMES[name]):
        assert level(imported) < level(name) or (imported == name.rpartition(".")[0] == ""), (
            f"{name} imports {imported}"
        )


def test_mechanisms_know_neither_one_another_nor_what_runs_them() -> None:
    for name, path in NAMES.items():
        if name.startswith("mechanisms."):
            assert set(imports(path)) <= {"agencies", "arithmetic", "mechanism", "schema", "society"}, name


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    if path.parent.name != "tests":
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno + 1 <= FUNCTION, function.name


def test_most_functions_are_very_short() -> None:
    lengths = [(f.end_lineno or 0) - f.lineno + 1 for path in MODULES for f in functions(path)]
    assert statistics.median(lengths) < MEDIAN


def test_luck_comes_only_from_keyed_draws_or_a_generator_handed_over() -> None:
    strange = re.compile(
        r"\bimport random\b|\bfrom random\b|np\.random\.(seed|rand|normal|default_rng)|default_rng\(|\bsecrets\b|\buuid\b"
    )
    for path in MODULES:
        assert not strange.search(path.read_text(encoding="utf-8")), path
    # Within a week not even a generator: only the society, or a published model's company, is drawn with one.
    holding = {name for name, path in NAMES.items() if "numpy.random" in path.read_text(encoding="utf-8")}
    holding = {name for name in holding if not name.startswith("replications.")}
    assert holding == {"synthesis", "population", "contacts", "workplaces"}


def test_kernels_use_no_function_that_machines_compute_differently() -> None:
    inexact = {"exp", "log", "log1p", "expm1", "pow", "sqrt", "sin", "cos", "tanh", "erf"}
    for name, path in NAMES.items():
        if name.startswith(("mechanisms.", "replications.")):
            for function in functions(path):
                if function.name in ("citizen", "firm", "district", "centre"):
                    called = {
                        n.func.id
                        for n in ast.walk(function)
                        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
                    }
                    powers = [n for n in ast.walk(function) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)]
                    assert not called & inexact, f"{name}.{function.name}"
                    assert not powers, f"{name}.{function.name}"


def test_figures_are_made_only_in_report() -> None:
    drawing = re.compile(r"\b(vl_convert|matplotlib|altair|plotly|seaborn|vega)\b")
    for name, path in NAMES.items():
        if not name.startswith("report"):
            assert not drawing.search(path.read_text(encoding="utf-8")), name


def test_nothing_but_the_command_line_prints() -> None:
    for name, path in NAMES.items():
        calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
        assert name == "cli" or not any(isinstance(call, ast.Name) and call.id == "print" for call in calls), name


def test_public_signatures_name_their_arguments() -> None:
    for path in MODULES:
        bodies = [tree(path).body, *(node.body for node in tree(path).body if isinstance(node, ast.ClassDef))]
        for node in (node for body in bodies for node in body):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert node.args.kwarg is None, f"{path.name}: {node.name}"


def test_public_things_say_what_they_are() -> None:
    """Modules, public classes and functions have a docstring; kernels have their class's, a contract's method the contract's."""
    for name, path in NAMES.items():
        assert ast.get_docstring(tree(path)), name
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{name}.{node.name}"


TESTED_WITH = {
    "agencies": "mechanisms", "backends": "threads", "catalogue": "store", "commands": "cli", "concepts": "odd", "course": "progress",
    "database": "store", "delta": "odd", "details": "odd", "element": "elements", "env": "store", "errors": "cli", "examination": "claims",
    "executor": "executors", "expression": "claims",
    "faults": "scenario", "folder": "cli", "grammar": "kernel", "json_schema": "scenario", "layers": "scenario",
    "leases": "store", "lines": "passes", "measure": "measures", "mechanism": "weave", "migrations": "store", "model_card": "pack",
    "overview": "odd", "plugin": "plugins", "processes": "executors", "reader": "store", "inprocess": "executors", "cluster": "executors", "screen": "progress", "shards": "store", "society": "synthesis",
    "sources": "scenario", "story": "life", "study_progress": "study_commands", "studies": "store", "study_report_commands": "pack", "studying": "study_commands", "trial": "testing", "versions": "store",
    "vocabulary": "kernel", "watcher": "tally", "web_commands": "web", "writer": "kernel",
}  # fmt: skip
"""Modules whose tests stand in another module's file."""


def test_every_module_has_its_tests() -> None:
    files = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    for name in filter(None, NAMES):
        package, _, module = name.rpartition(".")
        wanted = (
            package
            if package in ("mechanisms", "measures", "elements", "report", "replications", "web")
            else TESTED_WITH.get(module, module)
        )
        assert wanted in files, name


def test_no_note_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for path in CODE:
        assert not later.search(path.read_text(encoding="utf-8")), path
