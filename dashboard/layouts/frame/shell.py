"""What stands round every page: header, place, filters, footer. A page is drawn by its own layout."""

from collections.abc import Collection, Sequence
from typing import Any

from dash import dcc, html

from dashboard import PRODUCT
from dashboard.layouts.frame import ids
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link, notice
from dashboard.layouts.frame.status_line import SAMPLE
from dashboard.scope.scope import Scope
from rtt.findings.sentences import LICENCE
from rtt.terms.organisation_names import short_name
from rtt.terms.treatment_functions import short_name_of

Component = Any
# Each of the two says in its address what it shows; assets/url.js keeps the sample from page to page.
OWN_DATA = link("My data", "/", **attributes(data_own="yes"))
SAMPLE_DATA = link("Sample", "/?data=sample")


def shell(*, marks: Collection[str] = (), with_sample: bool = False) -> Component:
    """The page before anything is known: complete, so that no callback waits for a component.

    `marks`: 'published' where NHS England's own figures stand in it, and so must their licence; 'sample'
    where all are made up. `with_sample`: there is a sample to look at beside the readers' own data.
    """
    return html.Div(
        [
            dcc.Location(id=ids.ADDRESS, refresh=False),
            dcc.Store(id=ids.TITLE),
            dcc.Store(id=ids.DRAWN),
            dcc.Store(id=ids.VERSION),
            dcc.Interval(id=ids.REFRESH, interval=60_000),
            html.A("Skip to main content", href="#main", className="nhsuk-skip-link"),
            html.Header(_header(), className="rtt-header"),
            html.Section(_place(), className="rtt-place", **attributes(aria_label="Place")),
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
                        *([html.P(LICENCE)] if "published" in marks else []),
                        *([html.P(SAMPLE)] if "sample" in marks else []),
                        html.P([link("About these figures", "/about"), f" | {PRODUCT}"]),
                        *([html.P(["Data shown: ", OWN_DATA, " | ", SAMPLE_DATA])] if with_sample else []),
                    ],
                    className="rtt-width",
                ),
                className="rtt-footer",
            ),
        ]
    )


def _header() -> Component:
    """One line. On a narrow screen the navigation folds behind its button (assets/popups.js)."""
    return html.Div(
        [
            link("RTT dashboard", "/", className="rtt-header__name"),
            html.Span(id=ids.PLACE, className="rtt-header__place"),
            _fold("Menu", ids.NAVIGATION),
            html.Nav(id=ids.NAVIGATION, className="rtt-nav", **attributes(aria_label="Pages")),
            html.Div(id=ids.STATUS, className="rtt-header__data"),
        ],
        className="rtt-width",
    )


def _place() -> Component:
    """The way to another place, and the way that led here."""
    return html.Div(
        [
            html.Div(id=ids.BREADCRUMB, className="rtt-place__here"),
            # The field is made by assets/find.js: the component library has no combobox that passes axe.
            html.Div(**attributes(data_places="yes"), className="rtt-find"),
            _fold("Filters", ids.FILTERS),
        ],
        className="rtt-width",
    )


def _fold(name: str, folds: str) -> Component:
    return html.Button(
        name,
        type="button",
        className="rtt-fold",
        **attributes(aria_expanded="false", aria_controls=folds, data_fold=folds),
    )


def place_words(scope: Scope) -> str:
    """Where we are, in the header: "Dorset County Hospital NHS FT, Urology"."""
    if scope.census is None:
        return ""
    place, chosen = short_name(scope.organisation.name), scope.functions
    if not chosen:
        return place
    return f"{place}, {short_name_of(chosen[0]) if len(chosen) == 1 else f'{len(chosen)} specialties'}"


def notices(sentences: Sequence[str]) -> Component:
    """What had to be changed in the address, said once above the page."""
    return notice(*(html.P(sentence) for sentence in sentences)) if sentences else None
