"""The week's movement beside a naive count, its identity, and the ways in which the files may come."""

from collections import Counter
from datetime import date, timedelta
from itertools import permutations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from ingest.extracts import LoadOptions
from ingest.extracts.ptl.booking import booking_state
from ingest.extracts.ptl.list_image import LISTED
from ingest.extracts.ptl.movements import MEASURES, STOPPED, movement
from ingest.loading.load import load_path, remove
from ingest.store.schema import clock_stop as stop_table
from ingest.store.schema import movement as movement_table
from ingest.store.schema import pathway as pathway_table
from tests.tracking_lists import KEY, as_csv, pathway, stop

BEFORE, AFTER = date(2026, 11, 8), date(2026, 11, 15)
OPTIONS = LoadOptions(token_key=KEY)


# By hand


def _list(census, *rows):
    """A list as the database holds it; a row: token, days waited at the census and what differs.

    Whoever has an admission date has a decision to admit, unless the row says otherwise.
    """
    frame = pl.DataFrame(
        [
            {
                "token": token,
                "site_code": "R9A01",
                "treatment_function": "C_110",
                "stage": "non-admitted",
                "priority": "1",
                "basis": "english",
                "clock_start": None if days is None else census - timedelta(days),
                "days_waited": days,
                "week_band": None if days is None else max(0, (days - 1) // 7),
                "tci_date": None,
                "next_appointment": None,
                "decision_to_admit": census - timedelta(40) if "tci_date" in said else None,
                **said,
            }
            for token, days, said in rows
        ],
        schema={name: kind for name, kind in LISTED.items() if name != "booking_state"}
        | {"decision_to_admit": pl.Date},
    )
    return frame.with_columns(booking_state=booking_state(census)).select(*LISTED)


def _moved(before, after, stops=()):
    counts = movement(
        _list(BEFORE, *before),
        _list(AFTER, *after),
        pl.DataFrame(list(stops), schema=STOPPED, orient="row"),
        previous=BEFORE,
        census=AFTER,
    )
    return {name: total for name, total in counts.select(MEASURES).sum().row(0, named=True).items() if total}


THURSDAY = date(2026, 11, 12)
CASES = [
    ("waits on", [("a", 50, {})], [("a", 57, {})], [], {}),
    ("treated", [("a", 50, {})], [], [("a", THURSDAY, "treated")], {"treated": 1}),
    ("stopped otherwise", [("a", 50, {})], [], [("a", THURSDAY, "other")], {"other_stop": 1}),
    ("gone without a stop", [("a", 50, {})], [], [], {"removed": 1}),
    ("nullified", [("a", 50, {})], [], [("a", THURSDAY, "removed")], {"removed": 1}),
    ("joined", [], [("a", 3, {})], [], {"joined": 1}),
    (
        "moved to another specialty",
        [("a", 50, {})],
        [("a", 57, {"treatment_function": "C_130"})],
        [],
        {"moved_out": 1, "moved_in": 1},
    ),
    (
        "another priority",
        [("a", 50, {})],
        [("a", 57, {"priority": "2"})],
        [],
        {"moved_out": 1, "moved_in": 1},
    ),
    ("past 18 weeks", [("a", 126, {})], [("a", 133, {})], [], {"passed_18": 1}),
    ("still within 18 weeks", [("a", 119, {})], [("a", 126, {})], [], {}),
    ("past 52 weeks", [("a", 360, {})], [("a", 367, {})], [], {"passed_52": 1}),
    (
        "a kept TCI",
        [("a", 50, {"tci_date": THURSDAY})],
        [],
        [("a", THURSDAY, "treated")],
        {"treated": 1, "tci_kept": 1},
    ),
    (
        "a TCI that passed without treatment",
        [("a", 50, {"tci_date": THURSDAY})],
        [("a", 57, {"tci_date": THURSDAY})],
        [],
        {"tci_cancelled": 1, "lost_date": 1},
    ),
    (
        "a TCI moved to a later day",
        [("a", 50, {"tci_date": date(2026, 12, 1)})],
        [("a", 57, {"tci_date": date(2026, 12, 8)})],
        [],
        {"tci_cancelled": 1},
    ),
    (
        "a TCI withdrawn",
        [("a", 50, {"tci_date": date(2026, 12, 1)})],
        [("a", 57, {})],
        [],
        {"tci_cancelled": 1, "lost_date": 1},
    ),
    (
        "a TCI without a decision to admit, which is no booking, withdrawn",
        [("a", 50, {"tci_date": date(2026, 12, 1), "decision_to_admit": None})],
        [("a", 57, {})],
        [],
        {},
    ),
    (
        "a TCI without a decision to admit, beside an appointment that stands",
        [("a", 50, {"tci_date": THURSDAY, "decision_to_admit": None, "next_appointment": date(2026, 12, 1)})],
        [("a", 57, {"next_appointment": date(2026, 12, 1)})],
        [],
        {},
    ),
    (
        "a decision to admit withdrawn, its date left behind",
        [("a", 50, {"tci_date": date(2026, 12, 1)})],
        [("a", 57, {"tci_date": date(2026, 12, 1), "decision_to_admit": None})],
        [],
        {"lost_date": 1},
    ),
    (
        "a TCI that stands",
        [("a", 50, {"tci_date": date(2026, 12, 1)})],
        [("a", 57, {"tci_date": date(2026, 12, 1)})],
        [],
        {},
    ),
    (
        "treated before the TCI of a later week",
        [("a", 50, {"tci_date": date(2026, 12, 1)})],
        [],
        [("a", THURSDAY, "treated")],
        {"treated": 1},
    ),
    (
        "a new clock after active monitoring",
        [("a", 50, {})],
        [("a", 3, {})],
        [("a", date(2026, 11, 10), "other")],
        {"other_stop": 1, "joined": 1},
    ),
    (
        "a stop too early: still on the list",
        [("a", 50, {})],
        [("a", 57, {})],
        [("a", THURSDAY, "treated")],
        {},
    ),
    ("a clock start corrected by validation", [("a", 50, {})], [("a", 90, {})], [], {}),
    ("out of English commissioning", [("a", 50, {})], [("a", 57, {"basis": "nonc"})], [], {"moved_out": 1}),
    ("no clock start", [("a", None, {})], [("a", None, {})], [], {}),
    ("a stop of nobody on the list", [], [], [("b", THURSDAY, "treated")], {}),
]


@pytest.mark.parametrize(("said", "before", "after", "stops", "counted"), CASES, ids=[c[0] for c in CASES])
def test_what_happened_in_the_week(said, before, after, stops, counted):
    at_risk = {"at_risk": len(before)} if before else {}
    assert _moved(before, after, stops) == at_risk | counted


# By random lists

_row = st.fixed_dictionaries(
    {
        "site_code": st.sampled_from(["R9A01", "R9A02"]),
        "treatment_function": st.sampled_from(["C_110", "C_130"]),
        "stage": st.sampled_from(["admitted", "non-admitted"]),
        "priority": st.sampled_from(["1", "2"]),
        "tci_date": st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    }
)
_lists = st.dictionaries(st.sampled_from("abcdefghijkl"), st.tuples(st.none() | st.integers(0, 400), _row))
_stops = st.dictionaries(st.sampled_from("abcdefghijkl"), st.sampled_from(["treated", "other", "removed"]))
_PLACE = ("site_code", "treatment_function", "stage", "priority")


@given(_lists, _lists, _stops)
def test_the_movement_is_a_naive_count_and_its_sides_agree(before, after, stops):
    counts = movement(
        _list(BEFORE, *((token, *row) for token, row in before.items())),
        _list(AFTER, *((token, *row) for token, row in after.items())),
        pl.DataFrame([(token, THURSDAY, end) for token, end in stops.items()], schema=STOPPED, orient="row"),
        previous=BEFORE,
        census=AFTER,
    )
    named = {"treated": "treated", "other": "other_stop", "removed": "removed"}
    naive = {measure: Counter() for measure in MEASURES}
    for token, (_, row) in before.items():
        place = tuple(row[name] for name in _PLACE)
        naive["at_risk"][place] += 1
        if token not in after or _new_clock(before, after, stops, token):
            naive[named[stops.get(token, "removed")]][place] += 1
        elif place != tuple(after[token][1][name] for name in _PLACE):
            naive["moved_out"][place] += 1
    for token, (_, row) in after.items():
        place = tuple(row[name] for name in _PLACE)
        if token not in before or _new_clock(before, after, stops, token):
            naive["joined"][place] += 1
        elif place != tuple(before[token][1][name] for name in _PLACE):
            naive["moved_in"][place] += 1
    closing = Counter(tuple(row[name] for name in _PLACE) for _, row in after.values())
    summed = counts.group_by(_PLACE).agg(pl.col(MEASURES).sum())
    told = {measure: Counter() for measure in MEASURES}
    for row in summed.iter_rows(named=True):
        place = tuple(row[name] for name in _PLACE)
        for measure in MEASURES:
            told[measure][place] = row[measure]
        left = sum(row[name] for name in ("treated", "other_stop", "removed", "moved_out"))
        assert row["at_risk"] - left + row["moved_in"] + row["joined"] == closing[place]
    for measure in ("at_risk", "treated", "other_stop", "removed", "moved_out", "moved_in", "joined"):
        assert +told[measure] == +naive[measure]


def _new_clock(before, after, stops, token):
    """Whether the pathway stopped, and is back with another clock that started on or after the stop."""
    was, now = before[token][0], after[token][0]
    if token not in stops or was is None or now is None:
        return False
    started = AFTER - timedelta(now)
    return started >= THURSDAY and started != BEFORE - timedelta(was)


# By files

WEEKS = ["2026-11-01", "2026-11-08", "2026-11-15"]
LISTS = {
    WEEKS[0]: [pathway(pathway_id=name, week_ending=WEEKS[0]) for name in "abcd"],
    WEEKS[1]: [pathway(pathway_id=name, week_ending=WEEKS[1]) for name in "bcde"],
    WEEKS[2]: [pathway(pathway_id=name, week_ending=WEEKS[2]) for name in "cef"],
}
STOPS = {
    WEEKS[1]: [stop(pathway_id="a", week_ending=WEEKS[1], clock_stop="2026-11-04")],
    WEEKS[2]: [stop(pathway_id="d", week_ending=WEEKS[2], rtt_status="34")],
}


@pytest.fixture
def files(tmp_path):
    paths = {}
    for week in WEEKS:
        paths["open", week] = tmp_path / f"open-{week}.csv"
        paths["open", week].write_bytes(as_csv(LISTS[week]))
    for week in WEEKS[1:]:
        paths["stops", week] = tmp_path / f"stops-{week}.csv"
        paths["stops", week].write_bytes(as_csv(STOPS[week]))
    return paths


def _load(engine, path, **said):
    (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY, **said))
    assert result.state == "loaded", result.problems
    return result


