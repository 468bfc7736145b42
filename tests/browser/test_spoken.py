"""What Chromium tells assistive technology of Find a place and of tables that sort, at every key.

The search is a combobox with a list (ARIA 1.2, editable, list popup). Which column a table is sorted by is
not told over Chromium's protocol: that is read from the element, as a screen reader is given it.
"""

import re
import shutil
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.drawing import opened, settled

pytestmark = pytest.mark.browser

TRUST = "/?source=monthly&level=provider&org=R9A"


@pytest.fixture(scope="module")
def address(serve_for_all, demo_template, tmp_path_factory) -> str:
    path = shutil.copy(demo_template, tmp_path_factory.mktemp("sample") / "demo.db")
    return serve_for_all(RTT_DATABASE_URL=f"sqlite:///{path}", RTT_ACCESS="single-user")


@pytest.fixture
def session(tab) -> CDPSession:
    return tab.context.new_cdp_session(tab)


def told(session: CDPSession, what: str) -> dict[str, Any]:
    """Role, name, states and relations of one element; {} of one that is not told of."""
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    number = session.send("DOM.querySelector", {"nodeId": root, "selector": what})["nodeId"]
    asked = {"nodeId": number, "fetchRelatives": False}
    (node,) = session.send("Accessibility.getPartialAXTree", asked)["nodes"]
    if node["ignored"]:
        return {}
    found = {each["name"]: each["value"] for each in node.get("properties", [])}
    states = {name: value.get("value") for name, value in found.items()}
    related = {
        name: [one.get("idref") for one in value["relatedNodes"]]
        for name, value in found.items()
        if value.get("relatedNodes")
    }
    return {"role": node["role"]["value"], "name": node["name"]["value"], **states, **related}


def chosen(page: Page, session: CDPSession) -> int:
    """Which hit is the active one: the only one selected, and the one that the field points to."""
    hits = page.locator("#find-list [role=option]").count()
    selected = [at for at in range(hits) if told(session, f"#find-{at}")["selected"]]
    assert len(selected) == 1, selected
    assert told(session, "#find")["activedescendant"] == [f"find-{selected[0]}"]
    return selected[0]


def test_the_search_is_told_as_a_combobox_at_every_key(tab, session, address):
    opened(tab, address + TRUST)
    field = tab.get_by_role("combobox", name="Find a place or specialty")
    field.focus()
    before = told(session, "#find")
    assert (before["role"], before["expanded"], before["focused"]) == ("combobox", False, True)
    assert "activedescendant" not in before
    assert told(session, "#find-list") == {}, "a closed list is told to nobody"
    tab.keyboard.insert_text("tameford")  # all letters at once: one answer
    expect(tab.locator("#find-0")).to_have_attribute("aria-selected", "true")
    open_ = told(session, "#find")
    assert (open_["expanded"], open_["autocomplete"], open_["controls"]) == (True, "list", ["find-list"])
    assert told(session, "#find-list")["role"] == "listbox"
    last = tab.locator("#find-list [role=option]").count() - 1
    assert last >= 2
    for key, at in (
        ("ArrowDown", 1),
        ("ArrowDown", 2),
        ("ArrowUp", 1),
        ("End", last),
        ("ArrowDown", 0),
        ("ArrowUp", last),
        ("Home", 0),
    ):
        tab.keyboard.press(key)
        assert chosen(tab, session) == at, key
        expect(field).to_be_focused()
    tab.keyboard.press("Escape")
    closed = told(session, "#find")
    assert (closed["expanded"], closed["focused"]) == (False, True)
    assert "activedescendant" not in closed
    expect(field).to_have_value("tameford")
    tab.keyboard.press("Escape")
    expect(field).to_have_value("")
    tab.keyboard.type("tameford urology")
    expect(tab.locator("#find-0")).to_contain_text("Urology")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("tf=C_101"))
    expect(field).to_have_attribute("aria-expanded", "false")


def test_how_many_places_match_is_said_politely(tab, session, address):
    opened(tab, address + TRUST)
    region = told(session, "#announce")
    assert (region["role"], region["live"], region["atomic"]) == ("status", "polite", True)
    field = tab.get_by_role("combobox", name="Find a place or specialty")
    field.fill("wyredale hospitals")
    expect(tab.locator("#announce")).to_have_text(re.compile(r"^\d+ match"))
    field.fill("nobody of this name")
    expect(tab.locator("#announce")).to_have_text("Nothing matches")


def test_a_table_that_sorts_is_told_by_its_heads(tab, session, address):
    opened(tab, address + TRUST)
    settled(tab)
    table = tab.locator("[data-card=specialties] table").first
    heads = table.get_by_role("columnheader")
    assert heads.count() > 5
    for at in range(heads.count()):
        one = told(session, f"[data-card=specialties] thead th:nth-child({at + 1})")
        link = told(session, f"[data-card=specialties] thead th:nth-child({at + 1}) a")
        assert one["role"] == "columnheader"
        assert (link["role"], link["name"]) == ("link", one["name"]), "no arrow is part of a name"
        assert re.fullmatch(r"[\w ,]+", one["name"]), one
    waiting = table.get_by_role("columnheader", name="Waiting")
    waiting.get_by_role("link").focus()
    for sort, order in (("descending", -1), ("ascending", 1)):
        tab.keyboard.press("Enter")
        expect(waiting).to_have_attribute("aria-sort", sort)
        expect(waiting.get_by_role("link")).to_be_focused()
        settled(tab)
        assert table.locator("th[aria-sort]").count() == 1
        assert waiting.evaluate("it => it.ariaSort") == sort
        # The total stands last, whatever the order.
        column = table.locator("tbody tr td:nth-of-type(1)").evaluate_all(
            "all => all.map(each => each.textContent)"
        )
        names = table.locator("tbody tr th").evaluate_all("all => all.map(each => each.textContent)")
        sizes = [
            int(size.replace(",", ""))
            for name, size in zip(names, column, strict=True)
            if name != "All specialties"
        ]
        assert sizes == sorted(sizes, key=lambda size: order * size)
