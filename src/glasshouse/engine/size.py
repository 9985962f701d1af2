"""Memory and disk that a run needs, estimated before it starts: a run that this machine cannot hold is refused."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from glasshouse.engine.checkpoint import RETAINED
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.errors import RunningError
from glasshouse.model.entities import CELLS
from glasshouse.results.totals import ARMS, QUARTER, YEAR, YEARLY_ABOVE_DISTRICTS
from glasshouse.scenario.scenario import Scenario

MEGABYTE = 1_000_000

BASE = 400
"""Megabytes that a run needs for its libraries and its report, however small its population; measured."""

CITIZEN = 640
"""Bytes of memory that a citizen takes in two arms, the population included; measured."""

COMPRESSED = 10
"""Times that stored sums are smaller than sums in memory, at least; measured."""

LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Files in which Linux says how much memory a container has."""


def memory(scenario: Scenario, arms: int = len(ARMS)) -> int:
    """Estimate how much memory a run of a scenario needs.

    The estimate covers the citizens, and the sums of every replicate with their tables. Over five measured runs with
    800 to 300,000 citizens, the largest error was a fifth.

    Parameters
    ----------
    scenario : Scenario
        The scenario of the run.
    arms : int
        Number of arms that are simulated at once.

    Returns
    -------
    int
        Memory, in megabytes.
    """
    return BASE + (scenario.society.citizens * _citizen(arms) + _weekly(scenario) + _by_district(scenario)) // MEGABYTE


def check(scenario: Scenario, *, arms: int = len(ARMS), out: Path | None = None, workers: int = 1) -> None:
    """Refuse a run that the memory of this machine, or the disk of its results, cannot hold.

    Parameters
    ----------
    scenario : Scenario
        The scenario of the run.
    arms : int
        Number of arms that are simulated at once.
    out : Path or None
        Folder of checkpoints and sums; None if nothing is stored.
    workers : int
        Number of processes on this machine that each do such a run at the same time.

    Raises
    ------
    RunningError
        With the arithmetic, and the number of citizens that there is room for.
    """
    citizens, weekly, by_district = scenario.society.citizens, _weekly(scenario), _by_district(scenario)
    sums = weekly + by_district
    needed, there = memory(scenario, arms) * workers, machine_memory()
    if there and needed > there:
        room = (there // workers - BASE) * MEGABYTE - weekly
        together = f"with {workers:,} workers at once need about {needed:,} MB of memory, each {needed // workers:,} MB"
        needs = f"need about {needed:,} MB of memory" if workers == 1 else together
        raise RunningError(
            f"{citizens:,} citizens {needs} ({_citizen(arms)} bytes for a citizen in {arms} arms, "
            f"{BASE} MB for the program, {sums // MEGABYTE:,} MB for the sums of all replicates), and "
            f"this machine has {there:,} MB. {_fewer(room // (_citizen(arms) + by_district // citizens))}"
        )
    if out is None:
        return
    layout = ModelLayout(tuple(type(mechanism) for mechanism in scenario.mechanisms))
    each = layout.state.itemsize * arms * (RETAINED + 1)
    stored, free = (citizens * each + sums // COMPRESSED) // MEGABYTE, _free(out)
    if stored > free:
        raise RunningError(
            f"{out}: checkpoints and sums of {citizens:,} citizens need about {stored:,} MB ({RETAINED + 1} checkpoints of "
            f"{arms} arms with {layout.state.itemsize} bytes a citizen, and {sums // COMPRESSED // MEGABYTE:,} MB of sums), and "
            f"its disk has {free:,} MB left. Free space there, or name another folder with --out. "
            f"{_fewer((free * MEGABYTE - sums // COMPRESSED) // each)}"
        )


def machine_memory() -> int:
    """The memory of this machine, or of the container in which the process runs.

    Returns
    -------
    int
        Megabytes; 0 where the operating system does not say.
    """
    found = []
    with suppress(AttributeError, OSError, ValueError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for path in LIMITS:
        # The word “max” stands for no limit.
        with suppress(OSError, ValueError):
            found.append(int(path.read_text()))
    return min(found, default=0) // MEGABYTE


def _fewer(citizens: int) -> str:
    if citizens < 1:
        return "Take fewer replicates (--replicates), weeks (--weeks) or workers."
    unit = 10 ** max(len(str(citizens)) - 2, 0)
    return f"There is room for about {citizens // unit * unit:,} citizens (--citizens)."


def _citizen(arms: int) -> int:
    return CITIZEN * arms // len(ARMS)


def _weekly(scenario: Scenario) -> int:
    """Bytes of the sums by week and group of all replicates in memory, tables included."""
    return 4 * scenario.run.weeks * CELLS * _sums(scenario)


def _by_district(scenario: Scenario) -> int:
    """Bytes of the sums by period and district of all replicates in memory, tables included."""
    districts = scenario.society.citizens // scenario.society.district_size
    period = QUARTER if districts <= YEARLY_ABOVE_DISTRICTS else YEAR
    return 2 * (scenario.run.weeks // period) * districts * _sums(scenario)


def _sums(scenario: Scenario) -> int:
    """Bytes of one value of each sum, in both arms of all replicates."""
    return scenario.run.replicates * len(ARMS) * 8 * sum(len(mechanism.sums) for mechanism in scenario.mechanisms)


def _free(folder: Path) -> int:
    """Megabytes that are free on the disk of a folder, which need not exist."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free // MEGABYTE
