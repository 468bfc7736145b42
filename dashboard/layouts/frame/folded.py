"""A card behind a heading to open: what few read is opened first; files can be taken from it all the same."""

from dataclasses import dataclass, fields
from typing import Any

from dashboard.filters import Filters
from dashboard.layouts.frame import html
from dashboard.layouts.frame.cards import Card
from dashboard.layouts.frame.phrases import Component


@dataclass(frozen=True, slots=True)
class Folded(Card):
    """A card whose `heading` opens it; it stands open where the address says something of it or its table."""

    heading: str = ""

    def drawn(self, filters: Filters) -> Component:
        """The card under its heading."""
        own = {self.name, self.table.name if self.table else ""} - {""}
        told = (*filters.sort, *filters.tab, filters.find)
        asked = any(each.partition(".")[0] in own for each in told)
        summary = html.Summary(
            html.Span(self.heading, className="nhsuk-details__summary-text"),
            className="nhsuk-details__summary",
        )
        return html.Details([summary, Card.drawn(self, filters)], className="nhsuk-details", open=asked)


def folded(heading: str, card: Card) -> Folded:
    """The same card under a heading."""
    own: dict[str, Any] = {each.name: getattr(card, each.name) for each in fields(card)}
    return Folded(**own, heading=heading)
