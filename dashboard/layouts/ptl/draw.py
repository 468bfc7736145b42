"""The patient list as a worklist: which pathways need a date now? One line each, for those with access.

How it is ordered and narrowed is in the address and nowhere else: a list that somebody else sorted would be
trusted for what it is not. Which columns a reader likes is kept for that reader.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.ptl import (
    Liking,
    ListPage,
    Looked,
    liking_of,
    order_of,
    page_of,
    selected,
    wanted,
)
from dashboard.filters import for_another_page, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.pager import pager
from dashboard.layouts.ptl import access, chips, tools
from dashboard.layouts.ptl.history import history
from dashboard.layouts.ptl.table import seen_on, worklist
from dashboard.scope.scope import Scope, scope_words
from dashboard.store.pathway_history import OnList, history_of
from dashboard.store.saved_views import SavedView, saved_views
from dashboard.store.selections import setting_of
from rtt.terms.wording import date_text, list_text, number_text, plural

Component = Any
PATH = tools.PATH
MOST_PLACES = 10

ORDER_NAMES = {
    "breach": "Those still to breach come first, the soonest at the top; then those that have breached, the "
    "longest wait first",
    "waited": "Ordered by wait",
    "priority": "Pathways with a decision to admit come first, by procedure priority; then the others, by "
    "referral priority",
    "stage": "Ordered by stage",
    "specialty": "Ordered by specialty",
    "site": "Ordered by site",
    "date": "Ordered by the date that counts",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list and what stands around it; `page` None where it could not be written down."""

    page: ListPage | None
    liking: Liking
    kept: str  # how the reader likes the list, as an address says it
    views: tuple[SavedView, ...]
    opened: tuple[OnList, ...] = ()
    not_recorded: str = ""  # why the view could not be written down
    counts_alone: bool = False


def load(connection: Connection, scope: Scope) -> Found | None:
    """None for who may not look; five statements where nothing is remembered, one more for an opened row, two
    more for a selection, and one that writes the audit trail.
    """
    if scope.census is None or access.refusal(scope) is not None:
        return None
    kept = setting_of(connection, scope.reader)
    liking = liking_of(scope.filters, kept)
    selection = selected(connection, scope, datetime.now(UTC))
    page = page_of(connection, scope, size=liking.size, selection=selection)
    if not page.matching and access.counts_alone(connection, scope):
        return Found(None, liking, kept, (), counts_alone=True)
    opened: tuple[OnList, ...] = ()
    at = int(scope.filters.open or 0)
    if 0 < at <= len(page.rows):
        opened = history_of(connection, wanted(scope, selection), page.rows[at - 1].token)
    why_not = access.recorded(connection, scope, PATH, rows=len(page.rows))
    if why_not:
        return Found(None, liking, kept, (), not_recorded=why_not)
    return Found(page, liking, kept, saved_views(connection), opened)


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if scope.census is None:
        return nothing_loaded(scope)
    title = html.H1(f"Patients: {scope_words(scope)}")
    if found is None:
        return html.Div([title, access.refusal(scope)])
    if found.counts_alone:
        return html.Div([title, access.no_pathways_here(scope)])
    if found.page is None:
        return html.Div([title, access.not_shown(found.not_recorded, scope, PATH)])
    return html.Div(
        [
            html.Div([title, _tools(scope, found, found.page)], className="rtt-patients__top"),
            access.stale_band(scope),
            _list(scope, found, found.page),
            _below(scope, found.page),
        ],
        className="rtt-patients",
        **attributes(data_keys="on" if found.liking.keys else "off", data_kept=found.kept),
    )


