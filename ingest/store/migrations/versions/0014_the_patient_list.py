"""An index of pathways that fail a check; what readers keep of the patient list: columns and selections."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_FLAGGED = sa.text("flags <> ''")
_COLUMNS = "token treatment_function site_code stage priority booked_in basis urgency"


def upgrade() -> None:
    op.create_index(
        "ix_pathway_flagged",
        "pathway",
        ["provider_code", "census_date", "flags", sa.text("wait_order DESC"), *_COLUMNS.split()],
        sqlite_where=_FLAGGED,
        postgresql_where=_FLAGGED,
    )
    op.create_table(
        "list_setting",
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reader", name="pk_list_setting"),
    )
    op.create_table(
        "pathway_selection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pathway_selection"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pathway_selection_key", "pathway_selection", ["key"], unique=True)
