"""Requests that no page of ours sends: they are answered by 400 in our words, and leave no traceback."""

import json
import logging
import re
import shutil

import pytest

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.store.database import make_engine
from tests.dashboard.served_pages import OUTPUTS, ask, client_of, drawn
from tests.dashboard.tracked import OURS

CALLBACK = "/_dash-update-component"
TOO_LARGE_A_NUMBER = 2**31


@pytest.fixture
def client(engine, tmp_path):
    return client_of(engine, tmp_path)


@pytest.fixture(scope="module")
def reader(sqlite_template, tmp_path_factory):
    """A client for requests that come to nothing."""
    home = tmp_path_factory.mktemp("home")
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, home / 'rtt.db')}")
    yield client_of(engine, home)
    engine.dispose()


def right() -> dict:
    return {
        "output": f"..{'...'.join('.'.join(output) for output in OUTPUTS)}..",
        "outputs": [{"id": name, "property": item} for name, item in OUTPUTS],
        "inputs": [
            {"id": "address", "property": "pathname", "value": "/"},
            {"id": "address", "property": "search", "value": ""},
            {"id": "data-version", "property": "data", "value": None},
        ],
        "changedPropIds": ["address.pathname"],
    }


def with_value(place: int, value) -> dict:
    body = right()
    body["inputs"][place]["value"] = value
    return body


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def without(key: str) -> dict:
    return {name: value for name, value in right().items() if name != key}


