"""What people write: notes, rebases, saved groups, and who looked at pathways."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import (
    authorship,
    dates,
    integers,
    number,
    one_at_a_time,
    scope,
    texts,
    times,
)

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table, day, words in (("annotation", "noted_on", "text"), ("rebase", "starts_on", "reason")):
        op.create_table(
            table,
            number(),
            *scope(),
            *texts(measure=40),
            *dates(day),
            sa.Column(words, sa.Text(), nullable=False),
            *authorship(),
            sa.Index(None, "source", "level", "organisation_code"),
            sqlite_autoincrement=True,
        )
    op.create_table(
        "saved_group",
        number(),
        *texts(kind=16, name=80),
        sa.Column("members", sa.Text(), nullable=False),
        *authorship(),
        sa.CheckConstraint("kind IN ('trusts', 'specialties')", name="kind"),
        one_at_a_time("uq_saved_group_name", "kind name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        number(),
        *times("at"),
        *texts(reader=120, action=24),
        sa.Column("scope", sa.Text(), nullable=False),
        *integers("rows"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Index(None, "at"),
        sqlite_autoincrement=True,
    )
