"""A table of columns that any data frame library can read.

It speaks the Arrow stream protocol, so that polars, DuckDB, pyarrow and recent pandas take it as it is; `to_pandas` and
`to_polars` do it for you. Storage is Parquet, written by DuckDB. A table says what it holds: `about` and `notes` go into the
metadata of Parquet files, Arrow tables and pandas data frames, under the key `glasshouse`, as JSON.
"""

import errno
import importlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import AnalysisError, StoringError
from glasshouse.storage import atomic_path

REPR_COLUMNS, REPR_ROWS, REPR_WIDTH = 6, 8, 18
"""Columns and rows of a table's `repr`, and characters of a cell, so that it fits a screen."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length under a name.

    Attributes
    ----------
    name : str
        Name of the table.
    columns : dict of str to ndarray
        Its columns by name.
    notes : mapping of str to mapping of str to str
        `title`, `unit` and `formula` of columns, as far as they have them.
    about : mapping of str to object
        What the table comes from: title, random seed, digests, version.
    """

    name: str
    columns: dict[str, NDArray[Any]]
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    about: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.columns[column]

    @property
    def metadata(self) -> dict[str, Any]:
        """What the table says of itself: `about`, and under `columns` the notes of its columns; empty if it says nothing."""
        notes = {name: dict(self.notes[name]) for name in self.columns if name in self.notes}
        return {**self.about, "columns": notes} if self.about or notes else {}

    def _metadata_text(self) -> str:
        return json.dumps(self.metadata, ensure_ascii=False, sort_keys=True) if self.metadata else ""

    def to_arrow(self) -> Any:
        """The table as an Arrow table with metadata (needs pyarrow).

        Returns
        -------
        pyarrow.Table
            The metadata of the schema has the key `glasshouse`; that of each field has title, unit and formula.
        """
        arrow = frames("pyarrow")
        fields = [
            arrow.field(name, arrow.array(column).type, metadata=dict(self.notes.get(name, {})) or None)
            for name, column in self.columns.items()
        ]
        text = self._metadata_text()
        schema = arrow.schema(fields, metadata={"glasshouse": text} if text else None)
        return arrow.table(list(self.columns.values()), schema=schema)

    def _relation(self) -> Any:
        connection = _database(os.getpid()).cursor()
        columns = {k: v.astype(object) if v.dtype.kind == "U" else v for k, v in self.columns.items()}
        connection.register("t", columns)
        return connection.sql("select * from t")

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._relation().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """The table as a pandas DataFrame (needs pandas).

        Returns
        -------
        pandas.DataFrame
            A column for each column of the table, in the same order; `attrs` has the metadata.
        """
        frame = frames("pandas").DataFrame(self.columns)
        if self.metadata:
            frame.attrs["glasshouse"] = self.metadata
        return frame

    def to_polars(self) -> Any:
        """The table as a polars DataFrame (needs polars).

        Returns
        -------
        polars.DataFrame
            A column for each column of the table, in the same order.
        """
        return frames("polars").DataFrame(self.columns)

    def save(self, path: str | Path) -> None:
        """Write the table in the format that the file's name ends in.

        Parameters
        ----------
        path : str or Path
            A name that ends in .csv or .parquet.

        Raises
        ------
        StoringError
            For another ending, or if the file cannot be written.
        """
        path = Path(path)
        writers = {".csv": self.to_csv, ".parquet": self.write}
        if path.suffix not in writers:
            raise StoringError(f"{path}: a table is CSV or Parquet. Name a file that ends in .csv or .parquet.")
        writers[path.suffix](path)

    def to_csv(self, path: Path) -> None:
        """Write the table as CSV; texts that look like numbers, such as random seeds of 63 bits, stand in quotes.

        Parameters
        ----------
        path : Path
            Where to write.

        Raises
        ------
        StoringError
            If the file cannot be written.
        """
        quoted = [
            f'"{name.replace(chr(34), chr(34) * 2)}"'
            for name, column in self.columns.items()
            if column.dtype.kind == "U" and any(str(value).isdigit() for value in column)
        ]
        quotes = f", force_quote ({', '.join(quoted)})" if quoted else ""
        self._store(path, f"(format csv, header{quotes})")

    def write(self, path: Path) -> None:
        """Write the table as Parquet, with its metadata.

        Parameters
        ----------
        path : Path
            Where to write.

        Raises
        ------
        StoringError
            If the file cannot be written.
        """
        text = self._metadata_text().replace("'", "''")
        metadata = f", kv_metadata {{glasshouse: '{text}'}}" if text else ""
        self._store(path, f"(format parquet, compression zstd{metadata})")

    def _store(self, path: Path, how: str) -> None:
        import duckdb

        with atomic_path(path, "the table") as part:
            try:
                self._relation().query("t", f"copy t to '{str(part).replace(chr(39), chr(39) * 2)}' {how}")
            except duckdb.Error as error:
                # DuckDB wraps the operating system's error in text of its own.
                full = os.strerror(errno.ENOSPC) in str(error)
                raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error

    def __repr__(self) -> str:
        names, rows = list(self.columns)[:REPR_COLUMNS], range(min(len(self), REPR_ROWS))
        cells = [[name, *(_text(self.columns[name][row]) for row in rows)] for name in names]
        widths = [min(max(map(len, column)), REPR_WIDTH) for column in cells]
        lines = (
            "  ".join(f"{text[:w]:<{w}}" for text, w in zip(line, widths, strict=True))
            for line in zip(*cells, strict=True)
        )
        size = f"{len(self):,} rows, {len(self.columns):,} columns"
        return "\n".join([f"Table {self.name} ({size}; the first of them:)", *(f"  {line}".rstrip() for line in lines)])

    def _repr_html_(self) -> str:
        shown = 20
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(column[row])}</td>" for column in self.columns.values()) + "</tr>"
            for row in range(min(len(self), shown))
        )
        more = f"<p>{len(self) - shown:,} more rows</p>" if len(self) > shown else ""
        return f"<table><caption>{escape(self.name)}</caption><tr>{head}</tr>{body}</table>{more}"


@cache
def _database(process: int) -> Any:  # noqa: ARG001 - a forked process makes its own
    """The DuckDB in memory that a process's tables share: to make one takes longer than to write a table."""
    import duckdb

    return duckdb.connect()


def frames(name: str) -> Any:
    """Import a library of data frames.

    Parameters
    ----------
    name : str
        `pandas` or `polars`.

    Returns
    -------
    module
        The library.

    Raises
    ------
    AnalysisError
        If it is not installed; it says what to type.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise AnalysisError(
            f"This needs {name}, which is not installed. Install it: python -m pip install {name}"
        ) from None


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)


def _cell(value: Any) -> str:
    return escape(_text(value))
