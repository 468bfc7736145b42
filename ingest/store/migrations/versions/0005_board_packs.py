"""Board packs: what people write beside an exception, and which figures went out."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SCOPE = {"source": 16, "level": 16, "organisation_code": 80, "treatment_function": 200, "measure": 40}


def _scope(*, measure: bool) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, sa.String(length=length), nullable=False)
        for name, length in _SCOPE.items()
        if measure or name != "measure"
    ]


def upgrade() -> None:
    op.create_table(
        "narrative",
        sa.Column("id", sa.Integer(), nullable=False),
        *_scope(measure=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_narrative")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_narrative_open",
        "narrative",
        list(_SCOPE),
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "pack_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        *_scope(measure=False),
        sa.Column("census_date", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_issue")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_pack_issue_source_level_organisation_code_treatment_function"),
        "pack_issue",
        ["source", "level", "organisation_code", "treatment_function"],
    )
