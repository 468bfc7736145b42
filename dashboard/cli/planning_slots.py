"""`rtt plan --list`: what more slots a week would do to the breaches of a PTL, as the page has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cli import clock
from dashboard.cli.databases import opened
from dashboard.cli.outcomes import DONE, WrongUse, say
from dashboard.cli.printing import write_rows
from dashboard.settings.settings import from_environment
from dashboard.store import cache
from dashboard.store.served import served_url
from ingest.store.schema import WEEKLY
from rtt.terms.treatment_functions import as_published

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from dashboard.scope.scope import Scope


def print_slots(layout: str, organisation: str | None, function: str | None, **asked: str) -> int:
    """The answer in sentences on standard error, its weeks or specialties as the page has them."""
    from dashboard.analysis.planning import slots_table
    from dashboard.analysis.planning.slots_answer import slots_answer
    from dashboard.analysis.planning.slots_sentences import slots_sentences

    with opened(served_url(from_environment())) as engine, cache.reading(engine) as connection:
        answer = slots_answer(connection, _scope(connection, organisation, function, asked))
    if answer.why_not:
        raise WrongUse(answer.why_not)
    for sentence in slots_sentences(answer):
        say(sentence)
    write_rows(layout, slots_table.headers(answer), slots_table.lines(answer))
    return DONE


def _scope(
    connection: Connection, organisation: str | None, function: str | None, asked: dict[str, str]
) -> Scope:
    """The newest list of a trust, by itself where there is but one; stricter than an address. Raises
    `WrongUse`.
    """
    from dashboard.filters import from_query, to_query
    from dashboard.scope.scope import resolve
    from dashboard.server.access import Enquiry, person_here

    filters, faults = from_query("?" + "&".join(f"{name}={value}" for name, value in asked.items() if value))
    if faults:
        raise WrongUse(faults[0])
    tf = as_published(function) if function else ""
    code = (organisation or "").strip().upper()
    chosen = from_query(to_query(filters, source=WEEKLY, org=code, tf=(tf,) if tf else ()))[0]
    scope = resolve(connection, chosen, Enquiry(person_here(), clock.today(), from_environment()))
    if scope.source != WEEKLY or scope.census is None:
        raise WrongUse("No PTL is loaded yet. Load one first: rtt load PATH...")
    if code and scope.codes != (code,):
        raise WrongUse(f"--org is {organisation!r}; no trust of the newest PTL has that code.")
    if tf and tf not in scope.functions:
        raise WrongUse(f"--tf is {function!r}; no specialty of the newest PTL has that code.")
    return scope
