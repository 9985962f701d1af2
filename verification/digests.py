"""Does the same seed still give the same numbers? Digests of what the package computes, beside recorded ones.

    python verification/digests.py [--quick] [--only town,kuran] [--file verification/digests.json]
    python verification/digests.py --record [--only town]

Run it after a change that must not move a number: a renaming, a move of modules, another container. Every shipped
scenario, an evidence sheet and every replication are run at small size. Each array that comes out is hashed, and the
hashes are kept as a sorted multiset for each kind of table. Names and order are not hashed, so renaming or reordering
sums and measures changes nothing, a new one shows as added, and a moved number shows as missing (and as added). Two
arrays that change places go unseen among the sums, but then the measures that read them move.

A case is equal if no recorded digest is missing; the script ends with 1 if a case differs, is gone or was never recorded.
`--record` writes the file, with `--only` or `--quick` for these cases alone. The whole takes about four minutes on two
cores once everything is compiled, `--quick` about half a minute; compiling adds one or two minutes.

What is hashed is the values alone: integers as 64-bit integers, other numbers as 64-bit floats with one NaN and one zero.
The engine's sums are integers and equal on every machine. Measures and replications take floats through NumPy and SciPy,
so versions other than the recorded ones may change a last digit there; the file names the versions for information.

The functions under "Adapters" are all that knows how results are stored, one for each container.
"""

import argparse
import hashlib
import json
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glasshouse
from glasshouse import replications
from glasshouse.replications import catalogue
from glasshouse.results.totals import ARMS

FILE = Path(__file__).with_suffix(".json")

FLAGSHIP, PRESSED, EVIDENCE = "social-governance", "social-governance-pressed", "evidence"
"""The flagship itself, under settings that open paths which no shipped scenario enters, and its evidence sheet."""

SIZE = {"citizens": 6000, "district_size": 256, "replicates": 2, "weeks": 140}
SIZES: dict[str, dict[str, float]] = {
    FLAGSHIP: {
        "citizens": 12_000, "district_size": 1024, "replicates": 2,
        "weeks": 530, "start": 30, "rollout": 40, "until": 525,
        "change.1.week": 420, "change.2.week": 460, "change.3.week": 480,
    },
    PRESSED: {
        "citizens": 12_288, "district_size": 4096, "replicates": 2,
        "weeks": 140, "start": 30, "rollout": 20, "change.1.week": 100, "change.2.week": 115, "change.3.week": 125,
        "local_scores.penalty": 0.05, "local_scores.low": 980.0, "safeguards.review": 0.5,
        "shocks.rate": 0.05, "shocks.scale": 1.5,
    },
    EVIDENCE: {
        "citizens": 3000, "district_size": 256, "replicates": 2,
        "weeks": 130, "start": 26, "rollout": 26, "change.1.week": 78, "change.2.week": 95, "change.3.week": 110,
    },
    "town": {"replicates": 2},
}  # fmt: skip
"""Settings of each scenario; those without an entry take SIZE.

The flagship passes through everything that the calendar knows, start, roll-out, change and end, and is long enough for
what is followed over five years. A mechanism that is renamed takes its key along here.
"""

SEED = 1
REDUCED: dict[str, dict[str, Any]] = {
    "civil-violence": {
        "SIZES": {"run 2": (4, 600), "run 1": (4, 200), "fall": (6, 147), "run 5": (4, 600), "app": (16, 100),
                  "class": (8, 100)},
    },
    "spiral-of-silence": {"RUNS": 40, "PEOPLE": 200},
    "dissent-and-censorship": {"HEADS": 4000, "FEWER": 1000, "ROUNDS": 1000, "SEEDS": 3, "WINDOW": 200, "REPEATS": 4},
}  # fmt: skip
"""Constants of a replication's modules that are lowered while it is simulated, where it takes over a minute as published.

These are numbers of seeds, people and rounds; every part of the replication is still simulated. All others are run whole.
"""

QUICK = (
    FLAGSHIP,
    "rows/s07-forecast",
    "elsewhere/watchlist",
    EVIDENCE,
    "kuran",
    "price-lists",
    "base-rates",
    "degroot",
)

REPLICATIONS = {kind.name: kind for kind in catalogue.CATALOGUE}

Numbers = NDArray[Any]
Tables = dict[str, list[str]]


# Digests


def digest(values: Any) -> str:
    """Hash numbers by their values alone.

    Parameters
    ----------
    values : array_like of numbers or truth values
        Any shape and type; the shape is not hashed.

    Returns
    -------
    str
        16 hexadecimal digits, the same for every integer type and for every floating type.
    """
    array = np.asarray(values)
    if array.dtype.kind in "biu":
        array = array.astype(np.int64)
    else:
        array = np.where(np.isnan(array), np.nan, array.astype(np.float64) + 0.0)  # adding 0.0 turns -0.0 into 0.0
    return hashlib.blake2b(np.ascontiguousarray(array).tobytes(), digest_size=8).hexdigest()


