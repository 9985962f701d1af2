"""Structure of the code: order of imports, sizes, and where random numbers and charts may be made."""

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import LONG

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
"""The order of imports: a package imports only packages to its left. `replications` and `testing` may import `engine`."""

RANKS = {name: rank for rank, names in enumerate(ORDER.split("<")) for name in names.split()}
RANKS |= dict.fromkeys(("replications", "testing"), RANKS["engine"] + 0.5)

LINES, FUNCTION, MEDIAN = 400, 60, 15
ARGUMENTS, CLASS = 6, 250
KERNELS = ("citizen", "firm", "district", "centre")


def name_of(path: Path) -> str:
    """Name of a module without `glasshouse.`, such as `model.measures.governance`; empty for the package itself."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


def rank(name: str) -> float:
    """Place of a module's package in `ORDER`."""
    return RANKS[name.partition(".")[0] or "__init__"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Modules of the package that a file imports, type-only imports and those within functions included."""
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
    """All functions and methods of a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Number of arguments of a function, without `self` and `cls`."""
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


@cache
def kernel_functions() -> frozenset[str]:
    """Names of the kernels and of the functions that they call, directly or through others."""
    calls: dict[str, set[str]] = {}
    for name, path in NAMES.items():
        if name.startswith(("model.", "replications.")):
            for function in functions(path):
                called = {node.func.id for node in ast.walk(function) if _is_plain_call(node)}  # type: ignore[attr-defined]
                calls.setdefault(function.name, set()).update(called)
    found, waiting = set(), set(KERNELS)
    while waiting:
        found.add(name := waiting.pop())
        waiting |= calls.get(name, set()) - found
    return frozenset(found & set(calls))


def _is_plain_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


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


def test_mechanisms_import_neither_each_other_nor_the_engine() -> None:
    for name, path in NAMES.items():
        if name.startswith(("model.mechanisms.", "model.statistics.")):
            shared = (
                "agencies",
                "codes",
                "declarations",
                "entities",
                "group_factors",
                "kernel_math",
                "list_state_machine",
                "moments",
            )
            contracts = ("component", "mechanism", "pairing", "statistic")
            allowed = (*shared, "crowds", "normal_distribution", "opposition", "selection", "visibility", *contracts)
            assert set(imports(path)) <= {f"model.{one}" for one in allowed}, name


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    if (ROOT / "tests") not in path.parents:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno + 1 <= FUNCTION, function.name


def test_functions_have_few_arguments() -> None:
    """Outside the command line, whose arguments are the options; kernels and their helpers take columns and parameters."""
    found = {
        f"{name}.{function.name}"
        for name, path in NAMES.items()
        if not name.startswith("cli.")
        for function in functions(path)
        if arguments(function) > ARGUMENTS
        and not (name.startswith(("model.", "replications.")) and function.name in kernel_functions())
    }
    assert not found, "group arguments in a frozen class"


def test_classes_are_short() -> None:
    found = {
        f"{name}.{node.name}"
        for name, path in NAMES.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno + 1 > CLASS
    }
    assert not found, "split the class"


def test_the_median_function_is_very_short() -> None:
    lengths = [(f.end_lineno or 0) - f.lineno + 1 for path in MODULES for f in functions(path)]
    assert statistics.median(lengths) < MEDIAN


WAITING = ROOT / "tests" / "helpers" / "waiting.py"
CLOCK = re.compile(r"\btime\.(sleep|time|monotonic|perf_counter|process_time)(_ns)?\b|^\s*(import time|from time)\b")
"""What asks how late it is, or lets time pass; in the text, since tests also hold scripts of other processes."""


def limits_of_time(text: str) -> list[int]:
    """Lines of a test that wait for a time, or that fail after one."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if CLOCK.search(line)]
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        given = [one.value for one in node.keywords if one.arg in ("timeout", "deadline")]
        # The first argument of these methods is a number of seconds; `join` is also a method of texts.
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        given += node.args[:1] if called in ("wait", "wait_for_timeout", "set_default_timeout") else []
        given += [one for one in node.args if called in ("join", "acquire") and _is_a_number(one)]
        given += [one for one in node.args if called == "timeout"]
        # 0 waits for nothing and None for as long as it takes; a browser has to be told a number, and is told the one limit.
        free = [
            one for one in given if (isinstance(one, ast.Constant) and not one.value) or "LIMIT" in ast.unparse(one)
        ]
        lines += [node.lineno] if len(free) < len(given) else []
    return sorted(set(lines))


def _waits(path: Path) -> bool:
    return path.is_relative_to(ROOT / "verification") and "timeout=" in path.read_text(encoding="utf-8")


def test_scripts_of_verification_wait_without_a_limit() -> None:
    assert [path.name for path in CODE if _waits(path)] == []


def _is_a_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


@pytest.mark.parametrize("path", [path for path in CODE if path.is_relative_to(ROOT / "tests") and path != WAITING])
def test_tests_wait_for_what_happens_and_not_for_a_time(path: Path) -> None:
    """A busy machine would make others fail: tests/helpers/waiting.py waits, and pytest-timeout ends what hangs."""
    if path != Path(__file__):
        assert limits_of_time(path.read_text(encoding="utf-8")) == [], path


@pytest.mark.parametrize(
    "line",
    [
        "import time",
        "begun = time.perf_counter()",
        "subprocess.run(command, timeout=60)",
        "process.wait(20)",
        "thread.join(5.0)",
        "script = 'import sys, time; time.sleep(600)'",
        "future.get(timeout=TIMEOUT)",
        "page.wait_for_timeout(100)",
        "settings(max_examples=3, deadline=200)",
    ],
)
def test_a_limit_of_time_is_found(line: str) -> None:
    assert limits_of_time(line) == [1]


@pytest.mark.parametrize("line", ["process.wait()", "', '.join(words)", "settings(deadline=None)", "found.get(1)"])
def test_what_waits_for_something_else_is_no_limit_of_time(line: str) -> None:
    assert limits_of_time(line) == []


def test_random_numbers_come_only_from_keyed_draws_or_a_generator_passed_as_an_argument() -> None:
    strange = re.compile(
        r"\bimport random\b|\bfrom random\b|np\.random\.(seed|rand|normal|default_rng)|default_rng\(|\bsecrets\b|\buuid\b"
    )
    for path in MODULES:
        assert not strange.search(path.read_text(encoding="utf-8")), path
    # A week uses keyed draws alone: generators draw the population, and the agents of published models.
    holding = {name for name, path in NAMES.items() if "numpy.random" in path.read_text(encoding="utf-8")}
    holding = {name for name in holding if not name.startswith("replications.")}
    assert holding == {f"population.{one}" for one in ("synthesis", "households", "people", "network", "workplaces")}


def test_kernels_use_no_function_that_machines_compute_differently() -> None:
    inexact = {"exp", "log", "log1p", "expm1", "pow", "sqrt", "sin", "cos", "tanh", "erf"}
    for name, path in NAMES.items():
        if name.startswith(("model.mechanisms.", "model.statistics.", "replications.")):
            for function in functions(path):
                if function.name in KERNELS:
                    called = {
                        n.func.id
                        for n in ast.walk(function)
                        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
                    }
                    powers = [n for n in ast.walk(function) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)]
                    assert not called & inexact, f"{name}.{function.name}"
                    assert not powers, f"{name}.{function.name}"


def test_charts_are_drawn_only_in_report() -> None:
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
                # The arguments of a template or a message have names that it alone knows.
                typed = (
                    kwarg is None
                    or name_of(path) in ("report.templates", "report.i18n")
                    or ast.unparse(kwarg.annotation or ast.Constant(None)).startswith("Unpack[")
                )
                assert typed, f"{path.name}: {node.name}"


def test_modules_and_public_classes_and_functions_have_a_docstring() -> None:
    for name, path in NAMES.items():
        assert ast.get_docstring(tree(path)), name
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{name}.{node.name}"


def test_the_files_that_start_first_are_there() -> None:
    assert [name for name in LONG if not (ROOT / name).is_file()] == []


def test_no_note_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for path in CODE:
        assert not later.search(path.read_text(encoding="utf-8")), path
