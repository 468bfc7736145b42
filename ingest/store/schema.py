"""The tables: the whole contract between ingest and dashboard.

Facts hang on an `extract`: one file's worth of figures now in place. Removing an extract removes its facts;
the ledger, `load`, keeps what happened; what people write stays. Nothing here says how facts are computed or
shown.

In `pathway_counts` an empty `site_code`, `stage` or `priority` means "all together", and treatment function
C_999 means all of them: roll-ups are stored beside the parts, so a filter with one value in each dimension is
one lookup. A query must therefore fix every dimension, never sum across one. `basis` is additive: 'english'
rows leave out non-English commissioners (NONC) as every published figure does, 'nonc' rows hold them alone.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from rtt.terms.bands import BAND_COLUMNS

MONTHLY, WEEKLY, PUBLISHED = "monthly", "weekly", "published"
ORGANISATIONS = "organisations"  # which of them became which: facts, not figures
SUMS = "sums"
"""The section of a weekly extract that is nobody's list: England, regions and ICBs, of the trusts there."""
ENGLISH, NONC = "english", "nonc"
LEVELS = ("england", "region", "icb", "provider", "commissioner")
ENGLAND = "ENG"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def with_postgresql() -> None:
    """Give PostgreSQL the conditions that indexes have on SQLite; `make_engine` asks for it.

    Said where an index stands, they would have every command import both dialects.
    """
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        where = index.dialect_options["sqlite"]["where"]
        index.dialect_options["postgresql"]["where"] = where


def columns_of(table: Table) -> tuple[str, ...]:
    """The columns that a load writes: all but the `extract_id`, which goes in front."""
    return tuple(column.name for column in table.columns if column.name != "extract_id")


def _texts(**lengths: int) -> list[Column[Any]]:
    """Columns of texts that are never missing, by name and length."""
    return [Column(name, String(length), nullable=False) for name, length in lengths.items()]


def _integers(names: str, *, nullable: bool = False) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=nullable) for name in names.split()]


def _key(names: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint(*names.split())


def _index(name: str, names: str) -> Index:
    return Index(name, *names.split())


def _one_at_a_time(name: str, names: str) -> Index:
    """At most one row that is not withdrawn has these values; a withdrawn one frees them."""
    standing = text("withdrawn_at IS NULL")
    return Index(name, *names.split(), unique=True, sqlite_where=standing)


def _belongs_to_extract() -> Column[int]:
    return Column("extract_id", ForeignKey("extract.id", ondelete="CASCADE"), nullable=False)


dataset = Table(
    "dataset",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),  # 'real' or 'sample': they never share a database
    Column("version", Integer, nullable=False),  # raised by every change of facts: the key of every cache
    Column("built_on", Date),  # of a sample: its last day
    CheckConstraint("kind IN ('real', 'sample')", name="kind"),
)

load = Table(
    "load",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(16)),
    Column("format", String(16)),
    Column("section", String(16)),
    Column("provider_code", String(16)),
    Column("census_date", Date),
    Column("state", String(16), nullable=False),  # loaded | replaced | removed | refused
    Column("revision", Integer),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("content_name", Text),
    Column("content_sha256", String(64)),
    *_integers("file_bytes rows_read rows_left_out"),
    Column("started_at", DateTime(timezone=True), nullable=False),  # UTC
    Column("seconds", Float, nullable=False),
    Column("message", Text),
    Column("problems", Text, nullable=False),  # JSON: the first hundred, as printed
    Column("ended_at", DateTime(timezone=True)),  # UTC, when it was replaced or removed
    Index(None, "file_sha256"),
    sqlite_autoincrement=True,
)

extract = Table(
    "extract",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("load_id", ForeignKey("load.id"), nullable=False),
    Column("source", String(16), nullable=False),
    Column("census_date", Date, nullable=False),
    Column("provider_code", String(16), nullable=False),  # the trust of a weekly list, '' otherwise
    Column("section", String(16), nullable=False),  # all | open | stops | starts | a workbook's vintage
    *_integers("revision open_band rows providers"),
    UniqueConstraint("source", "census_date", "provider_code", "section"),
    sqlite_autoincrement=True,
)

