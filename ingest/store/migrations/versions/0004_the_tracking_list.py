"""The tracking list page by page: the order's columns and indexes, and views saved under a name."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import authorship, number, one_at_a_time, texts

revision = "0004"
down_revision = "0003"

_FILTERED = ["site_code", "stage", "priority", "booked_in", "basis"]
# As rtt.findings.book_next had it on the day of this migration.
_URGENCY = """
    CASE WHEN decision_to_admit IS NOT NULL
         THEN CASE procedure_priority WHEN 'P1A' THEN 1 WHEN 'P1B' THEN 2 WHEN 'P2' THEN 3 WHEN 'P3' THEN 4
                                      WHEN 'P4' THEN 5 ELSE 9 END
         ELSE CASE priority WHEN '3' THEN 11 WHEN '2' THEN 12 WHEN '1' THEN 13 ELSE 19 END
    END
"""
_BOOKED = "(CASE WHEN decision_to_admit IS NOT NULL THEN tci_date ELSE next_appointment END)"
_DAYS = {
    "sqlite": "CAST(julianday({date}) - julianday(census_date) AS INTEGER)",
    "postgresql": "{date} - census_date",
}


def upgrade() -> None:
    op.add_column("pathway", sa.Column("urgency", sa.SmallInteger(), nullable=False, server_default="19"))
    op.add_column("pathway", sa.Column("wait_order", sa.Integer(), nullable=False, server_default="-1"))
    op.add_column("pathway", sa.Column("booked_in", sa.Integer(), nullable=False, server_default="-1"))
    days = _DAYS[op.get_bind().dialect.name].format(date=_BOOKED)
    op.execute(
        f"UPDATE pathway SET urgency = {_URGENCY}, wait_order = coalesce(days_waited, -1), "
        f"booked_in = CASE WHEN {_BOOKED} >= census_date THEN {days} ELSE -1 END"
    )
    for columns in ("treatment_function_days_waited", "days_waited"):
        op.drop_index(op.f(f"ix_pathway_provider_code_census_date_{columns}"), "pathway")
    list_ = ["provider_code", "census_date"]
    longest = sa.text("wait_order DESC")
    function = "treatment_function"
    op.create_index(
        "ix_pathway_by_priority", "pathway", [*list_, "urgency", longest, "token", function, *_FILTERED]
    )
    op.create_index(
        "ix_pathway_by_specialty", "pathway", [*list_, function, "urgency", longest, "token", *_FILTERED]
    )
    op.create_index(
        "ix_pathway_by_wait", "pathway", [*list_, longest, "token", function, *_FILTERED, "urgency"]
    )
    op.create_table(
        "saved_view",
        number(),
        *texts(name=80),
        sa.Column("query", sa.Text(), nullable=False),
        *authorship(),
        one_at_a_time("uq_saved_view_name", "name"),
        sqlite_autoincrement=True,
    )
