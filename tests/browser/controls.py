"""The controls of a page as the page itself has them, and what a person's press on each of them does.

Nothing here knows a page: whatever can be pressed, chosen or filled in is found in the document, so that a
new control is tried from the day it is there. Pages keep still meanwhile: what a press asks of the server is
noted and answered with "nothing new", so that a thousand controls can be tried in a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.drawing import CHARTS_ARE_DRAWN, NOTHING_IS_DRAWN

WAYS = ("mouse", "touch", "keyboard")
SCRIPT = Path(__file__).with_suffix(".js").read_text()
# Looks at what was asked for, each with 100 ms of looking at the page: a pack is made meanwhile.
PATIENCE = 300
Control = dict[str, Any]


@dataclass
class Stillness:
    """A context whose pages stay as they are: what a press asked for, and what it opened or began to save."""

    asked: list[str] = field(default_factory=list)
    armed: bool = False

    def keep(self, context: BrowserContext) -> None:
        """Answer for the server from when it is armed on."""
        context.route("**/*", self._answer)

    def watch(self, page: Page) -> None:
        """Note what goes on outside of the page."""
        page.on("download", lambda begun: self.asked.append(f"download {begun.suggested_filename}"))
        page.on("popup", lambda opened: (self.asked.append("a page of its own"), opened.close()))
        page.on("filechooser", lambda _opened: self.asked.append("a choice of files"))

    def _answer(self, route: Route) -> None:
        request, path = route.request, urlsplit(route.request.url).path
        if not self.armed or path.startswith(("/assets/", "/_dash-component")):
            route.continue_()
        elif path.startswith("/_dash-"):
            route.fulfill(status=204)
        elif (
            request.method == "POST"
            or request.is_navigation_request()
            or path.startswith(("/card.", "/pack."))
        ):
            self.asked.append(f"{request.method} {path}")
            route.fulfill(status=204)
        else:
            route.continue_()


def settle(page: Page, address: str) -> list[Control]:
    """The page at this address, drawn, with everything unfolded; its controls."""
    page.goto(address)
    page.wait_for_selector("h1", timeout=60_000)
    page.wait_for_function(CHARTS_ARE_DRAWN)
    page.wait_for_function("() => !document.querySelector('[data-upload]:empty')")
    page.evaluate(NOTHING_IS_DRAWN)
    page.evaluate(SCRIPT)
    return page.evaluate("trial.read()")


def some(controls: list[Control], *, every: bool, tried: set[str]) -> Iterator[Control]:
    """All of them, or of those that differ in nothing but their words the first and the last.

    Unless every one is wanted, kinds that were tried before are left out, and those of now are added to them.
    """
    kinds: dict[str, list[Control]] = {}
    for each in controls:
        if every or each["kind"] not in tried:
            kinds.setdefault(each["kind"], []).append(each)
    tried.update(kinds)
    for alike in kinds.values():
        chosen = alike if every else [alike[0], alike[-1]]
        yield from {each["number"]: each for each in chosen}.values()


def use(page: Page, control: Control, way: str, still: Stillness, address: str) -> str:
    """What a press on a control is followed by; '' for nothing within five seconds."""
    still.asked.clear()
    if control["clears"]:
        address += ("&" if "?" in address else "?") + "tf=C_130"
    if control["firstTabOf"]:
        address += ("&" if "?" in address else "?") + f"tab={control['firstTabOf']}.download"
    place = page.evaluate(
        "([number, address, focus]) => trial.place(number, address, focus)",
        [control["number"], address, way == "keyboard"],
    )
    assert place["meets"], f"{named(control)} at {address}: {place['why']}"
    _press(page, control, way, place)
    for _ in range(PATIENCE):
        changed = page.evaluate("number => trial.effect(number, 100)", control["number"])
        if changed or still.asked:
            return str(changed or still.asked[0])
    return ""


def named(control: Control) -> str:
    """A control as a failure names it."""
    return f"{control['tag']} {control['type']} “{control['name']}”"


def _press(page: Page, control: Control, way: str, place: dict[str, Any]) -> None:
    if way == "keyboard":
        if control["type"] == "date":
            page.keyboard.type("01022026")
        else:
            page.keyboard.press(_key(control))
        return
    page.mouse.click(place["x"], place["y"]) if way == "mouse" else page.touchscreen.tap(
        place["x"], place["y"]
    )
    if control["tag"] == "select":
        # Its list is the browser's own; its options are chosen apart.
        page.keyboard.press("Escape")


def _key(control: Control) -> str:
    if control["tag"] == "select":
        return "ArrowUp" if control["lastChosen"] else "ArrowDown"
    if control["type"] in ("text", "textarea", "search"):
        return "x"
    if control["type"] == "number":
        return "ArrowUp"
    return "Space" if control["type"] == "checkbox" else "Enter"


def choose(page: Page, control: Control, position: int) -> str:
    """What follows when an option of a menu is chosen: a filter's is then in the address, '' if it is not."""
    before = page.evaluate("location.pathname + location.search")
    menu = page.evaluate_handle("number => window.controls[number]", control["number"]).as_element()
    assert menu is not None
    if menu.evaluate("it => it.selectedIndex") == position:
        return "chosen already"
    menu.select_option(index=position)
    if not menu.evaluate("it => !!it.closest('.rtt-filters')"):
        return "chosen" if menu.evaluate("it => it.selectedIndex") == position else ""
    for _ in range(PATIENCE):
        if page.evaluate("location.pathname + location.search") != before:
            return "in the address"
        page.wait_for_timeout(50)
    return ""
