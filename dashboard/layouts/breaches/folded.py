"""A card behind a heading to open: what few read is opened first; files can be taken from it all the same."""

from dataclasses import dataclass

from dash import html

from dashboard.filters import Filters
from dashboard.layouts.frame.cards import Card
from dashboard.layouts.frame.phrases import Component


@dataclass(frozen=True, slots=True)
class Folded(Card):
    """A card whose `heading` opens it; it stands open where the address sorts or searches its table."""

    heading: str = ""

    def drawn(self, filters: Filters) -> Component:
        """The card under its heading."""
        name = self.table.name if self.table else ""
        asked = bool(name) and any(each.partition(".")[0] == name for each in (*filters.sort, filters.find))
        summary = html.Summary(
            html.Span(self.heading, className="nhsuk-details__summary-text"),
            className="nhsuk-details__summary",
        )
        return html.Details([summary, Card.drawn(self, filters)], className="nhsuk-details", open=asked)


def folded(heading: str, card: Card) -> Folded:
    """The same card under a heading."""
    own = (card.name, card.title, card.chart, card.height, card.children, card.as_csv)
    return Folded(*own, heading=heading)