JSON = "application/json"
MALFORMED = {
    "no JSON": (b"{", JSON),
    "blanks": (b"  ", JSON),
    "not UTF-8": (b'{"output": "\xff"}', JSON),
    "UTF-16": (json.dumps(right()).encode("utf-16"), JSON),
    "another content type": (json.dumps(right()).encode(), "text/plain"),
    "a form": (b"output=x", "application/x-www-form-urlencoded"),
    "a damaged upload": (b"--x\r\nno headers", "multipart/form-data; boundary=x"),
    "no content type": (json.dumps(right()).encode(), ""),
    "a number that is none": (json.dumps(with_value(2, float("nan"))).encode(), JSON),
    "a number of 10,000 digits": (b'{"output": ' + b"9" * 10_000 + b"}", JSON),
    "nested 100,000 deep": (nested(100_000).encode(), JSON),
    "a value nested 900 deep": (
        json.dumps(with_value(2, "HERE")).replace('"HERE"', nested(900)).encode(),
        JSON,
    ),
    "half of a character": (json.dumps(with_value(1, "?org=\ud800")).encode(), JSON),
    "a NUL character": (json.dumps(with_value(1, "?org=\0")).encode(), JSON),
    **{
        f"the body is {body!r}": (json.dumps(body).encode(), JSON)
        for body in (None, 1, "text", [], [right()], {}, True)
    },
    **{
        f"without {key}": (json.dumps(without(key)).encode(), JSON) for key in ("output", "outputs", "inputs")
    },
    **{
        f"{key} is {value!r}": (json.dumps({**right(), key: value}).encode(), JSON)
        for key in ("output", "outputs", "inputs", "state", "changedPropIds")
        for value in (None, 3, "x", {}, {"id": 1}, [1], [[]], [{}], [None], [{"id": {}, "property": []}])
        if not (key in ("state", "changedPropIds") and value in ([],))
    },
    "an output of a callback in the browser": (
        json.dumps({**right(), "output": "data-version.data"}).encode(),
        JSON,
    ),
    "an input too many": (
        json.dumps({**right(), "inputs": [*right()["inputs"], right()["inputs"][0]]}).encode(),
        JSON,
    ),
    "inputs in another order": (
        json.dumps({**right(), "inputs": right()["inputs"][::-1]}).encode(),
        JSON,
    ),
    **{
        f"input {place} is {value!r}": (json.dumps(with_value(place, value)).encode(), JSON)
        for place in (0, 1)
        for value in (3, True, [], {}, ["/"], {"a": 1})
    },
    "a list for the version": (json.dumps(with_value(2, [[1]])).encode(), JSON),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_callback_is_refused_in_our_words(reader, what, caplog):
    """Fault 21: malformed callback JSON was answered by 500 and a traceback in the log."""
    body, content_type = MALFORMED[what]
    with caplog.at_level(logging.INFO):
        answer = reader.post(CALLBACK, data=body, content_type=content_type)
    assert answer.status_code == 400
    assert "No page of this dashboard sends such a request" in answer.text
    assert [record for record in caplog.records if record.exc_info] == []


def test_what_a_page_sends_is_answered_and_more_than_a_megabyte_is_not(reader):
    assert reader.post(CALLBACK, json=right()).status_code == 200
    assert reader.post(CALLBACK, data=b" " * 1_000_001, content_type=JSON).status_code == 413
    assert reader.post(CALLBACK, json=with_value(2, 7)).status_code == 200
    assert ask(reader, "/", "?tf=C_110").status_code == 200


def test_a_nul_character_in_a_filter_is_ignored_with_a_word(client):
    """Fault 6: PostgreSQL takes no NUL character; SQLite did, so a page was a fault on one of them alone."""
    for name in ("org", "tf", "group", "site", "measure"):
        found = drawn(client, "/", f"?{name}=%00R0A")
        assert "holds a character that no text has" in json.dumps(found["notices"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("method", "address", "form"),
    [
        ("GET", "/card.csv?page=/&card=%00", None),
        ("GET", "/api/figures.json?organisation=%00", None),
        ("GET", "/screen/%00", None),
        ("GET", "/screen/a%00/data.json", None),
        ("GET", "/?org=%00", None),
        ("POST", "/notes", {"source": "monthly", "level": "icb", "organisation_code": "\0", "text": "x"}),
        ("POST", "/groups", {"kind": "trusts", "name": "\0", "members": "R0A\0"}),
        ("POST", "/screens", {"title": "\0"}),
        ("POST", "/ptl/views", {"name": "x", "query": "?org=R9A", "back\0": "/"}),
    ],
)
def test_a_nul_character_in_an_address_or_a_form_is_refused(client, method, address, form):
    """Fault 6: the same on both databases."""
    answer = client.open(address, method=method, data=form, headers=OURS)
    assert answer.status_code == 400
    assert "No page of this dashboard sends such a request" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/notes/{}/withdraw",
        "/rebases/{}/withdraw",
        "/groups/{}/withdraw",
        "/ptl/views/{}/withdraw",
        "/screens/{}/address",
        "/screens/{}/revoke",
        "/screens/{}/withdraw",
    ],
)
def test_the_number_of_a_row_that_no_row_can_have_leads_nowhere(client, address):
    """Fault 6: a number beyond the column was a fault of PostgreSQL, and one beyond 64 bits of SQLite."""
    for number in (TOO_LARGE_A_NUMBER, 2**63, 10**30):
        assert client.post(address.format(number), data={"back": "/"}, headers=OURS).status_code == 404
    there = address.format(TOO_LARGE_A_NUMBER - 1)
    assert client.post(there, data={"back": "/"}, headers=OURS).status_code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/_dash-component-suites/nothing/x.js", 404),
        ("/_dash-component-suites/dash/../../x.js", 404),
        ("/_dash-component-suites/dash/deps/none.js", 404),
        ("/assets/none.js", 404),
        ("/notes", 404),
        ("/status/load", 404),
    ],
)
def test_an_address_asked_in_a_way_that_it_does_not_know_is_answered_in_our_words(reader, address, status):
    answer = reader.get(address)
    assert answer.status_code == status
    assert "RTT dashboard" in answer.text or "error" in answer.json
    assert "werkzeug" not in answer.text.lower()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nbroken", "multipart/form-data", 400),
        (b"&".join(b"a%d=1" % number for number in range(2000)), "application/x-www-form-urlencoded", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * 600_000 + b"\r\n--x--",
            "multipart/form-data; boundary=x",
            413,
        ),
        (b"\xff=\xfe&text=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"{}", JSON, 400),
        (b"x", "", 400),
    ],
)
def test_a_damaged_or_oversized_form_is_answered_in_our_words(reader, body, content_type, status):
    for address in ("/notes", "/rebases", "/groups", "/screens", "/ptl/export", "/ptl/views"):
        answer = reader.post(address, data=body, content_type=content_type, headers=OURS)
        assert answer.status_code == status, address
        assert re.search(r"<h1>.+</h1>", answer.text)


def test_a_fault_of_ours_is_told_in_our_words(sqlite_engine, tmp_path):
    app = create_app(sqlite_engine, Settings(home=tmp_path))
    app.server.add_url_rule("/api/broken", "broken", lambda: 1 // 0)
    answer = app.server.test_client().get("/api/broken")
    assert answer.status_code == 500
    assert "a fault in the dashboard" in answer.get_json()["error"]
