"""Small tracking lists for tests: rows by short names, written with the data set's headings or others.

A row is a dict of our field names to cells; what a test does not say is an ordinary waiting pathway.
"""

import csv
import io
from datetime import date
from itertools import count

from ingest.extracts import LoadOptions, Parsed
from ingest.extracts.ptl.fields import FIELDS
from ingest.extracts.ptl.format import read
from ingest.files.archives import Content, unpack

CENSUS = date(2026, 11, 15)
KEY = b"a key that only the tests use...."
OPTIONS = LoadOptions(token_key=KEY)

_numbers = count(1)

_OPEN = {
    "week_ending": "2026-11-15",
    "provider": "R9A",
    "site": "R9A01",
    "commissioner": "00X",
    "list_type": "ORTT",
    "treatment_function": "110",
    "clock_start": "2026-06-01",
    "clock_stop": "",
    "rtt_status": "20",
    "measurement_type": "01",
    "admission_method": "",
    "priority": "1",
    "decision_to_admit": "",
    "tci_date": "",
    "next_appointment": "",
    "issuer": "R9A",
    "referral_id": "REF",
}


def pathway(**said: str) -> dict[str, str]:
    """A row of the open list, with a pathway identifier of its own unless one is given."""
    return {**_OPEN, "pathway_id": f"PATHWAY{next(_numbers):06d}", **said}


def stop(**said: str) -> dict[str, str]:
    """A row of clock stops: treated as an out-patient in the week."""
    own = {"clock_stop": "2026-11-12", "rtt_status": "30", "completed_type": "NON-ADMITTED"}
    return pathway(**{**own, **said})


def start(**said: str) -> dict[str, str]:
    """A row of clock starts: this week."""
    short = ("week_ending", "provider", "commissioner", "treatment_function", "priority", "issuer")
    return {
        **{field: _OPEN[field] for field in short},
        "clock_start": "2026-11-12",
        "pathway_id": f"PATHWAY{next(_numbers):06d}",
        **said,
    }


def as_csv(rows: list[dict[str, str]], *, headings: dict[str, str] | None = None) -> bytes:
    """The rows under the data set's headings, or `headings`; columns in the order of first appearance."""
    fields = list(dict.fromkeys(field for row in rows for field in row))
    own = {field: FIELDS[field].headings[0] for field in fields if FIELDS[field].headings}
    names = own | (headings or {})
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(names[field] for field in fields)
    writer.writerows([row.get(field, "") for field in fields] for row in rows)
    return stream.getvalue().encode()


def content(data: bytes, name: str = "open-20261115.csv") -> Content:
    return unpack(name, data)


def parsed(rows: list[dict[str, str]], name: str = "open-20261115.csv", options=OPTIONS) -> Parsed:
    """What the reader makes of the rows."""
    return read(content(as_csv(rows), name), options)


def facts(parsed: Parsed, table: str) -> list[dict[str, object]]:
    """The rows of one table as dicts."""
    written = parsed.tables[table]
    return [dict(zip(written.columns, row, strict=True)) for row in written.rows]


def totals(parsed: Parsed, **key: str) -> dict[str, object] | None:
    """The one row of counts of all sites, stages, priorities and specialties unless `key` says otherwise."""
    wanted = {
        "site_code": "",
        "treatment_function": "C_999",
        "stage": "",
        "priority": "",
        "part": "2",
        "basis": "english",
        **key,
    }
    found = [
        row for row in facts(parsed, "pathway_counts") if all(row[name] == wanted[name] for name in wanted)
    ]
    assert len(found) <= 1
    return found[0] if found else None
