"""What counts for whom, seen from one month that is held; and the page of whoever has ended since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.filters import Filters
from dashboard.scope.absent_lists import absences
from dashboard.store.cache import cached
from dashboard.store.lineage import moved_parents, succession_facts
from dashboard.store.loaded_extracts import LoadedExtracts, Organisation, loaded_extracts
from dashboard.store.organisations import organisations, senders
from ingest.store.schema import MONTHLY
from rtt.terms.lineage import Lineage
from rtt.terms.wording import month_text


@cached
def lineage_at(connection: Connection, month: date, until: date | None) -> Lineage:
    """Seen from a month; months after `until` are as if they were not held. No statement beside those that
    `resolve` makes.
    """
    held = loaded_extracts(connection)
    held = held.until(until) if until else held
    listed = organisations(connection, tuple(held.ids(MONTHLY, [month])), "england")
    absent = absences(connection, held.censuses(MONTHLY)).get(month, {})
    present = {
        level: frozenset(each.code for each in listed if each.level == level)
        for level in ("provider", "commissioner")
    }
    homes = {each.code: each.parent_code for each in listed if each.level == "commissioner"}
    regions = {each.code: each.parent_code for each in listed if each.level == "icb"}
    facts = succession_facts(connection).successions
    ended = sum(each.on <= month for each in facts.facts)
    return Lineage(
        at=month,
        successions=facts,
        # Who did not report this month has not ended.
        present=present | {"provider": present["provider"] | absent.keys()},
        homes=homes,
        regions=regions,
        moved=moved_parents(connection),
        placed=_placed(connection, frozenset(homes.items()), frozenset(regions.items()), ended),
    )


@cached
def _placed(
    _connection: Connection,
    _homes: frozenset[tuple[str, str]],
    _regions: frozenset[tuple[str, str]],
    _ended: int,
) -> dict[Any, Any]:
    """What lineages find of months before that see the same homes, regions and ends: most months do."""
    return {}


def months_of(connection: Connection, level: str, code: str, months: tuple[date, ...]) -> list[date]:
    """The months in which a provider sent a list, or an ICB or commissioner that came or went was there."""
    if level == "provider":
        sent = senders(connection, months)
        return [month for month in months if code in sent.get(month, ())]
    moved = moved_parents(connection).get((level, code), {})
    return [month for month in months if month in moved]


@dataclass(frozen=True, slots=True)
class Ended:
    """The last month that is held of an organisation that has ended, and that it is shown, in a sentence."""

    month: date
    words: str


def ended_before(
    connection: Connection,
    filters: Filters,
    listed: Sequence[Organisation],
    held: LoadedExtracts,
    census: date,
) -> Ended | None:
    """Of the organisation that is asked for, where this census no longer has it: its page still stands, at
    its last month. None for any other. No statement beside those of `resolve`, unless it has ended.
    """
    level = filters.level or "provider"
    if not filters.org or any(each.code == filters.org and each.level == level for each in listed):
        return None
    became = succession_facts(connection).successions.of(filters.org, census)
    before = months_of(connection, level, filters.org, held.censuses(MONTHLY)) if became else []
    before = [month for month in before if month < became[0].on]
    if not before:
        return None
    return Ended(before[-1], f"{filters.org} has ended; {month_text(before[-1])}, its last month, is shown.")
