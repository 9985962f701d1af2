"""Checkpoints of a run, from which an interrupted run continues to a byte-identical result.

A checkpoint holds the states of all arms and the sums so far. It does not hold the population, which is built again from
scenario and seed and compared by its digest. Files are written atomically, and a checksum finds damage and edits. The
last two of a replicate are stored; the older one is used where the newer is damaged. When a run is complete, only the
sums of its replicates are left.
"""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.engine.arms import Arms
from glasshouse.engine.compiler.layout import ModelLayout
from glasshouse.engine.state import ArmState
from glasshouse.engine.totals_observer import TotalsObserver
from glasshouse.errors import RunningError, StoringError
from glasshouse.model.entities import Population
from glasshouse.results.provenance import code_digest
from glasshouse.results.totals import WeeklyTotals
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import atomic_path, is_part

MAGIC = b"GLASSHOUSE CHECKPOINT 2\n"
EVERY = 52
"""Weeks between checkpoints."""
RETAINED = 2
"""Newest checkpoints of a replicate that are not deleted."""
COMPRESSION = 1
"""Level at which the sums of a finished replicate are compressed: to a thirteenth. A higher level takes twice as long."""


class Checkpoints:
    """The checkpoints of one run, in the folder `checkpoints` of its results, and the sums of its finished replicates.

    Parameters
    ----------
    out : Path
        The folder of the results. The sums of each finished replicate are in its folder `sums`.
    scenario : Scenario
        What is run.
    every : int
        Weeks between checkpoints.
    keep : bool
        Whether the checkpoints of finished replicates are kept.
    """

    def __init__(self, out: Path, scenario: Scenario, every: int = EVERY, *, keep: bool = False) -> None:
        self.folder, self.sums = out / "checkpoints", out / "sums"
        self.scenario, self.every, self.keep = scenario, every, keep
        self.code = code_digest(scenario.brought_plugins)
        self.population_digest = ""

    def open(self, *, resume: bool) -> None:
        """Prepare the folder.

        Parameters
        ----------
        resume : bool
            Leave the checkpoints and sums that are there; otherwise they are deleted.

        Raises
        ------
        StoringError
            If the folder cannot be used.
        """
        try:
            for folder in (self.folder, self.sums):
                folder.mkdir(parents=True, exist_ok=True)
                for path in folder.glob("replicate-*"):
                    if not resume or is_part(path):
                        path.unlink()
        except OSError as error:
            raise StoringError(
                f"{self.folder} cannot be used ({error.strerror}). Name a folder that can be written with --out."
            ) from error

    def close(self) -> None:
        """Delete the folder of the checkpoints of a run that is complete, unless they are to be kept."""
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def finished(self, replicate: int) -> WeeklyTotals | None:
        """The sums of a replicate that was run to its end.

        Parameters
        ----------
        replicate : int
            Number of the replicate.

        Returns
        -------
        WeeklyTotals or None
            None if it was not finished, or if its file is damaged.

        Raises
        ------
        RunningError
            If it was written by another scenario or other code.
        """
        path = self.sums / _stem(replicate)
        if not path.exists():
            return None
        found = self._read(path)
        return None if found is None else _restored(found[1], self.scenario.run.weeks)

    def restore(self, replicate: int, population: Population, states: Sequence[ArmState], sums: TotalsObserver) -> None:
        """Put arms and sums back to the newest sound checkpoint, if there is one.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        population : Population
            The population that was built again from scenario and seed.
        states : sequence of ArmState
            Fresh states of all arms, which are overwritten.
        sums : TotalsObserver
            Has no sums yet; totals and sizes are overwritten.

        Raises
        ------
        RunningError
            If the population is not the one of the checkpoint.
        """
        self.population_digest = population_digest(population)
        for path in sorted(self.folder.glob(f"{_stem(replicate)}-week-*"), reverse=True):
            found = self._read(path)
            if found is None:
                continue
            head, arrays = found
            if head["population"] != self.population_digest:
                raise RunningError(
                    f"{path}: the population built again from scenario and seed differs from the one of this checkpoint "
                    f"({self.population_digest} instead of {head['population']}). Resume with the library versions that began "
                    f"the run, or start afresh without --resume."
                )
            for place, state in enumerate(states):
                for name in ArmState.STORED:
                    getattr(state, name)[...] = arrays[f"{place}_{name}"]
            sums.sizes[...] = arrays["sizes"]
            _fill(sums.totals, arrays, int(head["week"]))
            return

    def write(self, replicate: int, states: Sequence[ArmState], sums: TotalsObserver) -> None:
        """Write a checkpoint if one is due, and delete older ones.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        states : sequence of ArmState
            States of all arms, in the order in which they are restored.
        sums : TotalsObserver
            Sums so far.

        Raises
        ------
        StoringError
            If the file cannot be written.
        """
        totals = sums.totals
        if totals.weeks % self.every or totals.weeks >= self.scenario.run.weeks:
            return
        arrays = {
            f"{place}_{name}": getattr(state, name) for place, state in enumerate(states) for name in ArmState.STORED
        }
        self._write(
            self.folder / f"{_stem(replicate)}-week-{totals.weeks:05d}",
            {**arrays, **_parts(totals), "sizes": sums.sizes},
            totals.weeks,
        )
        for path in sorted(self.folder.glob(f"{_stem(replicate)}-week-?????"))[:-RETAINED]:
            path.unlink(missing_ok=True)

    def finish(self, replicate: int, totals: WeeklyTotals) -> None:
        """Store the sums of a finished replicate and delete its checkpoints, unless they are to be kept.

        Parameters
        ----------
        replicate : int
            Number of the replicate.
        totals : WeeklyTotals
            Its sums.

        Raises
        ------
        StoringError
            If the file cannot be written.
        """
        self._write(self.sums / _stem(replicate), _parts(totals), totals.weeks, COMPRESSION)
        if not self.keep:
            for path in self.folder.glob(f"{_stem(replicate)}-week-*"):
                path.unlink(missing_ok=True)

    def _write(self, path: Path, arrays: dict[str, Any], week: int, compression: int = 0) -> None:
        payload = _packed(arrays, compression)
        head = {
            "scenario": self.scenario.digest,
            "code": self.code,
            "population": self.population_digest,
            "week": week,
            "checksum": hashlib.blake2b(payload, digest_size=32).hexdigest(),
        }
        line = json.dumps(head, sort_keys=True).encode()
        advice = "Free space there; then the same command with --resume goes on from the checkpoint before."
        with atomic_path(path, "the checkpoint", advice) as part, part.open("wb") as file:
            file.write(MAGIC + hashlib.blake2b(line, digest_size=16).hexdigest().encode() + b" " + line + b"\n")
            file.write(payload)

    def _read(self, path: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Head and arrays of a checkpoint of this run; None if it is damaged, RunningError if it belongs to another run."""
        try:
            data = path.read_bytes()
            if not data.startswith(MAGIC):
                return None
            line, payload = data[len(MAGIC) :].split(b"\n", 1)
            stamp, text = line.split(b" ", 1)
            if hashlib.blake2b(text, digest_size=16).hexdigest().encode() != stamp:
                return None
            head = json.loads(text)
            if hashlib.blake2b(payload, digest_size=32).hexdigest() != head["checksum"]:
                return None
            with np.load(io.BytesIO(payload), allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None
        for what, expected in (("scenario", self.scenario.digest), ("code", self.code)):
            if head[what] != expected:
                raise RunningError(
                    f"{path} was written with another {what}, so that continuing from it would mix two runs. Resume with the "
                    f"{what} that began it, choose another folder with --out, or start afresh without --resume."
                )
        return head, arrays


class CheckpointObserver:
    """Writes the checkpoints of one replicate.

    Parameters
    ----------
    checkpoints : Checkpoints
        The checkpoints of the run.
    number : int
        Number of the replicate.
    sums : TotalsObserver
        Collects the sums of the replicate; it must come before this observer.
    """

    population: Population

    def __init__(self, checkpoints: Checkpoints, number: int, sums: TotalsObserver) -> None:
        self.checkpoints, self.number, self.sums = checkpoints, number, sums

    def begin(self, population: Population, layout: ModelLayout) -> None:
        """Remember the population that the checkpoints belong to.

        Parameters
        ----------
        population : Population
            The population of the replicate.
        layout : ModelLayout
            Memory layout of the states.
        """
        self.population = population

    def restore(self, arms: Arms) -> int:
        """Put arms and totals back to the newest sound checkpoint.

        Parameters
        ----------
        arms : Arms
            Fresh arms, whose states are overwritten.

        Returns
        -------
        int
            The week to go on with; 0 if there is no checkpoint.
        """
        self.checkpoints.restore(self.number, self.population, tuple(arms.states.values()), self.sums)
        return self.sums.totals.weeks

    def observe(self, week: int, arms: Mapping[str, ArmState]) -> None:
        """Write a checkpoint if one is due.

        Parameters
        ----------
        week : int
            The week.
        arms : mapping of str to ArmState
            States of all arms, in the order in which `restore` reads them.
        """
        self.checkpoints.write(self.number, tuple(arms.values()), self.sums)

    def finish(self) -> None:
        """Store the totals and delete the checkpoints."""
        self.checkpoints.finish(self.number, self.sums.totals)


def population_digest(population: Population) -> str:
    """Hash of a population.

    Parameters
    ----------
    population : Population
        The population.

    Returns
    -------
    str
        32 hexadecimal digits that depend on every trait, district, firm and tie.
    """
    found = hashlib.blake2b(digest_size=16)
    for records in (population.citizens, population.districts, population.firms):
        # Field by field: padding between fields in memory is not part of a population.
        for name in records.dtype.names or ():
            found.update(np.ascontiguousarray(records[name]).data)
    for ties in (population.tie_start, population.ties):
        found.update(np.ascontiguousarray(ties).data)
    return found.hexdigest()


def _stem(replicate: int) -> str:
    return f"replicate-{replicate:05d}"


def _packed(arrays: Mapping[str, Any], compression: int) -> memoryview:
    """Arrays as NumPy's npz files have them, compressed at a level above 0."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compression else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", method, compresslevel=compression or None) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)
    return buffer.getbuffer()


def _parts(totals: WeeklyTotals) -> dict[str, Any]:
    return {f"totals_{name}": getattr(totals, name) for name in WeeklyTotals.STORED}


def _fill(totals: WeeklyTotals, arrays: dict[str, Any], weeks: int) -> None:
    for name in WeeklyTotals.STORED:
        getattr(totals, name)[...] = arrays[f"totals_{name}"]
    totals.weeks = weeks


def _restored(arrays: dict[str, Any], weeks: int) -> WeeklyTotals:
    return WeeklyTotals(**{name: arrays[f"totals_{name}"] for name in WeeklyTotals.STORED}, weeks=weeks)
