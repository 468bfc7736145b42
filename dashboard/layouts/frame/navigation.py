"""The navigation: the pages people choose among, and two menus for what stands beside them.

A page says in its `PAGE` under which menu it is. Links carry the scope along; a page of patients is always
asked for with the PTL, for the monthly return has none to show, and the plan with the return.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.filters import Filters, for_another_page, to_query
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link
from dashboard.layouts.frame.of_source import of_source
from dashboard.layouts.frame.page import MENUS, Page
from dashboard.layouts.frame.signed_in import signed_in
from dashboard.scope.scope import Scope

Component = Any


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the navigation."""

    title: str
    href: str
    here: bool


def navigation(pages: Sequence[Page], current: str, scope: Scope) -> Component:
    """Links to the pages; the scope goes along, a page's own settings do not."""
    top = [html.Li(_link(item)) for item in _items(pages, current, scope, "")]
    menus = [html.Li(_menu(name, _items(pages, current, scope, name))) for name in MENUS]
    return html.Ul([*top, *menus, *signed_in(scope.reader)])


def _items(pages: Sequence[Page], current: str, scope: Scope, menu: str) -> list[Item]:
    return [
        Item(page.title, page.path + to_query(_filters(page, scope)), page.path == current)
        for page in pages
        if page.menu == menu and page.in_navigation(scope.reader)
    ]


def _filters(page: Page, scope: Scope) -> Filters:
    along = for_another_page(scope.filters)
    source = "weekly" if page.of_patients else page.source
    return of_source(scope, along, source) if source else along


def _menu(name: str, items: Sequence[Item]) -> Component:
    here = any(item.here for item in items)
    return html.Details(
        [
            html.Summary(name, className="rtt-nav__menu" + (" rtt-nav__menu--here" if here else "")),
            html.Ul([html.Li(_link(item)) for item in items], className="rtt-popup__panel"),
        ],
        className="rtt-popup",
    )


def _link(item: Item) -> Component:
    return link(item.title, item.href, className="", **(attributes(aria_current="page") if item.here else {}))
