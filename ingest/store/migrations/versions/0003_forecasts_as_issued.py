"""Forecasts as they were issued, and the newest back-test."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import columns, dates, integers, key, number, of_a_forecast, texts, times

revision = "0003"
down_revision = "0002"

_LIMITS = "low_50 high_50 low_80 high_80 low_95 high_95"
_MEASURES = "total share_within_18 over_52 over_18 median percentile_92"
_ENDINGS = ("", *(f"_{limit}" for limit in _LIMITS.split()))
_WITH_LIMITS = " ".join(f"{measure}{ending}" for measure in _MEASURES.split() for ending in _ENDINGS)


def upgrade() -> None:
    op.create_table(
        "forecast",
        number(),
        *texts(source=16),
        *dates("census_date"),
        *texts(provider_code=16, kind=16),
        *times("issued_at"),
        *integers("revision"),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('issued', 'back-test')", name="kind"),
        sa.UniqueConstraint("source", "census_date", "provider_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "back_test",
        number(),
        *texts(source=16),
        *dates("census_date"),
        *texts(fitted_as=16, measure=24),
        *integers("horizon"),
        sa.Column("target_date", sa.Date()),
        *integers("n"),
        *columns(sa.Float(), "mae mae_last_value skill", nullable=True),
        *columns(sa.Float(), "coverage_50 coverage_80 coverage_95"),
    )
    op.create_table(
        "forecast_expectation",
        of_a_forecast(),
        *texts(treatment_function=8, measure=32),
        *dates("target_date"),
        *columns(sa.Float(), f"value {_LIMITS}"),
        sa.Column("naive", sa.Float()),
        key("forecast_id treatment_function measure target_date"),
    )
    op.create_table(
        "forecast_method",
        of_a_forecast(),
        *texts(fitted_as=16, measure=24),
        *integers("horizon"),
        *texts(method=24),
        sa.Column("skill", sa.Float()),
        *integers("origins"),
        key("forecast_id fitted_as measure horizon"),
    )
    op.create_table(
        "forecast_unit",
        of_a_forecast(),
        *texts(level=16, organisation_code=16, treatment_function=8, standing=16),
        *columns(sa.Float(), _MEASURES, nullable=True),
        key("level organisation_code treatment_function forecast_id"),
    )
    op.create_table(
        "forecast_value",
        of_a_forecast(),
        *texts(level=16, organisation_code=16, treatment_function=8),
        *integers("horizon"),
        *dates("target_date"),
        *columns(sa.Integer(), "opening starts stops removals closing", nullable=True),
        *columns(sa.Float(), _WITH_LIMITS, nullable=True),
        key("level organisation_code treatment_function forecast_id horizon"),
    )
