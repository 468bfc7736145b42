"""What an address says: every filter survives the way there and back, and nonsense is told, not obeyed."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import NAMES, SPRINT, VALIDATION, Filters, each_query, from_query, to_query

CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", min_size=1, max_size=6)
ONE_OF = {item.name: item.metadata["values"] for item in fields(Filters) if "values" in item.metadata}
NUMBERS = {item.name: item.metadata["most"] for item in fields(Filters) if "most" in item.metadata}
SEVERAL = {item.name: item.metadata["several"] for item in fields(Filters) if "several" in item.metadata}
AMOUNTS = {item.name: item.metadata["between"] for item in fields(Filters) if "between" in item.metadata}
SPECIAL = {
    **{
        name: st.sets(st.sampled_from(values)).map(
            lambda chosen, values=values: tuple(each for each in values if each in chosen)
        )
        for name, values in SEVERAL.items()
    },
    **{name: st.just("") | st.integers(1, most).map(str) for name, most in NUMBERS.items()},
    "tf": st.lists(st.sampled_from(["C_100", "C_110", "X02"]), unique=True).map(tuple),
    "places": st.lists(st.sampled_from(["monthly~provider~R9A", "~", "~~~~C_110.C_120"]), unique=True).map(
        tuple
    ),
    "beside": st.lists(st.sampled_from(["RBD", "QVV", "ENG"]), unique=True).map(tuple),
    **dict.fromkeys(
        ("sort", "tab"), st.lists(st.sampled_from(["a.b.asc", "c.2.desc"]), unique=True).map(tuple)
    ),
    **dict.fromkeys(("census", "due"), st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))),
    **{
        name: st.just("") | st.decimals(least, most, places=1).map(str)
        for name, (least, most) in AMOUNTS.items()
    },
    "sprint": st.sampled_from(["", SPRINT, "-5:2025-01-01:2026-01-01"]),
    "validate": st.sampled_from(["", VALIDATION, "2.5:52:2025-12-31"]),
    "scenarios": st.lists(st.sampled_from(["1", "27"]), unique=True).map(tuple),
}


def values_of(name):
    if name in SPECIAL:
        return SPECIAL[name]
    return st.sampled_from(["", *ONE_OF[name]]) if name in ONE_OF else st.just("") | CODES


FILTERS = st.builds(Filters, **{name: values_of(name) for name in NAMES})


@given(FILTERS)
def test_an_address_brings_back_the_filters_that_wrote_it(filters):
    assert from_query(to_query(filters)) == (filters, [])


@given(FILTERS, st.lists(CODES, max_size=4))
def test_many_addresses_at_once_are_those_made_one_by_one(filters, codes):
    assert each_query(filters, "org", codes) == [to_query(filters, org=code) for code in codes]


@pytest.mark.parametrize(
    ("search", "told"),
    [
        ("?colour=red", "“colour” is not a filter"),
        ("?source=daily", "“daily” is not a choice of “source”"),
        ("?census=yesterday", "“yesterday” is not a date"),
        ("?census=2025-13", "“2025-13” is not a date"),
        ("?band=105", "“105” is not a choice of “band”"),
        ("?only=no-date,wrong", "“wrong” is not a choice of “only”"),
        ("?columns=name", "“name” is not a choice of “columns”"),
        ("?size=1000000", "“1000000” is not a choice of “size”"),
        ("?band=-1", "“-1” is not a choice of “band”"),
        ("?target=x", "“x” is not a number for “target”"),
        ("?target=101", "“target” can be 0 to 100, so “101” was ignored"),
        ("?stops=1e1", "“1e1” is not a number for “stops”"),
        ("?stops=-51", "“stops” can be -50 to 100"),
        ("?removals=nan", "“nan” is not a number for “removals”"),
        ("?due=soon", "“soon” is not a date"),
        ("?sprint=10:2025-04-01", "“10:2025-04-01” is not a value for “sprint” such as 10:2025-04-01"),
        ("?sprint=10:2025-04-01:2025-06-31", "is not a value for “sprint”"),
        ("?sprint=x:2025-04-01:2025-06-30", "is not a value for “sprint”"),
        ("?sprint=10:2025-04:2025-06", "is not a value for “sprint”"),
        ("?validate=5:1.5:2025-06-30", "is not a value for “validate” such as 5:18:2025-06-30"),
        ("?validate=5:105:2025-06-30", "is not a value for “validate”"),
        ("?validate=5:18:2025-06-30:1", "is not a value for “validate”"),
        ("?" + "&".join(f"a{n}=1" for n in range(61)), "too many filters"),
    ],
)
def test_what_is_not_understood_is_said_and_left_out(search, told):
    filters, notices = from_query(search)
    assert filters == Filters()
    assert len(notices) == 1
    assert told in notices[0]


@pytest.mark.parametrize(
    ("text", "codes"),
    [("110", ("C_110",)), ("c_110,C_110", ("C_110",)), ("191", ("X02",)), ("ZZ9", ("ZZ9",))],
)
def test_a_trusts_own_specialty_code_means_its_row_of_the_return(text, codes):
    assert from_query(f"?tf={text}")[0].tf == codes


def test_a_month_is_its_last_day():
    assert from_query("?census=2024-02")[0].census == date(2024, 2, 29)


def test_nothing_chosen_is_an_empty_address():
    assert to_query(Filters()) == ""


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "٣", "99999999"])
def test_a_number_that_cannot_be_meant_is_named_and_ignored(name, text):
    filters, notices = from_query(f"?{name}={text}")
    assert filters == Filters()
    assert notices == [f"“{text}” is not a number for “{name}” and was ignored."]
