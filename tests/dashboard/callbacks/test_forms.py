"""Forms held against the data: an organisation, a code or a census that is not there is refused by name."""

from datetime import date
from pathlib import Path

import pytest

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from dashboard.store.series import Series
from dashboard.store.written import groups, written_on
from ingest.loading.load import load_path

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 18: 30}, ("R1K", "01A", "2", "C_110"): {0: 20}}
OURS = {"Origin": "http://localhost"}
SERIES = {
    "source": "monthly",
    "level": "provider",
    "organisation_code": "RTD",
    "treatment_function": "C_999",
    "measure": "total",
}
FORMS = {
    "/notes": {"noted_on": "2025-03-31", "text": "A ward opened"},
    "/rebases": {"starts_on": "2025-03-31", "reason": "A new ward"},
    "/narratives": {
        "opened_on": "2025-03-31",
        "why.total": "x",
        "actions.total": "y",
        "owner.total": "z",
    },
}


@pytest.fixture
def client(sqlite_engine, make_extract):
    for census in (MARCH, APRIL):
        load_path(sqlite_engine, make_extract(FACTS, census=census))
    return create_app(sqlite_engine, Settings(home=Path("unused"), access="single-user")).server.test_client()


def post(client, path, **form):
    return client.post(path, data={**SERIES, "back": "/trends", **FORMS.get(path, {}), **form}, headers=OURS)


def saved_groups(engine):
    with engine.connect() as connection:
        return [(group.name, group.members) for group in groups(connection)]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 303),
        ({"organisation_code": "ZZZZ"}, 400),
        ({"level": "icb"}, 400),
        ({"level": "england", "organisation_code": "ENG"}, 303),
        ({"level": "icb", "organisation_code": "QE1"}, 303),
    ],
)
def test_what_is_written_belongs_to_an_organisation_of_the_data(client, path, given, status):
    answer = post(client, path, **given)
    assert answer.status_code == status
    if status == 400:
        code = given.get("organisation_code", "RTD")
        assert f"No loaded extract has an organisation “{code}” at that level." in answer.text


def test_a_note_may_belong_to_a_saved_group(client, sqlite_engine):
    assert post(client, "/groups", kind="trusts", name="Ours", members="RTD").status_code == 303
    assert post(client, "/notes", organisation_code="Ours").status_code == 303
    with sqlite_engine.connect() as connection:
        assert len(written_on(connection, Series(**SERIES | {"organisation_code": "Ours"})).notes) == 1


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-10-15", "15 Oct 2024 is not one. The nearest is 31 Mar 2025."),
        ("2025-04-15", "15 Apr 2025 is not one. The nearest are 31 Mar 2025 and 30 Apr 2025."),
    ],
)
def test_new_limits_begin_at_a_census(client, sqlite_engine, day, said):
    answer = post(client, "/rebases", starts_on=day)
    assert answer.status_code == 400
    assert said in answer.text
    with sqlite_engine.connect() as connection:
        assert written_on(connection, Series(**SERIES)).rebases == ()


def test_a_group_names_the_codes_that_nobody_has(client, sqlite_engine):
    answer = post(client, "/groups", kind="trusts", name="Ours", members="RTD, ZZZ, QE1")
    assert answer.status_code == 400
    assert "with the code ZZZ and QE1" in answer.text
    assert saved_groups(sqlite_engine) == []


def test_a_group_that_takes_the_place_of_another_says_so(client, sqlite_engine):
    first = post(client, "/groups", kind="trusts", name="Ours", members="RTD, R1K")
    same = post(client, "/groups", kind="trusts", name="Ours", members="RTD, R1K")
    assert (first.status_code, same.status_code) == (303, 303)
    answer = post(client, "/groups", kind="trusts", name=" Ours ", members="RTD")
    assert answer.status_code == 200
    assert "“Ours” replaced a group of the same name, of RTD and R1K." in answer.text
    assert 'href="/trends"' in answer.text
    assert saved_groups(sqlite_engine) == [("Ours", ("RTD",))]


def test_a_note_too_long_is_counted_as_people_write_numbers(client):
    assert "has 5,000 characters; 500 are the most" in post(client, "/notes", text="x" * 5000).text


@pytest.mark.parametrize("path", ["/assets/nothing.png", "/assets/a/b.css"])
def test_a_file_that_is_not_there_is_answered_with_a_way_home(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "go to the Overview" in answer.text
