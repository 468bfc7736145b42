"""Ethnic group and sex of a pathway, where the list's mapping names their columns."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for name in ("ethnicity", "sex"):
        op.add_column("pathway", sa.Column(name, sa.String(8), nullable=False, server_default=""))
