"""The wall screen: what its token opens, what it shows, and what never reaches it."""

import logging
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.exc import OperationalError

from dashboard.analysis.facts import series
from dashboard.analysis.findings import figures_of
from dashboard.application import create_app
from dashboard.filters import from_query
from dashboard.layouts.screens.draw import state_words, survival_words
from dashboard.pages import PAGES
from dashboard.scope.scope import resolve
from dashboard.screens.draw import STYLE, WATCHDOG
from dashboard.screens.figures import shown
from dashboard.server.access import Denied, Reader
from dashboard.server.url_tokens import hash_of, redacted, taking_tokens
from dashboard.settings.settings import Proxy, Settings
from dashboard.store import writing
from dashboard.store.cache import reading
from dashboard.store.screen_size import farthest, sizes
from dashboard.store.screens import Screen, screen_named, screens
from dashboard.store.writing import Unacceptable
from ingest.loading.load import LoadOptions, load_path
from ingest.store.database import make_engine
from rtt.findings.findings import display
from tests import tracking_lists
from tests.dashboard import enquiries, served_pages

JO = Reader("jo", may_write=True)
AT = datetime(2025, 4, 10, 9, 0, tzinfo=UTC)
MARCH = date(2025, 3, 31)
ON_THE_DAY = date(2026, 2, 24)
OURS = {"Origin": "http://localhost"}
SECRET = "correct horse battery staple"
TOKEN = "a-token-of-256-random-bits"
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 600, 15: 50, 18: 300, 52: 30},
    ("RTD", "01A", "2", "C_120"): {0: 100, 16: 60, 30: 20},
    ("RTD", "01A", "2", "C_130"): {0: 3, 17: 2},
    ("R1K", "01A", "2", "C_100"): {10: 40, 15: 5},
}
WITH_DATES = ("share_within_18", "over_52", "without_date")
THREE = ("share_within_18", "over_52", "passing_18_in_4_weeks")


def add(
    engine, *, title="Surgery", query="", pages=(THREE,), inches=43, metres=4.0, theme="light", token=TOKEN
):
    return writing.save_screen(
        engine,
        JO,
        title=title,
        query=query,
        pages=pages,
        inches=inches,
        metres=metres,
        theme=theme,
        token_hash=hash_of(token),
        at=AT,
    )


def served(engine, access="none", now=AT, **more):
    settings = Settings(home=Path("unused"), access=access, **more)
    return create_app(engine, settings, now=lambda: now).server


def what(engine, name="surgery", today=date(2025, 4, 10), reader=JO):
    with reading(engine) as connection:
        enquiry = enquiries.by(reader, today)
        return shown(connection, screen_named(connection, name), enquiry)


@pytest.fixture
def surgery(sqlite_engine, make_extract):
    """A database with one month and one screen of RTD."""
    load_path(sqlite_engine, make_extract(FACTS, census=MARCH))
    add(sqlite_engine, query="level=provider&org=RTD")
    return sqlite_engine


def test_its_figures_are_those_of_the_overview(surgery):
    page = what(surgery)["pages"][0]
    with reading(surgery) as connection:
        scope = resolve(connection, from_query("?level=provider&org=RTD")[0], enquiries.by())
        figures = figures_of(scope, series(connection, scope))
        expected = [display(figures.find(key)) for key in THREE]
    assert [tile["figure"] for tile in page["tiles"]] == expected == ["70.0%", "30", "112"]
    assert page["sentence"].startswith("70.0% of 1,165 pathways were within 18 weeks on 31 Mar 2025")


def test_what_to_do_next_has_three_lines_at_most_that_begin_with_a_verb_and_are_those_of_the_overview(
    surgery,
):
    # 60 of ENT and 50 of orthopaedics wait 14 to 18 weeks; the return knows no dates.
    lines = what(surgery)["pages"][0]["do_next"]
    assert lines[:2] == ["Plan for 60 in Ear, nose & throat", "Plan for 50 in Trauma & orthopaedics"]
    assert len(lines) <= 3
    assert all(re.match(r"(Book|Plan|Find out|Ask) ", line) for line in lines)
    client = served_pages.client_of(surgery, Path("unused"), today=date(2025, 4, 10))
    page = served_pages.drawn(client, "/", "?level=provider&org=RTD")["page"]
    assert all(line in served_pages.words(page) for line in lines)