organisation = Table(
    "organisation",
    metadata,
    _belongs_to_extract(),
    Column("level", String(16), nullable=False),  # LEVELS, or 'site'
    Column("code", String(16), nullable=False),
    Column("name", Text, nullable=False),
    # Of a provider and a commissioner their ICB, of an ICB its region.
    Column("parent_code", String(16), nullable=False),
    Column("parent_name", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # provider: nhs | independent | unknown; else ''
    PrimaryKeyConstraint("extract_id", "level", "code"),
)

pathway_counts = Table(
    "pathway_counts",
    metadata,
    _belongs_to_extract(),
    Column("source", String(16), nullable=False),
    Column("census_date", Date, nullable=False),
    *_texts(level=16, organisation_code=16, site_code=16, treatment_function=8, part=2),
    Column("stage", String(16), nullable=False),  # '' | admitted | non-admitted
    Column("priority", String(8), nullable=False),  # '' | 1 | 2 | 3 | unknown
    Column("basis", String(8), nullable=False),
    Column("total", Integer, nullable=False),  # Total All: unknown clock starts included
    *_integers("unknown_clock_start within_18 over_18 over_52"),
    Column("over_65", Integer),  # NULL where the open band begins at 52 weeks
    Column("over_78", Integer),
    Column("over_104", Integer),
    *_integers(" ".join(BAND_COLUMNS)),
    # A census of all organisations is read in the key's order; a series of one, by the first index, which
    # names every dimension and holds the totals: of a tracking list's sixty rows for each specialty and
    # week (by site, stage and priority) one is wanted.
    _key(
        "source level census_date part treatment_function organisation_code site_code stage priority "
        "basis extract_id"
    ),
    _index(
        "ix_pathway_counts_series",
        "source level organisation_code site_code stage priority basis part treatment_function census_date "
        "total unknown_clock_start within_18 over_52",
    ),
    Index(None, "extract_id"),
)

_LONGEST = text("wait_order DESC")
_FILTERED = ("site_code", "stage", "priority", "booked_in", "basis")
_FLAGGED = text("flags <> ''")
_UNDECIDED = text("tci_date IS NOT NULL AND decision_to_admit IS NULL")

pathway = Table(
    "pathway",
    metadata,
    _belongs_to_extract(),
    Column("census_date", Date, nullable=False),
    Column("provider_code", String(16), nullable=False),
    Column("token", String(32), nullable=False),  # keyed hash: no identifier is stored
    Column("site_code", String(16), nullable=False),
    Column("treatment_function", String(8), nullable=False),  # the row of the return, C_110
    Column("stage", String(16), nullable=False),
    Column("priority", String(8), nullable=False),  # 1 routine | 2 urgent | 3 two-week wait | unknown
    Column("procedure_priority", String(8), nullable=False),  # P1A..P6 or ''
    Column("clock_start", Date),  # NULL: not known, left out of the bands
    Column("days_waited", Integer),
    Column("week_band", Integer),
    Column("rtt_status", String(2), nullable=False),
    Column("decision_to_admit", Date),
    Column("tci_date", Date),  # as in the list, also when it lies before the census
    Column("next_appointment", Date),
    # attended | did not attend | cancelled | appointment | ''
    Column("last_event", String(24), nullable=False),
    Column("last_event_date", Date),
    Column("booking_state", String(24), nullable=False),  # see ingest.extracts.ptl.booking
    *_texts(basis=8, age_band=8, deprivation=8),
    # Groups of codes, '' where not known: white | mixed | asian | black | other; male | female | other.
    Column("ethnicity", String(8), nullable=False, server_default=""),
    Column("sex", String(8), nullable=False, server_default=""),
    Column("flags", String(100), nullable=False),  # data-quality checks failed, space separated
    # For order, filters and counts alone: the clinical priority's place (rtt.findings.book_next.urgency);
    # days_waited with -1 for none, which the two databases would otherwise put at different ends; days from
    # the census to the date that counts, or why there are none (rtt.terms.booking).
    Column("urgency", SmallInteger, nullable=False),
    *_integers("wait_order booked_in"),
    PrimaryKeyConstraint("extract_id", "token"),
    # A page of the list is found in one of these without a look at the rows: all columns of filters are here.
    # A list is its extract: a number in front is written and compared faster than a provider and a day.
    Index(
        "ix_pathway_by_priority", "extract_id", "urgency", _LONGEST, "token", "treatment_function", *_FILTERED
    ),
    Index(
        "ix_pathway_by_specialty",
        "extract_id",
        "treatment_function",
        "urgency",
        _LONGEST,
        "token",
        *_FILTERED,
    ),
    Index("ix_pathway_by_wait", "extract_id", _LONGEST, "token", "treatment_function", *_FILTERED, "urgency"),
    # Patients who will breach are counted in this one's order, group after group, and no row is looked at.
    _index(
        "ix_pathway_by_place",
        "extract_id basis treatment_function site_code wait_order urgency booked_in stage priority",
    ),
    # Those that fail a check of data quality are few, so the index is small.
    Index(
        "ix_pathway_flagged",
        "extract_id",
        "flags",
        _LONGEST,
        "token",
        "treatment_function",
        *_FILTERED,
        "urgency",
        sqlite_where=_FLAGGED,
    ),
    # Rows with an admission date and no decision to admit are few, so the index is small.
    Index(
        "ix_pathway_tci_without_decision",
        "extract_id",
        "wait_order",
        sqlite_where=_UNDECIDED,
    ),
)

clock_stop = Table(
    "clock_stop",
    metadata,
    _belongs_to_extract(),
    Column("census_date", Date, nullable=False),
    *_texts(provider_code=16, token=32),
    Column("stopped_on", Date),
    Column("kind", String(16), nullable=False),  # treated | removed | other
    Column("stage", String(16), nullable=False),
    PrimaryKeyConstraint("extract_id", "token"),
    Index(None, "provider_code", "census_date"),
)

list_image = Table(
    "list_image",
    metadata,
    _belongs_to_extract(),  # an open list
    # What of its pathways the movement to its neighbours is counted from.
    Column("image", LargeBinary, nullable=False),  # see ingest.extracts.ptl.list_image
    Column("sha256", String(64), nullable=False),
    PrimaryKeyConstraint("extract_id"),
)

movement = Table(
    "movement",
    metadata,
    _belongs_to_extract(),  # the open list at `census_date`
    Column("provider_code", String(16), nullable=False),
    Column("census_date", Date, nullable=False),  # the later of the two snapshots
    Column("previous_census", Date, nullable=False),
    *_texts(site_code=16, treatment_function=8),
    Column("week_band", Integer, nullable=False),  # -1: clock start not known
    *_texts(stage=16, priority=8, booking_state=24),
    Column("booking_distance", Integer, nullable=False),  # weeks from the first snapshot to the booked date
    Column("at_risk", Integer, nullable=False),  # on the first snapshot
    Column("treated", Integer, nullable=False),
    Column("removed", Integer, nullable=False),  # gone without a stop
    Column("other_stop", Integer, nullable=False),
    Column("moved_out", Integer, nullable=False),  # to another site, specialty, stage or priority
    Column("moved_in", Integer, nullable=False),
    Column("joined", Integer, nullable=False),  # on the later snapshot only, with its own dimensions
    *_integers("tci_kept tci_cancelled"),
    Column("passed_18", Integer, nullable=False),  # still open, crossed 18 weeks between the snapshots
    Column("passed_52", Integer, nullable=False),
    Column("lost_date", Integer, nullable=False),  # still open, had a booked date and has none now
    _key(
        "provider_code census_date site_code treatment_function week_band stage priority booking_state "
        "booking_distance"
    ),
    Index(None, "extract_id"),
)

quality = Table(
    "quality",
    metadata,
    _belongs_to_extract(),
    *_texts(check_key=40, organisation_code=16, treatment_function=8),
    *_integers("failed checked"),
    Column("failed_within_18", Integer),  # of the failed rows that are counted: how many are within 18 weeks
    Column("counted", Integer, nullable=False),  # 1: the failed rows are in the figures, 0: left out
    PrimaryKeyConstraint("extract_id", "check_key", "organisation_code", "treatment_function"),
)

published = Table(
    "published",
    metadata,
    _belongs_to_extract(),
    Column("month", Date, nullable=False),  # month end
    Column("measure", String(64), nullable=False),  # section.measure, see ingest.extracts.published
    Column("value", Float),  # NULL where the workbook prints text
    Column("shown", String(16), nullable=False),  # the text printed instead of a number, such as '52+'
    PrimaryKeyConstraint("extract_id", "month", "measure"),
    Index(None, "month", "measure"),
)

# Whose patients wait where: English part 2 alone. The wider levels of `pathway_counts` count the
# commissioner's own patients, so how much of an ICB's list came from one provider stands here alone.
commissioned_list = Table(
    "commissioned_list",
    metadata,
    _belongs_to_extract(),
    Column("provider_code", String(16), nullable=False),
    Column("treatment_function", String(8), nullable=False),  # C_999 is their sum
    Column("commissioner_code", String(16), nullable=False),
    *_integers("total within_18 over_52"),
    PrimaryKeyConstraint("extract_id", "provider_code", "treatment_function", "commissioner_code"),
)

# The publisher's tables of one month by organisation and treatment function, as printed, to reconcile with.
# England's series over many months is in `published`.
published_figure = Table(
    "published_figure",
    metadata,
    _belongs_to_extract(),
    Column("month", Date, nullable=False),  # month end
    Column("level", String(16), nullable=False),  # LEVELS
    *_texts(organisation_code=16, treatment_function=8, part=2),
    Column("measure", String(24), nullable=False),  # see ingest.extracts.published.published_measures
    Column("value", Float),  # NULL where text is printed, such as '-' for fewer than 20 pathways
    Column("shown", String(16), nullable=False),  # that text, '' beside a number
    Column("decimals", SmallInteger),  # a figure that was rounded before it was stored; NULL: as printed
    _key("extract_id month level part organisation_code treatment_function measure"),
)

token_key = Table(
    "token_key",
    metadata,
    Column("fingerprint", String(16), primary_key=True),  # of the key that made the tokens, never the key
    Column("first_used_at", DateTime(timezone=True), nullable=False),
)


# What people write. It hangs on no extract: a note on a month outlives the revision of that month. Nothing is
# overwritten; what is withdrawn says by whom and when. Times are UTC, authors are those signed in.


def _scope_columns() -> list[Column[str]]:
    """The series that a note or a rebase belongs to; `measure` '' means every measure of the scope."""
    return [
        Column("source", String(16), nullable=False),
        Column("level", String(16), nullable=False),
        Column("organisation_code", String(80), nullable=False),
        Column("treatment_function", String(200), nullable=False),  # several: C_110,C_120
        Column("measure", String(40), nullable=False),
    ]


def _authorship() -> list[Column[Any]]:
    return [
        Column("author", String(120), nullable=False),
        Column("written_at", DateTime(timezone=True), nullable=False),
        Column("withdrawn_by", String(120)),
        Column("withdrawn_at", DateTime(timezone=True)),
    ]


# Which organisation became which. Of the newest file that is loaded; before any, the package has its own.
succession = Table(
    "succession",
    metadata,
    _belongs_to_extract(),
    *_texts(code=16),
    Column("ended_on", Date, nullable=False),  # the first day without it
    *_texts(successor=16),
    Column("name", Text, nullable=False),  # of the one that ended
    _key("extract_id code ended_on successor"),
)

# That a provider has closed or merged, for those that the facts above do not know.
provider_closure = Table(
    "provider_closure",
    metadata,
    Column("provider_code", String(16), primary_key=True),
    Column("closed_on", Date, nullable=False),  # the first day without it
    Column("successors", String(80), nullable=False),  # codes, separated by a space
    Column("written_at", DateTime(timezone=True), nullable=False),
)

annotation = Table(
    "annotation",
    metadata,
    Column("id", Integer, primary_key=True),
    *_scope_columns(),
    Column("noted_on", Date, nullable=False),  # the day on the chart's axis that the note is about
    Column("text", Text, nullable=False),
    *_authorship(),
    Index(None, "source", "level", "organisation_code"),
    sqlite_autoincrement=True,
)

rebase = Table(
    "rebase",
    metadata,
    Column("id", Integer, primary_key=True),
    *_scope_columns(),
    Column("starts_on", Date, nullable=False),  # the first census of the new phase
    Column("reason", Text, nullable=False),
    *_authorship(),
    Index(None, "source", "level", "organisation_code"),
    sqlite_autoincrement=True,
)

saved_group = Table(
    "saved_group",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # trusts | specialties
    Column("name", String(80), nullable=False),
    Column("members", Text, nullable=False),  # codes, comma separated, in order
    *_authorship(),
    CheckConstraint("kind IN ('trusts', 'specialties')", name="kind"),
    _one_at_a_time("uq_saved_group_name", "kind name"),
    sqlite_autoincrement=True,
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("query", Text, nullable=False),  # filters of the tracking list as in the address; never an order
    *_authorship(),
    _one_at_a_time("uq_saved_view_name", "name"),
    sqlite_autoincrement=True,
)

# How a reader likes the patient list: the columns and more, as in the address. The reader's own, so it is
# replaced.
list_setting = Table(
    "list_setting",
    metadata,
    Column("reader", String(120), primary_key=True),
    Column("query", Text, nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
)

# Tokens that a reader pasted to find their pathways, for some hours: an address could not and must not hold
# them.
pathway_selection = Table(
    "pathway_selection",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False),  # as in the address: random, and says nothing
    Column("reader", String(120), nullable=False),  # it opens for nobody else
    Column(
        "entries", Text, nullable=False
    ),  # one word an entry, in order: the token, or '-' for what was none
    Column("made_at", DateTime(timezone=True), nullable=False),  # UTC
    Index(None, "key", unique=True),
    sqlite_autoincrement=True,
)

narrative = Table(
    "narrative",
    metadata,
    Column("id", Integer, primary_key=True),
    *_scope_columns(),
    Column("opened_on", Date, nullable=False),  # the census that it was first written at
    Column("why", Text, nullable=False),
    Column("actions", Text, nullable=False),
    Column("owner", String(120), nullable=False),
    Column("due", Date),
    # A newer text withdraws the one before; one that is withdrawn without a newer is closed.
    *_authorship(),
    _one_at_a_time("uq_narrative_open", "source level organisation_code treatment_function measure"),
    sqlite_autoincrement=True,
)

# What went out in a pack, so that the next one can say which of its figures were revised since.
pack_issue = Table(
    "pack_issue",
    metadata,
    Column("id", Integer, primary_key=True),
    *(column for column in _scope_columns() if column.name != "measure"),
    Column("census_date", Date, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),  # UTC
    Column("data_hash", String(64), nullable=False),
    Column("version", String(32), nullable=False),  # of the code
    Column("draft", Text, nullable=False),  # why it was stamped; '' if it was not
    Column("audience", String(16), nullable=False, server_default="public"),  # or internal
    Column("figures", Text, nullable=False),  # JSON: measure -> [as shown, value or null]
    Index(None, "source", "level", "organisation_code", "treatment_function"),
    sqlite_autoincrement=True,
)

# Wall screens. The token is a secret of the address that the screen opens, so only its SHA-256 is here.
screen = Table(
    "screen",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False),  # as in its address
    Column("title", String(80), nullable=False),
    Column("query", Text, nullable=False),  # the scope: filters as in the address of a page
    Column("measures", Text, nullable=False),  # up to three, with commas; ';' between two pages
    Column("inches", Integer, nullable=False),  # the diagonal
    Column("metres", Float, nullable=False),  # from which it is read
    Column("theme", String(8), nullable=False),  # light | night | time
    Column("token_hash", String(64)),  # NULL: no token opens it
    Column("seen_at", DateTime(timezone=True)),  # UTC, its last heartbeat
    Column("survives", Boolean),  # whether it can be switched on again without network; NULL: never heard
    *_authorship(),
    _one_at_a_time("uq_screen_name", "name"),
    Index(None, "token_hash"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reader", String(120), nullable=False),
    Column("action", String(24), nullable=False),  # viewed | exported | loaded | wrote | withdrew
    Column("scope", Text, nullable=False),  # filters in words of the address; never a token
    Column("rows", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Index(None, "at"),
    sqlite_autoincrement=True,
)


# A reader's own places. Nobody else sees them, and they give no right: each is resolved with its reader's.
kept_place = Table(
    "kept_place",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("query", Text, nullable=False),  # the scope: filters as in the address of a page
    Column("name", String(80), nullable=False),  # as its reader calls it; '': by its own name
    Column("position", Integer, nullable=False),
    *_authorship(),
    _one_at_a_time("uq_kept_place_query", "author query"),
    sqlite_autoincrement=True,
)

# Alerts by email. What was chosen before is withdrawn, never overwritten: who chose what when stays known.
alert_choice = Table(
    "alert_choice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(254), nullable=False),  # '' once it is withdrawn: nobody is written to any more
    Column("pace", String(8), nullable=False),  # weekly | at-once
    Column("secret", String(64), nullable=False),  # signs the links that confirm and stop this choice
    Column("confirmed_at", DateTime(timezone=True)),  # UTC; NULL: its address has not been confirmed
    *_authorship(),
    _one_at_a_time("uq_alert_choice_author", "author"),
    CheckConstraint("pace IN ('weekly', 'at-once')", name="pace"),
    sqlite_autoincrement=True,
)

# What a reader was told of last, so that nothing is told twice.
alert_told = Table(
    "alert_told",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reader", String(120), nullable=False),
    Column("topic", Text, nullable=False),  # such as signal share_within_18 ?org=RTD
    Column("state", String(80), nullable=False),  # as it was told
    Column("told_at", DateTime(timezone=True), nullable=False),  # UTC
    UniqueConstraint("reader", "topic"),
)

# The emails: written here before they are sent, and kept here afterwards without their words.
alert_email = Table(
    "alert_email",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("choice_id", ForeignKey("alert_choice.id"), nullable=False),
    Column("reader", String(120), nullable=False),
    Column("period", String(40), nullable=False),  # one email for each: a week, a load, a day
    Column("week", String(8), nullable=False),  # 2026-W48, in which it was written
    Column("message_id", String(200), nullable=False),
    Column("changes", Integer, nullable=False),  # that it tells; 0 for one that asks for a confirmation
    Column("words", Text, nullable=False),  # JSON of what it says; '' once it is sent
    Column(
        "state", String(8), nullable=False
    ),  # waiting | sending | handed | sent | unsure | failed | dropped
    Column("attempts", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),  # UTC
    Column("tried_at", DateTime(timezone=True)),
    Column("next_at", DateTime(timezone=True), nullable=False),  # not before
    Column("sent_at", DateTime(timezone=True)),
    Column("fault", String(80), nullable=False),  # of the last attempt: a class or a code, never an address
    UniqueConstraint("reader", "period"),
    Index(None, "state", "next_at"),
    sqlite_autoincrement=True,
)


# Forecasts as they were issued. They hang on no extract: a revision, a removal or a reload of a census
# changes what they are scored against, and never what they said. What was said is never updated or deleted.

LIMITS = ("low_50", "high_50", "low_80", "high_80", "low_95", "high_95")
PROJECTED = ("total", "share_within_18", "over_52", "over_18", "median", "percentile_92")


def _forecast_unit_columns() -> list[Column[Any]]:
    return [
        Column("forecast_id", ForeignKey("forecast.id"), nullable=False),
        Column("level", String(16), nullable=False),  # LEVELS
        Column("organisation_code", String(16), nullable=False),
        Column("treatment_function", String(8), nullable=False),
    ]


forecast = Table(
    "forecast",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(16), nullable=False),
    Column("census_date", Date, nullable=False),  # the origin
    Column("provider_code", String(16), nullable=False),  # the trust of a weekly list, '' otherwise
    Column("kind", String(16), nullable=False),  # issued | back-test
    Column("issued_at", DateTime(timezone=True), nullable=False),  # UTC
    Column("revision", Integer, nullable=False),  # of the newest census, as it was forecast from
    Column("file_name", Text, nullable=False),
    CheckConstraint("kind IN ('issued', 'back-test')", name="kind"),
    UniqueConstraint("source", "census_date", "provider_code"),
    sqlite_autoincrement=True,
)

forecast_method = Table(
    "forecast_method",
    metadata,
    Column("forecast_id", ForeignKey("forecast.id"), nullable=False),
    Column("fitted_as", String(16), nullable=False),  # the name of an `rtt.forecast.monthly.history.Level`
    Column("measure", String(24), nullable=False),
    Column("horizon", Integer, nullable=False),  # months
    Column("method", String(24), nullable=False),
    Column("skill", Float),  # of the pooled record that decided it; NULL: none could be scored
    Column("origins", Integer, nullable=False),
    PrimaryKeyConstraint("forecast_id", "fitted_as", "measure", "horizon"),
)

forecast_unit = Table(
    "forecast_unit",
    metadata,
    *_forecast_unit_columns(),
    Column("standing", String(16), nullable=False),  # see rtt.forecast.monthly.projection.REASONS
    *(Column(measure, Float) for measure in PROJECTED),  # at the origin: the last value
    PrimaryKeyConstraint("level", "organisation_code", "treatment_function", "forecast_id"),
)

forecast_value = Table(
    "forecast_value",
    metadata,
    *_forecast_unit_columns(),
    Column("horizon", Integer, nullable=False),  # months
    Column("target_date", Date, nullable=False),
    # What the list implies for its month: opening + starts - stops - removals = closing, the rounded total.
    *(Column(flow, Integer) for flow in ("opening", "starts", "stops", "removals", "closing")),
    *(
        Column(f"{measure}_{limit}" if limit else measure, Float)
        for measure in PROJECTED
        for limit in ("", *LIMITS)
    ),
    PrimaryKeyConstraint("level", "organisation_code", "treatment_function", "forecast_id", "horizon"),
)

# What a tracking list was expected to do, one row for each figure that was published.
forecast_expectation = Table(
    "forecast_expectation",
    metadata,
    Column("forecast_id", ForeignKey("forecast.id"), nullable=False),
    Column("treatment_function", String(8), nullable=False),
    Column("measure", String(32), nullable=False),  # such as passing_18
    Column("target_date", Date, nullable=False),
    Column("value", Float, nullable=False),
    *(Column(limit, Float, nullable=False) for limit in LIMITS),
    Column("naive", Float),  # what the forecast must beat: the figure without a model
    PrimaryKeyConstraint("forecast_id", "treatment_function", "measure", "target_date"),
)

# The newest back-test, in place of the one before: no record of what was said, but of what would have been.
back_test = Table(
    "back_test",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(16), nullable=False),
    # The trust of a weekly list, '' otherwise.
    Column("provider_code", String(16), nullable=False, server_default=""),
    Column("census_date", Date, nullable=False),  # the newest month, or list, that it knew
    *_texts(fitted_as=16, measure=24),
    Column("horizon", Integer, nullable=False),  # months, or weeks
    Column("target_date", Date),  # NULL: all target months together
    Column("n", Integer, nullable=False),
    Column("mae", Float),
    Column("mae_last_value", Float),
    Column("skill", Float),
    Column("coverage_50", Float, nullable=False),
    Column("coverage_80", Float, nullable=False),
    Column("coverage_95", Float, nullable=False),
)

