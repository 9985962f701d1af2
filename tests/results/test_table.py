"""Tables open in the tools that social scientists use."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from glasshouse.errors import StoringError
from glasshouse.results.table import Table

TABLE = Table("t", {"week": np.arange(30), "share": np.linspace(0, 1, 30), "group": np.array(["a", "b'"] * 15)})


def test_pandas_and_polars() -> None:
    frame, other = TABLE.to_pandas(), TABLE.to_polars()
    assert frame["share"].tolist() == other["share"].to_list() == TABLE["share"].tolist()
    assert frame["group"][1] == "b'"
    assert len(TABLE) == len(frame) == len(other) == 30


def test_anything_that_reads_arrow_streams() -> None:
    read = pl.DataFrame(TABLE)
    assert read.equals(TABLE.to_polars())


def test_parquet_and_csv_give_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "it's a folder" / "t.parquet"
    TABLE.write(path)
    assert pl.read_parquet(path).equals(TABLE.to_polars())
    assert duckdb.sql(f"select count(*) from '{str(path).replace(chr(39), chr(39) * 2)}'").fetchall() == [(30,)]
    TABLE.to_csv(tmp_path / "t.csv")
    assert pd.read_csv(tmp_path / "t.csv")["share"].tolist() == pytest.approx(TABLE["share"].tolist())
    assert not list(tmp_path.rglob("*.part"))


def test_the_same_table_is_the_same_bytes(tmp_path: Path) -> None:
    TABLE.write(tmp_path / "a.parquet")
    TABLE.write(tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_table_says_in_every_format_what_it_holds(tmp_path: Path) -> None:
    notes = {"share": {"title": "Share of it's kind", "unit": "share", "formula": "a / b"}, "other": {"title": "x"}}
    table = replace(TABLE, notes=notes, about={"seed": 7, "scenario_digest": "ab"})
    told = {"seed": 7, "scenario_digest": "ab", "columns": {"share": notes["share"]}}
    table.save(str(tmp_path / "t.parquet"))
    assert json.loads(pq.read_schema(tmp_path / "t.parquet").metadata[b"glasshouse"]) == told
    assert table.to_pandas().attrs["glasshouse"] == told
    arrow = table.to_arrow()
    assert json.loads(arrow.schema.metadata[b"glasshouse"]) == told
    assert arrow.schema.field("share").metadata == {
        b"title": b"Share of it's kind",
        b"unit": b"share",
        b"formula": b"a / b",
    }
    assert arrow.to_pydict()["share"] == TABLE["share"].tolist()
    TABLE.write(tmp_path / "bare.parquet")
    assert b"glasshouse" not in (pq.read_schema(tmp_path / "bare.parquet").metadata or {})
    assert (TABLE.metadata, TABLE.to_pandas().attrs) == ({}, {})


def test_what_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoringError, match="cannot be written"):
        TABLE.write(tmp_path / "file" / "t.parquet")


def test_it_shows_itself_in_a_notebook() -> None:
    text = TABLE._repr_html_()
    assert text.count("<tr>") == 21
    assert "10 more rows" in text
    strange = Table("<b>", {"x": np.array(["<script>"])})._repr_html_()
    assert "<script>" not in strange
    assert "<b>" not in strange


def test_its_repr_fits_a_screen() -> None:
    lines = repr(TABLE).splitlines()
    assert lines[0] == "Table t (30 rows, 3 columns; the first of them:)"
    assert lines[1:4] == ["  week  share    group", "  0     0        a", "  1     0.03448  b'"]
    wide = repr(Table("w", {f"column_{k}" * 9: np.array(["x" * 500] * 5000) for k in range(200)})).splitlines()
    assert len(wide) < 20
    assert max(map(len, wide)) <= 130
    assert repr(Table("none", {})).startswith("Table none (0 rows, 0 columns")