def joint(digests: Iterable[str]) -> str:
    """Hash digests regardless of their order."""
    return hashlib.blake2b("".join(sorted(digests)).encode(), digest_size=8).hexdigest()


def columns(array: Numbers) -> list[str]:
    """Digests of an array along its last axis, one for each sum."""
    return [digest(array[..., place]) for place in range(array.shape[-1])]


# Adapters: the only code that knows how results are stored


def of_sums(result: Any) -> Tables:
    """Digests of a run's sums, one for each sum over replicates, arms (reference, regime), time and place or cell."""
    kept = result.weekly_totals
    adoption = [digest(result.adoption_weeks(replicate)) for replicate in range(len(kept))]
    return {
        "weekly sums": columns(np.stack([each.weekly for each in kept])),
        "sums by district and period": columns(np.stack([each.periods for each in kept])),
        "weekly sums by district": columns(np.stack([each.districts for each in kept])),
        "paired sums": columns(np.stack([each.pairs for each in kept])),
        "weeks of adoption": adoption,
    }


def of_measures(result: Any) -> Tables:
    """Digests of a run's measures: by arm and replicate, by week, and as the tables of estimates."""
    single = [measure for measure in result.catalogue if not measure.is_between()]
    names, weeks = [measure.name for measure in result.catalogue], result.scenario.run.weeks
    by_week = result.over_time.columns
    return {
        "measures by arm and replicate": [digest(result.values(measure, arm)) for measure in single for arm in ARMS],
        "measures by week": [
            joint(map(digest, by_week[name].reshape(-1, weeks))) for name in names if name in by_week
        ],
        "measures": of_estimates(result.measures),
        "effects": of_estimates(result.effects),
        "group ratios": of_estimates(result.burdens),
    }  # fmt: skip


def of_estimates(table: Any) -> list[str]:
    """Digests of a table of estimates: one for each entry of its first column, of the numbers in all rows of it."""
    first, *others = table.columns.values()
    numbers = np.stack([column.astype(float) for column in others if column.dtype.kind in "biuf"], axis=1)
    return [joint(map(digest, numbers[first == name])) for name in np.unique(first)]


def of_lives(lives: Any) -> Tables:
    """Digests of life courses: one for each recorded column of both arms and for each trait, over all lives told."""
    recorded = [[course.weeks for course in life.trajectories.values()] for life in lives.selected]
    people = [astuple(life.person) for life in lives.selected]
    return {
        "life courses": [
            joint(digest([weeks[name] for weeks in both]) for both in recorded) for name in recorded[0][0].dtype.names
        ],
        "traits of lives": [joint(map(digest, trait)) for trait in zip(*people, strict=True)],
        "citizens of lives": [digest([life.citizen]) for life in lives.selected],
    }


def of_evidence(evidence: Any) -> Tables:
    """Digests of an evidence sheet's estimates."""
    curve = [
        [getattr(point, field.name) for field in fields(point) if field.name != "name"] for point in evidence.curve
    ]
    return {
        "figures": [of_estimate(each.found) for each in evidence.figures],
        "flows": [of_estimate(each.found) for each in evidence.flows],
        "proportionality": [of_estimate(found) for point in curve for found in point],
    }


def of_estimate(found: Any) -> str:
    """Digest of a mean with its interval and number of replicates."""
    return digest([found.mean, found.low, found.high, found.replicates])


def of_replication(outcome: Any) -> Tables:
    """Digests of what a replication found and of the lines of its charts."""
    lines = [line for chart in outcome.charts for line in chart.lines]
    drawn = [[array for array in (line.x, line.y, line.low, line.high) if array is not None] for line in lines]
    return {
        "estimates": [of_estimate(found) for found in outcome.found.values()],
        "chart lines": [joint(map(digest, arrays)) for arrays in drawn],
    }


# Cases


def cases() -> tuple[str, ...]:
    """Names of all cases: scenarios, the flagship pressed, its evidence sheet, replications."""
    return (*glasshouse.scenarios(), PRESSED, EVIDENCE, *REPLICATIONS)


def size_of(name: str) -> dict[str, Any]:
    """What a case is run with; empty for a replication that is run whole."""
    return REDUCED.get(name, {}) if name in REPLICATIONS else SIZES.get(name, SIZE)


