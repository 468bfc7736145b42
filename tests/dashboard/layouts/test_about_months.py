"""The table of months on About these figures: two years month by month, ten years not in full."""

from datetime import date

from dashboard.analysis.reconciled import Month
from dashboard.layouts.about.draw import MOST_MONTHS, month_rows
from rtt.terms.calendar import add_months


def test_the_newest_two_years_are_told_by_month_and_the_others_together():
    newest = date(2026, 3, 31)
    months = [Month(add_months(newest, -at), 1000 + at, at % 3, at % 2, "May26") for at in range(120)]
    rows = month_rows(months)
    assert len(rows) == MOST_MONTHS + 1
    assert rows[0] == ["March 2026", "1,000", "1,000", "0", "0", "May26"]
    assert rows[-1][0] == "April 2016 to March 2024"
    assert rows[-1][-1] == "96 months"
    for column, of in (
        (1, lambda each: each.equal + each.differ),
        (2, lambda each: each.equal),
        (3, lambda each: each.differ),
        (4, lambda each: each.not_comparable),
    ):
        shown = sum(int(row[column].replace(",", "")) for row in rows)
        assert shown == sum(map(of, months))
    assert len(month_rows(months[:MOST_MONTHS])) == MOST_MONTHS