# What it would take, worked out after each load in place of what was worked out before: one row of
# `plan_made`, and in `plan` every specialty of every organisation, and every organisation as their sum
# (C_999).
plan_made = Table(
    "plan_made",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("census_date", Date, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),  # UTC
    Column("made_from", Text, nullable=False),  # the extracts, the forecast and the version it was made from
    Column("record", Text, nullable=False),  # JSON: its score on past months
)

plan = Table(
    "plan",
    metadata,
    *_texts(level=16, organisation_code=16, treatment_function=8),
    Column("months", Integer, nullable=False),  # of flow that count
    *_integers("total within_18 over_52"),  # the list
    Column("target", Float),  # per cent within 18 weeks; with `due`: the next milestone
    Column("due", Date),
    *(
        Column(name, Float)
        for name in (
            *("starts", "stops"),  # of a working week
            *("needed_longest", "needed_todays"),  # more stops a working week; NULL: none, or not by doubling
            "chance",  # of the target as now, 0 to 1
            "longest_alone",  # points that today's stops give by then, all of them longest waiters first
            *("order_13", "size_13", "order_4", "size_4"),  # points
            *("largest_13", "largest_4"),  # pathways
            *("steady_list", "steady_stops"),  # at which 92% wait within 18 weeks
            *("load", "load_reported", "mean_weeks", "pressure", "target_list", "departures_needed"),
        )
    ),
    Column("flows", LargeBinary),  # of a specialty: see ingest.forecasts.plan_rows
    _key("level organisation_code treatment_function"),
)

