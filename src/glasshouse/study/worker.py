"""The loop of a worker: claim runs of a study, run them, write their figures, until none is left.

A worker needs only the study database and the folder of results: the stored definition says what a run is. Any number
of workers on any number of machines may do one study. Each run is claimed by one of them, and can be claimed again if
that worker stops reporting.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glasshouse.engine import run as engine
from glasshouse.errors import GlasshouseError, StoringError
from glasshouse.model.measure import named_sum
from glasshouse.model.plugin import Plugin
from glasshouse.model.sums_read import sums_read
from glasshouse.results.provenance import code_digest
from glasshouse.results.result import Result
from glasshouse.results.totals import ARMS
from glasshouse.study import integrity, staged_rollout
from glasshouse.study.definition import read_definition, scenario_at_point
from glasshouse.study.store.schema import Outcome, Run
from glasshouse.study.store.schema import Study as Stored
from glasshouse.study.store.shards import TOTAL, rows_digest, write_shard
from glasshouse.study.store.study_database import StudyDatabase, worker_label

log = logging.getLogger(__name__)
# Failed runs are in the study database: without a handler of the program's own, Python would print them as well.
logging.getLogger("glasshouse").addHandler(logging.NullHandler())

LEASE = 60.0
"""Seconds without a heartbeat after which others may claim a worker's runs."""

CLAIM_SECONDS = 20.0
"""Seconds of work that a worker claims at a time, approximately: what is lost if it dies."""

MAX_CLAIM = 100
"""The most runs that a worker claims at a time, and so the most rows of a shard."""

POLL_SECONDS = 1.0
"""Seconds between checks whether a run of another worker can be claimed."""


@dataclass(frozen=True)
class WorkerOptions:
    """How a worker works.

    Attributes
    ----------
    plugins : tuple of Plugin
        The plug-ins that take part.
    threads : int
        Processors that each run uses; the figures do not depend on it.
    max_runs : int, optional
        End after about so many runs; None works until no run is left.
    label : str, optional
        Name of the worker in the database, which no other worker may have had; None makes one.
    should_stop : callable
        Asked before each run. Once it returns True, the worker hands in what it has done, gives back the rest, and ends.
    on_claim : callable
        Called after each claim and at the end.
    """

    plugins: tuple[Plugin, ...] = ()
    threads: int = 1
    max_runs: int | None = None
    label: str | None = None
    should_stop: Callable[[], bool] = field(default=lambda: False, compare=False)
    on_claim: Callable[[], None] = field(default=lambda: None, compare=False)


def work(database: StudyDatabase, name: str, folder: Path, options: WorkerOptions | None = None) -> int:
    """Do runs of a study until none is left.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    name : str
        Name of the study.
    folder : Path
        Where the shards of this study go.
    options : WorkerOptions, optional
        How to work.

    Returns
    -------
    int
        How many runs this worker did. A run that failed counts; it is stored with its error and does not stop others.

    Raises
    ------
    StoringError
        If the database or the folder cannot be used, or if the study needs other code or plug-ins.
    """
    options = options or WorkerOptions()
    record = database.study(name)
    one = _Worker(database, record, folder, options)
    done, size = 0, 1
    with _heartbeat(database, one.label):
        try:
            while (options.max_runs is None or done < options.max_runs) and not options.should_stop():
                claimed = database.claim(record, one.label, size, LEASE)
                options.on_claim()
                if not claimed:
                    if not database.counts(record).running:
                        break
                    # Another worker has the last runs: if it dies, they come back.
                    time.sleep(POLL_SECONDS)
                    continue
                begun = time.perf_counter()
                one.do(claimed)
                done += len(claimed)
                each = (time.perf_counter() - begun) / len(claimed)
                size = database.claim_size(record, int(min(max(CLAIM_SECONDS / max(each, 1e-3), 1), MAX_CLAIM)))
        finally:
            database.release(one.label)
    options.on_claim()
    return done


