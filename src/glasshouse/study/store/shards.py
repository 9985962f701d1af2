"""Shards: files with the figures of many runs each, written once, whole or not at all, and read only as registered.

A row holds figures of one run. A shard never holds a row about a citizen; a column that would be one is refused.
"""

import glob
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import StoringError
from glasshouse.results.table import Table

Row = Mapping[str, float | int | str]
PERSONAL = {"citizen", "household"}
"""Columns that would make a row one about single people."""
TOTAL = "total:"
"""What the names of columns begin with that hold sums of a run, from which the replicates of a point are pooled."""


@dataclass(frozen=True)
class Shard:
    """A file with the rows of some runs.

    Attributes
    ----------
    file : str
        Name of the file in the folder of the study.
    digest : str
        Digest of the file.
    rows : int
        Number of rows.
    runs : tuple of int
        Numbers of the runs that have rows in the file; from a study database, of those accepted from this file.
    number : int
        Number within the study, given at the registration; 0 before.
    written : float
        Time of the registration, in seconds since 1970, UTC; 0 before.
    """

    file: str
    digest: str
    rows: int
    runs: tuple[int, ...]
    number: int = 0
    written: float = 0.0


def write_shard(folder: Path, name: str | int, rows: Sequence[Row]) -> Shard:
    """Write rows as `NAME.parquet` in a folder, whole or not at all.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    name : str or int
        Name of the shard, which must be new in the folder; the label of a worker and a count make one.
    rows : sequence of mapping
        Figures by name. Each row has the number of its run under `run`; a run may have several rows.

    Returns
    -------
    Shard
        What to register.

    Raises
    ------
    StoringError
        If the rows are not figures of runs, or if the file cannot be written.
    """
    stem = f"shard-{name:06d}" if isinstance(name, int) else name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", stem):
        raise StoringError(f"`{stem}` cannot name a shard. Use letters, digits, points and hyphens.")
    path = folder / f"{stem}.parquet"
    if path.exists():
        raise StoringError(f"{path} is already there and may hold the figures of runs. Give the shard a new name.")
    columns = _columns(rows)
    Table("figures", columns).write(path)
    return Shard(path.name, _file_digest(path), len(rows), tuple(np.unique(columns["run"]).tolist()))


def rows_digest(rows: Sequence[Row]) -> str:
    """Compute the digest of the rows of a run.

    Parameters
    ----------
    rows : sequence of mapping
        Figures by name.

    Returns
    -------
    str
        The digest; equal figures have the same one, whatever the order of columns. Numbers are compared as floating
        point, and a figure that is NaN or None is as one that is not there: so a shard holds them.
    """
    found = hashlib.blake2b(digest_size=16)
    for row in rows:
        given = {name: row[name] for name in sorted(row)}
        texts = {name: value for name, value in given.items() if isinstance(value, str)}
        figures = {name: float(value) for name, value in given.items() if value is not None and name not in texts}
        known = [name for name, value in figures.items() if value == value]
        _add_row(found, known, np.array([figures[name] for name in known]), texts)
    return found.hexdigest()


def changed_runs(table: Table, digests: Mapping[int, str | None]) -> tuple[int, ...]:
    """Find the runs whose rows are not those that were handed in.

    Parameters
    ----------
    table : Table
        The rows of all runs, as `read_shards` gives them.
    digests : mapping of int to str or None
        Digest of the rows of each run that is done, by number.

    Returns
    -------
    tuple of int
        Numbers of the runs whose rows are missing or have another digest, in order.
    """
    columns = {name: table.columns[name] for name in sorted(table.columns)}
    texts = {name: column for name, column in columns.items() if column.dtype.kind == "O"}
    names = [name for name in columns if name not in texts]
    figures = np.stack([columns[name].astype(np.float64) for name in names], axis=1) if names else np.empty((0, 0))
    known = ~np.isnan(figures)
    there: dict[int, Any] = {}
    for place, run in enumerate(columns["run"].tolist()):
        found = there.setdefault(int(run), hashlib.blake2b(digest_size=16))
        words = {name: column[place] for name, column in texts.items() if column[place] is not None}
        _add_row(found, [names[k] for k in np.flatnonzero(known[place])], figures[place, known[place]], words)
    same = {run for run, digest in digests.items() if run in there and there[run].hexdigest() == digest}
    return tuple(sorted(set(digests) - same))


def _add_row(digest: Any, names: Sequence[str], figures: NDArray[np.float64], texts: Mapping[str, str]) -> None:
    """Adds the figures of a row, in the order of their names, to a digest."""
    digest.update(json.dumps([list(names), texts], sort_keys=True).encode())
    digest.update(figures.astype("<f8").tobytes())


