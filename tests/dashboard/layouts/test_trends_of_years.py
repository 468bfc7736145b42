"""Trends of more months than are read for it: the newest years by themselves, all of them by one press; what
the bands of a time did not tell is not known, and the days on which the return changed are marked.
"""

from datetime import date

import pytest

from dashboard.layouts.trends.choices import MEASURES
from rtt.findings.findings import display
from rtt.terms.calendar import add_months
from tests.dashboard.months import drawn, kind, load_months, parts_of, prop, text_of

FIRST, BANDS_FROM = date(2018, 11, 30), date(2021, 4, 30)
DAYS = [add_months(FIRST, ahead) for ahead in range(66)]
TRUST = "?level=provider&org=RTD"


def month(at, day):
    """A list that hardly changes; 30 of it wait for over 60 weeks."""
    beyond = 60 if day >= BANDS_FROM else 52
    parts = {"2": {3: 1_000 + at % 5, 20: 300, beyond: 30}, "1A": {5: 50}, "1B": {5: 100 + at % 3}, "3": 150}
    return {("RTD", "00R", part, "C_100"): value for part, value in parts.items()}


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    months = {day: month(at, day) for at, day in enumerate(DAYS)}
    engine = load_months(tmp_path_factory.mktemp("years"), months)
    yield engine
    engine.dispose()


def test_the_newest_years_are_read_and_all_months_where_they_are_asked_for(years):
    _, newest, page = drawn(years, f"/trends{TRUST}")
    _, every, _ = drawn(years, f"/trends{TRUST}&points=all")
    # Two years are drawn, each month beside the one a year before: the years of 2020 to 2024 hold all that.
    assert newest.figures.facts.dates == tuple(day for day in DAYS if day.year >= 2020)
    assert every.figures.facts.dates == tuple(DAYS)
    assert "All, since November 2018" in text_of(page)
    for day in newest.figures.facts.dates[1:]:  # the first has no list before it to tell a change from
        for key in MEASURES:
            one, other = (found.figures.find(key, at=day) for found in (newest, every))
            assert (one.value, display(one)) == (other.value, display(other)), (key, day)
    for key, chart in newest.charts.items():
        assert chart.judged == every.charts[key].judged


def test_who_waits_longer_than_the_bands_of_the_time_tell_is_not_known_and_no_change_is(years):
    _, found, page = drawn(years, f"/trends{TRUST}&points=all&measure=over_65")
    chart = found.charts["over_65"]
    before = [at for at, day in enumerate(chart.days) if day < BANDS_FROM]
    assert all(found.figures.find("over_65", at=chart.days[at]).value is None for at in before)
    assert found.figures.find("over_65", at=BANDS_FROM).value == 0
    assert [bool(value == value) for value in chart.reading.values] == [
        day > BANDS_FROM for day in chart.days
    ]
    # No limits are drawn where nothing is known to be within them.
    graphs = {prop(each, "id")["name"]: each for each in parts_of(page) if kind(each) == "Graph"}
    traces = prop(graphs["control-chart"], "figure")["data"]
    assert min(str(day)[:10] for trace in traces for day in trace["x"]) == BANDS_FROM.isoformat()
    words = text_of(page)
    assert "Until March 2021 waits of over 52 weeks were one band, so longer ones are not known" in words
    assert "over 52 weeks were one band" not in text_of(drawn(years, f"/trends{TRUST}&points=all")[2])


def test_the_month_in_which_community_services_left_the_return_is_marked(years):
    said = "Consultant-led community services left the return, 1 Feb 2024"
    assert said in text_of(drawn(years, f"/trends{TRUST}")[2])
    # Nothing is marked after the end of what is held, nor before its beginning.
    assert said not in text_of(drawn(years, f"/trends{TRUST}&census=2024-01")[2])