class _Worker:
    """The state of a worker: the study's definition and the settings of its points, as far as they are known.

    Parameters
    ----------
    database : StudyDatabase
        The open database.
    record : Study
        The study, as the database has it.
    folder : Path
        Where the shards of the study go.
    options : WorkerOptions
        How to work.
    """

    def __init__(self, database: StudyDatabase, record: Stored, folder: Path, options: WorkerOptions) -> None:
        check_code(record, options.plugins)
        self.database, self.record, self.folder, self.options = database, record, folder, options
        self.label, self.shards_written = options.label or worker_label(), 0
        self.definition = read_definition(record)
        integrity.check_registration(record, folder.parent)
        self.settings = self._points()

    def _points(self) -> dict[int, Mapping[str, Any]]:
        return {point.number: point.parameters for point in self.database.points(self.record)}

    def _settings(self, point: int) -> Mapping[str, Any]:
        # A study that is extended may have got the point since the worker began.
        if point not in self.settings:
            self.settings = self._points()
        return self.settings[point]

    def do(self, claimed: Sequence[Run]) -> None:
        """Do the claimed runs, write the figures of those that succeeded as one shard, and register it.

        Parameters
        ----------
        claimed : sequence of Run
            The runs, claimed under the label of this worker. Those that fail are stored with their errors.
        """
        integrity.check_seeds(self.record.name, self.definition, claimed)
        rows: list[dict[str, Any]] = []
        outcomes = []
        for run in claimed:
            if self.options.should_stop():
                break
            begun = time.perf_counter()
            try:
                found = self._figures(run)
            except StoringError:
                raise
            except Exception as error:
                # A plug-in may raise anything, a large population MemoryError: that is stored and ends no other run.
                message = str(error) if isinstance(error, GlasshouseError) else f"{type(error).__name__}: {error}"
                log.warning("%s: run %d failed: %s", self.record.name, run.number, message)
                self.database.fail(self.label, run.number, message)
                continue
            row = {"run": run.number, "point": run.point, "replicate": run.replicate, **found}
            rows.append(row)
            outcomes.append(Outcome(run.number, time.perf_counter() - begun, rows_digest([row])))
        if rows:
            self.shards_written += 1
            shard = write_shard(self.folder, f"{self.label}-{self.shards_written}", rows)
            self.database.finish(self.label, shard, outcomes)
            log.info("%s: worker %s did %d runs", self.record.name, self.label, len(rows))

    def _figures(self, run: Run) -> dict[str, float]:
        definition = self.definition
        scenario = scenario_at_point(definition, self._settings(run.point), run.seed, self.options.plugins)
        result = engine.run(scenario, threads=self.options.threads)
        found = figures(result, definition["measures"], definition["sums"], definition["windows"])
        if definition["replicates"] > 1:
            found |= pooled_sums(result, definition["measures"], definition["sums"], definition["windows"])
        if definition["design"]["kind"] == staged_rollout.KIND:
            found |= staged_rollout.figures(result, definition["measures"])
        return found


def check_code(record: Stored, plugins: Sequence[Plugin]) -> None:
    """Check that this installation has the code and the plug-ins of a study; others would give other figures.

    Parameters
    ----------
    record : Study
        The study, as the database has it.
    plugins : sequence of Plugin
        The plug-ins at hand.

    Raises
    ------
    StoringError
        If the code or a plug-in differs.
    """
    wanted = read_definition(record)["plugins"]
    here = {plugin.origin.digest for plugin in plugins}
    missing = [digest for digest in wanted if digest not in here]
    if missing:
        raise StoringError(
            f"The study {record.name} was made with {len(missing)} plug-ins that are not here, or not as they were. Name "
            "the same files with --plugin."
        )
    joined = [plugin for plugin in plugins if plugin.origin.digest in wanted]
    if code_digest(joined) != record.code:
        raise StoringError(
            f"The study {record.name} was begun with another version of Glasshouse, and its runs could not be compared. "
            "Continue with that version, or give the study a new name."
        )


