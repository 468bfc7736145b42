"""What ran unattended: when, for how long, how it ended."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import number, texts, times

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "run",
        number(),
        *texts(kind=8),
        *times("started_at"),
        sa.Column("seconds", sa.Float(), nullable=False),
        *texts(outcome=8),
        sa.Column("message", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
