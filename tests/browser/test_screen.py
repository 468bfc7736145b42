"""The wall screen in Chromium: it never lies about its age or its connection, and it comes back by itself."""

import contextlib
import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.application import create_app
from dashboard.server.access import Reader
from dashboard.server.url_tokens import hash_of
from dashboard.settings.settings import Settings
from dashboard.store import writing
from dashboard.store.screen_size import sizes
from ingest.loading.load import load_path
from tests import servers
from tests.browser.in_process import serving

pytestmark = pytest.mark.browser

TOKEN = "a-token-of-256-random-bits"
ADDRESS = f"/screen/surgery?token={TOKEN}"
OCTOBER = date(2026, 10, 31)
# The month after October 2026 is due on Thursday 14 January 2027, and October too old a month later.
AT = datetime(2026, 12, 20, 14, 0, tzinfo=UTC)
FACTS = {
    ("RTD", "01A", "2", "C_110"): {0: 6000, 15: 1500, 18: 3000, 52: 430},
    ("RTD", "01A", "2", "C_120"): {0: 1000, 16: 1060, 30: 200},
    ("RTD", "01A", "2", "C_502"): {0: 2000, 17: 900, 30: 200},
    ("RTD", "01A", "2", "C_100"): {0: 3000, 17: 100, 30: 200},
}
PAGES = (("share_within_18", "over_52", "passing_18_in_4_weeks"), ("total", "median_weeks", "starts"))


class Server:
    """The dashboard in this process, stopped and started again on the same port, at a chosen time."""

    def __init__(self, engine):
        self.moment, self.engine, self.port = AT, engine, 0
        self.running = contextlib.ExitStack()
        self.instead = None  # a status that a proxy answers with in our place
        self.start()

    def start(self):
        app = create_app(self.engine, Settings(home=Path("unused")), now=lambda: self.moment)
        self.port = self.running.enter_context(serving(self.behind_a_proxy(app.server), port=self.port))

    def behind_a_proxy(self, ours):
        def proxy(environ, start_response):
            if self.instead is None:
                return ours(environ, start_response)
            start_response(f"{self.instead} Of The Proxy", [("Content-Type", "text/html")])
            return [b"<h1>Back soon</h1>"]

        return proxy

    def stop(self):
        self.running.close()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def server(sqlite_engine, make_extract):
    for census in (date(2026, 8, 31), date(2026, 9, 30), OCTOBER):
        (result,) = load_path(sqlite_engine, make_extract(FACTS, census=census))
        assert result.state == "loaded"
    writing.save_screen(
        sqlite_engine,
        Reader("jo", may_write=True),
        title="Surgery",
        query="level=provider&org=RTD",
        pages=PAGES,
        inches=43,
        metres=4,
        theme="time",
        token_hash=hash_of(TOKEN),
        at=AT,
    )
    found = Server(sqlite_engine)
    yield found
    found.stop()


@pytest.fixture
def wall(page, server):
    """The screen, on, at a time that stands still until a test moves it on."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.clock.install(time=AT)
    page.goto(f"{server.address}{ADDRESS}")
    expect(page.locator(".tile")).to_have_count(3)
    expect(words(page)).to_have_text("Up to date: return of 31 Oct")
    return page


def words(page):
    return page.locator("#words")


def move_on(page, server, **time):
    """Server and screen alike; the screen's timers run, and what they ask for is answered."""
    step = timedelta(**time)
    server.moment += step
    page.clock.run_for(int(step.total_seconds() * 1000))
    page.wait_for_timeout(300)


def test_a_server_that_stops_is_noticed_within_a_minute_and_its_return_within_half_of_one(wall, server):
    server.stop()
    for _ in range(4):
        move_on(wall, server, seconds=15)
    expect(words(wall)).to_have_text("NO CONNECTION since 14:00")
    expect(wall.locator("#age")).to_contain_text("Data of 31 Oct, 50 days old")
    expect(wall.locator(".tile .figure").first).to_have_text("79.4%")
    server.start()
    move_on(wall, server, seconds=15)
    move_on(wall, server, seconds=15)
    expect(words(wall)).to_have_text("Up to date: return of 31 Oct")


def test_after_half_an_hour_without_contact_the_numbers_are_hatched(wall, server):
    server.stop()
    move_on(wall, server, minutes=29)
    assert "hatched" not in (wall.locator("body").get_attribute("class") or "")
    move_on(wall, server, minutes=2)
    expect(wall.locator("body")).to_have_class("hatched")
    expect(words(wall)).to_have_text("NO CONNECTION since 14:00")
    server.start()
    move_on(wall, server, seconds=30)
    expect(wall.locator("body")).not_to_have_class("hatched")


