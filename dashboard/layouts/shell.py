"""What stands round every page: header, status line, filters, footer. A page is drawn by its own layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.filters import Filters, to_query
from dashboard.layouts import ids
from dashboard.layouts.components import link, notice
from dashboard.queries.choices import LEVEL_NAMES, Choice
from rtt.calendar import LONDON, next_due_monthly, next_due_weekly
from rtt.treatment_functions import short_name_of
from rtt.wording import date_text, number_text, share_text

Component = Any
ALL = "*"
LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: NHS England, consultant-led referral to treatment waiting times."
)


def shell() -> Component:
    """The page before anything is known: complete, so that no callback waits for a component."""
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
                        html.Nav(id=ids.NAVIGATION, className="rtt-nav", **{"aria-label": "Pages"}),
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
                    [html.P(LICENCE), html.P(link("About these figures", "/about"))], className="rtt-width"
                ),
                className="rtt-footer",
            ),
        ]
    )


def navigation(pages: Sequence[tuple[str, str]], current: str, filters: Filters) -> Component:
    """Links to the pages; the scope goes along, a page's own settings do not."""
    scope = to_query(filters, band="", measure="", view="", points="", limits="", peers="")
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


def status_line(choice: Choice, *, today: date) -> Component:
    """Which data, of which day, how old, when loaded, when the next is due, what was left out."""
    sample = (
        [html.P(html.Span("Sample data: not a real trust", className="rtt-width"), className="rtt-sample")]
        if choice.holdings.kind == "sample"
        else []
    )
    if choice.census is None:
        return html.Div([*sample, _items(["No data is loaded yet"], late=False)])
    held = next(h for h in choice.holdings.of(choice.source) if h.census_date == choice.census)
    weekly = choice.source == "weekly"
    newest = choice.holdings.censuses(choice.source)[-1]
    due = next_due_weekly(newest) if weekly else next_due_monthly(newest)
    age = (today - choice.census).days
    what = "Weekly tracking list, unvalidated" if weekly else "Monthly return, submitted"
    revised = " (revised)" if held.revision and not weekly else ""
    left_out = held.rows_left_out / held.rows_read if held.rows_read else 0.0
    words = [
        f"{what}{revised}",
        f"{'Sunday ' if weekly else 'Census '}{date_text(choice.census)}, {_age(age)}",
        f"Loaded {_loaded(held.loaded_at)}",
        f"Next due {date_text(due)}" if due > today else f"LATE: next was due {date_text(due)}",
        f"{share_text(left_out)} of rows left out" if left_out else "No rows left out",
    ]
    return html.Div([*sample, _items(words, late=due < today)])


def _age(days: int) -> str:
    return "today" if days == 0 else "1 day ago" if days == 1 else f"{number_text(days)} days ago"


def _loaded(moment: datetime) -> str:
    # SQLite gives times back without their zone; they are stored in UTC.
    local = moment.replace(tzinfo=UTC).astimezone(LONDON)
    return f"{date_text(local.date())}, {local:%H:%M}"


def _items(words: Sequence[str], *, late: bool) -> Component:
    return html.Section(
        html.Ul([html.Li(word) for word in words], className="rtt-width"),
        className="rtt-status" + (" rtt-status--late" if late else ""),
        **{"aria-label": "Data status"},
    )


def filter_bar(choice: Choice, names: Sequence[str]) -> Component:
    """The controls a page offers, in order; native ones, applied at once."""
    controls = [made for name in names if (made := _CONTROLS[name](choice)) is not None]
    buttons = html.Div(
        [
            link("Reset", "?"),
            html.Button("Copy link", className="rtt-button", type="button", **{"data-copy": "address"}),
        ],
        className="rtt-buttons",
    )
    return html.Section(html.Div([*controls, buttons], className="rtt-filters"), **{"aria-label": "Filters"})


def notices(sentences: Sequence[str]) -> Component:
    """What had to be changed in the address, said once above the page."""
    return notice(*(html.P(sentence) for sentence in sentences)) if sentences else None


def select(name: str, label: str, options: Sequence[tuple[str, str]], value: str) -> Component:
    """A native select of one filter, with its label."""
    # The label holds its control: an id made of a pattern cannot be the target of a label.
    return html.Label(
        [
            html.Span(label, className="rtt-label"),
            dbc.Select(
                id=ids.control(name),
                # The component shows nothing for an empty value, so "all" has a value of its own.
                options=[{"value": code or ALL, "label": text} for code, text in options],
                value=value or ALL,
            ),
        ],
        className="rtt-filter",
    )


def _source(choice: Choice) -> Component | None:
    if len(choice.holdings.sources) < 2:
        return None
    names = {"weekly": "Weekly tracking list", "monthly": "Monthly return"}
    return select("source", "Data", [(s, names[s]) for s in choice.holdings.sources], choice.source)


def _level(choice: Choice) -> Component | None:
    held = {o.level for o in choice.organisations} | {"england"}
    if choice.source == "weekly":
        return None
    levels = [(level, name) for level, name in LEVEL_NAMES.items() if level in held]
    return select("level", "Level", levels, choice.filters.level or "england")


def _organisation(choice: Choice) -> Component | None:
    level = choice.filters.level if choice.source == "monthly" else "provider"
    found = [(o.code, f"{o.name} ({o.code})") for o in choice.organisations if o.level == level]
    if level in ("", "england") or not found or (choice.source == "weekly" and len(found) < 2):
        return None
    first = [] if choice.source == "weekly" else [("", f"Choose a {LEVEL_NAMES[level].lower()}")]
    return select("org", LEVEL_NAMES[level], first + found, choice.filters.org)


def _specialty(choice: Choice) -> Component | None:
    options = [("", "All specialties"), *((code, short_name_of(code)) for code in choice.offered_functions)]
    several = ",".join(choice.functions)
    if len(choice.functions) > 1:
        options.insert(1, (several, f"{len(choice.functions)} specialties"))
    return select("tf", "Specialty", options, several)


def _census(choice: Choice) -> Component | None:
    dates = reversed(choice.holdings.censuses(choice.source))
    newest, *_ = options = [(each.isoformat(), date_text(each)) for each in dates]
    value = choice.filters.census.isoformat() if choice.filters.census else ""
    return select("census", "Census date", [("", f"Newest: {newest[1]}"), *options], value)


_CONTROLS = {
    "source": _source,
    "level": _level,
    "org": _organisation,
    "tf": _specialty,
    "census": _census,
}