def figures(
    result: Result, wanted: Sequence[str], sums: Sequence[str] = (), windows: Sequence[Sequence[int]] = ()
) -> dict[str, float]:
    """Collect the figures of one run: each measure in the reference arm, in the regime arm, and the effect.

    Parameters
    ----------
    result : Result
        A result of one replicate.
    wanted : sequence of str
        Names of the measures; with none, all measures unless sums are named.
    sums : sequence of str
        Names of the sums to add, in their own units; of a group, `group:name`.
    windows : sequence of (int, int)
        Further windows: first week, and the week before which it ends. Measures over districts, whose sums are stored
        by quarter, have the reporting window alone.

    Returns
    -------
    dict
        Figures by name: `measure.reference`, `measure.regime` and `measure` (the effect; a measure between arms has
        this one alone), `sum:name.reference` and so on for sums, and `measure@104-364` for a window. NaN where a
        measure is undefined.
    """
    found: dict[str, float] = {}
    for first, last in (None, None), *windows:
        seen, mark = (result, "") if first is None or last is None else (result.within(first, last), f"@{first}-{last}")
        for measure in seen.catalogue:
            if ((wanted or sums) and measure.name not in wanted) or (mark and measure.by_district):
                continue
            levels = () if measure.is_between() else tuple(float(seen.values(measure, arm)[0]) for arm in ARMS)
            found |= _named(f"{measure.name}{mark}", seen.effect(measure).mean, levels)
        for name in sums:
            reference, regime = (float(named_sum(seen.resampled(arm), name)[0]) for arm in ARMS)
            found |= _named(f"sum:{name}{mark}", regime - reference, (reference, regime))
    return found


def pooled_sums(
    result: Result, wanted: Sequence[str], sums: Sequence[str] = (), windows: Sequence[Sequence[int]] = ()
) -> dict[str, float]:
    """Collect the sums from which the replicates of a point are pooled.

    Parameters
    ----------
    result : Result
        A result of one replicate.
    wanted : sequence of str
        Names of the measures, as in `figures`.
    sums : sequence of str
        Names of the sums that the study keeps, as in `figures`.
    windows : sequence of (int, int)
        Further windows, as in `figures`.

    Returns
    -------
    dict
        `total:name.reference`, `total:name.regime` and `total:name.pairs` for each sum that a measure reads, and
        `total:name@104-364.regime` for a window.
    """
    found: dict[str, float] = {}
    for first, last in (None, None), *windows:
        seen, mark = (result, "") if first is None or last is None else (result.within(first, last), f"@{first}-{last}")
        chosen = [
            one for one in seen.catalogue if not one.is_averaged() and (one.name in wanted or not (wanted or sums))
        ]
        sides = {arm: seen.resampled(arm) for arm in ARMS} | {"pairs": seen.resampled_pairs()}
        kept = {total.name for total in (*result.sums, *result.paired)}
        for measure in chosen:
            names, paired = sums_read(measure, result.groups, kept)
            for side, read in zip(sides, (names, names, paired), strict=True):
                found |= {f"{TOTAL}{name}{mark}.{side}": float(named_sum(sides[side], name)[0]) for name in read}
    return found


def _named(name: str, effect: float, levels: Sequence[float]) -> dict[str, float]:
    return {name: effect} | {f"{name}.{arm}": level for arm, level in zip(ARMS, levels, strict=False)}


@contextmanager
def _heartbeat(database: StudyDatabase, me: str) -> Iterator[None]:
    """Extends the worker's leases from a thread of its own while it works."""
    ended = threading.Event()

    def heartbeat() -> None:
        while not ended.wait(LEASE / 4):
            # If the database does not answer, the worker itself reports it when it hands in.
            with suppress(StoringError):
                database.heartbeat(me, LEASE)

    thread = threading.Thread(target=heartbeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