def test_a_list_says_who_has_no_date_what_to_book_and_for_whom_to_plan(sample):
    """Fault 10: the wall told nobody what to do."""
    told = draft_of(sample, "source=weekly", WITH_DATES)
    (page,) = told["pages"]
    third = page["tiles"][2]
    client = served_pages.client_of(sample, Path("unused"), today=ON_THE_DAY)
    sentence = served_pages.words(
        served_pages.of_type(served_pages.drawn(client, "/breaches", "?source=weekly")["page"], "H2")[0]
    )
    undated = re.search(r"; ([^;]+) have no date", sentence)[1]
    assert (third["name"], third["figure"], third["is_figure"]) == ("Without a date", undated, True)
    assert re.fullmatch(r"[+−]?\d+ in a week", third["change"])
    lines = page["do_next"]
    assert lines[0] == f"Book {undated} who breach 18 weeks by 22 Mar 2026"
    assert re.fullmatch(r"Plan for \d+ in .+", lines[1])
    assert len(lines) == 3
    assert told["data"]["what"] == "list"


def test_no_line_says_of_a_single_specialty_who_has_a_date(sample):
    """Who has a date is told of all together to readers without access, and a wall has no other."""
    for query in ("source=weekly", "source=weekly&tf=C_110", "source=weekly&site=R9A01"):
        for line in draft_of(sample, query, WITH_DATES)["pages"][0]["do_next"]:
            assert not re.match(r"Book \d+ in ", line)


def test_a_monthly_return_and_a_part_of_a_list_say_why_it_is_not_known_who_has_no_date(sample):
    for query, why in (
        ("source=monthly&level=provider&org=R9A", "Needs a weekly PTL"),
        ("source=weekly&tf=C_110", "Shown for the whole PTL only"),
    ):
        third = draft_of(sample, query, WITH_DATES)["pages"][0]["tiles"][2]
        assert (third["figure"], third["note"], third["is_figure"]) == ("Not known", why, False)


def test_each_tile_has_its_change_its_signals_look_the_standard_and_the_ends_of_its_scale(sample):
    for query in ("source=weekly", "source=monthly&level=provider&org=R9A"):
        for tile in draft_of(sample, query, THREE)["pages"][0]["tiles"]:
            known = [value for value in tile["spark"] if value is not None]
            ends = [*known, *([tile["standard"]] if tile["standard"] is not None else [])]
            scale = [_number(tile["low"]), _number(tile["high"])]
            share = tile["key"] == "share_within_18"
            assert scale == [
                pytest.approx(100 * each if share else each, abs=0.051 if share else 0)
                for each in (min(ends), max(ends))
            ]
            if share:
                assert (tile["standard"], tile["standard_name"]) == (0.92, "92% standard")
            period = "week" if "weekly" in query else "month"
            assert re.fullmatch(
                rf"[+−]?[\d,.]+( points?)? in a {period}|No change in a {period}", tile["change"]
            )
            assert (tile["look"] in ("improving", "concerning", "common", "changed")) is bool(tile["signal"])


def _number(text):
    return float(text.replace(",", "").removesuffix("%"))


def draft_of(engine, query, page):
    """What a screen of this scope would show, that nobody has set up."""
    with reading(engine) as connection:
        values = writing.screen_values(
            title="Wall", query=query, pages=(page,), inches=43, metres=4.0, theme="light"
        )
        return shown(connection, Screen.draft(values), enquiries.by(JO, ON_THE_DAY))


