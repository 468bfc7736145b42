"""A person at a page, with a mouse, a finger or a keyboard, and how many actions they have needed.

An action is one press; or words typed and sent; with the keyboard, the way by Tab to a control and its key.
To choose from a menu is two: to open it, and to choose. To open an address is none: a journey begins there.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.drawing import settled

# As many controls as lie between any two of a page.
MOST_STEPS = 250
IS_FOCUSED = "it => it === document.activeElement"
SHOWS = "(it, option) => it.selectedOptions[0].label === option"
IS_BEFORE = (
    """it => !!(document.activeElement.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_PRECEDING)"""
)


@dataclass
class Person:
    """Somebody who uses a page in one way: "mouse", "touch" or "keyboard"."""

    page: Page
    way: str
    actions: int = 0

    def opens(self, address: str) -> None:
        """Begin at an address."""
        self.page.goto(address)
        self.page.wait_for_selector("h1", timeout=60_000)
        settled(self.page)
        self.actions = 0

    def presses(self, control: Locator) -> None:
        """One press on a control that is in sight or can be scrolled to."""
        self._goes_to(control)
        if self.way == "keyboard" and control.get_attribute("role") != "tab":
            self.page.keyboard.press("Enter")

    def writes(self, field: Locator, words: str) -> None:
        """Into a field, and sends it with Enter: two actions, to go there and to write."""
        self._goes_to(field)
        self.actions += 1
        self.page.keyboard.press("Control+A")  # what stood there makes way
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def chooses(self, menu: Locator, option: str) -> None:
        """From a menu of the browser's own, whose open list no page can show to a test: two actions."""
        self._goes_to(menu)
        self.actions += 1
        if self.way == "keyboard":
            self._steps("ArrowDown", menu, until=SHOWS, what=option)
        else:
            self.page.keyboard.press("Escape")
            menu.select_option(option)

    def saves(self, control: Locator) -> Download:
        """The file that a press gives."""
        with self.page.expect_download() as begun:
            self.presses(control)
        return begun.value

    def arrives(self, *words: str) -> None:
        """The heading of the page has all of these, and the page is drawn."""
        for each in words:
            expect(self.page.get_by_role("heading", level=1)).to_contain_text(each)
        settled(self.page)

    def _goes_to(self, control: Locator) -> None:
        self.actions += 1
        control.wait_for()
        if self.way == "keyboard":
            self._tabs_to(control)
        elif self.way == "touch":
            control.tap()
        else:
            control.click()

    def _tabs_to(self, control: Locator) -> None:
        """By Tab, forwards or back; the tabs of a card are one stop, with arrows among them."""
        stop, key = control, "Tab"
        if control.get_attribute("role") == "tab":
            stop = control.locator("xpath=ancestor::*[@role='tablist'][1]//*[@role='tab'][@tabindex='0']")
        if stop.evaluate(IS_BEFORE):
            key = "Shift+Tab"
        self._steps(key, stop)
        if control.get_attribute("role") == "tab":
            self._steps("ArrowRight", control)

    def _steps(self, key: str, control: Locator, until: str = IS_FOCUSED, what: str = "") -> None:
        for _ in range(MOST_STEPS):
            if control.evaluate(until, what):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not get to {control} {what}")
