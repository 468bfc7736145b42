"""Every control of every page works by mouse, touch and keyboard: each is pressed, and something follows.

The pages say which controls they have; see tests/browser/controls.py.
"""

import random
import shutil
from urllib.parse import urljoin

import pytest

from dashboard.pages import PAGES
from tests import servers
from tests.browser import controls
from tests.conftest import SOAK

pytestmark = pytest.mark.browser

PATHS = [*(page.path for page in PAGES), "/quick-guide"]
OF_A_RETURN = "?source=monthly&level=provider&org=R9A"
STATES = {
    "/": ("", "?source=monthly"),
    "/trends": ("", OF_A_RETURN),
    "/list": ("", OF_A_RETURN),
    "/breaches": (
        *(f"?show={tab}" for tab in ("who", "expected", "since", "projection", "record")),
        OF_A_RETURN,
        f"{OF_A_RETURN}&show=projection",
    ),
    "/specialties": ("?tf=C_110", OF_A_RETURN, "?source=monthly&peers=providers&tf=C_110"),
}
EXEMPT = {
    "keyboard alone": "The link past the navigation is seen only while it has the focus.",
    "narrow alone": "Menu and Filters are seen only on a narrow screen; they have a test of their own.",
    "leads here": "A link to the page that is open changes nothing.",
    "disabled": "It says by its looks that it cannot be pressed now.",
}


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.fixture(scope="module")
def browsing(chromium):
    """One context of a person with mouse, keyboard and touch screen, whose pages keep still when told to."""
    still = controls.Stillness()
    context = chromium.new_context(
        locale="en-GB", timezone_id="Europe/London", has_touch=True, viewport={"width": 1280, "height": 900}
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    still.keep(context)
    servers.let_in(context)
    servers.BROWSERS.append(context)
    yield context, still
    servers.BROWSERS.remove(context)
    context.close()


@pytest.fixture
def tried(browsing, request):
    """A page of that context; a dead tab or a broken script fails the test."""
    context, still = browsing
    page, faults = context.new_page(), []
    page.set_default_timeout(servers.PATIENCE)
    page.on("crash", lambda _page: faults.append("the tab died"))
    page.on("pageerror", lambda error: faults.append(str(error)))
    still.watch(page)
    still.armed = False
    yield page, still
    still.armed = False
    page.close()
    assert faults == []


def exempt(control, way, address):
    """Why nothing need follow a press on this control; '' if something must."""
    if control["skips"] and way != "keyboard":
        return EXEMPT["keyboard alone"]
    if control["folds"]:
        return EXEMPT["narrow alone"]
    if control["disabled"]:
        return EXEMPT["disabled"]
    if control["href"] and urljoin(address, control["href"]) == address and not control["clears"]:
        return EXEMPT["leads here"]
    return ""


def elsewhere(control, way, path):
    """Whether another page tries it in this way: what stands round every page takes the ways in turn."""
    return not SOAK and control["frame"] and controls.WAYS[PATHS.index(path) % len(controls.WAYS)] != way


@pytest.mark.parametrize("path", PATHS)
def test_something_follows_a_press_by_mouse_touch_and_keyboard_on_every_control_of(path, address, tried):
    """Fault 1 and 37: a press on a specialty's name ticked nothing and ended Chromium's tab; boxes had only
    ever been tried by focus and Space.
    """
    page, still = tried
    idle, before = [], {way: set() for way in controls.WAYS}
    for query in STATES.get(path, ("",)):
        still.armed = False
        controls.settle(page, address + path + query)
        still.armed = True
        for way in controls.WAYS:
            # Read anew: what the way before chose and filled in is there.
            found = page.evaluate("trial.read()")
            assert found
            for control in controls.some(found, every=SOAK, tried=before[way]):
                if exempt(control, way, address + path + query) or elsewhere(control, way, path):
                    continue
                if not controls.use(page, control, way, still, path + query):
                    idle.append((way, query, controls.named(control)))
                if control["tag"] == "select" and way == "mouse":
                    idle += [
                        (query, controls.named(control), at)
                        for at in options(control)
                        if not controls.choose(page, control, at)
                    ]
    assert idle == []


def options(control):
    """The options of a menu that can be chosen: all of a short one, some of a long one."""
    able = [at for at, enabled in enumerate(control["options"]) if enabled]
    return able if SOAK or len(able) <= 3 else [able[1], able[-1], able[0]]


IS_FOUND_UNDER_THE_POINTER = """([plot, href]) => {
    const found = document.querySelectorAll(".js-plotly-plot")[plot]._hoverdata || [];
    return found.some(point => point.customdata === href);
}"""
NOTES_WHERE_IT_GOES = """() => {
    const push = history.pushState.bind(history);
    window.went = [];
    history.pushState = (state, title, address) => {
        push(state, title, address);
        window.went.push(location.pathname + location.search);
    };
    for (const kind of ["touchstart", "touchend", "mousemove", "mousedown", "mouseup", "click"]) {
        document.addEventListener(kind, () => { window.lastEvent = performance.now(); }, true);
    }
}"""
# A tap is followed by a mouse's events of the browser's own, up to 0.3 s later. Meeting the next tap they are
# taken for a finger that drags, which no finger does.
NOTHING_FOLLOWS_THE_LAST_TAP = "() => performance.now() - (window.lastEvent || 0) > 500"


@pytest.mark.parametrize("way", ["mouse", "touch"])
@pytest.mark.parametrize("path", [page.path for page in PAGES if page.controls and not page.audited])
def test_every_point_and_bar_that_leads_somewhere_does_and_the_table_has_its_link(path, way, address, tried):
    """Fault 39: bars of Breaches led nowhere. The keyboard has the link of the same row in the table."""
    page, still = tried
    for query in STATES.get(path, ("",)):
        still.armed = False
        controls.settle(page, address + path + query)
        page.evaluate(NOTES_WHERE_IT_GOES)
        points = page.evaluate("trial.points()")
        assert [each for each in points if not each["inTable"]] == []
        still.armed = True
        for each in chosen(points):
            page.evaluate(
                "address => { history.replaceState({}, '', address); window.went = []; }", path + query
            )
            area = page.locator(".js-plotly-plot").nth(each["plot"]).locator(".nsewdrag").first
            area.scroll_into_view_if_needed()
            box = area.bounding_box()
            x, y = box["x"] + each["px"], box["y"] + each["py"]
            if way == "mouse":
                # Plotly looks for the point under a moving pointer at most twenty times a second, and a click
                # takes the one that it found last.
                page.mouse.move(x, y)
                page.wait_for_function(IS_FOUND_UNDER_THE_POINTER, arg=[each["plot"], each["href"]])
                page.mouse.click(x, y)
            else:
                page.wait_for_function(NOTHING_FOLLOWS_THE_LAST_TAP)
                page.touchscreen.tap(x, y)
            page.wait_for_function("href => window.went.some(each => each.endsWith(href))", arg=each["href"])


def chosen(points):
    """The first and the last of each trace, and one between by chance; all of them under `make soak`."""
    traces = {}
    for each in points:
        traces.setdefault((each["plot"], each["trace"]), []).append(each)
    some = [[one[0], one[-1], random.Random(5).choice(one)] for one in traces.values()]
    return points if SOAK else [each for three in some for each in three]


def test_charts_of_breaches_lead_on(address, tried):
    """Fault 39: whom the bars of the states, the weeks and the specialties count is one press away."""
    page, _ = tried
    leading = set()
    for tab in ("who", "expected"):
        controls.settle(page, f"{address}/breaches?show={tab}")
        leading |= {each["card"] for each in page.evaluate("trial.points()")}
    assert leading >= {"ladder", "ladder-weeks", "expected-chart"}


@pytest.mark.parametrize("path", PATHS[:-1])
def test_menu_and_filters_unfold_and_fold_on_a_narrow_screen_by_every_way_on(path, address, tried):
    page, still = tried
    page.set_viewport_size({"width": 390, "height": 844})
    found = controls.settle(page, address + path)
    still.armed = True
    # A page without filters has nothing to unfold.
    folds = ["Menu", "Filters"] if page.locator("#filters > *").count() else ["Menu"]
    seen = [each for each in found if each["name"] in ("Menu", "Filters") and not each["folds"]]
    assert [each["name"] for each in seen] == folds
    for each in seen:
        folded = page.locator("#" + page.evaluate("it => controls[it].dataset.fold", each["number"]))
        for way in controls.WAYS:
            assert folded.is_hidden()
            assert controls.use(page, each, way, still, path), (way, each["name"])
            assert folded.is_visible(), (way, each["name"])
            assert controls.use(page, each, way, still, path), (way, each["name"])
            assert folded.is_hidden(), (way, each["name"])
