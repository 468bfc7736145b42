"""The index of series names every dimension of a scope and holds the totals."""

from alembic import op

revision = "0008"
down_revision = "0007"

_COLUMNS = (
    "source level organisation_code site_code stage priority basis part treatment_function census_date total "
    "unknown_clock_start within_18 over_52"
)


def upgrade() -> None:
    op.drop_index("ix_pathway_counts_series", table_name="pathway_counts")
    op.create_index("ix_pathway_counts_series", "pathway_counts", _COLUMNS.split())
