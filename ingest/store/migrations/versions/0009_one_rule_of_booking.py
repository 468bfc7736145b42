"""One rule of what counts as booked, and the indexes from which the ladder is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_LIST = ["provider_code", "census_date"]
_FAULTS = sa.text("tci_date IS NOT NULL AND decision_to_admit IS NULL")
# An admission date without a decision to admit is no booking; one before the census is told apart from none.
# What was counted and forecast from these lists stays as it was issued.
_NO_BOOKING = """
    UPDATE pathway
    SET booking_state = CASE WHEN next_appointment >= census_date THEN 'appointment' ELSE 'none' END
    WHERE tci_date IS NOT NULL AND decision_to_admit IS NULL
"""
_BEFORE = "UPDATE pathway SET booked_in = -2 WHERE decision_to_admit IS NOT NULL AND tci_date < census_date"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":  # which takes any length, and would copy the table to say so
        op.alter_column("pathway", "flags", type_=sa.String(length=100))
    op.execute(_NO_BOOKING)
    op.execute(_BEFORE)
    place = "basis treatment_function site_code wait_order urgency booked_in stage priority"
    op.create_index("ix_pathway_by_place", "pathway", [*_LIST, *place.split()])
    op.create_index(
        "ix_pathway_tci_without_decision",
        "pathway",
        [*_LIST, "wait_order"],
        sqlite_where=_FAULTS,
        postgresql_where=_FAULTS,
    )
