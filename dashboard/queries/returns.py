"""Months of which a part is missing: a provider had a list before, sent none, and sends one again later.

What England, a region, an ICB or a commissioner counts then dips and comes back, and neither is a change:
such a month is a gap to every signal. A provider that never comes back has closed or merged; of the newest
month nobody can tell yet, so there it counts as missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Select, select

from dashboard.queries.counts import Selection, conditions
from dashboard.queries.memo import remembered
from ingest.schema import MONTHLY, pathway_counts
from rtt.parts import INCOMPLETE
from rtt.wording import plural

LEAST_SHARE = 0.005  # of all lists the month before: small providers come and go every month


@dataclass(frozen=True, slots=True)
class Missing:
    """The providers that sent nothing, and how many waited there the month before."""

    providers: int
    pathways: int


@remembered
def missing_returns(connection: Connection, months: tuple[date, ...]) -> Mapping[date, Missing]:
    """What is missing of each of these months, oldest first; those that are whole are not named."""
    return missing_of(connection.execute(lists_statement(connection, months)), months)


def missing_words(gone: Missing) -> str:
    """ "1 provider, 6,527 pathways the month before, sent no list"."""
    who, where = plural(gone.providers, "provider"), plural(gone.pathways, "pathway")
    return f"{who}, {where} the month before, sent no list"


def lists_statement(connection: Connection, months: tuple[date, ...]) -> Select[Any]:
    """(month, provider, pathways) of every list of these months."""
    lists = Selection(source=MONTHLY, level="provider", codes=None, parts=(INCOMPLETE,), dates=months)
    c = pathway_counts.c
    return select(c.census_date, c.organisation_code, c.total).where(*conditions(connection, lists))


def missing_of(lists: Iterable[Any], months: tuple[date, ...]) -> Mapping[date, Missing]:
    """What is missing of each month, by the lists of `lists_statement`."""
    sent: dict[date, dict[str, int]] = defaultdict(dict)
    last: dict[str, date] = {}
    for month, provider, pathways in lists:
        if pathways:
            sent[month][provider] = pathways
            last[provider] = max(month, last.get(provider, month))
    found = {}
    for before, month in pairwise(months):
        gone = [
            provider
            for provider in sent[before].keys() - sent[month].keys()
            if month == months[-1] or last[provider] > month
        ]
        pathways = sum(sent[before][provider] for provider in gone)
        if gone and pathways >= LEAST_SHARE * sum(sent[before].values()):
            found[month] = Missing(len(gone), pathways)
    return found