def _tools(scope: Scope, found: Found, page: ListPage) -> Component:
    return html.Div(
        [
            tools.tool("find", "Find", tools.find_form(scope)),
            tools.tool("waits", "Waits and bookings", tools.waits_form(scope)),
            tools.tool("columns", "Columns", tools.columns_form(scope, found.liking)),
            tools.tool(
                "views",
                f"Saved views ({number_text(len(found.views))})",
                tools.views_form(scope, found.views),
            ),
            tools.tool(
                "export", "Download", tools.export_form(scope, kind="list", rows=page.matching, back=PATH)
            ),
            tools.tool("keys", "Keys", tools.keys_help(scope, found.liking)),
            show.link(
                "Book next",
                f"/book-next{to_query(scope.filters, page='', sort=(), open='', columns=(), only=())}",
            ),
        ],
        className="rtt-tools",
        role="group",
        **attributes(aria_label="What to do with the list"),
    )


def _list(scope: Scope, found: Found, page: ListPage) -> Component:
    assert scope.census is not None
    on = seen_on(scope)
    title = f"{plural(page.matching, 'pathway')} on {date_text(scope.census)}"
    opened = history(found.opened, on) if found.opened else None
    return html.Section(
        [
            html.Div(
                [
                    html.H2(title, className="nhsuk-heading-m", id="pathways-title"),
                    chips.narrowing(scope, page),
                    chips.in_use(scope),
                ],
                className="rtt-patients__bar",
            ),
            *([_looked(page.looked, page)] if page.looked else []),
            *(
                [
                    worklist(scope, page.rows, found.liking.columns, opened=opened),
                    pager(scope.filters, page=page.page, pages=page.pages, label="Pages of the list"),
                ]
                if page.rows
                else [html.P("No pathway matches. Remove a filter to see more.")]
            ),
        ],
        **attributes(aria_labelledby="pathways-title"),
    )


def _looked(looked: Looked, page: ListPage) -> Component:
    """What became of pasted tokens, by count and place, never by the words that were pasted."""
    if looked.gone:
        words = "These tokens are no longer kept, or another reader pasted them. Paste them again under Find."
        return html.P(words, className="rtt-error", role="alert")
    there = looked.tokens - len(looked.not_there)
    said = [f"You pasted {plural(looked.entries, 'entry').replace('entrys', 'entries')}."]
    if looked.no_token:
        said.append(f"Not a token, so not looked for: {_places(looked.no_token)}.")
    if looked.not_there:
        said.append(f"Not on this list, or outside your services: {_places(looked.not_there)}.")
    if there > page.matching:
        said.append(f"The other filters hide {number_text(there - page.matching)}.")
    return html.P(" ".join(said), className="rtt-small", role="status")


def _places(places: tuple[int, ...]) -> str:
    """ "entry 3", "entries 3, 7 and 12", with an end for a long list."""
    shown: list[str] = [number_text(each) for each in places[:MOST_PLACES]]
    if len(places) > MOST_PLACES:
        shown.append(f"{number_text(len(places) - MOST_PLACES)} more")
    return f"{'entry' if len(places) == 1 else 'entries'} {list_text(shown)}"


def _below(scope: Scope, page: ListPage) -> Component:
    breaches = f"/breaches{to_query(for_another_page(scope.filters))}"
    order = ORDER_NAMES[order_of(scope.filters).column]
    return html.Div(
        [
            _elsewhere(scope, page),
            html.P(
                f"{order}. Days to a breach are counted from the list of {date_text(seen_on(scope).census)}. "
                f"An empty cell: none, or not known. {chips.legend()}",
                className="rtt-small",
            ),
            html.P(show.link("Breaches: how many will breach, and by when", breaches)),
            access.who_sees_what(scope),
        ]
    )


def _elsewhere(scope: Scope, page: ListPage) -> Component | None:
    if not page.elsewhere:
        return None
    others = plural(page.elsewhere, "pathway")
    if scope.filters.nonc:
        way = show.link("Leave them out", to_query(scope.filters, nonc="", page="", open="") or "?")
        words = f"With {others} of commissioners outside England, which are not in the headline figures. "
    else:
        way = show.link("Show them too", to_query(scope.filters, nonc="with", page="", open=""))
        words = f"Without {others} of commissioners outside England, which are not in the headline figures. "
    return html.P([words, way], className="rtt-small")
