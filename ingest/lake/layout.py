"""What lies where in a lake.

    added/census_date=2026-11-15/provider_code=R9A/open-000001-<hash>.json   a list that a trust added
    rows/pathway/census_date=2026-11-15/provider_code=R9A/<hash>.parquet     its rows, one folder a table
    facts/movement/census_date=2026-11-15/provider_code=R9A/<hash>.parquet   what a task made of them
    done/census_date=2026-11-15/provider_code=R9A/<hash>.json                that the task is done
    census/2026-11-15.json                                                   the manifest of a census

Rows and facts are named by the hash of their own bytes, so that nothing is ever changed under its name.
"""

from __future__ import annotations

import hashlib
from datetime import date

ADDED, ROWS, FACTS, DONE, CENSUS, REFUSED, KEYS = (
    "added", "rows", "facts", "done", "census", "refused", "keys",
)  # fmt: skip


OF_PATHWAYS = ("pathway", "clock_stop")
"""The tables whose rows are single pathways."""


def digest(data: bytes) -> str:
    """What a file of these bytes is known by."""
    return hashlib.sha256(data).hexdigest()


def partition(census: date, provider: str) -> str:
    """The folders of one census and trust, as Spark, DuckDB and polars read them: column=value."""
    return f"census_date={census.isoformat()}/provider_code={provider}"


def rows_path(table: str, census: date, provider: str, sha256: str) -> str:
    return f"{ROWS}/{table}/{partition(census, provider)}/{sha256}.parquet"


def facts_path(table: str, census: date, provider: str, sha256: str) -> str:
    return f"{FACTS}/{table}/{partition(census, provider)}/{sha256}.parquet"


def manifest_path(census: date) -> str:
    return f"{CENSUS}/{census.isoformat()}.json"