@pytest.fixture(scope="module")
def sample(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


PREVIEW = {
    "title": "", "scope": "?level=provider&org=RTD", "theme": "night", "inches": "43", "metres": "4",
    "first": ["share_within_18", "over_52", "none"], "second": ["total", "none", "none"],
}  # fmt: skip


def test_a_screen_can_be_looked_at_before_it_is_set_up_and_nothing_is_kept(surgery):
    client = served(surgery, "single-user").test_client()
    page = client.get("/screens/preview", query_string=PREVIEW)
    assert page.status_code == 200
    assert 'data-preview="yes"' in page.text
    told = client.get("/screens/preview/data.json", query_string=PREVIEW).json
    assert told["title"] == "Preview"
    add(surgery, title="Kept", query=PREVIEW["scope"], pages=(("share_within_18", "over_52"), ("total",)))
    assert told["pages"] == what(surgery, "kept")["pages"]
    with reading(surgery) as connection:
        assert [each.name for each in screens(connection)] == ["kept", "surgery"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"metres": "5"}, "43 inches can be read from 4.0 metres at most"),
        ({"inches": "x"}, "Enter the screen size in inches"),
        ({"first": ["none"], "second": ["none"]}, "one to three measures"),
        ({"scope": "?level=provider&org=ZZZ"}, "There is no trust or provider"),
    ],
)
def test_a_preview_that_cannot_be_drawn_says_why(surgery, wrong, words):
    client = served(surgery, "single-user").test_client()
    for path in ("/screens/preview", "/screens/preview/data.json"):
        answer = client.get(path, query_string=PREVIEW | wrong)
        assert answer.status_code == 400
        assert words in answer.text


def test_who_may_not_write_gets_no_preview_and_no_form(surgery):
    client = served(surgery, "none").test_client()
    assert client.get("/screens/preview", query_string=PREVIEW).status_code == 403
    page = served_pages.drawn(client, "/screens")["page"]
    assert served_pages.of_type(page, "Iframe") == []
    assert served_pages.of_type(page, "Form") == []
    assert "NEVER SEEN" in served_pages.words(page)


def test_the_form_takes_the_scope_of_the_page_before_and_previews_it(surgery):
    client = served_pages.client_of(surgery, Path("unused"), today=date(2025, 4, 10))
    before = served_pages.drawn(client, "/breaches", "?level=provider&org=RTD&tf=C_110&horizon=8")
    (way,) = {
        each["props"]["href"]
        for each in served_pages.of_type(before["navigation"], "A")
        if each["props"]["href"].startswith("/screens")
    }
    page = served_pages.drawn(client, *way.partition("?")[::2])["page"]
    scope = next(
        each["props"]["value"]
        for each in served_pages.of_type(page, "Input")
        if each["props"].get("name") == "scope"
    )
    assert scope == "?level=provider&org=RTD&tf=C_110"
    source = served_pages.of_type(page, "Iframe")[0]["props"]["src"]
    assert parse_qs(urlsplit(source).query)["scope"] == [scope]
    assert client.get(source).status_code == 200
    # The list of the sample has dates: its third figure says who has none.
    assert parse_qs(urlsplit(source).query)["first"] == list(THREE)


def test_a_scope_that_the_newest_data_does_not_have_is_a_sentence_and_no_other_scopes_figures(surgery):
    add(surgery, title="Gone", query="level=provider&org=XXX")
    told = what(surgery, "gone")
    assert told["pages"] == []
    assert "no trust or provider “XXX” in this census" in told["instead"]


FORM = {"title": "Gone", "first": ["total"], "inches": "43", "metres": "4", "theme": "light"}


def test_a_scope_that_the_data_does_not_have_is_refused_when_it_is_set_up(surgery):
    client = served(surgery, "single-user").test_client()
    form = FORM | {"scope": "http://localhost/?level=provider&org=ZZZ"}
    answer = client.post("/screens", data=form, headers=OURS)
    assert answer.status_code == 400
    assert "There is no trust or provider “ZZZ” in this census." in answer.text
    assert "is shown" not in answer.text
    with reading(surgery) as connection:
        assert [each.name for each in screens(connection)] == ["surgery"]


