"""Finds plug-ins and checks them: installed packages by their entry points, files by their names.

A package declares its classes in the groups `glasshouse.mechanisms` and `glasshouse.measures`. A file is run as a
module of its own, and every `Mechanism`, `Statistic` and `Measure` that it defines takes part, in the order of the file.
Every fault of a plug-in is reported before anything runs, in lines that begin with its name.
"""

import hashlib
import importlib.util
import inspect
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import metadata
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from pydantic import ValidationError

from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.compiler.rewrite import helpers_of
from glasshouse.errors import CompilationError, PluginError, ScenarioError
from glasshouse.model.component import KERNELS, Component
from glasshouse.model.declarations import Sum
from glasshouse.model.measure import Measure, Sums
from glasshouse.model.measures import CATALOGUE as MEASURES
from glasshouse.model.measures import PAIRINGS, measures_of
from glasshouse.model.mechanisms import CATALOGUE as MECHANISMS
from glasshouse.model.optional import OPTIONAL
from glasshouse.model.pairing import paired_sums
from glasshouse.model.plugin import Catalogue, Origin, Plugin, in_week
from glasshouse.scenario.messages import explain, printable
from glasshouse.scenario.tables import properties, tables

log = logging.getLogger(__name__)

GROUPS = ("glasshouse.mechanisms", "glasshouse.measures")
"""The groups of entry points that installed packages declare."""

CONTRACTS: dict[type, str] = {Component: "Mechanism or Statistic", Measure: "Measure"}
"""What the classes of each group subclass, as messages name it."""

RESERVED = frozenset({"replicate", "arm", "week", "group", "year", "district"})
"""Columns of the tables of results, which no sum and no measure can be called."""

LARGEST_FILE = 1_000_000
"""Bytes that a plug-in's file may have."""


def find(files: Sequence[str | Path] = ()) -> tuple[Plugin, ...]:
    """Finds and checks the plug-ins of installed packages and of the files named.

    Parameters
    ----------
    files : sequence of str or Path
        Python files to read as plug-ins.

    Returns
    -------
    tuple of Plugin
        The plug-ins of installed packages, then those of the files.

    Raises
    ------
    PluginError
        With every fault of the first plug-in that has one.
    """
    if isinstance(files, str | Path):
        raise PluginError(f"plugins = {str(files)!r} is one file. Give a list of files: [{str(files)!r}].")
    found: list[Plugin] = [*OPTIONAL]
    for plugin in (*installed(), *dict.fromkeys(read(Path(file)) for file in files)):
        faults = [f"{plugin.label}: {fault}" for fault in _faults(plugin, found)]
        if faults:
            raise PluginError(*faults)
        log.debug("plug-in %s, digest %s", plugin.label, plugin.origin.digest)
        found.append(plugin)
    return tuple(found[len(OPTIONAL) :])


def measures(plugins: Iterable[Plugin], sums: Sequence[Sum]) -> tuple[type[Measure], ...]:
    """The measures that a run with these sums is asked: the built-in ones, then those of the plug-ins.

    A measure of an installed package that needs a sum which no component keeps in this run is left out.

    Parameters
    ----------
    plugins : iterable of Plugin
        What takes part in the run.
    sums : sequence of Sum
        What the run keeps.

    Returns
    -------
    tuple of Measure types
        The built-in measures, then those of the plug-ins.
    """
    added = [measure for plugin in plugins for measure in plugin.measures]
    return (*measures_of(sums), *(measure for measure in added if not _unanswered(measure, sums)))


def installed() -> tuple[Plugin, ...]:
    """The plug-ins of installed packages.

    Returns
    -------
    tuple of Plugin
        In the order of the packages' names.

    Raises
    ------
    PluginError
        If an entry point cannot be loaded.
    """
    packages: dict[str, list[metadata.EntryPoint]] = {}
    for group in GROUPS:
        for point in sorted(metadata.entry_points(group=group), key=lambda point: point.name):
            packages.setdefault(point.dist.name if point.dist else point.module, []).append(point)
    return tuple(_package(name, points) for name, points in sorted(packages.items()))


def _package(name: str, points: Sequence[metadata.EntryPoint]) -> Plugin:
    """The plug-in that a package's entry points make."""
    classes: list[type] = []
    for point in points:
        label = f"package {name}, entry point {point.name} = {point.value}"
        contract = Component if point.group == GROUPS[0] else Measure
        try:
            loaded = point.load()
        except Exception as error:
            raise PluginError(f"{label}: {_error_text(error)}. Mend the package, or uninstall it.") from error
        if not inspect.isclass(loaded) or not issubclass(loaded, contract):
            raise PluginError(
                f"{label}: this is no subclass of {CONTRACTS[contract]}. Mend the package, or uninstall it."
            )
        classes.append(loaded)
    version = points[0].dist.version if points[0].dist else ""
    return _plugin(Origin(name, version, _package_digest(points[0].module)), f"package {name}", classes, installed=True)


