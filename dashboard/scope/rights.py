"""At which trusts a reader's rights hold: the organisations of access file and claims, by what is loaded.

An ICB is its NHS trusts, by the newest month that names each. A trust that merged into another as a whole is
one with it: the successor keeps the records, and its people are those of both. Of one that was divided nobody
can say where its people went: they keep its own lists, and see no others. Mergers are those of the package
and of `rtt closed`, not those of a loaded file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from dashboard.filters import Filters
from dashboard.scope import nearest
from dashboard.server.access import Enquiry, Reader
from dashboard.store.cache import cached
from dashboard.store.lineage import facts_of_the_owner
from dashboard.store.loaded_extracts import LoadedExtracts
from dashboard.store.parents_now import icbs_of_trusts
from ingest.store.schema import WEEKLY

_A_DAY = timedelta(days=1)


def with_trusts(connection: Connection, enquiry: Enquiry) -> Enquiry:
    """The enquiry of a reader whose rights name trusts, and no longer ICBs or trusts that have merged. No
    statement for a reader whose rights hold everywhere.
    """
    reader = enquiry.reader
    if not is_bound(reader):
        return enquiry
    areas = tuple(
        area
        if area.trusts is None
        else replace(area, trusts=trusts_of(connection, area.trusts, enquiry.today))
        for area in reader.areas
    )
    return replace(enquiry, reader=replace(reader, areas=areas))


def own_list_first(filters: Filters, held: LoadedExtracts, reader: Reader) -> Filters:
    """Where the address names no organisation: the first list of which this reader sees pathways, if there
    are lists of which they see none. Everybody else begins with the first.
    """
    if filters.org or filters.group or filters.level not in ("", "provider") or not is_bound(reader):
        return filters
    lists = held.of(WEEKLY) if nearest.source(filters, held, []) == WEEKLY else ()
    newest = filters.census or max((each.census_date for each in lists), default=None)
    codes = sorted(each.provider_code for each in lists if each.census_date == newest)
    own = [code for code in codes if reader.at((code,)).sees_some_pathways]
    return replace(filters, org=own[0], level="provider") if own and own != codes else filters


def is_bound(reader: Reader) -> bool:
    """Whether rights of this reader hold at some trusts alone."""
    return any(area.trusts is not None for area in reader.areas)


@cached
def trusts_of(connection: Connection, codes: frozenset[str], today: date) -> frozenset[str]:
    """The codes themselves, the trusts of those that are ICBs, and who became or was one of these."""
    found = codes | {trust for trust, icb in icbs_of_trusts(connection, today).items() if icb in codes}
    facts = facts_of_the_owner(connection).successions
    # Each with the one that it became: whoever stands for the same today is one trust.
    ended = {each.code: facts.whose(each.code, each.on - _A_DAY, today) for each in facts.facts}
    now = {ended.get(code, code) for code in found}
    return found | now | {code for code, heir in ended.items() if heir in now}
