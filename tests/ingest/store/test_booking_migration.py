"""A list that was loaded under the old rule of booking is brought under the one of today."""

import importlib
from datetime import timedelta
from itertools import product

import polars as pl
from sqlalchemy import select, text, update

from ingest.extracts.ptl.booking import booked_in, booking_state
from ingest.store.schema import pathway
from tests.dashboard import tracked

CENSUS = tracked.CENSUS
MIGRATION = importlib.import_module("ingest.store.migrations.versions.0009_one_rule_of_booking")
DATES = ("decision_to_admit", "tci_date", "next_appointment")


def test_the_migration_says_of_each_pathway_what_a_load_would(engine, tmp_path):
    tracked.load(engine, tmp_path)
    with engine.begin() as connection:
        tokens = connection.execute(select(pathway.c.token)).scalars().all()
        for token, ahead in zip(tokens, product((None, -9), (None, -3, 3), (None, 5)), strict=False):
            dates = {
                name: None if day is None else CENSUS + timedelta(day)
                for name, day in zip(DATES, ahead, strict=True)
            }
            connection.execute(update(pathway).where(pathway.c.token == token).values(**dates))
        for one in _read(connection).iter_rows(named=True):
            old = update(pathway).where(pathway.c.token == one["token"])
            connection.execute(old.values(booking_state=one["state"], booked_in=max(one["days"], -1)))
        # By the old rule whoever had an admission date was booked for it, or had been.
        undecided = pathway.c.tci_date.is_not(None) & pathway.c.decision_to_admit.is_(None)
        connection.execute(update(pathway).where(undecided).values(booking_state="tci late"))
        connection.execute(text(MIGRATION._NO_BOOKING))
        connection.execute(text(MIGRATION._BEFORE))
        found = _read(connection)
    assert set(found["state"]) > {"tci past", "appointment", "none"}
    assert found["booking_state"].to_list() == found["state"].to_list()
    assert found["booked_in"].to_list() == found["days"].to_list()


def _read(connection):
    """The pathways as they are held, with what a load would say of them as `state` and `days`."""
    types = dict.fromkeys(("clock_start", *DATES), pl.Date)
    names = ("token", *types, "booking_state", "booked_in")
    rows = connection.execute(select(*(pathway.c[name] for name in names))).all()
    held = {"token": pl.String, **types, "booking_state": pl.String, "booked_in": pl.Int32}
    frame = pl.DataFrame([tuple(row) for row in rows], schema=held, orient="row")
    return frame.with_columns(state=booking_state(CENSUS), days=booked_in(CENSUS))