def run_case(name: str) -> Tables:
    """Run a case and digest everything that comes out, by kind of table."""
    size = size_of(name)
    if name in REPLICATIONS:
        kind = REPLICATIONS[name]
        with lowered(modules_of(kind), size):
            return of_replication(kind().simulate(SEED))
    if name == EVIDENCE:
        return of_evidence(glasshouse.assess(FLAGSHIP, settings=size))
    result = glasshouse.run(FLAGSHIP if name == PRESSED else name, settings=size)
    told = of_lives(glasshouse.lives(result)) if name in (FLAGSHIP, PRESSED) else {}
    return {**of_sums(result), **of_measures(result), **told}


def modules_of(kind: type[Any]) -> list[ModuleType]:
    """The modules that a replication is made of: one, or all of its own package."""
    module = sys.modules[kind.simulate.__module__]
    package = module.__package__ or ""
    if package == replications.__name__:
        return [module]
    return [found for name, found in sys.modules.items() if name.startswith(f"{package}.")]


@contextmanager
def lowered(modules: Sequence[ModuleType], constants: Mapping[str, Any]) -> Iterator[None]:
    """Give constants other values in every module that has them; LookupError for one that none has."""
    if unknown := [name for name in constants if not any(hasattr(module, name) for module in modules)]:
        raise LookupError(f"REDUCED names {unknown[0]}, which is in none of {[each.__name__ for each in modules]}.")
    before = [(each, name, getattr(each, name)) for each in modules for name in constants if hasattr(each, name)]
    try:
        for module, name, _ in before:
            setattr(module, name, constants[name])
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


# Recording and comparing


def compared(before: Mapping[str, str], now: Mapping[str, list[str]]) -> tuple[list[str], list[str]]:
    """What moved and what is only new, in words, table by table.

    Parameters
    ----------
    before : mapping of str to str
        Recorded digests of each kind of table, separated by spaces.
    now : mapping of str to list of str
        Digests of this run.

    Returns
    -------
    tuple of list of str
        Tables with missing digests, and tables with added ones and none missing.
    """
    moved, new = [], []
    for table in dict.fromkeys([*before, *now]):
        recorded, found = Counter(before.get(table, "").split()), Counter(now.get(table, []))
        missing, added = (recorded - found).total(), (found - recorded).total()
        if missing:
            moved.append(f"{table}: {missing} of {recorded.total()} digests missing, {added} added")
        elif added:
            new.append(f"{table}: {added} added")
    return moved, new


def check(name: str, recorded: Mapping[str, Any]) -> bool:
    """Run a case, print a line on it, and return whether no recorded number moved."""
    if name not in recorded:
        print(f"{name:36} differs: never recorded; use --record --only {name}", flush=True)
        return False
    if name not in cases():
        print(f"{name:36} differs: there is no such scenario or replication any more", flush=True)
        return False
    begun = time.perf_counter()
    found = run_case(name)
    moved, new = compared(recorded[name]["tables"], found)
    said = "differs" if moved else "equal"
    told = "; ".join([*moved, *new]) or f"{sum(map(len, found.values()))} digests"
    print(f"{name:36} {said}: {told} ({time.perf_counter() - begun:.0f} s)", flush=True)
    return not moved


def record(names: Iterable[str], path: Path) -> None:
    """Run cases and write their digests; what the file holds of other cases stays."""
    kept = read(path)["cases"] if path.exists() else {}
    for name in names:
        begun = time.perf_counter()
        tables = {table: " ".join(sorted(digests)) for table, digests in run_case(name).items()}
        kept[name] = {"size": size_of(name), "tables": tables}
        number = sum(len(held.split()) for held in tables.values())
        print(f"{name:36} recorded: {number} digests ({time.perf_counter() - begun:.0f} s)", flush=True)
    libraries = {name: version(name) for name in ("numpy", "llvmlite", "scipy")}
    told = {
        "about": "Written by verification/digests.py --record; do not edit.",
        "versions": {"python": platform.python_version(), **libraries},
        "cases": {name: kept[name] for name in cases() if name in kept},
    }
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    """The file of recorded digests."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Record or compare; ends with 1 if a recorded number moved."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="write the digests instead of comparing them")
    parser.add_argument("--only", default="", help="names of cases, separated by commas")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK)}")
    parser.add_argument("--file", type=Path, default=FILE, help="where the digests are recorded")
    given = parser.parse_args()
    chosen = tuple(given.only.split(",")) if given.only else QUICK if given.quick else ()
    recorded = {} if given.record else read(given.file)["cases"]
    known = dict.fromkeys([*cases(), *recorded])
    if strange := [name for name in chosen if name not in known]:
        parser.error(f"{strange[0]}: no such case. There are: {', '.join(known)}.")
    begun, names = time.perf_counter(), chosen or tuple(known)
    if given.record:
        record(names, given.file)
        return
    differing = [name for name in names if not check(name, recorded)]
    seconds = f"{time.perf_counter() - begun:.0f} seconds"
    print(f"{len(differing)} of {len(names)} cases differ. {seconds}" if differing else f"All are equal. {seconds}")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
