"""Packs of the twelve published months: a provider among its peers, England since 2007, counted twice."""

import statistics
from collections import defaultdict
from datetime import date

import numpy as np
import pytest
from sqlalchemy import select

from dashboard.analysis import pack
from dashboard.filters import from_query
from dashboard.packs.contents.beyond import AMONG_PEERS, SINCE_2007
from dashboard.packs.contents.pack import contents_of, outline
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from ingest.extracts.organisations import kind_of
from ingest.store.schema import pathway_counts
from tests.dashboard import enquiries

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

MARCH, APRIL = date(2025, 3, 31), date(2024, 4, 30)


def pack_of(engine, query):
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by(today=date(2025, 6, 1)))
        found = pack.load(connection, scope, whole=True)
    made = contents_of(found)
    assert [page.name for page in made.pages] == outline(found)
    return {page.name: page for page in made.pages}


def shares_of_nhs_trusts(engine, day):
    """By code, of the whole lists of 20 pathways or more; RAP's rows belong to RAL, into which it merged on
    1 January 2025.
    """
    c = pathway_counts.c
    here = (
        c.source == "monthly", c.level == "provider", c.census_date == day,
        c.part == "2", c.basis == "english",
        c.treatment_function == "C_999", c.site_code == "", c.stage == "", c.priority == "",
    )  # fmt: skip
    counts = select(c.organisation_code, c.within_18, c.total - c.unknown_clock_start, c.total).where(*here)
    with engine.connect() as connection:
        rows = connection.execute(counts).all()
    added = defaultdict(lambda: np.zeros(3))
    for code, *counted in rows:
        added["RAL" if code == "RAP" else code] += counted
    return {
        code: within / of
        for code, (within, of, total) in added.items()
        if kind_of(code, day) == "nhs" and total >= 20
    }


def said_of(share, median):
    apart = round(100 * share, 1) - round(100 * median, 1)
    return f"{abs(apart):.1f} points {'above' if apart > 0 else 'below'} the median"


@pytest.mark.parametrize("code", ["RBD", "RAJ", "RL1"])
def test_a_provider_stands_among_the_deciles_of_all_nhs_trusts(code, twelve_months_engine):
    page = pack_of(twelve_months_engine, f"?source=monthly&level=provider&org={code}")[AMONG_PEERS]
    now, then = (shares_of_nhs_trusts(twelve_months_engine, day) for day in (MARCH, APRIL))
    own, before = now.pop(code), then.pop(code)
    deciles = statistics.quantiles(now.values(), n=10, method="inclusive")
    names = [f"the {at}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(at, 'th') } decile" for at in range(1, 10)]
    names[4] = "the median"
    below = sum(decile < own for decile in deciles)
    place = (
        f"below {names[0]}" if not below
        else f"above {names[-1]}" if below == 9
        else f"between {names[below - 1]} and {names[below]}"
    )  # fmt: skip
    assert page.title == f"{100 * own:.1f}% within 18 weeks: {place} of {len(now)} NHS trusts"
    first = page.paragraphs[0]
    assert first.lower().startswith(said_of(own, deciles[4]))
    assert f"{said_of(before, statistics.median(then.values()))} in April 2024" in first
    assert page.chart.rows[0][0] == "31 Mar 2025"
    assert len(page.chart.rows) == 12


def test_england_since_2007_says_when_the_standard_was_last_met(twelve_months_engine):
    """NHS England: the 92% standard has not been met since February 2016; the share fell to 46.8% in July
    2020.
    """
    pages = pack_of(twelve_months_engine, "?source=monthly&level=england")
    page = pages[SINCE_2007]
    assert page.title == "England last met the 92% standard in February 2016; 59.8% now wait within 18 weeks"
    assert "lowest in July 2020, 46.8%" in page.paragraphs[0]
    days = [row[0] for row in page.chart.rows]
    assert (days[0], days[-1]) == ("31 Mar 2025", "31 Aug 2007")
    assert len(set(days)) == len(days) == 212
    assert AMONG_PEERS not in pages


def test_neither_stands_where_it_says_nothing(twelve_months_engine):
    for query in ("?source=monthly&level=icb&org=QVV", "?source=monthly&tf=C_110"):
        assert not {AMONG_PEERS, SINCE_2007} & set(pack_of(twelve_months_engine, query))
