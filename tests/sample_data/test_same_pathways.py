"""Monthly and weekly files tell of the same pathways: differences are days, or planted."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from sample_data.blemishes import unknown_start
from sample_data.pathways import ADMITTED, NON_ADMITTED, REMOVED
from sample_data.places import COMMISSIONERS
from sample_data.profile import FUNCTIONS
from sample_data.season import day_number
from tests.sample_data import naive

SUNDAY_MONTH_END = date(2026, 5, 31)
TUESDAY_MONTH_END = date(2026, 6, 30)


def weekly(paths, census: date):
    return next(path for path in paths if f"{census:%Y%m%d}" in path.name)


def monthly(sample, month_end: date) -> dict[str, Counter]:
    return naive.month(weekly(sample.files.monthly, month_end), "R9A")


def decided(rows) -> list[dict[str, str]]:
    return [row for row in rows if row["DECISION_TO_ADMIT_DATE"]]


def between(paths, heading: str, first: date, last: date) -> list[dict[str, str]]:
    """Rows of the weekly files whose day under the heading lies in the span."""
    found = []
    for path in paths:
        for row in naive.rows(path):
            day = naive.day(row[heading])
            if day is not None and first <= day <= last:
                found.append(row)
    return found


def test_the_newest_snapshot_is_the_last_sunday_before_until(sample) -> None:
    assert [path.name for path in sample.files.open][-1] == "R9A-20261108-open-pathways.csv"
    assert len(sample.files.open) == len(sample.files.stops) == len(sample.files.starts) == 26


def test_a_month_that_ends_on_a_sunday_equals_that_sundays_list(sample) -> None:
    listed = naive.waiting(weekly(sample.files.open, SUNDAY_MONTH_END), SUNDAY_MONTH_END)
    month = monthly(sample, SUNDAY_MONTH_END)
    assert naive.banded(listed, SUNDAY_MONTH_END) == month["Part_2"]
    assert naive.banded(decided(listed), SUNDAY_MONTH_END) == month["Part_2A"]


def test_elsewhere_the_days_between_explain_the_difference(sample) -> None:
    sunday, next_sunday = date(2026, 6, 28), date(2026, 7, 5)
    first, last = sunday + timedelta(1), TUESDAY_MONTH_END

    def pathways(rows) -> Counter:
        return Counter(naive.key(row) for row in rows if row["REFERRAL_TO_TREATMENT_PERIOD_START_DATE"])

    before = pathways(naive.waiting(weekly(sample.files.open, sunday), sunday))
    started = between(
        [weekly(sample.files.starts, next_sunday)], "REFERRAL_TO_TREATMENT_PERIOD_START_DATE", first, last
    )
    stopped = between(
        [weekly(sample.files.stops, next_sunday)], "REFERRAL_TO_TREATMENT_PERIOD_END_DATE", first, last
    )
    # What no weekly file tells: pathways removed without a stop. Counted from the truth.
    expected = before + pathways(started)
    expected.subtract(pathways(stopped))
    expected.subtract(removed(sample.truth, first, last))
    month: Counter = Counter()
    for (payer, function, _), count in monthly(sample, TUESDAY_MONTH_END)["Part_2"].items():
        month[payer, function] += count
    assert {k: v for k, v in expected.items() if v} == dict(month)


def removed(truth, first: date, last: date) -> Counter:
    gone = truth.ended(day_number(first), day_number(last), REMOVED) & ~unknown_start(truth)
    gone &= truth.referrals.trust == 0
    who = truth.referrals
    return Counter(
        (COMMISSIONERS[who.commissioner[n]].code, FUNCTIONS[who.function[n]].row)
        for n in np.flatnonzero(gone)
    )


@pytest.mark.parametrize(
    "month_end", [date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
)
def test_a_months_stops_and_starts_are_those_of_its_days(sample, month_end) -> None:
    first = month_end.replace(day=1)
    month = monthly(sample, month_end)
    stops = between(sample.files.stops, "REFERRAL_TO_TREATMENT_PERIOD_END_DATE", first, month_end)
    for part, kind in (("Part_1A", "ADMITTED"), ("Part_1B", "NON-ADMITTED")):
        assert naive.banded([row for row in stops if row["Completed_Type"] == kind]) == month[part]
    starts = between(sample.files.starts, "REFERRAL_TO_TREATMENT_PERIOD_START_DATE", first, month_end)
    assert Counter((*naive.key(row), "count") for row in starts) == month["Part_3"]


def test_every_trusts_month_equals_a_count_pathway_by_pathway(sample) -> None:
    truth, who = sample.truth, sample.truth.referrals
    last = day_number(TUESDAY_MONTH_END)
    first, unknown = last - 29, unknown_start(truth)
    for number, trust in enumerate(truth.trusts):
        counted = {part: Counter() for part in ("Part_1A", "Part_1B", "Part_2", "Part_2A", "Part_3")}
        for n in np.flatnonzero(who.trust == number).tolist():
            key = COMMISSIONERS[who.commissioner[n]].code, FUNCTIONS[who.function[n]].row
            start, stop = int(who.start[n]), int(truth.stop[n])
            if first <= stop <= last and truth.kind[n] in (ADMITTED, NON_ADMITTED):
                part = "Part_1A" if truth.kind[n] == ADMITTED else "Part_1B"
                counted[part][*key, "unknown" if unknown[n] else naive.band(stop - start)] += 1
            if unknown[n]:
                continue
            if first <= start <= last:
                counted["Part_3"][*key, "count"] += 1
            if start <= last < stop:
                counted["Part_2"][*key, naive.band(last - start)] += 1
                if truth.decided[n] <= last:
                    counted["Part_2A"][*key, naive.band(last - start)] += 1
        assert naive.month(weekly(sample.files.monthly, TUESDAY_MONTH_END), trust.code) == counted
