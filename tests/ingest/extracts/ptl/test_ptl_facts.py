"""Facts of a tracking list beside a naive count of the same pathways, for random lists."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ingest.extracts.row_tuples import FrameRows, row_tuples
from ingest.store.columns import misfits
from ingest.store.schema import pathway as pathway_table
from rtt.terms.treatment_functions import return_row
from rtt.terms.waits import BAND_COLUMNS, days_waited, week_band
from tests.tracking_lists import CENSUS, facts, parsed, pathway

_rows = st.lists(
    st.fixed_dictionaries(
        {
            "days": st.none() | st.integers(-3, 1500),
            "site": st.sampled_from(["R9A01", "R9A02", "", "H123456"]),
            "treatment_function": st.sampled_from(["100", "108", "110", "191", ""]),
            "list_type": st.sampled_from(["ORTT", "IRTT"]),
            "priority": st.sampled_from(["1", "2", "3", "7", ""]),
            "commissioner": st.sampled_from(["00L", "7A3"]),
            "decided": st.booleans(),
            "rtt_status": st.sampled_from(["10", "20", "30"]),
        }
    ),
    max_size=25,
)
_DIMENSIONS = ("site_code", "treatment_function", "stage", "priority")


def _as_row(said):
    start = "" if said["days"] is None else (CENSUS - timedelta(said["days"])).isoformat()
    named = ("site", "treatment_function", "list_type", "priority", "commissioner", "rtt_status")
    decided = (CENSUS - timedelta(10)).isoformat() if said["decided"] else ""
    return pathway(clock_start=start, decision_to_admit=decided, **{name: said[name] for name in named})


def _naive(rows, **key):
    """The counts of one key, by looking at each pathway in turn."""
    bands = dict.fromkeys(BAND_COLUMNS, 0)
    total = unknown = 0
    for row in rows:
        own = {
            "site_code": row["site"] if row["site"].startswith("R9A") else "unknown",
            "treatment_function": return_row(row["treatment_function"]) or "unknown",
            "stage": "admitted" if row["list_type"] == "IRTT" else "non-admitted",
            "priority": row["priority"] if row["priority"] in ("1", "2", "3") else "unknown",
            "basis": "nonc" if row["commissioner"] == "7A3" else "english",
        }
        future = row["days"] is not None and row["days"] < 0
        asked = {name: value for name, value in key.items() if value not in ("", "C_999") and name != "part"}
        if row["rtt_status"] == "30" or future or any(own[name] != asked[name] for name in asked):
            continue
        if key["part"] == "2A" and not row["decided"]:
            continue
        total += 1
        if row["days"] is None:
            unknown += 1
        else:
            start = CENSUS - timedelta(row["days"])
            bands[BAND_COLUMNS[week_band(days_waited(start, CENSUS))]] += 1
    return {"total": total, "unknown_clock_start": unknown, **bands}


@given(_rows)
def test_every_fact_is_a_naive_count_and_none_is_missing(said):
    result = parsed([pathway(rtt_status="30"), *map(_as_row, said)])
    counted = facts(result, "pathway_counts")
    seen = set()
    for row in counted:
        key = {name: row[name] for name in (*_DIMENSIONS, "part", "basis")}
        expected = _naive(said, **key)
        assert {name: row[name] for name in expected} == expected
        assert row["total"] > 0
        seen.add(tuple(key.values()))
    assert len(seen) == len(counted)
    # Whole in every dimension: each single-valued filter adds up to all together.
    for name, together in zip(_DIMENSIONS, ("", "C_999", "", ""), strict=True):
        for part in ("2", "2A"):
            own = [row for row in counted if row["part"] == part and _alone(row, name, together)]
            whole = [row for row in counted if row["part"] == part and _alone(row, None, None)]
            assert sum(row["total"] for row in own) == sum(row["total"] for row in whole)


def _alone(row, split, together):
    """Whether a row is split by this dimension and by no other."""
    everything = dict(zip(_DIMENSIONS, ("", "C_999", "", ""), strict=True))
    return all((row[name] == everything[name]) == (name != split) for name in _DIMENSIONS)


@given(_rows)
def test_thresholds_are_sums_of_the_bands(said):
    for row in facts(parsed([pathway(), *map(_as_row, said)]), "pathway_counts"):
        bands = [row[name] for name in BAND_COLUMNS]
        assert row["total"] - row["unknown_clock_start"] == sum(bands)
        assert row["within_18"] == sum(bands[:18])
        for weeks in (18, 52, 65, 78, 104):
            assert row[f"over_{weeks}"] == sum(bands[weeks:])


@given(st.permutations([{"days": days, "f": f} for days in (0, 126, 127, 800) for f in ("100", "110")]))
def test_the_order_of_rows_does_not_matter(order):
    def read(rows):
        tables = parsed(
            [
                pathway(
                    clock_start=(CENSUS - timedelta(row["days"])).isoformat(),
                    treatment_function=row["f"],
                    pathway_id=f"P{row['days']}{row['f']}",
                )
                for row in rows
            ]
        ).tables
        return {name: (facts.columns, list(facts.rows)) for name, facts in tables.items()}

    assert read(order) == read(sorted(order, key=repr))


def test_rows_are_those_of_the_table_whatever_their_type():
    table = pl.DataFrame(
        {
            "word": ["a", None, ""],
            "count": pl.Series([1, 2, 3], dtype=pl.Int32),
            "gap": pl.Series([1, None, 3], dtype=pl.Int32),
            "day": [date(2026, 3, 1), None, date(2026, 3, 8)],
            "share": [0.5, None, 1.0],
        }
    )
    assert row_tuples(table) == table.rows()
    assert [type(value) for value in row_tuples(table)[0]] == [str, int, int, date, float]
    assert row_tuples(table.clear()) == []
    # Once as it is, once so long that the texts of a column are few.
    for each in (table, pl.concat([table] * 20)):
        assert list(FrameRows(each)) == each.rows()
    rows = FrameRows(table)
    assert (len(rows), list(rows), rows[1], rows[1:]) == (3, table.rows(), table.row(1), table.rows()[1:])


_texts = st.none() | st.sampled_from(["", "R9A", "é" * 16, "x" * 17, "a\0b"])
_numbers = st.none() | st.sampled_from([-(2**31) - 1, -1, 0, 2**31 - 1, 2**31])


@given(st.lists(st.tuples(_texts, _texts, _numbers)))
def test_what_a_column_cannot_hold_is_found_in_a_frame_as_in_its_rows(rows):
    columns = ("site_code", "rtt_status", "days_waited")
    kinds = dict(zip(columns, (pl.String, pl.String, pl.Int64), strict=True))
    frame = FrameRows(pl.DataFrame(rows, schema=kinds, orient="row"))
    assert list(misfits(pathway_table, columns, frame)) == list(misfits(pathway_table, columns, rows))
