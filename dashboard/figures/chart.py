"""What every chart function returns: plot, title, sentence, alternative text and table, made together."""

from dataclasses import dataclass
from typing import Any

from dashboard.figures.plot import Plot
from dashboard.figures.plotly import figure_of

# The bar of buttons adds eleven tab stops, and one of them would send the data to a vendor.
CONFIG: Any = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "locale": "en-GB",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and everything said about it. `rows` hold just what is drawn, figures as `Printed`.

    `hrefs` are the addresses that rows lead to, for the keyboard as a point's customdata is for the mouse:
    one for each row ('' leads nowhere), or none at all.
    """

    plot: Plot
    title: str
    caption: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    hrefs: tuple[str, ...] = ()

    @property
    def figure(self) -> dict[str, Any]:
        """The plot as browsers draw it."""
        return figure_of(self.plot)