def test_of_a_tracking_list_too_and_no_sentence_speaks_of_what_a_page_shows(sqlite_engine, tmp_path):
    path = tmp_path / "open-list.csv"
    path.write_bytes(tracking_lists.as_csv([tracking_lists.pathway()]))
    load_path(sqlite_engine, path, options=LoadOptions(token_key=b"k" * 32))
    day = tracking_lists.CENSUS + timedelta(1)
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    client = served(sqlite_engine, "single-user", now=now).test_client()
    answer = client.post("/screens", data=FORM | {"scope": "?org=ZZZ"}, headers=OURS)
    assert answer.status_code == 400
    assert "The PTL covers only its own trust." in answer.text
    add(sqlite_engine, query="org=ZZZ")  # set up before this list came
    told = what(sqlite_engine, today=day)["instead"]
    assert told == "This screen cannot be shown. The PTL covers only its own trust."


def test_before_there_is_data_every_scope_may_be_set_up(sqlite_engine):
    client = served(sqlite_engine, "single-user").test_client()
    assert client.post("/screens", data=FORM | {"scope": "?org=ZZZ"}, headers=OURS).status_code == 200


def test_without_data_it_says_so(sqlite_engine):
    add(sqlite_engine)
    assert what(sqlite_engine) == {"pages": [], "instead": "No data is loaded yet."}


def test_small_numbers_of_a_tracking_list_stay_behind_whoever_looks(sqlite_engine, tmp_path):
    path = tmp_path / "open-list.csv"
    path.write_bytes(tracking_lists.as_csv([tracking_lists.pathway() for _ in range(6)]))
    (result,) = load_path(sqlite_engine, path, options=LoadOptions(token_key=b"k" * 32))
    assert result.state == "loaded", result.problems
    add(sqlite_engine, pages=[("total", "share_within_18", "over_52"), ("passing_18_in_4_weeks",)])
    lead = Reader("lead", may_write=True, may_see_pathways=True)
    told = what(sqlite_engine, today=result.census_date, reader=lead)
    tiles = [tile for page in told["pages"] for tile in page["tiles"]]
    assert tiles[0]["figure"] == "under 8"
    assert not any(tile["is_figure"] and tile["figure"] not in ("0",) for tile in tiles)
    assert {level for tile in tiles for level in tile["spark"]} <= {None, 0.0}
    assert not any(
        re.search(r"\b[1-7] (who|in)\b", line) for page in told["pages"] for line in page["do_next"]
    )
    assert all(tile["note"] == "" for tile in tiles)
    # The list of 15 November is late after Monday the 23rd, and too old after a fortnight.
    assert (told["data"]["due"], told["data"]["shown_until"]) == ("2026-11-23", "2026-11-29")


def test_it_is_told_until_when_its_figures_may_be_shown(surgery):
    # After March 2025 comes April, due on the second Thursday of June; a month later it is too old.
    assert what(surgery)["data"] == {
        "kind": "Data",
        "what": "return",
        "status": "published",
        "census": "2025-03-31",
        "due": "2025-06-12",
        "shown_until": "2025-07-13",
    }


def addresses(server):
    for rule in server.url_map.iter_rules():
        values = {name: {"number": 1, "kind": "pptx"}.get(name, "x") for name in rule.arguments}
        _, path = rule.build(values, append_unknown=False) or ("", str(rule))
        yield from ((method, path) for method in sorted(rule.methods - {"OPTIONS", "HEAD"}))


FOUR = ("/screen/surgery", "/screen/surgery/data.json", WATCHDOG, STYLE)


@pytest.mark.parametrize("access", ["none", "single-user", "proxy"])
def test_a_token_opens_its_four_addresses_and_nothing_else(surgery, access):
    proxy = Proxy(addresses=("127.0.0.1",), secret=SECRET, writers=frozenset({"w"}))
    more = {"proxy": proxy, "hosts": frozenset({"localhost"})} if access == "proxy" else {}
    add(surgery, title="Medicine", token="another token")
    server = served(surgery, access, **more)
    # Also where the proxy, or a person at the machine, would be let in without it.
    signed_in = {"X-Proxy-Secret": SECRET, "X-Remote-User": "jo", "X-Remote-Groups": "w"}
    headers = OURS | (signed_in if access == "proxy" else {})
    others = [("GET", page.path) for page in PAGES]
    others += [("GET", "/screen/medicine"), ("GET", "/screen/medicine/data.json"), ("GET", "/assets/rtt.css")]
    others += [("POST", path) for path in FOUR]
    tried = 0
    for method, path in {*addresses(server), *others}:
        answer = server.test_client().open(f"{path}?token={TOKEN}", method=method, headers=headers, data={})
        assert answer.status_code == 403, (method, path)
        answer.close()
        tried += 1
    assert tried > 30
    for path in FOUR:
        with server.test_client().get(f"{path}?token={TOKEN}", headers=headers) as answer:
            assert answer.status_code == 200, path


