"""Attacks on every address there is: forged senders, other sites, markup and formulas in names and notes."""

import base64
import csv
import hashlib
import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from dashboard.application import create_app
from dashboard.callbacks.writing import link_back
from dashboard.pages import PAGES
from dashboard.server import guard, inline_styles
from dashboard.server.access import Reader
from dashboard.settings.settings import Proxy, Settings
from dashboard.store import writing as records
from dashboard.store.series import Series
from dashboard.store.written import groups, written_on
from ingest.loading.load import load_path
from ingest.store.schema import kept_place
from rtt.terms.text_edges import csv_cell

MARCH = date(2025, 3, 31)
FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3}}
LIST = Series(
    source="monthly", level="england", organisation_code="ENG", treatment_function="C_999", measure="total"
)
SCOPE = {name: getattr(LIST, name) for name in LIST.__dataclass_fields__}
NOTE = {**SCOPE, "noted_on": "2025-03-31", "text": "A ward opened", "back": "/trends?measure=total"}
OURS = {"Origin": "http://localhost"}
SECRET = "correct horse battery staple"


def served(engine, access="single-user", **more):
    settings = Settings(home=Path("unused"), access=access, **more)
    return create_app(engine, settings, today=lambda: date(2025, 6, 1)).server


def addresses(server):
    """Every address with a method it answers, each variable filled in."""
    for rule in server.url_map.iter_rules():
        values = {name: {"number": 1, "kind": "pptx"}.get(name, "x") for name in rule.arguments}
        _, path = rule.build(values, append_unknown=False) or ("", str(rule))
        yield from ((method, path) for method in sorted(rule.methods - {"OPTIONS", "HEAD"}))


