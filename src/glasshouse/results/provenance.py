"""The provenance record of a result: what was run, with which code, where and how long."""

import hashlib
import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from glasshouse.errors import DISTRIBUTION
from glasshouse.model.plugin import Origin, Plugin
from glasshouse.population.marginals_files import digest_of, label

PACKAGE = Path(__file__).parents[1]
"""The folder of the package, whose source text the code digest covers."""

LIBRARIES = ("numpy", "llvmlite", "pydantic", "duckdb", "scipy")


@dataclass(frozen=True)
class Provenance:
    """What was run, with which code, where and how long.

    Attributes
    ----------
    scenario, title : str
        Name and title of the scenario.
    seed, replicates, citizens, weeks : int
        Run settings.
    scenario_digest, code_digest, week_digest, weekly_totals_digest : str
        Digests of the scenario, of Glasshouse's code, of the compiled step and of the first replicate's sums, by which a
        repeated run is compared with this one.
    version, python, machine : str
        Versions of Glasshouse and Python, and kind of machine.
    processors : int
        Processors that were used.
    wall_seconds : float
        Time that the run took.
    finished : str
        When it ended, in universal time.
    libraries : dict of str to str
        Versions of libraries.
    plugins : tuple of Origin
        Plug-ins that took part.
    marginals : dict of str to str
        What populations were drawn from: its `name`, and the `digest` of its text.
    """

    scenario: str
    title: str
    seed: int
    replicates: int
    citizens: int
    weeks: int
    scenario_digest: str
    code_digest: str
    week_digest: str
    weekly_totals_digest: str
    version: str
    python: str
    machine: str
    processors: int
    wall_seconds: float
    finished: str
    libraries: dict[str, str] = field(default_factory=dict)
    plugins: tuple[Origin, ...] = ()
    marginals: dict[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, object]:
        """The provenance as plain values, for a file or a table.

        Returns
        -------
        dict of str to object
            Every field by name.
        """
        return asdict(self)


def drawn_from(setting: str) -> dict[str, str]:
    """What the populations of a run were drawn from.

    Parameters
    ----------
    setting : str
        Value of `[society] marginals`.

    Returns
    -------
    dict of str to str
        `name` of the marginals and `digest` of their text.
    """
    return {"name": label(setting), "digest": digest_of(setting)}


def code_digest(plugins: Sequence[Plugin] = ()) -> str:
    """Hash of the code that a result depends on.

    Parameters
    ----------
    plugins : sequence of Plugin
        Plug-ins that took part.

    Returns
    -------
    str
        32 hexadecimal digits from every source and data file of the package and from the plug-ins. Two results with the same
        digest were computed by the same code.
    """
    found = _digest_of(tuple(sorted(_files(str(PACKAGE))))).copy()
    for plugin in plugins:
        found.update(f"{plugin.origin.name} {plugin.origin.digest}".encode())
    return found.hexdigest()


def _files(root: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Name, path and file status of each source and data file; the status changes when the file is written."""
    for entry in os.scandir(root):
        if entry.is_dir(follow_symlinks=False):
            yield from ((f"{entry.name}/{name}", path, status) for name, path, status in _files(entry.path))
        elif entry.name.endswith((".py", ".toml", ".css", ".js")):
            found = entry.stat()
            yield entry.name, entry.path, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=4)
def _digest_of(files: tuple[tuple[str, str, tuple[int, ...]], ...]) -> hashlib.blake2b:
    """The hash of the files, which are read again only if one of them has changed: every run of a study asks for it."""
    found = hashlib.blake2b(digest_size=16)
    for name, path, _ in files:
        found.update(name.encode())
        found.update(Path(path).read_bytes())
    return found


def version() -> str:
    """The installed version of Glasshouse.

    Returns
    -------
    str
        The version, or “not installed”.
    """
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "not installed"


def libraries() -> dict[str, str]:
    """Versions of the libraries that results depend on.

    Returns
    -------
    dict of str to str
        Version by name, for those that are installed.
    """
    return dict(_installed(LIBRARIES))


@lru_cache(maxsize=4)
def _installed(names: tuple[str, ...]) -> dict[str, str]:
    """Version by name; what is loaded stays so as long as the process lives."""
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def today() -> str:
    """The present time, to the second, in universal time.

    Returns
    -------
    str
        For instance “2026-03-01 12:00:00 UTC”.
    """
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())


def machine() -> str:
    """Kind of machine and operating system, without the name of the machine.

    Returns
    -------
    str
        For instance “x86_64, Linux 6.1.0”.
    """
    return f"{platform.machine()}, {platform.system()} {platform.release()}"
