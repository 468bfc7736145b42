"""What no file tells is not known, and never zero: flows of a part of the list, months without a provider."""

from datetime import date

import pytest

from dashboard.scope.returns import absences_of
from dashboard.store.organisations import by_month
from ingest.store.database import make_engine
from rtt.findings.findings import display
from rtt.terms.calendar import add_months
from tests.dashboard.months import drawn, load_months, text_of


@pytest.fixture(scope="module")
def sample(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


def figures(found):
    return {key: chart.last for key, chart in found.charts.items()}


@pytest.mark.parametrize("part", ["pathway=admitted", "pathway=non-admitted", "site=R9A01"])
def test_clock_starts_have_no_site_and_no_stage(sample, part):
    _, found, page = drawn(sample, f"/?source=weekly&{part}")
    starts, stops = figures(found)["starts"], figures(found)["stops"]
    assert starts.value is None
    assert stops.value > 0
    assert "Clock starts: not known (a clock start has no site and no stage yet)" in text_of(page)
    assert "Unreported removals Not known (a clock start has no site and no stage yet)" in text_of(page)
    assert " 0 in" not in text_of(page)


@pytest.mark.parametrize("source", ["weekly", "monthly"])
def test_starts_and_stops_are_never_those_of_the_list_with_a_decision_to_admit(sample, source):
    _, found, page = drawn(sample, f"/?source={source}&pathway=dta")
    for key in ("starts", "stops", "clearance_weeks"):
        assert figures(found)[key].value is None
    assert "Clearance time Not known (starts and stops are counted for the whole list only)" in text_of(page)
    assert "all specialties, with a decision to admit" in text_of(page)
    assert figures(found)["total"].value > 0


def test_clearance_takes_three_months(sample):
    first = drawn(sample, "/?source=monthly")[0].dates
    known = {}
    for census in first[:4]:
        _, found, _ = drawn(sample, f"/?source=monthly&census={census}")
        known[census] = figures(found)["clearance_weeks"]
    assert [each.value is not None for each in known.values()] == [False, False, True, True]
    assert display(known[first[0]]) == "Not known (needs the clock stops of three months)"


def months(count):
    return [add_months(date(2024, 1, 31), ahead) for ahead in range(count)]


def test_a_provider_is_absent_until_it_returns_or_is_known_to_have_closed():
    days = months(5)
    # Nobody knows why RX0 and RD1 stopped; RAP is known to have merged on 1 January 2025.
    sent = {"RA1": {0, 1, 2, 3, 4}, "RB1": {0, 1, 3, 4}, "RX0": {0}, "RD1": {0, 1, 2, 3}}
    lists = [(days[at], code, 700) for code, there in sent.items() for at in there]
    assert absences_of(by_month(lists), tuple(days)) == {
        days[1]: {"RX0": days[0]},
        days[2]: {"RB1": days[1], "RX0": days[0]},
        days[3]: {"RX0": days[0]},
        days[4]: {"RD1": days[3], "RX0": days[0]},
    }
    around = [date(2024, 11, 30), date(2024, 12, 31), date(2025, 1, 31)]
    lists = [(around[0], "RAP", 700), *((day, "RAL", 700) for day in around)]
    assert absences_of(by_month(lists), tuple(around)) == {around[1]: {"RAP": around[0]}}


def test_a_provider_that_never_comes_back_is_missing_for_a_year_and_one_that_does_all_the_time():
    days = months(20)
    sent = {"RA1": range(20), "RX0": {0, 1}, "RB1": {0, 1, 19}}
    lists = [(days[at], code, 700) for code, there in sent.items() for at in there]
    found = absences_of(by_month(lists), tuple(days))
    assert [day for day in days if "RX0" in found.get(day, ())] == days[2:14]
    assert [day for day in days if "RB1" in found.get(day, ())] == days[2:19]


def test_a_month_that_lacks_a_provider_is_a_gap_to_every_signal_of_many(tmp_path):
    days = months(20)
    gap = days[17]
    engine = load_months(tmp_path, {day: two_trusts(at, whole=day != gap) for at, day in enumerate(days)})
    for census, word in ((gap, "did not report"), (days[18], "Not judged: part of June 2025 is missing.")):
        _, found, page = drawn(engine, f"/?level=england&census={census}")
        total = found.charts["total"]
        assert total.variation is None
        assert word in text_of(page)
        assert not [item for item in found.attention.items if item.kind == "signal"]
    _, found, page = drawn(engine, f"/?level=england&census={gap}")
    assert [item.action for item in found.attention.items if item.kind == "late"] == [
        "Ask for the part of the return that is missing"
    ]
    # The trust that did report is judged as ever, and a month later England is judged again.
    _, found, _ = drawn(engine, f"/?level=provider&org=RTD&census={gap}")
    assert found.charts["total"].variation is not None
    _, found, page = drawn(engine, f"/?level=england&census={days[19]}")
    assert found.charts["total"].variation is not None
    assert "did not report" not in text_of(page)
    engine.dispose()


def two_trusts(at, *, whole):
    """Two lists that hardly change; without `whole` the second trust sends nothing."""
    facts = {}
    for trust, listed in (("RTD", 1_000 + at % 2), ("RX1", 1_000)):
        if trust == "RTD" or whole:
            for part, value in (("2", {3: listed}), ("1A", {5: 50}), ("1B", {5: 100}), ("3", 150)):
                facts[trust, "00R", part, "C_100"] = value
    return facts