def test_only_an_answer_that_closes_a_screen_is_marked_as_one(surgery):
    proxy = Proxy(addresses=("127.0.0.1",), secret=SECRET)
    client = served(surgery, "proxy", proxy=proxy, hosts=frozenset({"localhost"})).test_client()
    known = {"X-Proxy-Secret": SECRET}

    def mark(path, headers):
        with client.get(path, headers=headers) as answer:
            return answer.status_code, answer.headers.get("X-RTT-Screen")

    assert mark(f"/screen/surgery/data.json?token={TOKEN}", known) == (200, None)
    assert mark("/screen/surgery/data.json?token=revoked", known) == (403, "closed")
    assert mark("/screen/surgery?token=revoked", known) == (403, "closed")
    # Not signed in, or past the proxy: that says nothing of the screen.
    assert mark("/screen/surgery/data.json", known) == (401, None)
    assert mark(f"/screen/surgery/data.json?token={TOKEN}", {}) == (403, None)
    assert mark("/nowhere", known | {"X-Remote-User": "jo"}) == (404, None)
    assert mark("/screen/gone/data.json", known | {"X-Remote-User": "jo"}) == (404, "closed")


def test_every_callback_refuses_a_token(surgery):
    client = served(surgery, "single-user").test_client()
    callbacks = client.get("/_dash-dependencies").json
    assert callbacks
    for each in callbacks:
        body = {"output": each["output"], "inputs": [], "changedPropIds": []}
        answer = client.post(f"/_dash-update-component?token={TOKEN}", json=body, headers=OURS)
        assert answer.status_code == 403, each["output"]


def test_behind_a_proxy_the_token_needs_no_signing_in_but_the_proxy(surgery):
    proxy = Proxy(addresses=("127.0.0.1",), secret=SECRET)
    client = served(surgery, "proxy", proxy=proxy, hosts=frozenset({"localhost"})).test_client()
    address = f"/screen/surgery?token={TOKEN}"
    assert client.get(address, headers={"X-Proxy-Secret": SECRET}).status_code == 200
    assert client.get(address).status_code == 403
    assert client.get("/screen/surgery", headers={"X-Proxy-Secret": SECRET}).status_code == 401


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "%00", hash_of(TOKEN)])
def test_a_wrong_token_opens_nothing(surgery, token):
    client = served(surgery).test_client()
    for path in FOUR:
        assert client.get(f"{path}?token={token}").status_code == 403


def test_a_revoked_renewed_or_removed_address_opens_nothing(surgery):
    client = served(surgery, "single-user").test_client()
    with reading(surgery) as connection:
        number = screens(connection)[0].id

    def renew():
        answer = client.post(f"/screens/{number}/address", data={"a": "b"}, headers=OURS)
        return answer.text.partition("?token=")[2].split()[0]

    def opens(token):
        return client.get(f"/screen/surgery/data.json?token={token}").status_code == 200

    renewed = renew()
    assert (opens(TOKEN), opens(renewed)) == (False, True)
    assert client.post(f"/screens/{number}/revoke", data={"a": "b"}, headers=OURS).status_code == 303
    assert not opens(renewed)
    again = (
        client.post(f"/screens/{number}/address", data={"a": "b"}, headers=OURS)
        .text.partition("?token=")[2]
        .split()[0]
    )
    assert opens(again)
    assert client.post(f"/screens/{number}/withdraw", data={"a": "b"}, headers=OURS).status_code == 303
    assert not opens(again)
    assert client.get("/screen/surgery").status_code == 404


