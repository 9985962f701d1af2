"""The tables have the columns of the records."""

from dataclasses import fields

import sqlalchemy as sa

from glasshouse.study.store import schema as tables
from glasshouse.study.store.schema import Counts
from glasshouse.study.store.shards import Shard
from glasshouse.study.store.study_database import StudyDatabase


def test_each_record_has_the_columns_of_its_table(database: StudyDatabase) -> None:
    for table, record in (
        (tables.studies, tables.Study),
        (tables.points, tables.Point),
        (tables.workers, tables.Worker),
        (tables.runs, tables.Run),
        (tables.shards, Shard),
    ):
        names = {field.name for field in fields(record)} - {"runs"}
        assert set(table.columns.keys()) == names | {"study"} - ({"study"} if table is tables.studies else set())

    def columns(connection: sa.Connection) -> dict[str, set[str]]:
        inspector = sa.inspect(connection)
        return {name: {one["name"] for one in inspector.get_columns(name)} for name in tables.metadata.tables}

    assert database._database.do(columns) == {
        name: set(table.columns.keys()) for name, table in tables.metadata.tables.items()
    }
    optional = {column.name for column in tables.runs.columns if column.nullable}
    assert optional == {"worker", "lease_until", "error", "seconds", "shard", "digest"}
    assert isinstance(tables.runs.c.seed.type, sa.BigInteger)
    assert sorted(tables.STATES) == sorted(set(vars(Counts())) - {"points", "points_ended"})
