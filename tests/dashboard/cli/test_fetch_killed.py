"""A fetch that is killed at any moment leaves nothing half and nothing twice, and the next one goes on."""

import os
import subprocess
import threading
from collections import Counter
from datetime import date

from sqlalchemy import func, select

from ingest.fetch.journal import last_run
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.schema import extract, forecast, load, pathway_counts
from tests.publisher import UPLOADS, Publisher, served
from tests.publisher import extract as zip_of
from tests.servers import PROGRAM, ROOT

NEWEST, MONTHS = date(2026, 9, 30), 8
# Of a month: before its first byte, in the middle of it, while it is checked, loaded and kept; milliseconds.
MOMENTS = (0, 1, 3, 6, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 100, 130, 170, 250)


def facts_of(home):
    """Rows of facts by extract, months, and the states of the ledger's lines."""
    engine = make_engine(f"sqlite:///{home / 'rtt.db'}")
    try:
        with engine.connect() as connection:
            by_extract = select(extract.c.census_date, func.count()).select_from(extract)
            joined = by_extract.join(pathway_counts, pathway_counts.c.extract_id == extract.c.id)
            rows = connection.execute(joined.group_by(extract.c.id, extract.c.census_date)).all()
            extracts = connection.execute(select(func.count()).select_from(extract)).scalar()
            states = Counter(connection.execute(select(load.c.state)).scalars())
            issued = connection.execute(select(forecast.c.census_date)).scalars().all()
            return rows, extracts, states, issued
    finally:
        engine.dispose()


def rows_of_a_month(engine, folder):
    """How many rows of facts a month has that nobody disturbs."""
    path = folder / "undisturbed.zip"
    path.write_bytes(zip_of(NEWEST))
    load_path(engine, path)
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(pathway_counts)).scalar()


def test_killed_at_twenty_moments_it_leaves_no_month_half_and_loads_none_twice(tmp_path, sqlite_engine):
    home, site = tmp_path / "home", Publisher()
    whole = rows_of_a_month(sqlite_engine, tmp_path)
    site.publish_months(NEWEST, MONTHS)
    with served(site):
        for file in site.files:
            site.slow[file.path] = 0.002
        settings = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RTT_")},
            "RTT_HOME": str(home),
            "RTT_FETCH_BASE": site.base,
            "RTT_FETCH_PAUSE_MS": "0",
        }

        def run(kill_after):
            """Kill the run so many milliseconds after it asks for a month that is not loaded yet."""
            with (tmp_path / "log").open("a") as log:
                process = subprocess.Popen(
                    [PROGRAM, "fetch", "--months", str(MONTHS)],
                    env=settings, cwd=ROOT, stdout=log, stderr=log,
                )  # fmt: skip
            waits = []

            def at_request(path):
                if (
                    kill_after is not None
                    and path.startswith(UPLOADS)
                    and (path not in done or len(done) == MONTHS)
                    and not waits
                ):
                    waits.append(threading.Timer(kill_after / 1000, process.kill))
                    waits[0].start()

            site.at_request = at_request
            return process.wait(60)

        done, left, killed = set(), [], 0
        for moment in MOMENTS:
            killed += run(moment) == -9
            if (home / "rtt.db").exists():
                rows, extracts, states, _ = facts_of(home)
                left.append(len(rows))
                assert extracts == len(rows) == states["loaded"] == sum(states.values())
                assert {number for _, number in rows} <= {whole}
                loaded = {month for month, _ in rows}
                done = {file.path for file in site.files if file.month in loaded}
        # Some were killed before a month was whole and some after: both halves were looked at.
        assert killed >= len(MOMENTS) - 5
        assert len(set(left)) > 1
        assert run(None) == 0
    rows, extracts, states, issued = facts_of(home)
    assert (extracts, len(rows)) == (MONTHS, MONTHS)
    assert {number for _, number in rows} == {whole}
    assert states == {"loaded": MONTHS}
    assert issued == [NEWEST]
    last = last_run(home / "fetch")
    assert (last.outcome, last.forecast_due) == ("ok", False)
    assert list((home / "fetch" / "parts").iterdir()) == []
