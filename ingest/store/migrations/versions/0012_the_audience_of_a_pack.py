"""For whom a pack was made: figures of an internal one are not compared with those of a public one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    audience = sa.Column("audience", sa.String(length=16), nullable=False, server_default="public")
    op.add_column("pack_issue", audience)
