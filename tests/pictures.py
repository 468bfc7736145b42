"""Pictures of every page of the sample, in both widths and both themes, and those that the documents show.

`make pictures` writes them to var/pictures, to be looked at, and renews docs/overview.png, breaches.png and
trends.png. The pictures of wall screens are taken by hand, at a wall's size.
"""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.pages import PAGES
from tests import sample, servers
from tests.browser.drawing import opened

SHELF = servers.ROOT / "var" / "pictures"
DOCS = servers.ROOT / "docs"
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
# The addresses that show what a page is for: the region, one specialty of it, one trust's list.
STATES = {
    "/": ("", "?source=monthly&level=provider&org=R9B", "?source=weekly"),
    "/breaches": ("?source=weekly", "?source=monthly"),
    "/specialties": ("?source=monthly&tf=C_110", "?source=monthly&peers=providers&tf=C_110"),
    "/book-next": ("?source=weekly&tf=C_110",),
}
OF_DOCUMENTS = {"overview": "/", "breaches": "/breaches?source=weekly", "trends": "/trends?source=monthly"}


def main() -> None:
    """Take them all."""
    shutil.rmtree(SHELF, ignore_errors=True)
    SHELF.mkdir(parents=True)
    with _served() as address, _browser() as browser:
        for theme in THEMES:
            for size, viewport in SIZES.items():
                with _page(browser, theme, viewport) as page:
                    _every_page(page, address, f"{size}-{theme}")
        with _page(browser, "light", SIZES["wide"]) as page:
            for name, path in OF_DOCUMENTS.items():
                _drawn(page, address + path).screenshot(path=DOCS / f"{name}.png")
    sys.stdout.write(f"{len(list(SHELF.iterdir()))} pictures in {SHELF.relative_to(servers.ROOT)}\n")


def _every_page(page: Page, address: str, of: str) -> None:
    for each in PAGES:
        for at, query in enumerate(STATES.get(each.path, ("",))):
            name = each.path.strip("/").replace("/", "-") or "overview"
            path = SHELF / f"{name}{f'-{at}' if at else ''}-{of}.png"
            _drawn(page, address + each.path + query).screenshot(path=path, full_page=True)


def _drawn(page: Page, address: str) -> Page:
    opened(page, address)
    page.wait_for_timeout(500)  # a chart fades its labels in
    return page


@contextlib.contextmanager
def _served() -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="rtt-pictures-"))
    database = shutil.copy(sample.database(), home / "demo.db")
    settings = {
        "RTT_HOME": str(home),
        "RTT_ACCESS": "single-user",
        "RTT_DATABASE_URL": f"sqlite:///{database}",
    }
    try:
        with servers.gunicorn(settings, log=home / "gunicorn.log") as address:
            yield address
    finally:
        shutil.rmtree(home)


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.CHROMIUM, args=[*servers.QUIET_CHROMIUM, "--no-sandbox"]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def _page(browser: Browser, theme: str, viewport: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(
        locale="en-GB", timezone_id="Europe/London", color_scheme=theme, viewport=viewport
    )
    servers.let_in(context)
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    sys.exit(main())
