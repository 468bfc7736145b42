"""Hundreds of presses anywhere on each page: no tab dies, no script breaks, whatever is under the pointer."""

import random
import shutil
from urllib.parse import urlsplit

import pytest

from dashboard.pages import PAGES
from tests import servers

pytestmark = [pytest.mark.browser, pytest.mark.soak]

PRESSES = 500
SIZES = ((1280, 900), (390, 844))


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_presses_anywhere_end_no_tab_and_break_no_script_of(path, address, chromium):
    """Fault 1: the tab died at 13 of 13 presses on a specialty's name. Seeded: a failure comes again."""
    chance, faults = random.Random(path), []
    for (width, height), touch in zip(SIZES, (False, True), strict=True):
        context = chromium.new_context(
            locale="en-GB", viewport={"width": width, "height": height}, has_touch=touch
        )
        servers.let_in(context)
        page = context.new_page()
        page.set_default_timeout(servers.PATIENCE)
        page.on("crash", lambda _page: faults.append("the tab died"))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda asked: asked.dismiss())
        page.on("popup", lambda opened: opened.close())
        presses(page, address, path, chance, touch=touch)
        context.close()
    assert faults == []


def presses(page, address, path, chance, *, touch):
    """Half of the presses, on a page that is redrawn and scrolled, and opened again when it is left."""
    for _ in range(PRESSES // 2):
        if urlsplit(page.url).path != path:
            page.goto(address + path)
            page.wait_for_selector("#page h1")
        size = page.viewport_size
        x, y = chance.uniform(0, size["width"]), chance.uniform(0, size["height"])
        what = chance.random()
        if what < 0.1:
            page.evaluate(
                "part => scrollTo(0, part * document.documentElement.scrollHeight)", chance.random()
            )
        elif what < 0.3:
            # Its menu covers little of the page: chance alone would seldom press in it.
            page.evaluate("document.querySelectorAll('.rtt-choices').forEach(each => { each.open = true; })")
            menu = page.locator(".rtt-choices__panel")
            box = menu.bounding_box() if menu.count() else None
            if box:
                x, y = box["x"] + chance.uniform(0, box["width"]), box["y"] + chance.uniform(0, box["height"])
        if touch:
            page.touchscreen.tap(x, min(y, size["height"] - 1))
        else:
            page.mouse.move(x, y)
            page.mouse.down()
            if chance.random() < 0.2:
                page.mouse.move(chance.uniform(0, size["width"]), chance.uniform(0, size["height"]))
            page.wait_for_timeout(chance.choice([0, 0, 40, 150]))
            page.mouse.up()