@pytest.mark.parametrize(
    "forged",
    [
        {"base_url": "http://evil.example"},
        {"environ_overrides": {"REMOTE_ADDR": "10.0.0.9"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1;host=localhost"}},
        {"headers": {"Host": "localhost.evil.example"}},
    ],
    ids=["other host", "other peer", "forwarded", "forwarded by the standard", "rebound name"],
)
def test_no_address_at_all_answers_a_forged_request(sqlite_engine, forged):
    server = served(sqlite_engine)
    for method, path in addresses(server):
        if path == "/health" and "environ_overrides" not in forged:
            continue  # asked by the machine itself, whatever else it says: it tells nothing
        answer = server.test_client().open(path, method=method, **forged)
        assert answer.status_code in (403, 421), (method, path)
        assert "Content-Security-Policy" in answer.headers


def test_no_address_answers_whoever_did_not_come_through_the_sign_in(sqlite_engine):
    proxy = Proxy(addresses=("10.0.0.5",), secret=SECRET, writers=frozenset({"w"}))
    server = served(sqlite_engine, "proxy", proxy=proxy, hosts=frozenset({"localhost"}))
    for method, path in addresses(server):
        if path != "/health":
            answer = server.test_client().open(
                path, method=method, headers={"X-Remote-User": "jo", "X-Remote-Groups": "w"}
            )
            assert answer.status_code == 403, (method, path)


def writing(server):
    return [(method, path) for method, path in addresses(server) if method != "GET" and "_dash" not in path]


def test_every_address_that_writes_refuses_a_page_of_another_site(sqlite_engine):
    server = served(sqlite_engine)
    assert len(writing(server)) >= 7
    for headers in (
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        for method, path in writing(server):
            answer = server.test_client().open(path, method=method, headers=headers, data=NOTE)
            assert answer.status_code == 403, (method, path, headers)
    with sqlite_engine.connect() as connection:
        assert written_on(connection, LIST).notes == ()


@pytest.mark.parametrize("access", ["none", "proxy"])
def test_every_address_that_writes_refuses_who_may_only_read(sqlite_engine, access):
    proxy = Proxy(addresses=("127.0.0.1",), secret=SECRET, writers=frozenset({"w"}))
    more = {"proxy": proxy, "hosts": frozenset({"localhost"})} if access == "proxy" else {}
    server = served(sqlite_engine, access, **more)
    signed_in = {"X-Proxy-Secret": SECRET, "X-Remote-User": "eve", "X-Remote-Groups": "readers"}
    form = {**NOTE, "starts_on": "2025-03-31", "reason": "x", "kind": "trusts", "name": "x", "members": "RTD"}
    # What only its reader sees, everybody who is signed in may keep (test_roles.py, OWN).
    own = (
        {path for _, path in writing(server) if path.startswith("/services")} if access == "proxy" else set()
    )
    for method, path in writing(server):
        answer = server.test_client().open(path, method=method, headers=OURS | signed_in, data=form)
        assert (answer.status_code == 403) is (path not in own), (method, path)
    with sqlite_engine.connect() as connection:
        readers = set(connection.scalars(select(kept_place.c.author)))
        assert readers == ({"eve"} if own else set())


def test_the_author_is_who_is_signed_in_whatever_the_form_says(sqlite_engine):
    proxy = Proxy(addresses=("127.0.0.1",), secret=SECRET, writers=frozenset({"w"}))
    server = served(sqlite_engine, "proxy", proxy=proxy, hosts=frozenset({"localhost"}))
    headers = OURS | {"X-Proxy-Secret": SECRET, "X-Remote-User": "jo", "X-Remote-Groups": "w"}
    answer = server.test_client().post("/notes", data={**NOTE, "author": "the chief"}, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/trends?measure=total")
    with sqlite_engine.connect() as connection:
        assert [note.author for note in written_on(connection, LIST).notes] == ["jo"]


@pytest.mark.parametrize(
    ("given", "led"),
    [
        ("/trends?measure=total", "/trends?measure=total"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_a_form_leads_back_to_a_page_of_ours_and_nowhere_else(given, led):
    assert link_back(given) == led


def test_every_answer_carries_a_strict_policy(sqlite_engine):
    client = served(sqlite_engine, "none").test_client()
    for path in [*(page.path for page in PAGES), "/_dash-layout", "/nowhere", "/version"]:
        with client.get(path) as answer:
            headers = answer.headers
        policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert "unsafe" not in policy["script-src"]
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["connect-src"] == policy["form-action"] == "'self'"
        assert "http" not in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert policy["frame-src"] == "'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_preview_of_a_wall_screen_alone_may_stand_in_a_frame_and_in_one_of_ours(sqlite_engine):
    client = served(sqlite_engine, "single-user").test_client()
    for path, framed in (
        ("/screens/preview", True),
        ("/screens/preview/data.json", False),
        ("/screens", False),
    ):
        with client.get(path) as answer:
            headers = answer.headers
        policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
        assert policy["frame-ancestors"] == ("'self'" if framed else "'none'"), path
        assert headers["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY"), path


def test_no_page_stays_behind_in_a_shared_browser(sqlite_engine):
    client = served(sqlite_engine, "none").test_client()
    for path in ("/", "/version", "/status.json", "/_dash-layout"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_an_unknown_address_is_not_found_and_says_the_way_home(sqlite_engine):
    client = served(sqlite_engine, "none").test_client()
    for path in ("/nowhere", "/status/", "/static/x", "/<script>alert(1)</script>", "/notes/x/withdraw"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert 'href="/"' in answer.text
        assert "alert(1)" not in answer.text


MARKUP = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1-1", "-A1", "+1 ", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_text(text):
    # A tab or a line break before it becomes a space.
    assert csv_cell(text) == "'" + re.sub(r"[\t\r]", " ", text)


@pytest.mark.parametrize("text", ["", "Urology", "104+", "0.5", "a=b", "under 8", "-", "-1", "+1,2", "-5%"])
def test_any_other_cell_stays_as_it_is(text):
    assert csv_cell(text) == text


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+TRUST", "-TRUST", "@TRUST"])
def test_an_organisation_named_like_a_formula_is_text_in_csv(sqlite_engine, make_extract, name):
    path = make_extract(FACTS, census=MARCH)
    table = list(csv.reader(io.StringIO(path.read_text())))
    at = table[0].index("Provider Org Name")
    for row in table[1:]:
        row[at] = name
    written = io.StringIO()
    csv.writer(written).writerows(table)
    path.write_text(written.getvalue())
    (result,) = load_path(sqlite_engine, path)
    assert result.state == "loaded"
    answer = served(sqlite_engine).test_client().get("/api/figures.csv?level=provider")
    names = {row["organisation_name"] for row in csv.DictReader(io.StringIO(answer.text))}
    assert names == {"'" + name}
    plain = served(sqlite_engine).test_client().get("/api/figures.json?level=provider")
    assert {row["organisation_name"] for row in plain.json} == {name}
    assert plain.mimetype == "application/json"


def test_markup_in_notes_and_group_names_travels_as_text(sqlite_engine):
    jo, at = Reader("jo", may_write=True), datetime(2026, 3, 1, tzinfo=UTC)
    records.annotate(sqlite_engine, jo, LIST, noted_on=MARCH, text=MARKUP, at=at)
    records.save_group(sqlite_engine, jo, kind="trusts", name=MARKUP, members=["RTD"], at=at)
    with sqlite_engine.connect() as connection:
        assert written_on(connection, LIST).notes[0].text == groups(connection)[0].name == MARKUP


def test_a_refusal_shows_what_was_written_as_text(sqlite_engine):
    form = {"kind": "specialties", "name": "x", "members": "<b>", "back": '/"><script>alert(1)</script>'}
    answer = served(sqlite_engine).test_client().post("/groups", data=form, headers=OURS)
    assert answer.status_code == 400
    assert "<script" not in answer.text
    assert "<b>" not in answer.text


def test_a_log_of_refusals_holds_no_query(sqlite_engine, caplog):
    served(sqlite_engine).test_client().get("/?org=RTD&token=abc", base_url="http://evil.example")
    assert "refused" in caplog.text
    assert "abc" not in caplog.text
    assert "RTD" not in caplog.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("census=2025", "census is '2025'"),
        ("census=2025-02-30", "expected a month"),
        ("level=ward", "expected one of england, region"),
        ("part=9", "expected one of 1A"),
        ("treatment_function=C_1", "expected one of"),
        ("source=daily", "expected one of monthly, weekly"),
        ("include_nonc=perhaps", "expected one of yes, no"),
        ("organization=RTD", "'organization' is not a parameter"),
        ("part=2&part=2A", "more than once"),
        ("treatment-function=C_100&treatment_function=C_110", "more than once"),
        ("treatment-function=C_1", "expected one of"),
        ("include-nonc=perhaps", "expected one of yes, no"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_was_expected(sqlite_engine, query, words):
    answer = served(sqlite_engine, "none").test_client().get(f"/api/figures.json?{query}")
    assert answer.status_code == 400
    assert words in answer.json["error"]


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("treatment-function=C_110", "treatment_function=C_110"),
        ("treatment-function=110", "treatment_function=C_110"),
        ("treatment_function=c_110", "treatment_function=C_110"),
        ("level=provider&organisation=rtd", "level=provider&organisation=RTD"),
        ("include-nonc=yes", "include_nonc=yes"),
    ],
)
def test_a_parameter_may_be_written_as_the_command_has_it(sqlite_engine, make_extract, written, ours):
    other = {("RTD", "NONC", "2", "C_120"): {3: 2}}
    load_path(sqlite_engine, make_extract({**FACTS, **other}, census=MARCH))
    client = served(sqlite_engine).test_client()
    as_written, as_ours = (client.get(f"/api/figures.json?{query}").json for query in (written, ours))
    assert as_written == as_ours
    assert len(as_ours) > 0
    assert as_ours != client.get("/api/figures.json").json


def test_figures_that_are_not_held_are_not_found(sqlite_engine):
    answer = served(sqlite_engine, "none").test_client().get("/api/figures.csv?census=1999-01")
    assert answer.status_code == 404


def test_a_form_larger_than_any_form_is_refused(sqlite_engine):
    client = served(sqlite_engine).test_client()
    answer = client.post("/notes", data={**NOTE, "text": "x" * guard.LARGEST_FORM}, headers=OURS)
    assert answer.status_code == 413


def test_drawing_may_not_be_asked_by_another_site(sqlite_engine):
    client = served(sqlite_engine, "none").test_client()
    asked = json.dumps({"output": "x"})
    answer = client.post(
        "/_dash-update-component",
        data=asked,
        content_type="application/json",
        headers={"Origin": "http://evil.example"},
    )
    assert answer.status_code == 403


def test_a_script_or_style_sheet_may_do_nothing_where_it_is_opened_as_a_page(sqlite_engine):
    client = served(sqlite_engine, "none").test_client()
    for path in ("/assets/url.js", "/assets/rtt.css", "/assets/icon.svg"):
        with client.get(path) as answer:
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_policy_lets_no_style_or_script_in_but_files_and_what_is_known_by_its_hash(sqlite_engine):
    answer = served(sqlite_engine, "none").test_client().get("/status")
    policy = dict(each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; "))
    bold = base64.b64encode(hashlib.sha256(b"font-weight:bold").digest()).decode()
    assert policy["default-src"] == "'none'"
    assert policy["style-src-attr"] == f"'unsafe-hashes' 'sha256-{bold}'"
    for directive in ("script-src", "style-src"):
        own, *hashes = policy[directive].split(" ")
        assert own == "'self'"
        assert hashes
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", each) for each in hashes), directive


def test_every_style_sheet_that_a_script_brings_is_found():
    plain = '.push([t.id,"a {\\n  b: \\"c\\";\\n}\\n",""]),'
    mapped = '.push([e.id,".d{}","",{version:3,names:[],sourcesContent:["{f:1}]) \\n"],sourceRoot:""}])'
    source_map = '{"version":3,"names":[],"sourcesContent":["{f:1}]) \\n"],"sourceRoot":""}'
    encoded = base64.b64encode(source_map.encode()).decode()
    assert list(inline_styles.written(f"x{plain}y{mapped}z")) == [
        'a {\n  b: "c";\n}\n',
        f".d{{}}\n/*# sourceMappingURL=data:application/json;base64,{encoded} */",
    ]


def test_scripts_are_known_before_the_first_request(sqlite_engine, tmp_path):
    settings = Settings(home=tmp_path)
    assert "dash" in create_app(sqlite_engine, settings).registered_paths
