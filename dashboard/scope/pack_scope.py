"""Which scope and census a pack is asked for: a code and a month or day, against what is held.

Stricter than an address: nothing near is taken for what was meant. ValueError says what is held instead.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.filters import Filters
from dashboard.scope.scope import Scope, resolve
from dashboard.server.access import Enquiry
from dashboard.store.lineage import ended
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import ENGLAND, MONTHLY, WEEKLY
from rtt.terms.wording import date_text

LEVELS = ("provider", "icb", "region", "commissioner")


def scope_of_pack(
    connection: Connection,
    code: str | None,
    days: tuple[date, date] | None,
    audience: str,
    enquiry: Enquiry,
    history: str = "",
) -> Scope:
    """The choice; without a code the trust whose list is loaded, else England, at the newest census.

    `days` are the first and last day that the census may be of. A whole month prefers the monthly return.
    `history` as an address has it: "then", or added up as now.
    """
    held = loaded_extracts(connection).until(enquiry.today)
    if not held.sources:
        raise ValueError("Nothing is loaded yet. Load an extract first: rtt load PATH...")
    # A month means the return of that month, a day the list of that Sunday.
    whole_month = days is not None and days[0] != days[1]
    sources = [
        each for each in ((MONTHLY, WEEKLY) if whole_month else (WEEKLY, MONTHLY)) if each in held.sources
    ]
    for source in sources:
        census = _census(held.censuses(source), days)
        for place in _candidates(source, code) if census else ():
            filters = Filters(source=source, census=census, audience=audience, history=history, **place)
            scope = resolve(connection, filters, enquiry)
            if code is None or (scope.organisation.code == _plain(code) and scope.census == census):
                return scope
    if days and not any(_census(held.censuses(source), days) for source in sources):
        newest = " and ".join(f"{source} {date_text(held.censuses(source)[-1])}" for source in sources)
        raise ValueError(f"No census of {date_text(days[1])} is loaded; the newest are: {newest}.")
    raise ValueError(
        f"--scope is {code!r}; no organisation of the census has that code.{_ended(connection, code)}"
    )


def _ended(connection: Connection, code: str | None) -> str:
    """What became of a code that an organisation once had, in a sentence; '' of any other."""
    day = ended(connection).get(_plain(code or ""))
    if day is None:
        return ""
    before = day - timedelta(days=1)
    return f" It has ended on {date_text(day)}: for a pack of its last months say --census {before:%Y-%m}."


def _plain(code: str) -> str:
    return ENGLAND if code.lower() == "england" else code.upper()


def _census(dates: tuple[date, ...], days: tuple[date, date] | None) -> date | None:
    there = [day for day in dates if days is None or days[0] <= day <= days[1]]
    return there[-1] if there else None


def _candidates(source: str, code: str | None) -> list[dict[str, Any]]:
    """What the address of such an organisation would say, by level."""
    if source == WEEKLY:
        return [{"org": _plain(code) if code else ""}]
    if code is None or _plain(code) == ENGLAND:
        return [{"level": "england"}]
    return [{"level": level, "org": _plain(code)} for level in LEVELS]
