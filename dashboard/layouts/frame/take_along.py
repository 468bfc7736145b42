"""What can be taken from a card: its files (assets/downloads.js), and the address of what is shown."""

from collections.abc import Sequence

from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import Component
from dashboard.packs.formats.all import FORMATS

CHART_FILES = ("csv", "png", "svg", *(each.name for each in FORMATS.values() if each.of_cards))
_USES = {
    "csv": "The figures, for any program",
    "png": "A picture for slides and documents, with its title and source",
    "svg": "A picture that stays sharp at any size",
    **{each.name: f"For {each.title}: the chart and its figures, to edit" for each in FORMATS.values()},
}


def take_along(title: str, formats: Sequence[str]) -> Component:
    """A button for each file, with what it is good for, and one for the link."""
    copy = html.Button(
        "Copy link",
        type="button",
        className="rtt-link-button",
        **attributes(data_copy="address", aria_label=f"Copy link to {title}"),
    )
    told = [*((_file(name, title), _USES[name]) for name in formats), (copy, "The address of what is shown")]
    items = [html.Li([button, html.Span(use)]) for button, use in told]
    return html.Ul(items, className="rtt-card__links")


def _file(name: str, title: str) -> Component:
    return html.Button(
        name.upper(),
        type="button",
        className="rtt-link-button",
        **attributes(data_export=name, aria_label=f"{name.upper()} of {title}"),
    )
