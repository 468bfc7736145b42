"""Initiatives as they were registered. Read anew each time, never from the memo.

What was registered is never changed: whoever mistook withdraws it and registers another, and both stay in the
table with their days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from sqlalchemy import Connection, Engine, select

from dashboard.server.access import Denied, Reader, check_writer
from dashboard.store.cache import witnessed
from dashboard.store.known import unknown_codes
from dashboard.store.ledger import in_utc
from dashboard.store.series import NAME_LENGTH
from dashboard.store.writing import Unacceptable, insert_written, mark_withdrawn, written_text
from ingest.store.database import writing
from ingest.store.schema import initiative
from rtt.terms.treatment_functions import ROWS, TOTAL

_c = initiative.c

MEASURES = ("share_within_18", "over_52", "total")
"""Points within 18 weeks, points of the list over 52 weeks, per cent of the list."""
WORDS_LENGTH = 500
MOST_TRUSTS = 50


@dataclass(frozen=True, slots=True)
class Initiative:
    """What was registered. `expected` in points, of a list in per cent; `worst`: chosen because they were.

    `newest_month` was the newest that was held on the day: an initiative whose first month it had seen was
    not registered first.
    """

    id: int
    name: str
    what: str
    trusts: tuple[str, ...]
    function: str
    starts_on: date
    measure: str
    expected: float
    why_these: str
    worst: bool
    newest_month: date
    author: str
    written_at: datetime  # UTC

    @property
    def registered_first(self) -> bool:
        """Whether no month of it was known when it was registered."""
        return self.newest_month < self.starts_on


@witnessed
def initiatives(connection: Connection) -> tuple[Initiative, ...]:
    """Every one that stands, newest first. One statement."""
    names = [name for name in Initiative.__dataclass_fields__ if name not in ("trusts", "function")]
    rows = connection.execute(
        select(*(_c[name] for name in names), _c.trusts, _c.treatment_function)
        .where(_c.withdrawn_at.is_(None))
        .order_by(_c.written_at.desc(), _c.id.desc())
    ).mappings()
    return tuple(
        Initiative(
            **{name: row[name] for name in names if name != "written_at"},
            trusts=tuple(row["trusts"].split(",")),
            function=row["treatment_function"],
            written_at=in_utc(row["written_at"]),
        )
        for row in rows
    )


def register(
    engine: Engine,
    reader: Reader,
    *,
    name: str,
    what: str,
    trusts: Sequence[str],
    function: str,
    starts_on: date,
    measure: str,
    expected: float,
    why_these: str,
    worst: bool,
    newest_month: date,
    at: datetime,
) -> int:
    """Keep an initiative, frozen and dated; its id. Raises `Denied`, `Unacceptable`."""
    check_writer(reader)
    codes = list(dict.fromkeys(code.strip().upper() for code in trusts if code.strip()))
    if not codes or len(codes) > MOST_TRUSTS:
        raise Unacceptable(f"An initiative has 1 to {MOST_TRUSTS} trusts, each by its code.")
    if function not in (*ROWS, TOTAL):
        raise Unacceptable(f"“{function}” is not a specialty of the return.")
    if measure not in MEASURES:
        raise Unacceptable(f"“{measure}” is not a measure of an initiative; it can be {', '.join(MEASURES)}.")
    if starts_on.day != 1:
        raise Unacceptable("An initiative begins with a month: give its first day.")
    if not isfinite(expected) or abs(expected) > 100:
        raise Unacceptable("The expected effect is in points, or in per cent of the list: -100 to 100.")
    values = {
        "name": written_text(name, "the name", NAME_LENGTH),
        "what": written_text(what, "what is done", WORDS_LENGTH),
        "trusts": ",".join(codes),
        "treatment_function": function,
        "starts_on": starts_on,
        "measure": measure,
        "expected": expected,
        "why_these": written_text(why_these, "why these trusts", WORDS_LENGTH),
        "worst": worst,
        "newest_month": newest_month,
    }
    with writing(engine) as connection:
        if unknown := unknown_codes(connection, "provider", codes):
            raise Unacceptable(f"No trust of the data has the code “{unknown[0]}”.")
        there = select(_c.id).where(_c.name == values["name"], _c.withdrawn_at.is_(None))
        if connection.execute(there).first():
            raise Unacceptable("There is an initiative of that name already; give this one another name.")
        return insert_written(connection, initiative, values, reader, at)


def withdraw_initiative(engine: Engine, reader: Reader, id: int, *, at: datetime) -> None:
    """Take an initiative away; for its author, who may still write. Raises `Denied`, `Unacceptable`."""
    check_writer(reader)
    with engine.connect() as connection:
        author = connection.execute(select(_c.author).where(_c.id == id)).scalar()
    if author is not None and author != reader.name:
        raise Denied(403, "Only its author can withdraw an initiative.")
    mark_withdrawn(engine, initiative, reader, id, at, "initiative")