def test_the_token_itself_is_nowhere_in_the_database(surgery, sqlite_url):
    held = Path(sqlite_url.removeprefix("sqlite:///"))
    text = b"".join(path.read_bytes() for path in held.parent.glob(f"{held.name}*"))
    assert hash_of(TOKEN).encode() in text
    assert TOKEN.encode() not in text


def test_no_log_holds_a_token(surgery, caplog):
    caplog.set_level(logging.DEBUG)
    seen = {}

    def server_log(environ, start_response):
        # What gunicorn's access log prints: the environment, after the answer.
        answer = list(inner(environ, start_response))
        seen.update({name: str(value) for name, value in environ.items()})
        return answer

    inner = served(surgery, "single-user").wsgi_app
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/screen/surgery",
        "QUERY_STRING": f"a=1&token={TOKEN}&b=2",
        "RAW_URI": f"/screen/surgery?a=1&token={TOKEN}&b=2",
        "HTTP_REFERER": f"http://localhost/screen/surgery?token={TOKEN}",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": None,
    }
    server_log(environ, lambda *_: None)
    assert [name for name, value in seen.items() if TOKEN in value] == []
    logging.getLogger("gunicorn.error").warning("Error handling request %s", f"/screen/surgery?token={TOKEN}")
    client = served(surgery, "single-user").test_client()
    client.get(f"/?token={TOKEN}")
    client.get(f"/screen/surgery/data.json?token={TOKEN}")
    assert "refused" in caplog.text
    assert "Error handling request" in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("token=x", ""),
        ("a=1&token=x", "a=1"),
        ("token=x&a=1", "a=1"),
        ("token=x&token=y", ""),
        ("atoken=x", "atoken=x"),
        ("a=1&%74ok%65n=x", "a=1"),
    ],
)
def test_the_door_takes_tokens_alone(query, left):
    held = {}
    door = taking_tokens(lambda environ, _: held.update(environ) or [])
    door({"QUERY_STRING": query}, lambda *_: None)
    assert held["QUERY_STRING"] == left


@pytest.mark.parametrize(
    "address",
    [
        "/?token=secret",
        "/?%74oken=secret",
        "/?%2574%6Fken=secret",
        "/login?next=%2Fscreen%2Fx%3Ftoken%3Dsecret",
    ],
)
def test_a_token_is_redacted_however_its_name_is_written_and_once_is_enough(address):
    line = f'"GET {address} HTTP/1.1" 200'
    assert "secret" not in redacted(line)
    assert redacted(redacted(line)) == redacted(line)
    assert redacted(line).endswith(' HTTP/1.1" 200')


def test_a_page_carries_its_token_to_the_two_files_and_to_nothing_else(surgery):
    text = served(surgery).test_client().get(f"/screen/surgery?token={TOKEN}").text
    assert text.count(TOKEN) == 3  # the style sheet, the script, and the script as its own service worker
    assert "<a " not in text


def test_a_heartbeat_is_that_of_the_screen_and_not_of_whoever_looks_at_it(surgery):
    client = served(surgery, "single-user").test_client()
    client.get("/screen/surgery/data.json?survives=yes")

    def found():
        with reading(surgery) as connection:
            return screens(connection)[0]

    assert (found().seen_at, found().survives) == (None, None)
    client.get(f"/screen/surgery/data.json?token={TOKEN}").close()
    assert (found().seen_at, found().survives) == (AT, None)
    assert survival_words(found()) == "Not known yet"
    client.get(f"/screen/surgery/data.json?survives=no&token={TOKEN}").close()
    assert (found().seen_at, found().survives) == (AT, False)
    client.get(f"/screen/surgery/data.json?survives=yes&token={TOKEN}").close()
    assert found().survives is True
    # Loaded anew it does not know at first; what it said before stands.
    unknown = served(surgery, "single-user", now=AT + timedelta(minutes=2)).test_client()
    unknown.get(f"/screen/surgery/data.json?token={TOKEN}").close()
    assert (found().seen_at, found().survives) == (AT + timedelta(minutes=2), True)