def read_shards(folder: Path, shards: Sequence[Shard]) -> Table:
    """Read the rows of all runs that were accepted from some shards.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    shards : sequence of Shard
        The shards, as the study database has them.

    Returns
    -------
    Table
        The rows by number of run; a figure that a row does not have is NaN or None.

    Raises
    ------
    StoringError
        If files are missing or damaged; the message names each of them and its runs.
    """
    if faults := damaged_shards(folder, shards):
        files = "; ".join(f"{shard.file} is {fault}, with {_named(shard.runs)}" for shard, fault in faults)
        raise StoringError(
            f"{folder}: figures of the study are lost ({files}). Restore the files from a copy, or run these runs again: "
            f"glasshouse study resume {folder.name} --folder {folder.parent}"
        )
    parts = [_accepted(_read(folder / shard.file), shard) for shard in shards]
    names = dict.fromkeys(["run", *(name for part in parts for name in part)])
    columns = {name: _joined(name, parts) for name in names}
    # The worker that did a run varies; the order of the table must not.
    order = np.argsort(columns["run"], kind="stable")
    return Table("figures", {name: column[order] for name, column in columns.items()})


def damaged_shards(folder: Path, shards: Sequence[Shard]) -> tuple[tuple[Shard, str], ...]:
    """Find the shards whose files are not what was registered.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    shards : sequence of Shard
        The shards, as the study database has them.

    Returns
    -------
    tuple of (Shard, str)
        Each such shard with "missing" or "damaged".
    """
    found = []
    for shard in shards:
        try:
            if Path(shard.file).name != shard.file or _file_digest(folder / shard.file) != shard.digest:
                found.append((shard, "damaged"))
        except FileNotFoundError:
            found.append((shard, "missing"))
        except (OSError, ValueError):
            found.append((shard, "damaged"))
    return tuple(found)


def _columns(rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
    names = dict.fromkeys(["run", *(name for row in rows for name in row)])
    if not rows or any("run" not in row for row in rows):
        raise StoringError("A shard needs rows, and each row the number of its run under `run`.")
    if strange := PERSONAL & set(names):
        raise StoringError(
            f"A shard holds figures of runs, never rows about single people: leave out {', '.join(sorted(strange))}."
        )
    columns = {name: _column(name, [row.get(name) for row in rows]) for name in names}
    if columns["run"].dtype.kind not in "iu":
        raise StoringError("The number of a run under `run` must be a whole number.")
    return columns


def _column(name: str, values: list[float | int | str | None]) -> NDArray[Any]:
    given = [value for value in values if value is not None]
    if all(isinstance(value, str) for value in given):
        return np.array(values, dtype=object)
    if all(isinstance(value, int | float | np.number | np.bool_) for value in given):
        return np.array([np.nan if value is None else value for value in values])
    raise StoringError(f"The column `{name}` of a shard holds neither text nor numbers alone. Give one of them.")


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()


def _read(path: Path) -> dict[str, NDArray[Any]]:
    import duckdb

    with duckdb.connect() as connection:
        # A folder's name is only a name: DuckDB would read stars and brackets in it as a pattern, and `seed=3` as a column.
        name = glob.escape(str(path)).replace("'", "''")
        found = connection.sql(f"select * from read_parquet('{name}', hive_partitioning = false)").fetchnumpy()
    return {name: _filled(column) for name, column in found.items()}


def _filled(column: NDArray[Any]) -> NDArray[Any]:
    """A column with its gaps as NaN or None, as they were before they were stored."""
    if not isinstance(column, np.ma.MaskedArray):
        return column
    if column.dtype.kind == "O":
        return np.array([None if value is np.ma.masked else value for value in column], dtype=object)
    return np.where(np.ma.getmaskarray(column), np.nan, column.data.astype(np.float64))


def _accepted(part: dict[str, NDArray[Any]], shard: Shard) -> dict[str, NDArray[Any]]:
    accepted = np.isin(part["run"], np.array(shard.runs, dtype=np.int64))
    return {name: column[accepted] for name, column in part.items()}


def _joined(name: str, parts: list[dict[str, NDArray[Any]]]) -> NDArray[Any]:
    present = [part[name] for part in parts if name in part]
    if not present:
        return np.zeros(0, dtype=np.int64)
    kind = np.result_type(*(column.dtype for column in present))
    if len(present) < len(parts) and kind.kind != "O":
        kind = np.result_type(kind, np.float64)
    gap = None if kind.kind == "O" else np.nan
    return np.concatenate(
        [part[name].astype(kind) if name in part else np.full(len(part["run"]), gap, kind) for part in parts]
    )


def _named(runs: tuple[int, ...]) -> str:
    """“runs 3 to 7 and 9”, for a message."""
    spans: list[tuple[int, int]] = []
    for run in sorted(runs):
        if spans and run == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], run)
        else:
            spans.append((run, run))
    parts = [str(first) if first == last else f"{first} to {last}" for first, last in spans[:5]]
    more = [f"{len(spans) - 5} more groups"] if len(spans) > 5 else []
    *most, end = [*parts, *more] or ["none"]
    return f"{'run' if len(runs) == 1 else 'runs'} {', '.join(most)}{' and ' if most else ''}{end}"
