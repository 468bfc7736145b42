"""The counts that are stored beside the bands tell of everybody what the bands tell."""

import random
from dataclasses import replace
from datetime import date

import numpy as np

from dashboard.analysis.facts import COUNTED, counted_facts, facts_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from rtt.measures.indicators import compute
from tests.dashboard import enquiries
from tests.dashboard.months import load_months, months_from

BANDS = (0, 5, 17, 18, 30, 51, 52, 80)


def test_shares_and_lists_are_those_of_the_bands_for_every_provider_and_month(tmp_path):
    chance, days = random.Random(18), months_from(date(2024, 1, 31), 3)
    facts = {
        day: {
            (provider, "00R", "2", function): {band: chance.randrange(40) for band in BANDS}
            for provider in ("RAA", "RBB", "NT447")
            for function in ("C_100", "C_110")
            if (provider, day) != ("RBB", days[1])  # who sent no list is a gap in both
        }
        for day in days
    }
    engine = load_months(tmp_path, facts)
    with reading(engine) as connection:
        scope = resolve(connection, from_query("?tf=C_100,C_110")[0], enquiries.by())
        for functions in (("C_999",), ("C_100", "C_110")):
            asked = scope.selection(scope.dates, by="provider", only=("RAA", "RBB", "NT447"))
            asked = replace(asked, functions=functions)
            short = counted_facts(connection, asked, by="organisation_code")
            whole = facts_of(connection, asked, by="organisation_code", flows=False)
            assert (short.units, short.dates) == (whole.units, whole.dates)
            assert (short.reported == whole.reported).all()
            for key in COUNTED:
                mine, theirs = (compute(each.facts, [key])[key].value for each in (short, whole))
                np.testing.assert_array_equal(mine, theirs)
                assert not np.isnan(mine).all()
    engine.dispose()