def _package_digest(module: str) -> str:
    """Hash of every source file of the package that a module belongs to, or of the module's own file."""
    top = sys.modules[module.partition(".")[0]]
    file = Path(inspect.getsourcefile(top) or inspect.getsourcefile(sys.modules[module]) or "")
    files = sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]
    found = hashlib.blake2b(digest_size=16)
    for path in files:
        found.update(path.relative_to(file.parent).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def load_file(path: Path) -> tuple[str, ModuleType, str]:
    """Execute a plug-in's file as a module of its own.

    Parameters
    ----------
    path : Path
        A Python file of at most a megabyte.

    Returns
    -------
    tuple of str, module and str
        What messages call the file, its module (the same for the same source), and the hash of its source.

    Raises
    ------
    PluginError
        If the file cannot be read or executed; it names the file and the line.
    """
    label = printable(str(path), 200)
    try:
        if not path.is_file() or path.suffix != ".py":
            raise PluginError(f"{label}: there is no such Python file. Give the path of a file that ends in .py.")
        source = path.read_bytes()
    except (OSError, ValueError) as error:
        raise PluginError(f"{label}: the file cannot be read ({_error_text(error)}).") from error
    if len(source) > LARGEST_FILE:
        raise PluginError(f"{label}: the file has more than {LARGEST_FILE:,} bytes. Name a Python file of mechanisms.")
    digest = hashlib.blake2b(source, digest_size=16).hexdigest()
    try:
        module = _module(path.resolve(), source)
    except (Exception, SystemExit) as error:
        raise PluginError(f"{label}{_line(error, path)}: {_error_text(error)}. Mend the file.") from error
    return label, module, digest


def classes_of(module: ModuleType, *contracts: type) -> list[type]:
    """List the classes that a module itself defines and that keep one of these contracts; not `_Hidden` ones.

    Parameters
    ----------
    module : ModuleType
        The module.
    *contracts : type
        Base classes, at least one of which a class must have.

    Returns
    -------
    list of type
        The classes in the order of the module, each once.
    """
    own = [value for value in vars(module).values() if inspect.isclass(value) and value.__module__ == module.__name__]
    classes = [kind for kind in own if issubclass(kind, contracts) and not kind.__name__.startswith("_")]
    return list(dict.fromkeys(classes))


def read(path: Path) -> Plugin:
    """Reads the plug-in in a file.

    Parameters
    ----------
    path : Path
        A Python file.

    Returns
    -------
    Plugin
        Its mechanisms, statistics and measures.

    Raises
    ------
    PluginError
        If the file cannot be read or run, or defines none of these.
    """
    label, module, digest = load_file(path)
    classes = classes_of(module, Component, Measure)
    if not classes:
        raise PluginError(
            f"{label}: it defines no mechanism, no statistic and no measure. Subclass Component, Statistic or Measure in it."
        )
    return _plugin(Origin(path.name, "", digest), label, classes, installed=False)


class _Loader(SourceFileLoader):
    """Runs the very source that was read and hashed, never what a cache of compiled files holds.

    Parameters
    ----------
    name : str
        Name of the module.
    path : Path
        The file, for messages and tracebacks.
    source : bytes
        The content that was read and hashed.
    """

    def __init__(self, name: str, path: Path, source: bytes) -> None:
        super().__init__(name, str(path))
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.source, self.path)


@lru_cache(maxsize=64)
def _module(path: Path, source: bytes) -> ModuleType:
    """The module that a file's source makes: the same for the same source, so that its classes are the same too."""
    name = "glasshouse_plugin_" + re.sub(r"\W", "_", path.stem)
    loader = _Loader(name, path, source)
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    # Pydantic looks up the names in annotations there.
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name)
        if before is not None:
            sys.modules[name] = before
        raise
    return module


def _plugin(origin: Origin, label: str, classes: Sequence[type], *, installed: bool) -> Plugin:
    mechanisms = tuple(kind for kind in classes if issubclass(kind, Component))
    asked = tuple(kind for kind in classes if issubclass(kind, Measure))
    return Plugin(origin, label, mechanisms, asked, installed)


