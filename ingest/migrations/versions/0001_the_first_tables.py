"""The first tables."""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("built_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('real', 'sample')", name=op.f("ck_dataset_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
    )
    op.create_table(
        "load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=True),
        sa.Column("format", sa.String(length=16), nullable=True),
        sa.Column("section", sa.String(length=16), nullable=True),
        sa.Column("provider_code", sa.String(length=16), nullable=True),
        sa.Column("census_date", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("content_name", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("file_bytes", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_left_out", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_load")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("load", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_load_file_sha256"), ["file_sha256"], unique=False)

    op.create_table(
        "token_key",
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_token_key")),
    )
    op.create_table(
        "extract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("census_date", sa.Date(), nullable=False),
        sa.Column("provider_code", sa.String(length=16), nullable=False),
        sa.Column("section", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("open_band", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("providers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["load.id"], name=op.f("fk_extract_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extract")),
        sa.UniqueConstraint(
            "source",
            "census_date",
            "provider_code",
            "section",
            name=op.f("uq_extract_source_census_date_provider_code_section"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "clock_stop",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("census_date", sa.Date(), nullable=False),
        sa.Column("provider_code", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.id"], name=op.f("fk_clock_stop_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extract_id", "token", name=op.f("pk_clock_stop")),
    )
    with op.batch_alter_table("clock_stop", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clock_stop_provider_code_census_date"),
            ["provider_code", "census_date"],
            unique=False,
        )

    op.create_table(
        "movement",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("provider_code", sa.String(length=16), nullable=False),
        sa.Column("census_date", sa.Date(), nullable=False),
        sa.Column("previous_census", sa.Date(), nullable=False),
        sa.Column("site_code", sa.String(length=16), nullable=False),
        sa.Column("treatment_function", sa.String(length=8), nullable=False),
        sa.Column("week_band", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("booking_state", sa.String(length=24), nullable=False),
        sa.Column("booking_distance", sa.Integer(), nullable=False),
        sa.Column("at_risk", sa.Integer(), nullable=False),
        sa.Column("treated", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("other_stop", sa.Integer(), nullable=False),
        sa.Column("moved_out", sa.Integer(), nullable=False),
        sa.Column("moved_in", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("tci_kept", sa.Integer(), nullable=False),
        sa.Column("tci_cancelled", sa.Integer(), nullable=False),
        sa.Column("passed_18", sa.Integer(), nullable=False),
        sa.Column("passed_52", sa.Integer(), nullable=False),
        sa.Column("lost_date", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.id"], name=op.f("fk_movement_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "provider_code",
            "census_date",
            "site_code",
            "treatment_function",
            "week_band",
            "stage",
            "priority",
            "booking_state",
            "booking_distance",
            name=op.f("pk_movement"),
        ),
    )
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_movement_extract_id"), ["extract_id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.String(length=16), nullable=False),
        sa.Column("parent_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.id"], name=op.f("fk_organisation_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extract_id", "level", "code", name=op.f("pk_organisation")),
    )
    op.create_table(
        "pathway",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("census_date", sa.Date(), nullable=False),
        sa.Column("provider_code", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("site_code", sa.String(length=16), nullable=False),
        sa.Column("treatment_function", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("procedure_priority", sa.String(length=8), nullable=False),
        sa.Column("clock_start", sa.Date(), nullable=True),
        sa.Column("days_waited", sa.Integer(), nullable=True),
        sa.Column("week_band", sa.Integer(), nullable=True),
        sa.Column("rtt_status", sa.String(length=2), nullable=False),
        sa.Column("decision_to_admit", sa.Date(), nullable=True),
        sa.Column("tci_date", sa.Date(), nullable=True),
        sa.Column("next_appointment", sa.Date(), nullable=True),
        sa.Column("last_event", sa.String(length=24), nullable=False),
        sa.Column("last_event_date", sa.Date(), nullable=True),
        sa.Column("booking_state", sa.String(length=24), nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("age_band", sa.String(length=8), nullable=False),
        sa.Column("deprivation", sa.String(length=8), nullable=False),
        sa.Column("flags", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.id"], name=op.f("fk_pathway_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extract_id", "token", name=op.f("pk_pathway")),
    )
    with op.batch_alter_table("pathway", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pathway_provider_code_census_date_days_waited"),
            ["provider_code", "census_date", "days_waited"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_pathway_provider_code_census_date_treatment_function_days_waited"),
            ["provider_code", "census_date", "treatment_function", "days_waited"],
            unique=False,
        )

    op.create_table(
        "pathway_counts",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("census_date", sa.Date(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("organisation_code", sa.String(length=16), nullable=False),
        sa.Column("site_code", sa.String(length=16), nullable=False),
        sa.Column("treatment_function", sa.String(length=8), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("unknown_clock_start", sa.Integer(), nullable=False),
        sa.Column("within_18", sa.Integer(), nullable=False),
        sa.Column("over_18", sa.Integer(), nullable=False),
        sa.Column("over_52", sa.Integer(), nullable=False),
        sa.Column("over_65", sa.Integer(), nullable=True),
        sa.Column("over_78", sa.Integer(), nullable=True),
        sa.Column("over_104", sa.Integer(), nullable=True),
        sa.Column("w000", sa.Integer(), nullable=False),
        sa.Column("w001", sa.Integer(), nullable=False),
        sa.Column("w002", sa.Integer(), nullable=False),
        sa.Column("w003", sa.Integer(), nullable=False),
        sa.Column("w004", sa.Integer(), nullable=False),
        sa.Column("w005", sa.Integer(), nullable=False),
        sa.Column("w006", sa.Integer(), nullable=False),
        sa.Column("w007", sa.Integer(), nullable=False),
        sa.Column("w008", sa.Integer(), nullable=False),
        sa.Column("w009", sa.Integer(), nullable=False),
        sa.Column("w010", sa.Integer(), nullable=False),
        sa.Column("w011", sa.Integer(), nullable=False),
        sa.Column("w012", sa.Integer(), nullable=False),
        sa.Column("w013", sa.Integer(), nullable=False),
        sa.Column("w014", sa.Integer(), nullable=False),
        sa.Column("w015", sa.Integer(), nullable=False),
        sa.Column("w016", sa.Integer(), nullable=False),
        sa.Column("w017", sa.Integer(), nullable=False),
        sa.Column("w018", sa.Integer(), nullable=False),
        sa.Column("w019", sa.Integer(), nullable=False),
        sa.Column("w020", sa.Integer(), nullable=False),
        sa.Column("w021", sa.Integer(), nullable=False),
        sa.Column("w022", sa.Integer(), nullable=False),
        sa.Column("w023", sa.Integer(), nullable=False),
        sa.Column("w024", sa.Integer(), nullable=False),
        sa.Column("w025", sa.Integer(), nullable=False),
        sa.Column("w026", sa.Integer(), nullable=False),
        sa.Column("w027", sa.Integer(), nullable=False),
        sa.Column("w028", sa.Integer(), nullable=False),
        sa.Column("w029", sa.Integer(), nullable=False),
        sa.Column("w030", sa.Integer(), nullable=False),
        sa.Column("w031", sa.Integer(), nullable=False),
        sa.Column("w032", sa.Integer(), nullable=False),
        sa.Column("w033", sa.Integer(), nullable=False),
        sa.Column("w034", sa.Integer(), nullable=False),
        sa.Column("w035", sa.Integer(), nullable=False),
        sa.Column("w036", sa.Integer(), nullable=False),
        sa.Column("w037", sa.Integer(), nullable=False),
        sa.Column("w038", sa.Integer(), nullable=False),
        sa.Column("w039", sa.Integer(), nullable=False),
        sa.Column("w040", sa.Integer(), nullable=False),
        sa.Column("w041", sa.Integer(), nullable=False),
        sa.Column("w042", sa.Integer(), nullable=False),
        sa.Column("w043", sa.Integer(), nullable=False),
        sa.Column("w044", sa.Integer(), nullable=False),
        sa.Column("w045", sa.Integer(), nullable=False),
        sa.Column("w046", sa.Integer(), nullable=False),
        sa.Column("w047", sa.Integer(), nullable=False),
        sa.Column("w048", sa.Integer(), nullable=False),
        sa.Column("w049", sa.Integer(), nullable=False),
        sa.Column("w050", sa.Integer(), nullable=False),
        sa.Column("w051", sa.Integer(), nullable=False),
        sa.Column("w052", sa.Integer(), nullable=False),
        sa.Column("w053", sa.Integer(), nullable=False),
        sa.Column("w054", sa.Integer(), nullable=False),
        sa.Column("w055", sa.Integer(), nullable=False),
        sa.Column("w056", sa.Integer(), nullable=False),
        sa.Column("w057", sa.Integer(), nullable=False),
        sa.Column("w058", sa.Integer(), nullable=False),
        sa.Column("w059", sa.Integer(), nullable=False),
        sa.Column("w060", sa.Integer(), nullable=False),
        sa.Column("w061", sa.Integer(), nullable=False),
        sa.Column("w062", sa.Integer(), nullable=False),
        sa.Column("w063", sa.Integer(), nullable=False),
        sa.Column("w064", sa.Integer(), nullable=False),
        sa.Column("w065", sa.Integer(), nullable=False),
        sa.Column("w066", sa.Integer(), nullable=False),
        sa.Column("w067", sa.Integer(), nullable=False),
        sa.Column("w068", sa.Integer(), nullable=False),
        sa.Column("w069", sa.Integer(), nullable=False),
        sa.Column("w070", sa.Integer(), nullable=False),
        sa.Column("w071", sa.Integer(), nullable=False),
        sa.Column("w072", sa.Integer(), nullable=False),
        sa.Column("w073", sa.Integer(), nullable=False),
        sa.Column("w074", sa.Integer(), nullable=False),
        sa.Column("w075", sa.Integer(), nullable=False),
        sa.Column("w076", sa.Integer(), nullable=False),
        sa.Column("w077", sa.Integer(), nullable=False),
        sa.Column("w078", sa.Integer(), nullable=False),
        sa.Column("w079", sa.Integer(), nullable=False),
        sa.Column("w080", sa.Integer(), nullable=False),
        sa.Column("w081", sa.Integer(), nullable=False),
        sa.Column("w082", sa.Integer(), nullable=False),
        sa.Column("w083", sa.Integer(), nullable=False),
        sa.Column("w084", sa.Integer(), nullable=False),
        sa.Column("w085", sa.Integer(), nullable=False),
        sa.Column("w086", sa.Integer(), nullable=False),
        sa.Column("w087", sa.Integer(), nullable=False),
        sa.Column("w088", sa.Integer(), nullable=False),
        sa.Column("w089", sa.Integer(), nullable=False),
        sa.Column("w090", sa.Integer(), nullable=False),
        sa.Column("w091", sa.Integer(), nullable=False),
        sa.Column("w092", sa.Integer(), nullable=False),
        sa.Column("w093", sa.Integer(), nullable=False),
        sa.Column("w094", sa.Integer(), nullable=False),
        sa.Column("w095", sa.Integer(), nullable=False),
        sa.Column("w096", sa.Integer(), nullable=False),
        sa.Column("w097", sa.Integer(), nullable=False),
        sa.Column("w098", sa.Integer(), nullable=False),
        sa.Column("w099", sa.Integer(), nullable=False),
        sa.Column("w100", sa.Integer(), nullable=False),
        sa.Column("w101", sa.Integer(), nullable=False),
        sa.Column("w102", sa.Integer(), nullable=False),
        sa.Column("w103", sa.Integer(), nullable=False),
        sa.Column("w104", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.id"], name=op.f("fk_pathway_counts_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "source",
            "level",
            "organisation_code",
            "part",
            "treatment_function",
            "census_date",
            "site_code",
            "stage",
            "priority",
            "basis",
            "extract_id",
            name=op.f("pk_pathway_counts"),
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pathway_counts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pathway_counts_extract_id"), ["extract_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_pathway_counts_source_level_census_date_part_treatment_function"),
            ["source", "level", "census_date", "part", "treatment_function"],
            unique=False,
        )

    op.create_table(
        "published",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("shown", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.id"], name=op.f("fk_published_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extract_id", "month", "measure", name=op.f("pk_published")),
    )
    with op.batch_alter_table("published", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_month_measure"), ["month", "measure"], unique=False)

    op.create_table(
        "quality",
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("organisation_code", sa.String(length=16), nullable=False),
        sa.Column("treatment_function", sa.String(length=8), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("failed_within_18", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"], ["extract.id"], name=op.f("fk_quality_extract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "extract_id", "check_key", "organisation_code", "treatment_function", name=op.f("pk_quality")
        ),
    )
