"""Indexes of pathways led by the list they are on, and the image of a list for the next movement.

A list that was loaded before has no image: its pathways are read instead.
"""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import columns, key, of_an_extract, texts

revision = "0018"
down_revision = "0017"

_LONGEST = sa.text("wait_order DESC")
_FILTERED = ["site_code", "stage", "priority", "booked_in", "basis"]
_FLAGGED = sa.text("flags <> ''")
_FAULTS = sa.text("tci_date IS NOT NULL AND decision_to_admit IS NULL")
_PLACE = "basis treatment_function site_code wait_order urgency booked_in stage priority"
_FUNCTION = "treatment_function"
_INDEXES: dict[str, tuple[list[str | sa.TextClause], sa.TextClause | None]] = {
    "by_priority": (["urgency", _LONGEST, "token", _FUNCTION, *_FILTERED], None),
    "by_specialty": ([_FUNCTION, "urgency", _LONGEST, "token", *_FILTERED], None),
    "by_wait": ([_LONGEST, "token", _FUNCTION, *_FILTERED, "urgency"], None),
    "by_place": ([*_PLACE.split()], None),
    "flagged": (["flags", _LONGEST, "token", _FUNCTION, *_FILTERED, "urgency"], _FLAGGED),
    "tci_without_decision": (["wait_order"], _FAULTS),
}


def upgrade() -> None:
    for name, (names, some) in _INDEXES.items():
        op.drop_index(f"ix_pathway_{name}", "pathway")
        op.create_index(
            f"ix_pathway_{name}",
            "pathway",
            ["extract_id", *names],
            sqlite_where=some,
            postgresql_where=some,
        )
    op.create_table(
        "list_image",
        of_an_extract(),
        *columns(sa.LargeBinary(), "image"),
        *texts(sha256=64),
        key("extract_id"),
    )
