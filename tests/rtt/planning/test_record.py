"""The score of plans on past months: exact where the months went by the arithmetic itself."""

from datetime import date

import numpy as np
import pytest

from rtt.planning.lists import Flows
from rtt.planning.record import kept, record
from rtt.terms.calendar import add_months
from rtt.terms.waits import BANDS

FIRST = date(2024, 4, 30)


def flows(trusts, months=12, list_of=9_000.0):
    """Lists that stay as they are but for what each trust does otherwise in a month."""
    draw = np.random.default_rng(3)
    shape = np.exp(-np.arange(BANDS) / 14)
    lists = list_of * (shape / shape.sum()) * (1 + 0.02 * draw.normal(size=(trusts, months, 1)))
    starts = 2_000 * (1 + 0.05 * draw.normal(size=(trusts, months)))
    stops = 1_800 * (1 + 0.05 * draw.normal(size=(trusts, months)))
    by_band = stops[..., None] * (shape / shape.sum())
    return Flows(
        tuple(add_months(FIRST, ahead) for ahead in range(months)),
        tuple((f"T{at:02}", "C_110") for at in range(trusts)),
        lists,
        by_band,
        stops,
        starts,
        np.ones((trusts, months), dtype=bool),
        np.zeros(trusts, dtype=np.int64),
    )


def test_few_or_small_organisations_have_no_score():
    assert record(flows(29)) is None
    assert record(flows(40, list_of=4_000.0)) is None
    assert kept(None) == {}
    assert kept(record(flows(40, months=8))) == {}  # none three months ahead of six


def test_a_month_fed_with_its_own_flows_ends_where_it_did():
    found = record(flows(40))
    assert (found.within.organisations, found.within.months) == (40, 11)
    assert found.within.share < 0.5
    assert found.within.total < 0.5
    assert [each.horizon for each in found.seen] == [1, 3]
    told = kept(found)
    assert told["trusts"] == 40
    assert told["seen"] == pytest.approx(found.seen[1].share)
