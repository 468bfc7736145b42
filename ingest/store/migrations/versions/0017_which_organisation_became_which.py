"""Which organisation became which, as a file says that is newer than the package's own facts."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import columns, dates, key, of_an_extract, texts

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "succession",
        of_an_extract(),
        *texts(code=16),
        *dates("ended_on"),
        *texts(successor=16),
        *columns(sa.Text(), "name"),
        key("extract_id code ended_on successor"),
    )
