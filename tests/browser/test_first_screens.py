"""The first screen shows the answer: how far down the first figure stands, how long and how wordy a page is.

Measured on the sample and on twelve published months, at 1280 x 900 and at 390 x 844.
"""

import shutil

import pytest
from playwright.sync_api import Page

from dashboard.pages import PAGES
from tests.browser.drawing import opened, resized
from tests.real_data.twelve_months import database as twelve_months

pytestmark = pytest.mark.browser

WIDE, NARROW = (1280, 900), (390, 844)
FIRST_FIGURE_WITHIN = 400
SCREENS, WORDS = 3, 700
# Read from beginning to end, not looked at: definitions.
READ = {"/about"}
PATHS = [page.path for page in PAGES]
SAMPLE = ("", "?source=monthly", "?source=monthly&level=provider&org=R9B", "?source=monthly&tf=C_110")
PUBLISHED = ("", "?level=provider&org=RBD", "?level=icb&org=QOP", "?level=provider&org=RAJ&tf=C_110")
# Words that can be seen: what is folded, and what is there for screen readers alone, is not.
SEEN = """() => {
    const hidden = [...document.querySelectorAll("#main .nhsuk-u-visually-hidden, #main select")];
    const before = hidden.map(each => each.style.display);
    hidden.forEach(each => { each.style.display = "none"; });
    const words = document.getElementById("main").innerText.split(/\\s+/).filter(word => /[a-z]/i.test(word));
    hidden.forEach((each, at) => { each.style.display = before[at]; });
    return words.length;
}"""
# What stands first on a page whose answer is no figure.
INSTEAD = {
    "/screens": ("#page form label", "a form: what it asks first is what its reader came for"),
    "/status": ("#page strong", "whether data is late is said in words and dates"),
}
# Where the first figure ends that is no part of a date or of a name; null where a page says in a sentence
# that it has none to show: a scope without a patient list, a reader without services, an empty audit trail.
FIRST_FIGURE = """() => {
    const texts = document.createTreeWalker(document.getElementById("page"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const words = texts.currentNode.nodeValue.replace(/\\d{1,2} [A-Z][a-z]{2} \\d{4}/g, "");
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        const box = range.getBoundingClientRect();
        const folded = texts.currentNode.parentElement.closest("h1, .nhsuk-u-visually-hidden, svg");
        const figure = /(^|\\s)[\\d,]+(\\.\\d+)?%?(\\s|$)/.test(words);
        const seen = texts.currentNode.parentElement.checkVisibility();
        if (figure && seen && box.height > 0 && !folded) { return box.bottom + scrollY; }
    }
    return null;
}"""


SAYS_WHY = "#page :is(p, .nhsuk-inset-text)"


@pytest.fixture(scope="module")
def sample(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.fixture(scope="module")
def months(serve_for_all, published, tmp_path_factory) -> str:
    path = shutil.copy(twelve_months(published), tmp_path_factory.mktemp("published") / "twelve.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


def too_much(tab: Page, path: str) -> list[str]:
    """What is too long, too wordy or too far down on the page that is open."""
    found = []
    resized(tab, *WIDE)
    height, words = tab.evaluate("document.documentElement.scrollHeight"), tab.evaluate(SEEN)
    if path not in READ and height > SCREENS * WIDE[1]:
        found.append(f"{height} pixels")
    if path not in READ and words > WORDS:
        found.append(f"{words} words")
    hero = tab.locator("[data-card=share-trend] .rtt-chart").first
    if path == "/" and (lower := hero.evaluate("chart => chart.getBoundingClientRect().bottom")) > WIDE[1]:
        found.append(f"the chart ends at {lower:.0f}")
    resized(tab, *NARROW)
    first = tab.evaluate(FIRST_FIGURE)
    if path in INSTEAD:
        box = tab.locator(INSTEAD[path][0]).first.bounding_box()
        first = box["y"] + box["height"]
    if first is None and tab.locator(SAYS_WHY).count() == 0:
        found.append("neither a figure nor a sentence")
    if path not in READ and (first or 0) > FIRST_FIGURE_WITHIN:
        found.append(f"the first figure ends at {first:.0f}")
    return found


def faults(found: dict[str, list[str]]) -> list[str]:
    return [f"{query}: {', '.join(each)}" for query, each in found.items() if each]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_the_sample_shows_its_answer_first(path, sample, tab):
    found = {query: too_much(opened(tab, sample + path + query), path) for query in SAMPLE}
    assert faults(found) == []


@pytest.mark.real_data
@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_the_published_months_shows_its_answer_first(path, months, tab):
    found = {query: too_much(opened(tab, months + path + query), path) for query in PUBLISHED}
    assert faults(found) == []
