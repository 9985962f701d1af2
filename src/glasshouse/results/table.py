"""A table of columns that any data frame library can read.

It speaks the Arrow stream protocol, so that polars, DuckDB, pyarrow and recent pandas take it as it is; `to_pandas` and
`to_polars` do it for you. Storage is Parquet, written by DuckDB.
"""

import errno
import importlib
import os
from dataclasses import dataclass
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
    """

    name: str
    columns: dict[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.columns[column]

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
            A column for each column of the table, in the same order.
        """
        return frames("pandas").DataFrame(self.columns)

    def to_polars(self) -> Any:
        """The table as a polars DataFrame (needs polars).

        Returns
        -------
        polars.DataFrame
            A column for each column of the table, in the same order.
        """
        return frames("polars").DataFrame(self.columns)

    def save(self, path: Path) -> None:
        """Write the table in the format that the file's name ends in.

        Parameters
        ----------
        path : Path
            A name that ends in .csv or .parquet.

        Raises
        ------
        StoringError
            For another ending, or if the file cannot be written.
        """
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
        """Write the table as Parquet.

        Parameters
        ----------
        path : Path
            Where to write.

        Raises
        ------
        StoringError
            If the file cannot be written.
        """
        self._store(path, "(format parquet, compression zstd)")

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
