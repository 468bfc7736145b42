"""When a page is drawn: what to wait for before it is pressed or measured, in the browser's own time."""

from playwright.sync_api import Page

CHARTS_ARE_DRAWN = """() => [...document.querySelectorAll(".rtt-chart")].every(
    chart => chart.querySelector(".js-plotly-plot .main-svg"))"""
# A chart notices some time after the page that it has another width.
CHARTS_FILL_THEIR_PLACE = """() => [...document.querySelectorAll(".rtt-chart .js-plotly-plot")].every(
    plot => plot._fullLayout && Math.abs(plot._fullLayout.width - plot.clientWidth) <= 1)"""
# The controls are drawn some time after the figures. On a busy machine frames are as late as whatever draws.
NOTHING_IS_DRAWN = """() => new Promise(done => {
    let frames = 0;
    const drawn = new MutationObserver(() => { frames = 0; });
    for (const id of ["page", "filters"]) {
        const part = document.getElementById(id);
        if (part) { drawn.observe(part, {childList: true, subtree: true}); }
    }
    const next = () => {
        frames += 1;
        if (frames < 12) { requestAnimationFrame(next); } else { drawn.disconnect(); done(true); }
    };
    requestAnimationFrame(next);
})"""


def opened(page: Page, url: str) -> Page:
    """The page when it is drawn, charts included."""
    page.goto(url)
    page.wait_for_selector("#page h1", timeout=60_000)
    page.wait_for_function(CHARTS_ARE_DRAWN)
    return page


def settled(page: Page) -> None:
    """Wait until what was asked for is drawn as a whole: a press now falls between no two drawings.

    The heading tells that the answer has come; wait for that first.
    """
    page.wait_for_function(CHARTS_ARE_DRAWN)
    page.evaluate(NOTHING_IS_DRAWN)


def resized(page: Page, width: int, height: int = 900) -> None:
    """The page at another width, when its charts have taken it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(CHARTS_FILL_THEIR_PLACE)
    settled(page)


def plot_widths(page: Page) -> list[float]:
    """The width of every chart's plot area, in pixels."""
    areas = "all => all.map(area => area.getBoundingClientRect().width)"
    return page.locator(".js-plotly-plot .nsewdrag").evaluate_all(areas)


def cut_off(page: Page) -> list[str]:
    """Labels of axes that do not lie wholly within their chart."""
    return page.locator(".js-plotly-plot :is(.xtick, .ytick) text").evaluate_all(
        """all => all.filter(label => {
            const box = label.getBoundingClientRect();
            const chart = label.closest(".js-plotly-plot").getBoundingClientRect();
            return box.left < chart.left - 0.5 || box.right > chart.right + 0.5;
        }).map(label => label.textContent)"""
    )
