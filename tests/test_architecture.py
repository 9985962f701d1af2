"""Architecture: what may import what, how long a thing may be, where random numbers and figures come from."""

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
        path for name in ("tests", "verification", "benchmarks", "examples") for path in (ROOT / name).rglob("*.py")
    ),
]

ORDER = """
terminal < errors < rng storage < model < population < scenario < results < engine < study < analysis < report < _api
< __init__ < web < cli < __main__
"""
"""What may import what: a package imports only what stands to its left. `replications` and `testing` stand on `engine`."""

RANKS = {name: rank for rank, names in enumerate(ORDER.split("<")) for name in names.split()}
RANKS |= dict.fromkeys(("replications", "testing"), RANKS["engine"] + 0.5)

LINES, FUNCTION, MEDIAN = 400, 60, 15


def name_of(path: Path) -> str:
    """`model.measures.governance` for src/glasshouse/model/measures/governance.py; a package by its own name, the root as an empty string."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


def rank(name: str) -> float:
    """Where the package or top-level module of a module stands in `ORDER`."""
    return RANKS[name.partition(".")[0] or "__init__"]


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
def test_imports_follow_the_order_of_packages(name: str) -> None:
    for imported in imports(NAMES[name]):
        same = name.partition(".")[0] == imported.partition(".")[0]
        assert same or rank(imported) < rank(name), f"{name} imports {imported}"


def test_no_module_takes_part_in_an_import_cycle() -> None:
    """Deferred and type-only imports count; a package's `__init__` is imported with each of its modules."""
    above = {name: [found for found in imports(path) if found != name] for name, path in NAMES.items()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for imported in above[name]:
                visit(imported, (*path, name))
            done.add(name)

    for name in above:
        visit(name, ())


def test_mechanisms_know_neither_one_another_nor_what_runs_them() -> None:
    for name, path in NAMES.items():
        if name.startswith(("model.mechanisms.", "model.statistics.")):
            shared = ("agencies", "codes", "declarations", "entities", "kernel_math", "list_state_machine", "moments")
            contracts = ("component", "mechanism", "pairing", "statistic")
            assert set(imports(path)) <= {f"model.{one}" for one in (*shared, *contracts)}, name


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    if (ROOT / "tests") not in path.parents:
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
    # Within a week not even a generator: only the population, or a published model's company, is drawn with one.
    holding = {name for name, path in NAMES.items() if "numpy.random" in path.read_text(encoding="utf-8")}
    holding = {name for name in holding if not name.startswith("replications.")}
    assert holding == {f"population.{one}" for one in ("synthesis", "households", "people", "network", "workplaces")}


def test_kernels_use_no_function_that_machines_compute_differently() -> None:
    inexact = {"exp", "log", "log1p", "expm1", "pow", "sqrt", "sin", "cos", "tanh", "erf"}
    for name, path in NAMES.items():
        if name.startswith(("model.mechanisms.", "model.statistics.", "replications.")):
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
        assert name.startswith("cli.") or not any(
            isinstance(call, ast.Name) and call.id == "print" for call in calls
        ), name


def test_public_signatures_name_their_arguments() -> None:
    for path in MODULES:
        bodies = [tree(path).body, *(node.body for node in tree(path).body if isinstance(node, ast.ClassDef))]
        for node in (node for body in bodies for node in body):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                kwarg = node.args.kwarg
                # What a template is filled in with has names that only the template knows.
                typed = (
                    kwarg is None
                    or name_of(path) == "report.templates"
                    or ast.unparse(kwarg.annotation or ast.Constant(None)).startswith("Unpack[")
                )
                assert typed, f"{path.name}: {node.name}"


def test_public_things_say_what_they_are() -> None:
    """Modules, public classes and functions have a docstring; kernels have their class's, a contract's method the contract's."""
    for name, path in NAMES.items():
        assert ast.get_docstring(tree(path)), name
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{name}.{node.name}"


def test_no_note_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for path in CODE:
        assert not later.search(path.read_text(encoding="utf-8")), path
