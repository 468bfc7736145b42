"""Wall screens: what each shows, how far off it is read, the hash of its token, when it was last heard."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import authorship, columns, integers, number, one_at_a_time, texts

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "screen",
        number(),
        *texts(name=40, title=80),
        *columns(sa.Text(), "query measures"),
        *integers("inches"),
        sa.Column("metres", sa.Float(), nullable=False),
        *texts(theme=8),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("survives", sa.Boolean()),
        *authorship(),
        one_at_a_time("uq_screen_name", "name"),
        sa.Index(None, "token_hash"),
        sqlite_autoincrement=True,
    )
