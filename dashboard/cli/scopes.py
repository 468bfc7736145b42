"""The scope that a command means by a code; stricter than an address, which finds the nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cli import clock
from dashboard.cli.outcomes import WrongUse
from dashboard.settings.settings import Settings
from ingest.store.schema import MONTHLY
from rtt.terms.treatment_functions import as_published

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from dashboard.scope.scope import Scope

LEVELS = ("provider", "icb", "region", "commissioner")


def scope_of_code(
    connection: Connection,
    settings: Settings,
    organisation: str | None,
    function: str | None,
    asked: dict[str, str],
) -> Scope:
    """The scope of a code, England without one; stricter than an address. Raises `WrongUse`."""
    from dashboard.filters import from_query, to_query
    from dashboard.scope.scope import resolve
    from dashboard.server.access import Enquiry, person_here

    filters, faults = from_query("?" + "&".join(f"{name}={value}" for name, value in asked.items() if value))
    if faults:
        raise WrongUse(faults[0])
    tf = as_published(function) if function else ""
    code = (organisation or "").strip().upper()
    enquiry = Enquiry(person_here(), clock.today(), settings)
    levels = LEVELS if code and code != "ENG" else ("england",)
    for level in levels:
        place = {"source": MONTHLY, "level": level, "org": "" if level == "england" else code}
        chosen = from_query(to_query(filters, **place, tf=(tf,) if tf else ()))[0]
        scope = resolve(connection, chosen, enquiry)
        if scope.census is None:
            raise WrongUse("Nothing is loaded yet. Load an extract first: rtt load PATH...")
        if scope.organisation.level == level and (level == "england" or scope.organisation.code == code):
            if tf and tf not in scope.functions:
                raise WrongUse(f"--tf is {function!r}; no specialty of the newest month has that code.")
            return scope
    raise WrongUse(
        f"--org is {organisation!r}; no provider, ICB, region or commissioner of the newest month has that "
        "code."
    )