# A plan that somebody saved, with its answers as they were: they never change.
scenario = Table(
    "scenario",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("scope", Text, nullable=False),  # in words
    Column("query", Text, nullable=False),  # the scope and the question, as the address has them
    Column("census_date", Date, nullable=False),
    Column("data_hash", String(64), nullable=False),
    Column("version", String(32), nullable=False),  # of the code
    Column("answers", Text, nullable=False),  # JSON
    *_authorship(),
    _one_at_a_time("uq_scenario_name", "name"),
    sqlite_autoincrement=True,
)

# A trust's own plan, month by month, typed or loaded. A newer value withdraws the one before.
trajectory = Table(
    "trajectory",
    metadata,
    Column("id", Integer, primary_key=True),
    *_texts(level=16, organisation_code=16, treatment_function=8),
    Column("measure", String(24), nullable=False),  # share_within_18 | total | over_52
    Column("month", Date, nullable=False),  # month end
    Column("value", Float, nullable=False),  # per cent, or pathways
    *_authorship(),
    _one_at_a_time("uq_trajectory_month", "level organisation_code treatment_function measure month"),
    sqlite_autoincrement=True,
)

# Initiatives, registered before their results are worked out. What was registered is never changed.
initiative = Table(
    "initiative",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("what", Text, nullable=False),
    Column("trusts", Text, nullable=False),  # codes, comma separated, in order
    Column("treatment_function", String(8), nullable=False),
    Column("starts_on", Date, nullable=False),  # the first day of its first month
    Column("measure", String(24), nullable=False),  # share_within_18 | over_52 | total
    Column("expected", Float, nullable=False),  # points, or per cent of the list
    Column("why_these", Text, nullable=False),
    Column("worst", Boolean, nullable=False),  # chosen because they were worst
    Column("newest_month", Date, nullable=False),  # held when it was registered
    *_authorship(),
    _one_at_a_time("uq_initiative_name", "name"),
    sqlite_autoincrement=True,
)

# What ran unattended, for the status page.
run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),  # watch | pack | mail | forecast | alerts | fetch | compare
    Column("started_at", DateTime(timezone=True), nullable=False),  # UTC
    Column("seconds", Float, nullable=False),
    Column("outcome", String(8), nullable=False),  # ok | warned | failed
    Column("message", Text, nullable=False),
    sqlite_autoincrement=True,
)
