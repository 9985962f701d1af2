"""The first tables: studies, points, workers, shards and runs."""

import sqlalchemy as sa
from alembic import op

revision = "studies"
down_revision = None


def upgrade() -> None:
    """Makes the tables of an empty catalogue."""
    op.create_table(
        "studies",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "digest", "definition", "code")),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("frozen", sa.Text),
        sa.UniqueConstraint("name", name="studies_name"),
    )
    op.create_table(
        "points",
        sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("parameters", sa.Text, nullable=False),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), nullable=False),
        sa.Column("started", sa.Double, nullable=False),
        sa.Column("heartbeat", sa.Double, nullable=False),
        sa.Column("ended", sa.Double),
    )
    op.create_table(
        "shards",
        sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("written", sa.Double, nullable=False),
        sa.UniqueConstraint("study", "file", name="shards_file"),
    )
    _runs()


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("study", sa.Integer, sa.ForeignKey("studies.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("point", sa.Integer, nullable=False),
        sa.Column("replicate", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("worker", sa.Text, sa.ForeignKey("workers.id")),
        sa.Column("lease_until", sa.Double),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("seconds", sa.Double),
        sa.Column("shard", sa.Integer),
        sa.Column("digest", sa.Text),
        sa.ForeignKeyConstraint(["study", "point"], ["points.study", "points.number"]),
        sa.ForeignKeyConstraint(["study", "shard"], ["shards.study", "shards.number"]),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="runs_known_state"),
    )
    op.create_index("runs_by_state", "runs", ["study", "state", "number"])
    op.create_index("runs_by_worker", "runs", ["worker"])
