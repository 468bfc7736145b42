"""Whose patients wait where, the publisher's tables by organisation, and providers that closed.

A month that was loaded before has no rows of the first: what a missing provider held of an ICB is then told
from the provider's whole list and its home ICB, until the month is loaded again (`rtt load --replace`).
"""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import dates, integers, key, of_an_extract, texts, times

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "provider_closure",
        *texts(provider_code=16),
        *dates("closed_on"),
        *texts(successors=80),
        *times("written_at"),
        key("provider_code"),
    )
    op.create_table(
        "commissioned_list",
        of_an_extract(),
        *texts(provider_code=16, treatment_function=8, commissioner_code=16),
        *integers("total within_18 over_52"),
        key("extract_id provider_code treatment_function commissioner_code"),
    )
    op.create_table(
        "published_figure",
        of_an_extract(),
        *dates("month"),
        *texts(level=16, organisation_code=16, treatment_function=8, part=2, measure=24),
        sa.Column("value", sa.Float()),
        *texts(shown=16),
        sa.Column("decimals", sa.SmallInteger()),
        key("extract_id month level part organisation_code treatment_function measure"),
    )