def test_a_heartbeat_that_cannot_be_written_does_not_keep_the_figures(surgery, monkeypatch, caplog):
    # What a long load does to whoever wants to write.
    def locked(_engine, **_how):
        raise OperationalError("UPDATE screen", {}, Exception("database is locked"))

    monkeypatch.setattr(writing, "writing", locked)
    client = served(surgery, "single-user").test_client()
    with client.get(f"/screen/surgery/data.json?token={TOKEN}") as answer:
        assert answer.json["pages"]
    assert "the heartbeat of a screen was not kept" in caplog.text


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "live"),
        (5, "live"),
        (6, "DARK for 6 min"),
        (180, "DARK for 3 h"),
        (3 * 24 * 60, "DARK for 3 days"),
    ],
)
def test_a_dark_screen_is_called_dark(surgery, minutes, words):
    writing.note_heartbeat(surgery, "surgery", survives=False, at=AT)
    with reading(surgery) as connection:
        found = screens(connection)[0]
    assert state_words(found, AT + timedelta(minutes=minutes)) == words
    assert survival_words(found) == "Needs HTTPS to keep working after an offline restart"


def test_machines_are_told_of_dark_screens_too(surgery):
    told = served(surgery).test_client().get("/status.json").json["screens"]
    assert told == [{"name": "surgery", "state": "never seen"}]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "the title is empty"),
        ({"title": "///"}, "no letter or digit"),
        ({"title": "x" * 41}, "41 characters"),
        ({"pages": []}, "one to three measures"),
        ({"pages": [("total", "over_52", "over_65", "over_78")]}, "one to three measures"),
        ({"pages": [("total",), ("total",), ("total",)]}, "one or two pages"),
        ({"pages": [("share of the sky",)]}, "one to three measures"),
        ({"inches": 5}, "15 to 120 inches"),
        ({"metres": 40.0}, "0.5 to 12.0 metres"),
        ({"metres": 5.0}, "43 inches can be read from 4.0 metres at most"),
        ({"theme": "pink"}, "light, night or time"),
        ({"query": "level=ward"}, "“ward” is not a choice"),
        ({"title": "Surgery"}, "a screen at /screen/surgery already"),
    ],
)
def test_a_screen_that_could_not_be_shown_is_refused_with_the_reason(surgery, wrong, words):
    with pytest.raises(Unacceptable, match=re.escape(words)):
        add(surgery, **{"title": "New", **wrong})


def test_who_may_not_write_sets_no_screen_up(surgery):
    with pytest.raises(Denied):
        writing.change_token(surgery, Reader("eve"), 1, token_hash=None)
    answer = served(surgery, "none").test_client().post("/screens", data={"title": "x"}, headers=OURS)
    assert answer.status_code == 403


def test_a_screen_is_set_up_by_the_form_from_an_address_of_the_overview(surgery):
    client = served(surgery, "single-user").test_client()
    form = {
        "title": "ENT & eyes",
        "scope": "http://localhost/?level=provider&org=RTD&tf=C_120,C_130&census=2025-03-31",
        "first": ["total", "none", "over_52"],
        "second": ["none", "none", "none"],
        "inches": "55",
        "metres": "4.5",
        "theme": "time",
    }
    answer = client.post("/screens", data=form, headers=OURS)
    assert answer.status_code == 200
    assert "/screen/ent-eyes?token=" in answer.text
    with reading(surgery) as connection:
        found = screen_named(connection, "ent-eyes")
    assert found.pages == (("total", "over_52"),)
    # A screen follows the newest census, whatever the address that it was copied from was looking at.
    assert found.query == "?level=provider&org=RTD&tf=C_120,C_130"


@pytest.mark.parametrize(("inches", "least", "figure"), [(43, 52, 65), (55, 41, 51)])
def test_type_for_four_metres_is_as_large_as_the_specification_has_it(inches, least, figure):
    # screens.md, experiment E11: pixels of a screen of 1,920, digits of 16 and 20 minutes of arc.
    found = sizes(inches=inches, metres=4)
    assert (int(found.least * 19.2), int(found.figure * 19.2)) == (least, figure)
    assert farthest(43) == pytest.approx(4.03, abs=0.01)
