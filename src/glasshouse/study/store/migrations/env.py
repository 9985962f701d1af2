"""Runs the steps that a catalogue lacks, on the connection and in the transaction of the one who opens it."""

from alembic import context

from glasshouse.study.store.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
