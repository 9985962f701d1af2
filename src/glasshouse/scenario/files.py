"""The files that a scenario is made of: finding and reading them safely, and following `extends`.

A scenario file is TOML text of at most a megabyte. Whatever else comes (a folder, a picture, a file without end) is
refused in one sentence that names the file and what to do.
"""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from glasshouse.errors import ScenarioError
from glasshouse.population import marginals_files
from glasshouse.scenario.messages import Faults, nearest, printable, shown, shown_word
from glasshouse.scenario.toml_lines import Source, position

LARGEST_FILE = 1_000_000
"""Bytes that a scenario file may have."""

DEEPEST = 16
"""Files that may extend one another."""

# Python's TOML reader needs quadratic time for a key of very many parts; a scenario needs three.
_ENDLESS_KEY = re.compile(r"""(?<!["'\w-])(?:["'\w-]+[ \t]*\.[ \t]*){40}""")
_POSITION = re.compile(r"(.*) \(at (?:(line \d+, column \d+)|(end of document))\)", re.DOTALL)


@dataclass(frozen=True)
class Layer:
    """A parsed source: settings that go over those of the layers before it."""

    source: Source
    values: Mapping[str, Any]


@dataclass(frozen=True)
class _Place:
    """Where a scenario lies: among the shipped ones (`folder` None) or on disk."""

    file: Path | Traversable
    label: str
    folder: Path | None

    @property
    def identity(self) -> str:
        """The same for two ways to write the same place."""
        if not isinstance(self.file, Path):
            return self.label
        try:
            return str(self.file.resolve())
        except (OSError, ValueError, RuntimeError):
            # No file name, or links that lead to one another: opening it says so.
            return str(self.file)


def library() -> Traversable:
    """The folder of the scenarios that come with Glasshouse.

    Returns
    -------
    Traversable
        The folder, which may lie inside an archive.
    """
    return files("glasshouse") / "library" / "scenarios"


def library_names() -> tuple[str, ...]:
    """Names of the scenarios that come with Glasshouse.

    Returns
    -------
    tuple of str
        In alphabetical order; `rows/base` is one in a folder.
    """
    return tuple(sorted(_shipped(library(), "")))


def _shipped(folder: Traversable, under: str) -> Iterator[str]:
    if folder.is_dir():
        for file in folder.iterdir():
            if file.name.endswith(".toml"):
                yield under + file.name.removesuffix(".toml")
            else:
                yield from _shipped(file, f"{under}{file.name}/")


def chain(name_or_path: str | Path, faults: Faults) -> tuple[list[Layer], str, bool]:
    """The layers of a scenario: its own file and every file that it extends.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a shipped scenario, or path of a file.
    faults : Faults
        Takes the faults of files that the scenario extends.

    Returns
    -------
    layers : list of Layer
        The layers, the one that extends none first.
    name : str
        Name of the scenario.
    complete : bool
        Whether no layer is missing.

    Raises
    ------
    ScenarioError
        If the scenario itself cannot be read.
    """
    place = _locate(name_or_path, None)
    layers = [_layer(place, faults)]
    name = place.file.name.removesuffix(".toml")
    seen = [place.identity]
    while "extends" in layers[0].values:
        extends_place = position(layers[0].source, (), "extends")
        try:
            place = _extended(layers[0].values["extends"], place)
            if place.identity in seen:
                raise ScenarioError("the scenarios extend one another in a circle. Remove one `extends`.")
            if len(layers) == DEEPEST:
                raise ScenarioError(f"more than {DEEPEST} scenarios extend one another. Merge some of them.")
            seen.append(place.identity)
            layers.insert(0, _layer(place, faults))
        except ScenarioError as error:
            faults.add(extends_place, f"extends: {error.faults[0]}")
            return layers, name, False
    return layers, name, True


def _extended(value: object, child: _Place) -> _Place:
    """The place that `extends` names, seen from the file it stands in."""
    if not isinstance(value, str) or not value:
        raise ScenarioError(
            f"{shown(value)} is no name. Give a shipped scenario's name, or a path from this file, in quotation marks."
        )
    return _locate(value, child)


def _locate(name_or_path: str | Path, child: _Place | None) -> _Place:
    """Where a name or a path leads, seen from the working directory or from a scenario that extends it."""
    names = library_names()
    text = str(name_or_path)
    if text in names:
        return _Place(library() / f"{text}.toml", text, None)
    path = Path(name_or_path)
    if child is not None:
        if child.folder is None:
            raise ScenarioError(f"a shipped scenario extends {shown_word(text)}, which is none.{nearest(text, names)}")
        path = child.folder / path
    if path.suffix == ".toml" or len(Path(text).parts) > 1 or _exists(path):
        return _Place(path, printable(str(path), 200), path.parent)
    raise ScenarioError(
        f"no scenario is called {shown_word(text)}.{nearest(text, names)}{_names_known(names)} "
        f"Give one of these names, or the path of a .toml file."
    )


