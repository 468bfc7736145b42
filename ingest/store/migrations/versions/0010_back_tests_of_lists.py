"""Whose tracking list a back-test is of: several trusts may have one each."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    provider = sa.Column("provider_code", sa.String(length=16), nullable=False, server_default="")
    op.add_column("back_test", provider)
