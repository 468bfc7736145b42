"""Which files the publisher offers for the months that are wanted, and which of them cannot be found.

The first page names a page for each financial year; they are read from the newest back for as long as months
are wanted. A page that cannot be had, or on which nothing is found, is told with what was looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice

from ingest.fetch import downloads
from ingest.fetch.cache import Cache
from ingest.fetch.journal import Item
from ingest.fetch.links import (
    EXTRACT_WORDS,
    SERIES_WORDS,
    YEAR_WORDS,
    Link,
    Offered,
    best,
    extracts,
    links_of,
    time_series,
    year_pages,
)
from ingest.fetch.polite import Polite
from ingest.fetch.publisher import NotFetched, Unreachable
from rtt.terms.calendar import add_months, month_end, month_ends
from rtt.terms.wording import plural

_MONTH = re.compile("[0-9]{4}-[0-9]{2}")
CHANGED = "Its layout may have changed."
_MOST_PAGES = 3  # of one year, while nothing is found
FIRST = date(2016, 4, 30)
"""The first month of which the full extract is published in a layout that is read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`months` newest ones, or all `since` a month end; with the overview time series or without.

    `today`: a link of a month that is still to come is a slip of the page, and no newest month.
    """

    months: int = 24
    since: date | None = None
    series: bool = False
    today: date = date.max


@dataclass(slots=True)
class Found:
    """What is offered, newest first, and what is not found. `pages`: the links of each that was read."""

    months: list[Offered] = field(default_factory=list)
    series: Offered | None = None
    missing: list[Item] = field(default_factory=list)
    pages: dict[str, list[Link]] = field(default_factory=dict)

    @property
    def looked_for(self) -> str:
        what = f"links “{EXTRACT_WORDS}” with a month, on {plural(len(self.pages), 'page')}"
        return f"{what}, and a link “{SERIES_WORDS}”" if self.series else what


def find(client: Polite, cache: Cache, asked: Asked) -> Found:
    """Ask the pages. Raises `Unreachable` if nobody answers for the first."""
    found, base = Found(), client.publisher.base
    try:
        first = _links(client, cache, base, found)
    except Unreachable:
        raise
    except NotFetched as fault:
        found.missing.append(Item("The first page", "not found", "", base, str(fault)))
        return found
    years = year_pages(first)
    if not years:
        sentence = f"It has no link to the page of a year, such as {YEAR_WORDS}. {CHANGED}"
        found.missing.append(Item("Pages of years", "not found", "", base, sentence))
    months = _months(client, cache, asked, years, found, _come(asked, extracts(first)))
    if asked.series:
        _find_series(base, first, years, found)
    pages = {year: link.address for year, link in reversed(years)}
    _choose(asked, months, found, pages, base)
    return found


def _come(asked: Asked, offered: list[Offered]) -> list[Offered]:
    return [each for each in offered if each.month <= asked.today]


def _links(client: Polite, cache: Cache, address: str, found: Found) -> list[Link]:
    body, at = downloads.page(client, cache, address)
    found.pages[address] = links_of(body, at)
    return found.pages[address]


def _months(
    client: Polite,
    cache: Cache,
    asked: Asked,
    years: list[tuple[int, Link]],
    found: Found,
    offered: list[Offered],
) -> list[Offered]:
    """Every full extract of the years that can hold a wanted month."""
    for year, of_year in groupby(years, key=lambda each: each[0]):
        if _is_enough(asked, year, offered):
            break
        name, missing = f"Page of {year}-{(year + 1) % 100:02d}", []
        for _, link in islice(of_year, _MOST_PAGES):
            there, reason = _on_page(client, cache, asked, link, found)
            offered += there
            if there:
                break
            missing.append(Item(name, "not found", link.text, link.address, reason))
        else:
            found.missing += missing[:1]
    return offered


def _on_page(
    client: Polite, cache: Cache, asked: Asked, link: Link, found: Found
) -> tuple[list[Offered], str]:
    """The full extracts on a page, or why there are none."""
    try:
        there = _come(asked, extracts(_links(client, cache, link.address, found)))
    except Unreachable:
        raise
    except NotFetched as fault:
        return [], str(fault)
    return there, "" if there else (
        f"Looked for links “{EXTRACT_WORDS}” with a month and found none. {CHANGED}"
    )


def _is_enough(asked: Asked, year: int, offered: Iterable[Offered]) -> bool:
    """Whether the months of the financial year that begins in `year`, and earlier ones, are not wanted."""
    last = date(year + 1, 3, 31)
    if asked.since is not None:
        return last < asked.since
    newest = max((each.month for each in offered), default=None)
    return newest is not None and last < add_months(newest, 1 - asked.months)


def _find_series(base: str, first: list[Link], years: list[tuple[int, Link]], found: Found) -> None:
    """The overview time series, on the first page or else on that of the newest year that was read."""
    found.series = time_series(first)
    for _, link in years:
        found.series = found.series or time_series(found.pages.get(link.address, ()))
    if found.series is None:
        sentence = f"Looked for a link “{SERIES_WORDS}” with a month and found none."
        found.missing.append(Item(SERIES_WORDS, "not found", "", base, sentence))


def _choose(asked: Asked, offered: list[Offered], found: Found, pages: Mapping[int, str], base: str) -> None:
    """Of each wanted month the newest vintage; a month without any is missing. `pages`: year -> address."""
    if not offered:
        return
    newest = max(each.month for each in offered)
    oldest = asked.since or add_months(newest, 1 - asked.months)
    oldest = max(oldest, FIRST)
    for month in reversed(month_ends(oldest, newest)):
        of_month = [each for each in offered if each.month == month]
        if of_month:
            found.months.append(best(of_month))
        else:
            where = pages.get(month.year - (month.month < 4), base)
            sentence = f"Looked for a link “{EXTRACT_WORDS} {month:%b%y}” and found none."
            found.missing.append(Item(f"{month:%B %Y}", "not found", "", where, sentence))


def since(text: str, today: date) -> date:
    """The month end that "2016-04" means. Raises `ValueError` for another form, for one before the first
    that can be read, and for one still to come.
    """
    if not _MONTH.fullmatch(text):
        raise ValueError
    day = month_end(date(int(text[:4]), int(text[5:]), 1))
    if not FIRST <= day <= month_end(today):
        raise ValueError
    return day