def test_late_data_is_late_in_words_and_old_data_is_taken_down_even_without_contact(wall, server):
    move_on(wall, server, days=0, seconds=1)
    server.moment = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)
    move_on(wall, server, seconds=30)
    expect(words(wall)).to_have_text("Late: return of 31 Oct, the next was due 14 Jan")
    expect(wall.locator("#mark")).to_have_text("■")
    expect(wall.locator(".tile")).to_have_count(3)
    server.stop()
    wall.clock.fast_forward(40 * 24 * 3_600_000)
    wall.wait_for_timeout(500)
    expect(wall.locator(".tile")).to_have_count(0)
    expect(wall.locator(".instead")).to_contain_text("The figures of 31 Oct are too old to show.")
    expect(words(wall)).to_have_text("NO CONNECTION since 09:00")


def test_a_reload_at_night_waits_for_the_server_and_an_outage_does_not_lose_the_page(wall, server):
    wall.evaluate("window.before = true")
    server.stop()
    wall.clock.fast_forward("15:00:00")
    wall.wait_for_timeout(500)
    assert wall.evaluate("window.before") is True
    expect(wall.locator(".tile")).to_have_count(3)
    server.moment += timedelta(hours=15)
    server.start()
    with wall.expect_navigation():
        wall.clock.run_for(15_000)
    assert wall.evaluate("window.before") is None
    expect(wall.locator(".tile")).to_have_count(3)


def test_switched_on_again_without_network_it_shows_what_it_had_and_how_old_that_is(page, server):
    page.clock.install(time=AT)
    page.goto(f"{server.address}{ADDRESS}")
    expect(page.locator(".tile")).to_have_count(3)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.stop()
    page.reload()
    expect(page.locator(".tile .figure").first).to_have_text("79.4%")
    move_on(page, server, seconds=60)
    expect(page.locator("#words")).to_contain_text("14:00")
    server.start()
    move_on(page, server, seconds=30)
    expect(page.locator("#words")).to_contain_text("Up to date")


def kept_files(page):
    return page.evaluate("caches.open('/screen/surgery').then(kept => kept.keys()).then(keys => keys.length)")


def ask_now(page, status):
    with page.expect_response(lambda answer: "data.json" in answer.url and answer.status == status):
        page.evaluate("window.dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_a_proxy_answers_during_an_upgrade_closes_no_screen_and_spoils_no_restart(page, server, status):
    page.goto(f"{server.address}{ADDRESS}")
    expect(page.locator(".tile")).to_have_count(3)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.instead = status
    ask_now(page, status)
    page.reload()
    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator("#words")).not_to_contain_text("CLOSED")
    server.instead = None
    ask_now(page, 200)
    server.stop()
    page.reload()
    expect(page.locator(".tile .figure").first).to_have_text("79.4%")


def test_an_emptied_store_is_filled_again(page, server):
    page.goto(f"{server.address}{ADDRESS}")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert page.evaluate("caches.delete('/screen/surgery')") is True
    deadline = time.monotonic() + servers.PATIENCE / 1000
    while kept_files(page) != 3:
        assert time.monotonic() < deadline, kept_files(page)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(1000)


def test_a_screen_on_this_machine_never_says_that_it_cannot_be_restarted(page, server):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "data.json" in request.url else None)
    page.goto(f"{server.address}{ADDRESS}")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    with page.expect_request(lambda request: "survives=yes" in request.url):
        page.evaluate("window.setInterval(() => window.dispatchEvent(new Event('online')), 1000)")
    assert "survives" not in asked[0]
    assert not any("survives=no" in each for each in asked)


def test_an_address_that_is_revoked_takes_the_figures_down(wall, server):
    writing.change_token(server.engine, Reader("jo", may_write=True), 1, token_hash=None)
    move_on(wall, server, seconds=16)
    expect(words(wall)).to_contain_text("CLOSED")
    expect(wall.locator(".tile")).to_have_count(0)
    assert wall.evaluate("localStorage.length") == 0


def test_two_pages_take_turns_and_can_be_paused(wall, server):
    first = wall.locator(".tile h2").first
    expect(first).to_have_text("Within 18 weeks")
    wall.clock.run_for(31_000)
    expect(first).to_have_text("Waiting list")
    wall.get_by_role("button", name="Pause").click()
    wall.clock.run_for(60_000)
    expect(first).to_have_text("Waiting list")
    wall.get_by_role("button", name="Resume").click()
    wall.clock.run_for(31_000)
    expect(first).to_have_text("Within 18 weeks")


_SIZES = """() => [...document.querySelectorAll("body *")]
  .filter(it => [...it.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
                && it.checkVisibility() && it.tagName !== "NOSCRIPT")
  .map(it => {
    const box = it.getBoundingClientRect();
    return {words: it.textContent, size: parseFloat(getComputedStyle(it).fontSize),
            figure: it.matches(".figure"),
            cut: box.left < 0 || box.top < 0 || box.right > 1920 || box.bottom > 1080
                 || it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0};
  })"""


