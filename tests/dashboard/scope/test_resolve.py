"""Filters held against the data: the nearest scope that exists, and a sentence for each change."""

from datetime import UTC, date, datetime

import pytest

from dashboard.analysis.facts import series
from dashboard.filters import NAMES, Filters, for_another_page
from dashboard.layouts.frame.breadcrumb import basis_words, steps_of
from dashboard.scope.scope import compared_with, resolve
from dashboard.server.access import Reader
from dashboard.store import writing
from dashboard.store.cache import reading
from ingest.loading.load import load_path
from tests.dashboard import enquiries

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30},
    ("RTD", "01A", "2", "C_100"): {3: 10},
    ("R1K", "01A", "2", "C_110"): {10: 40},
    ("R1K", "91Q", "2", "C_110"): {60: 7},
    ("R1K", "NONC", "2", "C_110"): {5: 3},
}


@pytest.fixture
def months(sqlite_engine, make_extract):
    for census in (MARCH, APRIL):
        load_path(sqlite_engine, make_extract(FACTS, census=census))
    return sqlite_engine


def choice_of(engine, **filters):
    with reading(engine) as connection:
        return resolve(connection, Filters(**filters), enquiries.by())


@pytest.mark.parametrize(
    ("asked", "told", "shown"),
    [
        ({"org": "XXX"}, "no trust or provider “XXX”", "ENG"),
        ({"level": "england", "org": "RTD"}, "cannot be combined", "ENG"),
        ({"level": "icb", "org": "RTD"}, "no ICB “RTD”", "ENG"),
        ({"level": "region", "org": "Y99"}, "no region “Y99”", "ENG"),
        ({"level": "commissioner", "org": "NONC"}, "left out of published figures", "ENG"),
        ({"org": "RTD", "tf": ("C_999", "C_110")}, "single ones were ignored", "RTD"),
        ({"org": "RTD", "tf": ("C_330",)}, "no specialty “C_330”", "RTD"),
        ({"org": "RTD", "pathway": "admitted"}, "is not “non-admitted”", "RTD"),
        ({"org": "RTD", "priority": "2"}, "not split by site or priority", "RTD"),
        ({"org": "RTD", "source": "weekly"}, "No weekly PTL is loaded", "RTD"),
        ({"org": "RTD", "census": date(2025, 4, 10)}, "31 Mar 2025 is shown", "RTD"),
        ({"org": "RTD", "compare": "year"}, "no census a year before", "RTD"),
        ({"org": "RTD", "group": "neighbours"}, "no saved group “neighbours”", "RTD"),
        ({"org": "RTD", "kind": "independent"}, "not one of the independent providers", "RTD"),
        ({"kind": "independent"}, "applies to providers only", "ENG"),
        ({"kind": "nhs", "level": "commissioner", "org": "01A"}, "applies to providers only", "01A"),
    ],
)
def test_what_the_data_does_not_have_falls_back_and_says_so(months, asked, told, shown):
    scope = choice_of(months, **asked)
    assert len(scope.notices) == 1
    assert told in scope.notices[0]
    assert scope.organisation.code == shown


@pytest.mark.parametrize(
    "asked",
    [
        {"level": "icb", "org": "QE1", "kind": "nhs"},
        {"org": "RTD", "kind": "nhs"},
        {"kind": "independent", "peers": "providers"},
    ],
)
def test_a_kind_of_provider_is_kept_where_providers_are_shown(months, asked):
    scope = choice_of(months, **asked)
    assert (scope.filters.kind, scope.notices) == (asked["kind"], ())
    # It goes along to other pages and up the breadcrumb only as far as it means something there.
    for filters in (for_another_page(scope.filters), *(filters for _, filters in steps_of(scope))):
        assert choice_of(months, **{name: getattr(filters, name) for name in NAMES}).notices == ()


def test_only_commissioners_that_the_figures_hold_are_on_offer(months):
    scope = choice_of(months, level="commissioner", org="01A")
    assert {each.code for each in scope.organisations if each.level == "commissioner"} == {"01A", "91Q"}


def test_what_was_settled_settles_again_without_a_word(months):
    for asked in ({"org": "XXX"}, {"org": "RTD", "tf": ("C_330",), "compare": "year"}, {"tf": ("C_110",)}):
        first = choice_of(months, **asked)
        with reading(months) as connection:
            again = resolve(connection, first.filters, enquiries.by())
        assert (again.filters, again.notices) == (first.filters, ())


def test_trusts_of_a_group_are_added_together_and_said_if_missing(months):
    save(months, "trusts", "Neighbours", ("RTD", "R1K", "RZZ"))
    scope = choice_of(months, group="Neighbours")
    assert scope.notices == ("Not in this census, so not in the group’s figures: RZZ.",)
    assert scope.organisation.name == "Neighbours"
    with reading(months) as connection:
        facts = series(connection, scope)
    # 60 + 5 + 30 + 10 at one, 40 + 7 at the other
    assert facts.facts.bands[0, -1].sum() == 152


def test_a_group_of_specialties_chooses_them(months):
    save(months, "specialties", "Surgery", ("C_100", "C_110"))
    scope = choice_of(months, group="Surgery", org="RTD")
    assert (scope.organisation.code, scope.functions) == ("RTD", ("C_100", "C_110"))
    assert scope.notices == ()


def test_a_group_of_trusts_and_another_organisation_contradict_each_other(months):
    save(months, "trusts", "Neighbours", ("R1K",))
    scope = choice_of(months, group="Neighbours", org="RTD")
    assert "cannot be combined" in scope.notices[0]
    assert scope.codes == ("R1K",)


def save(engine, kind, name, members):
    writer = Reader("jo", may_write=True)
    writing.save_group(
        engine, writer, kind=kind, name=name, members=members, at=datetime(2025, 5, 1, tzinfo=UTC)
    )


def test_the_comparison_is_the_readers_then_the_pages_then_what_is_held(months):
    assert compared_with(choice_of(months), "previous") == MARCH
    assert compared_with(choice_of(months), "year") == MARCH  # no year is held: the longest step back is
    assert compared_with(choice_of(months, census=MARCH), "year") is None


def test_the_way_from_england_widens_step_by_step_and_says_whose_pathways_are_counted(months):
    scope = choice_of(months, org="RTD", tf=("C_110",), band="17")
    steps = steps_of(scope)
    assert [filters.org for _, filters in steps] == ["", "Y62", "QE1", "RTD", "RTD", "RTD"]
    assert [filters.tf for _, filters in steps] == [(), (), (), (), ("C_110",), ("C_110",)]
    assert [filters.band for _, filters in steps] == ["", "", "", "", "", "17"]
    assert basis_words(scope) == "Everyone waiting at this provider, whoever commissions their care."
    above = choice_of(months, level="icb", org="QE1")
    assert basis_words(above) == "Patients of this ICB, wherever they are treated."
