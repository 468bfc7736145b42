"""What stands round every page: header, status line, filters, footer. A page is drawn by its own layout."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from dashboard import PRODUCT
from dashboard.analysis.not_whole import not_whole_words
from dashboard.filters import Filters, for_another_page, to_query
from dashboard.layouts.frame import ids
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link, notice
from dashboard.layouts.frame.missing_returns import way_to_absent
from dashboard.scope.feeds import due_date
from dashboard.scope.scope import Scope
from rtt.findings.sentences import LICENCE
from rtt.terms.calendar import moment_text
from rtt.terms.possible_dates import has_come
from rtt.terms.wording import date_text, list_text, number_text, plural, share_text, weekday_text

Component = Any
# Each of the two says in its address what it shows; assets/url.js keeps the sample from page to page.
OWN_DATA = link("My data", "/", **attributes(data_own="yes"))
SAMPLE_DATA = link("Sample", "/?data=sample")


def shell(*, published: bool, with_sample: bool = False) -> Component:
    """The page before anything is known: complete, so that no callback waits for a component.

    `published`: NHS England's own figures stand in it, and so must their licence. `with_sample`: there is a
    sample to look at beside the readers' own data.
    """
    return html.Div(
        [
            dcc.Location(id=ids.ADDRESS, refresh=False),
            dcc.Store(id=ids.TITLE),
            dcc.Store(id=ids.DRAWN),
            dcc.Store(id=ids.VERSION),
            dcc.Interval(id=ids.REFRESH, interval=60_000),
            html.A("Skip to main content", href="#main", className="nhsuk-skip-link"),
            html.Header(
                html.Div(
                    [
                        link("RTT dashboard", "/", className="rtt-header__name"),
                        html.Nav(id=ids.NAVIGATION, className="rtt-nav", **attributes(aria_label="Pages")),
                    ],
                    className="rtt-width",
                ),
                className="rtt-header",
            ),
            html.Div(id=ids.STATUS),
            html.Div(
                [
                    html.Main(
                        [html.Div(id=ids.FILTERS), html.Div(id=ids.NOTICES), html.Div(id=ids.PAGE)],
                        id="main",
                        className="rtt-main",
                        tabIndex=-1,
                    ),
                    html.Div(id=ids.ANNOUNCE, role="status", className="nhsuk-u-visually-hidden"),
                ],
                className="rtt-width",
            ),
            html.Footer(
                html.Div(
                    [
                        *([html.P(LICENCE)] if published else []),
                        html.P([link("About these figures", "/about"), f" | {PRODUCT}"]),
                        *([html.P(["Data shown: ", OWN_DATA, " | ", SAMPLE_DATA])] if with_sample else []),
                    ],
                    className="rtt-width",
                ),
                className="rtt-footer",
            ),
        ]
    )


def navigation(pages: Sequence[tuple[str, str]], current: str, filters: Filters) -> Component:
    """Links to the pages; the scope goes along, a page's own settings do not."""
    scope = to_query(for_another_page(filters))
    return html.Ul(
        [
            html.Li(
                link(
                    title, path + scope, className="", **({"aria-current": "page"} if path == current else {})
                )
            )
            for path, title in pages
        ]
    )


def status_line(scope: Scope, *, today: date) -> Component:
    """Which data, of which day, how old, when loaded, when the next is due, what was left out."""
    sample = (
        [html.P(html.Span(_sample_words(scope), className="rtt-width"), className="rtt-sample")]
        if scope.loaded.kind == "sample"
        else []
    )
    late = scope.census is not None and (_due(scope) < today or not has_come(scope.census, today))
    words = html.Ul(
        [html.Li(_with_way(scope, word)) for word in status_words(scope, today=today)],
        className="rtt-width",
    )
    line = html.Div(words, className="rtt-status" + (" rtt-status--late" if late else ""))
    return html.Section([*sample, line], **attributes(aria_label="Data status"))


def _sample_words(scope: Scope) -> list[Component]:
    words: list[Component] = ["Sample data: not a real trust"]
    if scope.filters.data:
        words += [". ", link("Show my data", "/", className="rtt-sample__link", **attributes(data_own="yes"))]
    return words


def _with_way(scope: Scope, word: str) -> Component:
    """Who did not report leads to the table of absences."""
    is_absence = word.startswith("PART MISSING") and scope.source == "monthly"
    return link(word, way_to_absent(scope), className="") if is_absence else word


def status_words(scope: Scope, *, today: date) -> list[str]:
    """The status line in words, for the page and for what is taken from it."""
    if scope.census is None:
        return ["No data is loaded yet"]
    held = next(h for h in scope.loaded.of(scope.source) if h.census_date == scope.census)
    weekly = scope.source == "weekly"
    what = "Weekly PTL (patient tracking list), unvalidated" if weekly else "Monthly return, submitted"
    revised = " (revised)" if held.revision and not weekly else ""
    left_out = held.rows_left_out / held.rows_read if held.rows_read else 0.0
    day = weekday_text(scope.census) if weekly else f"Census {date_text(scope.census)}"
    return [
        f"{what}{revised}",
        f"{day}, {_age((today - scope.census).days)}",
        f"Loaded {moment_text(held.loaded_at)}",
        _due_words(_due(scope), today),
        f"{share_text(left_out)} of rows left out" if left_out else "No rows left out",
        *_missing_words(scope),
    ]


def _due(scope: Scope) -> date:
    newest = scope.loaded.censuses(scope.source)[-1]
    return due_date(scope.enquiry.settings, scope.source, newest)


def _due_words(due: date, today: date) -> str:
    if due < today:
        return f"LATE: next was due {date_text(due)}"
    return "Next due today" if due == today else f"Next due {date_text(due)}"


def _missing_words(scope: Scope) -> list[str]:
    """What is not there: who sent no return, which part of a week was not loaded."""
    if scope.source != "weekly":
        return not_whole_words(scope)
    there = {
        h.section for h in scope.loaded.extracts if (h.source, h.census_date) == ("weekly", scope.census)
    }
    gone = [f"clock {section}" for section in ("starts", "stops") if section not in there]
    return [f"PART MISSING: {list_text(gone)} of this week"] if gone else []


def _age(days: int) -> str:
    if days < 0:
        return f"DATED AFTER TODAY, by {plural(-days, 'day')}"
    return "today" if days == 0 else "1 day ago" if days == 1 else f"{number_text(days)} days ago"


def notices(sentences: Sequence[str]) -> Component:
    """What had to be changed in the address, said once above the page."""
    return notice(*(html.P(sentence) for sentence in sentences)) if sentences else None
