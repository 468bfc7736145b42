"""What benchmarks ask, and of which database: addresses of scopes that it holds, no two alike."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Connection

from benchmarks.today import RTT, YOURS, checkout
from dashboard.cli import clock
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import from_environment
from dashboard.store.cache import reading
from dashboard.store.served import served_url
from ingest.store.database import make_engine, migrate

PATHS = ("/", "/trends", "/specialties", "/breaches", "/list", "/quality", "/pack", "/status", "/about")
"""The pages that version 1.0.0 has too."""


def new_addresses(database: Path, number: int) -> list[str]:
    """So many addresses of the scopes of a SQLite file, which is migrated if it is older."""
    engine = make_engine(f"sqlite:///{database}")
    migrate(engine)
    with reading(engine) as connection:
        found = list(dict.fromkeys(random_queries(connection, number * 2)))
    engine.dispose()
    return found[:number]


def random_queries(connection: Connection, number: int) -> Iterator[str]:
    """Addresses of scopes that are held: source, organisation, specialties, census, comparison."""
    chance = random.Random(20260301)
    enquiry = Enquiry(ANYBODY, clock.today(), from_environment())
    choices = [
        resolve(connection, from_query(f"?source={source}")[0], enquiry) for source in ("monthly", "weekly")
    ]
    held = [scope for scope in choices if scope.census]
    for _ in range(number):
        scope = chance.choice(held)
        organisation = chance.choice(
            [
                None,
                *(o for o in scope.organisations if o.level in ("region", "icb", "provider", "commissioner")),
            ]
        )
        functions = chance.sample(scope.offered_functions, chance.choice((0, 0, 1, 1, 3)))
        asked = {"source": scope.source, "tf": ",".join(functions), "compare": chance.choice(("", "year"))}
        if organisation is not None:
            asked |= {"level": organisation.level, "org": organisation.code}
        day: date = chance.choice(scope.dates[len(scope.dates) // 2 :])
        asked |= {"census": day.isoformat(), "peers": chance.choice(("", "providers"))}
        yield "?" + urlencode({name: value for name, value in asked.items() if value})


def builds_and_databases(folder: Path) -> tuple[list[Path], list[Path]]:
    """The checkouts that are to be compared, and for each a copy of one database in `folder`.

    It is the sample that today's build made, which this one migrates; without that build the one that
    `rtt serve` would show.
    """
    today = checkout()
    builds = [each for each in (today, YOURS) if each]
    source = _sample_of(today) if today else Path(served_url(from_environment()).removeprefix("sqlite:///"))
    # A name of its own: SQLite would read what an earlier file of this name left beside it.
    copies = [folder / f"of-{number}.db" for number in range(len(builds))]
    for copy in copies:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(copy)) as written:
            read.backup(written)
    return builds, copies


def _sample_of(build: Path) -> Path:
    """The sample that a build makes, made once: two minutes."""
    home = YOURS / "var" / "bench" / build.name
    made = home / "demo.db"
    if not made.is_file():
        print(f"Making the sample of {build}, once.", flush=True)
        environment = {**os.environ, "RTT_HOME": str(home)}
        environment.pop("RTT_DATABASE_URL", None)
        subprocess.run(
            [build / ".venv/bin/python", "-c", RTT, "demo"], cwd=build, env=environment, check=True
        )
    return made
