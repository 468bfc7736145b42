"""What a browser makes of our policy: nothing of ours is refused, and markup in names stays text."""

import csv
import http.client
import io
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from dashboard.pages import PAGES
from dashboard.server.access import Reader
from dashboard.store import writing
from dashboard.store.series import Series
from ingest.loading.load import load_path
from tests import servers
from tests.browser.policy import TOLD, refusals

pytestmark = pytest.mark.browser

MARCH = date(2025, 3, 31)
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
FACTS = {("RTD", "01A", "2", "C_110"): {0: 60, 17: 5, 18: 30, 52: 3}}


@pytest.fixture
def hostile(sqlite_engine, sqlite_url, make_extract):
    """A database whose organisation, note and group have markup for names."""
    path = make_extract(FACTS, census=MARCH)
    table = list(csv.reader(io.StringIO(path.read_text())))
    named = table[0].index("Provider Org Name")
    for row in table[1:]:
        row[named] = MARKUP
    written = io.StringIO()
    csv.writer(written).writerows(table)
    path.write_text(written.getvalue())
    (result,) = load_path(sqlite_engine, path)
    assert result.state == "loaded"
    scope = Series(
        source="monthly", level="provider", organisation_code="RTD", treatment_function="C_999", measure=""
    )
    jo, at = Reader("jo", may_write=True), datetime(2025, 6, 1, tzinfo=UTC)
    writing.annotate(sqlite_engine, jo, scope, noted_on=MARCH, text=MARKUP, at=at)
    writing.save_group(sqlite_engine, jo, kind="trusts", name=MARKUP, members=["RTD"], at=at)
    return sqlite_url


def test_every_page_draws_under_the_policy_and_shows_markup_as_text(serve, page, hostile):
    address = serve(RTT_DATABASE_URL=hostile, RTT_ACCESS="single-user")
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for each in PAGES:
        page.goto(f"{address}{each.path}?level=provider&org=RTD")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.locator("img[src=x]").count() == 0
    page.goto(f"{address}/?level=provider&org=RTD")
    expect(page.get_by_role("heading", level=1)).to_contain_text(MARKUP)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert dialogs == []


def test_the_policy_refuses_any_other_style_and_the_browser_says_so(serve, chromium):
    with chromium.new_context() as context:
        refused = refusals(context)
        page = context.new_page()
        page.goto(f"{serve()}/status")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert refused == []
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        with page.expect_console_message(lambda said: "style-src-elem" in said.text):
            page.evaluate(
                "document.head.appendChild(document.createElement('style')).textContent = 'p { color: red }'"
            )
        assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
        assert [each.removeprefix(TOLD).split()[0] for each in refused] == [
            "style-src-attr",
            "style-src-elem",
        ]


def test_a_page_cannot_be_framed_by_another(place, page):
    framed = f"http://{place}/status"
    page.route(
        "http://127.0.0.1:9/",
        lambda route: route.fulfill(
            body=f'<iframe src="{framed}" onload="window.answered = true"></iframe>', content_type="text/html"
        ),
    )
    page.goto("http://127.0.0.1:9/")
    # A frame that was refused has loaded too.
    page.wait_for_function("() => window.answered")
    assert page.frame_locator("iframe").get_by_text("RTT dashboard").count() == 0


@pytest.fixture(scope="module")
def place(serve_for_all):
    """Host and port of a real server."""
    return urlsplit(serve_for_all(RTT_ACCESS="single-user")).netloc


def test_a_server_turns_300_mb_away_without_reading_them(place):
    connection = http.client.HTTPConnection(place, timeout=servers.PATIENCE / 1000)
    connection.putrequest("POST", "/status/load")
    headers = {"Origin": f"http://{place}", "Content-Length": "300000000"} | servers.proofs()
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    # Not a byte of the body was sent, and the answer is there.
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    ("headers", "statuses"),
    [
        ({}, {200}),
        ({"Host": "evil.example"}, {421}),
        ({"Host": "localhost.evil.example"}, {421}),
        ({"X-Forwarded-For": "127.0.0.1"}, {403}),
        ({"Forwarded": "for=127.0.0.1"}, {403}),
        # The server itself drops or refuses names with underscores, which could pass for ours.
        ({"X_Forwarded_For": "127.0.0.1"}, {200, 400, 403}),
    ],
)
def test_a_real_server_passes_on_what_the_guard_needs(place, headers, statuses):
    connection = http.client.HTTPConnection(place, timeout=servers.PATIENCE / 1000)
    connection.request("GET", "/version", headers=headers | servers.proofs())
    assert connection.getresponse().status in statuses
    connection.close()
