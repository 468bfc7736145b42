"""Which providers are known to have closed or merged, and into whom.

A provider whose list disappears has closed, merged or not reported, and a return cannot say which. The
package brings dated facts (`successions`, and `reference/returns_ended.csv` of those that send no return any
more and became nobody); what they do not know is recorded in the database (`rtt closed`).
Any other provider is missing for as long as it sends no list.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources

from sqlalchemy import Engine, Select, delete, insert, select

from ingest.store.database import writing
from ingest.store.dataset import raise_version
from ingest.store.schema import provider_closure
from ingest.store.successions import packaged


@dataclass(frozen=True, slots=True)
class Closure:
    """The first day on which a provider no longer was, and who took its patients on."""

    closed_on: date
    successors: tuple[str, ...] = ()


@cache
def closures() -> dict[str, Closure]:
    """Provider -> its closure, of every one that the package's facts know to have ended."""
    file = resources.files("ingest").joinpath("reference", "returns_ended.csv")
    with file.open(encoding="utf-8") as lines:
        found = {row["code"]: Closure(date.fromisoformat(row["ended_on"])) for row in csv.DictReader(lines)}
    for each in sorted(packaged().successions.facts):
        before = found.get(each.code)
        others = before.successors if before and before.closed_on == each.on else ()
        found[each.code] = Closure(each.on, (*others, each.successor))
    return found


def recorded() -> Select[tuple[str, date]]:
    """(provider, the first day without it) of every closure that somebody recorded."""
    return select(provider_closure.c.provider_code, provider_closure.c.closed_on)


def has_closed(provider: str, on: date, others: Mapping[str, date]) -> bool:
    """Whether a provider is known to have closed by a day; `others` are the closures that were recorded."""
    known = closures().get(provider)
    days = [known.closed_on] if known else []
    days += [others[provider]] if provider in others else []
    return any(day <= on for day in days)


def record_closure(engine: Engine, provider: str, closed_on: date, successors: Sequence[str] = ()) -> None:
    """Note that a provider has closed, in place of what was noted of it before."""
    with writing(engine) as connection:
        connection.execute(delete(provider_closure).where(provider_closure.c.provider_code == provider))
        connection.execute(
            insert(provider_closure).values(
                provider_code=provider,
                closed_on=closed_on,
                successors=" ".join(successors),
                written_at=datetime.now(UTC),
            )
        )
        raise_version(connection, kind=None)


def forget_closure(engine: Engine, provider: str) -> bool:
    """Take back what was noted of a provider; whether there was anything."""
    with writing(engine) as connection:
        gone = connection.execute(
            delete(provider_closure).where(provider_closure.c.provider_code == provider)
        )
        raise_version(connection, kind=None)
    return gone.rowcount > 0
