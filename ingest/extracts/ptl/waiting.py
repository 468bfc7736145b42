"""The waiting list of a week: its pathways, their counts (parts 2 and 2A) and the data-quality checks."""

from collections.abc import Mapping

import polars as pl

from ingest.extracts.ptl import open_list as rules
from ingest.extracts.ptl.booking import booked_in, booking_state
from ingest.extracts.ptl.facts import counted
from ingest.extracts.ptl.fields import ETHNIC_GROUPS, SEXES
from ingest.extracts.ptl.identity import with_tokens
from ingest.extracts.ptl.list_image import image_of
from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.quality import checks, flags, quality
from ingest.extracts.ptl.rows import day, stage_on_the_list, with_dimensions, with_wait
from ingest.extracts.ptl.section import Section, facts, in_scope, nonc
from ingest.extracts.ptl.snapshot import Snapshot
from ingest.extracts.ptl.table import Table
from ingest.store.schema import columns_of, pathway
from rtt.findings.book_next import APART_WITH_DECISION, APART_WITHOUT, PROCEDURE_SCALE, REFERRAL_SCALE
from rtt.terms.parts import INCOMPLETE, WITH_DECISION_TO_ADMIT

PATHWAY = columns_of(pathway)
# Rows that come in nearly the order of the table's indexes are written in two thirds of the time.
_ORDER = ("urgency", -pl.col("wait_order"))
_AGES = ((18, "0-17"), (35, "18-34"), (50, "35-49"), (65, "50-64"), (75, "65-74"), (85, "75-84"))
# On one day the word that comes first here wins: a missed appointment is not an attended one.
_EVENTS = (
    ("did not attend", "last_dna"),
    ("cancelled", "last_cancelled"),
    ("attended", "last_attended"),
    ("appointment", "last_appointment"),
)


def waiting_list(table: Table, snapshot: Snapshot, mapping: TrackingList, key: bytes) -> Section:
    """The open list: pathways, counts and checks."""
    census, provider = snapshot.census_date, snapshot.provider_code
    faults = rules.faults(table.frame.columns, census)
    scope = in_scope(table, snapshot, mapping, faults, rules.conditions(census))
    rows = with_tokens(scope.rows, key, census_date=census)
    rows = with_wait(with_dimensions(rows, provider, mapping), census)
    rows = _with_events(rows.with_columns(stage=stage_on_the_list(rows)), snapshot)
    asked = checks(scope.rows.columns, rows, census)
    rows = rows.with_columns(
        _age_band(rows, snapshot),
        _deprivation(rows),
        _grouped(rows, "ethnicity", ETHNIC_GROUPS),
        _grouped(rows, "sex", SEXES),
        flags(asked).alias("flags"),
    )
    rows = rows.with_columns(
        _urgency(), wait_order=pl.col("days_waited").fill_null(-1), booked_in=booked_in(census)
    )
    removed = dict(scope.left_out.by_check)
    if scope.duplicates:
        removed["duplicate"] = scope.duplicates
    pathways = rows.select(PATHWAY).sort(*_ORDER, "token")
    tables = {
        "pathway": facts(pathways),
        "list_image": image_of(pathways),
        "pathway_counts": counted(parts_of_list(rows), snapshot),
        "quality": quality(rows, asked, removed, provider=provider, read=table.frame.height),
    }
    return Section(rows, tables, scope, nonc(rows))


def parts_of_list(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of an open list under each part of the return that counts them."""
    # 2A is a part of 2: a pathway with a decision to admit stands in both.
    decided = rows.filter(pl.col("decision_to_admit").is_not_null())
    return pl.concat(
        [
            rows.with_columns(pl.lit(INCOMPLETE).alias("part")),
            decided.with_columns(pl.lit(WITH_DECISION_TO_ADMIT).alias("part")),
        ]
    )


def _with_events(rows: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    """Next and last event, booking state, and the columns that the file may lack."""
    census = snapshot.census_date
    upcoming = day(rows, "next_appointment")
    rows = rows.with_columns(
        pl.lit(census).alias("census_date"),
        pl.lit(snapshot.provider_code).alias("provider_code"),
        decision_to_admit=day(rows, "decision_to_admit"),
        tci_date=day(rows, "tci_date"),
        # Systems leave the last appointment standing here when it has passed.
        next_appointment=pl.when(upcoming >= census).then(upcoming),
        rtt_status=(pl.col("rtt_status") if "rtt_status" in rows.columns else pl.lit("")).fill_null(""),
    )
    # An event dated after the census is a plan, not something that has happened.
    past = [pl.when(day(rows, field) <= census).then(day(rows, field)) for _, field in _EVENTS]
    latest = pl.max_horizontal(past)
    word = pl.lit("")
    for (name, _), when in reversed(list(zip(_EVENTS, past, strict=True))):
        word = pl.when(when == latest).then(pl.lit(name)).otherwise(word)
    return rows.with_columns(last_event=word, last_event_date=latest, booking_state=booking_state(census))


def _age_band(rows: pl.DataFrame, snapshot: Snapshot) -> pl.Expr:
    """The age at the census, in bands; '' where the birth date is not known."""
    if "birth_date" not in rows.columns:
        return pl.lit("").alias("age_band")
    born, census = pl.col("birth_date"), snapshot.census_date
    # The year counts from the birthday on; month and day fit no smaller whole number than this one.
    birthday = born.dt.month().cast(pl.Int32) * 100 + born.dt.day().cast(pl.Int32)
    had_birthday = birthday <= census.month * 100 + census.day
    age = census.year - born.dt.year() - (~had_birthday).cast(pl.Int32)
    band = pl.lit("85+")
    for below, name in reversed(_AGES):
        band = pl.when(age < below).then(pl.lit(name)).otherwise(band)
    return pl.when(born.is_not_null()).then(band).otherwise(pl.lit("")).alias("age_band")


def _grouped(rows: pl.DataFrame, field: str, groups: Mapping[str, str]) -> pl.Expr:
    """The group of a national code that a mapped column gives; '' where it is not known.

    The groups alone are kept, not the code: a rare code in a small specialty could point at somebody.
    """
    if field not in rows.columns:
        return pl.lit("").alias(field)
    # The data set writes an ethnic category with a space or a local letter after it: "A ", "CX".
    code = pl.col(field).str.strip_chars().str.to_uppercase()
    code = pl.when(code.str.len_chars() == 2).then(code.str.slice(0, 1)).otherwise(code)
    return code.replace_strict(groups, default="").alias(field)


def _urgency() -> pl.Expr:
    """The place of `rtt.findings.book_next.urgency`, which a test holds it to."""
    decided = pl.col("procedure_priority").replace_strict(PROCEDURE_SCALE, default=APART_WITH_DECISION)
    undecided = pl.col("priority").replace_strict(REFERRAL_SCALE, default=APART_WITHOUT)
    place = pl.when(pl.col("decision_to_admit").is_not_null()).then(decided).otherwise(undecided)
    return place.alias("urgency")


def _deprivation(rows: pl.DataFrame) -> pl.Expr:
    """The decile or quintile that a mapped column gives: 1 to 10, anything else is not kept."""
    if "deprivation" not in rows.columns:
        return pl.lit("").alias("deprivation")
    group = pl.col("deprivation")
    # Whatever else stands there may be a postcode.
    known = group.is_in([str(number) for number in range(1, 11)]).fill_null(False)
    return pl.when(known).then(group).otherwise(pl.lit("")).alias("deprivation")
