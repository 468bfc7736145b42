"""Where the Overview opens when its address asks for nothing: own data as ever, the sample on its region.

The region of the sample has every level below it; its PTL would hide all but a single trust.
"""

from collections import Counter
from dataclasses import replace

from sqlalchemy import Connection

from dashboard.filters import Filters, to_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Enquiry
from dashboard.store.cache import data_kind
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
