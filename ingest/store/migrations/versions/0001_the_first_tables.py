"""The first tables."""

import sqlalchemy as sa
from alembic import op

from ingest.store.migrations.columns import columns, dates, integers, key, number, of_an_extract, texts, times

revision = "0001"
down_revision = None


def upgrade() -> None:
    _the_ledger()
    _the_monthly_return()
    _the_tracking_list()


def _the_ledger() -> None:
    op.create_table(
        "dataset",
        number(),
        *texts(kind=8),
        *integers("version"),
        sa.Column("built_on", sa.Date()),
        sa.CheckConstraint("kind IN ('real', 'sample')", name="kind"),
    )
    op.create_table(
        "load",
        number(),
        *columns(sa.String(16), "source format section provider_code", nullable=True),
        sa.Column("census_date", sa.Date()),
        *texts(state=16),
        sa.Column("revision", sa.Integer()),
        sa.Column("file_name", sa.Text(), nullable=False),
        *texts(file_sha256=64),
        sa.Column("content_name", sa.Text()),
        sa.Column("content_sha256", sa.String(64)),
        *integers("file_bytes rows_read rows_left_out"),
        *times("started_at"),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Index(None, "file_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "extract",
        number(),
        sa.Column("load_id", sa.Integer(), sa.ForeignKey("load.id"), nullable=False),
        *texts(source=16),
        *dates("census_date"),
        *texts(provider_code=16, section=16),
        *integers("revision open_band rows providers"),
        sa.UniqueConstraint("source", "census_date", "provider_code", "section"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "organisation",
        of_an_extract(),
        *texts(level=16, code=16),
        sa.Column("name", sa.Text(), nullable=False),
        *texts(parent_code=16),
        sa.Column("parent_name", sa.Text(), nullable=False),
        *texts(kind=16),
        key("extract_id level code"),
    )
    op.create_table(
        "quality",
        of_an_extract(),
        *texts(check_key=40, organisation_code=16, treatment_function=8),
        *integers("failed checked"),
        sa.Column("failed_within_18", sa.Integer()),
        *integers("counted"),
        key("extract_id check_key organisation_code treatment_function"),
    )


def _the_monthly_return() -> None:
    op.create_table(
        "pathway_counts",
        of_an_extract(),
        *texts(source=16),
        *dates("census_date"),
        *texts(level=16, organisation_code=16, site_code=16, treatment_function=8),
        *texts(part=2, stage=16, priority=8, basis=8),
        *integers("total unknown_clock_start within_18 over_18 over_52"),
        *columns(sa.Integer(), "over_65 over_78 over_104", nullable=True),
        *integers(" ".join(f"w{week:03}" for week in range(105))),
        key(
            "source level census_date part treatment_function organisation_code site_code stage priority "
            "basis extract_id"
        ),
        sa.Index(None, "extract_id"),
        sa.Index(
            "ix_pathway_counts_series",
            *["source", "level", "organisation_code", "part", "treatment_function", "census_date"],
        ),
    )
    op.create_table(
        "published",
        of_an_extract(),
        *dates("month"),
        *texts(measure=64),
        sa.Column("value", sa.Float()),
        *texts(shown=16),
        key("extract_id month measure"),
        sa.Index(None, "month", "measure"),
    )


def _the_tracking_list() -> None:
    op.create_table("token_key", *texts(fingerprint=16), *times("first_used_at"), key("fingerprint"))
    op.create_table(
        "pathway",
        of_an_extract(),
        *dates("census_date"),
        *texts(provider_code=16, token=32, site_code=16, treatment_function=8),
        *texts(stage=16, priority=8, procedure_priority=8),
        sa.Column("clock_start", sa.Date()),
        *columns(sa.Integer(), "days_waited week_band", nullable=True),
        *texts(rtt_status=2),
        *columns(sa.Date(), "decision_to_admit tci_date next_appointment", nullable=True),
        *texts(last_event=24),
        sa.Column("last_event_date", sa.Date()),
        *texts(booking_state=24, basis=8, age_band=8, deprivation=8, flags=80),
        key("extract_id token"),
        sa.Index(None, "provider_code", "census_date", "days_waited"),
        sa.Index(None, "provider_code", "census_date", "treatment_function", "days_waited"),
    )
    op.create_table(
        "clock_stop",
        of_an_extract(),
        *dates("census_date"),
        *texts(provider_code=16, token=32),
        sa.Column("stopped_on", sa.Date()),
        *texts(kind=16, stage=16),
        key("extract_id token"),
        sa.Index(None, "provider_code", "census_date"),
    )
    op.create_table(
        "movement",
        of_an_extract(),
        *texts(provider_code=16),
        *dates("census_date previous_census"),
        *texts(site_code=16, treatment_function=8),
        *integers("week_band"),
        *texts(stage=16, priority=8, booking_state=24),
        *integers("booking_distance at_risk treated removed other_stop moved_out moved_in joined"),
        *integers("tci_kept tci_cancelled passed_18 passed_52 lost_date"),
        key(
            "provider_code census_date site_code treatment_function week_band stage priority booking_state "
            "booking_distance"
        ),
        sa.Index(None, "extract_id"),
    )
