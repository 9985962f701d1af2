"""State on disk, so that an interrupted run goes on where it was and ends in the same bytes.

A checkpoint holds the changing records of all worlds and the ledger so far, never the society: that is built again
from scenario and seed, and its digest compared. Files are written beside their place, flushed, and moved there, so that
nothing half-written bears a checkpoint's name; a checksum finds what was damaged or edited since. The last two of a
replicate are kept, and the one before is used when the newest is not sound.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.engine.state import ArmState
from glasshouse.errors import RunningError, StoringError
from glasshouse.model.entities import Society
from glasshouse.results.provenance import code_digest
from glasshouse.results.totals import WeeklyTotals
from glasshouse.scenario.scenario import Scenario
from glasshouse.storage import atomic_path

MAGIC = b"GLASSHOUSE CHECKPOINT 1\n"
EVERY = 52
"""Weeks between checkpoints."""
KEPT = 2
"""Checkpoints of a replicate that are kept."""


class Checkpoints:
    """The checkpoints of one run in the folder `checkpoints` of its results."""

    def __init__(self, out: Path, scenario: Scenario, every: int = EVERY) -> None:
        self.folder = out / "checkpoints"
        self.scenario, self.every = scenario, every
        self.code = code_digest(scenario.joined)
        self.society_digest = ""

    def open(self, *, resume: bool) -> None:
        """Makes the folder ready: to go on in when resuming, else empty. RunningError, StoringError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not resume:
                for path in self.folder.glob("replicate-*"):
                    path.unlink()
        except OSError as error:
            raise StoringError(
                f"{self.folder} cannot be used ({error.strerror}). Name a folder that can be written with --out."
            ) from error

    def finished(self, replicate: int) -> WeeklyTotals | None:
        """The ledger of a replicate that was run to its end, or None."""
        path = self.folder / f"{_stem(replicate)}-done"
        if not path.exists():
            return None
        found = self._read(path)
        return None if found is None else _ledger(found[1], self.scenario.run.weeks)

    def restore(self, replicate: int, society: Society, worlds: Sequence[ArmState], ledger: WeeklyTotals) -> None:
        """Puts worlds and ledger back to the newest sound checkpoint, if there is one.

        RunningError if the society built again is not the one that the checkpoint was made with.
        """
        self.society_digest = society_digest(society)
        for path in sorted(self.folder.glob(f"{_stem(replicate)}-week-*"), reverse=True):
            found = self._read(path)
            if found is None:
                continue
            head, arrays = found
            if head["society"] != self.society_digest:
                raise RunningError(
                    f"{path}: the society built again from scenario and seed differs from the one of this checkpoint "
                    f"({self.society_digest} instead of {head['society']}). Resume with the library versions that began "
                    f"the run, or start afresh without --resume."
                )
            for place, world in enumerate(worlds):
                for name in ArmState.KEPT:
                    getattr(world, name)[...] = arrays[f"{place}_{name}"]
            _fill(ledger, arrays, int(head["week"]))
            return

    def keep(self, replicate: int, worlds: Sequence[ArmState], ledger: WeeklyTotals) -> None:
        """Writes a checkpoint if one is due; StoringError if it cannot be written."""
        if ledger.weeks % self.every or ledger.weeks >= self.scenario.run.weeks:
            return
        arrays = {
            f"{place}_{name}": getattr(world, name) for place, world in enumerate(worlds) for name in ArmState.KEPT
        }
        self._write(
            self.folder / f"{_stem(replicate)}-week-{ledger.weeks:05d}", {**arrays, **_parts(ledger)}, ledger.weeks
        )
        for path in sorted(self.folder.glob(f"{_stem(replicate)}-week-?????"))[:-KEPT]:
            path.unlink(missing_ok=True)

    def finish(self, replicate: int, ledger: WeeklyTotals) -> None:
        """Keeps the ledger of a finished replicate and lets go of its checkpoints."""
        self._write(self.folder / f"{_stem(replicate)}-done", _parts(ledger), ledger.weeks)
        for path in self.folder.glob(f"{_stem(replicate)}-week-*"):
            path.unlink(missing_ok=True)

    def _write(self, path: Path, arrays: dict[str, Any], week: int) -> None:
        buffer = io.BytesIO()
        np.savez(buffer, **arrays)
        payload = buffer.getbuffer()
        head = {
            "scenario": self.scenario.digest,
            "code": self.code,
            "society": self.society_digest,
            "week": week,
            "checksum": hashlib.blake2b(payload, digest_size=32).hexdigest(),
        }
        line = json.dumps(head, sort_keys=True).encode()
        advice = "Free space there; then the same command with --resume goes on from the checkpoint before."
        with atomic_path(path, "the checkpoint", advice) as part, part.open("wb") as file:
            file.write(MAGIC + hashlib.blake2b(line, digest_size=16).hexdigest().encode() + b" " + line + b"\n")
            file.write(payload)

    def _read(self, path: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Head and arrays of a sound checkpoint of this run, None for a damaged one; RunningError for a foreign one."""
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
        for what, mine in (("scenario", self.scenario.digest), ("code", self.code)):
            if head[what] != mine:
                raise RunningError(
                    f"{path} was made with another {what}, so that going on from it would mix two runs. Resume with the "
                    f"{what} that began it, choose another folder with --out, or start afresh without --resume."
                )
        return head, arrays


def society_digest(society: Society) -> str:
    """Hash of every trait, district, firm and tie."""
    found = hashlib.blake2b(digest_size=16)
    for records in (society.citizens, society.districts, society.firms):
        # Field by field: what lies between fields in memory is not part of a society.
        for name in records.dtype.names or ():
            found.update(np.ascontiguousarray(records[name]).data)
    for ties in (society.tie_start, society.ties):
        found.update(np.ascontiguousarray(ties).data)
    return found.hexdigest()


def _stem(replicate: int) -> str:
    return f"replicate-{replicate:05d}"


def _parts(ledger: WeeklyTotals) -> dict[str, Any]:
    return {f"ledger_{name}": getattr(ledger, name) for name in WeeklyTotals.KEPT}


def _fill(ledger: WeeklyTotals, arrays: dict[str, Any], weeks: int) -> None:
    for name in WeeklyTotals.KEPT:
        getattr(ledger, name)[...] = arrays[f"ledger_{name}"]
    ledger.weeks = weeks


def _ledger(arrays: dict[str, Any], weeks: int) -> WeeklyTotals:
    return WeeklyTotals(**{name: arrays[f"ledger_{name}"] for name in WeeklyTotals.KEPT}, weeks=weeks)