def _names_known(names: tuple[str, ...]) -> str:
    """The shipped scenarios in a sentence that stays short: those in folders are counted."""
    folders = Counter(name.partition("/")[0] for name in names if "/" in name)
    shown = [name for name in names if "/" not in name] + [f"{folder}/… ({n})" for folder, n in folders.items()]
    return f" Shipped scenarios: {', '.join(shown)}; `glasshouse list` shows all." if shown else ""


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _layer(place: _Place, faults: Faults) -> Layer:
    source = Source(place.label, read(place.file, place.label, "scenario"))
    return Layer(source, _with_marginals(parse(source), source, place.folder, faults))


def _with_marginals(values: dict[str, Any], source: Source, folder: Path | None, faults: Faults) -> dict[str, Any]:
    """The settings with the text of the file of marginals that they name; its faults go to `faults`."""
    society = values.get("society")
    named = society.get("marginals") if isinstance(society, Mapping) else None
    if folder is None or not isinstance(named, str) or not named.endswith(marginals_files.SUFFIX):
        return values
    rest = {key: value for key, value in values["society"].items() if key != "marginals"}
    try:
        return {**values, "society": {**rest, "marginals": marginals_text(folder / named)}}
    except ScenarioError as error:
        for fault in error.faults:
            faults.add(position(source, ("society",), "marginals"), f"marginals: {fault}")
        return {**values, "society": rest}


def marginals_text(path: Path) -> str:
    """The text of a file of marginals, checked.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Its text, the value of `[society] marginals`.

    Raises
    ------
    ScenarioError
        With every fault, if there is no such file or no population can be drawn from it.
    """
    label = printable(str(path), 200)
    text = f"{read(path, label, 'marginals').strip()}\n"
    found = marginals_files.faults(text)
    if found:
        raise ScenarioError(*(f"{label}: {fault}" for fault in found))
    return text


def read(file: Path | Traversable, label: str, noun: str) -> str:
    """The text of a TOML file that a user names.

    Parameters
    ----------
    file : Path or Traversable
        The file.
    label : str
        What messages call it.
    noun : str
        What kind of file it should be: messages speak of a `noun` file.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ScenarioError
        If there is no such file or it cannot be read.
    """
    return _decode(_bytes(file, label, noun), label, noun)


def _bytes(file: Path | Traversable, label: str, noun: str) -> bytes:
    try:
        if file.is_dir():
            raise ScenarioError(f"{label}: this is a folder. Name the {noun} file in it.")
        if isinstance(file, Path) and file.exists() and not file.is_file():
            raise ScenarioError(f"{label}: this is no ordinary file. Name a {noun} file in TOML.")
        with file.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise ScenarioError(f"{label}: there is no such file.{_neighbour(file)}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ScenarioError(f"{label}: the file cannot be read ({reason}). Check its name and permissions.") from None
    if len(data) > LARGEST_FILE:
        raise ScenarioError(
            f"{label}: the file has more than {LARGEST_FILE:,} bytes. A {noun} file has a few thousand."
        )
    return data


def _neighbour(file: Path | Traversable) -> str:
    """The nearest scenario file in the same folder, as a question, or else the advice to check the path."""
    advice = " Check the path, or use a name that `glasshouse list` shows."
    try:
        beside = [path.name for path in file.parent.glob("*.toml")] if isinstance(file, Path) else []
    except (OSError, ValueError):
        return advice
    return nearest(file.name, beside) or advice


def _decode(data: bytes, label: str, noun: str) -> str:
    """Text of a file; ScenarioError with the line where it stops being text."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise ScenarioError(f"{label}: the file is UTF-16 text. Save it as UTF-8.")
    try:
        # Editors on Windows put a mark before UTF-8 text.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(
            f"{label}, line {line}: byte {data[error.start]:#04x} is not UTF-8 text. Name a {noun} file in UTF-8."
        ) from None
    if not text.strip():
        tables = " and a [run] table" if noun == "scenario" else ""
        raise ScenarioError(f'{label}: the file is empty. Begin with title = "…"{tables}.')
    return text.replace("\r\n", "\n")


def parse(source: Source) -> dict[str, Any]:
    """The settings in a source's text.

    Parameters
    ----------
    source : Source
        The file or setting.

    Returns
    -------
    dict of str to object
        Tables and settings, as TOML nests them.

    Raises
    ------
    ScenarioError
        If the text is not TOML; the message gives line and column.
    """
    label = source.label
    if endless := _ENDLESS_KEY.search(source.text):
        line = source.text.count("\n", 0, endless.start()) + 1
        raise ScenarioError(f"{label}, line {line}: a key of very many parts. Keys have the form table.key = value.")
    try:
        return tomllib.loads(source.text)
    except RecursionError:
        raise ScenarioError(f"{label}: brackets stand too deep in one another. Settings need one level.") from None
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.fullmatch(str(error))
        reason, position = (found[1], found[2]) if found else (str(error), None)
        where = position or f"line {source.text.rstrip().count(chr(10)) + 1} (end of the file)"
        raise ScenarioError(f"{label}, {where}: not valid TOML: {printable(reason, 80)}. Mend this line.") from None
    except ValueError:
        # The only thing left: Python refuses to read a whole number of more digits than this.
        digits = re.search(rf"[\d_]{{{sys.get_int_max_str_digits()}}}", source.text)
        line = source.text.count("\n", 0, digits.start()) + 1 if digits else 1
        raise ScenarioError(f"{label}, line {line}: a number of several thousand digits. Shorten it.") from None
