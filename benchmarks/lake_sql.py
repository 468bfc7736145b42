"""The facts of a census by DuckDB: band counts of every combination, and the movement.

For `benchmarks.lake`, which holds them against the product's own. One statement for every trust of a census.
"""

from __future__ import annotations

from datetime import date

from ingest.extracts.ptl.booking import ADMISSIONS, APPOINTMENT, FURTHEST, NO_DISTANCE
from ingest.extracts.ptl.movements import MEASURES, UNKNOWN_BAND
from ingest.store.schema import ENGLISH
from rtt.terms.parts import INCOMPLETE, WITH_DECISION_TO_ADMIT
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BANDS

_CELL = "provider_code, site_code, treatment_function, stage, priority, basis"
_PLACE = ("site_code", "treatment_function", "stage", "priority", "basis")
KEY = (
    "provider_code", "site_code", "treatment_function", "week_band", "stage", "priority", "booking_state",
    "booking_distance",
)  # fmt: skip
_KEY = ", ".join(KEY)


def band_counts(lists: str) -> str:
    """The query of the counts, a row a band; `lists` is the pattern of one census's Parquet files.

    So DuckDB is four times as fast as with a column a band; totals and thresholds follow from it.
    """
    return f"""
    WITH cells AS (
        SELECT {_CELL}, coalesce(week_band, {BANDS}) AS band, count(*) AS n,
            count(decision_to_admit) AS decided
        FROM read_parquet('{lists}', hive_partitioning = true) GROUP BY ALL),
    parts AS (
        SELECT * EXCLUDE (decided), '{INCOMPLETE}' AS part FROM cells
        UNION ALL BY NAME
        SELECT * EXCLUDE (decided) REPLACE (decided AS n), '{WITH_DECISION_TO_ADMIT}' AS part
        FROM cells WHERE decided > 0)
    SELECT provider_code, coalesce(site_code, '') AS site_code,
        coalesce(treatment_function, '{TOTAL}') AS treatment_function, part, coalesce(stage, '') AS stage,
        coalesce(priority, '') AS priority, basis, band, sum(n) AS pathways
    FROM parts
    GROUP BY provider_code, part, basis, band, CUBE (site_code, treatment_function, stage, priority)"""


def movement(before: str, after: str, stops: str, *, previous: date, census: date) -> str:
    """The query of the movement between two censuses, by the patterns of their files and of the stops'."""
    days = (census - previous).days
    moved = " OR ".join(f"b.{name} <> a.{name}" for name in _PLACE)
    zeros = ", ".join(f"false AS {name}" for name in MEASURES if name not in ("moved_in", "joined"))
    key = ", ".join(f"{{0}}.{name}" for name in KEY if name != "week_band")
    band = f"coalesce({{0}}.week_band, {UNKNOWN_BAND}) AS week_band, {{0}}.basis AS basis"
    return f"""
    WITH before AS ({_booked(before, previous)}), after AS ({_booked(after, census)}),
    ended AS (
        SELECT token, arg_max(stopped_on, (stopped_on, kind)) AS stopped_on,
            arg_max(kind, (stopped_on, kind)) AS kind
        FROM read_parquet('{stops}', hive_partitioning = true) GROUP BY token),
    fates AS (
        SELECT {key.format("b")}, {band.format("b")},
            CASE WHEN a.token IS NOT NULL
                    AND NOT coalesce(a.clock_start >= e.stopped_on AND a.clock_start <> b.clock_start, false)
                THEN 'there' WHEN e.kind IN ('treated', 'other') THEN e.kind ELSE 'removed' END AS fate,
            {moved} AS moved, b.booking_state IN {ADMISSIONS} AS had_tci, b.tci_date, b.days_waited,
            a.tci_date AS tci_date_now, a.booking_distance AS distance_now
        FROM before b LEFT JOIN ended e USING (token) LEFT JOIN after a USING (token)),
    counted AS (
        SELECT {_KEY}, basis, true AS at_risk, fate = 'treated' AS treated, fate = 'removed' AS removed,
            fate = 'other' AS other_stop, fate = 'there' AND moved AS moved_out, false AS moved_in,
            false AS joined, had_tci AND tci_date <= DATE '{census}' AND fate = 'treated' AS tci_kept,
            fate = 'there' AND had_tci AND (tci_date <= DATE '{census}' OR tci_date_now IS NULL
                OR tci_date_now <> tci_date) AS tci_cancelled,
            fate = 'there' AND days_waited <= 126 AND days_waited + {days} > 126 AS passed_18,
            fate = 'there' AND days_waited <= 364 AND days_waited + {days} > 364 AS passed_52,
            fate = 'there' AND booking_distance <> {NO_DISTANCE} AND distance_now = {NO_DISTANCE} AS lost_date
        FROM fates
        UNION ALL BY NAME
        SELECT {key.format("a")}, {band.format("a")}, b.token IS NOT NULL AND ({moved}) AS moved_in,
            b.token IS NULL AS joined, {zeros}
        FROM after a LEFT JOIN (
            SELECT b.* FROM before b JOIN after n USING (token) LEFT JOIN ended e USING (token)
            WHERE NOT coalesce(n.clock_start >= e.stopped_on AND n.clock_start <> b.clock_start, false)
        ) b USING (token))
    SELECT {_KEY}, {", ".join(f"count(*) FILTER ({name}) AS {name}" for name in MEASURES)}
    FROM counted WHERE basis = '{ENGLISH}' GROUP BY {_KEY}
    HAVING {" OR ".join(f"bool_or({name})" for name in MEASURES)}"""


def _booked(lists: str, census: date) -> str:
    booked = f"""CASE WHEN booking_state IN {ADMISSIONS} THEN tci_date
        WHEN booking_state = '{APPOINTMENT}' THEN next_appointment END"""
    # `greatest` passes over a NULL.
    return f"""
        SELECT token, {_CELL}, week_band, clock_start, days_waited, booking_state, tci_date,
            CASE WHEN days IS NULL THEN {NO_DISTANCE} ELSE least(greatest(days - 1, 0) // 7, {FURTHEST}) END
                AS booking_distance
        FROM (
            SELECT *, date_diff('day', DATE '{census}', {booked}) AS days
            FROM read_parquet('{lists}', hive_partitioning = true))"""
