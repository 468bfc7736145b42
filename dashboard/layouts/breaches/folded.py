"""A card behind a heading to open: what few read is opened first, and files can be taken from it."""

from dataclasses import replace

from dash import html

from dashboard.layouts.frame import components as show


def folded(heading: str, card: show.Card) -> show.Card:
    """The same card, drawn under a heading that opens it."""
    drawn = html.Details(
        [
            html.Summary(
                html.Span(heading, className="nhsuk-details__summary-text"),
                className="nhsuk-details__summary",
            ),
            card.drawn,
        ],
        className="nhsuk-details",
    )
    return replace(card, drawn=drawn)
