"""A signal is the same for every reader: whoever may not see small numbers is shown fewer digits, not another
judgement. The board pack and the email are made for such readers, and stand beside the Overview of others.
"""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np

from dashboard.analysis.control_charts import charted
from dashboard.analysis.facts import series
from dashboard.analysis.findings import figures_of
from dashboard.filters import from_query
from dashboard.layouts.overview.draw import CHARTED
from dashboard.scope.scope import resolve
from dashboard.server.access import ANYBODY, Reader
from dashboard.store.cache import reading
from ingest.store.database import make_engine
from rtt.spc.charts import stock_charts
from rtt.spc.reading import one, variation
from tests.dashboard import enquiries

STOCKS = ("share_within_18", "median_weeks")


def charts(connection, reader, census, part=""):
    query = f"source=weekly&census={census}&pathway={part}"
    scope = resolve(connection, from_query(query)[0], enquiries.by(reader))
    return charted(figures_of(scope, series(connection, scope)), CHARTED)


def test_a_signal_does_not_come_or_go_by_rounding(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    judged = 0
    with reading(engine) as connection:
        dates = resolve(connection, from_query("source=weekly")[0], enquiries.by()).dates[13:]
        for census, part in product(dates, ("", "non-admitted")):
            seen = charts(connection, Reader("jo", may_see_pathways=True), census, part)
            shown = charts(connection, ANYBODY, census, part)
            for key in CHARTED:
                theirs, mine = seen[key], shown[key]
                if theirs.indicator.kind == "stock":
                    # What is withheld is a gap; of the rest every digit counts.
                    levels = np.where(np.isnan(mine.levels), np.nan, theirs.levels)
                    chart = one(stock_charts(levels[None], rules=mine.scope.rules), 0)
                    assert mine.variation == variation(chart, good=mine.indicator.good), (census, part, key)
                    judged += len(chart.signals[-1])
    assert judged > 0
    engine.dispose()


def test_what_is_drawn_has_no_more_digits_than_are_printed(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    with reading(engine) as connection:
        found = charts(connection, ANYBODY, date(2026, 3, 1))
    for key, digits in zip(STOCKS, (3, 1), strict=True):
        drawn = found[key].reading.values
        known = drawn[~np.isnan(drawn)]
        assert known.any()
        assert np.allclose(known, np.round(known, digits), rtol=0, atol=1e-9)
    engine.dispose()


def test_a_fall_of_less_than_is_printed_is_a_signal_to_every_reader(demo_template):
    """One pathway a week fewer within 18 weeks of five thousand: under 0.1 points, and always down."""
    engine = make_engine(f"sqlite:///{demo_template}")
    with reading(engine) as connection:
        scope = resolve(connection, from_query("source=weekly")[0], enquiries.by())
        facts = series(connection, scope)
        bands = np.zeros_like(facts.facts.bands)
        bands[0, :, 3] = 3_300 - np.arange(bands.shape[1])
        bands[0, :, 30] = 1_700
        falling = replace(facts, facts=replace(facts.facts, bands=bands))
        for reader in (ANYBODY, Reader("jo", may_see_pathways=True)):
            figures = figures_of(scope.seen_by(reader), falling)
            chart = charted(figures, ["share_within_18"])["share_within_18"]
            assert chart.variation.icon.word == "concerning"
            assert chart.variation.icon.arrow == "down"
    engine.dispose()
