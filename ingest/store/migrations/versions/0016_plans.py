"""What it would take: plans worked out, scenarios saved, trajectories of trusts, initiatives registered."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import (
    authorship,
    columns,
    dates,
    integers,
    key,
    number,
    one_at_a_time,
    texts,
    times,
)

revision = "0016"
down_revision = "0015"

_FIGURES = (
    "starts stops needed_longest needed_todays chance longest_alone order_13 size_13 order_4 size_4 "
    "largest_13 largest_4 steady_list steady_stops load load_reported mean_weeks pressure target_list "
    "departures_needed"
)


def upgrade() -> None:
    op.create_table(
        "plan_made",
        number(),
        *dates("census_date"),
        *times("made_at"),
        *columns(sa.Text(), "made_from record"),
    )
    op.create_table(
        "plan",
        *texts(level=16, organisation_code=16, treatment_function=8),
        *integers("months total within_18 over_52"),
        *columns(sa.Float(), "target", nullable=True),
        *columns(sa.Date(), "due", nullable=True),
        *columns(sa.Float(), _FIGURES, nullable=True),
        *columns(sa.LargeBinary(), "flows", nullable=True),
        key("level organisation_code treatment_function"),
    )
    op.create_table(
        "scenario",
        number(),
        *texts(name=80),
        *columns(sa.Text(), "scope query"),
        *dates("census_date"),
        *texts(data_hash=64, version=32),
        *columns(sa.Text(), "answers"),
        *authorship(),
        one_at_a_time("uq_scenario_name", "name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "trajectory",
        number(),
        *texts(level=16, organisation_code=16, treatment_function=8, measure=24),
        *dates("month"),
        *columns(sa.Float(), "value"),
        *authorship(),
        one_at_a_time("uq_trajectory_month", "level organisation_code treatment_function measure month"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "initiative",
        number(),
        *texts(name=80),
        *columns(sa.Text(), "what trusts"),
        *texts(treatment_function=8),
        *dates("starts_on"),
        *texts(measure=24),
        *columns(sa.Float(), "expected"),
        *columns(sa.Text(), "why_these"),
        *columns(sa.Boolean(), "worst"),
        *dates("newest_month"),
        *authorship(),
        one_at_a_time("uq_initiative_name", "name"),
        sqlite_autoincrement=True,
    )
