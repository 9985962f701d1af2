"""The provenance record of a result: what was run, with which code, where and how long."""

import hashlib
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path

from glasshouse.model.plugin import Origin, Plugin

PACKAGE = Path(__file__).parents[1]
"""The folder of the package, whose source text the code digest covers."""

LIBRARIES = ("numpy", "numba", "pydantic", "duckdb", "scipy")


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

    def facts(self) -> dict[str, object]:
        """The provenance as plain values, for a file or a table.

        Returns
        -------
        dict of str to object
            Every field by name.
        """
        return asdict(self)


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
    root = PACKAGE
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".toml", ".css", ".js"}:
            found.update(path.relative_to(root).as_posix().encode())
            found.update(path.read_bytes())
    for plugin in plugins:
        found.update(f"{plugin.origin.name} {plugin.origin.digest}".encode())
    return found.hexdigest()


def version() -> str:
    """The installed version of Glasshouse.

    Returns
    -------
    str
        The version, or “not installed”.
    """
    try:
        return metadata.version("glasshouse")
    except metadata.PackageNotFoundError:
        return "not installed"


def libraries() -> dict[str, str]:
    """Versions of the libraries that results depend on.

    Returns
    -------
    dict of str to str
        Version by name, for those that are installed.
    """
    found = {}
    for name in LIBRARIES:
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
