"""A reader's own places, the alerts about them that were chosen, what was told, and the emails."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import authorship, columns, integers, number, one_at_a_time, texts, times

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "kept_place",
        number(),
        *columns(sa.Text(), "query"),
        *texts(name=80),
        *integers("position"),
        *authorship(),
        one_at_a_time("uq_kept_place_query", "author query"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "alert_choice",
        number(),
        *texts(address=254, pace=8, secret=64),
        *columns(sa.DateTime(timezone=True), "confirmed_at", nullable=True),
        *authorship(),
        one_at_a_time("uq_alert_choice_author", "author"),
        sa.CheckConstraint("pace IN ('weekly', 'at-once')", name="pace"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "alert_told",
        number(),
        *texts(reader=120),
        *columns(sa.Text(), "topic"),
        *texts(state=80),
        *times("told_at"),
        sa.UniqueConstraint("reader", "topic"),
    )
    op.create_table(
        "alert_email",
        number(),
        sa.Column("choice_id", sa.Integer(), sa.ForeignKey("alert_choice.id"), nullable=False),
        *texts(reader=120, period=40, week=8, message_id=200),
        *integers("changes"),
        *columns(sa.Text(), "words"),
        *texts(state=8),
        *integers("attempts"),
        *times("made_at"),
        *columns(sa.DateTime(timezone=True), "tried_at", nullable=True),
        *times("next_at"),
        *columns(sa.DateTime(timezone=True), "sent_at", nullable=True),
        *texts(fault=80),
        sa.UniqueConstraint("reader", "period"),
        sa.Index("ix_alert_email_state_next_at", "state", "next_at"),
        sqlite_autoincrement=True,
    )
