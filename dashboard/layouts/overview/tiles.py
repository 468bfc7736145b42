"""The six tiles of Overview: figure, a small history with the standard, change in words, signal.

What they leave out of the set stands in the table of other figures; how far the standard is, and how often it
was met, under the chart of the first tile.
"""

from collections.abc import Callable
from typing import Any

from dashboard.analysis.control_charts import Charted, findings_beside, first_of
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.history import history
from dashboard.layouts.frame.signals import signal_line
from dashboard.layouts.overview.load import Overview
from dashboard.scope.scope import Scope
from rtt.findings import sentences
from rtt.findings.findings import Finding, display, remarks_of
from rtt.spc.reading import limits_note

Component = Any
OF_TILES = (
    "share_within_18",
    "total",
    "over_52",
    "passing_18_in_4_weeks",
    "starts",
    "stops",
    "median_weeks",
    "high_percentile_weeks",
    "share_over_52",
)
"""Every figure that a tile tells."""

Get = Callable[[str], Finding]


def tiles(scope: Scope, found: Overview, get: Get) -> Component:
    """The row of tiles; `get` finds the figure of an indicator."""
    return show.tiles(
        [
            _tile(scope, found, get("share_within_18"), []),
            _tile(scope, found, get("total"), []),
            _tile(scope, found, get("over_52"), [_with(get("share_over_52"), "of the list")]),
            _tile(
                scope,
                found,
                get("passing_18_in_4_weeks"),
                [],
                href=f"/breaches{to_query(scope.filters)}",
            ),
            _flows(scope, found, get),
            _tile(
                scope,
                found,
                get("median_weeks"),
                [_percentiles(get("median_weeks"), get("high_percentile_weeks"))],
                name="Median wait and 92nd percentile",
            ),
        ]
    )


def limits_words(found: Overview) -> str:
    """The caveat about trial limits, once for all tiles; '' where every one of them is judged."""
    notes = [note for chart in found.charts.values() if (note := limits_note(chart.reading))]
    return notes[0] if notes else ""


def _tile(
    scope: Scope, found: Overview, finding: Finding, lines: list[str], *, href: str = "", name: str = ""
) -> Component:
    key = finding.indicator_key
    return show.tile(
        name or sentences.name(finding),
        display(finding),
        [
            *lines,
            _capital(sentences.change_words(finding)),
            _signal(found, found.charts[key]),
        ],
        href=href or _trends(scope, key),
        history=history(found.figures, found.charts[key]),
    )


def _flows(scope: Scope, found: Overview, get: Get) -> Component:
    week = "this week" if scope.source == "weekly" else "this month"
    return show.tile(
        f"Starts and stops {week}",
        _in_words(get("starts"), "{} in"),
        [
            _in_words(get("stops"), "{} clocks stopped", one="1 clock stopped"),
            _signal(found, found.charts["stops"], of="Stops: "),
        ],
        href=_trends(scope, "stops"),
        history=history(found.figures, found.charts["stops"]),
    )


def _trends(scope: Scope, key: str) -> str:
    return f"/trends{to_query(scope.filters, measure=key)}"


def _signal(found: Overview, chart: Charted, of: str = "") -> Component:
    """The signal of a tile's chart; where it cannot be judged yet, the change over all that is loaded."""
    caveats = remarks_of(chart.judged, "caveat")
    if any(each.word == "trial limits" for each in caveats):
        first = first_of(findings_beside(found.figures, chart))
        told = sentences.since_words(chart.last, first) if first else ""
        return f"{of}{told[0].lower()}{told[1:]}" if of and told else told
    signal = signal_line(chart.judged)
    return html.Span([of, signal]) if of and signal else signal


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _in_words(finding: Finding, words: str, *, one: str = "") -> str:
    """A figure within a few words; where it is not known its name and why."""
    if finding.value is None and not finding.withheld:
        return sentences.title(finding)
    return one if one and finding.value == 1 else words.format(display(finding))


def _with(finding: Finding, words: str) -> str:
    """The figure and what it counts; '' where there is none to put before the words."""
    return f"{display(finding)} {words}" if finding.value is not None or finding.withheld else ""


def _percentiles(half: Finding, most: Finding) -> str:
    said = ["Half have waited less"] if half.value is not None else []
    if most.withheld:
        said.append(f"92 in 100: {most.withheld}")
    elif most.value is not None:
        said.append(f"92 in 100 under {display(most)}")
    return "; ".join(said)