_OVERFLOWS = """() => [...document.querySelectorAll("main, main *")].some(
  it => it.clientHeight && it.scrollHeight > it.clientHeight + 8
        && getComputedStyle(it).display !== "inline")"""


def test_at_four_metres_nothing_is_too_small_and_nothing_is_cut_off(wall, server):
    least = sizes(inches=43, metres=4)
    for _ in PAGES:
        found = wall.evaluate(_SIZES)
        assert len(found) > 15
        assert [each for each in found if each["size"] < 19.2 * least.least - 0.1] == []
        assert [each for each in found if each["figure"] and each["size"] < 19.2 * least.figure - 0.1] == []
        assert [each for each in found if each["cut"]] == []
        box = wall.evaluate("[document.body.scrollWidth, document.body.scrollHeight]")
        assert box == [1920, 1080]
        assert wall.evaluate(_OVERFLOWS) is False
        wall.clock.run_for(31_000)


def test_at_night_it_is_dark(wall, server):
    assert "night" not in (wall.locator("body").get_attribute("class") or "")
    server.moment = datetime(2026, 12, 20, 21, 0, tzinfo=UTC)
    wall.clock.run_for(16_000)
    expect(wall.locator("body")).to_have_class("night")


def test_hundreds_of_refreshes_do_not_fill_the_memory(wall, server, repetitions):
    session = wall.context.new_cdp_session(wall)

    def heap():
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"]

    before = heap()
    for _ in range(repetitions(500)):
        with wall.expect_response("**/data.json*"):
            server.moment += timedelta(seconds=15)
            wall.clock.run_for(15_000)
    assert heap() - before < 20_000_000


def test_the_history_has_its_standard_and_the_ends_of_its_scale_and_the_signal_its_colour(wall):
    first = wall.locator(".tile").first
    expect(first.locator(".ends")).to_contain_text("92.0%")
    expect(first.locator(".standard-name")).to_have_text("92% standard")
    expect(first.locator("path.standard")).to_have_count(1)
    inks = wall.evaluate(
        """() => ["improving", "concerning", "changed", "common"].map(look => {
          const tile = document.querySelector(".tile");
          tile.className = "tile " + look;
          tile.innerHTML = "<p class=signal>word</p>";
          return getComputedStyle(tile.firstChild).color;
        })"""
    )
    assert len(set(inks)) == 4


def test_words_in_the_place_of_a_figure_are_written_small(wall):
    sizes_of = wall.evaluate(
        """() => ["figure", "figure none"].map(look => {
          const words = document.querySelector(".tile p");
          words.className = look;
          return parseFloat(getComputedStyle(words).fontSize);
        })"""
    )
    assert sizes_of[1] < 0.7 * sizes_of[0]


@pytest.mark.parametrize("width", [1920, 3840])
def test_what_to_do_next_stands_in_full_below_the_figures(wall, width):
    wall.set_viewport_size({"width": width, "height": width * 9 // 16})
    lines = wall.locator(".next li")
    assert 1 <= lines.count() <= 3
    expect(lines.first).to_contain_text("Plan for ")
    below = wall.locator(".next").bounding_box()
    assert below["y"] + below["height"] < wall.locator("footer").bounding_box()["y"] + 1
    assert wall.evaluate(_OVERFLOWS) is False


def test_a_screen_is_set_up_from_a_page_with_a_preview_and_opened_by_its_address(
    serve, page, sqlite_url, server
):
    address = serve(RTT_DATABASE_URL=sqlite_url, RTT_ACCESS="single-user")
    page.goto(f"{address}/?level=provider&org=RTD&tf=C_110")
    page.locator("nav summary", has_text="Reports").click()
    way = page.get_by_role("link", name="Wall screens", exact=True)
    expect(way).to_have_attribute("href", re.compile("tf=C_110"))
    page.goto(f"{address}{way.get_attribute('href')}")
    preview = page.frame_locator("iframe[name=screen-preview]")
    expect(preview.locator("#state")).to_be_visible()
    page.get_by_label("Title, shown at the top").fill("Medicine")
    page.get_by_role("button", name="Preview").click()
    expect(preview.locator("h1")).to_have_text("Medicine")
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Set up the screen").click()
    told = page.locator("main").inner_text()
    assert "/screen/medicine?token=" in told
    page.goto(next(word for word in told.split() if "/screen/medicine?token=" in word))
    expect(page.locator("h1")).to_have_text("Medicine")
    expect(page.locator(".tile, .instead")).not_to_have_count(0)
