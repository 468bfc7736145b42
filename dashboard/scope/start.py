"""Where a page opens when its address leaves that open.

The Overview opens on own data as ever, and on the region of the sample: it has every level below it, and its
PTL would hide all but a single trust. A page with a source of its own opens on that.
"""

from collections import Counter
from dataclasses import replace

from sqlalchemy import Connection

from dashboard.filters import Filters, to_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Enquiry
from dashboard.store.cache import data_kind
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import MONTHLY


def started(connection: Connection, filters: Filters, enquiry: Enquiry) -> Filters:
    """The filters that a bare address of the Overview means; those that choose anything are left alone."""
    if to_query(replace(filters, data="")) or data_kind(connection) != "sample":
        return filters
    months = resolve(connection, replace(filters, source=MONTHLY), enquiry)
    if months.source != MONTHLY:
        return filters
    icbs = {each.code: each.parent_code for each in months.organisations if each.level == "icb"}
    regions = {each.code for each in months.organisations if each.level == "region"}
    # One region is that of nearly all providers; NHS England itself commissions in none.
    of = Counter(
        region
        for each in months.organisations
        if each.level == "provider" and (region := icbs.get(each.parent_code, "")) in regions
    )
    if not of:
        return filters
    return replace(filters, source=MONTHLY, level="region", org=of.most_common(1)[0][0])


def with_source(connection: Connection, filters: Filters, source: str) -> Filters:
    """The filters with the source that a page opens on, where they name none and both are loaded."""
    if not source or filters.source or len(loaded_extracts(connection).sources) < 2:
        return filters
    return replace(filters, source=source)
