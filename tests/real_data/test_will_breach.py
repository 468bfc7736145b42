"""England, March 2025: who passes 18 weeks, from the published bands, by the page's own way."""

import pytest

from dashboard.analysis.will_breach import bands_of, split_of, will_breach_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from tests.dashboard import enquiries

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

# Incomplete pathways of England by week waited, NHS England, March 2025: 14 to 17 weeks, and 13 weeks.
FOUR_WEEKS, BAND_13 = 709_075, 800_120 - 709_075


@pytest.mark.parametrize(
    ("horizon", "count", "lower", "upper"),
    [
        ("4", FOUR_WEEKS, FOUR_WEEKS, FOUR_WEEKS),
        ("month", FOUR_WEEKS + BAND_13 * 2 / 7, FOUR_WEEKS, FOUR_WEEKS + BAND_13),  # 30 days
    ],
)
def test_england_in_march_2025(twelve_months, horizon, count, lower, upper):
    with reading(twelve_months) as connection:
        scope = resolve(connection, from_query(f"?census=2025-03&horizon={horizon}")[0], enquiries.by())
        passing = will_breach_of(scope)
        assert split_of(connection, scope, passing) is None
        estimate = bands_of(connection, scope).estimate(passing)
    assert (estimate.lower[-1], estimate.upper[-1]) == (lower, upper)
    assert estimate.count[-1] == pytest.approx(count)