def _counts(engine):
    """(census, previous) -> the counts that are not zero, in all."""
    table = movement_table.c
    chosen = [func.sum(table[name]).label(name) for name in MEASURES]
    with engine.connect() as connection:
        rows = connection.execute(
            select(table.census_date, table.previous_census, *chosen).group_by(
                table.census_date, table.previous_census
            )
        ).mappings()
        return {
            (str(row["census_date"]), str(row["previous_census"])): {
                name: int(row[name]) for name in MEASURES if row[name]
            }
            for row in rows
        }


ALL = {
    (WEEKS[1], WEEKS[0]): {"at_risk": 4, "treated": 1, "joined": 1},
    (WEEKS[2], WEEKS[1]): {"at_risk": 4, "other_stop": 1, "removed": 1, "joined": 1},
}


def test_movements_of_files_in_order(files, engine):
    for path in files.values():
        _load(engine, path)
    assert _counts(engine) == ALL


@pytest.mark.slow
def test_the_order_of_loading_does_not_matter(files, tmp_path, sqlite_engine):
    orders = list(permutations(files))
    for order in orders[:: len(orders) // 8]:
        for key in order:
            _load(sqlite_engine, files[key])
        assert _counts(sqlite_engine) == ALL, order
        for week in WEEKS:
            remove(sqlite_engine, "weekly", date.fromisoformat(week))
        assert _counts(sqlite_engine) == {}


def test_a_week_that_comes_late_splits_the_step(files, sqlite_engine):
    for week in (WEEKS[0], WEEKS[2]):
        _load(sqlite_engine, files["open", week])
    for week in WEEKS[1:]:
        _load(sqlite_engine, files["stops", week])
    assert list(_counts(sqlite_engine)) == [(WEEKS[2], WEEKS[0])]
    _load(sqlite_engine, files["open", WEEKS[1]])
    assert _counts(sqlite_engine) == ALL


def test_removing_a_list_joins_its_neighbours(files, sqlite_engine):
    for path in files.values():
        _load(sqlite_engine, path)
    remove(sqlite_engine, "weekly", date.fromisoformat(WEEKS[1]))
    assert list(_counts(sqlite_engine)) == [(WEEKS[2], WEEKS[0])]


def test_a_revised_list_counts_both_its_steps_again(files, sqlite_engine):
    for path in files.values():
        _load(sqlite_engine, path)
    files["open", WEEKS[1]].write_bytes(
        as_csv([*LISTS[WEEKS[1]], pathway(pathway_id="g", week_ending=WEEKS[1])])
    )
    _load(sqlite_engine, files["open", WEEKS[1]], revision=1)
    counts = _counts(sqlite_engine)
    assert counts[WEEKS[1], WEEKS[0]]["joined"] == 2
    assert counts[WEEKS[2], WEEKS[1]]["removed"] == 2


def test_lists_of_two_keys_have_no_movement(files, sqlite_engine):
    _load(sqlite_engine, files["open", WEEKS[0]])
    other = LoadOptions(token_key=b"the key after the old one was lost")
    load_path(sqlite_engine, files["open", WEEKS[1]], options=other)
    assert _counts(sqlite_engine) == {}


def test_non_english_pathways_are_left_out(files, sqlite_engine):
    files["open", WEEKS[0]].write_bytes(
        as_csv([pathway(pathway_id=name, week_ending=WEEKS[0], commissioner="7A3") for name in "abcd"])
    )
    for week in WEEKS[:2]:
        _load(sqlite_engine, files["open", week])
    # b, c and d have become English: they move into the headline.
    assert _counts(sqlite_engine) == {(WEEKS[1], WEEKS[0]): {"moved_in": 3, "joined": 1}}


# Retention


def _held(engine, table):
    with engine.connect() as connection:
        found = connection.execute(select(table.c.census_date).distinct().order_by(table.c.census_date))
        return [str(day) for day in found.scalars()]


def test_pathways_of_the_newest_lists_are_kept_and_movements_for_ever(files, sqlite_engine):
    for week in WEEKS:
        for section in ("stops", "open"):
            if (section, week) in files:
                _load(sqlite_engine, files[section, week], snapshots_kept=1)
    # The first list waits: the week before it may still come.
    assert _held(sqlite_engine, pathway_table) == [WEEKS[0], WEEKS[2]]
    assert _counts(sqlite_engine) == ALL


def test_a_list_waits_a_day_for_its_neighbours_and_no_longer(files, sqlite_engine):
    for path in files.values():
        _load(sqlite_engine, path, snapshots_kept=1)
    _age_ledger(sqlite_engine, days=2)
    later = "2026-11-22"
    path = files["open", WEEKS[2]].with_name("open-later.csv")
    path.write_bytes(as_csv([pathway(pathway_id="c", week_ending=later)]))
    _load(sqlite_engine, path, snapshots_kept=1)
    assert _held(sqlite_engine, pathway_table) == [later]
    assert _counts(sqlite_engine).items() >= ALL.items()


def test_a_backlog_in_any_order_gives_the_same_movements_however_few_lists_are_kept(files, sqlite_engine):
    for section, week in [("open", WEEKS[2]), ("open", WEEKS[0]), ("stops", WEEKS[2]), ("open", WEEKS[1])]:
        _load(sqlite_engine, files[section, week], snapshots_kept=1)
    _load(sqlite_engine, files["stops", WEEKS[1]], snapshots_kept=1)
    assert _counts(sqlite_engine) == ALL


def test_stops_go_with_the_lists_that_they_explain(files, sqlite_engine):
    for path in files.values():
        _load(sqlite_engine, path, snapshots_kept=1)
    _age_ledger(sqlite_engine, days=2)
    path = files["open", WEEKS[2]].with_name("open-later.csv")
    path.write_bytes(as_csv([pathway(pathway_id="c", week_ending="2026-11-29")]))
    _load(sqlite_engine, path, snapshots_kept=1)
    assert WEEKS[1] not in _held(sqlite_engine, stop_table)


def _age_ledger(engine, *, days):
    from ingest.store.database import writing
    from ingest.store.schema import load

    with writing(engine) as connection:
        for row in connection.execute(select(load.c.id, load.c.started_at)).all():
            older = row.started_at - timedelta(days=days)
            connection.execute(load.update().where(load.c.id == row.id).values(started_at=older))