def _faults(plugin: Plugin, before: Sequence[Plugin]) -> Iterator[str]:
    """What keeps a plug-in from joining the built-in catalogue and the plug-ins before it."""
    yield from (fault := list(_name_faults(plugin, before)))
    if fault:
        return
    try:
        layout = ModelLayout(in_week(MECHANISMS, [*before, plugin]))
        kernels = [
            rewritten
            for kind in KERNELS
            for mechanism, rewritten in layout.kernels(kind)
            if mechanism in plugin.mechanisms
        ]
        helpers_of(kernels)
        columns = [total.name for mechanism in plugin.mechanisms for total in mechanism.sums if total.name in RESERVED]
    except CompilationError as error:
        yield from str(error).splitlines()
    except PluginError as error:
        yield str(error).removeprefix(f"{plugin.label}: ")
    except ValidationError as error:
        yield from _default_faults(plugin, error)
    except Exception as error:
        yield f"its mechanisms do not keep the contract: {_error_text(error)}. Every parameter needs a fitting default."
    else:
        yield from (f"sum {name} is called like a column of the results. Give it another name." for name in columns)
        for measure in plugin.measures:
            why = _unanswered(measure, layout.sums)
            if why and not (plugin.installed and "no mechanism keeps" in why):
                yield f"measure {measure.name}: {why}."


def _default_faults(plugin: Plugin, error: ValidationError) -> Iterator[str]:
    """Faults of the defaults of a mechanism's parameters, each with the name of the parameter."""
    mechanism = next((one for one in plugin.mechanisms if one.__name__ == error.title), None)
    if mechanism is None:
        yield f"its mechanisms do not keep the contract: {_error_text(error)}."
        return
    for finding in error.errors(include_url=False):
        key = str(finding["loc"][0]) if finding["loc"] else ""
        if finding["type"] == "missing":
            yield f"parameter {mechanism.name}.{key} has no default. Every parameter needs a fitting default."
        else:
            default = mechanism.model_fields[key].default if key else None
            text = explain(finding, key, default, properties(mechanism).get(key, {}))
            yield f"the default of parameter {mechanism.name}.{key} does not fit: {text}"


def _name_faults(plugin: Plugin, before: Sequence[Plugin]) -> Iterator[str]:
    """Names that are missing, cannot be used or are taken; what a measure leaves unsaid."""
    mechanisms: Catalogue = (*MECHANISMS, *(other for one in before for other in one.mechanisms))
    asked = (*MEASURES, *(other for one in before for other in one.measures))
    for mechanism in plugin.mechanisms:
        if not isinstance(getattr(mechanism, "name", None), str) or not mechanism.name.isidentifier():
            yield f"{mechanism.__name__} has no name that a table can have. Declare name: ClassVar[str] in plain letters."
            continue
        taken = {other.name for other in mechanisms}
        try:
            tables((*mechanisms, mechanism))
        except ScenarioError:
            taken.add(mechanism.name)
        if mechanism.name in taken:
            yield f"the name {mechanism.name} of {mechanism.__name__} is taken. Give the mechanism another."
        mechanisms = (*mechanisms, mechanism)
    for measure in plugin.measures:
        unsaid = [word for word in ("name", "title", "formula", "unit", "source") if not getattr(measure, word, "")]
        if unsaid or getattr(measure, "better", "") not in ("more", "less", "neither"):
            yield f"measure {measure.__name__} lacks {', '.join([*unsaid, 'better'][:3])}. Declare what the contract asks."
        elif measure.name in {other.name for other in asked} | RESERVED or not measure.name.isidentifier():
            yield f"the name {measure.name} of {measure.__name__} is taken or not plain. Give the measure another."
        asked = (*asked, measure)


def _unanswered(measure: type[Measure], sums: Sequence[Sum]) -> str:
    """Why a measure has no figure for a run with these sums, or nothing; tried on sums of zero."""
    paired = paired_sums(PAIRINGS)
    rows: Any = (3,) if measure.by_district else ()
    empty = Sums(np.zeros((*rows, len(sums)), np.int64), sums)
    one = Sums(np.zeros((*rows, len(sums)), np.int64), sums, None if measure.by_group else lambda _: empty)
    try:
        found = (
            measure.between(one, one, Sums(np.zeros(len(paired), np.int64), paired)) if measure.is_between() else None
        )
        float(measure.value(one) if found is None else found)
    except Exception as error:
        return _error_text(error)
    return ""


def _error_text(error: BaseException) -> str:
    """An exception of plug-in code in one line."""
    text = getattr(error, "strerror", None) or (str(error).splitlines() or [""])[0]
    known = isinstance(error, AttributeError | OSError) and text
    return printable(str(text) if known else f"{type(error).__name__}: {text}".rstrip(": "), 300)


def _line(error: BaseException, path: Path) -> str:
    """`, line 12`: the last line of the file that an exception came through."""
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    line, trace = 0, error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path.resolve():
            line = trace.tb_lineno
        trace = trace.tb_next
    return f", line {line}" if line else ""
