"""The loop of a worker: claims runs of a study, runs them, writes their figures, until none is left.

A worker needs nothing but the catalogue and the folder of results: what a run is stands in the stored definition. Any
number of workers on any number of machines may work on one study; the catalogue hands each run to one of them, and takes
it back if its worker falls silent.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse import engine, study
from glasshouse.errors import GlasshouseError, StoringError
from glasshouse.plugin import Plugin
from glasshouse.result import Result
from glasshouse.store import Catalogue, Done, Run, write_shard

LEASE = 60.0
"""Seconds after which a silent worker's runs are given to others."""

CHUNK = 20.0
"""Seconds of work that a worker claims at a time, about: what is lost if it dies."""

MOST = 100
"""Runs that a worker claims at a time at most, and so the rows of a shard."""

WAIT = 1.0
"""Seconds between looks whether a run of another worker has come free."""

Tell = Callable[[int], None]
"""Is told, now and then, how many runs this worker has done."""


def work(
    catalogue: Catalogue,
    name: str,
    folder: Path,
    *,
    plugins: Sequence[Plugin] = (),
    threads: int = 1,
    most: int | None = None,
    tell: Tell | None = None,
) -> int:
    """Works on the study of that name until no run is left, and returns how many runs it did.

    `folder` is where shards go; `most` ends it after that many runs. A run that fails is entered with its error and
    does not stop the others. Raises StoringError where catalogue or folder cannot be used.
    """
    record = catalogue.study(name)
    definition = json.loads(record.definition)
    _same_code(definition, plugins, record.name)
    points = {point.number: json.loads(point.parameters) for point in catalogue.points(name)}
    me = catalogue.join(name)
    done, size = 0, 1
    with _beating(catalogue, me):
        try:
            while most is None or done < most:
                claimed = catalogue.claim(name, me, size, LEASE)
                if not claimed:
                    if not catalogue.counts(name).running:
                        break
                    time.sleep(WAIT)
                    continue
                begun = time.perf_counter()
                _chunk(catalogue, me, claimed, definition, points, folder, plugins, threads)
                done += len(claimed)
                each = (time.perf_counter() - begun) / len(claimed)
                size = int(min(max(CHUNK / max(each, 1e-3), 1), MOST))
                if tell is not None:
                    tell(done)
        finally:
            catalogue.release(me)
    return done


def enter(catalogue: Catalogue, made: study.Study) -> None:
    """Enters a study with all its points and runs, once; StoringError if another study has its name."""
    points = [Point(number, json.dumps(settings)) for number, settings in enumerate(made.points)]
    runs = [Run(one.number, one.point, one.replicate, one.seed) for one in made.runs]
    catalogue.create(Record(made.name, made.digest, made.definition, code_digest(made.scenario.joined)), points, runs)


def _same_code(definition: dict[str, Any], plugins: Sequence[Plugin], name: str) -> None:
    """A plug-in of other code would give other figures under the same name."""
    there = set(definition["plugins"])
    here = {plugin.origin.digest for plugin in plugins}
    if there - here:
        raise StoringError(
            f"The study {name} was made with {len(there)} plug-ins that are not here, or not as they were. Name the same "
            "files with --plugin."
        )


def _chunk(
    catalogue: Catalogue,
    me: str,
    claimed: Sequence[Run],
    definition: dict[str, Any],
    points: dict[int, dict[str, Any]],
    folder: Path,
    plugins: Sequence[Plugin],
    threads: int,
) -> None:
    """Runs the claimed runs, writes the figures of those that came out as one shard, and enters it."""
    rows, results = [], []
    for run in claimed:
        begun = time.perf_counter()
        try:
            scenario = study.at(definition, points[run.point], run.seed, plugins)
            found = figures(engine.run(scenario, threads=threads), definition["measures"])
        except StoringError:
            raise
        except GlasshouseError as error:
            catalogue.fail(me, run, str(error))
            continue
        rows.append({"run": run.number, "point": run.point, "replicate": run.replicate, **found})
        results.append(Done(run.number, time.perf_counter() - begun))
    if rows:
        catalogue.finish(me, write_shard(folder, rows), results)


def figures(result: Result, wanted: Sequence[str]) -> dict[str, float]:
    """Every measure of a result of one replicate: in the reference, in the regime, and what the regime changes.

    Named «measure.reference», «measure.regime» and «measure»; a measure between worlds has the last one alone. NaN
    where a measure is undefined.
    """
    found: dict[str, float] = {}
    for measure in result.catalogue:
        if wanted and measure.name not in wanted:
            continue
        found[measure.name] = result.effect(measure).mean
        if not measure.is_between():
            for place, world in enumerate(("reference", "regime")):
                found[f"{measure.name}.{world}"] = float(np.asarray(result.values(measure, place))[0])
    return found


@contextmanager
def _beating(catalogue: Catalogue, me: str) -> Iterator[None]:
    """Keeps the worker's leases fresh from a thread of its own while it works."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(LEASE / 4):
            catalogue.beat(me, LEASE)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
