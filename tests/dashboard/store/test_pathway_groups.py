"""Pathways counted in groups by both databases, held against a loop over the rows of the table."""

from collections import Counter

from sqlalchemy import delete, select

from dashboard.store.pathway_groups import by_date
from dashboard.store.pathways import Wanted
from ingest.store.schema import ENGLISH, pathway
from tests.dashboard import tracked


def test_groups_by_date_are_a_loop_over_the_rows_and_none_where_no_pathway_is_held(engine, tmp_path):
    tracked.load(engine, tmp_path)
    wanted = Wanted(("R9A",), tracked.CENSUS, basis=ENGLISH)
    for asked in (
        wanted,
        Wanted(("R9A",), tracked.CENSUS, basis=ENGLISH, functions=("C_120",), site="R9A01"),
    ):
        with engine.connect() as connection:
            found = by_date(connection, asked)
            rows = connection.execute(select(pathway)).all()
        counted: Counter = Counter()
        for function, days, decided, booked, count in found:
            counted[function, days, bool(decided), booked] += count
        assert counted == Counter(
            (row.treatment_function, _days(row), row.decision_to_admit is not None, _booked(row))
            for row in rows
            if row.basis == ENGLISH
            and (not asked.functions or row.treatment_function in asked.functions)
            and (not asked.site or row.site_code == asked.site)
        )
    with engine.connect() as connection:
        assert by_date(connection, Wanted(("R9A",), tracked.CENSUS, functions=("C_502",))) == []
    with engine.begin() as connection:
        connection.execute(delete(pathway))
        assert by_date(connection, wanted) is None


def _days(row):
    return -1 if row.clock_start is None else (tracked.CENSUS - row.clock_start).days


def _booked(row):
    counts = row.tci_date if row.decision_to_admit else row.next_appointment
    if counts is None:
        return -1
    ahead = (counts - tracked.CENSUS).days
    return ahead if ahead >= 0 else -2
