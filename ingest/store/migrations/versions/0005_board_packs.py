"""Board packs: what people write beside an exception, and which figures went out."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import (
    authorship,
    columns,
    dates,
    number,
    one_at_a_time,
    scope,
    texts,
    times,
)

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "narrative",
        number(),
        *scope(),
        *texts(measure=40),
        *dates("opened_on"),
        *columns(sa.Text(), "why actions"),
        *texts(owner=120),
        sa.Column("due", sa.Date()),
        *authorship(),
        one_at_a_time("uq_narrative_open", "source level organisation_code treatment_function measure"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pack_issue",
        number(),
        *scope(),
        *dates("census_date"),
        *times("made_at"),
        *texts(data_hash=64, version=32),
        *columns(sa.Text(), "draft figures"),
        sa.Index(None, "source", "level", "organisation_code", "treatment_function"),
        sqlite_autoincrement=True,
    )
