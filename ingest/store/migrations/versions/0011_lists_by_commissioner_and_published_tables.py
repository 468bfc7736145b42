"""Whose patients wait where, the publisher's tables by organisation, and providers that closed.

A month that was loaded before has no rows of the first: what a missing provider held of an ICB is then told
from the provider's whole list and its home ICB, until the month is loaded again (`rtt load --replace`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "provider_closure",
        sa.Column("provider_code", sa.String(length=16), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("successors", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider_code", name=op.f("pk_provider_closure")),
    )
    op.create_table(
        "commissioned_list",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("provider_code", sa.String(length=16), nullable=False),
        sa.Column("treatment_function", sa.String(length=8), nullable=False),
        sa.Column("commissioner_code", sa.String(length=16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("within_18", sa.Integer(), nullable=False),
        sa.Column("over_52", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"],
            ["extract.id"],
            name=op.f("fk_commissioned_list_extract_id_extract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "extract_id",
            "provider_code",
            "treatment_function",
            "commissioner_code",
            name=op.f("pk_commissioned_list"),
        ),
    )
    op.create_table(
        "published_figure",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("organisation_code", sa.String(length=16), nullable=False),
        sa.Column("treatment_function", sa.String(length=8), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("shown", sa.String(length=16), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["extract_id"],
            ["extract.id"],
            name=op.f("fk_published_figure_extract_id_extract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "extract_id",
            "month",
            "level",
            "part",
            "organisation_code",
            "treatment_function",
            "measure",
            name=op.f("pk_published_figure"),
        ),
    )
